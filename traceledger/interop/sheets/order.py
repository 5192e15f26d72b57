"""In which order the rows of a spreadsheet run.

Sheets say what happened, not in which order it is to be recorded. An operation comes after those that make
what it names; else by when it happened; what happened at the same time stays as it stands in the file. One
that states no time stands with the row above it of its sheet; at the top of a sheet it comes before all.

Example:
    >>> day = "2026-01-02T00:00:00Z"
    >>> ship = {"op": "ship", "as": "a", "shipment": "S", "batches": ["L"], "to": "b", "at": day}
    >>> mint = {"op": "mint", "as": "a", "batch": "L", "at": day}
    >>> ordered([("Shipments", ship), ("Lots", mint)])
    [1, 0]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from traceledger.errors import InputError
from traceledger.operations.catalogue import by_name
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.operations.readers import parse_time

_EARLIEST = -1
_COMMON = ("material", "participant")
"""What has one name for everybody."""


def ordered(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[int]:
    """Positions of operations in the order in which they run.

    Args:
        rows: in the file's order, each with the name of its sheet, and its fields.
    """
    times = _times(rows)
    makers: dict[tuple[str, str, str], int] = {}
    for position, (_, document) in enumerate(rows):
        own = _own(document)
        for thing, name in _names(document, new=True):
            makers.setdefault((thing, own, name), position)
            makers.setdefault((thing, "", name if thing in _COMMON else f"{own}/{name}"), position)
    found: list[int] = []
    seen: set[int] = set()
    done: set[int] = set()
    for start in sorted(range(len(rows)), key=lambda position: times[position]):
        # Without recursion: a chain of lots, each split off the one before, may be as long as the file.
        waiting = [start]
        while waiting:
            position = waiting[-1]
            if position not in seen:
                seen.add(position)
                before = _makers_of(rows[position][1], makers)
                waiting += [each for each in sorted(before, reverse=True) if each not in seen]
                continue
            waiting.pop()
            if position not in done:
                done.add(position)
                found.append(position)
    return found


def _makers_of(document: Mapping[str, Any], makers: Mapping[tuple[str, str, str], int]) -> set[int]:
    """The operations that make what one names."""
    own = _own(document)
    named = [*_names(document, new=False)]
    keys = [*((thing, own, name) for thing, name in named), *((thing, "", name) for thing, name in named)]
    return {makers[key] for key in keys if key in makers}


def _own(document: Mapping[str, Any]) -> str:
    """Whose short names are meant; materials and participants have one name for everybody."""
    return str(document.get("as", ""))


def _names(document: Mapping[str, Any], *, new: bool) -> Iterator[tuple[str, str]]:
    """What an operation makes, or names otherwise, by its kind and its name."""
    try:
        fields = declared(by_name(document["op"]))
    except KeyError:
        return
    for thing, name, made in _named(fields, document):
        if made is new:
            yield thing, name


def _named(fields: Sequence[Declared], item: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for field in fields:
        value = item.get(field.word)
        if field.parts and isinstance(value, list):
            for part in value:
                yield from _named(field.parts, part)
        elif field.value.form is Form.RECORD and isinstance(value, Mapping):
            yield from ((_RECORDED.get(kind, "batch"), str(name), False) for kind, name in value.items())
        elif field.value.form in (Form.BATCH_MASSES, Form.ANSWERS) and isinstance(value, Mapping):
            yield from (("batch", str(name), False) for name in value)
        elif field.value.names is not None:
            names = value if isinstance(value, list) else [value]
            thing = field.value.names
            yield from ((thing, name, field.value.new) for name in names if isinstance(name, str))


_RECORDED = {
    "transformation": "transformation",
    "receive": "shipment",
    "shipment": "shipment",
    "record": "record",
}
"""What a record is the name of; of all others, a batch."""


def _times(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[int]:
    last: dict[str, int] = {}
    found = []
    for sheet, document in rows:
        try:
            time = parse_time(document["at"])
        except (InputError, KeyError):
            time = last.get(sheet, _EARLIEST)
        last[sheet] = time
        found.append(time)
    return found
