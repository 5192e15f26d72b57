"""IDTA 02035-4, Digital Battery Passport: technical data 1.0.1 (CC-BY-4.0).

All of it comes from master data, but for the mass (kg) and who made it. ``atSoC`` and ``powerCapabilityAt``
begin with small letters in the model.
"""

from __future__ import annotations

from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.batterypass_general import CATEGORIES
from traceledger.interop.passport.idta_shapes import documents
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import mass_kg, number, text, word
from traceledger.interop.passport.told import Node, fixed

NAME = "idta-technical-data"
_G = "/GeneralInformation"
_T = "/TechnicalPropertyAreas"


def _original_power(battery: Battery) -> Node:
    return [
        {
            "atSoC": fixed(charge, "state of charge of Annex IV, part A, note to point 3"),
            "powerCapabilityAt": battery.said.number(f"power.at_{charge}_percent_w"),
        }
        for charge in (80, 20)
    ]


MEMBERS: Table = (
    Member(f"{_G}/ManufacturerName", "1(a)", identity.maker_name),
    Member(f"{_G}/CompanyLogo?", "1(a)", text("company.logo")),
    Member(f"{_G}/ManufacturerIdentifier", "1(a)", identity.maker_id),
    Member(f"{_G}/WarrantyInformation/WarrantyPeriod", "1(m)", text("warranty.period")),
    Member(f"{_G}/BatteryCategory", "1(a)", word("category", CATEGORIES)),
    Member(f"{_G}/BatteryMass", "1(a)", mass_kg),
    Member(f"{_T}/CapacityEnergyVoltage/NominalVoltage", "1(h)", number("voltage.nominal")),
    Member(f"{_T}/CapacityEnergyVoltage/MinVoltage", "1(h)", number("voltage.min")),
    Member(f"{_T}/CapacityEnergyVoltage/MaxVoltage", "1(h)", number("voltage.max")),
    Member(f"{_T}/CapacityEnergyVoltage/RatedCapacity", "1(g)", number("capacity.rated_ah")),
    Member(f"{_T}/CapacityEnergyVoltage/CapacityFade?", "4(a)", number("capacity.fade_percent")),
    Member(
        f"{_T}/CapacityEnergyVoltage/CertifiedUsableBatteryEnergy?", "4(a)", number("energy.certified_kwh")
    ),
    Member(
        f"{_T}/RoundTripEnergyEfficiency/InitialRoundTripEnergyEfficiency",
        "1(n)",
        number("efficiency.initial_percent"),
    ),
    Member(
        f"{_T}/RoundTripEnergyEfficiency/RoundTripEnergyEfficiencyAt50PercentOfCycleLife",
        "1(n)",
        number("efficiency.half_life_percent"),
    ),
    Member(
        f"{_T}/RoundTripEnergyEfficiency/EnergyRoundTripEfficiencyFade?",
        "4(a)",
        number("efficiency.fade_percent"),
    ),
    Member(
        f"{_T}/RoundTripEnergyEfficiency/InitialSelfDischargingRate?",
        "4(a)",
        number("self_discharge.percent_per_month"),
    ),
    Member(
        f"{_T}/Resistance/InitialInternalResistanceAtBatteryCellLevel", "1(o)", number("resistance.cell_ohm")
    ),
    Member(
        f"{_T}/Resistance/InitialInternalResistanceAtBatteryPackLevel", "1(o)", number("resistance.pack_ohm")
    ),
    Member(
        f"{_T}/Resistance/InitialInternalResistanceAtBatteryModuleLevel?",
        "1(o)",
        number("resistance.module_ohm"),
    ),
    Member(
        f"{_T}/Resistance/InternalResistanceIncreaseAtBatteryCellLevel?",
        "4(a)",
        number("resistance.cell_increase_percent"),
    ),
    Member(
        f"{_T}/Resistance/InternalResistanceIncreaseAtBatteryPackLevel",
        "4(a)",
        number("resistance.pack_increase_percent"),
    ),
    Member(
        f"{_T}/Resistance/InternalResistanceIncreaseAtBatteryModuleLevel?",
        "4(a)",
        number("resistance.module_increase_percent"),
    ),
    Member(f"{_T}/PowerCapability/MaximumPermittedBatteryPower", "1(i)", number("power.permitted_w")),
    Member(f"{_T}/PowerCapability/PowerFade", "4(a)", number("power.fade_percent")),
    Member(
        f"{_T}/PowerCapability/RatioNominalBatteryPowerAndBatteryEnergy", "1(i)", number("power.per_energy")
    ),
    Member(f"{_T}/PowerCapability/OriginalPowerCapability", "1(i)", _original_power),
    Member(
        f"{_T}/Temperature/TemperatureRangeIdleState_LowerBoundary", "1(l)", number("idle_temperature.lower")
    ),
    Member(
        f"{_T}/Temperature/TemperatureRangeIdleState_UpperBoundary", "1(l)", number("idle_temperature.upper")
    ),
    Member(f"{_T}/Lifetime/ExpectedLifetimeInCalendarYears", "1(j)", number("lifetime.years")),
    Member(f"{_T}/Lifetime/ExpectedNumberOfCycles", "1(j)", number("lifetime.cycles")),
    Member(f"{_T}/Lifetime/CapacityThresholdExhaustion", "1(k)", number("capacity.exhausted_percent")),
    Member(f"{_T}/Lifetime/CycleLifeReferenceTest", "1(j)", documents("cycle-life-test")),
    Member(f"{_T}/Lifetime/CrateOfRelevantCycleLifeTest", "1(p)", number("cycle_life.charge_rate")),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT = {f"{_G}/ProductImages": "pictures are no figures"}
