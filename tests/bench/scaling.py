"""The tables of docs/scaling.md, from measured gas and what ``scripts/bench`` found.

``python -m tests.bench.scaling`` writes them; a test compares the page with what this makes of the files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import gas
from tests.bench.figures import RESULTS, ROOT, Figure, Section, Size, saved
from traceledger.network.found import DEFAULT_GAS_LIMIT

PAGE = ROOT / "docs" / "scaling.md"
MIX = {
    "mint": 13,
    "ship one batch": 28,
    "receive one batch": 26,
    "transform 2 to 1, both in full": 25,
    "split one off": 3,
    "add emissions": 2,
    "retire": 3,
}
"""Of a hundred operations on batches, as in the example and its year; rare ones are left out."""
SECONDS = (1, 2, 5)
LIMITS = (30_000_000, DEFAULT_GAS_LIMIT)
MANY = 10**8
DAY = 86_400
FULL = 80
"""Of a hundred parts of block space, those that are counted on."""
_PART = re.compile(r"(<!-- (\w+): .*? -->\n).*?(<!-- end -->)", re.DOTALL)


def average_gas() -> int:
    """What an operation of the mix takes."""
    known = {figure.what: figure.ours for figure in gas.measure(Size.FULL)}
    return round(sum(known[what] * parts for what, parts in MIX.items()) / sum(MIX.values()))


def space() -> Iterator[str]:
    """How many operations a day fit into blocks."""
    each = average_gas()
    yield "| gas limit of a block | blocks every | operations a block | a second | a day | 10⁸ take |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for limit in LIMITS:
        for seconds in SECONDS:
            fit = limit * FULL // 100 // each
            daily = fit * DAY // seconds
            cells = (f"{limit:,}", f"{seconds} s", f"{fit:,}", f"{fit / seconds:,.0f}")
            yield f"| {' | '.join(cells)} | {daily / 1e6:,.1f} million | {MANY / daily:,.1f} days |"


def mix() -> Iterator[str]:
    """What an operation takes, and how often it occurs."""
    known = {figure.what: figure.ours for figure in gas.measure(Size.FULL)}
    yield "| of a hundred | operation | gas |"
    yield "| ---: | --- | ---: |"
    for what, parts in MIX.items():
        yield f"| {parts} | {what} | {known[what]:,.0f} |"
    yield f"| 100 | on average | {average_gas():,} |"


def needs() -> Iterator[str]:
    """What 10⁸ events need, by what the largest runs measured."""
    found = saved(RESULTS)
    yield "| of 10⁸ events | measured, each | makes |"
    yield "| --- | ---: | ---: |"
    if index := largest(found, "index", "index, tree"):
        size = index.more["bytes an event"]
        yield f"| index: file | {size:,.0f} bytes | {size * MANY / 1e9:,.0f} GB |"
        yield f"| index: from zero, one process | {index.each:,.0f} µs | {hours(index.each)} |"
    if bulk := largest(found, "embedded", "bulk, 100 a block"):
        size = bulk.more["bytes an operation"]
        yield f"| embedded chain: file, state included | {size:,.0f} bytes | {size * MANY / 1e9:,.0f} GB |"
        yield f"| embedded chain: recording | {bulk.each:,.0f} µs | {hours(bulk.each)} |"
    if trace := largest(found, "trace", "trace up, tree"):
        yield f"| trace of one batch over all of them | {trace.each:,.0f} µs | {hours(trace.each)} |"
    if proof := largest(found, "proofs", "verify, large"):
        size = proof.more["bytes an event"]
        yield f"| proof file of all of them | {size:,.0f} bytes | {size * MANY / 1e9:,.0f} GB |"
        yield f"| verifying it | {proof.each:,.0f} µs | {hours(proof.each)} |"


def largest(found: dict[str, Section], section: str, what: str) -> Figure | None:
    """Of the sizes at which something was measured, the largest."""
    figures = [each for each in found[section].figures if each.what == what] if section in found else []
    return max(figures, key=lambda figure: figure.size, default=None)


def hours(micros: float) -> str:
    """What so many microseconds an event come to."""
    whole = micros * MANY / 1e6 / 3600
    return f"{whole:,.1f} h" if whole < 72 else f"{whole / 24:,.0f} days"


PARTS: dict[str, Callable[[], Iterator[str]]] = {"mix": mix, "space": space, "needs": needs}


def written(page: str) -> str:
    """The page with its tables as they are now."""

    def part(found: re.Match[str]) -> str:
        return found[1] + "\n" + "\n".join(PARTS[found[2]]()) + "\n\n" + found[3]

    return _PART.sub(part, page)


def main(path: Path = PAGE) -> None:
    """Write the tables anew."""
    path.write_text(written(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
