"""Builds proof files, and trust roots, from a chain and its index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Protocol, TypeVar

from traceledger.chain.base import AccountProof, BlockRef, Chain, Provable
from traceledger.chain.trie import key_of, ordered
from traceledger.errors import InputError
from traceledger.events import RegistryEvent, decode
from traceledger.events.facts import Text
from traceledger.model.commitments import FieldKind, Opening, is_commitment, opens
from traceledger.model.keccak import keccak
from traceledger.proofs import layout
from traceledger.proofs.claims import claims_of
from traceledger.proofs.concerned import Concerned, concerned
from traceledger.proofs.files import Writer
from traceledger.proofs.receipts import logs_of
from traceledger.proofs.records import (
    SMALLEST_NODE,
    Checkpoint,
    Claims,
    Disclosed,
    Header,
    Preamble,
    Receipts,
    State,
)
from traceledger.proofs.source import ProofSource
from traceledger.proofs.standing import standings
from traceledger.provenance import Direction, lineage, trace_of
from traceledger.provenance.disclosable import disclosable

if TYPE_CHECKING:
    from traceledger.config.networks import Contracts
    from traceledger.index import Index

_NODES_A_RECORD = 256
_BYTES_A_RECORD = 2**18
_BATCHES_AT_ONCE = 200
T = TypeVar("T")


class ProvableChain(Chain, Provable, Protocol):
    """A chain that can also prove its blocks."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What a proof file holds: its stated block, the numbers of its headers, and how much of what."""

    block: int
    batches: int
    events: int
    numbers: tuple[int, ...]
    disclosures: int
    stored_bytes: int
    plain_bytes: int

    @property
    def headers(self) -> int:
        """How many headers it holds."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Request:
    """What to export.

    Attributes:
        batch: id of the batch.
        block: the stated block; the index must have it, and it must be final.
        followers: how many headers to add after the block of a number, to show who built on it (Clique).
        linked: all headers from the first event to the last block, so that hashes alone link them.
        checkpoints: of witnesses.
    """

    batch: int
    block: BlockRef
    followers: Callable[[int], int] = lambda _number: 0
    linked: bool = False
    checkpoints: tuple[Checkpoint, ...] = ()


class Known(Protocol):
    """Knows what opens commitments."""

    def opening(self, commitment: str) -> Opening | None:
        """What opens a commitment, if it is known."""


def export(
    file: BinaryIO,
    request: Request,
    chain: ProvableChain,
    index: Index,
    contracts: Contracts,
    known: Known | None = None,
) -> Exported:
    """Write the proof file of a batch.

    Args:
        file: where to write, open for bytes.
        request: what to write.
        chain: where headers, receipts and state proofs come from.
        index: where the lineage comes from, synced to the stated block at least.
        contracts: the deployment's addresses.
        known: what opens the private texts to be disclosed; ``None``: none is.

    Raises:
        InputError: the index, or the chain, has not got so far.
        UnknownNameError: there is no such batch at that block.
        TraceLedgerError: the chain cannot prove it.
    """
    head = index.head_block()
    if head is None or head < request.block.number:
        raise InputError(f"the index has not reached block {request.block.number}", hint="sync it first")
    with Writer(file) as writer:
        work = _Export(writer, request, chain, index, contracts)
        whom = work.run()
        if known is not None:
            work.disclose(whom, known)
    return work.outcome()


class _Export:
    """One export, from preamble to claims."""

    def __init__(
        self, writer: Writer, request: Request, chain: ProvableChain, index: Index, contracts: Contracts
    ) -> None:
        self._writer = writer
        self._request = request
        self._chain = chain
        self._index = index
        self._contracts = contracts
        self._upstream = lineage(index, request.batch, Direction.UP, as_of=request.block.number)
        # The index names people and places as they are called now, the claims as they were at the stated
        # block.
        self._named = ProofSource(request.block.number)
        self._registering: set[tuple[int, int]] = set()
        self._events = 0
        self._numbers: list[int] = []
        self._disclosures = 0

    def run(self) -> Concerned:
        """Write all records up to the claims; returns whom the lineage names."""
        request, chain = self._request, self._chain
        self._writer.write(
            Preamble(
                chain_id=chain.chain_id,
                genesis_hash=chain.genesis_hash(),
                ledger=self._contracts.ledger,
                registry=self._contracts.registry,
                batch=request.batch,
                block=request.block.number,
                block_hash=request.block.hash,
            )
        )
        for checkpoint in request.checkpoints:
            self._writer.write(checkpoint)
        whom = concerned(self._upstream, self._index)
        self._blocks(self._transactions(whom))
        self._conclude(whom)
        return whom

    def disclose(self, whom: Concerned, known: Known) -> None:
        """Write what opens the lineage's own private texts."""
        fields = [field for field, _ in disclosable(self._upstream)]
        for address in sorted(whom.participants):
            if participant := self._named.participant_at(address):
                fields.append(Text.of(FieldKind.PARTICIPANT_NAME, address, participant.name))
        for facility in sorted(whom.facilities):
            if site := self._named.facility_by_id(facility):
                fields.append(Text.of(FieldKind.FACILITY, site.participant, site.identifier))
                fields.append(Text.of(FieldKind.FACILITY_NAME, site.participant, site.name))
        found: dict[str, Opening] = {}
        for field in fields:
            opening = known.opening(field.text) if is_commitment(field.text) else None
            if opening and opens(opening, field.kind, field.owner or opening.owner, field.text):
                found[field.text] = opening
        self._disclosures = len(found)
        for some in _chunks(found.values(), _NODES_A_RECORD):
            self._writer.write(Disclosed(tuple(some)))

    def outcome(self) -> Exported:
        """What was written, once the writer is closed."""
        return Exported(
            block=self._request.block.number,
            batches=len(self._upstream.nodes),
            events=self._events,
            numbers=tuple(self._numbers),
            disclosures=self._disclosures,
            stored_bytes=self._writer.stored_bytes,
            plain_bytes=self._writer.plain_bytes,
        )

    def _transactions(self, whom: Concerned) -> dict[int, set[int]]:
        """By block, which of its transactions the proof needs."""
        found: dict[int, set[int]] = {}
        events = set()
        batches = list(self._upstream.replayed)
        for block, transaction, log_index in self._index.event_places(
            batches, as_of=self._request.block.number
        ):
            events.add((block, log_index))
            found.setdefault(block, set()).add(transaction)
        self._events = len(events)
        self._registering.update(
            self._index.registrations(
                participants=whom.participants,
                facilities=whom.facilities,
                materials=whom.materials,
                as_of=self._request.block.number,
            )
        )
        for block, transaction in self._registering:
            found.setdefault(block, set()).add(transaction)
        return found

    def _blocks(self, wanted: dict[int, set[int]]) -> None:
        numbers = sorted({*wanted, self._request.block.number})
        for number in self._header_numbers(numbers):
            self._numbers.append(number)
            self._writer.write(Header(self._chain.header_rlp(number)))
            if number in wanted:
                self._receipts(number, sorted(wanted[number]))

    def _header_numbers(self, needed: Sequence[int]) -> Iterator[int]:
        """The headers to write, ascending: those needed, and those that show that they are final."""
        request = self._request
        if request.linked:
            last = max(request.block.number, *(each.number for each in request.checkpoints), 0)
            yield from range(needed[0], last + request.followers(last) + 1)
            return
        written = -1
        # Followers of one block may be needed themselves; each header stands once.
        for number in needed:
            for each in range(max(number, written + 1), number + request.followers(number) + 1):
                yield each
                written = each

    def _receipts(self, number: int, indexes: list[int]) -> None:
        receipts = self._chain.receipt_rlps(number)
        # The whole trie of the block: nodes answer receipts, and none answers proofs of them.
        trie = ordered(receipts)
        seen: set[bytes] = set()
        some: list[int] = []
        nodes: list[bytes] = []
        for index in indexes:
            if (number, index) in self._registering:
                self._register(receipts[index], index)
            some.append(index)
            nodes.extend(_new(trie.path(key_of(index)), seen))
            if sum(map(len, nodes)) > _BYTES_A_RECORD or index == indexes[-1]:
                self._writer.write(Receipts(tuple(some), tuple(sorted(nodes))))
                some, nodes = [], []

    def _register(self, receipt: bytes, index: int) -> None:
        for log in logs_of(receipt, index):
            event = decode(log) if log.address == self._contracts.registry else None
            if isinstance(event, RegistryEvent):
                self._named.register(event)

    def _conclude(self, whom: Concerned) -> None:
        """The state's nodes, then the claims."""
        proving = _Proving(self._chain, self._request.block.number)
        for batches in _chunks(self._upstream.replayed, _BATCHES_AT_ONCE):
            self._state(proving.batches(self._contracts.ledger, batches))
        held = self._contracts
        self._state(proving.accounts((held.handling, held.corrections, held.assurance)))
        words = _ProvedWords(proving, held)
        standing = standings(
            words,
            held.assurance,
            whom.participants,
            whom.facilities,
            self._upstream.nodes,
            time=self._request.block.timestamp,
        )
        self._state(words.nodes)
        participants = [self._named.participant_at(address) for address in sorted(whom.participants)]
        known = [each for each in participants if each is not None]
        for sites in _chunks(sorted(whom.facilities), _BATCHES_AT_ONCE):
            self._state(proving.facilities(self._contracts.registry, sites))
        trace = trace_of(self._upstream, self._named)
        self._writer.write(Claims.of(claims_of(trace, self._upstream, self._named, known, standing)))

    def _state(self, nodes: Iterable[bytes]) -> None:
        for some in _chunks(nodes, _NODES_A_RECORD):
            self._writer.write(State(tuple(sorted(some))))


