"""The index: one SQLite file that follows the contracts of one deployment on one chain.

Every run of blocks is written in one SQLite transaction together with the cursor, so a process that is
killed leaves whole blocks behind, and any number of processes may sync and read the same file at once.

Example:
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     ours = Contracts(1, bytes(32), b"L" * 20, b"R" * 20, b"A" * 20, b"M" * 20)
    ...     index = Index.open(Path(folder) / "index.db", ours)
    ...     print(index.status().block)
    ...     index.close()
    None
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self

from traceledger.errors import InputError, VerificationError
from traceledger.index.database import REBUILD, Database
from traceledger.index.disclosure import AS_RECORDED
from traceledger.index.followed import Contracts, Followed, ReadableChain, require_follows
from traceledger.index.reading import IndexReader
from traceledger.model.patience import DEFAULT
from traceledger.model.progress import Progress
from traceledger.storage.locks import held


class Index(IndexReader):
    """An open index file: everything as it stands on chain, and :meth:`sync` to follow the chain.

    Args:
        database: the file.
        follows: the chain and the contracts that it follows.
    """

    def __init__(self, database: Database, follows: Contracts) -> None:
        super().__init__(database, AS_RECORDED)
        self._follows = follows

    @classmethod
    def open(cls, path: Path | str, follows: Contracts, *, busy_seconds: float = DEFAULT.sqlite_busy) -> Self:
        """Open the index at ``path``, or make an empty one there.

        Args:
            path: the file.
            follows: the chain and the contracts that it follows.
            busy_seconds: how long to wait for another process that writes.

        Raises:
            VerificationError: the file is damaged, of another release, or follows something else.
            InputError: the file cannot be opened.
        """
        database = Database.open(Path(path), busy_seconds=busy_seconds)
        try:
            require_follows(database, follows)
        except BaseException:
            database.close()
            raise
        return cls(database, follows)

    @classmethod
    def reset(
        cls, path: Path | str, follows: Contracts, *, busy_seconds: float = DEFAULT.sqlite_busy
    ) -> Self:
        """Open the index at ``path`` emptied, whatever it followed; :meth:`sync` fills it from zero.

        Those who read meanwhile see the old content until this returns. A file that SQLite cannot read is
        put aside as ``<name>.damaged``.

        Args:
            path: the file.
            follows: the chain and the contracts that it follows.
            busy_seconds: how long to wait for another process that writes.

        Raises:
            VerificationError: the file belongs to another program.
            InputError: the file cannot be opened.
        """
        return cls(_emptied(Path(path), follows, busy_seconds), follows)

    @classmethod
    def rebuild(
        cls,
        path: Path | str,
        chain: ReadableChain,
        deployed: Followed,
        *,
        progress: Progress | None = None,
        busy_seconds: float = DEFAULT.sqlite_busy,
    ) -> Self:
        """Empty the index at ``path`` and fill it from block 0 of ``chain``, for contracts deployed there.

        Args:
            path: the file.
            chain: the chain.
            deployed: where the contracts are.
            progress: told how many blocks are done, of how many.
            busy_seconds: how long to wait for another process that writes.

        Raises:
            VerificationError: the chain's events contradict each other, or the file is another program's.
        """
        index = cls.reset(path, Contracts.of(chain, deployed), busy_seconds=busy_seconds)
        try:
            index.sync(chain, progress=progress)
        except BaseException:
            index.close()
            raise
        return index

    def sync(
        self, chain: ReadableChain, *, progress: Progress | None = None, busy_seconds: float | None = None
    ) -> int:
        """Follow the chain to its head as it is at the call; returns how many blocks were added.

        Blocks that the chain has replaced since are undone first.

        Args:
            chain: the chain.
            progress: told how many blocks are done, of how many.
            busy_seconds: how long to wait for another process that writes; default: as the file was opened.

        Raises:
            VerificationError: the chain is not the one that this index follows, it has replaced blocks that
                were final, or its events contradict each other (nothing of that block, nor of those read
                with it, is kept).
            BusyError: another process keeps the index busy.
            NetworkError: the chain gave no blocks.
        """
        from traceledger.index.follower import Follower

        if (chain.chain_id, chain.genesis_hash()) != (self._follows.chain_id, self._follows.genesis_hash):
            raise VerificationError(
                "this is another chain than the one indexed", where=str(self.database.path), hint=REBUILD
            )
        self.database.require_unchanged()
        with nullcontext() if busy_seconds is None else self.database.waiting(busy_seconds):
            return Follower(self.database, self._follows, chain).follow(progress)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _emptied(path: Path, follows: Contracts, wait: float) -> Database:
    lock = path.with_name(path.name + ".reset.lock")
    with held(lock, doing="emptying the index", seconds=wait, about=path, error=InputError):
        if not Database.readable(path, busy_seconds=wait):
            for suffix in ("", "-wal", "-shm"):
                old = path.with_name(path.name + suffix)
                if old.exists():
                    old.replace(path.with_name(path.name + ".damaged" + suffix))
        database = Database.open(path, any_version=True, busy_seconds=wait)
        try:
            with database.emptying():
                database.drop_tables()
                database.make_tables()
                database.run("INSERT INTO main.meta VALUES (1, ?, ?, ?, ?, ?, ?)", follows.row())
        except BaseException:
            database.close()
            raise
        return database
