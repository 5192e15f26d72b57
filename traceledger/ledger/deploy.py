"""Putting the contracts on a chain, and recognising them there.

The addresses follow from the deployer's address and its first nonces, so a deployment that was
interrupted is taken up where it stopped.
"""

from __future__ import annotations

import rlp
from eth_hash.auto import keccak

from traceledger.artifacts import ContractName, load
from traceledger.calls import encode, function
from traceledger.chain.base import CallRevertedError, Chain
from traceledger.errors import NetworkError
from traceledger.networks import Contracts
from traceledger.signing.keystore import Signer
from traceledger.signing.transaction import UnsignedTransaction

CONSORTIUM_ROLE = 1
"""Role of the AccessManager that holds the consortium's rights; ``contracts/types/Roles.sol``."""

CONSORTIUM_FUNCTIONS = (
    "registerParticipant",
    "suspendParticipant",
    "terminateParticipant",
    "defineMaterial",
    "approveOrigin",
    "setActPolicy",
)
"""Functions of the registry that AccessManager restricts to that role."""

_DEPLOYMENT_GAS = 12_000_000
_SETUP_GAS = 2_000_000


def created_address(sender: bytes, nonce: int) -> bytes:
    """Address of the contract that ``sender`` creates with the transaction of that nonce."""
    return keccak(rlp.encode([sender, nonce]))[12:]


def expected_contracts(deployer: bytes) -> Contracts:
    """Where the contracts are that a new account ``deployer`` deploys first of all."""
    return Contracts(*(created_address(deployer, nonce) for nonce in range(3)))


def deploy(chain: Chain, signer: Signer) -> Contracts:
    """Deploy AccessManager, ParticipantRegistry and BatchLedger, and give ``signer`` consortium rights.

    Raises:
        NetworkError: the account has sent other transactions before; deploy with a new one.
    """
    contracts = expected_contracts(signer.address)
    manager, registry = _word(contracts.access_manager), _word(contracts.registry)
    grant = encode("AccessManager", "grantRole", CONSORTIUM_ROLE, signer.address, 0)
    selectors = [function("ParticipantRegistry", name).selector for name in CONSORTIUM_FUNCTIONS]
    restrict = encode(
        "AccessManager", "setTargetFunctionRole", contracts.registry, selectors, CONSORTIUM_ROLE
    )
    setup = encode("AccessManager", "multicall", [restrict, grant])
    steps = (
        (b"", load("AccessManager").bytecode + _word(signer.address), _DEPLOYMENT_GAS),
        (b"", load("ParticipantRegistry").bytecode + manager, _DEPLOYMENT_GAS),
        (b"", load("BatchLedger").bytecode + registry, _DEPLOYMENT_GAS),
        (contracts.access_manager, setup, _SETUP_GAS),
    )
    done = chain.nonce(signer.address)
    for nonce, (to, data, gas) in enumerate(steps):
        if nonce >= done:
            transaction = UnsignedTransaction(chain.chain_id, nonce, gas, to, data)
            chain.send([signer.sign(transaction)])
    check(chain, contracts)
    return contracts


def check(chain: Chain, contracts: Contracts) -> None:
    """That the code at the addresses is that of our contracts, and that they belong together.

    Raises:
        NetworkError: it is not, naming the contract.
    """
    addresses: tuple[tuple[ContractName, bytes], ...] = (
        ("AccessManager", contracts.access_manager),
        ("ParticipantRegistry", contracts.registry),
        ("BatchLedger", contracts.ledger),
    )
    for name, address in addresses:
        code = chain.code(address)
        if not load(name).matches(code):
            what = "is another contract, or another release" if code else "has no code"
            raise NetworkError(
                f"the {name} address 0x{address.hex()} {what}",
                hint="check the network's contracts in networks.toml",
            )
    _check_link(chain, contracts.ledger, "BatchLedger", "admission", contracts.registry)
    _check_link(chain, contracts.registry, "ParticipantRegistry", "authority", contracts.access_manager)


def _check_link(chain: Chain, at: bytes, name: ContractName, getter: str, expected: bytes) -> None:
    try:
        found = chain.call(at, encode(name, getter))
    except CallRevertedError:
        found = b""
    if found != _word(expected):
        raise NetworkError(
            f"the {name} at 0x{at.hex()} belongs to another deployment",
            hint="check the network's contracts in networks.toml",
        )


def _word(address: bytes) -> bytes:
    return address.rjust(32, b"\0")
