"""Which events belong together: those of one run or assembly, and what only says more of others' lots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from traceledger.interop.epcis.capture import handing, running
from traceledger.interop.epcis.capture.order import Node, is_literal, keys_of
from traceledger.interop.epcis.capture.rules import assembles, commissions
from traceledger.interop.epcis.capture.scene import Told
from traceledger.interop.epcis.events import EventType


@dataclass(frozen=True, slots=True)
class Joined:
    """Events in groups.

    Attributes:
        nodes: the groups, of one event or more.
        makers: by key, the event that makes a lot of others.
        further: events that only say more of such lots, each with the event that makes one.
    """

    nodes: tuple[Node, ...]
    makers: Mapping[str, Told]
    further: tuple[tuple[Told, Told], ...]


def joined(events: Sequence[Told]) -> Joined:
    """Group events that are new."""
    runs: dict[str, list[Told]] = {}
    wholes: dict[str, list[Told]] = {}
    single: list[Told] = []
    for told in sorted(events, key=lambda each: (each.event.at, each.place)):
        event = told.event
        if event.error is not None or is_literal(told):
            single.append(told)
        elif event.type is EventType.TRANSFORMATION and event.transformation_id:
            runs.setdefault(event.transformation_id, []).append(told)
        elif assembles(told) and event.parent:
            wholes.setdefault(event.parent, []).append(told)
        else:
            single.append(told)
    nodes = [_run(members) for members in runs.values()] + _assemblies(wholes, single)
    makers = {key: each.last for each in nodes for key in each.makes}
    alone = (told for told in single if told.event.error is None and not is_literal(told))
    runs_alone = (told for told in alone if told.event.type is EventType.TRANSFORMATION)
    makers |= {key: told for told in runs_alone for key in _run([told]).makes}
    further = [(told, maker) for told in single if (maker := _only_says_more(told, makers)) is not None]
    left = {told.place for told, _ in further}
    nodes += [node_of(told) for told in single if told.place not in left]
    return Joined(tuple(nodes), makers, tuple(further))


def node_of(told: Told) -> Node:
    """An event by itself."""
    if told.event.error is not None:
        return Node([told], set(), set())
    if told.event.type is EventType.TRANSFORMATION:
        return _run([told])
    keys = keys_of(told)
    made = keys if commissions(told) else set()
    return Node([told], made, keys - made)


def _only_says_more(told: Told, makers: Mapping[str, Told]) -> Told | None:
    """The event that makes a lot of which another says more; its facts go to that one."""
    if told.event.error is not None or is_literal(told) or not commissions(told):
        return None
    keys = {*told.event.epcs, *(each.epc_class for each in told.event.quantities)}
    found = [makers[key] for key in sorted(keys) if key in makers]
    for key in keys & makers.keys():
        makers[key].facts.setdefault(key, {}).update(told.said.lot(key).terms)
    if not found or not keys <= makers.keys():
        return None
    for maker in found:
        if told.place not in maker.evidence:
            maker.evidence.append(told.place)
    return found[0]


def _assemblies(wholes: Mapping[str, Sequence[Told]], single: Sequence[Told]) -> list[Node]:
    uses: dict[str, list[int]] = {}
    for told in filter(_uses_whole, single):
        for key in keys_of(told) & wholes.keys():
            uses.setdefault(key, []).append(told.event.at)
    return [
        _assembly(part)
        for parent, members in wholes.items()
        for part in _parted(members, uses.get(parent, ()))
    ]


def _uses_whole(told: Told) -> bool:
    """Whether an event uses an assembly as one thing: after it, what is put in is another assembly."""
    return told.step in (*handing.SHIPPING, *handing.RECEIVING) or told.event.type is EventType.TRANSFORMATION


def _parted(members: Sequence[Told], uses: Sequence[int]) -> list[list[Told]]:
    """Events that put things into one whole, parted where it was used in between."""
    found: list[list[Told]] = []
    for told in members:
        if found and not any(found[-1][-1].event.at < at <= told.event.at for at in uses):
            found[-1].append(told)
        else:
            found.append([told])
    return found


def _run(members: Sequence[Told]) -> Node:
    makes = {thing.key for told in members for thing in running.outputs_of(told.event)}
    uses = {thing.key for told in members for thing in running.inputs_of(told.event)}
    return Node(list(members), makes - uses, uses)


def _assembly(members: Sequence[Told]) -> Node:
    makes = {told.event.parent or "" for told in members}
    uses = {key for told in members for key in keys_of(told)} - makes
    return Node(list(members), makes, uses)
