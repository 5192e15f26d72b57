"""Reads a policy: what must hold of a proof, as a TOML file that can be named, shared and hashed.

``[conditions]`` has the conditions of :class:`traceledger.proofs.verify.policy.Policy`, by the words of the
options of ``proof verify``; each other table is a question. docs/policies.md has all keys. What is not
understood is refused, by line and key: a condition that was misspelled would otherwise hold of everything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.model.article_8 import MINIMUMS, TARGET_YEARS
from traceledger.model.countries import require
from traceledger.model.hexadecimal import parsed_id
from traceledger.model.identifiers import checked
from traceledger.model.spelling import hint
from traceledger.model.substances import number
from traceledger.model.units import parse_co2e, parse_degrees, parse_duration, parse_percent
from traceledger.proofs.verdicts import entity_list
from traceledger.proofs.verdicts.answer import Question
from traceledger.proofs.verdicts.article_8 import Article8Targets
from traceledger.proofs.verdicts.assistance import MaterialAssistance, load_costs
from traceledger.proofs.verdicts.chain import UnbrokenChain
from traceledger.proofs.verdicts.listed import NobodyListed
from traceledger.proofs.verdicts.region import Area, OutsideRegion
from traceledger.proofs.verdicts.toml_fields import Fields, flag, text, texts, whole
from traceledger.proofs.verify.policy import Policy
from traceledger.provenance.article_8_rules import load_rules
from traceledger.storage.files import content_of, explained

MOST_BYTES = 2**20
"""Of a policy: people write it by hand."""
_FOLDER = Path(__file__).parent.parent / "policies"
_FLAGS = ("no_tainted", "no_marks", "no_hold", "no_suspended", "no_critical_findings")
_CONDITIONS = (
    "material custodian origin_country approved_origin max_co2e_per_kg min_recycled min_traced max_untraced"
    " min_primary_share as_of max_age"
).split()
_TABLES = ("conditions", "article_8", "chain", "region", "listed_entities", "material_assistance")


@dataclass(frozen=True, slots=True)
class Supplied:
    """Files that a policy may ask for, given beside it.

    Attributes:
        listed_entities: the list of entities that may not take part.
        costs: direct costs by component.
    """

    listed_entities: Path | None = None
    costs: Path | None = None


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was read.

    Attributes:
        name: of the file, or of the policy that is shipped.
        title: what it says it is.
        sha256: of its file.
        content: its bytes.
        policy: its conditions.
        questions: what it asks besides.
    """

    name: str
    title: str
    sha256: str
    content: bytes
    policy: Policy
    questions: tuple[Question, ...]


