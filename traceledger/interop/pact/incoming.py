"""A supplier's footprint as operations: a document on record, and material that brings its emissions along.

Material of a company that is not on the ledger has no batch of its own there. It is minted as ``untraced`` at
a site of whoever bought it, weighing what was delivered, with the emissions of the footprint as scope 3; when
a run takes it, they are inherited by what is made. In this order:

1. the document is read, and judged by the ``referee``: one whose figures do not hold is refused;
2. the delivery (mass, pieces or energy) is divided by the declared unit, exactly;
3. figures are multiplied and rounded: the total to the nearest milligram, a half upwards, parts of it
   downwards, so that they never pass it.

**Signs.** The ledger keeps emissions and removals apart, both positive. ``pcfExcludingBiogenicUptake`` is net
of removals and capture, so scope 3 is that figure plus their amounts, and ``removals`` their amounts: the one
less the other is the footprint's total again, also where that is below zero. ``biogenicCO2Uptake`` is outside
of that total, and the ledger has no place for what leaves again when the product is burnt: it is told, and
kept by the document whose hash is recorded.

Example:
    >>> figures = {"pcfExcludingBiogenicUptake": Decimal("-0.5"), "landManagementBiogenicCO2Removals":
    ...     Decimal("-2"), "primaryDataShare": Decimal("50")}
    >>> found = emissions(figures, Fraction(1000))
    >>> (found.scope3, found.removals, found.scope3 - found.removals)
    (1500000000, 2000000000, -500000000)
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import floor
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.pact import rules
from traceledger.model.arithmetic import nearest
from traceledger.model.emissions import Emissions
from traceledger.model.frozen import frozen
from traceledger.model.units import MG_PER_KG, format_mass

KIND = "pact footprint"
"""What the document is called where it is put on record."""
MOST_BYTES = 32 * 2**20
"""Of a document."""
_REMOVED = ("landManagementBiogenicCO2Removals", "technologicalCO2Removals", "ccsTechnologicalCO2Capture")
"""Parts of the total, zero or negative, that are removals on the ledger."""
_BIOGENIC = ("biogenicNonCO2Emissions",)
_LAND_USE = ("landUseChangeGhgEmissions", "landManagementBiogenicCO2Emissions")
_AVIATION = ("aircraftGhgEmissions",)
FIGURE_RULES = frozenset(
    {
        "figure",
        "sign",
        "percent",
        "pact-version",
        "pact-excluding",
        "pact-including",
        "pact-part",
        "pact-mass",
    }
)
"""Rules of the referee without which a footprint cannot be counted on."""
_NEAR = Fraction(1, 100)


@frozen
class Incoming:
    """A footprint that was received.

    Attributes:
        pointer: JSON Pointer of it in its document.
        document: it, as JSON has it.
        figures: its decimal figures, for one declared unit.
        faults: what the referee finds wrong with it, each with its place.
        doubts: what the referee doubts.
    """

    pointer: str
    document: Mapping[str, Any]
    figures: Mapping[str, Decimal]
    faults: tuple[tuple[str, str, str], ...]
    doubts: tuple[tuple[str, str, str], ...]

    @property
    def id(self) -> str:
        """Its identifier."""
        return str(self.document.get("id", ""))

    def said(self, name: str) -> str:
        """Text of one of its members; empty if it has none."""
        found = self.document.get(name)
        return found if isinstance(found, str) else ""

    def ids(self, name: str) -> tuple[str, ...]:
        """Identifiers that it lists."""
        found = self.document.get(name)
        return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()

    @property
    def pcf(self) -> Mapping[str, Any]:
        """Its carbon footprint."""
        found = self.document.get("pcf")
        return found if isinstance(found, dict) else {}

    @property
    def unit(self) -> str:
        """Its declared unit of measurement."""
        return str(self.pcf.get("declaredUnitOfMeasurement", ""))


@frozen
class Received:
    """A document with footprints.

    Attributes:
        name: what it is called: a file.
        sha256: of all of its bytes, in hexadecimal digits.
        footprints: in its order.
        uri: where others find it; empty: it is named by the UUID of a footprint.
    """

    name: str
    sha256: str
    footprints: tuple[Incoming, ...]
    uri: str = ""

    def chosen(self, identifier: str) -> Incoming:
        """The footprint of that id, or the only one.

        Raises:
            InputError: there is none, or there are several.
        """
        found = [each for each in self.footprints if identifier in ("", each.id)]
        if len(found) == 1:
            return found[0]
        ids = ", ".join(each.id for each in self.footprints[:10])
        what = "there are several footprints in it" if found else f"there is no footprint {identifier} in it"
        raise InputError(what, where=self.name, hint=f"choose with --footprint: {ids}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a buyer knows of goods that came with a footprint.

    Attributes:
        batch: what the lot is to be called.
        material: slug of what it is of; empty: what master data say of its product ids.
        facility: of the buyer, where it is.
        mass: mg; ``None``: as many pieces as are said weigh.
        pieces: how many; ``None``: not counted.
        substances: mass of tracked substances in it, as operations files write it.
        at: UTC time of its arrival.
        origin: ``untraced``, unless an approval allows another.
    """

    batch: str
    material: str
    facility: str
    mass: int | None
    pieces: int | None
    substances: Mapping[str, str]
    at: str
    origin: str = "untraced"


