"""The emissions report of a year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from traceledger.errors import InputError
from traceledger.model.emissions import Emissions
from traceledger.replay.emissions import place_name
from traceledger.reporting.entries import Emitted, Produced, Records
from traceledger.reporting.figures import Figures, change
from traceledger.reporting.grouping import Grouping
from traceledger.reporting.target import MEASURES, Path, Target, path_to

BASIS = (
    "Own emissions only, in the year and at the place where they arose: mints, processes, custody, and "
    "transport at its sender. What batches inherited is not in here, so nothing is counted twice; the "
    "footprint of a product is another figure and must not be added. Emissions booked on batches declared "
    "in error are listed apart and in no total; what was reversed counts nowhere. Restated emissions count "
    "as restated. CO2e on waste is listed apart, with what the waste inherited: no product bears it."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a report.

    Attributes:
        year: calendar year (UTC) of the claimed times.
        by: what to break it down by; see :data:`traceledger.reporting.GROUPINGS`.
        base_year: a year to compare with; a target begins there.
        target: what is aimed at.
        measure: what the target is about: ``product``, ``tonne`` or ``absolute``.
        product: slug of the material whose batches count as products.
        participant: report only this one's emissions and output (address); the products of all count.
        departments: names by place, where ``by`` is ``department``.
    """

    year: int
    by: str = "facility"
    base_year: int | None = None
    target: Target | None = None
    measure: str = "product"
    product: str = "vehicle"
    participant: bytes | None = None
    departments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One group's figures by year."""

    group: str
    figures: Mapping[int, Figures]


@dataclass(frozen=True, slots=True)
class WasteRow:
    """CO2e that sits on the waste that a facility made in the year reported; mg CO2e, own and inherited."""

    facility: str
    made_mg: int
    left_mg: int


@dataclass(frozen=True, slots=True)
class EmissionsReport:
    """What was emitted in a year, beside the year before and the base year.

    Attributes:
        year: the year reported.
        base_year: what it is compared with besides the year before, if with anything.
        years: those shown, ascending.
        by: what the groups are.
        product: slug of the material whose batches count as products.
        participant: slug of the only participant reported, or empty.
        rows: the groups, largest of the year first.
        total: all groups together, by year.
        in_error: what was booked on batches declared in error, by year; in no total.
        path: where the year stands towards the target, if one was given.
        restated_mg: by how much restatements changed the total, by year; mg CO2e, signed.
        waste: CO2e on the waste of runs by facility, as made in the year reported and as it is left now.
    """

    year: int
    base_year: int | None
    years: tuple[int, ...]
    by: str
    product: str
    participant: str
    rows: tuple[Row, ...]
    total: Mapping[int, Figures]
    in_error: Mapping[int, Figures]
    path: Path | None
    restated_mg: Mapping[int, int] = field(default_factory=dict)
    waste: tuple[WasteRow, ...] = ()

    def change_since(self, before: int) -> float | None:
        """Change of the absolute total since another year shown, in per cent."""
        return change(self.total[self.year].total_mg, self.total[before].total_mg)


def report(records: Records, request: Request) -> EmissionsReport:
    """Compute the report of a year.

    Args:
        records: what :func:`traceledger.reporting.collect` read: with stages, where it is by stage.
        request: what is asked.

    Raises:
        InputError: a grouping, measure or year makes no sense.
    """
    year, base_year = request.year, request.base_year
    if request.measure not in MEASURES:
        raise InputError(f"{request.measure!r} is not a measure", hint=f"use {', '.join(MEASURES)}")
    if request.target is not None and base_year is None:
        raise InputError("a target needs the year from which it counts", hint="give --base-year")
    years = tuple(sorted({year, year - 1} | ({base_year} if base_year is not None else set())))
    own = _of(records, request.participant)
    products: Counter[int] = Counter()
    for item in records.produced:
        if item.material == request.product and not item.in_error:
            products[item.year] += item.batches
    rows = _rows(own, Grouping(request.by, records, request.departments), years, products)
    total = {each: _total(own, each, products[each]) for each in years}
    return EmissionsReport(
        year=year,
        base_year=base_year,
        years=years,
        by=request.by,
        product=request.product,
        participant=records.names.slug(request.participant) if request.participant else "",
        rows=_ordered(rows, request),
        total=total,
        in_error={each: _sum(own.emitted, each, in_error=True) for each in years},
        path=_path(request, total),
        restated_mg={each: _restated(own, each) for each in years},
        waste=_waste(own, year),
    )


