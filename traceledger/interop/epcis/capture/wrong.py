"""Events that declare an earlier event wrong (EPCIS 2.0, 7.4.1.3): the first operation that puts that right.

Such an event repeats the earlier one word for word, with an ``errorDeclaration``; its hash is the same, since
that is left out of it. What nobody has built on is reversed; a shipment that is open is cancelled, a hold
released; what others have built on is declared in error, with the lots of the corrective events (Rule 8).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceledger.documents import mending
from traceledger.errors import InputError
from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchRetired,
    BatchSplit,
    BatchTakenBack,
    EmissionsAdded,
    ErrorDeclared,
    RecordedEvent,
    ShipmentCancelled,
    ShipmentOffered,
    ShipmentReceived,
    Transformed,
)
from traceledger.events.facts import Role
from traceledger.index.schema import join_position
from traceledger.interop.epcis.capture.scene import Scene, Told
from traceledger.interop.epcis.capture.verdicts import LeftOutError, RecordedError
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch

_UNDONE = (ErrorDeclared, BatchReleased, ShipmentCancelled)
RECORDS = (
    BatchMinted,
    BatchSplit,
    Transformed,
    ShipmentOffered,
    ShipmentReceived,
    BatchRetired,
    BatchTakenBack,
    EmissionsAdded,
    BatchHeld,
    BatchRemeasured,
)


def mend(told: Told, scene: Scene, originals: Sequence[RecordedEvent], corrective: Sequence[str]) -> None:
    """The operations that put right what an event declares wrong.

    Args:
        told: the event.
        scene: what the ledger has.
        originals: its records that come from the event.
        corrective: full names of the lots that the corrective events make.

    Raises:
        LeftOutError: the ledger has nothing of it.
        RecordedError: it is put right already.
        InputError: nothing puts it right any more.
    """
    error = told.event.error
    if error is None or not originals:
        raise LeftOutError(
            "the event that it declares wrong is not on this ledger, or not in the same words: an error"
            " declaration repeats it"
        )
    standing = [
        each
        for each in originals
        if isinstance(each.event, RECORDS) and scene.reader.reversal(each.position) is None
    ]
    if any(isinstance(each.event, _UNDONE) for each in originals) or not standing:
        raise RecordedError("what it declares wrong is put right already")
    done: set[tuple[str, str]] = set()
    for original in reversed(standing):
        if isinstance(original.event, BatchSplit) and any(op == "cancel" for op, _ in done):
            told.notes.append("what was split off for the shipment stays a lot of its own")
            continue
        actor = scene.acts(told, scene.world.names.slug(original.event.author or b""))
        for operation in _operations(original, actor, scene, error.at):
            key = (operation["op"], str(sorted(map(str, operation.items()))))
            if key in done:
                continue
            done.add(key)
            operation["at"] = format_time(error.at)
            if operation["op"] in ("reverse", "declare_error", "cancel", "release"):
                operation["reason"] = _reason(told, operation["op"])
            if operation["op"] == "declare_error":
                operation["corrective"] = list(corrective)
            scene.emit(told, {"as": actor, **operation})


def corrections(found: Sequence[RecordedEvent], reader: IndexReader) -> list[RecordedEvent]:
    """Of the records that come from an event, or are written from it, those that put it right already."""
    done = [each for each in found if not isinstance(each.event, RECORDS)]
    for each in found:
        if not isinstance(each.event, RECORDS):
            continue
        if (at := reader.reversal(each.position)) is not None:
            reversal = reader.many.events([join_position(*at)])
            done += [*reversal.values()]
            continue
        made = [batch for batch, role in each.event.concerns if role is Role.MADE]
        for history in reader.histories(made).values():
            done += [one for one in history if isinstance(one.event, ErrorDeclared)]
    return done


def _reason(told: Told, op: str) -> str:
    error = told.event.error
    said = (error.reason if error else None) or "incorrect_data"
    if op == "declare_error":
        return said if said in ("did_not_occur", "incorrect_data") else "incorrect_data"
    return said


def _operations(original: RecordedEvent, actor: str, scene: Scene, now: int) -> list[dict[str, Any]]:
    """What puts one record right.

    Raises:
        InputError: nothing does.
    """
    own = scene.participant(actor)
    index, place = scene.reader, (original.block, original.log_index)
    found: list[dict[str, Any]] = []
    stops: list[str] = []
    for number in dict.fromkeys(batch for batch, _ in original.event.concerns):
        lot = index.batch(number)
        if lot is None or own is None:
            continue
        for record in mending.records(index, lot, own.address):
            if record.place == place and lot.id in record.made:
                ways = mending.ways(index, lot, record, "untrue", own.address, now=now)
                possible = _first(ways, lot, scene)
                found += possible
                if not possible:
                    stops += [each["reason"] for way in ways for each in way["stops"]]
    if not found:
        why = (
            ", ".join(dict.fromkeys(each.replace("_", " ") for each in stops)) or f"{actor} did not record it"
        )
        raise InputError(
            f"this {original.event.word} cannot be put right by {actor} any more: {why}",
            where="errorDeclaration",
            hint="an auditor can reverse it, or declare its lots in error",
        )
    return _merged(found)


def _first(ways: Sequence[dict[str, Any]], lot: Batch, scene: Scene) -> list[dict[str, Any]]:
    """The first possible way; where that is to declare errors, each lot that was made."""
    fits = next((each for each in ways if each["possible"]), None)
    if fits is None:
        return []
    op, fields = fits["operation"], fits["fields"]
    if op == "reverse":
        of: dict[str, Any] = {fields["of.kind"]: fields["of.name"]}
        if fields["of.kind"] == "receive":
            of["lots"] = [scene.world.names.batch(lot.id)]
        return [{"op": "reverse", "of": of}]
    if op == "declare_error":
        possible = [each for each in ways if each["possible"] and each["operation"] == op]
        return [{"op": op, "batch": each["fields"]["batch"]} for each in possible]
    if op in ("cancel", "release"):
        return [{"op": op, **fields}]
    return []


def _merged(operations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lots of one receipt are reversed together."""
    found: list[dict[str, Any]] = []
    for each in operations:
        of = each.get("of", {})
        same = next(
            (one for one in found if "receive" in of and one.get("of", {}).get("receive") == of["receive"]),
            None,
        )
        if same is not None:
            same["of"]["lots"] += [lot for lot in of["lots"] if lot not in same["of"]["lots"]]
        elif each not in found:
            found.append(each)
    return found
