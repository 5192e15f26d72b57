"""Master data in both directions: what is said of a thing, and which thing an identifier of others means.

Identifiers are compared by what they mean: a GS1 key in any notation, a GLN whether of a company or a place,
a business partner number with or without its URN.

Example:
    >>> meaning("urn:bpn:id:BPNL00000000DWF1") == meaning("bpnl00000000dwf1")
    True
    >>> meaning("urn:epc:id:pgln:6400001.00000") == meaning("6400001000001")
    True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from traceledger.errors import InputError
from traceledger.interop.masterdata.footprint import Footprint
from traceledger.interop.masterdata.values import (
    Classes,
    Company,
    Content,
    Document,
    Lot,
    Material,
    Site,
)
from traceledger.model import gs1, identifiers

_SCHEMED = re.compile(r"(?:urn:)?(gln|lei|bpn|duns|eori|rmi|vat)(?::id)?:([^:\s]+)", re.IGNORECASE)
_GTIN = re.compile(r"(?:urn:)?gtin:([0-9]{8}|[0-9]{12,14})", re.IGNORECASE | re.ASCII)
_BARE = (("bpn", re.compile(r"BPN[LSA][0-9A-Z]{12}")), ("gln", re.compile(r"[0-9]{13}")))
_Entry = TypeVar("_Entry")


def meaning(text: str) -> str:
    """What an identifier means, the same for every way to write it; other texts are themselves.

    Raises:
        InputError: it is written as a GS1 key and can be none.
    """
    given = text.strip()
    if traded := _GTIN.fullmatch(given):
        return _class_of_gtin(gs1.gtin(traded[1]))
    key = gs1.read(given)
    if key is not None:
        if key.gln is None:
            return key.identity.link
        return "/".join(("gln:" + key.gln, *(value for _, value in key.qualifiers)))
    named = _SCHEMED.fullmatch(given)
    bare = [(name, given) for name, form in _BARE if form.fullmatch(given.upper())]
    for scheme, value in [(named[1], named[2])] if named else bare:
        try:
            one = identifiers.checked(scheme, value)
        except InputError:
            continue
        return f"{one.scheme}:{one.value}"
    return given


@dataclass(frozen=True)
class Table(Generic[_Entry]):
    """The entries of one table of the file.

    Attributes:
        entries: what is said, by the name on the ledger.
        names: names on the ledger, by what identifiers mean.
    """

    entries: Mapping[str, _Entry] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> _Entry | None:
        """What is said of a thing by its name on the ledger; ``None``: nothing."""
        return self.entries.get(name)

    def by(self, identifier: str) -> str | None:
        """The name on the ledger of what an identifier of others means; ``None``: the file does not say.

        Raises:
            InputError: it is written as a GS1 key and can be none.
        """
        return self.names.get(meaning(identifier))

    def __iter__(self) -> Iterator[_Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)


@dataclass(frozen=True)
class MasterData:
    """What one company's file says.

    Attributes:
        content: all of it, as the file has it.
        name: of the file; empty: there is none.
        sha256: of its bytes, in hexadecimal; empty: there is none.
    """

    content: Content = field(default_factory=lambda: Content(participant=""))
    name: str = ""
    sha256: str = ""

    @classmethod
    def empty(cls) -> MasterData:
        """Where there is no file: nothing is known."""
        return cls()

    def __bool__(self) -> bool:
        """Whether there is a file."""
        return bool(self.content.participant)

    @property
    def participant(self) -> str:
        """Short name of the company whose file it is."""
        return self.content.participant

    @property
    def documents(self) -> tuple[Document, ...]:
        """Documents that are linked to."""
        return self.content.documents

    @cached_property
    def companies(self) -> Table[Company]:
        """What is said of companies, by their short names."""
        own = () if self.content.company is None else (self.content.company,)
        found = {each.participant or self.participant: each for each in (*own, *self.content.companies)}
        return Table(found, _named((slug, company_ids(each)) for slug, each in found.items()))

    @cached_property
    def sites(self) -> Table[Site]:
        """What is said of sites, by their full names."""
        found = {each.facility: each for each in self.content.sites}
        return Table(found, _named((name, site_ids(each)) for name, each in found.items()))

    @cached_property
    def materials(self) -> Table[Material]:
        """What is said of materials, by their short names."""
        found = {each.material: each for each in self.content.materials}
        return Table(found, _named((slug, material_ids(each)) for slug, each in found.items()))

    @cached_property
    def lots(self) -> Table[Lot]:
        """What is said of lots, by their full names."""
        found = {each.batch: each for each in self.content.lots}
        return Table(found, _named((name, each.epcs) for name, each in found.items()))

    def participant_by(self, identifier: str) -> str | None:
        """Short name of the company that an identifier means; ``None``: the file does not say.

        Raises:
            InputError: it is written as a GS1 key and can be none.
        """
        return self.companies.by(identifier)

    def facility_by(self, identifier: str) -> str | None:
        """Full name of the site that an identifier means; a GLN with an extension also by the GLN alone.

        Raises:
            InputError: it is written as a GS1 key and can be none.
        """
        meant = meaning(identifier)
        return self.sites.names.get(meant) or self.sites.names.get(meant.partition("/")[0])

    def material_by(self, identifier: str) -> str | None:
        """Short name of the material that an identifier means: of a lot or item, what it is one of.

        Raises:
            InputError: it is written as a GS1 key and can be none.
        """
        if re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", identifier, re.ASCII):
            return self.materials.names.get(_class_of_gtin(gs1.gtin(identifier)))
        key = gs1.read(identifier)
        if key is None:
            return self.materials.by(identifier)
        by_gtin = self.materials.names.get(_class_of_gtin(key.gtin)) if key.gtin else None
        return by_gtin or self.materials.names.get(key.kind.link) or self.materials.by(identifier)

    def batch_by(self, epc: str) -> str | None:
        """Full name of the batch that documents of others name so; ``None``: the file does not say.

        Raises:
            InputError: it is written as a GS1 key and can be none.
        """
        return self.lots.by(epc)

    def footprint_of(self, material: str) -> Footprint:
        """How footprints of a material were computed: what is said of it, else of the company's."""
        found = self.materials.of(material)
        own = found.footprint if found else None
        return own.over(self.content.footprint) if own else self.content.footprint

    def documents_of(self, *, material: str = "", facility: str = "", kind: str = "") -> tuple[Document, ...]:
        """Documents of a kind; those of a material or site before those of the company as a whole."""
        said = [each for each in self.documents if not kind or each.kind == kind]
        near = [each for each in said if material in each.materials or facility in each.facilities]
        return (*near, *(each for each in said if not each.materials and not each.facilities))

    def classes_of(self, battery_category: str) -> Classes | None:
        """Performance classes of a category of batteries; ``None``: the file does not say."""
        found = (each for each in self.content.classes if each.battery_category == battery_category)
        return next(found, None)

    def values_of(self, format: str, *, material: str = "", batch: str = "") -> dict[str, Any]:  # noqa: A002
        """Values for a document of a format, by JSON Pointer.

        What is said of a batch comes before what is said of its material, and that before what is said of
        everything; a later entry of the file before an earlier one.

        Args:
            format: the word of the command that writes it.
            material: short name of what it is of.
            batch: full name of the batch that it is of.
        """
        found: dict[str, Any] = {}
        said = [each for each in self.content.values if each.format in ("", format)]
        for rank in range(3):
            for each in said:
                fits = (not each.materials or material in each.materials) and (
                    not each.batches or batch in each.batches
                )
                if fits and rank == (2 if each.batches else 1 if each.materials else 0):
                    found |= each.values
        return found


def company_ids(said: Company) -> tuple[str, ...]:
    """All that names a company."""
    return (*(f"{each.scheme}:{each.value}" for each in said.identifiers), *said.ids)


def site_ids(said: Site) -> tuple[str, ...]:
    """All that names a site."""
    return (*(f"{each.scheme}:{each.value}" for each in said.identifiers), *said.ids)


def material_ids(said: Material) -> tuple[str, ...]:
    """All that names a material."""
    return (*map(_class_of_gtin, said.gtins), *said.ids)


def _class_of_gtin(gtin: str) -> str:
    return f"{gs1.RESOLVER}/01/{gtin}"


def _named(said: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, ids in said:
        for each in ids:
            found.setdefault(meaning(each), name)
    return found
