"""IDTA 02035-3, Digital Battery Passport: carbon footprint 1.0.0 (CC-BY-4.0).

One footprint of the whole, which names all four phases, and one of each life-cycle stage; the stages sum to
the whole. All are kg CO2e for one ``kwH`` (the model's spelling) of functional unit.
"""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.footprint import FOUR, per_kwh, performance_class, stage_per_kwh
from traceledger.interop.passport.idta_shapes import documents
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.told import Node, fixed
from traceledger.provenance.stages import Stage

NAME = "idta-carbon-footprint"
PHASES = {
    Stage.RAW_MATERIAL: "A1 - raw material supply (and upstream production)",
    Stage.MAIN_PRODUCTION: "A3 - production",
    Stage.DISTRIBUTION: "A4 - transport to final destination",
    Stage.END_OF_LIFE: "C3 - recycling, waste treatment",
}
"""The stages of Annex II in the model's words, as the model itself maps DIN DKE SPEC 99100, 6.3."""


def _footprints(battery: Battery) -> Node:
    whole = _footprint(battery, per_kwh(battery), FOUR)
    return [whole, *(_footprint(battery, stage_per_kwh(battery, stage), (stage,)) for stage in FOUR)]


def _footprint(battery: Battery, amount: Node, stages: Sequence[Stage]) -> Node:
    return {
        "PcfCalculationMethods": battery.said.texts("carbon_footprint_methods"),
        "PcfCo2eq": amount,
        "ReferenceImpactUnitForCalculation": fixed("kwH", "kWh of functional unit"),
        "QuantityOfMeasureForCalculation": fixed(1, "for one kWh"),
        "LifeCyclePhases": [fixed(PHASES[stage], f"the model's word for {stage.words}") for stage in stages],
        "PerformanceClass": performance_class(battery),
        "WebLinkToPublicCarbonFootprintStudy": documents("footprint-study")(battery),
    }


MEMBERS: Table = (Member("/ProductCarbonFootprints", "1(c)", _footprints),)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
