"""What events are sent in: a document to capture, or the answer to a query (EPCIS 2.0, section 10)."""

from __future__ import annotations

from typing import Any

from traceledger.interop.epcis.schema import values
from traceledger.interop.epcis.schema.kinds import KINDS, OWN
from traceledger.interop.epcis.schema.values import TEXT, TIME, URI, Schema, extensible, list_of

_ATTRIBUTE: Schema = {
    "type": "object",
    "properties": {"id": URI, "attribute": {"type": ["number", "string", "object"]}},
    "required": ["id"],
}
_ELEMENT: Schema = {
    "type": "object",
    "properties": {"id": URI, "attributes": list_of(_ATTRIBUTE), "children": list_of(URI)},
    "required": ["id"],
}
_VOCABULARY: Schema = {
    "type": "object",
    "properties": {"type": URI, "vocabularyElementList": list_of(_ELEMENT)},
    "required": ["type"],
}
_VOCABULARIES = list_of(_VOCABULARY)
_MASTER_DATA: Schema = {"type": "object", "properties": {"vocabularyList": _VOCABULARIES}}
_SAID_OF_BOTH = {
    "@context": values.CONTEXT,
    "id": URI,
    "schemaVersion": values.VERSION,
    "creationDate": TIME,
}


def document(event: Schema) -> Schema:
    """A document to capture, whose events look like this."""
    body: Schema = {
        "type": "object",
        "properties": {"eventList": list_of(event)},
        "required": ["eventList"],
    }
    return extensible(
        {
            **_SAID_OF_BOTH,
            "type": {"const": "EPCISDocument"},
            **dict.fromkeys(("instanceIdentifier", "sender", "receiver"), TEXT),
            "epcisHeader": extensible({"epcisMasterData": _MASTER_DATA}),
            "epcisBody": body,
        },
        "@context",
        "type",
        "schemaVersion",
        "creationDate",
        "epcisBody",
    )


def query_document(event: Schema) -> Schema:
    """The answer to a query, whose events look like this."""
    body = extensible({"eventList": list_of(event), "vocabularyList": _VOCABULARIES}, "eventList")
    results = extensible(
        {"queryName": TEXT, "subscriptionID": TEXT, "resultsBody": body},
        "queryName",
        "resultsBody",
    )
    return extensible(
        {
            **_SAID_OF_BOTH,
            "type": {"const": "EPCISQueryDocument"},
            "epcisBody": extensible({"queryResults": results}, "queryResults"),
        },
        "@context",
        "type",
        "epcisBody",
    )


ANY_EVENT: Schema = {
    "type": "object",
    "properties": {"type": TEXT},
    "required": ["type"],
}
"""An event as an envelope sees it: its type says by which schema it is judged."""


def _by_type(choices: dict[str, Schema], otherwise: Schema) -> list[Any]:
    known = {"properties": {"type": {"enum": sorted(choices)}}}
    chosen = [
        {"if": {"properties": {"type": {"const": name}}}, "then": schema} for name, schema in choices.items()
    ]
    return [*chosen, {"if": {"not": known}, "then": otherwise}]


def whole() -> dict[str, Any]:
    """The whole schema: of documents, answers, and single events, which bring a context of their own."""
    event: Schema = {**ANY_EVENT, "allOf": _by_type(dict(KINDS), OWN)}
    context: Schema = {"required": ["@context"]}
    choices: dict[str, Schema] = {name: {"allOf": [kind, context]} for name, kind in KINDS.items()}
    choices["EPCISDocument"] = document(event)
    choices["EPCISQueryDocument"] = query_document(event)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "EPCIS 2.0 in JSON, in TraceLedger's own words",
        **ANY_EVENT,
        "allOf": _by_type(choices, {"allOf": [OWN, context]}),
    }
