"""Recall: what a participant or facility made since a finding, what came of it, and who holds that now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, assert_never

from traceledger.events import BatchMinted, BatchSplit, LedgerEvent, MakingEvent, Transformed
from traceledger.model.batches import Batch
from traceledger.model.frozen import frozen
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.downstream import Reached, reached_from
from traceledger.provenance.source import Source, translated

if TYPE_CHECKING:
    from traceledger.model.assurance import Finding


class Ledger(Source, Protocol):
    """A source that can list its batches; :class:`traceledger.index.Index` is one."""

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id, as it is now."""

    def batches(self) -> list[Batch]:
        """All batches as they are now, in the order in which they were made."""


@frozen
class Recall:
    """What a finding reached.

    Attributes:
        finding: its full name.
        id: its id.
        since: when it was found, as claimed, UTC seconds.
        made: full names of what was minted or transformed there since, as claimed; or of the lot.
        reached: those batches and all that was made of them, in the order of their making; the shares are
            of what was made there since.
    """

    finding: str
    id: int
    since: int
    made: tuple[str, ...]
    reached: tuple[Reached, ...]

    @property
    def custodians(self) -> tuple[str, ...]:
        """Slugs of who holds some of it now, in batches that are not used up."""
        return tuple(dict.fromkeys(item.custodian for item in self.reached if item.mass_mg))

    @property
    def substances_mg(self) -> BySubstance[int]:
        """By substance number, the mg of it that are anywhere now."""
        total: dict[int, int] = {}
        for item in self.reached:
            for number, mass in item.substances_mg.items():
                total[number] = total.get(number, 0) + mass
        return BySubstance(sorted(total.items()))


def recall(source: Ledger, finding: Finding, *, as_of: int | None = None) -> Recall:
    """What the participant (or facility) that a finding is about made since, and what came of it.

    Of a finding about a single lot it is what came of that lot.

    Batches split off are reached over what they were split off from; batches that were only held there are
    not counted.

    Args:
        source: where to read.
        finding: the finding.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        VerificationError: the source's events do not fit together.
    """
    made = _lot(source, finding.batch) if finding.batch else _made_since(source, finding, as_of)
    names = Names(source)
    found = reached_from(source, [batch.id for batch in made], as_of=as_of) if made else ()
    return Recall(
        finding=names.full(finding.auditor, finding.identifier),
        id=finding.id,
        since=finding.occurred_at,
        made=tuple(names.full(batch.creator, batch.identifier) for batch in made),
        reached=found,
    )


def _lot(source: Ledger, batch: int) -> list[Batch]:
    """The lot that a finding is about; an auditor may name one that nobody made."""
    found = source.batch(batch)
    return [] if found is None else [found]


def _made_since(source: Ledger, finding: Finding, as_of: int | None) -> list[Batch]:
    theirs = [
        batch
        for batch in source.batches()
        if batch.creator == finding.participant and finding.facility in (None, batch.facility)
    ]
    events = _making(source, theirs, as_of)
    chosen = []
    for batch in theirs:
        event = events.get(batch.id)
        # By the claimed time, as the finding's is too.
        if isinstance(event, MakingEvent) and _counts(event) and event.occurred_at >= finding.occurred_at:
            chosen.append(batch)
    return chosen


def _making(source: Ledger, batches: Sequence[Batch], as_of: int | None) -> dict[int, LedgerEvent]:
    """By id, the events that made batches, without those of later blocks."""
    ids = [batch.id for batch in batches]
    steps = translated(source)
    if steps is None:
        histories = source.histories(ids, as_of=as_of, takes=False)
        return {batch: history[0].event for batch, history in histories.items() if history}
    # Of each batch only this is read, not all that happened to it.
    before = None if as_of is None else steps.after(as_of)
    made = steps.made(list(steps.keys(ids).values())).values()
    places = {each.batch: each.at for each in made if before is None or each.at < before}
    events = steps.events(set(places.values()))
    return {batch: events[at].event for batch, at in places.items()}


def _counts(event: MakingEvent) -> bool:
    """Whether what the event made counts by itself, or only over what it was split off from."""
    match event:
        case BatchMinted() | Transformed():
            return True
        case BatchSplit():
            return False
        case _:
            assert_never(event)
