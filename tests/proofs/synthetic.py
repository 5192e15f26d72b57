"""A large chain without an EVM: the simulator's logs in real receipts, under real sealed headers.

Only the state at the last block is made, and of the ledger only the batches that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import rlp
from trie.hexary import HexaryTrie

from tests.index.support import DEPLOYED
from tests.lots import Lot
from tests.real_ledger import signer_of
from tests.simulator import LEDGER, REGISTRY, World
from traceledger.chain.base import Account, AccountProof, Block, BlockRef, Log, StorageProof
from traceledger.chain.rlp import encode
from traceledger.chain.trie import key_of
from traceledger.events import LedgerEvent, RegistryEvent, decode
from traceledger.model.batches import Batch
from traceledger.model.keccak import keccak
from traceledger.proofs import layout
from traceledger.proofs.source import ProofSource
from traceledger.proofs.trust import TrustedContract, TrustRoot, ValidatorRange, Validators
from traceledger.replay import Memory, Replay, Within
from traceledger.signing.keystore import LocalSigner

HANDLING, CORRECTIONS, ASSURANCE = DEPLOYED.handling, DEPLOYED.corrections, DEPLOYED.assurance
_BARE = (HANDLING, CORRECTIONS, ASSURANCE)
CODE = keccak(b"code")
EMPTY_BLOOM = bytes(256)


class Taking(World):
    """A world in which little is taken at a time, so that a batch can be taken from many times."""

    def part_of(self, mass: int) -> int:
        return max(1, mass // 400)


def busy_world(events: int, *, batches: int = 1_000) -> tuple[Taking, int]:
    """A world of about so many events that all concern the last batch; returns its id too.

    Ore is minted, stored, and sold off lot by lot; ten lots each become salt, and ten salts a cell.
    """
    world = Taking(7)
    owner = next(iter(world.slugs))
    takes = max(1, events // batches - 3)
    lots = []
    for _ in range(batches):
        lot = world.mint(owner)
        world.add_emissions(lot)
        for _ in range(takes):
            world.split(lot)
        lots.append(lot)
        world.chain.seal()
    while len(lots) > 1:
        lots = [_made(world, owner, lots[at : at + 10]) for at in range(0, len(lots), 10)]
        world.chain.seal()
    return world, lots[0].id


def _made(world: World, owner: bytes, lots: list[Lot]) -> Lot:
    before = set(world.lots)
    world.transform(owner, lots)
    return max((world.lots[each] for each in set(world.lots) - before), key=lambda lot: lot.mass)


class ProvenChain:
    """The world's chain, with headers, receipts and the last state that can be proved."""

    chain_id = 31_337

    def __init__(self, world: World, batches: Iterable[int]) -> None:
        self.authority = signer_of("authority")
        self._blocks = world.chain.mined
        self._headers: list[bytes] = []
        self._refs: list[BlockRef] = []
        # Only the last header has a state: trails are salted with the hashes of the headers before.
        for block in self._blocks[:-1]:
            self._seal(block, bytes(32))
        self._state, roots = _state(world, self._replayed(batches))
        nothing = HexaryTrie({})
        self._storage = {LEDGER: roots[0], REGISTRY: roots[1]} | dict.fromkeys(_BARE, nothing)
        self._seal(self._blocks[-1], self._state.root_hash)

    def _replayed(self, batches: Iterable[int]) -> Iterable[Batch]:
        """What the world's events make of these batches."""
        memory = Memory()
        replay = Replay(memory, only=frozenset(batches))
        for block in self._blocks[1:]:
            within = Within(self._refs[block.ref.number - 1].hash, block.ref.timestamp)
            for log in block.logs:
                event = decode(log)
                if isinstance(event, LedgerEvent):
                    replay.apply(event, within)
        return memory.batches.values()

    def _seal(self, block: Block, state_root: bytes) -> None:
        parent = self._refs[-1].hash if self._refs else bytes(32)
        number = block.ref.number.to_bytes(4, "big").lstrip(b"\0")
        time = block.ref.timestamp.to_bytes(8, "big").lstrip(b"\0")
        roots = [state_root, bytes(32), _receipt_trie(self._receipts(block)).root_hash]
        head = [parent, bytes(32), self.authority.address, *roots, EMPTY_BLOOM, b"", number, b"", b"", time]
        header, digest = self._sealed(head)
        self._headers.append(header)
        self._refs.append(BlockRef(block.ref.number, digest, parent, block.ref.timestamp))

    def _sealed(self, head: list[bytes]) -> tuple[bytes, bytes]:
        """The header with its seal, and its hash."""
        bare = encode([*head, bytes(32), bytes(32), bytes(8)])
        seal = self.authority.sign_hash(keccak(bare))
        header = encode([*head, bytes(32) + seal, bytes(32), bytes(8)])
        return header, keccak(header)

    @staticmethod
    def _receipts(block: Block) -> list[bytes]:
        logs = {at: list(some) for at, some in groupby(block.logs, lambda log: log.transaction_index)}
        return [
            encode(
                [
                    b"\1",
                    b"",
                    EMPTY_BLOOM,
                    [[g.address, list(g.topics), g.data] for g in logs.get(tx.index, [])],
                ]
            )
            for tx in block.transactions
        ]

    def genesis_hash(self) -> bytes:
        return self._refs[0].hash

    def head(self) -> BlockRef:
        return self._refs[-1]

    def header_rlp(self, number: int) -> bytes:
        return self._headers[number]

    def receipt_rlps(self, number: int) -> list[bytes]:
        return self._receipts(self._blocks[number])

    def prove(self, address: bytes, keys: Sequence[int], number: int | None = None) -> AccountProof:
        assert number in (None, self.head().number)
        storage = self._storage[address]
        slots = tuple(
            StorageProof(key, _word(storage, _slot(key)), _path(storage, _slot(key))) for key in keys
        )
        account = Account(1, 0, storage.root_hash, CODE)
        return AccountProof(self.head().number, address, account, _path(self._state, keccak(address)), slots)

    def trust_root(self) -> TrustRoot:
        return TrustRoot(
            chain_id=self.chain_id,
            genesis_hash=self.genesis_hash(),
            ledger=TrustedContract(LEDGER, CODE),
            registry=TrustedContract(REGISTRY, CODE),
            handling=TrustedContract(HANDLING, CODE),
            corrections=TrustedContract(CORRECTIONS, CODE),
            assurance=TrustedContract(ASSURANCE, CODE),
            sealing="authority",
            validators=Validators((ValidatorRange(0, None, frozenset({self.authority.address})),)),
        )


