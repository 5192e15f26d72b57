"""How names of the ledger stand in addresses: each as one segment, percent-encoded, read from the raw path.

An identifier may hold any letter: ``a/b.json``, ``..``, ``%2F``. What is encoded survives, but for some that
browsers and proxies change, or that a twin's ending would swallow: ``.`` and ``..``, and what ends in
``.json`` or in ``~``. To these one ``~`` is added, which is taken away again when the segment is read.

Example:
    >>> segment("a/b.json"), segment(".."), segment("100 %")
    ('a%2Fb.json~', '..~', '100%20%25')
    >>> [text_of(each) for each in ("a%2Fb.json~", "..~", "100%20%25")]
    ['a/b.json', '..', '100 %']
"""

from __future__ import annotations

import re
from functools import cache
from urllib.parse import quote, unquote_to_bytes

TWIN = ".json"
TABLE = ".csv"
API = "/api/v1"
PAGES = {
    "assessment": "assessments",
    "batch": "batches",
    "block": "blocks",
    "facility": "facilities",
    "finding": "findings",
    "material": "materials",
    "participant": "participants",
    "run": "runs",
    "shipment": "shipments",
}
"""By what documents call a kind of things, where their pages are."""
_MARK = "~"
_SLOT = re.compile(r"\\\{(\w+)\\\}")


def segment(text: str) -> str:
    """A name as one segment of a path."""
    marked = text in (".", "..") or text.endswith((TWIN, _MARK))
    return quote(text + _MARK if marked else text, safe="")


def text_of(raw: str) -> str | None:
    """The name that a segment holds; ``None``: it is no UTF-8."""
    try:
        return unquote_to_bytes(raw).decode("utf-8").removesuffix(_MARK)
    except UnicodeDecodeError:
        return None


def slots_of(path: str) -> tuple[str, ...]:
    """The names of the slots of a row's path, in order."""
    return tuple(re.findall(r"\{(\w+)\}", path))


def matched(path: str, raw_path: str) -> dict[str, str] | None:
    """The names in a raw path, by the slots of a row's path; ``None``: it is another row's.

    Args:
        path: with a slot in braces for each name; a slot is one segment.
        raw_path: as it was asked, percent-encoded.

    Example:
        >>> matched("/batches/{creator}/{identifier}", "/batches/oem/a%2Fb")
        {'creator': 'oem', 'identifier': 'a/b'}
        >>> matched("/batches/{creator}/{identifier}", "/batches/oem/a/b") is None
        True
    """
    found = _pattern(path).fullmatch(raw_path)
    if found is None:
        return None
    names = {slot: text_of(raw) for slot, raw in found.groupdict().items()}
    whole = {slot: name for slot, name in names.items() if name is not None}
    return whole if len(whole) == len(names) else None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_SLOT.sub(r"(?P<\1>[^/]+)", re.escape(path)))


def link(kind: str, name: str = "", *more: str) -> str:
    """The path of a page: of a kind of things, of one of them by its full name, of a part of that.

    A full name has its owner before its first slash; what has no slash (a slug, an id) is one segment.

    Example:
        >>> link("batches", "oem/VIN 1"), link("participants", "oem"), link("batches", "oem/a/b", "lineage")
        ('/batches/oem/VIN%201', '/participants/oem', '/batches/oem/a%2Fb/lineage')
    """
    parts = [segment(part) for part in name.split("/", 1)] if name else []
    return "/".join(["", kind, *parts, *more])
