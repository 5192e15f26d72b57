"""From an operation to the contract call that performs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import encode
from traceledger.artifacts.identity import contract_of, identity_from, identity_of, tagged
from traceledger.operations.actor import Actor
from traceledger.operations.base import Base
from traceledger.operations.catalogue import Operation
from traceledger.operations.directory import Directory
from traceledger.operations.new_names import teach
from traceledger.operations.outlook import LaterError
from traceledger.operations.private import concealed
from traceledger.operations.tags import canonical, tag_of

Ran = Callable[[bytes | None, ContractName, bytes], bool]
"""Whether the chain holds a call of that participant to that contract with that identity."""


def never(*_: object) -> bool:
    """The chain holds nothing, as far as is asked."""
    return False


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call, ready to be signed.

    Attributes:
        participant: who acts; ``None`` stands for the deploying account.
        contract: which contract is called.
        data: calldata; ``None``: it follows from lines that are not recorded yet, or the chain holds it.
        identity: by what it is known again on the chain (``artifacts/identity.py``).
    """

    participant: bytes | None
    contract: ContractName
    data: bytes | None
    identity: bytes


@dataclass(slots=True)
class Planner:
    """Plans operations, one after another.

    Attributes:
        names: names, and how things stand once the lines before have run; they learn what is planned.
        ran: whether the chain holds a call already: then what it was made of may be gone.
    """

    names: Directory
    ran: Ran = never
    _ordinals: Counter[bytes] = field(default_factory=Counter)

    def plan(self, operation: Operation) -> PlannedCall:
        """The call that performs an operation.

        Raises:
            InputError: a name is unknown, or the operation needs an acting participant and has none.
        """
        participant = self.names.acting(operation.act_as) if operation.act_as else None
        actor = Actor(participant, self.names)
        recorded = concealed(operation, participant, self.names)
        if recorded.row().tagged:
            actor = replace(actor, tag=self._tag(recorded, actor))
        call = self._called(recorded, actor)
        teach(recorded, actor)
        return call

    def _tag(self, operation: Base, actor: Actor) -> bytes:
        """The tag of an operation: how many identical ones came before, counts."""
        text = canonical(operation, actor)
        self._ordinals[text] += 1
        return tag_of(text, self._ordinals[text])

    def _called(self, operation: Base, actor: Actor) -> PlannedCall:
        contract, identity = _identity(operation, actor)
        if identity is not None and self.ran(actor.own, contract, identity):
            return PlannedCall(actor.own, contract, None, identity)
        try:
            contract, function, arguments = operation.call(actor)
        except LaterError:
            return PlannedCall(actor.own, contract, None, identity or b"")
        data = encode(contract, function, *arguments)
        return PlannedCall(actor.own, contract, data, identity or identity_of(data))


def _identity(operation: Base, actor: Actor) -> tuple[ContractName, bytes | None]:
    """By what an operation is known again of which some follows from the state; ``None``: nothing does."""
    if operation.row().tagged:
        return "BatchLedger", tagged(actor.tag)
    told = operation.told(actor)
    return ("BatchLedger", None) if told is None else (contract_of(told[0]), identity_from(*told))


def plan(operation: Operation, names: Directory) -> PlannedCall:
    """The call that performs an operation by itself; ``names`` learns what it will create.

    Raises:
        InputError: a name is unknown, or the operation needs an acting participant and has none.
    """
    return Planner(names).plan(operation)
