"""What was measured, as a page: docs/benchmarks/README.md, with a picture of each curve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.charts import chart, series_of
from tests.bench.figures import Figure, Section, Size

HEAD = """\
# Benchmarks

Written by `scripts/bench`, from the results beside it (a `.json` each section). Every figure stands beside
a peer or a floor that was measured in the same run, in turn with it; the *ratio*, ours over theirs, is what
to quote. Times are the processor's unless a row says otherwise, medians where several rounds were run.

`scripts/bench --quick` takes under two minutes and prints; `scripts/bench --full` writes these pages,
section by section (`scripts/bench --full index trace` only those), and what other sections had found stays.
"""

MISSED = 4
"""Rows of a section that are named where they are not as wanted."""


def write(folder: Path, sections: Mapping[str, Section], told: Mapping[str, tuple[str, str]]) -> None:
    """The page and its pictures.

    Args:
        folder: where to.
        sections: what was measured, by name.
        told: of each section its title, and what is measured how; in this order they stand.
    """
    parts = [HEAD, *_missed(sections)]
    for name, (title, about) in told.items():
        if name in sections:
            parts.append("\n".join(_section(folder, sections[name], title, about)))
    (folder / "README.md").write_text("\n".join(parts), "utf-8")


def _missed(sections: Mapping[str, Section]) -> list[str]:
    """What is not as it is wanted, before all else: of each section the rows farthest from it."""
    rows = []
    for section in sections.values():
        missed = sorted(filter(lambda figure: figure.holds is False, section.figures), key=_distance)
        for figure in missed[-MISSED:][::-1]:
            size = f", {figure.size:,} {figure.of}" if figure.size else ""
            rows.append(f"- {section.name}: {figure.what}{size}: {ratio(figure)} (wanted {figure.wanted})")
        if len(missed) > MISSED:
            rows.append(f"- {section.name}: and {len(missed) - MISSED} more")
    return ["What is not yet as it should be:\n", *rows, ""] if rows else []


def _distance(figure: Figure) -> float:
    """How far a ratio is from what is wanted, as a factor above 1."""
    limit, found = float(figure.wanted.split()[1]), figure.ratio or 1.0
    return max(found / limit, limit / found)


def _section(folder: Path, section: Section, title: str, about: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield about + "\n"
    yield from table(section.figures)
    yield ""
    if section.size is not Size.QUICK:
        for unit, lines in _curves(section.figures).items():
            name = f"{section.name}{'' if len(_curves(section.figures)) == 1 else '-' + unit}"
            drawn = chart(
                name,
                f"{title}: what one of the size costs",
                lines,
                "µs each" if unit == "s" else f"millionths of {unit} each",
            )
            (folder / f"{name}.svg").write_text(drawn + "\n", "utf-8")
            yield f"![{title}: cost each by size]({name}.svg)\n"
    machine = section.machine
    yield (
        f"<sub>{section.when}, {machine['commit']}; {machine['processors']} of {machine['processor']}, "
        f"{machine['memory']}, {machine['system']}, Python {machine['python']}, SQLite {machine['sqlite']}; "
        f"load at the end {machine['load']}.</sub>\n"
    )


def _curves(figures: Sequence[Figure]) -> dict[str, list]:  # type: ignore[type-arg]
    found = {}
    for unit in dict.fromkeys(figure.unit for figure in figures):
        if lines := series_of([figure for figure in figures if figure.unit == unit]):
            found[unit] = lines
    return found


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Rows of Markdown, ratios first."""
    yield "| ratio | wanted | what | size | ours | peer | theirs | besides |"
    yield "| ---: | --- | --- | ---: | ---: | --- | ---: | --- |"
    for each in figures:
        size = f"{each.size:,} {each.of}" if each.size else ""
        theirs = amount(each.theirs, each.unit) if each.theirs else ""
        cells = (
            *(ratio(each), each.wanted, each.what, size, ours(each), each.peer, theirs),
            ", ".join(f"{value:,.4g} {name}" for name, value in each.more.items()),
        )
        yield f"| {' | '.join(cells)} |"


def ratio(figure: Figure) -> str:
    """Ours over theirs; marked where it is not as wanted."""
    if figure.ratio is None:
        return ""
    return f"{figure.ratio:,.3g}{' **!**' if figure.holds is False else ''}"


def ours(figure: Figure) -> str:
    """What it took, and what one of the size did."""
    whole = amount(figure.ours, figure.unit)
    return f"{whole} ({figure.each:,.3g} µs each)" if figure.size and figure.unit == "s" else whole


def amount(value: float, unit: str) -> str:
    """Seconds as milliseconds where there are few."""
    if unit == "s" and value < 1:
        return f"{value * 1000:,.3g} ms"
    return f"{value:,.4g} {unit}"
