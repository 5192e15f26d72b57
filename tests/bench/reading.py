"""What readers of a large ledger wait for: a search, a list and its counts, the page of a batch, an audit."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figures import Figure, Size
from tests.bench.prepared import chain, indexed
from tests.bench.timing import alone

TITLE = "Reading"
ABOUT = """\
Documents of the explorer's pages and an audit, each in a new process over an index that is there: seconds of
the processor from the question to the JSON. *Page* is of the batch with most upstream, *of the tank* of a
batch that was drawn from again and again. A declaration stands beside the trace that is part of it; an audit,
and a lineage as a document of EPCIS, beside what they cannot do without: reading and decoding every event."""
SIZES = {Size.QUICK: (1000,), Size.FULL: (1000, 10_000, 100_000)}
LIMITS = {"search": 0.05, "page": 3.0}
"""What a reader may wait, s, of the processor."""


def measure(size: Size) -> Iterator[Figure]:
    """Each size, of the tree and of the tank."""
    for events in SIZES[size]:
        tree, tank = chain("tree", events), chain("tank", events)
        index = indexed(tree)
        for what, said, limit in (
            ("search", alone("search", tree.path, index, "M-1"), "search"),
            ("list of batches with counts", alone("counted", tree.path, index), "search"),
            ("page of a batch, tree", alone("page", tree.path, index, tree.batch), "page"),
            ("page of the tank", alone("page", tank.path, indexed(tank), tank.origin), "page"),
        ):
            yield Figure(
                what, events, said["seconds"], "s", "its limit", LIMITS[limit], "<= 1",
                more={"memory MB": said["memory_mb"], "kB": said["bytes"] / 1000},
            )  # fmt: skip
        for shape, of in (("tree", tree), ("tank", tank)):
            place = of.path, indexed(of)
            trace, floor = alone("trace", *place, of.batch), alone("decoded", *place)
            for what, ours, peer, beside in (
                ("declaration", alone("declaration", *place, of.batch), "a trace", trace),
                ("lineage as EPCIS", alone("epcis", *place, of.batch), "decoding all events", floor),
                ("audit", alone("audit", *place), "decoding all events", floor),
            ):
                yield Figure(
                    f"{what}, {shape}", of.events, ours["seconds"], "s", peer, beside["seconds"],
                    more={"memory MB": ours["memory_mb"]},
                )  # fmt: skip
