"""The JSON-LD contexts of documents that are written: GS1's by its address, and that of our own terms.

Our own text; docs/epcis.md shows it, ``traceledger serve`` answers it at :data:`PATH`.
"""

from __future__ import annotations

from typing import Any

STANDARD = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
"""GS1's context of EPCIS 2.0, which readers know by its address."""
NAMESPACE = "urn:traceledger:epcis:1:"
PATH = "/epcis/context.jsonld"
_LISTS = ("lots", "substances", "losses", "evidence", "corrective")
OWN: dict[str, Any] = {"tl": NAMESPACE, **{f"tl:{name}": {"@container": "@list"} for name in _LISTS}}
"""Our terms: a prefix, and which of them are lists whose order matters."""
CONTEXT: list[Any] = [STANDARD, OWN]
"""What stands as ``@context`` in documents that are written."""
