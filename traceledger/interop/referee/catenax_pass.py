"""Catena-X BatteryPass 6.1.0: a passport as one document, with values rated, and measured since."""

from __future__ import annotations

from decimal import Decimal

from traceledger.interop.referee import battery, figures, shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.identifiers import check_cas, wrong_with_gtin
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.sums import Figure
from traceledger.interop.referee.times import in_order, moment_at

_DAY = shapes.text(r"^\d{4}-\d{2}-\d{2}$")
_OBJECT: shapes.Shape = {"type": "object"}
_METALS = ("nickel", "lithium", "cobalt", "lead")
_PER_MILLION = {
    "unit:percent": Decimal(10_000),
    "unit:partPerThousand": Decimal(1000),
    "unit:partPerMillion": Decimal(1),
    "unit:partPerBillionUs": Decimal("0.001"),
    "unit:partPerTrillionUs": Decimal("0.000001"),
}
"""Parts per million of the mass in each unit of concentration; those by volume are not compared."""
_TYPES = {
    "Climate Change Total": "total",
    "Climate Change Fossil": "fossil",
    "Climate Change Biogenic Removals and Emissions": "biogenic",
    "Climate Change Land Use and Land Use Change": "land use",
}
_STAGES = {
    "raw material": "acquisition",
    "main product": "production",
    "manufactur": "production",
    "distribution": "distribution",
    "end of life": "recycling",
    "end-of-life": "recycling",
    "recycling": "recycling",
}
"""By words in them: life-cycle stages as people write them."""
_WHOLE = ("total", "whole", "life cycle", "lifecycle", "all stages", "cradle")
_ACTIVE = shapes.record({"recycled": shapes.number(0, 100)})
_SHAPE = shapes.record(
    {
        "identification": shapes.record(
            {
                "category": shapes.word(("SLI", "LMT", "EV", "industrial", "portable", "incorporated")),
                "idDmc": shapes.text(),
                "chemistry": shapes.text(),
                "identification": _OBJECT,
            }
        ),
        "operation": shapes.record(
            {"manufacturer": shapes.record({"manufacturer": shapes.text("^BPNL[a-zA-Z0-9]{12}$")})},
            {"intoServiceDate": _DAY},
        ),
        "characteristics": shapes.record(
            {
                "warranty": shapes.record({"lifeValue": shapes.number(0), "lifeUnit": shapes.text("^unit:")}),
                "physicalDimension": shapes.record(
                    {"weight": shapes.record({"value": shapes.above(0), "unit": shapes.text("^unit:")})}
                ),
            }
        ),
        "sustainability": shapes.record(
            {
                "documents": _OBJECT,
                "carbonFootprint": shapes.several(
                    shapes.record(
                        {
                            "value": shapes.number(0),
                            "lifecycle": shapes.text(),
                            "unit": shapes.text(),
                            "type": shapes.text(),
                        }
                    )
                ),
                "status": shapes.word(("original", "repurposed", "re-used", "remanufactured", "waste")),
            }
        ),
        "materials": shapes.record(
            {
                "active": shapes.record(dict.fromkeys(_METALS, _ACTIVE)),
                "hazardous": shapes.record(dict.fromkeys(("cadmium", "mercury", "lead"), _OBJECT)),
                "composition": shapes.several(
                    shapes.record(
                        {
                            "concentration": shapes.number(0),
                            "unit": shapes.text("^unit:"),
                            "recycled": shapes.number(0, 100),
                            "renewable": shapes.number(0, 100),
                        }
                    )
                ),
            }
        ),
        "performance": shapes.record({"rated": _OBJECT, "dynamic": _OBJECT}),
        "conformity": _OBJECT,
        "safety": _OBJECT,
        "metadata": shapes.record(
            {
                "version": shapes.text(),
                "expirationDate": _DAY,
                "issueDate": _DAY,
                "economicOperatorId": shapes.text("^BPNL[a-zA-Z0-9]{12}$"),
                "passportIdentifier": shapes.text(shapes.UUID),
                "predecessor": shapes.text(shapes.UUID),
            }
        ),
        "commercial": _OBJECT,
        "handling": _OBJECT,
    }
)


