"""Single values, and small objects, of EPCIS 2.0 in JSON: what each must look like.

Everything is a JSON Schema of draft 7. Where a value is of a vocabulary, or a rule is not plain from its
keywords, a ``$comment`` says which, and faults are told by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traceledger.interop.epcis.vocabulary import Vocabulary

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
URI: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time"}
OFFSET: Schema = {
    "type": "string",
    "pattern": "^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$",
    "$comment": "an offset of clocks from UTC is written such as +02:00, at most 14:00",
}
VERSION: Schema = {"type": "string", "pattern": "^[0-9]+([.][0-9]+)*$"}
UNIT: Schema = {
    "type": "string",
    "pattern": "^[A-Z0-9]{2,3}$",
    "$comment": "a unit is a code of UN/CEFACT Recommendation 20, such as KGM",
}
HEXADECIMAL: Schema = {"type": "string", "pattern": "^[0-9A-Fa-f]+$"}

CONTEXT_PART: Schema = {"anyOf": [URI, {"type": "object"}]}
CONTEXT: Schema = {
    "anyOf": [URI, {"type": "object"}, {"type": "array", "uniqueItems": True, "items": CONTEXT_PART}],
    "$comment": "a context is an address, a map of prefixes, or a list of these",
}

_NOT_CBV = "^(?!urn:epcglobal:cbv|https?://ns[.]gs1[.]org/cbv/)"
_NOT_GS1 = "^(?!https?://(www[.])?gs1[.]org/voc/)"


def word_of(vocabulary: Vocabulary) -> Schema:
    """A bare word of a standard vocabulary, or a URI that is not of its older namespaces."""
    barred = _NOT_GS1 if vocabulary.is_web_vocabulary else _NOT_CBV
    return {
        "anyOf": [{**URI, "pattern": barred}, {"enum": sorted(vocabulary.words)}],
        "$comment": f"vocabulary:{vocabulary.name}",
    }


def list_of(items: Schema, **further: Any) -> Schema:
    """A list of such."""
    return {"type": "array", "items": items, **further}


def closed(fields: Mapping[str, Schema], *required: str) -> Schema:
    """An object of just these fields."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(required),
        "additionalProperties": False,
    }


def extensible(fields: Mapping[str, Schema], *required: str) -> Schema:
    """An object of these fields, and of fields of other namespaces."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(required),
        "propertyNames": {"anyOf": [{"enum": sorted(fields)}, URI]},
    }


ACTION: Schema = {"enum": ["ADD", "DELETE", "OBSERVE"]}
QUANTITY = closed({"epcClass": URI, "quantity": NUMBER, "uom": UNIT}, "epcClass")
PLACE: Schema = {"type": "object", "properties": {"id": URI}, "required": ["id"]}
TRANSACTION = closed(
    {"type": word_of(Vocabulary.TRANSACTION), "bizTransaction": URI},
    "bizTransaction",
)
_PARTY_TYPE = word_of(Vocabulary.SOURCE_OR_DESTINATION)
SOURCE = closed({"type": _PARTY_TYPE, "source": URI}, "type", "source")
DESTINATION = closed({"type": _PARTY_TYPE, "destination": URI}, "type", "destination")
ILMD: Schema = {"type": "object", "propertyNames": URI}
CERTIFICATION: Schema = {
    "anyOf": [URI, list_of(URI)],
    "$comment": "certificationInfo is the address of a certificate, or a list of these",
}
_DISPOSITIONS = list_of(word_of(Vocabulary.DISPOSITION), minItems=1, uniqueItems=True)
PERSISTENT: Schema = {
    **closed({"set": _DISPOSITIONS, "unset": _DISPOSITIONS}),
    "minProperties": 1,
}
ERROR = extensible(
    {
        "declarationTime": TIME,
        "reason": word_of(Vocabulary.ERROR_REASON),
        "correctiveEventIDs": list_of(URI),
    },
    "declarationTime",
)
