"""The event hash of CBV 2.0, section 8.9: an identifier that follows from what an event says.

``order`` has the fields in canonical order, ``canonical`` writes values, ``prehash`` makes the text of both
that is hashed. Where the published rules and the published vectors differ, the vectors count: a hash is of
use if others compute the same.

Example:
    >>> from traceledger.interop.epcis.contexts import Context
    >>> event = {"type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-07-22T06:45:00+02:00",
    ...          "eventTimeZoneOffset": "+02:00", "epcList": ["urn:epc:id:sgtin:4012345.011111.9876"]}
    >>> print(prehash(event, Context()))
    eventType=ObjectEventeventTime=2026-07-22T04:45:00.000ZeventTimeZoneOffset=+02:00epcListepc=\
https://id.gs1.org/01/04012345111118/21/9876action=OBSERVE
    >>> hashed(event, Context())
    'ni:///sha-256;78a8da42c82152cc3728c4232ee1d43eaf9482db6a69ee4846742e4edbe37fcd?ver=CBV2.0'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from traceledger.interop.epcis.contexts import Context
from traceledger.interop.epcis.event_hash.prehash import prehash

VERSION = "CBV2.0"
"""By which the hash is computed; it stands in it."""
IGNORED_FIELDS = "https://repository-x.example.com/ignoreFields"
"""A field of a document that lists fields which take no part in its hashes, as the vectors have it."""


def hashed(event: Mapping[str, Any], context: Context, left_out: Iterable[str] = ()) -> str:
    """The hash of an event as a URI of RFC 6920, by SHA-256.

    Args:
        event: as a document has it, numbers exact, of a shape that the schema accepts.
        context: what names in it stand for; its own ``@context`` included.
        left_out: full names of fields of other namespaces that take no part.

    Raises:
        InputError: a field has a namespace that no context declares.
    """
    digest = sha256(prehash(event, context, left_out).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver={VERSION}"


__all__ = ["IGNORED_FIELDS", "VERSION", "hashed", "prehash"]
