"""Headers, receipts and state proofs of a node, each checked before it is handed on.

A block's hash vouches for its header, the header for the receipts and for the state, so that what is
returned here can be shown to somebody who knows nothing but that hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from traceledger.chain.base import Account, AccountProof, StorageProof
from traceledger.chain.headers import Header, header_of
from traceledger.chain.rlp import decode
from traceledger.chain.rpc.bodies import receipt_rlp
from traceledger.chain.rpc.faults import MovedError, WrongAnswerError, decoding
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.chain.trie import ordered_root
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed, number, quantity, unhexed
from traceledger.model.keccak import keccak

_RECEIPTS_PER_READ = 200
_NO_ACCOUNT = re.compile(r"account not found", re.IGNORECASE)
"""Besu's words for an account that does not exist."""


def read_header(rpc: JsonRpc, at: int) -> Header:
    """The header of a block, its hash checked.

    Raises:
        InputError: there is no such block.
        WrongAnswerError: the answer does not hold.
    """
    found = rpc.read("eth_getBlockByNumber", quantity(at), False)
    return _header(found, at)


def read_receipts(rpc: JsonRpc, headers: Sequence[Header]) -> list[list[dict[str, Any]]]:
    """The receipts of blocks, each checked against the receipt root of its header.

    They come with one request a block (``eth_getBlockReceipts``), from older nodes with one a transaction.

    Raises:
        WrongAnswerError: receipts are missing, or are not those that the header vouches for.
    """
    kept = {it.ref.hash: rpc.block_receipts.pop(hexed(it.ref.hash), None) for it in headers}
    asked = [it for it in headers if kept[it.ref.hash] is None]
    kept |= zip((it.ref.hash for it in asked), _receipts_of(rpc, asked), strict=True)
    return [_checked(header, kept[header.ref.hash]) for header in headers]


def _receipts_of(rpc: JsonRpc, headers: Sequence[Header]) -> list[Any]:
    if rpc.offers_block_receipts:
        try:
            # By hash, not number: a block that was replaced in between is missing then, not another.
            return rpc.read_all([("eth_getBlockReceipts", (hexed(item.ref.hash),)) for item in headers])
        except RpcError as error:
            # Older nodes lack the method; each is asked once.
            if not error.unsupported:
                raise
            rpc.offers_block_receipts = False
    return [_receipts_one_by_one(rpc, item) for item in headers]


def receipt_rlps(rpc: JsonRpc, at: int) -> list[bytes]:
    """The receipts of a block as they stand in its trie, checked against the root in its header.

    Raises:
        InputError: there is no such block.
        WrongAnswerError: they are not those that the header vouches for.
    """
    header = read_header(rpc, at)
    (receipts,) = read_receipts(rpc, [header])
    return [receipt_rlp(item) for item in receipts]


def prove(rpc: JsonRpc, address: bytes, keys: Sequence[int], at: int) -> AccountProof:
    """Prove an account and some of its storage slots; the proofs are checked against the block's header.

    Raises:
        InputError: there is no such block.
        RpcError: the node no longer has the block's state.
        NetworkError: the node has no such account there, and proves nothing of it, as Besu does not.
        WrongAnswerError: the proofs do not hold.
    """
    slots = [hexed(key.to_bytes(32, "big")) for key in keys]
    try:
        block, found = rpc.read_all(
            [
                ("eth_getBlockByNumber", (quantity(at), False)),
                ("eth_getProof", (hexed(address), slots, quantity(at))),
            ]
        )
    except RpcError as error:
        if not _NO_ACCOUNT.search(str(error)):
            raise
        raise NetworkError(
            f"the node knows no account {hexed(address)} at block {at}, and gives no proof of that",
            hint="ask at a block after the contracts were deployed, or another node (geth proves absence)",
        ) from None
    header = _header(block, at)
    with decoding("a proof"):
        proof = _proof(found, address, keys, at)
        _check(proof, header.state_root)
    return proof


def _header(found: Any, at: int) -> Header:
    if found is None:
        raise InputError(f"there is no block {at}")
    return header_of(found, at)


def _receipts_one_by_one(rpc: JsonRpc, header: Header) -> list[Any] | None:
    block = rpc.read("eth_getBlockByHash", hexed(header.ref.hash), False)
    if block is None:
        return None
    with decoding("a block"):
        hashes = list(block["transactions"])
    found: list[Any] = []
    for start in range(0, len(hashes), _RECEIPTS_PER_READ):
        some = hashes[start : start + _RECEIPTS_PER_READ]
        found += rpc.read_all([("eth_getTransactionReceipt", (item,)) for item in some])
    return found


def _checked(header: Header, receipts: Any) -> list[dict[str, Any]]:
    if not isinstance(receipts, list):
        raise MovedError(f"there are no receipts of block {header.ref.number}")
    if ordered_root([receipt_rlp(item) for item in receipts]) != header.receipts_root:
        raise WrongAnswerError(
            f"the receipts of block {header.ref.number} are not those its header vouches for"
        )
    return receipts


def _proof(found: Any, address: bytes, keys: Sequence[int], at: int) -> AccountProof:
    account = Account(
        number(found["nonce"]),
        number(found["balance"]),
        unhexed(found["storageHash"]),
        unhexed(found["codeHash"]),
    )
    # By key: geth answers in the order of the question, Besu sorted and each key once.
    proved = {number(item["key"]): item for item in found["storageProof"]}
    if not proved.keys() >= set(keys):
        raise WrongAnswerError(f"not all slots of {hexed(address)} that were asked for are proved")
    storage = tuple(
        StorageProof(key, number(proved[key]["value"]), tuple(unhexed(node) for node in proved[key]["proof"]))
        for key in keys
    )
    return AccountProof(at, address, account, tuple(unhexed(node) for node in found["accountProof"]), storage)


def _check(proof: AccountProof, state_root: bytes) -> None:
    """That the values of a proof are those its trie nodes lead to, from the state root down."""
    account = _value(state_root, keccak(proof.address), proof.proof)
    fields = decode(account) if account else [b"", b"", Account().storage_root, Account().code_hash]
    nonce, balance = (int.from_bytes(item, "big") for item in fields[:2])
    if Account(nonce, balance, *fields[2:]) != proof.account:
        raise WrongAnswerError(f"the account {hexed(proof.address)} is not as its proof has it")
    for slot in proof.storage:
        value = _value(proof.account.storage_root, keccak(slot.key.to_bytes(32, "big")), slot.proof)
        if slot.value != (int.from_bytes(decode(value), "big") if value else 0):
            raise WrongAnswerError(f"slot {slot.key} of {hexed(proof.address)} is not as its proof has it")


def _value(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes:
    """The value that trie nodes give for a key; empty where they show that there is none."""
    from trie.exceptions import BadTrieProof
    from trie.hexary import HexaryTrie

    # Nodes prove an empty trie with no node at all, which py-trie takes for a bad proof.
    if root == Account().storage_root:
        return b""
    try:
        decoded = [decode(node) for node in nodes]
        found: bytes = HexaryTrie.get_from_proof(root, key, decoded)  # type: ignore[no-untyped-call]
    except BadTrieProof:
        raise WrongAnswerError("a proof does not lead down from the block's state root") from None
    return found