def _restated(records: Records, year: int) -> int:
    return sum(item.restated_mg for item in records.emitted if item.year == year and not item.in_error)


def _waste(records: Records, year: int) -> tuple[WasteRow, ...]:
    """By facility, most first."""
    made: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for item in records.wasted:
        if item.year == year:
            place = place_name(item.where, records.names)
            made[place] += item.made_mg
            left[place] += item.left_mg
    rows = (WasteRow(place, amount, left[place]) for place, amount in made.items())
    return tuple(sorted(rows, key=lambda row: (-row.made_mg, row.facility)))


def _of(records: Records, participant: bytes | None) -> Records:
    if participant is None:
        return records
    return replace(
        records,
        emitted=tuple(item for item in records.emitted if item.where.participant == participant),
        produced=tuple(item for item in records.produced if item.where.participant == participant),
        wasted=tuple(item for item in records.wasted if item.where.participant == participant),
    )


def _rows(records: Records, grouping: Grouping, years: tuple[int, ...], products: Counter[int]) -> list[Row]:
    cells: dict[str, dict[int, Figures]] = defaultdict(dict)
    for group, year, found in _parts(records, grouping):
        if year in years:
            cells[group][year] = cells[group].get(year, Figures()).plus(found)
    return [
        Row(group, {each: replace(found.get(each, Figures()), products=products[each]) for each in years})
        for group, found in cells.items()
    ]


def _ordered(rows: list[Row], request: Request) -> tuple[Row, ...]:
    """Scopes in their order; other groups by what they emitted in the year, most first."""
    if request.by == "scope":
        return tuple(sorted(rows, key=lambda row: row.group))
    return tuple(sorted(rows, key=lambda row: (-row.figures[request.year].total_mg, row.group)))


def _parts(records: Records, grouping: Grouping) -> Iterable[tuple[str, int, Figures]]:
    for item in records.emitted:
        if not item.in_error:
            for group, part in grouping.emitted(item):
                yield group, item.year, _figures(part)
    for made in records.produced:
        if not made.in_error:
            for group in grouping.produced(made):
                yield group, made.year, Figures(output_mg=made.mass_mg)


def _total(records: Records, year: int, products: int) -> Figures:
    made: Iterable[Produced] = (item for item in records.produced if item.year == year and not item.in_error)
    output = Figures(output_mg=sum(item.mass_mg for item in made), products=products)
    return _sum(records.emitted, year, in_error=False).plus(output)


def _sum(emitted: Iterable[Emitted], year: int, *, in_error: bool) -> Figures:
    total = Figures()
    for item in emitted:
        if item.year == year and item.in_error is in_error:
            total = total.plus(_figures(item.emissions))
    return total


def _figures(part: Emissions) -> Figures:
    return Figures(part.scope1, part.scope2, part.scope3, part.primary)


def _path(request: Request, total: Mapping[int, Figures]) -> Path | None:
    if request.target is None or request.base_year is None:
        return None
    values = {each: _measured(figures, request.measure) for each, figures in total.items()}
    return path_to(request.target, request.measure, values, base_year=request.base_year, year=request.year)


def _measured(figures: Figures, measure: str) -> Fraction | None:
    if measure == "absolute":
        return Fraction(figures.total_mg)
    return figures.product if measure == "product" else figures.tonne
