"""From the document of a lineage the items that are laid out, and what is marked about them.

Example:
    >>> sorted(WAYS)
    ['country', 'facility', 'material', 'participant', 'stage']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from traceledger.model.frozen import frozen
from traceledger.pages.graph.values import Item

WAYS: Mapping[str, tuple[str, ...]] = {
    "facility": ("facility", "stage"),
    "participant": ("participant", "stage"),
    "country": ("country", "stage"),
    "material": ("material",),
    "stage": ("stage",),
}
"""What batches are grouped by: the fields of the document that make the key."""


@frozen
class Picture:
    """Items, and by their places what the document says of them.

    Attributes:
        items: batches, and runs where drawing each of their inputs to each output would be a thicket.
        rows: the document's entry of each item.
        tainted: whether something upstream in this lineage is declared in error, or the batch itself.
        asked: the place of the batch that was asked about.
    """

    items: tuple[Item, ...]
    rows: tuple[Mapping[str, Any], ...]
    tainted: tuple[bool, ...]
    asked: int


def picture(document: Mapping[str, Any], by: str) -> Picture:
    """Read the document of :mod:`traceledger.documents.graphs`.

    Args:
        document: the lineage.
        by: one of :data:`WAYS`.
    """
    return _Reading(document, by).picture()


class _Reading:
    def __init__(self, document: Mapping[str, Any], by: str) -> None:
        self._document = document
        self._fields = WAYS[by]
        self._joined = set(_thickets(document["batches"]))
        self._items: list[Item] = []
        self._rows: list[Mapping[str, Any]] = []
        self._runs: dict[int, int] = {}
        self._places: list[int] = []

    def picture(self) -> Picture:
        for row in self._document["batches"]:
            parents = tuple(self._places[each] for each in row["parents"])
            key: Hashable = tuple(row[each] for each in self._fields)
            if row["run"] in self._joined:
                parents = (self._run(row["run"], key, parents),)
            self._places.append(self._add(Item(row["batch"], key, parents), row))
        asked = next(
            place
            for place, row in zip(self._places, self._document["batches"], strict=True)
            if row["id"] == self._document["id"]
        )
        return Picture(tuple(self._items), tuple(self._rows), tuple(self._tainted()), asked)

    def _add(self, item: Item, row: Mapping[str, Any]) -> int:
        self._items.append(item)
        self._rows.append(row)
        return len(self._items) - 1

    def _run(self, run: int, key: Hashable, parents: tuple[int, ...]) -> int:
        if run not in self._runs:
            row = self._document["runs"][run]
            self._runs[run] = self._add(Item(row["run"], key, parents, run=True), row)
        return self._runs[run]

    def _tainted(self) -> Iterator[bool]:
        known: list[bool] = []
        for item, row in zip(self._items, self._rows, strict=True):
            known.append(row.get("declared_in_error", False) or any(known[each] for each in item.parents))
        yield from known


def _thickets(batches: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """The runs with so many inputs and outputs that a node between them takes fewer lines."""
    made: dict[int, int] = defaultdict(int)
    taken: dict[int, int] = defaultdict(int)
    for row in batches:
        if row["run"] is not None:
            made[row["run"]] += 1
            taken[row["run"]] = max(taken[row["run"]], len(row["parents"]))
    for run, outputs in made.items():
        if outputs * taken[run] > 2 * (outputs + taken[run]):
            yield run
