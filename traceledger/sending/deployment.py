"""Putting the contracts on a chain, and recognising them there.

The addresses follow from the deployer's address and its first nonces, so a deployment that was
interrupted is taken up where it stopped. The deployer's nonce is the state (steps in :func:`deploy`)::

      0 -> 1 -> ... -> 7      AccessManager, ParticipantRegistry, the ledger's modules, BatchLedger,
                              AssuranceRegistry, Safeguard created
      7 -> 8                  setActGuard: the assurance registry says who may act
      8 -> 9                  _rights: from here on, changes of the rules are announced and waited for
      9 -> deployed           check: the code and the links of the contracts are ours
      9 -> NetworkError       check: the account had sent other transactions; deploy with a new one
      any -> NetworkError     _interfered: it does so meanwhile; try again
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import rlp

from traceledger.artifacts import ContractName, load
from traceledger.artifacts.calls import encode
from traceledger.chain.base import CallRevertedError, Chain
from traceledger.config.networks import Contracts
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.model.rights import RightKind
from traceledger.model.units import MAX_DURATION
from traceledger.sending.dispatch import Dispatch
from traceledger.sending.jobs import DEPLOY, Job
from traceledger.sending.rights import RIGHTS
from traceledger.sending.role_events import Rights
from traceledger.signing.places import Signer
from traceledger.signing.transaction import UnsignedTransaction, sign

CREATED: tuple[str, ...] = (
    "access_manager",
    "registry",
    "handling",
    "corrections",
    "ledger",
    "assurance",
    "safeguard",
)
"""Fields of :class:`Contracts`, in the order in which they are created."""

DELAY = 2 * 86_400
"""Seconds from the announcement of a change of the rules to the change, unless deployed otherwise."""

_MODULES: tuple[ContractName, ...] = ("Handling", "Corrections")

_Step = tuple[bytes, bytes, int]
"""A transaction of the deployment: to whom, what, and its gas."""

_DEPLOYMENT_GAS = 12_000_000
_SETUP_GAS = 3_000_000


def created_address(sender: bytes, nonce: int) -> bytes:
    """Address of the contract that ``sender`` creates with the transaction of that nonce."""
    return keccak(rlp.encode([sender, nonce]))[12:]


def expected_contracts(deployer: bytes) -> Contracts:
    """Where the contracts are that a new account ``deployer`` deploys first of all."""
    return Contracts(**{field: created_address(deployer, nonce) for nonce, field in enumerate(CREATED)})


def deploy(
    chain: Chain,
    signer: Signer,
    *,
    delay: int = DELAY,
    dispatch: Dispatch | None = None,
) -> Contracts:
    """Deploy the contracts, let the assurance registry say who may act, and give ``signer`` its roles.

    Args:
        chain: where to.
        signer: a new account. It holds the consortium's rights at once; whatever it changes of the rules,
            or of the roles themselves, it must announce and wait for.
        delay: for how long, in seconds, from 1.
        dispatch: sends through the outbox, where the chain is a network.

    Raises:
        InputError: the delay is out of range.
        NetworkError: the account has sent other transactions before; deploy with a new one.
    """
    if not 1 <= delay <= MAX_DURATION:
        raise InputError(
            f"a delay of {delay} s is out of range",
            where="delay",
            hint="from 1 s to ten years",
        )
    contracts = expected_contracts(signer.address)
    creations = tuple((b"", data, _DEPLOYMENT_GAS) for data in _creations(contracts, signer.address))
    steps = (
        *creations,
        (contracts.registry, encode("ParticipantRegistry", "setActGuard", contracts.assurance), _SETUP_GAS),
        (contracts.access_manager, _rights(contracts, signer.address, delay), _SETUP_GAS),
    )
    # The addresses follow from the nonces, so that their number says which steps are done; `check` tells if
    # they were others.
    done = chain.nonce(signer.address)
    if dispatch is not None:
        _dispatch(dispatch, signer.address, steps[done:], first=done)
    else:
        for nonce, (to, data, gas) in enumerate(steps[done:], start=done):
            transaction = UnsignedTransaction(chain.chain_id, nonce, gas, to, data)
            chain.send([sign(transaction, signer)])
    check(chain, contracts)
    return contracts


def _creations(contracts: Contracts, deployer: bytes) -> Iterator[bytes]:
    """What creates each contract, with what its constructor takes, in the order of :data:`CREATED`."""
    manager, registry = _word(contracts.access_manager), _word(contracts.registry)
    modules = _word(contracts.handling) + _word(contracts.corrections)
    yield load("AccessManager").bytecode + _word(deployer)
    yield load("ParticipantRegistry").bytecode + manager
    for module in _MODULES:
        yield load(module).bytecode + registry
    yield load("BatchLedger").bytecode + registry + manager + modules
    yield load("AssuranceRegistry").bytecode + manager + registry
    yield load("Safeguard").bytecode + manager + registry


def _dispatch(dispatch: Dispatch, account: bytes, steps: Sequence[_Step], *, first: int) -> None:
    """Deploy through the outbox; the nonces keep the order."""
    jobs = [
        Job(account, to, data, gas, account, 1, DEPLOY, f"contract deploy, step {number + 1}", needs)
        for number, (to, data, gas) in enumerate(steps, start=first)
        for needs in [(number - first - 1,) if number > first else ()]
    ]
    dispatch.run(jobs, _interfered)


def _interfered(_: Job) -> int:
    """Another transaction of the account took a nonce: the addresses are no longer those expected."""
    raise NetworkError(
        "the deploying account has sent other transactions meanwhile",
        hint="try again; if that fails, deploy with a new key",
    )


def rights_as_deployed(contracts: Contracts, account: bytes, delay: int) -> Rights:
    """Who holds which right after :func:`deploy` by ``account``, with that delay in seconds."""
    rights = Rights()
    for right in RIGHTS:
        rights.members[right.role] = {account: delay if right.announced else 0}
    rights.members[RightKind.ADMINISTRATOR] = {contracts.safeguard: 0, account: delay}
    return rights


def _rights(contracts: Contracts, account: bytes, delay: int) -> bytes:
    """The call of AccessManager that says who may do what.

    Its administrators could grant themselves anything, so the same delay holds for the account. The safeguard
    is one without a delay: it acts for two emergency accounts only. That comes last.
    """
    allowed = [
        (
            "setTargetFunctionRole",
            contracts.by_name[name],
            [each.to_bytes(4, "big") for each in functions.values()],
            right.role,
        )
        for right in RIGHTS
        for name, functions in right.functions.items()
    ]
    granted = [("grantRole", right.role, account, delay if right.announced else 0) for right in RIGHTS]
    administrators = [
        ("grantRole", RightKind.ADMINISTRATOR, contracts.safeguard, 0),
        ("grantRole", RightKind.ADMINISTRATOR, account, delay),
    ]
    calls: list[tuple[Any, ...]] = [*allowed, *granted, *administrators]
    encoded = [encode("AccessManager", name, *arguments) for name, *arguments in calls]
    return encode("AccessManager", "multicall", encoded)


def check(chain: Chain, contracts: Contracts, *, codes: bool = True) -> None:
    """That the code at the addresses is that of our contracts, and that they belong together.

    Args:
        chain: where they are.
        contracts: their addresses.
        codes: look at the code; not needed if the chain does so with every node that it uses.

    Raises:
        NetworkError: it is not, naming the contract.
    """
    if codes:
        _check_codes(chain, contracts)
    _check_link(chain, contracts.ledger, "BatchLedger", "admission", contracts.registry)
    _check_link(chain, contracts.ledger, "BatchLedger", "authority", contracts.access_manager)
    _check_link(chain, contracts.ledger, "BatchLedger", "handling", contracts.handling)
    _check_link(chain, contracts.ledger, "BatchLedger", "corrections", contracts.corrections)
    _check_link(chain, contracts.registry, "ParticipantRegistry", "authority", contracts.access_manager)
    _check_link(chain, contracts.assurance, "AssuranceRegistry", "registry", contracts.registry)
    _check_link(chain, contracts.assurance, "AssuranceRegistry", "authority", contracts.access_manager)
    _check_link(chain, contracts.registry, "ParticipantRegistry", "actGuard", contracts.assurance)
    _check_link(chain, contracts.safeguard, "Safeguard", "manager", contracts.access_manager)
    _check_link(chain, contracts.safeguard, "Safeguard", "registry", contracts.registry)


def _check_codes(chain: Chain, contracts: Contracts) -> None:
    for name, address in contracts.by_name.items():
        code = chain.code(address)
        if not load(name).matches(code):
            what = "is another contract, or another release" if code else "has no code"
            raise NetworkError(
                f"the {name} address {hexed(address)} {what}",
                hint="check the network's contracts in networks.toml",
            )


def _check_link(chain: Chain, at: bytes, name: ContractName, getter: str, expected: bytes) -> None:
    try:
        found = chain.call(at, encode(name, getter))
    except CallRevertedError:
        found = b""
    if found != _word(expected):
        raise NetworkError(
            f"the {name} at {hexed(at)} belongs to another deployment",
            hint="check the network's contracts in networks.toml",
        )


def _word(address: bytes) -> bytes:
    return address.rjust(32, b"\0")
