"""What is wrong with a batch or upstream of it: part of every answer about it, and told first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from traceledger.model.assurance import Finding, FindingState
from traceledger.model.batches import BatchState
from traceledger.names import Names
from traceledger.provenance.lineage import Direction, Lineage, lineage
from traceledger.provenance.marks import marks_of
from traceledger.provenance.stages import StageTable
from traceledger.provenance.trace import Trace, trace_and_batches, trace_of
from traceledger.provenance.trouble import REASONS, Trouble, disputes, errors, holds, untraced

if TYPE_CHECKING:
    from traceledger.index import IndexReader


def judged(
    index: IndexReader,
    batch: int,
    *,
    as_of: int | None = None,
    stages: StageTable | None = None,
    records: bool = False,
) -> tuple[Trace, list[Trouble]]:
    """Everything about a batch, and what is wrong with it or upstream; arguments as of :func:`trace`.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the index's events do not fit together.
    """
    if as_of in (None, index.head_block()) and not _anybody_troubled(index):
        found, batches = trace_and_batches(index, index.steps, batch, stages=stages, records=records)
        if found.state is not BatchState.REVERSED:
            held, recalled = _marked_among(batches, batch, index)
            told = (*errors(found), *disputes(found), *holds(found, held, recalled), *untraced(found))
            return found, list(told)
    # Whom its events name is told by these alone; and what marked a batch in the past, by its history.
    upstream = lineage(index, batch, Direction.UP, as_of=as_of)
    found = trace_of(upstream, index, stages, records=records)
    return found, troubles_of(found, upstream, index)


def _anybody_troubled(index: IndexReader) -> bool:
    """Whether there is a company or a finding on the ledger that could be told of a batch."""
    return index.has_open_findings() or bool(index.standings(at=index.time_of()))


def _marked_among(batches: Collection[int], asked: int, index: IndexReader) -> tuple[list[str], list[str]]:
    """Names of the batches (by number) that are on hold, and of those that are recalled, now."""
    names = Names(index)
    lots = [lot for lot in index.many.batches_numbered(index.steps.held(batches)) if lot.id != asked]
    held = [names.full(lot.creator, lot.identifier) for lot in lots if lot.held]
    recalled = [names.full(lot.creator, lot.identifier) for lot in lots if lot.recalled]
    return sorted(held), sorted(recalled)


def troubles_of(found: Trace, upstream: Lineage, index: IndexReader) -> list[Trouble]:
    """What is wrong with a batch or upstream of it, the gravest first.

    Args:
        found: the batch.
        upstream: its lineage.
        index: where both were read. Who is suspended or blocked, and what findings are open, is told as of
            the last event that the lineage could know of.
    """
    at = index.time_of(upstream.as_of)
    people = people_of(upstream)
    return [
        *errors(found),
        *disputes(found),
        *holds(found, *_marked_upstream(upstream, index)),
        *_standings(people, upstream, index, at),
        *_findings(people, upstream, index, at),
        *untraced(found),
    ]


def people_of(upstream: Lineage) -> list[bytes]:
    """Addresses of everybody whom the lineage names, sorted."""
    people = {node.creation.creator for node in upstream.replayed.values()}
    for recorded in upstream.events:
        people.update(recorded.event.parties)
    return sorted(people)


def sites_of(upstream: Lineage) -> frozenset[int | None]:
    """Ids of the facilities where its batches were made; ``None`` for what was split off."""
    return frozenset(node.creation.facility for node in upstream.nodes.values())


def _marked_upstream(upstream: Lineage, index: IndexReader) -> tuple[list[str], list[str]]:
    """Names of the batches upstream that are on hold, and of those that are recalled."""
    names = Names(index)
    held, recalled = list[str](), list[str]()
    for number, node in upstream.nodes.items():
        if number == upstream.batch:
            continue
        found = marks_of(node.later)
        name = names.full(node.creation.creator, node.creation.identifier)
        held += [name] if found.held else []
        recalled += [name] if found.recalled else []
    return sorted(held), sorted(recalled)


def _standings(
    people: Collection[bytes], upstream: Lineage, index: IndexReader, at: int
) -> Iterator[Trouble]:
    """Who may not act, and where: the first reason of each."""
    names, sites = Names(index), {None, *sites_of(upstream)}
    standings = index.standings(at=at)
    for slug, address in sorted((names.slug(each), each) for each in people if each in standings):
        found = [each for each in standings[address].obstacles if each.facility in sites]
        for obstacle in found[:1]:
            if obstacle.reason in ("suspended", "terminated"):
                yield Trouble(obstacle.reason, f"{slug}, whom its lineage names, is {obstacle.reason}")
                continue
            why = REASONS[obstacle.reason]
            if obstacle.facility is None:
                yield Trouble("blocked", f"{slug}, whom its lineage names, may not act: {why}")
            else:
                yield Trouble("blocked", f"facility {names.facility(obstacle.facility)} is blocked: {why}")


def _findings(people: Collection[bytes], upstream: Lineage, index: IndexReader, at: int) -> Iterator[Trouble]:
    """Findings that are not closed, about whom or what the lineage names."""
    names, sites = Names(index), sites_of(upstream)
    for finding in index.findings():
        if finding.batch is not None:
            concerns = finding.batch in upstream.nodes
        elif finding.facility is not None:
            concerns = finding.facility in sites
        else:
            concerns = finding.participant in people
        if concerns and state_at(finding, at) not in (None, FindingState.CLOSED):
            about = _about(finding, upstream, names)
            name = names.full(finding.auditor, finding.identifier)
            what = f"{finding.severity.slug} finding {name} about {about} is open"
            yield Trouble("open finding", what)


def state_at(finding: Finding, at: int) -> FindingState | None:
    """Where a finding stood at a time (UTC seconds); ``None``: it was not raised yet."""
    steps = [step for step in finding.steps if step.recorded_at <= at]
    return steps[-1].state if steps else None


def _about(finding: Finding, upstream: Lineage, names: Names) -> str:
    if finding.batch is not None:
        made = upstream.nodes[finding.batch].creation
        return f"lot {names.full(made.creator, made.identifier)}"
    if finding.facility is not None:
        return f"facility {names.facility(finding.facility)}"
    return names.slug(finding.participant)
