"""What becomes of a footprint that was received: operations as an operations file has them, and warnings.

A footprint is put on record as a document in any case; with a delivery, its material is minted besides
(``incoming.py`` says how). Done again, the same operations are the same, and run once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from traceledger.errors import InputError
from traceledger.interop.directory import Directory
from traceledger.interop.pact import incoming, rules
from traceledger.interop.pact.incoming import Delivery, Incoming, Received
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.evidence import EvidenceRecord
from traceledger.model.units import format_mass
from traceledger.operations.readers import parse_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a footprint becomes.

    Attributes:
        footprint: the one that was received.
        operations: as an operations file has them, in order.
        warnings: what is doubtful, each a sentence.
        units: how many declared units were delivered; ``None`` without a delivery.
        mass: of the delivery, mg; ``None`` without one.
        emissions: what is recorded of it, mg CO2e; ``None`` without one.
        apart: signed mg CO2e of figures that are told and not recorded.
    """

    footprint: Incoming
    operations: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]
    units: Fraction | None = None
    mass: int | None = None
    emissions: Emissions | None = None
    apart: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        found, emitted = self.footprint, self.emissions
        told = (
            {name: str(getattr(emitted, name)) for name in EMISSION_FIELDS} if emitted is not None else None
        )
        return {
            "pointer": found.pointer,
            "id": found.id,
            "company": found.said("companyName"),
            "product": found.said("productNameCompany"),
            "status": found.said("status"),
            "declared_unit": found.unit,
            "declared_unit_amount": found.pcf.get("declaredUnitAmount"),
            "declared_units": None if self.units is None else str(self.units),
            "mass_mg": None if self.mass is None else str(self.mass),
            "emissions_mg": told,
            "apart": {name: str(value) for name, value in self.apart.items()},
            "warnings": list(self.warnings),
            "operations": list(self.operations),
        }


def document(name: str, receipts: Sequence[Receipt], **done: Any) -> dict[str, Any]:
    """What all footprints of a file become, as JSON has it.

    Args:
        name: of the file.
        receipts: of each footprint.
        done: what was done about it: members to add.
    """
    return {"file": name, "footprints": [each.to_dict() for each in receipts], **done}


def receive(
    received: Received,
    footprint: Incoming,
    delivery: Delivery | None,
    *,
    act_as: str,
    directory: Directory,
    recorded: Sequence[EvidenceRecord] = (),
) -> Receipt:
    """What one footprint becomes.

    Args:
        received: the document that it stands in.
        footprint: one of its footprints.
        delivery: what came with it; ``None``: it is only put on record.
        act_as: slug of the company that received it.
        directory: what identifiers mean.
        recorded: the documents of this kind that are on record.

    Raises:
        InputError: its figures do not hold, it must not be used, or it does not fit the delivery.
    """
    place = f"{received.name}{footprint.pointer and f'#{footprint.pointer}'}"
    evidence = {"uri": _named(received, footprint), "sha256": received.sha256}
    issuer = footprint.said("companyName") or "unknown"
    on_record = {
        "op": "record_evidence",
        "as": act_as,
        **evidence,
        "kind": incoming.KIND,
        "issuer": issuer[:256],
    }
    warnings = [f"{pointer}: {what}" for _, pointer, what in (*footprint.faults, *footprint.doubts)]
    warnings += _about_earlier(received, footprint, recorded)
    if delivery is None:
        return Receipt(footprint=footprint, operations=(on_record,), warnings=tuple(warnings), apart={})
    _require_sound(footprint, place)
    _require_valid(footprint, delivery, place)
    material = _material(footprint, delivery, directory, place)
    warnings += _about_supplier(footprint, directory)
    warnings += _about_product(footprint, directory)
    units, mass = incoming.declared_units(footprint, delivery, place)
    emitted = incoming.emissions(footprint.figures, units)
    warnings += _about_parts(footprint)
    mint = {
        "op": "mint",
        "as": act_as,
        "batch": delivery.batch,
        "material": material,
        "facility": delivery.facility,
        "mass": format_mass(mass),
        **({} if delivery.pieces is None else {"pieces": delivery.pieces}),
        **({"substances": dict(delivery.substances)} if delivery.substances else {}),
        "origin": delivery.origin,
        "emissions": {
            name: format_mass(getattr(emitted, name)) for name in EMISSION_FIELDS if getattr(emitted, name)
        },
        "evidence": [evidence],
        "at": delivery.at,
    }
    return Receipt(
        footprint=footprint,
        operations=(on_record, mint),
        warnings=tuple(warnings),
        units=units,
        mass=mass,
        emissions=emitted,
        apart=incoming.apart(footprint.figures, units),
    )


def _named(received: Received, footprint: Incoming) -> str:
    """Where others find the document, else the URN of the footprint's UUID, else the name of the file."""
    if received.uri:
        return received.uri
    try:
        return f"urn:uuid:{UUID(footprint.id)}"
    except ValueError:
        return received.name.replace("\\", "/").rpartition("/")[2]


