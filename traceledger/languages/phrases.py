"""Sentences that can still be said in another language: text that remembers the message it was made of.

An error's sentence is English wherever a program reads it. Who shows it to a person asks for it in theirs.

Example:
    >>> from traceledger.languages import language
    >>> sentence = phrase("row {row} is empty", row=7)
    >>> sentence, in_language(sentence, language("en"))
    ('row 7 is empty', 'row 7 is empty')
    >>> in_language("text of others", language("de"))
    'text of others'
    >>> phrases("{number} row", "{number} rows", 1)
    '1 row'
"""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.languages import Language


class Phrase(str):
    """A sentence, and the message and values that it was made of.

    Attributes:
        message: in English, with ``{placeholders}``.
        values: by placeholder; a value may be something said, and is then translated too.
        plural: the message for other numbers than one, where there is one.
        number: of how many things it speaks, where it has a plural.
    """

    message: str
    values: Mapping[str, object]
    plural: str
    number: int

    def __new__(
        cls, message: str, values: Mapping[str, object], *, plural: str = "", number: int = 1
    ) -> Phrase:
        """The sentence in English."""
        chosen = plural if plural and number != 1 else message
        made = super().__new__(cls, chosen.format_map(values))
        made.message, made.values, made.plural, made.number = message, dict(values), plural, number
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _remade, (self.message, self.values, self.plural, self.number)


def phrase(message: str, /, **values: object) -> Phrase:
    """A sentence that can be translated when it is shown.

    Args:
        message: in English, with ``{placeholders}``; ``scripts/translations`` finds it in the call.
        values: by placeholder.
    """
    return Phrase(message, values)


def phrases(singular: str, plural: str, number: int, /, **values: object) -> Phrase:
    """The same of a number of things; the messages may name ``{number}``."""
    return Phrase(singular, {"number": number, **values}, plural=plural, number=number)


def in_language(text: str, language: Language) -> str:
    """The text in a language, where it can still be said in another; itself where not."""
    if not isinstance(text, Phrase):
        return text
    values = {
        name: in_language(value, language) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    if text.plural:
        return language.ngettext(text.message, text.plural, text.number).format_map(values)
    return language.gettext(text.message).format_map(values)


def _remade(message: str, values: Mapping[str, object], plural: str, number: int) -> Phrase:
    return Phrase(message, values, plural=plural, number=number)
