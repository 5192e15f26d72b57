"""Units as people and programs write them, behind numbers and in headings.

Example:
    >>> heading_of("Masse (kg)"), heading_of("mass_kg").unit, unit_of("TNE"), heading_of("scope1 [t CO2e]")
    (Heading(name='Masse', unit='kg', co2e=False), 'kg', 't', Heading(name='scope1', unit='t', co2e=True))
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from traceledger.errors import InputError
from traceledger.interop.sheets.contents import trimmed
from traceledger.languages.phrases import phrase

_CO2E = re.compile(
    r"\s*(?:of\s+)?CO(?:2|₂)[\s-]*(?:e|eq|equiv|equivalents?|äq|Äq|éq|当量)\.?$", re.IGNORECASE
)
_NAMES = {
    "mg": "mg mgm milligram milligrams milligramm milligramme milligrammes 毫克",
    "g": "g gr grm gram grams gramm gramme grammes 克",
    "kg": "kg kgs kgm kilo kilogram kilograms kilogramm kilogramme kilogrammes 千克 公斤",
    "t": "t to tne tonne tonnes tonnen 吨",
}
"""Words for units of mass, with the codes of UN/ECE Recommendation 20 and those of SAP."""
_MEANT = {word: unit for unit, words in _NAMES.items() for word in words.split()}
_EXACT = frozenset(("Mg", "MG", "Mt", "MT", "mt"))
"""Milligram or megagram, megatonne or metric tonne: capitals would decide, and nobody keeps them."""
_NOT_METRIC = frozenset(
    (
        "ton",
        "tons",
        "lb",
        "lbs",
        "pound",
        "pounds",
        "oz",
        "ounce",
        "ounces",
        "st",
        "cwt",
        "kt",
        "ktonnes",
        "dt",
    )
)
_PERCENT = ("%", "percent", "per cent", "prozent", "procent", "pourcent", "pct")
_BRACKETED = re.compile(
    r"(?P<name>.*\S)\s*[(\[\uff08\u3010](?P<unit>[^()\[\]\uff08\uff09\u3010\u3011]*)[)\]\uff09\u3011]"
)
_AFTER = re.compile(r"(?P<name>.*[^\s_])(?:_|\s+in\s+|\s*[,/]\s*)(?P<unit>[^_,/]+)", re.IGNORECASE)
_BESIDE = re.compile(r"(?P<name>.*\S)\s+(?P<unit>[^\W\d]{2,})")
"""A unit that stands behind a name without a sign; a single letter may be anything."""
_WORD = "|".join(sorted((re.escape(word) for word in _MEANT), key=len, reverse=True))
_OF_CO2E = r"(?:[\s_-]*CO(?:2|₂)[\s-]*(?:e|eq|equiv|äq|éq)?)?"
_PER = re.compile(
    rf"(?<![^\W_])(?:{_WORD}){_OF_CO2E}(?:\s*/\s*|[\s_]+(?:per|pro|par|je|pr)\.?[\s_]+|每)[^\W_]",
    re.IGNORECASE,
)
"""An amount for each of something else: ``kg CO2e/t``, ``kg_per_t``."""
_MANY = (
    r"(?:1(?:[.,'\u2019 ]?0{2,3})+|10\s*\^?\s*[3-9\u00b3\u2076\u2079]|['\u2019]000|tsd|tausend|thousands?"
    r"|milliers|duizend|tusen|tusind|mio|millions?|millionen|[千万])"
)
_TIMES = re.compile(
    rf"{_MANY}\.?[\s_]*(?:[x\u00d7*]|of|von|de|d')?[\s_]*(?:{_WORD})(?![^\W_])"
    rf"|(?<![^\W_])(?:{_WORD}){_OF_CO2E}[)\]]?\s*[x\u00d7*]\s*1",
    re.IGNORECASE,
)
"""Many of a unit: ``1000 kg``, ``10^3 t``, ``(kg) x 1000``."""
_METRIC = re.compile(r"metric\s+ton(?:ne)?s?", re.IGNORECASE)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column: a name, and the unit if it says one.

    Attributes:
        name: without the unit.
        unit: ``mg``, ``g``, ``kg``, ``t`` or ``%``, however it was written; empty if none is said.
        co2e: whether the unit says that it is of CO2e.
    """

    name: str
    unit: str = ""
    co2e: bool = False


