"""The outbox file: what it holds to, and what it says when it cannot be written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.disk import no_room
from traceledger.errors import NetworkError, VerificationError
from traceledger.sending.outbox import Draft, OperationKey, Outbox
from traceledger.sending.outbox_tables import COLUMNS

GENESIS = b"\x01" * 32
KEY = OperationKey(b"A" * 20, b"L" * 20, b"D" * 32)
DRAFT = Draft(b"S" * 20, 0, b"\xf8raw", KEY, 1, "mint", "ops.jsonl:1", 7)


def opened(path: Path, *, chain_id: int = 7, genesis: bytes = GENESIS, busy_seconds: float = 20.0) -> Outbox:
    return Outbox.open(path, chain_id=chain_id, genesis_hash=genesis, busy_seconds=busy_seconds)


def other(draft: Draft, *, nonce: int, operation: bytes) -> Draft:
    key = replace(draft.key, digest=operation * 32)
    return replace(draft, nonce=nonce, raw=draft.raw + bytes([nonce]), key=key)


def test_what_is_recorded_is_there_for_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "net" / "outbox.sqlite"
    with opened(path) as outbox:
        (entry,) = outbox.record([DRAFT])
        assert (entry.state, entry.sender, entry.nonce, entry.raw) == ("signed", DRAFT.sender, 0, DRAFT.raw)
        assert (entry.key, entry.born, entry.source) == (KEY, 7, "ops.jsonl:1")
    with opened(path) as outbox:
        assert outbox.unfinished() == [entry]
        mined = entry.moved("mined", block=9, block_hash=b"B" * 32, position=2, succeeded=True)
        outbox.update([mined])
        assert outbox.unfinished() == [mined]
        outbox.update([mined.moved("final")])
        assert outbox.unfinished() == []
        assert outbox.find(entry.hash) == outbox.entries()[0]
        assert outbox.entries(last=1)[0].place == (9, 2)


def test_no_two_unfinished_of_one_nonce_nor_of_one_operation(tmp_path: Path) -> None:
    with opened(tmp_path / "outbox.sqlite") as outbox:
        (first,) = outbox.record([DRAFT])
        same_nonce = replace(other(DRAFT, nonce=0, operation=b"E"), raw=b"\xf8another")
        same_operation = replace(other(DRAFT, nonce=1, operation=b"D"))
        fine = other(DRAFT, nonce=2, operation=b"F")
        for refused in (same_nonce, same_operation):
            with pytest.raises(NetworkError, match="outbox resume"):
                outbox.record([fine, refused])
            assert outbox.entries() == [first]
        outbox.update([first.moved("dead", taken_by=b"T" * 32)])
        assert len(outbox.record([same_nonce, same_operation])) == 2


def test_what_was_given_up_can_be_signed_again_and_void(tmp_path: Path) -> None:
    with opened(tmp_path / "outbox.sqlite") as outbox:
        (first,) = outbox.record([DRAFT])
        (empty,) = outbox.record([other(DRAFT, nonce=0, operation=b"E")], instead_of=[first])
        assert outbox.unfinished() == [empty]
        assert outbox.overtaken() == []
        outbox.update([empty.moved("dead", taken_by=first.hash)])
        ((given, taker),) = outbox.overtaken()
        assert (given.hash, given.loose, taker) == (first.hash, True, first.hash)
        (same,) = outbox.record([DRAFT])
        assert (same.hash, same.state, outbox.unfinished()) == (first.hash, "signed", [same])
        outbox.update([same.moved("dead", taken_by=b"T" * 32)])
        with pytest.raises(NetworkError):
            outbox.record([DRAFT])
        assert outbox.overtaken() == []


def test_another_chain_release_or_program(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    opened(path).close()
    for chain_id, genesis in ((8, GENESIS), (7, bytes(32))):
        with pytest.raises(VerificationError, match="another chain"):
            opened(path, chain_id=chain_id, genesis=genesis)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(VerificationError, match="another release"):
        opened(path)
    connection.close()
    foreign = tmp_path / "foreign.sqlite"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(VerificationError, match="no outbox"):
        opened(foreign)
    garbage = tmp_path / "garbage.sqlite"
    garbage.write_bytes(os.urandom(5000))
    with pytest.raises(VerificationError, match="damaged"):
        opened(garbage)


def test_a_full_disk_records_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "outbox.sqlite") as outbox:
        outbox.record([DRAFT])
        huge = [
            replace(other(DRAFT, nonce=n, operation=bytes([n])), raw=os.urandom(9000)) for n in range(1, 9)
        ]
        with no_room(), pytest.raises(NetworkError, match="nothing more was sent") as refused:
            outbox.record(huge)
        assert "\n" not in str(refused.value)
        assert len(outbox.entries()) == 1


def test_a_locked_file_is_said_to_be_busy(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with Outbox.open(path, chain_id=7, genesis_hash=GENESIS, busy_seconds=0.1) as outbox:
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(NetworkError, match="busy"):
            outbox.record([DRAFT])
        blocker.execute("ROLLBACK")
        blocker.close()
        assert outbox.record([DRAFT])


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NetworkError, match="cannot be opened"):
        opened(tmp_path / "file" / "outbox.sqlite")


def columns() -> list[str]:
    return [each.strip() for each in COLUMNS.split(",")]


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE entry SET {name} = 'x' WHERE nonce = 0" for name in columns()[1:]),
        *(f"UPDATE entry SET {name} = NULL WHERE nonce = 1" for name in ("taken_by", "block", "block_hash")),
        "UPDATE entry SET state = 'dead' WHERE nonce = 0",
        "UPDATE entry SET raw = zeroblob(length(raw)) WHERE nonce = 0",
        "DELETE FROM entry WHERE nonce = 0",
        "DELETE FROM entry",
        "DELETE FROM meta",
        "UPDATE meta SET chain_id = '8'",
        "UPDATE meta SET genesis_hash = zeroblob(32)",
        "UPDATE meta SET entries = 1",
        "DROP INDEX one_a_nonce",
        "CREATE TRIGGER planted AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
        "CREATE TABLE planted (x)",
    ],
)
def test_what_something_else_changed_is_noticed(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "outbox.sqlite"
    with opened(path) as outbox:
        first, second = outbox.record([DRAFT, other(DRAFT, nonce=1, operation=b"2")])
        place = {"block": 7, "block_hash": b"B" * 32, "position": 0, "succeeded": True}
        outbox.update([second.moved("dead", taken_by=b"T" * 32, **place)])
        assert outbox.unfinished() == [first]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Another program does not know the seals: it keeps those that there are.
        connection.create_function("sealed", -1, lambda *_: kept.pop(), deterministic=True)
        kept = [row[0] for row in connection.execute("SELECT seal FROM entry ORDER BY id DESC")]
        if "meta" in statement:
            kept = [row[0] for row in connection.execute("SELECT seal FROM meta")]
        if "nonce = 1" in statement:
            kept = kept[:1]
        connection.execute(statement)
    with pytest.raises(VerificationError, match=r"the outbox .*outbox\.sqlite|outbox\.sqlite: the outbox .*"):
        opened(path)


def test_a_row_changed_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with opened(path) as outbox:
        outbox.record([DRAFT])
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.create_function("sealed", -1, lambda *_: 1, deterministic=True)
            connection.execute("UPDATE entry SET source = 'elsewhere'")
        with pytest.raises(VerificationError, match="number 1, that something else"):
            outbox.entries()
