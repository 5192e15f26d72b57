"""Models of the Battery Pass consortium, 1.2.0, and their likes of IDTA (02035), 1.0.0 and 1.0.1.

They look alike and differ: names of IDTA begin with a capital, masses of materials are grams in Battery Pass
(its model's source says so; its schema does not) and kilograms in IDTA's.
"""

from __future__ import annotations

from decimal import Decimal

from traceledger.interop.referee import battery, figures, shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.identifiers import check_cas
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.times import in_order
from traceledger.model.units import MG_PER_G, MG_PER_KG

_STAGES = ("RawMaterialExtraction", "MainProduction", "Distribution", "Recycling")
_METALS = ("Cobalt", "Nickel", "Lithium", "Lead")
_CATEGORIES = ("lmt", "ev", "industrial", "stationary")
_STATES = ("Original", "Repurposed", "Reused", "Remanufactured", "Waste")
_URI = shapes.text(form="uri")
_CAS = shapes.text(r"^\d{2,7}-\d{2}-\d$")

_CARBON = shapes.record(
    {
        "batteryCarbonFootprint": shapes.number(0),
        "carbonFootprintPerLifecycleStage": shapes.several(
            shapes.record({"lifecycleStage": shapes.word(_STAGES), "carbonFootprint": shapes.number()})
        ),
        "carbonFootprintPerformanceClass": shapes.text(),
        "carbonFootprintStudy": _URI,
    },
    {"absoluteCarbonFootprint": shapes.number(0)},
)


def carbon(hearing: Hearing, node: Node) -> None:
    """Check a CarbonFootprint 1.2.0."""
    shapes.compare(hearing, _CARBON, node)
    parts, named = [], []
    for each in node.each("carbonFootprintPerLifecycleStage"):
        found, stage = number_at(each, "carbonFootprint"), each.get("lifecycleStage")
        if found is not None:
            parts.append(found)
        if stage is not None and stage.text is not None:
            named.append((stage, stage.text))
        if found is not None and stage is not None and found[1] < 0 and stage.value != "Recycling":
            hearing.fault(
                "sign", found[0], "only recycling may save more than it emits", expected="at least 0"
            )
    sums.doubled(hearing, named)
    whole = number_at(node, "batteryCarbonFootprint")
    if whole is not None and parts and len(parts) == len(named):
        given = {name for _, name in named} == set(_STAGES)
        sums.stages_of(hearing, "stages", whole, parts, all_given=given)
    absolute = number_at(node, "absoluteCarbonFootprint")
    if whole is not None and absolute is not None and 0 < absolute[1] < whole[1]:
        hearing.doubt(
            "stages",
            absolute[0],
            "it is less than the footprint of one kilowatt hour over the life of the battery",
            expected=f"more than {figures.written(whole[1])}",
        )


_CIRCULAR = shapes.record(
    {
        "dismantlingAndRemovalInformation": shapes.several(
            shapes.record({"documentType": shapes.text(), "mimeType": shapes.text(), "documentURL": _URI})
        ),
        "sparePartSources": shapes.several({"type": "object"}),
        "recycledContent": shapes.several(
            shapes.record(
                {
                    "preConsumerShare": shapes.number(),
                    "recycledMaterial": shapes.word(_METALS),
                    "postConsumerShare": shapes.number(),
                }
            )
        ),
        "safetyMeasures": {"type": "object"},
        "endOfLifeInformation": {"type": "object"},
        "renewableContent": shapes.number(),
    }
)


def circularity(hearing: Hearing, node: Node) -> None:
    """Check a Circularity 1.2.0."""
    shapes.compare(hearing, _CIRCULAR, node)
    _recycled(hearing, node, "recycledContent", capital=False)


def idta_circularity(hearing: Hearing, node: Node) -> None:
    """Check a CircularityBattery 1.0.0."""
    shapes.compare(hearing, _IDTA_CIRCULAR, node)
    _recycled(hearing, node, "RecycledContentInformation", capital=True)


def _recycled(hearing: Hearing, node: Node, name: str, *, capital: bool) -> None:
    before, metal, after = (
        _named(each, capital=capital)
        for each in ("preConsumerShare", "recycledMaterial", "postConsumerShare")
    )
    named = []
    for each in node.each(name):
        material = each.get(metal)
        if material is not None and material.text is not None:
            named.append((material, material.text))
            battery.recycled(hearing, material.text, number_at(each, before), number_at(each, after))
    sums.doubled(hearing, named)
    sums.percent(hearing, number_at(node, _named("renewableContent", capital=capital)), fraction=True)


def _named(name: str, *, capital: bool) -> str:
    return f"{name[0].upper()}{name[1:]}" if capital else name


_IDTA_CIRCULAR = shapes.record(
    {
        "DismantlingAndRemovalInformation": shapes.several(shapes.text()),
        "SparePartSources": shapes.several({"type": "object"}),
        "RecycledContentInformation": shapes.several(
            shapes.record(
                {
                    "PreConsumerShare": shapes.number(),
                    "RecycledMaterial": shapes.word(_METALS),
                    "PostConsumerShare": shapes.number(),
                }
            )
        ),
        "SafetyMeasures": {"type": "object"},
        "EndOfLifeInformation": {"type": "object"},
        "RenewableContent": shapes.number(),
    }
)


