"""Figures of lots from the lines of an operations file alone, carried forward: what is in each, at any time.

It shares nothing with ``traceledger``, nor with :mod:`tests.scale.figures`, which walks back over what a
ledger kept of itself: here lots are filled and emptied as docs/rules.md says, and of each pool it is known
what it is a mixture of. With fractions mixtures are exact, for hundreds of events; with floats they do for
hundreds of thousands, where records are summed by place, process and scope, and origins by sixteenths of
them, as it happens. What the product computes in integers may differ by what rounding to milligrams and to
10^-15 of a share does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.scale.holdings import SCOPES, Held, Line, Mixture, Taken, allocated, amounts, drawn, full, poured

MADE_BY = {"mined": "mining", "untraced": "untraced origin"}
PARTS = ("traced", "untraced", "declared", "confirmed")


class Forward:
    """All lots after the lines of a file."""

    def __init__(
        self,
        lines: Sequence[Line],
        *,
        asked: Collection[str],
        exact: bool = True,
    ) -> None:
        self.exact, self.asked = exact, asked
        self.number: Callable[[Any], Any] = Fraction if exact else float
        self.first_lives: dict[str, tuple[Any, Any]] = {}
        self.waiting: dict[str, tuple[int, ...]] = {}
        self.lots: dict[str, Held] = {}
        self.waste: set[str] = set()
        self.shipments: dict[str, tuple[str, list[Held], str]] = {}
        self.runs: dict[str, tuple[list[Taken], list[Held]]] = {}
        self.parents: dict[str, Held] = {}
        self.took: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        """By lot, of which it was made, and whether that had been taken back then."""
        self.emitted: dict[str, tuple[tuple[int, ...], str, str]] = {}
        self.news: dict[str, tuple[int, ...]] = {}
        self.booked: dict[str, dict[str, int]] = {}
        self.errors: dict[str, str] = {}
        self.restated: set[str] = set()
        self._foretell(lines)
        for self.place, line in enumerate(lines):
            act = getattr(self, "_" + line["op"], None)
            if act is not None:
                act(line, line.get("as", ""))

    def _foretell(self, lines: Sequence[Line]) -> None:
        """What will be said of records and lots once they are there: restatements and errors."""
        for line in lines:
            if line["op"] == "restate_emissions":
                self.restated.add(self._record(line))
            elif line["op"] == "declare_error":
                name = full(line["batch"], line["as"])
                own = name.partition("/")[0] == line["as"]
                if self.errors.get(name) != "confirmed":
                    self.errors[name] = "declared" if own else "confirmed"

    @staticmethod
    def _record(line: Line) -> str:
        ((kind, name),) = line["of"].items()
        return f"{kind} {full(name, line['as'])}"

    def _cell(self, record: str, place: str, process: str, scope: str) -> tuple[str, str, str, str]:
        return record if self.exact or record in self.restated else "", place, process, scope

    def origin(self, name: str, kind: str) -> tuple[Any, str]:
        """What an origin is counted as."""
        return name if self.exact else hash(name) % 16, kind

    # --- pools and mixtures ---------------------------------------------------------------------------

    def _take(self, lot: Held, mass: int) -> Taken:
        of = lot.mass
        floors = [pool * mass // of for pool in (lot.own, lot.inherited, lot.primary)]
        held = {name: pool * mass // of for name, pool in lot.substances.items()}
        taken = Taken(
            lot, mass, held, floors[0], floors[1], floors[2],
            drawn(lot.own_of, self._part(floors[0], lot.own)),
            drawn(lot.inherited_of, self._part(floors[1], lot.inherited)),
            drawn(lot.coefficients, self._part(mass, of)),
        )  # fmt: skip
        lot.mass -= mass
        lot.own, lot.inherited, lot.primary = (
            lot.own - floors[0],
            lot.inherited - floors[1],
            lot.primary - floors[2],
        )
        for name, gone in held.items():
            lot.substances[name] -= gone
        return taken

    def _part(self, some: int, whole: int) -> Any:
        return self.number(some) / whole if some != whole else 1

    def _put_back(self, taken: Taken) -> None:
        lot = taken.lot
        lot.mass += taken.mass
        lot.own, lot.inherited = lot.own + taken.own, lot.inherited + taken.inherited
        lot.primary += taken.primary
        for name, mass in taken.substances.items():
            lot.substances[name] += mass
        poured(lot.own_of, taken.own_of)
        poured(lot.inherited_of, taken.inherited_of)
        poured(lot.coefficients, taken.coefficients)

    def _new(self, lot: Held) -> Held:
        """A lot that is made is there; of those asked for it is kept what they were made with."""
        self.lots[lot.name] = lot
        lot.total = [lot.own, lot.inherited, lot.primary]
        if lot.name in self.asked:
            for mixture in (lot.own_of, lot.inherited_of):
                poured(lot.cells, mixture)
            lot.parts = dict(lot.coefficients)
        if lot.name in self.errors:
            for name in lot.substances:
                lot.traced[name] = {self.errors[lot.name]: self.number(1)}
        return lot

    def _emit(
        self, lot: Held, record: str, place: str, process: str, shares: Sequence[int], part: Any
    ) -> None:
        """Emissions of a record come into a lot's own pool: by scope, the primary part; which part of it."""
        cells = {
            self._cell(record, place, process, scope): self.number(mg)
            for scope, mg in zip(SCOPES, shares, strict=False)
            if mg
        }
        parts = {record: part} if record in self.restated else {}
        own = sum(shares[:3])
        lot.own, lot.primary = lot.own + own, lot.primary + shares[3]
        poured(lot.own_of, cells)
        poured(lot.coefficients, parts)
        if lot.name in self.lots:
            self._count_added(lot, (cells, parts, [own, shares[3]]))

    def _count_added(self, lot: Held, added: tuple[Mixture, Mixture, list[int]]) -> None:
        cells, parts, (own, primary) = added
        lot.total[0], lot.total[2] = lot.total[0] + own, lot.total[2] + primary
        lot.added[2][0], lot.added[2][1] = lot.added[2][0] + own, lot.added[2][1] + primary
        for kept, more in ((lot.added[0], cells), (lot.added[1], parts)):
            poured(kept, more)
        if lot.name in self.asked:
            poured(lot.cells, cells)
            poured(lot.parts, parts)

    def _said(self, record: str, line: Line, place: str, process: str) -> tuple[int, ...]:
        emissions = amounts(line)
        self.emitted[record] = emissions, place, process
        return emissions

    # --- what happens ---------------------------------------------------------------------------------

    def _define_material(self, line: Line, who: str) -> None:
        if line.get("waste"):
            self.waste.add(line["material"])

    def _mint(self, line: Line, who: str) -> None:
        name, site = full(line["batch"], who), full(line["facility"], who)
        lot = Held(name, who, site, line["material"], line["mass"], dict(line["substances"]))
        kind = line["origin"]
        process = MADE_BY.get(kind, "recycling")
        record = f"mint {name}"
        self._emit(lot, record, site, process, self._said(record, line, site, process), self.number(1))
        for each in lot.substances:
            lot.origins[each] = {self.origin(name, kind): self.number(1)}
            lot.traced[each] = {"untraced" if kind == "untraced" else "traced": self.number(1)}
        self._new(lot)

    def _split(self, line: Line, who: str) -> None:
        parent = self.lots[full(line["batch"], who)]
        for part in line["into"]:
            taken = self._take(parent, part["mass"])
            child = Held(
                full(part["batch"], who), who, parent.facility, parent.material, taken.mass, taken.substances,
                taken.own, taken.inherited, taken.primary, taken.own_of, taken.inherited_of,
                taken.coefficients, dict(parent.origins), dict(parent.traced),
                second_life=parent.second_life,
            )  # fmt: skip
            self.parents[child.name] = parent
            self.took[child.name].append((parent.name, parent.returned))
            self._new(child)

    def _transform(self, line: Line, who: str) -> None:
        run, site = full(line["transformation"], who), full(line["facility"], who)
        inputs = [(self.lots[full(each["batch"], who)], each.get("mass")) for each in line["inputs"]]
        taken = [self._take(lot, lot.mass if mass is None else mass) for lot, mass in inputs]
        mixed: Mixture = {}
        coefficients: Mixture = {}
        for each in taken:
            poured(mixed, each.own_of)
            poured(mixed, each.inherited_of)
            poured(coefficients, each.coefficients)
        recycling = bool(line.get("recycling"))
        weights = self._weights(line, recycling=recycling)
        inherited = allocated(sum(each.own + each.inherited for each in taken), weights)
        primary = allocated(sum(each.primary for each in taken), weights)
        record = f"transformation {run}"
        emissions = self._said(record, line, site, line["process"])
        shares = [allocated(total, weights) for total in emissions]
        made = []
        for place, out in enumerate(line["outputs"]):
            held = dict(out["substances"])
            lot = Held(full(out["batch"], who), who, site, out["material"], out["mass"], held)
            lot.inherited, lot.primary = inherited[place], primary[place]
            poured(lot.inherited_of, mixed, self._part(inherited[place], sum(inherited)))
            part = self._part(weights[place], sum(weights))
            poured(lot.coefficients, coefficients, part)
            self._emit(lot, record, site, line["process"], [share[place] for share in shares], part)
            self._mix(lot, taken, run, recycling=recycling)
            self.took[lot.name] = [(each.lot.name, each.lot.returned) for each in taken]
            made.append(self._new(lot))
        self.runs[run] = taken, made

    def _weights(self, line: Line, *, recycling: bool) -> list[int]:
        """Rule 6: waste bears nothing, unless there is nothing else, or it takes most of a substance."""
        outs = line["outputs"]
        useless = [out["material"] in self.waste and not recycling for out in outs]
        by = "weight" if line.get("allocation") == "economic" else "mass"
        if all(useless):
            return [out[by] for out in outs]
        most: dict[str, int] = {}
        for out, waste in zip(outs, useless, strict=True):
            for name, mass in out["substances"].items():
                most[name] = most.get(name, 0) + (mass if waste else -mass)
        if max(most.values(), default=0) > 0:
            return [out["mass"] for out in outs]
        return [0 if waste else out[by] for out, waste in zip(outs, useless, strict=True)]

    def _mix(self, lot: Held, taken: Sequence[Taken], run: str, *, recycling: bool) -> None:
        """Of which origins it is, of each substance."""
        kind = "post_consumer" if any(each.lot.second_life for each in taken) else "pre_consumer"
        for name in lot.substances:
            whole = sum(each.substances.get(name, 0) for each in taken)
            origins: Mixture = {}
            traced: Mixture = {}
            for each in taken:
                if some := each.substances.get(name, 0):
                    poured(origins, each.lot.origins[name], self._part(some, whole))
                    poured(traced, each.lot.traced[name], self._part(some, whole))
            if not whole:
                origins = {self.origin(lot.name, "untraced"): self.number(1)}
                traced = {"untraced": self.number(1)}
            elif recycling:
                origins = {self.origin(run, kind): self.number(1)}
            lot.origins[name], lot.traced[name] = origins, traced

    def _ship(self, line: Line, who: str) -> None:
        name = full(line["shipment"], who)
        lots = [self.lots[full(each, who)] for each in line["batches"]]
        masses = [lot.mass for lot in lots]
        record, place = f"shipment {name}", f"{who} (transport)"
        shares = [allocated(total, masses) for total in self._said(record, line, place, "transport")]
        for at, lot in enumerate(lots):
            part = self._part(masses[at], sum(masses))
            self._emit(lot, record, place, "transport", [share[at] for share in shares], part)
        self.shipments[name] = line["to"], lots, who

    def _receive(self, line: Line, who: str) -> None:
        for batch, answer in line["lots"].items():
            lot = self.lots[batch]
            if answer == "refused":
                continue
            lot.custodian = who
            if answer != "received":
                self._arrived(lot, answer)

    def _arrived(self, lot: Held, answer: Line) -> None:
        if answer["difference"] == "measurement":
            self._measured(lot, answer["mass"], answer.get("substances"))
            return
        missing = lot.mass - answer["mass"]
        if answer["difference"] == "loss":
            for name, pool in lot.substances.items():
                lot.substances[name] = pool - pool * missing // lot.mass
        lot.mass = answer["mass"]

    def _remeasure(self, line: Line, who: str) -> None:
        self._measured(self.lots[full(line["batch"], who)], line["mass"], line.get("substances"))

    def _measured(self, lot: Held, mass: int, held: Mapping[str, int] | None) -> None:
        """The difference is booked; what there was none of before is of unknown origin."""
        record = f"booked {self.place} {lot.name}"
        now = dict(lot.substances if held is None else held)
        more = {name: now.get(name, 0) - lot.substances[name] for name in lot.substances}
        self.booked[record] = {"mass": mass - lot.mass} | more
        for name, before in lot.substances.items():
            if not before and now.get(name):
                lot.origins[name] = {self.origin(lot.name, "untraced"): self.number(1)}
                lot.traced[name] = {self.errors.get(lot.name, "untraced"): self.number(1)}
        lot.mass, lot.substances = mass, {name: now.get(name, 0) for name in lot.substances}
        lot.coefficients[record] = self.number(1)
        if lot.name in self.asked:
            lot.parts[record] = self.number(1)
        lot.added[1][record] = self.number(1)

    def _add_emissions(self, line: Line, who: str) -> None:
        lot = self.lots[full(line["batch"], who)]
        there = lot.facility.partition("/")[0] == who
        place, process = lot.facility if there else f"{who} (custody)", line.get("reason") or "custody"
        record = f"record {full(line.get('record', f'#{self.place}'), who)}"
        self._emit(lot, record, place, process, self._said(record, line, place, process), self.number(1))

    def _take_back(self, line: Line, who: str) -> None:
        lot = self.lots[full(line["batch"], who)]
        lot.custodian, lot.returned, lot.second_life = who, True, True
        lot.own = lot.inherited = lot.primary = 0
        lot.own_of, lot.inherited_of, lot.coefficients = {}, {}, {}
        if lot.name in self.asked:
            lot.added = ({}, {}, [0, 0])
            self.first_lives[lot.name] = dict(lot.origins), dict(lot.traced)
        for name in lot.substances:
            lot.origins[name] = {self.origin(lot.name, "taken_back"): self.number(1)}
            lot.traced[name] = {self.errors.get(lot.name, "traced"): self.number(1)}

    def _restate_emissions(self, line: Line, who: str) -> None:
        record, now = self._record(line), amounts(line)
        before = self.news.get(record, self.emitted[record][0])
        if sum(now[:3]) < sum(before[:3]) or now[3] > before[3]:
            self.waiting[record] = now
        else:
            self.news[record] = now

    def _confirm_restatement(self, line: Line, who: str) -> None:
        record = self._record(line)
        self.news[record] = self.waiting.pop(record)

    def _reverse(self, line: Line, who: str) -> None:
        of = dict(line["of"])
        of.pop("lots", None)
        ((kind, name),) = of.items()
        name = full(name, who)
        match kind:
            case "mint":
                self.lots[name].mass = 0
            case "split":
                self._unsplit(self.lots[name])
            case "transformation":
                taken, made = self.runs[name]
                for each in taken:
                    self._put_back(each)
                for lot in made:
                    lot.mass = 0
            case "receive":
                for lot in self.shipments[name][1]:
                    lot.custodian = self.shipments[name][2]

    # --- what is told -----------------------------------------------------------------------------------

    def told(self, name: str) -> dict[str, Any]:
        """All figures of an asked lot."""
        lot = self.lots[name]
        origins, traced = self.first_lives.get(name, (lot.origins, lot.traced))
        upstream = self.upstream(name)
        return {
            "own": lot.total[0], "inherited": lot.total[1], "primary": lot.total[2],
            "recorded": lot.cells, "restated": self._restated(lot), "booked": self._booked(lot),
            "origins": origins, "traced": traced, "left": (lot.mass, lot.substances),
            "batches": len(upstream), "tainted": any(each in self.errors for each in upstream),
        }  # fmt: skip

    def upstream(self, name: str) -> set[str]:
        """It and all lots that it is made of; nothing behind one that had been taken back."""
        found, waiting = {name}, [(name, False)]
        gone_behind = set()
        while waiting:
            lot, returned = waiting.pop()
            if returned or lot in gone_behind:
                continue
            gone_behind.add(lot)
            for parent, had_returned in self.took[lot]:
                found.add(parent)
                waiting.append((parent, had_returned))
        return found

    def _restated(self, lot: Held) -> tuple[Mixture, Any] | None:
        """Cells where records are known better, and the primary part."""
        here = [record for record in self.news if record in lot.parts]
        if not here:
            return None
        cells = {key: amount for key, amount in lot.cells.items() if key[0] not in here}
        primary = self.number(lot.total[2])
        for record in here:
            emissions, place, process = self.emitted[record]
            now, part = self.news[record], lot.parts[record]
            primary += (now[3] - emissions[3]) * part
            for scope, mg in zip(SCOPES, now, strict=False):
                cells[record, place, process, scope] = mg * part
        return cells, primary

    def _booked(self, lot: Held) -> Mixture:
        booked: Mixture = {}
        for record, differences in self.booked.items():
            if part := lot.parts.get(record):
                poured(booked, differences, part)
        return booked

    def _unsplit(self, child: Held) -> None:
        parent = self.parents[child.name]
        self._put_back(
            Taken(
                parent, child.mass, child.substances, child.own, child.inherited, child.primary,
                child.own_of, child.inherited_of, child.coefficients,
            )
        )  # fmt: skip
        self._count_added(parent, child.added)
        child.mass = 0
