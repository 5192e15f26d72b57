"""From an operation to the contract call that performs it."""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import encode
from traceledger.operations.actor import Actor
from traceledger.operations.catalogue import Operation
from traceledger.operations.directory import Directory
from traceledger.operations.new_names import teach
from traceledger.operations.private import concealed


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call, ready to be signed. ``participant`` acts; ``None`` stands for the deploying account."""

    participant: bytes | None
    contract: ContractName
    data: bytes


def plan(operation: Operation, names: Directory) -> PlannedCall:
    """The call that performs an operation; ``names`` learns what it will create.

    Raises:
        InputError: a name is unknown, or the operation needs an acting participant and has none.
    """
    participant = names.participant(operation.act_as) if operation.act_as else None
    actor = Actor(participant, names)
    recorded = concealed(operation, participant, names)
    contract, function, arguments = recorded.call(actor)
    teach(recorded, actor)
    return PlannedCall(participant, contract, encode(contract, function, *arguments))
