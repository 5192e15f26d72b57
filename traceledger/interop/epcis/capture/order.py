"""In which order events are read: by what happened, not by where they stand.

Events come in any order, from several files, and clocks of sites differ. What an event needs comes before
it: what makes a lot before what uses it, an offer before its receipt, what was wrong before what is right
instead. Otherwise the time decides, and of events of one second the kind. A file in which every event says
what operation it was written from is a copy of a ledger, and is read in that ledger's order.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from traceledger.interop.epcis.capture import handing, running
from traceledger.interop.epcis.capture.said import Said
from traceledger.interop.epcis.capture.scene import Told
from traceledger.interop.epcis.events import Action, Event, EventType

_POSITION = re.compile(r"([0-9]{1,15})/([0-9]{1,9})")


@dataclass(slots=True)
class Node:
    """Events that become something together; the last of them becomes it.

    Attributes:
        events: in the order of time.
        makes: keys of the lots that they make.
        uses: keys of the lots that they take or move.
    """

    events: list[Told]
    makes: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)

    @property
    def last(self) -> Told:
        """The event that becomes the operations."""
        return self.events[-1]

    @property
    def at(self) -> int:
        """When it happened, UTC seconds; of an error, when it was declared."""
        error = self.last.event.error
        return self.last.event.at if error is None else error.at


def ordered(nodes: Sequence[Node]) -> list[Node]:
    """Nodes so that what each needs comes before it; where needs go round in a circle, the time decides."""
    ranks = {id(node): (node.at, _kind(node), place) for place, node in enumerate(nodes)}
    needs = _needs(nodes)
    waiting = {id(node): {id(each) for each in needs[id(node)]} for node in nodes}
    after: dict[int, list[Node]] = {}
    for node in nodes:
        for each in needs[id(node)]:
            after.setdefault(id(each), []).append(node)
    ready = [(ranks[id(node)], place) for place, node in enumerate(nodes) if not waiting[id(node)]]
    heapq.heapify(ready)
    places = {id(node): place for place, node in enumerate(nodes)}
    done: set[int] = set()
    found: list[Node] = []
    rest = sorted(nodes, key=lambda node: ranks[id(node)], reverse=True)
    while len(found) < len(nodes):
        if not ready:
            while id(rest[-1]) in done:
                rest.pop()
            ready = [(ranks[id(rest[-1])], places[id(rest[-1])])]
        _, place = heapq.heappop(ready)
        node = nodes[place]
        if id(node) in done:
            continue
        done.add(id(node))
        found.append(node)
        for each in after.get(id(node), ()):
            waiting[id(each)].discard(id(node))
            if not waiting[id(each)] and id(each) not in done:
                heapq.heappush(ready, (ranks[id(each)], places[id(each)]))
    return found


def _needs(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    needs: dict[int, list[Node]] = {id(node): [] for node in nodes}
    makers: dict[str, list[Node]] = {}
    for node in nodes:
        for key in node.makes:
            makers.setdefault(key, []).append(node)
    for node in nodes:
        for key in node.uses - node.makes:
            needs[id(node)] += [each for each in makers.get(key, []) if each is not node]
    _pair_handovers(nodes, needs)
    _put_right_in_order(nodes, needs)
    _follow_copies(nodes, needs)
    return needs


def _pair_handovers(nodes: Sequence[Node], needs: dict[int, list[Node]]) -> None:
    """The receipt of a lot needs its offer: the first the first, the second the second."""
    offered: dict[str, list[Node]] = {}
    received: dict[str, list[Node]] = {}
    for node in sorted(nodes, key=lambda each: each.at):
        step = node.last.step
        known = offered if step in handing.SHIPPING else received if step in handing.RECEIVING else None
        for key in node.uses if known is not None else ():
            if known is not None:
                known.setdefault(key, []).append(node)
    for key, receipts in received.items():
        offers = offered.get(key, [])
        if len(offers) == len(receipts):
            for offer, receipt in zip(offers, receipts, strict=True):
                needs[id(receipt)].append(offer)


def _put_right_in_order(nodes: Sequence[Node], needs: dict[int, list[Node]]) -> None:
    """An error comes after what it declares wrong, and what is right instead after the error."""
    by_hash: dict[str, list[Node]] = {}
    by_id: dict[str, list[Node]] = {}
    for node in nodes:
        for told in node.events:
            if told.event.error is None:
                by_hash.setdefault(told.event.hash, []).append(node)
                by_id.setdefault(told.event.event_id or "", []).append(node)
    for node in nodes:
        error = node.last.event.error
        if error is None:
            continue
        wrong = by_hash.get(node.last.event.hash, [])
        needs[id(node)] += [each for each in wrong if each is not node]
        for identifier in error.corrective:
            for each in by_id.get(identifier, []):
                if each is not node and each not in wrong:
                    needs[id(each)].append(node)


def _follow_copies(nodes: Sequence[Node], needs: dict[int, list[Node]]) -> None:
    """The order of copies of a ledger: by the places in it, else as they stand."""
    files: dict[str, list[Node]] = {}
    for node in nodes:
        files.setdefault(node.last.place[0], []).append(node)
    for members in files.values():
        if not all(is_literal(node.last) for node in members):
            continue
        positions = {id(node): _position(node.last) for node in members}
        in_order = members
        if all(positions.values()):
            in_order = sorted(members, key=lambda node: positions[id(node)] or (0, 0))
        needs[id(in_order[0])] = []
        for before, node in pairwise(in_order):
            needs[id(node)] = [before]


def is_literal(told: Told) -> bool:
    """Whether an event says which operation it was written from."""
    said = told.said if told.event.error is None else Said.of_error(told.event)
    return "operation" in said.terms


def _position(told: Told) -> tuple[int, int] | None:
    said = told.said if told.event.error is None else Said.of_error(told.event)
    found = _POSITION.fullmatch(str(said.terms.get("position", "")))
    return (int(found[1]), int(found[2])) if found else None


def _kind(node: Node) -> int:
    """Of events of one second, which comes first."""
    event, step = node.last.event, node.last.step
    if event.error is not None:
        return 9
    if event.type is EventType.TRANSFORMATION or step in running.ASSEMBLING:
        return 1
    if step in handing.SHIPPING:
        return 4
    if step in handing.RECEIVING:
        return 6
    if event.type is EventType.OBJECT and event.action is Action.ADD:
        return 0
    if event.type in (EventType.AGGREGATION, EventType.ASSOCIATION):
        return 2 if event.action is Action.ADD else 7
    return 8 if event.action is Action.DELETE else 7


def keys_of(told: Told) -> set[str]:
    """Every key of objects that an event names, in its own lists or in our terms."""
    return {*listed(told.event), *(each.epc for each in told.said.lots)}


def listed(event: Event) -> Iterable[str]:
    """The keys of objects in an event's own lists."""
    yield from event.epcs
    yield from event.input_epcs
    yield from event.output_epcs
    yield from event.children
    if event.parent:
        yield event.parent
    for quantities in (
        event.quantities,
        event.input_quantities,
        event.output_quantities,
        event.child_quantities,
    ):
        yield from (each.epc_class for each in quantities)
