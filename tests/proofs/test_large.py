"""Proofs of a synthetic chain: as large as one likes, and in as little memory as is said."""

from __future__ import annotations

import io
from pathlib import Path

from tests.index.support import DEPLOYED, indexed
from tests.proofs.support import check
from tests.proofs.synthetic import ProvenChain, busy_world
from traceledger.proofs.builder import Request, export
from traceledger.provenance import lineage


def test_a_batch_with_many_takes_upstream_is_complete(tmp_path: Path) -> None:
    world, batch = busy_world(400, batches=20)
    index = indexed(tmp_path / "index.db", world)
    chain = ProvenChain(world, lineage(index, batch).nodes)
    file = io.BytesIO()
    exported = export(file, Request(batch, chain.head()), chain, index, DEPLOYED)  # type: ignore[arg-type]
    verified = check(file.getvalue(), chain.trust_root())
    assert exported.events == verified.measured.events > 300
    assert verified.measured.batches == exported.batches
    index.close()
