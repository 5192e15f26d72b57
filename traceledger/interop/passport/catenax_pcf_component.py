"""Catena-X PcfForBatteryComponentSupplier 1.0.0 (CC-BY-4.0): components for batteries.

Kg CO2e for each kg or piece, by the four life-cycle stages, which sum to ``absPcfValue``.
``contentC02Metals`` is written with a zero in the model; it says which share of the mass the metals are, in
the model's own words.
"""

from __future__ import annotations

from fractions import Fraction

from traceledger.interop.passport import declared_unit as per
from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.catenax_pcf import POINT
from traceledger.interop.passport.footprint import FOUR, performance_class
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.numbers import number as written
from traceledger.interop.passport.sources import begin_of, end_of, link, number, text, texts
from traceledger.interop.passport.told import Lacking, Node, Told, fixed, from_ledger
from traceledger.model.substances import ENGLISH_NAMES, symbol
from traceledger.provenance.stages import Stage

NAME = "catenax-pcf-component"
UNITS = {per.KILOGRAM: "CO2KG/KG", per.PIECE: "CO2KG/piece"}
PLACES = {
    Stage.RAW_MATERIAL: "stage1RawMaterialAquisitionPreProcessing",
    Stage.MAIN_PRODUCTION: "stage2MainProductProduction",
    Stage.DISTRIBUTION: "stage3Distribution",
    Stage.END_OF_LIFE: "stage4EndOfLifeRecycling",
}
_RATINGS = ("technological", "geographical", "temporal")


def _shares(battery: Battery) -> Node:
    unit = UNITS.get(per.unit(battery))
    stages = per.stages(battery)
    four = {stage: stages[stage] for stage in FOUR}
    told: dict[str, Node] = {PLACES[stage]: {"stageValue": each} for stage, each in four.items()}
    told["declaredUnit"] = (
        Lacking(f"the model knows kg and pieces, not {per.unit(battery)}")
        if unit is None
        else fixed(unit, "the model's word for the declared unit")
    )
    told["absPcfValue"] = {"stageValue": per.total(four)}
    return told


def _metals(battery: Battery) -> Node:
    found: list[Node] = []
    for number_, mass in battery.substances_mg.items():
        if mass and number_ in _METALS:
            share = written(mass * 100 / battery.mass_mg)
            name = ENGLISH_NAMES.get(symbol(number_), symbol(number_)).capitalize()
            text_ = f"Material: {name}, Specific Content: {share}%"
            found.append(from_ledger(text_, "its mass by the product's", battery.making))
    return found


_METALS = frozenset((3, 13, 25, 26, 27, 28, 29, 82))
"""Lithium, aluminium, manganese, iron, cobalt, nickel, copper, lead."""


def _quality(battery: Battery) -> Node:
    """The mean of the three ratings, which the model's own text says it depends on."""
    ratings = [battery.said.number(f"footprint.quality.{each}") for each in _RATINGS]
    lacking = next((each for each in ratings if isinstance(each, Lacking)), None)
    if lacking is not None:
        return lacking
    told = [each for each in ratings if isinstance(each, Told)]
    mean = written(sum((Fraction(each.exact) for each in told), Fraction(0)) / len(told))
    return told[0].as_(lambda _: mean)


def _primary(battery: Battery) -> Node:
    share = written(battery.carbon.whole.primary_share * 100)
    return from_ledger(share, "% from primary data", battery.events)


MEMBERS: Table = (
    Member("/pcfValues/sharesPerStage", POINT, _shares),
    Member("/pcfValues/pcfPerformanceClass?", POINT, performance_class),
    Member("/pcfValues/webLinkToCarbonFootPrintStudy?", POINT, link("footprint-study")),
    Member("/secondaryEmissionFactorSources", POINT, texts("footprint.sources")),
    Member("/primaryDataShare?", POINT, _primary),
    Member("/customerPartId", POINT, text("customer_part_number")),
    Member("/technologicalRepresentativeness", POINT, number("footprint.quality.technological")),
    Member("/geographicalRepresentativeness", POINT, number("footprint.quality.geographical")),
    Member("/timerelatedRepresentativeness", POINT, number("footprint.quality.temporal")),
    Member("/dataQualityRating", POINT, _quality),
    Member("/manufacturerPartId", POINT, text("part_number")),
    Member("/validityPeriod/validFrom?", POINT, begin_of("footprint.valid_from")),
    Member("/validityPeriod/validTo?", POINT, end_of("footprint.valid_until")),
    Member("/siteIdentifier", POINT, lambda battery: identity.site_id(battery, "bpns")),
    Member("/legalidentifier", POINT, lambda battery: identity.company_id(battery, "bpnl", "bpn")),
    Member("/productQualityParameter", POINT, texts("quality_parameters")),
    Member("/contentC02Metals", POINT, _metals),
)
"""Each member and where it comes from."""
LEFT_OUT: dict[str, str] = {}
