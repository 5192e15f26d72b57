"""The events and the state of a valid proof file, as whoever holds every seal could put them together anew.

With these the tests say what the ledger's own words refuse, whoever sealed the blocks: an event less, one
more, one with another amount.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import rlp
from eth_hash.auto import keccak
from trie import HexaryTrie

from tests.proofs.soundness import plain_of
from traceledger.chain.trie import key_of
from traceledger.errors import VerificationError
from traceledger.events import LedgerEvent, RecordedEvent, RegistryEvent, decode
from traceledger.model.batches import Batch
from traceledger.proofs import TrustRoot, layout
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.receipts import logs_of
from traceledger.proofs.source import ProofSource
from traceledger.proofs.tries import Nodes
from traceledger.proofs.verify.completeness import LineageReplay
from traceledger.proofs.verify.conclusions import Conclusions, conclude
from traceledger.proofs.verify.state import ProvedState
from traceledger.provenance import Direction, lineage

Placed = tuple[RecordedEvent, bytes]
"""An event of the ledger, and the hash of the block before its own."""
_HASH = 32
_STORAGE_ROOT = 2


@dataclass(frozen=True)
class Proved:
    """What a file proves, apart from who sealed it.

    Attributes:
        trusted: whose contracts count.
        batch: id of the asked batch.
        block: the stated block.
        time: its time.
        state_root: of the state there.
        nodes: of the state.
        events: of the ledger, each with the hash of the block before its own, in chain order.
        registrations: of the registry.
    """

    trusted: TrustRoot
    batch: int
    block: int
    time: int
    state_root: bytes
    nodes: tuple[bytes, ...]
    events: tuple[Placed, ...]
    registrations: tuple[RegistryEvent, ...]

    @property
    def lineage(self) -> frozenset[int]:
        """The batches upstream, and those that were split off and put back."""
        source = self._source(self.events)
        return frozenset(lineage(source, self.batch, Direction.UP).told)

    def conclude(self, events: Iterable[Placed] | None = None) -> Conclusions:
        """What follows, from other events if they are given."""
        state = ProvedState(Nodes(self.nodes), self.state_root)
        source = self._source(self.events if events is None else events)
        return conclude(self.batch, source, state, self.trusted, self.time)

    def unregistered(self, gone: int) -> str:
        """Why it does not hold without the event of the registry at that place; empty if it does."""
        left = tuple(each for place, each in enumerate(self.registrations) if place != gone)
        return replace(self, registrations=left).refusal(self.events)

    def refusal(self, events: Iterable[Placed]) -> str:
        """Why other events do not hold; empty if they do."""
        try:
            self.conclude(events)
        except VerificationError as error:
            return error.what
        return ""

    def without(self, *gone: int) -> list[Placed]:
        """The events but those at these places."""
        return [each for place, each in enumerate(self.events) if place not in gone]

    def having(self, place: int, event: LedgerEvent) -> list[Placed]:
        """The events with another one at that place."""
        made = list(self.events)
        recorded, parent = made[place]
        made[place] = (replace(recorded, event=event), parent)
        return made

    def places(self, *kinds: type[LedgerEvent]) -> list[int]:
        """Where events of these kinds stand."""
        return [at for at, (recorded, _) in enumerate(self.events) if isinstance(recorded.event, kinds)]

    def _source(self, events: Iterable[Placed]) -> ProofSource:
        return source_of(self.block, events, self.registrations)


def proved_by(stored: bytes, trusted: TrustRoot) -> Proved:
    """What a valid file proves."""
    records = [json.loads(line) for line in (plain_of(stored) or b"").splitlines()]
    block = records[0]["block"]
    events, registrations = events_of(records)
    headers = (read_header(_bytes(each["rlp"]), "plain") for each in records if each["type"] == "header")
    stated = next(header for header in headers if header.number == block)
    return Proved(
        trusted,
        int(records[0]["batch"], 16),
        block,
        stated.timestamp,
        stated.state_root,
        tuple(state_nodes(records)),
        tuple(events),
        tuple(registrations),
    )


def state_nodes(records: Iterable[dict[str, Any]]) -> list[bytes]:
    """The nodes of the state in a file."""
    return [_bytes(node) for each in records if each["type"] == "state" for node in each["nodes"]]


def source_of(block: int, events: Iterable[Placed], registrations: Iterable[RegistryEvent]) -> ProofSource:
    """Events and registrations, as a verifier reads them of a large file: packed from the first one."""
    source = ProofSource(block, packed_from=0)
    for registration in registrations:
        source.register(registration)
    for recorded, parent in events:
        source.add(recorded, parent)
    return source


def replayed(batch: int, source: ProofSource) -> dict[int, Batch]:
    """The batches of a lineage, as their events make them."""
    replay = LineageReplay(frozenset(lineage(source, batch, Direction.UP).told), source.undone)
    for recorded in source.events:
        replay.apply(recorded.event, source.within(recorded))
    return replay.batches


def events_of(records: Sequence[dict[str, Any]]) -> tuple[list[Placed], list[RegistryEvent]]:
    """The events in a file: of the ledger, and of the registry."""
    ledger = _bytes(records[0]["ledger"])
    events: list[Placed] = []
    registrations: list[RegistryEvent] = []
    header, nodes = None, Nodes()
    for record in records:
        if record["type"] == "header":
            header, nodes = read_header(_bytes(record["rlp"]), "plain"), Nodes()
        elif record["type"] == "receipts" and header is not None:
            nodes.add(map(_bytes, record["nodes"]))
            for index in record["indexes"]:
                for log in logs_of(nodes.get(header.receipts_root, key_of(index)) or b"", index):
                    event = decode(log)
                    if isinstance(event, LedgerEvent) and log.address == ledger:
                        events.append((_placed(header, index, log.index, event), header.parent_hash))
                    elif isinstance(event, RegistryEvent):
                        registrations.append(event)
    return events, registrations


def _placed(header: BlockHeader, index: int, log: int, event: LedgerEvent) -> RecordedEvent:
    return RecordedEvent(header.number, header.timestamp, index, index << 24 | log, b"", event)


def words_of(batches: Iterable[Batch]) -> dict[int, int]:
    """What the ledger keeps of these batches, by slot."""
    words: dict[int, int] = {}
    for batch in batches:
        for part in layout.parts_of(batch):
            words[part.slot] = words.get(part.slot, 0) | part.value << part.first_bit
    # T2: a zero is not stored. Written all the same, it would divide nodes that prove nothing then.
    return {slot: word for slot, word in words.items() if word}


def rewritten(
    nodes: Iterable[bytes], root: bytes, ledger: bytes, words: dict[int, int]
) -> tuple[bytes, list[bytes]]:
    """A state with other words of the ledger: its root, and those of its nodes that are known."""
    known = {keccak(node): node for node in nodes}
    state = HexaryTrie(known, root)
    account = rlp.decode(state[keccak(ledger)])
    storage = HexaryTrie(known, account[_STORAGE_ROOT])
    for slot, word in words.items():
        storage[keccak(slot.to_bytes(_HASH, "big"))] = rlp.encode(word)
    account[_STORAGE_ROOT] = storage.root_hash
    state[keccak(ledger)] = rlp.encode(account)
    found: dict[bytes, bytes] = {}
    _reach(state.root_hash, known, found)
    return state.root_hash, sorted(found.values())


def _reach(item: Any, known: dict[bytes, bytes], found: dict[bytes, bytes]) -> None:
    """Collect the nodes below, by the hashes that they name."""
    if isinstance(item, list):
        for each in item:
            _reach(each, known, found)
    elif len(item) == _HASH and item in known and item not in found:
        found[item] = known[item]
        _reach(rlp.decode(known[item]), known, found)
    elif len(item) > _HASH and item[0] >= 0xC0:  # an account, which names its storage
        _reach(rlp.decode(item), known, found)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text[2:])
