"""Which record emitted how much of a batch's CO2e.

A pool is a mixture of what entered it. A take removes the mixture as it is at that moment, so only what
enters changes it; every addition states the pool after it, which is all that is needed to walk a take back.

Example:
    >>> mine = Minted(at=1, batch=1, place=1, untraced=0, emitted=(3, 1, 0, 0))
    >>> found = co2e([mine], asked=1, own_mg=4, inherited_mg=0)
    >>> {scope: amount // UNIT for (_, scope), amount in found.cells.items()}
    {0: 3, 1: 1}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from traceledger.errors import VerificationError
from traceledger.model.arithmetic import allocate
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.walk.division import NOT_ADDED_UP, divide
from traceledger.walk.steps import (
    PRIMARY,
    SCOPES,
    Added,
    At,
    Delivered,
    Handlers,
    Minted,
    Numbers,
    Reversed,
    Run,
    Split,
    Step,
    TakenBack,
    made_by,
    undo_all,
)

UNIT = 1 << 64
"""How many of the walk's units are one milligram of CO2e."""
Cell = tuple[At, int]
"""A record, by where its step stands, and a scope: 0, 1 or 2."""
Tag = str
"""What marks an amount by the run that consumed it; empty as long as none did."""
Consumer = Callable[[int, Tag], Tag]
"""By a run's place and the tag of what it made: the tag of what it took."""
UNCONSUMED: Tag = ""
"""The tag of the asked batch."""


def keeps(_: int, tag: Tag) -> Tag:
    """The consumer that marks nothing."""
    return tag


class Source(NamedTuple):
    """By what amounts are summed.

    Attributes:
        place: where the record emitted.
        tag: the mark of what consumed it.
        own: whether it is the batch's own CO2e.
        primary: whether the record states primary data.
        back: whether it is the transport of a product that had come back, for good.
    """

    place: int
    tag: Tag
    own: bool
    primary: bool
    back: bool = False


Amounts = list[int]
"""By scope, in units of 2^-64 mg."""


