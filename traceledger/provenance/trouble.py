"""What is wrong with a batch, in the words of every answer about it: readers of the index, and verifiers.

Example:
    >>> first_line([Trouble("tainted", "an error is declared in a/1"), Trouble("on hold", "it is on hold")])
    'Faulty (tainted, on hold): an error is declared in a/1; it is on hold'
    >>> first_line([])
    ''
    >>> listed(["a/1", "a/2", "a/3", "a/4", "a/5"])
    'a/1, a/2, a/3 and 2 more'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from traceledger.model.batches import BatchState
from traceledger.model.shares import SHARE_UNITS
from traceledger.model.substances import symbol
from traceledger.provenance.trace import Trace

_SHOWN = 3
_WHOLE = 10_000
REASONS = {
    "finding_overdue": "a critical finding about it is overdue",
    "keys_disabled": "all its keys are disabled",
    "assessment_missing": "it lacks a mandatory assessment",
    "assessment_expired": "a mandatory assessment of it has ended",
    "assessment_insufficient": "a mandatory assessment of it does not suffice",
}
"""Why a company or site may not act, though nobody suspended it."""


class Trouble(NamedTuple):
    """Something that is wrong: in a word or two, and in a clause."""

    word: str
    sentence: str


def first_line(troubles: Sequence[Trouble]) -> str:
    """All that is wrong in one line, which no answer goes without; empty if nothing is."""
    if not troubles:
        return ""
    words = dict.fromkeys(each.word for each in troubles)
    return f"Faulty ({', '.join(words)}): {'; '.join(each.sentence for each in troubles)}"


def errors(found: Trace) -> Iterator[Trouble]:
    """Declared errors, and a making that was taken back."""
    if found.state is BatchState.REVERSED:
        yield Trouble("reversed", "what made it was reversed: it never was")
    if found.tainted:
        yield Trouble("tainted", f"an error is declared in {listed(found.in_error)}")


def disputes(found: Trace) -> Iterator[Trouble]:
    """What was declared of the batch itself (Rule 8)."""
    if found.frozen:
        yield Trouble("frozen", "it is frozen")
    if found.disputed:
        yield Trouble("disputed", "it is disputed: its maker declared an error in it")


def holds(found: Trace, held: Sequence[str], recalled: Sequence[str]) -> Iterator[Trouble]:
    """Holds and recalls of the batch, and of those upstream that are named (Rule 10)."""
    if found.held:
        yield Trouble("on hold", "it is on hold")
    if held:
        yield Trouble("on hold upstream", f"on hold upstream: {listed(held)}")
    if found.recalled:
        yield Trouble("recalled", "its maker recalls it")
    if recalled:
        yield Trouble("recalled upstream", f"its maker recalls what is upstream: {listed(recalled)}")


def untraced(found: Trace) -> Iterator[Trouble]:
    """Substances of which a part comes from nobody knows where (Rule 2)."""
    for number, parts in sorted(found.traced.items()):
        if units := parts.untraced.units:
            yield Trouble("untraced", f"{untraced_percent(units)} of its {symbol(number)} is untraced")


def untraced_percent(units: int) -> str:
    """An untraced share, in units of 10^-15, rounded up: what is wrong is never told as less."""
    # Not above: whoever has nothing untraced need not load it.
    from traceledger.model.units import format_percent

    return format_percent(-(-units * _WHOLE // SHARE_UNITS))


def listed(names: Sequence[str]) -> str:
    """Some names, the first few of them."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
