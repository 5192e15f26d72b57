"""That nothing in a product was made in a region: countries, areas of countries, and single sites.

The ledger knows of a site its country and, where its company says so, where it lies; it knows no provinces.
So a part of a country is an area here, between two latitudes and two longitudes. A site of that country that
says no coordinates may lie there: that is a reason too, unless the policy names the site as outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from traceledger.model.countries import exists
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import Facility
from traceledger.model.units import format_degrees
from traceledger.names import Names
from traceledger.proofs.verdicts.answer import Answer, listed, lot_name, names_of, sites_of
from traceledger.proofs.verify.report import VerifiedProof


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a country. Bounds are micro-degrees (WGS 84), and belong to it."""

    name: str
    country: str
    south: int
    north: int
    west: int
    east: int

    def holds(self, site: Facility) -> bool:
        """Whether a site of that country, with coordinates, lies there."""
        latitude, longitude = site.latitude, site.longitude
        if latitude is None or longitude is None:
            return False
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class OutsideRegion:
    """What the policy calls the region.

    Attributes:
        name: what it is called.
        countries: all of them belong to it.
        areas: parts of countries that belong to it.
        sites: sites that belong to it, by full name, id (``0x…``) or identifier (``gln:…``).
        outside: sites that do not, although they say no coordinates.
    """

    name: str
    countries: frozenset[str] = frozenset()
    areas: tuple[Area, ...] = ()
    sites: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()

    def ask(self, proof: VerifiedProof) -> Answer:
        """Whether every site at which anything in the batch was made lies outside."""
        names = names_of(proof)
        sites = [each for number in sites_of(proof) if (each := names.site(number)) is not None]
        rows = [(site, *self._judged(site, names)) for site in sites]
        unknown = [proof.named(lot_name(proof, batch, names)) for batch in _unknown_origins(proof)]
        reasons = [reason for _, _, reason in rows if reason]
        if unknown:
            reasons.append(f"nobody can show where {listed(sorted(unknown))} comes from")
        return Answer(
            "region",
            tuple(reasons),
            tuple(self._not_proved(proof, sites, names)),
            tuple(f"{names.facility(site.id)} in {site.country}: {word}" for site, word, _ in rows),
            {
                "region": self.name,
                "sites": [self._row(site, word, names) for site, word, _ in rows],
                "unknown_origins": sorted(unknown),
            },
        )

    def _judged(self, site: Facility, names: Names) -> tuple[str, str]:
        """A word, and the reason why it is refused, if it is."""
        name, country = names.facility(site.id), site.country.upper()
        called = _called(site, name)
        if called & self.sites:
            return "in the region", f"{name} is named as a site in {self.name}"
        if country in self.countries:
            return (
                "in the region",
                f"something in it was made at {name} in {country}, which is in {self.name}",
            )
        if not exists(country):
            return "not known", f"where {name} lies is not known: {site.country!r} is no country"
        areas = [area for area in self.areas if area.country == country]
        if within := next((area for area in areas if area.holds(site)), None):
            return "in the region", f"something in it was made at {name}, which lies in {within.name}"
        if areas and site.latitude is None and not called & self.outside:
            where = f"{name} in {country} says no coordinates"
            return "not known", f"whether something in it was made in {self.name} is not known: {where}"
        return "outside", ""

    def _not_proved(self, proof: VerifiedProof, sites: list[Facility], names: Names) -> Iterator[str]:
        yield (
            "That companies stated country and coordinates of their sites truly: the ledger keeps what they,"
            " or the consortium, recorded, and knows no provinces."
        )
        tracked = listed(proof.trace.substances_mg.named, 20) or "nothing"
        yield (
            f"Where anything else in it comes from than what its lots on the ledger are made of ({tracked} is"
            " followed by mass): what was bought beside them is not recorded."
        )
        called = {names.facility(each.id): _called(each, names.facility(each.id)) for each in sites}
        if vouched := [name for name, words in called.items() if words & self.outside]:
            yield f"That {listed(vouched)} lies outside: the policy says so."
        if proof.trace.earlier_lives:
            yield "Where material of products that were taken back came from: their origin is the recycler."

    def _row(self, site: Facility, word: str, names: Names) -> dict[str, Any]:
        return {
            "facility": names.facility(site.id),
            "id": id_text(site.id),
            "country": site.country,
            "latitude": None if site.latitude is None else format_degrees(site.latitude),
            "longitude": None if site.longitude is None else format_degrees(site.longitude),
            "identifiers": [each.to_dict() for each in site.identifiers],
            "found": word.replace(" ", "_"),
        }


def _called(site: Facility, name: str) -> frozenset[str]:
    """Everything by which a policy may name a site."""
    identifiers = (f"{each.scheme}:{each.value}" for each in site.identifiers)
    return frozenset({name, id_text(site.id), *identifiers})


def _unknown_origins(proof: VerifiedProof) -> list[int]:
    return [batch for batch, where in proof.origins.items() if not where.country]