def _require_sound(footprint: Incoming, place: str) -> None:
    """Refuse a footprint whose figures cannot be counted on.

    Raises:
        InputError: the first of what is wrong.
    """
    if rules.is_version_2(dict(footprint.document)):
        raise InputError(
            "it is a footprint of version 2 or earlier",
            where=place,
            hint="ask the supplier for one of version 3: it can only be put on record",
        )
    needed = ("declaredUnitAmount", "productMassPerDeclaredUnit", "pcfExcludingBiogenicUptake")
    for rule, pointer, what in footprint.faults:
        if rule in incoming.FIGURE_RULES or (rule == "shape" and pointer.rpartition("/")[2] in needed):
            raise InputError(
                f"{pointer}: {what}",
                where=place,
                hint="traceledger check says all that is wrong; without --batch it is only put on record",
            )
    for name in needed:
        if name not in footprint.figures:
            raise InputError(f"{name} is missing", where=place, hint="ask the supplier for it")


def _require_valid(footprint: Incoming, delivery: Delivery, place: str) -> None:
    """Refuse a footprint that must not be used, or not at that time.

    Raises:
        InputError: it is deprecated, or was not valid any more.
    """
    if footprint.said("status") != "Active":
        raise InputError(
            f"the footprint is {footprint.said('status') or 'of no status'}: its supplier has replaced it",
            where=place,
            hint="ask for the one that is active; without --batch it is only put on record",
        )
    arrived, until = parse_time(delivery.at), _valid_until(footprint)
    if until is not None and arrived > until.timestamp():
        raise InputError(
            f"the footprint was valid until {until:%Y-%m-%d}, and the goods came at {delivery.at}",
            where=place,
            hint="ask for one that is valid; without --batch it is only put on record",
        )


def _valid_until(footprint: Incoming) -> datetime | None:
    """Until when it is valid: as it says, else for three years after its reference period."""
    from traceledger.interop.referee.times import moment, years_later

    said = moment(footprint.said("validityPeriodEnd"))
    ended = moment(str(footprint.pcf.get("referencePeriodEnd", "")))
    if said is not None or ended is None:
        return said
    return years_later(ended, rules.VALID_YEARS).astimezone(UTC)


def _material(footprint: Incoming, delivery: Delivery, directory: Directory, place: str) -> str:
    """The material, by master data and by what is said.

    Raises:
        InputError: they contradict each other, or nobody knows.
    """
    found: dict[str, str] = {}
    for each in footprint.ids("productIds"):
        material = directory.material(each)
        if material is not None:
            found.setdefault(material, each)
    if delivery.material:
        others = {material: name for material, name in found.items() if material != delivery.material}
        if others and delivery.material not in found:
            material, name = next(iter(others.items()))
            hint = "correct --material, or the master data"
            raise InputError(f"{name} is {material}, not {delivery.material}", where=place, hint=hint)
        return delivery.material
    if len(found) == 1:
        return next(iter(found))
    ids = ", ".join(footprint.ids("productIds")[:5])
    what = "its product ids mean several materials" if found else f"nobody knows which material {ids} is"
    raise InputError(what, where=place, hint="say it with --material, or in master data")


def _about_earlier(
    received: Received, footprint: Incoming, recorded: Sequence[EvidenceRecord]
) -> Iterator[str]:
    """What is on record of the footprint, or of those that it replaces."""
    known = {each.uri: each.sha256.hex() for each in recorded}
    before = known.get(_named(received, footprint))
    if before not in (None, received.sha256):
        yield f"a document of this id with another hash, {before}, is on record: a footprint never changes"
    for each in footprint.ids("precedingPfIds"):
        if f"urn:uuid:{each.lower()}" in known:
            yield (
                f"it replaces {each}, which is on record: what was recorded by that is restated with"
                " traceledger batch restate-emissions"
            )


def _about_supplier(footprint: Incoming, directory: Directory) -> Iterator[str]:
    for each in footprint.ids("companyIds"):
        company = directory.participant(each)
        if company is not None:
            yield (
                f"its supplier {company} is on the ledger: a batch that it ships would be traced, and these"
                " emissions would not be counted twice"
            )
            return


def _about_product(footprint: Incoming, directory: Directory) -> Iterator[str]:
    if not any(directory.material(each) for each in footprint.ids("productIds")):
        yield "nobody knows its product ids here: whether it is of this material is for you to see"


def _about_parts(footprint: Incoming) -> Iterator[str]:
    figures = footprint.figures
    if "primaryDataShare" not in figures:
        yield "it does not say which share comes from primary data: none is recorded"
    if figures.get("outboundLogisticsGhgEmissions"):
        yield "outbound logistics are outside of its total, and not recorded: transport emitted them"
