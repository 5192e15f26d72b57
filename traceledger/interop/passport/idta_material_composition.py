"""IDTA 02035-6, Digital Battery Passport: material composition 1.0.1 (CC-BY-4.0).

Masses are **kilograms** (1.0.0 had grams), concentrations per cent by mass. The public sees the critical raw
materials by name, without where they are and how much.
"""

from __future__ import annotations

from traceledger.interop.passport import materials
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.batterypass_material_composition import HAZARDS
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import text
from traceledger.interop.passport.told import Lacking, Narrowed, Node
from traceledger.model.units import MG_PER_KG

NAME = "idta-material-composition"


def _materials(battery: Battery) -> Node:
    found: list[Node] = []
    for each in materials.materials(battery):
        node: Node = {
            "BatteryMaterialLocation": Narrowed(
                "2(a)", {"ComponentName?": each.location, "ComponentId?": each.component}
            ),
            "BatteryMaterialIdentifier": each.cas,
            "BatteryMaterialName": each.name,
            "BatteryMaterialMass?": Narrowed("2(a)", each.mass(MG_PER_KG, "kg")),
            "IsCriticalRawMaterial": each.critical,
        }
        found.append(node if materials.is_critical(battery, each) else Narrowed("2(a)", node))
    return found or Lacking("neither ledger nor master data names a material")


def _hazards(battery: Battery) -> Node:
    found = materials.hazards(battery)
    if isinstance(found, Lacking):
        return found
    return [
        {
            "HazardousSubstanceClass?": each.class_in(HAZARDS),
            "HazardousSubstanceName": each.name,
            "HazardousSubstanceIdentifier": each.cas,
            "HazardousSubstanceConcentration?": each.percent,
            "HazardousSubstanceImpact?": each.impacts,
            "HazardousSubstanceLocation?": Narrowed(
                "2(a)", {"ComponentName?": each.location, "ComponentId?": each.component}
            ),
        }
        for each in found
    ]


MEMBERS: Table = (
    Member("/BatteryChemistry/ShortName", "1(b)", text("chemistry.short")),
    Member("/BatteryChemistry/ClearName", "1(b)", text("chemistry.name")),
    Member("/BatteryMaterials", "1(b)", _materials),
    Member("/HazardousSubstances", "1(b)", _hazards),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
