"""Battery Pass data model 1.2.0, MaterialComposition (CC-BY-4.0).

Masses are **grams** (the schema does not say so; the model's source does), concentrations per cent by mass.
DIN DKE SPEC 99100, 6.5. The public sees the critical raw materials by name, without where they are and how
much.
"""

from __future__ import annotations

from traceledger.interop.passport import materials
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import text
from traceledger.interop.passport.told import Lacking, Narrowed, Node
from traceledger.model.units import MG_PER_G

NAME = "batterypass-material-composition"
HAZARDS = {
    "acute-toxicity": "AcuteToxicity",
    "skin-corrosion-or-irritation": "SkinCorrosionOrIrritation",
    "eye-damage-or-irritation": "EyeDamageOrIrritation",
}
"""Hazard classes of master data, in the model's words: it has no more."""


def _materials(battery: Battery) -> Node:
    found: list[Node] = []
    for each in materials.materials(battery):
        node: Node = {
            "batteryMaterialLocation": Narrowed(
                "2(a)", {"componentName": each.location, "componentId?": each.component}
            ),
            "batteryMaterialIdentifier": each.cas,
            "batteryMaterialName": each.name,
            "batteryMaterialMass": Narrowed("2(a)", each.mass(MG_PER_G, "g")),
            "isCriticalRawMaterial": each.critical,
        }
        found.append(node if materials.is_critical(battery, each) else Narrowed("2(a)", node))
    return found or Lacking("neither ledger nor master data names a material")


def _hazards(battery: Battery) -> Node:
    found = materials.hazards(battery)
    if isinstance(found, Lacking):
        return found
    return [
        {
            "hazardousSubstanceClass": each.class_in(HAZARDS),
            "hazardousSubstanceName": each.name,
            "hazardousSubstanceConcentration": each.percent,
            "hazardousSubstanceImpact": each.impacts,
            "hazardousSubstanceLocation": Narrowed(
                "2(a)", {"componentName": each.location, "componentId?": each.component}
            ),
            "hazardousSubstanceIdentifier": each.cas,
        }
        for each in found
    ]


MEMBERS: Table = (
    Member("/batteryChemistry/shortName", "1(b)", text("chemistry.short")),
    Member("/batteryChemistry/clearName", "1(b)", text("chemistry.name")),
    Member("/batteryMaterials", "1(b)", _materials),
    Member("/hazardousSubstances", "1(b)", _hazards),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
