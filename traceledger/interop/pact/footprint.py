"""One state of a batch's or a product's figures as a ``ProductFootprint``: each member, and who says it.

Figures come from the ledger, what it cannot know from master data; what neither knows is left out and named.
Members follow the order of the standard. Its ids, its status and what it follows upon are given by
``issues.py``, which knows the other states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from traceledger.interop.exported import Exported
from traceledger.interop.pact import rules
from traceledger.interop.pact.decimals import shown, summing, text
from traceledger.interop.pact.period import Period, validity
from traceledger.interop.pact.sheet import FILE, Sheet
from traceledger.interop.uris import Thing, uri
from traceledger.model.units import MG_PER_KG, format_time

if TYPE_CHECKING:
    from traceledger.interop.carbon import CarbonFigures
    from traceledger.interop.directory import Directory
    from traceledger.interop.masterdata import Footprint, Material
    from traceledger.interop.pact.states import State
    from traceledger.model.registry import Facility, Participant
    from traceledger.model.registry import Material as Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """What a footprint is of.

    Attributes:
        company: who made it.
        material: what it is.
        directory: what others call both, with the company's master data.
        batch: full name of the one batch; empty: it is the production of a period.
        period: the reference period; of a batch ``None``: that of its own activities.
        sites: where it was made.
    """

    company: Participant
    material: Registered
    directory: Directory
    batch: str = ""
    period: Period | None = None
    sites: tuple[Facility, ...] = ()

    @property
    def said(self) -> Material | None:
        """What master data say of the material."""
        return self.directory.known.materials.of(self.material.slug)

    @property
    def method(self) -> Footprint:
        """What master data say of how footprints were computed."""
        return self.directory.known.footprint_of(self.material.slug)


def written(of: Of, state: State) -> Exported:
    """A footprint without ``id``, ``created``, ``status`` and ``precedingPfIds``.

    Args:
        of: what it is of.
        state: a state that has figures.
    """
    if state.figures is None:
        raise ValueError("a state without figures is no footprint")
    sheet = Sheet(state.figures)
    sheet.fixed("/specVersion", rules.VERSION)
    period = of.period or Period(state.figures.first_at, state.figures.last_at + 1)
    _validity(sheet, of, period)
    _names(sheet, of)
    _pcf(sheet, of, state, period)
    return Exported(sheet.document, tuple(sheet.sources), tuple(sheet.missing))


def _validity(sheet: Sheet, of: Of, period: Period) -> None:
    method = of.method
    start, end, fits = validity(period, method.valid_from, method.valid_until)
    for name, value, said, key in (
        ("validityPeriodStart", start, method.valid_from, "valid_from"),
        ("validityPeriodEnd", end, method.valid_until, "valid_until"),
    ):
        if said and key in fits:
            sheet.said(f"/{name}", format_time(value), f"[footprint] {key}")
            continue
        sheet.fixed(f"/{name}", format_time(value), "3 years from the end of the reference period")
        if said:
            sheet.lacks(f"/{name}", f"[footprint] {key} is outside of the {rules.VALID_YEARS} years allowed")


def _names(sheet: Sheet, of: Of) -> None:
    directory, said, slug = of.directory, of.said, of.material.slug
    company = directory.known.companies.of(of.company.slug)
    if company and company.name:
        sheet.said("/companyName", company.name, "[company] name")
    else:
        sheet.ledger("/companyName", of.company.name or of.company.slug, "the participant's name")
    sheet.said("/companyIds", list(directory.company_ids(of.company.slug)), "[company], and the ledger")
    name = of.material.name or slug
    description = (said and said.description) or name
    where = "[[materials]] description" if said and said.description else ""
    if where:
        sheet.said("/productDescription", description, where)
    else:
        sheet.ledger("/productDescription", description, "the material's name")
    batch = [uri(Thing.BATCH, of.batch)] if of.batch else []
    ids = [*directory.product_ids(slug), *batch]
    sheet.said("/productIds", ids, "[[materials]], and the ledger")
    _classes(sheet, of)
    if said and said.name:
        sheet.said("/productNameCompany", said.name, "[[materials]] name")
    else:
        sheet.ledger("/productNameCompany", name, "the material's name")
    sheet.ledger("/comment", _comment(sheet.figures, of), "what the figures are of")


def _classes(sheet: Sheet, of: Of) -> None:
    """Classes as URNs, those first that can stand in an address as they are."""
    said = of.said
    found = list(said.classes) if said else []
    if said and said.cpc:
        found.append(f"urn:pact:productclassification:un-cpc:{quote(said.cpc, safe='')}")
    if of.material.cas:
        found.append(f"urn:pact:cas.org:substance-number:{of.material.cas}")
    found = sorted(dict.fromkeys(found), key=lambda each: "#" in each)
    if found:
        sheet.said(
            "/productClassifications", found, "[[materials]] classes and cpc, and the ledger's CAS number"
        )
    else:
        sheet.lacks("/productClassifications", f"{FILE} say nothing at [[materials]] cpc or classes")


def _comment(figures: CarbonFigures, of: Of) -> str:
    many = len(figures.batches)
    first = f"Batch {of.batch}" if of.batch else f"Average of {many} batch{'es' if many > 1 else ''}, by mass"
    said = [first, "cradle to gate, by the events of a ledger"]
    if figures.restated:
        auditor = "confirmed by an auditor" if figures.confirmed else "not all confirmed by an auditor"
        said.append(f"emissions of the past were restated, {auditor}")
    comment = of.method.comment
    return "; ".join(said) + "." + (f" {comment}" if comment else "")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A declared unit: what it is called, and mg of product in it; ``mass`` is what is said of that."""

    name: str
    mg: Fraction
    what: str