class Burdens:
    """The CO2e of a batch, walked back; fed the steps newest first.

    ``sums`` has the amounts by source, ``kept`` the same of single records, ``kept_own`` those whose CO2e is
    the batch's own, ``kept_back`` those that transported it after it came back.

    Args:
        asked: the batch's key.
        own_mg: the own CO2e that it was made with.
        inherited_mg: the inherited CO2e that it was made with.
        consumer: how a run marks what it took.
        keep: where the records stand that are kept apart, too; ``None``: all of them.
    """

    def __init__(
        self,
        asked: int,
        own_mg: int,
        inherited_mg: int,
        consumer: Consumer = keeps,
        keep: Container[At] | None = (),
    ) -> None:
        self._asked = asked
        self._made_mg = own_mg + inherited_mg
        self._keep = keep
        # W9: the batch starts with what it was made with.
        self._walk = _Mixture(asked, own_mg, inherited_mg, cache(consumer))
        self._marked: _Mixture | None = None
        # The batch, what it was split off, and what came back to these: until the event that made them.
        self._line = {asked}
        # By product, where the take-back stands that was reversed later, as long as that is not reached.
        self._delivered: dict[int, At] = {}
        self._sums: dict[tuple[int, Tag, bool, bool, bool], Amounts] = {}
        self.kept: dict[At, dict[Source, Amounts]] = {}
        self.kept_own: set[At] = set()
        self.kept_back: set[At] = set()

    @property
    def keeps_all(self) -> bool:
        """Whether every record is kept apart."""
        return self._keep is None

    @property
    def sums(self) -> dict[Source, Amounts]:
        """The amounts by source."""
        return {Source(*key): amounts for key, amounts in self._sums.items()}

    @property
    def added(self) -> Emissions:
        """What was added to the batch after its making, mg CO2e; in ``sums`` too."""
        return Emissions(*self._walk.added)

    @property
    def handlers(self) -> Handlers:
        """What it does, by kind of step."""
        return {
            Minted: self._undo_mint,
            Run: self._undo_run,
            Split: self._undo_split,
            Added: self._undo_addition,
            Reversed: self._undo_reversal,
            Delivered: self._undo_delivery,
            TakenBack: self._undo_take_back,
        }

    def _undo_mint(self, step: Minted) -> None:
        own = bool(self._line) and self._made(step)
        if self._marked is None and self._walk.mixed:
            self._fork()
        given = self._walk.mint(step)
        marked = given if self._marked is None else self._marked.mint(step)
        if given:
            self._record(step, own, False, given, marked)

    def _undo_run(self, step: Run) -> None:
        own = bool(self._line) and self._made(step)
        if self._marked is None and (self._walk.mixed or len(step.outputs) > 1):
            self._fork_before(step)
        given = self._walk.run(step)
        marked = given if self._marked is None else self._marked.run(step)
        if given:
            self._record(step, own, False, given, marked)

    def _undo_split(self, step: Split) -> None:
        if self._line and self._line.intersection(made_by(step)):
            self._line.difference_update(made_by(step))
            self._line.add(step.parent)
        for walk in self._walks():
            walk.split(step)

    def _undo_addition(self, step: Added) -> None:
        back = bool(step.back) and self._came_back(step)
        own = bool(self._line) and any(entry[0] in self._line for entry in step.entries)
        if own:
            self._note_own(step)
        if self._marked is None and self._walk.mixed:
            self._fork()
        given = self._walk.addition(step)
        marked = given if self._marked is None else self._marked.addition(step)
        if given:
            self._record(step, own, back, given, marked)

    def _undo_reversal(self, step: Reversed) -> None:
        line = self._line
        if line:
            line.update(child for batch, *_, child in step.entries if child and batch in line)
        for walk in self._walks():
            for entry in reversed(step.entries):
                walk.put_back(step.of, entry[:5], child=entry[5])

    def _undo_delivery(self, step: Delivered) -> None:
        if self._line:
            self._delivered[step.batch] = step.of
        for walk in self._walks():
            walk.put_back(step.of, step[2:], child=0)

    def _undo_take_back(self, step: TakenBack) -> None:
        if self._delivered.get(step.batch) == step.at:
            del self._delivered[step.batch]
        for walk in self._walks():
            walk.take_back(step)

    def _walks(self) -> Sequence[_Mixture]:
        if self._marked is None and self._walk.mixed:
            self._fork()
        return (self._walk,) if self._marked is None else (self._walk, self._marked)

    def _fork_before(self, step: Run) -> None:
        if self._walk.mixed or self._walk.divides_marks(step):
            self._fork()

    def _fork(self) -> None:
        # As long as only what bears one mark is divided, the walk with marks is the walk without. From now on
        # it is not: each mark is divided by itself, and only the whole is exact.
        self._marked, self._walk = self._walk, self._walk.without_marks()

    def finish(self) -> None:
        """Check that all of it was found.

        Raises:
            VerificationError: the steps do not add up.
        """
        found = sum(sum(amounts) for amounts in self._sums.values())
        if found != (self._made_mg + self.added.total_mg) * UNIT:
            raise VerificationError(f"the CO2e of batch {id_text(self._asked)} does not add up")

    def _came_back(self, step: Added) -> bool:
        """Whether what a shipment moved of the batch, or of what that was split off, had come back.

        A take-back that was reversed is none any more, of whatever was shipped before the reversal, too.
        """
        back = any(batch in self._line and batch not in self._delivered for batch in step.back)
        if back and (self._keep is None or step.at in self._keep):
            self.kept_back.add(step.at)
        return back

    def _made(self, step: Minted | Run) -> bool:
        """Whether what a step emitted is own CO2e of the batch.

        It is where it made, or was added to, the batch, what that was split off, or what came back to them by
        a reversal. What such a record emitted for other batches cannot have come into this one again: it was
        made before.
        """
        made = self._line.intersection(made_by(step))
        self._line -= made
        if made:
            self._note_own(step)
        return bool(made)

    def _note_own(self, step: Step) -> None:
        if self._keep is None or step.at in self._keep:
            self.kept_own.add(step.at)

    def _record(
        self, step: Minted | Run | Added, own: bool, back: bool, given: _Given, marked: _Given
    ) -> None:
        primary = step.emitted[PRIMARY] > 0
        keep = self._keep is None or step.at in self._keep
        for tag, amounts in (given if given is marked else _by_tag(given, marked)).items():
            # A plain tuple finds what its source has: to make a source of every record takes as long again.
            key = step.place, tag, own, primary, back
            sums = self._sums.get(key)
            if sums is None:
                self._sums[key] = list(amounts)
            else:
                one, two, three = amounts
                sums[0] += one
                sums[1] += two
                sums[2] += three
            if keep:
                self.kept.setdefault(step.at, {})[Source(*key)] = amounts


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
        asked: the batch's key.
        own_mg: the own CO2e that it was made with.
        inherited_mg: the inherited CO2e that it was made with.

    Raises:
        VerificationError: the steps do not add up.
    """
    walk = Burdens(asked, own_mg, inherited_mg, keep=None)
    undo_all(walk.handlers, steps)
    walk.finish()
    return Co2e(cells_of(walk.kept), walk.added)


def cells_of(kept: Mapping[At, Mapping[Source, Amounts]]) -> dict[Cell, int]:
    """What records emitted by scope, whatever consumed it; units of 2^-64 mg."""
    cells: dict[Cell, int] = defaultdict(int)
    for at, sources in kept.items():
        for amounts in sources.values():
            for scope, amount in enumerate(amounts):
                if amount:
                    cells[at, scope] += amount
    return dict(cells)


def shared(emitted: Numbers, weights: Sequence[int]) -> list[Numbers]:
    """What is emitted, over several batches as the contracts share it: each scope, and the primary part."""
    if len(weights) == 1:
        return [emitted[: PRIMARY + 1]]
    if sum(weights) <= 0 or min(weights) < 0:
        raise VerificationError("the chain states emissions allocated over nothing")
    return list(zip(*(allocate(total, weights) for total in emitted[: PRIMARY + 1]), strict=True))


_Given = dict[Tag, Amounts]
"""What a record emitted, by tag and scope."""
_Tagged = dict[Tag, int]
_Pools = dict[int, _Tagged]
_NOTHING: _Tagged = {}


class _Mixture:
    """Amounts by batch and tag, in units; and what reversals put aside for what they reversed."""

    def __init__(self, asked: int, own_mg: int, inherited_mg: int, consumer: Consumer) -> None:
        self._asked = asked
        self._consumer = consumer
        self._own: _Pools = {asked: {UNCONSUMED: own_mg * UNIT}}
        self._inherited: _Pools = {asked: {UNCONSUMED: inherited_mg * UNIT}}
        self._aside: dict[At, list[tuple[int, _Tagged, _Tagged]]] = {}
        self._whole = {asked}
        self.mixed = False
        self.added = [0] * (PRIMARY + 1)

    def divides_marks(self, step: Run) -> bool:
        """Whether what a run made bears several marks: they are divided together from then on."""
        made = (self._inherited.get(output[0], _NOTHING) for output in step.outputs)
        return len({self._consumer(step.place, tag) for amounts in made for tag in amounts}) > 1

    def without_marks(self) -> _Mixture:
        """The same amounts, each batch's in one."""
        other = _Mixture(self._asked, 0, 0, keeps)
        other._own, other._inherited = _unmarked(self._own), _unmarked(self._inherited)
        other._aside = {
            at: [(batch, _one(own), _one(inherited)) for batch, own, inherited in entries]
            for at, entries in self._aside.items()
        }
        other._whole, other.added = set(self._whole), list(self.added)
        return other

    def mint(self, step: Minted) -> _Given:
        """Go back behind a mint; what it emitted, by tag and scope."""
        held = self._own.pop(step.batch, None)
        given: _Given = {}
        if held:
            _emit(given, held, step.emitted)
        return given

    def split(self, step: Split) -> None:
        """Go back behind a split."""
        # W10: own passes to own, inherited to inherited.
        for pools in (self._own, self._inherited):
            for child in step.children:
                if child[0] in pools:
                    self._put_all(pools, step.parent, pools.pop(child[0]))

    def take_back(self, step: TakenBack) -> None:
        """Go back behind a take-back: the product's pools were empty then, as nothing of them came later.

        Raises:
            VerificationError: something is in them.
        """
        batch = step.batch
        if batch not in self._whole and (batch in self._own or batch in self._inherited):
            raise VerificationError(f"the CO2e of batch {id_text(batch)} does not add up")
        self._from_aside(step.at)

    def _from_aside(self, at: At) -> None:
        for batch, own, inherited in self._aside.pop(at, ()):
            self._put_all(self._own, batch, own)
            self._put_all(self._inherited, batch, inherited)

    def run(self, step: Run) -> _Given:
        """Go back behind a run; what it emitted, by tag and scope."""
        given: _Given = {}
        passed: _Tagged = {}
        shares: list[Numbers] | None = None
        for place, (batch, _) in enumerate(step.outputs):
            held = self._own.pop(batch, None)
            if held:
                if shares is None:
                    shares = shared(step.emitted, [weight for _, weight in step.outputs])
                # W10: what is left of the own pool at its making is what the making emitted, by scope.
                _emit(given, held, shares[place])
            inherited = self._inherited.pop(batch, None)
            if inherited:
                for tag, amount in inherited.items():
                    of = self._consumer(step.place, tag)
                    passed[of] = passed.get(of, 0) + amount
        for tag, amount in passed.items():
            if amount:
                # W10: what all outputs inherited, over own and inherited of each input as it was taken.
                self._pass_on(step.inputs, tag, amount)
        if self._aside:
            self._from_aside(step.at)
        return given

    def _pass_on(self, inputs: Sequence[Numbers], tag: Tag, amount: int) -> None:
        whole = running = given = 0
        for _, _, _, own_mg, inherited_mg in inputs:
            if own_mg < 0 or inherited_mg < 0:
                raise VerificationError(NOT_ADDED_UP)
            whole += own_mg + inherited_mg
        if not whole:
            raise VerificationError(NOT_ADDED_UP)
        # W2, as `divide` has it: it stands here again because it is done for every input of every run.
        for batch, _, _, own_mg, inherited_mg in inputs:
            if own_mg:
                running += own_mg
                until = amount * running // whole
                self._put(self._own, batch, tag, until - given)
                given = until
            if inherited_mg:
                running += inherited_mg
                until = amount * running // whole
                self._put(self._inherited, batch, tag, until - given)
                given = until

    def addition(self, step: Added) -> _Given:
        """Go back behind an addition; what of it is found, by tag and scope."""
        given: _Given = {}
        own, entries = self._own, step.entries
        if not any(entry[0] in own or entry[0] in self._whole for entry in entries) or not any(step.emitted):
            return given  # Nothing of it is reached, or nothing entered.
        shares = shared(step.emitted, [weight for _, weight, _ in entries])
        for (batch, _, after_mg), parts in zip(reversed(entries), reversed(shares), strict=True):
            scopes = parts[:SCOPES]
            if batch in self._whole:
                # W9: what was added to the batch itself counts whole.
                _emit(given, {UNCONSUMED: sum(scopes) * UNIT}, scopes)
                self.added = [so_far + part for so_far, part in zip(self.added, parts, strict=True)]
                continue
            for tag, amount in own.pop(batch, _NOTHING).items():
                # W10: what was in the pool before, then the scopes.
                before, *added = divide(amount, [after_mg - sum(scopes), *scopes])
                _give(given, tag, added)
                self._put(own, batch, tag, before)
        return given

    def put_back(self, of: At, entry: Numbers, *, child: int) -> None:
        """Go back behind what returned to a batch, by a reversal of ``of``."""
        batch, own_mg, inherited_mg, own_after_mg, inherited_after_mg = entry
        if batch in self._whole:
            # W9: what was added to what came back counts whole, too.
            self._whole.update([child] if child else ())
            return
        # W11: the part that was put back has the mixture with which it was taken.
        own = self._part_back(self._own, batch, own_mg, own_after_mg)
        inherited = self._part_back(self._inherited, batch, inherited_mg, inherited_after_mg)
        if child:
            self._put_all(self._own, child, own)
            self._put_all(self._inherited, child, inherited)
        elif own or inherited:
            self._aside.setdefault(of, []).append((batch, own, inherited))

    def _part_back(self, pools: _Pools, batch: int, back_mg: int, after_mg: int) -> _Tagged:
        returned: _Tagged = {}
        for tag, amount in pools.pop(batch, _NOTHING).items():
            back, rest = divide(amount, [back_mg, after_mg - back_mg])
            self._put(pools, batch, tag, rest)
            if back:
                returned[tag] = back
        return returned

    def _put(self, pools: _Pools, batch: int, tag: Tag, amount: int) -> None:
        if not amount:
            return
        amounts = pools.get(batch)
        if amounts is None:
            pools[batch] = {tag: amount}
        elif tag in amounts:
            amounts[tag] += amount
        else:
            amounts[tag] = amount
            self.mixed = True

    def _put_all(self, pools: _Pools, batch: int, amounts: _Tagged) -> None:
        for tag, amount in amounts.items():
            self._put(pools, batch, tag, amount)


