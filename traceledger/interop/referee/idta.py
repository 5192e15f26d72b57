"""The other submodels of IDTA's battery passport (02035): technical data, condition, nameplate, documents."""

from __future__ import annotations

from decimal import Decimal

from traceledger.interop.referee import battery, shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.identifiers import check_urn
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.times import in_order, moment_at

_NUMBER = shapes.number()
_SHARE = shapes.number(0, 100)
_TECHNICAL = shapes.record(
    {
        "GeneralInformation": shapes.record(
            {
                "ManufacturerName": shapes.text(),
                "ManufacturerIdentifier": shapes.text(),
                "WarrantyInformation": {"type": "object"},
                "BatteryCategory": shapes.word(("lmt", "ev", "industrial", "stationary")),
                "BatteryMass": shapes.above(0),
            }
        ),
        "TechnicalPropertyAreas": shapes.record(
            {
                "CapacityEnergyVoltage": shapes.record(
                    {
                        **dict.fromkeys(("NominalVoltage", "MinVoltage", "MaxVoltage"), _NUMBER),
                        "RatedCapacity": shapes.above(0),
                    },
                    {"CapacityFade": _SHARE, "CertifiedUsableBatteryEnergy": shapes.number(0)},
                ),
                "RoundTripEnergyEfficiency": shapes.record(
                    dict.fromkeys(
                        (
                            "InitialRoundTripEnergyEfficiency",
                            "RoundTripEnergyEfficiencyAt50PercentOfCycleLife",
                        ),
                        _SHARE,
                    ),
                    {"EnergyRoundTripEfficiencyFade": _SHARE, "InitialSelfDischargingRate": _SHARE},
                ),
                "Resistance": shapes.record(
                    dict.fromkeys(
                        (
                            "InitialInternalResistanceAtBatteryCellLevel",
                            "InitialInternalResistanceAtBatteryPackLevel",
                        ),
                        shapes.number(0),
                    )
                ),
                "PowerCapability": shapes.record(
                    {"MaximumPermittedBatteryPower": shapes.number(0), "PowerFade": _SHARE},
                    {
                        "OriginalPowerCapability": shapes.several(
                            shapes.record({"atSoC": _SHARE, "powerCapabilityAt": shapes.number(0)})
                        )
                    },
                ),
                "Temperature": {"type": "object"},
                "Lifetime": shapes.record(
                    {
                        "ExpectedLifetimeInCalendarYears": shapes.number(0),
                        "ExpectedNumberOfCycles": shapes.number(0),
                        "CapacityThresholdExhaustion": _SHARE,
                        "CrateOfRelevantCycleLifeTest": shapes.above(0),
                    }
                ),
            }
        ),
    }
)
_MOST_WATTS = Decimal(10**9)


def technical(hearing: Hearing, node: Node) -> None:
    """Check a TechnicalDataBattery 1.0.1: kilogram, volt, ampere-hours, kilowatt hours, watt, per cent."""
    shapes.compare(hearing, _TECHNICAL, node)
    areas = node.get("TechnicalPropertyAreas")
    rated = None if areas is None else areas.get("CapacityEnergyVoltage")
    battery.voltages(hearing, rated, ("MinVoltage", "NominalVoltage", "MaxVoltage"))
    battery.energy(
        hearing,
        number_at(rated, "CertifiedUsableBatteryEnergy"),
        number_at(rated, "RatedCapacity"),
        number_at(rated, "NominalVoltage"),
    )
    trip = None if areas is None else areas.get("RoundTripEnergyEfficiency")
    battery.efficiencies(
        hearing,
        number_at(trip, "InitialRoundTripEnergyEfficiency"),
        number_at(trip, "RoundTripEnergyEfficiencyAt50PercentOfCycleLife"),
    )
    warmth = None if areas is None else areas.get("Temperature")
    battery.temperatures(
        hearing, warmth, "TemperatureRangeIdleState_LowerBoundary", "TemperatureRangeIdleState_UpperBoundary"
    )
    battery.mass(hearing, number_at(node, "GeneralInformation", "BatteryMass"))
    power = number_at(areas, "PowerCapability", "MaximumPermittedBatteryPower")
    if power is not None and power[1] > _MOST_WATTS:
        hearing.doubt("unit", power[0], "no battery has so many watt", expected="watt")


