"""English clauses of documents, said in the language of the page: what is wrong, and what an audit found.

A clause names batches, companies, masses and times. It is found again among messages, and said anew with its
values, each written as its name says: ``mass_taken`` as a mass, ``when`` as a time. One that is none of them
is shown as it is, in English.

Example:
    >>> from traceledger.languages import language
    >>> said = Sentences(("it is frozen", "%(percent)s of its %(substance)s is untraced"))
    >>> said.anew("12.5 % of its Co is untraced", language("de")).replace(chr(0xA0), " ")
    '12,5 % des enthaltenen Stoffs (Cobalt) sind nicht rückverfolgt'
    >>> said.anew("something else", language("de"))
    'something else'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from traceledger.errors import InputError
from traceledger.languages import Language
from traceledger.model.units import parse_mass
from traceledger.pages import formats
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import word

_AND_MORE = re.compile(r"(?P<names>.*) and (?P<count>\d+) more", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_QUANTITY = r"-?[\d.]+(?:e[+-]\d+)?"
_SHAPES = {
    "mass": rf"{_QUANTITY} (?:mg|g|kg|t)",
    "percent": rf"{_QUANTITY} ?%",
    "number": _QUANTITY,
    "when": r"\d{4}-\d\d-\d\dT[\d:]+Z",
    "day": r"\d{4}-\d\d-\d\d",
    "run": r"\S+/.+?",
    "severity": "|".join(WORDS["severity"]),
}
"""What the value of a placeholder looks like, where anything is known of it."""


class Sentences:
    """Messages, and the clauses that were made of them.

    Args:
        messages: English, marked with :func:`~traceledger.languages.translatable`. Placeholders are
            named by the kind of their value, and whatever tells several apart: ``mass``, ``mass_taken``.
    """

    def __init__(self, messages: Sequence[str]) -> None:
        self._patterns = {message: re.compile(_shape(message), re.DOTALL) for message in messages}

    def knows(self, clause: str) -> bool:
        """Whether a clause was made of one of the messages."""
        return any(pattern.fullmatch(clause) for pattern in self._patterns.values())

    def anew(self, clause: str, language: Language) -> str:
        """The clause in a language. Names in it are texts of others: whoever shows it escapes it."""
        for message, pattern in self._patterns.items():
            if found := pattern.fullmatch(clause):
                values = {name: self._said(name, text, language) for name, text in found.groupdict().items()}
                return language.gettext(message) % values
        return clause

    def _said(self, name: str, text: str, language: Language) -> str:
        kind = name.partition("_")[0]
        if kind == "reasons":
            return "; ".join(self.anew(each, language) for each in text.split("; "))
        said = _SAID.get(kind)
        return text if said is None else said(text, language)


def _shape(message: str) -> str:
    """A regular expression for what the message looks like once it is filled in."""

    def parts() -> Iterator[str]:
        for at, piece in enumerate(_PLACEHOLDER.split(message)):
            if at % 2 == 0:
                yield re.escape(piece)
            else:
                yield f"(?P<{piece}>{_SHAPES.get(piece.partition('_')[0], '.+?')})"

    return "".join(parts())


def _batches(text: str, language: Language) -> str:
    found = _AND_MORE.fullmatch(text)
    if found is None:
        return text
    count = int(found["count"])
    message = language.ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", count)
    return message % {"names": found["names"], "count": formats.number(count, language)}


def _why(text: str, language: Language) -> str:
    reasons = {message: slug for slug, message in WORDS["obstacle"].items()}
    return word(reasons.get(text, text), "obstacle", language)


def _assessment(text: str, language: Language) -> str:
    """Its kind, and the scheme or name that follows."""
    kinds = {kind.replace("_", " "): kind for kind in WORDS["assessment"]}
    for written, kind in kinds.items():
        if text == written or text.startswith(f"{written} "):
            return word(kind, "assessment", language) + text.removeprefix(written)
    return text


def _substance(text: str, language: Language) -> str:
    return language.gettext("gross mass") if text == "gross mass" else word(text, "substance", language)


def _mass(text: str, language: Language) -> str:
    try:
        return formats.mass(parse_mass(text), language, digits=None)
    except InputError:
        return text


def _number(text: str, language: Language) -> str:
    try:
        return formats.number(text, language)
    except InvalidOperation:
        return text


def _percent(text: str, language: Language) -> str:
    try:
        return formats.percent(str(Decimal(text.removesuffix("%").strip()) / 100), language, decimals=2)
    except InvalidOperation:
        return text


def _theme(theme: str) -> Callable[[str, Language], str]:
    return lambda text, language: word(text.replace(" ", "_"), theme, language).replace("_", " ")


_SAID: Mapping[str, Callable[[str, Language], str]] = {
    "batches": _batches,
    "why": _why,
    "assessment": _assessment,
    "substance": _substance,
    "mass": _mass,
    "number": _number,
    "percent": _percent,
    "when": formats.moment,
    "day": formats.date,
    "country": formats.country,
    "severity": _theme("severity"),
    "category": _theme("category"),
    "origin": _theme("origin"),
    "deed": lambda text, language: word(text, "deed", language),
    "process": lambda text, language: word(text, "process", language),
}
"""By kind of placeholder, how its value is written."""
