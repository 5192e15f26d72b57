"""Copies of a chain's file, the highest head seen, the clock, and rows that are not what was sealed."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.chain.altering import alter
from tests.chain.support import ALICE, START, deploy, sealer, write
from tests.storage.disks import tiny_disk
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.backup import backup, check
from traceledger.chain.embedded.chain import MOST_AHEAD
from traceledger.chain.embedded.remembered import RememberedHead, require_noted
from traceledger.chain.embedded.verify import verify
from traceledger.errors import InputError, NetworkError, VerificationError

NOW = START + 1_000_000
DAY = 86_400


@pytest.fixture
def filled(embedded: EmbeddedChain, chain_path: Path) -> Path:
    """A closed chain of five blocks, the second of which made a contract."""
    (receipt,) = embedded.send([deploy(ALICE)], timestamp=START + 10)
    assert receipt.contract is not None
    for nonce in range(1, 4):
        embedded.send([write(ALICE, nonce, receipt.contract, nonce, 7)], timestamp=START + 10 + nonce)
    embedded.close()
    return chain_path


def read(path: Path) -> int:
    with EmbeddedChain.open(path) as chain:
        return len(list(chain.blocks(0, chain.head().number)))


def test_a_copy_is_whole_private_and_the_same(filled: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert backup(filled, copy).number == 4
    assert copy.stat().st_mode & 0o777 == 0o600
    assert read(copy) == read(filled) == 5
    assert not list(tmp_path.glob("*.partial"))
    with pytest.raises(InputError, match="exists already"):
        backup(filled, copy)
    planted = tmp_path / "link.db"
    planted.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="exists already"):
        backup(filled, planted)


def test_the_disk_that_is_full_is_named(filled: Path, tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", 16) as disk:
        with pytest.raises(NetworkError, match="the disk is full") as caught:
            backup(filled, disk / "copy.db")
        assert str(disk / "copy.db") in str(caught.value), "not the chain, whose disk has room"
        assert not list(disk.iterdir())


def test_a_copy_is_made_while_blocks_are_sealed(embedded: EmbeddedChain, tmp_path: Path) -> None:
    (receipt,) = embedded.send([deploy(ALICE)], timestamp=START + 10)
    contract, stop = receipt.contract, threading.Event()
    assert contract is not None

    def seal() -> None:
        nonce = 1
        while not stop.is_set():
            embedded.send([write(ALICE, nonce, contract, nonce, 7)], timestamp=START + 10 + nonce)
            nonce += 1

    sealing = threading.Thread(target=seal)
    sealing.start()
    try:
        heads = [backup(embedded.path, tmp_path / f"{turn}.db").number for turn in range(8)]
    finally:
        stop.set()
        sealing.join()
    assert heads == sorted(heads)
    assert all(check(tmp_path / f"{turn}.db").number == head for turn, head in enumerate(heads))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tx SET sender = zeroblob(20) WHERE block = 2",
        "UPDATE tx SET nonce = 77 WHERE block = 2",
        "UPDATE tx SET hash = zeroblob(32) WHERE block = 2",
        "DELETE FROM tx WHERE block = 2",
        "UPDATE tx SET block = 3, position = 9 WHERE block = 2",
        "UPDATE block SET bodies = zeroblob(length(bodies)) WHERE number = 2",
        "UPDATE block SET bodies = substr(bodies, 1, length(bodies) - 1) WHERE number = 2",
        "UPDATE block SET bodies = CAST(bodies || x'00' AS BLOB) WHERE number = 2",
        "UPDATE block SET bodies = (SELECT bodies FROM block WHERE number = 3) WHERE number = 2",
        "UPDATE block SET bodies = raw_changed(bodies) WHERE number = 2",
        "UPDATE block SET bodies = receipt_changed(bodies) WHERE number = 2",
        "UPDATE block SET bodies = receipt_emptied(bodies) WHERE number = 2",
        "UPDATE block SET bodies = dropped(bodies) WHERE number = 2",
        "UPDATE block SET timestamp = timestamp + 1 WHERE number = 2",
        "UPDATE block SET hash = zeroblob(32) WHERE number = 2",
        "UPDATE block SET parent_hash = zeroblob(32) WHERE number = 2",
        "UPDATE block SET header = zeroblob(length(header)) WHERE number = 2",
        "DELETE FROM block WHERE number = 2",
        "UPDATE chain SET authority = zeroblob(20)",
        "UPDATE chain SET chain_id = chain_id + 1",
    ],
)
def test_rows_are_held_against_their_header_when_they_are_read(
    filled: Path, tmp_path: Path, statement: str
) -> None:
    alter(filled, statement)
    with pytest.raises(VerificationError, match=r"block \d of the chain file does not hold: .*node verify"):
        read(filled)
    with pytest.raises(VerificationError):
        backup(filled, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_an_older_copy_and_a_lost_log_are_noticed(filled: Path, tmp_path: Path) -> None:
    heads = RememberedHead(tmp_path / "highest-head")
    older = tmp_path / "older.db"
    shutil.copy(filled, older)
    with EmbeddedChain.open(filled, sealer=sealer()) as chain:
        chain.remember(heads)
        (receipt,) = chain.send([deploy(ALICE, 4)], timestamp=START + 20)
        assert heads.read() == (receipt.block.number, receipt.block.hash)
    with EmbeddedChain.open(filled) as chain:
        chain.remember(heads)
    with (
        EmbeddedChain.open(older) as chain,
        pytest.raises(VerificationError, match=r"ends before block 5.*older copy.*restore"),
    ):
        chain.remember(heads)
    with EmbeddedChain.open(older, sealer=sealer()) as chain:
        chain.send([deploy(ALICE, 4)], timestamp=START + 21)
        with pytest.raises(VerificationError, match="block 5 is another one"):
            chain.remember(heads)


@pytest.mark.parametrize("text", ["x", "5", "5 0x00", "-1 0x" + "00" * 32, "5 0x" + "zz" * 32, "5 0x\xff"])
def test_a_garbled_note_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "highest-head").write_text(text, "latin-1")
    with pytest.raises(VerificationError, match="does not hold the number and hash"):
        RememberedHead(tmp_path / "highest-head").read()


def test_an_empty_note_is_none(tmp_path: Path) -> None:
    (tmp_path / "highest-head").write_text("")
    assert RememberedHead(tmp_path / "highest-head").read() is None


def test_a_head_noted_elsewhere(filled: Path) -> None:
    with EmbeddedChain.open(filled) as chain:
        head = chain.head()
    require_noted((head.number, head.hash), head, head.hash)
    with pytest.raises(VerificationError, match="ends at block 4, before block 9"):
        require_noted((9, bytes(32)), head, None)
    with pytest.raises(VerificationError, match=r"block 4 is 0x.*, not the one"):
        require_noted((4, bytes(32)), head, head.hash)


@pytest.mark.parametrize(
    ("ahead", "sealed", "warned"), [(0, True, False), (301, True, True), (DAY, False, False)]
)
def test_nothing_is_sealed_far_ahead_of_the_clock(
    filled: Path, caplog: pytest.LogCaptureFixture, ahead: int, sealed: bool, warned: bool
) -> None:
    with EmbeddedChain.open(filled, sealer=sealer(), clock=lambda: NOW + ahead) as chain:
        chain.send([deploy(ALICE, 4)])
    caplog.set_level(logging.WARNING)
    with EmbeddedChain.open(filled, sealer=sealer(), clock=lambda: NOW) as chain:
        if sealed:
            (receipt,) = chain.send([deploy(ALICE, 5)])
            assert receipt.block.timestamp == NOW + (ahead or 1)
            chain.send([deploy(ALICE, 6)])
        else:
            with pytest.raises(NetworkError, match=r"newest block is of .*machine's clock.*set the"):
                chain.send([deploy(ALICE, 5)])
            assert chain.head().number == 5
    assert caplog.text.count("ahead of this machine's clock") == warned


def test_the_bound_is_two_hours(filled: Path) -> None:
    with EmbeddedChain.open(filled, sealer=sealer(), clock=lambda: NOW) as chain:
        chain.send([deploy(ALICE, 4)], timestamp=NOW + MOST_AHEAD)
        chain.send([deploy(ALICE, 5)])
        chain.send([deploy(ALICE, 6)], timestamp=NOW + MOST_AHEAD + 1)
        with pytest.raises(NetworkError, match="clock"):
            chain.send([deploy(ALICE, 7)])


def test_no_block_goes_further_ahead_than_five_minutes(filled: Path) -> None:
    with EmbeddedChain.open(filled, sealer=sealer(), clock=lambda: NOW) as chain:
        before = chain.head().number
        chain.send([deploy(ALICE, 4)], timestamp=NOW + 297)
        times = [chain.send([deploy(ALICE, nonce)])[0].block.timestamp - NOW for nonce in range(5, 11)]
    assert times == [298, 299, 300, 300, 300, 300]
    assert [step.block.number for step in verify(filled)] == list(range(before + 8))


BACK_UP = """
import sys
from pathlib import Path
from traceledger.chain.embedded.backup import backup

print("begun", flush=True)
for turn in range(10_000):
    backup(Path(sys.argv[1]), Path(sys.argv[2]) / f"{turn}.db")
"""


def test_a_copy_that_is_killed_is_whole_or_not_there(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", BACK_UP, str(filled), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    while not (folder / "3.db").exists():
        os.sched_yield()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    copies = [each for each in folder.glob("*.db") if not each.name.startswith(".")]
    assert len(copies) >= 4
    assert all(check(each).number == 4 for each in copies)
