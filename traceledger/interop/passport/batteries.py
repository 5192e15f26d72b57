"""Which battery a passport is of, and of which batteries its figures are the average.

Article 7(1) and Article 8(1) of Regulation (EU) 2023/1542 ask for figures by battery model and manufacturing
plant, Article 8(1) by year too. So a battery's figures are those of all batteries of its material that were
made at its facility in its calendar year (UTC, as claimed), or, where that is asked for, its own alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from traceledger.declaration.suppliers import Supplier, suppliers_of
from traceledger.errors import InputError
from traceledger.events import BatchSplit
from traceledger.interop.carbon import CarbonFigures, average, figures_of
from traceledger.interop.passport.lives import Lives, lives_of
from traceledger.interop.passport.lots import Lot, lot_of, merged
from traceledger.model.article_8 import MINIMUMS
from traceledger.model.batches import Batch, BatchState
from traceledger.model.counting import counted
from traceledger.names import LedgerNames, Names
from traceledger.provenance import Direction, StageTable, lineage
from traceledger.provenance.article_8 import Article8, Article8Content
from traceledger.provenance.article_8_rules import Article8Rules, packaged
from traceledger.provenance.steps import steps_among
from traceledger.provenance.trouble import Trouble
from traceledger.provenance.troubles import Named, named_in, troubles_of
from traceledger.replay import year_of

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.interop.directory import Directory
    from traceledger.interop.passport.said import Said


MOST_BATCHES = 2_000
"""Batches over which figures are averaged at most."""


class Per(StrEnum):
    """Of which batteries the figures are."""

    MODEL = "model"
    """The average of those of the material that the plant made in the year."""
    BATTERY = "battery"
    """Its own."""


@dataclass(frozen=True, eq=False)
class Battery:
    """What a passport is made of.

    Attributes:
        one: the battery's own batch.
        materials: slugs of the materials that are batteries.
        averaged: the batches of which its figures are the average, in the order of their making.
        per: which these are.
        said: what master data says of it.
        ledger: where its neighbours are read.
        directory: what others call things.
        stages: which life-cycle stage is whose.
        as_of: the block up to which events were read.
        now: that block's time, UTC seconds.
        rules: what is an active material, and whose waste is battery manufacturing waste.
    """

    one: Lot
    materials: frozenset[str]
    averaged: tuple[Lot, ...]
    per: Per
    said: Said
    ledger: IndexReader
    directory: Directory
    stages: StageTable
    as_of: int
    now: int
    rules: Article8Rules = field(default_factory=packaged)

    @cached_property
    def carbon(self) -> CarbonFigures:
        """The CO2e of all batteries of the figures together, for the mass that they were made with."""
        found = [figures_of(lot.upstream, self.ledger, self.stages) for lot in self.averaged]
        return average(found, [lot.trace.made_mass_mg for lot in self.averaged])

    @cached_property
    def recycled(self) -> Mapping[int, Article8Content]:
        """By substance number, the metals of Article 8 that they were made with, and whence those come."""
        nodes = {batch: node for lot in self.averaged for batch, node in lot.upstream.nodes.items()}
        ordered = dict(sorted(nodes.items(), key=lambda pair: pair[1].creation.order))
        counting = Article8(ordered, steps_among(ordered), Names(self.ledger), self.rules)
        made = [lot.batch.id for lot in self.averaged]
        held = {number for lot in self.averaged for number in lot.trace.made_substances_mg}
        return {number: counting.content(made, number) for number in sorted(held & set(MINIMUMS))}

    @cached_property
    def substances_mg(self) -> Mapping[int, Fraction]:
        """By substance number, what one battery was made with, mg: the average."""
        held: dict[int, int] = {}
        for lot in self.averaged:
            for number, mass in lot.trace.made_substances_mg.items():
                held[number] = held.get(number, 0) + mass
        return {number: Fraction(mass, self.pieces) for number, mass in sorted(held.items())}

    @cached_property
    def suppliers(self) -> tuple[Supplier, ...]:
        """Who took part in what it is made of, as of the block of the figures."""
        return suppliers_of(self._named, self.ledger, self.now)

    @cached_property
    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong with it or upstream, the gravest first."""
        return tuple(troubles_of(self.one.trace, self._named, self.ledger))

    @cached_property
    def _named(self) -> Named:
        return named_in(self.one.upstream, self.ledger)

    @cached_property
    def lives(self) -> Lives:
        """Its status, and the batteries that it was made of or that were made of it."""
        return lives_of(self.ledger, self.one, self.materials, self.as_of)

    @cached_property
    def pieces(self) -> int:
        """How many batteries the figures are the average of."""
        return sum(each.pieces for each in self.averaged)

    @cached_property
    def mass_mg(self) -> Fraction:
        """What one battery weighed when it was made, mg: the average."""
        return Fraction(sum(each.trace.made_mass_mg for each in self.averaged), self.pieces)

    @cached_property
    def events(self) -> tuple[str, ...]:
        """All events from which the figures are computed."""
        return merged(each.events for each in self.averaged)

    @cached_property
    def making(self) -> tuple[str, ...]:
        """The events that made the batteries of the figures."""
        return merged(each.making for each in self.averaged)

    @property
    def year(self) -> int:
        """The calendar year in which it was made."""
        return year_of(self.one.made_at)


