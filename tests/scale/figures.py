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
Pools = defaultdict[int, int]


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """By cumulative floors; nothing where there is nothing to divide by."""
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
        self.own: Pools = defaultdict(int, {batch: made[0] * UNIT})
        self.inherited: Pools = defaultdict(int, {batch: made[1] * UNIT})
        self.shares: dict[int, Pools] = {number: defaultdict(int, {batch: WHOLE}) for number in held}
        self.cells: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.origins: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        self.reached = {batch}
        self.events = 0
        for event in reversed(history):
            getattr(self, f"_{event[0]}")(event)

    def _cell(self, place: str, process: str, amounts: Sequence[int]) -> None:
        for number, amount in enumerate(amounts, 1):
            if amount:
                self.cells[place, process, f"scope{number}"] += amount

    def _mint(self, event: Any) -> None:
        _, _, batch, name, site, origin, emissions, _ = event
        if batch not in self.reached:
            return
        self._cell(site, PROCESSES[origin], allocate(self.own.pop(batch, 0), emissions[:3]))
        for number, weights in self.shares.items():
            if batch in weights:
                self.origins[number, KINDS[origin], name] += weights.pop(batch)

    def _split(self, event: Any) -> None:
        _, _, parent, children = event
        for child, _, _ in reversed(children):
            if child in self.reached:
                self.reached.add(parent)
                self.own[parent] += self.own.pop(child, 0)
                self.inherited[parent] += self.inherited.pop(child, 0)
                for weights in self.shares.values():
                    if child in weights:
                        weights[parent] += weights.pop(child)

    def _run(self, event: Any) -> None:
        _, _, _, site, process, recycling, emissions, inputs, outputs, name = event
        if not any(output[0] in self.reached for output in outputs):
            return
        masses = [mass for _, _, mass, _ in outputs]
        scopes = list(zip(*[allocate(total, masses) for total in emissions[:3]], strict=True))
        for (output, _, _, _), share in zip(outputs, scopes, strict=True):
            self._cell(site, process, allocate(self.own.pop(output, 0), share))
        self._inherit(sum([self.inherited.pop(output[0], 0) for output in outputs]), inputs)
        for number, weights in self.shares.items():
            self._origins(number, weights, inputs, outputs, name if recycling else "")
        self.reached.update([each[0] for each in inputs])

    def _inherit(self, amount: int, inputs: Any) -> None:
        parts = allocate(amount, [pool for each in inputs for pool in (each[3], each[4])])
        for place, each in enumerate(inputs):
            self.own[each[0]] += parts[2 * place]
            self.inherited[each[0]] += parts[2 * place + 1]

    def _origins(self, number: int, weights: Pools, inputs: Any, outputs: Any, run: str) -> None:
        arrived = [(name, weights.pop(batch)) for batch, name, _, _ in outputs if batch in weights]
        if not arrived:
            return
        taken = [dict(each[5]).get(number, 0) for each in inputs]
        weight = sum([each[1] for each in arrived])
        if not any(taken):
            for name, each in arrived:
                self.origins[number, "untraced", name] += each
        elif run:
            self.origins[number, "recycled", run] += weight
        else:
            for each, mass, part in zip(inputs, taken, allocate(weight, taken), strict=True):
                if mass:
                    weights[each[0]] += part

    def _add(self, event: Any) -> None:
        _, _, place, process, _, lots = event
        for batch, pool, scopes, _ in reversed(lots):
            if batch == self.batch:
                # W9: what was added to the asked one counts whole.
                self._cell(place, process, [amount * UNIT for amount in scopes[:3]])
            elif batch in self.reached:
                left = pool - sum(scopes[:3])
                self.own[batch], *added = allocate(self.own[batch], [left, *scopes[:3]])
                self._cell(place, process, added)

    def told(self) -> dict[str, Any]:
        """By place, process and scope, mg; origins by substance in parts of 10^-15."""
        by: list[defaultdict[str, int]] = [defaultdict(int) for _ in range(3)]
        for key, amount in self.cells.items():
            for rows, name in zip(by, key, strict=True):
                rows[name] += amount
        origins: dict[str, dict[str, int]] = {}
        for number in self.shares:
            of_it = {(name, kind): w for (n, kind, name), w in self.origins.items() if n == number}
            origins[str(number)] = told_shares(of_it)
        total = sum(self.cells.values())
        return {
            "total_mg": total // UNIT,
            "by_facility": rounded(by[0].items()),
            "by_process": rounded(by[1].items()),
            "by_scope": dict.fromkeys(("scope1", "scope2", "scope3"), 0) | rounded(by[2].items()),
            "origins": origins,
            "batches": len(self.reached),
        }


def told_shares(weights: dict[tuple[str, str], int]) -> dict[str, int]:
    """W14: by full name, then kind; in parts of 10^-15, as ``name (kind)``."""
    found, running, before = {}, 0, 0
    for (name, kind), weight in sorted(weights.items(), key=lambda row: (row[0][0].encode(), row[0][1])):
        running += weight
        upto = (2 * running * DIGITS + WHOLE) // (2 * WHOLE)
        found[f"{name} ({kind})"] = upto - before
        before = upto
    return found