def shipped() -> list[str]:
    """Names of the policies that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(named: str, supplied: Supplied | None = None) -> PolicyFile:
    """A policy by its file, or by the name of one that is shipped.

    Args:
        named: a path, or a name. What has a folder in it, or ends in ``.toml``, is a path.
        supplied: files that it may ask for.

    Raises:
        InputError: there is none, or something in it is not understood; with file, line and key.
    """
    path = Path(named)
    if path.suffix != ".toml" and len(path.parts) == 1:
        if named not in shipped():
            there = f"there are {', '.join(shipped())}; or name a file that ends in .toml"
            raise InputError(
                f"there is no policy {named!r}",
                where="--policy",
                hint=hint(named, shipped(), otherwise=there),
            )
        path = _FOLDER / f"{named}.toml"
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    return read(content, named if path.parent == _FOLDER else str(path), path.parent, supplied)


def read(content: bytes, name: str, folder: Path, supplied: Supplied | None = None) -> PolicyFile:
    """A policy of the bytes of its file; files that it names are sought in ``folder``.

    Raises:
        InputError: something in it is not understood; with line and key.
    """
    supplied = supplied or Supplied()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not valid UTF-8: {error}", where=name) from None
    document = Fields.of(decoded, name)
    title = document.take("title", text) or name
    policy = _conditions(document.table("conditions"))
    readers: tuple[Callable[[Fields, Path, Supplied], Question | None], ...] = (
        _article_8,
        _chain,
        _region,
        _listed,
        _assistance,
    )
    # What is not asked has no table; an empty one is a mistake, which its reader finds.
    asked = [
        reader(document.table(table), folder, supplied)
        for table, reader in zip(_TABLES[1:], readers, strict=True)
        if table in document
    ]
    document.end(("title", *_TABLES))
    questions = tuple(question for question in asked if question is not None)
    if policy == Policy() and not questions:
        there = f"write one of the tables {', '.join(_TABLES)}"
        raise InputError(
            "it asks for nothing, so that everything would do", where=document.places(), hint=there
        )
    return PolicyFile(name, title, hashlib.sha256(content).hexdigest(), content, policy, questions)


# --- conditions ---------------------------------------------------------------------------------------------


def _conditions(fields: Fields) -> Policy:
    origins = fields.table("origin_country")
    allowed, denied = (origins.take(word, _countries) or frozenset() for word in ("allow", "deny"))
    if both := sorted(allowed & denied):
        raise InputError(
            f"{both[0]} is allowed and denied", where=origins.places("deny"), hint="leave it in one of both"
        )
    origins.end(("allow", "deny"))
    block, time = fields.take("as_of", _moment) or (None, None)
    policy = Policy(
        materials=frozenset(fields.take("material", texts) or ()),
        allowed_countries=allowed,
        denied_countries=denied,
        approved_origins=fields.take("approved_origin", _ids) or frozenset(),
        max_co2e_mg_per_kg=fields.take("max_co2e_per_kg", lambda value: parse_co2e(text(value))),
        min_recycled=_percents(fields, "min_recycled"),
        min_primary_share=fields.take("min_primary_share", percent),
        custodian=fields.take("custodian", text),
        min_traced=_percents(fields, "min_traced"),
        max_untraced=_percents(fields, "max_untraced"),
        **{name: fields.take(name, flag) or False for name in _FLAGS},
        as_of_block=block,
        as_of_time=time,
        max_age=fields.take("max_age", lambda value: parse_duration(text(value))),
    )
    _require_possible(policy, fields)
    fields.end((*_CONDITIONS, *_FLAGS))
    return policy


def _require_possible(policy: Policy, fields: Fields) -> None:
    """That a batch could meet traced and untraced shares together: both are parts of one whole."""
    for substance, most in policy.max_untraced.items():
        least = policy.min_traced.get(substance, 0)
        if least == 10_000 and most > 0:
            raise InputError(
                "all of it must be traced, and some may be untraced: one of both says nothing",
                where=fields.places("max_untraced"),
                hint="leave max_untraced out, or ask for a smaller traced share",
            )


def percent(value: Any) -> int:
    """Basis points of a percentage, which is written as text with its sign.

    Raises:
        InputError: it is none, or more than all.
    """
    if not isinstance(value, str) or not value.strip().endswith("%"):
        raise InputError(f"{value!r} is not a percentage", hint='write for instance "16 %"')
    return parse_percent(value)


def _percents(fields: Fields, key: str) -> dict[int, int]:
    table = fields.table(key)
    found: dict[int, int] = {}
    for name in table.keys:
        points = table.take(name, percent) or 0
        try:
            substance = number(name)
        except InputError as error:
            raise InputError(error.what, where=table.places(name), hint=error.hint) from None
        if substance in found:
            raise InputError(f"{name!r} is there twice", where=table.places(name))
        found[substance] = points
    return found


def _countries(value: Any) -> frozenset[str]:
    codes = [code.upper() for code in texts(value)]
    for code in codes:
        require(code)
    if twice := next((code for code in codes if codes.count(code) > 1), ""):
        raise InputError(f"{twice} is there twice")
    return frozenset(codes)


def _ids(value: Any) -> frozenset[int]:
    found = {each: parsed_id(each) for each in texts(value)}
    if wrong := next((each for each, known in found.items() if known is None), ""):
        raise InputError(f"{wrong!r} is not an id", hint="0x and 64 hexadecimal digits")
    return frozenset(each for each in found.values() if each is not None)


def _moment(value: Any) -> tuple[int | None, int | None]:
    from traceledger.operations.readers import parse_time

    if isinstance(value, int) and not isinstance(value, bool):
        if value < 1:
            raise InputError(f"{value} is no block that says of when", hint="the number of a block, from 1")
        return value, None
    # TOML has times of its own, which need no quotation marks.
    return None, parse_time(value.isoformat() if isinstance(value, datetime) else text(value))


# --- questions ----------------------------------------------------------------------------------------------


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
    countries = fields.take("countries", _countries) or frozenset()
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
    countries = fields.need("prohibited_countries", _countries, 'prohibited_countries = ["CC", …]')
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
