"""The questions of a policy beside its conditions: how the table of each is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.model.article_8 import MINIMUMS, TARGET_YEARS
from traceledger.model.countries import require
from traceledger.model.hexadecimal import parsed_id
from traceledger.model.identifiers import checked
from traceledger.model.spelling import hint
from traceledger.model.substances import number
from traceledger.model.units import parse_degrees, parse_percent
from traceledger.proofs.verdicts import entity_list
from traceledger.proofs.verdicts.answer import Question
from traceledger.proofs.verdicts.article_8 import Article8Targets
from traceledger.proofs.verdicts.assistance import MaterialAssistance, load_costs
from traceledger.proofs.verdicts.chain import UnbrokenChain
from traceledger.proofs.verdicts.listed import NobodyListed
from traceledger.proofs.verdicts.region import Area, OutsideRegion
from traceledger.proofs.verdicts.toml_fields import Fields, flag, text, texts, whole
from traceledger.provenance.article_8_rules import load_rules


@dataclass(frozen=True, slots=True)
class Supplied:
    """Files that a policy may ask for, given beside it.

    Attributes:
        listed_entities: the list of entities that may not take part.
        costs: direct costs by component.
    """

    listed_entities: Path | None = None
    costs: Path | None = None


def percent(value: Any) -> int:
    """Basis points of a percentage, which is written as text with its sign.

    Raises:
        InputError: it is none, or more than all.
    """
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise InputError(f"{value!r} is not a percentage", hint='write for instance "16 %"')
    return parse_percent(value)


def country_codes(value: Any) -> frozenset[str]:
    """A list of countries, each once.

    Raises:
        InputError: one is none, or there twice.
    """
    codes = [code.upper() for code in texts(value)]
    for code in codes:
        require(code)
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise InputError(f"{twice} is there twice")
    return frozenset(codes)


def _article_8(fields: Fields, folder: Path, _: Supplied) -> Question:
    how = f"target = {TARGET_YEARS[0]} or {TARGET_YEARS[1]}"

    def year(value: Any) -> int:
        if whole(value) not in TARGET_YEARS:
            raise InputError(f"Article 8 has no target of {value}", hint=how)
        return int(value)

    def metals(value: Any) -> tuple[int, ...]:
        found = tuple(map(number, texts(value)))
        if other := next((each for each in found if each not in MINIMUMS), None):
            raise InputError(f"Article 8 has no target of {texts(value)[found.index(other)]!r}")
        return found

    target = fields.need("target", year, how)
    asked = fields.take("metals", metals) or ()
    rules = fields.take("rules", text)
    fields.end(("target", "metals", "rules"))
    path = None if rules is None else folder / rules
    return Article8Targets(
        target, load_rules(path), "article-8.toml of the program" if rules is None else rules, asked
    )


def _chain(fields: Fields, _: Path, __: Supplied) -> Question:
    gaps, documents = fields.take("no_gaps", flag), fields.take("papers", flag)
    fields.end(("no_gaps", "papers"))
    if not (gaps or documents):
        raise InputError(
            "it asks for nothing", where=fields.places(), hint="write no_gaps = true, or papers = true"
        )
    return UnbrokenChain(no_gaps=bool(gaps), papers=bool(documents))


def _region(fields: Fields, _: Path, __: Supplied) -> Question:
    name = fields.need("name", text, 'what it is called: name = "…"')
    countries = fields.take("countries", country_codes) or frozenset()
    sites = frozenset(fields.take("sites", _sites) or ())
    outside = frozenset(fields.take("outside_sites", _sites) or ())
    areas = tuple(map(_area, fields.tables("areas")))
    fields.end(("name", "countries", "sites", "outside_sites", "areas"))
    if both := sorted(sites & outside):
        raise InputError(f"{both[0]!r} is in the region and outside", where=fields.places("outside_sites"))
    if not (countries or sites or areas):
        there = "write countries, sites or [[region.areas]]"
        raise InputError("nothing is in the region", where=fields.places(), hint=there)
    return OutsideRegion(name, countries, areas, sites, outside)


def _sites(value: Any) -> tuple[str, ...]:
    """Full names, ids and identifiers, these without the separators that people write."""
    found = []
    for each in texts(value):
        scheme, colon, rest = each.partition(":")
        if colon and "/" not in scheme:
            known = checked(scheme, rest)
            found.append(f"{known.scheme}:{known.value}")
        elif "/" in each or parsed_id(each) is not None:
            found.append(each.lower() if each.startswith("0x") else each)
        else:
            raise InputError(f"{each!r} names no site", hint="write company/site, 0x…, or gln:…")
    return tuple(found)


def _area(fields: Fields) -> Area:
    def country(value: Any) -> str:
        code = text(value).upper()
        require(code)
        return code

    def degrees(limit: int) -> Callable[[Any], int]:
        return lambda value: parse_degrees(text(value), limit)

    how = 'degrees as text: south = "34.3"'
    area = Area(
        name=fields.need("name", text, 'name = "…"'),
        country=fields.need("country", country, 'country = "CC"'),
        south=fields.need("south", degrees(90), how),
        north=fields.need("north", degrees(90), how),
        west=fields.need("west", degrees(180), how),
        east=fields.need("east", degrees(180), how),
    )
    fields.end(("name", "country", "south", "north", "west", "east"))
    if area.south >= area.north or area.west >= area.east:
        raise InputError(
            "the area has no inside: south is below north, and west of east", where=fields.places()
        )
    return area


def _listed(fields: Fields, folder: Path, supplied: Supplied) -> Question:
    given, digest = fields.take("file", text), fields.take("sha256", _digest)
    different = frozenset(fields.take("different", texts) or ())
    fields.end(("file", "sha256", "different"))
    if supplied.listed_entities is None and given is None:
        there = "give it with --listed-entities FILE, or as file in the policy"
        raise InputError("the policy asks for a list of entities", where=fields.places("file"), hint=there)
    entities = entity_list.load(supplied.listed_entities or folder / str(given))
    if digest is not None and entities.sha256 != digest:
        raise InputError(
            f"{entities.name} has the SHA-256 {entities.sha256}, not that which the policy names",
            where=fields.places("sha256"),
            hint="take the list that it means, or change the policy",
        )
    return NobodyListed(entities, different)


def _digest(value: Any) -> str:
    found = text(value).lower().removeprefix("0x")
    if len(found) != 64 or any(letter not in "0123456789abcdef" for letter in found):
        raise InputError(f"{value!r} is no SHA-256", hint="64 hexadecimal digits")
    return found


def _assistance(fields: Fields, folder: Path, supplied: Supplied) -> Question:
    countries = fields.need("prohibited_countries", country_codes, 'prohibited_countries = ["CC", …]')
    entities = fields.take("prohibited_entities", text)
    measure = fields.need("measure", _measure, 'measure = "mass" or "cost"')
    product = fields.need("product", text, "product, a name of a table of thresholds")
    year = fields.need("year", whole, "year, that of the sale or of the beginning of construction")
    costs = fields.take("costs", text)
    thresholds = fields.table("thresholds")
    least = _threshold(fields, thresholds, product, year)
    fields.end(
        ("prohibited_countries", "prohibited_entities", "measure", "product", "year", "costs", "thresholds")
    )
    paths = supplied.costs or (None if costs is None else folder / costs)
    if measure == "cost" and paths is None:
        there = "give them with --costs FILE, or as costs in the policy"
        raise InputError("a cost ratio needs direct costs", where=fields.places("measure"), hint=there)
    return MaterialAssistance(
        countries=countries,
        entities=None if entities is None else entity_list.load(folder / entities),
        by_cost=measure == "cost",
        product=product,
        year=year,
        least_bp=least,
        costs=None if paths is None else load_costs(paths),
    )


def _measure(value: Any) -> str:
    if text(value) not in ("mass", "cost"):
        raise InputError(f"{value!r} is no measure", hint='write "mass" or "cost"')
    return str(value)


def _threshold(fields: Fields, tables: Fields, product: str, year: int) -> int:
    """The threshold of a product and year: that of the newest year that is not later."""
    products = tables.keys
    if product not in products:
        raise InputError(
            f"there are no thresholds of {product!r}",
            where=fields.places("product"),
            hint=hint(product, products, otherwise=f"there are {', '.join(products) or 'none'}"),
        )
    found: dict[int, int] = {}
    for name in products:
        table = tables.table(name)
        for key in table.keys:
            if not (key.isascii() and key.isdigit() and len(key) == 4):
                raise InputError(f"{key!r} is no year", where=table.places(key), hint='write 2026 = "60 %"')
            points = table.take(key, percent) or 0
            if name == product:
                found[int(key)] = points
        table.end(())
    tables.end(tuple(products))
    if not (before := [each for each in found if each <= year]):
        raise InputError(f"there is no threshold of {product!r} for {year}", where=fields.places("year"))
    return found[max(before)]


READERS: dict[str, Callable[[Fields, Path, Supplied], Question]] = {
    "article_8": _article_8,
    "chain": _chain,
    "region": _region,
    "listed_entities": _listed,
    "material_assistance": _assistance,
}
"""By the name of its table, what reads a question."""
