"""From a batch to the documents of its passport: one for each reader, each with its sidecar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from traceledger.errors import UnknownNameError
from traceledger.interop.directory import Directory
from traceledger.interop.exported import Exported, Missing
from traceledger.interop.passport import diligence, identity, lives
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Battery, Per, averaged_with, battery_of
from traceledger.interop.passport.footprint import FOUR
from traceledger.interop.passport.formats import Format
from traceledger.interop.passport.lots import lot_of
from traceledger.interop.passport.members import assembled, withheld
from traceledger.interop.passport.speaking import battery_materials, said_of
from traceledger.model.hexadecimal import id_text
from traceledger.names import LedgerNames
from traceledger.provenance.stages import StageTable

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.interop.masterdata import MasterData


def read(
    ledger: IndexReader, asked: int, known: MasterData, per: Per, stages: StageTable, as_of: int | None = None
) -> Battery:
    """The battery that is meant by a batch, with all that its passport is made of.

    Args:
        ledger: an open index, synced, that opens no private texts.
        asked: the batch's id: a battery, or what holds one.
        known: master data.
        per: of which batteries the figures are.
        stages: which life-cycle stage is whose.
        as_of: the block up to which events count; by default the newest.

    Raises:
        UnknownNameError: there is no such batch.
        InputError: it holds several batteries, or is no whole number of pieces.
        VerificationError: the indexed events do not fit together.
    """
    block = ledger.head_block() if as_of is None else as_of
    if block is None or ledger.batch(asked) is None:
        raise UnknownNameError(f"there is no batch {id_text(asked)}")
    materials = battery_materials(known)
    batch = battery_of(ledger, asked, materials, block)
    found = ledger.batch(batch)
    material = None if found is None else ledger.material_by_id(found.material)
    if found is None or material is None:
        raise UnknownNameError(f"there is no batch {id_text(batch)}")
    directory, names = Directory(ledger, known), LedgerNames(ledger)
    unit = directory.unit_mass_mg(material.slug)
    mass = None if unit is None else Fraction(unit)
    one = lot_of(ledger, batch, mass, block, stages)
    return Battery(
        one=one,
        materials=materials or frozenset([material.slug]),
        averaged=(one,) if per is Per.BATTERY else averaged_with(ledger, one, mass, block, stages),
        per=per,
        said=said_of(
            known,
            batch=names.batch(batch),
            material=material.slug,
            maker=names.slug(found.creator),
            facility=names.facility(found.facility),
        ),
        ledger=ledger,
        directory=directory,
        stages=stages,
        as_of=block,
        now=ledger.time_of(block),
    )


@dataclass(frozen=True, slots=True)
class Passport:
    """A document for a reader.

    Attributes:
        format: its model.
        reader: for whom it is.
        exported: the document, the sources of its values, and what is missing.
        sidecar: what lies beside it.
    """

    format: Format
    reader: Reader
    exported: Exported
    sidecar: Mapping[str, Any]

    @property
    def lacking(self) -> tuple[Missing, ...]:
        """What it must have for its model's schema, and nobody says."""
        return tuple(each for each in self.exported.missing if each.required)


def exported(battery: Battery, form: Format, reader: Reader) -> Exported:
    """The document of a model for a reader by itself, without the sidecar, which tells who took part."""
    return assembled(form.table, battery, reader, battery.said.placed(form.name))


def passport(
    battery: Battery, form: Format, reader: Reader, proofs: Sequence[Mapping[str, Any]] = ()
) -> Passport:
    """The document of a model for a reader, and its sidecar.

    Args:
        battery: the battery.
        form: the model.
        reader: for whom.
        proofs: proof files of the batches of the figures: ``batch``, ``file``, ``sha256``, ``block``.
    """
    made = exported(battery, form, reader)
    sidecar = {
        "format": form.urn,
        "for": {"reader": reader.value, "who": reader.said},
        "incomplete": any(each.required for each in made.missing),
        "block": battery.as_of,
        "masterdata": {"file": battery.said.file, "sha256": battery.said.sha256},
        "battery": _battery(battery, reader),
        "figures": _figures(battery),
        **made.sidecar(),
        "proofs": [dict(each) for each in proofs],
        "withheld": list(withheld(form.table, reader)),
        "due_diligence": diligence.summary(battery, named=reader is not Reader.PUBLIC),
    }
    if reader.may_see("4(c)"):
        sidecar["lives"] = _lives(battery)
    return Passport(form, reader, made, sidecar)


def _battery(battery: Battery, reader: Reader) -> dict[str, Any]:
    # What is wrong everybody may know; with whom, who may know who took part.
    public = reader is Reader.PUBLIC
    return {
        "batch": battery.one.trace.batch,
        "id": id_text(battery.one.batch.id),
        "material": battery.one.trace.material,
        "passport": identity.passport_id(battery.ledger, battery.one.batch.id).urn,
        "troubles": list(dict.fromkeys(each.word if public else each.sentence for each in battery.troubles)),
    }


def _figures(battery: Battery) -> dict[str, Any]:
    carbon = battery.carbon
    return {
        "per": battery.per.value,
        "year": battery.year,
        "batteries": battery.pieces,
        "batches": len(battery.averaged),
        "restated": carbon.restated,
        "restatements_confirmed": carbon.confirmed,
        "stages_without_records": [stage.value for stage in FOUR if not carbon.by_stage.get(stage)],
    }


def _lives(battery: Battery) -> dict[str, Any]:
    linked = (*battery.lives.predecessors, *battery.lives.successors)
    return lives.told(battery.lives, {each.batch: _linked(battery, each.batch) for each in linked})


def _linked(battery: Battery, batch: int) -> dict[str, Any]:
    found = battery.ledger.batch(batch)
    material = None if found is None else battery.ledger.material_by_id(found.material)
    known = None if material is None else battery.directory.known.materials.of(material.slug)
    gtin = known.gtins[0] if known is not None and known.gtins else None
    return {
        "link": None if found is None else identity.digital_link(found.identifier, gtin),
        "passport": identity.passport_id(battery.ledger, batch).urn,
    }
