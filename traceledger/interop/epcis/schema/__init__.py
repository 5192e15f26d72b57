"""EPCIS 2.0 in JSON as a JSON Schema of our own (draft 7), which decides as GS1's does.

``values`` has single values and small objects, ``sensors`` what sensors report, ``kinds`` the kinds of
event, and ``envelopes`` the documents that they are sent in; ``faults`` tells in sentences what is wrong.
Tests hold it against GS1's own schema, which may not be shipped, on every document at hand and on thousands
of damaged ones.

Example:
    >>> from traceledger.interop.epcis.schema import whole
    >>> from jsonschema_rs import Draft7Validator
    >>> Draft7Validator(whole(), validate_formats=True).is_valid({"type": "EPCISDocument"})
    False
"""

from __future__ import annotations

from traceledger.interop.epcis.schema.envelopes import ANY_EVENT, document, query_document, whole
from traceledger.interop.epcis.schema.faults import Shape
from traceledger.interop.epcis.schema.kinds import KINDS, OWN
from traceledger.interop.epcis.schema.values import PERSISTENT, Schema

__all__ = [
    "ANY_EVENT",
    "KINDS",
    "OWN",
    "PERSISTENT",
    "Schema",
    "Shape",
    "document",
    "query_document",
    "whole",
]
