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
    >>> in_language(phrase("{mass} of ore", mass=Figure("1.5 t")), language("de"))
    '1,5 t of ore'
    >>> remembered(kept(sentence)).message
    'row {row} is empty'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traceledger.languages import Language


class Phrase(str):
    """A sentence, and the message and values that it was made of.

    Attributes:
        message: in English, with ``{placeholders}``.
        values: by placeholder; a value may be something said, and is then translated too.
        plural: the message for other numbers than one, where there is one.
        number: of how many things it speaks, where it has a plural.
        context: of the message in catalogues, where one English word means several things.
    """

    message: str
    values: Mapping[str, object]
    plural: str
    number: int
    context: str

    def __new__(
        cls,
        message: str,
        values: Mapping[str, object],
        *,
        plural: str = "",
        number: int = 1,
        context: str = "",
    ) -> Phrase:
        """The sentence in English."""
        chosen = plural if plural and number != 1 else message
        made = super().__new__(cls, chosen.format_map(values))
        made.message, made.values, made.plural, made.number = message, dict(values), plural, number
        made.context = context
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _remade, (self.message, self.values, self.plural, self.number, self.context)


class Figure(str):
    """A number with its unit and a decimal point, without marks between thousands: ``1.5 t``."""

    __slots__ = ()


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
    if isinstance(text, Figure):
        return text.replace(".", language.decimal)
    if not isinstance(text, Phrase):
        return text
    values = {
        name: in_language(value, language) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    if text.plural:
        return language.ngettext(text.message, text.plural, text.number).format_map(values)
    if text.context:
        return language.pgettext(text.context, text.message).format_map(values)
    return language.gettext(text.message).format_map(values)


def kept(text: object) -> object:
    """A text as JSON can hold it: a phrase with what it was made of, to be said in any language later."""
    if isinstance(text, Figure):
        return {"figure": str(text)}
    if not isinstance(text, Phrase):
        return text if isinstance(text, int) else str(text)
    values = {name: kept(value) for name, value in text.values.items()}
    also = {"plural": text.plural, "number": text.number, "context": text.context}
    return {"message": text.message, "values": values, **also}


def remembered(kept: Any) -> Any:
    """What :func:`kept` made JSON of.

    Raises:
        KeyError: it did not make that.
    """
    if not isinstance(kept, Mapping):
        return kept
    if "figure" in kept:
        return Figure(kept["figure"])
    values = {name: remembered(value) for name, value in kept["values"].items()}
    also = {name: kept[name] for name in ("plural", "number", "context")}
    return Phrase(kept["message"], values, **also)


def _remade(message: str, values: Mapping[str, object], plural: str, number: int, context: str) -> Phrase:
    return Phrase(message, values, plural=plural, number=number, context=context)
