"""Operations on companies and their keys: admission, standing, who may sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.errors import InputError
from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.commitments import FieldKind
from traceledger.model.hexadecimal import hexed
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import Base, By, Decision, Evidenced, Names, Planned, Row, Told, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import announced, documents, filled, padded

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings
    from traceledger.operations.private import Hiding


_CONSENT = About("the key's signature that it joins the participant; by default the stored key's")
_DEADLINE = About("the last second at which the consent holds")


def consented(
    operation: RegisterParticipant | AddOperator | RotateOperator | RecoverOperator,
) -> tuple[int, bytes]:
    """Until when a key's consent holds, and its signature; zeros where it is still to be given."""
    return operation.deadline or 0, operation.consent or bytes(65)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterParticipant(Evidenced):
    """Admit a company under a short name, with its first key. An auditor has the role ``auditor``."""

    op: Literal["register_participant"] = "register_participant"
    participant: Annotated[f.NewParticipant, About("the short name that it is to have", argument=True)]
    name: Annotated[f.CompanyTitle, About("its full name")]
    country: Annotated[f.Country, About("where it is: ISO 3166-1 alpha-2, for instance CD")]
    roles: Annotated[
        tuple[f.Role, ...], About("for instance producer, carrier or auditor", option="role")
    ] = ()
    address: Annotated[
        f.Address | None,
        About("address of its first key; by default that of the stored key of its short name"),
    ] = None
    consent: Annotated[f.Consent | None, _CONSENT] = None
    deadline: Annotated[f.Time | None, _DEADLINE] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="register", old=("add",), by=By.CONSORTIUM, once=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        if self.address is None:
            raise InputError(
                f"participant {self.participant!r} has no key here and no address",
                where="address",
                hint="use --create-keys, or give the address of its first key",
            )
        from traceledger.signing.signers import DEPLOYER

        if self.participant == DEPLOYER:
            raise InputError(
                f"{DEPLOYER!r} is the name of the consortium's own key",
                where="participant",
                hint="choose another",
            )
        roles = [padded(role, 32) for role in self.roles]
        country, evidence = padded(self.country, 2), documents(self.evidence)
        arguments = (self.address, self.participant, self.name, country, roles, evidence)
        return "ParticipantRegistry", "registerParticipant", (*arguments, *consented(self))

    def told(self, actor: Actor) -> Told | None:
        return None if self.address is None else ("registerParticipant", self.call(actor)[2][:-2])

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        address = actor.names.participant(self.participant)
        made = [entities.participant(address), entities.key(address), ("slug", self.participant)]
        return [entities.REQUIREMENTS], made

    def subject(self, actor: Actor) -> Names:
        return {"participant": self.participant}

    def effect(self, actor: Actor, who: str) -> Phrase:
        admitted = phrase(
            "{who} admits {participant} ({name}, {country})",
            who=who,
            participant=self.participant,
            name=self.name,
            country=self.country,
        )
        if not self.roles:
            return admitted
        roles = words.listed(words.term("role", role) for role in self.roles)
        return phrase("{sentence} as {roles}", sentence=admitted, roles=roles)

    def concealed(self, hiding: Hiding) -> Mapping[str, Any]:
        """Its name belongs to the company itself, the evidence to the consortium."""
        if self.address is None:
            return {"name": self.name}  # it cannot be planned either
        name = hiding.commit(FieldKind.PARTICIPANT_NAME, self.address, self.name)
        return {**hiding.declared(self, but=("name",)), "name": name}


