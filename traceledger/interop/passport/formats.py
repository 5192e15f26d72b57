"""The formats that can be written: one module for each model, with its table.

Example:
    >>> FORMATS["batterypass-circularity"].urn
    'urn:samm:io.BatteryPass.Circularity:1.2.0#Circularity'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traceledger.interop.passport import (
    batterypass_carbon_footprint,
    batterypass_circularity,
    batterypass_due_diligence,
    batterypass_general,
    batterypass_material_composition,
    catenax_batch,
    catenax_battery_pass,
    catenax_bom_as_built,
    catenax_pcf,
    catenax_pcf_component,
    catenax_serial_part,
    idta_carbon_footprint,
    idta_circularity,
    idta_handover,
    idta_material_composition,
    idta_nameplate,
    idta_product_condition,
    idta_technical_data,
)
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.members import OPTIONAL, Table
from traceledger.interop.passport.names import NO_PASSPORTS


@dataclass(frozen=True, slots=True)
class Format:
    """A model that can be written.

    Attributes:
        name: its word for the command.
        title: what its makers call it, with the version.
        urn: of the model.
        schema: the name of its official schema (:mod:`traceledger.interop.schemas`).
        table: its members.
        left_out: what it has room for and is never filled, and why.
    """

    name: str
    title: str
    urn: str
    schema: str
    table: Table
    left_out: Mapping[str, str]

    @property
    def readers(self) -> tuple[Reader, ...]:
        """For whom there are files of it: what is no passport, such as a footprint, has one reader."""
        return tuple(Reader) if self.name not in NO_PASSPORTS else (Reader.COMPLETE,)


_CONSORTIUM = "urn:samm:io.BatteryPass"
_IDTA = "urn:samm:io.admin-shell.idta.batterypass"
_MODELS = (
    (
        catenax_battery_pass,
        "Catena-X BatteryPass 6.1.0",
        "urn:samm:io.catenax.battery.battery_pass:6.1.0#BatteryPass",
        "catenax.battery_pass",
    ),
    (catenax_pcf, "Catena-X Pcf 9.0.0", "urn:samm:io.catenax.pcf:9.0.0#Pcf", "catenax.pcf"),
    (
        catenax_pcf_component,
        "Catena-X PcfForBatteryComponentSupplier 1.0.0",
        "urn:samm:io.catenax.pcf_for_battery_component_supplier:1.0.0#PcfForBatteryComponentSupplier",
        "catenax.pcf_for_battery_component_supplier",
    ),
    (catenax_batch, "Catena-X Batch 4.0.0", "urn:samm:io.catenax.batch:4.0.0#Batch", "catenax.batch"),
    (
        catenax_serial_part,
        "Catena-X SerialPart 4.0.0",
        "urn:samm:io.catenax.serial_part:4.0.0#SerialPart",
        "catenax.serial_part",
    ),
    (
        catenax_bom_as_built,
        "Catena-X SingleLevelBomAsBuilt 4.0.0",
        "urn:samm:io.catenax.single_level_bom_as_built:4.0.0#SingleLevelBomAsBuilt",
        "catenax.single_level_bom_as_built",
    ),
    (
        batterypass_general,
        "Battery Pass GeneralProductInformation 1.2.0",
        f"{_CONSORTIUM}.GeneralProductInformation:1.2.0#GeneralProductInformation",
        "batterypass.general_product_information",
    ),
    (
        batterypass_carbon_footprint,
        "Battery Pass CarbonFootprint 1.2.0",
        f"{_CONSORTIUM}.CarbonFootprint:1.2.0#CarbonFootprintForBatteries",
        "batterypass.carbon_footprint",
    ),
    (
        batterypass_circularity,
        "Battery Pass Circularity 1.2.0",
        f"{_CONSORTIUM}.Circularity:1.2.0#Circularity",
        "batterypass.circularity",
    ),
    (
        batterypass_material_composition,
        "Battery Pass MaterialComposition 1.2.0",
        f"{_CONSORTIUM}.MaterialComposition:1.2.0#MaterialComposition",
        "batterypass.material_composition",
    ),
    (
        batterypass_due_diligence,
        "Battery Pass SupplyChainDueDiligence 1.2.0",
        f"{_CONSORTIUM}.SupplyChainDueDiligence:1.2.0#SupplyChainDueDiligence",
        "batterypass.supply_chain_due_diligence",
    ),
    (
        idta_nameplate,
        "IDTA 02035-1 digital nameplate 1.0.0",
        f"{_IDTA}.digital_nameplate:1.0.0#BatteryNameplate",
        "idta.digital_nameplate",
    ),
    (
        idta_handover,
        "IDTA 02035-2 handover documentation 1.0.0",
        f"{_IDTA}.handover_documentation:1.0.0#HandoverDocumentation",
        "idta.handover_documentation",
    ),
    (
        idta_carbon_footprint,
        "IDTA 02035-3 carbon footprint 1.0.0",
        f"{_IDTA}.carbon_footprint:1.0.0#CarbonFootprintBattery",
        "idta.carbon_footprint",
    ),
    (
        idta_technical_data,
        "IDTA 02035-4 technical data 1.0.1",
        f"{_IDTA}.technical_data:1.0.1#TechnicalData",
        "idta.technical_data",
    ),
    (
        idta_product_condition,
        "IDTA 02035-5 product condition 1.0.1",
        f"{_IDTA}.product_condition:1.0.1#ProductCondition",
        "idta.product_condition",
    ),
    (
        idta_material_composition,
        "IDTA 02035-6 material composition 1.0.1",
        f"{_IDTA}.material_composition:1.0.1#MaterialComposition",
        "idta.material_composition",
    ),
    (
        idta_circularity,
        "IDTA 02035-7 circularity 1.0.0",
        f"{_IDTA}.circularity:1.0.0#Circularity",
        "idta.circularity",
    ),
)
FORMATS: Mapping[str, Format] = {
    module.NAME: Format(module.NAME, title, urn, schema, module.MEMBERS, module.LEFT_OUT)
    for module, title, urn, schema in _MODELS
}
"""By name."""


def listed(form: Format) -> dict[str, Any]:
    """The members of a model as JSON: place, whether the schema can do without it, point, readers."""
    return {
        "format": form.name,
        "title": form.title,
        "urn": form.urn,
        "members": [
            {
                "member": each.place.replace(OPTIONAL, ""),
                "optional": OPTIONAL in each.place,
                "point": each.point,
                "readers": [reader.value for reader in form.readers if reader.may_see(each.point)],
            }
            for each in form.table
        ],
        "left_out": dict(form.left_out),
    }
