"""The languages of pages, of the desk, of refusals and of spreadsheets: names, catalogues, who prefers which.

Catalogues and formats are baked by ``scripts/translations`` and lie here.

Example:
    >>> negotiate("de-AT,de;q=0.9,en;q=0.5").name
    'Deutsch'
    >>> negotiate("zh-CN").code, negotiate("pt-BR, *;q=0.1").code
    ('zh-Hans', 'en')
    >>> language("sv").name
    'svenska'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from traceledger.errors import InputError

FOLDER = Path(__file__).parent
"""Where catalogues (``CODE.po``, ``CODE.mo``) and formats (``CODE.json``) lie."""
_MOST_PREFERENCES = 32
CHOSEN = "TRACELEDGER_LANGUAGE"
"""The variable by which a user chooses, whatever the system's locale is."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages are written in.

    Attributes:
        code: BCP 47, as the ``lang`` attribute has it.
        name: its own name for itself.
        direction: ``ltr`` or ``rtl``, as the ``dir`` attribute has it.
    """

    code: str
    name: str
    direction: str = "ltr"

    def gettext(self, message: str) -> str:
        """The message in this language; itself where there is no translation."""
        return _catalogue(self.code).gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form for a number of things."""
        return _catalogue(self.code).ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        """The message where one English word means several things, told apart by context."""
        return _catalogue(self.code).pgettext(context, message)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """Both of the former."""
        return _catalogue(self.code).npgettext(context, singular, plural, number)

    @property
    def decimal(self) -> str:
        """What stands before the decimals of a number."""
        return _decimal(self.code)


ENGLISH = Language("en", "English")
LANGUAGES = (
    ENGLISH,
    Language("de", "Deutsch"),
    Language("sv", "svenska"),
    Language("da", "dansk"),
    Language("nl", "Nederlands"),
    Language("fr", "français"),
    Language("zh-Hans", "简体中文"),
)
"""In the order of the language switch."""


def translatable(message: str) -> str:
    """Marks a message of a table for ``scripts/translations``; who shows it translates it."""
    return message


def pgettext(_: str, message: str) -> str:
    """The same, where one English word means several things; with its context."""
    return message


def language(code: str) -> Language:
    """The language of a code.

    Raises:
        InputError: nothing is written in it.
    """
    for known in LANGUAGES:
        if known.code.lower() == code.lower():
            return known
    codes = ", ".join(known.code for known in LANGUAGES)
    raise InputError(f"nothing is written in {code[:35]!r}", hint=f"use one of {codes}")


def negotiate(accept_language: str) -> Language:
    """What a reader prefers, by the header of RFC 9110, 12.5.4, looked up as RFC 4647, 3.4 has it.

    It is English where nothing fits. Any Chinese gets the simplified one: whoever reads the other reads
    it sooner than English.
    """
    for wanted in _preferred(accept_language):
        for known in LANGUAGES:
            if known.code.partition("-")[0].lower() == wanted.partition("-")[0]:
                return known
    return ENGLISH


def of_environment(environment: Mapping[str, str]) -> Language:
    """What the user of a terminal reads: ``TRACELEDGER_LANGUAGE``, else what the system's locale says.

    Args:
        environment: the process's variables; of the locale the first counts that is set, of ``LANGUAGE``,
            ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``, as gettext has it.

    Raises:
        InputError: ``TRACELEDGER_LANGUAGE`` names none that there is.

    Example:
        >>> of_environment({"LANG": "de_AT.UTF-8"}).code
        'de'
        >>> of_environment({"LC_ALL": "C", "LANG": "de_DE"}).code
        'en'
    """
    if chosen := environment.get(CHOSEN):
        return language(chosen)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(name):
            break
    else:
        return ENGLISH
    if locale.partition(".")[0] in ("C", "POSIX"):
        # gettext listens to no list of languages either where the locale is the one without any.
        return ENGLISH
    listed = environment.get("LANGUAGE") or locale
    tags = (each.partition(".")[0].replace("_", "-") for each in listed.split(":"))
    return negotiate(",".join(tags))


def _preferred(header: str) -> Iterator[str]:
    weighted = []
    for part in header.split(",")[:_MOST_PREFERENCES]:
        tag, _, weight = part.partition(";")
        name, _, value = weight.strip().partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            quality = 0.0
        if 0 < quality <= 1:
            weighted.append((quality, tag.strip().lower()))
    yield from (tag for _, tag in sorted(weighted, key=lambda each: each[0], reverse=True))


@cache
def _catalogue(code: str) -> NullTranslations:
    path = FOLDER / f"{code}.mo"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


@cache
def _decimal(code: str) -> str:
    from traceledger.storage.json_text import loads

    return str(loads((FOLDER / f"{code}.json").read_bytes())["decimal"])
