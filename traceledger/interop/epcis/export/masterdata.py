"""The header of a document: what must stand on a ledger before its events can be recorded on it.

docs/epcis.md, *Master data*: companies, sites, materials as they were defined, and approvals and permits
without which the events could not have been recorded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from traceledger.events import (
    BatchHeld,
    BatchMinted,
    BatchReleased,
    BatchRemeasured,
    BatchTakenBack,
    ContentPermitted,
    ErrorDeclared,
    FacilityTransferred,
    MaterialAmended,
    Position,
    RecordedEvent,
    RestatementConfirmed,
    ShipmentOffered,
    Transformed,
)
from traceledger.interop.epcis import masterdata as header
from traceledger.interop.epcis.export.history import Act, Registry
from traceledger.interop.epcis.export.saying import of_material
from traceledger.interop.epcis.export.things import Things
from traceledger.interop.epcis.writing import kilograms_text
from traceledger.interop.uris import Thing, uri
from traceledger.model.batches import HoldKind, Origin
from traceledger.model.commitments import is_commitment
from traceledger.model.substances import symbol
from traceledger.model.units import format_degrees, format_time

if TYPE_CHECKING:
    from traceledger.model.registry import Facility, Participant

Document = dict[str, Any]
_AUDITOR = "auditor"


class Header:
    """What events need.

    Args:
        events: in the chain's order.
        things: names.
        registry: what was registered and defined, and when.
    """

    def __init__(self, events: Iterable[RecordedEvent], things: Things, registry: Registry) -> None:
        self._things = things
        self._registry = registry
        self._companies: dict[bytes, None] = {}
        self._auditors: set[bytes] = set()
        self._sites: dict[int, None] = {}
        self._materials: dict[int, None] = {}
        self._minted: Counter[tuple[int, int, Origin, int]] = Counter()
        self._lots: dict[int, None] = {}
        for found in events:
            self._need(found)
        for permit in self._permitted():
            if things.knows(permit.permitted_by):
                self._company(permit.permitted_by)
                self._auditors.add(permit.permitted_by)

    def acts(self, until: Position) -> list[Act]:
        """What the registry recorded up to a place that events after it depend on; its companies count."""
        found = [each for each in self._registry.acts if each.position <= until and self._concerns(each)]
        for each in found:
            if isinstance(each.event, FacilityTransferred):
                self._company(each.event.holder)
                self._company(each.event.to)
        return found

    def document(self) -> Document:
        """The header."""
        vocabularies = [
            _vocabulary(header.MATERIALS, map(self._material, self._materials)),
            _vocabulary(header.COMPANIES, self._parties()),
            _vocabulary(header.SITES, self._places()),
            _vocabulary(header.APPROVALS, self._approvals()),
            _vocabulary(header.PERMITS, self._permits()),
        ]
        return {"epcisMasterData": {"vocabularyList": [each for each in vocabularies if each]}}

    def _concerns(self, act: Act) -> bool:
        event = act.event
        if isinstance(event, MaterialAmended):
            return event.material in self._materials
        return event.facility in self._sites

    def _permitted(self) -> Iterator[ContentPermitted]:
        return (permit for permit in self._registry.permits if permit.batch in self._lots)

    def _need(self, found: RecordedEvent) -> None:
        event = found.event
        for address in (event.author, *event.parties):
            self._company(address)
        for made in event.makes:
            self._lots[made.batch] = None
            self._company(made.creator)
        self._made(found)
        match event:
            case ShipmentOffered():
                self._company(event.owner)
            case BatchHeld() | BatchReleased() if event.kind is HoldKind.AUDITOR:
                self._audits(event.author)
            case ErrorDeclared() | BatchRemeasured() if event.by_auditor:
                self._audits(event.author)
            case RestatementConfirmed():
                self._audits(event.author)
            case _:
                pass

    def _made(self, found: RecordedEvent) -> None:
        event, year = found.event, datetime.fromtimestamp(found.event.occurred_at, UTC).year
        match event:
            case BatchMinted():
                self._site(event.facility)
                self._expect(event.facility, event.material, event.origin, year, event.mass_mg)
            case BatchTakenBack():
                self._site(event.facility)
                origin = Origin.POST_CONSUMER
                self._expect(event.facility, event.material, origin, year, event.mass_mg)
            case Transformed():
                self._ran(event, year)
            case _:
                pass

    def _ran(self, event: Transformed, year: int) -> None:
        self._site(event.facility)
        for output in event.outputs:
            self._materials.setdefault(output.material)
            if event.recycling:
                lots = [self._things.batch(taken.batch) for taken in event.inputs]
                back = any(lot is not None and lot.taken_back for lot in lots)
                origin = Origin.POST_CONSUMER if back else Origin.PRE_CONSUMER
                self._expect(event.facility, output.material, origin, year, output.mass_mg)

    def _audits(self, address: bytes | None) -> None:
        if address is not None:
            self._auditors.add(address)

    def _company(self, address: bytes | None) -> None:
        if address is not None and any(address) and self._things.knows(address):
            self._companies.setdefault(address)

    def _site(self, facility: int) -> None:
        self._sites.setdefault(facility)
        site = self._things.names.site(facility)
        if site is not None:
            self._company(site.participant)
            self._company(site.holder or None)

    def _expect(self, facility: int, material: int, origin: Origin, year: int, mass_mg: int) -> None:
        self._materials.setdefault(material)
        self._minted[facility, material, origin, year] += mass_mg

    def _material(self, number: int) -> Document:
        defined = self._registry.defined[number]
        said = [("name", defined.name), ("cas", defined.cas)]
        said += [("substance", symbol(each)) for each in defined.substances]
        flags = [("waste", defined.terms.waste), ("product", defined.terms.product)]
        said += [(name, "true") for name, holds in flags if holds]
        attributes = [*said, *of_material(defined.terms)]
        named = uri(Thing.MATERIAL, defined.slug)
        return _element(named, [("material", defined.slug), *attributes])

    def _parties(self) -> Iterator[Document]:
        for address in self._companies:
            company = self._things.names.company(address)
            if company is not None:
                yield self._party(company, address in self._auditors)

    def _party(self, company: Participant, audits: bool) -> Document:
        roles = dict.fromkeys((*company.roles, *((_AUDITOR,) if audits else ())))
        said: list[tuple[str, Any]] = [("participant", company.slug)]
        if not is_commitment(company.name):
            said.append(("name", company.name))
        said += [("country", company.country), *(("role", role) for role in roles)]
        said += [_identifier(each.scheme, each.value) for each in company.identifiers]
        return _element(self._things.company(company.address).uri, said)

    def _places(self) -> Iterator[Document]:
        for facility in self._sites:
            site = self._things.names.site(facility)
            if site is not None:
                yield self._place(site)

    def _place(self, site: Facility) -> Document:
        thing = self._things.site(site.id)
        said: list[tuple[str, Any]] = [("facility", thing.name)]
        if site.name and not is_commitment(site.name):
            said.append(("name", site.name))
        said += [("kind", site.kind), ("country", site.country)]
        if site.latitude is not None and site.longitude is not None:
            said += [
                ("latitude", format_degrees(site.latitude)),
                ("longitude", format_degrees(site.longitude)),
            ]
        said += [_identifier(each.scheme, each.value) for each in site.identifiers]
        return _element(thing.uri, said)

    def _approvals(self) -> Iterator[Document]:
        most: dict[tuple[int, int, Origin], int] = {}
        for (facility, material, origin, _), mass in self._minted.items():
            key = facility, material, origin
            most[key] = max(most.get(key, 0), mass)
        for (facility, material, origin), mass in most.items():
            site, goods = self._things.site(facility).name, self._things.names.material(material)
            parts = (*site.split("/", 1), goods, origin.slug)
            named = ":".join(("urn:traceledger:approval", *(quote(part, safe="") for part in parts)))
            said = [("facility", site), ("material", goods), ("origin", origin.slug)]
            yield _element(named, [*said, ("capacityPerYear", kilograms_text(mass))])

    def _permits(self) -> Iterator[Document]:
        for event in self._permitted():
            lot, by = self._things.lot(event.batch), event.permitted_by
            said: list[tuple[str, Any]] = [("batch", lot.name)]
            said.append(("material", self._things.names.material(event.material)))
            known = self._things.knows(by)
            said.append(("by", self._things.company(by).name) if known else ("byConsortium", "true"))
            yield _element(
                lot.uri, [*said, ("reason", event.reason), ("time", format_time(event.occurred_at))]
            )


def _identifier(scheme: str, value: str) -> tuple[str, Any]:
    return "identifier", {"tl:scheme": scheme, "tl:value": value}


def _vocabulary(kind: str, elements: Iterable[Document]) -> Document:
    found = list(elements)
    return {"type": kind, "vocabularyElementList": found} if found else {}


def _element(uri: str, said: Iterable[tuple[str, Any]]) -> Document:
    attributes = [{"id": f"tl:{name}", "attribute": value} for name, value in said if value != ""]
    return {"id": uri, "attributes": attributes}
