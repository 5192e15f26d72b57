"""Catena-X BatteryPass 6.1.0 (``urn:samm:io.catenax.battery.battery_pass:6.1.0``, CC-BY-4.0).

Masses are kg, lengths mm, concentrations per cent by mass, the footprint kg CO2e for each kWh by life-cycle
stage: a list whose values sum to that of the battery. What master data's names mean: docs/passport.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.interop.passport import catenax_shapes as shapes
from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.lives import Status
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import (
    constant,
    documents,
    listed,
    mass_kg,
    number,
    status,
    text,
    texts,
    truth,
    word,
)
from traceledger.interop.passport.told import Lacking, Node, fixed, from_ledger
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "catenax-battery-pass"
VERSION = "urn:io.catenax.battery.battery_pass:6.1.0"
CATEGORIES = {
    "sli": "SLI",
    "lmt": "LMT",
    "ev": "EV",
    "industrial": "industrial",
    "stationary": "industrial",
    "portable": "portable",
    "incorporated": "incorporated",
}
LIFE_UNITS = {unit: f"unit:{unit}" for unit in ("day", "month", "year", "cycle", "runningOrOperatingHour")}
STATUS: Mapping[str, str] = {each.value: each.value for each in Status} | {Status.REUSED.value: "re-used"}
DOCUMENT = shapes.entity


def _serial(battery: Battery) -> Node:
    return [
        {
            "key": fixed("partInstanceId", "what Catena-X calls a serial number"),
            "value": identity.serial(battery),
        }
    ]


def _codes(battery: Battery) -> Node:
    return [{"key": fixed("GTIN", "GS1"), "value": battery.said.text("gtin")}]


def name_of(battery: Battery) -> Node:
    """What the product is called: by master data, else by the ledger."""
    if battery.said.has("name"):
        return battery.said.text("name")
    material = battery.ledger.material_by_id(battery.one.batch.material)
    if material is None:
        return Lacking("the ledger does not name the material")
    return from_ledger(material.name, "name of the material", battery.one.making)


def _weight(battery: Battery) -> Node:
    return {
        "value": mass_kg(battery),
        "unit": fixed("unit:kilogram", "the mass in kg"),
    }


def _predecessor(battery: Battery) -> Node:
    found = [each for each in battery.lives.predecessors if each.battery]
    if not found:
        return fixed(identity.NOBODY.urn, "the model wants an identifier where there is no passport before")
    own = identity.passport_id(battery.ledger, found[0].batch)
    return from_ledger(own.urn, f"passport of {found[0].name}", found[0].events)


def _operator(battery: Battery) -> Node:
    if battery.said.has("operator.name"):
        return battery.said.text("operator.bpnl")
    return identity.company_id(battery, "bpnl", "bpn")


def _modified(battery: Battery) -> Node:
    day = format_time(battery.now)[:10]
    return from_ledger(day, "day of the newest block that was read", battery.one.events)


_IDENTIFICATION: Table = (
    Member("/specVersion?", "-", constant(VERSION, "version of the model")),
    Member("/identification/category", "1(a)", word("category", CATEGORIES)),
    Member("/identification/idDmc", "-", identity.product_id),
    Member("/identification/chemistry", "1(a)", text("chemistry.name")),
    Member("/identification/identification/serial?", "1(a)", _serial),
    Member("/identification/identification/type/manufacturerPartId", "1(a)", text("part_number")),
    Member("/identification/identification/type/nameAtManufacturer", "1(a)", name_of),
    Member("/identification/identification/codes", "1(a)", _codes),
    Member("/identification/identification/dataCarrier/carrierType", "1(q)", text("data_carrier.type")),
    Member("/identification/identification/dataCarrier/carrierLayout", "1(q)", text("data_carrier.layout")),
    Member(
        "/identification/identification/classification",
        "1(a)",
        listed("classifications", shapes.classification),
    ),
    Member("/operation/intoServiceDate?", "4(a)", text("put_into_service")),
    Member("/operation/manufacturer/facility/0/facility", "1(a)", lambda b: identity.site_id(b, "bpna")),
    Member("/operation/manufacturer/manufacturer", "1(a)", lambda b: identity.company_id(b, "bpnl", "bpn")),
    Member("/operation/manufacturer/manufacturingDate?", "1(a)", identity.made_on),
    Member("/characteristics/warranty/lifeValue", "1(m)", number("warranty.value")),
    Member("/characteristics/warranty/lifeUnit", "1(m)", word("warranty.unit", LIFE_UNITS)),
    Member("/characteristics/physicalDimension/height?", "1(a)", shapes.length("height")),
    Member("/characteristics/physicalDimension/length?", "1(a)", shapes.length("length")),
    Member("/characteristics/physicalDimension/width?", "1(a)", shapes.length("width")),
    Member("/characteristics/physicalDimension/weight", "1(a)", _weight),
)
_SUSTAINABILITY: Table = (
    Member(
        "/sustainability/documents/separateCollection", "1(s)", documents("separate-collection", DOCUMENT)
    ),
    Member("/sustainability/documents/wastePrevention", "1(s)", documents("waste-prevention", DOCUMENT)),
    Member(
        "/sustainability/documents/euTaxonomyDisclosureStatement?", "1(d)", documents("eu-taxonomy", DOCUMENT)
    ),
    Member(
        "/sustainability/documents/sustainabilityReport?",
        "1(d)",
        documents("sustainability-report", DOCUMENT),
    ),
    Member("/sustainability/carbonFootprint", "1(c)", shapes.footprints),
    Member("/sustainability/status", "4(c)", status(STATUS)),
    Member("/materials/active/nickel", "1(b)", shapes.active(28, "nickel")),
    Member("/materials/active/lithium", "1(b)", shapes.active(3, "lithium")),
    Member("/materials/active/cobalt", "1(b)", shapes.active(27, "cobalt")),
    Member("/materials/active/lead", "1(b)", shapes.hazardous(82, "lead", recycles=True)),
    Member("/materials/active/other?", "1(b)", shapes.other_active),
    Member("/materials/hazardous/cadmium", "1(q)", shapes.hazardous(48, "cadmium")),
    Member("/materials/hazardous/mercury", "1(q)", shapes.hazardous(80, "mercury")),
    Member("/materials/hazardous/lead", "1(q)", shapes.hazardous(82, "lead", recycles=True)),
    Member("/materials/hazardous/other?", "1(b)", shapes.other_hazards),
    Member("/materials/composition", "1(b)", shapes.composition),
)
_RATED: Table = (
    Member("/performance/rated/voltage/min", "1(h)", number("voltage.min")),
    Member("/performance/rated/voltage/max", "1(h)", number("voltage.max")),
    Member("/performance/rated/voltage/nominal", "1(h)", number("voltage.nominal")),
    Member("/performance/rated/voltage/temperature?", "1(h)", number("voltage.temperature")),
    Member(
        "/performance/rated/roundTripEfficiency/depthOfDischarge",
        "1(n)",
        number("efficiency.depth_of_discharge"),
    ),
    Member("/performance/rated/roundTripEfficiency/initial", "1(n)", number("efficiency.initial_percent")),
    Member(
        "/performance/rated/roundTripEfficiency/50PercentLife", "1(n)", number("efficiency.half_life_percent")
    ),
    Member("/performance/rated/roundTripEfficiency/temperature?", "1(n)", number("efficiency.temperature")),
    Member("/performance/rated/energy?/value", "1(g)", number("energy.rated_kwh")),
    Member("/performance/rated/energy?/temperature?", "1(g)", number("energy.temperature")),
    Member("/performance/rated/resistance/cell", "1(o)", number("resistance.cell_ohm")),
    Member("/performance/rated/resistance/module?", "1(o)", number("resistance.module_ohm")),
    Member("/performance/rated/resistance/pack", "1(o)", number("resistance.pack_ohm")),
    Member("/performance/rated/resistance/temperature?", "1(o)", number("resistance.temperature")),
    Member("/performance/rated/power/value", "1(i)", number("power.rated_w")),
    Member("/performance/rated/power/at20SoC", "1(i)", number("power.at_20_percent_w")),
    Member("/performance/rated/power/at80SoC", "1(i)", number("power.at_80_percent_w")),
    Member("/performance/rated/power/temperature?", "1(i)", number("power.temperature")),
    Member("/performance/rated/capacity/value", "1(g)", number("capacity.rated_ah")),
    Member("/performance/rated/capacity/thresholdExhaustion", "1(k)", number("capacity.exhausted_percent")),
    Member("/performance/rated/capacity/temperature?", "1(g)", number("capacity.temperature")),
    Member("/performance/rated/performanceDocument?", "4(a)", documents("performance", DOCUMENT)),
    Member("/performance/rated/temperature/lower", "1(l)", number("idle_temperature.lower")),
    Member("/performance/rated/temperature/upper", "1(l)", number("idle_temperature.upper")),
    Member("/performance/rated/selfDischargingRate", "4(a)", number("self_discharge.percent_per_month")),
    Member("/performance/rated/testReport?", "3", documents("test-report", DOCUMENT)),
    Member("/performance/rated/lifetime/expectedYears", "1(j)", number("lifetime.years")),
    Member("/performance/rated/lifetime/report", "1(j)", documents("cycle-life-test", DOCUMENT)),
    Member(
        "/performance/rated/lifetime/cycleLifeTesting/temperature", "1(j)", number("cycle_life.temperature")
    ),
    Member("/performance/rated/lifetime/cycleLifeTesting/cycles", "1(j)", number("lifetime.cycles")),
    Member(
        "/performance/rated/lifetime/cycleLifeTesting/depthOfDischarge",
        "1(j)",
        number("cycle_life.depth_of_discharge"),
    ),
    Member(
        "/performance/rated/lifetime/cycleLifeTesting/appliedChargeRate",
        "1(p)",
        number("cycle_life.charge_rate"),
    ),
    Member(
        "/performance/rated/lifetime/cycleLifeTesting/appliedDischargeRate",
        "1(p)",
        number("cycle_life.discharge_rate"),
    ),
)
_IN_USE: Table = (
    *shapes.measured("/performance/dynamic/stateOfCharge", "charge_percent", "4(d)"),
    *shapes.measured("/performance/dynamic/fullCycles", "full_cycles", "4(d)"),
    Member("/performance/dynamic/performanceDocument?", "4(b)", documents("performance-in-use", DOCUMENT)),
    Member(
        "/performance/dynamic/selfDischargingRate",
        "4(b)",
        number("state.self_discharge_percent_per_month.value"),
    ),
    *shapes.measured("/performance/dynamic/power/fade", "power_fade_percent", "4(b)"),
    *shapes.measured("/performance/dynamic/power/remaining", "power_w", "4(b)"),
    *shapes.measured("/performance/dynamic/capacity/fade", "capacity_fade_percent", "4(b)"),
    *shapes.measured("/performance/dynamic/capacity/throughput", "capacity_throughput_ah", "4(d)"),
    *shapes.measured("/performance/dynamic/capacity/capacity", "capacity_ah", "4(b)"),
    *shapes.measured("/performance/dynamic/roundTripEfficiency/fade", "efficiency_fade_percent", "4(b)"),
    *shapes.measured("/performance/dynamic/roundTripEfficiency/remaining", "efficiency_percent", "4(b)"),
    *shapes.measured(
        "/performance/dynamic/resistance/increase/pack", "pack_resistance_increase_percent", "4(b)"
    ),
    *shapes.measured(
        "/performance/dynamic/resistance/increase/module?", "module_resistance_increase_percent", "4(b)"
    ),
    *shapes.measured(
        "/performance/dynamic/resistance/increase/cell", "cell_resistance_increase_percent", "4(b)"
    ),
    *shapes.measured("/performance/dynamic/resistance/remaining/pack", "pack_resistance_ohm", "4(b)"),
    *shapes.measured("/performance/dynamic/resistance/remaining/module?", "module_resistance_ohm", "4(b)"),
    *shapes.measured("/performance/dynamic/resistance/remaining/cell", "cell_resistance_ohm", "4(b)"),
    *shapes.measured("/performance/dynamic/energy/soce", "certified_energy_percent", "4(b)"),
    *shapes.measured("/performance/dynamic/energy/remaining", "energy_kwh", "4(b)"),
    *shapes.measured("/performance/dynamic/energy/throughput?", "energy_throughput_kwh", "4(d)"),
    Member("/performance/dynamic/negativeEvents?", "4(d)", documents("negative-events", DOCUMENT)),
    Member(
        "/performance/dynamic/operatingEnvironment?", "4(d)", documents("operating-environment", DOCUMENT)
    ),
)
_CONFORMITY: Table = (
    Member("/conformity/declarationOfConformityId?", "1(r)", text("declaration_of_conformity_id")),
    Member("/conformity/declarationOfConformity", "1(r)", documents("declaration-of-conformity", DOCUMENT)),
    Member("/conformity/resultOfTestReport", "3", documents("test-report", DOCUMENT)),
    Member("/conformity/thirdPartyAssurance", "1(d)", shapes.third_parties),
    Member("/conformity/dueDiligencePolicy", "1(d)", documents("due-diligence-report", DOCUMENT)),
    Member("/safety/usableExtinguishAgent", "1(a)", listed("extinguishing_agents", shapes.agent)),
    Member("/safety/safetyMeasures", "2(d)", documents("safety-instructions", DOCUMENT)),
    Member("/safety/meaningOfLabels", "1(s)", documents("meaning-of-labels", DOCUMENT)),
    Member("/safety/safeDischarging?", "2(c)", documents("safe-discharging", DOCUMENT)),
    Member("/safety/dismantling", "2(c)", documents("dismantling-manual", DOCUMENT)),
    Member("/safety/removalFromAppliance?", "2(c)", documents("removal-manual", DOCUMENT)),
    Member("/metadata/version", "-", text("passport.version")),
    Member("/metadata/expirationDate", "-", text("passport.expires_on")),
    Member("/metadata/issueDate", "-", text("passport.issued_on")),
    Member("/metadata/economicOperatorId", "-", _operator),
    Member("/metadata/passportIdentifier", "-", identity.own_passport_id),
    Member("/metadata/predecessor", "4(c)", _predecessor),
    Member("/metadata/backupReference", "-", text("passport.backup")),
    Member("/metadata/registrationIdentifier?", "-", text("passport.registration")),
    Member("/metadata/lastModification?", "-", _modified),
    Member("/metadata/status?", "-", text("passport.status")),
    Member("/commercial/placedOnMarket?", "1(a)", text("placed_on_market")),
    Member("/commercial/purpose", "1(a)", texts("purpose")),
    Member("/handling/content/producer", "2(b)", listed("spare_part_sources", shapes.producer)),
    Member("/handling/content/sparePart", "2(b)", listed("spare_parts", shapes.spare_part)),
    Member("/handling/applicable", "2(b)", truth("spare_parts_apply")),
)
MEMBERS: Table = (*_IDENTIFICATION, *_SUSTAINABILITY, *_RATED, *_IN_USE, *_CONFORMITY)
"""Each member of the model, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT = {
    "/identification/identification/batch": "a battery has a serial number of its own",
    "/safety/usableExtinguishAgent/0/document": "one document is for all agents: safety-instructions",
    "/sources": "no source beyond those of the members",
}
"""What the model has room for and is never filled, and why."""
