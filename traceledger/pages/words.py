"""Words for what documents say in slugs: one table from each value to an English message.

A template writes ``{{ slug | word("stage") }}``; where a table has no word, as for processes and kinds of
facility that suppliers named themselves, the text is shown as it is.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> word("main_production", "stage", ENGLISH), word("Co", "substance", ENGLISH)
    ('main product production', 'cobalt')
    >>> word("tumbling", "process", ENGLISH)
    'tumbling'
"""

from __future__ import annotations

from collections.abc import Iterator

from traceledger.languages import Language
from traceledger.pages import desk_words
from traceledger.pages.word_tables import WORDS


def word(slug: str, theme: str, language: Language) -> str:
    """What a value is called.

    Args:
        slug: as documents have it.
        theme: a key of :data:`WORDS`.
        language: in which.

    Raises:
        KeyError: there is no such theme.
    """
    message = WORDS[theme].get(slug.lower())
    return slug if message is None else language.pgettext(theme, message)


def is_known(slug: str, theme: str) -> bool:
    """Whether a value has a word of its own.

    Raises:
        KeyError: there is no such theme.
    """
    return slug.lower() in WORDS[theme]


def capital(text: str) -> str:
    """The text with a capital at its beginning, and nothing else changed, as German nouns need it.

    Example:
        >>> capital("einbehalten vom Verwahrer")
        'Einbehalten vom Verwahrer'
    """
    return text[:1].upper() + text[1:]


def company_of(place: str) -> tuple[str, str]:
    """Whose transport or custody a place of a breakdown is, and which of both; else the place, and nothing.

    Example:
        >>> company_of("oceanic (custody)"), company_of("works/yard")
        (('oceanic', 'custody'), ('works/yard', ''))
    """
    for kind in ("transport", "custody"):
        company = place.removesuffix(f" ({kind})")
        # A site's name has a slash, so it cannot pass for a company's transport.
        if company != place and "/" not in company:
            return company, kind
    return place, ""


def group(name: str, by: str, language: Language) -> str:
    """What a group of emissions, or a row of a breakdown, is called.

    Args:
        name: as documents have it.
        by: what was grouped by: ``stage``, ``scope``, ``process``, or something with names of its own.
        language: in which.

    Example:
        >>> from traceledger.languages import language
        >>> group("mining", "process", language("da"))
        'minedrift'
        >>> group("oceanic (custody)", "facility", language("da"))
        'oceanic (varetægt)'
    """
    if by in ("stage", "scope", "process"):
        return word(name, by, language)
    company, kind = company_of(name)
    return f"{company} ({word(kind, 'process', language)})" if kind else name


def messages() -> Iterator[tuple[str, str]]:
    """Every message of the tables, and what fields of forms mean, with their contexts."""
    for theme, table in WORDS.items():
        yield from ((theme, message) for message in table.values())
    yield from ((desk_words.HELP, message) for message in desk_words.helps())
