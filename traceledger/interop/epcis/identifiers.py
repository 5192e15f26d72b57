"""Identifiers of events in the one form in which they are compared: GS1 keys as canonical Digital Links.

Of a key no more is kept than tells the thing from others: an item by its serial number, a lot by its lot
number (CBV 2.0, section 8.3), so that one lot in two notations is one lot.

Example:
    >>> canonical("urn:epc:class:lgtin:4012345.012345.LOT1")
    'https://id.gs1.org/01/04012345123456/10/LOT1'
    >>> canonical("https://shop.example/01/04012345123456/10/LOT1?17=271231")
    'https://id.gs1.org/01/04012345123456/10/LOT1'
    >>> canonical("urn:traceledger:batch:katanga:KOL-1")
    'urn:traceledger:batch:katanga:KOL-1'
"""

from __future__ import annotations

from functools import lru_cache

from traceledger.model import gs1

_REMEMBERED = 20_000  # an event's identifiers are asked for again when it is hashed


@lru_cache(_REMEMBERED)
def canonical(text: str) -> str:
    """The canonical form of an identifier; one that is no GS1 key stays as it is.

    Raises:
        InputError: it is written as a GS1 key and can be none, such as by a wrong check digit.
    """
    key = gs1.read(text)
    return text if key is None else key.identity.link
