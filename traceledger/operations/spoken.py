"""What operations say of lots that arrived, and of records that are wrong: small values of their fields.

Example:
    >>> answers({"katanga/A": {"mass": "20.01 t", "difference": "measurement"}, "katanga/B": "refused"})[
    ...     "katanga/B"].refused
    True
    >>> named_record({"mint": "katanga/KOL-1"}).kind
    'mint'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, get_args

from traceledger.errors import InputError
from traceledger.model import spelling
from traceledger.model.batches import Difference, Substances
from traceledger.model.frozen import frozen
from traceledger.model.units import parse_mass
from traceledger.operations import readers

RecordWord = Literal[
    "mint", "split", "transformation", "receive", "retire", "take_back", "declare_error", "shipment", "record"
]
"""What may be named as a record."""

_NOT_REVERSED = {
    "ship": "a shipment is cancelled by its sender, or refused by its receiver: cancel, reject",
    "shipment": "a shipment is cancelled by its sender, or refused by its receiver: cancel, reject",
    "hold": "a hold is ended by who put it: release",
    "remeasure": "a measurement is put right by a better one: remeasure again",
    "add_emissions": "emissions of a record are restated: restate_emissions",
    "record": "emissions of a record are restated: restate_emissions",
    "restate_emissions": "the last restatement counts: restate_emissions again",
    "transform": 'a run is named {"transformation": "…"}',
    "batch": 'say by what it was made: {"mint": "…"}, {"split": "…"} or {"transformation": "…"}',
}
REVERSED: tuple[RecordWord, ...] = (
    "mint",
    "split",
    "transformation",
    "receive",
    "retire",
    "take_back",
    "declare_error",
)
RESTATED: tuple[RecordWord, ...] = ("mint", "transformation", "shipment", "record")


@frozen
class LotAnswer:
    """What is said of one lot of a shipment.

    Attributes:
        refused: it goes back.
        mass: what arrived, mg; ``None``: as sent.
        difference: why that differs from what was sent.
        substances: mg by substance number, as measured.
    """

    refused: bool = False
    mass: int | None = None
    difference: Difference = Difference.NONE
    substances: Substances = field(default_factory=dict)


@frozen
class RecordName:
    """A record, by what it is and its name. ``lots``: of a receipt, those that are meant; none: all."""

    kind: RecordWord
    name: str
    lots: tuple[str, ...] = ()


def answers(value: object) -> dict[str, LotAnswer]:
    """Lots of a shipment, by their names, with what is said of each.

    Raises:
        InputError: it is not understood; the message names the lot.
    """
    if not isinstance(value, Mapping):
        hint = 'write for instance {"katanga/A": "received", "katanga/B": "refused"}'
        raise InputError("lots are an object", hint=hint)
    if not value:
        raise InputError("no lot is named", hint="leave it out to receive all as they were sent")
    found: dict[str, LotAnswer] = {}
    for name, said in value.items():
        lot = readers.identifier(name)
        try:
            found[lot] = said if isinstance(said, LotAnswer) else _answer(said)
        except InputError as error:
            raise InputError(f"{lot}: {error.what}", hint=error.hint) from None
    return found


def _answer(said: object) -> LotAnswer:
    if said == "received":
        return LotAnswer()
    if said == "refused":
        return LotAnswer(refused=True)
    fields = {"mass", "substances", "difference"}
    if not isinstance(said, Mapping) or not said or not set(said) <= fields:
        hint = 'write "received", "refused", or {"mass": "19.9 t", "difference": "moisture"}'
        if isinstance(said, str):
            hint = spelling.hint(said, ("received", "refused"), hint)
        raise InputError("this is no answer about a lot", hint=hint)
    difference = Difference.NONE
    if "difference" in said:
        difference = readers.enum(Difference)(said["difference"])
    substances = readers.substances(said["substances"]) if "substances" in said else {}
    mass = parse_mass(said["mass"]) if "mass" in said else None
    if substances and difference is not Difference.MEASUREMENT:
        hint = 'a loss takes them along in proportion, moisture leaves them; else "difference": "measurement"'
        raise InputError("substances that arrived are a measurement", hint=hint)
    return LotAnswer(mass=mass, difference=difference, substances=substances)


def reversible(value: object) -> RecordName:
    """A record that can be reversed.

    Raises:
        InputError: it is none; the hint names the operation that puts it right.
    """
    return _record(value, REVERSED)


def restatable(value: object) -> RecordName:
    """A record whose emissions can be restated.

    Raises:
        InputError: it is none.
    """
    return _record(value, RESTATED)


def named_record(value: object) -> RecordName:
    """Any record.

    Raises:
        InputError: it is none.
    """
    return _record(value, get_args(RecordWord))


def _record(value: object, words: tuple[RecordWord, ...]) -> RecordName:
    if isinstance(value, RecordName):
        value = {value.kind: value.name} | ({"lots": value.lots} if value.lots else {})
    usual = f"name one record: {', '.join(words)}"
    if not isinstance(value, Mapping):
        raise InputError("a record is an object", hint=f'write for instance {{"{words[0]}": "KOL-1"}}')
    kinds = [word for word in value if word != "lots"]
    if len(kinds) != 1:
        raise InputError("one record is meant", hint=usual)
    kind: Any = kinds[0]
    if kind not in words:
        mend = _NOT_REVERSED.get(kind) or spelling.hint(str(kind), words, usual)
        raise InputError(f"{kind!r} is not what is meant here", hint=mend)
    lots = value.get("lots", ())
    if "lots" in value:
        readers.some(lots)
    if lots and kind != "receive":
        raise InputError("only a receipt has lots", hint=usual)
    if isinstance(lots, str) or not isinstance(lots, list | tuple):
        raise InputError("lots are a list", hint='write for instance "lots": ["katanga/A"]')
    return RecordName(kind, readers.identifier(value[kind]), tuple(map(readers.identifier, lots)))
