"""What an index follows: a chain, and the contracts of one deployment on it.

Example:
    >>> Contracts(1, bytes(32), b"L" * 20, b"R" * 20, b"A" * 20, b"M" * 20).row()[0]
    '1'
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from traceledger.chain.base import Block, BlockRef
from traceledger.errors import VerificationError
from traceledger.index.database import REBUILD, Database
from traceledger.model.frozen import frozen


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
        """The AccessManager, for the changes of the consortium's rules that it announces."""


@frozen
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

    @property
    def addresses(self) -> tuple[bytes, ...]:
        """The contracts' addresses in the order by which an index numbers them."""
        return (self.ledger, self.registry, self.assurance, self.access_manager)

    def row(self) -> tuple[Any, ...]:
        """The same as the index stores it."""
        return (str(self.chain_id), self.genesis_hash, *self.addresses)


_STORED = "SELECT chain_id, genesis_hash, ledger, registry, assurance, access_manager FROM meta"


def stored_follows(database: Database) -> Contracts | None:
    """What an index file follows; ``None``: it does not say yet."""
    row = database.one(_STORED)
    return None if row is None else Contracts(int(row[0]), *row[1:])


def require_follows(database: Database, follows: Contracts) -> None:
    """Set what a new index follows, or check that an old one follows the same.

    Raises:
        VerificationError: it follows something else.
    """
    wanted = follows.row()
    if database.one(_STORED) is None:
        with database.writing():
            database.run("INSERT OR IGNORE INTO main.meta VALUES (1, ?, ?, ?, ?, ?, ?)", wanted)
    if database.one(_STORED) != wanted:
        raise VerificationError(
            "the index follows another chain or other contracts", where=str(database.path), hint=REBUILD
        )
