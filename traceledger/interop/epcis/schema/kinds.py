"""The five kinds of event, and those of others: which fields each has, and which of them it needs.

EPCIS 2.0, sections 7.4.1 to 7.4.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traceledger.interop.epcis.schema import values
from traceledger.interop.epcis.schema.sensors import SENSOR_ELEMENT
from traceledger.interop.epcis.schema.values import URI, Schema, list_of, word_of
from traceledger.interop.epcis.vocabulary import Vocabulary

_EVERY: Mapping[str, Schema] = {
    "@context": values.CONTEXT,
    "eventTime": values.TIME,
    "recordTime": values.TIME,
    "eventTimeZoneOffset": values.OFFSET,
    "eventID": URI,
    "certificationInfo": values.CERTIFICATION,
    "errorDeclaration": values.ERROR,
}
_NEEDED = ("eventTime", "eventTimeZoneOffset")
_BUSINESS: Mapping[str, Schema] = {
    "bizStep": word_of(Vocabulary.BIZ_STEP),
    "disposition": word_of(Vocabulary.DISPOSITION),
    "readPoint": values.PLACE,
    "bizLocation": values.PLACE,
    "bizTransactionList": list_of(values.TRANSACTION),
    "sourceList": list_of(values.SOURCE),
    "destinationList": list_of(values.DESTINATION),
    "sensorElementList": list_of(SENSOR_ELEMENT),
}
_UNIQUE = list_of(URI, uniqueItems=True)
_URIS = list_of(URI)
_QUANTITIES = list_of(values.QUANTITY)
# The schema of these kinds lets it be anything, which is left to the rules beyond it.
_UNSAID: Schema = {}


def _kind(name: str, fields: Mapping[str, Schema], *needed: str, rules: list[Any]) -> Schema:
    of_kind = {"type": {"const": name}, **_EVERY, **_BUSINESS, **fields}
    return {**values.extensible(of_kind, "type", *_NEEDED, *needed), "allOf": rules}


def _any_of(why: str, *ways: Schema) -> Schema:
    return {"anyOf": list(ways), "$comment": why}


def _some(name: str) -> Schema:
    """That a list is there and has something in it."""
    return {"properties": {name: {"minItems": 1}}, "required": [name]}


_DELETED: Schema = {"properties": {"action": {"const": "DELETE"}}}
_CHILDREN = _any_of(
    "it needs childEPCs or a childQuantityList with something in it, unless its action is DELETE",
    _some("childEPCs"),
    _some("childQuantityList"),
    _DELETED,
)
_FAMILY: Mapping[str, Schema] = {
    "action": values.ACTION,
    "parentID": URI,
    "childEPCs": _URIS,
    "childQuantityList": _QUANTITIES,
    "persistentDisposition": _UNSAID,
}

OBJECT = _kind(
    "ObjectEvent",
    {
        "action": values.ACTION,
        "epcList": _UNIQUE,
        "quantityList": _QUANTITIES,
        "persistentDisposition": values.PERSISTENT,
        "ilmd": values.ILMD,
    },
    "action",
    rules=[
        _any_of(
            "it names no objects: it needs an epcList, a quantityList with something in it, or sensor data"
            " with a readPoint",
            {"required": ["epcList"]},
            _some("quantityList"),
            {**_some("sensorElementList"), "required": ["sensorElementList", "readPoint"]},
        ),
        _any_of(
            "it has ilmd, which only an event with the action ADD may have",
            {"not": {"required": ["ilmd"]}},
            {"properties": {"action": {"const": "ADD"}}},
        ),
    ],
)
AGGREGATION = _kind("AggregationEvent", _FAMILY, "action", rules=[_CHILDREN])
ASSOCIATION = _kind("AssociationEvent", _FAMILY, "action", "parentID", rules=[_CHILDREN])
TRANSACTION = _kind(
    "TransactionEvent",
    {
        "action": values.ACTION,
        "parentID": URI,
        "epcList": _URIS,
        "quantityList": _QUANTITIES,
        "bizTransactionList": list_of(values.TRANSACTION, minItems=1),
        "persistentDisposition": _UNSAID,
    },
    "action",
    "bizTransactionList",
    rules=[
        _any_of(
            "it names no objects: it needs an epcList or a quantityList, unless its action is DELETE",
            {"required": ["epcList"]},
            _some("quantityList"),
            _DELETED,
        )
    ],
)
_INPUTS = [_some("inputEPCList"), _some("inputQuantityList")]
_OUTPUTS = [_some("outputEPCList"), _some("outputQuantityList")]
TRANSFORMATION = _kind(
    "TransformationEvent",
    {
        "inputEPCList": _UNIQUE,
        "inputQuantityList": _QUANTITIES,
        "outputEPCList": _UNIQUE,
        "outputQuantityList": _QUANTITIES,
        "transformationID": URI,
        "persistentDisposition": values.PERSISTENT,
        "ilmd": values.ILMD,
    },
    rules=[
        _any_of(
            "it needs inputs and outputs, or a transformationID that joins it to the event with the others",
            {"allOf": [{"anyOf": _INPUTS}, {"anyOf": _OUTPUTS}]},
            {"required": ["transformationID"], "anyOf": [*_INPUTS, *_OUTPUTS]},
        )
    ],
)
OWN: Schema = {
    "type": "object",
    "properties": {**_EVERY, "type": URI},
    "required": ["type", *_NEEDED],
}
"""An event of a type that a community defined: its type is a URI, and its fields are whatever they say."""

KINDS: Mapping[str, Schema] = {
    "ObjectEvent": OBJECT,
    "AggregationEvent": AGGREGATION,
    "AssociationEvent": ASSOCIATION,
    "TransactionEvent": TRANSACTION,
    "TransformationEvent": TRANSFORMATION,
}