def read(content: bytes, name: str, uri: str = "") -> Received:
    """The footprints of a document: one, an answer with some, a list, or the event that answers a request.

    Args:
        content: all of it, JSON in UTF-8.
        name: what it is called in messages: a file.
        uri: where others find it.

    Raises:
        InputError: it is no JSON, or none of these.
    """
    from traceledger.interop.referee import pact
    from traceledger.interop.referee.hearing import Hearing, Node, Weight
    from traceledger.storage.json_text import loads

    if len(content) > MOST_BYTES:
        raise InputError(f"{len(content)} bytes are too many", where=name, hint=f"at most {MOST_BYTES}")
    document = loads(content.removeprefix(codecs.BOM_UTF8), where=name, exact=True)
    found = []
    for pointer, value in _footprints(document, name):
        hearing = Hearing()
        pact.footprint(hearing, Node(value, pointer))
        faults, doubts = (
            tuple((each.rule, each.pointer, each.what) for each in hearing.of(weight))
            for weight in (Weight.FAULT, Weight.DOUBT)
        )
        found.append(Incoming(pointer, value, _figures(value), faults, doubts))
    if not found:
        raise InputError("there is no footprint in it", where=name)
    return Received(name, sha256(content).hexdigest(), tuple(found), uri)


def _footprints(document: object, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    match document:
        case {"pcf": _}:
            yield from _one(document, "", name)
        case {"data": {"pcf": _} as one}:
            yield from _one(one, "/data", name)
        case {"data": list(listed)}:
            yield from _each(listed, "/data", name)
        case {"data": {"pfs": list(listed)}}:
            yield from _each(listed, "/data/pfs", name)
        case list(listed):
            yield from _each(listed, "", name)
        case _:
            raise InputError(
                "it is no PACT footprint, and no answer with some",
                where=name,
                hint="traceledger check says what it is",
            )


def _each(listed: Sequence[object], place: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, each in enumerate(listed):
        yield from _one(each, f"{place}/{number}", name)


def _one(value: object, place: str, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        raise InputError(f"{place} is no footprint", where=name, hint="leave it out")
    yield place, value


def _figures(document: Mapping[str, Any]) -> dict[str, Decimal]:
    pcf = document.get("pcf")
    named = pcf if isinstance(pcf, dict) else {}
    found = {name: rules.decimal(named.get(name)) for name in rules.FIGURES}
    known = {name: value for name, value in found.items() if value is not None}
    return rules.with_signs(known, rules.version_of(document))


def declared_units(footprint: Incoming, delivery: Delivery, name: str) -> tuple[Fraction, int]:
    """How many declared units a delivery is, and its mass in mg.

    Raises:
        InputError: the declared unit does not fit what is known of the delivery.
    """
    amount = Fraction(footprint.figures["declaredUnitAmount"])
    weighs = Fraction(footprint.figures["productMassPerDeclaredUnit"]) * MG_PER_KG
    if footprint.unit == rules.MASS_UNIT:
        weighs = amount * MG_PER_KG
    if footprint.unit == rules.PIECE and delivery.pieces is not None:
        return _counted(Fraction(delivery.pieces) / amount, weighs, delivery, name)
    if delivery.mass is None or not weighs:
        raise _unfit(footprint, name)
    return Fraction(delivery.mass) / weighs, delivery.mass


def _counted(units: Fraction, weighs: Fraction, delivery: Delivery, name: str) -> tuple[Fraction, int]:
    """The same of pieces that were counted."""
    mass = units * weighs
    if delivery.mass is None:
        if mass.denominator != 1 or not mass:
            what = "the footprint does not tell what the pieces weigh, to the milligram"
            raise InputError(what, where=name, hint="say it with --mass")
        return units, int(mass)
    if mass and abs(mass - delivery.mass) > delivery.mass * _NEAR:
        raise InputError(
            f"{delivery.pieces} pieces weigh {_kilograms(mass)} by the footprint, and"
            f" {_kilograms(Fraction(delivery.mass))} are said",
            where=name,
            hint="correct --mass or --pieces: they may be off by 1 %",
        )
    return units, delivery.mass


def _unfit(footprint: Incoming, name: str) -> InputError:
    unit = footprint.unit
    if unit == rules.PIECE:
        hint = "say how many with --pieces"
    elif footprint.figures["productMassPerDeclaredUnit"]:
        hint = "say the mass of the delivery with --mass"
    else:
        hint = "ask the supplier for a footprint by kilogram or piece, or with productMassPerDeclaredUnit"
    return InputError(
        f"a footprint by {unit} does not fit what is known of the delivery", where=name, hint=hint
    )


def _kilograms(milligrams: Fraction) -> str:
    return format_mass(floor(milligrams), digits=6)


def emissions(figures: Mapping[str, Decimal], units: Fraction) -> Emissions:
    """What so many declared units of a footprint emitted, as the ledger keeps it; the module says how.

    Args:
        figures: of a footprint, for one declared unit, kg CO2e.
        units: how many declared units.
    """

    def amount(*names: str) -> Fraction:
        total = sum((Fraction(figures.get(name, Decimal(0))) for name in names), Fraction(0))
        return total * units * MG_PER_KG

    net = amount("pcfExcludingBiogenicUptake")
    removed = -amount(*(name for name in _REMOVED if figures.get(name, 0) < 0))
    if net + removed < 0:
        # More was removed than is told apart: what is below zero is a removal all the same.
        removed = -net
    total = _rounded(net + removed)
    share = Fraction(figures.get("primaryDataShare", Decimal(0))) / 100
    biogenic = min(floor(amount(*_BIOGENIC)), total)
    return Emissions(
        scope3=total,
        primary=min(floor(max(Fraction(0), share * net)), total),
        biogenic=biogenic,
        land_use=min(floor(amount(*_LAND_USE)), total - biogenic),
        aviation=min(floor(amount(*_AVIATION)), total),
        removals=total - _rounded(net),
    )


def apart(figures: Mapping[str, Decimal], units: Fraction) -> dict[str, int]:
    """Mg CO2e, signed, of figures that the ledger has no place for, rounded to the nearest."""
    names = (rules.UPTAKE, "pcfIncludingBiogenicUptake", "outboundLogisticsGhgEmissions", "landCarbonLeakage")
    return {
        f"{name}_mg": _rounded(Fraction(figures[name]) * units * MG_PER_KG)
        for name in names
        if figures.get(name)
    }


def _rounded(amount: Fraction) -> int:
    return nearest(amount.numerator, amount.denominator)
