"""How much building a proof asks of the index: as much for a long lineage as for a short one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.stored import SealedChain
from tests.proofs.support import check
from tests.scale import asking
from tests.scale.making import make
from traceledger.index.database import Database
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.reading import IndexReader
from traceledger.proofs.build.builder import Request, export
from traceledger.provenance import lineage


class Counting(Database):
    """An index file that counts what it is asked."""

    asked = 0

    def all(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        self.asked += 1
        return super().all(query, values)


def asked_while_building(shape: str, size: int, folder: Path) -> int:
    stored, _ = make(shape, size)
    path = folder / f"{size}.db"
    asking.indexed(stored, path).close()
    database = Counting(path)
    index: Any = IndexReader(database, AS_RECORDED)
    batch = next(iter(asking.asked(stored).values()))
    chain: Any = SealedChain(stored, lineage(index, batch).replayed)
    database.asked = 0
    file = io.BytesIO()
    made = export(file, Request(batch, chain.head()), chain, index, chain.contracts)
    asked = database.asked
    database.close()
    assert check(file.getvalue(), chain.trust_root()).measured.events == made.events
    return asked


@pytest.mark.parametrize("shape", ["comb", "mixed"])
def test_a_longer_lineage_asks_the_index_no_more(shape: str, tmp_path: Path) -> None:
    # Both name all companies and sites, each of which is asked for by itself.
    short, long = (asked_while_building(shape, size, tmp_path) for size in (200, 400))
    assert long == short
