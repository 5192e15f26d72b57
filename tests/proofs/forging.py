"""Forges proof files as somebody would who understands them: all that can be computed is computed again.

What a forger lacks is keys. So blocks can be sealed here in each way and by any keys, and the tests show
which seals are believed. Control: with the right keys the very same forgery is believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import rlp
from coincurve import PrivateKey
from eth_hash.auto import keccak
from trie import HexaryTrie

from tests.proofs.mutations import canonical, ended
from tests.proofs.proved import events_of, replayed, rewritten, source_of, state_nodes, words_of
from tests.proofs.soundness import plain_of
from traceledger.errors import VerificationError
from traceledger.proofs import TrustRoot
from traceledger.proofs.checkpoint import digest as checkpoint_digest
from traceledger.proofs.trust import SealingKind, ValidatorRange, Validators, Witnesses

_PARENT, _COINBASE, _STATE, _RECEIPTS, _NUMBER, _EXTRA = 0, 2, 3, 5, 8, 12
_VANITY = bytes(32)
_SMALLEST_NODE = 32
Seal = Callable[[list[Any]], None]
"""Puts seals into a header's fields."""


@dataclass(frozen=True)
class Key:
    """A key with its address."""

    secret: PrivateKey

    @property
    def address(self) -> bytes:
        found: bytes = keccak(self.secret.public_key.format(compressed=False)[1:])[-20:]
        return found

    def sign(self, digest: bytes) -> bytes:
        return self.secret.sign_recoverable(digest, hasher=None)


KEYS = [Key(PrivateKey(keccak(b"validator %d" % number))) for number in range(4)]
STRANGERS = [Key(PrivateKey(keccak(b"stranger %d" % number))) for number in range(4)]


def believing(
    trusted: TrustRoot, kind: SealingKind, *ranges: tuple[int, int | None, Sequence[Key]], **more: Any
) -> TrustRoot:
    """The trust root with other sealing: each range is first block, last block, keys."""
    made = tuple(
        ValidatorRange(first, last, frozenset(key.address for key in keys)) for first, last, keys in ranges
    )
    return replace(trusted, sealing=kind, validators=Validators(made), **more)


def witnessed_by(trusted: TrustRoot, threshold: int, keys: Sequence[Key]) -> TrustRoot:
    """The trust root that believes only witnesses."""
    witnesses = Witnesses(threshold, frozenset(key.address for key in keys))
    return believing(trusted, "none", witnesses=witnesses)


def by_one(key: Key) -> Seal:
    """Seals of proof of authority and of Clique: one, at the end of the extra data."""

    def seal(fields: list[Any]) -> None:
        fields[_COINBASE] = key.address
        fields[_EXTRA] = _VANITY
        fields[_EXTRA] += key.sign(keccak(rlp.encode(fields)))

    return seal


def in_turn(keys: Sequence[Key]) -> Seal:
    """Clique: each block by the next one."""

    def seal(fields: list[Any]) -> None:
        by_one(keys[int.from_bytes(fields[_NUMBER], "big") % len(keys)])(fields)

    return seal


def by_quorum(keys: Sequence[Key], change: Callable[[list[bytes]], list[bytes]] = list) -> Seal:
    """QBFT: commit seals of all these keys; ``change`` makes others of them."""

    def seal(fields: list[Any]) -> None:
        named = [key.address for key in KEYS]
        fields[_EXTRA] = rlp.encode([_VANITY, named, [], b"\x02", []])
        digest = keccak(rlp.encode(fields))
        seals = change([key.sign(digest) for key in keys])
        fields[_EXTRA] = rlp.encode([_VANITY, named, [], b"\x02", seals])

    return seal


def qbft_hash(fields: list[Any]) -> bytes:
    """QBFT's hash of a block: round zero, no seals."""
    vanity, named, vote, *_ = rlp.decode(fields[_EXTRA])
    bare = [*fields[:_EXTRA], rlp.encode([vanity, named, vote, b"", []]), *fields[_EXTRA + 1 :]]
    digest: bytes = keccak(rlp.encode(bare))
    return digest


def number_of(header: dict[str, Any]) -> int:
    """The number of the block of a header's record."""
    return int.from_bytes(rlp.decode(bytes.fromhex(header["rlp"][2:]))[_NUMBER], "big")


def plain_hash(fields: list[Any]) -> bytes:
    """The hash of a block everywhere else."""
    digest: bytes = keccak(rlp.encode(fields))
    return digest


