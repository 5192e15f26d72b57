"""Ids of footprints: UUIDs that have the form of version 4, and are the same for the same state.

The standard wants a version 4, whose bits would be random. Ours are the first 128 bits of a SHA-256 over what
the footprint is of, the block that brought its state, and its content; the six bits that say version and
variant are set as RFC 9562, 5.4 has them. So whoever reads the same ledger with the same master data gives
the same footprint the same id, and another content has another id.

Example:
    >>> footprint_id({"of": "kokkola/COS-88"}) == footprint_id({"of": "kokkola/COS-88"})
    True
    >>> import uuid
    >>> uuid.UUID(footprint_id({})).version
    4
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

_DOMAIN = b"traceledger pact footprint 1\n"


def footprint_id(content: Mapping[str, Any]) -> str:
    """The id of a footprint by all that makes it what it is, as JSON has it."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    digest = hashlib.sha256(_DOMAIN + text.encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))
