"""The figures of a PACT carbon footprint: how they are written, their signs, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from traceledger.interop.pact import rules
from traceledger.interop.referee import figures
from traceledger.interop.referee.hearing import Hearing, Node

Version = tuple[int, int, int] | None
"""Of the specification, by the footprint's own word."""
_UPTAKE_TOLERANCE = Fraction(2, 100)


def carbon_footprint(hearing: Hearing, pcf: Node, version: Version) -> None:
    """Check the figures of one CarbonFootprint."""
    known = _read_figures(hearing, pcf, version)
    _sums(hearing, pcf, known, version)
    _parts(hearing, pcf, known)
    _mass_and_carbon(hearing, pcf, known)
    _flags(hearing, pcf, known)
    _shares(hearing, pcf, known)
    _ratings(hearing, pcf)


def _read_figures(hearing: Hearing, pcf: Node, version: Version) -> dict[str, Decimal]:
    """The figures that are written as figures; what is wrong with each by itself is said."""
    known = {}
    for name, figure in rules.FIGURES.items():
        node = pcf.get(name)
        if node is None:
            continue
        value = _decimal(hearing, node)
        if value is None:
            continue
        known[name] = value
        sign = rules.removals_sign(version) if name == rules.REMOVALS else figure.sign
        if not sign.holds(value):
            expected = f"{figures.written(-value)}, if its sign is wrong" if value else sign.value
            hearing.fault("sign", node, f"{name} is {sign.value}", expected=expected)
        elif figure.most is not None and value > figure.most:
            hearing.fault(
                "percent", node, f"{name} is at most {figure.most} %", expected=f"at most {figure.most}"
            )
    return known


def _decimal(hearing: Hearing, node: Node) -> Decimal | None:
    value = rules.decimal(node.value)
    if value is not None and figures.is_sensible(value):
        return value
    expected = ""
    if (number := node.number) is not None:
        what, expected = (
            "it is a JSON number, not a decimal in quotation marks",
            f'"{figures.written(number)}"',
        )
    elif point := figures.with_point(node.text or ""):
        what, expected = "it has a decimal comma", f'"{point}"'
    elif value is not None or node.value == "":
        what = "it is no figure of anything" if node.value else "it is empty"
    else:
        what, expected = "it is not a decimal as the standard writes them", 'digits such as "-1.50"'
    hearing.fault("figure", node, what, expected=expected)
    return None


def _sums(hearing: Hearing, pcf: Node, known: dict[str, Decimal], version: Version) -> None:
    whole, net = known.get("pcfExcludingBiogenicUptake"), known.get("pcfIncludingBiogenicUptake")
    node = pcf.get("pcfExcludingBiogenicUptake")
    signed = rules.with_signs(known, version)
    parts = {name: signed[name] for name in rules.EXCLUDING_UPTAKE if name in signed}
    if whole is not None and node is not None and "fossilGhgEmissions" in parts and _all_read(pcf, parts):
        exact = figures.added(parts.values())
        if not figures.agrees(whole, exact):
            _excluding_off(hearing, node, whole, exact, known)
    uptake, given = known.get(rules.UPTAKE), pcf.get(rules.UPTAKE) is not None
    node = pcf.get("pcfIncludingBiogenicUptake")
    if whole is None or net is None or node is None or given != (uptake is not None):
        return
    exact = figures.added([whole, uptake or Decimal(0)])
    if not figures.agrees(net, exact):
        told = "no biogenicCO2Uptake is given" if uptake is None else f"and biogenicCO2Uptake {uptake}"
        hearing.fault(
            "pact-including",
            node,
            f"pcfExcludingBiogenicUptake is {whole} {told}"
            if uptake is not None
            else f"{told}, and without uptake both totals are the same",
            expected=figures.written(exact),
        )


def _all_read(pcf: Node, parts: Iterable[str]) -> bool:
    """Whether every part that is given could be read: a sum without one of them says nothing."""
    return all(pcf.get(name) is None or name in parts for name in rules.EXCLUDING_UPTAKE)


