"""A ledger that is told operations: what they do to batches is replayed, and their events are kept as values.

It reads like an index, so that audits run over what the contracts would accept without any chain;
``test_real_chain`` holds it to a real one.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from tests.audit.telling import Teller
from tests.lots import address_of
from tests.reference.values import NUMBERS, milligrams, seconds
from traceledger import events as told
from traceledger.index.records_reader import Booked
from traceledger.model import ids
from traceledger.model.assurance import Assessment, Finding
from traceledger.model.batches import Batch, Origin
from traceledger.model.registry import (
    OPEN_END,
    Approval,
    Content,
    Facility,
    Material,
    Participant,
    ParticipantState,
)
from traceledger.replay import Replay, Within, year_of

HOUR = 3_600
DAY = 86_400


class ToldLedger(Teller):
    """Applies operations and answers like an index."""

    def __init__(self) -> None:
        super().__init__()
        self.ops: list[dict[str, Any]] = []
        self.stated: list[Assessment] = []
        self.raised: list[Finding] = []
        self.minted: Counter[tuple[int, int, Origin, int]] = Counter()
        self._participants: dict[str, Participant] = {}
        self._facilities: dict[int, Facility] = {}
        self._approvals: dict[tuple[int, int, Origin], Approval] = {}
        self._booked: list[Booked] = []
        self._replay = Replay(self.memory)
        self._recorded: list[told.RecordedEvent] = []
        self._block = 0
        self._clock = 0

    def apply(self, op: dict[str, Any], *, recorded_at: int | None = None) -> None:
        """Perform an operation; it is recorded an hour after it happened, or at a given time."""
        self._block += 1
        moment = seconds(op["at"]) if "at" in op else 0
        # Operations are told chain of supply by chain of supply; each is recorded when a real one would be.
        self._clock = recorded_at or moment + HOUR
        register = getattr(self, f"_{op['op']}", None)
        if register is not None:
            register(op)
        else:
            self._keep(self.event_of(op, moment))
        self.ops.append(op)

    def _keep(self, event: Any) -> None:
        at = told.RecordedEvent(self._block, self._clock, 0, 0, self._block.to_bytes(32, "big"), event)
        if isinstance(event, told.BatchMinted | told.ShipmentReceived | told.Transformed):
            assert event.occurred_at <= at.timestamp + DAY, "Rule 2: not later than a day after its block"
        if isinstance(event, told.BatchMinted):
            self._use_capacity(event)
        known = len(self.memory.bookings)
        self._replay.apply(event, Within(bytes(32), self._clock))
        self._booked += [Booked(at.position, each) for each in self.memory.bookings[known:]]
        if isinstance(event, told.MintReversed):
            made = next(each for each in self.told if each.makes and each.makes[0].batch == event.batch)
            self._count(made, -made.mass_mg)
        self.told.append(event)
        if event.concerns:
            self._recorded.append(at)

    def _use_capacity(self, event: told.BatchMinted) -> None:
        approval = self._approvals[event.facility, event.material, event.origin]
        assert approval.first <= event.occurred_at <= approval.last, "Rule 2: inside the approval"
        self._count(event, event.mass_mg)
        year = year_of(event.occurred_at)
        used = self.minted[event.facility, event.material, event.origin, year]
        assert used <= approval.capacity_mg, "Rule 2: inside the capacity"

    def _count(self, event: told.BatchMinted, mass: int) -> None:
        self.minted[event.facility, event.material, event.origin, year_of(event.occurred_at)] += mass

    # --- registry -----------------------------------------------------------------------------------

    def _define_material(self, op: dict[str, Any]) -> None:
        numbers = tuple(sorted(NUMBERS[name] for name in op["substances"]))
        tolerance = op.get("tolerance", {})
        contents = [
            Content(NUMBERS[name], *(points(each) for each in text.split(" - ")))
            for name, text in op.get("content", {}).items()
        ]
        number = ids.material_id(op["material"])
        self.materials_by_id[number] = Material(
            *(number, op["material"], op["name"], op.get("cas", ""), numbers),
            waste=op.get("waste", False),
            product=op.get("product", False),
            tolerance_mass_bp=points(tolerance.get("mass", "0 %")),
            tolerance_substances_bp=points(tolerance.get("substances", "0 %")),
            contents=tuple(contents),
        )

    def _register_participant(self, op: dict[str, Any]) -> None:
        address = address_of(op["participant"])
        about = (op["participant"], op["name"], op["country"], tuple(op["roles"]))
        self._participants[op["participant"]] = Participant(
            address, *about, ParticipantState.ACTIVE, (address,)
        )

    def _register_facility(self, op: dict[str, Any]) -> None:
        place = [op.get("latitude"), op.get("longitude")]
        micro = [None if text is None else round(float(text) * 10**6) for text in place]
        owner, identifier = address_of(op["as"]), op["facility"]
        number = ids.facility_id(owner, identifier)
        about = (identifier, op.get("name", identifier), op["kind"], op["country"])
        self._facilities[number] = Facility(number, owner, *about, *micro, holder=owner)

    def _approve_origin(self, op: dict[str, Any]) -> None:
        facility = self.facility_id(op["facility"], op)
        kind = {"mine": [Origin.MINED], "recycler": [Origin.POST_CONSUMER, Origin.PRE_CONSUMER]}
        site = self._facilities[facility]
        origins = [Origin[op["origin"].upper()]] if "origin" in op else kind[site.kind]
        first = day(op["from"]) if "from" in op else 0
        last = day(op["until"]) + DAY - 1 if "until" in op else OPEN_END
        material, capacity = ids.material_id(op["material"]), milligrams(op["capacity_per_year"])
        for origin in origins:
            approval = Approval(facility, material, origin, capacity, first, last)
            self._approvals[facility, material, origin] = approval

    # --- reading ------------------------------------------------------------------------------------

    def head_block(self) -> int:
        return self._block

    def each_event(self) -> list[told.RecordedEvent]:
        return list(self._recorded)

    def each_lasting(self) -> list[told.RecordedEvent]:
        return [each for each in self._recorded if isinstance(each.event, told.LastingEvent)]

    def histories(self, batches: Any, *, as_of: int | None = None, takes: bool = True) -> dict[int, Any]:
        found: dict[int, list[told.RecordedEvent]] = {batch: [] for batch in batches}
        for at in self._recorded:
            for batch in dict.fromkeys(batch for batch, _ in at.event.concerns if batch in found):
                found[batch].append(at)
        return {batch: tuple(history) for batch, history in found.items()}

    def upstream_histories(self, batch: int, *, as_of: int) -> dict[int, Any]:
        return {}  # To ask level by level costs nothing here.

    def each_batch(self) -> list[Batch]:
        return self.batches()

    def batches(self) -> list[Batch]:
        return list(self.memory.batches.values())

    def participants(self) -> list[Participant]:
        return list(self._participants.values())

    def facilities(self) -> list[Facility]:
        return list(self._facilities.values())

    def materials(self) -> list[Material]:
        return list(self.materials_by_id.values())

    def approvals(self) -> list[Approval]:
        return list(self._approvals.values())

    def assessments(self) -> list[Assessment]:
        return self.stated

    def findings(self) -> list[Finding]:
        return self.raised

    def bookings(self) -> tuple[Booked, ...]:
        return tuple(self._booked)


def points(text: str) -> int:
    """Basis points of ``"0.5 %"``."""
    return int(Fraction(text.removesuffix("%").strip()) * 100)


def day(text: str) -> int:
    """The first second of a day."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def batch_id(name: tuple[str, str]) -> int:
    return ids.batch_id(address_of(name[0]), name[1])


def facility_id(name: tuple[str, str]) -> int:
    return ids.facility_id(address_of(name[0]), name[1])
