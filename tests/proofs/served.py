"""A chain that serves what a proof file and its index hold: to export that file again in little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import rlp
from trie.hexary import HexaryTrie

from tests.index.support import DEPLOYED
from tests.proofs.synthetic import CODE, EMPTY_BLOOM
from traceledger.chain.base import Account, AccountProof, BlockRef, StorageProof
from traceledger.chain.rlp import decode, encode
from traceledger.index import Contracts, Index
from traceledger.model.keccak import keccak
from traceledger.proofs.files import Reader
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.records import Header, Preamble, State


class ServedChain:
    """Headers and state are the file's, receipts are made of the index's logs."""

    def __init__(self, proof: Path, index: Path) -> None:
        self._path = index
        self._index: Index | None = None
        self._headers: dict[int, bytes] = {}
        nodes: dict[bytes, bytes] = {}
        with proof.open("rb") as file:
            for record in Reader(file, "proof").records():
                match record:
                    case Preamble():
                        self.preamble = record
                    case Header(rlp=data):
                        self._headers[read_header(data, "plain").number] = data
                    case State(nodes=some):
                        nodes |= {keccak(node): node for node in some}
        self.chain_id = self.preamble.chain_id
        self._state = HexaryTrie(nodes, self._header().state_root)
        self._nodes = nodes

    def open_index(self) -> Index:
        """The index; it may follow a chain with another genesis than the file's."""
        with closing(sqlite3.connect(self._path)) as file:
            (genesis,) = file.execute("SELECT genesis_hash FROM meta").fetchone()
        follows = Contracts.of(self, DEPLOYED)  # type: ignore[arg-type]
        self._index = Index.open(self._path, replace(follows, genesis_hash=genesis))
        return self._index

    def _header(self) -> BlockHeader:
        return read_header(self._headers[self.preamble.block], "plain")

    def genesis_hash(self) -> bytes:
        return self.preamble.genesis_hash

    def head(self) -> BlockRef:
        head = self._header()
        return BlockRef(head.number, head.hash, head.parent_hash, head.timestamp)

    def header_rlp(self, number: int) -> bytes:
        return self._headers[number]

    def receipt_rlps(self, number: int) -> list[bytes]:
        assert self._index is not None
        kept = [each.log for each in self._index.raw.logs(number)]
        logs = {at: list(some) for at, some in groupby(kept, lambda log: log.transaction_index)}
        return [
            encode(
                [
                    b"\1",
                    b"",
                    EMPTY_BLOOM,
                    [[log.address, list(log.topics), log.data] for log in logs.get(at, [])],
                ]
            )
            for at in range(max(logs, default=-1) + 1)
        ]

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        root = decode(self._state[keccak(address)])[2]
        storage = HexaryTrie(self._nodes, root)
        slots = []
        for key in keys:
            slot = keccak(key.to_bytes(32, "big"))
            stored = storage[slot]
            word = int.from_bytes(rlp.decode(stored), "big") if stored else 0
            slots.append(StorageProof(key, word, _path(storage, slot)))
        account = Account(1, 0, root, CODE)
        path = _path(self._state, keccak(address))
        return AccountProof(number or 0, address, account, path, tuple(slots))


def _path(trie: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
    nodes: tuple[Any, ...] = trie.get_proof(key)  # type: ignore[no-untyped-call]
    return tuple(rlp.encode(node) for node in nodes if node)