def passport(hearing: Hearing, node: Node) -> None:
    """Check a BatteryPass 6.1.0."""
    shapes.compare(hearing, _SHAPE, node)
    _footprints(hearing, node.get("sustainability"))
    _materials(hearing, node.get("materials"))
    _rated(hearing, node.get("performance", "rated"))
    _dynamic(hearing, node.get("performance", "rated"), node.get("performance", "dynamic"))
    _dates(hearing, node)
    for code in (
        () if (named := node.get("identification", "identification")) is None else named.each("codes")
    ):
        key, value = code.get("key"), code.get("value")
        if key is not None and value is not None and str(key.value).upper() in ("GTIN", "EAN"):
            digits = value.text or ""
            if digits.isdecimal() and (wrong := wrong_with_gtin(digits)):
                hearing.fault("check-digit", value, wrong)


def _footprints(hearing: Hearing, node: Node | None) -> None:
    if node is None:
        return
    by_type: dict[tuple[str, str], dict[str, Figure]] = {}
    for each in node.each("carbonFootprint"):
        kind, stage = each.get("type"), each.get("lifecycle")
        value, unit = number_at(each, "value"), each.get("unit")
        if value is None or kind is None or stage is None:
            continue
        measured = str(unit.value) if unit is not None else ""
        if unit is not None and "kwh" not in measured.lower().replace(" ", ""):
            hearing.doubt(
                "unit", unit, "a battery's footprint is per kilowatt hour", expected="kg CO2e / kWh"
            )
        name = _TYPES.get(str(kind.value), str(kind.value))
        by_type.setdefault((_stage(str(stage.value)), measured), {})[name] = value
    for found in by_type.values():
        parts = [found[name] for name in ("fossil", "biogenic", "land use") if name in found]
        if "total" in found and len(parts) == 3:
            sums.total_of(hearing, "footprint-types", found["total"], parts, "fossil, biogenic and land use")
    for measured in {unit for _, unit in by_type}:
        totals = {
            stage: found["total"]
            for (stage, unit), found in by_type.items()
            if unit == measured and "total" in found
        }
        whole = totals.pop("whole", None)
        parts = [totals[stage] for stage in dict.fromkeys(_STAGES.values()) if stage in totals]
        if whole is not None and len(parts) > 1:
            all_given = len(parts) == len(set(_STAGES.values()))
            sums.stages_of(hearing, "stages", whole, parts, all_given=all_given)


def _stage(words: str) -> str:
    lower = words.lower()
    found = next((stage for word, stage in _STAGES.items() if word in lower), None)
    return found or ("whole" if any(word in lower for word in _WHOLE) else lower)


def _materials(hearing: Hearing, node: Node | None) -> None:
    if node is None:
        return
    active = node.get("active")
    for metal in _METALS:
        share = number_at(active, metal, "recycled")
        if share is not None and 0 <= share[1] <= 100:
            battery.recycled(hearing, metal, None, share)
    listed = []
    for each in node.each("composition"):
        _identified(hearing, each, "id")
        value, unit = number_at(each, "concentration"), each.get("unit")
        factor = _PER_MILLION.get(str(unit.value)) if unit is not None else None
        if value is None or factor is None:
            continue
        parts = value[1] * factor
        if parts > 10**6:
            hearing.fault("composition", value[0], "it is more than the whole", expected="at most the whole")
        listed.append((value[0], parts))
    total = figures.added(parts for _, parts in listed)
    if listed and total > 10**6 and all(parts <= 10**6 for _, parts in listed):
        hearing.fault(
            "composition",
            listed[-1][0],
            f"the concentrations add up to {figures.written(total / 10_000)} %",
            expected="at most 100 % together",
        )
    for group in ("active", "hazardous"):
        for each in () if (found := node.get(group)) is None else found.each("other"):
            _identified(hearing, each, "materialIdentification")
    _lead(hearing, node)


def _identified(hearing: Hearing, node: Node, name: str) -> None:
    for each in node.each(name):
        kind = each.get("type")
        if kind is not None and kind.value == "CAS":
            check_cas(hearing, each.get("id"))


def _lead(hearing: Hearing, node: Node) -> None:
    """Lead stands among active and among hazardous materials."""
    for name in ("recycled", "concentration"):
        first, second = (number_at(node, group, "lead", name) for group in ("active", "hazardous"))
        if first is not None and second is not None and first[1] != second[1]:
            told = f"of the same metal {figures.written(first[1])} is said among active materials"
            hearing.fault("lead", second[0], told, expected=figures.written(first[1]))


