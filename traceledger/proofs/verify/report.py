"""What a verification found: what was proved, by whom the blocks are final, and what was not proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from traceledger.model.batches import BatchState
from traceledger.model.commitments import Opening
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Participant
from traceledger.model.substances import symbol
from traceledger.model.units import format_time
from traceledger.names import Listed, Names
from traceledger.proofs.records import Preamble
from traceledger.proofs.seals import quorum
from traceledger.proofs.source import ProofSource
from traceledger.proofs.standing import Standings
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verify.finality import Finality
from traceledger.proofs.verify.origins import OriginPlace
from traceledger.proofs.verify.troubles import troubles
from traceledger.provenance import Lineage, Trace


@dataclass(frozen=True, slots=True)
class Measured:
    """How much was read and checked."""

    stored_bytes: int = 0
    plain_bytes: int = 0
    events: int = 0
    receipts: int = 0
    batches: int = 0


@dataclass(frozen=True, slots=True)
class VerifiedProof:
    """A proof file that holds under a trust root.

    Attributes:
        preamble: the batch, the chain and the stated block.
        time: the stated block's time, UTC seconds.
        trace: everything about the batch, computed from the proved events.
        upstream: its lineage.
        claims: the same as canonical JSON, as the file has it.
        origins: where everything in it comes from, by the id of the minted batch or of the recycling run.
        participants: whom the lineage names.
        standing: who of them may act at the stated block, and what is questioned.
        finality: what made the headers final.
        measured: how much was read.
        trusted: the trust root.
        verified_at: when it was verified, by the reader's clock: UTC seconds.
        registry: the companies, sites and materials of the lineage, as the file has their
            registrations and all that named them since.
        disclosed: what opens private texts of the events, checked.
        undisclosed: how many commitments of the events nothing in the file opens.
    """

    preamble: Preamble
    time: int
    trace: Trace
    upstream: Lineage
    claims: Mapping[str, Any]
    origins: Mapping[int, OriginPlace]
    participants: tuple[Participant, ...]
    standing: Standings
    finality: Finality
    measured: Measured
    trusted: TrustRoot
    verified_at: int
    registry: ProofSource
    disclosed: tuple[Opening, ...] = ()
    undisclosed: int = 0

    @property
    def wrong(self) -> list[str]:
        """What is wrong with the batch or upstream of it at the stated block: clauses, gravest first."""
        return [each.sentence for each in troubles(self)]

    @property
    def faults(self) -> list[str]:
        """The same in a word or two each, each once; what needs no warning is left out."""
        return [word for word in dict.fromkeys(each.word for each in troubles(self)) if word]

    @property
    def unknowable(self) -> str:
        """What a reader must not take the file to say of today, nor of a name that only a few can read."""
        return (
            f"An error, hold, finding or suspension that came after block {self.preamble.block}"
            f" ({format_time(self.time)}) is not in the file and cannot be known from it.{self._shared_name}"
        )

    @property
    def _shared_name(self) -> str:
        # V8: two commitments differ whatever is in them, so that the ledger refuses no second one.
        if self.named(self.trace.batch) == self.trace.batch:
            return ""
        return (
            " Nor can it be known whether its maker gave another batch the same private name: this one is"
            f" {id_text(self.preamble.batch)}."
        )

    @property
    def trust(self) -> list[str]:
        """By whom the blocks are final: one sentence each."""
        return list(_trust(self))

    @property
    def proved(self) -> list[str]:
        """What was proved: one sentence each."""
        block = self.preamble.block
        return [
            f"All events ({self.measured.events}) come from the trusted ledger. Its code, and its modules',"
            " is the trusted one.",
            f"All batches upstream ({self.measured.batches}) have the event that made them, back to origins.",
            f"All they hold, replayed, is what the contracts hold at block {block}, to the count of events.",
            "Every substance and every milligram of CO2e is conserved in every step; differences are booked.",
            "Origin shares, footprint, recycled content and all other claims follow from these events.",
            "Names, countries and identifiers of companies and facilities are the last recorded, to the"
            " registry's count.",
            "All of it was minted where the consortium approved it; the trusted ledger mints nowhere else.",
            _taint(self.trace.tainted, block),
            *_corrections(self.trace),
            *_marks(self.trace),
            *_disclosed(len(self.disclosed)),
        ]

    @property
    def not_proved(self) -> list[str]:
        """What no such file can prove: one sentence each."""
        block = self.preamble.block
        return [
            f"What happened after block {block} ({format_time(self.time)}).",
            "That what participants recorded is true: masses, emissions, when and where it happened.",
            "That the documents named as evidence exist and say so.",
            "That lesser findings are closed: only critical ones, and any about single lots, are counted.",
            *_unguarded(self.standing),
            *_untraced(self.trace),
            *_unconfirmed(self.trace),
            *_unlinked(self),
            *_undisclosed(self.undisclosed),
        ]

    def named(self, name: str) -> str:
        """A full name, ``owner/identifier``, with the text behind its commitment where it is disclosed."""
        names = Names(Listed(self.participants, ()))
        for opening in self.disclosed:
            if names.full(opening.owner, opening.commitment) == name:
                return names.full(opening.owner, opening.text)
        return name


def _unguarded(standing: Standings) -> list[str]:
    if standing.guard != "other":
        return []
    return ["Who was blocked: the registry asks a contract that the trust root does not name."]


def _disclosed(count: int) -> list[str]:
    texts = "The 1 private text" if count == 1 else f"The {count} private texts"
    return [f"{texts} disclosed here: what the owners committed to on chain."] if count else []


def _undisclosed(count: int) -> list[str]:
    texts = "What 1 private text says" if count == 1 else f"What {count} private texts say"
    return [f"{texts}: names, identifiers or documents that the file does not disclose."] if count else []


def _unlinked(report: VerifiedProof) -> list[str]:
    if not report.finality.sealed:
        return []
    return [
        "That whoever sealed these blocks sealed no second chain with these contracts: headers name none."
    ]


def _taint(tainted: bool, block: int) -> str:
    if tainted:
        return f"At block {block} an error stands declared in the batch or in something upstream of it."
    return f"At block {block} no error was declared in the batch or in anything upstream of it."


def _corrections(trace: Trace) -> Iterator[str]:
    """What was put right upstream, and is shown for that reason."""
    if trace.reversed:
        what = "1 operation was" if trace.reversed == 1 else f"{trace.reversed} operations were"
        yield f"{what} reversed: neither they nor their reversals count, and both are in the file."
    if trace.booked_mass_mg or any(trace.booked_mg.values()):
        yield "What was measured again upstream is booked as a difference, not hidden in the masses."
    if (restated := trace.footprint.restated) is not None:
        what = "1 record" if restated.records == 1 else f"{restated.records} records"
        yield f"The emissions of {what} were restated; what was recorded first stands beside."


def _marks(trace: Trace) -> Iterator[str]:
    marks = [
        text
        for marked, text in (
            (trace.state is BatchState.REVERSED, "reversed: it never was"),
            (trace.disputed, "disputed: its maker declared an error in it"),
            (trace.frozen, "frozen"),
            (trace.held, "on hold"),
            (trace.recalled, "recalled by its maker"),
        )
        if marked
    ]
    if marks:
        yield f"The batch is {'; '.join(marks)}."


def _untraced(trace: Trace) -> Iterator[str]:
    if found := [symbol(number) for number, parts in trace.traced.items() if parts.untraced.units]:
        yield f"Where the untraced part of its {', '.join(found)} comes from."


def _unconfirmed(trace: Trace) -> Iterator[str]:
    if trace.footprint.restated is not None and not trace.footprint.restated.confirmed:
        yield "That restated emissions are better: no auditor has confirmed all that count."


def _trust(report: VerifiedProof) -> list[str]:
    counts = report.finality
    found = []
    if counts.sealed:
        found.append(_sealed(report))
    if counts.witnessed:
        named = len(report.trusted.witnesses.addresses) if report.trusted.witnesses else 0
        found.append(f"{counts.witnesses} of {named} trusted witnesses signed checkpoints of the chain.")
    if counts.pinned:
        found.append("The trust root itself pins a block of the chain.")
    if counts.linked:
        found.append(f"{_blocks(counts.linked)} before those, linked to them hash by hash.")
    return found


def _sealed(report: VerifiedProof) -> str:
    count = report.finality.sealed
    sizes = {len(each.addresses) for each in report.trusted.validators.ranges} or {0}
    several = len(sizes) > 1
    size = f"{min(sizes)} to {max(sizes)}" if several else f"{max(sizes)}"
    match report.trusted.sealing:
        case "authority":
            return (
                f"{_blocks(count)} with the seal of the chain's single authority: whoever holds its key"
                " could have written another history."
            )
        case "qbft":
            enough = "two thirds" if several else f"{quorum(max(sizes))}"
            return f"{_blocks(count)} with commit seals of at least {enough} of {size} validators (QBFT)."
        case "clique":
            return f"{_blocks(count)} with successors sealed by more than half of {size} signers (Clique)."
        case "none":
            return f"{_blocks(count)} with seals that the trust root gives no weight."
        case _:
            assert_never(report.trusted.sealing)


def _blocks(count: int) -> str:
    return f"{count} block{'' if count == 1 else 's'}"
