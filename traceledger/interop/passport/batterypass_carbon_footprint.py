"""Battery Pass data model 1.2.0, CarbonFootprintForBatteries (CC-BY-4.0).

Kg CO2e for each kWh of functional unit, of the whole and of each life-cycle stage, which sum to it; and kg
CO2e of one battery. DIN DKE SPEC 99100, 6.3.
"""

from __future__ import annotations

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.footprint import absolute, per_kwh, performance_class, stage_per_kwh
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import link
from traceledger.interop.passport.told import Node, fixed
from traceledger.provenance.stages import Stage

NAME = "batterypass-carbon-footprint"
STAGES = {
    Stage.RAW_MATERIAL: "RawMaterialExtraction",
    Stage.MAIN_PRODUCTION: "MainProduction",
    Stage.DISTRIBUTION: "Distribution",
    Stage.END_OF_LIFE: "Recycling",
}


def _stages(battery: Battery) -> Node:
    return [
        {
            "lifecycleStage": fixed(word, f"the model's word for {stage.words}"),
            "carbonFootprint": stage_per_kwh(battery, stage),
        }
        for stage, word in STAGES.items()
    ]


MEMBERS: Table = (
    Member("/batteryCarbonFootprint", "1(c)", per_kwh),
    Member("/carbonFootprintPerLifecycleStage", "1(c)", _stages),
    Member("/carbonFootprintPerformanceClass", "1(c)", performance_class),
    Member("/carbonFootprintStudy", "1(c)", link("footprint-study")),
    Member("/absoluteCarbonFootprint?", "1(c)", absolute),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
