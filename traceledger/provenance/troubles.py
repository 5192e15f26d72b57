"""What is wrong with a batch or upstream of it: part of every answer about it, and told first."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from traceledger.model.assurance import Finding, FindingState
from traceledger.model.frozen import frozen
from traceledger.names import LedgerNames, Names
from traceledger.provenance.lineage import Lineage
from traceledger.provenance.marks import held_and_recalled, marks_of
from traceledger.provenance.stages import StageTable
from traceledger.provenance.trace import Trace, trace_and_walk
from traceledger.provenance.trouble import REASONS, Trouble, disputes, errors, holds, untraced
from traceledger.provenance.walked import More

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.provenance.upstream import Upstream


@frozen
class Named:
    """Whom and what a lineage names.

    Attributes:
        people: addresses, sorted.
        sites: ids of the facilities where its batches were made.
        batches: ids of its batches.
        held: full names of those but the asked one that are on hold, sorted.
        recalled: the same of those that are recalled.
    """

    people: Sequence[bytes]
    sites: Container[int | None]
    batches: Container[int]
    held: Sequence[str]
    recalled: Sequence[str]


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
    more = More(records)
    found, walk, before = trace_and_walk(index, index.steps, batch, more, as_of=as_of, stages=stages)
    if before is None and not _anybody_troubled(index):
        held, recalled = _marked_among(walk.counting.reached, batch, index)
        return found, [*errors(found), *disputes(found), *holds(found, held, recalled), *untraced(found)]
    # Whom its events name is told by these alone.
    from traceledger.provenance.upstream import Upstream

    upstream = Upstream(index.steps, walk, before)
    people = {party for recorded in upstream.events() for party in recorded.event.parties}
    return found, troubles_of(found, named_upstream(upstream, people, batch, index), index)


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


def troubles_of(found: Trace, named: Named, index: IndexReader) -> list[Trouble]:
    """What is wrong with a batch or upstream of it, the gravest first.

    Args:
        found: the batch.
        named: whom and what its lineage names.
        index: where both were read. Who is suspended or blocked, and what findings are open, is told as of
            the last event that the lineage could know of.
    """
    at = index.time_of(found.as_of)
    return [
        *errors(found),
        *disputes(found),
        *holds(found, named.held, named.recalled),
        *_standings(named, index, at),
        *_findings(named, index, at),
        *untraced(found),
    ]


def named_upstream(upstream: Upstream, people: Collection[bytes], asked: int, index: IndexReader) -> Named:
    """Whom and what a lineage names.

    Args:
        upstream: the lineage.
        people: addresses of the parties of its events.
        asked: id of its batch.
        index: where it was read.
    """
    now = upstream.before is None
    held, recalled = (
        _marked_among(upstream.found.counting.reached, asked, index)
        if now
        else upstream.marked(Names(index), asked)
    )
    return Named(
        sorted(upstream.creators.union(people)), upstream.sites, upstream.keys.keys(), held, recalled
    )


def named_in(upstream: Lineage, index: IndexReader) -> Named:
    """The same of a lineage whose events are there."""
    people = {node.creation.creator for node in upstream.replayed.values()}
    for recorded in upstream.events:
        people.update(recorded.event.parties)
    sites = frozenset(node.creation.facility for node in upstream.nodes.values())
    return Named(sorted(people), sites, upstream.nodes, *_marked_upstream(upstream, index))


def _marked_upstream(upstream: Lineage, index: IndexReader) -> tuple[list[str], list[str]]:
    """Names of the batches upstream that are on hold, and of those that are recalled."""
    names = Names(index)
    return held_and_recalled(
        (names.full(node.creation.creator, node.creation.identifier), marks_of(node.making_none))
        for number, node in upstream.nodes.items()
        if number != upstream.batch
    )


def _standings(named: Named, index: IndexReader, at: int) -> Iterator[Trouble]:
    """Who may not act, and where: the first reason of each."""
    names, standings = Names(index), index.standings(at=at)
    for slug, address in sorted((names.slug(each), each) for each in named.people if each in standings):
        obstacles = standings[address].obstacles
        found = [each for each in obstacles if each.facility is None or each.facility in named.sites]
        for obstacle in found[:1]:
            if obstacle.reason in ("suspended", "terminated"):
                yield Trouble(obstacle.reason, f"{slug}, whom its lineage names, is {obstacle.reason}")
                continue
            why = REASONS[obstacle.reason]
            if obstacle.facility is None:
                yield Trouble("blocked", f"{slug}, whom its lineage names, may not act: {why}")
            else:
                yield Trouble("blocked", f"facility {names.facility(obstacle.facility)} is blocked: {why}")


def _findings(named: Named, index: IndexReader, at: int) -> Iterator[Trouble]:
    """Findings that are not closed, about whom or what the lineage names."""
    names = LedgerNames(index)
    for finding in index.findings():
        if finding.batch is not None:
            concerns = finding.batch in named.batches
        elif finding.facility is not None:
            concerns = finding.facility in named.sites
        else:
            concerns = finding.participant in named.people
        if concerns and state_at(finding, at) not in (None, FindingState.CLOSED):
            about = _about(finding, names)
            name = names.full(finding.auditor, finding.identifier)
            what = f"{finding.severity.slug} finding {name} about {about} is open"
            yield Trouble("open finding", what)


def state_at(finding: Finding, at: int) -> FindingState | None:
    """Where a finding stood at a time (UTC seconds); ``None``: it was not raised yet."""
    steps = [step for step in finding.steps if step.recorded_at <= at]
    return steps[-1].state if steps else None


def _about(finding: Finding, names: LedgerNames) -> str:
    if finding.batch is not None:
        return f"lot {names.batch(finding.batch)}"
    if finding.facility is not None:
        return f"facility {names.facility(finding.facility)}"
    return names.slug(finding.participant)
