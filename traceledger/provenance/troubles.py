"""What is wrong with a batch or upstream of it: part of every answer about it, and told first.

Example:
    >>> first_line([Trouble("tainted", "an error is declared in a/1"), Trouble("on hold", "it is on hold")])
    'Faulty (tainted, on hold): an error is declared in a/1; it is on hold'
    >>> first_line([])
    ''
    >>> listed(["a/1", "a/2", "a/3", "a/4", "a/5"])
    'a/1, a/2, a/3 and 2 more'
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from traceledger.model.assurance import Finding, FindingState
from traceledger.model.batches import BatchState
from traceledger.model.shares import SHARE_UNITS
from traceledger.model.substances import symbol
from traceledger.model.units import format_percent
from traceledger.names import Names
from traceledger.provenance.lineage import Direction, Lineage, lineage
from traceledger.provenance.marks import marks_of
from traceledger.provenance.stages import StageTable
from traceledger.provenance.trace import Trace, trace_of

if TYPE_CHECKING:
    from traceledger.index import IndexReader

_SHOWN = 3
_WHOLE = 10_000
_REASONS = {
    "finding_overdue": "a critical finding about it is overdue",
    "assessment_missing": "it lacks a mandatory assessment",
    "assessment_expired": "a mandatory assessment of it has ended",
    "assessment_insufficient": "a mandatory assessment of it does not suffice",
}


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


def judged(
    index: IndexReader, batch: int, *, as_of: int | None = None, stages: StageTable | None = None
) -> tuple[Trace, list[Trouble]]:
    """Everything about a batch, and what is wrong with it or upstream; arguments as of :func:`trace`.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the index's events do not fit together.
    """
    upstream = lineage(index, batch, Direction.UP, as_of=as_of)
    found = trace_of(upstream, index, stages)
    return found, troubles_of(found, upstream, index)


def troubles_of(found: Trace, upstream: Lineage, index: IndexReader) -> list[Trouble]:
    """What is wrong with a batch or upstream of it, the gravest first.

    Args:
        found: the batch.
        upstream: its lineage.
        index: where both were read. Who is suspended or blocked, and what findings are open, is told as of
            the last event that the lineage could know of.
    """
    at = index.time_of(upstream.as_of)
    people = _people(upstream)
    return [
        *errors(found),
        *marks(found),
        *_marked_upstream(upstream, index),
        *_standings(people, upstream, index, at),
        *_findings(people, upstream, index, at),
        *untraced(found),
    ]


def errors(found: Trace) -> Iterator[Trouble]:
    """Declared errors, and a making that was taken back."""
    if found.state is BatchState.REVERSED:
        yield Trouble("reversed", "what made it was reversed: it never was")
    if found.tainted:
        yield Trouble("tainted", f"an error is declared in {listed(found.in_error)}")


def marks(found: Trace) -> Iterator[Trouble]:
    """Marks of the batch itself (Rule 8, Rule 10)."""
    for marked, word, sentence in (
        (found.frozen, "frozen", "it is frozen"),
        (found.disputed, "disputed", "it is disputed: its maker declared an error in it"),
        (found.held, "on hold", "it is on hold"),
        (found.recalled, "recalled", "its maker recalls it"),
    ):
        if marked:
            yield Trouble(word, sentence)


def untraced(found: Trace) -> Iterator[Trouble]:
    """Substances of which a part comes from nobody knows where (Rule 2)."""
    for number, parts in sorted(found.traced.items()):
        if units := parts.untraced.units:
            share = max(1, units * _WHOLE // SHARE_UNITS)
            yield Trouble("untraced", f"{format_percent(share)} of its {symbol(number)} is untraced")


def listed(names: Sequence[str]) -> str:
    """Some names, the first few of them."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _people(upstream: Lineage) -> list[bytes]:
    """Everybody whom the lineage names."""
    people = {node.creation.creator for node in upstream.replayed.values()}
    for recorded in upstream.events:
        people.update(recorded.event.parties)
    return sorted(people)


def _sites(upstream: Lineage) -> frozenset[int | None]:
    """Where its batches were made."""
    return frozenset(node.creation.facility for node in upstream.nodes.values())


def _marked_upstream(upstream: Lineage, index: IndexReader) -> Iterator[Trouble]:
    names, held, recalled = Names(index), [], []
    for number, node in upstream.nodes.items():
        if number == upstream.batch:
            continue
        found = marks_of(node.later)
        name = names.full(node.creation.creator, node.creation.identifier)
        held += [name] if found.held else []
        recalled += [name] if found.recalled else []
    if held:
        yield Trouble("on hold upstream", f"on hold upstream: {listed(sorted(held))}")
    if recalled:
        what = f"its maker recalls what is upstream: {listed(sorted(recalled))}"
        yield Trouble("recalled upstream", what)


def _standings(
    people: Collection[bytes], upstream: Lineage, index: IndexReader, at: int
) -> Iterator[Trouble]:
    """Who may not act, and where: the first reason of each."""
    names, sites = Names(index), {None, *_sites(upstream)}
    for slug, address in sorted((names.slug(each), each) for each in people):
        if index.participant_at(address) is None:
            continue  # The consortium's account is no company.
        found = [each for each in index.standing(address, at=at).obstacles if each.facility in sites]
        for obstacle in found[:1]:
            if obstacle.reason in ("suspended", "terminated"):
                yield Trouble(obstacle.reason, f"{slug}, whom its lineage names, is {obstacle.reason}")
                continue
            why = _REASONS[obstacle.reason]
            if obstacle.facility is None:
                yield Trouble("blocked", f"{slug}, whom its lineage names, may not act: {why}")
            else:
                yield Trouble("blocked", f"facility {names.facility(obstacle.facility)} is blocked: {why}")


def _findings(people: Collection[bytes], upstream: Lineage, index: IndexReader, at: int) -> Iterator[Trouble]:
    """Findings that are not closed, about whom or what the lineage names."""
    names, sites = Names(index), _sites(upstream)
    for finding in index.findings():
        if finding.batch is not None:
            concerns = finding.batch in upstream.nodes
        elif finding.facility is not None:
            concerns = finding.facility in sites
        else:
            concerns = finding.participant in people
        if concerns and _open(finding, at):
            about = _about(finding, upstream, names)
            name = names.full(finding.auditor, finding.identifier)
            what = f"{finding.severity.slug} finding {name} about {about} is open"
            yield Trouble("open finding", what)


def _open(finding: Finding, at: int) -> bool:
    steps = [step for step in finding.steps if step.recorded_at <= at]
    return bool(steps) and steps[-1].state is not FindingState.CLOSED


def _about(finding: Finding, upstream: Lineage, names: Names) -> str:
    if finding.batch is not None:
        made = upstream.nodes[finding.batch].creation
        return f"lot {names.full(made.creator, made.identifier)}"
    if finding.facility is not None:
        return f"facility {names.facility(finding.facility)}"
    return names.slug(finding.participant)
