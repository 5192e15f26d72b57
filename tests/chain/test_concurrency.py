"""Processes that write, read and die at the same time."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chain import support
from tests.chain.support import ALICE, BOB, deploy, word, write
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.verify import verify
from traceledger.errors import NetworkError

Reopen = Callable[[], EmbeddedChain]

WRITER = """
import sys
from tests.chain import support
from tests.dying import die_at_statement
from traceledger.chain.embedded import EmbeddedChain
path, key, contract, count, size, stepping = sys.argv[1:]
key, contract = bytes.fromhex(key), bytes.fromhex(contract)
chain = EmbeddedChain.open(path, sealer=support.sealer())
first = chain.nonce(support.address_of(key))
raw = [support.write(key, first + i, contract, first + i, i + 1) for i in range(int(count))]
print("ready", flush=True)
for start in range(0, len(raw), int(size)):
    if stepping and (word := sys.stdin.readline().strip()):
        die_at_statement(int(word))
    chain.send(raw[start : start + int(size)])
    print(chain.head().number, flush=True)
"""


def writer(
    path: Path, key: bytes, contract: bytes, count: int, size: int, *, stepping: bool = False
) -> subprocess.Popen[str]:
    """A process that sends transactions, so many a block; stepping, each block once it gets a line.

    Where the line is a number, it dies at the so-manieth statement of SQL from then on.
    """
    arguments = [str(path), key.hex(), contract.hex(), str(count), str(size), "yes" if stepping else ""]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", WRITER, *arguments], **pipes)


@pytest.fixture
def contract(embedded: EmbeddedChain) -> bytes:
    (receipt,) = embedded.send([deploy(ALICE)], timestamp=support.START + 10)
    assert receipt.contract is not None
    return receipt.contract


@pytest.mark.parametrize(("before", "statement"), [(0, 1), (4, 2), (11, 5), (7, 9), (2, 7)])
def test_killed_writer_leaves_the_last_whole_block(
    embedded: EmbeddedChain, contract: bytes, chain_path: Path, reopen: Reopen, before: int, statement: int
) -> None:
    """After some whole blocks it dies at a statement of a further one."""
    embedded.close()
    with writer(chain_path, ALICE, contract, 400, 1 + before % 3 * 3, stepping=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.write("\n" * before + f"{statement}\n")
        process.stdin.flush()
        acknowledged = [int(line) for line in process.stdout.read().splitlines()]
    assert process.returncode == -signal.SIGKILL
    assert len(acknowledged) == before
    with reopen() as chain:
        head = chain.head().number
        assert head == (acknowledged[-1] if acknowledged else 1)
        assert [step.block.number for step in verify(chain_path)] == list(range(head + 1))
        nonce = chain.nonce(support.address_of(ALICE))
        for slot in range(1, nonce):
            assert chain.call(contract, word(slot)) == word(slot)
        chain.send([write(ALICE, nonce, contract, 1, 7)])
        assert chain.head().number == head + 1


def test_two_processes_write_at_once(embedded: EmbeddedChain, contract: bytes, chain_path: Path) -> None:
    with (
        writer(chain_path, ALICE, contract, 40, 1) as one,
        writer(chain_path, BOB, contract, 40, 2) as two,
    ):
        assert (one.wait(60), two.wait(60)) == (0, 0)
    assert embedded.head().number == 1 + 40 + 20
    assert embedded.nonce(support.address_of(ALICE)) == 41
    assert embedded.nonce(support.address_of(BOB)) == 40
    assert [step.head for step in verify(chain_path)] == [61] * 62
    # This process held the chain open all along, with the state of an older block in memory.
    embedded.send([write(ALICE, 41, contract, 900, 9)])
    assert embedded.call(contract, word(900)) == word(9)
    assert embedded.head().number == 62


def test_readers_beside_a_writer_see_whole_blocks_only(
    embedded: EmbeddedChain, contract: bytes, chain_path: Path
) -> None:
    seen = 0
    with EmbeddedChain.open(chain_path) as reading:
        with writer(chain_path, BOB, contract, 120, 6) as process:
            while process.poll() is None:
                head = reading.head()
                blocks = list(reading.blocks(2, head.number))
                assert [block.ref.number for block in blocks] == list(range(2, head.number + 1))
                assert all(len(block.transactions) == 6 for block in blocks)
                assert all(len(block.logs) == 12 for block in blocks)
                seen = max(seen, len(blocks))
                if blocks:
                    last = word(6 * len(blocks) - 1)
                    assert reading.call(contract, last, number=head.number) != word(0)
        assert process.returncode == 0
        assert reading.head().number == 21
    assert seen > 1


def test_writer_that_waits_too_long_says_so(
    embedded: EmbeddedChain, contract: bytes, chain_path: Path
) -> None:
    blocker = sqlite3.connect(chain_path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with (
        EmbeddedChain.open(chain_path, sealer=support.sealer(), busy_seconds=0.2) as waiting,
        pytest.raises(NetworkError, match="another process is writing"),
    ):
        assert waiting.head().number == 1
        waiting.send([write(BOB, 0, contract, 1, 1)])
    blocker.execute("ROLLBACK")
    blocker.close()
    embedded.send([write(BOB, 0, contract, 1, 1)])
