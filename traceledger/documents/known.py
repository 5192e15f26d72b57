"""Names of many things at once, for lists and tables: what they need is read in one question for each kind.

Example:
    >>> class Nothing:
    ...     many = type("Many", (), {name: staticmethod(lambda ids: {}) for name in (
    ...         "batches", "shipments", "facilities", "materials", "participants")})
    >>> Known(Nothing(), batches=[7]).loaded
    0
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.assurance import Assessment, Finding
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Facility, Material, Participant


class Known:
    """Where names come from (a ``Ledger`` of :mod:`traceledger.names`), read beforehand, or when asked for.

    Args:
        index: where to read.
        batches: ids of batches that will be named.
        shipments: ids of shipments.
        facilities: ids of sites.
        participants: addresses of companies.
        materials: ids of materials.
    """

    def __init__(
        self,
        index: IndexReader,
        *,
        batches: Iterable[int] = (),
        shipments: Iterable[int] = (),
        facilities: Iterable[int] = (),
        participants: Iterable[bytes] = (),
        materials: Iterable[int] = (),
    ) -> None:
        self._index, many = index, index.many
        self.batches = many.batches(batches)
        self.shipments = many.shipments(shipments)
        lots, sent = self.batches.values(), self.shipments.values()
        self.facilities = many.facilities({*facilities, *(lot.facility for lot in lots)})
        self.materials = many.materials({*materials, *(lot.material for lot in lots)})
        people = {*participants, *(side for lot in lots for side in (lot.creator, lot.custodian))}
        people |= {side for each in sent for side in (each.sender, each.receiver, each.owner)}
        people |= {side for site in self.facilities.values() for side in (site.participant, site.holder)}
        self.participants = many.participants(people)

    @property
    def loaded(self) -> int:
        """How many things are known."""
        lots, sites = len(self.batches) + len(self.shipments), len(self.facilities)
        return lots + sites + len(self.materials) + len(self.participants)

    def participant_at(self, address: bytes) -> Participant | None:
        """The company at an address."""
        return self.participants.get(address) or self._index.participant_at(address)

    def facility_by_id(self, facility: int) -> Facility | None:
        """The site of that id."""
        return self.facilities.get(facility) or self._index.facility_by_id(facility)

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""
        return self.materials.get(material) or self._index.material_by_id(material)

    def batch(self, batch: int) -> Batch | None:
        """The batch of that id."""
        return self.batches.get(batch) or self._index.batch(batch)

    def shipment(self, shipment: int) -> Shipment | None:
        """The shipment of that id."""
        return self.shipments.get(shipment) or self._index.shipment(shipment)

    def finding(self, finding: int) -> Finding | None:
        """The finding of that id."""
        return self._index.finding(finding)

    def assessment(self, assessment: int) -> Assessment | None:
        """The assessment of that id."""
        return self._index.assessment(assessment)
