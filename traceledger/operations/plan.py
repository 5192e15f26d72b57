"""From an operation to the contract call that performs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import encode
from traceledger.errors import InputError
from traceledger.model.emissions import AllocationRule
from traceledger.operations import assurance_plan
from traceledger.operations import catalogue as ops
from traceledger.operations.directory import Directory, OpenShipment
from traceledger.operations.plan_parts import (
    Planned,
    acting,
    amounts_of,
    documents,
    named,
    own_identifier,
    padded,
    scopes,
)
from traceledger.operations.private import concealed
from traceledger.signing.signers import DEPLOYER

IN_FULL = 2**64 - 1
"""The contracts' word for "all that the batch holds"."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call, ready to be signed. ``participant`` acts; ``None`` stands for the deploying account."""

    participant: bytes | None
    contract: ContractName
    data: bytes


def plan(operation: ops.Operation, names: Directory) -> PlannedCall:
    """The call that performs an operation; ``names`` learns what it will create.

    Raises:
        InputError: a name is unknown, or the operation needs an acting participant and has none.
    """
    participant = names.participant(operation.act_as) if operation.act_as else None
    recorded = concealed(operation, participant, names)
    contract, function, arguments = _PLANNERS[type(recorded)](recorded, participant, names)
    return PlannedCall(participant, contract, encode(contract, function, *arguments))


def _define_material(op: ops.DefineMaterial, _: bytes | None, names: Directory) -> Planned:
    names.add_material(op.material)
    arguments = (op.material, op.name, op.cas, list(op.substances), documents(op.evidence))
    return "ParticipantRegistry", "defineMaterial", arguments


def _register_participant(op: ops.RegisterParticipant, _: bytes | None, names: Directory) -> Planned:
    if op.address is None:
        raise InputError(
            f"participant {op.participant!r} has no key here and no address",
            where="address",
            hint="use --create-keys, or give the address of its first key",
        )
    if op.participant == DEPLOYER:
        raise InputError(
            f"{DEPLOYER!r} is the name of the consortium's own key",
            where="participant",
            hint="choose another",
        )
    names.add_participant(op.participant, op.address)
    roles = [padded(role, 32) for role in op.roles]
    country = padded(op.country, 2)
    arguments = (op.address, op.participant, op.name, country, roles, documents(op.evidence))
    return "ParticipantRegistry", "registerParticipant", arguments


def _status(function: str) -> Callable[[Any, bytes | None, Directory], Planned]:
    def planner(op: Any, _: bytes | None, names: Directory) -> Planned:
        arguments = (names.participant(op.participant), op.reason, op.at or 0, documents(op.evidence))
        return "ParticipantRegistry", function, arguments

    return planner


def _add_operator(op: ops.AddOperator, _: bytes | None, names: Directory) -> Planned:
    participant = names.participant(op.participant)
    names.change_operators(participant, added=op.operator, revoked=None)
    return "ParticipantRegistry", "addOperator", (participant, op.operator)


def _revoke_operator(op: ops.RevokeOperator, _: bytes | None, names: Directory) -> Planned:
    participant = names.participant(op.participant)
    names.change_operators(participant, added=None, revoked=op.operator)
    return "ParticipantRegistry", "revokeOperator", (participant, op.operator)


def _rotate(op: ops.RotateOperator, _: bytes | None, names: Directory) -> Planned:
    participant = names.participant(op.participant)
    names.change_operators(participant, added=op.successor, revoked=op.operator)
    return "ParticipantRegistry", "rotateOperator", (participant, op.operator, op.successor)


