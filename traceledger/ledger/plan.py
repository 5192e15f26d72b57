"""From an operation to the contract call that performs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.artifacts import ContractName
from traceledger.calls import encode
from traceledger.errors import InputError
from traceledger.ledger import operations as ops
from traceledger.ledger.directory import Directory, OpenShipment
from traceledger.model import AllocationRule, Emissions, Evidence

IN_FULL = 2**64 - 1
"""The contracts' word for "all that the batch holds"."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A call, ready to be signed. ``participant`` acts; ``None`` stands for the deploying account."""

    participant: bytes | None
    contract: ContractName
    data: bytes


def plan(operation: ops.Operation, names: Directory) -> Plan:
    """The call that performs an operation; ``names`` learns what it will create.

    Raises:
        InputError: a name is unknown, or the operation needs an acting participant and has none.
    """
    participant = names.participant(operation.act_as) if operation.act_as else None
    contract, function, arguments = _PLANNERS[type(operation)](operation, participant, names)
    return Plan(participant, contract, encode(contract, function, *arguments))


Planned = tuple[ContractName, str, tuple[object, ...]]


def _acting(participant: bytes | None) -> bytes:
    if participant is None:
        raise InputError("no participant acts", where="as", hint='name one, for instance "as": "katanga"')
    return participant


def _own(name: str, own: bytes, names: Directory, what: str) -> str:
    """The identifier of something new, which its maker alone may name."""
    owner, identifier = names.split_name(name, own, what)
    if owner != own:
        raise InputError(f"{what} {name!r} would be another participant's", hint="leave the slug out")
    return identifier


def _named(items: Iterable[Any], what: str) -> None:
    if not list(items):
        raise InputError(f"the list of {what} is empty", where=what, hint="name at least one")


def _evidence(evidence: Sequence[Evidence]) -> list[tuple[bytes, str]]:
    return [(item.sha256, item.uri) for item in evidence]


def _emissions(emissions: Emissions) -> tuple[int, int, int, int]:
    return emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary


def _substances(amounts: Mapping[int, int]) -> list[tuple[int, int]]:
    return sorted(amounts.items())


def _padded(text: str, size: int) -> bytes:
    return text.encode().ljust(size, b"\0")


def _define_material(op: ops.DefineMaterial, _: bytes | None, names: Directory) -> Planned:
    names.add_material(op.material)
    return "ParticipantRegistry", "defineMaterial", (op.material, op.name, op.cas, list(op.substances))


def _register_participant(op: ops.RegisterParticipant, _: bytes | None, names: Directory) -> Planned:
    if op.address is None:
        raise InputError(
            f"participant {op.participant!r} has no key here and no address",
            where="address",
            hint="use --create-keys, or give the address of its first key",
        )
    names.add_participant(op.participant, op.address)
    roles = [_padded(role, 32) for role in op.roles]
    country = _padded(op.country, 2)
    arguments = (op.address, op.participant, op.name, country, roles, _evidence(op.evidence))
    return "ParticipantRegistry", "registerParticipant", arguments


def _status(function: str) -> Callable[[Any, bytes | None, Directory], Planned]:
    def planner(op: Any, _: bytes | None, names: Directory) -> Planned:
        arguments = (names.participant(op.participant), op.reason, _evidence(op.evidence))
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
    own = _acting(participant)
    identifier = _own(op.facility, own, names, "facility")
    names.add_facility(own, identifier)
    kind, country = _padded(op.kind, 32), _padded(op.country, 2)
    arguments = (identifier, op.name or identifier, kind, country, _evidence(op.evidence))
    return "ParticipantRegistry", "registerFacility", arguments


def _approve_origin(op: ops.ApproveOrigin, participant: bytes | None, names: Directory) -> Planned:
    facility = names.facility(op.facility, participant)
    arguments = (facility, names.material(op.material), op.capacity_per_year, _evidence(op.evidence))
    return "ParticipantRegistry", "approveOrigin", arguments


