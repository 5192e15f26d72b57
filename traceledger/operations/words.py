"""Phrases of the sentences that say what an operation does, each of which can be said in another language.

Example:
    >>> from traceledger.model.emissions import Emissions
    >>> amount(24 * 10**9, "ore", {27: 8_400_000_000}), emitting("it ends", Emissions(scope3=10**9))
    ('24 t of ore (Co 8.4 t)', 'it ends, emitting 1 t CO2e')
    >>> listed(["a", "b", "c"]), term("retirement", "disposed"), term("process", "tumbling")
    ('a, b and c', 'disposed of', 'tumbling')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from traceledger.languages.phrases import Figure, Phrase, phrase, phrases
from traceledger.model.emissions import Emissions
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_percent
from traceledger.model.value_words import VALUE_WORDS


def mass(milligrams: int) -> Figure:
    """A mass in mg, or mg CO2e, in its largest unit."""
    return Figure(format_mass(milligrams))


def percent(basis_points: int) -> Figure:
    """Basis points as a percentage."""
    return Figure(format_percent(basis_points))


def term(theme: str, slug: str) -> str:
    """What a value is called, by a theme of ``model/value_words.py``; itself where nothing is known of it."""
    word = VALUE_WORDS[theme].get(slug.lower())
    return slug if word is None else Phrase(word, {}, context=theme)


def amount(
    milligrams: int, material: str, substances: Mapping[int, int], pieces: int | None = None
) -> Phrase:
    """A mass in mg of a material, with its pieces, and what it holds of tracked substances."""
    if pieces:
        what = phrases(
            "{mass} of {material} in {number} piece",
            "{mass} of {material} in {number} pieces",
            pieces,
            mass=mass(milligrams),
            material=material,
        )
    else:
        what = phrase("{mass} of {material}", mass=mass(milligrams), material=material)
    return noted(what, by_substance(substances)) if substances else what


def part(milligrams: int | None, batch: str) -> Phrase:
    """Some of a batch, in mg, or all of it."""
    if milligrams is None:
        return phrase("all of {batch}", batch=batch)
    return phrase("{mass} of {batch}", mass=mass(milligrams), batch=batch)


def noted(what: str, note: str) -> Phrase:
    """Something with a note in brackets."""
    return phrase("{what} ({note})", what=what, note=note)


def by_substance(substances: Mapping[int, int]) -> str:
    """Masses in mg by substance."""
    return listed(beside(symbol(substance), mass(held)) for substance, held in substances.items())


def beside(word: str, value: str) -> Phrase:
    """What needs no words in between, in no language."""
    return Phrase("{word} {value}", {"word": word, "value": value})


def emitting(sentence: Phrase, emissions: Emissions) -> Phrase:
    """The sentence with emissions, if there are some."""
    if not emissions.total_mg:
        return sentence
    emitted = mass(emissions.total_mg)
    return phrase("{sentence}, emitting {emitted} CO2e", sentence=sentence, emitted=emitted)


def because(sentence: Phrase, reason: str) -> Phrase:
    """The sentence with a reason, if one is given."""
    return phrase("{sentence}: {reason}", sentence=sentence, reason=reason) if reason else sentence


def listed(items: Iterable[str]) -> str:
    """``a, b and c``."""
    *first, last = [*items] or [""]
    return phrase("{first} and {last}", first=_row(first), last=last) if first else last


def _row(items: Sequence[str]) -> str:
    """``a, b``, as a tree, so that saying a list of thousands goes only a few calls deep."""
    if len(items) == 1:
        return items[0]
    middle = len(items) // 2
    return phrase("{first}, {second}", first=_row(items[:middle]), second=_row(items[middle:]))
