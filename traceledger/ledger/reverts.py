"""From the bytes of a revert to the exception that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from traceledger.artifacts import NAMES, load
from traceledger.calls import canonical_type, selector
from traceledger.ledger.directory import Directory
from traceledger.model import BatchState, Origin, ParticipantState
from traceledger.refusals import Refusal, UnknownRefusal, by_name
from traceledger.substances import symbol
from traceledger.units import format_mass

_MASSES = frozenset(
    "requested remaining quantity limit substanceMass mass taken accounted primary emissions "
    "arrived shipped".split()
)
_IDS = frozenset({"BatchId", "FacilityId", "MaterialId", "ShipmentId", "TransformationId"})
_ENUMS: Mapping[str, Mapping[int, str]] = {
    "enum BatchStatus": {state: state.slug.replace("_", " ") for state in BatchState},
    "enum ParticipantStatus": {state: state.slug for state in ParticipantState},
    "enum Origin": {origin: origin.slug for origin in Origin},
    "enum OriginKind": {1: "mine", 2: "recycler"},
}


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
        return UnknownRefusal({"data": data}, {"data": f"0x{data.hex()}"})
    inputs = error["inputs"]
    try:
        values = decode([canonical_type(parameter) for parameter in inputs], data[4:])
    except DecodingError:
        return UnknownRefusal({"data": data}, {"data": f"0x{data.hex()}"})
    arguments = {parameter["name"]: value for parameter, value in zip(inputs, values, strict=True)}
    shown = {parameter["name"]: _show(parameter, arguments[parameter["name"]], names) for parameter in inputs}
    return kind(arguments, shown)


def _show(parameter: Mapping[str, Any], value: Any, names: Directory) -> str:
    name, kind = parameter["name"], parameter.get("internalType", "")
    if kind in _IDS:
        return names.shown(value)
    if kind in _ENUMS:
        return _ENUMS[kind].get(value, str(value))
    if parameter["type"] == "address":
        return names.slug(bytes.fromhex(value.removeprefix("0x")))
    if name == "substance":
        return symbol(value)
    return format_mass(value) if name in _MASSES else str(value)