def _pcf(sheet: Sheet, of: Of, state: State, period: Period) -> None:
    unit = _unit(sheet, of, state)
    if unit is not None:
        sheet.fixed("/pcf/declaredUnitOfMeasurement", unit.name)
        sheet.fixed("/pcf/declaredUnitAmount", "1")
        sheet.ledger("/pcf/productMassPerDeclaredUnit", shown(unit.mg / MG_PER_KG), unit.what)
    _period(sheet, of, period)
    _geography(sheet, of)
    method = of.method
    sheet.perhaps("/pcf/boundaryProcessesDescription", method.boundary, "[footprint] boundary")
    if unit is not None:
        _emissions(sheet, of, unit)
        _carbon(sheet, of, unit)
    _method(sheet, of)


def _unit(sheet: Sheet, of: Of, state: State) -> _Unit | None:
    said = of.said
    wanted = (said and said.declared_unit) or rules.MASS_UNIT
    piece = state.unit_mass_mg
    counted = "mass of the batches by their number of pieces"
    if piece is None and said and said.unit_mass:
        piece, counted = Fraction(said.unit_mass), "[[materials]] unit_mass"
    elif piece is None and said and said.battery_category:
        piece, counted = state.battery_mass_mg, "mass of the batches, each of which is one battery"
    if wanted == rules.MASS_UNIT:
        return _Unit(wanted, Fraction(MG_PER_KG), "one kilogram")
    pointer = "/pcf/productMassPerDeclaredUnit"
    if wanted == rules.PIECE:
        if piece is not None:
            return _Unit(wanted, piece, counted)
        sheet.lacks(
            pointer, "neither pieces were counted nor is there [[materials]] unit_mass", required=True
        )
        return None
    if said and said.kwh_per_kg:
        return _Unit(wanted, MG_PER_KG / Fraction(said.kwh_per_kg), "[[materials]] kwh_per_kg")
    if said and said.kwh_per_piece and piece is not None:
        return _Unit(wanted, piece / Fraction(said.kwh_per_piece), f"{counted}, and kwh_per_piece")
    sheet.lacks(
        pointer,
        "[[materials]] has neither kwh_per_kg nor kwh_per_piece with the mass of a piece",
        required=True,
    )
    return None


