"""The JSON of a shipment that is to be answered: what each lot may arrive as, what an answer does (Rule 3).

Masses are decimal strings of mg. The contracts decide; this says beforehand what they will say.

Example:
    >>> from traceledger.model.batches import Batch
    >>> sent = BatchState.IN_TRANSIT
    >>> lot = Batch(1, bytes(20), "L", 2, 3, bytes(20), sent, 1000, 0, 0, 0, {27: 400}, (27,))
    >>> outcome(lot, LotAnswer(mass=900, difference=Difference.LOSS), None)["substances_mg"]
    {'Co': '360'}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, assert_never

from traceledger.documents.known import Known
from traceledger.documents.shipments import open_lot
from traceledger.documents.values import amounts, tracked
from traceledger.model.arithmetic import take
from traceledger.model.batches import BatchState, Difference
from traceledger.names import LedgerNames
from traceledger.operations.spoken import LotAnswer
from traceledger.replay.measurements import booked, measured

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch, Shipment
    from traceledger.model.registry import Material

_WHOLE = 10_000


def arrivals(index: IndexReader, found: Shipment, lots: Sequence[Batch]) -> dict[str, Any]:
    """A shipment with its open lots: what each was sent as, and within which limits it may arrive."""
    names = LedgerNames(Known(index, batches=[lot.id for lot in lots], shipments=[found.id]))
    sender = names.company(found.sender)
    return {
        "shipment": names.full(found.sender, found.identifier),
        "sender": names.slug(found.sender),
        "sender_name": sender.name if sender else "",
        "receiver": names.slug(found.receiver),
        "owner": names.slug(found.owner) if any(found.owner) else None,
        "lots": [open_lot(lot, names) | {"limits": limits(lot, names.goods(lot.material))} for lot in lots],
        "answered": len(found.batches) - len(found.open),
    }


def limits(lot: Batch, goods: Material | None) -> dict[str, Any]:
    """Of each answer about a lot within which masses it is possible, and why it is not where it is not."""
    least, tolerances = _driest(lot), _tolerances(lot, goods)
    stopped = _stopped(lot)
    has_tolerance = any(allowed for *_, allowed in tolerances)
    return {
        "received": {"why": stopped},
        "refused": {"why": ""},
        "loss": {"why": stopped, "least_mg": "1", "most_mg": str(max(lot.mass_mg - 1, 0))},
        "moisture": {
            "why": stopped or ("all_substance" if least >= lot.mass_mg else ""),
            "least_mg": str(least),
            "most_mg": str(max(lot.mass_mg - 1, 0)),
        },
        "measurement": {
            "why": stopped or ("" if has_tolerance else "no_tolerance"),
            "tolerance_bp": {
                "mass": goods.tolerance_mass_bp if goods else 0,
                "substances": goods.tolerance_substances_bp if goods else 0,
            },
            "between_mg": {
                key: [str(bound) for bound in _between(pool, used, allowed)]
                for key, pool, used, allowed in tolerances
            },
        },
    }


def _stopped(lot: Batch) -> str:
    """Why a lot can only be refused; empty: it can be received."""
    if lot.held_by_auditor:
        return "held_by_auditor"
    if lot.held_by_custodian:
        return "held_by_sender"
    return "frozen" if lot.frozen and lot.state is not BatchState.RETURNING else ""


def _driest(lot: Batch) -> int:
    """The least that a lot weighs without its water: its substances, less what floors left over."""
    return max(sum(lot.substances_mg.values()) - len(lot.tracked), 1)


def _tolerances(lot: Batch, goods: Material | None) -> list[tuple[str, int, int, int]]:
    """Of gross mass and each substance: its name, the mass now, the basis points used, and those allowed."""
    of_mass = goods.tolerance_mass_bp if goods else 0
    of_substances = goods.tolerance_substances_bp if goods else 0
    pools = [lot.mass_mg, *tracked(lot).values()]
    names = ["mass", *amounts(dict.fromkeys(lot.tracked, 0))]
    allowed = [of_mass, *(of_substances for _ in lot.tracked)]
    return list(zip(names, pools, lot.tolerance_used, allowed, strict=True))


def _between(pool: int, used: int, allowed: int) -> tuple[int, int]:
    """The least and the most that a custodian may measure (Rule 5)."""
    least = -(-pool * (_WHOLE - allowed - used) // _WHOLE)
    return max(least, 0), pool * (_WHOLE + allowed - used) // _WHOLE


def outcome(lot: Batch, said: LotAnswer, goods: Material | None) -> dict[str, Any]:
    """What an answer makes of a lot: ``why`` it cannot be, or what the lot holds then.

    ``lost_mg`` and ``booked_mg`` are by substance, the gross mass as ``mass``; signed where booked.
    """
    if said.refused:
        return {"answer": "refused", "why": ""}
    if why := _stopped(lot):
        return {"answer": "received", "why": why}
    arrived = lot.mass_mg if said.mass is None else said.mass
    left = _substances(lot, said, arrived)
    document: dict[str, Any] = {
        "answer": "received",
        "why": _impossible(lot, said, arrived, goods),
        "difference": said.difference.slug,
        "before_mg": {"mass": str(lot.mass_mg), **amounts(tracked(lot))},
        "mass_mg": str(arrived),
        "substances_mg": amounts(left),
        "co2e_mg": str(lot.own_mg + lot.inherited_mg),
        "lost_mg": {},
        "booked_mg": {},
    }
    if said.difference is Difference.LOSS:
        document["lost_mg"] = amounts({each: mg - left[each] for each, mg in tracked(lot).items()})
    if said.difference is Difference.MEASUREMENT:
        document["booked_mg"] = _booked(lot, arrived, left)
    return document


def _booked(lot: Batch, mass_mg: int, substances: dict[int, int]) -> dict[str, str]:
    rows = dict(booked(lot, mass_mg, substances))
    of_mass = {"mass": str(rows.pop(0))} if 0 in rows else {}
    return of_mass | amounts(rows)


def _substances(lot: Batch, said: LotAnswer, arrived: int) -> dict[int, int]:
    recorded = tracked(lot)
    match said.difference:
        case Difference.LOSS:
            gone = max(lot.mass_mg - arrived, 0)
            return {each: mg - take(mg, part=gone, whole=lot.mass_mg) for each, mg in recorded.items()}
        case Difference.MEASUREMENT:
            return recorded | dict(said.substances)
        case Difference.NONE | Difference.MOISTURE:
            return recorded
        case _:
            assert_never(said.difference)


def _impossible(lot: Batch, said: LotAnswer, arrived: int, goods: Material | None) -> str:
    """The slug of why an answer would be refused; empty: it would not."""
    differs = arrived != lot.mass_mg or bool(said.substances)
    if arrived <= 0:
        return "nothing_arrived"
    match said.difference:
        case Difference.NONE:
            return "no_reason" if differs else ""
        case Difference.LOSS:
            return "" if arrived < lot.mass_mg else "no_loss"
        case Difference.MOISTURE:
            if arrived >= lot.mass_mg:
                return "no_loss"
            return "" if arrived >= _driest(lot) else "too_dry"
        case Difference.MEASUREMENT:
            return _beyond(lot, said, arrived, goods)
        case _:
            assert_never(said.difference)


def _beyond(lot: Batch, said: LotAnswer, arrived: int, goods: Material | None) -> str:
    if set(said.substances) - set(lot.tracked):
        return "not_tracked"
    substances = _substances(lot, said, arrived)
    if any(substances[each] and not lot.substances_mg.get(each, 0) for each in lot.tracked):
        return "raised_from_none"
    used = measured(lot, arrived, substances).tolerance_used
    allowed = [each for *_, each in _tolerances(lot, goods)]
    return "beyond_tolerance" if any(abs(u) > a for u, a in zip(used, allowed, strict=True)) else ""