def _mint(op: ops.Mint, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    identifier = _own(op.batch, own, names, "batch")
    request = (
        identifier,
        names.material(op.material),
        names.facility(op.facility, own),
        op.mass,
        _substances(op.substances),
        int(op.origin),
        _emissions(op.emissions),
        op.at,
        _evidence(op.evidence),
    )
    names.add_batch(own, identifier)
    return "BatchLedger", "mint", (request,)


def _split(op: ops.Split, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    _named(op.into, "into")
    parent = names.batch(op.batch, own)
    children = [(_own(child.batch, own, names, "batch"), child.mass) for child in op.into]
    for identifier, _ in children:
        names.add_batch(own, identifier)
    return "BatchLedger", "split", (parent, children, op.at, _evidence(op.evidence))


def _ship(op: ops.Ship, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    _named(op.batches, "batches")
    identifier = _own(op.shipment, own, names, "shipment")
    batches = tuple(names.batch(name, own) for name in op.batches)
    receiver = names.participant(op.to)
    names.add_shipment(OpenShipment(own, receiver, identifier, batches))
    offer = (identifier, list(batches), receiver, _emissions(op.emissions), op.at, _evidence(op.evidence))
    return "BatchLedger", "ship", (offer,)


def _receive(op: ops.Receive, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    shipment = names.shipment(op.shipment, own)
    arrived = {names.batch(name, own): mass for name, mass in op.arrived.items()}
    if strangers := set(arrived) - set(shipment.batches):
        name = names.shown(strangers.pop())
        raise InputError(f"batch {name} is not in shipment {op.shipment!r}", where="arrived")
    arrivals = [(batch, arrived.get(batch, IN_FULL)) for batch in shipment.batches]
    arguments = (shipment.sender, shipment.identifier, arrivals, op.at, _evidence(op.evidence))
    return "BatchLedger", "receiveShipment", arguments


def _reject(op: ops.Reject, participant: bytes | None, names: Directory) -> Planned:
    shipment = names.shipment(op.shipment, _acting(participant))
    batches, evidence = list(shipment.batches), _evidence(op.evidence)
    arguments = (shipment.sender, shipment.identifier, batches, op.reason, op.at, evidence)
    return "BatchLedger", "rejectShipment", arguments


def _cancel(op: ops.Cancel, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    shipment = names.shipment(op.shipment, own)
    if shipment.sender != own:
        raise InputError(
            f"shipment {op.shipment!r} is another participant's", hint="only its sender cancels it"
        )
    batches, evidence = list(shipment.batches), _evidence(op.evidence)
    arguments = (shipment.identifier, shipment.receiver, batches, op.reason, op.at, evidence)
    return "BatchLedger", "cancelShipment", arguments


def _transform(op: ops.Transform, participant: bytes | None, names: Directory) -> Planned:
    own = _acting(participant)
    _named(op.inputs, "inputs")
    _named(op.outputs, "outputs")
    facility = names.facility(op.facility, own)
    inputs = [
        (names.batch(item.batch, own), IN_FULL if item.mass is None else item.mass) for item in op.inputs
    ]
    outputs = [_output(item, op.allocation, own, names) for item in op.outputs]
    for made, *_ in outputs:
        names.add_batch(own, made)
    identifier = _own(op.transformation, own, names, "transformation")
    names.add_transformation(own, identifier)
    balance = op.losses == "balance"
    losses = [] if isinstance(op.losses, str) else _substances(op.losses)
    request = (
        identifier,
        facility,
        op.process,
        inputs,
        outputs,
        losses,
        balance,
        int(op.allocation),
        _emissions(op.emissions),
        op.at,
        _evidence(op.evidence),
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
    identifier = _own(item.batch, own, names, "batch")
    material = names.material(item.material)
    return identifier, material, item.mass, item.weight or 0, _substances(item.substances)


def _add_emissions(op: ops.AddEmissions, participant: bytes | None, names: Directory) -> Planned:
    batch = names.batch(op.batch, _acting(participant))
    arguments = (batch, _emissions(op.emissions), op.reason, op.at, _evidence(op.evidence))
    return "BatchLedger", "addEmissions", arguments


def _retire(op: ops.Retire, participant: bytes | None, names: Directory) -> Planned:
    batch = names.batch(op.batch, _acting(participant))
    return "BatchLedger", "retire", (batch, op.reason, op.at, _evidence(op.evidence))


def _declare_error(op: ops.DeclareError, participant: bytes | None, names: Directory) -> Planned:
    names.batch(op.batch, participant)
    creator, identifier = names.split_name(op.batch, participant, "batch")
    corrective = [names.new_batch_id(name, creator) for name in op.corrective]
    arguments = (creator, identifier, int(op.reason), corrective, op.at, _evidence(op.evidence))
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
}
