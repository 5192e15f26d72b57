"""The sections of ``scripts/bench``, in the order in which they are measured and told."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from tests.bench import report
from tests.bench.absent import Absent
from tests.bench.figures import Figure, Size

NAMES = (
    "index",
    "trace",
    "peers",
    "sending",
    "embedded",
    "proofs",
    "gas",
    "reading",
    "serving",
    "startup",
    "names",
)
TOLD = {
    name: (module.TITLE, module.ABOUT) for name in NAMES for module in (import_module(f"tests.bench.{name}"),)
}
"""Of each its title, and what it measures how."""


def measure(name: str, size: Size) -> Iterator[Figure]:
    """The figures of a section, each as soon as it is there.

    Raises:
        Absent: a program that it needs is not there.
    """
    yield from import_module(f"tests.bench.{name}").measure(size)


def line(figure: Figure) -> str:
    """A figure in a line, its ratio first."""
    ratio = report.ratio(figure).replace("*", "") or "-"
    size = f", {figure.size:,} {figure.of}" if figure.size else ""
    beside = f" | {figure.peer} {report.amount(figure.theirs, figure.unit)}" if figure.theirs else ""
    more = "".join(f", {value:,.4g} {name}" for name, value in figure.more.items())
    wanted = f" (wanted {figure.wanted})" if figure.wanted else ""
    return f"{ratio:>8}{wanted}  {figure.what}{size}: {report.ours(figure)}{more}{beside}"


__all__ = ["NAMES", "TOLD", "Absent", "line", "measure"]
