"""What passports of every model say of a battery alike: footprint, materials, recycled content, performance.

Each function takes the nodes of a model, whatever they are called there, and says what does not fit together.
Masses are in the model's own unit, told by its milligrams.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from traceledger.interop.referee import figures, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.sums import Figure
from traceledger.model.article_8 import MINIMUMS, TARGET_YEARS
from traceledger.model.substances import ENGLISH_NAMES, symbol
from traceledger.model.units import MG_PER_KG

_ARTICLE_8 = {ENGLISH_NAMES[symbol(number)]: least for number, least in MINIMUMS.items()}
"""By the names of metals: what Article 8 asks."""
CRITICAL = {
    "7440-48-4": "cobalt",
    "7439-93-2": "lithium",
    "7782-42-5": "graphite",
    "7440-02-0": "nickel",
    "7439-96-5": "manganese",
}
"""Critical raw materials of batteries by their CAS numbers (nickel: of battery grade, graphite: natural)."""
HEAVIEST = Decimal(20_000)
"""Kilograms: no battery of a passport's categories weighs more as one piece."""
_DOUBTFUL = Fraction(15, 100)
_WRONG = Fraction(1, 2)
_FAR_POINTS = 20
"""Per cent of what was certified, which may be a little less than what is rated."""
_WATT_HOURS = Fraction(1000)


def recycled(hearing: Hearing, metal: str, before: Figure | None, after: Figure | None) -> None:
    """Compare the recycled shares of a metal: from waste before use, and after it."""
    given = [found for found in (before, after) if found is not None]
    for found in given:
        sums.percent(hearing, found, fraction=True)
    if not given or any(not 0 <= value <= 100 for _, value in given):
        return
    together = figures.added(value for _, value in given)
    node = given[-1][0]
    if together > 100:
        other = f"{figures.written(given[0][1])} % are pre-consumer already"
        most = figures.written(figures.added([Decimal(100), -given[0][1]]))
        hearing.fault(
            "recycled", node, f"{other}: together {figures.written(together)} %", expected=f"at most {most}"
        )
        return
    minimum = _ARTICLE_8.get(metal.lower())
    if minimum is None:
        return
    dated = [(minimum.percent(year), year) for year in TARGET_YEARS]
    missed = [f"{bound} % from {year}" for bound, year in dated if together < bound]
    if missed:
        asked = ", ".join(missed)
        shown = f"{metal}: {figures.written(together)} % is recycled, less than Article 8 asks: {asked}"
        hearing.note("article-8", node, shown, expected=f"at least {minimum.percent_2031}")


def voltages(hearing: Hearing, node: Node | None, names: Sequence[str]) -> None:
    """Compare minimal, nominal and maximal voltage."""
    sums.in_order(hearing, "voltage", node, names)
    for name in names:
        sums.least(hearing, number_at(node, name), 0)


def energy(
    hearing: Hearing, kilowatt_hours: Figure | None, capacity: Figure | None, volts: Figure | None
) -> None:
    """Compare energy with capacity (Ah) and nominal voltage."""
    if kilowatt_hours is None or capacity is None or volts is None:
        return
    node, value = kilowatt_hours
    if value <= 0 or capacity[1] <= 0 or volts[1] <= 0:
        return
    exact = Fraction(capacity[1]) * Fraction(volts[1]) / _WATT_HOURS
    off = abs(Fraction(value) - exact) / exact
    if off <= _DOUBTFUL:
        return
    told = (
        f"{figures.written(capacity[1])} Ah at {figures.written(volts[1])} V are {figures.written(exact)} kWh"
    )
    if abs(Fraction(value) / 1000 - exact) / exact <= _DOUBTFUL:
        told += ": it seems to be in Wh"
    say = hearing.fault if off > _WRONG else hearing.doubt
    say("energy", node, told, expected=f"about {figures.written(exact)}")


def efficiencies(hearing: Hearing, new: Figure | None, old: Figure | None) -> None:
    """Compare the round trip efficiency of a new battery with that at half of its cycles."""
    for found in (new, old):
        sums.percent(hearing, found, fraction=True)
    if new is not None and old is not None and old[1] > new[1]:
        hearing.doubt(
            "efficiency",
            old[0],
            f"it is above the initial one, {figures.written(new[1])} %",
            expected="at most that",
        )


