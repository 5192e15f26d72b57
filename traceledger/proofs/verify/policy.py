"""What a reader accepts of a verified proof: valid is not yet acceptable.

Example:
    >>> Policy(no_tainted=True, max_age=30 * 86_400, min_primary_share=5_000).no_tainted
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from traceledger.errors import InputError
from traceledger.model.batches import BatchState
from traceledger.model.countries import exists
from traceledger.model.hexadecimal import id_text
from traceledger.model.shares import SHARE_UNITS
from traceledger.model.substances import symbol
from traceledger.model.units import MG_PER_KG, format_mass, format_percent, format_time
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.proofs.verify.troubles import findings, held, standings
from traceledger.provenance import Footprint, RestatedFootprint
from traceledger.provenance.trouble import listed, untraced_percent

_WHOLE = 10_000
AHEAD = 2 * 3_600
"""Seconds that a block's time may be ahead of the reader's clock, where ages are asked for."""
CHANGING = ("no_tainted", "no_marks", "no_hold", "no_suspended", "no_critical_findings")
"""Conditions on what may change every day."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Conditions, each of which is left aside where it is not given.

    Attributes:
        materials: slugs, one of which the batch must be.
        allowed_countries: ISO 3166-1 alpha-2, in either case; everything upstream must come from one of them.
        denied_countries: none may come from one of these.
        approved_origins: ids of facilities; everything upstream must come from one of them.
        max_co2e_mg_per_kg: most CO2e, own and inherited, for each kg that the batch was made with.
        min_recycled: by substance number, the least recycled content (post- and pre-consumer), basis points.
        min_primary_share: least share of the CO2e from primary data, basis points.
        custodian: slug of who must hold it.
        min_traced: by substance number, the least traced share, basis points.
        max_untraced: by substance number, the greatest untraced share, basis points.
        no_tainted: no error may be declared in the batch or anything upstream.
        no_marks: it may be neither on hold, frozen, disputed nor recalled, and not reversed.
        no_hold: neither it nor what is left of anything upstream may be on hold or recalled.
        no_suspended: everybody whom the lineage names must be able to act: neither suspended nor terminated
            nor blocked, and no site of theirs in it.
        no_critical_findings: no critical finding may be open about whom and what the lineage names, and none
            at all about one of its lots, as a file does not prove how severe that is.
        as_of_block: the stated block must be this or a later one.
        as_of_time: it must have this time or a later one, UTC seconds.
        max_age: it may be so many seconds old at most.

    The conditions that begin with ``no_`` are of what may change every day, so that they demand a freshness:
    of ``as_of_block``, ``as_of_time`` or ``max_age``, or of a trust root that pins a block.
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
    max_untraced: Mapping[int, int] = field(default_factory=dict)
    no_tainted: bool = False
    no_marks: bool = False
    no_hold: bool = False
    no_suspended: bool = False
    no_critical_findings: bool = False
    as_of_block: int | None = None
    as_of_time: int | None = None
    max_age: int | None = None

    @property
    def dated(self) -> bool:
        """Whether it says of when the state must be."""
        # Every chain's first block is pinned by its hash, and no state is older: that says nothing of when.
        return bool(self.as_of_block) or self.as_of_time is not None or self.max_age is not None

    def require_freshness(self, trusted: TrustRoot) -> None:
        """That conditions on what may change say of when they must hold.

        Raises:
            InputError: they do not; a file from before an error would meet them.
        """
        require_freshness([self], trusted)

    def violations(self, proof: VerifiedProof) -> list[str]:
        """Why the proof is not acceptable, one clause each; empty if it is.

        Raises:
            InputError: a freshness is missing, as :meth:`require_freshness` says.
        """
        return violations([self], proof)

    def unmet(self, proof: VerifiedProof) -> list[str]:
        """The same, whether or not anything says of when."""
        return [
            *self._fresh(proof),
            *self._material(proof),
            *self._custodian(proof),
            *self._countries(proof),
            *self._origins(proof),
            *self._co2e(proof),
            *self._recycled(proof),
            *self._traced(proof),
            *self._untraced(proof),
            *self._primary(proof),
            *self._taint(proof),
            *self._marks(proof),
            *self._holds(proof),
            *self._standing(proof),
            *self._findings(proof),
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
        allowed, denied = _codes(self.allowed_countries), _codes(self.denied_countries)
        # Upper case, as the registry's readers compare them: CD and cd are one.
        for country in sorted({place.country.upper() for place in proof.origins.values()}):
            if not country:
                # It may be from anywhere, so that it can meet no condition on countries.
                yield "nobody can show where some of it comes from"
            elif not exists(country):
                yield f"some of it comes from {country!r}, which is no country"
            elif allowed and country not in allowed:
                yield f"some of it comes from {country}, which is not among {', '.join(sorted(allowed))}"
            if country in denied:
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
                found = format_percent(parts.traced.basis_points)
                yield f"{found} of its {symbol(number)} is traced, not {format_percent(least)}"

    def _untraced(self, proof: VerifiedProof) -> Iterator[str]:
        for number, most in sorted(self.max_untraced.items()):
            parts = proof.trace.traced.get(number)
            if parts is None:
                yield f"it holds no {symbol(number)} of which a part could be untraced"
            elif parts.untraced.units * _WHOLE > most * SHARE_UNITS:
                found = untraced_percent(parts.untraced.units)
                yield f"{found} of its {symbol(number)} is untraced, more than {format_percent(most)}"

    def _co2e(self, proof: VerifiedProof) -> Iterator[str]:
        limit = self.max_co2e_mg_per_kg
        total, mass = _counting(proof).total_mg, proof.trace.made_mass_mg
        if limit is not None and total * MG_PER_KG > limit * mass:
            per_kg = -(-total * MG_PER_KG // mass)
            yield f"it has {format_mass(per_kg)} CO2e per kg, more than {format_mass(limit)}"

    def _recycled(self, proof: VerifiedProof) -> Iterator[str]:
        for number, least in sorted(self.min_recycled.items()):
            content = proof.trace.recycled_content.get(number)
            if content is None:
                yield f"it holds no {symbol(number)} that could be recycled"
                continue
            if content.total.units * _WHOLE < least * SHARE_UNITS:
                found, wanted = format_percent(content.total.basis_points), format_percent(least)
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
            where = listed(proof.trace.in_error)
            yield f"an error is declared in it or in something upstream of it: {where}"

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

    def _holds(self, proof: VerifiedProof) -> Iterator[str]:
        # What no_marks says already is not said twice.
        said = {"it is on hold", "its maker recalls it"} if self.no_marks else set()
        if self.no_hold:
            yield from (each.sentence for each in held(proof) if each.sentence not in said)

    def _standing(self, proof: VerifiedProof) -> Iterator[str]:
        if not self.no_suspended:
            return
        yield from (each.sentence for each in standings(proof))
        if proof.standing.guard == "other":
            yield "who is blocked is decided by a contract that the trust root does not name"

    def _findings(self, proof: VerifiedProof) -> Iterator[str]:
        if self.no_critical_findings:
            yield from (each.sentence for each in findings(proof))
            if proof.standing.guard == "other":
                yield "findings may be kept by a contract that the trust root does not name"

    def _fresh(self, proof: VerifiedProof) -> Iterator[str]:
        if self.as_of_block is not None and proof.preamble.block < self.as_of_block:
            stated = proof.preamble.block
            yield f"it states what was true at block {stated}, not at {self.as_of_block} or later"
        if self.as_of_time is not None and proof.time < self.as_of_time:
            then, wanted = format_time(proof.time), format_time(self.as_of_time)
            yield f"it states what was true at {then}, not at {wanted} or later"
        if self.max_age is not None and proof.verified_at - proof.time > self.max_age:
            then, oldest = format_time(proof.time), format_time(proof.verified_at - self.max_age)
            yield f"it states what was true at {then}, not at {oldest} or later"
        if (self.as_of_time, self.max_age) != (None, None) and proof.time > proof.verified_at + AHEAD:
            ahead = format_time(proof.time)
            yield f"its block says {ahead}, which is still to come: that clock, or the one here, is wrong"


def require_freshness(policies: Sequence[Policy], trusted: TrustRoot) -> None:
    """That, where one of several policies asks for what may change, one of them says of when.

    Raises:
        InputError: none does.
    """
    asked = [name for policy in policies for name in CHANGING if getattr(policy, name)]
    if asked and not any(policy.dated for policy in policies) and not trusted.newest_pin:
        raise InputError(
            f"{asked[0].replace('_', ' ')} says nothing of today: a file from before an error would do",
            where="policy",
            hint="ask for a freshness too: --as-of BLOCK or TIME, or --max-age '30 days'; or believe a"
            " trust root that pins a block",
        )


def violations(policies: Sequence[Policy], proof: VerifiedProof) -> list[str]:
    """Why a proof is not what all of several policies ask for, one clause each, each once.

    Raises:
        InputError: a freshness is missing.
    """
    require_freshness(policies, proof.trusted)
    return list(dict.fromkeys(clause for policy in policies for clause in policy.unmet(proof)))


def _codes(countries: frozenset[str]) -> frozenset[str]:
    return frozenset(map(str.upper, countries))


def _counting(proof: VerifiedProof) -> Footprint | RestatedFootprint:
    """The restated footprint where there is one: what is known better counts, as in declarations."""
    return proof.trace.footprint.used
