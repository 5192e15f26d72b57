"""Documents on which the method of a declaration rests, as its page names them.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> [source.name for source in sources(ENGLISH)][:2]
    ['Regulation (EU) 2023/1542', 'ISO 14067:2018']
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.languages import Language, translatable


@dataclass(frozen=True, slots=True)
class Source:
    """A document on which the method rests; ``href`` is empty where it comes with the program."""

    name: str
    href: str
    what: str


def sources(language: Language) -> tuple[Source, ...]:
    """Documents on which the method rests."""
    return tuple(Source(name, href, language.gettext(what)) for name, href, what in _SOURCES)


_SOURCES = (
    (
        "Regulation (EU) 2023/1542",
        "https://eur-lex.europa.eu/eli/reg/2023/1542/oj",
        translatable(
            "batteries: life-cycle stages, recycled content and risks (Annex II, Article 8, Annex X)"
        ),
    ),
    (
        "ISO 14067:2018",
        "https://www.iso.org/standard/71206.html",
        translatable("carbon footprint of products"),
    ),
    (
        "ISO 14021:2016",
        "https://www.iso.org/standard/66652.html",
        translatable("what counts as recycled, before and after use"),
    ),
    (
        "ISO 22095:2020",
        "https://www.iso.org/standard/72532.html",
        translatable("chain of custody: models and terms"),
    ),
    (
        "GHG Protocol Product Standard",
        "https://ghgprotocol.org/product-standard",
        translatable("scopes, and how emissions are shared among products"),
    ),
    (
        "PACT Methodology",
        "https://www.carbon-transparency.org/pact-methodology",
        translatable("primary data share"),
    ),
    (
        "TraceLedger, docs/declaration.md",
        "",
        translatable("every field of this declaration, and how it is computed"),
    ),
)