def faded(
    hearing: Hearing,
    fade: Figure | None,
    rated: Figure | None,
    remaining: Figure | None,
    *,
    grows: bool = False,
    certain: bool = True,
) -> None:
    """Compare what is lost (or, of a resistance, grown), in per cent, with what is left of the rated value.

    Args:
        hearing: where it is said.
        fade: the per cent.
        rated: the value when new.
        remaining: the value now.
        grows: it is a growth.
        certain: both are of the same time.
    """
    if fade is None or rated is None or remaining is None or rated[1] <= 0:
        return
    part = Fraction(remaining[1]) / Fraction(rated[1])
    exact = (part - 1 if grows else 1 - part) * 100
    slack = (
        Fraction(1, 2)
        + figures.half_unit(fade[1])
        + 100
        * (
            figures.half_unit(remaining[1]) / Fraction(rated[1])
            + part * figures.half_unit(rated[1]) / Fraction(rated[1])
        )
    )
    if abs(Fraction(fade[1]) - exact) <= slack or (fade[1] == 0 and exact < 0):
        return
    told = (
        f"{figures.written(remaining[1])} of {figures.written(rated[1])} is left: {figures.written(exact)} %"
    )
    if grows:
        told = f"{figures.written(rated[1])} became {figures.written(remaining[1])}"
    (hearing.fault if certain else hearing.doubt)(
        "fade", fade[0], told, expected=f"about {figures.written(exact)}"
    )


def share_left(
    hearing: Hearing, left: Figure | None, rated: Figure | None, now: Figure | None, *, certain: bool = True
) -> None:
    """Compare a share that is left, in per cent, with the rated value and the one now."""
    if left is None or rated is None or now is None or rated[1] <= 0:
        return
    exact = Fraction(now[1]) / Fraction(rated[1]) * 100
    slack = Fraction(1, 2) + figures.half_unit(left[1])
    slack += 100 * figures.half_unit(now[1]) / Fraction(rated[1])
    if abs(Fraction(left[1]) - exact) > slack:
        told = f"{figures.written(now[1])} of {figures.written(rated[1])} are {figures.written(exact)} %"
        far = certain and abs(Fraction(left[1]) - exact) > _FAR_POINTS
        (hearing.fault if far else hearing.doubt)(
            "fade", left[0], told, expected=f"about {figures.written(exact)}"
        )


def temperatures(hearing: Hearing, node: Node | None, lower: str, upper: str) -> None:
    """Compare the bounds of a range of temperatures, degrees Celsius."""
    low, high = number_at(node, lower), number_at(node, upper)
    if low is None or high is None:
        return
    if high[1] <= low[1]:
        hearing.fault(
            "temperature",
            high[0],
            f"it is not above the lower one, {figures.written(low[1])}",
            expected=f"above {figures.written(low[1])}",
        )
    for place, value in (low, high):
        if not Decimal("-273.15") <= value <= 1000:
            hearing.fault(
                "range", place, "no battery bears that many degrees Celsius", expected="-273.15 to 1000"
            )


def mass(hearing: Hearing, found: Figure | None) -> None:
    """Say whether the mass of a battery is hardly in kilogram."""
    if found is not None and found[1] > HEAVIEST:
        kilograms = figures.written(found[1].scaleb(-3))
        hearing.doubt(
            "unit",
            found[0],
            "it is in kilogram: no battery weighs that, or in gram?",
            expected=f"{kilograms}, if it is in gram",
        )


def masses(hearing: Hearing, listed: Sequence[Figure], *, unit: int, most: Decimal, least: Decimal) -> None:
    """Say whether masses of materials are negative, or hardly in the unit of their model.

    Args:
        hearing: where it is said.
        listed: the masses.
        unit: milligrams in the unit of the model.
        most: more than this in all is hardly in that unit.
        least: less than this in all is hardly.
    """
    for found in listed:
        sums.least(hearing, found, 0)
    total = figures.added(value for _, value in listed if value > 0)
    name, other = ("kilogram", "gram") if unit == MG_PER_KG else ("gram", "kilogram")
    if listed and (total > most or 0 < total < least):
        hearing.doubt(
            "unit",
            listed[0][0],
            f"the materials weigh {figures.written(total)} {name} together: are they in {other}?",
            expected=f"in {name}",
        )


def critical(hearing: Hearing, number: Node | None, flag: Node | None) -> None:
    """Say whether a critical raw material is said to be none."""
    if number is None or flag is None or flag.value is not False or number.text is None:
        return
    if (name := CRITICAL.get(number.text.strip())) is not None:
        hearing.doubt("critical", flag, f"{name} is a critical raw material", expected="true")
