"""Downstream: what a batch went into, who holds that now, and how much of the batch is in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from traceledger.errors import UnknownNameError, VerificationError
from traceledger.events import Transformed
from traceledger.model.arithmetic import nearest
from traceledger.model.batches import BatchState
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import Share
from traceledger.model.substances import BySubstance
from traceledger.names import Names
from traceledger.provenance.nodes import creations, node_of, remainder, reversal_of
from traceledger.provenance.source import Source, Steps, translated
from traceledger.replay.custody import Remainder
from traceledger.replay.telling import Made
from traceledger.walk import ONE, At, Reaching, Spreading, do_all, no_search_for_cycles, share_of

if TYPE_CHECKING:
    from traceledger.provenance.nodes import Node


@frozen
class Reached:
    """A batch that holds something of the one asked about.

    Attributes:
        batch: its full name.
        id: its id.
        custodian: slug of who holds it now.
        state: where its life stands.
        mass_mg: what is left of it, mg.
        share: by substance number, the part of it that comes from the batch asked about.
        substances_mg: by substance number, the mg of what is left that come from it, to the nearest.
    """

    batch: str
    id: int
    custodian: str
    state: BatchState
    mass_mg: int
    share: BySubstance[Share]
    substances_mg: BySubstance[int]


@frozen
class Impact:
    """What came of a batch.

    Attributes:
        batch: its full name.
        id: its id.
        as_of: the block up to which events were read.
        reached: every batch downstream, itself first, in the order in which they were made.
        beyond: full names of the transformations that took of products that had come back: what they made
            has a second life, and is not followed.
    """

    batch: str
    id: int
    as_of: int | None
    reached: tuple[Reached, ...]
    beyond: tuple[str, ...] = ()

    @property
    def custodians(self) -> tuple[str, ...]:
        """Slugs of who holds some of it now, in batches that are not used up."""
        return tuple(dict.fromkeys(item.custodian for item in self.reached if item.mass_mg))

    @property
    def holdings(self) -> dict[str, BySubstance[int]]:
        """By slug of who holds some of it now, the mg of each substance that come from the batch."""
        held: dict[str, dict[int, int]] = {slug: {} for slug in self.custodians}
        for item in self.reached:
            for number, mass in item.substances_mg.items() if item.mass_mg else ():
                sums = held[item.custodian]
                sums[number] = sums.get(number, 0) + mass
        return {slug: BySubstance(sorted(sums.items())) for slug, sums in held.items()}


def impact(source: Source, batch: int, *, as_of: int | None = None) -> Impact:
    """What came of a batch.

    Args:
        source: where to read.
        batch: its id.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    with no_search_for_cycles():
        found = _Downstream(source, [batch], as_of)
        reached = found.reached()
    return Impact(
        batch=reached[0].batch,
        id=batch,
        as_of=source.head_block() if as_of is None else as_of,
        reached=reached,
        beyond=found.beyond(),
    )


def reached_from(source: Source, batches: Sequence[int], *, as_of: int | None = None) -> tuple[Reached, ...]:
    """What came of several batches together: the share of each is of what comes from any of them.

    Args:
        source: where to read.
        batches: their ids; one may be made of another.
        as_of: as the chain stood after this block; by default the newest that the source holds.

    Raises:
        UnknownNameError: there is no such batch at that block.
        VerificationError: the source's events do not fit together.
    """
    with no_search_for_cycles():
        return _Downstream(source, batches, as_of).reached()


