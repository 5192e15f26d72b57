"""What the registry recorded that events of lots depend on: definitions, amendments, sales, permits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.events import (
    ContentPermitted,
    FacilityTransferred,
    MaterialAmended,
    MaterialDefined,
    Position,
    decode,
)
from traceledger.interop.epcis.export.saying import moment, of_material, parties
from traceledger.interop.epcis.export.things import Things
from traceledger.model.frozen import frozen
from traceledger.model.substances import symbol

if TYPE_CHECKING:
    from traceledger.index import IndexReader

Document = dict[str, Any]


@frozen
class Act:
    """An act of the registry in the midst of the events of lots, and where it stands."""

    position: Position
    timestamp: int
    event: MaterialAmended | FacilityTransferred


class Registry:
    """The registry's own history, read once.

    Args:
        index: where it is read.

    Attributes:
        defined: materials as they were defined, by id.
        permits: permits of lots outside the contents of their materials.
        acts: amendments of materials and sales of sites, in the chain's order.
    """

    def __init__(self, index: IndexReader) -> None:
        self.defined: dict[int, MaterialDefined] = {}
        self.permits: list[ContentPermitted] = []
        self.acts: list[Act] = []
        blocks = index.many.logs_of(index.status().follows.registry)
        for block, timestamp, log in blocks:
            match decode(log):
                case MaterialDefined() as event:
                    self.defined[event.material] = event
                case ContentPermitted() as event:
                    self.permits.append(event)
                case MaterialAmended() | FacilityTransferred() as event:
                    self.acts.append(Act(Position(block, log.index), timestamp, event))
                case _:
                    pass


def act(found: Act, things: Things) -> Document:
    """An act of the registry as an event without lots."""
    event = found.event
    said: Document = {
        "type": "ObjectEvent",
        **moment(found.position, event.occurred_at or found.timestamp, found.timestamp, things),
        "action": "OBSERVE",
        "epcList": [],
        "bizStep": "other",
    }
    position = {"tl:position": found.position.reference}
    if isinstance(event, MaterialAmended):
        terms = list(of_material(event.terms))
        content = [value for key, value in terms if key == "content"]
        return {
            **said,
            "tl:operation": "amend_material",
            "tl:byConsortium": True,
            **position,
            "tl:material": things.names.material(event.material),
            "tl:tracked": [symbol(each) for each in event.substances],
            **{f"tl:{key}": value for key, value in terms if key != "content"},
            **({"tl:content": content} if content else {}),
            "tl:reason": event.reason,
        }
    site, seller, buyer = things.site(event.facility), things.company(event.holder), things.company(event.to)
    return {
        **said,
        "bizLocation": {"id": site.uri},
        **parties("owning_party", seller, buyer),
        "tl:operation": "transfer_facility",
        "tl:by": seller.name,
        **position,
        "tl:facility": site.name,
        "tl:to": buyer.name,
    }
