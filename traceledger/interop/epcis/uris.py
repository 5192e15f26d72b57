"""URIs of things of the ledger in documents of EPCIS: a GS1 key where the name is one, else one of ours.

docs/epcis.md, *URIs of things of the ledger*, has the table.

Example:
    >>> lot("katanga/KOL 1/a"), named("urn:traceledger:batch:katanga:KOL%201%2Fa")
    ('urn:traceledger:batch:katanga:KOL%201%2Fa', ('batch', 'katanga/KOL 1/a'))
    >>> lot("katanga/urn:epc:class:lgtin:4012345.012345.L1")
    'https://id.gs1.org/01/04012345123456/10/L1'
    >>> named("urn:epc:id:sgtin:4012345.012345.7") is None
    True
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from traceledger.errors import InputError
from traceledger.model import gs1
from traceledger.model.identifiers import Identifier

BASE = "urn:traceledger:"
_OWNED = ("batch", "shipment", "transformation", "facility")
_ALONE = ("participant", "material")
_OURS = re.compile(rf"{BASE}(?:({'|'.join(_OWNED)}):([^:]+):([^:]+)|({'|'.join(_ALONE)}):([^:]+))")
_EVENT = re.compile(rf"{BASE}event:([0-9a-f]{{64}}):([0-9]{{1,8}})")
_SERIAL_KEYS = frozenset({"00", "253", "8003", "8004", "8017", "8018"})
_SERIALS = frozenset({"21", "8011"})
_PARTY, _SITE = "417", "414"


def of(kind: str, name: str) -> str:
    """Our own URI of a thing.

    Args:
        kind: ``batch``, ``shipment``, ``transformation``, ``facility``; ``participant``, ``material``.
        name: its full name; of a company or material the short one.
    """
    parts = name.split("/", 1) if kind in _OWNED else [name]
    return ":".join([BASE + kind, *(quote(part, safe="") for part in parts)])


def named(uri: str) -> tuple[str, str] | None:
    """The kind and name of the thing that a URI of ours means; ``None``: it is none of ours."""
    found = _OURS.fullmatch(uri)
    if found is None:
        return None
    kind, owner, identifier, alone, name = found.groups()
    if kind is None:
        return alone, unquote(name)
    return kind, f"{unquote(owner)}/{unquote(identifier)}"


def lot(name: str) -> str:
    """The URI of a lot by its full name: the GS1 key that its identifier is, else ours."""
    key = key_of(name)
    return of("batch", name) if key is None else key.link


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
    key = key_of(name)
    return of("shipment", name) if key is None else key.link


def company(slug: str, identifiers: Iterable[Identifier]) -> str:
    """The URI of a company: its global location number as a party, where the ledger knows one, else ours."""
    return _located(_PARTY, identifiers) or of("participant", slug)


def site(name: str, identifiers: Iterable[Identifier]) -> str:
    """The URI of a site: the GS1 key that its own name is, or the ledger knows, else ours."""
    key = key_of(name)
    return key.link if key else _located(_SITE, identifiers) or of("facility", name)


def event(block_hash: bytes, log: int) -> str:
    """The ``eventID`` of what a log recorded.

    Example:
        >>> event(bytes(32), 3)[-5:], place(event(bytes(32), 3)) == (bytes(32), 3)
        ('000:3', True)
    """
    return f"{BASE}event:{block_hash.hex()}:{log}"


def place(event_id: str) -> tuple[bytes, int] | None:
    """The block's hash and the log of an ``eventID`` of ours; ``None``: it is none."""
    found = _EVENT.fullmatch(event_id)
    return None if found is None else (bytes.fromhex(found[1]), int(found[2]))


def _located(code: str, identifiers: Iterable[Identifier]) -> str | None:
    number = next((each.value for each in identifiers if each.scheme == "gln"), None)
    return None if number is None else gs1.Key((code, number)).link
