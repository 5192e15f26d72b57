"""What events of the batch ledger say of single batches: taken, split off, made, shipped, arrived.

Fields stand in the order of the Solidity structs of ``contracts/types``. Masses are mg, emissions mg CO2e.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.

from traceledger.events.fields import Id, Masses, Mg, Text
from traceledger.model.frozen import frozen


@frozen
class Taken:
    """What was taken of ``batch``; in a :class:`Child`, what the batch received from its parent."""

    batch: Id
    mass_mg: Mg
    own_mg: Mg
    inherited_mg: Mg
    primary_mg: Mg
    substances_mg: Masses


@frozen
class Child:
    """A batch split off another; ``taken.batch`` is its own id."""

    identifier: Text
    taken: Taken


@frozen
class Made:
    """A batch made by a transformation, with its allocated emissions.

    ``weight`` is its economic weight; 0 under the mass rule.
    """

    batch: Id
    material: Id
    mass_mg: Mg
    weight: Mg
    own_mg: Mg
    inherited_mg: Mg
    primary_mg: Mg
    substances_mg: Masses
    identifier: Text


@frozen
class Shipped:
    """A batch as a shipment found it; ``own_mg`` is its own CO2e with the transport's share added."""

    batch: Id
    mass_mg: Mg
    own_mg: Mg


@frozen
class Arrived:
    """A batch as it arrived, and the substances lost with the mass that is missing."""

    batch: Id
    mass_mg: Mg
    losses_mg: Masses
