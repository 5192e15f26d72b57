"""What events of the batch ledger say of single batches: taken, split off, made, shipped, arrived.

Fields stand in the order of the Solidity structs of ``contracts/types``. Masses are mg, emissions mg CO2e.
"""

# Without `from __future__ import annotations`: traceledger.events.fields reads the annotations.

from traceledger.events.fields import Flag, Id, Masses, Mg, Text
from traceledger.model.batches import Difference, Substances
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

    ``weight`` is what its share was computed with: its mass, the weight that was given, or 0 for waste beside
    what bears its CO2e (Rule 6). ``waste``: it is waste. ``off_specification``: outside its material's
    contents, by an auditor's permit. ``pieces``: 0 where they were not counted.
    """

    batch: Id
    material: Id
    mass_mg: Mg
    pieces: Mg
    weight: Mg
    waste: Flag
    off_specification: Flag
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
    """A batch as it arrived, and why that differs from what was sent (Rule 3).

    ``substances_mg``: for a loss, what was lost; for a measurement, all substances as measured now; else
    empty.
    """

    batch: Id
    mass_mg: Mg
    difference: Difference
    substances_mg: Masses

    @property
    def losses_mg(self) -> Substances:
        """The substances lost with the mass that is missing, by number; empty for other differences."""
        return self.substances_mg if self.difference is Difference.LOSS else {}