def _composition_shape(*, capital: bool) -> shapes.Shape:
    def named(name: str) -> str:
        return _named(name, capital=capital)

    material = shapes.record(
        {
            named("batteryMaterialLocation"): {"type": "object"},
            named("batteryMaterialIdentifier"): _CAS,
            named("batteryMaterialName"): shapes.text(),
            named("isCriticalRawMaterial"): shapes.BOOLEAN,
            **({} if capital else {"batteryMaterialMass": shapes.number()}),
        },
        {named("batteryMaterialMass"): shapes.number()},
    )
    substance = shapes.record(
        {named("hazardousSubstanceName"): shapes.text(), named("hazardousSubstanceIdentifier"): _CAS},
        {named("hazardousSubstanceConcentration"): shapes.number()},
    )
    chemistry = shapes.record(dict.fromkeys((named("shortName"), named("clearName")), shapes.text()))
    return shapes.record(
        {
            named("batteryChemistry"): chemistry,
            named("batteryMaterials"): shapes.several(material),
            named("hazardousSubstances"): shapes.several(substance),
        }
    )


_MATERIALS, _IDTA_MATERIALS = _composition_shape(capital=False), _composition_shape(capital=True)


def materials(hearing: Hearing, node: Node) -> None:
    """Check a MaterialComposition 1.2.0: masses in gram."""
    shapes.compare(hearing, _MATERIALS, node)
    _materials(hearing, node, capital=False)


def idta_materials(hearing: Hearing, node: Node) -> None:
    """Check a MaterialCompositionBattery 1.0.1: masses in kilogram."""
    shapes.compare(hearing, _IDTA_MATERIALS, node)
    _materials(hearing, node, capital=True)


def _materials(hearing: Hearing, node: Node, *, capital: bool) -> None:
    listed = []
    for each in node.each(_named("batteryMaterials", capital=capital)):
        number = each.get(_named("batteryMaterialIdentifier", capital=capital))
        check_cas(hearing, number)
        battery.critical(hearing, number, each.get(_named("isCriticalRawMaterial", capital=capital)))
        mass = number_at(each, _named("batteryMaterialMass", capital=capital))
        if mass is not None:
            listed.append(mass)
    if capital:
        battery.masses(hearing, listed, unit=MG_PER_KG, most=battery.HEAVIEST, least=Decimal(0))
    else:
        battery.masses(hearing, listed, unit=MG_PER_G, most=battery.HEAVIEST * 1000, least=Decimal(500))
    shares = []
    for each in node.each(_named("hazardousSubstances", capital=capital)):
        check_cas(hearing, each.get(_named("hazardousSubstanceIdentifier", capital=capital)))
        share = number_at(each, _named("hazardousSubstanceConcentration", capital=capital))
        sums.percent(hearing, share)
        if share is not None:
            shares.append(share)
    total = figures.added(value for _, value in shares)
    if total > 100 and all(0 <= value <= 100 for _, value in shares):
        hearing.fault(
            "composition",
            shares[-1][0],
            f"the concentrations add up to {figures.written(total)} %",
            expected="at most 100 % together",
        )


_GENERAL = shapes.record(
    {
        "productIdentifier": shapes.text(least=1),
        "batteryPassportIdentifier": shapes.text("^urn:[a-z0-9]+:[a-z0-9]+$"),
        "batteryCategory": shapes.word(_CATEGORIES),
        "manufacturerInformation": {"type": "object"},
        "manufacturingDate": shapes.text(),
        "batteryStatus": shapes.word(_STATES),
        "batteryMass": shapes.above(0),
        "manufacturingPlace": {"type": "object"},
        "operatorInformation": {"type": "object"},
        "puttingIntoService": shapes.text(),
        "warrentyPeriod": shapes.text(),
    }
)


def general(hearing: Hearing, node: Node) -> None:
    """Check a GeneralProductInformation 1.2.0: its mass in kilogram."""
    shapes.compare(hearing, _GENERAL, node)
    battery.mass(hearing, number_at(node, "batteryMass"))
    in_order(hearing, node.get("manufacturingDate"), node.get("puttingIntoService"), "passport-dates")


_DILIGENCE = shapes.record(
    {"supplyChainDueDiligenceReport": _URI},
    {"thirdPartyAussurances": _URI, "supplyChainIndicies": shapes.number(0)},
)


def diligence(hearing: Hearing, node: Node) -> None:
    """Check a SupplyChainDueDiligence 1.2.0, whose misspelt names are the right ones."""
    shapes.compare(hearing, _DILIGENCE, node)
    for wrong, right in (
        ("thirdPartyAssurances", "thirdPartyAussurances"),
        ("supplyChainIndices", "supplyChainIndicies"),
    ):
        place = node.get(wrong)
        if place is not None:
            hearing.doubt("shape", place, "the model spells this name otherwise", expected=right)


