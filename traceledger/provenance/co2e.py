"""The footprint of a batch, exact, by facility, by process and by scope.

An own pool is a mixture: what it was made with and what was added, each worth a part of it. A take removes
the mixture as it is at that moment, so only additions change it. Every addition states the pool after it,
which is all that is needed to unwind a take back to the events that emitted it.

Example:
    >>> Footprint(own_mg=3, inherited_mg=4, primary_mg=9, by_facility={}, by_process={}, by_scope={}).total_mg
    7
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import assert_never

from traceledger.errors import VerificationError
from traceledger.events import (
    BatchMinted,
    BatchSplit,
    EmittingEvent,
    Position,
    RecordedEvent,
    Transformed,
)
from traceledger.model.emissions import SCOPES, Emissions
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Facility
from traceledger.names import Names
from traceledger.provenance.exact import product, reduced, round_to_sum
from traceledger.provenance.lineage import Creation, Lineage, Node
from traceledger.replay.emissions import emitting, occurred_where, place_name, pool_after, shares

Key = tuple[str, str, str]
"""Where (facility, transport or custody), by which process, and in which scope CO2e was emitted."""


@frozen
class Footprint:
    """All CO2e that a batch was made with or that was added to it, mg CO2e, whatever was taken since.

    Each of the three breakdowns sums to :attr:`total_mg`.
    """

    own_mg: int
    inherited_mg: int
    primary_mg: int
    by_facility: dict[str, int]
    by_process: dict[str, int]
    by_scope: dict[str, int]

    @property
    def total_mg(self) -> int:
        """Own and inherited together."""
        return self.own_mg + self.inherited_mg

    @property
    def primary_share(self) -> float:
        """The part from primary data (PACT ``primaryDataShare``), 0 to 1; 0 where nothing was emitted.

        Allocation may round the primary pool a few milligrams above the total: then it is 1.
        """
        return min(1.0, self.primary_mg / self.total_mg) if self.total_mg else 0.0


@frozen
class _Emitted:
    """Emissions that entered an own pool; ``pool_mg`` is the pool with them."""

    at: Position
    pool_mg: int
    parts: tuple[tuple[Key, int], ...]

    @property
    def added_mg(self) -> int:
        return sum(mass for _, mass in self.parts)


def footprint(upstream: Lineage, names: Names) -> Footprint:
    """The footprint of a batch.

    Args:
        upstream: the batch's lineage, up.
        names: how its facilities and participants are called.

    Raises:
        VerificationError: the events' CO2e do not add up.
    """
    node = upstream.nodes[upstream.batch]
    borne = _Shares()
    later = [borne.of(at, event, upstream.batch) for at, event in node.additions]
    creation = node.creation
    own = creation.own_mg + sum(item.total_mg for item in later)
    total = own + creation.inherited_mg
    cells, scale = _Unwinding(upstream, names, borne).run()
    if sum(cells.values()) != total * scale:
        raise VerificationError(f"the CO2e of batch {id_text(upstream.batch)} does not add up")
    places, processes, scopes = (_margin(cells, place) for place in range(3))
    in_order = {scope: scopes.get(scope, 0) for scope in SCOPES}
    return Footprint(
        own_mg=own,
        inherited_mg=creation.inherited_mg,
        primary_mg=creation.primary_mg + sum(item.primary for item in later),
        by_facility=round_to_sum(dict(sorted(places.items())), scale=scale),
        by_process=round_to_sum(dict(sorted(processes.items())), scale=scale),
        by_scope=round_to_sum(in_order, scale=scale),
    )


def _margin(cells: dict[Key, int], place: int) -> dict[str, int]:
    """Cells summed over all but one part of their keys."""
    sums: dict[str, int] = defaultdict(int)
    for key, amount in cells.items():
        sums[key[place]] += amount
    return dict(sums)


class _Shares:
    """What the batches of a lineage bear of events' emissions; each event is shared once."""

    def __init__(self) -> None:
        self._known: dict[Position, dict[int, Emissions]] = {}

    def of(self, at: Position, event: EmittingEvent, batch: int) -> Emissions:
        """What one batch bears."""
        if at not in self._known:
            self._known[at] = {share.batch: share.emissions for share in shares(event)}
        return self._known[at].get(batch, Emissions())


