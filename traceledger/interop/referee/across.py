"""What several documents say of one battery: where they contradict each other.

Passports of Battery Pass and IDTA are parted into submodels; the mass of the battery stands in one, those of
its materials in another. Documents that are given together, no two of one kind, are taken as of one battery.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from traceledger.interop.referee import figures
from traceledger.interop.referee.hearing import Finding, Hearing, Node, number_at
from traceledger.model.frozen import frozen

_KILOGRAMS = {
    "unit:gram": Decimal("0.001"),
    "unit:kilogram": Decimal(1),
    "unit:tonneMetricTon": Decimal(1000),
}
_GRAM = Decimal("0.001")
_MASS = "mass in kg"
_TOLERANCE = Decimal("0.005")
"""Part of the battery's mass by which that of its materials may be off."""
_VOLTAGES = {
    "minimal": ("MinVoltage", "min"),
    "nominal": ("NominalVoltage", "nominal"),
    "maximal": ("MaxVoltage", "max"),
}


@frozen
class Fact:
    """What a document says of the battery.

    Attributes:
        name: what it is of, with its unit.
        node: where it stands.
        value: in that unit.
        slack: how far the figure may be off by its digits, in that unit.
    """

    name: str
    node: Node
    value: Decimal
    slack: Fraction


def compared(documents: Sequence[tuple[str, str, Node]]) -> dict[int, tuple[Finding, ...]]:
    """What is wrong between documents of one battery, by the number of the document at which it is said.

    Args:
        documents: name, kind and content of each.
    """
    kinds = [kind for _, kind, _ in documents]
    if len(documents) < 2 or len(set(kinds)) < len(kinds):
        return {}
    hearings = [Hearing() for _ in documents]
    known: dict[str, tuple[Fact, str]] = {}
    for hearing, (name, kind, node) in zip(hearings, documents, strict=True):
        for fact in _facts(kind, node):
            if fact.name not in known:
                known[fact.name] = (fact, name)
                continue
            first, where = known[fact.name]
            if not _same(first, fact):
                told = f"{where} says that the {first.name} is {figures.written(first.value)}"
                hearing.fault("across", fact.node, told, expected=figures.written(first.value))
    _weigh(hearings, documents, known)
    return {number: tuple(each.findings) for number, each in enumerate(hearings) if each.findings}


def _same(first: Fact, second: Fact) -> bool:
    """Whether two figures are one, as far as each shows digits."""
    return abs(Fraction(first.value) - Fraction(second.value)) <= first.slack + second.slack


def _weigh(
    hearings: list[Hearing],
    documents: Sequence[tuple[str, str, Node]],
    known: dict[str, tuple[Fact, str]],
) -> None:
    """The materials of a battery weigh no more than it."""
    if _MASS not in known:
        return
    mass, where = known[_MASS]
    most = mass.value * (1 + _TOLERANCE)
    for hearing, (_, kind, node) in zip(hearings, documents, strict=True):
        masses, factor = list(_materials(kind, node)), _GRAM if kind.startswith("batterypass") else Decimal(1)
        total = figures.added(value for _, value in masses if value > 0) * factor
        if not masses or total <= most:
            continue
        heavier = f"the materials weigh {figures.written(total)} kg"
        hint = " (are they in gram?)" if factor == 1 and total * _GRAM <= most else ""
        hearing.fault(
            "composition",
            masses[-1][0],
            f"{heavier}, and {where} says that the battery weighs {figures.written(mass.value)} kg{hint}",
            expected=f"at most {figures.written(mass.value)} kg together",
        )


def _materials(kind: str, node: Node) -> Iterator[tuple[Node, Decimal]]:
    lists = {
        "batterypass-material-composition": ("batteryMaterials", "batteryMaterialMass"),
        "idta-material-composition": ("BatteryMaterials", "BatteryMaterialMass"),
    }
    if kind in lists:
        name, mass = lists[kind]
        for each in node.each(name):
            found = number_at(each, mass)
            if found is not None:
                yield found


def _facts(kind: str, node: Node) -> Iterator[Fact]:
    """What a document says that others may say too."""
    match kind:
        case "batterypass-general":
            yield from _fact(_MASS, node, "batteryMass")
        case "batterypass-carbon-footprint":
            yield from _fact("carbon footprint in kg CO2e/kWh", node, "batteryCarbonFootprint")
        case "batterypass-circularity":
            names = ("preConsumerShare", "recycledMaterial", "postConsumerShare")
            yield from _recycled(node, "recycledContent", *names)
        case "idta-circularity":
            names = ("PreConsumerShare", "RecycledMaterial", "PostConsumerShare")
            yield from _recycled(node, "RecycledContentInformation", *names)
        case "idta-technical-data":
            yield from _fact(_MASS, node, "GeneralInformation", "BatteryMass")
            rated = node.get("TechnicalPropertyAreas", "CapacityEnergyVoltage")
            yield from _fact("rated capacity in Ah", rated, "RatedCapacity")
            for name, (member, _) in _VOLTAGES.items():
                yield from _fact(f"{name} voltage in V", rated, member)
        case "catenax-battery-pass":
            yield from _pass(node)
        case _:
            return


def _pass(node: Node) -> Iterator[Fact]:
    weight = node.get("characteristics", "physicalDimension", "weight")
    unit = None if weight is None else weight.get("unit")
    factor = _KILOGRAMS.get(str(unit.value)) if unit is not None else None
    found = number_at(weight, "value")
    if found is not None and factor is not None:
        yield Fact(_MASS, found[0], found[1] * factor, figures.half_unit(found[1]) * Fraction(factor))
    rated = node.get("performance", "rated")
    yield from _fact("rated capacity in Ah", rated, "capacity", "value")
    for name, (_, member) in _VOLTAGES.items():
        yield from _fact(f"{name} voltage in V", rated, "voltage", member)


def _fact(name: str, node: Node | None, *path: str) -> Iterator[Fact]:
    found = number_at(node, *path)
    if found is not None:
        yield Fact(name, found[0], found[1], figures.half_unit(found[1]))


def _recycled(node: Node, listed: str, before: str, metal: str, after: str) -> Iterator[Fact]:
    for each in node.each(listed):
        named = each.get(metal)
        if named is None or named.text is None:
            continue
        for member, when in ((before, "before"), (after, "after")):
            yield from _fact(f"share of {named.text.lower()} recycled {when} use", each, member)