def _emit(given: _Given, held: _Tagged, emitted: Numbers) -> None:
    """Divide what is held by the scopes of what was emitted."""
    one, two, three, *_ = emitted
    whole, both = one + two + three, one + two
    for tag, amount in held.items():
        if amount:
            if not whole or one < 0 or two < 0 or three < 0:
                raise VerificationError(NOT_ADDED_UP)
            # W2, as `divide` has it, of three weights: everything that emitted is divided so.
            first, until = amount * one // whole, amount * both // whole
            parts = [first, until - first, amount - until]
            if tag in given:
                _give(given, tag, parts)
            else:
                given[tag] = parts


def _give(given: _Given, tag: Tag, parts: list[int]) -> None:
    amounts = given.get(tag)
    if amounts is None:
        given[tag] = parts
    else:
        for scope, part in enumerate(parts):
            amounts[scope] += part


def _by_tag(given: _Given, marked: _Given) -> _Given:
    """Divides what was walked without marks by what was walked with them, so that nothing is lost."""
    found: _Given = {}
    for scope in range(SCOPES):
        whole = sum(amounts[scope] for amounts in given.values())
        weights = {tag: amounts[scope] for tag, amounts in marked.items() if amounts[scope]}
        # Where none has a weight, it is less than what any tag is rounded to.
        ordered = sorted(weights) or [UNCONSUMED]
        parts = divide(whole, [weights[tag] for tag in ordered]) if weights else [whole]
        for tag, part in zip(ordered, parts, strict=True):
            if part:
                found.setdefault(tag, [0] * SCOPES)[scope] += part
    return found


def _one(amounts: _Tagged) -> _Tagged:
    return {UNCONSUMED: sum(amounts.values())} if amounts else {}


def _unmarked(pools: _Pools) -> _Pools:
    return {batch: _one(amounts) for batch, amounts in pools.items()}
