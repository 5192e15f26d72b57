"""How cost grows with size, as pictures: a line for each kind of work, drawn as the explorer's charts are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from tests.bench.figures import Figure
from traceledger.languages import ENGLISH
from traceledger.pages.charts.marks import Curve, Dot, Line, Mark, Picture, Text
from traceledger.pages.charts.svg import svg

LEFT, TOP, WIDTH, HEIGHT, RIGHT = 70, 16, 430, 260, 220
LEAST = 2
"""Sizes that make a curve."""
COLOURS = ("own", "more", "inherited", "scope3", "rest", "wrong")


@dataclass(frozen=True)
class Series:
    """One line: what it is of, and what one of the size cost at each size, millionths of the unit."""

    name: str
    points: tuple[tuple[int, float], ...]


def series_of(figures: Sequence[Figure]) -> list[Series]:
    """The lines of a section: of each work that was measured at several sizes."""
    found = []
    for what in dict.fromkeys(figure.what for figure in figures):
        points = sorted((each.size, each.each) for each in figures if each.what == what and each.size)
        if len(points) >= LEAST:
            found.append(Series(what, tuple(points)))
    return found + _floor(figures, found[:1])


def _floor(figures: Sequence[Figure], first: Sequence[Series]) -> list[Series]:
    """What the first of them stands beside."""
    found = []
    for each in first:
        those = [figure for figure in figures if figure.what == each.name and figure.size and figure.theirs]
        points = sorted((figure.size, figure.theirs / figure.size * 1e6) for figure in those)
        if len(points) == len(each.points):
            found.append(Series(f"{those[0].peer} ({each.name.rpartition(' ')[2]})", tuple(points)))
    return found


def chart(name: str, title: str, series: Sequence[Series], unit: str) -> str:
    """A picture with both axes logarithmic: where a line is level, cost grows as the size does."""
    sizes = [size for each in series for size, _ in each.points]
    costs = [cost for each in series for _, cost in each.points]
    across = _Scale(min(sizes), max(sizes), LEFT, LEFT + WIDTH)
    up = _Scale(min(costs), max(costs), TOP + HEIGHT, TOP)
    marks: list[Mark] = [*_grid(across, up, unit)]
    for place, each in enumerate(series):
        marks += _drawn(each, place, across, up)
    marks += _names(series, up)
    said = "; ".join(
        f"{each.name}: " + ", ".join(f"{cost:.3g} at {size:,}" for size, cost in each.points)
        for each in series
    )
    picture = Picture(
        name, title, f"{unit} by size. {said}.", LEFT + WIDTH + RIGHT, TOP + HEIGHT + 44, tuple(marks)
    )
    return str(svg(picture, ENGLISH, standalone=True))


class _Scale:
    """A logarithmic axis from one pixel to another, over whole powers of ten."""

    def __init__(self, least: float, most: float, begin: float, end: float) -> None:
        self.first = floor(log10(least) + 0.05)
        self.last = max(self.first + 1, ceil(log10(most) - 0.05))
        self._begin, self._end = begin, end

    def __call__(self, value: float) -> float:
        part = (log10(value) - self.first) / (self.last - self.first)
        return self._begin + part * (self._end - self._begin)

    @property
    def powers(self) -> list[int]:
        return list(range(self.first, self.last + 1))


def _grid(across: _Scale, up: _Scale, unit: str) -> Iterator[Mark]:
    for power in across.powers:
        x = across(10**power)
        yield Line(x, TOP, x, TOP + HEIGHT)
        yield Text(x, TOP + HEIGHT + 18, f"{10**power:,}", "figure", "middle")
    for power in up.powers:
        y = up(10.0**power)
        yield Line(LEFT, y, LEFT + WIDTH, y)
        yield Text(LEFT - 6, y + 4, f"{10.0**power:,g}", "figure", "end")
    yield Text(LEFT + WIDTH / 2, TOP + HEIGHT + 38, "size", "remark", "middle")
    yield Text(LEFT, TOP - 6, unit, "remark", "start")


def _drawn(series: Series, place: int, across: _Scale, up: _Scale) -> Iterator[Mark]:
    points = [(across(size), up(cost)) for size, cost in series.points]
    path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    yield Curve(path, "path" if place % 2 else "leader")
    for x, y in points:
        yield Dot(x, y, 4, COLOURS[place % len(COLOURS)])


def _names(series: Sequence[Series], up: _Scale) -> Iterator[Mark]:
    """Beside the last point of each line, none on another."""
    free = float(TOP)
    ends = sorted(enumerate(series), key=lambda one: up(one[1].points[-1][1]))
    for place, each in ends:
        y = max(free, up(each.points[-1][1]))
        free = y + 18
        yield Dot(LEFT + WIDTH + 16, y, 4, COLOURS[place % len(COLOURS)])
        yield Text(LEFT + WIDTH + 26, y + 4, each.name)
