"""What an operation would do, in words and data: for people who are asked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from traceledger.model.hexadecimal import hexed
from traceledger.operations.catalogue import Operation
from traceledger.operations.directory import Directory

CONSORTIUM = "the consortium"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an operation would do.

    Attributes:
        summary: one sentence without a full stop: who does what, to whom, how much.
        details: the same as data that JSON can hold, by field: names in full, ids and addresses as 0x text,
            masses and CO2e in mg as decimal text, times in UTC seconds.
    """

    summary: str
    details: Mapping[str, Any]


def effect_of(operation: Operation, names: Directory) -> Effect:
    """What an operation would do.

    Args:
        operation: any operation, as it was given: with its private texts, if it has some.
        names: with which it was planned, so that they know what it makes.

    Raises:
        UnknownNameError: it names something unknown.
    """
    actor = operation.act_as or CONSORTIUM
    fields = {name: value for name, value in asdict(operation).items() if value not in (None, (), {}, "")}
    fields.pop("act_as", None)
    what = fields.pop("op")
    return Effect(f"{actor}: {what.replace('_', ' ')}", {"operation": what, "as": actor, **_json(fields)})


def _json(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(name): _json(item) for name, item in value.items()}
        case list() | tuple():
            return [_json(item) for item in value]
        case bytes():
            return hexed(value)
        case _:
            return value
