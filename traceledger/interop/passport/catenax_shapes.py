"""Structures that Catena-X models share: documents, amounts with units, values with a time of measuring."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from traceledger.interop.passport import circular, materials
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.diligence import assurances
from traceledger.interop.passport.footprint import FOUR, performance_class, stage_per_kwh
from traceledger.interop.passport.identity import site_id
from traceledger.interop.passport.members import Member
from traceledger.interop.passport.numbers import number as written
from traceledger.interop.passport.said import Document, Said, lacking
from traceledger.interop.passport.sources import Source, number
from traceledger.interop.passport.told import Lacking, Narrowed, Node, Told, fixed, from_ledger
from traceledger.model.shares import SHARE_UNITS

MOST_HEADER = 100
"""Characters of a document's header."""
PERCENT = "unit:percent"
LISTED = Lacking("neither ledger nor master data lists one")


def entity(document: Document) -> Node:
    """A document as the models have it: its address, that it is one, and what it is about."""
    title = document.tell("title")
    header = title if isinstance(title, Told) else document.tell("url")
    return {
        "content": document.tell("url"),
        "contentType": fixed("URL", "what the content is: an address"),
        "header": header.as_(lambda value: str(value)[:MOST_HEADER]) if isinstance(header, Told) else header,
    }


def measured(place: str, name: str, point: str) -> tuple[Member[Battery], ...]:
    """A value of use and the time of its measuring: ``state.NAME.value`` and ``state.NAME.at``."""
    return (
        Member(f"{place}/value", point, number(f"state.{name}.value")),
        Member(f"{place}/time", point, lambda battery: battery.said.text(f"state.{name}.at")),
    )


def length(name: str) -> Source:
    """A length in millimetres."""

    def source(battery: Battery) -> Node:
        return {
            "value": battery.said.number(f"dimensions.{name}_mm"),
            "unit": fixed("unit:millimetre", "master data has millimetres"),
        }

    return source


def footprints(battery: Battery) -> Node:
    """One footprint for each life-cycle stage; they sum to that of the battery."""
    return [
        {
            "value": stage_per_kwh(battery, stage),
            "rulebook": battery.said.document("footprint-method", entity),
            "lifecycle": fixed(stage.words, "life-cycle stage of Annex II"),
            "unit": fixed("kg CO2e / kWh", "Article 7(1), point (d)"),
            "type": fixed("Climate Change Total", "all greenhouse gases together"),
            "performanceClass?": performance_class(battery),
            "manufacturingPlant": [{"facility": site_id(battery, "bpna")}],
            "declaration": battery.said.document("footprint-declaration", entity),
        }
        for stage in FOUR
    ]


def third_parties(battery: Battery) -> Node:
    """Assurances by third parties: master data's documents, and those of auditors' assessments."""
    found: list[Node] = [entity(each) for each in battery.said.of_kind("third-party-assurance")]
    kind = fixed("URL", "what the content is: an address")
    # Whose they are, an address may tell: not to everybody.
    found += [
        Narrowed("2(a)", {"content": uri, "contentType": kind, "header": header})
        for uri, header in assurances(battery)
    ]
    return found or Lacking(
        "no assessment that is valid names a document, and master data no third-party-assurance"
    )


def active(metal: int, name: str) -> Source:
    """One of the metals of Article 8; where the ledger tracks none of it, master data's word counts."""

    def source(battery: Battery) -> Node:
        found = materials.of_substance(battery, metal)
        where = battery.said.text(f"{name}.location") if found is None else found.location
        return {
            "location": Narrowed("2(a)", where),
            "recycled": Narrowed("1(e)", recycled(battery, metal, name)),
            "documentation": battery.said.document("material-documentation", entity),
            "critical": _critical(metal, found),
        }

    return source


def hazardous(metal: int, name: str, *, recycles: bool = False) -> Source:
    """Lead, cadmium or mercury; ``recycles``: with its recycled content."""

    def source(battery: Battery) -> Node:
        found = materials.of_substance(battery, metal)
        share = (
            battery.said.number(f"{name}.concentration_percent") if found is None else found.share(battery)
        )
        where = battery.said.text(f"{name}.location") if found is None else found.location
        told: dict[str, Node] = {
            "impactOfSubstances": battery.said.document("substance-impact", entity),
            "concentration": share,
            "location": Narrowed("2(a)", where),
            "materialUnit": fixed(PERCENT, "per cent by mass"),
            "critical": _critical(metal, found),
            "documentation": battery.said.document("material-documentation", entity),
        }
        return told | ({"recycled": Narrowed("1(e)", recycled(battery, metal, name))} if recycles else {})

    return source


