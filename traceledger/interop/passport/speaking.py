"""What a master data file says of one battery, by the names of :mod:`traceledger.interop.passport.said`.

``[[batteries]]`` of a batch stands before that of a material; then come what ``[[materials]]``, ``[company]``
and ``[[sites]]`` say. docs/passport.md lists the names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from traceledger.interop.masterdata import Company, Document, MasterData, Site
from traceledger.interop.passport import said
from traceledger.interop.passport.said import Said, Spoken, flattened, layered

CATEGORIES = {"EV": "ev", "LMT": "lmt", "SLI": "sli", "industrial": "industrial", "portable": "portable"}
"""Categories of master data in the words of the passport's tables."""


def said_of(known: MasterData, *, batch: str, material: str, maker: str, facility: str) -> Said:
    """What is said of a battery.

    Args:
        known: the file.
        batch: its full name.
        material: slug of its material.
        maker: slug of who made it.
        facility: full name of where.
    """
    category = known.materials.of(material)
    # What a file says of its company's own ways is not said of what others make.
    own = maker == known.participant or category is not None
    layers = [
        *_batteries(known, batch=batch, material=material),
        _material(known, material),
        _operator(known, maker),
        _company(known.companies.of(maker), f"{_file(known)}: company {maker}"),
        _site(known.sites.of(facility), f"{_file(known)}: site {facility}"),
        _methods(known, material) if own else {},
    ]
    return Said(
        values=layered(layers),
        documents=tuple(_documents(known, material, facility, own=own)),
        classes=known.classes_of(category.battery_category) if category is not None else None,
        owner=known.participant,
        file=_file(known),
        sha256=known.sha256,
        placed=lambda name: {
            pointer: Spoken(value, f"{_file(known)}: [[values]] {pointer}")
            for pointer, value in known.values_of(name, material=material, batch=batch).items()
        },
    )


def _file(known: MasterData) -> str:
    """The file's own name: where it lies on the maker's machine is nobody's business."""
    return PurePath(known.name).name


def battery_materials(known: MasterData) -> frozenset[str]:
    """Slugs of the materials that master data calls batteries: by a category, or by ``[[batteries]]``."""
    named = {each.material for each in known.content.batteries if each.material}
    return frozenset(named | {each.material for each in known.materials if each.battery_category})


def _batteries(known: MasterData, *, batch: str, material: str) -> Iterator[Mapping[str, Spoken]]:
    for of_batch in (True, False):
        for number, each in enumerate(known.content.batteries, 1):
            if each.batch == batch if of_batch else not each.batch and each.material == material:
                yield flattened(each.values, f"{_file(known)}: [[batteries]] {number}")


def _material(known: MasterData, slug: str) -> dict[str, Spoken]:
    found = known.materials.of(slug)
    if found is None:
        return {}
    named: dict[str, Any] = {
        "name": found.name,
        "description": found.description,
        "part_number": found.part_number,
        "gtin": found.gtins[0] if found.gtins else "",
        "functional_unit_kwh": found.functional_unit_kwh,
        "chemistry.name": found.chemistry,
        "declared_unit": found.declared_unit,
        "kwh_per_piece": found.kwh_per_piece,
        "kwh_per_kg": found.kwh_per_kg,
        "fossil_carbon": found.fossil_carbon,
        "biogenic_carbon": found.biogenic_carbon,
        "recycled_carbon": found.recycled_carbon,
        "customer_part_number": next(iter(found.customer_part_numbers.values()), ""),
        "category": CATEGORIES.get(found.battery_category, ""),
    }
    if found.classifications:
        named["classifications"] = [
            {"standard": each.standard, "id": each.id} | ({"description": each.means} if each.means else {})
            for each in found.classifications
        ]
    if found.classes:
        named["classes"] = list(found.classes)
    return _spoken(named, f"{_file(known)}: [[materials]] {slug}")


def _company(found: Company | None, where: str) -> dict[str, Spoken]:
    return {} if found is None else _spoken(_fields(found, "company"), where)


def _operator(known: MasterData, maker: str) -> dict[str, Spoken]:
    """Who places on the market what another company made: whose file it is (Article 3, point 22)."""
    found = known.companies.of(known.participant)
    if found is None or known.participant in ("", maker):
        return {}
    named = _fields(found, "operator")
    ids = [each.value for each in found.identifiers]
    named |= {"operator.name": found.name or known.participant, "operator.id": ids[0] if ids else ""}
    return _spoken(named, f"{_file(known)}: [company]")


def _site(found: Site | None, where: str) -> dict[str, Spoken]:
    return {} if found is None else _spoken(_fields(found, "site"), where)


def _fields(found: Company | Site, prefix: str) -> dict[str, Any]:
    return {
        f"{prefix}.{each.name}": value
        for each in fields(found)
        if isinstance(value := getattr(found, each.name), str)
    }


def _methods(known: MasterData, material: str) -> dict[str, Spoken]:
    footprint = known.footprint_of(material)
    rules = [f"{each.operator}: {name}" for each in footprint.rules for name in each.names]
    methods = [*footprint.standards, *rules]
    named: dict[str, Any] = {each.name: getattr(footprint, each.name) for each in fields(footprint)}
    named |= {
        "standards": list(footprint.standards),
        "rules": rules,
        "gwp": list(footprint.gwp),
        "sources": [f"{each.name} {each.version}" for each in footprint.secondary_sources],
    }
    for part in ("quality", "verification"):
        found = named.pop(part)
        named |= {f"{part}.{each.name}": getattr(found, each.name) for each in fields(found)} if found else {}
    where = f"{_file(known)}: [footprint]"
    told = _spoken({f"footprint.{name}": value for name, value in named.items() if value != []}, where)
    return told | _spoken({"carbon_footprint_methods": methods} if methods else {}, where)


def _documents(known: MasterData, material: str, facility: str, *, own: bool) -> Iterator[said.Document]:
    for number, each in enumerate(known.documents, 1):
        of_all = own and not each.materials and not each.facilities
        if of_all or material in each.materials or facility in each.facilities:
            yield _document(each, f"{_file(known)}: [[documents]] {number}")


def _document(each: Document, where: str) -> said.Document:
    return said.Document(
        kind=each.kind,
        url=each.url,
        where=where,
        title=each.title,
        identifier=each.id,
        mime=each.content_type,
        language=each.language,
        version=each.version,
        sha256=each.sha256,
    )


def _spoken(named: Mapping[str, Any], where: str) -> dict[str, Spoken]:
    return {
        name: Spoken(value, f"{where}: {name}") for name, value in named.items() if value not in (None, "")
    }
