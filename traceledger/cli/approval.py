"""Showing what is about to be signed, and asking whether it shall be.

That is where custody, title or rights move, and where something cannot be undone. The latter a command signs
only if somebody said yes, at a terminal or by ``--yes``; a file says by itself what is to happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from traceledger.cli.questions import can_ask, grouped, say, unconfirmed
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.units import format_mass

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.sending.proposal import Proposal, Proposed, ProposedLot

_SHOWN = 20
"""Most operations of a file that are shown each by itself."""


def approving(session: Session, *, of_file: bool = False) -> Callable[[Proposal], None]:
    """What shows a proposal on stderr, and asks where somebody sits at a terminal and gave no ``--yes``.

    Args:
        session: of the run.
        of_file: whether the operations stand in a file, which a program may run while nobody watches.

    It raises an InputError where something cannot be undone that stands in no file, and nobody can be asked.
    """

    def approve(proposal: Proposal) -> None:
        if not proposal.items:
            return
        asks = not session.yes and can_ask()
        with session.output.paused():
            for line in described(proposal):
                # What is asked about is shown, however quiet the rest is to be.
                say(line) if asks else session.output.say(line)
            if asks:
                question = "Sign this, which cannot be undone?" if proposal.for_good else "Sign this?"
                click.confirm(question, err=True, abort=True)
        if proposal.for_good and not of_file and not session.yes and not asks:
            raise unconfirmed(grouped([item.summary for item in proposal.for_good]))

    return approve


def described(proposal: Proposal) -> Iterable[str]:
    """What is about to be signed, line by line."""
    if sum(proposal.counts.values()) == 1:
        yield from _one(proposal.items[0])
        return
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(proposal.counts.items()))
    yield f"to be signed: {counts}"
    if len(proposal.items) <= _SHOWN:
        for item in proposal.items:
            yield from _one(item)
        return
    yield from _summed(proposal.items)
    for good in dict.fromkeys(item.for_good for item in proposal.for_good):
        count = sum(item.for_good == good for item in proposal.for_good)
        yield f"  cannot be undone, {count} times: {good}"


def _one(item: Proposed) -> Iterable[str]:
    yield f"{item.key or 'key'} {hexed(item.signer)} signs: {item.summary}"
    for party in item.parties:
        yield f"  {party.word}: {party.named}"
    for lot in item.lots:
        yield f"  {lot.name} {id_text(lot.id)}: {_mass(lot)}"
    if len(item.lots) > 1:
        yield f"  together: {_total(item.lots)}"
    if item.for_good:
        yield f"  cannot be undone: {item.for_good}"


def _summed(items: Iterable[Proposed]) -> Iterable[str]:
    """Of many operations: to whom how much goes, by operation."""
    found: dict[tuple[str, str], list[ProposedLot]] = defaultdict(list)
    for item in items:
        whom = "; ".join(f"{party.word}: {party.named}" for party in item.parties) or "nobody"
        found[item.operation.replace("_", " "), whom] += item.lots
    for (operation, whom), lots in found.items():
        yield f"  {operation}, {whom}: {counted(len(lots), 'lot')}" + (f", {_total(lots)}" if lots else "")


def _mass(lot: ProposedLot) -> str:
    return "its mass is not proved here" if lot.mass_mg is None else format_mass(lot.mass_mg)


def _total(lots: Iterable[ProposedLot]) -> str:
    known = [lot.mass_mg for lot in lots]
    total = format_mass(sum(mass for mass in known if mass is not None))
    unproved = known.count(None)
    return f"{total}, and {unproved} whose masses are not proved here" if unproved else total
