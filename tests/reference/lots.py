"""The reference model's batches: what every operation asks of them, and how pools are taken and put back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.reference.assurance import Assurance
from tests.reference.registry import require_identifier
from tests.reference.values import (
    DAY,
    Batch,
    Entry,
    Gases,
    Name,
    Pools,
    Record,
    Run,
    Shipment,
    fitting,
    refuse_if,
    seconds,
    year_of,
)

CapacityKey = tuple[Name, str, str, int]
"""Facility, material, origin and year of ``occurred_at``."""


class Lots(Assurance):
    """The state that operations lead to, and ``history``: what happened, in order.

    ``now`` is zero where the model is not told the blocks' time: then nothing is in the future, nor too late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.batches: dict[Name, Batch] = {}
        self.shipments: dict[Name, Shipment] = {}
        self.runs: dict[Name, Run] = {}
        self.minted: Counter[CapacityKey] = Counter()
        self.history: list[Record] = []
        #: By kind and name, the number of what was recorded with emissions.
        self.records: dict[tuple[str, Name], int] = {}
        self._changed: dict[Name, Batch] = {}

    def apply(self, op: dict[str, Any], account: str | None = None) -> set[Name]:
        """Perform one operation.

        Args:
            op: an operation, as a line of an operations file has it.
            account: who signs; by default the first valid key of ``as``.

        Returns:
            The batches it touched.

        Raises:
            Refused: it breaks a rule; nothing has changed.
        """
        self._changed = {}
        getattr(self, op["op"])(op, account or self.account_of(op.get("as")))
        self.batches |= self._changed
        return set(self._changed)

    def batch(self, name: Name) -> Batch:
        """The batch, to be changed: what is changed counts once the whole operation has succeeded."""
        if name not in self._changed:
            refuse_if(name not in self.batches, "UnknownBatch")
            self._changed[name] = self.batches[name].copy()
        return self._changed[name]

    def in_custody(self, name: Name, slug: str) -> Batch:
        batch = self.batch(name)
        refuse_if(batch.custodian != slug, "NotCustodian")
        return batch

    def usable(self, name: Name, slug: str) -> Batch:
        batch = self.in_custody(name, slug)
        require_usable(batch)
        return batch

    def require_time(self, op: dict[str, Any]) -> None:
        """Rule 2: nothing is claimed later than a day after its block."""
        refuse_if(bool(self.now) and seconds(op["at"]) > self.now + DAY, "InTheFuture")

    def new_name(self, slug: str, name: str) -> Name:
        _, identifier = self.full(name, slug)
        require_identifier(identifier)
        new = (slug, identifier)
        refuse_if(new in self.batches or new in self._changed, "BatchAlreadyExists")
        return new

    def create(
        self, name: Name, material: str, facility: Name, custodian: str, pools: Pools, entry: Entry
    ) -> Batch:
        made = Batch(name, material, facility, custodian, pools, pools.copy(), events=1, trail=(entry,))
        made.maker = name[0]
        self._changed[name] = made
        return made

    def require_material(self, name: Name, material: str, mass: int, substances: dict[int, int]) -> None:
        """What every new batch must be by itself."""
        refuse_if(mass == 0, "ZeroMass")
        fitting(mass)
        for number in substances:
            refuse_if(
                number not in self.materials[material].substances, "SubstanceNotInMaterial", substance=number
            )
        whole = sum(substances.values())
        refuse_if(whole > mass, "SubstancesExceedMass")
        self.require_content(name, material, mass, substances)

    def use_capacity(
        self, facility: Name, material: str, origin: str, at: int, mass: int, capacity: int
    ) -> CapacityKey:
        """Refuses what is beyond a year's capacity; the caller counts it once nothing else refuses."""
        key = (facility, material, origin, year_of(at))
        left = max(0, capacity - self.minted[key])
        refuse_if(mass > left, "CapacityExceeded", year=key[3], requested=mass, remaining=left)
        return key

    def take(self, batch: Batch, mass: int) -> Pools:
        refuse_if(mass == 0, "ZeroMass")
        left = batch.pools.mass
        refuse_if(mass > left, "InsufficientMass", requested=mass, remaining=left)
        taken = batch.pools.take(mass)
        if batch.pools.mass == 0:
            batch.state = "consumed"
        return taken

    def put_back(self, name: Name, slug: str, taken: Pools) -> Batch:
        """On top of what the batch holds now; neither use nor event is counted."""
        batch = self.batch(name)
        there = batch.state in ("active", "consumed") and batch.custodian == slug
        refuse_if(not there, "BuiltOn")
        batch.pools.add(taken)
        batch.state = "active"
        return batch

    def auditing(self, account: str, *concerned: str) -> str | None:
        """For whom an auditor speaks who is none of these companies; ``None``: that is not one."""
        who = self.speaker_of(account)
        return who if who not in concerned and self.is_auditor(account) else None

    def author_or_auditor(self, account: str, author: str, other: str) -> str:
        """Rule 8: who recorded it, or an auditor that has nothing to gain by it."""
        if self.signs_as(account, author):
            return author
        who = self.auditing(account, author, other)
        refuse_if(who is None, "NotAuthorNorAuditor")
        return who or ""

    def signs_as(self, account: str, slug: str) -> bool:
        return self.speaker_of(account) == slug and slug in self.participants

    def tell(self, record: Record) -> int:
        """Adds to the history; returns the record's number."""
        self.history.append(record)
        return len(self.history) - 1

    def add(self, batch: Batch, gases: Gases) -> None:
        batch.pools.add_own(gases)


def require_usable(batch: Batch) -> None:
    """Rule 7, Rule 8, Rule 10: it is active, and neither held nor frozen."""
    if batch.usable:
        return
    refuse_if(batch.frozen, "BatchIsFrozen")
    require_not_held(batch)
    refuse_if(True, "BatchNotActive")


def require_not_held(batch: Batch) -> None:
    refuse_if(batch.held, "BatchIsHeld", kind=1 if batch.held_by else 0)


def require_not_reversed(batch: Batch) -> None:
    refuse_if(batch.state == "reversed", "BatchNotActive")