class _Downstream:
    """What came of batches, found in one pass over the steps, and in what is kept of the batches reached.

    What is asked of the source does not grow with how many these are.
    """

    def __init__(self, source: Source, batches: Sequence[int], as_of: int | None) -> None:
        self._source = source
        self._as_of = as_of
        self._names = Names(source)
        self._steps, self._before = _steps(source, batches, as_of)
        keys = self._steps.keys(batches)
        made = self._steps.made(list(keys.values()))
        for batch in batches:
            key = keys.get(batch)
            if key is None or key not in made or (self._before is not None and made[key].at >= self._before):
                raise UnknownNameError(f"there is no batch {id_text(batch)} at that block")
        self._roots = list(made)
        self._follow(made)

    def _follow(self, roots: Mapping[int, Made]) -> None:
        held = self._made_with(roots).values()
        self._walk({number for masses in held for number, mg in masses.items() if mg})
        more = self._found.raised() - set(self._spreads)
        if more:
            # A root had none of them when it was made, which nobody knows before the walk.
            self._walk(more | set(self._spreads))

    def _walk(self, numbers: Collection[int]) -> None:
        self._found = Reaching(self._roots)
        spreading = Spreading(self._roots, numbers)
        steps = self._steps.downstream(self._roots, self._before)
        do_all([self._found.handlers, spreading.handlers], steps)
        self._spreads = spreading.found()

    def reached(self) -> tuple[Reached, ...]:
        """The batches, in the order in which they were made."""
        keys = self._found.batches()
        made = self._steps.made(keys | self._found.reversed)
        left = {**self._steps.left(keys, self._before), **self._just_before(made)}
        if keys - made.keys() or keys - left.keys():
            raise VerificationError("batches are missing that were made of others, as their events tell")
        unsure = {key: each for key, each in made.items() if self._unsure(key, left[key])}
        had = self._made_with(unsure)
        ordered = sorted(made.items(), key=lambda item: item[1].order)
        creators, custodians = {each.creator for each in made.values()}, {left[key].custodian for key in made}
        self._names.foresee(participants=creators | custodians)
        return tuple(self._row(key, each, left[key], had.get(key)) for key, each in ordered)

    def beyond(self) -> tuple[str, ...]:
        """Full names of the runs that took of products after these had come back, in chain order."""
        places = self._found.beyond
        events = self._steps.events(places) if places else {}
        runs = [event for at in places if isinstance(event := events[at].event, Transformed)]
        self._names.foresee(participants={run.participant for run in runs})
        return tuple(self._names.full(run.participant, run.identifier) for run in runs)

    def _just_before(self, made: Mapping[int, Made]) -> dict[int, Remainder]:
        """What was left of roots that were reversed, when they were: nothing had been made of them."""
        ids = {made[key].batch: key for key in self._found.reversed}
        if not ids:
            return {}
        found: dict[int, Remainder] = {}
        for batch, history in self._source.histories(list(ids), as_of=self._as_of).items():
            end = reversal_of(batch, history)
            told = tuple(item for item in history if end is None or item.position < end.position)
            found[ids[batch]] = remainder(node_of(batch, told, {}))
        return found

    def _made_with(self, made: Mapping[int, Made]) -> dict[int, Mapping[int, int]]:
        """The substances with which batches (by key) were made, mg."""
        events = self._steps.events({each.at for each in made.values()}) if made else {}
        told = {at: creations(event) for at, event in events.items()}
        for each in made.values():
            if each.batch not in told.get(each.at, {}):
                raise VerificationError(f"the event that made batch {id_text(each.batch)} is missing")
        return {key: told[each.at][each.batch].substances_mg for key, each in made.items()}

    def _unsure(self, batch: int, left: Remainder) -> bool:
        """Whether only the event that made it tells if it ever had a substance that it has no more.

        What was taken of it was in it: from its making, if no measurement found it later. Such events need
        not be read, which most would be of what is used up.
        """
        return any(
            left.substances_mg.get(number) == 0
            and (batch not in spread.taken or self._found.was_raised(batch, number))
            for number, spread in self._spreads.items()
        )

    def _row(self, batch: int, made: Made, left: Remainder, had: Mapping[int, int] | None) -> Reached:
        share: dict[int, Share] = {}
        masses: dict[int, int] = {}
        for number, spread in self._spreads.items():
            held = left.substances_mg.get(number)
            if held is None or not (held or had is None or had.get(number)):
                continue
            weight = spread.weights.get(batch, 0)
            share[number] = share_of(weight)
            masses[number] = nearest(weight * held, ONE)
        return Reached(
            batch=self._names.full(made.creator, made.identifier),
            id=made.batch,
            custodian=self._names.slug(left.custodian),
            state=left.state,
            mass_mg=left.mass_mg,
            share=BySubstance(share),
            substances_mg=BySubstance(masses),
        )


def _steps(source: Source, batches: Sequence[int], as_of: int | None) -> tuple[Steps, At | None]:
    """The steps of a source, and before which of them is told; of one with events only, of these."""
    steps = translated(source)
    if steps is not None:
        return steps, None if as_of is None or as_of == source.head_block() else steps.after(as_of)
    # Who asks an index has its steps, and does not load this.
    from traceledger.provenance.lineage import Direction, lineage
    from traceledger.provenance.told import Told

    nodes: dict[int, Node] = {}
    for batch in batches:
        if batch not in nodes:
            nodes |= lineage(source, batch, Direction.DOWN, as_of=as_of).nodes
    return Told(nodes, Names(source).site), None
