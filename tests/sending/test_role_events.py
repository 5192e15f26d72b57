"""Rights replayed from the AccessManager's events: as deployed, and changed."""

from __future__ import annotations

import pytest

from traceledger.artifacts.calls import function
from traceledger.chain.base import Log
from traceledger.config.networks import Contracts
from traceledger.model.keccak import keccak
from traceledger.sending.deployment import CREATED
from traceledger.sending.rights import RIGHTS
from traceledger.sending.role_events import Rights

CONTRACTS = Contracts(**{field: bytes([number + 1]) * 20 for number, field in enumerate(CREATED)})
ACCOUNT, THIEF = b"\xaa" * 20, b"\xbb" * 20
DELAY = 172_800
EVERYBODY = 2**64 - 1
ADMINISTRATOR, ADMISSION = 0, 1


def word(value: int | bytes) -> bytes:
    return value.rjust(32, b"\0") if isinstance(value, bytes) else value.to_bytes(32, "big")


def log(signature: str, indexed: list[bytes], data: bytes = b"") -> Log:
    topics = (bytes(keccak(signature.encode())), *indexed)
    return Log(CONTRACTS.access_manager, topics, data, 0, 0)


def granted(role: int, account: bytes, delay: int) -> Log:
    data = word(delay) + word(0) + word(1)
    return log("RoleGranted(uint64,address,uint32,uint48,bool)", [word(role), word(account)], data)


def revoked(role: int, account: bytes) -> Log:
    return log("RoleRevoked(uint64,address)", [word(role), word(account)])


def allowed(target: bytes, name: str, role: int) -> Log:
    selector = function("ParticipantRegistry", name).selector.ljust(32, b"\0")
    return log("TargetFunctionRoleUpdated(address,bytes4,uint64)", [word(target), word(role)], selector)


def deployed() -> list[Log]:
    """The events of a deployment, as the contracts write them."""
    logs = [granted(ADMINISTRATOR, ACCOUNT, 0)]
    for right in RIGHTS:
        for contract, names in right.functions.items():
            for name in names:
                selector = function(contract, name).selector.ljust(32, b"\0")
                indexed = [word(CONTRACTS.by_name[contract]), word(right.role)]
                logs.append(log("TargetFunctionRoleUpdated(address,bytes4,uint64)", indexed, selector))
        logs.append(granted(right.role, ACCOUNT, DELAY if right.announced else 0))
    logs.append(granted(ADMINISTRATOR, CONTRACTS.safeguard, 0))
    return [*logs, granted(ADMINISTRATOR, ACCOUNT, DELAY)]


def test_a_deployment_has_the_rights_that_it_should_have() -> None:
    rights = Rights.replayed(deployed())
    assert rights.differences(CONTRACTS) == []
    assert rights.members[ADMINISTRATOR] == {ACCOUNT: DELAY, CONTRACTS.safeguard: 0}
    assert rights.members[ADMISSION] == {ACCOUNT: 0}


def test_who_holds_a_right_is_free() -> None:
    changed = [*deployed(), granted(ADMISSION, THIEF, 0), revoked(ADMISSION, ACCOUNT)]
    rights = Rights.replayed(changed)
    assert rights.members[ADMISSION] == {THIEF: 0}
    assert rights.differences(CONTRACTS) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            allowed(CONTRACTS.registry, "registerParticipant", EVERYBODY),
            "for role everybody, not for admission",
        ),
        (allowed(CONTRACTS.registry, "pause", ADMISSION), "for role admission, not for emergency"),
        (allowed(CONTRACTS.registry, "resume", ADMISSION), "for role admission, not for administrator"),
        (granted(ADMINISTRATOR, THIEF, 0), "is an administrator without a delay"),
        (revoked(ADMINISTRATOR, CONTRACTS.safeguard), "the safeguard is no administrator"),
        (granted(ADMINISTRATOR, CONTRACTS.safeguard, DELAY), "the safeguard is no administrator"),
        (log("RoleAdminChanged(uint64,uint64)", [word(2), word(1)]), "is granted by role admission"),
        (log("RoleGuardianChanged(uint64,uint64)", [word(2), word(1)]), "cancels for policy"),
        (log("TargetClosed(address,bool)", [word(CONTRACTS.registry)], word(1)), "switched off"),
    ],
)
def test_a_changed_right_is_named(change: Log, what: str) -> None:
    (found,) = Rights.replayed([*deployed(), change]).differences(CONTRACTS)
    assert what in found


def test_a_target_that_was_opened_again_is_as_deployed() -> None:
    closed = [log("TargetClosed(address,bool)", [word(CONTRACTS.registry)], word(state)) for state in (1, 0)]
    assert Rights.replayed([*deployed(), *closed]).differences(CONTRACTS) == []


def test_selectors_are_those_of_the_contracts() -> None:
    for right in RIGHTS:
        for contract, functions in right.functions.items():
            for name, selector in functions.items():
                assert function(contract, name).selector == selector.to_bytes(4, "big")
