"""What must be computed of a batch, in the plainest way: the rules of docs/proof-format.md over tuples.

It shares nothing with ``traceledger``: whoever changes how the product walks compares with this. Everything
that happened is gone over from the newest to the oldest, also what has nothing to do with the batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

UNIT = 1 << 64
"""A milligram CO2e, as it is walked."""
WHOLE = 1 << 128
"""A share, or a part, that is all."""
DIGITS = 10**15
"""Shares are told in such parts."""
PROCESSES = ("mining", "recycling", "recycling", "untraced origin")
KINDS = ("mined", "post_consumer", "pre_consumer", "untraced")
PARTS = ("traced", "untraced", "declared", "confirmed")
Amounts = defaultdict[Any, int]


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """By cumulative floors; nothing where there is nothing to divide by (W2)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares, running, before = [], 0, 0
    for weight in weights:
        running += weight
        upto = total * running // whole
        shares.append(upto - before)
        before = upto
    return shares


def rounded(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    """W13: sorted by name, cumulative sums rounded to the nearest; rows of nothing left out."""
    found, running, before = {}, 0, 0
    for name, amount in sorted(rows, key=lambda row: row[0].encode()):
        running += amount
        upto = (2 * running + UNIT) // (2 * UNIT)
        if amount:
            found[name] = upto - before
        before = upto
    return found


class Walk:
    """All figures of one batch."""

    def __init__(self, history: Sequence[Any], batch: int, made: Sequence[int], held: Sequence[int]) -> None:
        """``made``: own and inherited CO2e that it was made with, mg; ``held``: the substances."""
        self.batch = batch
        self.own: Amounts = defaultdict(int, {batch: made[0] * UNIT})
        self.inherited: Amounts = defaultdict(int, {batch: made[1] * UNIT})
        self.shares = {number: defaultdict(int, {batch: WHOLE}) for number in held}
        self.traced = {number: defaultdict(int, {batch: WHOLE}) for number in held}
        self.coefficients: Amounts = defaultdict(int)
        self.cells: Amounts = defaultdict(int)
        self.origins: Amounts = defaultdict(int)
        self.ended: Amounts = defaultdict(int)
        self.reached, self.beyond = {batch}, set[int]()
        self.asked = {batch}
        """It, and what was split off and put back."""
        self.put_back: dict[int, Any] = {}
        self.restated: dict[int, tuple[int, ...]] = {}
        self.errors: dict[int, str] = {}
        self.parts: dict[int, int] = {}
        for event in history:
            if event[0] == "restated" and event[3]:
                self.restated[event[1]] = event[2]
            elif event[0] == "error" and self.errors.get(event[1]) != "confirmed":
                self.errors[event[1]] = "confirmed" if event[2] else "declared"
        for event in reversed(history):
            getattr(self, f"_{event[0]}")(event)

    def _cell(self, record: int, place: str, process: str, amounts: Sequence[int]) -> None:
        for number, amount in enumerate(amounts, 1):
            if amount:
                kept = record if record in self.restated else 0
                self.cells[kept, place, process, f"scope{number}"] += amount

    def _recorded(self, record: int, place: str, process: str, part: int) -> None:
        """W12: what a record has of the batch, where it was restated."""
        if record in self.restated:
            self.parts[record] = part
            self.cells[record, place, process, ""] += 0

    def _part(self, batch: int) -> int:
        return WHOLE if batch == self.batch else self.coefficients[batch]

    def _take(self, batch: int, mass: int, before: int, part: int) -> None:
        """W12: one take undone."""
        if batch != self.batch:
            old = self.coefficients[batch]
            self.coefficients[batch] = (old * (before - mass) + part * mass) // before

    def _made(self, batch: int) -> None:
        """W8: a weight that arrives at a batch in error goes no farther."""
        if batch in self.errors:
            for number, weights in self.traced.items():
                self.ended[number, self.errors[batch]] += weights.pop(batch, 0)

    def _mint(self, event: Any) -> None:
        _, position, batch, name, site, origin, emissions, _ = event
        self._recorded(position, site, PROCESSES[origin], self._part(batch))
        self._cell(position, site, PROCESSES[origin], allocate(self.own.pop(batch, 0), emissions[:3]))
        self._made(batch)
        for number, weights in self.shares.items():
            if batch in weights:
                self.origins[number, name, KINDS[origin]] += weights.pop(batch)
        for number, weights in self.traced.items():
            self.ended[number, "untraced" if origin == 3 else "traced"] += weights.pop(batch, 0)

    def _split(self, event: Any) -> None:
        _, _, parent, children = event
        for child, mass, before in reversed(children):
            self._take(parent, mass, before, self._part(child))
            if child in self.reached:
                self.reached.add(parent)
            self._made(child)
            for pools in (self.own, self.inherited, *self.shares.values(), *self.traced.values()):
                if child in pools:
                    pools[parent] += pools.pop(child)

    def _run(self, event: Any) -> None:
        _, position, run, site, process, recycling, emissions, inputs, outputs, name = event
        weights = [weight for _, _, weight, _ in outputs]
        parts = [self._part(batch) * weight for (batch, *_), weight in zip(outputs, weights, strict=True)]
        part = sum(parts) // sum(weights)
        self._recorded(position, site, process, part)
        back = self.put_back.pop(run, [(part, 0, 0)] * len(inputs))
        for each, (its, _, _) in zip(reversed(inputs), reversed(back), strict=True):
            self._take(each[0], each[1], each[2], its)
        for each, (_, own, inherited) in zip(inputs, back, strict=True):
            if own or inherited:
                self.own[each[0]] += own
                self.inherited[each[0]] += inherited
        if not any(output[0] in self.reached for output in outputs):
            return
        scopes = list(zip(*[allocate(total, weights) for total in emissions[:3]], strict=True))
        for (output, *_), share in zip(outputs, scopes, strict=True):
            self._cell(position, site, process, allocate(self.own.pop(output, 0), share))
            self._made(output)
        self._inherit(sum([self.inherited.pop(output[0], 0) for output in outputs]), inputs)
        for number in self.shares:
            self._origins(number, inputs, outputs, (name, KINDS[recycling]) if recycling else None)
            self._traced(number, inputs, outputs)
        self.reached.update([each[0] for each in inputs])

    def _inherit(self, amount: int, inputs: Any) -> None:
        parts = allocate(amount, [pool for each in inputs for pool in (each[3], each[4])])
        for place, each in enumerate(inputs):
            self.own[each[0]] += parts[2 * place]
            self.inherited[each[0]] += parts[2 * place + 1]

    def _origins(self, number: int, inputs: Any, outputs: Any, run: tuple[str, str] | None) -> None:
        """W4 and W6."""
        weights = self.shares[number]
        arrived = [(name, weights.pop(batch)) for batch, name, _, _ in outputs if batch in weights]
        taken = [dict(each[5]).get(number, 0) for each in inputs]
        if not any(taken):
            for name, each in arrived:
                self.origins[number, name, "untraced"] += each
        elif run and arrived:
            self.origins[(number, *run)] += sum([each[1] for each in arrived])
        elif arrived:
            self._pass_on(weights, inputs, taken, sum([each[1] for each in arrived]))

    def _traced(self, number: int, inputs: Any, outputs: Any) -> None:
        """W8: through recycling runs, too."""
        weights = self.traced[number]
        arrived = sum([weights.pop(output[0], 0) for output in outputs])
        taken = [dict(each[5]).get(number, 0) for each in inputs]
        if not any(taken):
            self.ended[number, "untraced"] += arrived
        elif arrived:
            self._pass_on(weights, inputs, taken, arrived)

    @staticmethod
    def _pass_on(weights: Amounts, inputs: Any, taken: Sequence[int], weight: int) -> None:
        for each, mass, part in zip(inputs, taken, allocate(weight, taken), strict=True):
            if mass:
                weights[each[0]] += part

    def _add(self, event: Any) -> None:
        _, position, place, process, _, lots = event
        whole = sum([weight for *_, weight in lots])
        parts = [self._part(batch) * weight for batch, _, _, weight in lots]
        self._recorded(position, place, process, sum(parts) // whole)
        for batch, pool, scopes, _ in reversed(lots):
            if batch in self.asked:
                # W9: what was added to the asked one counts whole.
                self._cell(position, place, process, [amount * UNIT for amount in scopes[:3]])
            elif batch in self.own:
                left = pool - sum(scopes[:3])
                self.own[batch], *added = allocate(self.own[batch], [left, *scopes[:3]])
                self._cell(position, place, process, added)

    def _error(self, event: Any) -> None:
        """Whenever it is declared: seen beforehand."""

    _restated = _error

    def _raised(self, event: Any) -> None:
        """W4: what there was none of before is of unknown origin."""
        _, batch, name, numbers = event
        for number in set(numbers) & set(self.shares):
            if batch in self.shares[number]:
                self.origins[number, name, "untraced"] += self.shares[number].pop(batch)
            self.ended[number, self.errors.get(batch, "untraced")] += self.traced[number].pop(batch, 0)

    def _split_reversed(self, event: Any) -> None:
        """W11, W12: the child gets what it gave back, and its parent's part."""
        _, child, (parent, own, inherited, own_after, inherited_after) = event
        self.coefficients[child] = self._part(parent)
        if parent in self.asked:
            self.asked.add(child)
            return
        self.own[child] += self._back(self.own, parent, own, own_after)
        self.inherited[child] += self._back(self.inherited, parent, inherited, inherited_after)

    def _run_reversed(self, event: Any) -> None:
        _, run, entries = event
        self.put_back[run] = [
            (
                self._part(batch),
                self._back(self.own, batch, own, own_after),
                self._back(self.inherited, batch, inherited, inherited_after),
            )
            for batch, own, inherited, own_after, inherited_after in reversed(entries)
        ][::-1]

    @staticmethod
    def _back(pools: Amounts, batch: int, back: int, after: int) -> int:
        """What of an amount was put back; the rest stays."""
        if batch not in pools:
            return 0
        part, pools[batch] = allocate(pools[batch], [back, after - back])
        return part

    def _taken_back(self, event: Any) -> None:
        """W5: the lineage stops at it."""
        _, batch, name = event
        self.coefficients[batch] = 0
        if batch in self.reached:
            self.reached.discard(batch)
            self.beyond.add(batch)
        for number, weights in self.shares.items():
            if batch in weights:
                self.origins[number, name, "taken_back"] += weights.pop(batch)
        self._made(batch)
        for number, weights in self.traced.items():
            self.ended[number, "traced"] += weights.pop(batch, 0)

    def told(self) -> dict[str, Any]:
        """By place, process and scope, mg; origins and what is traced by substance in parts of 10^-15."""
        recorded, better = self._sums(restated=False), self._sums(restated=True)
        origins, traced = {}, {}
        for number in self.shares:
            of_it = {(name, kind): w for (n, name, kind), w in self.origins.items() if n == number}
            origins[str(number)] = told_shares(of_it)
            traced[str(number)] = shares([self.ended[number, part] for part in PARTS])
        return {
            **recorded,
            "restated": better if any(self.parts.values()) else None,
            "origins": origins,
            "traced": traced,
            "batches": len(self.reached | self.beyond),
        }

    def _sums(self, *, restated: bool) -> dict[str, Any]:
        by: list[Amounts] = [defaultdict(int) for _ in range(3)]
        for (record, *key), amount in self.cells.items():
            if restated and record and not key[2]:
                self._better(by, record, key)
            elif key[2] and not (restated and record):
                for rows, name in zip(by, key, strict=True):
                    rows[name] += amount
        scopes = dict.fromkeys(("scope1", "scope2", "scope3"), 0) | rounded(by[2].items())
        facilities, processes = rounded(by[0].items()), rounded(by[1].items())
        whole = sum(scopes.values())
        return {"total_mg": whole, "by_facility": facilities, "by_process": processes, "by_scope": scopes}

    def _better(self, by: list[Amounts], record: int, key: Sequence[str]) -> None:
        """W12: the new amounts, times the part that the batch has of the record."""
        for number, amount in enumerate(self.restated[record][:3], 1):
            for rows, name in zip(by, (key[0], key[1], f"scope{number}"), strict=True):
                rows[name] += amount * self.parts[record] // UNIT


def shares(weights: Sequence[int]) -> list[int]:
    """W14: cumulative sums, rounded to the nearest."""
    found, running, before = [], 0, 0
    for weight in weights:
        running += weight
        upto = (2 * running * DIGITS + WHOLE) // (2 * WHOLE)
        found.append(upto - before)
        before = upto
    return found


def told_shares(weights: dict[tuple[str, str], int]) -> dict[str, int]:
    """W14: by full name, then kind, as ``name (kind)``."""
    rows = sorted(weights.items(), key=lambda row: (row[0][0].encode(), row[0][1]))
    names = [f"{name} ({kind})" for (name, kind), _ in rows]
    return dict(zip(names, shares([weight for _, weight in rows]), strict=True))
