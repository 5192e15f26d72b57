"""What a reader accepts of a verified proof: valid is not yet acceptable.

Example:
    >>> Policy(no_tainted=True, min_primary_share=5_000).no_tainted
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from traceledger.model.batches import BatchState
from traceledger.model.hexadecimal import id_text
from traceledger.model.registry import ParticipantState
from traceledger.model.shares import SHARE_UNITS
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_percent, format_time
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.provenance import Footprint, RestatedFootprint

_WHOLE = 10_000
_MG_PER_KG = 10**6


@dataclass(frozen=True, slots=True)
class Policy:
    """Conditions, each of which is left aside where it is not given.

    Attributes:
        materials: slugs, one of which the batch must be.
        allowed_countries: ISO 3166-1 alpha-2; everything upstream must come from one of them.
        denied_countries: none may come from one of these.
        approved_origins: ids of facilities; everything upstream must come from one of them.
        max_co2e_mg_per_kg: most CO2e, own and inherited, for each kg that the batch was made with.
        min_recycled: by substance number, the least recycled content (post- and pre-consumer), basis points.
        min_primary_share: least share of the CO2e from primary data, basis points.
        custodian: slug of who must hold it.
        min_traced: by substance number, the least traced share, basis points.
        no_tainted: no error may be declared in the batch or anything upstream.
        no_marks: it may be neither on hold, frozen, disputed nor recalled, and not reversed.
        no_suspended: everybody whom the lineage names must be active.
        as_of_block: the stated block must be this or a later one.
        as_of_time: it must have this time or a later one, UTC seconds.
    """

    materials: frozenset[str] = frozenset()
    allowed_countries: frozenset[str] = frozenset()
    denied_countries: frozenset[str] = frozenset()
    approved_origins: frozenset[int] = frozenset()
    max_co2e_mg_per_kg: int | None = None
    min_recycled: Mapping[int, int] = field(default_factory=dict)
    min_primary_share: int | None = None
    custodian: str | None = None
    min_traced: Mapping[int, int] = field(default_factory=dict)
    no_tainted: bool = False
    no_marks: bool = False
    no_suspended: bool = False
    as_of_block: int | None = None
    as_of_time: int | None = None

    def violations(self, proof: VerifiedProof) -> list[str]:
        """Why the proof is not acceptable, one clause each; empty if it is."""
        return [
            *self._material(proof),
            *self._custodian(proof),
            *self._countries(proof),
            *self._origins(proof),
            *self._co2e(proof),
            *self._recycled(proof),
            *self._traced(proof),
            *self._primary(proof),
            *self._taint(proof),
            *self._marks(proof),
            *self._standing(proof),
            *self._as_of(proof),
        ]

    def _material(self, proof: VerifiedProof) -> Iterator[str]:
        if self.materials and proof.trace.material not in self.materials:
            yield f"its material is {proof.trace.material}, not {' or '.join(sorted(self.materials))}"

    def _custodian(self, proof: VerifiedProof) -> Iterator[str]:
        if self.custodian is not None and proof.trace.custodian != self.custodian:
            yield f"{proof.trace.custodian} holds it, not {self.custodian}"

    def _countries(self, proof: VerifiedProof) -> Iterator[str]:
        if not (self.allowed_countries or self.denied_countries):
            return
        for country in sorted({place.country for place in proof.origins.values()}):
            if not country:
                # It may be from anywhere, so that it can meet no condition on countries.
                yield "nobody can show where some of it comes from"
            elif self.allowed_countries and country not in self.allowed_countries:
                allowed = ", ".join(sorted(self.allowed_countries))
                yield f"some of it comes from {country}, which is not among {allowed}"
            if country in self.denied_countries:
                yield f"some of it comes from {country}, which is denied"

    def _origins(self, proof: VerifiedProof) -> Iterator[str]:
        if not self.approved_origins:
            return
        for facility in sorted({place.facility for place in proof.origins.values()} - self.approved_origins):
            if facility:
                what = f"facility {id_text(facility)}, which is not among those approved"
                yield f"some of it comes from {what}"
            else:
                yield "nobody can show where some of it comes from"

    def _traced(self, proof: VerifiedProof) -> Iterator[str]:
        for number, least in sorted(self.min_traced.items()):
            parts = proof.trace.traced.get(number)
            if parts is None:
                yield f"it holds no {symbol(number)} that could be traced"
            elif parts.traced.units * _WHOLE < least * SHARE_UNITS:
                found = format_percent(parts.traced.units * _WHOLE // SHARE_UNITS)
                yield f"{found} of its {symbol(number)} is traced, not {format_percent(least)}"

    def _co2e(self, proof: VerifiedProof) -> Iterator[str]:
        limit = self.max_co2e_mg_per_kg
        total, mass = _counting(proof).total_mg, proof.trace.made_mass_mg
        if limit is not None and total * _MG_PER_KG > limit * mass:
            per_kg = -(-total * _MG_PER_KG // mass)
            yield f"it has {format_mass(per_kg)} CO2e per kg, more than {format_mass(limit)}"

    def _recycled(self, proof: VerifiedProof) -> Iterator[str]:
        for number, least in sorted(self.min_recycled.items()):
            content = proof.trace.recycled_content.get(number)
            if content is None:
                yield f"it holds no {symbol(number)} that could be recycled"
                continue
            units = content.total.units
            if units * _WHOLE < least * SHARE_UNITS:
                share = units * _WHOLE // SHARE_UNITS
                found, wanted = format_percent(share), format_percent(least)
                yield f"{found} of its {symbol(number)} is recycled, not {wanted}"

    def _primary(self, proof: VerifiedProof) -> Iterator[str]:
        least, footprint = self.min_primary_share, _counting(proof)
        if not least:
            return
        if not footprint.total_mg:
            yield "no CO2e is recorded of which a share could be from primary data"
            return
        if footprint.primary_mg * _WHOLE >= least * footprint.total_mg:
            return
        share = footprint.primary_mg * _WHOLE // footprint.total_mg
        yield f"{format_percent(share)} of its CO2e is from primary data, not {format_percent(least)}"

    def _taint(self, proof: VerifiedProof) -> Iterator[str]:
        if self.no_tainted and proof.trace.tainted:
            yield "an error is declared in it or in something upstream of it"

    def _marks(self, proof: VerifiedProof) -> Iterator[str]:
        trace = proof.trace
        if not self.no_marks:
            return
        if trace.state is BatchState.REVERSED:
            yield "what made it was reversed"
        if trace.held:
            yield "it is on hold"
        if trace.frozen:
            yield "it is frozen, as an error is declared in it"
        elif trace.disputed:
            yield "it is disputed: its maker declared an error in it"
        if trace.recalled:
            yield "its maker recalls it"

    def _standing(self, proof: VerifiedProof) -> Iterator[str]:
        if not self.no_suspended:
            return
        for each in proof.participants:
            if (state := proof.standing.states[each.address]) is not ParticipantState.ACTIVE:
                yield f"{each.slug}, whom its lineage names, is {state.slug}"

    def _as_of(self, proof: VerifiedProof) -> Iterator[str]:
        if self.as_of_block is not None and proof.preamble.block < self.as_of_block:
            stated = proof.preamble.block
            yield f"it states what was true at block {stated}, not at {self.as_of_block} or later"
        if self.as_of_time is not None and proof.time < self.as_of_time:
            then, wanted = format_time(proof.time), format_time(self.as_of_time)
            yield f"it states what was true at {then}, not at {wanted} or later"


def _counting(proof: VerifiedProof) -> Footprint | RestatedFootprint:
    """The restated footprint where there is one: what is known better counts, as in declarations."""
    return proof.trace.footprint.restated or proof.trace.footprint
