"""Operations on the rights of the consortium: who holds which (Rule 12). Each is announced, then enacted.

What emergency accounts do at once needs no announcement: pause, cancel what is announced; and, two of them,
resume and take all rights from an account (``contracts/Safeguard.sol``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.hexadecimal import hexed
from traceledger.operations import fields as f
from traceledger.operations import words
from traceledger.operations.base import Base, By, Names, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import announced

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Right(Base):
    """A change of who holds a right."""

    right: Annotated[f.RightField, About("which right", argument=True)]
    account: Annotated[f.Key, About("the address of the account", argument=True)]
    enact: Annotated[f.Flag, About("do what was announced, word for word, once its delay is over")] = False

    def _call(self, actor: Actor, function: str, *more: object) -> Planned:
        """Announced to the AccessManager, or enacted there.

        Raises:
            InputError: it is not known where the AccessManager is.
        """
        arguments = (int(self.right), self.account, *more)
        if self.enact:
            return "AccessManager", function, arguments
        unknown = "the AccessManager is not known"
        return announced(actor.names.access_manager, "AccessManager", function, arguments, what=unknown)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [("rights", 0)]

    def subject(self, actor: Actor) -> Names:
        return {"right": self.right.slug, "account": hexed(self.account)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRight(_Right):
    """Give an account a right of the consortium: announced first, then enacted."""

    op: Literal["grant_right"] = "grant_right"
    delay: Annotated[
        f.Delay, About("seconds from its announcement of what the account does by it to the act")
    ] = 0

    @classmethod
    def row(cls) -> Row:
        return Row(noun="role", verb="grant", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return self._call(actor, "grantRole", self.delay)

    def effect(self, actor: Actor, who: str) -> Phrase:
        granted = {
            "who": who,
            "account": hexed(self.account),
            "right": words.term("right", self.right.slug),
            "delay": self.delay,
        }
        if self.enact:
            return phrase("{who} gives {account} the right {right}, with a delay of {delay} s", **granted)
        return phrase(
            "{who} announces that it will give {account} the right {right}, with a delay of {delay} s",
            **granted,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRight(_Right):
    """Take a right of the consortium from an account: announced first, then enacted."""

    op: Literal["revoke_right"] = "revoke_right"

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="role",
            verb="revoke",
            by=By.CONSORTIUM,
            once=False,
            moves=True,
            for_good=translatable("a right that is taken comes back only when it was announced"),
        )

    def call(self, actor: Actor) -> Planned:
        return self._call(actor, "revokeRole")

    def effect(self, actor: Actor, who: str) -> Phrase:
        account, right = hexed(self.account), words.term("right", self.right.slug)
        if self.enact:
            return phrase(
                "{who} takes the right {right} from {account}", who=who, right=right, account=account
            )
        return phrase(
            "{who} announces that it will take the right {right} from {account}",
            who=who,
            right=right,
            account=account,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Emergency(Base):
    """What an emergency account does at once."""

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [("rights", 0)]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLedger(_Emergency):
    """Stop everybody at once, as an emergency account: no company mints, ships or receives until it ends."""

    op: Literal["pause_ledger"] = "pause_ledger"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="role", verb="pause", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return "ParticipantRegistry", "pause", ()

    def subject(self, actor: Actor) -> Names:
        return {"network": "paused"}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase("{who} stops everybody", who=who)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeLedger(_Emergency):
    """Ask, as an emergency account, that a pause end; if another has asked within a day, end it."""

    op: Literal["resume_ledger"] = "resume_ledger"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="role", verb="resume", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return "Safeguard", "resume", ()

    def subject(self, actor: Actor) -> Names:
        return {"network": "asked to resume"}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} asks that the pause end, or ends it where another emergency account has asked", who=who
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAnnounced(_Emergency):
    """Cancel what an account has announced, as an emergency account: `traceledger role list` shows it."""

    op: Literal["cancel_announced"] = "cancel_announced"
    account: Annotated[f.Key, About("the address of the account that announced it", argument=True)]
    target: Annotated[f.Address, About("the contract that it will call")]
    data: Annotated[f.Calldata, About("what it will call it with")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="role", verb="cancel", by=By.CONSORTIUM, once=False, moves=True)

    def call(self, actor: Actor) -> Planned:
        return "Safeguard", "cancel", (self.account, self.target, self.data)

    def subject(self, actor: Actor) -> Names:
        return {"account": hexed(self.account)}

    def effect(self, actor: Actor, who: str) -> Phrase:
        from traceledger.artifacts.calls import shown_function

        return phrase(
            "{who} cancels the call of {function} that {account} announced",
            who=who,
            function=shown_function(self.data),
            account=hexed(self.account),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveAccount(_Emergency):
    """Ask, as an emergency account, that one lose all rights; if another asked within a day, take them."""

    op: Literal["remove_account"] = "remove_account"
    account: Annotated[f.Key, About("the address of the account", argument=True)]

    @classmethod
    def row(cls) -> Row:
        return Row(
            noun="role",
            verb="remove",
            by=By.CONSORTIUM,
            once=False,
            moves=True,
            for_good=translatable("rights that are taken come back only when they were announced"),
        )

    def call(self, actor: Actor) -> Planned:
        return "Safeguard", "remove", (self.account,)

    def subject(self, actor: Actor) -> Names:
        return {"account": hexed(self.account)}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} asks that {account} lose all rights, or takes them where another emergency account "
            "has asked",
            who=who,
            account=hexed(self.account),
        )


RightOperation = GrantRight | RevokeRight | PauseLedger | ResumeLedger | CancelAnnounced | RemoveAccount
