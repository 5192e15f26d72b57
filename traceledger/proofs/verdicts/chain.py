"""A chain of custody without a gap: all was shipped and received, from traced origins, with papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from traceledger.model.batches import BatchState
from traceledger.proofs.verdicts.answer import Answer, listed, lot_name, names_of
from traceledger.proofs.verdicts.handovers import HandOver, HandOverKind, Move, handovers, moves
from traceledger.proofs.verify.report import VerifiedProof


@dataclass(frozen=True, slots=True)
class UnbrokenChain:
    """What the policy asks of hand-overs.

    Attributes:
        no_gaps: each shipment arrived, each assignment and take-back has a document, no lot crossed a border
            without a shipment, and everything reachable comes from an origin that is known, through no batch
            in error.
        papers: each shipment has a transport document on record, of sender or receiver.
    """

    no_gaps: bool
    papers: bool

    def ask(self, proof: VerifiedProof) -> Answer:
        """All hand-overs, and what is lacking."""
        found, moved = handovers(proof), moves(proof)
        reasons = [
            *(_gaps(proof, found, moved) if self.no_gaps else ()),
            *(_without_papers(found) if self.papers else ()),
        ]
        with_papers = sum(bool(each.papers) for each in found)
        return Answer(
            "chain",
            tuple(reasons),
            tuple(_not_proved(proof, found, moved)),
            (f"{len(found)} hand-overs, {with_papers} of them with documents on record",),
            {
                "handovers": [each.to_dict() for each in found],
                "without_papers": [each.name for each in found if not each.papers],
                "moves": [
                    {"batch": each.batch, "by": each.company, "from": each.origin, "to": each.target}
                    for each in moved
                ],
            },
        )


def _gaps(proof: VerifiedProof, found: Sequence[HandOver], moved: Sequence[Move]) -> Iterator[str]:
    names = names_of(proof)
    for each in found:
        if each.received_at is None:
            yield f"shipment {each.name} from {each.sender} to {each.receiver} has not arrived"
        elif each.kind is not HandOverKind.SHIPMENT and not each.papers:
            how = "assigned by the consortium" if each.kind is HandOverKind.ASSIGNMENT else "taken back"
            yield f"{each.name} was {how} without a document on record"
    for move in moved:
        if move.crossed:
            way = f"from {move.origin} to {move.target} in another country"
            yield f"{move.batch} got {way} without a shipment"
    # What is reachable counts, however little of it is left in any figure.
    unknown = [batch for batch, where in proof.origins.items() if not where.facility]
    if unknown:
        called = sorted(lot_name(proof, each, names) for each in unknown)
        yield f"it holds, in whatever part, what nobody can trace to an origin: {listed(called)}"
    if proof.trace.in_error:
        yield f"an error is declared in {listed(proof.trace.in_error)}, on its way"


def _without_papers(found: Sequence[HandOver]) -> Iterator[str]:
    for each in found:
        if each.kind is HandOverKind.SHIPMENT and not each.papers:
            yield f"shipment {each.name} from {each.sender} to {each.receiver} has no document on record"


def _not_proved(proof: VerifiedProof, found: Sequence[HandOver], moved: Sequence[Move]) -> Iterator[str]:
    yield (
        "That the documents exist, and say what the hand-overs say: the ledger has addresses and hashes;"
        " whoever has a document compares its hash."
    )
    if found:
        yield "By which way, and to which site, a shipment went: the ledger has the companies."
    if proof.trace.state is BatchState.DELIVERED:
        yield "To whom it was delivered, and how it got there: delivery ends custody on the ledger."
    if within := [each for each in moved if not each.crossed]:
        lots = listed(each.batch for each in within)
        how = "custody did not change, and no operation says it"
        yield f"How {lots} got from one site of a company to another: {how}."
    if any(each.kind is HandOverKind.TAKE_BACK for each in found):
        yield "What happened to products before they were taken back: the chain begins where they were."
