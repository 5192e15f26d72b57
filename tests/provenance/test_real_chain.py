"""The whole way: an operations file through the contracts on an embedded chain, to index and trace.

The reference model knows neither events nor index: it computes its figures from the operations.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reference.chains import build
from tests.reference.provenance import Replay, as_expected, full_name
from traceledger.client import PASSPHRASE, connect
from traceledger.networks import write_template


def test_traces_of_a_random_operations_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "only for this test")
    built = build(77, operations=140)
    path = tmp_path / "operations.jsonl"
    path.write_text("\n".join(map(json.dumps, built.ops)))
    with connect(config=write_template(tmp_path)) as client:
        client.deploy()
        client.submit(path, create_keys=True)
        replay = Replay(built.ledger)
        for name, batch in built.ledger.batches.items():
            figures, document = replay.figures(name), client.trace(full_name(name)).to_dict()
            assert as_expected(document, figures) == []
            assert (document["state"], document["custodian"]) == (batch.state, batch.custodian)
            assert int(document["mass_mg"]) == batch.pools.mass
            held = document["made_substances_mg"]
            shares = {(item["batch"], item["substance"]): item["share"] for item in document["origins"]}
            expected = {
                (full_name(o), s): float(part) for (o, s), part in figures.origins.items() if s in held
            }
            assert shares == expected
            assert document["traced_share"] == {s: float(figures.traced[s]) for s in held}
            assert document["recycled_content"] == {
                s: {kind: float(part) for kind, part in figures.recycled[s].items()} for s in held
            }
            assert document["tainted"] == figures.tainted
            assert document["batches"] == len(figures.upstream)
