"""Operations on sites, and on what the consortium expects from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.errors import InputError
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.batches import Origin
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import By, Decision, Evidenced, Names, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents, filled, padded

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacility(Evidenced):
    """Declare a site of the participant that acts. The kinds ``mine`` and ``recycler`` are origins."""

    op: Literal["register_facility"] = "register_facility"
    facility: Annotated[f.NewFacility, About("what its participant calls it", argument=True)]
    kind: Annotated[
        f.FacilityKind,
        About("mine and recycler are origins; others as you like, say refinery", example="mine"),
    ]
    country: Annotated[f.Country, About("where it is: ISO 3166-1 alpha-2, for instance CD")]
    name: Annotated[f.FacilityTitle | None, About("its full name")] = None
    latitude: Annotated[
        f.Latitude | None, About("decimal degrees as text (WGS 84), north positive: -10.72")
    ] = None
    longitude: Annotated[
        f.Longitude | None, About("decimal degrees as text (WGS 84), east positive: 25.47")
    ] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="facility", verb="register", old=("add",), by=By.PARTICIPANT, once=True)

    def call(self, actor: Actor) -> Planned:
        identifier = actor.new(self.facility, "facility")
        kind, country = padded(self.kind, 32), padded(self.country, 2)
        place, evidence = self._location(), documents(self.evidence)
        arguments = (identifier, self.name or identifier, kind, country, *place, evidence)
        return "ParticipantRegistry", "registerFacility", arguments

    def _location(self) -> tuple[bool, int, int]:
        """Whether it is located, and its coordinates."""
        if (self.latitude is None) != (self.longitude is None):
            given, missing = ("longitude", "latitude") if self.latitude is None else ("latitude", "longitude")
            raise InputError(f"a {given} needs a {missing} beside it", where=missing)
        if self.latitude is None or self.longitude is None:
            return False, 0, 0
        return True, self.latitude, self.longitude

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.facility(self.facility, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"facility": actor.full(self.facility, "facility")}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} declares {facility}, a {kind} in {country}",
            who=who,
            facility=actor.full(self.facility, "facility"),
            kind=words.term("facility", self.kind),
            country=self.country,
        )


_ALWAYS = 2**64 - 1
_BY_KIND = {"mine": (Origin.MINED,), "recycler": (Origin.POST_CONSUMER, Origin.PRE_CONSUMER)}
"""What an approval is for that names no origin."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveOrigin(Decision):
    """Expect a material from a facility, up to a mass per calendar year (UTC); zero withdraws."""

    op: Literal["approve_origin"] = "approve_origin"
    facility: Annotated[f.FacilityName, About("the facility: participant/identifier", argument=True)]
    material: Annotated[f.MaterialName, About("the material", argument=True)]
    capacity_per_year: Annotated[
        f.Capacity,
        About(
            "the most it may mint in a calendar year: '4000 t'; '0 t' withdraws the approval",
            old=("--capacity",),
        ),
    ]
    origin: Annotated[
        f.OriginField | None,
        About("of which origin; where left out, mined at a mine, and both kinds of recycled at a recycler"),
    ] = None
    approved_from: Annotated[
        f.FirstDay | None, About("the first day, or second, of what it expects; where left out, any")
    ] = None
    until: Annotated[
        f.LastDay | None, About("the last day, or second, of what it expects; where left out, any")
    ] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="facility", verb="approve-origin", old=("approve",), by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        facility, material = actor.facility(self.facility), actor.names.material(self.material)
        time = (self.approved_from or 0, _ALWAYS if self.until is None else self.until, self.at or 0)
        expected = (facility, material, self._origins(facility, actor), self.capacity_per_year)
        return "ParticipantRegistry", "approveOrigin", (*expected, *time, documents(self.evidence))

    def _origins(self, facility: int, actor: Actor) -> int:
        """The origins, a bit each.

        Raises:
            InputError: none is named, and the facility's kind does not tell.
        """
        if self.origin is not None:
            return 1 << self.origin
        kind = actor.names.kind_of(facility)
        if kind == "":
            return 1 << Origin.MINED  # a faulty line registers it, and is told itself
        if kind not in _BY_KIND:
            raise InputError(
                "the facility is no mine and no recycler"
                if kind
                else "the facility's kind is not known here",
                where="origin",
                hint='say "origin": "untraced", which any facility can be approved for',
            )
        return sum(1 << origin for origin in _BY_KIND[kind])

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        reads = [entities.facility(self.facility, actor), entities.material(self.material, actor)]
        approved = entities.approval(self.facility, self.material, actor)
        return reads, [approved, entities.approvals(self.facility, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"facility": actor.full(self.facility, "facility"), "material": self.material}

    def effect(self, actor: Actor, who: str) -> Phrase:
        facility = actor.full(self.facility, "facility")
        if not self.capacity_per_year:
            return phrase(
                "{who} expects no {material} from {facility} any more",
                who=who,
                material=self.material,
                facility=facility,
            )
        what: str = self.material
        if self.origin is not None:
            what = words.noted(what, words.term("origin", self.origin.slug))
        return phrase(
            "{who} expects {material} from {facility}, up to {mass} a year",
            who=who,
            material=what,
            facility=facility,
            mass=words.mass(self.capacity_per_year),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale(Decision):
    """A step of a facility's way to another participant. Its full name and its id stay (Rule 11)."""

    facility: Annotated[f.FacilityName, About("the facility: participant/identifier", argument=True)]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.facility(self.facility, actor), entities.approvals(self.facility, actor)]

    def subject(self, actor: Actor) -> Names:
        return {"facility": actor.full(self.facility, "facility")}

    def _call(self, function: str, actor: Actor, *more: object) -> Planned:
        arguments = (actor.facility(self.facility), *more, self.at or 0, documents(self.evidence))
        return "ParticipantRegistry", function, arguments


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFacility(_Sale):
    """Offer a site to another company, which becomes its holder when it accepts."""

    op: Literal["transfer_facility"] = "transfer_facility"
    to: Annotated[f.ParticipantName | None, About("who may accept it; nobody: the offer is withdrawn")] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="facility", verb="transfer", by=By.PARTICIPANT, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        to = actor.names.participant(self.to) if self.to else bytes(20)
        return self._call("transferFacility", actor, to)

    def effect(self, actor: Actor, who: str) -> Phrase:
        facility = actor.full(self.facility, "facility")
        if not self.to:
            return phrase("{who} withdraws its offer of {facility}", who=who, facility=facility)
        return phrase("{who} offers {facility} to {buyer}", who=who, facility=facility, buyer=self.to)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptFacility(_Sale):
    """Take over a site that is offered. Its approvals pause until the consortium confirms them."""

    op: Literal["accept_facility"] = "accept_facility"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="facility", verb="accept", by=By.PARTICIPANT, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return self._call("acceptFacility", actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        facility = actor.full(self.facility, "facility")
        return phrase("{who} takes over {facility}", who=who, facility=facility)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmFacility(_Sale):
    """Put the approvals of a site that changed hands in force again."""

    op: Literal["confirm_facility"] = "confirm_facility"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="facility", verb="confirm", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return self._call("confirmFacility", actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        facility = actor.full(self.facility, "facility")
        return phrase(
            "{who} confirms the approvals of {facility} for its new holder", who=who, facility=facility
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Identify(Decision):
    """Say what others call a company, or one of its sites: lei, gln, rmi and other schemes."""

    op: Literal["identify"] = "identify"
    facility: Annotated[f.FacilityName | None, About("a site; none: the company itself")] = None
    identifiers: Annotated[f.IdentifiersField, About("what others call it: lei=…", option="identifier")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="identify", by=By.PARTICIPANT, once=False)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        filled(self.identifiers, "identifiers")
        facility = actor.facility(self.facility) if self.facility else 0
        listed = [(padded(item.scheme, 32), item.value) for item in self.identifiers]
        return "ParticipantRegistry", "identify", (facility, listed, self.at or 0, documents(self.evidence))

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        if self.facility:
            return [], [entities.facility(self.facility, actor)]
        return [], [entities.participant(actor.acting())]

    def subject(self, actor: Actor) -> Names:
        if self.facility:
            return {"facility": actor.full(self.facility, "facility")}
        return {"participant": actor.names.slug(actor.acting())}

    def effect(self, actor: Actor, who: str) -> Phrase:
        listed = words.listed(words.beside(item.scheme, item.value) for item in self.identifiers)
        if not self.facility:
            return phrase("{who} says that others call itself {identifiers}", who=who, identifiers=listed)
        return phrase(
            "{who} says that others call {facility} {identifiers}",
            who=who,
            facility=actor.full(self.facility, "facility"),
            identifiers=listed,
        )


FacilityOperation = (
    RegisterFacility | ApproveOrigin | TransferFacility | AcceptFacility | ConfirmFacility | Identify
)