class _Proving:
    """Proves storage at one block; gives each trie node once."""

    def __init__(self, chain: Provable, block: int) -> None:
        self._chain = chain
        self._block = block
        self._seen: set[bytes] = set()

    def batches(self, ledger: bytes, batches: Sequence[int]) -> list[bytes]:
        """The nodes that prove state, custodian and substances of these batches."""
        states = [layout.state_slot(batch) for batch in batches]
        first = self._chain.prove(ledger, states, self._block)
        slots: list[int] = []
        for batch, slot, stored in zip(batches, states, first.storage, strict=True):
            # Asked after the state, which says what else there is: a slot that is not needed would be a node
            # too many.
            slots += layout.further_slots(slot, layout.require_batch(stored.value, batch))
        second = self._chain.prove(ledger, slots, self._block)
        return [*self._new(first), *self._new(second)]

    def accounts(self, addresses: Iterable[bytes]) -> list[bytes]:
        """The nodes that prove the code of these contracts."""
        return [node for each in addresses for node in self._new(self._chain.prove(each, [], self._block))]

    def words(self, address: bytes, slots: Sequence[int]) -> tuple[list[int], list[bytes]]:
        """Words of a contract's storage, and the nodes that prove them."""
        found: dict[int, int] = {}
        nodes: list[bytes] = []
        for some in _chunks(dict.fromkeys(slots), _BATCHES_AT_ONCE):
            proof = self._chain.prove(address, some, self._block)
            found |= {slot: stored.value for slot, stored in zip(some, proof.storage, strict=True)}
            nodes += self._new(proof)
        return [found[slot] for slot in slots], nodes

    def facilities(self, registry: bytes, facilities: Sequence[int]) -> list[bytes]:
        """The nodes that prove how many events have named these facilities."""
        slots = [layout.facility_slot(each) for each in facilities]
        return self._new(self._chain.prove(registry, slots, self._block))

    def _new(self, proof: AccountProof) -> list[bytes]:
        nodes = [*proof.proof, *(node for stored in proof.storage for node in stored.proof)]
        return list(_new(nodes, self._seen))


class _ProvedWords:
    """The contracts' words at the stated block, as the chain proves them; keeps the nodes that do."""

    def __init__(self, proving: _Proving, contracts: Contracts) -> None:
        self._proving = proving
        self._contracts = contracts
        self.nodes: list[bytes] = []

    def registry(self, slots: Sequence[int]) -> list[int]:
        """Those of the participant registry."""
        return self._ask(self._contracts.registry, slots)

    def assurance(self, slots: Sequence[int]) -> list[int]:
        """Those of the assurance registry."""
        return self._ask(self._contracts.assurance, slots)

    def _ask(self, address: bytes, slots: Sequence[int]) -> list[int]:
        words, nodes = self._proving.words(address, slots)
        self.nodes += nodes
        return words


def _new(nodes: Iterable[bytes], seen: set[bytes]) -> Iterator[bytes]:
    """The nodes not seen before. Small ones are left out: they stand inside those that refer to them."""
    for node in nodes:
        if len(node) < SMALLEST_NODE:
            continue
        digest = keccak(node)
        if digest not in seen:
            seen.add(digest)
            yield node


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk
