"""Makes a chain of a shape and size, with what must be computed of the batches to ask about."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from tests.scale.figures import Walk
from tests.scale.founding import found, parties
from tests.scale.ledger import Ledger
from tests.scale.lots import Lot, Parties
from tests.scale.mixed import mixed
from tests.scale.nasty_shapes import NASTY
from tests.scale.odd_shapes import ODD, found_more
from tests.scale.shapes import PURE, Shape
from tests.scale.stored import StoredChain, Writer

SHAPES: dict[str, Shape] = {**PURE, "mixed": mixed}
"""What is measured."""
ALL = {**SHAPES, **ODD, **NASTY}


def make(
    shape: str,
    size: int,
    path: Path | str = ":memory:",
    *,
    seed: int = 0,
    of: Parties | None = None,
    scripted: bool = False,
) -> tuple[StoredChain, Ledger]:
    """A chain of that shape: about so many events, of ``wide`` batches; in memory where no file is named.

    Returns:
        The chain, and the ledger that wrote it. ``tests.scale.asking`` says what to ask, and what is right.
    """
    known = of or parties()
    writer = Writer(path)
    ledger = Ledger(writer, known, scripted=scripted)
    found(ledger)
    if shape in ODD or shape in NASTY:
        found_more(ledger)
    asked = ALL[shape](ledger, Random(f"{shape}/{size}/{seed}"), size)
    figures = {f"{lot.creator}/{lot.name}": figures_of(ledger, lot) for lot in asked}
    nodes = write_edges(writer, ledger)
    first = next(event[2] for event in ledger.history if event[0] == "mint")
    ids = {f"{lot.creator}/{lot.name}": str(lot.id) for lot in asked}
    contracts = {name: where.hex() for name, where in known.contracts.items()}
    writer.finish({
        "shape": shape, "size": str(size), "events": str(ledger.events),
        "asked": json.dumps(ids), "figures": json.dumps(figures), "contracts": json.dumps(contracts),
        "nodes": json.dumps([nodes[lot.id] for lot in asked]),
        "origin": json.dumps([str(first), nodes[first]]),
    })  # fmt: skip
    return StoredChain(writer.database), ledger


def figures_of(ledger: Ledger, lot: Lot) -> dict[str, object]:
    """What the plain walk says of a lot."""
    return Walk(ledger.history, lot.id, lot.made, list(lot.substances)).told()


def write_edges(writer: Writer, ledger: Ledger) -> dict[int, int]:
    """A table of which batch was made by what, of which batches: for queries that only find those.

    Batches have even numbers, which are returned by their ids, and what made batches of others odd ones.
    """
    database = writer.database
    database.execute("CREATE TABLE edge (node INTEGER, next INTEGER, PRIMARY KEY (node, next)) WITHOUT ROWID")
    nodes: dict[int, int] = {}
    for place, event in enumerate(ledger.history):
        made = 2 * place + 1
        if event[0] == "mint":
            nodes[event[2]] = 2 * len(nodes)
        elif event[0] in ("split", "run"):
            outputs = event[3] if event[0] == "split" else event[8]
            inputs = [event[2]] if event[0] == "split" else [each[0] for each in event[7]]
            for each in outputs:
                nodes[each[0]] = 2 * len(nodes)
            rows = [(nodes[each[0]], made) for each in outputs]
            rows += [(made, nodes[batch]) for batch in inputs]
            database.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?)", rows)
    database.execute("CREATE INDEX edge_back ON edge (next, node)")
    return nodes
