"""Catena-X product carbon footprints: the aspect model Pcf 9.0.0.

It wraps every group of members into a list. Its positions have letters: A fossil, C biogenic other than
CO2, D biogenic uptake, E land use change, F land management emissions, G land management removals, H
aircraft; with D the total is called T1, without it T2. Uptake and removals are negative numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from traceledger.interop.pact.rules import MASS_UNIT, REGIONS
from traceledger.interop.referee import figures, shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.identifiers import check_urn
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.times import in_order, valid_from_end

_UNITS = (
    *("liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter"),
    *("piece", "hour", "megabit", "second"),
)
_TYPES = (
    "Retrospective PCF",
    "Prospective PCF without forerunner",
    "Prospective PCF of further developed product with forerunner",
)
_EXCLUDING = (
    "fossilGhgEmissions",
    "biogenicNonCO2Emissions",
    "landUseChangeGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals",
    "aircraftGhgEmissions",
)
_UPTAKE = "biogenicCO2Uptake"
_STAGES = {"productionStage": "", "distributionStage": "distributionStage", "packagingStage": "packaging"}
"""Lists of a life cycle, and what the names of their members begin with."""
_CUT_OFF = 3


def _one(item: shapes.Shape) -> shapes.Shape:
    return shapes.several(item, least=1)


def _stage(prefix: str, *, required: bool) -> shapes.Shape:
    totals = {
        _named(prefix, f"pcf{word}BiogenicUptake"): shapes.number() for word in ("Including", "Excluding")
    }
    parts = {_named(prefix, name): shapes.number(0) for name in _EXCLUDING if "Removals" not in name}
    parts |= {_named(prefix, "landManagementBiogenicCO2Removals"): shapes.number(most=0)}
    parts |= {_named(prefix, _UPTAKE): shapes.number(most=0)}
    flags = {"distributionStage": "distributionStageIncluded", "packaging": "packagingEmissionsIncluded"}
    flag = {flags[prefix]: shapes.BOOLEAN} if prefix in flags else {}
    return shapes.record({**flag, **(totals if required else {})}, {**totals, **parts})


def _named(prefix: str, name: str) -> str:
    return f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name


_ASSESSMENT = shapes.record(
    {
        "idAndVersion": _one(
            shapes.record(
                {
                    "id": shapes.text(shapes.UUID),
                    "version": shapes.number(0),
                    "status": shapes.word(("Active", "Deprecated")),
                    "retroOrProspectivePcfType": shapes.text(),
                }
            )
        ),
        "boundarySpecifications": _one(shapes.record({"exemptedEmissionsPercent": shapes.number(0, 10)})),
        "geography": _one(
            shapes.record(
                {"geographyRegionOrSubregion": shapes.word((*REGIONS, "Global"))},
                {"geographyCountry": shapes.text("^[A-Z]{2}$")},
            )
        ),
        "time": _one(
            shapes.record(
                dict.fromkeys(
                    ("referencePeriodStart", "referencePeriodEnd", "created", "validityPeriodEnd"),
                    shapes.text(),
                )
            )
        ),
    }
)
_SHARE = shapes.number(0, 100)
_RATING = shapes.number(1, 5)
_PCF = shapes.record(
    {
        "scopeOfPcfForm": _one(
            shapes.record(
                {
                    "specVersion": shapes.text(),
                    "partialFullPcf": shapes.word(("Cradle-to-gate", "Cradle-to-grave")),
                }
            )
        ),
        "companyAndProductInformation": _one(
            shapes.record(
                {},
                {
                    "companyInformation": shapes.several(
                        shapes.record(
                            {"companyName": shapes.text(), "companyIds": shapes.several(shapes.text())}
                        )
                    ),
                    "productInformation": shapes.several(
                        shapes.record(
                            {
                                "productNameCompany": shapes.text(),
                                "productIds": shapes.several(shapes.text()),
                                "declaredUnitOfMeasurement": shapes.word(_UNITS),
                                "declaredUnitAmount": shapes.above(0),
                                "productMassPerDeclaredUnit": shapes.number(0),
                            }
                        )
                    ),
                },
            )
        ),
        "pcfAssessmentAndMethodology": _one(
            shapes.record(
                {
                    "dataSourcesAndQuality": _one(
                        shapes.record(
                            {"primaryDataShare": _SHARE},
                            dict.fromkeys(("technologicalDQR", "temporalDQR", "geographicalDQR"), _RATING),
                        )
                    )
                },
                {
                    "pcfAssessmentInformation": shapes.several(_ASSESSMENT),
                    "verificationAndCertificationShares": shapes.several(
                        shapes.record(
                            {},
                            dict.fromkeys(
                                (
                                    "programCertificationShare",
                                    "productVerificationShare3rdParty",
                                    "productVerificationShare2ndParty",
                                    "productVerificationShare1stParty",
                                ),
                                _SHARE,
                            ),
                        )
                    ),
                },
            )
        ),
        "productLifeCycleStagesAndEmissions": _one(
            shapes.record(
                {
                    name: _one(_stage(prefix, required=name == "productionStage"))
                    for name, prefix in _STAGES.items()
                }
            )
        ),
    },
    {
        "carbonContent": shapes.several(
            shapes.record(
                {},
                dict.fromkeys(
                    (
                        "carbonContentTotal",
                        "fossilCarbonContent",
                        "biogenicCarbonContent",
                        "packagingBiogenicCarbonContent",
                        "recycledCarbonContent",
                    ),
                    shapes.number(0),
                ),
            )
        )
    },
)


def pcf(hearing: Hearing, node: Node) -> None:
    """Check a Pcf 9.0.0."""
    shapes.compare(hearing, _PCF, node)
    for cycle in node.each("productLifeCycleStagesAndEmissions"):
        for name, prefix in _STAGES.items():
            for stage in cycle.each(name):
                _stage_sums(hearing, stage, prefix)
        _stages_apart(hearing, cycle)
    masses = list(_products(hearing, node))
    for content in node.each("carbonContent"):
        _carbon(hearing, content, masses)
    for method in node.each("pcfAssessmentAndMethodology"):
        for quality in method.each("dataSourcesAndQuality"):
            sums.perhaps_fraction(hearing, number_at(quality, "primaryDataShare"))
        for assessed in method.each("pcfAssessmentInformation"):
            _assessment(hearing, assessed)


def _stage_sums(hearing: Hearing, stage: Node, prefix: str) -> None:
    parts = [found for name in _EXCLUDING if (found := number_at(stage, _named(prefix, name))) is not None]
    whole = number_at(stage, _named(prefix, "pcfExcludingBiogenicUptake"))
    net = number_at(stage, _named(prefix, "pcfIncludingBiogenicUptake"))
    given = [name for name in _EXCLUDING if stage.get(_named(prefix, name)) is not None]
    if whole is not None and parts and len(parts) == len(given):
        sums.total_of(hearing, "pcf-excluding", whole, parts, "positions A, C, E, F, G and H")
    if whole is not None and net is not None:
        _with_uptake(hearing, whole[1], net, number_at(stage, _named(prefix, _UPTAKE)))


def _with_uptake(hearing: Hearing, whole: Decimal, net: sums.Figure, uptake: sums.Figure | None) -> None:
    taken = Decimal(0) if uptake is None else uptake[1]
    exact = figures.added([whole, taken])
    if figures.agrees(net[1], exact):
        return
    told = f"T2 is {figures.written(whole)}, and uptake {figures.written(taken)}"
    if figures.agrees(net[1], whole):
        what = f"{told}: T1 is T2 only where that is negligible"
        hearing.doubt("pcf-including", net[0], what, expected=figures.written(exact))
    else:
        hearing.fault("pcf-including", net[0], told, expected=figures.written(exact))


def _stages_apart(hearing: Hearing, cycle: Node) -> None:
    production = next(cycle.each("productionStage"), None)
    made = number_at(production, "pcfExcludingBiogenicUptake")
    for stage in cycle.each("packagingStage"):
        packed = number_at(stage, "packagingPcfExcludingBiogenicUptake")
        included = stage.get("packagingEmissionsIncluded")
        if made and packed and included and included.value is True and packed[1] > made[1]:
            hearing.doubt(
                "pcf-stages",
                packed[0],
                f"packaging is inside the production stage, whose total is {figures.written(made[1])}",
                expected=f"at most {figures.written(made[1])}",
            )
    for stage in cycle.each("distributionStage"):
        moved = number_at(stage, "distributionStagePcfExcludingBiogenicUptake")
        included = stage.get("distributionStageIncluded")
        if moved and moved[1] and included and included.value is False:
            hearing.doubt(
                "pcf-stages", moved[0], "distributionStageIncluded is false", expected="left out, or 0"
            )


def _products(hearing: Hearing, node: Node) -> Iterator[tuple[Node, Decimal]]:
    """The masses of the products, of which what is wrong is said."""
    for group in node.each("companyAndProductInformation"):
        for company in group.each("companyInformation"):
            for each in company.each("companyIds"):
                check_urn(hearing, each)
        for product in group.each("productInformation"):
            for name in ("productIds", "productClassifications"):
                for each in product.each(name):
                    check_urn(hearing, each)
            mass, amount = (
                number_at(product, "productMassPerDeclaredUnit"),
                number_at(product, "declaredUnitAmount"),
            )
            unit = product.get("declaredUnitOfMeasurement")
            if mass is None:
                continue
            if unit and amount and unit.value == MASS_UNIT and mass[1] != amount[1]:
                grams = " (grams?)" if mass[1] == amount[1] * 1000 else ""
                hearing.fault(
                    "pcf-mass",
                    mass[0],
                    f"{amount[0].value} kilogram do not weigh {figures.written(mass[1])} kg{grams}",
                    expected=figures.written(amount[1]),
                )
            yield mass


def _carbon(hearing: Hearing, content: Node, masses: list[tuple[Node, Decimal]]) -> None:
    total = number_at(content, "carbonContentTotal")
    fossil, biogenic = number_at(content, "fossilCarbonContent"), number_at(content, "biogenicCarbonContent")
    if total is None:
        return
    if fossil is not None and biogenic is not None:
        sums.total_of(hearing, "pcf-carbon", total, [fossil, biogenic], "fossil and biogenic carbon")
    recycled = number_at(content, "recycledCarbonContent")
    if recycled is not None and recycled[1] > total[1]:
        hearing.fault(
            "pcf-carbon",
            recycled[0],
            "more carbon is recycled than there is",
            expected=f"at most {figures.written(total[1])}",
        )
    heaviest = max((mass for _, mass in masses), default=Decimal(0))
    if heaviest and total[1] > heaviest:
        hearing.fault(
            "pcf-carbon",
            total[0],
            f"the product weighs {figures.written(heaviest)} kg",
            expected=f"at most {figures.written(heaviest)}",
        )


def _assessment(hearing: Hearing, node: Node) -> None:
    for bounds in node.each("boundarySpecifications"):
        exempted = number_at(bounds, "exemptedEmissionsPercent")
        if exempted is not None and _CUT_OFF < exempted[1] <= 10:
            hearing.doubt(
                "pcf-exempted", exempted[0], "the Rulebook cuts off 3 % at most", expected="at most 3"
            )
    for place in node.each("geography"):
        country, within = place.get("geographyCountry"), place.get("geographyCountrySubdivision")
        if country and within and country.text and within.text and within.text[:2] != country.text:
            hearing.fault(
                "pcf-geography",
                within,
                f"it is not in {country.text}",
                expected=f"{country.text}-…, or that country",
            )
    retrospective = any(
        (kind := each.get("retroOrProspectivePcfType")) is not None and kind.value == _TYPES[0]
        for each in node.each("idAndVersion")
    )
    for time in node.each("time"):
        ends, valid = time.get("referencePeriodEnd"), time.get("validityPeriodStart")
        in_order(hearing, time.get("referencePeriodStart"), ends, strict=True)
        in_order(hearing, valid, time.get("validityPeriodEnd"), strict=True)
        if retrospective:
            valid_from_end(hearing, "pcf-validity", valid, ends)


KINDS = (
    Kind(
        "catenax-pcf",
        "Catena-X Pcf 9.0.0",
        (
            "scopeOfPcfForm",
            "companyAndProductInformation",
            "pcfAssessmentAndMethodology",
            "productLifeCycleStagesAndEmissions",
        ),
        pcf,
        "catenax.pcf",
    ),
)
"""What is checked here."""
