"""Which thing of the ledger an identifier of others means, and what others call a thing of the ledger.

URIs of this program's own (``uris.py``) say it themselves; else master data are asked, then the identifiers
that are registered on the ledger and, of batches, their own names. Names are as everywhere: the slug of a
company or material, ``slug/identifier`` of a batch or site. ``None``: nobody knows.

Example:
    >>> from traceledger.interop.masterdata import MasterData
    >>> from traceledger.interop.directory import Directory, Ledger
    >>> def cpc_of(ledger: Ledger, known: MasterData, lot: str) -> str:
    ...     material = Directory(ledger, known).material(lot)
    ...     said = known.materials.of(material) if material else None
    ...     return said.cpc if said else "nobody knows"
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Protocol
from urllib.parse import quote

from traceledger.errors import InputError
from traceledger.interop.masterdata import Company, MasterData, Site
from traceledger.interop.masterdata.lookups import meaning
from traceledger.interop.uris import Thing, read, uri
from traceledger.model import gs1
from traceledger.model.batches import Batch
from traceledger.model.identifiers import Identifier
from traceledger.model.ids import batch_id
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import full_name

_RUN = re.compile(r"[A-Za-z0-9]+")


class Ledger(Protocol):
    """What is asked of the ledger: an index reader, of disclosed texts or not."""

    def participant(self, slug: str) -> Participant | None:
        """The participant of that slug."""

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address."""

    def participants(self) -> list[Participant]:
        """All participants."""

    def facilities(self, participant: bytes | None = None) -> list[Facility]:
        """All facilities, or those that a participant holds."""

    def material(self, slug: str) -> Material | None:
        """The material of that slug."""

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id."""

    def batches_called(self, part: str) -> list[Batch]:
        """Batches whose identifiers may hold a text."""


class Directory:
    """Names of things in both directions, by master data and ledger together.

    It keeps what it read of companies and sites, so that it is made anew for another state of the ledger.

    Args:
        ledger: where names and identifiers stand.
        known: a company's master data; none by default.
    """

    def __init__(self, ledger: Ledger, known: MasterData | None = None) -> None:
        self.ledger = ledger
        self.known = MasterData.empty() if known is None else known

    def participant(self, identifier: str) -> str | None:
        """Slug of the company that an identifier means.

        Raises:
            InputError: it means several, which are named, or is written as a key and can be none.
        """
        own = _own(identifier, Thing.PARTICIPANT)
        if own or (said := self.known.participant_by(identifier)):
            return own or said
        return _one(identifier, self._companies.get(meaning(identifier), ()))

    def facility(self, identifier: str) -> str | None:
        """Full name of the site that an identifier means; a place within a site means the site.

        Raises:
            InputError: as :meth:`participant`.
        """
        own = _own(identifier, Thing.FACILITY)
        if own or (said := self.known.facility_by(identifier)):
            return own or said
        meant = meaning(identifier)
        found = self._sites.get(meant) or self._sites.get(meant.partition("/")[0], ())
        return _one(identifier, found)

    def material(self, identifier: str) -> str | None:
        """Slug of the material that an identifier means; of a lot or item, what it is one of.

        Raises:
            InputError: as :meth:`participant`.
        """
        own = _own(identifier, Thing.MATERIAL)
        if own or (said := self.known.material_by(identifier)):
            return own or said
        batch = self.recorded_batch(identifier)
        found = self.ledger.material_by_id(batch.material) if batch else None
        return found.slug if found else None

    def batch(self, identifier: str) -> str | None:
        """Full name of the batch that an identifier means, whether or not it is on the ledger yet.

        Raises:
            InputError: as :meth:`participant`.
        """
        own = _own(identifier, Thing.BATCH)
        if own or (said := self.known.batch_by(identifier)):
            return own or said
        return _one(identifier, [self._full(each) for each in self._called(identifier)])

    def recorded_batch(self, identifier: str) -> Batch | None:
        """The batch that an identifier means, if it is on the ledger.

        Raises:
            InputError: as :meth:`participant`.
        """
        found = self.batches(identifier)
        if len(found) > 1:
            _one(identifier, map(self._full, found))
        return found[0] if found else None

    def batch_named(self, name: str) -> Batch | None:
        """The batch of a full name, if it is on the ledger."""
        slug, _, identifier = name.partition("/")
        company = self.ledger.participant(slug)
        return None if company is None else self.ledger.batch(batch_id(company.address, identifier))

    def batches(self, identifier: str) -> list[Batch]:
        """All batches on the ledger that an identifier may mean; of several makers' own names several.

        Raises:
            InputError: it is written as a key and can be none.
        """
        if name := _own(identifier, Thing.BATCH) or self.known.batch_by(identifier):
            found = self.batch_named(name)
            return [] if found is None else [found]
        return self._called(identifier)

    def company_ids(self, slug: str) -> tuple[str, ...]:
        """URNs that name a company, the most used schemes first; the last is always this program's own."""
        said = self.known.companies.of(slug)
        found = _identifiers(said, self.ledger.participant(slug))
        urns = _urns_by_scheme(found, "417", said.gs1_prefix if said else "")
        return tuple(dict.fromkeys((*urns, *_urns(said.ids if said else ()), uri(Thing.PARTICIPANT, slug))))

    def site_ids(self, facility: str) -> tuple[str, ...]:
        """URNs that name a site by its full name; the last is always this program's own."""
        said, owner = self.known.sites.of(facility), self.known.companies.of(facility.partition("/")[0])
        found = _identifiers(said, self.site(facility))
        urns = _urns_by_scheme(found, "414", owner.gs1_prefix if owner else "")
        return tuple(dict.fromkeys((*urns, *_urns(said.ids if said else ()), uri(Thing.FACILITY, facility))))

    def site_id(self, facility: str, scheme: str) -> str | None:
        """Identifier of a site in a scheme: ``gln``, ``bpns``, ``bpna``, ``rmi``; ``None``: nobody knows."""
        return _of_scheme(_identifiers(self.known.sites.of(facility), self.site(facility)), scheme)

    def company_id(self, slug: str, scheme: str) -> str | None:
        """Identifier of a company in a scheme: ``gln``, ``lei``, ``bpnl``, …; ``None``: nobody knows."""
        found = _identifiers(self.known.companies.of(slug), self.ledger.participant(slug))
        return _of_scheme(found, scheme)

    def product_ids(self, material: str) -> tuple[str, ...]:
        """URNs that name a material; the last is always this program's own."""
        said = self.known.materials.of(material)
        found: list[str] = []
        if said:
            found += [f"urn:gtin:{each}" for each in said.gtins]
            found += _urns(said.ids)
            custom = "urn:pact:product:customcode"
            found += [
                f"{custom}:vendor-assigned:{quote(each, safe='')}" for each in (said.part_number,) if each
            ]
            numbers = dict.fromkeys(said.customer_part_numbers.values())
            found += [f"{custom}:buyer-assigned:{quote(each, safe='')}" for each in numbers]
        return tuple(dict.fromkeys((*found, uri(Thing.MATERIAL, material))))

    def unit_mass_mg(self, material: str) -> int | None:
        """Mg of one piece of a material; ``None``: nobody knows."""
        said = self.known.materials.of(material)
        return said.unit_mass if said else None

    def site(self, facility: str) -> Facility | None:
        """The site of a full name, if it is on the ledger."""
        return self._by_name.get(facility)

    @cached_property
    def _participants(self) -> list[Participant]:
        return self.ledger.participants()

    @cached_property
    def _slugs(self) -> dict[bytes, str]:
        return {each.address: each.slug for each in self._participants}

    @cached_property
    def _by_name(self) -> dict[str, Facility]:
        found = self.ledger.facilities()
        return {full_name(self._slugs[each.participant], each.identifier): each for each in found}

    @cached_property
    def _companies(self) -> dict[str, tuple[str, ...]]:
        return _gathered((each.slug, each.identifiers) for each in self._participants)

    @cached_property
    def _sites(self) -> dict[str, tuple[str, ...]]:
        return _gathered((name, each.identifiers) for name, each in self._by_name.items())

    def _full(self, batch: Batch) -> str:
        return full_name(self._slugs[batch.creator], batch.identifier)

    def _called(self, identifier: str) -> list[Batch]:
        """Batches whose own identifiers mean the same."""
        key = gs1.read(identifier)
        if key is None:
            return [each for each in self.ledger.batches_called(identifier) if each.identifier == identifier]
        wanted = key.identity
        found = self.ledger.batches_called(_telling(wanted))
        return [each for each in found if _identity(each.identifier) == wanted]