_CONDITION = {
    "StateOfCertifiedEnergy": True,
    "RemainingRoundTripEnergyEfficiency": True,
    "StateOfCharge": True,
    "EnergyThroughput": False,
    "CapacityThroughput": False,
    "NumberOfFullCycles": False,
    "RemainingEnergy": False,
    "RemainingCapacity": False,
}
"""Groups of the condition, and whether their value is a share in per cent."""
_CONDITION_SHAPE = shapes.record(
    {
        "NumberOfFullCycles": {"type": "object"},
        "InformationOnAccidents": shapes.several(shapes.text()),
        "TemperatureInformation": {"type": "object"},
        "StateOfCharge": {"type": "object"},
    },
    {
        name: shapes.record(
            {f"{name}Value": _SHARE if share else shapes.number(0), "LastUpdate": shapes.text()}
        )
        for name, share in _CONDITION.items()
    },
)


def condition(hearing: Hearing, node: Node) -> None:
    """Check a ProductConditionBattery 1.0.1."""
    shapes.compare(hearing, _CONDITION_SHAPE, node)
    for name, group in node.members():
        moment_at(hearing, group.get("LastUpdate"))
        if _CONDITION.get(name) and name != "StateOfCharge":
            sums.perhaps_fraction(hearing, number_at(group, f"{name}Value"))
    charge = number_at(node, "RemainingPowerCapability", "RemainingPowerCapabilityValue", "AtSoC")
    sums.percent(hearing, charge)


_PLATE = shapes.record(
    {
        "URIOfTheProduct": shapes.text(form="uri"),
        "AddressInformation": {"type": "object"},
        "SerialNumber": shapes.text(),
        "DateOfManufacture": shapes.DAY,
        "UniqueFacilityIdentifier": shapes.text(),
        "LifeCycleStage": shapes.word(("original", "repurposed", "re-used", "remanufactured", "waste")),
        "ManufacturerIdentifier": shapes.text(),
        "Markings": shapes.several({"type": "object"}),
    },
    {"DateOfPuttingIntoService": shapes.DAY},
)


def nameplate(hearing: Hearing, node: Node) -> None:
    """Check a NameplateBattery 1.0.0."""
    shapes.compare(hearing, _PLATE, node)
    in_order(hearing, node.get("DateOfManufacture"), node.get("DateOfPuttingIntoService"), "passport-dates")
    for marking in node.each("Markings"):
        in_order(hearing, marking.get("IssueDate"), marking.get("ExpiryDate"))
    if (address := node.get("URIOfTheProduct")) is not None:
        check_urn(hearing, address)


def documents(hearing: Hearing, node: Node) -> None:
    """Check a HandoverDocumentationBattery 1.0.0: a list of documents."""
    listed = node.get("Documents")
    if listed is None:
        hearing.missing("shape", node, "Documents", "Documents is missing")
    elif not isinstance(listed.value, list):
        hearing.fault("shape", listed, "it is no list", expected="a list of documents")


KINDS = (
    Kind(
        "idta-technical-data",
        "IDTA 02035-4 TechnicalDataBattery 1.0.1",
        ("GeneralInformation", "TechnicalPropertyAreas"),
        technical,
        "idta.technical_data",
    ),
    Kind(
        "idta-product-condition",
        "IDTA 02035-5 ProductConditionBattery 1.0.1",
        ("NumberOfFullCycles", "StateOfCharge", "InformationOnAccidents", "TemperatureInformation"),
        condition,
        "idta.product_condition",
    ),
    Kind(
        "idta-nameplate",
        "IDTA 02035-1 NameplateBattery 1.0.0",
        ("URIOfTheProduct", "SerialNumber", "DateOfManufacture", "Markings"),
        nameplate,
        "idta.digital_nameplate",
    ),
    Kind(
        "idta-handover-documentation",
        "IDTA 02035-2 HandoverDocumentationBattery 1.0.0",
        ("Documents",),
        documents,
        "idta.handover_documentation",
    ),
)
"""What is checked here."""
