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

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from traceledger.chain.base import Block, BlockRef
from traceledger.errors import NetworkError, TraceLedgerError, VerificationError
from traceledger.index.database import REBUILD, Database
from traceledger.index.ledger_reader import LedgerReader

Progress = Callable[[int, int], None]
"""Called with (blocks done, blocks to do) of one :meth:`Index.sync`."""

_BLOCKS_AT_ONCE = 256


class ReadableChain(Protocol):
    """The part of :class:`traceledger.chain.base.Chain` that an index needs."""

    @property
    def chain_id(self) -> int:
        """The EIP-155 chain id."""

    def genesis_hash(self) -> bytes:
        """Hash of block 0."""

    def head(self) -> BlockRef:
        """The newest block."""

    def final(self) -> BlockRef:
        """The newest block that can no longer be replaced."""

    def block_ref(self, number: int) -> BlockRef | None:
        """The canonical block of that number."""

    def blocks(self, first: int, last: int) -> Iterator[Block]:
        """The canonical blocks ``first`` to ``last``, both included, in order."""


class Followed(Protocol):
    """Where the contracts of a deployment are: 20-byte addresses."""

    @property
    def ledger(self) -> bytes:
        """The batch ledger."""

    @property
    def registry(self) -> bytes:
        """The participant registry."""

    @property
    def assurance(self) -> bytes:
        """The assurance registry."""

    @property
    def access_manager(self) -> bytes:
        """The AccessManager, for the changes of policy that it announces."""


