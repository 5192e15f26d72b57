"""Answers that need not be sent or made again: entity tags, and a cache of what was made last.

A tag is made of all that an answer depends on: the index's newest block, the request, the language, what its
reader may see, and this program's version. So who asks again with ``If-None-Match`` (RFC 9110, 13.1.2) costs
next to nothing, and what one reader may see is never given to another.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime

from traceledger import __version__
from traceledger.web.reading import Head

_PER_ENTRY = 512
"""Bytes that an entry takes besides its body, about."""


@dataclass(frozen=True, slots=True)
class Key:
    """All that an answer depends on, beside the block.

    Attributes:
        path: raw path.
        query: parameters as they were understood, in one order.
        language: of a page; empty for a document.
        scopes: what the reader may see besides what everybody may.
        minute: of an answer that time alone changes; else 0.
    """

    path: str
    query: str
    language: str = ""
    scopes: tuple[str, ...] = ()
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """An answer.

    Attributes:
        body: its bytes.
        media: its media type.
        tag: its entity tag, quoted.
        head: the block it was made of.
        headers: what is said besides.
    """

    body: bytes
    media: str
    tag: str
    head: Head
    headers: Mapping[str, str] = field(default_factory=dict)


def tag_of(key: Key, head: Head) -> str:
    """The entity tag of an answer: weak, as proxies may compress it."""
    parts = [__version__, str(head.block), head.hash.hex(), key.path, key.query, key.language]
    parts += [*key.scopes, str(key.minute)]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f'W/"{digest[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether a client has the answer of that tag already."""
    if if_none_match is None:
        return False
    known = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return tag.removeprefix("W/") in known


def is_any(if_none_match: str | None) -> bool:
    """Whether a client wants nothing of what is there at all."""
    return if_none_match is not None and if_none_match.strip() == "*"


def is_unmodified(changed: int, if_modified_since: str | None) -> bool:
    """Whether nothing changed since a client's date; what is no date says nothing."""
    if if_modified_since is None or not changed:
        return False
    try:
        return parsedate_to_datetime(if_modified_since).timestamp() >= changed
    except (TypeError, ValueError, OverflowError):
        return False


def date(seconds: int) -> str:
    """A time as HTTP writes it.

    Example:
        >>> date(0)
        'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return formatdate(seconds, usegmt=True)


class Cache:
    """Answers as of the newest block, the ones used last, up to a number of bytes.

    Args:
        most: bytes that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key, head: Head) -> Made | None:
        """The answer, if it was made of that block."""
        found = self._kept.get(key)
        if found is None or found.head != head:
            return None
        self._kept.move_to_end(key)
        return found

    def put(self, key: Key, made: Made) -> None:
        """Keep an answer; the ones that were used longest ago go."""
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= _size(key, old)
        size = _size(key, made)
        # One large answer must not drive all others out.
        if size > self._most // 4:
            return
        self._kept[key] = made
        self._bytes += size
        while self._bytes > self._most:
            gone, answer = self._kept.popitem(last=False)
            self._bytes -= _size(gone, answer)


def _size(key: Key, made: Made) -> int:
    return len(made.body) + len(key.path) + len(key.query) + _PER_ENTRY
