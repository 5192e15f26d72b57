"""How a record is shown again by who reverses it (Rule 8): one function of the contract for each kind.

What is shown follows from the index; where a line that is not recorded yet makes the record, it is shown once
it is recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from traceledger.errors import InputError, UnknownNameError
from traceledger.model.ids import batch_id, emissions_record_id, shipment_id, transformation_id
from traceledger.operations.answering import offer_hash
from traceledger.operations.outlook import LaterError
from traceledger.operations.returning import Receipt, receipt_of
from traceledger.operations.solidity import amounts_of, scopes
from traceledger.operations.spoken import RecordName
from traceledger.replay.trail import MintEntry, ReceiptEntry, SplitEntry, TakeBackEntry, struct_of

if TYPE_CHECKING:
    from traceledger.events.parts import Taken
    from traceledger.events.transformations import Transformed
    from traceledger.names import Owned
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.directory import OpenShipment
    from traceledger.replay.trail import Entry

Call = tuple[str, tuple[Any, ...]]
"""A function of the ledger, and its arguments but the last."""


_FULL = {
    "batch": "creator",
    "shipment": "sender",
    "transformation": "participant",
    "record": "custodian",
}
"""Whose short name comes first in a full name."""


def owned(of: RecordName) -> Owned:
    """What kind of thing a record is named by."""
    match of.kind:
        case "mint" | "split" | "retire" | "take_back" | "declare_error":
            return "batch"
        case "receive" | "shipment":
            return "shipment"
        case "transformation":
            return "transformation"
        case "record":
            return "record"
        case _:
            assert_never(of.kind)


def full(of: RecordName, actor: Actor) -> str:
    """The full name of what a record is named by."""
    return actor.full(of.name, owned(of))


def place(of: RecordName, actor: Actor) -> tuple[bytes, str, int]:
    """Whose a record is, what its owner calls it on chain, and its id.

    Raises:
        UnknownNameError: there is none of that name.
    """
    what = owned(of)
    owner, identifier = actor.names.recorded_name(of.name, actor.own, what)
    if not actor.names.holds(what, owner, identifier):
        raise UnknownNameError(
            f"there is no {what} {of.name!r}",
            where="of",
            hint=actor.names.meant(what, of.name, f"its full name is {_FULL[what]}/identifier"),
        )
    derive = {"batch": batch_id, "shipment": shipment_id, "transformation": transformation_id}
    return owner, identifier, derive.get(what, emissions_record_id)(owner, identifier)


def call(of: RecordName, actor: Actor) -> Call:
    """The function that reverses a record, and what it is shown.

    Raises:
        InputError: there is no such record.
        LaterError: it follows from lines that are not recorded yet.
    """
    owner, identifier, number = place(of, actor)
    match of.kind:
        case "mint" | "split":
            made = _entry(number, MintEntry if of.kind == "mint" else SplitEntry, of, actor, first=True)
            function = "reverseMint" if of.kind == "mint" else "reverseSplit"
            return function, (owner, identifier, struct_of(made))
        case "take_back":
            actor.outlook.settled(number)
            _entry(number, TakeBackEntry, of, actor)
            return "reverseTakeBack", (owner, identifier, *receipt_of(actor.names.known.trail(number)))
        case "transformation":
            return "reverseTransformation", (owner, identifier, *run_of(number, of, actor))
        case "receive":
            return "reverseReceipt", _receipt(of, actor)
        case "retire":
            return "reverseRetirement", (number, actor.outlook.events(number))
        case "declare_error":
            by_auditor = _declared_by_auditor(number, actor)
            return "reverseError", (owner, identifier, by_auditor, actor.outlook.events(number))
        case "shipment" | "record":
            raise InputError(f"a {of.kind} is not reversed", where="of")
        case _:
            assert_never(of.kind)


def run_of(number: int, of: RecordName, actor: Actor) -> tuple[Any, ...]:
    """A run's emissions as recorded, what it took, and what it made.

    Raises:
        InputError: there is none.
        LaterError: a line before records it.
    """
    actor.outlook.require_settled(("transformation", number))
    found = actor.names.known.transformation(number)
    if found is None:
        raise InputError(f"there is no run {of.name!r}", where="of", hint="check its name")
    return scopes(found.emissions), [_taken(item) for item in found.inputs], _outputs(found)


def touched(of: RecordName, actor: Actor) -> list[Entity]:
    """What reversing a record changes.

    Raises:
        UnknownNameError: there is none of that name.
    """
    number = place(of, actor)[2]
    match of.kind:
        case "mint":
            return [("batch", number), _approval(number, actor)]
        case "split":
            return [("batch", item) for item in _split(number, actor)]
        case "transformation":
            return [("transformation", number), *(("batch", item) for item in _in_run(number, actor))]
        case "receive":
            return [("shipment", number), *(("batch", item) for item in _lots(of, actor))]
        case "take_back" | "retire" | "declare_error" | "shipment" | "record":
            return [("batch", number)]
        case _:
            assert_never(of.kind)


def _entry(batch: int, kind: type[Entry], of: RecordName, actor: Actor, *, first: bool = False) -> Entry:
    """The first or last entry of a batch's trail, which must be of that kind.

    Raises:
        InputError: it is another.
        LaterError: a line before is not recorded yet.
    """
    actor.outlook.settled(batch)
    trail = actor.names.known.trail(batch)
    found = (trail[0] if first else trail[-1]) if trail else None
    if not isinstance(found, kind):
        made = {"MintEntry": "mint", "SplitEntry": "split", "RunEntry": "transformation"}
        hint = f"it was made by {made[type(trail[0]).__name__]}" if trail and first else "check its name"
        what = f"{of.kind.replace('_', '-')} is not how {of.name!r} stands on the ledger"
        raise InputError(what, where="of", hint=hint)
    return found


def _receipt(of: RecordName, actor: Actor) -> tuple[Any, ...]:
    """A shipment, which of its lots are open, and those whose receipt is reversed."""
    shipment = actor.shipment(of.name)
    lots = _lots(of, actor)
    receipts = [_receipt_by(shipment, lot, actor) for lot in lots]
    still_open = actor.outlook.still_open(shipment.id, shipment.open)
    offered = (offer_hash(shipment), list(still_open))
    return shipment.sender, shipment.identifier, shipment.receiver, offered, list(lots), receipts


def _receipt_by(shipment: OpenShipment, lot: int, actor: Actor) -> Receipt:
    actor.outlook.settled(lot)
    trail = actor.names.known.trail(lot)
    if not trail or not isinstance(trail[-1], ReceiptEntry) or trail[-1].shipment != shipment.id:
        name = actor.names.shown(lot)
        raise InputError(f"{name} did not come by that shipment last", where="of", hint="name its last one")
    return receipt_of(trail)


def _lots(of: RecordName, actor: Actor) -> tuple[int, ...]:
    """The lots of a receipt that are meant: those named, or all that came by it last and are there."""
    if of.lots:
        return tuple(actor.batch(name) for name in of.lots)
    shipment = actor.shipment(of.name)
    stored = actor.names.known.shipment(shipment.id)
    planned = [lot for lot in shipment.open if lot not in _open_later(shipment, actor)]
    return tuple(lot for lot in shipment.batches if lot in planned or (stored and lot in stored.received))


def _open_later(shipment: OpenShipment, actor: Actor) -> tuple[int, ...]:
    try:
        return actor.outlook.still_open(shipment.id, shipment.open)
    except LaterError:
        return shipment.open


def _declared_by_auditor(batch: int, actor: Actor) -> bool:
    """Which declaration of an error is meant: one's own as its maker, else an auditor's, if any."""
    found = actor.outlook.settled(batch)
    if actor.own == found.creator and found.disputed:
        return False
    return found.error_by_auditor


def _approval(batch: int, actor: Actor) -> Entity:
    """The approval whose capacity a mint used."""
    found = actor.names.known.batch(batch)
    planned = actor.outlook.approval(batch)
    if planned is not None or found is None:
        return planned or ("approval", "")
    return "approval", f"{found.facility:x}/{found.material:x}"


def _split(child: int, actor: Actor) -> tuple[int, ...]:
    """A child and its parent."""
    if planned := actor.outlook.concerned(("split", child)):
        return planned
    trail = actor.names.known.trail(child)
    return (child, trail[0].parent) if trail and isinstance(trail[0], SplitEntry) else (child,)


def _in_run(run: int, actor: Actor) -> tuple[int, ...]:
    """All that a run took or made."""
    if planned := actor.outlook.concerned(("transformation", run)):
        return planned
    found = actor.names.known.transformation(run)
    return (*(item.batch for item in found.inputs), *_outputs(found)) if found else ()


def _outputs(run: Transformed) -> list[int]:
    return [item.batch for item in run.outputs]


def _taken(item: Taken) -> tuple[Any, ...]:
    pools = (item.mass_mg, item.own_mg, item.inherited_mg, item.primary_mg)
    return item.batch, *pools, amounts_of(item.substances_mg)
