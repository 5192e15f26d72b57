"""Traces up and down, of every shape, beside a recursive query that only finds the batches."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Figure, Size
from tests.bench.prepared import chain, indexed
from tests.bench.timing import alternating

TITLE = "Traces"
ABOUT = """\
One batch, in a new process over an index that is there: origin shares of every substance, the footprint
with all its breakdowns, what is traced, counts. Seconds of the processor from the question to the answer;
opening the index is in *whole process*. The floor is one recursive SQL query over a table of edges, with
the same SQLite, that finds which batches are upstream (downstream), and nothing else."""
SIZES = {
    Size.QUICK: {"tree": (1000, 5000), "tank": (1000,), "comb": (1000,), "wide": (1000,), "mixed": (1000,)},
    Size.FULL: {
        "tree": (1000, 10_000, 100_000, 1_000_000),
        **dict.fromkeys(("tank", "comb", "wide", "mixed"), (1000, 10_000, 100_000)),
    },
}

SHALLOW = ("tree", "mixed")
"""Where little is made of any one origin."""


def measure(size: Size) -> Iterator[Figure]:
    """Each shape and size, up and down."""
    for shape, sizes in SIZES[size if size is Size.QUICK else Size.FULL].items():
        for events in sizes:
            if events <= size.most:
                yield from _of(shape, events, 1 if size is Size.QUICK or events > 10_000 else 3)


def _of(shape: str, events: int, rounds: int) -> Iterator[Figure]:
    of = chain(shape, events)
    index = indexed(of)
    for way, work, floor, batch, node in (
        ("up", "trace", "up", of.batch, of.node),
        ("down", "impact", "down", of.origin, of.origin_node),
    ):
        if way == "down" and shape in SHALLOW:
            continue
        ours, theirs = alternating(rounds, (work, of.path, index, batch), (floor, of.path, node))
        yield Figure(
            what=f"trace {way}, {shape}",
            size=int(ours["found"]),
            ours=ours["seconds"],
            unit="s",
            peer="recursive SQL",
            theirs=theirs["seconds"],
            wanted="<= 6" if way == "up" else "",
            of="batches",
            more={"whole process s": ours["process_seconds"], "memory MB": ours["memory_mb"]},
        )