def recycled(battery: Battery, metal: int, name: str) -> Node:
    """Per cent recovered by Article 8, of a metal that the ledger tracks; else master data's word."""
    found = circular.total(battery, metal)
    return battery.said.number(f"{name}.recycled_percent") if isinstance(found, Lacking) else found


def _critical(metal: int, found: materials.Material | None) -> Node:
    if found is not None:
        return found.critical
    return fixed(metal in materials.CRITICAL, "whether Regulation (EU) 2024/1252, Annex II, lists it")


def other_active(battery: Battery) -> Node:
    """The other substances that the ledger tracks."""
    found: list[Node] = [
        {
            "location": Narrowed("2(a)", each.location),
            "recycled": Narrowed("2(a)", _iso_14021(battery, each)),
            "documentation": battery.said.document("material-documentation", entity),
            "critical": each.critical,
            "materialIdentification": identified(each.name, each.cas),
        }
        for each in materials.materials(battery)
        if each.substance is not None and each.substance not in circular.METALS
    ]
    return found or LISTED


def other_hazards(battery: Battery) -> Node:
    """The hazardous substances that master data lists."""
    found = materials.hazards(battery)
    if isinstance(found, Lacking):
        return found
    return [
        {
            "impactOfSubstances": battery.said.document("substance-impact", entity),
            "materialUnit": fixed(PERCENT, "per cent by mass"),
            "concentration": each.percent,
            "materialIdentification": identified(each.name, each.cas),
            "documentation": battery.said.document("material-documentation", entity),
            "critical": fixed(each.substance in materials.CRITICAL, "Regulation (EU) 2024/1252, Annex II"),
            "location": Narrowed("2(a)", each.location),
        }
        for each in found
    ]


def composition(battery: Battery) -> Node:
    """All materials; the public sees those that are critical, without where they are and how much."""
    return list(_composition(battery))


def _composition(battery: Battery) -> Iterator[Node]:
    for each in materials.materials(battery):
        node: Node = {
            "id": identified(each.name, each.cas),
            "concentration": Narrowed("2(a)", each.share(battery)),
            "unit": Narrowed("2(a)", fixed(PERCENT, "per cent by mass")),
            "critical": each.critical,
            "documentation": Narrowed("2(a)", battery.said.document("material-documentation", entity)),
            "recycled": Narrowed("2(a)", _iso_14021(battery, each)),
            "location": Narrowed("2(a)", each.location),
            "renewable": Narrowed("2(a)", each.said.number("renewable_percent")),
        }
        yield node if materials.is_critical(battery, each) else Narrowed("2(a)", node)


def _iso_14021(battery: Battery, material: materials.Material) -> Node:
    """Per cent recycled as ISO 14021 counts it, of a substance on the ledger, weighted by mass."""
    if material.substance is None:
        return material.said.number("recycled_percent")
    units = mass = 0
    for lot in battery.averaged:
        content = lot.trace.recycled_content.get(material.substance)
        held = lot.trace.made_substances_mg.get(material.substance, 0)
        if content is not None:
            units, mass = units + content.total.units * held, mass + held
    if not mass:
        return lacking("recycled_percent")
    value = written(Fraction(units * 100, SHARE_UNITS * mass))
    return from_ledger(value, "% of it recycled, by ISO 14021", battery.events)


def identified(name: Node, cas: Node) -> Node:
    """A substance by its registry number."""
    return [{"id": cas, "type": fixed("CAS", "Chemical Abstracts Service"), "name": name}]


def agent(said: Said) -> Node:
    """An extinguishing agent."""
    return {"media": said.text("media"), "fireClass": said.text("fire_class")}


def spare_part(said: Said) -> Node:
    """A spare part."""
    return {"manufacturerPartId": said.text("number"), "nameAtManufacturer": said.text("name")}


def producer(said: Said) -> Node:
    """Who makes spare parts."""
    return {"id": said.text("bpnl")}


def classification(said: Said) -> Node:
    """A classification of the part."""
    return {
        "classificationStandard": said.text("standard"),
        "classificationID": said.text("id"),
        "classificationDescription?": said.text("description"),
    }
