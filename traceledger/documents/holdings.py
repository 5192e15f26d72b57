"""The JSON of what a participant holds: its lots, what is the matter with each, totals, what can be done.

What can be done with a lot follows from its state, as docs/rules.md has it; the contracts decide.

Example:
    >>> ACTIONS[:4]
    ('split', 'ship', 'transform', 'add_emissions')
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.documents.inbox import MATTERS, matters_of
from traceledger.documents.known import Known
from traceledger.documents.values import amounts, tracked
from traceledger.model.batches import BatchState
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch
    from traceledger.model.registry import Material, Participant

ACTIONS = (
    "split",
    "ship",
    "transform",
    "add_emissions",
    "remeasure",
    "hold",
    "release",
    "retire",
    "transfer_title",
)
"""What a custodian can do with a lot, in the order in which it is offered."""


@frozen
class Held:
    """Which lots are wanted of those that a participant holds.

    Attributes:
        material: only those of that material (short name).
        state: only those in that state (slug).
        matter: only those with which that is the matter, as the inbox names it, such as ``lots_held``.
        text: only those in whose name this stands.
    """

    material: str | None = None
    state: str | None = None
    matter: str | None = None
    text: str | None = None


def holdings(
    index: IndexReader, own: Participant, wanted: Held, *, offset: int = 0, most: int = 100
) -> dict[str, Any]:
    """The lots that a participant holds, those that are under way to others included, and what they sum to.

    Args:
        index: where to read.
        own: the participant.
        wanted: which of them.
        offset: how many are passed over.
        most: how many are listed at most.
    """
    lots, names = _all(index, own)
    chosen = [lot for lot in lots if _is_wanted(lot, wanted, names)]
    shown = chosen[offset : offset + most]
    matters = {each for lot in lots for each in matters_of(lot, names)}
    return {
        "participant": own.slug,
        "lots": [lot_row(lot, names) for lot in shown],
        "totals": totals(chosen, names),
        "materials": sorted({names.material(lot.material) for lot in lots}),
        "states": sorted({lot.state.slug for lot in lots}),
        "matters": [each for each in MATTERS if each in matters],
        "held": len(lots),
        "chosen": len(chosen),
        "offset": offset,
        "most": most,
    }


def chosen_lots(index: IndexReader, own: Participant, wanted: Held) -> list[Batch]:
    """The lots that a participant holds and that are wanted, those under way to others included."""
    lots, names = _all(index, own)
    return [lot for lot in lots if _is_wanted(lot, wanted, names)]


def _all(index: IndexReader, own: Participant) -> tuple[list[Batch], LedgerNames]:
    states = (BatchState.ACTIVE, BatchState.IN_TRANSIT, BatchState.RETURNING)
    lots = [lot for state in states for lot in index.batches(own.address, state)]
    return lots, LedgerNames(Known(index, batches=[lot.id for lot in lots]))


def _is_wanted(lot: Batch, wanted: Held, names: LedgerNames) -> bool:
    return (
        (wanted.material is None or names.material(lot.material) == wanted.material)
        and (wanted.state is None or lot.state.slug == wanted.state)
        and (wanted.matter is None or wanted.matter in matters_of(lot, names))
        and (
            wanted.text is None
            or wanted.text.casefold() in names.full(lot.creator, lot.identifier).casefold()
        )
    )


def lot_row(lot: Batch, names: LedgerNames) -> dict[str, Any]:
    """A lot as one row: masses in mg and CO2e in mg as decimal strings."""
    return {
        "batch": names.full(lot.creator, lot.identifier),
        "id": id_text(lot.id),
        "material": names.material(lot.material),
        "facility": names.facility(lot.facility),
        "state": lot.state.slug,
        "mass_mg": str(lot.mass_mg),
        "substances_mg": amounts(tracked(lot)),
        "co2e_mg": str(lot.own_mg + lot.inherited_mg),
        "matters": matters_of(lot, names),
        "waste": lot.waste,
        "pieces": lot.pieces,
        "owner": None if lot.owner is None else names.slug(lot.owner),
    }


def totals(lots: Iterable[Batch], names: LedgerNames) -> list[dict[str, Any]]:
    """What lots come to, by material: how many, mass, substances and CO2e."""
    numbers, masses, co2e = Counter[str](), Counter[str](), Counter[str]()
    substances: dict[str, Counter[int]] = {}
    for lot in lots:
        material = names.material(lot.material)
        numbers[material] += 1
        masses[material] += lot.mass_mg
        co2e[material] += lot.own_mg + lot.inherited_mg
        substances.setdefault(material, Counter()).update(lot.substances_mg)
    return [
        {
            "material": material,
            "lots": numbers[material],
            "mass_mg": str(masses[material]),
            "substances_mg": amounts(dict(sorted(substances[material].items()))),
            "co2e_mg": str(co2e[material]),
        }
        for material in sorted(numbers)
    ]


def possible(lot: Batch, goods: Material | None, own: bytes) -> list[dict[str, Any]]:
    """What a participant (address) can do with a lot as it stands, and of the rest why it cannot.

    Of each action ``why`` is empty where it is possible, and else the slug of a reason.
    """
    found = [{"action": action, "why": _stops(action, lot, goods, own)} for action in ACTIONS]
    return [each for each in found if each["why"] is not None]


def _stops(action: str, lot: Batch, goods: Material | None, own: bytes) -> str | None:
    """The slug of what stops an action; empty: nothing does; ``None``: it is not offered at all."""
    mine = lot.custodian == own
    if action == "hold" and not mine and lot.creator == own and not lot.recalled:
        return ""  # its maker recalls it
    if action == "release":
        return _stops_release(lot, own)
    if action == "transfer_title":
        return "" if (lot.owner or lot.custodian) == own and not _ended(lot) else None
    if not mine:
        return "not_yours"
    if stopped := _stops_all(lot):
        return stopped
    if action == "hold":
        return None if lot.held_by_custodian else ""
    return _stops_use(action, lot, goods)


def _stops_release(lot: Batch, own: bytes) -> str | None:
    if (lot.held_by_custodian and lot.custodian == own) or (lot.recalled and lot.creator == own):
        return ""
    return None


def _ended(lot: Batch) -> bool:
    return lot.state not in (BatchState.ACTIVE, BatchState.IN_TRANSIT, BatchState.RETURNING)


def _stops_all(lot: Batch) -> str:
    if lot.state.travels:
        return "in_transit"
    return "ended" if _ended(lot) else ""


def _stops_use(action: str, lot: Batch, goods: Material | None) -> str:
    """The table of docs/rules.md: what a hold and a freeze stop."""
    if lot.held_by_auditor:
        return "held_by_auditor"
    if lot.held_by_custodian:
        return "held"
    if lot.frozen and action not in ("ship", "retire"):
        return "frozen"
    if action == "remeasure" and not (goods and (goods.tolerance_mass_bp or goods.tolerance_substances_bp)):
        return "no_tolerance"
    return ""
