"""The real contracts on a real embedded chain, driven by operations as an operations file writes them.

Calldata is made here, from the reference model's names, not by the planner under test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_abi.abi import encode as encode_abi
from eth_hash.auto import keccak

from tests.contract_batch import batch_of
from tests.encoding import words
from tests.reference.model import ReferenceLedger
from tests.reference.registry import CONSORTIUM
from tests.reference.values import (
    NUMBERS,
    SCOPES,
    Batch,
    Name,
    milligrams,
    seconds,
    substances_of,
)
from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import decode_result, encode
from traceledger.chain.base import TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.config.networks import Contracts
from traceledger.operations.directory import Directory
from traceledger.refusals import Refusal
from traceledger.sending.consent import consent
from traceledger.sending.deployment import deploy
from traceledger.sending.reverts import explain
from traceledger.sending.sender import address_of as address_of_contract
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

IN_FULL = 2**64 - 1
STATES = {
    **{"active": 1, "in_transit": 2, "returning": 3, "consumed": 4, "retired": 5, "delivered": 6},
    "reversed": 7,
}
ORIGINS = {"mined": 0, "post_consumer": 1, "pre_consumer": 2, "untraced": 3}
RETIREMENTS = {"consumed_outside": 0, "disposed": 1, "delivered": 2}
DIFFERENCES = {None: 0, "loss": 1, "moisture": 2, "measurement": 3}
EMISSIONS = "(uint256,uint256)"
FOR_EVER = 2**63
REASONS = {"did_not_occur": 0, "incorrect_data": 1}
_SEALER = key_sealer(keccak(b"authority"))


def signer_of(name: str) -> LocalSigner:
    """The key that a name stands for, the same each time."""
    return LocalSigner(keccak(name.encode()))


def address_of(name: str) -> str:
    """Its address, as text."""
    return "0x" + signer_of(name).address.hex()


class NothingKnown:
    """An index that knows no names, so that refusals show ids."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: None


class RealLedger:
    """The contracts, deployed by the consortium's key ``consortium``."""

    def __init__(self, chain: EmbeddedChain, contracts: Contracts) -> None:
        self.chain = chain
        self.contracts = contracts
        self.signers = {CONSORTIUM: signer_of(CONSORTIUM)}

    @classmethod
    def deploy(cls, path: Path) -> RealLedger:
        """On a new chain."""
        chain = EmbeddedChain.create(
            path, chain_id=20_260, authority=_SEALER.address, timestamp=1_780_000_000, sealer=_SEALER
        )
        return cls(chain, deploy(chain, signer_of(CONSORTIUM)))

    def copy(self, path: Path) -> RealLedger:
        """The same ledger in a file of its own; this one must be closed."""
        shutil.copyfile(self.chain.path, path)
        return RealLedger(EmbeddedChain.open(path, sealer=_SEALER), self.contracts)

    def close(self) -> None:
        self.chain.close()

    def know(self, name: str) -> str:
        """Makes the key of a name available for signing; returns its address as text."""
        self.signers[address_of(name)] = signer_of(name)
        return address_of(name)

    def call_of(self, op: dict[str, Any], account: str, model: ReferenceLedger) -> tuple[bytes, bytes]:
        """An operation as a call on the ledger as the model has it: to whom, and with which data."""
        contract, function, arguments = Encoder(model, op, account, self.consent).call()
        data, target = encode(contract, function, *arguments), address_of_contract(self.contracts, contract)
        if op["op"] == "propose_requirement":
            return self.contracts.access_manager, encode("AccessManager", "schedule", target, data, 0)
        return target, data

    def apply(
        self, call: tuple[bytes, bytes], account: str, *, timestamp: int | None = None
    ) -> Refusal | None:
        """Sends a call, signed by ``account``; returns the refusal, if it is refused."""
        signer = self.signers[account]
        nonce = self.chain.nonce(signer.address)
        transaction = UnsignedTransaction(self.chain.chain_id, nonce, 30_000_000, *call)
        try:
            self.chain.send([sign(transaction, signer)], timestamp=timestamp)
        except TransactionRevertedError as reverted:
            return explain(reverted.data, Directory(NothingKnown()))
        return None

    def consent(self, key: str, participant: str) -> bytes:
        """The signature by which a key joins a participant."""
        registry, chain_id = self.contracts.registry, self.chain.chain_id
        joins = bytes.fromhex(participant.removeprefix("0x"))
        return consent(
            self.signers[key], participant=joins, deadline=FOR_EVER, chain_id=chain_id, registry=registry
        )

    def may_act(self, address: str) -> bool:
        """What the assurance registry says of a participant, at the newest block's time."""
        data = encode("AssuranceRegistry", "mayAct", address)
        answer = self.chain.call(self.contracts.assurance, data, number=self.chain.head().number)
        return bool(decode_result("AssuranceRegistry", "mayAct", answer)[0])

    def batch(self, batch_id: int) -> dict[str, Any]:
        """What ``batchOf`` says, in short."""
        return in_short(batch_of(self.chain, self.contracts.ledger, batch_id))