def _period(sheet: Sheet, of: Of, period: Period) -> None:
    for name, at in (("Start", period.start), ("End", period.end)):
        pointer = f"/pcf/referencePeriod{name}"
        if of.period is None:
            sheet.ledger(pointer, format_time(at), "when the activities of the batch occurred")
        else:
            sheet.said(pointer, format_time(at), period.place)


def _geography(sheet: Sheet, of: Of) -> None:
    """At most one of the three: what master data say, else the country of all sites."""
    method = of.method
    for name, value, key in (
        ("geographyCountrySubdivision", method.subdivision, "subdivision"),
        ("geographyCountry", method.country, "country"),
        ("geographyRegionOrSubregion", method.region, "region"),
    ):
        if value and (name != "geographyRegionOrSubregion" or value in rules.REGIONS):
            sheet.said(f"/pcf/{name}", value, f"[footprint] {key}")
            return
    if method.region:
        sheet.lacks("/pcf/geographyRegionOrSubregion", "[footprint] region is no region of the UN's list")
    countries = {site.country for site in of.sites}
    if len(countries) == 1:
        sheet.ledger("/pcf/geographyCountry", countries.pop(), "where it was made")
    else:
        sheet.lacks("/pcf/geographyCountry", "it was made in several countries, or nobody knows where")


def _emissions(sheet: Sheet, of: Of, unit: _Unit) -> None:
    """The parts of the total, rounded so that they sum; then what cuts across them."""
    figures = sheet.figures
    gate, outbound = figures.gate, figures.outbound
    per_unit = unit.mg / figures.mass_mg / MG_PER_KG
    parts = {"fossilGhgEmissions": gate.fossil}
    if figures.tells_parts:
        parts |= {
            "landUseChangeGhgEmissions": gate.land_use,
            # Scopes hold no biogenic CO2 (GHG Protocol), so what is biogenic in them is methane and the like.
            "biogenicNonCO2Emissions": gate.biogenic,
        }
    if gate.removals:
        parts["technologicalCO2Removals"] = -gate.removals
    rounded = summing({name: amount * per_unit for name, amount in parts.items()})
    if rounded["fossilGhgEmissions"] < 0:
        sheet.lacks(
            "/pcf/fossilGhgEmissions", "records tell more parts than their scopes have", required=True
        )
        return
    total = sum(rounded.values())
    sheet.ledger("/pcf/pcfExcludingBiogenicUptake", text(total), "CO2e up to the gate, removals deducted")
    for name, amount in rounded.items():
        sheet.ledger(f"/pcf/{name}", text(amount), _WHAT[name])
    if figures.tells_parts:
        sheet.ledger("/pcf/aircraftGhgEmissions", shown(gate.aviation * per_unit), "of these, from aircraft")
    else:
        for name in ("landUseChangeGhgEmissions", "biogenicNonCO2Emissions", "aircraftGhgEmissions"):
            sheet.lacks(f"/pcf/{name}", "no record tells parts of its emissions")
    if outbound and not of.period:
        what = "transport from the gate on, by who made it; in no other figure"
        sheet.ledger("/pcf/outboundLogisticsGhgEmissions", shown(outbound * per_unit), what)
    share = shown(gate.primary_share * 100, 6)
    sheet.ledger("/pcf/primaryDataShare", share, "the part of CO2e up to the gate from primary data")


_WHAT = {
    "fossilGhgEmissions": "CO2e up to the gate that is neither biogenic nor from land use",
    "landUseChangeGhgEmissions": "the part from land use and its change",
    "biogenicNonCO2Emissions": "the biogenic part",
    "technologicalCO2Removals": "removals of the records",
}


