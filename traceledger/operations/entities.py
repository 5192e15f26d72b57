"""The things that operations read and write, by which sending keeps what depends on each other in order.

Example:
    >>> participant((7).to_bytes(20, "big"))
    ('participant', 7)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from traceledger.model.ids import emissions_record_id, transformation_id

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity

REQUIREMENTS: Entity = ("requirements", 0)
"""Which assessments are mandatory: whoever acts depends on it."""


def participant(address: bytes) -> Entity:
    """A participant: its standing, and the keys that sign for it."""
    return "participant", int.from_bytes(address, "big")


def key(address: bytes) -> Entity:
    """A key, which signs for at most one participant."""
    return "operator", int.from_bytes(address, "big")


def batches(names: Iterable[str], actor: Actor) -> list[Entity]:
    """Batches, by their names."""
    return [("batch", actor.batch(name)) for name in names]


def facility(name: str, actor: Actor) -> Entity:
    """A facility."""
    return "facility", actor.facility(name)


def material(name: str, actor: Actor) -> Entity:
    """A material."""
    return "material", actor.names.material(name)


def approval(facility_name: str, material_name: str, actor: Actor) -> Entity:
    """What a facility is approved for, and how much of the year's capacity is left."""
    return (
        "approval",
        f"{actor.facility(facility_name):x}/{actor.names.material(material_name):x}",
    )


def approvals(facility_name: str, actor: Actor) -> Entity:
    """What a facility is approved for at all: a take-back or a recycling run depends on it."""
    return "approvals", actor.facility(facility_name)


def transformation(name: str, actor: Actor) -> Entity:
    """A run."""
    owner, identifier = actor.names.recorded_name(name, actor.own, "transformation")
    return "transformation", transformation_id(owner, identifier)


def record(name: str, actor: Actor) -> Entity:
    """Emissions that were added to a batch under that name."""
    return "record", emissions_record_id(*actor.names.recorded_name(name, actor.own, "record"))


def shipment(name: str, actor: Actor) -> Entity:
    """A shipment."""
    return "shipment", actor.shipment(name).id