def battery_of(ledger: IndexReader, asked: int, materials: Collection[str], as_of: int) -> int:
    """The battery that is meant by a batch: itself, or the one battery that it holds.

    Args:
        ledger: where to read.
        asked: id of the batch.
        materials: slugs of the materials that are batteries.
        as_of: the block up to which events count.

    Raises:
        UnknownNameError: there is no such batch.
        InputError: it holds several.
    """
    upstream = lineage(ledger, asked, Direction.UP, as_of=as_of)
    known = {material.id for material in ledger.materials() if material.slug in materials}
    found = ledger.many.batches(upstream.nodes)
    if found[asked].material in known or not known:
        return asked
    # Level by level: the packs of a car, not the cells of its packs.
    level = [asked]
    while level:
        level = list(dict.fromkeys(up for each in level for up in upstream.nodes[each].creation.parents))
        level = [each for each in level if each in upstream.nodes]
        held = [each for each in level if found[each].material in known]
        if len(held) > 1:
            names = ", ".join(_full(ledger, found[each]) for each in held[:5])
            raise InputError(
                f"{_full(ledger, found[asked])} holds {len(held)} batteries: {names}", hint="name one of them"
            )
        if held:
            return held[0]
    return asked


def averaged_with(
    ledger: IndexReader, one: Lot, unit_mass_mg: Fraction | None, as_of: int, stages: StageTable
) -> tuple[Lot, ...]:
    """The batches of a battery's model that its plant made in its year, itself included.

    What was split off counts with what it was split from; what was reversed, or declared in error, or is
    waste, does not count, as in :mod:`traceledger.reporting.recycled`.
    """
    year = year_of(one.made_at)
    alike = [
        each
        for each in ledger.batches(material=one.batch.material)
        if each.facility == one.batch.facility
        and each.state is not BatchState.REVERSED
        and not (each.waste or each.disputed or each.error_by_auditor)
    ]
    histories = ledger.histories([each.id for each in alike], as_of=as_of, takes=False)
    chosen = [
        each.id
        for each in alike
        if (history := histories.get(each.id))
        and not isinstance(history[0].event, BatchSplit)
        and year_of(history[0].event.occurred_at) == year
    ]
    if len(chosen) > MOST_BATCHES:
        raise InputError(
            f"its plant made {counted(len(chosen), 'batch', 'batches')} of it in {year}: figures are averaged"
            f" over {MOST_BATCHES} at most",
            where=one.trace.batch,
            hint="use --per battery",
        )
    lots = [
        one if each == one.batch.id else lot_of(ledger, each, unit_mass_mg, as_of, stages) for each in chosen
    ]
    return tuple(lots) or (one,)


def _full(ledger: IndexReader, batch: Batch) -> str:
    return LedgerNames(ledger).batch(batch.id)