def _identity(identifier: str) -> gs1.Key | None:
    try:
        key = gs1.read(identifier)
    except InputError:
        return None
    return None if key is None else key.identity


def _telling(key: gs1.Key) -> str:
    """A part of a key that stands in each notation of it as it is: a run of letters and digits."""
    code, value = key.primary
    if key.qualifiers:
        value = key.qualifiers[-1][1]
    elif code in ("253", "255", "8003"):
        value = value[len(key.kind.primary[1]) :] or value[12:-1]
    elif code == "8006":
        # All that a URN has in one piece is the company's prefix, and its length is not known.
        return ""
    else:
        # A URN parts these after the company's prefix, of 12 digits at most, and leaves out the check digit.
        value = value[13 : None if code in ("8004", "401", "8010", "8013") else -1]
    return max(_RUN.findall(value), key=len, default="")


def _own(identifier: str, thing: Thing) -> str | None:
    found = read(identifier)
    return found[1] if found and found[0] is thing else None


def _one(identifier: str, names: Iterable[str]) -> str | None:
    found = sorted(set(names))
    if len(found) > 1:
        raise InputError(
            f"{identifier[:80]!r} means {' and '.join(found)}", hint="say in master data which one is meant"
        )
    return found[0] if found else None


def _gathered(said: Iterable[tuple[str, tuple[Identifier, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, identifiers in said:
        for each in identifiers:
            value = each.value if each.scheme in ("sgln", "pgln", "gtin") else f"{each.scheme}:{each.value}"
            try:
                meant = meaning(value)
            except InputError:
                continue
            found[meant] = (*found.get(meant, ()), name)
    return found


def _identifiers(
    said: Company | Site | None, on_ledger: Participant | Facility | None
) -> tuple[Identifier, ...]:
    """What master data and the ledger call a company or a site; master data's first."""
    return (*(said.identifiers if said else ()), *(on_ledger.identifiers if on_ledger else ()))


def _urns(ids: Iterable[str]) -> list[str]:
    return [each for each in ids if each.lower().startswith("urn:")]


_FIRST = ("gln", "lei", "bpn", "duns", "vat", "eori", "rmi")


def _urns_by_scheme(found: Iterable[Identifier], code: str, prefix: str) -> list[str]:
    known = [(each.scheme, each.value) for each in found if each.scheme in _FIRST]
    ordered = sorted(dict.fromkeys(known), key=lambda each: _FIRST.index(each[0]))
    return [_urn(scheme, value, code, prefix) for scheme, value in ordered]


def _of_scheme(found: Iterable[Identifier], scheme: str) -> str | None:
    name, beginning = ("bpn", scheme.upper()) if scheme.startswith("bpn") else (scheme, "")
    fits = (each.value for each in found if each.scheme == name and each.value.startswith(beginning))
    return next(fits, None)


def _urn(scheme: str, value: str, code: str, prefix: str) -> str:
    if scheme == "bpn":
        return f"urn:bpn:id:{value}"
    if scheme != "gln":
        return f"urn:{scheme}:{value}"
    length = len(prefix) if prefix and value.startswith(prefix) else gs1.company_prefix_length(value)
    return gs1.urn(gs1.Key((code, value)), length) if length else f"urn:gln:{value}"
