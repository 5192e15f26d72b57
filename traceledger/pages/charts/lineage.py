"""What a batch was made of, or what was made of it, as a drawing: in boxes, or in lines where it is narrow.

Up to :data:`MOST_NODES` batches are drawn one by one. More are drawn by facility and stage of life, as
:mod:`traceledger.pages.graph` groups them, then by country and stage, then by stage; the picture says so.
The document is that of :func:`traceledger.documents.graphs.graph`.

Example:
    >>> from traceledger.languages import ENGLISH
    >>> mine = {"batch": "a/ORE", "id": "0x1", "material": "ore", "facility": "a/pit", "country": "CD",
    ...         "stage": "raw_material_acquisition", "made_mass_mg": "2000000", "parents": [],
    ...         "declared_in_error": False}
    >>> lump = mine | {"batch": "a/LUMP", "id": "0x2", "made_mass_mg": "1000000", "parents": [0]}
    >>> document = {"batch": "a/LUMP", "id": "0x2", "direction": "up", "batches": [mine, lump], "runs": []}
    >>> [(node.name, node.parents) for node in nodes(document, ENGLISH)[0]]
    [('ORE', ()), ('LUMP', (0,))]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from traceledger.languages import Language
from traceledger.pages import formats
from traceledger.pages.charts.compose import Sheet, amount, listed
from traceledger.pages.charts.lineage_columns import in_columns
from traceledger.pages.charts.lineage_lanes import in_lanes
from traceledger.pages.charts.lineage_nodes import Node
from traceledger.pages.charts.marks import WIDE, Layout, Pattern, Picture, Table
from traceledger.pages.charts.rows import Key
from traceledger.pages.graph.grouping import grouped
from traceledger.pages.graph.values import Item
from traceledger.pages.words import capital, word

MOST_NODES = 40
_WAYS = ("facility", "country", "")
"""What batches are grouped by, besides the stage, one after the other until the picture is small enough."""

_MARKS: Mapping[str, tuple[str, Pattern]] = {
    "raw_material_acquisition": ("own", ""),
    "main_production": ("inherited", "hatch"),
    "distribution": ("more", "dots"),
    "end_of_life": ("scope3", "cross"),
    "not_assigned": ("rest", ""),
}


def lineage(
    document: Mapping[str, Any], language: Language, *, layout: Layout = WIDE, name: str = "lineage"
) -> Picture:
    """The drawing.

    Args:
        document: a lineage, in either direction.
        language: of the words.
        layout: how wide; in columns it takes as much as it needs.
        name: begins the ids of the picture.
    """
    found, way = nodes(document, language)
    sheet = Sheet(layout)
    sheet.words(_explained(way, len(document["batches"]), language))
    if way and not layout.narrow:
        sheet.legend(_stages(document, language))
    drawn = in_lanes(found, layout, top=sheet.bottom + 8) if layout.narrow else None
    width = float(layout.width)
    if drawn is None:
        drawn, needed = in_columns(found, top=sheet.bottom + 8)
        width = max(width, needed)
    sheet.put(drawn)
    picture = sheet.picture(name, _title(document, language), _description(found, document, language))
    return replace(picture, width=width)


def lineage_table(document: Mapping[str, Any], language: Language) -> Table:
    """Every batch, with where it was made and of what; none is grouped."""
    _ = language.gettext
    batches = document["batches"]
    rows = tuple(
        (
            row["batch"],
            row["material"],
            row["facility"],
            word(row["stage"], "stage", language),
            amount(int(row["made_mass_mg"]), language),
            ", ".join(batches[parent]["batch"] for parent in row["parents"]),
        )
        for row in batches
    )
    columns = _("Batch"), _("Material"), _("Place"), _("Life-cycle stage"), _("Made with"), _("Made of")
    return Table(columns, rows, frozenset({4}))


def nodes(document: Mapping[str, Any], language: Language) -> tuple[list[Node], str | None]:
    """What is drawn, and by what batches are grouped; ``None``: they are not."""
    if len(document["batches"]) <= MOST_NODES:
        return [_batch(row, document, language) for row in document["batches"]], None
    found: list[Node] = []
    way = ""
    for way in _WAYS:
        found = _groups(document, way, language)
        if len(found) <= MOST_NODES:
            break
    return found, way


def _batch(row: Mapping[str, Any], document: Mapping[str, Any], language: Language) -> Node:
    company, _, identifier = row["batch"].partition("/")
    return Node(
        identifier or company,
        row["material"],
        company,
        amount(int(row["made_mass_mg"]), language),
        tuple(dict.fromkeys(row["parents"])),
        asked=row["id"] == document["id"],
        wrong=language.gettext("declared in error") if row["declared_in_error"] else "",
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """How groups are named: by a facility, a country, or not at all."""

    by: str
    language: Language

    def names(self, row: Mapping[str, Any]) -> tuple[str, str]:
        """The name of a group by one of its batches, and a company where it has one."""
        if self.by == "facility":
            company, _, site = row["facility"].partition("/")
            return (site or company), company
        if self.by == "country":
            return formats.country(row["country"], self.language), ""
        return capital(word(row["stage"], "stage", self.language)), ""


def _groups(document: Mapping[str, Any], by: str, language: Language) -> list[Node]:
    batches = document["batches"]
    items = [
        Item(row["batch"], (row[by] if by else "", row["stage"]), tuple(row["parents"])) for row in batches
    ]
    found = grouped(items)
    parents: list[dict[int, None]] = [{} for _ in found.groups]
    for place, item in enumerate(items):
        own = found.of[place]
        parents[own].update(dict.fromkeys(found.of[each] for each in item.parents if found.of[each] != own))
    asked = next(at for at, row in enumerate(batches) if row["id"] == document["id"])
    way = _Way(by, language)
    drawn = []
    for number, group in enumerate(found.groups):
        first = batches[group.members[0]]
        name, company = way.names(first)
        wrong = any(batches[each]["declared_in_error"] for each in group.members)
        drawn.append(
            Node(
                name,
                company if by else "",
                word(first["stage"], "stage", language) if by else "",
                _count(len(group.members), language),
                tuple(parents[number]),
                asked=asked in group.members,
                wrong=language.gettext("declared in error") if wrong else "",
                stage=_MARKS.get(first["stage"]) if by else None,
            )
        )
    return drawn


def _stages(document: Mapping[str, Any], language: Language) -> list[Key]:
    """How the stages that are there are marked."""
    there = {row["stage"] for row in document["batches"]}
    return [
        Key(capital(word(stage, "stage", language)), *mark)
        for stage, mark in _MARKS.items()
        if stage in there
    ]


def _count(number: int, language: Language) -> str:
    words = language.ngettext("%(num)s batch", "%(num)s batches", number)
    return words % {"num": formats.number(number, language)}


def _explained(way: str | None, batches: int, language: Language) -> str:
    _ = language.gettext
    if way is None:
        return _(
            "Lines lead from what was taken to what was made of it. Each is a batch, with the mass "
            "that it was made with."
        )
    count = {"count": _count(batches, language)}
    by = {
        "facility": _(
            "%(count)s, drawn by facility and life-cycle stage: each is what one place made in one stage."
        ),
        "country": _("%(count)s, drawn by country and life-cycle stage."),
        "": _("%(count)s, drawn by life-cycle stage."),
    }
    return by[way] % count


def _title(document: Mapping[str, Any], language: Language) -> str:
    if document["direction"] == "up":
        return language.gettext("What %(batch)s was made of") % {"batch": document["batch"]}
    return language.gettext("What was made of %(batch)s") % {"batch": document["batch"]}


def _description(found: Sequence[Node], document: Mapping[str, Any], language: Language) -> str:
    pairs = [(node.name, node.figure) for node in found]
    said = {"count": _count(len(document["batches"]), language), "list": listed(pairs, language)}
    return language.gettext("A drawing of %(count)s, joined by what was taken for what. %(list)s.") % said
