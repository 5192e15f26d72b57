"""The one table of rules: by which a document is found sound or not, and who says so.

A rule that a document breaks is named in every finding, with its source. Families of documents use them in
the modules beside this one.
"""

from __future__ import annotations

from traceledger.model.frozen import frozen

PACT = "PACT Technical Specifications 3.0.3"
METHOD = "PACT Methodology 3.0"
PCF = "Catena-X Pcf 9.0.0 and PCF Rulebook"
COMPONENT = "Catena-X PcfForBatteryComponentSupplier 1.0.0"
PASSPORT = "Catena-X BatteryPass 6.1.0"
BATTERY = "Regulation (EU) 2023/1542"
DIN = "DIN DKE SPEC 99100"
GS1 = "GS1 General Specifications"
EPCIS = "EPCIS 2.0"
OWN = "this program"


@frozen
class Rule:
    """A rule: what it asks, and whose it is."""

    says: str
    source: str


RULES: dict[str, Rule] = {
    "json": Rule("the document is one JSON text in UTF-8 that names no member twice", "RFC 8259"),
    "kind": Rule("the document is of a kind that is checked here", OWN),
    "schema": Rule("the document is valid by the official JSON schema of its kind", "the official schema"),
    "schema-asked": Rule("whether the official JSON schema was asked is said", OWN),
    "shape": Rule(
        "members that must be there are, each of the type its standard gives it", "the standard of its kind"
    ),
    "range": Rule("a figure is within the bounds of its standard", "the standard of its kind"),
    "figure": Rule("a figure is written as the standard writes figures", "the standard of its kind"),
    "sign": Rule("a figure is on its side of zero", "the standard of its kind"),
    "time": Rule("a time is a day of the calendar and, where the standard asks it, has a zone", "RFC 3339"),
    "period": Rule("what begins earlier does not end before", "the standard of its kind"),
    "check-digit": Rule(
        "check digits of identifiers agree with the other digits", f"{GS1} 7.9; ISO 17442; CAS Registry"
    ),
    "identifier": Rule(
        "an identifier has the shape that its scheme gives it", "the scheme of the identifier"
    ),
    "unit": Rule("a figure is in the unit that its standard gives it", "the standard of its kind"),
    "percent": Rule("a share is told in per cent, from 0 to 100", "the standard of its kind"),
    "twice": Rule("what is listed once per name is listed once", "the standard of its kind"),
    "pact-version": Rule("a footprint follows version 3 of the specification", PACT),
    "pact-excluding": Rule(
        "pcfExcludingBiogenicUptake = fossilGhgEmissions + landUseChangeGhgEmissions +"
        " landManagementBiogenicCO2Emissions + landManagementBiogenicCO2Removals + technologicalCO2Removals +"
        " ccsTechnologicalCO2Capture + biogenicNonCO2Emissions",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-including": Rule(
        "pcfIncludingBiogenicUptake = pcfExcludingBiogenicUptake + biogenicCO2Uptake",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-part": Rule("a part is not more than the whole it is a part of", f"{PACT}, CarbonFootprint"),
    "pact-carbon": Rule(
        "carbon weighs no more than the product, recycled carbon no more than all carbon",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-uptake": Rule(
        "biogenicCO2Uptake is the CO2 of the biogenic carbon in the product: 44/12 of its mass",
        f"{METHOD}, 3.3.2.4",
    ),
    "pact-mass": Rule(
        "productMassPerDeclaredUnit is the mass in kg of declaredUnitAmount units", f"{PACT}, CarbonFootprint"
    ),
    "pact-packaging": Rule(
        "packagingGhgEmissions is there only where packagingEmissionsIncluded is true",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-capture": Rule(
        "capture and removals are there only where ccsTechnologicalCO2CaptureIncluded is true; credit needs"
        " its certification",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-exempted": Rule("at most 5 % of the emissions are left out", f"{METHOD}, 3.3.1.2"),
    "pact-geography": Rule(
        "at most one of region, country and subdivision is given", f"{PACT}, CarbonFootprint"
    ),
    "pact-validity": Rule(
        "a footprint is valid from the end of its reference period, for three years at most",
        f"{PACT}, validity period",
    ),
    "pact-lifecycle": Rule("a footprint does not precede itself", f"{PACT}, lifecycle"),
    "pact-sources": Rule(
        "secondary sources are named where secondary data was used, and only there",
        f"{PACT}, CarbonFootprint",
    ),
    "pact-rules": Rule(
        "an operator that is none of the listed ones is named", f"{PACT}, ProductOrSectorSpecificRule"
    ),
    "pact-event": Rule("an event has what its type asks for", f"{PACT}, events; CloudEvents 1.0"),
    "pcf-excluding": Rule(
        "T2 = fossil (A) + biogenic non-CO2 (C) + land use change (E) + land management emissions (F)"
        " and removals (G) + aircraft (H)",
        PCF,
    ),
    "pcf-including": Rule(
        "T1 = T2 + biogenic uptake (D); or T1 = T2 where the biogenic content is negligible", PCF
    ),
    "pcf-carbon": Rule("carbonContentTotal = fossil + biogenic; recycled is a part of it", PCF),
    "pcf-mass": Rule("productMassPerDeclaredUnit is the mass in kg of declaredUnitAmount units", PCF),
    "pcf-stages": Rule(
        "packaging is inside the production stage; distribution is told only where it is included", PCF
    ),
    "pcf-exempted": Rule("the cut-off is 3 % at most", PCF),
    "pcf-geography": Rule("a subdivision is one of the country", "ISO 3166-2"),
    "pcf-validity": Rule("a retrospective footprint is valid from the end of its reference period on", PCF),
    "component-stages": Rule(
        "absPcfValue is the sum of the four stages; or these are its shares, and sum to 100", COMPONENT
    ),
    "component-quality": Rule("dataQualityRating is the mean of the three representativenesses", COMPONENT),
    "parts": Rule("an assembly is no part of itself", "Catena-X SingleLevelBomAsBuilt 4.0.0"),
    "stages": Rule(
        "the carbon footprint is the sum of its life-cycle stages; or these are its shares, and sum to 100",
        f"{BATTERY}, Annex II; {DIN} 6.3",
    ),
    "footprint-types": Rule(
        "climate change total = fossil + biogenic + land use and land use change", PASSPORT
    ),
    "recycled": Rule(
        "pre-consumer and post-consumer share of a metal are at most 100 % together", f"{BATTERY}, Article 8"
    ),
    "article-8": Rule(
        "least recycled shares from 18 August 2031 (and 2036): cobalt 16 (26), lead 85 (85), lithium 6 (12),"
        " nickel 6 (15) %",
        f"{BATTERY}, Article 8(2) and (3)",
    ),
    "composition": Rule(
        "materials weigh no more than the battery, concentrations no more than the whole", f"{DIN} 6.5"
    ),
    "critical": Rule("critical raw materials are said to be so", "Regulation (EU) 2024/1252, Annex II"),
    "lead": Rule("what is said of one metal in two places is the same", PASSPORT),
    "voltage": Rule("minimal <= nominal <= maximal voltage", f"{BATTERY}, Annex XIII 1(h)"),
    "energy": Rule("energy is capacity times nominal voltage", f"{DIN} 6.7.2"),
    "efficiency": Rule("round trip efficiency falls with use", f"{BATTERY}, Annex XIII 1(n)"),
    "fade": Rule(
        "a fade is what is lost of the rated value, in per cent of it", f"{BATTERY}, Annex IV and VII"
    ),
    "temperature": Rule("the lower temperature is below the upper", f"{BATTERY}, Annex XIII 1(l)"),
    "passport-dates": Rule(
        "a battery is made before it is placed on the market, and that before it is put into service",
        f"{BATTERY}, Annex XIII",
    ),
    "across": Rule("documents of one battery say the same of it", f"{BATTERY}, Article 77"),
    "epcis": Rule("the document can be captured", f"{EPCIS}, CBV 2.0"),
    "epcis-quantity": Rule(
        "a quantity is not negative, and has a unit if it is measured", f"{EPCIS}, 7.3.3.3"
    ),
    "epcis-mass": Rule("what comes out of a transformation weighs what went in", f"{EPCIS}, 7.4.6"),
    "epcis-times": Rule("an event is recorded after it happened", f"{EPCIS}, 7.4.1"),
    "epcis-same": Rule("an object stands once in a list, in whichever notation", EPCIS),
    "epcis-extension": Rule(
        "substances that went in come out or are declared lost; parts are within their wholes",
        "docs/epcis.md",
    ),
}
"""All rules, by the names that findings have."""
