"""The committed artifacts on a py-evm chain, one transaction a block, called as anybody would call them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import encode
from eth_tester import EthereumTester, PyEVMBackend
from eth_utils.abi import function_abi_to_4byte_selector
from web3 import EthereumTesterProvider, Web3

from tests.contracts.floor import Floor, Touched, watched
from traceledger.artifacts import ContractName, load
from traceledger.model.ids import batch_id, facility_id, material_id
from traceledger.model.keccak import keccak
from traceledger.sending.consent import consent
from traceledger.sending.rights import RIGHTS
from traceledger.signing.keystore import LocalSigner

PEERS = Path(__file__).resolve().parent / "peers"

IN_FULL = 2**64 - 1
#: 2026-01-17T06:00:00Z
YEAR_2026 = 1_768_629_600

MINED, POST_CONSUMER, PRE_CONSUMER, UNTRACED = 1, 2, 4, 8
FOREVER = 2**64 - 1
NOBODY = "0x" + "00" * 20
TAG = b"\x5a" * 32

Substances = list[tuple[int, int]]
Emissions = tuple[int, int]
NO_EMISSIONS: Emissions = (0, 0)
NO_TERMS = (False, False, 0, 0, [])


@dataclass(frozen=True, slots=True)
class Transaction:
    """What a transaction cost: its gas, and the least that it could have.

    ``coding`` is, where it was measured, what Solidity takes besides for the same arguments and the same
    event (contracts/test/BareLedger.sol).
    """

    gas: int
    floor: Floor
    coding: int | None = None


class World:
    """A deployed ledger; ``accounts[0]`` is the consortium, the others are keys to register."""

    def __init__(self) -> None:
        self._touched = Touched()
        backend = PyEVMBackend(vm_configuration=((0, watched(self._touched)),))
        self.w3 = Web3(EthereumTesterProvider(EthereumTester(backend)))
        self.accounts = self.w3.eth.accounts
        self.signers = {
            key.public_key.to_checksum_address(): LocalSigner(key.to_bytes()) for key in backend.account_keys
        }
        self.consortium = self.accounts[0]
        self.manager = self._deploy("AccessManager", self.consortium)
        self.registry = self._deploy("ParticipantRegistry", self.manager.address)
        handling = self._deploy("Handling", self.registry.address)
        corrections = self._deploy("Corrections", self.registry.address)
        parts = (self.registry.address, self.manager.address, handling.address, corrections.address)
        self.ledger = self._deploy("BatchLedger", *parts)
        self.assurance = self._deploy("AssuranceRegistry", self.manager.address, self.registry.address)
        self._grant()

    def _grant(self) -> None:
        """The consortium's one account has all rights, at once."""
        contracts = {
            "ParticipantRegistry": self.registry,
            "BatchLedger": self.ledger,
            "AssuranceRegistry": self.assurance,
        }
        for right in RIGHTS:
            for name, functions in right.functions.items():
                contract = contracts[name]
                selectors = [
                    function_abi_to_4byte_selector(contract.get_function_by_name(each).abi)
                    for each in functions
                ]
                arguments = (contract.address, selectors, right.role)
                self.send(self.consortium, self.manager, "setTargetFunctionRole", *arguments)
            self.send(self.consortium, self.manager, "grantRole", right.role, self.consortium, 0)

    def _deploy(self, name: ContractName, *arguments: Any) -> Any:
        artifact = load(name)
        return self._created(list(artifact.abi), artifact.bytecode, *arguments)

    def deploy_peer(self, name: str) -> Any:
        """What scripts/compile-contracts compiles to be measured beside the contracts."""
        artifact = json.loads((PEERS / f"{name}.json").read_text("utf-8"))
        return self._created(artifact["abi"], artifact["bytecode"])

    def _created(self, abi: list[Any], bytecode: str | bytes, *arguments: Any) -> Any:
        factory = self.w3.eth.contract(abi=abi, bytecode=bytecode)
        receipt = self.w3.eth.wait_for_transaction_receipt(
            factory.constructor(*arguments).transact({"from": self.consortium})
        )
        return self.w3.eth.contract(address=receipt["contractAddress"], abi=abi)

    def send(
        self, sender: str, contract: Any, function: str, *arguments: Any, gas: int = 10_000_000
    ) -> Transaction:
        """One transaction in a block of its own."""
        call = contract.get_function_by_name(function)(*arguments)
        self._touched.clear()
        hashed = call.transact({"from": sender, "gas": gas})
        receipt = self.w3.eth.wait_for_transaction_receipt(hashed)
        if receipt["status"] != 1:
            raise RuntimeError(f"{function} failed without a reason")
        data = bytes(self.w3.eth.get_transaction(hashed)["input"])
        floor = self._touched.floor(bytes.fromhex(contract.address[2:]), data, receipt["logs"])
        return Transaction(receipt["gasUsed"], floor)

    def _consent(self, participant: str, key: str) -> bytes:
        return consent(
            self.signers[key],
            participant=bytes.fromhex(participant[2:]),
            deadline=FOREVER,
            chain_id=self.w3.eth.chain_id,
            registry=bytes.fromhex(self.registry.address[2:]),
        )

    def new_key(self, number: int) -> str:
        """The address of a key that consents and never acts."""
        signer = LocalSigner(number.to_bytes(32, "big"))
        address = Web3.to_checksum_address(signer.address)
        self.signers[address] = signer
        return str(address)

    def register(self, key: str, slug: str, *roles: str) -> Transaction:
        padded = [role.encode().ljust(32, b"\0") for role in roles]
        joined = (FOREVER, self._consent(key, key))
        arguments = (key, slug, slug.title(), b"DE", padded, [], *joined)
        return self.send(self.consortium, self.registry, "registerParticipant", *arguments)

    def add_operator(self, key: str, added: str) -> Transaction:
        joined = (FOREVER, self._consent(key, added))
        return self.send(key, self.registry, "addOperator", added, *joined)

    def add_facility(self, key: str, identifier: str, kind: str) -> int:
        padded = kind.encode().ljust(32, b"\0")
        self.send(
            key, self.registry, "registerFacility", identifier, identifier, padded, b"CD", False, 0, 0, []
        )
        return facility_id(bytes.fromhex(key[2:]), identifier)

    def define(self, slug: str, *substances: int, terms: object = NO_TERMS) -> int:
        arguments = (slug, slug, "", list(substances), terms, [])
        self.send(self.consortium, self.registry, "defineMaterial", *arguments)
        return material_id(slug)

    def approve(self, facility: int, material: int, capacity: int, origins: int = MINED) -> Transaction:
        arguments = (facility, material, origins, capacity, 0, FOREVER, 0, [])
        return self.send(self.consortium, self.registry, "approveOrigin", *arguments)

    def mint(self, key: str, *named: Any, **more: Any) -> Transaction:
        """Mint as ``mint_of`` says."""
        return self.send(key, self.ledger, "mint", self.mint_of(*named, **more))

    def mint_of(
        self,
        identifier: str,
        material: int,
        facility: int,
        mass: int,
        substances: Substances,
        *,
        emissions: Emissions = NO_EMISSIONS,
        origin: int = 0,
        at: int = YEAR_2026,
    ) -> tuple[Any, ...]:
        """What is asked for when minting."""
        return identifier, material, facility, mass, 0, substances, origin, emissions, at, []

    def batch(self, key: str, identifier: str) -> int:
        return batch_id(bytes.fromhex(key[2:]), identifier)

    def events(self, key: str, identifier: str) -> int:
        """How many events name the batch by now."""
        batch = self.ledger.functions.batchOf(self.batch(key, identifier)).call()
        return int(batch[-2])

    def offer_hash(self, emissions: Emissions, batches: list[int]) -> bytes:
        """What an answer repeats of an offer."""
        return keccak(encode(["(uint256,uint256)", "uint256[]"], [emissions, batches]))

    def install_policy(self) -> None:
        """Let the assurance registry say who may act. The consortium audits, and governs at once."""
        self.send(self.consortium, self.registry, "setActGuard", self.assurance.address)

    def require(self, role: str, *kinds: str) -> Transaction:
        """Make kinds of assessment mandatory for a role."""
        padded = [kind.encode().ljust(32, b"\0") for kind in kinds]
        arguments = (role.encode().ljust(32, b"\0"), padded, [0] * len(padded))
        return self.send(self.consortium, self.assurance, "setMandatory", *arguments)

    def raise_finding(self, participant: str, identifier: str, facility: int) -> Transaction:
        """A critical finding on a participant, or on a facility of it, that is due in eleven days."""
        now = self.w3.eth.get_block("latest")["timestamp"]
        category = b"labour".ljust(32, b"\0")
        due = now + 10**6
        request = (identifier, participant, facility, 0, 2, category, due, "No age records", now, [])
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
        value = 80 if kind == "saq" else 0
        request = (f"{kind}-1", participant, 0, label, scheme, value, now, now + 10**6, "argus", now, [])
        self.send(self.consortium, self.assurance, "assess", request)
