"""What a battery, its passport, its maker and its plant are called.

A battery's identifier is a GS1 Digital Link in canonical form wherever its lot identifier is a GS1 key, or
master data gives its material a GTIN: then the lot identifier is its serial number. A passport's identifier
is a UUID in the form of version 4, of which all bits come from a hash of chain, ledger and batch: the same
battery has the same one whoever asks, and no other battery has it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from traceledger.errors import InputError
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.told import Lacking, Node, Told, from_ledger
from traceledger.model import gs1
from traceledger.model.commitments import is_commitment
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.registry import Facility, Participant

_ANY_SCHEME = ("lei", "gln", "duns", "vat", "bpnl", "bpn", "eori")
NOBODY = UUID(int=0)
"""Where a format wants the passport before, and there is none."""


def passport_id(ledger: IndexReader, batch: int) -> UUID:
    """The identifier of a battery's passport."""
    return _uuid(ledger, batch, b"traceledger battery passport 1\0")


def asset_uuid(ledger: IndexReader, batch: int) -> UUID:
    """The identifier of a batch itself in a data space."""
    return _uuid(ledger, batch, b"traceledger asset 1\0")


def _uuid(ledger: IndexReader, batch: int, purpose: bytes) -> UUID:
    follows = ledger.status().follows
    where = follows.chain_id.to_bytes(32, "big") + follows.genesis_hash + follows.ledger
    return UUID(bytes=sha256(purpose + where + batch.to_bytes(32, "big")).digest()[:16], version=4)


def asset_id(battery: Battery) -> Node:
    """The battery's own identifier in a data space, as ``urn:uuid:``."""
    found = asset_uuid(battery.ledger, battery.one.batch.id)
    return from_ledger(found.urn, "UUID of a hash of chain, ledger and batch", battery.one.making)


def own_passport_id(battery: Battery) -> Told:
    """The identifier of this battery's passport, as ``urn:uuid:``."""
    found = passport_id(battery.ledger, battery.one.batch.id)
    return from_ledger(found.urn, "UUID of a hash of chain, ledger and batch", battery.one.making)


def digital_link(identifier: str, gtin: str | None) -> str | None:
    """The canonical Digital Link of a battery; ``None`` where it has no GS1 key.

    Args:
        identifier: its lot identifier.
        gtin: of its material, if it has one.

    Raises:
        InputError: a check digit is wrong.
    """
    if is_commitment(identifier):
        return None
    key = gs1.read(identifier)
    if key is not None:
        return key.link
    if gtin is None:
        return None
    try:
        key = gs1.read(f"{gs1.RESOLVER}/01/{gs1.gtin(gtin)}/21/{quote(identifier, safe='')}")
    except InputError:
        return None  # A lot identifier that no serial number can be.
    return None if key is None else key.link


def product_uri(battery: Battery) -> Node:
    """The battery's identifier as a URI: its Digital Link."""
    identifier = battery.one.batch.identifier
    gtin = battery.said.text("gtin")
    link = digital_link(identifier, None if isinstance(gtin, Lacking) else str(gtin.value))
    if link is None:
        return Lacking("its lot identifier is no GS1 key, and master data gives its material no gtin for one")
    what = "Digital Link of its lot identifier"
    if isinstance(gtin, Told) and gs1.read(identifier) is None:
        what = f"{what}; {gtin.what} says the GTIN"
    return from_ledger(link, what, battery.one.making)


def product_id(battery: Battery) -> Node:
    """The battery's identifier: its Digital Link, or else its full name on the ledger."""
    found = product_uri(battery)
    return serial(battery) if isinstance(found, Lacking) else found


def serial(battery: Battery) -> Node:
    """The serial number: of a GS1 key that part, else the lot identifier itself."""
    identifier = battery.one.batch.identifier
    if is_commitment(identifier):
        return Lacking("its lot identifier is private on the ledger")
    key = gs1.read(identifier)
    found = None if key is None else key.get("21") or key.get("10")
    return from_ledger(found or identifier, "its lot identifier", battery.one.making)


def maker(battery: Battery) -> Participant | None:
    """The company that made it."""
    return battery.ledger.participant_at(battery.one.batch.creator)


def plant(battery: Battery) -> Facility | None:
    """The site where it was made."""
    return battery.ledger.facility_by_id(battery.one.batch.facility)


def maker_name(battery: Battery) -> Node:
    """The maker's name: by master data, else by the ledger."""
    if battery.said.has("company.name"):
        return battery.said.text("company.name")
    found = maker(battery)
    return _open(found.name if found else "", "the maker's name", battery)


def maker_country(battery: Battery) -> Node:
    """The maker's country, ISO 3166-1 alpha-2."""
    if battery.said.has("company.country"):
        return battery.said.text("company.country")
    found = maker(battery)
    return _open(found.country if found else "", "the maker's country", battery)


def plant_country(battery: Battery) -> Node:
    """The country of the plant, ISO 3166-1 alpha-2."""
    if battery.said.has("site.country"):
        return battery.said.text("site.country")
    found = plant(battery)
    return _open(found.country if found else "", "the country of the plant", battery)


def company_id(battery: Battery, *schemes: str) -> Node:
    """The maker's identifier of the first of these schemes that master data or the ledger has."""
    return _identifier(battery, "company", maker(battery), schemes)


def maker_id(battery: Battery) -> Node:
    """The maker's identifier, for formats that take one of any scheme."""
    return company_id(battery, *_ANY_SCHEME)


def site_id(battery: Battery, *schemes: str) -> Node:
    """The same of the plant."""
    return _identifier(battery, "site", plant(battery), schemes)


def _identifier(
    battery: Battery, whose: str, found: Participant | Facility | None, schemes: tuple[str, ...]
) -> Node:
    on_ledger = {} if found is None else {each.scheme: each.value for each in found.identifiers}
    for scheme in schemes:
        name = f"{whose}.{scheme}"
        if battery.said.has(name):
            return battery.said.text(name)
        if scheme in on_ledger:
            return _open(on_ledger[scheme], f"{scheme} of the {whose} on the ledger", battery)
    return Lacking(f"neither master data nor the ledger gives the {whose} a {' or '.join(schemes)}")


def _open(value: str, what: str, battery: Battery) -> Node:
    if not value or is_commitment(value):
        return Lacking(f"{what} is {'private' if value else 'not'} on the ledger, and not in master data")
    return from_ledger(value, what, battery.one.making)


def made_on(battery: Battery, *, to_the_second: bool = False) -> Node:
    """When it was made, as claimed on the ledger (UTC): the day, or the time."""
    if battery.said.has("made_on"):
        return battery.said.text("made_on")
    at = format_time(battery.one.made_at)
    return from_ledger(
        at if to_the_second else at[:10], "when it was made, as claimed, UTC", battery.one.making
    )
