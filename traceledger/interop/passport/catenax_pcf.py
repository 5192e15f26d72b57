"""Catena-X Pcf 9.0.0 (``urn:samm:io.catenax.pcf:9.0.0``, CC-BY-4.0): a product's footprint, cradle to gate.

In the letters of the Catena-X Product Carbon Footprint Rulebook, for one declared unit: T2 (excluding
biogenic uptake) = A (fossil) + C (biogenic) + E (land use change) + H (aircraft), T1 = T2 + D (uptake,
negative). They sum as they are written. Parts that no record tells are left out, and all is A then. D is
44/12 of the biogenic carbon that master data says is in the product; no uptake is told where it says nothing,
and T1 is T2.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from traceledger.interop.directory import Directory
from traceledger.interop.pact.rules import CO2_OF_CARBON
from traceledger.interop.passport import declared_unit as per
from traceledger.interop.passport import identity
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.catenax_battery_pass import name_of
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.numbers import number as written
from traceledger.interop.passport.numbers import rounded
from traceledger.interop.passport.sources import (
    Source,
    begin_of,
    constant,
    end_of,
    number,
    text,
    texts,
    truth,
)
from traceledger.interop.passport.told import (
    Lacking,
    Node,
    Told,
    fixed,
    from_ledger,
    from_master_data,
)
from traceledger.model.units import format_time

NAME = "catenax-pcf"
VERSION = "urn:io.catenax.pcf:datamodel:version:9.0.0"
UPTAKE = "biogenicCO2Uptake"


def _production(battery: Battery) -> Node:
    gate = battery.carbon.gate
    amounts = {"fossilGhgEmissions": gate.total}
    if battery.carbon.tells_parts:
        amounts = {
            "fossilGhgEmissions": gate.fossil - gate.aviation,
            "biogenicNonCO2Emissions": gate.biogenic,
            "landUseChangeGhgEmissions": gate.land_use,
            "aircraftGhgEmissions": gate.aviation,
        }
    if amounts["fossilGhgEmissions"] < 0:
        lacking = Lacking("parts of its emissions are both biogenic or from land use, and from aviation")
        return {"pcfIncludingBiogenicUptake": lacking, "pcfExcludingBiogenicUptake": lacking}
    told = per.per_unit(battery, amounts, "cradle to gate")
    whole = per.total(told)
    optional: dict[str, Node] = {f"{name}?": each for name, each in told.items()}
    if gate.removals:
        optional["landManagementBiogenicCO2Removals?"] = Lacking(
            "removals are recorded, not whether they are of land management"
        )
    uptake = _uptake(battery)
    if isinstance(uptake, Told):
        optional[f"{UPTAKE}?"] = uptake
    return {
        "pcfIncludingBiogenicUptake": _with(whole, uptake),
        "pcfExcludingBiogenicUptake": whole,
        **optional,
    }


def _uptake(battery: Battery) -> Node:
    carbon = _carbon(battery, "biogenic")
    if isinstance(carbon, Told):
        amount = -Fraction(carbon.exact) * CO2_OF_CARBON
        return Told(_round(amount), carbon.origin, f"44/12 of {carbon.what}", carbon.events)
    return carbon


def _round(amount: Fraction) -> Decimal:
    # Few decimals, so that its sum with the footprint keeps fifteen digits.
    return rounded(amount, 9)


def _with(whole: Node, uptake: Node) -> Node:
    if not isinstance(whole, Told) or not isinstance(uptake, Told):
        return whole
    return from_ledger(whole.exact + uptake.exact, f"{whole.what}, with {uptake.what}", whole.events)


def _carbon(battery: Battery, kind: str) -> Node:
    """Kg of carbon in one unit: the percentage of master data, of the mass."""
    share, mass = battery.said.number(f"{kind}_carbon"), per.mass_per_unit(battery)
    if isinstance(share, Lacking) or not isinstance(mass, Told):
        return share if isinstance(share, Lacking) else mass
    value = Fraction(share.exact) * Fraction(mass.exact) / 100
    return Told(written(value), share.origin, f"{share.what}, of the mass of one {per.unit(battery)}")


def _carbon_content(battery: Battery) -> Node:
    fossil, biogenic = _carbon(battery, "fossil"), _carbon(battery, "biogenic")
    told = {
        "fossilCarbonContent?": fossil,
        "biogenicCarbonContent?": biogenic,
        "recycledCarbonContent?": _carbon(battery, "recycled"),
    }
    if isinstance(fossil, Told) and isinstance(biogenic, Told):
        both = fossil.exact + biogenic.exact
        told["carbonContentTotal?"] = fossil.as_(lambda _: both)
    # The model demands the list, and not that anything is in it.
    return [told] if any(isinstance(each, Told) for each in told.values()) else []


def _distribution(battery: Battery) -> Node:
    outbound = battery.carbon.outbound
    what = "whether transport after its making is recorded"
    included: Node = from_ledger(bool(outbound), what, battery.events)
    if not outbound:
        return {"distributionStageIncluded": included}
    told = per.per_unit(battery, {"outbound": outbound}, "transport by its maker after its making")[
        "outbound"
    ]
    return {
        "distributionStageIncluded": included,
        "distributionStagePcfIncludingBiogenicUptake?": told,
        "distributionStagePcfExcludingBiogenicUptake?": told,
    }


def _primary(battery: Battery) -> Node:
    share = written(battery.carbon.gate.primary_share * 100)
    return from_ledger(share, "% from primary data, cradle to gate", battery.events)


def _id(battery: Battery) -> Node:
    found = str(per.footprint_id(battery, NAME))
    return from_ledger(found, "UUID of a hash of chain, batches, unit and events", battery.carbon.events)


def _created(battery: Battery) -> Node:
    newest = max(int(each.partition("/")[0]) for each in battery.carbon.events)
    return from_ledger(
        format_time(battery.ledger.time_of(newest)), "time of its newest event", battery.carbon.events
    )


def _period(battery: Battery, begin: bool) -> Node:
    name = "footprint.reference_from" if begin else "footprint.reference_until"
    if battery.said.has(name):
        return (begin_of if begin else end_of)(name)(battery)
    at = battery.carbon.first_at if begin else battery.carbon.last_at
    what = f"when the {'earliest' if begin else 'latest'} of its emissions occurred, as claimed"
    return from_ledger(format_time(at), what, battery.events)


def _company_ids(battery: Battery) -> Node:
    maker = identity.maker(battery)
    if maker is None:
        return []
    known = Directory(battery.ledger).company_ids(maker.slug)
    said = battery.directory.company_ids(maker.slug)
    return [_called(battery, each, each in known, "the maker", "[company]") for each in said]


def _product_ids(battery: Battery) -> Node:
    material = battery.one.trace.material
    known = Directory(battery.ledger).product_ids(material)
    said = battery.directory.product_ids(material)
    return [
        _called(battery, each, each in known, "the material", f"[[materials]] {material}") for each in said
    ]


def _called(battery: Battery, urn: str, on_ledger: bool, whose: str, table: str) -> Told:
    """What something is called: by the ledger where it knows that name, else by master data."""
    if on_ledger:
        return from_ledger(urn, f"what {whose} is called", battery.making)
    return from_master_data(urn, f"{battery.said.file}: {table}")


def _gwp(battery: Battery) -> Node:
    found = battery.said.tables("footprint.gwp")
    if not found:
        return Lacking("master data says no [footprint] gwp")
    return found[0].text("") if len(found) == 1 else fixed("unspecified", "master data names several sets")


def _of_balancing(name: str) -> Source:
    """What master data says of mass balancing, where that is used."""

    def source(battery: Battery) -> Node:
        used = battery.said.truth("footprint.mass_balance")
        if isinstance(used, Lacking):
            return used
        return battery.said.text(name) if used.value else fixed("not applicable", "no mass balancing is used")

    return source


def _general(battery: Battery) -> Node:
    told: Mapping[str, Node] = {
        "comment?": battery.said.text("footprint.comment"),
        "pcfLegalStatement?": battery.said.text("footprint.legal"),
    }
    return [told] if any(isinstance(each, Told) for each in told.values()) else []


_C = "/companyAndProductInformation/0"
_A = "/pcfAssessmentAndMethodology/0"
_I = f"{_A}/pcfAssessmentInformation/0"
_M = f"{_A}/pcfMethodology/0"
_S = "/productLifeCycleStagesAndEmissions/0"
_V = "/attestationOfConformance?/0"
POINT = "1(c)"
"""A footprint of a product is no passport: the file has one reader, and no classes."""


def _declared(battery: Battery) -> Node:
    unit = per.unit(battery)
    if battery.said.has("declared_unit"):
        return battery.said.text("declared_unit")
    return fixed(unit, "where master data declares no unit")


MEMBERS: Table = (
    Member("/scopeOfPcfForm/0/specVersion", POINT, constant(VERSION, "version of the model")),
    Member(
        "/scopeOfPcfForm/0/partialFullPcf",
        POINT,
        constant("Cradle-to-gate", "up to where it leaves its maker"),
    ),
    Member(f"{_C}/companyInformation/0/companyName", POINT, identity.maker_name),
    Member(f"{_C}/companyInformation/0/companyIds", POINT, _company_ids),
    Member(f"{_C}/productInformation/0/productNameCompany", POINT, name_of),
    Member(f"{_C}/productInformation/0/productIds", POINT, _product_ids),
    Member(f"{_C}/productInformation/0/declaredUnitOfMeasurement", POINT, _declared),
    Member(f"{_C}/productInformation/0/declaredUnitAmount", POINT, constant(1, "of one unit")),
    Member(f"{_C}/productInformation/0/productMassPerDeclaredUnit", POINT, per.mass_per_unit),
    Member(f"{_C}/productInformation/0/productClassifications?", POINT, texts("classes")),
    Member(f"{_C}/productInformation/0/productDescription?", POINT, text("description")),
    Member(f"{_A}/dataSourcesAndQuality/0/primaryDataShare?", POINT, _primary),
    Member(
        f"{_A}/dataSourcesAndQuality/0/secondaryEmissionFactorSources?", POINT, texts("footprint.sources")
    ),
    Member(
        f"{_A}/dataSourcesAndQuality/0/technologicalDQR?", POINT, number("footprint.quality.technological")
    ),
    Member(f"{_A}/dataSourcesAndQuality/0/temporalDQR?", POINT, number("footprint.quality.temporal")),
    Member(f"{_A}/dataSourcesAndQuality/0/geographicalDQR?", POINT, number("footprint.quality.geographical")),
    Member(f"{_I}/technology/0/ccsTechnologicalCO2CaptureIncluded", POINT, truth("footprint.carbon_capture")),
    Member(f"{_I}/technology/0/boundaryProcessesDescription?", POINT, text("footprint.boundary")),
    Member(f"{_I}/idAndVersion/0/id", POINT, _id),
    Member(f"{_I}/idAndVersion/0/version", POINT, constant(0, "the model wants it")),
    Member(f"{_I}/idAndVersion/0/status", POINT, constant("Active", "the model wants it")),
    Member(
        f"{_I}/idAndVersion/0/retroOrProspectivePcfType",
        POINT,
        constant("Retrospective PCF", "the ledger records what was made"),
    ),
    Member(
        f"{_I}/boundarySpecifications/0/exemptedEmissionsPercent",
        POINT,
        number("footprint.exempted_share"),
        lambda value: 0 <= value <= 10,
    ),
    Member(f"{_I}/boundarySpecifications/0/exemptedEmissionsDescription?", POINT, text("footprint.exempted")),
    Member(f"{_I}/geography/0/geographyRegionOrSubregion", POINT, text("footprint.region")),
    Member(f"{_I}/geography/0/geographyCountrySubdivision?", POINT, text("footprint.subdivision")),
    Member(f"{_I}/geography/0/geographyCountry?", POINT, identity.plant_country),
    Member(f"{_I}/time/0/referencePeriodStart", POINT, lambda battery: _period(battery, begin=True)),
    Member(f"{_I}/time/0/referencePeriodEnd", POINT, lambda battery: _period(battery, begin=False)),
    Member(f"{_I}/time/0/created", POINT, _created),
    Member(f"{_I}/time/0/validityPeriodEnd", POINT, end_of("footprint.valid_until")),
    Member(f"{_I}/time/0/validityPeriodStart?", POINT, begin_of("footprint.valid_from")),
    Member(f"{_M}/massBalancingInformation/0/massBalancingUsed", POINT, truth("footprint.mass_balance")),
    Member(
        f"{_M}/massBalancingInformation/0/freeAttributionInMassBalancing",
        POINT,
        _of_balancing("footprint.mass_balance_free_attribution"),
    ),
    Member(
        f"{_M}/massBalancingInformation/0/massBalancingCertificateScheme",
        POINT,
        _of_balancing("footprint.mass_balance_scheme"),
    ),
    Member(f"{_M}/standards/0/crossSectoralStandards", POINT, texts("footprint.standards")),
    Member(f"{_M}/standards/0/productOrSectorSpecificRules", POINT, texts("footprint.rules")),
    Member(f"{_M}/gwpCharacterizationFactorDetails/0/ipccCharacterizationFactors", POINT, _gwp),
    Member(
        f"{_M}/allocationInForeground/0/allocationWasteIncineration",
        POINT,
        text("footprint.waste_incineration"),
    ),
    Member(f"{_M}/allocationInForeground/0/allocationRulesDescription?", POINT, text("footprint.allocation")),
    Member(
        f"{_M}/allocationInForeground/0/allocationRecycledCarbon?", POINT, text("footprint.recycled_carbon")
    ),
    Member("/general", POINT, _general),
    Member("/carbonContent", POINT, _carbon_content),
    Member(f"{_S}/productionStage/0", POINT, _production),
    Member(f"{_S}/distributionStage/0", POINT, _distribution),
    Member(f"{_S}/packagingStage/0/packagingEmissionsIncluded", POINT, truth("footprint.packaging")),
    Member(f"{_V}/attestationType", POINT, text("footprint.verification.kind")),
    Member(f"{_V}/standardName", POINT, text("footprint.verification.standard")),
    Member(f"{_V}/attestationStandard", POINT, text("footprint.verification.coverage")),
    Member(f"{_V}/attestationOfConformanceId", POINT, text("footprint.verification.id")),
    Member(f"{_V}/providerName", POINT, text("footprint.verification.provider")),
    Member(f"{_V}/attestationOfConformanceLink?", POINT, text("footprint.verification.link")),
    Member(f"{_V}/providerId?", POINT, text("footprint.verification.provider_id")),
    Member(f"{_V}/completedAt?", POINT, begin_of("footprint.verification.completed")),
)
"""Each member and where it comes from."""
_UNKNOWN = "no record tells it"
LEFT_OUT = {
    f"{_I}/idAndVersion/0/precedingPfIds": "traceledger footprint --format pact keeps them",
    f"{_A}/verificationAndCertificationShares": "master data says who verified, not which share",
    "/carbonContent/0/packagingBiogenicCarbonContent": _UNKNOWN,
    f"{_S}/productionStage/0/landManagementBiogenicCO2Emissions": _UNKNOWN,
    f"{_S}/productionStage/0/packagingLandManagementBiogenicCO2Emissions": _UNKNOWN,
    f"{_S}/productionStage/0/landManagementBiogenicCO2Removals": _UNKNOWN,
    f"{_S}/distributionStage/0/*": _UNKNOWN,
    f"{_S}/packagingStage/0/*": _UNKNOWN,
}
"""What the model has room for and is never filled, and why; ``*``: whatever else stands there."""
