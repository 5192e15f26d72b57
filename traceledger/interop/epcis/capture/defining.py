"""What documents need on a ledger before: materials, companies, sites and approvals of their headers.

Only the consortium records these, and only where it is asked to: what the ledger has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.interop.epcis import masterdata
from traceledger.interop.epcis.events import Capture
from traceledger.model.batches import Origin
from traceledger.model.ids import batch_id, facility_id, material_id

if TYPE_CHECKING:
    from traceledger.index import IndexReader

_Operation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is recorded before the events.

    Attributes:
        file: the document that says it; of several the first.
        operations: in an order that can be recorded.
        names: names that they define, by kind: ``material``, ``participant``, ``facility``.
        wanted: whether it is to be recorded; else it is only said that it could be.
    """

    file: str = ""
    operations: tuple[_Operation, ...] = ()
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    wanted: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind they define; what they define none of is left out."""
        return {kind: len(names) for kind, names in self.names.items() if names}


def missing(captures: Sequence[Capture], reader: IndexReader) -> Definitions:
    """What the headers of documents define and the ledger lacks."""
    found: list[_Operation] = []
    for capture in captures:
        for operation in masterdata.operations(capture.vocabularies):
            if operation not in found and not _is_known(operation, reader):
                found.append(operation)
    new = {each["participant"] for each in found if each["op"] == "register_participant"}
    sites = {f"{each['as']}/{each['facility']}" for each in found if each["op"] == "register_facility"}
    wanted = [each for each in found if each["op"] != "identify" or _is_new(each, new, sites)]
    names = {
        "material": frozenset(each["material"] for each in found if each["op"] == "define_material"),
        "participant": frozenset(new),
        "facility": frozenset(sites),
    }
    return Definitions(captures[0].name if captures else "", tuple(wanted), names)


def _is_new(operation: _Operation, companies: set[str], sites: set[str]) -> bool:
    """Identifiers are recorded of what is registered with them."""
    site = operation.get("facility")
    return f"{operation['as']}/{site}" in sites if site else operation["as"] in companies


def _is_known(operation: _Operation, reader: IndexReader) -> bool:
    match operation["op"]:
        case "define_material":
            return reader.material(operation["material"]) is not None
        case "register_participant":
            return reader.participant(operation["participant"]) is not None
        case "register_facility":
            owner = reader.participant(operation["as"])
            return owner is not None and reader.facility(owner.address, operation["facility"]) is not None
        case "approve_origin":
            return _is_approved(operation, reader)
        case "permit_content":
            owner = reader.participant(operation["participant"])
            return owner is not None and reader.batch(batch_id(owner.address, operation["batch"])) is not None
        case _:
            return False


def _is_approved(operation: _Operation, reader: IndexReader) -> bool:
    slug, _, identifier = operation["facility"].partition("/")
    owner = reader.participant(slug)
    if owner is None or operation.get("origin", "mined") not in {each.slug for each in Origin}:
        return False
    origin = Origin[operation.get("origin", "mined").upper()]
    return (
        reader.approval(facility_id(owner.address, identifier), material_id(operation["material"]), origin)
        is not None
    )
