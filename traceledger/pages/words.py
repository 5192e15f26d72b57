"""Words for what documents say in slugs: one table from each value to an English message.

A template writes ``{{ slug | word("stage") }}``; where a table has no word, as for processes and kinds of
facility that suppliers named themselves, the text is shown as it is.

Example:
    >>> from traceledger.pages.languages import ENGLISH
    >>> word("main_production", "stage", ENGLISH), word("tumbling", "stage", ENGLISH)
    ('main product production', 'tumbling')
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceledger.pages.languages import Language

WORDS: Mapping[str, Mapping[str, str]] = {
    "stage": {
        "raw_material_acquisition": "raw material acquisition and pre-processing",
        "main_production": "main product production",
        "distribution": "distribution",
        "end_of_life": "end of life and recycling",
        "not_assigned": "not assigned to a stage",
    },
}
"""By theme and slug; messages have the theme as their context."""


def word(slug: str, theme: str, language: Language) -> str:
    """What a value is called.

    Args:
        slug: as documents have it.
        theme: a key of :data:`WORDS`.
        language: in which.

    Raises:
        KeyError: there is no such theme.
    """
    message = WORDS[theme].get(slug.casefold())
    return slug if message is None else language.pgettext(theme, message)


def messages() -> Iterator[tuple[str, str]]:
    """Every message of the tables, with its context."""
    for theme, table in WORDS.items():
        yield from ((theme, message) for message in table.values())
