"""Operations on the rights of the consortium: who holds which (Rule 12). Each is announced, then enacted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed
from traceledger.operations import fields as f
from traceledger.operations.base import Base, By, Names, Planned, Row, Touches
from traceledger.operations.fields import About

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
        from traceledger.artifacts.calls import encode

        arguments = (int(self.right), self.account, *more)
        if self.enact:
            return "AccessManager", function, arguments
        manager = actor.names.access_manager
        if manager is None:
            raise InputError("the AccessManager is not known", hint="see docs/networks.md")
        return "AccessManager", "schedule", (manager, encode("AccessManager", function, *arguments), 0)

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
        return Row(noun="role", verb="grant", by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        return self._call(actor, "grantRole", self.delay)

    def effect(self, actor: Actor) -> str:
        does = "gives" if self.enact else "announces that it will give"
        return f"{does} {hexed(self.account)} the right {self.right.slug}, with a delay of {self.delay} s"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeRight(_Right):
    """Take a right of the consortium from an account: announced first, then enacted."""

    op: Literal["revoke_right"] = "revoke_right"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="role", verb="revoke", by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        return self._call(actor, "revokeRole")

    def effect(self, actor: Actor) -> str:
        does = "takes" if self.enact else "announces that it will take"
        return f"{does} the right {self.right.slug} from {hexed(self.account)}"


RightOperation = GrantRight | RevokeRight
