"""IDTA 02035-5, Digital Battery Passport: product condition 1.0.1 (CC-BY-4.0).

What use makes of a battery, all of it of the single battery (Annex XIII, point 4) and from master data, which
may take it from the battery's management system: ``state.NAME.value`` and ``state.NAME.at``.
"""

from __future__ import annotations

from traceledger.interop.passport.idta_shapes import documents, measured
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.said import Said
from traceledger.interop.passport.sources import listed, number, text
from traceledger.interop.passport.told import Node

NAME = "idta-product-condition"
_T = "/TemperatureInformation"
_P = "/RemainingPowerCapability?"


def _event(said: Said) -> Node:
    return {"NegativeEventValue": said.text("what"), "LastUpdate": said.text("at")}


MEMBERS: Table = (
    *measured("/EnergyThroughput?", "EnergyThroughputValue", "energy_throughput_kwh", "4(d)"),
    *measured("/CapacityThroughput?", "CapacityThroughputValue", "capacity_throughput_ah", "4(d)"),
    *measured("/NumberOfFullCycles", "NumberOfFullCyclesValue", "full_cycles", "4(d)"),
    *measured("/StateOfCertifiedEnergy?", "StateOfCertifiedEnergyValue", "certified_energy_percent", "4(b)"),
    *measured("/RemainingEnergy?", "RemainingEnergyValue", "energy_kwh", "4(b)"),
    *measured("/RemainingCapacity?", "RemainingCapacityValue", "capacity_ah", "4(b)"),
    Member("/NegativeEvents?", "4(d)", listed("negative_events", _event)),
    Member("/InformationOnAccidents", "4(d)", documents("negative-events")),
    Member(f"{_T}/MeasuredTemp?", "4(d)", number("state.temperature.value")),
    Member(f"{_T}/TimeExtremeHighTemp?", "4(d)", number("state.temperature.above")),
    Member(f"{_T}/TimeExtremeLowTemp?", "4(d)", number("state.temperature.below")),
    Member(f"{_T}/TimeExtremeHighTempCharging?", "4(d)", number("state.temperature.above_charging")),
    Member(f"{_T}/TimeExtremeLowTempCharging?", "4(d)", number("state.temperature.below_charging")),
    Member(f"{_T}/LastUpdate", "4(d)", text("state.temperature.at")),
    Member(f"{_P}/RemainingPowerCapabilityValue/AtSoC", "4(b)", number("state.power_w.at_percent")),
    Member(f"{_P}/RemainingPowerCapabilityValue/PowerCapabilityAt", "4(b)", number("state.power_w.value")),
    Member(f"{_P}/RemainingPowerCapabilityValue/RPCLastUpdated", "4(b)", text("state.power_w.at")),
    Member(f"{_P}/LastUpdate", "4(b)", text("state.power_w.at")),
    *measured(
        "/EvolutionOfSelfDischarge?", "EvolutionOfSelfDischargeValue", "self_discharge_change_percent", "4(b)"
    ),
    *measured(
        "/CurrentSelfDischargingRate?",
        "CurrentSelfDischargingRateValue",
        "self_discharge_percent_per_month",
        "4(b)",
    ),
    *measured(
        "/RemainingRoundTripEnergyEfficiency?",
        "RemainingRoundTripEnergyEfficiencyValue",
        "efficiency_percent",
        "4(b)",
    ),
    *measured("/StateOfCharge", "StateOfChargeValue", "charge_percent", "4(d)"),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
