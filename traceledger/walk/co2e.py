"""Which record emitted how much of a batch's CO2e.

A pool is a mixture of what entered it. A take removes the mixture as it is at that moment, so only what
enters changes it; every addition states the pool after it, which is all that is needed to walk a take back.

Example:
    >>> mine = Minted((1, 0), batch=1, emissions=Emissions(scope1=3, scope2=1))
    >>> found = co2e([mine], asked=1, own_mg=4, inherited_mg=0)
    >>> {scope: amount // UNIT for (_, scope), amount in found.cells.items()}
    {0: 3, 1: 1}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.walk.division import divide
from traceledger.walk.steps import (
    Added,
    At,
    InError,
    Minted,
    PutBack,
    Remeasured,
    Restated,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
)

UNIT = 1 << 64
"""How many of the walk's units are one milligram of CO2e."""
Cell = tuple[At, int]
"""A record, by where its step stands, and a scope: 0, 1 or 2."""
Tag = str
"""What marks an amount by the run that consumed it; empty as long as none did."""
Consumer = Callable[[At, Tag], Tag]
"""By where a run stands and the tag of what it made: the tag of what it took."""
UNCONSUMED: Tag = ""
"""The tag of the asked batch."""


def keeps(_: At, tag: Tag) -> Tag:
    """The consumer that marks nothing."""
    return tag


@frozen
class Co2e:
    """The CO2e of a batch by record and scope.

    Attributes:
        cells: amounts in units of 2^-64 mg; those that are zero are left out.
        added: what was added to it after its making, mg CO2e; in ``cells`` too.
    """

    cells: dict[Cell, int]
    added: Emissions


def co2e(steps: Sequence[Step], asked: int, own_mg: int, inherited_mg: int) -> Co2e:
    """Walk the CO2e of a batch back to the records that emitted it.

    Args:
        steps: what happened to the batch and all upstream, in chain order.
        asked: the batch's id.
        own_mg: the own CO2e that it was made with.
        inherited_mg: the inherited CO2e that it was made with.

    Raises:
        VerificationError: the steps do not add up.
    """
    walk = _Walk(steps, asked, own_mg, inherited_mg, keeps)
    walk.run()
    cells = {(at, scope): amount for (at, scope, _), amount in walk.cells.items() if amount}
    added = Emissions(*walk.added)
    if sum(cells.values()) != (own_mg + inherited_mg + added.total_mg) * UNIT:
        raise VerificationError(f"the CO2e of batch {id_text(asked)} does not add up")
    return Co2e(cells, added)


def consumed(
    steps: Sequence[Step], asked: int, own_mg: int, inherited_mg: int, consumer: Consumer
) -> dict[Cell, dict[Tag, int]]:
    """The cells of :func:`co2e` by the runs that consumed them: the same walk, tag by tag.

    Args:
        steps: as for :func:`co2e`.
        asked: the batch's id.
        own_mg: the own CO2e that it was made with.
        inherited_mg: the inherited CO2e that it was made with.
        consumer: how a run marks what it took.

    Returns:
        Amounts in units of 2^-64 mg. A cell's may sum to a few units more or less than :func:`co2e` has, as
        each tag is rounded by itself.

    Raises:
        VerificationError: the steps do not add up.
    """
    walk = _Walk(steps, asked, own_mg, inherited_mg, consumer)
    walk.run()
    found: dict[Cell, dict[Tag, int]] = defaultdict(dict)
    for (at, scope, tag), amount in walk.cells.items():
        if amount:
            found[at, scope][tag] = amount
    return dict(found)


def by_consumer(
    cells: Mapping[Cell, int], weights: Mapping[Cell, Mapping[Tag, int]]
) -> Iterable[tuple[At, Tag, int]]:
    """Divides cells by tags, so that nothing is lost: each amount by the weights of its cell, tags sorted."""
    for (at, scope), amount in cells.items():
        tags = weights.get((at, scope), {})
        ordered = sorted(tag for tag, weight in tags.items() if weight)
        if not ordered:
            # Less than what any tag is rounded to.
            yield at, UNCONSUMED, amount
            continue
        for tag, part in zip(ordered, divide(amount, [tags[each] for each in ordered]), strict=True):
            yield at, tag, part


def scopes(emissions: Emissions) -> tuple[int, int, int]:
    """The three scopes in their order, mg."""
    return emissions.scope1, emissions.scope2, emissions.scope3


def returned_to(steps: Sequence[Step], asked: int) -> set[int]:
    """The batch, and what was split off it and came back by a reversal: what was added to them is its own."""
    found = {asked}
    # A child comes back after its own children have, so the newest reversal is that nearest to the batch.
    for step in reversed(steps):
        if isinstance(step, Reversed):
            found.update(
                entry.child for entry in step.entries if entry.child is not None and entry.batch in found
            )
    return found