def in_short(said: dict[str, Any]) -> dict[str, Any]:
    """Of what ``batchOf`` says, what the reference model has."""
    found = {field: value for field, value in said.items() if field not in ("trail", "material")}
    return found | {"substances": dict(said["substances"]), "tolerance": tuple(said["tolerance"])}


def expected_batch(batch: Batch, model: ReferenceLedger) -> dict[str, Any]:
    """What ``batchOf`` should say of a batch."""
    pools = batch.pools
    return {
        "status": STATES[batch.state],
        "frozen": batch.frozen,
        "disputed": batch.disputed,
        "errorByAuditor": bool(batch.declared_by),
        "heldByCustodian": batch.held_by_custodian,
        "heldByAuditor": bool(batch.held_by),
        "waste": batch.arose is not None,
        "takenBack": batch.taken_back,
        "custodian": model.participants[batch.custodian].address,
        "mass": pools.mass,
        "ownCo2e": pools.own,
        "inheritedCo2e": pools.inherited,
        "primaryCo2e": pools.primary,
        "substances": pools.substances,
        "tolerance": tuple(batch.used.get(lane, 0) for lane in (0, *pools.substances)),
        "uses": batch.uses,
        "events": batch.events,
    }


def id_of(address: str, identifier: str) -> int:
    """``uint256(keccak256(abi.encode(owner, identifier)))``."""
    return int.from_bytes(keccak(encode_abi(["address", "string"], [address, identifier])), "big")


