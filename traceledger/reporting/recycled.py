"""Recycled content by Article 8 of Regulation (EU) 2023/1542: per battery model, year and plant.

A battery model is a material here, its year the calendar year (UTC) in which its batches were made, as
claimed, and its plant the site where. :mod:`traceledger.provenance.article_8` says what counts; each figure
is of all batches of the model that the plant made in the year together, so that a large batch weighs more
than a small one. docs/recycled.md explains it.

Example:
    >>> from traceledger.reporting import recycled
    >>> recycled.Wanted(materials=("pack",), years=(2026,)).facilities
    ()
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from traceledger.errors import InputError
from traceledger.events import Position, Transformed
from traceledger.model.article_8 import MINIMUMS, RecycledMinimum
from traceledger.model.batches import BatchState
from traceledger.model.substances import symbol
from traceledger.names import Listed, Names
from traceledger.provenance.article_8 import Article8, Article8Content
from traceledger.provenance.article_8_rules import Article8Rules, packaged
from traceledger.provenance.nodes import Creation, Node, node_of
from traceledger.provenance.steps import steps_among
from traceledger.replay import year_of
from traceledger.reporting.entries import Source

BASIS = (
    "Article 8 of Regulation (EU) 2023/1542: of cobalt, lithium and nickel what is in active materials and"
    " was recovered from battery manufacturing waste or post-consumer waste, of lead all that was recovered"
    " from waste; of all batches of the model that the plant made in the calendar year together. It is"
    " divided by what is not shown to be outside active materials. What cannot be shown does not count."
    " Batches declared in error, and what was reversed, are in no figure. No delegated act lays down the"
    " method yet."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is to be about; what is empty restricts nothing.

    Attributes:
        materials: slugs of the battery models; empty: all materials that are a product on the ledger.
        facilities: full names of manufacturing plants.
        years: calendar years.
    """

    materials: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RecycledRow:
    """One metal in a battery model, of one year and one plant.

    Attributes:
        year: calendar year.
        material: slug of the model.
        facility: full name of the plant.
        batches: full names of the batches that it is the average over, in the chain's order.
        content: the figures, exactly.
        made: where the events stand that made the batches.
    """

    year: int
    material: str
    facility: str
    batches: tuple[str, ...]
    content: Article8Content
    made: tuple[Position, ...]

    @property
    def metal(self) -> str:
        """Symbol of the metal."""
        return symbol(self.content.substance)

    @property
    def share(self) -> Fraction | None:
        """The recycled content, exactly; ``None`` where nothing is shown to divide by."""
        return self.content.share

    @property
    def minimum(self) -> RecycledMinimum:
        """What Article 8 demands."""
        return MINIMUMS[self.content.substance]

    @property
    def events(self) -> tuple[Position, ...]:
        """Where the events stand that show it, in chain order: of batches, origins and recycling."""
        shown = {place for part in self.content.parts for place in part.events}
        return tuple(sorted(shown.union(self.made)))


@dataclass(frozen=True, slots=True)
class RecycledReport:
    """The rows, by model, year, plant and metal, and the batches that are in none as an error is declared."""

    rows: tuple[RecycledRow, ...]
    in_error: tuple[str, ...]

    def of(self, material: str, facility: str, year: int, substance: int) -> RecycledRow | None:
        """The row of a model, plant, year and metal; ``None``: none was made, or it holds none."""
        key = material, facility, year, substance
        found = (each for each in self.rows if (*_key(each), each.content.substance) == key)
        return next(found, None)


