"""What SQLite's failures are called, for every file of ours in the same words."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.disks import tiny_disk
from traceledger.chain.embedded.database import CHAIN_FILE
from traceledger.errors import InputError, NetworkError, TraceLedgerError, VerificationError
from traceledger.index.database import INDEX_FILE
from traceledger.private.store import DISCLOSURES_FILE
from traceledger.sending.outbox import OUTBOX_FILE
from traceledger.storage.sqlite import SqliteFile

KINDS = [CHAIN_FILE, INDEX_FILE, DISCLOSURES_FILE, OUTBOX_FILE]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)


@every_kind
def test_busy(kind: SqliteFile, tmp_path: Path) -> None:
    path = tmp_path / "file"
    first, second = kind.connect(path), kind.connect(path, busy_seconds=0.05)
    with (
        kind.transaction(first, path),
        pytest.raises(NetworkError, match=rf"{kind.noun} (is|are) busy: another process is writing"),
        kind.transaction(second, path),
    ):
        pass
    with kind.transaction(second, path):
        pass
    first.close(), second.close()


@every_kind
@pytest.mark.parametrize("content", [b"text" * 5000, os.urandom(20_000)], ids=["text", "noise"])
def test_not_a_database(kind: SqliteFile, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(VerificationError, match=rf"file: {kind.noun} (is|are) damaged: .*database"):
        kind.connect(tmp_path / "file")


@every_kind
def test_no_such_table(kind: SqliteFile, tmp_path: Path) -> None:
    connection = kind.connect(tmp_path / "file")
    with pytest.raises(VerificationError, match="damaged: no such table"), kind.explaining(tmp_path / "file"):
        connection.execute("SELECT * FROM batch")
    connection.close()


@every_kind
def test_cannot_be_opened(kind: SqliteFile, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    for path in (tmp_path, tmp_path / "plain" / "file"):
        with pytest.raises(kind.unusable, match=rf"{kind.noun} cannot be opened: .*has space"):
            kind.connect(path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB."""
    with tiny_disk(tmp_path / "disk", 256) as place:
        yield place


@every_kind
def test_full_disk(kind: SqliteFile, small_disk: Path) -> None:
    path = small_disk / "file"
    connection = kind.connect(path)
    with kind.transaction(connection, path):
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(kind.unusable) as refused, kind.transaction(connection, path):
        for _ in range(50):
            connection.execute("INSERT INTO t VALUES (?)", (os.urandom(10_000),))
    assert kind.aftermath in str(refused.value)
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


def test_a_transaction_is_undone_by_any_error(tmp_path: Path) -> None:
    connection = INDEX_FILE.connect(tmp_path / "file")
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(ZeroDivisionError), INDEX_FILE.transaction(connection, tmp_path / "file"):
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("error", "expected", "words"),
    [
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), InputError, "cannot be used"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), VerificationError, "damaged: no text"),
    ],
)
def test_other_failures(error: sqlite3.Error, expected: type[TraceLedgerError], words: str) -> None:
    told = INDEX_FILE.explain(Path("index.sqlite"), error)
    assert type(told) is expected
    assert words in str(told)
