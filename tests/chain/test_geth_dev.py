"""geth's development chain: a newer fork than consortium networks use, EIP-1559 fees, and proofs."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import rlp

from tests.chain.support import ALICE, address_of, deploy, word, write
from tests.conftest import require_tool
from traceledger.chain.rpc.chain import RpcChain
from traceledger.model.hexadecimal import hexed
from traceledger.model.patience import Patience
from traceledger.network.rpc import ask

pytestmark = pytest.mark.real("geth")

CHAIN_ID = 1337
FEES = {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 10**9}


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    log = tmp_path / "geth.log"
    command = [require_tool("geth"), "--dev", "--datadir", str(tmp_path / "data"), "--ipcdisable"]
    command += ["--http", "--http.port", "0", "--nodiscover", "--port", "0", "--dev.period", "1"]
    with (
        log.open("w+") as sink,
        subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield _endpoint(log, process)
        finally:
            process.terminate()


def _endpoint(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        found = re.search(r"HTTP server started\s+endpoint=(127\.0\.0\.1:\d+)", log.read_text())
        if found:
            return f"http://{found[1]}"
        if process.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"geth did not start: {log.read_text()}")


def test_both_kinds_of_transactions(url: str) -> None:
    (rich,) = ask(url, "eth_accounts")
    gift = {"from": rich, "to": hexed(address_of(ALICE)), "value": hex(10**18)}
    ask(url, "eth_sendTransaction", gift)
    until = time.monotonic() + 30
    while ask(url, "eth_getBalance", gift["to"], "latest") == "0x0" and time.monotonic() < until:
        time.sleep(0.2)
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
