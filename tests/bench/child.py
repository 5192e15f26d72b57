"""What is measured in a process of its own: ``python -m tests.bench.child WORK …`` prints a line of JSON.

``seconds`` are the processor's of the work alone; ``process_seconds`` those of the whole process, its start
and what it loads included; ``memory_mb`` the most that it held.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RUN = 100
"""Blocks that a floor reads and writes at a time."""
RAW = """\
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE block (number INTEGER PRIMARY KEY, hash
BLOB, parent BLOB, time INTEGER); CREATE TABLE log (block INTEGER, log INTEGER, address BLOB, topics BLOB,
data BLOB, PRIMARY KEY (block, log)); CREATE TABLE sent (block INTEGER, place INTEGER, hash BLOB, sender
BLOB, receiver BLOB, nonce INTEGER, input BLOB);
"""
_UP = """\
WITH RECURSIVE up (n) AS (VALUES (?) UNION SELECT edge.next FROM up JOIN edge ON edge.node = up.n)
SELECT count(*) FROM up WHERE n % 2 = 0
"""
_DOWN = """\
WITH RECURSIVE down (n) AS (VALUES (?) UNION SELECT edge.node FROM down JOIN edge ON edge.next = down.n)
SELECT count(*) FROM down WHERE n % 2 = 0
"""


def trace(chain: str, index: str, batch: str) -> dict[str, Any]:
    """All of one batch: shares, footprint, every breakdown."""
    with _index(chain, index) as opened:
        from traceledger.provenance import trace as traced

        begun = time.process_time()
        found = traced(opened, int(batch))
        sums = found.footprint.by_facility, found.footprint.by_stage, found.footprint.by_process
        return _took(begun, found=found.batches, places=sum(map(len, sums)), origins=len(found.origins))


def impact(chain: str, index: str, batch: str) -> dict[str, Any]:
    """All that was made of one batch."""
    with _index(chain, index) as opened:
        from traceledger.provenance import impact as reached

        begun = time.process_time()
        found = reached(opened, int(batch))
        return _took(begun, found=len(found.reached))


def page(chain: str, index: str, batch: str) -> dict[str, Any]:
    """The document of a batch's page."""
    with _index(chain, index) as opened:
        from traceledger.documents import explored
        from traceledger.provenance.troubles import judged

        begun = time.process_time()
        with opened.snapshot():
            traced, troubles = judged(opened, int(batch), records=True)
            document = explored.batch(opened, opened.batch(int(batch)), traced, troubles)
        return _took(begun, bytes=len(json.dumps(document)))


def search(chain: str, index: str, typed: str) -> dict[str, Any]:
    """What is found by a text."""
    with _index(chain, index) as opened:
        from traceledger.documents import searched

        begun = time.process_time()
        with opened.snapshot():
            document = searched.search(opened, typed, opened.head_block())
        return _took(begun, bytes=len(json.dumps(document)))


def counted(chain: str, index: str) -> dict[str, Any]:
    """The newest batches, and how many there are of each choice."""
    with _index(chain, index) as opened:
        from traceledger.documents import batches, explored
        from traceledger.index.listing_reader import COUNTED, Choice

        begun, listing, choice = time.process_time(), opened.listing, Choice()
        with opened.snapshot():
            newest = opened.many.batches_numbered(listing.listed(choice, most=50).numbers)
            counts, total = listing.counts(choice), listing.total(choice)
            facets = explored.facets(opened, explored.Facets(counts, total, COUNTED, listing.newest()))
            document = batches.batches(opened, newest) | {"facets": facets}
        return _took(begun, bytes=len(json.dumps(document)))


def declaration(chain: str, index: str, batch: str) -> dict[str, Any]:
    """The document of a batch's declaration."""
    with _index(chain, index) as opened:
        from traceledger.declaration import declare
        from traceledger.documents import declarations

        begun = time.process_time()
        document = declarations.declaration(declare(opened, int(batch)))
        return _took(begun, bytes=len(json.dumps(document)))


def epcis(chain: str, index: str, batch: str) -> dict[str, Any]:
    """All events of a batch's lineage as a document of EPCIS, written in pieces."""
    with _index(chain, index) as opened:
        from traceledger.interop.epcis.export import lineage

        begun = time.process_time()
        with opened.snapshot():
            size = sum(map(len, lineage(opened, int(batch)).text()))
        return _took(begun, bytes=size)


def audit(chain: str, index: str) -> dict[str, Any]:
    """An audit of everything."""
    with _index(chain, index) as opened:
        from traceledger.audit import audit as audited

        begun = time.process_time()
        with opened.snapshot():
            found = audited(opened)
        return _took(begun, found=len(found.found))


