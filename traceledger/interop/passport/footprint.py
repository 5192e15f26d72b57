"""The carbon footprint of a battery: Regulation (EU) 2023/1542, Article 7 and Annex II.

It is kg CO2e for each kWh of the total energy that the battery provides over its expected service life (Annex
II, point 2, the functional unit), by the four life-cycle stages of Annex II, point 4. The energy comes from
master data; the ledger cannot know it. The class of Article 7(2) comes from thresholds in a file of the
company's, with the name of the act that lays them down: there is no class without one, as the delegated act
may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from traceledger.errors import InputError
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.numbers import number, parts_of, rounded
from traceledger.interop.passport.told import Lacking, Node, Told, from_ledger
from traceledger.model.counting import counted
from traceledger.model.units import MG_PER_KG
from traceledger.provenance.stages import Stage

KWH = "functional_unit_kwh"
"""Of one battery: the total energy over its expected service life, kWh."""

FOUR = (Stage.RAW_MATERIAL, Stage.MAIN_PRODUCTION, Stage.DISTRIBUTION, Stage.END_OF_LIFE)
"""The stages of Annex II, point 4, in its order."""


def absolute(battery: Battery) -> Told:
    """Kg CO2e of one battery."""
    per_piece = battery.carbon.whole.total / battery.pieces / MG_PER_KG
    return from_ledger(number(per_piece), f"kg CO2e of one battery{_of(battery)}", battery.events)


def per_kwh(battery: Battery) -> Told | Lacking:
    """Kg CO2e for each kWh of the functional unit: the sum of the stages as they are written."""
    found = _per_kwh(battery)
    if isinstance(found, Lacking):
        return found
    what = f"kg CO2e for each kWh over the service life{_of(battery)}, which {_energy(battery)} says"
    return from_ledger(sum(found.values(), Decimal(0)), what, battery.events)


def stage_per_kwh(battery: Battery, stage: Stage) -> Told | Lacking:
    """The same of one life-cycle stage; what the table of stages does not assign is no stage's."""
    found = _per_kwh(battery)
    if isinstance(found, Lacking):
        return found
    if (unassigned := battery.carbon.by_stage.get(Stage.NOT_ASSIGNED, Fraction(0))) != 0:
        return no_stage(unassigned / battery.pieces)
    what = (
        f"kg CO2e for each kWh of the stage {stage.words}{_of(battery)}; {_energy(battery)} says the energy"
    )
    if not battery.carbon.by_stage.get(stage):
        what = f"nothing is recorded of the stage {stage.words}: no CO2e of it is in the figures"
    return from_ledger(found[stage], what, battery.events)


def _per_kwh(battery: Battery) -> Mapping[Stage, Decimal] | Lacking:
    energy = battery.said.number(KWH)
    if isinstance(energy, Lacking):
        return energy
    kwh = Fraction(energy.exact)
    if kwh <= 0:
        raise InputError(f"{energy.value} kWh is no energy over a service life", where=energy.what)
    stages = battery.carbon.by_stage
    exact = {
        stage: stages.get(stage, Fraction(0)) / battery.pieces / MG_PER_KG / kwh
        for stage in (*FOUR, Stage.NOT_ASSIGNED)
    }
    return parts_of(exact)


def no_stage(unassigned: Fraction) -> Lacking:
    """Why no stage of one battery, or of one unit, can be told.

    Args:
        unassigned: mg CO2e that the table of stages assigns to none. Any stage may lack them.
    """
    return Lacking(
        f"{rounded(unassigned / MG_PER_KG, 6).normalize():f} kg CO2e belong to no life-cycle stage: the"
        " consortium's table of stages must name their process or kind of facility, which 'traceledger"
        " footprint' shows (docs/declaration.md#life-cycle-stages)"
    )


def performance_class(battery: Battery) -> Node:
    """The class that master data's thresholds give, which name the method and its version.

    A class is reached where the footprint for each kWh, as it is written, is not above its ``most``; what is
    above all of them is ``beyond``.
    """
    classes = battery.said.classes
    if classes is None:
        return Lacking(
            "master data has no [[classes]] for this category: their thresholds, method and version"
        )
    own = per_kwh(battery)
    if isinstance(own, Lacking):
        return own
    amount = own.exact
    reached = next((each for each in classes.thresholds if amount <= each.most), None)
    name = classes.beyond if reached is None else reached.name
    limit = "above all thresholds" if reached is None else f"at most {reached.most}"
    what = f"class of {amount} kg CO2e for each kWh by {classes.method}: {limit}"
    return from_ledger(name, what, own.events)


def _energy(battery: Battery) -> str:
    found = battery.said.number(KWH)
    return KWH if isinstance(found, Lacking) else found.what


def _of(battery: Battery) -> str:
    """Of how many batteries it is the average."""
    if battery.pieces == 1:
        return ""
    return f", on average of {battery.pieces} in {counted(len(battery.averaged), 'lot')}"