def _rated(hearing: Hearing, rated: Node | None) -> None:
    if rated is None:
        return
    battery.voltages(hearing, rated.get("voltage"), ("min", "nominal", "max"))
    energy, capacity = number_at(rated, "energy", "value"), number_at(rated, "capacity", "value")
    battery.energy(hearing, energy, capacity, number_at(rated, "voltage", "nominal"))
    trip = rated.get("roundTripEfficiency")
    battery.efficiencies(hearing, number_at(trip, "initial"), number_at(trip, "50PercentLife"))
    for share in (number_at(trip, "depthOfDischarge"), number_at(rated, "capacity", "thresholdExhaustion")):
        sums.percent(hearing, share, fraction=True)
    sums.percent(hearing, number_at(rated, "selfDischargingRate"))
    sums.percent(hearing, number_at(rated, "lifetime", "cycleLifeTesting", "depthOfDischarge"), fraction=True)
    battery.temperatures(hearing, rated.get("temperature"), "lower", "upper")
    for names in (
        ("capacity", "value"),
        ("energy", "value"),
        *(("power", name) for name in ("value", "at20SoC", "at80SoC")),
        *(("resistance", name) for name in ("cell", "module", "pack")),
        ("lifetime", "expectedYears"),
        ("lifetime", "cycleLifeTesting", "cycles"),
    ):
        sums.least(hearing, number_at(rated, *names), 0)


def _dynamic(hearing: Hearing, rated: Node | None, now: Node | None) -> None:
    if now is None:
        return
    for names in (
        ("stateOfCharge",),
        ("energy", "soce"),
        ("roundTripEfficiency", "remaining"),
        *((each, "fade") for each in ("power", "capacity", "roundTripEfficiency")),
    ):
        sums.percent(hearing, number_at(now, *names, "value"))
        moment_at(hearing, now.get(*names, "time"))
    for name, still, new in (
        ("power", "remaining", ("power", "value")),
        ("capacity", "capacity", ("capacity", "value")),
        ("roundTripEfficiency", "remaining", ("roundTripEfficiency", "initial")),
    ):
        group = now.get(name)
        certain = _same_time(group, "fade", still)
        battery.faded(
            hearing,
            number_at(group, "fade", "value"),
            number_at(rated, *new),
            number_at(group, still, "value"),
            certain=certain,
        )
    for level in ("cell", "module", "pack"):
        grown, left = now.get("resistance", "increase", level), now.get("resistance", "remaining", level)
        battery.faded(
            hearing,
            number_at(grown, "value"),
            number_at(rated, "resistance", level),
            number_at(left, "value"),
            grows=True,
            certain=_times(grown) == _times(left),
        )
    energy = now.get("energy")
    battery.share_left(
        hearing,
        number_at(energy, "soce", "value"),
        number_at(rated, "energy", "value"),
        number_at(energy, "remaining", "value"),
        certain=_same_time(energy, "soce", "remaining"),
    )


def _same_time(group: Node | None, first: str, second: str) -> bool:
    if group is None:
        return False
    return _times(group.get(first)) == _times(group.get(second))


def _times(node: Node | None) -> object:
    time = None if node is None else node.get("time")
    return None if time is None else time.value


def _dates(hearing: Hearing, node: Node) -> None:
    about, made = node.get("metadata"), node.get("operation", "manufacturer", "manufacturingDate")
    placed, used = node.get("commercial", "placedOnMarket"), node.get("operation", "intoServiceDate")
    for first, then in ((made, placed), (placed, used), (made, used)):
        in_order(hearing, first, then, "passport-dates")
    if about is None:
        return
    in_order(hearing, about.get("issueDate"), about.get("expirationDate"))
    in_order(hearing, about.get("issueDate"), about.get("lastModification"))
    own, before = about.get("passportIdentifier"), about.get("predecessor")
    if own is not None and before is not None and own.text and own.text == before.text:
        hearing.fault("period", before, "a passport does not precede itself", expected="another identifier")


KINDS = (
    Kind(
        "catenax-battery-pass",
        "Catena-X BatteryPass 6.1.0",
        ("identification", "performance", "materials", "sustainability", "characteristics", "metadata"),
        passport,
        "catenax.battery_pass",
    ),
)
"""What is checked here."""
