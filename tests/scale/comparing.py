"""``python -m tests.scale.comparing SIZE [SHAPE…]``: traces of large chains beside independent calculations.

By shape: what differs from the plain walk (exactly) and from operations carried forward (in floats), and what
an ancestor, or an event where there are more of these, costs beside one of a hundredth of the size.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.scale import asking
from tests.scale.agreeing import differing
from tests.scale.forward import Forward
from tests.scale.making import ALL, make
from traceledger.index import Index
from traceledger.provenance import trace

ROUNDS = 3
"""Traces of which the fastest counts."""


def compared(shape: str, size: int) -> Iterator[str]:
    """What differs, and what it costs, in words."""
    with tempfile.TemporaryDirectory() as folder:
        chain, ledger = make(shape, size, Path(folder) / "chain", scripted=True)
        asked = asking.asked(chain)
        forward = Forward(ledger.script or (), asked=asked, exact=False)
        expected = asking.expected(chain)
        del ledger
        with asking.indexed(chain, Path(folder) / "index.sqlite") as index:
            for name, batch in asked.items():
                found = trace(index, batch)
                told = asking.told(found)
                off = [key for key, value in told.items() if value != expected[name][key]]
                yield f"{name}: plain walk {off or 'equal'}, forward {differing(found, forward) or 'equal'}"
            yield f"cost {cost(index, next(iter(asked.values()))):.2f} us"


def cost(index: Index, batch: int) -> float:
    """Microseconds of the processor for an ancestor, or an event, of which there are more."""
    least = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        found = trace(index, batch)
        least = min(least, (time.process_time() - begun) / max(found.batches, found.events))
    return least * 1e6


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, help="events")
    parser.add_argument("shapes", nargs="*", help="all, if none is named")
    given = parser.parse_args()
    for shape in given.shapes or ALL:
        for size in (given.size // 100, given.size):
            for line in compared(shape, size):
                sys.stdout.write(f"{shape} {size}: {line}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
