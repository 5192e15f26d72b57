"""The lives of a battery: its status, what it was made of that was a battery before, and what came of it.

Annex XIII, point 4(c), has five words for the status of a battery. On the ledger a battery, or the product
that holds it, is delivered and taken back; a run of what was taken back, which an approval allows, then makes
something new of it. The run's process says what:

========================================================  ================
process of the run                                        what it makes is
========================================================  ================
reuse, re-use, preparation for (preparing for) re-use      ``reused``
repurposing, preparation for (preparing for) repurposing   ``repurposed``
remanufacturing                                            ``remanufactured``
any other, such as recycling                               ``original``
========================================================  ================

A battery that was taken back, or disposed of, is ``waste`` (Article 3, points 50 and 54; Article 77(7)). A
new passport is linked to those of the batteries that it was made of (Article 77(6)), and they to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from traceledger.events import BatchRetired, RecordedEvent, RetirementReversed, Transformed
from traceledger.interop.passport.lots import Lot, references
from traceledger.interop.passport.told import Lacking, Told, from_ledger
from traceledger.model.batches import Retirement
from traceledger.names import LedgerNames
from traceledger.provenance import Direction, lineage
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.nodes import Node

if TYPE_CHECKING:
    from traceledger.index import IndexReader


class Status(StrEnum):
    """The words of Annex XIII, point 4(c), and of Article 3."""

    ORIGINAL = "original"
    REUSED = "reused"
    REPURPOSED = "repurposed"
    REMANUFACTURED = "remanufactured"
    WASTE = "waste"


PROCESSES: Mapping[str, Status] = {
    "reuse": Status.REUSED,
    "re-use": Status.REUSED,
    "preparation for re-use": Status.REUSED,
    "preparing for re-use": Status.REUSED,
    "repurposing": Status.REPURPOSED,
    "preparation for repurposing": Status.REPURPOSED,
    "preparing for repurposing": Status.REPURPOSED,
    "remanufacturing": Status.REMANUFACTURED,
}
"""By process of a run, without case, what that makes of batteries that were taken back."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another battery, or other material, that the battery was made of or went into after its use.

    Attributes:
        batch: its id.
        name: its full name.
        run: full name of the run between the two.
        status: what the run made of the batteries that were taken back; ``recycled`` where it is no battery.
        battery: whether it is one.
        events: the events that show it.
    """

    batch: int
    name: str
    run: str
    status: str
    battery: bool
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lives:
    """The status of a battery, and its links, in the chain's order."""

    status: Told | Lacking
    predecessors: tuple[Link, ...]
    successors: tuple[Link, ...]


def lives_of(ledger: IndexReader, one: Lot, materials: Collection[str], as_of: int) -> Lives:
    """The status and the links of a battery.

    Args:
        ledger: where to read.
        one: the battery.
        materials: slugs of the materials that are batteries.
        as_of: the block up to which events count.
    """
    reading = _Reading(ledger, frozenset(materials), as_of)
    downstream = lineage(ledger, one.batch.id, Direction.DOWN, as_of=as_of)
    return Lives(
        status=_status(one, downstream),
        predecessors=tuple(reading.predecessors(one.upstream)),
        successors=tuple(reading.successors(downstream)),
    )


def _status(one: Lot, downstream: Lineage) -> Told | Lacking:
    ends = [item for node in downstream.nodes.values() for item in _ends(node)]
    if ends and one.pieces > 1:
        return Lacking(f"it is a lot of {one.pieces} batteries, of which some were taken back or disposed of")
    if ends:
        what = "it, or the product that holds it, was taken back or disposed of"
        return from_ledger(Status.WASTE.value, what, references(ends))
    made = one.made.event
    status = _made_as(made) if isinstance(made, Transformed) else Status.ORIGINAL
    what = "what its making, and no take-back or disposal since, make of it"
    return from_ledger(status.value, what, one.making)


def _ends(node: Node) -> Iterator[RecordedEvent]:
    """Where it became waste: the take-back or disposal that was not reversed."""
    back = node.taken_back
    disposed: RecordedEvent | None = None
    for item in node.later:
        if item.position == back:
            yield item
        if isinstance(item.event, BatchRetired) and item.event.how is Retirement.DISPOSED:
            disposed = item
        elif isinstance(item.event, RetirementReversed):
            disposed = None
    if disposed is not None:
        yield disposed


def _made_as(run: Transformed) -> Status:
    if not run.recycling:
        return Status.ORIGINAL
    return PROCESSES.get(run.process.strip().casefold(), Status.ORIGINAL)


@dataclass(frozen=True, slots=True)
class _Reading:
    ledger: IndexReader
    materials: frozenset[str]
    as_of: int

    def successors(self, downstream: Lineage) -> Iterator[Link]:
        """What runs made of products that had come back, in which the battery was."""
        seen: set[int] = set()
        for node in downstream.nodes.values():
            back = node.taken_back
            for item in node.later if back is not None else ():
                run = item.event
                if back is None or item.position < back or not isinstance(run, Transformed):
                    continue
                if not any(taken.batch == node.creation.batch for taken in run.inputs):
                    continue
                for made in run.outputs:
                    if made.batch not in seen:
                        seen.add(made.batch)
                        yield self._link(made.batch, run, [item])

    def predecessors(self, upstream: Lineage) -> Iterator[Link]:
        """The batteries in what its run took of products that had come back."""
        creation = upstream.nodes[upstream.batch].creation
        run = creation.event
        if not isinstance(run, Transformed) or not run.recycling:
            return
        for taken in run.inputs:
            node = upstream.nodes.get(taken.batch)
            if node is None or node.take_back is None:
                continue
            for each in self._batteries_in(taken.batch):
                yield self._link(each, run, [creation.at])

    def _batteries_in(self, product: int) -> Iterator[int]:
        """The batteries of which a product was made, itself included; none of those in them."""
        upstream = lineage(self.ledger, product, Direction.UP, as_of=self.as_of)
        waiting = [product]
        while waiting:
            each = waiting.pop(0)
            if self._is_battery(each):
                yield each
            elif each in upstream.nodes:
                waiting += upstream.nodes[each].creation.parents

    def _link(self, batch: int, run: Transformed, shown: list[RecordedEvent]) -> Link:
        names = LedgerNames(self.ledger)
        is_battery = self._is_battery(batch)
        return Link(
            batch=batch,
            name=names.batch(batch),
            run=names.full(run.participant, run.identifier),
            status=_made_as(run).value if is_battery else "recycled",
            battery=is_battery,
            events=references(shown),
        )

    def _is_battery(self, batch: int) -> bool:
        found = self.ledger.batch(batch)
        material = None if found is None else self.ledger.material_by_id(found.material)
        return material is not None and material.slug in self.materials


def told(lives: Lives, link: Mapping[int, Any]) -> dict[str, Any]:
    """As a sidecar has it.

    Args:
        lives: the status and links.
        link: of batteries, by batch id, their Digital Link and the identifier of their passport.
    """
    return {
        "status": None if isinstance(lives.status, Lacking) else lives.status.value,
        "predecessors": [_told(each, link) for each in lives.predecessors],
        "successors": [_told(each, link) for each in lives.successors],
    }


def _told(each: Link, link: Mapping[int, Any]) -> dict[str, Any]:
    return {
        "batch": each.name,
        "run": each.run,
        "status": each.status,
        "battery": each.battery,
        **(link[each.batch] if each.battery else {}),
        "events": list(each.events),
    }
