"""A stored chain of any size (``tests.scale``), with headers, receipts and a last state that can be proved.

As in ``tests.proofs.synthetic``, only the last state is there, and of the ledger only the batches that are
asked for. Its tries are built at once, by the product's own builder, which a test compares with a library's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from tests.index.support import DEPLOYED
from tests.proofs.synthetic import CODE, EMPTY_BLOOM
from tests.real_ledger import signer_of
from tests.scale.stored import StoredChain
from traceledger.chain.base import Account, AccountProof, Block, BlockRef, StorageProof
from traceledger.chain.rlp import encode
from traceledger.chain.trie import Trie, ordered
from traceledger.events import LedgerEvent, RegistryEvent, decode
from traceledger.model.keccak import keccak
from traceledger.proofs import layout
from traceledger.proofs.source import ProofSource
from traceledger.proofs.trust import TrustedContract, TrustRoot, ValidatorRange, Validators
from traceledger.replay import Memory, Replay, Within


class SealedChain:
    """What exporting a proof asks of a chain.

    Args:
        stored: the chain.
        batches: ids of all batches that a replay of the lineage follows.
    """

    def __init__(self, stored: StoredChain, batches: Collection[int]) -> None:
        said = {name: bytes.fromhex(where) for name, where in json.loads(stored.said("contracts")).items()}
        self.contracts = replace(DEPLOYED, **said)
        self.chain_id = stored.chain_id
        self.authority = signer_of("authority")
        self._stored = stored
        self._headers: list[bytes] = []
        self._refs: list[BlockRef] = []
        self._make(set(batches))

    def _make(self, batches: set[int]) -> None:
        memory, registered = Memory(), ProofSource(0)
        replay = Replay(memory, only=frozenset(batches))
        last = self._stored.head().number
        for block in self._stored.blocks(0, last):
            within = Within(self._refs[-1].hash if self._refs else bytes(32), block.ref.timestamp)
            for log in block.logs:
                event = decode(log)
                if isinstance(event, LedgerEvent):
                    replay.apply(event, within)
                elif isinstance(event, RegistryEvent) and log.address == self.contracts.registry:
                    registered.register(event)
            if block.ref.number == last:
                self._settle(memory, registered)
            self._seal(block, self._state.root if block.ref.number == last else bytes(32))

    def _settle(self, memory: Memory, registered: ProofSource) -> None:
        """Make the last state."""
        held: dict[int, int] = {}
        for batch in memory.batches.values():
            for part in layout.parts_of(batch):
                held[part.slot] = held.get(part.slot, 0) | part.value << part.first_bit
        known: dict[int, int] = {}
        for company in registered.participants:
            named = registered.named(company.address)
            known[layout.account_slot(company.address)] = 1 << 176 | 1 << 192 | named << 240
        for site in registered.facilities:
            owner = int.from_bytes(site.participant, "big")
            known[layout.facility_slot(site.id)] = owner | registered.named(site.id) << 192
        where = self.contracts
        bare = (where.handling, where.corrections, where.assurance)
        self._words = {where.ledger: held, where.registry: known} | {each: {} for each in bare}
        self._storage = {
            address: Trie({_slot(key): encode(_bytes(word)) for key, word in words.items() if word})
            for address, words in self._words.items()
        }
        accounts = {
            keccak(each): encode([b"\1", b"", trie.root, CODE]) for each, trie in self._storage.items()
        }
        self._state = Trie(accounts)

    def _seal(self, block: Block, state_root: bytes) -> None:
        parent = self._refs[-1].hash if self._refs else bytes(32)
        receipts = ordered(_receipts(block))
        number, time = _bytes(block.ref.number), _bytes(block.ref.timestamp)
        roots = [state_root, bytes(32), receipts.root]
        head = [parent, bytes(32), self.authority.address, *roots, EMPTY_BLOOM, b"", number, b"", b"", time]
        seal = self.authority.sign_hash(keccak(encode([*head, bytes(32), bytes(32), bytes(8)])))
        header = encode([*head, bytes(32) + seal, bytes(32), bytes(8)])
        self._headers.append(header)
        self._refs.append(BlockRef(block.ref.number, keccak(header), parent, block.ref.timestamp))

    def genesis_hash(self) -> bytes:
        return self._refs[0].hash

    def head(self) -> BlockRef:
        return self._refs[-1]

    def header_rlp(self, number: int) -> bytes:
        return self._headers[number]

    def receipt_rlps(self, number: int) -> list[bytes]:
        (block,) = self._stored.blocks(number, number)
        return _receipts(block)

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        trie, words = self._storage[address], self._words[address]
        slots = tuple(StorageProof(key, words.get(key, 0), tuple(trie.path(_slot(key)))) for key in keys)
        account = Account(1, 0, trie.root, CODE)
        path = tuple(self._state.path(keccak(address)))
        return AccountProof(self.head().number, address, account, path, slots)

    def trust_root(self) -> TrustRoot:
        where = self.contracts
        return TrustRoot(
            chain_id=self.chain_id,
            genesis_hash=self.genesis_hash(),
            ledger=TrustedContract(where.ledger, CODE),
            registry=TrustedContract(where.registry, CODE),
            handling=TrustedContract(where.handling, CODE),
            corrections=TrustedContract(where.corrections, CODE),
            assurance=TrustedContract(where.assurance, CODE),
            sealing="authority",
            validators=Validators((ValidatorRange(0, None, frozenset({self.authority.address})),)),
        )


def _receipts(block: Block) -> list[bytes]:
    logs = {at: list(some) for at, some in groupby(block.logs, lambda log: log.transaction_index)}
    return [
        encode(
            [b"\1", b"", EMPTY_BLOOM, [[g.address, list(g.topics), g.data] for g in logs.get(tx.index, [])]]
        )
        for tx in block.transactions
    ]


def _slot(key: int) -> bytes:
    return keccak(key.to_bytes(32, "big"))


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