class Encoder:
    """One operation as a contract call."""

    def __init__(
        self,
        model: ReferenceLedger,
        op: dict[str, Any],
        account: str,
        consent_of: Callable[[str, str], bytes],
    ) -> None:
        self.model = model
        self.op = op
        self.own = op.get("as")
        self.account = account
        self.consent_of = consent_of

    def call(self) -> tuple[ContractName, str, tuple[Any, ...]]:
        contract, function, arguments = getattr(self, f"_{self.op['op']}")()
        return contract, function, arguments

    def address(self, slug: str) -> str:
        participant = self.model.participants.get(slug)
        return participant.address if participant else address_of(slug)

    def id(self, name: str) -> int:
        return self.id_of(self.model.full(name, self.own))

    def id_of(self, name: Name) -> int:
        return id_of(self.address(name[0]), name[1])

    def identifier(self, name: str) -> str:
        return self.model.full(name, self.own)[1]

    @property
    def at(self) -> int:
        return seconds(self.op["at"])

    def emissions(self) -> tuple[int, ...]:
        return emissions_of(self.op.get("emissions", {}))

    def expected(self, name: Name) -> int:
        batch = self.model.batches.get(name)
        return batch.events if batch else 0

    def _define_material(self) -> Any:
        numbers = sorted(NUMBERS[name] for name in self.op.get("substances", []))
        terms = (False, False, 0, 0, [])
        arguments = (self.op["material"], self.op["name"], "", numbers, terms, [])
        return "ParticipantRegistry", "defineMaterial", arguments

    def _register_participant(self) -> Any:
        op, address = self.op, self.op["address"]
        roles = [role.encode().ljust(32, b"\0") for role in op.get("roles", [])]
        arguments = (address, op["participant"], op["name"], op["country"].encode(), roles, [])
        return "ParticipantRegistry", "registerParticipant", (*arguments, *self._consent(address, address))

    def _consent(self, key: str, participant: str) -> tuple[int, bytes]:
        return FOR_EVER, self.consent_of(key, participant)

    def _status(self, function: str) -> Any:
        return (
            "ParticipantRegistry",
            function,
            (
                self.address(self.op["participant"]),
                self.op["reason"],
                0,
                [],
            ),
        )

    def _suspend_participant(self) -> Any:
        return self._status("suspendParticipant")

    def _reinstate_participant(self) -> Any:
        return self._status("reinstateParticipant")

    def _terminate_participant(self) -> Any:
        return self._status("terminateParticipant")

    def _add_operator(self) -> Any:
        key = self.op["operator"]
        consented = self._consent(key, self.address(self.op["participant"]))
        return "ParticipantRegistry", "addOperator", (key, *consented)

    def _revoke_operator(self) -> Any:
        key = self.op["operator"]
        if self.account == CONSORTIUM:
            return "ParticipantRegistry", "revokeOperatorFor", (self.address(self.op["participant"]), key)
        return "ParticipantRegistry", "revokeOperator", (key,)

    def _rotate_operator(self) -> Any:
        old, new = self.op["operator"], self.op["successor"]
        consented = self._consent(new, self.address(self.op["participant"]))
        return "ParticipantRegistry", "rotateOperator", (old, new, *consented)

    def _register_facility(self) -> Any:
        kind, country = self.op["kind"].encode().ljust(32, b"\0"), self.op["country"].encode()
        arguments = (self.identifier(self.op["facility"]), "", kind, country, False, 0, 0, [])
        return "ParticipantRegistry", "registerFacility", arguments

    def _approve_origin(self) -> Any:
        capacity = milligrams(self.op["capacity_per_year"])
        name = self.model.full(self.op["facility"], self.own)
        origins = (self.op["origin"],) if "origin" in self.op else self.model.facilities[name].origins()
        mask = sum(1 << ORIGINS[origin] for origin in origins)
        time = (0, 2**64 - 1, 0)
        arguments = (self.id_of(name), material_id(self.op["material"]), mask, capacity, *time, [])
        return "ParticipantRegistry", "approveOrigin", arguments

    def _mint(self) -> Any:
        op = self.op
        substances = list(substances_of(op.get("substances")).items())
        request = (
            *(self.identifier(op["batch"]), material_id(op["material"]), self.id(op["facility"])),
            *(milligrams(op["mass"]), 0, substances, ORIGINS[op["origin"]], self.emissions(), self.at, []),
        )
        return "BatchLedger", "mint", (request,)

    def _split(self) -> Any:
        children = [(self.identifier(item["batch"]), milligrams(item["mass"])) for item in self.op["into"]]
        return "BatchLedger", "split", (self.id(self.op["batch"]), children, self.at, [])

    def _ship(self) -> Any:
        batches = [self.id(name) for name in self.op["batches"]]
        receiver = self.address(self.op["to"])
        what = (self.identifier(self.op["shipment"]), batches, receiver, "0x" + "00" * 20)
        offer = (*what, self.emissions(), self.at, [])
        return "BatchLedger", "ship", (offer,)

    def _shipment(self) -> tuple[Name, str, tuple[bytes, list[int]], list[Name]]:
        """Name and receiver of the shipment that an answer is about, and what of it is open."""
        name = self.model.full(self.op["shipment"], self.own)
        shipment = self.model.shipments.get(name)
        if shipment is None:
            return name, self.address("nobody"), (bytes(32), [1]), [("nobody", "never")]
        scopes = words((*shipment.gases.scopes, shipment.gases.primary))
        listed = [self.id_of(batch) for batch in shipment.batches]
        offer = keccak(encode_abi([EMISSIONS, "uint256[]"], [scopes, listed]))
        left = [self.id_of(batch) for batch in shipment.open]
        return name, self.address(shipment.receiver), (offer, left), list(shipment.open)

    def _receive(self) -> Any:
        name, _, offered, lots = self._shipment()
        arrived = {self.model.full(n, self.own): mg for n, mg in self.op.get("arrived", {}).items()}
        may = [lot for lot in lots if lot not in self.model.batches or self.model.may_be_received(lot)]
        beginning, end = (self.address(name[0]), name[1], offered), (self.at, bytes(32), [])
        # Who names what arrived of a shipment that is closed is refused for the latter.
        if (not arrived or not lots) and may == lots:
            expected = [self.expected(lot) for lot in lots]
            return "BatchLedger", "receiveShipment", (*beginning, expected, *end)
        answers = [self._answer(lot, arrived.get(lot)) for lot in may]
        return "BatchLedger", "answerShipment", (*beginning, answers, "", *end)

    def _answer(self, lot: Name, mass: int | None) -> tuple[Any, ...]:
        differs = mass is not None and mass != self.model.batches[lot].pools.mass
        arrived = mass if differs else IN_FULL
        why = DIFFERENCES["loss" if differs else None]
        return self.id_of(lot), self.expected(lot), False, arrived, why, []

    def _reject(self) -> Any:
        name, _, offered, _ = self._shipment()
        arguments = (self.address(name[0]), name[1], offered, "", self.at, bytes(32), [])
        return "BatchLedger", "rejectShipment", arguments

    def _cancel(self) -> Any:
        name, receiver, offered, _ = self._shipment()
        arguments = (name[1], receiver, offered, "", self.at, bytes(32), [])
        return "BatchLedger", "cancelShipment", arguments

    def _transform(self) -> Any:
        op = self.op
        inputs = [(self.id(i["batch"]), milligrams(i.get("mass", IN_FULL))) for i in op["inputs"]]
        outputs = [
            (
                *(self.identifier(item["batch"]), material_id(item["material"]), milligrams(item["mass"])),
                *(0, item.get("weight", 0), list(substances_of(item.get("substances")).items())),
            )
            for item in op["outputs"]
        ]
        balance = op.get("losses") == "balance"
        losses = [] if balance else list(substances_of(op.get("losses")).items())
        request = (
            *(self.identifier(op["transformation"]), self.id(op["facility"]), op["process"], False),
            *(inputs, outputs, losses, balance, int(op.get("allocation", "mass") == "economic")),
            *(self.emissions(), self.at, []),
        )
        return "BatchLedger", "transform", (request,)

    def _add_emissions(self) -> Any:
        arguments = (self.id(self.op["batch"]), self.emissions(), "", self.op["reason"], self.at, [])
        return "BatchLedger", "addEmissions", arguments

    def _retire(self) -> Any:
        name, how = self.model.full(self.op["batch"], self.own), RETIREMENTS[self.op["how"]]
        arguments = (self.id_of(name), how, self.expected(name), "", self.at, [])
        return "BatchLedger", "retire", arguments

    def _declare_error(self) -> Any:
        owner, identifier = self.model.full(self.op["batch"], self.own)
        reason = REASONS[self.op["reason"]]
        return "BatchLedger", "declareError", (self.address(owner), identifier, reason, [], self.at, [])

    # --- assurance ----------------------------------------------------------------------------------

    def _about(self) -> tuple[str, int]:
        """Address of the participant and id of the facility (0: as a whole) that are meant."""
        if "participant" in self.op:
            return self.address(self.op["participant"]), 0
        owner, _ = self.model.full(self.op["facility"], None)
        return self.address(owner), self.id(self.op["facility"])

    @property
    def evidence(self) -> list[tuple[bytes, str]]:
        return [(b"\x5a" * 32, uri) for uri in self.op.get("evidence", [])]

    def _assess(self) -> Any:
        op = self.op
        request = (
            *(op["assessment"], *self._about(), label(op["kind"]), label("scheme"), op["value"]),
            *(op["valid_from"], op["valid_until"], "issuer", self.at, self.evidence),
        )
        return "AssuranceRegistry", "assess", (request,)

    def _raise_finding(self) -> Any:
        op = self.op
        severity = ("minor", "major", "critical").index(op["severity"])
        request = (
            *(op["finding"], *self._about(), 0, severity, label(op["category"]), op["due"]),
            *("description", self.at, self.evidence),
        )
        return "AssuranceRegistry", "raiseFinding", (request,)

    def _finding(self, function: str, *arguments: object) -> Any:
        number = self.id_of(tuple(self.op["finding"]))
        return "AssuranceRegistry", function, (number, *arguments, self.at, self.evidence)

    def _submit_corrective_action(self) -> Any:
        return self._finding("submitCorrectiveAction", "plan")

    def _accept_corrective_action(self) -> Any:
        return self._finding("acceptCorrectiveAction")

    def _refuse_corrective_action(self) -> Any:
        return self._finding("refuseCorrectiveAction", "reason")

    def _close_finding(self) -> Any:
        return self._finding("closeFinding")

    def _reopen_finding(self) -> Any:
        return self._finding("reopenFinding", "reason", self.op["due"])

    def _enact_requirement(self) -> Any:
        kinds = [label(kind) for kind in self.op["kinds"]]
        return "AssuranceRegistry", "setMandatory", (label(self.op["role"]), kinds, [0] * len(kinds))

    _propose_requirement = _enact_requirement


def label(text: str) -> bytes:
    """Text in ``bytes32``."""
    return text.encode().ljust(32, b"\0")


def material_id(slug: str) -> int:
    """The first 40 bits of ``keccak256(bytes(slug))``."""
    return int.from_bytes(keccak(slug.encode())[:5], "big")


def emissions_of(given: dict[str, Any]) -> tuple[int, ...]:
    """Emissions as the contracts take them."""
    names = (*SCOPES, "primary", "biogenic", "land_use", "aviation", "removals")
    return words([milligrams(given.get(name, 0)) for name in names])
