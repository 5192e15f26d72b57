"""Which link of a set a request means: by type, then by media type and language, as far as it says them.

The GS1-Conformant Resolver Standard leads to the default link unless the request says something that fits
another one better.

Example:
    >>> wanted("text/html;q=0.5, application/json", "").media
    ('application/json', 'text/html')
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from traceledger.interop.linkset.links import MEDIA, Link, Linkset, link_type
from traceledger.languages import negotiate

ALL = ("all", "linkset")
"""Words for the whole set in place of a link type; ``all`` is of earlier editions of the standard."""
DEFAULT = "defaultLink"
_MULTI = "defaultLinkMulti"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request says it wants.

    Attributes:
        type: a link type, without its namespace; empty: the default.
        media: media types, the liked ones first; wildcards are left out.
        language: code of the language that is liked best, of those there are; empty: none was said.
        linkset: whether the whole set is asked for.
        plain: whether in the form of RFC 9264 alone.
    """

    type: str = ""
    media: tuple[str, ...] = ()
    language: str = ""
    linkset: bool = False
    plain: bool = False


def wanted(accept: str, accept_language: str, said: str = "") -> Wanted:
    """What a request wants.

    Args:
        accept: the header of RFC 9110, 12.5.1.
        accept_language: that of 12.5.4.
        said: the parameter ``linkType``.
    """
    media = _liked(accept)
    kind = link_type(said)
    return Wanted(
        "" if kind in ALL else kind,
        media,
        negotiate(accept_language).code if accept_language.strip() else "",
        kind in ALL or (not kind and media[:1] == (MEDIA,)),
        "rfc9264" in accept,
    )


def chosen(links: Linkset, want: Wanted) -> Link | None:
    """Where a request leads; ``None``: there is no link of the type that it asks for."""
    if not want.type:
        return _default(links, want)
    found = links.of(want.type)
    return _best(found, want) if found else None


def _default(links: Linkset, want: Wanted) -> Link | None:
    """The default link, or one of those that stand beside it, where it fits what is liked."""
    first = next(iter(links.of(DEFAULT)), None)
    others = [each for each in links.of(_MULTI) if _fits(each, want)]
    return _best(others, want) if others else first


def _fits(link: Link, want: Wanted) -> bool:
    if want.media and link.media not in want.media[:1]:
        return False
    return bool(want.media or want.language) and link.language in ("", want.language)


def _best(links: Sequence[Link], want: Wanted) -> Link:
    def rank(link: Link) -> tuple[int, bool]:
        kind = want.media.index(link.media) if link.media in want.media else len(want.media)
        return kind, bool(link.language) and link.language != want.language

    return min(links, key=rank)


def _liked(accept: str) -> tuple[str, ...]:
    """The media types of a header, by how much they are liked; of what is not wanted, none."""
    found: list[tuple[float, str]] = []
    for part in accept.lower().split(","):
        media, *parameters = (each.strip() for each in part.split(";"))
        weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            liked = float(weight)
        except ValueError:
            continue
        if media and "*" not in media and 0 < liked <= 1:
            found.append((-liked, media))
    return tuple(media for _, media in sorted(found, key=lambda each: each[0]))
