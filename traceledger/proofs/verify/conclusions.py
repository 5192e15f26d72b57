"""What follows from proved events and state: the lineage, complete, and everything computed from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.model.batches import Batch
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.registry import Participant
from traceledger.proofs.claims import claims_of
from traceledger.proofs.concerned import Concerned, concerned
from traceledger.proofs.source import ProofSource
from traceledger.proofs.standing import Standings, standings
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verify.completeness import LineageReplay
from traceledger.proofs.verify.origins import OriginPlace, places_of_origin
from traceledger.proofs.verify.state import ProvedState
from traceledger.provenance import Direction, Lineage, Trace, lineage, trace_of


@dataclass(frozen=True, slots=True)
class Conclusions:
    """The fields are those of :class:`traceledger.proofs.verify.report.VerifiedProof`."""

    upstream: Lineage
    trace: Trace
    origins: Mapping[int, OriginPlace]
    participants: tuple[Participant, ...]
    standing: Standings
    claims: Mapping[str, Any]


def conclude(
    batch: int, source: ProofSource, state: ProvedState, trusted: TrustRoot, time: int
) -> Conclusions:
    """Everything that is true of a batch, given its events and the contracts' state at a block of that time.

    Raises:
        VerificationError: an event is missing, or they contradict each other or the state.
    """
    # V1: back to mints; a batch without the event that made it has no lineage.
    try:
        upstream = lineage(source, batch, Direction.UP)
    except UnknownNameError:
        raise VerificationError(f"the event that made batch {id_text(batch)} is missing") from None
    ledger = state.storage_root(trusted.ledger, "ledger")
    registry = state.storage_root(trusted.registry, "registry")
    # T4: what the ledger hands to its modules is decided by their code. Where they are stands in its own.
    state.storage_root(trusted.handling, "ledger's handling module")
    state.storage_root(trusted.corrections, "ledger's corrections module")
    assurance = state.storage_root(trusted.assurance, "assurance registry")
    # V4: the contracts' state is what shows that no event is missing.
    state.require_batches(ledger, _replayed(upstream, source), tolerance=not upstream.stops)
    wanted = concerned(upstream, source)
    people = _participants(wanted, source)
    # V7: what names them, and where they are, is complete.
    state.require_all_named(registry, source, wanted)
    standing = standings(
        _StateWords(state, registry, assurance),
        trusted.assurance.address,
        wanted.participants,
        wanted.facilities,
        upstream.nodes,
        time=time,
    )
    # Before the walk, which needs memory of its own.
    state.close()
    trace = trace_of(upstream, source)
    return Conclusions(
        upstream=upstream,
        trace=trace,
        origins=places_of_origin(upstream, source, trace),
        participants=people,
        standing=standing,
        claims=claims_of(trace, upstream, source, people, standing),
    )


def _replayed(upstream: Lineage, source: ProofSource) -> Iterable[Batch]:
    """The batches of a lineage as its events leave them."""
    # V3: all events of the file, those of other products included, or mass that they took would seem to be
    # left.
    replay = LineageReplay(frozenset(upstream.replayed), source.undone)
    for recorded in source.events:
        replay.apply(recorded.event, source.within(recorded))
    return replay.batches.values()


@dataclass(frozen=True, slots=True)
class _StateWords:
    """The contracts' words at the stated block, by their storage roots (T5, T6, T7)."""

    state: ProvedState
    registry_root: bytes
    assurance_root: bytes

    def registry(self, slots: Sequence[int]) -> list[int]:
        """Those of the participant registry."""
        return self.state.words(self.registry_root, slots)

    def assurance(self, slots: Sequence[int]) -> list[int]:
        """Those of the assurance registry."""
        return self.state.words(self.assurance_root, slots)


def _participants(wanted: Concerned, source: ProofSource) -> tuple[Participant, ...]:
    """Everyone whom the lineage names; that facilities and materials are registered is checked too."""
    # V2: registrations are not events of a batch, so V4 would not miss them.
    for material in wanted.materials:
        if source.material_by_id(material) is None:
            raise VerificationError(f"the definition of material {id_text(material)} is missing")
    found = []
    for address in sorted(wanted.participants):
        participant = source.participant_at(address)
        if participant is None:
            raise VerificationError(f"the registration of participant {hexed(address)} is missing")
        found.append(participant)
    return tuple(found)