def _carbon(sheet: Sheet, of: Of, unit: _Unit) -> None:
    """Carbon in the product, by master data; what of it is biogenic was taken up from the air."""
    said = of.said
    kilograms = unit.mg / MG_PER_KG
    contents = {
        "fossilCarbonContent": ("fossil_carbon", said.fossil_carbon if said else None),
        "biogenicCarbonContent": ("biogenic_carbon", said.biogenic_carbon if said else None),
        "recycledCarbonContent": ("recycled_carbon", said.recycled_carbon if said else None),
    }
    for name, (key, percent) in contents.items():
        value = None if percent is None else shown(kilograms * Fraction(percent) / 100)
        required = name == "fossilCarbonContent"
        sheet.perhaps(f"/pcf/{name}", value, f"[[materials]] {key}", required=required)
    excluding = sheet.document["pcf"].get("pcfExcludingBiogenicUptake")
    if excluding is None:
        return
    biogenic = contents["biogenicCarbonContent"][1]
    content = Fraction(0) if biogenic is None else kilograms * Fraction(biogenic) / 100
    uptake = -Fraction(shown(content * rules.CO2_OF_CARBON))
    if biogenic is not None:
        what = "[[materials]] biogenic_carbon, times 44/12"
        sheet.said("/pcf/biogenicCO2Uptake", shown(uptake), what)
    including = shown(Fraction(excluding) + uptake)
    sheet.ledger("/pcf/pcfIncludingBiogenicUptake", including, "the same and the biogenic uptake")


def _method(sheet: Sheet, of: Of) -> None:
    method = of.method
    put = sheet.perhaps
    put("/pcf/packagingEmissionsIncluded", method.packaging, "[footprint] packaging")
    if method.packaging:
        sheet.lacks("/pcf/packagingGhgEmissions", "the ledger does not tell packaging apart")
    captures = "technologicalCO2Removals" in sheet.document["pcf"]
    if captures or method.carbon_capture is None:
        sheet.ledger("/pcf/ccsTechnologicalCO2CaptureIncluded", captures, "whether records tell removals")
    else:
        sheet.said(
            "/pcf/ccsTechnologicalCO2CaptureIncluded", method.carbon_capture, "[footprint] carbon_capture"
        )
    put("/pcf/ipccCharacterizationFactors", list(method.gwp), "[footprint] gwp", required=True)
    put("/pcf/crossSectoralStandards", list(method.standards), "[footprint] standards", required=True)
    put("/pcf/productOrSectorSpecificRules", [*map(_rule, method.rules)], "[footprint] rules")
    share = None if method.exempted_share is None else shown(Fraction(method.exempted_share), 6)
    put("/pcf/exemptedEmissionsPercent", share, "[footprint] exempted_share", required=True)
    put("/pcf/exemptedEmissionsDescription", method.exempted, "[footprint] exempted")
    put("/pcf/allocationRulesDescription", method.allocation, "[footprint] allocation")
    if sheet.document["pcf"].get("primaryDataShare") != "100":
        sources = [{"name": each.name, "version": each.version} for each in method.secondary_sources]
        put("/pcf/secondaryEmissionFactorSources", sources, "[footprint] secondary_sources")
    put("/pcf/dqi", _quality(method), "[footprint] quality, all three ratings")
    put("/pcf/verification", _verification(method), "[footprint] verification")


def _rule(said: Any) -> dict[str, Any]:
    if said.operator in rules.OPERATORS and said.operator != "Other":
        return {"operator": said.operator, "ruleNames": list(said.names)}
    return {"operator": "Other", "ruleNames": list(said.names), "otherOperatorName": said.operator}


def _quality(method: Footprint) -> dict[str, str] | None:
    said = method.quality
    ratings = (said.technological, said.geographical, said.temporal) if said else ()
    if not ratings or None in ratings:
        return None
    return {
        name: shown(Fraction(value), 6)
        for name, value in zip(rules.RATINGS, ratings, strict=True)
        if value is not None
    }


def _verification(method: Footprint) -> dict[str, str] | None:
    said = method.verification
    if said is None:
        return None
    known = said.coverage in rules.COVERAGES
    remarks = (said.comment, "" if known else said.coverage, said.id, said.link)
    found: Mapping[str, str] = {
        "coverage": said.coverage if known else "",
        "providerName": said.provider,
        "completedAt": f"{said.completed.isoformat()}T00:00:00Z" if said.completed else "",
        "standardName": said.standard,
        "comments": "; ".join(_texts(remarks)),
    }
    return {name: value for name, value in found.items() if value}


def _texts(of: Iterable[str]) -> list[str]:
    return [each for each in of if each]
