"""geth's development chain: a newer fork than consortium networks use, EIP-1559 fees, and proofs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rlp

from tests.chain.support import ALICE, address_of, deploy, word, write
from tests.conftest import require_tool
from tests.network.live import until
from tests.programs import running
from traceledger.chain.rpc.chain import RpcChain
from traceledger.model.hexadecimal import hexed
from traceledger.model.patience import Patience
from traceledger.network.node_questions import ask

pytestmark = pytest.mark.real("geth")

CHAIN_ID = 1337
FEES = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    command = [require_tool("geth"), "--dev", "--datadir", str(tmp_path / "data"), "--ipcdisable"]
    command += ["--http", "--http.port", "0", "--nodiscover", "--port", "0", "--dev.period", "1"]
    pattern = r"HTTP server started\s+endpoint=(127\.0\.0\.1:\d+)"
    with running(command, tmp_path / "geth.log", pattern) as address:
        yield f"http://{address}"


def test_both_kinds_of_transactions(url: str) -> None:
    (rich,) = ask(url, "eth_accounts")
    gift = {"from": rich, "to": hexed(address_of(ALICE)), "value": hex(10**18)}
    ask(url, "eth_sendTransaction", gift)
    until(lambda: ask(url, "eth_getBalance", gift["to"], "latest") != "0x0", "the gift", 60)
    with RpcChain.connect(url, expected_chain_id=CHAIN_ID, patience=Patience(idle=30)) as chain:
        (made,) = chain.send([deploy(ALICE, chain_id=CHAIN_ID, **FEES)])
        assert made.contract is not None
        chain.send(
            [
                write(ALICE, 1, made.contract, 1, 10, chain_id=CHAIN_ID, gasPrice=10**10),
                write(ALICE, 2, made.contract, 2, 20, chain_id=CHAIN_ID, **FEES),
            ]
        )
        blocks = list(chain.blocks(0, chain.head().number))
        sent = [item for block in blocks for item in block.transactions]
        assert [item.sender for item in sent[1:]] == [address_of(ALICE)] * 3
        assert all(item.succeeded for item in sent)
        assert [log.topics[1] for block in blocks for log in block.logs if log.topics] == [word(1), word(2)]
        assert len(rlp.decode(chain.header_rlp(1))) >= 17
        assert [slot.value for slot in chain.prove(made.contract, [1, 2, 3]).storage] == [10, 20, 0]
