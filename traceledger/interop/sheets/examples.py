"""The example row of a template's sheet: what stands in it, and how it is known when the sheet is read.

It is known by the sentence in its remark, word for word, in any language. Where other cells of it say
anything else than the example, somebody wrote over it and left the sentence: that is refused, never passed
over.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from traceledger.errors import InputError
from traceledger.interop.sheets.columns import Column
from traceledger.languages import LANGUAGES, Language, pgettext
from traceledger.operations.readers import first_second

_MARK = pgettext("sheet", "Example: this row is passed over. Delete it, or write in the rows below.")


FLAGS = (pgettext("cell", "yes"), pgettext("cell", "no"))
"""What cells of flags offer."""


def mark(language: Language) -> str:
    """What an example says in its remark."""
    return language.pgettext("sheet", _MARK)


@cache
def _marks() -> frozenset[str]:
    return frozenset(_plain(mark(language)) for language in LANGUAGES)


def is_marked(remark: str) -> bool:
    """Whether a remark is that of an example."""
    return _plain(remark) in _marks()


def _plain(text: str) -> str:
    return " ".join(text.split())


def is_same(wanted: str, value: object, text: str) -> bool:
    """Whether a cell still says what the example says: as it is read, or as it stands there."""
    if wanted in (str(value), text):
        return True
    try:
        return first_second(value) == first_second(wanted)
    except InputError:
        return isinstance(value, list) and ", ".join(map(str, value)) == wanted


def rows(columns: Iterable[Column]) -> dict[str, str]:
    """The example by the words of columns, without what it leaves empty."""
    return {column.word: column.example for column in columns if column.example}
