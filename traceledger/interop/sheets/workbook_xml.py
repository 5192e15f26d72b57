"""What a workbook is made of: its sheets and their parts, its formats (ECMA-376, part 1, 18.2 and 18.8)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from traceledger.errors import InputError
from traceledger.interop.sheets.formats import BUILT_IN
from traceledger.interop.sheets.grid import MOST_SHEETS
from traceledger.interop.sheets.package import damaged, parse, parser
from traceledger.languages.phrases import phrase

_OFFICE = "/officeDocument"
_MOST_STYLES = 65_536
_MOST_RELATIONS = 10_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it: its name, its part, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Structure:
    """What a workbook is made of.

    Attributes:
        sheets: in its order.
        stale: whether it says that all formulas are to be calculated when it is opened.
        formats: the code of each cell style's format of numbers; empty for what shows digits only.
    """

    sheets: list[Listed] = field(default_factory=list)
    stale: bool = False
    formats: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


def structure_of(parts: Mapping[str, bytes], name: str) -> Structure:
    """What a workbook is made of.

    Raises:
        InputError: it is damaged, or has too many sheets.
    """
    roots = _relations(parts, "", name)
    main = next((each.target for each in roots.values() if each.kind.endswith(_OFFICE)), "xl/workbook.xml")
    if main not in parts:
        raise damaged(name)
    found = Structure()
    relations = _relations(parts, main, name)

    def handle(element: str, attributes: Mapping[str, str]) -> None:
        if element == "sheet":
            found.sheets.append(_listed(attributes, relations, name))
            if len(found.sheets) > MOST_SHEETS:
                what = phrase("it has more than {most} sheets", most=MOST_SHEETS)
                raise InputError(what, where=name, hint=phrase("split it into several files"))
        elif element == "calcPr":
            found.stale = attributes.get("fullCalcOnLoad") in ("1", "true")

    _elements(parts[main], name, handle)
    if not found.sheets:
        raise damaged(name)
    for relation in relations.values():
        if relation.kind.endswith("/styles") and relation.target in parts:
            found.formats = _formats(parts[relation.target], name)
    return found


def _listed(attributes: Mapping[str, str], relations: Mapping[str, _Relation], name: str) -> Listed:
    reference = next((value for key, value in attributes.items() if key.endswith(" id")), "")
    relation = relations.get(reference)
    if relation is None or "name" not in attributes:
        raise damaged(name)
    # Sheets of charts and macros have no cells.
    part = relation.target if relation.kind.endswith("/worksheet") else ""
    return Listed(attributes["name"], part, attributes.get("state", "visible") != "visible")


def _relations(parts: Mapping[str, bytes], of: str, name: str) -> dict[str, _Relation]:
    folder, file = posixpath.split(of)
    content = parts.get(posixpath.join(folder, "_rels", f"{file}.rels"))
    if content is None:
        return {}
    found: dict[str, _Relation] = {}

    def handle(element: str, attributes: Mapping[str, str]) -> None:
        if element != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "").replace("\\", "/")
        whole = target if target.startswith("/") else posixpath.join("/", folder, target)
        kind, part = attributes.get("Type", ""), posixpath.normpath(whole).lstrip("/")
        found[attributes.get("Id", "")] = _Relation(kind, part)
        if len(found) > _MOST_RELATIONS:
            raise damaged(name)

    _elements(content, name, handle)
    return found


def _formats(content: bytes, name: str) -> list[str]:
    codes = dict(BUILT_IN)
    found: list[str] = []
    inside = False

    def handle(element: str, attributes: Mapping[str, str]) -> None:
        nonlocal inside
        if element in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = element == "cellXfs"
        elif element == "numFmt" and len(codes) < _MOST_STYLES:
            codes[_integer(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif element == "xf" and inside and len(found) < _MOST_STYLES:
            found.append(codes.get(_integer(attributes.get("numFmtId")), ""))

    _elements(content, name, handle)
    return found


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _elements(content: bytes, name: str, handle: Callable[[str, Mapping[str, str]], None]) -> None:
    """Hand over the elements of a part in order, by their names without namespaces."""
    made = parser(name)

    def start(element: str, attributes: Mapping[str, str]) -> None:
        handle(element.rpartition(" ")[2], attributes)

    made.StartElementHandler = start
    parse(made, content, name)
