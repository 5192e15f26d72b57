"""What submitting operations would do, as JSON holds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.refusals import Refusal
    from traceledger.sending.rehearsal import Outcome, Plan, PlannedOperation


def plan(path: Path, found: Plan) -> dict[str, Any]:
    """All operations of a file's plan, and how many end how."""
    outcomes: tuple[Outcome, ...] = ("recorded", "accepted", "refused", "unasked")
    return {
        "file": str(path),
        "block": found.block,
        "counts": {outcome: found.count(outcome) for outcome in outcomes},
        "operations": [_operation(item) for item in found.operations],
    }


def _operation(found: PlannedOperation) -> dict[str, Any]:
    return {
        "line": found.number,
        "sheet": found.place.spot.sheet or None if found.place.spot else None,
        "row": found.place.spot.row if found.place.spot else None,
        "operation": found.operation,
        "as": found.act_as,
        "summary": found.effect.summary,
        "details": dict(found.effect.details),
        "key": found.key,
        "key_exists": found.key_exists,
        "account": hexed(found.account) if found.key_exists else None,
        "contract": found.contract,
        "outcome": found.outcome,
        "refusal": None if found.refusal is None else _refusal(found.refusal),
        "waits_for_line": found.waits_for,
    }


def _refusal(found: Refusal) -> dict[str, str]:
    return {"error": type(found).__name__, "message": found.what, "hint": found.hint}
