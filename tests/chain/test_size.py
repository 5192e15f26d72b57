"""How much an operation takes in the file of an embedded chain, and that nothing in it is kept twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.clients import new_client, write

_MINT = {
    **{"op": "mint", "as": "mine", "material": "ore", "facility": "pit", "mass": "1 t", "origin": "mined"},
    **{"substances": {"Co": "300 kg"}, "emissions": {"scope1": "3 t"}, "at": "2026-02-01T00:00:00Z"},
}
_BEGINNING = [
    {"op": "define_material", "material": "ore", "name": "Cobalt ore", "substances": ["Co"]},
    {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "CD"}
    | {"roles": ["producer"]},
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "10000 t"},
]


def test_bytes_an_operation(tmp_path: Path) -> None:
    with new_client(tmp_path / "net") as client:
        client.create_key("mine")
        client.submit(write(tmp_path / "begin.jsonl", _BEGINNING))
        chain = client.network.chain_file
        before, first = _bytes(chain), client.chain.head().number
        client.submit(write(tmp_path / "many.jsonl", [{**_MINT, "batch": f"M-{at}"} for at in range(200)]))
        in_bulk, blocks = (_bytes(chain) - before) / 200, client.chain.head().number - first
        before = _bytes(chain)
        for at in range(20):
            client.submit(write(tmp_path / "one.jsonl", [{**_MINT, "batch": f"S-{at}"}]))
        alone = (_bytes(chain) - before) / 20
    assert blocks <= 3
    assert in_bulk < 1_800  # 2.4 kB at 10,000 operations, as the tries grow
    assert alone < 8_000
    with closing(sqlite3.connect(chain)) as connection:
        (nodes, different) = connection.execute("SELECT count(*), count(DISTINCT value) FROM node").fetchone()
    assert nodes < 1.01 * different


def _bytes(chain: Path) -> int:
    with closing(sqlite3.connect(chain)) as connection:
        ((pages,), (size,)) = (
            connection.execute(f"PRAGMA {each}").fetchone() for each in ("page_count", "page_size")
        )
    return int(pages * size)
