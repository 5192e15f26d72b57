"""Which rule an event falls under: docs/epcis.md, *Capturing*, has the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from traceledger.events import RecordedEvent
from traceledger.interop.epcis.capture import ending, handing, literal, making, running, wrong
from traceledger.interop.epcis.capture.order import Node, is_literal
from traceledger.interop.epcis.capture.scene import Scene, Thing, Told
from traceledger.interop.epcis.capture.verdicts import LeftOutError
from traceledger.interop.epcis.events import Action, Event, EventType

_PACKING = ("packing", "loading", "stocking", "storing", "repackaging", "other", "")
"""Steps by which an aggregation puts things into a container."""
_PARTING = ("disassembling", "removing")


def become(node: Node, scene: Scene, originals: Sequence[RecordedEvent], corrective: Sequence[str]) -> None:
    """Make operations of events.

    Args:
        node: the events.
        scene: what they are planned on.
        originals: of an error, the records that come from what it declares wrong.
        corrective: of an error, full names of the lots that are right instead.

    Raises:
        LeftOutError: they become nothing.
        RecordedError: what they say stands already.
        InputError: they are refused.
    """
    told, event = node.last, node.last.event
    if is_literal(told):
        literal.becomes(told, scene)
        return
    if event.error is not None:
        wrong.mend(told, scene, originals, corrective)
        return
    match event.type:
        case EventType.TRANSACTION:
            raise LeftOutError("it ties papers to objects, and nothing happens to those by it")
        case EventType.OWN:
            raise LeftOutError(f"it is of a type of its own, {event.type_name}")
        case EventType.TRANSFORMATION:
            running.transform(node.events, scene)
        case EventType.AGGREGATION | EventType.ASSOCIATION:
            _aggregate(node, scene)
        case EventType.OBJECT:
            _object(told, scene)
        case _:
            assert_never(event.type)


def _aggregate(node: Node, scene: Scene) -> None:
    told = node.last
    if assembles(told):
        running.assemble(node.events, scene)
    elif told.step in (*running.ASSEMBLING, *_PARTING):
        raise LeftOutError(
            "what was put together is one lot on the ledger, and its parts are used up: parts that are"
            " taken out again are told as outputs of a transformation"
            if told.event.action is Action.DELETE
            else "it observes what was put together before"
        )
    elif told.step in (*handing.SHIPPING, *handing.RECEIVING, "collecting", "void_shipping"):
        _object(told, scene)
    elif packs(told.event):
        pack(told, scene)
        things = scene.containers.contents(told.event.parent or "")
        if told.event.action is Action.ADD and not any(scene.world.lots(each.key) for each in things):
            raise LeftOutError("nothing that is put together is on this ledger")
    else:
        ending.observe(told, scene)


def _object(told: Told, scene: Scene) -> None:
    event, step = told.event, told.step
    if ending.ends(told):
        ending.retire(told, scene)
    elif event.disposition == "returned" and handing.send_back(told, scene):
        return
    elif step in handing.SHIPPING:
        handing.ship(told, scene)
    elif step == "void_shipping":
        handing.void(told, scene)
    elif step in (*handing.RECEIVING, "collecting"):
        if not ending.take_back(told, scene):
            handing.receive(told, scene)
            ending.stand(told, scene)
    elif commissions(told):
        making.mint(told, scene)
    else:
        ending.observe(told, scene)


def pack(told: Told, scene: Scene) -> None:
    """Remember what an event puts into a container, or takes out."""
    event = told.event
    children = [Thing(key, None, "childEPCs") for key in event.children]
    children += [Thing(each.epc_class, each, "childQuantityList") for each in event.child_quantities]
    if event.parent and event.action is Action.ADD:
        scene.containers.pack(event.parent, children, told.place)
    elif event.parent:
        scene.containers.unpack(event.parent, children)


def packs(event: Event) -> bool:
    """Whether an event only says what is in what."""
    if event.type not in (EventType.AGGREGATION, EventType.ASSOCIATION) or event.parent is None:
        return False
    step = event.biz_step or ""
    if event.action is Action.DELETE:
        return step not in (*_PARTING, *handing.SHIPPING, *handing.RECEIVING)
    return event.action is Action.ADD and (step in _PACKING or ":" in step)


def commissions(told: Told) -> bool:
    """Whether an event says that objects exist from now on."""
    event = told.event
    return event.type is EventType.OBJECT and event.action is Action.ADD and told.step in making.STEPS


def assembles(told: Told) -> bool:
    """Whether an event puts things together into a new one."""
    event = told.event
    kinds = (EventType.AGGREGATION, EventType.ASSOCIATION)
    return event.type in kinds and event.action is Action.ADD and told.step in running.ASSEMBLING
