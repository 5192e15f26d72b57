r"""Reading a master data file: every fault at once, each with its table, which entry of it, and the key.

Example:
    >>> try:
    ...     parse('participant = "kokkola"\n[[sites]]\nfacility = "kokkola/plant"\ngln = "6400001000002"')
    ... except MasterDataError as fault:
    ...     print(fault.where, fault.what, sep=" - ")
    [[sites]] 1 (kokkola/plant): gln - gln '6400001000002': its check digits are wrong
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from traceledger.errors import InputError, Place
from traceledger.interop.masterdata import checks
from traceledger.interop.masterdata.footprint import Footprint
from traceledger.interop.masterdata.lookups import MasterData, company_ids, material_ids, meaning, site_ids
from traceledger.interop.masterdata.values import Content
from traceledger.model import spelling
from traceledger.model.units import MG_PER_UNIT, format_mass
from traceledger.storage import toml_text
from traceledger.storage.files import content_of, explained

MOST_BYTES = 4_000_000
"""Bytes that a master data file may have."""
_NAMES = ("participant", "facility", "material", "batch", "kind", "battery_category", "name", "format")
_HINT = "docs/masterdata.md says what may stand there"


class MasterDataError(InputError):
    """A master data file has faults; each says its table, which entry of it, and the key."""

    def __init__(self, faults: tuple[InputError, ...]) -> None:
        first = faults[0]
        super().__init__(first.what, hint=first.hint, where=first.where)
        self.faults = faults

    @property
    def further(self) -> tuple[InputError, ...]:
        """All but the first."""
        return self.faults[1:]


def load(path: Path | None) -> MasterData:
    """Read a file; without one, nothing is said.

    Raises:
        MasterDataError: what it says is not understood; with every fault.
        InputError: it cannot be read, or is no TOML.
    """
    if path is None:
        return MasterData.empty()
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("a master data file is text in UTF-8", where=path, hint="save it so") from None
    return parse(text, str(path), sha256=hashlib.sha256(content).hexdigest())


def parse(text: str, name: str = "", *, sha256: str = "") -> MasterData:
    """The same of its text; ``name`` is what it is called in messages.

    Raises:
        InputError: as :func:`load`.
    """
    document = toml_text.document(text, Place(name), exact=True)
    try:
        content = _form().validate_python(document)
    except ValidationError as error:
        raise MasterDataError(tuple(_faults(error, document, name))) from None
    faults = [*_twice(content, name), *_contradictions(content, name)]
    if faults:
        raise MasterDataError(tuple(faults))
    return MasterData(content, name, sha256 or hashlib.sha256(text.encode()).hexdigest())


@cache
def _form() -> TypeAdapter[Content]:
    return TypeAdapter(Content)


def _faults(error: ValidationError, document: Mapping[str, Any], name: str) -> Iterator[InputError]:
    for each in error.errors(include_url=False, include_input=False):
        path, kind, said = each["loc"], each["type"], each["msg"]
        what, hint = said.removeprefix("Value error, "), ""
        if kind == "value_error" and isinstance(fault := each["ctx"]["error"], checks.FaultError):
            what, hint = fault.what, fault.hint
        if kind in ("extra_forbidden", "unexpected_keyword_argument"):
            what = f"there is no key {str(path[-1])[:80]!r}"
            known = sorted(_keys(path[:-1]))
            near = spelling.meant(str(path[-1]), known) if known else ""
            hint = f"did you mean {near}?" if near else _HINT
        elif kind in ("missing", "missing_argument"):
            what, hint = "is missing", _HINT
        elif kind == "bool_type":
            what = "must be true or false"
        elif kind != "value_error":
            what, hint = said[:1].lower() + said[1:], _HINT
        yield InputError(what, where=Place(name).within(_place(path, document)), hint=hint)


def _keys(path: tuple[int | str, ...]) -> Iterable[str]:
    """The keys that a table may have."""
    from dataclasses import fields

    tables: dict[str, type[Any]] = _tables()
    words = [each for each in path if isinstance(each, str)]
    found = tables.get(words[-1] if words else "")
    return () if found is None else [each.name for each in fields(found)]


def _tables() -> dict[str, type[Any]]:
    from traceledger.interop.masterdata import footprint, values

    return {
        "": values.Content,
        "company": values.Company,
        "companies": values.Company,
        "sites": values.Site,
        "materials": values.Material,
        "lots": values.Lot,
        "footprint": footprint.Footprint,
        "documents": values.Document,
        "classes": values.Classes,
        "batteries": values.Battery,
        "thresholds": values.Threshold,
        "values": values.Values,
        "rules": footprint.Rule,
        "secondary_sources": footprint.Source,
        "quality": footprint.Quality,
        "verification": footprint.Verification,
        "classifications": values.Classification,
    }


def _place(path: tuple[int | str, ...], document: Mapping[str, Any]) -> str:
    """A place as people find it: ``[[sites]] 2 (kokkola/plant): gln``."""
    if not path:
        return ""
    at: Any = document
    parts: list[str] = []
    for place, step in enumerate(path):
        after = path[place + 1] if place + 1 < len(path) else None
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            at = None
        if isinstance(step, int):
            parts[-1] = (
                f"[[{parts[-1]}]] {step + 1}{_called(at)}"
                if isinstance(at, dict)
                else f"{parts[-1]} {step + 1}"
            )
        elif isinstance(at, dict) and after is not None and not isinstance(after, int) and place == 0:
            parts.append(f"[{step}]")
        else:
            parts.append(str(step)[:80])
    return ": ".join(parts)


def _called(entry: Mapping[str, Any]) -> str:
    """What an entry is of, in brackets."""
    found = next((entry[each] for each in _NAMES if isinstance(entry.get(each), str)), "")
    return f" ({found[:80]})" if found else ""


def _twice(content: Content, name: str) -> Iterator[InputError]:
    """Entries of one and the same thing, and identifiers that two things have."""
    own = () if content.company is None else (content.company,)
    companies = [
        (each.participant or content.participant, company_ids(each)) for each in (*own, *content.companies)
    ]
    sites = [(each.facility, site_ids(each)) for each in content.sites]
    materials = [(each.material, material_ids(each)) for each in content.materials]
    lots = [(each.batch, each.epcs) for each in content.lots]
    for table, entries in (
        ("companies", companies),
        ("sites", sites),
        ("materials", materials),
        ("lots", lots),
    ):
        seen: dict[str, str] = {}
        names: set[str] = set()
        for one, ids in entries:
            where = Place(name).within(f"[[{table}]] ({one[:80]})")
            if one in names:
                yield InputError("stands there twice", where=where, hint="join the two entries")
            names.add(one)
            for each in ids:
                if (other := seen.setdefault(meaning(each), one)) != one:
                    yield InputError(
                        f"{each} is {other}'s as well", where=where, hint="leave it out of one of them"
                    )


def _contradictions(content: Content, name: str) -> Iterator[InputError]:
    """What no key alone shows."""
    for table, one, footprint in _footprints(content):
        for begin, end in (("reference_from", "reference_until"), ("valid_from", "valid_until")):
            first, last = getattr(footprint, begin), getattr(footprint, end)
            if first and last and first > last:
                what = f"{end} is before {begin}"
                yield InputError(what, where=Place(name).within(f"{table}{one}"), hint="exchange them")
    if content.company and content.company.participant not in ("", content.participant):
        what = f"the company is {content.company.participant}, and the file is {content.participant}'s"
        yield InputError(what, where=Place(name).within("[company]"), hint="use [[companies]] for others")
    for each in content.companies:
        if not each.participant:
            yield InputError("participant: is missing", where=Place(name).within("[[companies]]"), hint=_HINT)
    yield from _energies(content, name)
    for classes in content.classes:
        most = [each.most for each in classes.thresholds]
        if most != sorted(set(most)):
            where = Place(name).within(f"[[classes]] ({classes.battery_category})")
            yield InputError("thresholds do not rise", where=where, hint="begin with the best class")


def _energies(content: Content, name: str) -> Iterator[InputError]:
    """Materials whose energies of a piece and a kilogram do not fit what a piece weighs, to a hundredth."""
    for material in content.materials:
        mass, each_kwh, kg_kwh = material.unit_mass, material.kwh_per_piece, material.kwh_per_kg
        if (
            mass
            and each_kwh
            and kg_kwh
            and abs(kg_kwh * mass / MG_PER_UNIT["kg"] - each_kwh) > each_kwh / 100
        ):
            what = f"a piece of {format_mass(mass)} with {kg_kwh} kWh per kg has not {each_kwh} kWh"
            where = Place(name).within(f"[[materials]] ({material.material})")
            yield InputError(what, where=where, hint="correct unit_mass, kwh_per_piece or kwh_per_kg")


def _footprints(content: Content) -> Iterator[tuple[str, str, Footprint]]:
    yield "[footprint]", "", content.footprint
    for each in content.materials:
        if each.footprint:
            yield "[[materials]] ", f"({each.material})", each.footprint