def recycled(source: Source, wanted: Wanted, rules: Article8Rules | None = None) -> RecycledReport:
    """Recycled content of battery models by Article 8, at the source's newest block.

    Args:
        source: an :class:`traceledger.index.Index`, for instance.
        wanted: of which models, plants and years.
        rules: what is an active material, and what battery manufacturing waste; by default the package's.

    Raises:
        InputError: there is no such material or facility.
        VerificationError: the source's events do not fit together.
    """
    registry = Listed(source.participants(), source.facilities(), source.materials())
    names = Names(registry)
    slugs = _slugs(source, names, wanted)
    standing = {batch.id: batch for batch in source.batches()}
    materials = {each.id for each in source.materials() if each.slug in slugs}
    nodes = _upstream(source, [batch.id for batch in standing.values() if batch.material in materials])
    groups: dict[tuple[str, str, int], list[Creation]] = defaultdict(list)
    in_error = []
    for made in _made(nodes, names, slugs, wanted):
        if standing[made.batch].state is BatchState.REVERSED:
            continue
        if nodes[made.batch].declared_in_error:
            in_error.append(names.full(made.creator, made.identifier))
            continue
        groups[_place(made, names)].append(made)
    counting = Article8(nodes, steps_among(nodes), names, rules or packaged())
    rows = [row for place, made in sorted(groups.items()) for row in _rows(place, made, counting, names)]
    return RecycledReport(tuple(rows), tuple(in_error))


def _slugs(source: Source, names: Names, wanted: Wanted) -> frozenset[str]:
    known = {each.slug: each for each in source.materials()}
    for slug in wanted.materials:
        if slug not in known:
            raise InputError(f"there is no material {slug!r}", hint="traceledger material list has all")
    sites = {names.facility(each.id) for each in source.facilities()}
    for name in wanted.facilities:
        if name not in sites:
            raise InputError(f"there is no facility {name!r}", hint="traceledger facility list has all")
    products = (slug for slug, each in known.items() if each.product)
    return frozenset(wanted.materials or products)


def _upstream(source: Source, asked: Sequence[int]) -> dict[int, Node]:
    """The batches and all that they were made of, in the order of their making."""
    made: dict[int, Creation] = {}
    nodes: dict[int, Node] = {}
    waiting = list(asked)
    while waiting:
        histories = source.histories(waiting, takes=False)
        found = {batch: node_of(batch, history, made) for batch, history in histories.items()}
        nodes |= found
        parents = dict.fromkeys(parent for node in found.values() for parent in node.creation.parents)
        waiting = [parent for parent in parents if parent not in nodes]
    return dict(sorted(nodes.items(), key=lambda pair: pair[1].creation.order))


def _made(
    nodes: Mapping[int, Node], names: Names, slugs: frozenset[str], wanted: Wanted
) -> Iterator[Creation]:
    """What was made of the materials; what was split off was made with what it was split off."""
    for node in nodes.values():
        made = node.creation
        if made.material is None or names.material(made.material) not in slugs or _is_waste(made):
            continue
        _, facility, year = _place(made, names)
        if wanted.facilities and facility not in wanted.facilities:
            continue
        if not wanted.years or year in wanted.years:
            yield made


def _is_waste(made: Creation) -> bool:
    event = made.event
    return isinstance(event, Transformed) and bool(event.makes[made.seq].waste)


def _place(made: Creation, names: Names) -> tuple[str, str, int]:
    if made.material is None or made.facility is None:
        raise TypeError("only what was split off has neither material nor facility of its own")
    year = year_of(made.event.occurred_at)
    return names.material(made.material), names.facility(made.facility), year


def _rows(
    place: tuple[str, str, int], made: Sequence[Creation], counting: Article8, names: Names
) -> Iterator[RecycledRow]:
    material, facility, year = place
    for substance in sorted(MINIMUMS):
        if not any(each.substances_mg.get(substance, 0) for each in made):
            continue
        yield RecycledRow(
            year=year,
            material=material,
            facility=facility,
            batches=tuple(names.full(each.creator, each.identifier) for each in made),
            content=counting.content([each.batch for each in made], substance),
            made=tuple(sorted({each.at.position for each in made})),
        )


def _key(row: RecycledRow) -> tuple[str, str, int]:
    return row.material, row.facility, row.year
