"""What is wrong with a batch, said in the language of the page.

Documents say it in English clauses (``wrong``), which name batches, companies and facilities. Each is found
again among the messages here, and said anew; one that is none of them is shown as it is.

Example:
    >>> from traceledger.pages.languages import ENGLISH
    >>> trouble("katanga, whom its lineage names, is suspended", ENGLISH)
    'katanga, whom its lineage names, is suspended'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from traceledger.pages import formats
from traceledger.pages.languages import Language, translatable
from traceledger.pages.words import WORDS, word

MESSAGES = (
    translatable("what made it was reversed: it never was"),
    translatable("an error is declared in %(batches)s"),
    translatable("it is frozen"),
    translatable("it is disputed: its maker declared an error in it"),
    translatable("it is on hold"),
    translatable("on hold upstream: %(batches)s"),
    translatable("its maker recalls it"),
    translatable("its maker recalls what is upstream: %(batches)s"),
    translatable("%(company)s, whom its lineage names, is suspended"),
    translatable("%(company)s, whom its lineage names, is terminated"),
    translatable("%(company)s, whom its lineage names, may not act: %(why)s"),
    translatable("facility %(facility)s is blocked: %(why)s"),
    translatable("%(severity)s finding %(finding)s about lot %(batch)s is open"),
    translatable("%(severity)s finding %(finding)s about facility %(facility)s is open"),
    translatable("%(severity)s finding %(finding)s about %(company)s is open"),
    translatable("%(percent)s of its %(substance)s is untraced"),
)
_AND_MORE = re.compile(r"(?P<names>.*) and (?P<count>\d+) more", re.DOTALL)


def trouble(clause: str, language: Language) -> str:
    """A clause of ``wrong`` in a language.

    Names in it are texts of others: whoever shows the clause escapes it.
    """
    for message in MESSAGES:
        if found := _pattern(message).fullmatch(clause):
            values = {name: _spoken(name, text, language) for name, text in found.groupdict().items()}
            return language.gettext(message) % values
    return clause


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """What a message looks like once it is filled in."""
    pieces = re.split(r"%\((\w+)\)s", message)
    parts = [re.escape(piece) if at % 2 == 0 else f"(?P<{piece}>.+?)" for at, piece in enumerate(pieces)]
    return re.compile("".join(parts), re.DOTALL)


def _spoken(name: str, text: str, language: Language) -> str:
    speak = _SPOKEN.get(name)
    return text if speak is None else speak(text, language)


def _listed(text: str, language: Language) -> str:
    found = _AND_MORE.fullmatch(text)
    if found is None:
        return text
    count = int(found["count"])
    message = language.ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", count)
    return message % {"names": found["names"], "count": formats.number(count, language)}


def _why(text: str, language: Language) -> str:
    reasons = {message: slug for slug, message in WORDS["obstacle"].items()}
    return word(reasons.get(text, text), "obstacle", language)


def _percent(text: str, language: Language) -> str:
    try:
        return formats.percent(f"{float(text.removesuffix('%')) / 100:.6f}", language, decimals=2)
    except ValueError:
        return text


_SPOKEN: Mapping[str, Callable[[str, Language], str]] = {
    "batches": _listed,
    "why": _why,
    "severity": lambda text, language: word(text, "severity", language),
    "substance": lambda text, language: word(text, "substance", language),
    "percent": _percent,
}