_IDTA_CARBON = shapes.record(
    {
        "ProductCarbonFootprints": shapes.several(
            shapes.record(
                {
                    "PcfCalculationMethods": shapes.several(shapes.text()),
                    "PcfCo2eq": shapes.number(),
                    "ReferenceImpactUnitForCalculation": shapes.word(
                        ("g", "kg", "t", "ml", "l", "cbm", "qm", "piece", "kwH")
                    ),
                    "QuantityOfMeasureForCalculation": shapes.above(0),
                    "LifeCyclePhases": shapes.several(shapes.text()),
                    "PerformanceClass": shapes.text(),
                    "WebLinkToPublicCarbonFootprintStudy": shapes.several(shapes.text()),
                }
            )
        )
    }
)
_MODULES = {
    "A1": ("A1",),
    "A2": ("A2",),
    "A3": ("A3",),
    "A1-A3": ("A1", "A2", "A3"),
    "A4": ("A4",),
    "A5": ("A5",),
    "A4-A5": ("A4", "A5"),
}


def idta_carbon(hearing: Hearing, node: Node) -> None:
    """Check a CarbonFootprintBattery 1.0.0: figures of one unit, each of some phases of the life cycle."""
    shapes.compare(hearing, _IDTA_CARBON, node)
    found: dict[tuple[str, str], dict[frozenset[str], tuple[Node, Decimal]]] = {}
    for each in node.each("ProductCarbonFootprints"):
        value = number_at(each, "PcfCo2eq")
        phases = frozenset(
            code for phase in each.each("LifeCyclePhases") for code in _codes(phase.text or "")
        )
        if value is None or not phases:
            continue
        if value[1] < 0 and not any(code.startswith("D") for code in phases):
            hearing.fault(
                "sign",
                value[0],
                "only module D is beyond the life cycle and may be negative",
                expected="at least 0",
            )
        unit, amount = (
            each.get("ReferenceImpactUnitForCalculation"),
            each.get("QuantityOfMeasureForCalculation"),
        )
        key = (str(unit.value) if unit else "", str(amount.value) if amount else "")
        found.setdefault(key, {})[phases] = value
    for of_unit in found.values():
        _phases(hearing, of_unit)


def _codes(phase: str) -> tuple[str, ...]:
    code = phase.split(" ", 1)[0]
    return _MODULES.get(code, (code,))


def _phases(hearing: Hearing, found: dict[frozenset[str], tuple[Node, Decimal]]) -> None:
    """A figure of several phases is the sum of those that are told apart, if they are the same phases."""
    for phases, whole in found.items():
        parts = {each: value for each, value in found.items() if each < phases}
        listed = [code for each in parts for code in each]
        if len(listed) == len(set(listed)) and set(listed) == phases:
            sums.total_of(hearing, "stages", whole, list(parts.values()), "its phases, told apart,")


KINDS = (
    Kind(
        "batterypass-carbon-footprint",
        "Battery Pass CarbonFootprint 1.2.0",
        (
            "batteryCarbonFootprint",
            "carbonFootprintPerLifecycleStage",
            "carbonFootprintPerformanceClass",
            "carbonFootprintStudy",
        ),
        carbon,
        "batterypass.carbon_footprint",
    ),
    Kind(
        "batterypass-circularity",
        "Battery Pass Circularity 1.2.0",
        ("recycledContent", "sparePartSources", "renewableContent", "endOfLifeInformation"),
        circularity,
        "batterypass.circularity",
    ),
    Kind(
        "batterypass-material-composition",
        "Battery Pass MaterialComposition 1.2.0",
        ("batteryMaterials", "batteryChemistry", "hazardousSubstances"),
        materials,
        "batterypass.material_composition",
    ),
    Kind(
        "batterypass-general",
        "Battery Pass GeneralProductInformation 1.2.0",
        ("batteryPassportIdentifier", "batteryMass", "manufacturerInformation", "batteryCategory"),
        general,
        "batterypass.general_product_information",
    ),
    Kind(
        "batterypass-due-diligence",
        "Battery Pass SupplyChainDueDiligence 1.2.0",
        ("supplyChainDueDiligenceReport",),
        diligence,
        "batterypass.supply_chain_due_diligence",
    ),
    Kind(
        "idta-carbon-footprint",
        "IDTA 02035-3 CarbonFootprintBattery 1.0.0",
        ("ProductCarbonFootprints",),
        idta_carbon,
        "idta.carbon_footprint",
    ),
    Kind(
        "idta-circularity",
        "IDTA 02035-7 CircularityBattery 1.0.0",
        ("RecycledContentInformation", "SparePartSources", "RenewableContent", "EndOfLifeInformation"),
        idta_circularity,
        "idta.circularity",
    ),
    Kind(
        "idta-material-composition",
        "IDTA 02035-6 MaterialCompositionBattery 1.0.1",
        ("BatteryMaterials", "BatteryChemistry", "HazardousSubstances"),
        idta_materials,
        "idta.material_composition",
    ),
)
"""What is checked here."""
