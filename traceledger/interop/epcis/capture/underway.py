"""What an event sends that is on its way already: told by two steps of one consignment, it is sent once.

Nothing else is taken for sent: another mass is another consignment, or a fault.
"""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.errors import InputError
from traceledger.interop.epcis.capture.scene import Scene, Thing, Told
from traceledger.interop.epcis.capture.verdicts import RecordedError
from traceledger.interop.epcis.capture.world import Standing
from traceledger.model.units import format_mass

_PARTS = ("departing", "consigning")
"""Business steps that are a part of *shipping*, or another word for it (CBV 2.0, 7.1)."""


def not_on_their_way(things: Sequence[Thing], actor: str, told: Told, scene: Scene) -> list[Thing]:
    """The things that are still in hand.

    Raises:
        RecordedError: all are on their way, by one and the same sender.
        InputError: one is, with another mass.
    """
    sent = {
        thing.key: shipment
        for thing in things
        if (shipment := _shipment_of(thing, actor, told, scene)) is not None
    }
    if sent and len(sent) == len({thing.key for thing in things}):
        shipment = next(iter(sent.values()))
        raise RecordedError(f"it is shipped already, as {shipment}", (shipment, "shipped"))
    return [thing for thing in things if thing.key not in sent]


def _shipment_of(thing: Thing, actor: str, told: Told, scene: Scene) -> str | None:
    """Full name of the shipment by which a thing is on its way already; ``None``: it is to be sent.

    Of a lot that is partly in hand, a part of that mass is meant which another step of the same consignment
    told to be on its way.
    """
    if not scene.held(thing.key, actor):
        return _sent_before(thing, actor, told, scene)
    for lot in scene.world.lots(thing.key):
        if lot.standing is not Standing.TRAVELLING or lot.holder != actor:
            continue
        step = scene.steps.get(lot.shipment)
        is_twin = told.step in _PARTS if step is None else told.step != step
        if is_twin and scene.weighed(thing, lot.material, told)[0] == lot.mass:
            return lot.shipment
    return None


def _sent_before(thing: Thing, actor: str, told: Told, scene: Scene) -> str | None:
    """Full name of the shipment by which somebody sent a thing, with the mass that is said of it now.

    Raises:
        InputError: it was sent with another mass.
    """
    masses: dict[str, int] = {}
    parts: dict[int, str] = {}
    material = None
    for lot in scene.world.lots(thing.key):
        for shipment, mass in scene.sent(lot, actor):
            masses[shipment] = masses.get(shipment, 0) + mass
            parts[mass] = shipment
            material = lot.material
    if not masses:
        return None
    said, _ = scene.weighed(thing, material, told)
    fitting = [shipment for shipment, mass in masses.items() if said in (None, mass)]
    if not fitting and said in parts:
        return parts[said]
    if not fitting:
        shipment, mass = list(masses.items())[-1]
        raise InputError(
            f"{thing.key} is shipped already, {format_mass(mass)} of it as {shipment}, and {actor} has none"
            f" left of which {format_mass(said or 0)} could be sent",
            where=thing.field,
            hint="correct the quantity; or capture first how more of it came to be there",
        )
    return fitting[-1]