def heading_of(text: str) -> Heading:
    """A heading, and its unit apart: ``mass (kg)``, ``mass [kg]``, ``mass_kg``, ``mass in kg``."""
    bare = trimmed(text).rstrip("*: ")
    for pattern in (_BRACKETED, _AFTER, _BESIDE):
        found = pattern.fullmatch(bare) if len(bare) <= _MOST else None
        if found is None:
            continue
        # What goes to somebody is no tonne.
        is_word = pattern is not _BRACKETED and trimmed(found["unit"]).casefold() == "to"
        said = None if is_word else _unit(trimmed(found["unit"]).removeprefix("in "))
        if said is not None:
            return Heading(trimmed(found["name"]), *said)
    return Heading(trimmed(text))


def require_amounts(text: str) -> None:
    """Refuse a heading of amounts that are not what its unit says: for each of something, or many of a unit.

    Raises:
        InputError: it says so, or names a unit that is none of those that are read.
    """
    bare = trimmed(text)[:_MOST]
    if _PER.search(bare):
        what = phrase("the amounts under {heading} are for each of something else", heading=repr(bare))
        raise InputError(what, hint=phrase("multiply them, and write whole amounts, in mg, g, kg or t"))
    if _TIMES.search(bare):
        what = phrase("the amounts under {heading} are in many of a unit", heading=repr(bare))
        raise InputError(what, hint=phrase("convert them, and write mg, g, kg or t (1000 kg) in the heading"))
    found = _BRACKETED.fullmatch(bare.rstrip("*: "))
    if found is not None and (fault := _not_taken(_CO2E.sub("", trimmed(found["unit"])))):
        raise fault


def _not_taken(bare: str) -> InputError | None:
    """What is wrong with a unit that is known and not read; nothing of what is none at all."""
    if bare in _EXACT:
        what = phrase("the unit {unit} is understood differently", unit=repr(bare))
        return InputError(what, hint=phrase("write mg for milligrams, or t for tonnes of 1000 kg"))
    if bare.casefold().strip(".") in _NOT_METRIC:
        what = phrase("the unit {unit} is none of the metric system, or not for everybody", unit=repr(bare))
        return InputError(what, hint=phrase("convert it, and write mg, g, kg or t (1000 kg)"))
    return None


def unit_of(text: str) -> str:
    """The unit of mass that is meant: ``mg``, ``g``, ``kg`` or ``t``.

    Raises:
        InputError: it is none, or one that is understood differently.
    """
    return amount_unit(text)[0]


def amount_unit(text: str) -> tuple[str, bool]:
    """A unit of mass, and whether it was said to be of CO2e.

    Raises:
        InputError: it is none, or one that is understood differently.
    """
    said = _unit(text)
    if said is not None and said[0] != "%":
        return said
    bare = _CO2E.sub("", trimmed(text))
    if fault := _not_taken(bare):
        raise fault
    what = phrase("unknown unit {unit}", unit=repr(trimmed(text)[:40]))
    raise InputError(what, hint=phrase("write mg, g, kg or t (1000 kg)"))


def _unit(text: str) -> tuple[str, bool] | None:
    bare = trimmed(text)
    kind = _CO2E.sub("", bare)
    co2e = kind != bare
    if kind in _EXACT:
        return None
    if _METRIC.fullmatch(kind):
        return "t", co2e
    if kind.casefold() in _PERCENT:
        return "%", co2e
    unit = _MEANT.get(kind.casefold().rstrip("."))
    return None if unit is None else (unit, co2e)
