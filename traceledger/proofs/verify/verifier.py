"""Verifies a proof file: with nothing but the file and a trust root, without network, index or node.

Example:
    >>> from pathlib import Path
    >>> from traceledger.proofs.trust import load
    >>> def check(proof: Path, batch: str, trust_root: Path) -> str:
    ...     return verify(proof, batch, load(trust_root)).trace.custodian
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import time
from typing import Any, BinaryIO

from traceledger.chain.base import Log
from traceledger.chain.trie import key_of
from traceledger.errors import InputError, TraceLedgerError, VerificationError
from traceledger.events import LedgerEvent, RecordedEvent, RegistryEvent, decode
from traceledger.proofs import checkpoint as checkpoints_
from traceledger.proofs.canonical import dumps
from traceledger.proofs.disclosed import Disclosing
from traceledger.proofs.files import Reader
from traceledger.proofs.limits import Limits
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.receipts import logs_of
from traceledger.proofs.records import (
    Checkpoint,
    Claims,
    Disclosed,
    End,
    Header,
    Preamble,
    Receipts,
    Record,
    State,
)
from traceledger.proofs.seals import sealing_of
from traceledger.proofs.source import ProofSource, place_in_block
from traceledger.proofs.succession import require_unexpired
from traceledger.proofs.tries import Nodes
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verify.asked import Asked
from traceledger.proofs.verify.conclusions import Conclusions, conclude
from traceledger.proofs.verify.finality import HeaderChain
from traceledger.proofs.verify.report import Measured, VerifiedProof
from traceledger.proofs.verify.state import ProvedState
from traceledger.storage.files import reading
from traceledger.walk import no_search_for_cycles

_RANK = {Preamble: 0, Checkpoint: 1, Header: 2, Receipts: 2, State: 3, Claims: 4, Disclosed: 5, End: 6}


def verify(
    path: Path,
    batch: str,
    trusted: TrustRoot,
    *,
    checkpoints: Sequence[Checkpoint] = (),
    limits: Limits | None = None,
    now: int | None = None,
) -> VerifiedProof:
    """Verify a proof file, and that it is about the batch that was asked about.

    Args:
        path: the file.
        batch: what it must be about: a full name, ``creator/identifier``, or an id, 0x and 64 digits.
        trusted: what is believed beforehand.
        checkpoints: of witnesses, beside those in the file.
        limits: how large the file may be.
        now: the time by which trust roots expire and ages are counted, UTC seconds; by default the clock's.

    Raises:
        InputError: it cannot be read, or is malformed.
        VerificationError: what it says is not proved, it is about another batch, or the trust root has
            expired or pins a later block.
    """
    asked = Asked(batch, int(time()) if now is None else now)
    with reading(path) as file:
        return verify_stream(file, str(path), asked, trusted, checkpoints=checkpoints, limits=limits)


def verify_stream(
    file: BinaryIO,
    name: str,
    asked: Asked,
    trusted: TrustRoot,
    *,
    checkpoints: Sequence[Checkpoint] = (),
    limits: Limits | None = None,
) -> VerifiedProof:
    """As :func:`verify`, of an open file that messages call ``name``."""
    limits = limits or Limits()
    reader = Reader(file, name, limits)
    require_unexpired(trusted, asked.now)
    work = _Verification(trusted, checkpoints, limits, asked)
    with no_search_for_cycles():
        for record in reader.records():
            try:
                work.take(record)
            except TraceLedgerError as error:
                # E6: malformed, which is the file's fault, is told apart from not proved, which may be its
                # author's.
                if isinstance(error, InputError):
                    raise reader.fault(error.what, error.hint) from None
                raise VerificationError(error.what, hint=error.hint, where=name) from None
    found = work.result(reader)
    asked.require_named(found, name)
    return found


class _Verification:
    """Takes the records of one file in order, and checks each as it comes."""

    def __init__(
        self, trusted: TrustRoot, checkpoints: Sequence[Checkpoint], limits: Limits, asked: Asked
    ) -> None:
        self._trusted = trusted
        self._asked = asked
        self._limits = limits
        self._checkpoints = list(checkpoints)
        self._sealing = sealing_of(trusted)
        self._rank = -1
        self._preamble: Preamble | None = None
        self._headers: HeaderChain | None = None
        self._header: BlockHeader | None = None
        self._stated: BlockHeader | None = None
        self._last_index = -1
        self._nodes = Nodes()
        self._state = Nodes()
        self._source = ProofSource(0)
        self._receipts = 0
        self._proof: Conclusions | None = None
        self._disclosing: Disclosing | None = None

    def take(self, record: Record) -> None:
        """The next record.

        Raises:
            InputError: it is out of place or malformed.
            VerificationError: it does not prove what it should.
        """
        self._advance(_RANK[type(record)])
        match record:
            case Preamble():
                self._begin(record)
            case Checkpoint():
                self._checkpoint(record)
            case Header():
                self._take_header(record)
            case Receipts():
                self._take_receipts(record)
            case State():
                self._state.add(self._bounded(record.nodes))
            case Claims():
                self._conclude(record)
            case Disclosed():
                self._private_texts().add(record.openings)
            case End():
                if self._proof is None:
                    raise InputError("the file ends too early: it has no claims")

    def _advance(self, rank: int) -> None:
        """Records of one rank follow those of lower ones; the first, and the claims, stand once (R1)."""
        if rank < self._rank or (rank == self._rank and rank in (0, 4)) or (self._rank < 0 and rank != 0):
            raise InputError("the records are out of order", hint="docs/proof-format.md says how they stand")
        self._rank = rank

    def result(self, reader: Reader) -> VerifiedProof:
        """The report, once the last record was taken."""
        if self._proof is None or self._preamble is None or self._stated is None or self._headers is None:
            raise InputError("the file ends too early")
        proof = self._proof
        return VerifiedProof(
            preamble=self._preamble,
            time=self._stated.timestamp,
            trace=proof.trace,
            upstream=proof.upstream,
            claims=proof.claims,
            origins=proof.origins,
            participants=proof.participants,
            standing=proof.standing,
            finality=self._headers.finality,
            measured=Measured(
                stored_bytes=reader.stored_bytes,
                plain_bytes=reader.plain_bytes,
                events=len(self._source.events),
                receipts=self._receipts,
                batches=len(proof.upstream.nodes),
            ),
            trusted=self._trusted,
            verified_at=self._asked.now,
            registry=self._source,
            disclosed=self._private_texts().opened,
            undisclosed=self._private_texts().undisclosed,
        )

    def _begin(self, preamble: Preamble) -> None:
        # R2: so that nobody mistakes a proof of another network for one of this.
        trusted = self._trusted
        for what, said, expected in (
            ("chain id", preamble.chain_id, trusted.chain_id),
            ("genesis hash", preamble.genesis_hash, trusted.genesis_hash),
            ("ledger", preamble.ledger, trusted.ledger.address),
            ("registry", preamble.registry, trusted.registry.address),
        ):
            if said != expected:
                raise VerificationError(
                    f"the file's {what} is not that of the trust root", hint="it is about another network"
                )
        self._asked.require_id(preamble.batch)
        # B7: what was true before a pinned block need not be true any more, as whoever pinned it knows.
        if preamble.block < trusted.newest_pin:
            raise VerificationError(
                f"it states what was true at block {preamble.block}, but the trust root pins block"
                f" {trusted.newest_pin}, and refuses older states",
                hint="get a newer file",
            )
        self._preamble = preamble
        self._source = ProofSource(preamble.block)

    def _checkpoint(self, checkpoint: Checkpoint) -> None:
        self._checkpoints.append(checkpoint)
        # L3: each costs the recovery of a key.
        if len(self._checkpoints) > self._limits.checkpoints:
            raise InputError(f"the file holds more than {self._limits.checkpoints} checkpoints")

    def _chain(self) -> HeaderChain:
        """The headers, from the first one on; all checkpoints are known by then."""
        if self._headers is None:
            pinned = {each.number: each.hash for each in self._trusted.pinned}
            pinned.setdefault(0, self._trusted.genesis_hash)
            witnessed = checkpoints_.witnessed(self._checkpoints, self._trusted)
            threshold = self._trusted.witnesses.threshold if self._trusted.witnesses else 0
            self._headers = HeaderChain(self._sealing, pinned, witnessed, threshold)
        return self._headers

    def _take_header(self, record: Header) -> None:
        # L3.
        if len(record.rlp) > self._limits.header_bytes:
            raise InputError(f"a header is larger than {self._limits.header_bytes} bytes")
        # E6: whether it is a header at all comes before what the block before it lacks.
        header = read_header(record.rlp, self._sealing.hashing)
        self._end_block()
        chain = self._chain()
        chain.add(header)
        self._header = header
        preamble = self._known_preamble()
        # R6.
        if header.number == preamble.block:
            if header.hash != preamble.block_hash:
                raise VerificationError(f"block {header.number} has another hash than the file states")
            self._stated = header
            chain.need(header.number)

    def _end_block(self) -> None:
        # R9: nodes of one block may stand in several records, so whether all were needed is known at its end.
        if self._last_index >= 0 or self._nodes:
            self._nodes.require_all_used()
            self._nodes = Nodes()
            self._last_index = -1

    def _take_receipts(self, record: Receipts) -> None:
        header = self._header
        if header is None:
            raise InputError("receipts stand before any header")
        for index in record.indexes:
            # R7.
            if index <= self._last_index:
                raise InputError(f"receipt {index} of block {header.number} is out of order, or there twice")
            self._last_index = index
        # R6: what came later would change what the claims say of the stated block.
        if header.number > self._known_preamble().block:
            raise VerificationError(f"block {header.number} comes after the stated block, yet has receipts")
        # F7: before any receipt is read.
        self._chain().need(header.number)
        self._nodes.add(self._bounded(record.nodes))
        for index in record.indexes:
            self._take_receipt(header, index)

    def _bounded(self, nodes: tuple[bytes, ...]) -> tuple[bytes, ...]:
        # L3.
        if max(map(len, nodes)) > self._limits.node_bytes:
            raise InputError(f"a trie node is larger than {self._limits.node_bytes} bytes")
        return nodes

    def _take_receipt(self, header: BlockHeader, index: int) -> None:
        # R9: the trie alone says what the receipt is; its place in the block is its key.
        receipt = self._nodes.get(header.receipts_root, key_of(index))
        if receipt is None:
            raise VerificationError(f"block {header.number} has no transaction {index}")
        self._receipts += 1
        # R10: events count by who emitted them, as any contract can emit the same topics.
        relevant = 0
        for log in logs_of(receipt, index):
            if log.address == self._trusted.ledger.address:
                relevant += self._take_ledger_log(header, log)
            elif log.address == self._trusted.registry.address:
                relevant += self._take_registry_log(log)
        if not relevant:
            raise VerificationError(
                f"transaction {index} of block {header.number} holds no event of the trusted contracts"
            )

    def _take_ledger_log(self, header: BlockHeader, log: Log) -> int:
        # R11: `decode` takes the canonical encoding only. R10: what is no event of ours (Transfer) is left
        # aside.
        event = decode(log)
        if not isinstance(event, LedgerEvent):
            return 0
        place = place_in_block(log.transaction_index, log.index)
        recorded = RecordedEvent(header.number, header.timestamp, log.transaction_index, place, b"", event)
        self._source.add(recorded, header.parent_hash)
        return 1

    def _take_registry_log(self, log: Log) -> int:
        event = decode(log)
        if not isinstance(event, RegistryEvent):
            return 0
        self._source.register(event)
        return 1

    def _conclude(self, record: Claims) -> None:
        self._end_block()
        if self._headers is None:
            raise InputError("the file has no headers")
        self._headers.close()
        # R6.
        if self._stated is None:
            raise VerificationError("the header of the stated block is missing")
        state = ProvedState(self._state, self._stated.state_root)
        self._proof = conclude(
            self._known_preamble().batch, self._source, state, self._trusted, self._stated.timestamp
        )
        # R13, V5: computed anew, and compared as text, so that not even a share may be written otherwise.
        if record.text != dumps(self._proof.claims):
            wrong = _first_difference(record.values, self._proof.claims)
            raise VerificationError(
                f"the claim {wrong!r} does not follow from the file's events",
                hint="the claims were changed, or its author computes otherwise",
            )

    def _private_texts(self) -> Disclosing:
        """What the events commit to, once all of them are there."""
        if self._proof is None:
            raise InputError("disclosures stand before the claims")
        if self._disclosing is None:
            self._disclosing = Disclosing(self._source)
        return self._disclosing

    def _known_preamble(self) -> Preamble:
        if self._preamble is None:
            raise InputError("the file does not begin as a proof file")
        return self._preamble


def _first_difference(claimed: Mapping[str, Any], computed: Mapping[str, Any]) -> str:
    fields = sorted(claimed.keys() | computed.keys())
    return next(
        name
        for name in fields
        if name not in claimed or name not in computed or dumps(claimed[name]) != dumps(computed[name])
    )
