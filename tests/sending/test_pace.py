"""How many transactions of one account are on their way."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.rpc_networks import CHAIN_ID, anvil, ask
from traceledger.chain.rpc.chain import RpcChain
from traceledger.model.keccak import keccak
from traceledger.model.patience import Patience
from traceledger.sending.accounts import BLOCK_SHARE
from traceledger.sending.delivery import Courier
from traceledger.sending.jobs import Job
from traceledger.sending.outbox import Outbox
from traceledger.sending.pipeline import Pipeline
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

pytestmark = pytest.mark.real("anvil")
SIGNER = LocalSigner(keccak(b"sends itself nothing"))
BLOCKS = 3


def job(number: int) -> Job:
    """The account sends itself a number."""
    account = SIGNER.address
    return Job(account, account, number.to_bytes(4, "big"), 30_000, account, 1, "nothing", "test")


def signed(job: Job, nonce: int) -> bytes:
    return sign(UnsignedTransaction(CHAIN_ID, nonce, job.gas, job.to, job.data), SIGNER)


def test_a_share_is_signed_upon_each_block(tmp_path: Path) -> None:
    """Neither all at once, nor the next only when the one before is final."""
    jobs = [job(number) for number in range(BLOCKS * BLOCK_SHARE)]
    with anvil(tmp_path / "anvil", "--no-mining") as url, RpcChain.connect(url) as chain:

        def run() -> None:
            genesis = chain.genesis_hash()
            with Outbox.open(tmp_path / "outbox", chain_id=CHAIN_ID, genesis_hash=genesis) as outbox:
                courier = Courier(chain, outbox, Patience(stalled=60.0))
                Pipeline(courier, signed, lambda _: 0).run(jobs)

        sending = threading.Thread(target=run, daemon=True)
        sending.start()
        for share in range(1, BLOCKS + 1):
            assert waiting(url, BLOCK_SHARE) == BLOCK_SHARE
            time.sleep(0.3)
            assert waiting(url, 0) == BLOCK_SHARE, share
            ask(url, "evm_mine")
        ask(url, "evm_mine")
        sending.join(60)
        assert not sending.is_alive()


def waiting(url: str, least: int) -> int:
    """How many transactions wait in the node, once there are so many."""
    deadline = time.monotonic() + 30
    while True:
        found = int(ask(url, "txpool_status")["pending"], 16)
        if found >= least or time.monotonic() > deadline:
            return found
        time.sleep(0.05)
