"""Read accounts, storage and Merkle proofs from the state tries; no EVM is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rlp
from eth_hash.auto import keccak
from trie.exceptions import MissingTrieNode
from trie.hexary import HexaryTrie

from traceledger.chain.base import EMPTY_CODE_HASH, Account, AccountProof, StorageProof
from traceledger.chain.embedded.database import DAMAGE_HINT
from traceledger.errors import InputError, VerificationError
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.chain.embedded.reader import ChainReader
    from traceledger.chain.embedded.trie_nodes import NodeStore

_STATE_ROOT_FIELD = 3


class StateReader:
    """The state of a chain after any of its blocks.

    Args:
        reader: the chain's blocks.
        nodes: its trie nodes.
        path: the chain's file, for error messages.
    """

    def __init__(self, reader: ChainReader, nodes: NodeStore, path: Path) -> None:
        self._reader = reader
        self._nodes = nodes
        self._path = path

    def account(self, address: bytes, number: int | None = None) -> Account:
        """The account at ``address`` after block ``number`` (default: the newest); empty if unused.

        Raises:
            InputError: no such block.
            VerificationError: a trie node is missing or damaged.
        """
        return self._account(self._state(number), address)

    def code(self, address: bytes, number: int | None = None) -> bytes:
        """The runtime bytecode at ``address``; empty where there is no contract."""
        code_hash = self.account(address, number).code_hash
        if code_hash == EMPTY_CODE_HASH:
            return b""
        code = self._nodes.get(code_hash)
        if code is None:
            raise self._damaged(code_hash)
        return code

    def storage(self, address: bytes, key: int, number: int | None = None) -> int:
        """The 256-bit word in slot ``key`` of the contract at ``address``."""
        account = self.account(address, number)
        return self._word(HexaryTrie(self._nodes, account.storage_root), _slot(key))

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        """Prove an account and some of its storage slots against a block's state root.

        Args:
            address: 20 bytes.
            keys: storage slots.
            number: the block; default the newest.
        """
        block = self._reader.head().number if number is None else number
        trie = self._state(block)
        account = self._account(trie, address)
        storage = HexaryTrie(self._nodes, account.storage_root)
        slots = tuple(
            StorageProof(key, self._word(storage, _slot(key)), self._path_to(storage, _slot(key)))
            for key in keys
        )
        return AccountProof(block, address, account, self._path_to(trie, keccak(address)), slots)

    def _state(self, number: int | None) -> HexaryTrie:
        wanted = self._reader.head().number if number is None else number
        encoded = self._reader.header_rlp(wanted)
        if encoded is None:
            raise InputError(f"there is no block {wanted}")
        return HexaryTrie(self._nodes, rlp.decode(encoded)[_STATE_ROOT_FIELD])

    def _account(self, trie: HexaryTrie, address: bytes) -> Account:
        encoded = self._lookup(trie, keccak(address))
        if not encoded:
            return Account()
        nonce, balance, storage_root, code_hash = rlp.decode(encoded)
        return Account(int.from_bytes(nonce, "big"), int.from_bytes(balance, "big"), storage_root, code_hash)

    def _word(self, trie: HexaryTrie, key: bytes) -> int:
        encoded = self._lookup(trie, key)
        return int.from_bytes(rlp.decode(encoded), "big") if encoded else 0

    def _lookup(self, trie: HexaryTrie, key: bytes) -> bytes:
        try:
            value: bytes = trie[key]
        except MissingTrieNode as error:
            raise self._damaged(error.missing_node_hash) from error
        return value

    def _path_to(self, trie: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
        try:
            nodes: tuple[Any, ...] = trie.get_proof(key)  # type: ignore[no-untyped-call]
        except MissingTrieNode as error:
            raise self._damaged(error.missing_node_hash) from error
        return tuple(rlp.encode(node) for node in nodes if node)

    def _damaged(self, node: bytes) -> VerificationError:
        return VerificationError(
            f"the chain database lacks the state node {hexed(bytes(node))}",
            where=self._path,
            hint=DAMAGE_HINT,
        )


def receipt_proof(receipts: Sequence[bytes], position: int) -> tuple[bytes, tuple[bytes, ...]]:
    """Prove one receipt of a block against the header's receipt root.

    Args:
        receipts: all receipts of the block, as they stand in its receipt trie, in order.
        position: which of them to prove.

    Returns:
        The receipt root, and the RLP-encoded trie nodes from the root down to the receipt.
    """
    trie = HexaryTrie({})
    for index, receipt in enumerate(receipts):
        trie[rlp.encode(index)] = receipt
    nodes = trie.get_proof(rlp.encode(position))  # type: ignore[no-untyped-call]
    return trie.root_hash, tuple(rlp.encode(node) for node in nodes)


def _slot(key: int) -> bytes:
    digest: bytes = keccak(key.to_bytes(32, "big"))
    return digest
