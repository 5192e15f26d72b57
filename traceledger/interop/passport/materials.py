"""What a battery is made of: the substances that the ledger tracks, and what master data adds.

The ledger knows masses of substances; where in the battery they are, master data says (``materials``), and it
names what the ledger does not track, such as the electrolyte. Registry numbers (CAS) of elements, and which
materials are critical, are facts of the tables here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from traceledger.errors import InputError
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.numbers import number
from traceledger.interop.passport.said import Said
from traceledger.interop.passport.told import Lacking, Node, Told, fixed, from_ledger, from_master_data
from traceledger.model import substances
from traceledger.model.units import MG_PER_G

CAS: Mapping[int, str] = {
    3: "7439-93-2",
    6: "7440-44-0",
    9: "7782-41-4",
    11: "7440-23-5",
    12: "7439-95-4",
    13: "7429-90-5",
    14: "7440-21-3",
    15: "7723-14-0",
    16: "7704-34-9",
    22: "7440-32-6",
    23: "7440-62-2",
    25: "7439-96-5",
    26: "7439-89-6",
    27: "7440-48-4",
    28: "7440-02-0",
    29: "7440-50-8",
    30: "7440-66-6",
    40: "7440-67-7",
    41: "7440-03-1",
    48: "7440-43-9",
    50: "7440-31-5",
    51: "7440-36-0",
    80: "7439-97-6",
    82: "7439-92-1",
    1000: "12001-26-2",
    1001: "7782-42-5",
}
"""CAS registry numbers by substance number; of carbon as such, of natural graphite, of mica."""

CRITICAL: frozenset[int] = frozenset(
    (
        *(2, 3, 4, 5, 12, 13, 14, 15, 21, 22, 23, 25, 27, 28, 29, 31, 32, 33, 38, 41, 51, 72, 73, 74, 83),
        *(44, 45, 46, 76, 77, 78),
        *(39, *range(57, 72)),
        1001,
    )
)
"""Substances of Regulation (EU) 2024/1252, Annex II, by number: elements of the critical raw materials, of
the platinum group (44 to 46, 76 to 78) and of the rare earths (39, 57 to 71); natural graphite."""

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Material:
    """A material in a battery.

    Attributes:
        name: what it is called.
        cas: its registry number.
        mass_mg: its mass in one battery, exactly; told as a number by :meth:`mass`.
        location: in which component it is.
        component: the identifier of that.
        critical: whether it is a critical raw material.
        substance: its number on the ledger; ``None`` where only master data knows it.
        said: what master data says of it.
        events: from which its mass is computed.
    """

    name: Node
    cas: Node
    mass_mg: Fraction | Lacking
    location: Node
    component: Node
    critical: Told
    substance: int | None
    said: Said
    events: tuple[str, ...]

    def mass(self, mg: int, unit: str) -> Node:
        """Its mass in a model's own unit.

        Args:
            mg: of one unit.
            unit: its name.
        """
        if isinstance(self.mass_mg, Lacking):
            return self.mass_mg
        value = number(self.mass_mg / mg)
        if self.substance is None:
            return from_master_data(value, f"{self.said.values['mass_g'].where}, in {unit}")
        return from_ledger(value, f"{unit} of it in one battery", self.events)

    def share(self, battery: Battery, parts: int = HUNDRED) -> Node:
        """Its share in the mass of the battery, of a hundred."""
        if isinstance(self.mass_mg, Lacking):
            return self.mass_mg
        what = "its mass in one battery by the battery's, in %"
        return from_ledger(number(self.mass_mg * parts / battery.mass_mg), what, battery.events)


def materials(battery: Battery) -> tuple[Material, ...]:
    """The substances that the ledger tracks in it, by number; then what master data adds.

    Raises:
        InputError: master data names a substance that there is not.
    """
    said = dict(_by_substance(battery.said))
    tracked = tuple(
        _tracked(battery, key, mass, said.get(key)) for key, mass in battery.substances_mg.items() if mass
    )
    return tracked + tuple(_added(each) for key, each in _by_substance(battery.said) if key is None)


def of_substance(battery: Battery, substance: int) -> Material | None:
    """The tracked one of that number; ``None`` where the battery holds none."""
    return next((each for each in materials(battery) if each.substance == substance), None)


def is_critical(battery: Battery, material: Material) -> bool:
    """Whether the label must tell it: critical, and above 0.1 % by mass (Annex VI, part A, point 10)."""
    if material.critical.value is not True:
        return False
    return isinstance(material.mass_mg, Lacking) or material.mass_mg * 1000 > battery.mass_mg


def _by_substance(said: Said) -> Iterator[tuple[int | None, Said]]:
    for each in said.tables("materials") or ():
        symbol = each.text("substance")
        yield (None if isinstance(symbol, Lacking) else _number(symbol)), each


def _number(symbol: Told) -> int:
    try:
        return substances.number(str(symbol.value))
    except InputError as error:
        raise InputError(str(error), where=symbol.what) from None


def _tracked(battery: Battery, key: int, mass: Fraction, said: Said | None) -> Material:
    symbol = substances.symbol(key)
    nothing = Lacking(f"master data says in no [[materials]] where the {symbol} is")
    name = substances.ENGLISH_NAMES.get(symbol, symbol).capitalize()
    cas = CAS.get(key)
    own = Said() if said is None else said
    return Material(
        name=own.text("name")
        if own.has("name")
        else from_ledger(name, "substance of the ledger", battery.making),
        cas=own.text("cas")
        if own.has("cas")
        else fixed(cas, f"registry number of {symbol}")
        if cas
        else Lacking(f"no registry number of {symbol} is known"),
        mass_mg=mass,
        location=nothing if said is None else said.text("location"),
        component=nothing if said is None else said.text("component"),
        critical=_said_critical(own)
        or fixed(key in CRITICAL, "whether Regulation (EU) 2024/1252, Annex II, lists it"),
        substance=key,
        said=own,
        events=battery.events,
    )


def _said_critical(said: Said) -> Told | None:
    """What master data itself says of ``critical``; ``None`` where it says nothing."""
    found = said.truth("critical")
    return None if isinstance(found, Lacking) else found


def _added(said: Said) -> Material:
    mass = said.number("mass_g")
    return Material(
        name=said.text("name"),
        cas=said.text("cas"),
        mass_mg=mass if isinstance(mass, Lacking) else Fraction(mass.exact) * MG_PER_G,
        location=said.text("location"),
        component=said.text("component"),
        critical=_said_critical(said) or fixed(value=False, what="master data does not call it critical"),
        substance=None,
        said=said,
        events=(),
    )


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazardous substance other than mercury, cadmium or lead (Annex VI, part A, point 8)."""

    name: Node
    cas: Node
    kind: Told | Lacking
    percent: Node
    location: Node
    component: Node
    impacts: Node
    substance: int | None

    def class_in(self, words: Mapping[str, str]) -> Node:
        """Its hazard class in a model's words."""
        if isinstance(self.kind, Lacking):
            return self.kind
        word = words.get(str(self.kind.value))
        return (
            Lacking(f"the model has no class {self.kind.value!r}")
            if word is None
            else self.kind.as_(lambda _: word)
        )


def hazards(battery: Battery) -> tuple[Hazard, ...] | Lacking:
    """What master data lists; of tracked substances the concentration is the ledger's.

    An empty list says that there are none; no list says nothing.
    """
    found = battery.said.tables("hazardous_substances")
    if found is None:
        return Lacking("master data lists no hazardous_substances; an empty list says that there are none")
    return tuple(_hazard(battery, each) for each in found)


def _hazard(battery: Battery, said: Said) -> Hazard:
    symbol = said.text("substance")
    own = None if isinstance(symbol, Lacking) else of_substance(battery, _number(symbol))
    return Hazard(
        name=said.text("name") if said.has("name") or own is None else own.name,
        cas=said.text("cas") if said.has("cas") or own is None else own.cas,
        kind=said.text("class"),
        percent=said.number("concentration_percent") if own is None else own.share(battery),
        location=said.text("location") if said.has("location") or own is None else own.location,
        component=said.text("component") if said.has("component") or own is None else own.component,
        impacts=said.texts("impacts"),
        substance=None if own is None else own.substance,
    )
