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
from tests.scale.shapes import PURE, Shape
from tests.scale.stored import StoredChain, Writer

SHAPES: dict[str, Shape] = {**PURE, "mixed": mixed}


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
    asked = SHAPES[shape](ledger, Random(f"{shape}/{size}/{seed}"), size)
    figures = {f"{lot.creator}/{lot.name}": figures_of(ledger, lot) for lot in asked}
    ids = {f"{lot.creator}/{lot.name}": str(lot.id) for lot in asked}
    contracts = {name: where.hex() for name, where in known.contracts.items()}
    writer.finish({
        "shape": shape, "size": str(size), "events": str(ledger.events),
        "asked": json.dumps(ids), "figures": json.dumps(figures), "contracts": json.dumps(contracts),
    })  # fmt: skip
    return StoredChain(writer.database), ledger


def figures_of(ledger: Ledger, lot: Lot) -> dict[str, object]:
    """What the plain walk says of a lot."""
    return Walk(ledger.history, lot.id, lot.made, list(lot.substances)).told()
