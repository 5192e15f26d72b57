"""The CO2e of one declared unit of a product: of a kilogram, a piece or a kilowatt hour (PACT, Catena-X).

The unit is the one that master data declares for the material, else the kilogram. What is divided is what the
batches of the figures bear where they leave their maker (cradle to gate), or the transport after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.footprint import no_stage
from traceledger.interop.passport.numbers import number, parts_of
from traceledger.interop.passport.told import Lacking, Node, Told, from_ledger
from traceledger.model.units import MG_PER_KG
from traceledger.provenance.stages import Stage

KILOGRAM, PIECE, KWH = "kilogram", "piece", "kilowatt hour"


def unit(battery: Battery) -> str:
    """The declared unit."""
    found = battery.said.text("declared_unit")
    return KILOGRAM if isinstance(found, Lacking) else str(found.value)


def units(battery: Battery) -> Fraction | Lacking:
    """How many units the batches of the figures are."""
    mass = Fraction(battery.carbon.mass_mg, MG_PER_KG)
    if (declared := unit(battery)) == KILOGRAM:
        return mass
    if declared == PIECE:
        return Fraction(battery.pieces)
    of_piece, of_kg = battery.said.number("kwh_per_piece"), battery.said.number("kwh_per_kg")
    if not isinstance(of_piece, Lacking):
        return Fraction(of_piece.exact) * battery.pieces
    return of_kg if isinstance(of_kg, Lacking) else Fraction(of_kg.exact) * mass


def per_unit(battery: Battery, amounts: Mapping[str, Fraction], what: str) -> dict[str, Node]:
    """Amounts of all batches together, mg, as kg of one unit; they sum as written."""
    count = units(battery)
    if isinstance(count, Lacking):
        return dict.fromkeys(amounts, count)
    exact = {name: amount / MG_PER_KG / count for name, amount in amounts.items()}
    said = f"kg CO2e of one {unit(battery)}: {what}"
    return {
        name: from_ledger(value, f"{said}, {name}", battery.events) for name, value in parts_of(exact).items()
    }


def mass_per_unit(battery: Battery) -> Node:
    """Kg of one unit."""
    count = units(battery)
    if isinstance(count, Lacking):
        return count
    mass = number(Fraction(battery.carbon.mass_mg, MG_PER_KG) / count)
    return from_ledger(mass, f"kg of one {unit(battery)}", battery.making)


def stages(battery: Battery) -> dict[Stage, Node]:
    """Kg CO2e of one unit by life-cycle stage; together they are all that it bears."""
    count = units(battery)
    if isinstance(count, Lacking):
        return dict.fromkeys(Stage, count)
    found = battery.carbon.by_stage
    if unassigned := found.get(Stage.NOT_ASSIGNED, Fraction(0)):
        return dict.fromkeys(Stage, no_stage(unassigned / count))
    amounts = {str(stage): found.get(stage, Fraction(0)) for stage in Stage}
    told = per_unit(battery, amounts, "of the life-cycle stage")
    return {stage: told[str(stage)] for stage in Stage}


def total(nodes: Mapping[Any, Node]) -> Node:
    """The sum of what was rounded together."""
    told = list(nodes.values())
    lacking = next((each for each in told if isinstance(each, Lacking)), None)
    if lacking is not None:
        return lacking
    values = [each for each in told if isinstance(each, Told)]
    whole = sum((each.exact for each in values), Decimal(0))
    return from_ledger(whole, f"the sum of {values[0].what.rpartition(',')[0]}", values[0].events)


def footprint_id(battery: Battery, format_: str) -> UUID:
    """The identifier of a footprint: the same as long as nothing changes what it is computed from."""
    said = [format_, unit(battery), *(str(each) for each in battery.carbon.batches), *battery.carbon.events]
    follows = battery.ledger.status().follows
    digest = sha256(follows.genesis_hash + follows.ledger + "\0".join(said).encode()).digest()
    return UUID(bytes=digest[:16], version=4)
