"""From the bytes of a revert to the exception that explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from traceledger.artifacts import NAMES, load
from traceledger.artifacts.calls import canonical_type, selector
from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.assurance import FindingState, Severity
from traceledger.model.batches import BatchState, Difference, HoldKind, Origin
from traceledger.model.hexadecimal import hexed, unhexed
from traceledger.model.registry import ParticipantState
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_time
from traceledger.operations.directory import Directory
from traceledger.refusals import FindingOverdue, Refusal, UnknownRefusal, by_name

_MASSES = frozenset(
    "requested remaining quantity substancesMass mass taken accounted part emissions arrived sent".split()
)
_LABELS = frozenset({"kind", "category"})
_TIMES = frozenset("dueAt occurredAt validFrom validUntil receivedAt".split())
_IDS = frozenset(
    "BatchId FacilityId MaterialId ShipmentId TransformationId EmissionsRecordId AssessmentId"
    " FindingId".split()
)
_ENUMS: Mapping[str, Mapping[int, str]] = {
    "enum BatchStatus": {state: state.slug.replace("_", " ") for state in BatchState},
    "enum ParticipantStatus": {state: state.slug for state in ParticipantState},
    "enum Difference": {difference: difference.slug for difference in Difference},
    "enum HoldKind": {kind: kind.slug for kind in HoldKind},
    "enum Origin": {origin: origin.slug for origin in Origin},
    "enum OriginKind": {0: "site that is no origin", 1: "mine", 2: "recycler"},
    "enum FindingState": {state: state.slug.replace("_", " ") for state in FindingState},
    "enum Severity": {severity: severity.slug for severity in Severity},
}
_GROSS_MASS = translatable("the gross mass")
_AT = translatable(" at {facility}")


def messages() -> Iterator[str]:
    """Every message that a refusal is made of: those of the classes, and the words that stand in them."""
    kinds: tuple[type[Refusal], ...] = (Refusal, *by_name().values())
    for kind in kinds:
        yield from filter(None, (kind.what_template, kind.mend))
    for words in _ENUMS.values():
        yield from words.values()


@cache
def _errors() -> dict[bytes, Mapping[str, Any]]:
    found = (item for name in NAMES for item in load(name).abi if item["type"] == "error")
    return {selector(item["name"], [canonical_type(p) for p in item["inputs"]]): item for item in found}


def explain(data: bytes, names: Directory) -> Refusal:
    """The refusal that ABI-encoded revert data stands for, with ids shown by name."""
    from eth_abi.abi import decode
    from eth_abi.exceptions import DecodingError

    error = _errors().get(data[:4])
    kind = by_name().get(error["name"]) if error else None
    if error is None or kind is None:
        return UnknownRefusal({"data": data}, {"data": hexed(data)})
    inputs = error["inputs"]
    try:
        values = decode([canonical_type(parameter) for parameter in inputs], data[4:])
    except DecodingError:
        return UnknownRefusal({"data": data}, {"data": hexed(data)})
    arguments = {parameter["name"]: value for parameter, value in zip(inputs, values, strict=True)}
    shown = {parameter["name"]: _show(parameter, arguments[parameter["name"]], names) for parameter in inputs}
    if kind is FindingOverdue:
        shown["facility"] = phrase(_AT, facility=shown["facility"]) if arguments["facility"] else ""
    return kind(arguments, shown, [each["name"] for each in inputs if _is_id(each)])


def _is_id(parameter: Mapping[str, Any]) -> bool:
    return parameter.get("internalType") in _IDS or parameter["name"] == "record"


def _show(parameter: Mapping[str, Any], value: Any, names: Directory) -> str:
    name, kind = parameter["name"], parameter.get("internalType", "")
    if _is_id(parameter):
        return names.shown(value)
    if kind in _ENUMS:
        return Phrase(word, {}) if (word := _ENUMS[kind].get(value)) else str(value)
    if parameter["type"] == "address":
        return names.slug(unhexed(value))
    if name == "substance":
        return symbol(value) if value else phrase(_GROSS_MASS)
    if parameter["type"] == "bytes32" and name in _LABELS:
        return bytes(value).rstrip(b"\0").decode("ascii", "backslashreplace")
    if name in _TIMES:
        return format_time(value)
    return format_mass(value) if name in _MASSES else str(value)