def _register_facility(op: ops.RegisterFacility, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    identifier = own_identifier(op.facility, own, names, "facility")
    names.add_facility(own, identifier)
    kind, country = padded(op.kind, 32), padded(op.country, 2)
    arguments = (identifier, op.name or identifier, kind, country, *_location(op), documents(op.evidence))
    return "ParticipantRegistry", "registerFacility", arguments


def _location(op: ops.RegisterFacility) -> tuple[bool, int, int]:
    """Whether it is located, and its coordinates."""
    if (op.latitude is None) != (op.longitude is None):
        given, missing = ("longitude", "latitude") if op.latitude is None else ("latitude", "longitude")
        raise InputError(f"a {given} needs a {missing} beside it", where=missing)
    if op.latitude is None or op.longitude is None:
        return False, 0, 0
    return True, op.latitude, op.longitude


def _approve_origin(op: ops.ApproveOrigin, participant: bytes | None, names: Directory) -> Planned:
    facility = names.facility(op.facility, participant)
    material, at = names.material(op.material), op.at or 0
    arguments = (facility, material, op.capacity_per_year, at, documents(op.evidence))
    return "ParticipantRegistry", "approveOrigin", arguments


def _mint(op: ops.Mint, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    identifier = own_identifier(op.batch, own, names, "batch")
    request = (
        identifier,
        names.material(op.material),
        names.facility(op.facility, own),
        op.mass,
        amounts_of(op.substances),
        int(op.origin),
        scopes(op.emissions),
        op.at,
        documents(op.evidence),
    )
    names.add_batch(own, identifier)
    return "BatchLedger", "mint", (request,)


def _split(op: ops.Split, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    named(op.into, "into")
    parent = names.batch(op.batch, own)
    children = [(own_identifier(child.batch, own, names, "batch"), child.mass) for child in op.into]
    for identifier, _ in children:
        names.add_batch(own, identifier)
    return "BatchLedger", "split", (parent, children, op.at, documents(op.evidence))


def _ship(op: ops.Ship, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    named(op.batches, "batches")
    identifier = own_identifier(op.shipment, own, names, "shipment")
    batches = tuple(names.batch(name, own) for name in op.batches)
    receiver = names.participant(op.to)
    names.add_shipment(OpenShipment(own, receiver, identifier, batches))
    offer = (identifier, list(batches), receiver, scopes(op.emissions), op.at, documents(op.evidence))
    return "BatchLedger", "ship", (offer,)


def _receive(op: ops.Receive, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    shipment = names.shipment(op.shipment, own)
    arrived = {names.batch(name, own): mass for name, mass in op.arrived.items()}
    if strangers := set(arrived) - set(shipment.batches):
        name = names.shown(strangers.pop())
        raise InputError(f"batch {name} is not in shipment {op.shipment!r}", where="arrived")
    arrivals = [(batch, arrived.get(batch, IN_FULL)) for batch in shipment.batches]
    arguments = (shipment.sender, shipment.identifier, arrivals, op.at, documents(op.evidence))
    return "BatchLedger", "receiveShipment", arguments


def _reject(op: ops.Reject, participant: bytes | None, names: Directory) -> Planned:
    shipment = names.shipment(op.shipment, acting(participant))
    batches, evidence = list(shipment.batches), documents(op.evidence)
    arguments = (shipment.sender, shipment.identifier, batches, op.reason, op.at, evidence)
    return "BatchLedger", "rejectShipment", arguments


def _cancel(op: ops.Cancel, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    shipment = names.shipment(op.shipment, own)
    if shipment.sender != own:
        raise InputError(
            f"shipment {op.shipment!r} is another participant's", hint="only its sender cancels it"
        )
    batches, evidence = list(shipment.batches), documents(op.evidence)
    arguments = (shipment.identifier, shipment.receiver, batches, op.reason, op.at, evidence)
    return "BatchLedger", "cancelShipment", arguments


def _transform(op: ops.Transform, participant: bytes | None, names: Directory) -> Planned:
    own = acting(participant)
    named(op.inputs, "inputs")
    named(op.outputs, "outputs")
    facility = names.facility(op.facility, own)
    inputs = [
        (names.batch(item.batch, own), IN_FULL if item.mass is None else item.mass) for item in op.inputs
    ]
    outputs = [_output(item, op.allocation, own, names) for item in op.outputs]
    for made, *_ in outputs:
        names.add_batch(own, made)
    identifier = own_identifier(op.transformation, own, names, "transformation")
    names.add_transformation(own, identifier)
    balance = op.losses == "balance"
    losses = [] if isinstance(op.losses, str) else amounts_of(op.losses)
    request = (
        identifier,
        facility,
        op.process,
        inputs,
        outputs,
        losses,
        balance,
        int(op.allocation),
        scopes(op.emissions),
        op.at,
        documents(op.evidence),
    )
    return "BatchLedger", "transform", (request,)


def _output(item: ops.TransformOutput, rule: AllocationRule, own: bytes, names: Directory) -> tuple[Any, ...]:
    if (item.weight is None) != (rule is AllocationRule.MASS):
        verb = "needs" if item.weight is None else "has"
        raise InputError(
            f"output {item.batch!r} {verb} a weight under the {rule.slug} rule",
            where="outputs.weight",
            hint="the economic rule needs a weight for each output, the mass rule none",
        )
    identifier = own_identifier(item.batch, own, names, "batch")
    material = names.material(item.material)
    return identifier, material, item.mass, item.weight or 0, amounts_of(item.substances)


def _add_emissions(op: ops.AddEmissions, participant: bytes | None, names: Directory) -> Planned:
    batch = names.batch(op.batch, acting(participant))
    arguments = (batch, scopes(op.emissions), op.reason, op.at, documents(op.evidence))
    return "BatchLedger", "addEmissions", arguments


def _retire(op: ops.Retire, participant: bytes | None, names: Directory) -> Planned:
    batch = names.batch(op.batch, acting(participant))
    return "BatchLedger", "retire", (batch, op.reason, op.at, documents(op.evidence))


def _declare_error(op: ops.DeclareError, participant: bytes | None, names: Directory) -> Planned:
    names.batch(op.batch, participant)
    creator, identifier = names.recorded_name(op.batch, participant, "batch")
    corrective = [names.new_batch_id(name, creator) for name in op.corrective]
    arguments = (creator, identifier, int(op.reason), corrective, op.at, documents(op.evidence))
    return "BatchLedger", "declareError", arguments


_PLANNERS: Mapping[type, Callable[[Any, bytes | None, Directory], Planned]] = {
    ops.DefineMaterial: _define_material,
    ops.RegisterParticipant: _register_participant,
    ops.SuspendParticipant: _status("suspendParticipant"),
    ops.ReinstateParticipant: _status("reinstateParticipant"),
    ops.TerminateParticipant: _status("terminateParticipant"),
    ops.AddOperator: _add_operator,
    ops.RevokeOperator: _revoke_operator,
    ops.RotateOperator: _rotate,
    ops.RegisterFacility: _register_facility,
    ops.ApproveOrigin: _approve_origin,
    ops.Mint: _mint,
    ops.Split: _split,
    ops.Ship: _ship,
    ops.Receive: _receive,
    ops.Reject: _reject,
    ops.Cancel: _cancel,
    ops.Transform: _transform,
    ops.AddEmissions: _add_emissions,
    ops.Retire: _retire,
    ops.DeclareError: _declare_error,
    **assurance_plan.PLANNERS,
}
