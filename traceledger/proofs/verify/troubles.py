"""What is wrong with a batch or upstream of it, as the proved state has it: what readers are told first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceledger.model.registry import ParticipantState
from traceledger.provenance.trouble import REASONS, Trouble, disputes, errors, holds, untraced

if TYPE_CHECKING:
    from traceledger.proofs.verify.report import VerifiedProof


def troubles(proof: VerifiedProof) -> Iterator[Trouble]:
    """What is wrong at the stated block, the gravest first."""
    yield from errors(proof.trace)
    yield from disputes(proof.trace)
    yield from held(proof)
    yield from standings(proof)
    yield from findings(proof)
    yield from untraced(proof.trace)
    if count := proof.trace.reversed:
        what = "1 operation was" if count == 1 else f"{count} operations were"
        yield Trouble("", f"{what} reversed upstream: a correction, not a fault by itself")


def held(proof: VerifiedProof) -> Iterator[Trouble]:
    """Holds and recalls of the batch, and of what is left of those upstream."""
    marked = [each for each in proof.claims["marked"] if each["batch"] != proof.trace.batch]
    on_hold = [each["batch"] for each in marked if each["held"]]
    return holds(proof.trace, on_hold, [each["batch"] for each in marked if each["recalled"]])


def standings(proof: VerifiedProof) -> Iterator[Trouble]:
    """Whoever may not act: suspended, terminated, blocked; and sites that are."""
    held = proof.standing
    for each in sorted(proof.participants, key=lambda each: each.slug):
        if (state := held.states[each.address]) is not ParticipantState.ACTIVE:
            yield Trouble(state.slug, f"{each.slug}, whom its lineage names, is {state.slug}")
        elif reason := held.blocked.get(each.address):
            yield Trouble("blocked", f"{each.slug}, whom its lineage names, may not act: {REASONS[reason]}")
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


def _critical(count: int) -> str:
    return "1 critical finding is open" if count == 1 else f"{count} critical findings are open"
