"""Check a whole chain file again from block 0, trusting nothing it says.

Every block is imported anew with full validation into an empty temporary database: parent links,
seals, transaction signatures, state roots, receipt roots. The rows that readers use (transactions,
logs, receipts) and the stored state nodes are compared with what that import computed.

What it cannot see is a chain cut short: without its last blocks, a chain is still a valid chain.
Compare the head with one noted elsewhere to notice that.

Example:
    >>> import pathlib, tempfile
    >>> from traceledger.chain.embedded import EmbeddedChain, key_sealer
    >>> from traceledger.chain.embedded.verify import verify
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "chain.db"
    >>> authority = key_sealer(b"k" * 32).address
    >>> EmbeddedChain.create(path, chain_id=1, authority=authority, timestamp=0).close()
    >>> [(step.block.number, step.head) for step in verify(path)]
    [(0, 0)]
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import rlp
from eth._utils.address import generate_contract_address
from eth.abc import BlockHeaderAPI
from eth.exceptions import PyEVMError
from eth.vm.forks.prague.blocks import PragueBlock, PragueBlockHeader
from eth.vm.forks.prague.receipts import PragueReceiptBuilder
from eth_hash.auto import keccak
from eth_typing import Address
from eth_utils.exceptions import ValidationError
from rlp.exceptions import RLPException

from traceledger.chain.base import BlockRef
from traceledger.chain.embedded import admission, database
from traceledger.chain.embedded.backends import use_fast_backends
from traceledger.chain.embedded.block_maker import Entry, logs_of
from traceledger.chain.embedded.reader import ChainReader
from traceledger.chain.embedded.rules import genesis_header
from traceledger.chain.embedded.second_chain import Replay
from traceledger.errors import InputError, VerificationError
from traceledger.model.hexadecimal import hexed
from traceledger.storage.connections import Connections

_NODE_OR_HEADER = "SELECT value FROM node WHERE begins = ? UNION ALL SELECT header FROM block WHERE hash = ?"
_HINT = "restore a backup, or copy the chain from another member and verify that"


@dataclass(frozen=True, slots=True)
class Verified:
    """Progress: ``block`` holds, with all before it; ``head`` is the number of the last to check."""

    block: BlockRef
    head: int


def verify(path: Path | str) -> Iterator[Verified]:
    """Validate every block of a chain file from block 0, then its stored state.

    Args:
        path: the chain's file. Others may write to it meanwhile; their blocks are not checked.

    Yields:
        One item for every block that holds, in order. Only when the iterator has ended without an
        error does the whole file hold.

    Raises:
        VerificationError: the first thing that does not hold, and in which block.
        NetworkError: the file is not a chain or cannot be read.
    """
    file = Path(path)
    use_fast_backends()
    connection = database.connect(file)
    try:
        yield from _Verification(connection, file).run()
    finally:
        connection.close()


class _Verification:
    """One run over one file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._path = path
        self._connection = connection
        self._reader = ChainReader(Connections(lambda: connection, "the chain is closed"), path)

    def run(self) -> Iterator[Verified]:
        head = self._reader.head().number
        self._check_file()
        with Replay(self._check_genesis(), self._reader.identity.chain_id) as replay:
            yield Verified(self._ref(0), head)
            for number in range(1, head + 1):
                self._check_block(number, replay)
                yield Verified(self._ref(number), head)
            self._check_strays(head)
            self._check_nodes(replay)

    def _fail(self, what: str, number: int | None = None) -> VerificationError:
        place = str(self._path) if number is None else f"{self._path}: block {number}"
        return VerificationError(what, where=place, hint=_HINT)

    def _check_file(self) -> None:
        """SQLite's own check: pages, and indexes that agree with their tables."""
        (first,) = self._reader.rows("PRAGMA integrity_check(1)")[0]
        if first != "ok":
            raise self._fail(f"the database is damaged: {first}")

    def _check_genesis(self) -> BlockHeaderAPI:
        """Block 0 must be what chain id, authority and its time make it."""
        header = self._header(0)
        identity = self._reader.identity
        expected = genesis_header(identity.chain_id, identity.authority, header.timestamp)
        if header.hash != expected.hash:
            raise self._fail("it is not the first block of this chain id and authority", 0)
        self._check_rows(0, [])
        return header

    def _ref(self, number: int) -> BlockRef:
        ref = self._reader.block_ref(number)
        if ref is None:
            raise self._fail("the block is missing", number)
        return ref

    def _header(self, number: int) -> BlockHeaderAPI:
        """The stored header, with the columns beside it compared."""
        ref = self._ref(number)
        encoded = self._reader.header_rlp(number) or b""
        try:
            header: BlockHeaderAPI = rlp.decode(encoded, PragueBlockHeader)
        except RLPException as error:
            raise self._fail(f"the header cannot be decoded: {error}", number) from error
        expected = BlockRef(header.block_number, keccak(encoded), header.parent_hash, header.timestamp)
        if ref != expected:
            raise self._fail("its number, hash, parent or time is not that of its header", number)
        return header

    def _check_block(self, number: int, replay: Replay) -> None:
        header = self._header(number)
        try:
            raw = [raw for raw, _ in self._bodies(number)]
            sent = admission.decode(raw, self._reader.identity.chain_id)
            block = PragueBlock(header, [item.transaction for item in sent], [], [])
            replay.chain.import_block(block)
        except (ValidationError, PyEVMError, RLPException, InputError) as error:
            raise self._fail(f"it is not valid: {error}", number) from error
        self._check_rows(number, self._entries(header, sent, replay))

    def _entries(
        self, header: BlockHeaderAPI, sent: Sequence[admission.Decoded], replay: Replay
    ) -> list[Entry]:
        """What the file should say of a block's transactions, by the receipts just computed."""
        receipts = replay.chain.chaindb.get_receipts(header, PragueReceiptBuilder)
        state = replay.chain.get_vm(header).state
        entries: list[Entry] = []
        gas_before = logs_before = 0
        for position, (item, receipt) in enumerate(zip(sent, receipts, strict=True)):
            # Since EIP-658 the status stands where py-evm's name is that of the state root.
            if receipt.state_root != b"\x01":
                raise self._fail("it holds a failed transaction", header.block_number)
            contract = None
            if not item.transaction.to:
                contract = generate_contract_address(Address(item.sender), item.transaction.nonce)
            logs = logs_of(receipt, position, logs_before)
            entries.append(
                Entry(
                    item,
                    bytes(item.transaction.hash),
                    receipt.gas_used - gas_before,
                    contract,
                    None if contract is None else state.get_code_hash(contract),
                    logs,
                    receipt.encode(),
                )
            )
            gas_before, logs_before = receipt.gas_used, logs_before + len(logs)
        return entries

    def _check_rows(self, number: int, entries: Sequence[Entry]) -> None:
        """What readers use must be exactly what was computed."""
        stored = self._reader.rows("SELECT * FROM tx WHERE block = ? ORDER BY position", (number,))
        if stored != [entry.row(number, at) for at, entry in enumerate(entries)]:
            raise self._fail("a transaction's row differs from what the block contains", number)
        bodies = [(entry.sent.raw, entry.encoded_receipt) for entry in entries]
        if self._bodies(number) != bodies:
            raise self._fail("a receipt differs from what its transaction did", number)

    def _bodies(self, number: int) -> list[tuple[bytes, bytes]]:
        try:
            return self._reader.bodies(number)
        except ValueError as error:
            raise self._fail(f"its transactions and receipts cannot be read: {error}", number) from error

    def _check_strays(self, head: int) -> None:
        """No row may belong to a block that does not exist."""
        query = "SELECT block FROM tx WHERE block NOT IN (SELECT number FROM block) AND block <= ? LIMIT 1"
        strays = self._reader.rows(query, (head,))
        if strays:
            raise self._fail("table tx has a row of a block that does not exist", strays[0][0])

    def _check_nodes(self, replay: Replay) -> None:
        """The stored state must be whole: every node and code that the import made, unaltered."""
        for key, value in replay.nodes():
            with database.explained(self._path):
                found = self._connection.execute(_NODE_OR_HEADER, (database.begins(key), key)).fetchall()
            if (value,) not in found:
                raise self._fail(f"state node {hexed(key)} is missing or altered")
        with database.explained(self._path):
            for number, begins, value in self._connection.execute("SELECT number, begins, value FROM node"):
                if database.begins(keccak(value)) != begins:
                    raise self._fail(f"state node {number} of the file is altered")
