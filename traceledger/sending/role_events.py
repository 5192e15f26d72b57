"""Who holds which right, replayed from the events of the AccessManager, and where that is not as deployed.

A deployment with the right code and a public admission role is another network: what follows a chain replays
these events and says what differs (Rule 12).

Example:
    >>> Rights.replayed([]).members
    {}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from traceledger.chain.base import Chain, Log
from traceledger.config.networks import Contracts
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.model.rights import RightKind
from traceledger.sending.rights import RIGHTS


def _topic(signature: str) -> bytes:
    return bytes(keccak(signature.encode()))


_GRANTED = _topic("RoleGranted(uint64,address,uint32,uint48,bool)")
_REVOKED = _topic("RoleRevoked(uint64,address)")
_FUNCTION = _topic("TargetFunctionRoleUpdated(address,bytes4,uint64)")
_ADMIN = _topic("RoleAdminChanged(uint64,uint64)")
_GUARDIAN = _topic("RoleGuardianChanged(uint64,uint64)")
_CLOSED = _topic("TargetClosed(address,bool)")
_SCHEDULED = _topic("OperationScheduled(bytes32,uint32,uint48,address,address,bytes)")
_DONE = (_topic("OperationExecuted(bytes32,uint32)"), _topic("OperationCanceled(bytes32,uint32)"))

NAMES: dict[int, str] = {kind: kind.slug for kind in RightKind}
"""What people call the roles."""


@frozen
class Announced:
    """What an account has announced, and neither done nor cancelled.

    Attributes:
        account: who.
        target: the contract that it will call.
        data: what it will call it with.
        ready: from when on it may, UTC seconds.
    """

    account: bytes
    target: bytes
    data: bytes
    ready: int


@dataclass(slots=True)
class Rights:
    """The rights of a deployment as they stand.

    Attributes:
        members: by role, who holds it: by address, the delay in seconds of what it does by it.
        functions: by contract and selector, the role that may call it.
        admins: roles that others than the administrator grant: by role, which.
        guardians: roles of which others than the administrator cancel: by role, which.
        closed: contracts that nobody with a role may call.
        announced: what is announced, by its number in the AccessManager.
    """

    members: dict[int, dict[bytes, int]] = field(default_factory=dict)
    functions: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    admins: dict[int, int] = field(default_factory=dict)
    guardians: dict[int, int] = field(default_factory=dict)
    closed: set[bytes] = field(default_factory=set)
    announced: dict[bytes, Announced] = field(default_factory=dict)

    @classmethod
    def replayed(cls, logs: Iterable[Log]) -> Rights:
        """What the logs of an AccessManager, in chain order, come to."""
        rights = cls()
        for log in logs:
            rights._apply(log)
        return rights

    def _apply(self, log: Log) -> None:
        topic, *indexed = log.topics
        if topic == _GRANTED:
            self.members.setdefault(_number(indexed[0]), {})[indexed[1][12:]] = _number(log.data[:32])
        elif topic == _REVOKED:
            self.members.get(_number(indexed[0]), {}).pop(indexed[1][12:], None)
        elif topic == _FUNCTION:
            self.functions[indexed[0][12:], log.data[:4]] = _number(indexed[1])
        elif topic == _ADMIN:
            self.admins[_number(indexed[0])] = _number(indexed[1])
        elif topic == _GUARDIAN:
            self.guardians[_number(indexed[0])] = _number(indexed[1])
        elif topic == _CLOSED:
            (self.closed.add if _number(log.data[:32]) else self.closed.discard)(indexed[0][12:])
        elif topic == _SCHEDULED:
            self.announced[indexed[0]] = _announced(log.data)
        elif topic in _DONE:
            self.announced.pop(indexed[0], None)

    def differences(self, contracts: Contracts) -> list[str]:
        """What is not as ``contract deploy`` sets it, a sentence each; who holds what right is free."""
        return [
            *self._of_functions(contracts),
            *self._of_administrators(contracts),
            *(f"the rights on {hexed(target)} are switched off" for target in sorted(self.closed)),
            *(
                f"role {_named(role)} is granted by role {_named(by)}"
                for role, by in self.admins.items()
                if by
            ),
            *(f"role {_named(by)} cancels for {_named(role)}" for role, by in self.guardians.items() if by),
        ]

    def _of_functions(self, contracts: Contracts) -> Iterator[str]:
        expected = {
            (contracts.by_name[name], selector.to_bytes(4, "big")): right.role
            for right in RIGHTS
            for name, functions in right.functions.items()
            for selector in functions.values()
        }
        for place in sorted(expected.keys() | self.functions.keys()):
            wanted, found = (
                expected.get(place, RightKind.ADMINISTRATOR),
                self.functions.get(place, RightKind.ADMINISTRATOR),
            )
            if wanted != found:
                # Where nothing differs, as a rule, no command needs to read the contracts' ABI.
                from traceledger.artifacts.calls import shown_function

                target, selector = place
                name = shown_function(selector)
                yield f"{name} of {hexed(target)} is for role {_named(found)}, not for {_named(wanted)}"

    def _of_administrators(self, contracts: Contracts) -> Iterator[str]:
        holders = self.members.get(RightKind.ADMINISTRATOR, {})
        if holders.get(contracts.safeguard) != 0:
            yield "the safeguard is no administrator without a delay: a stolen account cannot be removed"
        for account, delay in sorted(holders.items()):
            if account != contracts.safeguard and delay == 0:
                yield f"{hexed(account)} is an administrator without a delay: it can grant itself anything"


@frozen
class Requested:
    """What one emergency account has asked of the safeguard, and another may still agree to.

    Attributes:
        account: of which all rights are to be taken; ``None``: a pause is to end.
        requested_by: who asked.
        until: the last second at which another may agree, UTC.
    """

    account: bytes | None
    requested_by: bytes
    until: int


def requested(chain: Chain, contracts: Contracts, rights: Rights, now: int) -> list[Requested]:
    """What is asked of the safeguard and not agreed to yet: of accounts that hold a right, and of a pause.

    Args:
        chain: is asked for each.
        contracts: where the safeguard is.
        rights: who holds which right.
        now: requests that ended before are left out, and those of who is no emergency account any more.
    """
    from traceledger.artifacts.calls import encode

    holders = {account for accounts in rights.members.values() for account in accounts}
    emergency = rights.members.get(RightKind.EMERGENCY, {})
    found = []
    for account in (bytes(20), *sorted(holders)):
        answer = chain.call(contracts.safeguard, encode("Safeguard", "requestOf", account))
        by, until = answer[12:32], _number(answer[32:64])
        if until >= now and by in emergency:
            found.append(Requested(account if any(account) else None, by, until))
    return found


def _named(role: int) -> str:
    return NAMES.get(role, "everybody" if role == 2**64 - 1 else str(role))


def _announced(data: bytes) -> Announced:
    """ABI: when, who, where, and the calldata with its length before it."""
    length = _number(data[128:160])
    return Announced(data[44:64], data[76:96], data[160 : 160 + length], _number(data[:32]))


def _number(word: bytes) -> int:
    return int.from_bytes(word, "big")
