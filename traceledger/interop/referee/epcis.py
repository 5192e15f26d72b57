"""EPCIS 2.0 documents: what their reader refuses, and masses, substances and CO2e that do not add up.

Gross mass is not conserved by chemistry: water and oxygen come and go, so more output than input is a doubt.
Substances are conserved: what our own terms (docs/epcis.md) say that a run takes, makes and loses must add
up exactly, by the ledger's rule that a part of a lot takes the same part of each of its substances, rounded
down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from traceledger.errors import InputError, place_of
from traceledger.interop.epcis import documents, times
from traceledger.interop.epcis.events import Event, EventType, Quantity
from traceledger.interop.epcis.units import MG
from traceledger.interop.referee import figures
from traceledger.interop.referee.hearing import Hearing, Node
from traceledger.interop.referee.kind import Kind
from traceledger.model import gs1
from traceledger.model.substances import number, symbol
from traceledger.model.units import format_mass, parse_co2e, parse_mass
from traceledger.storage import json_pointer

_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_PARTS = ("primary", "biogenic", "landUse", "aviation")
_SCOPES = ("scope1", "scope2", "scope3")
_SAME_MASS = ("repackaging",)
"""Business steps by which nothing is added or lost."""


def check(hearing: Hearing, node: Node) -> None:
    """Check a document, an event, or a list of events."""
    try:
        capture = documents.read(hearing.content, hearing.name, answers=True)
    except InputError as error:
        place = place_of(error.where).field
        pointer = place if place.startswith("/") and place != "/" else ""
        hearing.fault("epcis", _at(node, pointer), error.what, expected=error.hint)
        return
    hearing.official = capture.official is not None
    lots = _Lots()
    for event in capture.events:
        if isinstance(event, Event):
            _event(hearing, event, lots)
            continue
        for fault in event.faults:
            hearing.fault("epcis", _at(node, fault.pointer), fault.what, expected=fault.hint)


def _at(node: Node, pointer: str) -> Node:
    """The node at a pointer; without a value where there is nothing."""
    return Node(json_pointer.found(node.value, pointer), pointer)


@dataclass(slots=True)
class _Lots:
    """What lots of the document hold, as far as the document tells their making; mg."""

    mass: dict[str, Fraction] = field(default_factory=dict)
    substances: dict[str, dict[int, int]] = field(default_factory=dict)

    def forget(self, lots: Iterable[str]) -> None:
        """What happened to them is not followed here."""
        for lot in lots:
            self.mass.pop(lot, None)
            self.substances.pop(lot, None)


def _event(hearing: Hearing, event: Event, lots: _Lots) -> None:
    node = Node(event.raw, event.pointer)
    _lists(hearing, node)
    _times(hearing, node)
    _emissions(hearing, event, node)
    _contents(hearing, event, node)
    if event.error is not None:
        lots.forget(_named(event))
        return
    if event.type is EventType.TRANSFORMATION:
        _transformation(hearing, event, node, lots)
    elif event.extension.terms.get("operation") in (None, "mint") and event.action == "ADD":
        _made(event, lots)
    elif event.extension.terms.get("operation") not in ("ship", "add_emissions", "hold", "release"):
        lots.forget(_named(event))


def _named(event: Event) -> list[str]:
    quantities = (
        *event.quantities,
        *event.child_quantities,
        *event.input_quantities,
        *event.output_quantities,
    )
    return [
        *event.epcs,
        *event.children,
        *event.input_epcs,
        *event.output_epcs,
        *(each.epc_class for each in quantities),
    ]


def _lists(hearing: Hearing, node: Node) -> None:
    """Each object stands once in a list, in whichever notation; amounts are not below zero."""
    for name in _LISTS:
        _once(hearing, list(node.each(name)))
    for name in _QUANTITIES:
        classes = [each.get("epcClass") for each in node.each(name)]
        _once(hearing, [each for each in classes if each is not None])
        for each in node.each(name):
            amount = each.get("quantity")
            value = None if amount is None else amount.number
            if amount is None or amount.value is None:
                continue
            if value is None:
                hearing.fault("figure", amount, "it is no figure of anything")
            elif value < 0:
                expected = figures.written(-value)
                hearing.fault("epcis-quantity", amount, "a quantity is not below zero", expected=expected)
            elif value == 0:
                hearing.doubt("epcis-quantity", amount, "it is a quantity of nothing", expected="above zero")


def _once(hearing: Hearing, named: Sequence[Node]) -> None:
    seen: dict[str, str] = {}
    for each in named:
        try:
            lot = gs1.canonical(each.text or "")
        except InputError:
            continue
        if lot in seen:
            hearing.doubt("epcis-same", each, f"it stands at {seen[lot]} already", expected="once")
        seen.setdefault(lot, each.pointer)


def _times(hearing: Hearing, node: Node) -> None:
    happened, recorded = node.get("eventTime"), node.get("recordTime")
    if happened is None or recorded is None or not isinstance(recorded.value, str):
        return
    try:
        first, then = times.read(str(happened.value)).seconds, times.read(recorded.value).seconds
    except (InputError, ValueError):
        return
    if then < first:
        hearing.doubt(
            "epcis-times",
            recorded,
            "it was recorded before it happened",
            expected=f"not before {happened.text}",
        )


def _emissions(hearing: Hearing, event: Event, node: Node) -> None:
    told = event.extension.terms.get("emissions")
    if not isinstance(told, Mapping):
        return
    amounts = {name: parse_co2e(value) for name, value in told.items() if isinstance(value, str)}
    total = sum(amounts.get(name, 0) for name in _SCOPES)
    place = _own(node, "emissions")
    for name in _PARTS:
        if amounts.get(name, 0) > total:
            hearing.fault(
                "epcis-extension",
                _own(place, name),
                f"it is a part of scope 1 to 3, which are {format_mass(total)}",
                expected=f"at most {format_mass(total)}",
            )


def _own(node: Node, term: str) -> Node:
    """The member of a term of ours, whatever its prefix; the node itself if it is not found."""
    found = next((each for name, each in node.members() if name.rpartition(":")[2] == term), None)
    return node if found is None else found


def _told_lots(event: Event) -> list[Mapping[str, Any]]:
    listed = event.extension.terms.get("lots")
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _contents(hearing: Hearing, event: Event, node: Node) -> None:
    """No lot holds more of its substances than it weighs, but for a milligram of each (roundings)."""
    weights = _weights(event)
    listed = _own(node, "lots")
    for place, lot in enumerate(_told_lots(event)):
        held = _substances(lot.get("substances"))
        mass = (
            parse_mass(lot["mass"]) if isinstance(lot.get("mass"), str) else weights.get(str(lot.get("epc")))
        )
        if mass is not None and held and sum(held.values()) > mass + len(held):
            where = Node(None, f"{listed.pointer}/{place}")
            hearing.fault(
                "epcis-extension",
                where,
                f"{format_mass(sum(held.values()))} of substances are in {format_mass(int(mass))}",
                expected=f"at most {format_mass(int(mass))} of substances",
            )


def _weights(event: Event) -> dict[str, int]:
    found = {}
    for each in (*event.quantities, *event.output_quantities):
        mass = _mass(each)
        if mass is not None:
            found[each.epc_class] = int(mass)
    return found


def _mass(quantity: Quantity) -> Fraction | None:
    """Its mass, mg; ``None``: it is counted, not told, or in a unit that is none of mass."""
    if quantity.amount is None or quantity.uom is None or not figures.is_sensible(quantity.amount):
        return None
    factor = MG.get(quantity.uom)
    return None if factor is None else Fraction(quantity.amount) * factor


def _substances(told: object) -> dict[int, int]:
    if not isinstance(told, list):
        return {}
    found: dict[int, int] = {}
    for each in told:
        if not isinstance(each, Mapping) or not isinstance(each.get("mass"), str):
            continue
        try:
            which = number(str(each.get("substance")))
        except InputError:
            continue
        found[which] = found.get(which, 0) + parse_mass(each["mass"])
    return found


def _made(event: Event, lots: _Lots) -> None:
    held = {str(each.get("epc")): _substances(each.get("substances")) for each in _told_lots(event)}
    alone = _substances(event.extension.terms.get("substances"))
    for each in event.quantities:
        mass = _mass(each)
        if mass is None or each.epc_class in lots.mass:
            lots.forget([each.epc_class])
            continue
        lots.mass[each.epc_class] = mass
        lots.substances[each.epc_class] = held.get(each.epc_class) or alone


def _transformation(hearing: Hearing, event: Event, node: Node, lots: _Lots) -> None:
    held = {
        str(each.get("epc")): _substances(each.get("substances"))
        for each in _told_lots(event)
        if each.get("role") != "input"
    }
    told = any(held.values()) or event.extension.terms.get("losses") is not None
    _balance(hearing, event, node, told=told)
    if event.extension.terms.get("operation") == "split" and len(event.input_quantities) == 1:
        _split(event, lots)
        return
    taken, complete = _taken(hearing, event, node, lots)
    if complete and told:
        _conserved(hearing, event, node, taken, held)
    for each in event.output_quantities:
        mass = _mass(each)
        if mass is None or each.epc_class in lots.mass or not (told or complete):
            lots.forget([each.epc_class])
            continue
        lots.mass[each.epc_class] = mass
        if told:
            lots.substances[each.epc_class] = held.get(each.epc_class, {})
    lots.forget([*event.output_epcs, *event.input_epcs])


def _split(event: Event, lots: _Lots) -> None:
    """Each child takes its part of what is left, one after another, in the order of the record."""
    if event.output_epcs or event.input_epcs:
        lots.forget(_named(event))
        return
    parent = event.input_quantities[0].epc_class
    order = {str(each.get("epc")): place for place, each in enumerate(_told_lots(event))}
    for each in sorted(event.output_quantities, key=lambda made: order.get(made.epc_class, 0)):
        mass, left, pools = _mass(each), lots.mass.get(parent), lots.substances.get(parent)
        if mass is None or left is None or pools is None or not 0 < mass <= left:
            lots.forget([parent, each.epc_class])
            continue
        parts = {substance: int(amount * mass / left) for substance, amount in pools.items()}
        lots.mass[each.epc_class], lots.substances[each.epc_class] = mass, parts
        lots.mass[parent] = left - mass
        lots.substances[parent] = {which: amount - parts[which] for which, amount in pools.items()}


def _taken(hearing: Hearing, event: Event, node: Node, lots: _Lots) -> tuple[dict[int, int], bool]:
    """What is taken of each substance, mg, and whether that is known of all inputs; takes it."""
    total: dict[int, int] = {}
    complete = bool(event.input_quantities) and not event.input_epcs
    for place, each in enumerate(event.input_quantities):
        mass, left = _mass(each), lots.mass.get(each.epc_class)
        pools = lots.substances.get(each.epc_class)
        if mass is None or left is None or pools is None or not left:
            complete = False
            lots.forget([each.epc_class])
            continue
        if mass > left:
            where = Node(None, f"{node.pointer}/inputQuantityList/{place}/quantity")
            told = f"{_shown(mass)} are taken, and by this document {_shown(left)} are left"
            hearing.doubt("epcis-mass", where, told, expected=f"at most {_shown(left)}")
            lots.forget([each.epc_class])
            complete = False
            continue
        for substance, held in pools.items():
            part = int(held * mass / left)
            total[substance] = total.get(substance, 0) + part
            pools[substance] = held - part
        lots.mass[each.epc_class] = left - mass
    return total, complete


def _balance(hearing: Hearing, event: Event, node: Node, *, told: bool) -> None:
    """Compare gross masses, where all are told; where substances are told, these must add up instead."""
    outputs = [_mass(each) for each in event.output_quantities]
    made = [mass for mass in outputs if mass is not None]
    taken = [_mass(each) for each in event.input_quantities]
    known = [mass for mass in taken if mass is not None]
    if not known or len(known) < len(taken) or event.input_epcs or not made:
        return
    before, after = sum(known, Fraction(0)), sum(made, Fraction(0))
    whole = len(made) == len(event.output_quantities) and not event.output_epcs
    place = node.get("outputQuantityList") or node
    where = Node(None, place.pointer)
    if event.biz_step in _SAME_MASS and whole and after != before:
        what = f"{_shown(after)} come out of {_shown(before)}, and repacking changes no mass"
        hearing.fault("epcis-mass", where, what, expected=_shown(before))
    elif after > before and not told:
        more = _shown(after - before)
        what = f"{_shown(after)} come out of {_shown(before)}, and nothing is named that adds {more}"
        hearing.doubt("epcis-mass", where, what, expected=f"at most {_shown(before)}, or one more input")


def _conserved(
    hearing: Hearing, event: Event, node: Node, taken: dict[int, int], held: Mapping[str, Mapping[int, int]]
) -> None:
    """Compare what was taken of each substance with what was made and lost."""
    told = event.extension.terms.get("losses")
    lost = _substances(told)
    made: dict[int, int] = {}
    for substances in held.values():
        for substance, mass in substances.items():
            made[substance] = made.get(substance, 0) + mass
    for substance in sorted({*taken, *made, *lost}):
        went, came = taken.get(substance, 0), made.get(substance, 0) + lost.get(substance, 0)
        if went == came or (told == "balance" and came < went):
            continue
        where = _own(node, "losses")
        where = Node(None, where.pointer if where.pointer != node.pointer else node.pointer)
        what = f"{format_mass(went)} of {symbol(substance)} went in, {format_mass(came)} came out or is lost"
        hearing.fault("epcis-extension", where, what, expected=f"{format_mass(went)} of {symbol(substance)}")


def _shown(mass: Fraction) -> str:
    return format_mass(int(mass)) if mass.denominator == 1 else f"{figures.written(mass / 10**6)} kg"


KINDS = (Kind("epcis", "EPCIS 2.0", ("@context", "type", "schemaVersion", "epcisBody"), check, "epcis"),)
"""What is checked here."""