@dataclass(frozen=True, slots=True, kw_only=True)
class _StandingChange(Decision):
    """What changes whether a participant may act."""

    participant: Annotated[f.ParticipantName, About("whom it is about", argument=True)]
    reason: Annotated[f.Reason, About("why; it is recorded", example="an audit")]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.participant(actor.names.participant(self.participant))]

    def subject(self, actor: Actor) -> Names:
        return {"participant": self.participant}

    def _call(self, function: str, actor: Actor) -> Planned:
        address, evidence = actor.names.participant(self.participant), documents(self.evidence)
        return "ParticipantRegistry", function, (address, self.reason, self.at or 0, evidence)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendParticipant(_StandingChange):
    """Stop a company from acting. What it did before stays valid."""

    op: Literal["suspend_participant"] = "suspend_participant"

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="participant", verb="suspend", by=By.CONSORTIUM, once=False, heeds_as=True, moves=True
        )

    def call(self, actor: Actor) -> Planned:
        return self._call("suspendParticipant", actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        suspended = phrase("{who} suspends {participant}", who=who, participant=self.participant)
        return words.because(suspended, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateParticipant(_StandingChange):
    """Let a suspended company act again."""

    op: Literal["reinstate_participant"] = "reinstate_participant"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="reinstate", by=By.AUDITOR, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return self._call("reinstateParticipant", actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        reinstated = phrase("{who} lets {participant} act again", who=who, participant=self.participant)
        return words.because(reinstated, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateParticipant(_StandingChange):
    """End the relationship with a company for good."""

    op: Literal["terminate_participant"] = "terminate_participant"

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="participant",
            verb="terminate",
            by=By.CONSORTIUM,
            once=True,
            heeds_as=True,
            moves=True,
            for_good=translatable("a company that is terminated never acts again, and its keys sign nothing"),
        )

    def call(self, actor: Actor) -> Planned:
        return self._call("terminateParticipant", actor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        ended = phrase(
            "{who} ends the relationship with {participant} for good", who=who, participant=self.participant
        )
        return words.because(ended, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRoles(_StandingChange):
    """Give a company roles, and take others away."""

    op: Literal["change_roles"] = "change_roles"
    granted: Annotated[tuple[f.Role, ...], About("a role that it gets", option="grant")] = ()
    revoked: Annotated[tuple[f.Role, ...], About("a role that it loses", option="revoke")] = ()

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="change-roles", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        filled((*self.granted, *self.revoked), "granted")
        address, evidence = actor.names.participant(self.participant), documents(self.evidence)
        granted, revoked = ([padded(role, 32) for role in roles] for roles in (self.granted, self.revoked))
        arguments = (address, granted, revoked, self.reason, self.at or 0, evidence)
        return "ParticipantRegistry", "changeRoles", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [entities.REQUIREMENTS], [entities.participant(actor.names.participant(self.participant))]

    def effect(self, actor: Actor, who: str) -> Phrase:
        granted, revoked = (
            words.listed(words.term("role", role) for role in roles) for roles in (self.granted, self.revoked)
        )
        whom = {"who": who, "participant": self.participant}
        if granted and revoked:
            message = translatable(
                "{who} gives {participant} these roles: {granted}; and takes these from it: {revoked}"
            )
            changed = phrase(message, **whom, granted=granted, revoked=revoked)
        elif granted:
            changed = phrase("{who} gives {participant} these roles: {granted}", **whom, granted=granted)
        else:
            changed = phrase("{who} takes these roles from {participant}: {revoked}", **whom, revoked=revoked)
        return words.because(changed, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCountry(_StandingChange):
    """Correct the country of a company, or of one of its sites."""

    op: Literal["change_country"] = "change_country"
    facility: Annotated[f.FacilityName | None, About("a site of it; none: the company itself")] = None
    country: Annotated[f.Country, About("where it is: ISO 3166-1 alpha-2, for instance CD")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="change-country", by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        address = actor.names.participant(self.participant)
        facility = actor.names.facility(self.facility, address) if self.facility else 0
        country, evidence = padded(self.country, 2), documents(self.evidence)
        arguments = (address, facility, country, self.reason, self.at or 0, evidence)
        return "ParticipantRegistry", "changeCountry", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        changed = phrase(
            "{who} says that {whom} is in {country}",
            who=who,
            whom=self.facility or self.participant,
            country=self.country,
        )
        return words.because(changed, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DisableOperators(_StandingChange):
    """Disable all keys of a company at once and for good: they were stolen, or are lost."""

    op: Literal["disable_operators"] = "disable_operators"

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="participant operator",
            verb="disable",
            by=By.CONSORTIUM,
            once=False,
            heeds_as=True,
            moves=True,
            for_good=translatable("keys that are disabled never sign again"),
        )

    def call(self, actor: Actor) -> Planned:
        return self._call("disableOperators", actor)

    def learned(self, actor: Actor) -> None:
        actor.names.disable_operators(actor.names.participant(self.participant))

    def effect(self, actor: Actor, who: str) -> Phrase:
        disabled = phrase(
            "{who} disables all keys of {participant} for good", who=who, participant=self.participant
        )
        return words.because(disabled, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RenameParticipant(Decision):
    """Say what the company that acts is called from now on. Its short name stays."""

    op: Literal["rename_participant"] = "rename_participant"
    name: Annotated[f.CompanyTitle, About("its full name", argument=True)]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant", verb="rename", by=By.PARTICIPANT, once=False)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        arguments = (self.name, self.at or 0, documents(self.evidence))
        return "ParticipantRegistry", "renameParticipant", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.participant(actor.acting())]

    def subject(self, actor: Actor) -> Names:
        return {"participant": actor.names.slug(actor.acting())}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase("{who} is called {name} from now on", who=who, name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _KeyChange(Base):
    """What changes which keys may sign for a participant."""

    participant: Annotated[f.ParticipantName, About("whose key it is", argument=True)]

    def subject(self, actor: Actor) -> Names:
        return {"participant": self.participant}

    def _require_own(self, actor: Actor) -> None:
        """Refuse to change another participant's keys.

        Raises:
            InputError: the participant that acts is another one.
        """
        if actor.acting() != actor.names.participant(self.participant):
            raise InputError("a participant changes its own keys only", where="participant")

    def _change(self, actor: Actor, *, added: bytes | None, revoked: bytes | None) -> None:
        participant = actor.names.participant(self.participant)
        actor.names.change_operators(participant, added=added, revoked=revoked)

    def _touches(self, actor: Actor, *keys: bytes) -> Touches:
        return [], [
            entities.participant(actor.names.participant(self.participant)),
            *map(entities.key, keys),
        ]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddOperator(_KeyChange):
    """Let one more key sign for a company."""

    op: Literal["add_operator"] = "add_operator"
    operator: Annotated[f.Key, About("the address of the new key", argument=True)]
    consent: Annotated[f.Consent | None, _CONSENT] = None
    deadline: Annotated[f.Time | None, _DEADLINE] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant operator", verb="add", by=By.PARTICIPANT, once=True, moves=True)

    def call(self, actor: Actor) -> Planned:
        self._require_own(actor)
        return "ParticipantRegistry", "addOperator", (self.operator, *consented(self))

    def told(self, actor: Actor) -> Told:
        return "addOperator", (self.operator,)

    def learned(self, actor: Actor) -> None:
        self._change(actor, added=self.operator, revoked=None)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return self._touches(actor, self.operator)

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} lets key {key} sign for {participant} too",
            who=who,
            key=hexed(self.operator),
            participant=self.participant,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOperator(_KeyChange):
    """Revoke a key of a company for good; never the last one."""

    op: Literal["revoke_operator"] = "revoke_operator"
    operator: Annotated[f.Key, About("the address of the key", argument=True)]

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="participant operator",
            verb="revoke",
            by=By.EITHER,
            once=True,
            moves=True,
            for_good=translatable("a key that is revoked never signs for the company again"),
        )

    def call(self, actor: Actor) -> Planned:
        participant = actor.names.participant(self.participant)
        if actor.own is None:
            return "ParticipantRegistry", "revokeOperatorFor", (participant, self.operator)
        self._require_own(actor)
        return "ParticipantRegistry", "revokeOperator", (self.operator,)

    def learned(self, actor: Actor) -> None:
        self._change(actor, added=None, revoked=self.operator)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return self._touches(actor, self.operator)

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} revokes key {key} of {participant} for good",
            who=who,
            key=hexed(self.operator),
            participant=self.participant,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RotateOperator(_KeyChange):
    """Replace a key of a company by its successor at once."""

    op: Literal["rotate_operator"] = "rotate_operator"
    operator: Annotated[f.Key, About("the address of the key that goes", argument=True)]
    successor: Annotated[
        f.Key, About("the address of the key that comes", argument=True, example="0x" + "34" * 20)
    ]
    consent: Annotated[f.Consent | None, _CONSENT] = None
    deadline: Annotated[f.Time | None, _DEADLINE] = None

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="participant operator",
            verb="rotate",
            by=By.PARTICIPANT,
            once=True,
            moves=True,
            for_good=translatable("the key that goes never signs for the company again"),
        )

    def call(self, actor: Actor) -> Planned:
        self._require_own(actor)
        return "ParticipantRegistry", "rotateOperator", (self.operator, self.successor, *consented(self))

    def told(self, actor: Actor) -> Told:
        return "rotateOperator", (self.operator, self.successor)

    def learned(self, actor: Actor) -> None:
        self._change(actor, added=self.successor, revoked=self.operator)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return self._touches(actor, self.operator, self.successor)

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} replaces key {key} of {participant} by {successor} at once",
            who=who,
            key=hexed(self.operator),
            participant=self.participant,
            successor=hexed(self.successor),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverOperator(_KeyChange):
    """Give a company whose keys were all disabled a new one (Rule 12): announced first, then enacted.

    The new key consents first (`traceledger key consent`), and what is enacted is announced word for word.
    """

    op: Literal["recover_operator"] = "recover_operator"
    operator: Annotated[f.Key, About("the address of the new key", argument=True)]
    consent: Annotated[f.Consent, About("the key's signature that it joins the participant")]
    deadline: Annotated[f.Time, _DEADLINE]
    enact: Annotated[f.Flag, About("do what was announced, word for word, once its delay is over")] = False

    @classmethod
    def row(cls) -> Row:
        return Row(noun="participant operator", verb="recover", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        arguments = (actor.names.participant(self.participant), self.operator, *consented(self))
        if self.enact:
            return "ParticipantRegistry", "recoverOperator", arguments
        unknown = "the registry's address is not known"
        return announced(
            actor.names.registry, "ParticipantRegistry", "recoverOperator", arguments, what=unknown
        )

    def learned(self, actor: Actor) -> None:
        if self.enact:
            self._change(actor, added=self.operator, revoked=None)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return self._touches(actor, self.operator)

    def effect(self, actor: Actor, who: str) -> Phrase:
        key = hexed(self.operator)
        if self.enact:
            return phrase(
                "{who} gives {participant} the new key {key}", who=who, participant=self.participant, key=key
            )
        return phrase(
            "{who} announces that it will give {participant} the new key {key}",
            who=who,
            participant=self.participant,
            key=key,
        )


ParticipantOperation = (
    RegisterParticipant
    | SuspendParticipant
    | ReinstateParticipant
    | TerminateParticipant
    | ChangeRoles
    | ChangeCountry
    | DisableOperators
    | RenameParticipant
    | AddOperator
    | RevokeOperator
    | RotateOperator
    | RecoverOperator
)
