"""Shares by country and company of origin, and what a material assistance cost ratio is made of.

Sections 45X, 45Y and 48E of the US Internal Revenue Code ask what part of direct costs comes from no
*prohibited foreign entity* (section 7701(a)(51) and (52)). The ledger knows masses, not costs, and countries,
not owners. So this computes of each substance what part was made at no site in a prohibited country and by no
company that is registered in one, or is listed; and, where direct costs are given by component, their ratio.

Example:
    >>> Costs("costs.csv", "00", (Cost("cells", "cell", "", "", 7_500, 2),)).total
    7500
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place
from traceledger.model.shares import Share
from traceledger.model.substances import symbol
from traceledger.model.units import format_percent
from traceledger.names import Names
from traceledger.proofs.verdicts import csv_rows
from traceledger.proofs.verdicts.answer import Answer, listed, names_of
from traceledger.proofs.verdicts.entity_list import EntityList
from traceledger.proofs.verdicts.listed import match_of, parties_of
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.provenance import OriginShare
from traceledger.provenance.steps import steps_of
from traceledger.walk import ONE, End, Step, origins_by_station

_MOST_BYTES = 2**22
_MOST_DIGITS = 24
_BELOW = 10**15
_COLUMNS = ("component", "material", "participant", "batch", "cost")
_HINT = (
    "a CSV file with component, cost, and of each row one of material, participant and batch on the ledger"
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Direct costs of one component, in units of 10^-6 of whatever currency the file has.

    Attributes:
        component: what the file calls it.
        material: slug of what it is on the ledger; or
        participant: short name of who makes it; or
        batch: full name of the lot.
        micro: the costs, 10^-6.
        line: where it stands.
    """

    component: str
    material: str
    participant: str
    batch: str
    micro: int
    line: int


