"""The reference model of answers lot by lot, measurements, take-backs, holds, titles (Rules 3, 5, 9-11)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.reference.lots import Lots, require_not_held, require_not_reversed, require_usable
from tests.reference.values import (
    Batch,
    Entry,
    Name,
    Record,
    Refused,
    Shipment,
    fitting,
    milligrams,
    refuse_if,
    seconds,
    substances_of,
)

Booked = dict[int, int]


class Handling(Lots):
    """What happens to lots between their making and their use."""

    # --- answers ------------------------------------------------------------------------------------

    def open_shipment(self, name: Name, receiver: str | None) -> Shipment:
        """The shipment that an answer names: some lot of it must be open, and it must be the receiver's."""
        shipment = self.shipments.get(name)
        if shipment is None or not shipment.open:
            raise Refused("ShipmentNotOpen")
        refuse_if(receiver is not None and shipment.receiver != receiver, "ShipmentMismatch")
        return shipment

    def give_back(self, shipment: Shipment, lots: tuple[Name, ...], state: str, slug: str) -> None:
        for name in lots:
            batch = self.batch(name)
            batch.state = "active"
            batch.events += 1
        shipment.open = tuple(name for name in shipment.open if name not in lots)
        self.tell(Record(state, slug, lots))

    def reject(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        shipment = self.open_shipment(self.full(op["shipment"], op.get("as")), slug)
        lots = {self.full(name, op.get("as")) for name in op.get("lots", ())}
        answered = tuple(name for name in shipment.open if not lots or name in lots)
        self.give_back(shipment, answered, "rejected", slug)

    def receive(self, op: dict[str, Any], account: str) -> None:
        own = op.get("as")
        said = {self.full(name, own): answer for name, answer in op.get("lots", {}).items()}
        said |= {
            self.full(n, own): {"mass": m, "difference": "loss"} for n, m in op.get("arrived", {}).items()
        }
        refused = [name for name, answer in said.items() if answer == "refused"]
        name = self.full(op["shipment"], own)
        only_refusing = bool(said) and len(refused) == len(said) and bool(op.get("lots"))
        if only_refusing:
            slug = self.participant_of(account)
        else:
            slug = self.acting(account)
            standing = self.participants[name[0]].status if name[0] in self.participants else ""
            refuse_if(standing == "terminated", "ParticipantNotActive")
        self.require_time(op)
        shipment = self.open_shipment(name, slug)
        answered = self._answered(shipment, said, bool(op.get("lots")))
        booked, raised = self._take_over(shipment, slug, answered, said)
        received = tuple(each for each in answered if each not in refused)
        shipment.open = tuple(each for each in shipment.open if each not in answered)
        if received:
            self.tell(Record("receive", slug, received, booked=booked, raised=raised))
        if refused:
            self.tell(Record("rejected", slug, tuple(each for each in answered if each in refused)))

    def _answered(self, shipment: Shipment, said: dict[Name, Any], by_lot: bool) -> tuple[Name, ...]:
        """The lots that an answer names or, where none is named, may be received."""
        if by_lot:
            return tuple(name for name in shipment.open if name in said)
        may = tuple(name for name in shipment.open if self.may_be_received(name))
        refuse_if(not may, "InputError")
        return may

    def may_be_received(self, name: Name) -> bool:
        batch = self.batches[name]
        return not batch.held and (batch.state == "returning" or not batch.frozen)

    def _take_over(
        self, shipment: Shipment, slug: str, answered: tuple[Name, ...], said: dict[Name, Any]
    ) -> tuple[tuple[Booked, ...], tuple[frozenset[int], ...]]:
        booked: list[Booked] = []
        for name in answered:
            batch, answer = self.batch(name), said.get(name, "received")
            if answer == "refused":
                batch.state = "active"
                batch.events += 1
                continue
            require_not_held(batch)
            refuse_if(batch.frozen and batch.state != "returning", "BatchIsFrozen")
            booked.append(self._receive(shipment, batch, slug, {} if answer == "received" else answer))
        return tuple(booked), tuple(frozenset[int]() for _ in booked)

    def _receive(self, shipment: Shipment, batch: Batch, slug: str, answer: dict[str, Any]) -> Booked:
        before, sent = dict(batch.pools.substances), batch.pools.mass
        used = tuple(sorted(batch.used.items()))
        mass, measured = milligrams(answer.get("mass", sent)), substances_of(answer.get("substances"))
        difference = answer.get("difference")
        if mass == sent and not measured:
            difference = None
        refuse_if(mass == 0, "ZeroMass")
        booked = self._differ(batch, mass, measured, difference)
        changed = batch.pools.substances != before or difference == "loss"
        arrived_used = tuple(sorted(batch.used.items()))
        batch.use()
        entry = Entry(
            *("receipt", shipment.name, shipment.name[0], None, batch.state == "returning", batch.uses),
            *(sent, mass, tuple(before.items()) if changed else ()),
            *(tuple(batch.pools.substances.items()) if changed else (), used, arrived_used, (0, 0, 0)),
            self.now,
        )
        batch.state, batch.custodian = "active", slug
        batch.events += 1
        batch.trail = (*batch.trail, entry)
        return booked

    def _differ(self, batch: Batch, mass: int, measured: dict[int, int], difference: str | None) -> Booked:
        """Rule 3: what arrived otherwise than it was sent, and why.

        Returns:
            What was booked, by substance and, under 0, of gross mass.
        """
        pools, sent = batch.pools, batch.pools.mass
        if difference is None:
            refuse_if(mass != sent or bool(measured), "DifferenceNotExplained")
        elif difference == "measurement":
            before = dict(pools.substances)
            listed = {**before, **measured} if measured else {}
            booked = self._measure(batch, mass, dict(sorted(listed.items())), by_auditor=False)
            refuse_if(not booked, "DifferenceNotExplained")
            return booked
        else:
            refuse_if(mass >= sent or bool(measured), "DifferenceNotExplained")
            if difference == "loss":
                pools.take_substances(sent - mass)
            else:
                held = pools.substances
                refuse_if(sum(held.values()) > mass + len(held), "DifferenceNotExplained")
                pools.mass = mass
        return {}

    # --- measurements -------------------------------------------------------------------------------

    def remeasure(self, op: dict[str, Any], account: str) -> None:
        batch = self.batch(self.full(op["batch"], op.get("as")))
        by_auditor = not self.signs_as(account, batch.custodian)
        who = self.auditing(account, batch.custodian) if by_auditor else batch.custodian
        refuse_if(who is None, "NotCustodian")
        if not by_auditor:
            require_usable(batch)
        refuse_if(batch.state != "active", "BatchNotActive")
        batch.use()
        batch.events += 1
        zero = {number for number, mass in batch.pools.substances.items() if not mass}
        listed = set(batch.pools.substances)
        measured = substances_of(op.get("substances"))
        booked = self._measure(batch, milligrams(op["mass"]), measured, by_auditor=by_auditor)
        raised = frozenset(
            n for n, mg in batch.pools.substances.items() if mg and (n in zero or n not in listed)
        )
        record = Record("remeasure", who, (batch.name,), booked=(booked,), raised=(raised,))
        self.tell(record)

    def _measure(self, batch: Batch, mass: int, listed: dict[int, int], *, by_auditor: bool) -> Booked:
        refuse_if(mass == 0, "ZeroMass")
        fitting(mass)
        tolerance, before = self.materials[batch.material].tolerance, dict(batch.pools.substances)
        now = replace(batch, used={}, apart={}) if by_auditor else batch.copy()
        if not by_auditor:
            self._use(now, 0, batch.pools.mass, mass, tolerance[0])
        measured = listed or before
        if listed:
            self._compare(before, listed, now, tolerance[1], by_auditor=by_auditor)
            unknown = [n for n in listed if n not in self.materials[batch.material].substances]
            refuse_if(bool(unknown), "SubstanceNotInMaterial")
        refuse_if(sum(measured.values()) > mass + len(measured), "SubstancesExceedMass")
        booked = {0: mass - batch.pools.mass}
        booked |= {n: mg - before.get(n, 0) for n, mg in measured.items()}
        batch.pools.mass, batch.pools.substances = mass, dict(measured)
        batch.used = {lane: points for lane, points in now.used.items() if points}
        batch.apart = now.apart
        return {lane: mg for lane, mg in booked.items() if mg}

    def _compare(
        self,
        before: dict[int, int],
        listed: dict[int, int],
        now: Batch,
        tolerance: int,
        *,
        by_auditor: bool,
    ) -> None:
        left = sorted(before)
        for number, mass in listed.items():
            fitting(mass)
            refuse_if(bool(left) and left[0] < number, "SubstanceNotMeasured")
            if left and left[0] == number:
                left.pop(0)
                if not by_auditor:
                    self._use(now, number, before[number], mass, tolerance)
            else:
                refuse_if(not by_auditor, "RaisedFromNothing", substance=number)
        refuse_if(bool(left), "SubstanceNotMeasured")

    def _use(self, now: Batch, lane: int, before: int, measured: int, tolerance: int) -> None:
        """Rule 5: the basis points used, their sum with the step rounded away from zero.

        No part lies beyond the tolerance, whichever way each step was rounded.
        """
        if measured == before:
            return
        refuse_if(before == 0, "RaisedFromNothing", substance=lane)
        step, (least, highest) = Fraction((measured - before) * 10_000, before), now.reach(lane)
        exact = now.used.get(lane, 0) + step
        points = ceil(exact) if exact > 0 else floor(exact)
        least, highest = floor(least + step), ceil(highest + step)
        beyond = highest > tolerance if step > 0 else least < -tolerance
        farthest = highest if step > 0 else least
        refuse_if(beyond or abs(points) > tolerance, "ToleranceExceeded", substance=lane, used=farthest)
        now.used[lane], now.apart[lane] = points, (points - least, highest - points)

    # --- a second life ------------------------------------------------------------------------------

    def take_back(self, op: dict[str, Any], account: str) -> None:
        name, facility = self.full(op["batch"], op.get("as")), self.full(op["facility"], op.get("as"))
        batch, at = self.batch(name), seconds(op["at"])
        refuse_if(batch.state != "delivered" or batch.taken_back, "NotForTakeBack")
        refuse_if(batch.frozen, "BatchIsFrozen")
        require_not_held(batch)
        self.require_time(op)
        slug = self.at_facility(account, facility)
        capacity = self.approved(facility, batch.material, "post_consumer", at)
        refuse_if(slug in (name[0], batch.maker, batch.custodian), "OwnTakeBack")
        pools = batch.pools
        key = self.use_capacity(facility, batch.material, "post_consumer", at, pools.mass, capacity)
        self.minted[key] += pools.mass
        batch.use()
        life = (pools.own, pools.inherited, pools.primary)
        entry = Entry("take_back", name, batch.custodian, key, uses=batch.uses, mass=pools.mass, life=life)
        pools.own = pools.inherited = pools.primary = 0
        batch.state, batch.taken_back, batch.custodian = "active", True, slug
        batch.events += 1
        batch.trail = (*batch.trail, entry)
        self.tell(Record("take_back", slug, (name,), facility))

    # --- holds and titles ---------------------------------------------------------------------------

    def hold(self, op: dict[str, Any], account: str) -> None:
        name = self.full(op["batch"], op.get("as"))
        batch = self.batch(name)
        require_not_reversed(batch)
        kind = self._kind(op, account, batch)
        who = self._holder(kind, account, batch)
        now = {"custodian": batch.held_by_custodian, "auditor": bool(batch.held_by), "recall": batch.recalled}
        refuse_if(now[kind], "AlreadyHeld")
        if kind == "custodian":
            there = batch.state in ("active", "in_transit", "returning")
            refuse_if(not there, "BatchNotActive")
            batch.held_by_custodian = True
        elif kind == "auditor":
            batch.held_by = who
        else:
            batch.recalled = True
        batch.events += 1
        self.tell(Record("hold", who, (name,)))

    def release(self, op: dict[str, Any], account: str) -> None:
        name = self.full(op["batch"], op.get("as"))
        batch = self.batch(name)
        kind = self._own_hold(op, account, batch)
        who = self._holder(kind, account, batch)
        if kind == "custodian":
            refuse_if(not batch.held_by_custodian, "NotHeld")
            batch.held_by_custodian = False
        elif kind == "auditor":
            mine = who == batch.held_by or self.is_consortium(account)
            refuse_if(not batch.held_by or not mine, "NotHeld")
            batch.held_by = ""
        else:
            refuse_if(not batch.recalled, "NotHeld")
            batch.recalled = False
        batch.events += 1
        self.tell(Record("release", who, (name,)))

    def _kind(self, op: dict[str, Any], account: str, batch: Batch) -> str:
        """As what whoever acts performs it: its custodian, else an auditor, else its maker."""
        own = op.get("as")
        if own == batch.custodian:
            return "custodian"
        return "auditor" if self.is_auditor(account) or own != batch.name[0] else "recall"

    def _own_hold(self, op: dict[str, Any], account: str, batch: Batch) -> str:
        if op.get("as") == batch.custodian and batch.held_by_custodian:
            return "custodian"
        if batch.held_by and self.is_auditor(account):
            return "auditor"
        recall = batch.recalled and op.get("as") == batch.name[0]
        return "recall" if recall else self._kind(op, account, batch)

    def _holder(self, kind: str, account: str, batch: Batch) -> str:
        if kind == "auditor":
            auditor = self.auditing(account, batch.custodian)
            refuse_if(auditor is None, "NotAuthorNorAuditor")
            return auditor or ""
        who = self.participant_of(account)
        refuse_if(kind == "custodian" and who != batch.custodian, "NotCustodian")
        refuse_if(kind == "recall" and who != batch.name[0], "NotCreatorNorAuditor")
        return who

    def transfer_title(self, op: dict[str, Any], account: str) -> None:
        slug = self.participant_of(account)
        batch = self.batch(self.full(op["batch"], op.get("as")))
        require_not_reversed(batch)
        batch.events += 1
        self.tell(Record("title", slug, (batch.name,)))

    def assign_stock(self, op: dict[str, Any], account: str) -> None:
        """By the consortium, once its delay is over."""
        refuse_if(not self.is_consortium(account), "AccessManagedUnauthorized")
        batch = self.batch(self.full(op["batch"], op.get("as")))
        refuse_if(batch.state != "active", "BatchNotActive")
        refuse_if(self.participants[batch.custodian].status == "active", "CustodianIsActive")
        refuse_if(self.participants[op["to"]].status != "active", "ParticipantNotActive")
        batch.use()
        batch.events += 1
        batch.held_by_custodian = batch.frozen_by_maker = False
        batch.custodian = op["to"]
        self.tell(Record("assign", None, (batch.name,)))