@dataclass(frozen=True, slots=True)
class Contracts:
    """What an index file follows: the chain (id and genesis hash) and our contracts on it (addresses)."""

    chain_id: int
    genesis_hash: bytes
    ledger: bytes
    registry: bytes
    assurance: bytes
    access_manager: bytes

    @classmethod
    def of(cls, chain: ReadableChain, deployed: Followed) -> Contracts:
        """The contracts of a deployment on a chain."""
        return cls(
            chain_id=chain.chain_id,
            genesis_hash=chain.genesis_hash(),
            ledger=deployed.ledger,
            registry=deployed.registry,
            assurance=deployed.assurance,
            access_manager=deployed.access_manager,
        )


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Where an index stands. ``block`` and ``hash`` are those of the last block in it, if any."""

    path: Path
    follows: Contracts
    block: int | None
    hash: bytes | None
    logs: int
    batches: int


class Index(LedgerReader):
    """An open index file: reads from its bases, :meth:`sync` to follow the chain."""

    def __init__(self, database: Database, follows: Contracts) -> None:
        super().__init__(database)
        self._follows = follows

    @classmethod
    def open(cls, path: Path | str, follows: Contracts) -> Self:
        """Open the index at ``path``, or make an empty one there.

        Raises:
            VerificationError: the file is damaged, of another release, or follows something else.
            InputError: the file cannot be opened.
        """
        database = Database.open(Path(path))
        try:
            _require_follows(database, follows)
        except BaseException:
            database.close()
            raise
        return cls(database, follows)

    @classmethod
    def reset(cls, path: Path | str, follows: Contracts) -> Self:
        """Open the index at ``path`` emptied, whatever it followed; :meth:`sync` fills it from zero.

        Those who read meanwhile see the old content until this returns. A file that SQLite cannot read is
        put aside as ``<name>.damaged``.

        Raises:
            VerificationError: the file belongs to another program.
            InputError: the file cannot be opened.
        """
        return cls(_emptied(Path(path), follows), follows)

    @classmethod
    def rebuild(
        cls,
        path: Path | str,
        chain: ReadableChain,
        deployed: Followed,
        *,
        progress: Progress | None = None,
    ) -> Self:
        """Empty the index at ``path`` and fill it from block 0 of ``chain``, for contracts deployed there.

        Raises:
            VerificationError: the chain's events contradict each other, or the file is another program's.
        """
        index = cls.reset(path, Contracts.of(chain, deployed))
        try:
            index.sync(chain, progress=progress)
        except BaseException:
            index.close()
            raise
        return index

    def sync(self, chain: ReadableChain, *, progress: Progress | None = None) -> int:
        """Follow the chain to its head as it is at the call; returns how many blocks were added.

        Raises:
            VerificationError: the chain is not the one that this index follows, or its events contradict
                each other (nothing of that block, nor of those read with it, is kept).
            NetworkError: the chain gave no blocks, or another process keeps the index busy.
        """
        head = chain.head().number
        self._require_same_chain(chain)
        start = self.head_block()
        begin = 0 if start is None else start + 1
        added = 0
        while (first := self._next()) <= head:
            last = min(first + _BLOCKS_AT_ONCE - 1, head)
            blocks = list(chain.blocks(first, last))
            if not blocks:
                raise NetworkError(f"the chain gave no block {first}", hint="try again")
            added += self._append(blocks)
            if progress is not None:
                progress(min(self._next(), head + 1) - begin, head + 1 - begin)
        return added

    def status(self) -> IndexStatus:
        """Where the index stands."""
        with self.snapshot():
            cursor = self._cursor()
            logs = self._database.one("SELECT count(*) FROM log")
            batches = self._database.one("SELECT count(*) FROM batch")
        return IndexStatus(
            path=self._database.path,
            follows=self._follows,
            block=cursor[0] if cursor else None,
            hash=cursor[1] if cursor else None,
            logs=logs[0] if logs else 0,
            batches=batches[0] if batches else 0,
        )

    def head_block(self) -> int | None:
        """Number of the last block in the index; ``None`` when it is empty."""
        cursor = self._cursor()
        return cursor[0] if cursor else None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside belongs to one and the same block, whoever syncs meanwhile."""
        with self._database.reading():
            yield

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _cursor(self) -> tuple[int, bytes] | None:
        row = self._database.one("SELECT block, hash FROM cursor")
        return (row[0], row[1]) if row else None

    def _next(self) -> int:
        cursor = self._cursor()
        return cursor[0] + 1 if cursor else 0

    def _require_same_chain(self, chain: ReadableChain) -> None:
        if (chain.chain_id, chain.genesis_hash()) != (self._follows.chain_id, self._follows.genesis_hash):
            raise self._other_chain("this is another chain than the one indexed")
        cursor = self._cursor()
        if cursor is None:
            return
        number, known = cursor
        ref = chain.block_ref(number)
        if ref is None or ref.hash != known:
            raise self._other_chain(f"the chain no longer has the block {number} that was indexed")

    def _other_chain(self, what: str) -> TraceLedgerError:
        return VerificationError(what, where=str(self._database.path), hint=REBUILD)

    def _append(self, blocks: Sequence[Block]) -> int:
        """Write consecutive blocks, unless another process was faster; returns how many."""
        from traceledger.index.writer import Writer

        with self._database.writing():
            _require_follows(self._database, self._follows)
            if self._next() != blocks[0].ref.number:
                return 0
            self._require_linked(blocks)
            writer = Writer(self._database, self._follows)
            for block in blocks:
                writer.write(block)
            writer.finish()
            last = blocks[-1].ref
            self._database.run("INSERT OR REPLACE INTO cursor VALUES (1, ?, ?)", (last.number, last.hash))
        return len(blocks)

    def _require_linked(self, blocks: Sequence[Block]) -> None:
        cursor = self._cursor()
        parent = cursor[1] if cursor else None
        number = blocks[0].ref.number
        for block in blocks:
            linked = (
                block.ref.parent_hash == parent if parent else block.ref.hash == self._follows.genesis_hash
            )
            if not linked or block.ref.number != number:
                raise self._other_chain(
                    f"block {block.ref.number} does not follow the block indexed before it"
                )
            parent = block.ref.hash
            number += 1


def _require_follows(database: Database, follows: Contracts) -> None:
    """Set what a new index follows, or check that an old one follows the same."""
    wanted = _meta(follows)
    query = "SELECT chain_id, genesis_hash, ledger, registry, assurance, access_manager FROM meta"
    if database.one(query) is None:
        database.run("INSERT OR IGNORE INTO meta VALUES (1, ?, ?, ?, ?, ?, ?)", wanted)
    if database.one(query) != wanted:
        raise VerificationError(
            "the index follows another chain or other contracts", where=str(database.path), hint=REBUILD
        )


def _meta(follows: Contracts) -> tuple[Any, ...]:
    chain = (str(follows.chain_id), follows.genesis_hash)
    return (*chain, follows.ledger, follows.registry, follows.assurance, follows.access_manager)


def _emptied(path: Path, follows: Contracts) -> Database:
    from filelock import FileLock

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(path.name + ".reset.lock")):
        if not Database.readable(path):
            for suffix in ("", "-wal", "-shm"):
                old = path.with_name(path.name + suffix)
                if old.exists():
                    old.replace(path.with_name(path.name + ".damaged" + suffix))
        database = Database.open(path, any_version=True)
        try:
            with database.writing():
                database.drop_tables()
                database.make_tables()
                database.run("INSERT INTO meta VALUES (1, ?, ?, ?, ?, ?, ?)", _meta(follows))
        except BaseException:
            database.close()
            raise
        return database
