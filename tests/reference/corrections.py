"""The reference model of what puts right: reversals, restatements, declared errors (Rule 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.reference.lots import Lots, require_not_reversed
from tests.reference.values import (
    DAY,
    MOST_USES,
    Batch,
    Gases,
    Name,
    Pools,
    Record,
    fitting,
    refuse_if,
)


@dataclass
class Restated:
    """What is used of a record's emissions now, and what waits for an auditor."""

    used: Gases
    pending: Gases | None = None
    counts: bool = False


class Corrections(Lots):
    """Nothing is edited: each correction is an operation of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.restated: dict[int, Restated] = {}

    # --- declared errors ----------------------------------------------------------------------------

    def declare_error(self, op: dict[str, Any], account: str) -> None:
        name = self.full(op["batch"], op.get("as"))
        batch = self.batch(name)
        require_not_reversed(batch)
        if self.signs_as(account, name[0]):
            who: str | None = name[0]
            refuse_if(batch.disputed, "ErrorAlreadyDeclared")
            batch.disputed = True
            batch.frozen_by_maker = batch.custodian == name[0] and batch.state not in ("retired", "delivered")
        else:
            who = self.auditing(account, name[0], batch.custodian)
            refuse_if(who is None, "NotCreatorNorAuditor")
            refuse_if(bool(batch.declared_by), "ErrorAlreadyDeclared")
            batch.declared_by = who or ""
        batch.events += 1
        confirmed = who != name[0]
        self.tell(Record("error", who, (name,), process="confirmed" if confirmed else "declared"))

    def _reverse_error(self, op: dict[str, Any], account: str, name: Name) -> None:
        batch = self.batch(name)
        require_not_reversed(batch)
        by_auditor = bool(batch.declared_by) and not (op.get("as") == name[0] and batch.disputed)
        refuse_if(not by_auditor and not batch.disputed, "NotAsRecorded")
        if by_auditor:
            who = self.auditing(account, name[0], batch.custodian)
            mine = who == batch.declared_by or self.is_consortium(account)
            refuse_if(who is None or not mine, "NotAuthorNorAuditor")
            batch.declared_by = ""
        else:
            who = self.author_or_auditor(account, name[0], batch.custodian)
            batch.disputed = batch.frozen_by_maker = False
        batch.events += 1
        kind = "confirmed" if by_auditor else "declared"
        of = max(n for n, r in enumerate(self.history) if _is_error(r, name, kind))
        self.tell(Record("reversed", who, (name,), process="error", of=of))

    # --- reversals ----------------------------------------------------------------------------------

    def reverse(self, op: dict[str, Any], account: str) -> None:
        ((kind, text),) = ((key, value) for key, value in op["of"].items() if key != "lots")
        name = self.full(text, op.get("as"))
        match kind:
            case "mint" | "split":
                self._reverse_made(account, name, kind)
            case "transformation":
                self._reverse_run(account, name)
            case "receive":
                lots = [self.full(lot, op.get("as")) for lot in op["of"].get("lots", ())]
                self._reverse_receipts(account, name, lots)
            case "retire":
                self._reverse_retirement(account, name)
            case "take_back":
                self._reverse_take_back(account, name)
            case _:
                self._reverse_error(op, account, name)

    def _require_untouched(self, batch: Batch, maker: str, uses: int, *, declared: bool = False) -> None:
        """Rule 8: nobody has built on it."""
        untouched = (
            batch.state == "active"
            and batch.custodian == maker
            and batch.uses == uses != MOST_USES
            and not batch.held_by
            and (declared or not batch.declared_by)
            and not self.questioned(batch.name)
        )
        refuse_if(not untouched, "BuiltOn")

    def _reverse_made(self, account: str, name: Name, kind: str) -> None:
        batch = self.batch(name)
        refuse_if(batch.trail[0].kind != kind, "InputError")
        refuse_if(batch.state == "reversed", "NotAsRecorded")
        self._require_untouched(batch, name[0], 0)
        entry = batch.trail[0]
        who = self.author_or_auditor(account, name[0], name[0])
        held = self._dissolve(batch)
        if kind == "mint":
            assert entry.key is not None
            of = self.records["mint", name]
            self.minted[entry.key] -= held.mass
            self.tell(Record("reversed", who, (name,), process="mint", of=of))
            return
        parent = self.put_back(entry.of, name[0], held)
        parent.use(-1)
        parent.events += 1
        of = next(n for n, r in enumerate(self.history) if r.kind == "split" and name in r.batches)
        self.tell(Record("reversed", who, (name,), process="split", of=of, inputs=(entry.of,), taken=(held,)))

    def _dissolve(self, batch: Batch) -> Pools:
        """All that it holds, for good; returns what that was."""
        held = batch.pools.copy()
        batch.pools.empty()
        batch.state = "reversed"
        batch.events += 1
        return held

    def _reverse_run(self, account: str, name: Name) -> None:
        refuse_if(name not in self.runs, "UnknownNameError")
        run = self.runs[name]
        refuse_if(run.is_reversed, "NotAsRecorded")
        who = self.author_or_auditor(account, name[0], name[0])
        for output in run.outputs:
            batch = self.batch(output)
            self._require_untouched(batch, name[0], 0)
            self._dissolve(batch)
        seen: list[Name] = []
        for source, taken in run.inputs:
            batch = self.put_back(source, name[0], taken)
            if source not in seen:
                batch.use(-1)
                batch.events += 1
            seen.append(source)
        run.is_reversed = True
        taken_back = tuple(taken for _, taken in run.inputs)
        self.tell(
            Record(
                *("reversed", who, run.outputs),
                process="run",
                of=run.record,
                inputs=tuple(seen),
                taken=taken_back,
            )
        )

    def _reverse_receipts(self, account: str, name: Name, named: list[Name]) -> None:
        refuse_if(name not in self.shipments, "UnknownNameError")
        shipment = self.shipments[name]
        came = [n for n in shipment.batches if self._came_by(n, name)]
        lots = named or came
        refuse_if(not lots, "EmptyList")
        refuse_if(any(lot not in came for lot in lots), "InputError")
        for lot in lots:
            self._reopen(self.batch(lot), shipment.receiver)
        who = self.author_or_auditor(account, shipment.receiver, name[0])
        shipment.open = (*shipment.open, *lots)
        self.tell(Record("reversed", who, tuple(lots), process="receive"))

    def _came_by(self, lot: Name, shipment: Name) -> bool:
        last = self.batches[lot].trail[-1]
        return last.kind == "receipt" and last.of == shipment

    def _reopen(self, batch: Batch, receiver: str) -> None:
        entry = batch.trail[-1]
        self._require_untouched(batch, receiver, entry.uses, declared=entry.returning)
        refuse_if(bool(self.now) and self.now > entry.since + 90 * DAY, "TooLate")
        same = batch.pools.mass == entry.arrived and tuple(sorted(batch.used.items())) == entry.arrived_used
        if entry.substances:
            same = same and tuple(batch.pools.substances.items()) == entry.arrived_substances
        refuse_if(not same, "BuiltOn")
        if entry.substances:
            batch.pools.substances = dict(entry.substances)
        batch.pools.mass, batch.used = entry.mass, dict(entry.used)
        batch.use(-1)
        batch.events += 1
        batch.held_by_custodian = False
        if not entry.returning:
            batch.frozen_by_maker = False
        batch.state = "returning" if entry.returning else "in_transit"
        batch.custodian, batch.trail = entry.sender, batch.trail[:-1]

    def _reverse_retirement(self, account: str, name: Name) -> None:
        batch = self.batch(name)
        refuse_if(batch.state not in ("retired", "delivered"), "NotAsRecorded")
        by_itself = batch.state == "delivered" and self.signs_as(account, batch.custodian)
        refuse_if(by_itself, "NotAuthorNorAuditor")
        who = self.author_or_auditor(account, batch.custodian, batch.custodian)
        batch.state = "active"
        batch.events += 1
        self.tell(Record("reversed", who, (name,), process="retire"))

    def _reverse_take_back(self, account: str, name: Name) -> None:
        batch = self.batch(name)
        entry = batch.trail[-1]
        refuse_if(entry.kind != "take_back", "InputError")
        refuse_if(not batch.taken_back, "NotAsRecorded")
        recycler = batch.custodian
        self._require_untouched(batch, recycler, entry.uses)
        refuse_if(batch.pools.mass != entry.mass, "BuiltOn")
        who = self.author_or_auditor(account, recycler, entry.sender)
        assert entry.key is not None
        pools = batch.pools
        own, inherited, primary = entry.life
        pools.own, pools.inherited = fitting(pools.own + own), fitting(pools.inherited + inherited)
        pools.primary = fitting(pools.primary + primary)
        self.minted[entry.key] -= entry.mass
        batch.use(-1)
        batch.events += 1
        batch.state, batch.taken_back, batch.held_by_custodian = "delivered", False, False
        batch.custodian, batch.trail = entry.sender, batch.trail[:-1]
        of = max(n for n, r in enumerate(self.history) if r.kind == "take_back" and name in r.batches)
        self.tell(Record("reversed", who, (name,), process="take_back", of=of))

    # --- restatements -------------------------------------------------------------------------------

    def _recorded(self, op: dict[str, Any]) -> tuple[int, Name, Record]:
        ((kind, text),) = op["of"].items()
        name = self.full(text, op.get("as"))
        refuse_if((kind, name) not in self.records, "InputError")
        number = self.records[kind, name]
        return number, name, self.history[number]

    def _is_gone(self, kind: str, name: Name) -> bool:
        """What is reversed is not restated."""
        if kind == "mint":
            return self.batches[name].state == "reversed"
        return kind == "transformation" and self.runs[name].is_reversed

    def restate_emissions(self, op: dict[str, Any], account: str) -> None:
        number, name, record = self._recorded(op)
        refuse_if(self._is_gone(next(iter(op["of"])), name), "NotAsRecorded")
        who = self.author_or_auditor(account, name[0], name[0])
        gases = Gases.read(op["emissions"])
        gases.check()
        fitting(gases.total)
        now = self.restated[number].used if number in self.restated else total_of(record.gases)
        favourable = gases.total < now.total or gases.primary > now.primary
        by_author = who == name[0]
        refuse_if((favourable or not by_author) and not op.get("evidence"), "EvidenceRequired")
        counts = not (by_author and favourable)
        restated = self.restated.setdefault(number, Restated(now))
        restated.pending = None if counts else gases
        if counts:
            restated.used, restated.counts = gases, True
        self._name_all(record)
        self.tell(Record("restate", who, record.batches, of=number, gases=(gases,), counts=counts))

    def confirm_restatement(self, op: dict[str, Any], account: str) -> None:
        number, name, record = self._recorded(op)
        refuse_if(number not in self.restated, "InputError")
        who = self.auditing(account, name[0])
        refuse_if(who is None, "NotAuthorNorAuditor")
        restated = self.restated[number]
        gone = self._is_gone(next(iter(op["of"])), name)
        refuse_if(restated.pending is None or gone, "NothingToConfirm")
        assert restated.pending is not None
        restated.used, restated.pending, restated.counts = restated.pending, None, True
        self._name_all(record)
        self.tell(Record("restate", who, record.batches, of=number, gases=(restated.used,)))

    def _name_all(self, record: Record) -> None:
        for name in record.batches:
            self.batch(name).events += 1


def total_of(parts: tuple[Gases, ...]) -> Gases:
    """All of what was shared out."""
    scope1, scope2, scope3 = (sum(part.scopes[scope] for part in parts) for scope in range(3))
    return Gases((scope1, scope2, scope3), sum(part.primary for part in parts))


def _is_error(record: Record, name: Name, kind: str) -> bool:
    return record.kind == "error" and record.batches == (name,) and record.process == kind
