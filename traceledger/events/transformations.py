"""What the batch ledger says of runs that make batches of batches.

Masses are mg, emissions mg CO2e, times UTC seconds (``occurred_at`` is when it happened, as the submitter
claims), participants 20-byte addresses, ids ``int``; fields stand in the order of the Solidity parameters.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.
from typing import ClassVar

from traceledger.events.facts import Concerns, NewBatch, Role
from traceledger.events.facts import Text as PrivateText
from traceledger.events.fields import Address, Documents, Flag, Id, Indexed, Masses, Scopes, Seconds, Text
from traceledger.events.parts import Made, Taken
from traceledger.model.commitments import FieldKind
from traceledger.model.emissions import AllocationRule
from traceledger.model.frozen import frozen


@frozen
class Transformed:
    """Batches were made of batches at ``facility``; inputs were taken one after the other.

    ``recycling``: of what was taken back, or of waste that arose elsewhere; then it is an origin of its own,
    and its outputs are recycled material (Rule 9). ``allocation`` is the rule by which CO2e was shared: by
    mass too where waste took more of a substance than the other outputs together (Rule 6). The weights that
    counted are the outputs'.
    """

    transformation: Indexed[Id]
    participant: Indexed[Address]
    facility: Indexed[Id]
    occurred_at: Seconds
    recycling: Flag
    allocation: AllocationRule
    emissions: Scopes
    inputs: tuple[Taken, ...]
    outputs: tuple[Made, ...]
    losses_mg: Masses
    identifier: Text
    process: Text
    evidence: Documents

    word: ClassVar = "transformation"

    @property
    def author(self) -> bytes:
        """Who transformed."""
        return self.participant

    @property
    def parties(self) -> tuple[bytes, ...]:
        """Who transformed."""
        return (self.participant,)

    @property
    def concerns(self) -> Concerns:
        """Inputs, and outputs."""
        inputs = ((taken.batch, Role.TAKEN) for taken in self.inputs)
        return (*inputs, *((made.batch, Role.MADE) for made in self.outputs))

    @property
    def texts(self) -> tuple[PrivateText, ...]:
        """Identifiers of the transformation and of the outputs."""
        run = PrivateText.of(FieldKind.TRANSFORMATION, self.participant, self.identifier)
        made = (PrivateText.of(FieldKind.BATCH, self.participant, made.identifier) for made in self.outputs)
        return (run, *made)

    @property
    def makes(self) -> tuple[NewBatch, ...]:
        """The outputs, each of all inputs."""
        taken_mg: dict[int, int] = {}
        for taken in self.inputs:
            taken_mg[taken.batch] = taken_mg.get(taken.batch, 0) + taken.mass_mg
        return tuple(
            NewBatch(
                batch=made.batch,
                creator=self.participant,
                identifier=made.identifier,
                taken_mg=taken_mg,
                material=made.material,
                facility=self.facility,
                mass_mg=made.mass_mg,
                pieces=made.pieces,
                waste=made.waste,
                off_specification=made.off_specification,
                own_mg=made.own_mg,
                inherited_mg=made.inherited_mg,
                primary_mg=made.primary_mg,
                substances_mg=made.substances_mg,
            )
            for made in self.outputs
        )
