"""The committed artifacts on a py-evm chain, one transaction a block, called as anybody would call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eth_tester import EthereumTester, PyEVMBackend
from eth_utils.abi import function_abi_to_4byte_selector
from web3 import EthereumTesterProvider, Web3

from traceledger.artifacts import ContractName, load
from traceledger.model.ids import batch_id, facility_id, material_id

CONSORTIUM_ROLE = 1
IN_FULL = 2**64 - 1
#: 2026-01-17T06:00:00Z
YEAR_2026 = 1_768_629_600

RESTRICTED = (
    "registerParticipant",
    "suspendParticipant",
    "terminateParticipant",
    "defineMaterial",
    "approveOrigin",
    "setActGuard",
)

Substances = list[tuple[int, int]]
NO_EMISSIONS = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a transaction cost: its gas, of which what depends on its length alone."""

    gas: int
    calldata: int


class World:
    """A deployed ledger; ``accounts[0]`` is the consortium, the others are keys to register."""

    def __init__(self) -> None:
        self.w3 = Web3(EthereumTesterProvider(EthereumTester(PyEVMBackend())))
        self.accounts = self.w3.eth.accounts
        self.consortium = self.accounts[0]
        self.manager = self._deploy("AccessManager", self.consortium)
        self.registry = self._deploy("ParticipantRegistry", self.manager.address)
        self.ledger = self._deploy("BatchLedger", self.registry.address)
        selectors = [
            function_abi_to_4byte_selector(self.registry.get_function_by_name(name).abi)
            for name in RESTRICTED
        ]
        self.manager.functions.setTargetFunctionRole(
            self.registry.address, selectors, CONSORTIUM_ROLE
        ).transact({"from": self.consortium})
        self.manager.functions.grantRole(CONSORTIUM_ROLE, self.consortium, 0).transact(
            {"from": self.consortium}
        )

    def _deploy(self, name: ContractName, *arguments: Any) -> Any:
        artifact = load(name)
        factory = self.w3.eth.contract(abi=list(artifact.abi), bytecode=artifact.bytecode)
        receipt = self.w3.eth.wait_for_transaction_receipt(
            factory.constructor(*arguments).transact({"from": self.consortium})
        )
        return self.w3.eth.contract(address=receipt["contractAddress"], abi=list(artifact.abi))

    def send(self, sender: str, contract: Any, function: str, *arguments: Any) -> Transaction:
        """One transaction in a block of its own."""
        call = contract.get_function_by_name(function)(*arguments)
        hashed = call.transact({"from": sender, "gas": 10_000_000})
        receipt = self.w3.eth.wait_for_transaction_receipt(hashed)
        if receipt["status"] != 1:
            raise RuntimeError(f"{function} failed without a reason")
        data = bytes(self.w3.eth.get_transaction(hashed)["input"])
        return Transaction(receipt["gasUsed"], 16 * len(data) - 12 * data.count(0))

    def register(self, key: str, slug: str, *roles: str) -> Transaction:
        padded = [role.encode().ljust(32, b"\0") for role in roles]
        arguments = (key, slug, slug.title(), b"DE", padded, [])
        return self.send(self.consortium, self.registry, "registerParticipant", *arguments)

    def add_facility(self, key: str, identifier: str, kind: str) -> int:
        padded = kind.encode().ljust(32, b"\0")
        self.send(
            key, self.registry, "registerFacility", identifier, identifier, padded, b"CD", False, 0, 0, []
        )
        return facility_id(bytes.fromhex(key[2:]), identifier)

    def define(self, slug: str, *substances: int) -> int:
        arguments = (slug, slug, "", list(substances), [])
        self.send(self.consortium, self.registry, "defineMaterial", *arguments)
        return material_id(slug)

    def approve(self, facility: int, material: int, capacity: int) -> Transaction:
        arguments = (facility, material, capacity, 0, [])
        return self.send(self.consortium, self.registry, "approveOrigin", *arguments)

    def mint(
        self,
        key: str,
        identifier: str,
        material: int,
        facility: int,
        mass: int,
        substances: Substances,
        *,
        emissions: tuple[int, int, int, int] = NO_EMISSIONS,
        origin: int = 0,
        at: int = YEAR_2026,
    ) -> Transaction:
        request = (
            identifier,
            material,
            facility,
            mass,
            substances,
            origin,
            emissions,
            at,
            [],
        )
        return self.send(key, self.ledger, "mint", request)

    def batch(self, key: str, identifier: str) -> int:
        return batch_id(bytes.fromhex(key[2:]), identifier)

    def install_policy(self) -> None:
        """Let the assurance registry say who may act. The consortium audits, and governs at once."""
        self.assurance = self._deploy("AssuranceRegistry", self.manager.address, self.registry.address)
        self.send(self.consortium, self.registry, "setActGuard", self.assurance.address)

    def require(self, role: str, *kinds: str) -> Transaction:
        """Make kinds of assessment mandatory for a role."""
        padded = [kind.encode().ljust(32, b"\0") for kind in kinds]
        arguments = (role.encode().ljust(32, b"\0"), padded)
        return self.send(self.consortium, self.assurance, "setMandatory", *arguments)

    def raise_finding(self, participant: str, identifier: str, facility: int) -> Transaction:
        """A critical finding on a participant, or on a facility of it, that is due in eleven days."""
        now = self.w3.eth.get_block("latest")["timestamp"]
        category = b"labour".ljust(32, b"\0")
        due = now + 10**6
        request = (identifier, participant, facility, 2, category, due, "No age records", now, [])
        return self.send(self.consortium, self.assurance, "raiseFinding", request)

    def close_finding(self, participant: str, identifier: str) -> Transaction:
        """From its corrective action to its end; what closing it costs."""
        finding = batch_id(bytes.fromhex(self.consortium[2:]), identifier)
        evidence = [(b"\x5a" * 32, "https://example.org/documents/2026/0117.pdf")]
        self.send(
            participant, self.assurance, "submitCorrectiveAction", finding, "Check age at hiring", 0, []
        )
        self.send(self.consortium, self.assurance, "acceptCorrectiveAction", finding, 0, [])
        return self.send(self.consortium, self.assurance, "closeFinding", finding, 0, evidence)

    def assess(self, participant: str, kind: str) -> None:
        """A valid assessment of a participant as a whole."""
        now = self.w3.eth.get_block("latest")["timestamp"]
        label, scheme = kind.encode().ljust(32, b"\0"), bytes(32)
        request = (f"{kind}-1", participant, 0, label, scheme, 0, now, now + 10**6, "argus", now, [])
        self.send(self.consortium, self.assurance, "assess", request)
