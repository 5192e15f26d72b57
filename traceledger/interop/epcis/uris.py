"""URIs of things of the ledger in documents of EPCIS: a GS1 key where the name is one, else one of ours.

docs/epcis.md, *URIs of things of the ledger*, has the table.

Example:
    >>> lot("katanga/KOL 1/a")
    'urn:traceledger:batch:katanga:KOL%201%2Fa'
    >>> lot("katanga/urn:epc:class:lgtin:4012345.012345.L1")
    'https://id.gs1.org/01/04012345123456/10/L1'
    >>> lot("oem/https://id.gs1.org/01/04012345123456/10/L1/21/7")
    'https://id.gs1.org/01/04012345123456/21/7'
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from traceledger.errors import InputError
from traceledger.interop.uris import Thing, uri
from traceledger.model import gs1
from traceledger.model.identifiers import Identifier

_EVENT = re.compile(r"urn:traceledger:event:([0-9a-f]{64}):([0-9]{1,8})")
_SERIAL_KEYS = frozenset({"00", "253", "8003", "8004", "8017", "8018"})
_SERIALS = frozenset({"21", "8011"})
_PARTY, _SITE = "417", "414"
_REMEMBERED = 20_000  # of a lot it is asked several times for each event that names it


def lot(name: str) -> str:
    """The URI of a lot by its full name: the GS1 key that its identifier is, else ours."""
    return _owned(Thing.BATCH, name)


@lru_cache(_REMEMBERED)
def key_of(name: str) -> gs1.Key | None:
    """The GS1 key that the identifier of a full name is; ``None``: it is none, or a wrong one."""
    try:
        return gs1.read(name.partition("/")[2])
    except InputError:
        return None


def is_instance(name: str) -> bool:
    """Whether a lot by its full name is one thing with a number of its own, not a quantity of a class."""
    key = key_of(name)
    if key is None:
        return False
    return key.primary[0] in _SERIAL_KEYS or any(code in _SERIALS for code, _ in key.qualifiers)


def shipment(name: str) -> str:
    """The URI of a shipment by its full name: the GS1 key that its identifier is, else ours."""
    return _owned(Thing.SHIPMENT, name)


def company(slug: str, identifiers: Iterable[Identifier]) -> str:
    """The URI of a company: its global location number as a party, where the ledger knows one, else ours."""
    return _located(_PARTY, identifiers) or uri(Thing.PARTICIPANT, slug)


def site(name: str, identifiers: Iterable[Identifier]) -> str:
    """The URI of a site: the GS1 key that its own name is, or the ledger knows, else ours."""
    key = key_of(name)
    return key.identity.link if key else _located(_SITE, identifiers) or uri(Thing.FACILITY, name)


def event(block_hash: bytes, log: int) -> str:
    """The ``eventID`` of what a log recorded.

    Example:
        >>> event(bytes(32), 3)[-5:], place(event(bytes(32), 3)) == (bytes(32), 3)
        ('000:3', True)
    """
    return f"urn:traceledger:event:{block_hash.hex()}:{log}"


def place(event_id: str) -> tuple[bytes, int] | None:
    """The block's hash and the log of an ``eventID`` of ours; ``None``: it is none."""
    found = _EVENT.fullmatch(event_id)
    return None if found is None else (bytes.fromhex(found[1]), int(found[2]))


def _owned(thing: Thing, name: str) -> str:
    key = key_of(name)
    return uri(thing, name) if key is None else key.identity.link


def _located(code: str, identifiers: Iterable[Identifier]) -> str | None:
    number = next((each.value for each in identifiers if each.scheme == "gln"), None)
    return None if number is None else gs1.Key((code, number)).link