def _excluding_off(
    hearing: Hearing,
    node: Node,
    whole: Decimal,
    exact: Decimal,
    known: dict[str, Decimal],
) -> None:
    """A total that is not the sum of its parts: doubtful, if another reading of the standard explains it."""
    for read, off in _other_readings(known):
        if figures.agrees(whole, figures.added([exact, off])):
            hearing.doubt(
                "pact-excluding", node, f"it adds up only if {read}", expected=figures.written(exact)
            )
            return
    absent = [name for name in rules.EXCLUDING_UPTAKE if name not in known]
    told = f"; not given: {', '.join(absent)}" if absent else ""
    difference = figures.added([whole, -exact])
    hearing.fault(
        "pact-excluding",
        node,
        f"its parts add up to {figures.written(exact)}, {figures.written(abs(difference))}"
        f" {'less' if difference > 0 else 'more'}{told}",
        expected=figures.written(exact),
    )


def _other_readings(known: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    """Other ways in which the parts are added up in practice, and what each changes."""
    within = known.get(rules.WITHIN_FOSSIL, Decimal(0))
    others, captured = (
        known.get("biogenicNonCO2Emissions", Decimal(0)),
        known.get("ccsTechnologicalCO2Capture", Decimal(0)),
    )
    found = [
        (f"{rules.WITHIN_FOSSIL} is not in fossilGhgEmissions, as the standard says it is", within),
        (
            f"{rules.WITHIN_FOSSIL} is added, and biogenicNonCO2Emissions is not, as examples of the"
            " standard do",
            figures.added([within, -others]) if within else Decimal(0),
        ),
        ("ccsTechnologicalCO2Capture is in fossilGhgEmissions already", -captured),
    ]
    return [(read, off) for read, off in found if off]


def _parts(hearing: Hearing, pcf: Node, known: dict[str, Decimal]) -> None:
    emitted = figures.added(
        value for name, value in known.items() if name in rules.EXCLUDING_UPTAKE and value > 0
    )
    bounds = dict.fromkeys(rules.WITHIN_TOTAL, ("all emissions", emitted))
    bounds[rules.WITHIN_FOSSIL] = ("fossilGhgEmissions", known.get("fossilGhgEmissions", Decimal(0)))
    for name, (whole, most) in bounds.items():
        node, value = pcf.get(name), known.get(name)
        if node is not None and value is not None and value > most and "fossilGhgEmissions" in known:
            hearing.fault(
                "pact-part",
                node,
                f"it is a part of {whole}, {figures.written(most)}",
                expected=f"at most {figures.written(most)}",
            )


def _mass_and_carbon(hearing: Hearing, pcf: Node, known: dict[str, Decimal]) -> None:
    mass, amount = known.get("productMassPerDeclaredUnit"), known.get("declaredUnitAmount")
    node, unit = pcf.get("productMassPerDeclaredUnit"), pcf.get("declaredUnitOfMeasurement")
    if mass is not None and node is not None and unit is not None and amount is not None:
        _mass(hearing, node, unit, mass, amount)
    fossil, biogenic = known.get("fossilCarbonContent"), known.get("biogenicCarbonContent", Decimal(0))
    if fossil is None:
        return
    carbon = figures.added([fossil, biogenic])
    if mass and node is not None and carbon > mass:
        hearing.fault(
            "pact-carbon",
            node,
            f"the product weighs less than the carbon in it, {figures.written(carbon)} kg",
            expected=f"at least {figures.written(carbon)}",
        )
    recycled, place = known.get("recycledCarbonContent"), pcf.get("recycledCarbonContent")
    if recycled is not None and place is not None and recycled > carbon:
        hearing.fault(
            "pact-carbon",
            place,
            f"fossil and biogenic carbon are {figures.written(carbon)} together",
            expected=f"at most {figures.written(carbon)}",
        )
    _uptake(hearing, pcf, known, biogenic)


def _mass(hearing: Hearing, node: Node, unit: Node, mass: Decimal, amount: Decimal) -> None:
    if unit.text == rules.MASS_UNIT and mass != amount:
        grams = " (grams?)" if mass == amount * 1000 else ""
        hearing.fault(
            "pact-mass",
            node,
            f"{figures.written(amount)} kilogram do not weigh {figures.written(mass)} kg{grams}",
            expected=figures.written(amount),
        )
    elif unit.text not in rules.WITHOUT_MASS and mass == 0:
        hearing.doubt("pact-mass", node, f"a {unit.text} of goods weighs something", expected="above zero")


def _uptake(hearing: Hearing, pcf: Node, known: dict[str, Decimal], biogenic: Decimal) -> None:
    uptake, node = known.get(rules.UPTAKE), pcf.get(rules.UPTAKE)
    if uptake is None or node is None or "biogenicCarbonContent" not in known:
        return
    packaging = known.get("packagingBiogenicCarbonContent", Decimal(0))
    bounds = [
        Fraction(biogenic) * rules.CO2_OF_CARBON,
        Fraction(figures.added([biogenic, packaging])) * rules.CO2_OF_CARBON,
    ]
    slack = figures.half_unit(uptake)
    slack += figures.half_unit(known["biogenicCarbonContent"]) * rules.CO2_OF_CARBON
    slack += bounds[1] * _UPTAKE_TOLERANCE
    if not bounds[0] - slack <= -Fraction(uptake) <= bounds[1] + slack:
        hearing.doubt(
            "pact-uptake",
            node,
            f"{figures.written(biogenic)} kg of biogenic carbon took up 44/12 of that as CO2",
            expected=f"about {figures.written(-bounds[0])}",
        )


def _flags(hearing: Hearing, pcf: Node, known: dict[str, Decimal]) -> None:
    packaged, node = pcf.get("packagingEmissionsIncluded"), pcf.get("packagingGhgEmissions")
    if packaged is not None and packaged.value is False and node is not None:
        hearing.fault("pact-packaging", node, "packagingEmissionsIncluded is false", expected="left out")
    captured = pcf.get("ccsTechnologicalCO2CaptureIncluded")
    if captured is not None and captured.value is False:
        for name in (
            "ccsTechnologicalCO2Capture",
            "technologicalCO2Removals",
            "technologicalCO2CaptureOrigin",
        ):
            place = pcf.get(name)
            if place is not None and known.get(name) != 0:
                hearing.fault(
                    "pact-capture", place, "ccsTechnologicalCO2CaptureIncluded is false", expected="left out"
                )
    approach, certified = pcf.get("ccuCalculationApproach"), pcf.get("ccuCreditCertification")
    if approach is not None and approach.value == "Credit" and certified is None:
        hearing.missing(
            "pact-capture",
            pcf,
            "ccuCreditCertification",
            "the approach is Credit, which needs a certification",
        )
    given = [place for name in rules.GEOGRAPHIES if (place := pcf.get(name)) is not None]
    for place in given[:-1] if len(given) > 1 else ():
        kept = given[-1].pointer.rsplit("/", 1)[-1]
        hearing.fault(
            "pact-geography", place, f"{kept} is given too", expected=f"left out, where {kept} holds"
        )


def _shares(hearing: Hearing, pcf: Node, known: dict[str, Decimal]) -> None:
    exempted, node = known.get("exemptedEmissionsPercent"), pcf.get("exemptedEmissionsPercent")
    if exempted is not None and node is not None and rules.METHOD_EXEMPTED_MOST < exempted <= 100:
        hearing.doubt("pact-exempted", node, "the Methodology lets out 5 % at most", expected="at most 5")
    share, node = known.get("primaryDataShare"), pcf.get("primaryDataShare")
    if share is None or node is None:
        return
    if 0 < share < 1 or (share == 1 and figures.places(share) > 0):
        hearing.doubt(
            "percent",
            node,
            "it is in per cent: less than one per cent, or a fraction?",
            expected=f"{figures.written(share * 100)}, if it is a fraction",
        )
    sources = pcf.get("secondaryEmissionFactorSources")
    if share == 100 and sources is not None:
        hearing.doubt("pact-sources", sources, "all data is primary by primaryDataShare", expected="left out")


def _ratings(hearing: Hearing, pcf: Node) -> None:
    for name in rules.RATINGS:
        node = pcf.get("dqi", name)
        value = None if node is None else _decimal(hearing, node)
        if node is not None and value is not None and not 1 <= value <= 5:
            hearing.fault("range", node, f"{name} is from 1 to 5", expected="1 to 5")
