"""Links, each of a type, and link sets: GS1's form of RFC 9264, and the plain one.

GS1's form names the item and says of each link whether the parameters of a request go along; the plain form
has neither, and knows links without a title.

Example:
    >>> one = Link("gs1:pip", "https://a.example/x", "X", "text/html", "de")
    >>> one.relation, one.to_dict()["hreflang"]
    ('https://ref.gs1.org/voc/pip', ['de'])
    >>> link_type("https://gs1.org/voc/pip") == link_type("gs1:pip") == "pip"
    True
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MEDIA = "application/linkset+json"
"""The media type of a link set (RFC 9264, 4.2)."""
NAMESPACE = "https://ref.gs1.org/voc/"
"""Where the GS1 Web Vocabulary is; it was at :data:`_EARLIER` before."""
_EARLIER = ("https://gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
"""What makes a link set JSON-LD."""
_REGISTERED = ("alternate", "related", "describedby")
"""Relations of IANA's register that are used beside those of GS1."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link.

    Attributes:
        type: of GS1's vocabulary, such as ``pip``, or a relation of IANA's register.
        href: where it leads.
        title: what is there, for people.
        media: its media type; empty: not said.
        language: of what is there, by RFC 5646; empty: of no language, or several.
    """

    type: str
    href: str
    title: str
    media: str = ""
    language: str = ""

    @property
    def relation(self) -> str:
        """Its type as a link set has it."""
        return self.type if self.type in _REGISTERED else NAMESPACE + link_type(self.type)

    def to_dict(self, *, plain: bool = False) -> dict[str, Any]:
        """As a link set has it; ``plain``: without what only GS1 knows."""
        said: dict[str, Any] = {"href": self.href, "title": self.title}
        if self.media:
            said["type"] = self.media
        if self.language:
            # GS1's schema knows languages of two letters, with a country of two or without.
            said["hreflang"] = [self.language.partition("-")[0]]
        return said if plain else said | {"fwqs": False}


@dataclass(frozen=True, slots=True)
class Linkset:
    """All links of an item.

    Attributes:
        anchor: its Digital Link, at the resolver that was asked.
        description: what it is.
        links: in order; the first of the type ``defaultLink`` is where a request leads that asks for nothing.
    """

    anchor: str
    description: str
    links: tuple[Link, ...]

    def of(self, kind: str) -> tuple[Link, ...]:
        """The links of a type."""
        return tuple(each for each in self.links if each.type == kind)

    def to_dict(self, *, plain: bool = False) -> dict[str, Any]:
        """As ``application/linkset+json``; ``plain``: in the form of RFC 9264 alone."""
        found: dict[str, list[dict[str, Any]]] = {}
        for each in self.links:
            found.setdefault(each.relation, []).append(each.to_dict(plain=plain))
        head = {"anchor": self.anchor}
        return {"linkset": [head | ({} if plain else {"itemDescription": self.description}) | found]}


def link_type(said: str) -> str:
    """A link type without its namespace, however it is written: ``gs1:pip``, a URI, or ``pip``."""
    for beginning in ("gs1:", NAMESPACE, *_EARLIER):
        if said.startswith(beginning):
            return said.removeprefix(beginning)
    return said


def header(links: Iterable[tuple[str, str, str]]) -> str:
    """The header ``Link`` (RFC 8288) of targets, relations and media types; an empty one is not said."""
    return ", ".join(
        f'<{target}>; rel="{relation}"' + (f'; type="{media}"' if media else "")
        for target, relation, media in links
    )