class _Unwinding:
    """One walk back through a lineage, from the batch to every event that emitted some of its CO2e.

    ``_own`` holds, by batch, the takes of its own pool (position and amount) that the lineage made;
    ``_inherited`` the amount of its inherited pool. Amounts are numerators over the scale.
    """

    def __init__(self, upstream: Lineage, names: Names, borne: _Shares) -> None:
        self._upstream = upstream
        self._names = names
        self._borne = borne
        self._last = upstream.last_taken()
        self._sites: dict[int, Facility | None] = {}
        for node in upstream.nodes.values():
            self._sites[node.creation.batch] = self._made_at(node.creation)
        self._emitted = {batch: self._pool_of(node) for batch, node in upstream.nodes.items()}
        self._inputs = {at.position: _inputs(at) for at, _ in upstream.making()}
        self._own: dict[int, list[tuple[Position, int]]] = defaultdict(list)
        self._inherited: dict[int, int] = defaultdict(int)
        self._cells: dict[Key, int] = defaultdict(int)

    def run(self) -> tuple[dict[Key, int], int]:
        """The amount of every cell, and the scale."""
        target = self._upstream.nodes[self._upstream.batch].creation
        scale = product([*self._wholes()])
        first, *later = self._emitted[target.batch]
        for emitted in later:
            for key, mass in emitted.parts:
                self._cells[key] += mass * scale
        self._inherited[target.batch] = target.inherited_mg * scale
        self._own[target.batch] = [(target.at.position, target.own_mg * scale)]
        self._emitted[target.batch] = [first]
        for at, made in self._upstream.making():
            for creation in made:
                self._unwind_own(creation)
            self._unwind_inherited(at, made)
        return dict(self._cells), scale

    def _wholes(self) -> Iterable[int]:
        """Everything that this walk can divide by."""
        for batch, pool in self._emitted.items():
            divided = pool[:1] if batch == self._upstream.batch else pool
            yield from (_fractions(emitted)[0] for emitted in divided if emitted.parts)
        yield from (whole for whole, _ in self._inputs.values())

    def _unwind_own(self, creation: Creation) -> None:
        # Back from the newest: each take is of the pool as it was then, so it joins before the addition that
        # preceded it.
        takes = sorted(self._own.pop(creation.batch, ()))
        first, *later = self._emitted[creation.batch]
        amount = 0
        for emitted in reversed(later):
            while takes and takes[-1][0] > emitted.at:
                amount += takes.pop()[1]
            amount = self._emit(emitted, amount)
        amount += sum(mass for _, mass in takes)
        match creation.event:
            case BatchSplit(parent=parent):
                if amount:
                    self._own[parent].append((creation.at.position, amount))
            case BatchMinted() | Transformed():
                self._emit(first, amount)
            case _:
                assert_never(creation.event)

    def _emit(self, emitted: _Emitted, amount: int) -> int:
        """Give the emission its part of ``amount``; returns the part of what was in the pool before it."""
        if not amount or not emitted.parts:
            return amount
        whole, (before, *parts) = _fractions(emitted)
        unit = amount // whole
        for (key, _), part in zip(emitted.parts, parts, strict=True):
            self._cells[key] += unit * part
        return unit * before

    def _unwind_inherited(self, at: RecordedEvent, made: list[Creation]) -> None:
        amount = sum(self._inherited.pop(creation.batch, 0) for creation in made)
        if not amount:
            return
        event = made[0].event
        match event:
            case BatchSplit(parent=parent):
                self._inherited[parent] += amount
            case Transformed(inputs=inputs):
                whole, parts = self._inputs[at.position]
                unit = amount // whole
                for taken, own, inherited in zip(inputs, parts[0::2], parts[1::2], strict=True):
                    if own:
                        self._own[taken.batch].append((at.position, unit * own))
                    self._inherited[taken.batch] += unit * inherited
            case BatchMinted():
                pass  # Nothing is inherited by new material.
            case _:
                assert_never(event)

    def _made_at(self, creation: Creation) -> Facility | None:
        """The facility where a batch was made; a split child has its parent's."""
        if creation.facility is None:
            return self._sites[creation.parents[0]]
        return self._names.site(creation.facility)

    def _pool_of(self, node: Node) -> list[_Emitted]:
        """What entered a batch's own pool, in order: first what it was made with, if an event emitted it."""
        creation, batch = node.creation, node.creation.batch
        made_with: tuple[tuple[Key, int], ...] = ()
        source = emitting(creation.event)
        if source is not None:
            made_with = self._parts(creation.at.position, source, batch)
        emitted = [_Emitted(creation.at.position, creation.own_mg, made_with)]
        last = None if batch == self._upstream.batch else self._last[batch]
        for at, event in node.additions:
            # What was added after the lineage last took is in no batch of it.
            if last is not None and at > last:
                break
            emitted.append(_Emitted(at, pool_after(event, batch), self._parts(at, event, batch)))
        for entry in emitted:
            if entry.added_mg > entry.pool_mg:
                raise VerificationError(f"the own CO2e of batch {id_text(creation.batch)} does not add up")
        return emitted

    def _parts(self, at: Position, event: EmittingEvent, batch: int) -> tuple[tuple[Key, int], ...]:
        """What a batch bears of an event's emissions, by where, by which process and in which scope."""
        where = occurred_where(event, self._sites[batch])
        place = place_name(where, self._names)
        emissions = self._borne.of(at, event, batch)
        masses = zip(SCOPES, (emissions.scope1, emissions.scope2, emissions.scope3), strict=True)
        return tuple(((place, where.process, scope), mass) for scope, mass in masses if mass)


def _fractions(emitted: _Emitted) -> tuple[int, tuple[int, ...]]:
    """The pool, and its parts: what was there before, then each part of the emission; reduced."""
    masses = [mass for _, mass in emitted.parts]
    return reduced(emitted.pool_mg, [emitted.pool_mg - sum(masses), *masses])


def _inputs(at: RecordedEvent) -> tuple[int, tuple[int, ...]]:
    """All CO2e that a transformation took, and its parts: own and inherited of each input; reduced."""
    if not isinstance(at.event, Transformed):
        return 1, ()
    parts = [mass for taken in at.event.inputs for mass in (taken.own_mg, taken.inherited_mg)]
    whole, parts_ = reduced(sum(parts), parts)
    # Inputs without CO2e give nothing to divide, and nothing is divided by it.
    return max(whole, 1), parts_
