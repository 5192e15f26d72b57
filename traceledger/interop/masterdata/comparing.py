"""Master data beside a ledger: what it contradicts, what it does not know, and what neither of them says.

Nothing is mended here: what is missing is named, so that somebody may say it, and never invented.

Example:
    >>> said = Contradicted("[[sites]] (kokkola/refinery): country", "SE", "FI")
    >>> said.sentence
    '[[sites]] (kokkola/refinery): country: the file says SE, the ledger FI'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from traceledger.errors import InputError
from traceledger.interop.directory import Directory
from traceledger.interop.directory import Ledger as Named
from traceledger.interop.masterdata.lookups import MasterData, company_ids, site_ids
from traceledger.interop.masterdata.values import Company, Site
from traceledger.model.batches import Batch
from traceledger.model.evidence import EvidenceRecord
from traceledger.model.identifiers import Identifier
from traceledger.model.registry import Facility, Participant
from traceledger.model.units import MICRO_DEGREES, format_mass
from traceledger.names import full_name

KIND = "masterdata"
"""Of the documents on record that are master data files."""
_TIMES = 20
"""A twentieth, by which the pieces of a lot may weigh more or less than is said of one."""
_NEAR = Decimal("0.001")
"""Degrees, a hundred metres, by which two places may differ and be one."""


class Ledger(Named, Protocol):
    """What is asked of the ledger besides: all of a company's, and which files are on record."""

    def batches(self, custodian: bytes | None = None) -> list[Batch]:
        """Batches as they are now."""

    def evidence(self, kind: str | None = None, recorded_by: bytes | None = None) -> list[EvidenceRecord]:
        """Documents on record."""


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A ``place`` of the file where the ledger says something else.

    Attributes:
        place: table, entry and key.
        file: what the file says there.
        ledger: what the ledger says.
    """

    place: str
    file: str
    ledger: str

    @property
    def sentence(self) -> str:
        """In words."""
        return f"{self.place}: the file says {self.file}, the ledger {self.ledger}"

    def to_dict(self) -> dict[str, str]:
        """As a document has it."""
        return {"place": self.place, "file": self.file, "ledger": self.ledger}


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What neither the file nor the ledger says of something that is the company's own.

    Attributes:
        kind: ``participant``, ``facility``, ``material`` or ``footprint``.
        name: of what.
        lacks: keys of the file that would say it.
    """

    kind: str
    name: str
    lacks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a document has it."""
        return {"kind": self.kind, "name": self.name, "lacks": list(self.lacks)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Master data beside a ledger.

    Attributes:
        recorded: whether the company itself put this very file on record.
        contradicted: where the ledger says something else.
        unknown: places of the file that name what is not on the ledger.
        unsaid: what neither says.
    """

    recorded: bool
    contradicted: tuple[Contradicted, ...]
    unknown: tuple[str, ...]
    unsaid: tuple[Unsaid, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a document has it."""
        return {
            "recorded": self.recorded,
            "contradicted": [each.to_dict() for each in self.contradicted],
            "unknown": list(self.unknown),
            "unsaid": [each.to_dict() for each in self.unsaid],
        }


def compare(ledger: Ledger, known: MasterData) -> Comparison:
    """Hold a file against a ledger.

    Args:
        ledger: an index reader.
        known: the file.
    """
    plain, batches = Directory(ledger), ledger.batches()
    own = ledger.participant(known.participant)
    return Comparison(
        is_recorded(ledger, known, known.participant),
        (
            *_of_companies(plain, known),
            *_of_sites(plain, known),
            *_of_materials(ledger, known, batches),
            *_of_lots(plain, known),
        ),
        tuple(_unknown(plain, known)),
        tuple(_unsaid(ledger, known, own, batches)) if own else (),
    )


def is_recorded(ledger: Ledger, known: MasterData, participant: str) -> bool:
    """Whether a company (its slug) put this very file on record."""
    company = ledger.participant(participant)
    records = ledger.evidence(KIND, company.address) if company else []
    return any(each.sha256.hex() == known.sha256 for each in records)


def checked(known: MasterData, compared: Comparison | None) -> dict[str, Any]:
    """What a file holds, and how it stands beside a ledger, as a document.

    Args:
        known: the file.
        compared: beside a ledger; ``None``: there was none.
    """
    return {
        "file": known.name,
        "sha256": known.sha256,
        "participant": known.participant,
        "companies": len(known.companies),
        "sites": len(known.sites),
        "materials": len(known.materials),
        "lots": len(known.lots),
        "documents": len(known.documents),
        "batteries": len(known.content.batteries),
        "values": sum(len(each.values) for each in known.content.values),
        "ledger": None if compared is None else compared.to_dict(),
    }


def _of_companies(plain: Directory, known: MasterData) -> Iterator[Contradicted]:
    for slug, said in known.companies.entries.items():
        place = _place("companies", slug)
        company = plain.ledger.participant(slug)
        yield from _other_identifiers(place, said, company)
        yield from _of_others(place, slug, company_ids(said), plain.participant)


def _of_sites(plain: Directory, known: MasterData) -> Iterator[Contradicted]:
    for name, said in known.sites.entries.items():
        place = _place("sites", name)
        site = plain.site(name)
        yield from _other_identifiers(place, said, site)
        yield from _of_others(place, name, site_ids(said), plain.facility)
        if site is None:
            continue
        if said.country and said.country != site.country:
            yield Contradicted(f"{place}: country", said.country, site.country)
        for key, here, there in (
            ("latitude", said.latitude, site.latitude),
            ("longitude", said.longitude, site.longitude),
        ):
            if here is not None and there is not None and abs(here - Decimal(there) / MICRO_DEGREES) > _NEAR:
                yield Contradicted(f"{place}: {key}", f"{here}", f"{Decimal(there) / MICRO_DEGREES}")


def _other_identifiers(
    place: str, said: Company | Site, found: Participant | Facility | None
) -> Iterator[Contradicted]:
    """Identifiers of a scheme in which the ledger has others only."""
    here = _by_kind(said.identifiers)
    there = _by_kind(found.identifiers if found else ())
    for kind, values in here.items():
        if kind in there and not values & there[kind]:
            yield Contradicted(f"{place}: {kind}", ", ".join(sorted(values)), ", ".join(sorted(there[kind])))


def _by_kind(identifiers: Iterable[Identifier]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in identifiers:
        # A company and a site may have business partner numbers of several kinds.
        kind = each.value[:4].lower() if each.scheme == "bpn" else each.scheme
        found.setdefault(kind, set()).add(each.value)
    return found


def _of_others(place: str, name: str, ids: Iterable[str], ask: Any) -> Iterator[Contradicted]:
    """Identifiers that are another's on the ledger."""
    for each in ids:
        try:
            found = ask(each)
        except InputError as fault:
            yield Contradicted(f"{place}: {each}", name, fault.what)
            continue
        if found not in (None, name):
            yield Contradicted(f"{place}: {each}", name, found)


def _of_materials(ledger: Ledger, known: MasterData, batches: Iterable[Batch]) -> Iterator[Contradicted]:
    """Masses of a piece, beside those of lots that were counted and of which nothing was taken."""
    said = {each.material: each.unit_mass for each in known.materials if each.unit_mass}
    slugs = {found.id: slug for slug in said if (found := ledger.material(slug)) is not None}
    names = {each.address: each.slug for each in ledger.participants()} if slugs else {}
    for batch in batches if slugs else ():
        slug = slugs.get(batch.material)
        unit = said.get(slug) if slug else None
        if slug is None or unit is None or not batch.pieces or batch.uses:
            continue
        if abs(batch.mass_mg - unit * batch.pieces) * _TIMES > unit * batch.pieces:
            weighs = format_mass(batch.mass_mg // batch.pieces, digits=4)
            lot = full_name(names[batch.creator], batch.identifier)
            yield Contradicted(
                f"{_place('materials', slug)}: unit_mass", format_mass(unit), f"{weighs} ({lot})"
            )
            # One lot is enough to look at.
            del slugs[batch.material]


def _of_lots(plain: Directory, known: MasterData) -> Iterator[Contradicted]:
    for name, said in known.lots.entries.items():
        yield from _of_others(_place("lots", name), name, said.epcs, plain.batch)


def _unknown(plain: Directory, known: MasterData) -> Iterator[str]:
    ledger = plain.ledger
    if ledger.participant(known.participant) is None:
        yield f"participant: {known.participant}"
    others = (slug for slug in known.companies.entries if slug != known.participant)
    yield from (_place("companies", slug) for slug in others if ledger.participant(slug) is None)
    yield from (_place("sites", name) for name in known.sites.entries if plain.site(name) is None)
    yield from (
        _place("materials", slug) for slug in known.materials.entries if ledger.material(slug) is None
    )
    for slug, said in known.materials.entries.items():
        place = f"{_place('materials', slug)}: customer_part_numbers"
        customers = (each for each in said.customer_part_numbers if ledger.participant(each) is None)
        yield from (f"{place}: {each}" for each in customers)
    yield from (_place("lots", name) for name in known.lots.entries if _is_new(plain, name))
    yield from _unknown_elsewhere(plain, known)


def _unknown_elsewhere(plain: Directory, known: MasterData) -> Iterator[str]:
    ledger = plain.ledger
    for number, document in enumerate(known.documents, start=1):
        place = f"[[documents]] {number} ({document.kind})"
        yield from (f"{place}: materials: {each}" for each in document.materials if not ledger.material(each))
        yield from (f"{place}: facilities: {each}" for each in document.facilities if not plain.site(each))
    for number, battery in enumerate(known.content.batteries, start=1):
        place = f"[[batteries]] {number}"
        if battery.material and not ledger.material(battery.material):
            yield f"{place}: material: {battery.material}"
        if battery.batch and _is_new(plain, battery.batch):
            yield f"{place}: batch: {battery.batch}"
    for number, values in enumerate(known.content.values, start=1):
        place = f"[[values]] {number}"
        yield from (f"{place}: materials: {each}" for each in values.materials if not ledger.material(each))
        yield from (f"{place}: batches: {each}" for each in values.batches if _is_new(plain, each))


def _is_new(plain: Directory, batch: str) -> bool:
    return plain.batch_named(batch) is None


def _unsaid(
    ledger: Ledger, known: MasterData, own: Participant, batches: Iterable[Batch]
) -> Iterator[Unsaid]:
    directory = Directory(ledger, known)
    lacks = [each for each in ("gln", "lei", "bpnl") if directory.company_id(own.slug, each) is None]
    if len(lacks) == 3:
        yield Unsaid("participant", own.slug, tuple(lacks))
    for site in ledger.facilities(own.address):
        name = full_name(own.slug, site.identifier)
        if site.participant == own.address and (
            missing := tuple(_unsaid_of_site(directory, known, site, name))
        ):
            yield Unsaid("facility", name, missing)
    made = [each for each in batches if each.creator == own.address]
    for number in dict.fromkeys(each.material for each in made):
        material = ledger.material_by_id(number)
        pieces = any(each.pieces for each in made if each.material == number)
        if material is not None and (
            missing := tuple(_unsaid_of_material(known, material.slug, pieces=pieces))
        ):
            yield Unsaid("material", material.slug, missing)
    said = known.content.footprint
    missing = tuple(each for each in _OF_FOOTPRINTS if getattr(said, each) in (None, "", ()))
    if missing:
        yield Unsaid("footprint", own.slug, missing)


_OF_FOOTPRINTS = ("reference_from", "reference_until", "gwp", "standards", "exempted_share", "boundary")
"""What every footprint of the industry must say."""


def _unsaid_of_site(directory: Directory, known: MasterData, site: Facility, name: str) -> Iterator[str]:
    yield from (each for each in ("gln", "bpns", "bpna") if directory.site_id(name, each) is None)
    said = known.sites.of(name)
    if site.latitude is None and (said is None or said.latitude is None):
        yield "latitude"
        yield "longitude"


def _unsaid_of_material(known: MasterData, slug: str, *, pieces: bool) -> Iterator[str]:
    said = known.materials.of(slug)
    if said is None or not (said.gtins or said.ids or said.part_number):
        yield "gtins"
    if said is None or not said.cpc:
        yield "cpc"
    if pieces and (said is None or said.unit_mass is None):
        yield "unit_mass"
    if said is None or said.fossil_carbon is None:
        yield "fossil_carbon"


def _place(table: str, name: str) -> str:
    return f"[[{table}]] ({name})"
