"""URIs of things of the ledger that have no key of anybody else's: ``urn:traceledger:batch:katanga:KOL-1``.

Documents of the industry name everything by URIs. A lot or company whose own name is a GS1 key is written as
that key; for all else docs/epcis.md, *URIs of things of the ledger*, defines these.

Example:
    >>> uri(Thing.BATCH, "katanga/KOL 1")
    'urn:traceledger:batch:katanga:KOL%201'
    >>> read("urn:traceledger:batch:katanga:KOL%201")
    (<Thing.BATCH: 'batch'>, 'katanga/KOL 1')
    >>> read("urn:traceledger:participant:katanga")
    (<Thing.PARTICIPANT: 'participant'>, 'katanga')
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import quote, unquote

from traceledger.errors import InputError


class Thing(StrEnum):
    """What can be named so."""

    BATCH = "batch"
    SHIPMENT = "shipment"
    TRANSFORMATION = "transformation"
    FACILITY = "facility"
    PARTICIPANT = "participant"
    MATERIAL = "material"

    @property
    def owned(self) -> bool:
        """Whether its name begins with whose it is."""
        return self not in (Thing.PARTICIPANT, Thing.MATERIAL)


_URI = re.compile(r"urn:traceledger:([a-z]+):([^:]+)(?::([^:]+))?", re.IGNORECASE)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def uri(thing: Thing, name: str) -> str:
    """The URI of something by its full name: ``slug/identifier``, of companies and materials the slug."""
    slug, _, identifier = name.partition("/")
    parts = [slug, quote(identifier, safe="")] if thing.owned else [name]
    return ":".join(("urn:traceledger", thing.value, *parts))


def read(text: str) -> tuple[Thing, str] | None:
    """What a URI names, and the full name; ``None`` where it is none of these.

    Raises:
        InputError: it is written as one and can be none.
    """
    found = _URI.fullmatch(text)
    if found is None or found[1].lower() not in Thing.__members__.values():
        return None
    thing = Thing(found[1].lower())
    if thing.owned is (found[3] is None) or (found[3] and _PERCENT.search(found[3])):
        raise InputError(
            f"{text[:80]!r} names no {thing.value}", hint="docs/epcis.md says how such URIs are made"
        )
    try:
        identifier = unquote(found[3] or "", errors="strict")
    except UnicodeDecodeError:
        raise InputError(f"{text[:80]!r} is not UTF-8", hint="percent-encode UTF-8") from None
    return thing, f"{found[2]}/{identifier}" if thing.owned else found[2]