class Forgery:
    """A valid file, taken apart.

    Args:
        stored: the file.
    """

    def __init__(self, stored: bytes) -> None:
        self.records = [json.loads(line) for line in (plain_of(stored) or b"").splitlines()[:-1]]

    @property
    def preamble(self) -> dict[str, Any]:
        return self.records[0]

    @property
    def claims(self) -> dict[str, Any]:
        values: dict[str, Any] = next(each["values"] for each in self.records if each["type"] == "claims")
        return values

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The records of a type."""
        return [each for each in self.records if each["type"] == kind]

    def file(self) -> bytes:
        """The file, with an end record that fits."""
        return ended(map(canonical, self.records))

    def seal(
        self, seal: Seal, hashed: Callable[[list[Any]], bytes] = plain_hash, *, followers: int = 0
    ) -> Forgery:
        """Link and seal all headers anew; then so many more that follow the last."""
        last = self.of("header")[-1]
        fields = rlp.decode(bytes.fromhex(last["rlp"][2:]))
        number = int.from_bytes(fields[_NUMBER], "big")
        place = next(n for n, each in enumerate(self.records) if each["type"] == "state")
        for step in range(1, followers + 1):
            fields[_NUMBER] = (number + step).to_bytes(2, "big").lstrip(b"\0")
            record = {"type": "header", "rlp": "0x" + rlp.encode(fields).hex()}
            self.records.insert(place + step - 1, record)
        self._seal_all(seal, hashed)
        return self

    def _seal_all(self, seal: Seal, hashed: Callable[[list[Any]], bytes]) -> None:
        before, parent = -1, b""
        for record in self.of("header"):
            fields = rlp.decode(bytes.fromhex(record["rlp"][2:]))
            number = int.from_bytes(fields[_NUMBER], "big")
            if number == before + 1:
                fields[_PARENT] = parent
            if number == self.preamble["block"]:
                # Trails are salted with the hashes of the blocks before: the state follows from them.
                record["rlp"] = "0x" + rlp.encode(fields).hex()
                fields[_STATE] = self._state_anew()
            seal(fields)
            record["rlp"] = "0x" + rlp.encode(fields).hex()
            before, parent = number, hashed(fields)
            if number == self.preamble["block"]:
                self.preamble["block_hash"] = "0x" + parent.hex()

    def _state_anew(self) -> bytes:
        """Give the ledger the words that the file's events make; returns the state's new root."""
        stated = next(h for h in self.of("header") if number_of(h) == self.preamble["block"])
        root: bytes = rlp.decode(bytes.fromhex(stated["rlp"][2:]))[_STATE]
        try:
            source = source_of(self.preamble["block"], *events_of(self.records))
            words = words_of(replayed(int(self.preamble["batch"], 16), source).values())
        except VerificationError:
            return root  # Events that cannot be read, or contradict each other, make no state.
        ledger = bytes.fromhex(self.preamble["ledger"][2:])
        made, nodes = rewritten(state_nodes(self.records), root, ledger, words)
        first, *others = self.of("state")
        first["nodes"] = ["0x" + node.hex() for node in nodes if len(node) >= _SMALLEST_NODE]
        self.records = [each for each in self.records if not any(each is other for other in others)]
        return made

    def change_log(self, change: Callable[[bytes], bytes]) -> Forgery:
        """Change the data of the first log that ``change`` changes, and the trie above it."""
        for place, record in enumerate(self.records):
            if record["type"] == "receipts" and self._changed(place, change):
                return self
        raise AssertionError("no log was changed")

    def _changed(self, place: int, change: Callable[[bytes], bytes]) -> bool:
        record, header = self.records[place], self.records[place - 1]
        fields = rlp.decode(bytes.fromhex(header["rlp"][2:]))
        nodes = [bytes.fromhex(node[2:]) for node in record["nodes"]]
        trie = HexaryTrie({keccak(node): node for node in nodes}, fields[_RECEIPTS])
        for index in record["indexes"]:
            receipt = trie[rlp.encode(index)]
            head = receipt[:1] if receipt[0] < 0x80 else b""
            body = rlp.decode(receipt[len(head) :])
            made = [[address, topics, change(data)] for address, topics, data in body[3]]
            if made != body[3]:
                trie[rlp.encode(index)] = head + rlp.encode([*body[:3], made])
                break
        else:
            return False
        found = {rlp.encode(node) for each in record["indexes"] for node in trie.get_proof(rlp.encode(each))}
        record["nodes"] = sorted("0x" + node.hex() for node in found if len(node) >= 32)
        fields[_RECEIPTS] = trie.root_hash
        header["rlp"] = "0x" + rlp.encode(fields).hex()
        return True

    def add_checkpoint(
        self, key: Key, *, block: int = 0, hash_: bytes | None = None, chain_id: int = 0
    ) -> Forgery:
        """Add a checkpoint of the stated block, or of what is said."""
        number = self.preamble["block"] + block
        what = hash_ or bytes.fromhex(self.preamble["block_hash"][2:])
        chain = chain_id or int(self.preamble["chain_id"])
        genesis = bytes.fromhex(self.preamble["genesis_hash"][2:])
        record = {
            "type": "checkpoint",
            "chain_id": str(chain),
            "number": number,
            "hash": "0x" + what.hex(),
            "signature": "0x" + key.sign(checkpoint_digest(chain, genesis, number, what)).hex(),
        }
        self.records.insert(1, record)
        return self
