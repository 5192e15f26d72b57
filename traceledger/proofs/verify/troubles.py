"""What is wrong with a batch or upstream of it, as the proved state has it: what readers are told first.

Example:
    >>> listed(["a/1", "a/2", "a/3", "a/4", "a/5"])
    'a/1, a/2, a/3 and 2 more'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from traceledger.model.batches import BatchState
from traceledger.model.registry import ParticipantState
from traceledger.model.shares import SHARE_UNITS
from traceledger.model.substances import symbol
from traceledger.model.units import format_percent

if TYPE_CHECKING:
    from traceledger.proofs.verify.report import VerifiedProof

_SHOWN = 3
_WHOLE = 10_000
_REASONS = {
    "finding_overdue": "a critical finding about it is overdue",
    "keys_disabled": "all its keys are disabled",
    "assessment_missing": "it lacks a mandatory assessment",
    "assessment_expired": "a mandatory assessment of it has ended",
    "assessment_insufficient": "a mandatory assessment of it does not suffice",
}


class Trouble(NamedTuple):
    """Something that is wrong: in a word or two, and in a sentence without a full stop."""

    word: str
    sentence: str


def troubles(proof: VerifiedProof) -> Iterator[Trouble]:
    """What is wrong at the stated block, the gravest first."""
    yield from _errors(proof)
    yield from _marks(proof)
    yield from standings(proof)
    yield from findings(proof)
    yield from _untraced(proof)
    if count := proof.trace.reversed:
        what = "1 operation was" if count == 1 else f"{count} operations were"
        yield Trouble("", f"{what} reversed upstream: a correction, not a fault by itself")


def _errors(proof: VerifiedProof) -> Iterator[Trouble]:
    if proof.trace.state is BatchState.REVERSED:
        yield Trouble("reversed", "what made it was reversed: it never was")
    if proof.trace.tainted:
        yield Trouble("tainted", f"an error is declared in {listed(proof.trace.in_error)}")


def _marks(proof: VerifiedProof) -> Iterator[Trouble]:
    trace = proof.trace
    for marked, word, sentence in (
        (trace.frozen, "frozen", "it is frozen"),
        (trace.disputed, "disputed", "it is disputed: its maker declared an error in it"),
    ):
        if marked:
            yield Trouble(word, sentence)
    yield from holds(proof)


def holds(proof: VerifiedProof) -> Iterator[Trouble]:
    """Holds and recalls of the batch, and of what is left of those upstream."""
    marked = [each for each in proof.claims["marked"] if each["batch"] != proof.trace.batch]
    if proof.trace.held:
        yield Trouble("on hold", "it is on hold")
    if found := [each["batch"] for each in marked if each["held"]]:
        yield Trouble("on hold upstream", f"on hold upstream: {listed(found)}")
    if proof.trace.recalled:
        yield Trouble("recalled", "its maker recalls it")
    if found := [each["batch"] for each in marked if each["recalled"]]:
        yield Trouble("recalled upstream", f"its maker recalls what is upstream: {listed(found)}")


def standings(proof: VerifiedProof) -> Iterator[Trouble]:
    """Whoever may not act: suspended, terminated, blocked; and sites that are."""
    held = proof.standing
    for each in sorted(proof.participants, key=lambda each: each.slug):
        if (state := held.states[each.address]) is not ParticipantState.ACTIVE:
            yield Trouble(state.slug, f"{each.slug}, whom its lineage names, is {state.slug}")
        elif reason := held.blocked.get(each.address):
            yield Trouble("blocked", f"{each.slug}, whom its lineage names, may not act: {_REASONS[reason]}")
    for site in proof.claims["facilities_in_question"]:
        if site["overdue"]:
            why = "a critical finding about it is overdue"
            yield Trouble("blocked", f"facility {site['facility']} is blocked: {why}")
    if held.paused:
        yield Trouble("paused", "the consortium has paused the ledger")


def findings(proof: VerifiedProof) -> Iterator[Trouble]:
    """Findings that are not closed: critical ones about companies and sites, any about single lots."""
    held = proof.standing
    for each in sorted(proof.participants, key=lambda each: each.slug):
        if count := held.critical.get(each.address):
            yield Trouble("open finding", f"{_critical(count)} about {each.slug}")
    for site in proof.claims["facilities_in_question"]:
        yield Trouble(
            "open finding", f"{_critical(site['critical_findings'])} about facility {site['facility']}"
        )
    for lot in proof.claims["lots_in_question"]:
        count = lot["findings"]
        what = "1 finding is" if count == 1 else f"{count} findings are"
        yield Trouble(
            "open finding", f"{what} open about lot {lot['batch']}, of which severity is not proved"
        )


def _untraced(proof: VerifiedProof) -> Iterator[Trouble]:
    for number, parts in sorted(proof.trace.traced.items()):
        if units := parts.untraced.units:
            share = max(1, units * _WHOLE // SHARE_UNITS)
            yield Trouble("untraced", f"{format_percent(share)} of its {symbol(number)} is untraced")


def _critical(count: int) -> str:
    return "1 critical finding is open" if count == 1 else f"{count} critical findings are open"


def listed(names: Sequence[str]) -> str:
    """Some names, the first few of them."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
