"""Showing what is about to be signed, and asking whether it shall be.

That is where custody, title or rights move, and where something cannot be undone. The latter a command signs
only if somebody said yes, at a terminal or by ``--yes``; a file says by itself what is to happen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from traceledger.cli.questions import agreed, grouped, unconfirmed
from traceledger.languages.phrases import Phrase, phrase, phrases
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.operations import words

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.operations.involved import Party
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
        undone = phrase("Sign this, which cannot be undone?")
        question = undone if proposal.for_good else phrase("Sign this?")
        if not agreed(session, described(proposal), question) and proposal.for_good and not of_file:
            raise unconfirmed(grouped([item.summary for item in proposal.for_good]))

    return approve


def described(proposal: Proposal) -> Iterable[str]:
    """What is about to be signed, line by line, each of which can be said in another language."""
    if sum(proposal.counts.values()) == 1:
        yield from _one(proposal.items[0])
        return
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(proposal.counts.items()))
    yield phrase("to be signed: {counts}", counts=counts)
    if len(proposal.items) <= _SHOWN:
        for item in proposal.items:
            yield from _one(item)
        return
    yield from _summed(proposal.items)
    for good in dict.fromkeys(item.for_good for item in proposal.for_good):
        count = sum(item.for_good == good for item in proposal.for_good)
        what = Phrase(good, {})
        yield _indented(phrase("cannot be undone, {count} times: {what}", count=count, what=what))


def _one(item: Proposed) -> Iterable[str]:
    key = words.beside(item.key or phrase("key"), hexed(item.signer))
    yield phrase("{key} signs: {sentence}", key=key, sentence=item.summary)
    for party in item.parties:
        yield _indented(_named(party))
    for lot in item.lots:
        yield _indented(phrase("{what}: {value}", what=f"{lot.name} {id_text(lot.id)}", value=_mass(lot)))
    if len(item.lots) > 1:
        yield _indented(phrase("together: {total}", total=_total(item.lots)))
    if item.for_good:
        yield _indented(phrase("cannot be undone: {what}", what=Phrase(item.for_good, {})))


def _summed(items: Iterable[Proposed]) -> Iterable[str]:
    """Of many operations: to whom how much goes, by operation."""
    found: dict[tuple[str, str], list[ProposedLot]] = defaultdict(list)
    for item in items:
        whom = words.listed(map(_named, item.parties)) or phrase("nobody")
        found[item.operation.replace("_", " "), whom] += item.lots
    for (operation, whom), lots in found.items():
        count: str = phrases("{number} lot", "{number} lots", len(lots))
        if lots:
            count = phrase("{lots}, {total}", lots=count, total=_total(lots))
        line = phrase("{operation}, {whom}: {lots}", operation=operation, whom=whom, lots=count)
        yield _indented(line)


def _indented(line: str) -> Phrase:
    return Phrase("  {line}", {"line": line})


def _named(party: Party) -> Phrase:
    return phrase("{what}: {value}", what=words.term("party", party.word), value=party.named)


def _mass(lot: ProposedLot) -> str:
    return phrase("its mass is not proved here") if lot.mass_mg is None else words.mass(lot.mass_mg)


def _total(lots: Iterable[ProposedLot]) -> str:
    known = [lot.mass_mg for lot in lots]
    total = words.mass(sum(mass for mass in known if mass is not None))
    unproved = known.count(None)
    if not unproved:
        return total
    return phrase("{total}, and {number} whose masses are not proved here", total=total, number=unproved)