def decoded(chain: str, index: str) -> dict[str, Any]:
    """Read and decode every event of the batch ledger, and keep none."""
    with _index(chain, index) as opened:
        begun, after, found = time.process_time(), -1, 0
        while places := opened.many.places_after(after, 1000):
            found, after = found + len(opened.many.events(places)), places[-1]
        return _took(begun, found=found)


def up(chain: str, node: str) -> dict[str, Any]:
    """A recursive query that only finds the ancestors."""
    return _queried(chain, _UP, node)


def down(chain: str, node: str) -> dict[str, Any]:
    """A recursive query that only finds what was made of it."""
    return _queried(chain, _DOWN, node)


def index(chain: str, path: str) -> dict[str, Any]:
    """Index a stored chain from zero."""
    from tests.scale import asking
    from tests.scale.stored import StoredChain

    stored = StoredChain.open(chain)
    begun = time.process_time()
    with asking.indexed(stored, Path(path)):
        took = time.process_time() - begun
    return _said(took, bytes=_size(path), twice=sum(count > 1 for count in stored.asked.values()))


def raw(chain: str, path: str) -> dict[str, Any]:
    """Read the same blocks, and insert what is in them as it is."""
    from tests.scale.stored import StoredChain

    stored = StoredChain.open(chain)
    head = stored.head().number
    begun = time.process_time()
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(RAW)
    for first in range(0, head + 1, RUN):
        database.execute("BEGIN")
        for block in stored.blocks(first, min(first + RUN - 1, head)):
            _insert(database, block)
        database.execute("COMMIT")
    database.close()
    return _said(time.process_time() - begun, bytes=_size(path))


def read(chain: str) -> dict[str, Any]:
    """Read the same blocks, and keep nothing."""
    from tests.scale.stored import StoredChain

    stored = StoredChain.open(chain)
    begun = time.process_time()
    for _ in stored.blocks(0, stored.head().number):
        pass
    return _took(begun)


def verify(folder: str) -> dict[str, Any]:
    """A proof file, and after that its hashes and recoveries alone."""
    from tests.bench.proofs import bare
    from tests.proofs.support import batch_of
    from traceledger.proofs import load_trust_root
    from traceledger.proofs import verify as verified

    proof = Path(folder) / "proof"
    with proof.open("rb") as file:
        asked = batch_of(file.read(4096))
    trusted = load_trust_root(Path(folder) / "root.json")
    begun = time.process_time()
    verified(proof, asked, trusted)
    found = _took(begun)
    alike = bare(lambda: verified(proof, asked, trusted))
    begun = time.process_time()
    alike()
    return found | {"verifying": found["seconds"], "bare": time.process_time() - begun}


def _insert(database: sqlite3.Connection, block: Any) -> None:
    ref = block.ref
    row = (ref.number, ref.hash, ref.parent_hash, ref.timestamp)
    database.execute("INSERT INTO block VALUES (?, ?, ?, ?)", row)
    logs = [(ref.number, log.index, log.address, b"".join(log.topics), log.data) for log in block.logs]
    database.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?)", logs)
    sent = [
        (ref.number, each.index, each.hash, each.sender, each.to, each.nonce, each.input)
        for each in block.transactions
    ]
    database.executemany("INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?, ?)", sent)


def _queried(chain: str, query: str, node: str) -> dict[str, Any]:
    database = sqlite3.connect(f"file:{chain}?mode=ro", uri=True)
    begun = time.process_time()
    (found,) = database.execute(query, (int(node),)).fetchone()
    return _took(begun, found=found)


def _index(chain: str, index: str) -> Any:
    from tests.scale import asking
    from tests.scale.stored import StoredChain
    from traceledger.index import Index

    return Index.open(Path(index), asking.follows(StoredChain.open(chain)))


def _size(path: str) -> int:
    return sum(each.stat().st_size for each in Path(path).parent.glob(f"{Path(path).name}*"))


def _took(begun: float, **more: float) -> dict[str, Any]:
    return _said(time.process_time() - begun, **more)


def _said(seconds: float, **more: float) -> dict[str, Any]:
    most = next(
        (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")),
        f"- {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}",
    )
    memory = int(most.split()[1]) / 1024
    return {"seconds": seconds, "process_seconds": time.process_time(), "memory_mb": memory} | more


WORKS: dict[str, Callable[..., dict[str, Any]]] = {
    work.__name__: work
    for work in (
        trace,
        impact,
        page,
        declaration,
        epcis,
        search,
        counted,
        audit,
        decoded,
        up,
        down,
        index,
        raw,
        read,
        verify,
    )
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:])) + "\n")
