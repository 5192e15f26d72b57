"""Who acts in an operation, and what its names mean then."""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.errors import InputError
from traceledger.names import Owned
from traceledger.operations.directory import Directory, OpenShipment
from traceledger.operations.outlook import LaterError, Outlook


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts.

    Attributes:
        own: the participant's address; ``None``: the consortium's deploying account acts.
        names: what is known, and what earlier operations will make.
        tag: hash of the operation, where it is known again by that (``tags.py``).
    """

    own: bytes | None
    names: Directory
    tag: bytes = bytes(32)

    def acting(self) -> bytes:
        """The participant that acts.

        Raises:
            InputError: none does.
        """
        if self.own is None:
            hint = 'name one, for instance "as": "katanga"'
            raise InputError("no participant acts", where="as", hint=hint)
        return self.own

    def author(self) -> bytes:
        """Whose something new is: the participant's that acts, or the consortium's.

        Raises:
            InputError: no participant acts, and the consortium's account is not known.
        """
        return self.own or self.names.consortium or self.acting()

    def batch(self, name: str) -> int:
        """Id of a batch that is there.

        Raises:
            UnknownNameError: there is none of that name.
        """
        return self.names.batch(name, self.own)

    def facility(self, name: str) -> int:
        """Id of a facility that is there.

        Raises:
            UnknownNameError: there is none of that name.
        """
        return self.names.facility(name, self.own)

    def shipment(self, name: str) -> OpenShipment:
        """What a shipment consists of.

        Raises:
            UnknownNameError: there is none of that name.
        """
        return self.names.shipment(name, self.own)

    def finding(self, name: str) -> int:
        """Id of a finding that is there.

        Raises:
            UnknownNameError: there is none of that name.
        """
        return self.names.finding(name, self.own)

    def full(self, name: str, what: Owned) -> str:
        """The full name of something, for people: one's own with its owner's short name before it."""
        owner, identifier = self.names.split_name(name, self.own or self.names.consortium, what)
        return self.names.full(owner, identifier)

    def owned(self, name: str, what: Owned) -> tuple[bytes, str]:
        """Whose something new would be by its name, and what its maker calls it: the name without a slug."""
        own = self.maker(what)
        if self.names.recorded(what, own, name) is not None:
            return own, name
        return self.names.split_name(name, own, what)

    def new_text(self, name: str, what: Owned) -> str:
        """What its maker, who alone may name it, calls something new.

        Raises:
            InputError: the name is another participant's.
        """
        owner, text = self.owned(name, what)
        if owner != self.maker(what):
            raise InputError(f"{what} {name!r} would be another participant's", hint="leave the slug out")
        return text

    def new(self, name: str, what: Owned) -> str:
        """The identifier on chain of something new.

        Raises:
            InputError: the name is another participant's, or that of something private.
        """
        own, identifier = self.maker(what), self.new_text(name, what)
        if not self.names.holds(what, own, identifier) and self.names.recorded(what, own, identifier):
            raise InputError(
                f"there is a private {what} {name!r}, whose name this would give away",
                hint='say "private": true, or choose another name',
            )
        return identifier

    @property
    def outlook(self) -> Outlook:
        """How things stand once the lines before have run."""
        return self.names.outlook

    def audits(self) -> bool:
        """Whether an auditor acts, or the consortium.

        Raises:
            LaterError: a line before says which roles the participant has.
        """
        if self.own is None:
            return True
        found = self.names.known.participant_at(self.own)
        if found is None:
            raise LaterError("the participant is not registered yet")
        return "auditor" in found.roles

    def maker(self, what: Owned) -> bytes:
        """Whose something new of that kind is: findings and assessments may be the consortium's own.

        Raises:
            InputError: no participant acts who must.
        """
        return self.author() if what in ("finding", "assessment") else self.acting()