@dataclass(frozen=True, slots=True)
class Costs:
    """Direct costs by component, with the SHA-256 of their file."""

    name: str
    sha256: str
    rows: tuple[Cost, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(row.micro for row in self.rows)


@dataclass(frozen=True, slots=True)
class MaterialAssistance:
    """What the policy asks.

    Attributes:
        countries: prohibited: of sites and of companies.
        entities: a list of entities that are prohibited besides.
        by_cost: whether the threshold is one of the cost ratio; else of the mass of each substance.
        product: for which the threshold is.
        year: for which it is.
        least_bp: the threshold, basis points.
        costs: direct costs by component, where they are given.
    """

    countries: frozenset[str]
    entities: EntityList | None
    by_cost: bool
    product: str
    year: int
    least_bp: int
    costs: Costs | None

    def ask(self, proof: VerifiedProof) -> Answer:
        """Shares by mass, the cost ratio where there are costs, and what is below the threshold."""
        makers = _Makers(proof, self.countries, self.entities)
        masses = {number: makers.clean_share(number) for number in sorted(proof.trace.traced)}
        rows = [] if self.costs is None else list(makers.judged(self.costs))
        ratio = None if self.costs is None else _ratio(rows)
        reasons = [*self._by_mass(masses, makers), *self._by_cost(ratio)]
        return Answer(
            "material_assistance",
            tuple(reasons),
            tuple(self._not_proved(proof, rows)),
            tuple(self._lines(masses, ratio, proof)),
            {
                "product": self.product,
                "year": self.year,
                "threshold": format_percent(self.least_bp),
                "measure": "cost" if self.by_cost else "mass",
                "prohibited_countries": sorted(self.countries),
                "prohibited_entities": None
                if self.entities is None
                else {"list": self.entities.name, "sha256": self.entities.sha256},
                "by_substance": {
                    symbol(number): self._mass(number, share, proof) for number, share in masses.items()
                },
                "prohibited": makers.prohibited(),
                "costs": None if self.costs is None else _cost_figures(self.costs, rows, ratio),
            },
        )

    def _by_mass(self, masses: dict[int, Fraction], makers: _Makers) -> Iterator[str]:
        if self.by_cost:
            return
        if not masses:
            yield "it holds no substance whose mass the ledger follows"
        for number, share in masses.items():
            if share * 10_000 < self.least_bp:
                found = format_percent(int(share * 10_000))
                yield (
                    f"{found} of its {symbol(number)}, by mass, is shown to come from nobody prohibited, not"
                    f" {format_percent(self.least_bp)}"
                )

    def _by_cost(self, ratio: Fraction | None) -> Iterator[str]:
        if self.by_cost and (ratio is None or ratio * 10_000 < self.least_bp):
            found = "nothing" if ratio is None else format_percent(int(ratio * 10_000))
            yield (
                f"{found} of the direct costs given is shown to be of nobody prohibited, not"
                f" {format_percent(self.least_bp)}"
            )

    def _not_proved(self, proof: VerifiedProof, rows: list[tuple[Cost, str]]) -> Iterator[str]:
        if self.by_cost:
            yield "The direct costs, nor that none is left out: the file says them, the ledger knows none."
        else:
            yield (
                "The material assistance cost ratio of the law: that is of direct costs, and the ledger knows"
                ' masses only. Give costs with --costs FILE, and measure = "cost" in the policy.'
            )
            tracked = listed(proof.trace.substances_mg.named, 20) or "nothing"
            yield f"Anything about material in it other than {tracked}."
        yield (
            "Who owns, controls or finances the companies (section 7701(a)(51)): the ledger knows where they"
            " are registered and where their sites are."
        )
        least = format_percent(self.least_bp)
        yield f"That {least} is the threshold for {self.product} in {self.year}: the policy says it."
        if unknown := [row.component for row, word in rows if word == "not known"]:
            yield f"Who made {listed(unknown)}: nothing in the lineage is that, so it counts as prohibited."

    def _lines(
        self, masses: dict[int, Fraction], ratio: Fraction | None, proof: VerifiedProof
    ) -> Iterator[str]:
        for number, share in masses.items():
            by_country = _by(proof, number, _country)
            told = ", ".join(
                f"{name or 'nobody knows'} {format_percent(part.basis_points)}"
                for name, part in by_country.items()
            )
            clean = format_percent(int(share * 10_000))
            yield f"{symbol(number)}: {clean} by mass from nobody prohibited; origins: {told}"
        if ratio is not None:
            yield f"direct costs: {format_percent(int(ratio * 10_000))} of nobody prohibited"

    def _mass(self, number: int, share: Fraction, proof: VerifiedProof) -> dict[str, Any]:
        return {
            "not_prohibited_share": float(Share.near(share)),
            "by_country": {
                name or "unknown": float(part) for name, part in _by(proof, number, _country).items()
            },
            "by_company": {
                name or "unknown": float(part) for name, part in _by(proof, number, _company).items()
            },
        }


class _Makers:
    """Who made what of a lineage, and whether they are prohibited."""

    def __init__(self, proof: VerifiedProof, countries: frozenset[str], entities: EntityList | None) -> None:
        self._proof, self._countries = proof, countries
        self._names: Names = names_of(proof)
        listed_names = set() if entities is None else _listed(proof, entities)
        self._why: dict[str, str] = {}
        for each in proof.participants:
            if each.slug in listed_names:
                self._why[each.slug] = "listed"
            elif each.country.upper() in countries:
                self._why[each.slug] = f"registered in {each.country.upper()}"
        self._steps: list[Step] = steps_of(proof.upstream)
        self._dirty = {batch: True for batch in proof.upstream.told if self._is_dirty(batch)}
        self._listed = listed_names

    def clean_share(self, number: int) -> Fraction:
        """What of a substance went through nothing that anybody prohibited made, and has a known origin."""
        ended = origins_by_station(self._steps, {self._proof.upstream.batch: ONE}, number, self._dirty)
        known = (End.MINTED, End.RECYCLED, End.TAKEN_BACK)
        clean = sum(weight for origin, weight in ended[None].items() if origin.end in known)
        return Fraction(clean, ONE)

    def judged(self, costs: Costs) -> Iterator[tuple[Cost, str]]:
        """Of each cost ``prohibited``, ``not prohibited`` or ``not known``, by who made it."""
        nodes = self._proof.upstream.nodes
        for row in costs.rows:
            if row.participant:
                known = {each.slug for each in self._proof.participants}
                lots = None if row.participant not in known else row.participant in self._why
            else:
                found = [batch for batch in nodes if self._is(batch, row)]
                lots = any(batch in self._dirty for batch in found) if found else None
            yield row, "not known" if lots is None else "prohibited" if lots else "not prohibited"

    def prohibited(self) -> list[dict[str, str]]:
        """Companies and sites that are prohibited, and why."""
        rows = [{"name": slug, "why": why} for slug, why in sorted(self._why.items())]
        sites: dict[str, str] = {}
        for node in self._proof.upstream.nodes.values():
            site = None if node.creation.facility is None else self._names.site(node.creation.facility)
            if site is not None and site.country.upper() in self._countries:
                sites[self._names.facility(site.id)] = f"in {site.country.upper()}"
        return rows + [{"name": name, "why": why} for name, why in sorted(sites.items())]

    def _is(self, batch: int, row: Cost) -> bool:
        made = self._proof.upstream.nodes[batch].creation
        if row.batch:
            return self._names.full(made.creator, made.identifier) == row.batch
        return made.material is not None and self._names.material(made.material) == row.material

    def _is_dirty(self, batch: int) -> bool:
        made = self._proof.upstream.told[batch].creation
        site = None if made.facility is None else self._names.site(made.facility)
        if made.facility is None:
            return False  # A split makes nothing: what it was split off says it.
        elsewhere = site is None or site.country.upper() in self._countries or not site.country
        return elsewhere or self._names.slug(made.creator) in self._why


def _listed(proof: VerifiedProof, entities: EntityList) -> set[str]:
    """Short names of companies that a list names or is like, and of those a site of whose it does."""
    return {
        party.name.partition("/")[0] for party in parties_of(proof) if match_of(party, entities) is not None
    }


def _ratio(rows: list[tuple[Cost, str]]) -> Fraction | None:
    """(Total direct costs - those of the prohibited) / total direct costs."""
    total = sum(row.micro for row, _ in rows)
    return (
        Fraction(sum(row.micro for row, word in rows if word == "not prohibited"), total) if total else None
    )


def _by(proof: VerifiedProof, number: int, key: Callable[[OriginShare], str]) -> dict[str, Share]:
    """Shares of a substance's origins by what the key says of each; they sum to one."""
    found = Counter[str]()
    for row in proof.trace.origins:
        if row.substance == number:
            found[key(row)] += row.share.units
    return {name: Share(units) for name, units in sorted(found.items())}


def _country(row: OriginShare) -> str:
    return row.country.upper()


def _company(row: OriginShare) -> str:
    """Of the site; empty where nobody can show where it was."""
    return row.facility.partition("/")[0] if row.country else ""


def _cost_figures(costs: Costs, rows: list[tuple[Cost, str]], ratio: Fraction | None) -> dict[str, Any]:
    share = None if ratio is None else float(Share.near(ratio))
    return {
        "file": costs.name,
        "sha256": costs.sha256,
        "total": _amount(costs.total),
        "ratio": share,
        "components": [
            {"component": row.component, "cost": _amount(row.micro), "found": word.replace(" ", "_")}
            for row, word in rows
        ],
    }


def _amount(micro: int) -> str:
    return f"{Decimal(micro).scaleb(-6).normalize():f}"


def load_costs(path: Path) -> Costs:
    """Direct costs by component.

    Raises:
        InputError: the file cannot be read, or a line of it is not understood.
    """
    table = csv_rows.load(path, _MOST_BYTES, _require_columns, _cost, _HINT)
    if not sum(row.micro for row in table.rows):
        raise InputError("there are no costs in it", where=Place(path), hint=_HINT)
    return Costs(path.name, hashlib.sha256(table.content).hexdigest(), table.rows)


def _require_columns(heads: Sequence[str], where: Place) -> None:
    if unknown := sorted(set(heads) - set(_COLUMNS)):
        raise InputError(f"there is no column {unknown[0]!r}", where=where, hint=_HINT)
    if not {"component", "cost"} <= set(heads) or len(set(heads)) < len(heads):
        raise InputError("a column is missing, or there twice", where=where, hint=_HINT)


def _cost(row: dict[str, str], where: Place) -> Cost:
    cells = dict.fromkeys(_COLUMNS, "") | {head: cell.strip() for head, cell in row.items()}
    named = [cells[name] for name in ("material", "participant", "batch") if cells[name]]
    if not cells["component"] or len(named) != 1:
        raise InputError("a row needs a component, and one thing of the ledger", where=where, hint=_HINT)
    try:
        cost = Decimal(cells["cost"]) if len(cells["cost"]) <= _MOST_DIGITS else Decimal("NaN")
    except InvalidOperation:
        cost = Decimal("NaN")
    if not cost.is_finite() or not 0 <= cost < _BELOW or cost != round(cost, 6):
        hint = "a number with a point, of no more than six decimals, not below zero"
        raise InputError(f"{cells['cost']!r} is no cost", where=where.within("cost"), hint=hint)
    keys = (cells["component"], cells["material"], cells["participant"], cells["batch"])
    return Cost(*keys, int(cost.scaleb(6)), where.line or 0)
