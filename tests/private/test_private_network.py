"""Private fields over JSON-RPC: the same through the outbox, killed and resumed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients import client_of, write
from tests.private_chain import SECRETS, operations
from tests.rpc_networks import anvil, deployed
from tests.sending.elsewhere import finished, kill_again_and_again, submit_elsewhere
from traceledger.model.commitments import FieldKind

AT = "2026-04-01T00:00:00Z"
PARTS = 25


@pytest.mark.real("anvil")
def test_killed_while_sending_each_line_runs_once(tmp_path: Path) -> None:
    parts = [
        {
            "op": "split",
            "as": "s-1",
            "batch": "KOL-2026-0117",
            "into": [{"batch": f"PART-{number}", "mass": "1 kg"}],
            "at": AT,
            "private": True,
        }
        for number in range(PARTS)
    ]
    path = write(tmp_path / "ops.jsonl", [*operations(), *parts])
    with anvil(tmp_path / "anvil") as url:
        deployed(tmp_path / "here", [url]).close()
        kill_again_and_again(tmp_path / "here", path, ((2, 20), (2, 60), (2, 100)))
        finished(submit_elsewhere(tmp_path / "here", path))
        with client_of(tmp_path / "here") as client:
            client.sync()
            assert len(client.index.batches()) == 4 + PARTS
            made = [each.text for each in client.disclosures.all() if each.kind is FieldKind.BATCH]
            assert len(made) == len(set(made)) == 3 + PARTS
            blocks = client.chain.blocks(1, client.chain.head().number)
            content = b"".join(each.input for block in blocks for each in block.transactions)
            assert not [secret for secret in SECRETS if secret.encode() in content]
            assert client.trace("kokkola/COS-88").origins[0].batch == "s-1/KOL-2026-0117"
