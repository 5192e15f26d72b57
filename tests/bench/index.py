"""Indexing from stored blocks, beside reading the same blocks and inserting what is in them as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, Size
from tests.bench.prepared import FOLDER, chain
from tests.bench.timing import alternating

TITLE = "Index"
ABOUT = """\
From block 0 of a stored chain to its head, in a new process. The floor reads the same blocks and inserts
blocks, transactions and logs as they are, in one table each with a primary key, a hundred blocks a
transaction of SQLite."""
SIZES = {
    Size.QUICK: {"tree": (1000, 5000), "mixed": (1000,)},
    Size.FULL: {"tree": (1000, 10_000, 100_000, 1_000_000), "mixed": (1000, 10_000, 100_000)},
}


def measure(size: Size) -> Iterator[Figure]:
    """Each shape and size."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for shape, sizes in SIZES[size if size is Size.QUICK else Size.FULL].items():
        for events in sizes:
            if events <= size.most:
                yield _of(shape, events, 1 if size is Size.QUICK or events > 10_000 else 3)


def _of(shape: str, events: int, rounds: int) -> Figure:
    of, found = chain(shape, events), []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=FOLDER) as name:
            made, floor = Path(name) / "index", Path(name) / "raw"
            found.append(alternating(1, ("index", of.path, made), ("raw", of.path, floor)))
    ours, theirs = sorted(found, key=lambda pair: pair[0]["seconds"])[rounds // 2]
    return Figure(
        what=f"index, {shape}",
        size=of.events,
        ours=ours["seconds"],
        unit="s",
        peer="reading, and inserting raw rows",
        theirs=theirs["seconds"],
        wanted="<= 2.5",
        more={
            "bytes an event": ours["bytes"] / of.events,
            "events a second": of.events / ours["seconds"],
            "blocks read twice": ours["twice"],
            "memory MB": ours["memory_mb"],
        },
    )
