"""A lineage with its names, step by step, and the JSON of it: its batches and edges."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.events import BatchMinted, BatchSplit, Transformed
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names
from traceledger.provenance import Creation, Direction, Lineage

if TYPE_CHECKING:
    from traceledger.index import IndexReader

_AT_ONCE = 2_000  # batches that are in memory at one time


@frozen
class Step:
    """A batch reached over a step that took ``mass_mg`` with ``co2e_mg`` of CO2e in it."""

    batch: int
    mass_mg: int
    co2e_mg: int


class NamedLineage:
    """A lineage with names."""

    def __init__(self, found: Lineage, index: IndexReader) -> None:
        self.lineage = found
        self.index = index
        self._names = Names(index)
        self._names.foresee(participants={node.creation.creator for node in found.nodes.values()})
        self._next: dict[int, list[Step]] = {batch: [] for batch in found.nodes}
        for node in found.nodes.values():
            for step in _taken(node.creation):
                if step.batch not in found.nodes:
                    continue
                if found.direction is Direction.UP:
                    self._next[node.creation.batch].append(step)
                else:
                    down = Step(node.creation.batch, node.creation.mass_mg, made_co2e(node.creation))
                    self._next[step.batch].append(down)

    def steps(self, batch: int) -> list[Step]:
        """What comes next after a batch, in the lineage's direction."""
        return self._next[batch]

    def creation(self, batch: int) -> Creation:
        """How a batch came to be."""
        return self.lineage.nodes[batch].creation

    def name(self, batch: int) -> str:
        """Full name of a batch."""
        made = self.creation(batch)
        return self._names.full(made.creator, made.identifier)

    @cached_property
    def _made_of(self) -> dict[int, tuple[int, int]]:
        """Ids of material and facility of each batch, read many at once."""
        found, ids = dict[int, tuple[int, int]](), list(self.lineage.nodes)
        for start in range(0, len(ids), _AT_ONCE):
            lots = self.index.many.batches(ids[start : start + _AT_ONCE]).values()
            found |= {lot.id: (lot.material, lot.facility) for lot in lots}
        self._names.foresee(facilities={facility for _, facility in found.values()})
        return found

    def material(self, batch: int) -> str:
        """Material of a batch."""
        known = self._made_of.get(batch)
        return self._names.material(known[0]) if known else ""

    def site(self, batch: int) -> tuple[str, str]:
        """Facility where a batch was made (a split child: where its parent was), and its country."""
        known = self._made_of.get(batch)
        if known is None:
            return "", ""
        site = self._names.site(known[1])
        return self._names.facility(known[1]), site.country if site else ""

    def in_error(self, batch: int) -> bool:
        """Whether an error was declared in a batch."""
        return self.lineage.nodes[batch].declared_in_error


def lineage(named: NamedLineage) -> dict[str, list[dict[str, Any]]]:
    """The batches of a lineage in the order in which they were made, and its edges."""
    batches = []
    for batch in named.lineage.nodes:
        made = named.creation(batch)
        facility, country = named.site(batch)
        batches.append(
            {
                "batch": named.name(batch),
                "id": id_text(batch),
                "material": named.material(batch),
                "facility": facility,
                "country": country,
                "made_by": made_by(made),
                "made_mass_mg": str(made.mass_mg),
                "made_co2e_mg": str(made_co2e(made)),
                "block": made.at.block,
                "declared_in_error": named.in_error(batch),
            }
        )
    edges = [
        {
            "parent": named.name(edge.parent),
            "child": named.name(edge.child),
            "taken_mg": str(edge.mass_mg),
        }
        for edge in named.lineage.edges
    ]
    return {"batches": batches, "edges": edges}


def with_lineage(document: dict[str, Any], named: NamedLineage) -> dict[str, Any]:
    """The document of a trace or of what came of a batch, with its lineage."""
    return document | {"lineage": lineage(named)}


def made_by(made: Creation) -> str:
    """What made a batch: its origin, the process of a run, or a split."""
    match made.event:
        case BatchMinted(origin=origin):
            return origin.slug
        case Transformed(process=process):
            return process
        case BatchSplit():
            return "split"
        case _:
            assert_never(made.event)


def made_co2e(made: Creation) -> int:
    """The CO2e that a batch was made with, mg CO2e."""
    return made.own_mg + made.inherited_mg


def _taken(made: Creation) -> Iterator[Step]:
    """What was taken to make a batch, each parent once."""
    match made.event:
        case BatchSplit(parent=parent):
            yield Step(parent, made.mass_mg, made_co2e(made))
        case Transformed(inputs=inputs):
            for parent, mass in made.taken_mg.items():
                parts = [part for part in inputs if part.batch == parent]
                yield Step(parent, mass, sum(part.own_mg + part.inherited_mg for part in parts))
        case BatchMinted():
            return
        case _:
            assert_never(made.event)