class QbftChain(ProvenChain):
    """The same, sealed by three of four validators in round 2; from block ``change`` on by four others."""

    change = 12

    def validators(self, number: int) -> list[LocalSigner]:
        names = "abcd" if number < self.change else "wxyz"
        return [signer_of(name) for name in names]

    def _sealed(self, head: list[bytes]) -> tuple[bytes, bytes]:
        validators = self.validators(len(self._refs))

        def header(round_: bytes, seals: list[bytes]) -> bytes:
            extra = encode([bytes(32), [each.address for each in validators], [], round_, seals])
            return encode([*head, extra, bytes(32), bytes(8)])

        seals = [each.sign_hash(keccak(header(b"\2", []))) for each in validators[1:]]
        return header(b"\2", seals), keccak(header(b"", []))

    def trust_root(self) -> TrustRoot:
        first, then = (
            frozenset(each.address for each in self.validators(at)) for at in (self.change - 1, self.change)
        )
        ranges = (ValidatorRange(0, self.change - 1, first), ValidatorRange(self.change, None, then))
        return replace(super().trust_root(), sealing="qbft", validators=Validators(ranges))


def _receipt(logs: list[Log]) -> bytes:
    return encode([b"\1", b"", EMPTY_BLOOM, [[log.address, list(log.topics), log.data] for log in logs]])


def _receipt_trie(receipts: list[bytes]) -> HexaryTrie:
    trie = HexaryTrie({})
    for index, receipt in enumerate(receipts):
        trie[key_of(index)] = receipt
    return trie


def _state(world: World, batches: Iterable[Batch]) -> tuple[HexaryTrie, tuple[HexaryTrie, HexaryTrie]]:
    ledger, registry, state = HexaryTrie({}), HexaryTrie({}), HexaryTrie({})
    for batch in batches:
        for slot, word in _words(batch).items():
            if word:
                ledger[_slot(slot)] = rlp.encode(word)
    source = _registered(world)
    for address in world.slugs:
        # Active, with a key, and named so often.
        word = 1 << 176 | 1 << 192 | source.named(address) << 240
        registry[_slot(layout.account_slot(address))] = rlp.encode(word)
    for site in source.facilities:
        word = int.from_bytes(site.participant, "big") | source.named(site.id) << 192
        registry[_slot(layout.facility_slot(site.id))] = rlp.encode(word)
    nothing = HexaryTrie({})
    for address, storage in (
        (LEDGER, ledger),
        (REGISTRY, registry),
        *((each, nothing) for each in _BARE),
    ):
        state[keccak(address)] = encode([b"\1", b"", storage.root_hash, CODE])
    return state, (ledger, registry)


def _registered(world: World) -> ProofSource:
    """All events of the registry."""
    source = ProofSource(0)
    for block in world.chain.mined:
        for log in block.logs:
            event = decode(log) if log.address == REGISTRY else None
            if isinstance(event, RegistryEvent):
                source.register(event)
    return source


def _words(batch: Batch) -> dict[int, int]:
    words: dict[int, int] = {}
    for part in layout.parts_of(batch):
        words[part.slot] = words.get(part.slot, 0) | part.value << part.first_bit
    return words


def _slot(key: int) -> bytes:
    return keccak(key.to_bytes(32, "big"))


def _word(trie: HexaryTrie, key: bytes) -> int:
    value = trie[key]
    return int.from_bytes(rlp.decode(value), "big") if value else 0


def _path(trie: HexaryTrie, key: bytes) -> tuple[bytes, ...]:
    nodes: tuple[Any, ...] = trie.get_proof(key)  # type: ignore[no-untyped-call]
    return tuple(rlp.encode(node) for node in nodes if node)