class _Walk:
    """Amounts by batch and tag, in units; and what reversals put aside for what they reversed."""

    def __init__(
        self, steps: Sequence[Step], asked: int, own_mg: int, inherited_mg: int, consumer: Consumer
    ) -> None:
        self._steps = steps
        self._consumer = consumer
        # W9: the batch starts with what it was made with.
        self._own: _Pools = {asked: {UNCONSUMED: own_mg * UNIT}}
        self._inherited: _Pools = {asked: {UNCONSUMED: inherited_mg * UNIT}}
        self._aside: dict[At, list[tuple[int, _Amounts, _Amounts]]] = defaultdict(list)
        self._whole = returned_to(steps, asked)
        self.cells: dict[tuple[At, int, Tag], int] = defaultdict(int)
        self.added = [0, 0, 0, 0]

    def run(self) -> None:
        for step in reversed(self._steps):
            self._undo(step)
            if self._aside:
                self._rejoin(step.at)

    def _undo(self, step: Step) -> None:
        match step:
            case Minted():
                self._emitted(step.at, step.batch, step.emissions)
            case Split():
                # W10: own passes to own, inherited to inherited.
                self._pass_on([child.batch for child in step.children], step.parent)
            case Run():
                self._undo_run(step)
            case Added():
                self._undo_additions(step)
            case Reversed():
                self._undo_put_back(step)
            case TakenBack():
                self._require_none(step.batch)
            case Remeasured() | InError() | Restated():
                return
            case _:
                assert_never(step)

    def _require_none(self, batch: int) -> None:
        """A product's pools are empty once it is taken back: nothing of them is in what was made since."""
        if batch not in self._whole and (batch in self._own or batch in self._inherited):
            raise VerificationError(f"the CO2e of batch {id_text(batch)} does not add up")

    def _pass_on(self, children: Sequence[int], parent: int) -> None:
        for pools in (self._own, self._inherited):
            for child in children:
                _put_all(pools, parent, pools.pop(child, {}))

    def _emitted(self, at: At, batch: int, emissions: Emissions) -> None:
        """What is left of the own pool at its making is what the making emitted."""
        for tag, amount in self._own.pop(batch, {}).items():
            if amount:
                # W10: by scope.
                self._give(at, tag, divide(amount, scopes(emissions)))

    def _give(self, at: At, tag: Tag, parts: Sequence[int]) -> None:
        for scope, part in enumerate(parts):
            self.cells[at, scope, tag] += part

    def _undo_run(self, step: Run) -> None:
        inherited: _Amounts = {}
        for made in step.outputs:
            self._emitted(step.at, made.batch, made.emissions)
            for tag, amount in self._inherited.pop(made.batch, {}).items():
                of = self._consumer(step.at, tag)
                inherited[of] = inherited.get(of, 0) + amount
        weights = [mg for taken in step.inputs for mg in (taken.own_mg, taken.inherited_mg)]
        for tag, amount in inherited.items():
            if not amount:
                continue
            # W10: what all outputs inherited, over own and inherited of each input as it was taken.
            parts = divide(amount, weights)
            for taken, own, burden in zip(step.inputs, parts[0::2], parts[1::2], strict=True):
                _put(self._own, taken.batch, tag, own)
                _put(self._inherited, taken.batch, tag, burden)

    def _undo_additions(self, step: Added) -> None:
        for entry in reversed(step.entries):
            parts = scopes(entry.emissions)
            if entry.batch in self._whole:
                # W9: what was added to the batch itself counts whole.
                self._give(step.at, UNCONSUMED, [part * UNIT for part in parts])
                for place, part in enumerate((*parts, entry.emissions.primary)):
                    self.added[place] += part
                continue
            for tag, amount in self._own.pop(entry.batch, {}).items():
                # W10: what was in the pool before, then the scopes.
                before, *given = divide(amount, [entry.own_after_mg - sum(parts), *parts])
                self._give(step.at, tag, given)
                _put(self._own, entry.batch, tag, before)

    def _undo_put_back(self, step: Reversed) -> None:
        for entry in reversed(step.entries):
            if entry.batch not in self._whole:
                self._undo_entry(step.of, entry)

    def _undo_entry(self, of: At, entry: PutBack) -> None:
        # W11: the part that was put back has the mixture with which it was taken.
        own = _part_back(self._own, entry.batch, entry.own_mg, entry.own_after_mg)
        inherited = _part_back(self._inherited, entry.batch, entry.inherited_mg, entry.inherited_after_mg)
        if entry.child is not None:
            _put_all(self._own, entry.child, own)
            _put_all(self._inherited, entry.child, inherited)
        elif own or inherited:
            self._aside[of].append((entry.batch, own, inherited))

    def _rejoin(self, at: At) -> None:
        for batch, own, inherited in self._aside.pop(at, ()):
            _put_all(self._own, batch, own)
            _put_all(self._inherited, batch, inherited)


_Amounts = dict[Tag, int]
_Pools = dict[int, _Amounts]


def _part_back(pools: _Pools, batch: int, back_mg: int, after_mg: int) -> _Amounts:
    returned: _Amounts = {}
    for tag, amount in pools.pop(batch, {}).items():
        back, rest = divide(amount, [back_mg, after_mg - back_mg])
        _put(pools, batch, tag, rest)
        if back:
            returned[tag] = back
    return returned


def _put(pools: _Pools, batch: int, tag: Tag, amount: int) -> None:
    if amount:
        amounts = pools.setdefault(batch, {})
        amounts[tag] = amounts.get(tag, 0) + amount


def _put_all(pools: _Pools, batch: int, amounts: _Amounts) -> None:
    for tag, amount in amounts.items():
        _put(pools, batch, tag, amount)
