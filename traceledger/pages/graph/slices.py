"""A laid out lineage as documents of bounded size: one slice has some boxes and some lines.

Groups come in the first slices, so that the whole picture is there before its details. What is called
``name``, and materials, may be drawn as they stand: on one line, and shortened where they are very long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from traceledger.model.text import escaped
from traceledger.pages.graph.layout import layout
from traceledger.pages.graph.reading import Picture, picture
from traceledger.pages.graph.values import Box, Group, Kind, Line

BOXES = 250
LINES = 1_000
"""As many of each as a slice has at most: 200 kB with names of usual length."""
EVERYTHING = "all"
_NAMES = 8
_LONGEST = 120


class Drawing:
    """A lineage, drawn with some of its groups opened.

    Args:
        document: of :mod:`traceledger.documents.graphs`.
        by: what batches are grouped by, one of :data:`traceledger.pages.graph.reading.WAYS`.
        opened: ids of groups; ``all`` means every one.
    """

    def __init__(self, document: Mapping[str, Any], by: str, opened: Iterable[str] = ()) -> None:
        self._document = document
        self._by = by
        self._picture: Picture = picture(document, by)
        late = document["direction"] == "up"
        wanted = set(opened)
        if EVERYTHING in wanted:
            wanted = {group.id for group in layout(self._picture.items, late=late).groups}
        self._layout = layout(self._picture.items, opened=wanted, late=late)
        self._groups = {group.id: group for group in self._layout.groups}

    @property
    def slices(self) -> int:
        """How many slices there are, at least one."""
        boxes, lines = len(self._layout.boxes), len(self._layout.lines)
        return max(1, -(-boxes // BOXES), -(-lines // LINES))

    def slice(self, number: int) -> dict[str, Any]:
        """One slice, from 0; beyond the last one it has neither boxes nor lines."""
        area = self._layout.area
        boxes = self._layout.boxes[number * BOXES : (number + 1) * BOXES]
        lines = self._layout.lines[number * LINES : (number + 1) * LINES]
        document = self._document
        return {
            "batch": document["batch"],
            "id": document["id"],
            "direction": document["direction"],
            "by": self._by,
            "as_of": document["as_of"],
            "batches": len(document["batches"]),
            "groups": len(self._groups),
            "opened": [box.group for box in self._layout.boxes if box.kind is Kind.FRAME],
            "area": [area.x, area.y, area.width, area.height],
            "slice": number,
            "slices": self.slices,
            "boxes": [self._box(box) for box in boxes],
            "lines": [_line(line) for line in lines],
        }

    def _box(self, box: Box) -> dict[str, Any]:
        area = box.area
        drawn = {
            "box": box.place,
            "kind": box.kind.value,
            "group": box.group,
            "area": [area.x, area.y, area.width, area.height],
        }
        if box.item is None:
            return drawn | self._group(box)
        row = self._picture.rows[box.item]
        return drawn | (_run(row) if box.kind is Kind.RUN else self._batch(box.item, row))

    def _batch(self, item: int, row: Mapping[str, Any]) -> dict[str, Any]:
        shown = ("batch", "id", "material", "participant", "facility", "country", "stage", "made_by")
        return (
            {"name": _short(row["batch"])}
            | {name: row[name] for name in shown}
            | {
                "made_at": row["made_at"],
                "made_mass_mg": row["made_mass_mg"],
                "made_co2e_mg": row["made_co2e_mg"],
                "declared_in_error": row["declared_in_error"],
                "tainted": self._picture.tainted[item],
                "untraced": row["made_by"] == "untraced",
                "asked": item == self._picture.asked,
            }
        )

    def _group(self, box: Box) -> dict[str, Any]:
        group = self._groups[box.group]
        members = [each for each in group.members if not self._picture.items[each].run]
        rows = [self._picture.rows[each] for each in members]
        times = [row["made_at"] for row in rows]
        return {
            "name": self._name(group),
            "places": len(group.keys),
            "stages": _distinct(rows, "stage"),
            "countries": _distinct(rows, "country"),
            "materials": _distinct(rows, "material"),
            "batches": len(members),
            "first": min(times),
            "last": max(times),
            "declared_in_error": sum(row["declared_in_error"] for row in rows),
            "tainted": sum(self._picture.tainted[each] for each in members),
            "untraced": sum(row["made_by"] == "untraced" for row in rows),
            "asked": self._picture.asked in self._members[group.id],
            "of": self._beside[box.group][0][:_NAMES],
            "into": self._beside[box.group][1][:_NAMES],
        }

    def _name(self, group: Group) -> str:
        """What the first of its keys says first: the facility, company, country, material or stage."""
        found = self._picture.rows[next(each for each in group.members if not self._picture.items[each].run)]
        return _short(str(found[self._by]))

    @cached_property
    def _members(self) -> dict[str, frozenset[int]]:
        return {group.id: frozenset(group.members) for group in self._layout.groups}

    @cached_property
    def _beside(self) -> dict[str, tuple[list[dict[str, str]], list[dict[str, str]]]]:
        """By group what it was made of, and what was made of it."""
        found: dict[str, tuple[dict[str, None], dict[str, None]]] = {each: ({}, {}) for each in self._groups}
        for line in self._layout.lines:
            source, target = self._layout.boxes[line.source].group, self._layout.boxes[line.target].group
            if source != target:
                found[target][0][source] = None
                found[source][1][target] = None
        return {each: (self._named(of), self._named(into)) for each, (of, into) in found.items()}

    def _named(self, groups: Iterable[str]) -> list[dict[str, str]]:
        return [{"group": each, "name": self._name(self._groups[each])} for each in groups]


def _run(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": _short(row["run"]), "process": _short(row["process"])}


def _line(line: Line) -> dict[str, Any]:
    drawn: dict[str, Any] = {"from": line.source, "to": line.target, "takes": line.takes}
    if line.passages:
        drawn["through"] = [[way.left, way.right, way.y] for way in line.passages]
    return drawn


def _distinct(rows: Sequence[Mapping[str, Any]], field: str) -> list[str]:
    found = sorted({row[field] for row in rows if row[field]})
    return [_short(each) for each in found[:_NAMES]]


def _short(text: str) -> str:
    """A name as it may be drawn: on one line, seen as it is, and not longer than anybody reads."""
    text = escaped(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
