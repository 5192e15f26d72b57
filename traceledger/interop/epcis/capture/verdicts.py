"""What becomes of each event that is captured: exactly one verdict, and the operations that it becomes.

Example:
    >>> plan = CapturePlan((), ({"op": "hold", "as": "kokkola", "batch": "katanga/A"},), (("a.json", 1),))
    >>> plan.counts["refused"], plan.source().lines[0].number
    (0, 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from traceledger.errors import InputError, Place
from traceledger.operations.catalogue import parsed
from traceledger.operations.file import Line, Unsound, placed
from traceledger.operations.origins import Origin
from traceledger.sending.lines import Source

Operation = Mapping[str, Any]
"""An operation as a line of an operations file has it."""
EventPlace = tuple[str, int]
"""The file of an event, as it was named, and its number there, from 1."""


class Verdict(StrEnum):
    """What becomes of an event."""

    BECOMES = "becomes"
    """Operations."""
    JOINED = "joined"
    """One operation together with other events, which has it in its evidence."""
    EVIDENCE = "evidence"
    """Nothing but evidence of an operation that another event becomes, or of one by itself."""
    RECORDED = "recorded"
    """The ledger has it already."""
    LEFT_OUT = "left_out"
    """Nothing, for a reason that is no fault of it."""
    REFUSED = "refused"
    """Nothing, for a reason that has to be mended."""


SAID = {
    Verdict.BECOMES: "becomes",
    Verdict.JOINED: "joined with",
    Verdict.EVIDENCE: "evidence only",
    Verdict.RECORDED: "already recorded",
    Verdict.LEFT_OUT: "left out",
    Verdict.REFUSED: "refused",
}
"""What people call each."""
COUNTED = {**SAID, Verdict.BECOMES: "become operations", Verdict.JOINED: "joined with others"}
"""What people call several of each."""

_NAMED = ("transformation", "shipment", "batch", "material", "participant", "facility", "uri")


class LeftOutError(Exception):
    """The event becomes nothing, and that is no fault: why, as a clause."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class RecordedError(Exception):
    """The ledger has, or will have, what the event says: by what, as a clause.

    Args:
        why: the clause.
        record: full name of the shipment by which, and whether it was ``shipped`` or ``received``.
    """

    def __init__(self, why: str, record: tuple[str, str] | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.record = record


@dataclass(frozen=True, slots=True)
class Row:
    """The verdict on one event.

    Attributes:
        place: the event's file and number.
        pointer: JSON Pointer of it in the file.
        kind: what it is, such as ``ObjectEvent ADD commissioning``.
        verdict: what becomes of it.
        at: when it happened, UTC seconds; ``None`` where it could not be read.
        event_id: its ``eventID``, if it has one.
        hash: its event hash (CBV 2.0); empty where it could not be read.
        why: the reason, as a clause; empty where it becomes something without remark.
        where: of what is refused, JSON Pointer or field.
        mend: how to mend that.
        operations: numbers of the operations, from 1 in the order in which they run.
        joined: the events with which it is joined, or whose operation has it as evidence.
        notes: what was passed over in it.
        malformed: of what is refused, that the event itself cannot be read.
    """

    place: EventPlace
    pointer: str
    kind: str
    verdict: Verdict
    at: int | None = None
    event_id: str | None = None
    hash: str = ""
    why: str = ""
    where: str = ""
    mend: str = ""
    operations: tuple[int, ...] = ()
    joined: tuple[EventPlace, ...] = ()
    notes: tuple[str, ...] = ()
    malformed: bool = False

    def to_dict(self, plan: CapturePlan) -> dict[str, Any]:
        """The verdict as JSON holds it."""
        return {
            "file": self.place[0],
            "event": self.place[1],
            "pointer": self.pointer,
            "kind": self.kind,
            "at": self.at,
            "event_id": self.event_id,
            "hash": self.hash or None,
            "verdict": self.verdict.value,
            "why": self.why,
            "where": self.where,
            "mend": self.mend,
            "operations": [{"number": number, "summary": plan.summary(number)} for number in self.operations],
            "joined_with": [{"file": file, "event": number} for file, number in self.joined],
            "notes": list(self.notes),
            "malformed": self.malformed,
        }

    @property
    def fault(self) -> InputError:
        """What is refused, as an error that says where and how to mend it."""
        return InputError(self.why, hint=self.mend, where=event_place(self.place).within(self.where))


def event_place(place: EventPlace) -> Place:
    """Where an event stands, for people: ``file: event 3``."""
    file, number = place
    return Place(file, field=f"event {number}" if number else "")


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """What capturing documents would do.

    Attributes:
        rows: a verdict for each event, in the order of files and events.
        operations: what they become, in the order in which they run.
        origins: of each operation, the event that it comes from.
        files: SHA-256 of each file, in hexadecimal, by the file as it was named.
        official: the version of GS1's own JSON schema that was asked as well; empty: it is not on this
            machine.
        summaries: of each operation a sentence that says what it does; empty before the ledger was asked.
        asked: whether the contracts were asked what they would say.
        offered: how many companies, sites and materials the documents define that the ledger lacks, by kind.
        in_order: whether they are a copy of a ledger's records, and are sent strictly one after another.
    """

    rows: tuple[Row, ...]
    operations: tuple[Operation, ...] = ()
    origins: tuple[EventPlace, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    official: str = ""
    summaries: tuple[str, ...] = ()
    asked: bool = False
    in_order: bool = False
    offered: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> tuple[Row, ...]:
        """Events that have to be mended."""
        return tuple(row for row in self.rows if row.verdict is Verdict.REFUSED)

    @property
    def counts(self) -> dict[str, int]:
        """How many events have which verdict."""
        return {each.value: sum(row.verdict is each for row in self.rows) for each in Verdict}

    def source(self) -> Source:
        """The operations as lines to submit, or to keep as a draft; faults are placed at their events."""
        lines: list[Line | Unsound] = []
        origins = {}
        for number, (document, origin) in enumerate(zip(self.operations, self.origins, strict=True), start=1):
            place = event_place(origin)
            found = parsed(dict(document))
            if isinstance(found, list):
                lines.append(Unsound(number, tuple(placed(each, place) for each in found), dict(document)))
            else:
                lines.append(Line(number, found, dict(document)))
            origins[number] = Origin(place, document=document)
        names = list(dict.fromkeys(file for file, _ in self.origins)) or list(self.files)
        # What says the very same is two events: by their identifiers they are told apart.
        name = names[0] if len(names) == 1 else ""
        return Source(name, tuple(lines), origins, repeats=True, in_order=self.in_order)

    def summary(self, number: int) -> str:
        """What an operation does, in words."""
        if number <= len(self.summaries):
            return self.summaries[number - 1]
        it = self.operations[number - 1]
        name = next((it[each] for each in _NAMED if each in it), "")
        return f"{it['op'].replace('_', ' ')} {name}".strip()

    def accepted(self) -> CapturePlan:
        """The plan without the operations of refused events, for who records the others all the same."""
        refused = {number for row in self.refused for number in row.operations}
        kept = [number for number in range(1, len(self.operations) + 1) if number not in refused]
        return replace(
            self,
            operations=tuple(self.operations[number - 1] for number in kept),
            origins=tuple(self.origins[number - 1] for number in kept),
            summaries=tuple(self.summaries[number - 1] for number in kept if number <= len(self.summaries)),
        )

    def to_dict(self, submitted: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The plan as JSON holds it.

        Args:
            submitted: what became of its operations, where they were recorded.
        """
        return {
            "files": [{"file": file, "sha256": digest} for file, digest in self.files.items()],
            "counts": self.counts,
            "asked": self.asked,
            "official_schema": self.official or None,
            "offered": dict(self.offered),
            "events": [row.to_dict(self) for row in self.rows],
            "operations": [dict(each) for each in self.operations],
            "submitted": None if submitted is None else dict(submitted),
        }

    def refusing(self, number: int, what: str, mend: str) -> CapturePlan:
        """This plan with the event of an operation refused: the contracts would not take it."""
        rows = tuple(
            replace(row, verdict=Verdict.REFUSED, why=what, mend=mend) if number in row.operations else row
            for row in self.rows
        )
        return replace(self, rows=rows)
