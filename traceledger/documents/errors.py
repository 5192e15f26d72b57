"""The JSON of what went wrong: under ``--json`` the one document of a command that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.errors import Spot, TraceLedgerError, place_of
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.refusals.base import Refusal

if TYPE_CHECKING:
    from traceledger.sending.remaining import Remaining


def failure(kind: str, message: str, *, code: int, hint: str = "", where: str = "") -> dict[str, Any]:
    """Something that went wrong, and is no error of this program's own.

    Args:
        kind: the class of what is wrong.
        message: what is wrong, as a sentence without its full stop.
        code: the exit code of the command.
        hint: how to mend it, if known.
        where: the file, line or field, if known.
    """
    return {"error": {"class": kind, **_told(message, hint, where), "exit_code": code}}


def failed(error: TraceLedgerError) -> dict[str, Any]:
    """An error with all that it knows: of a refusal the arguments, of a file all its faults."""
    told = failure(type(error).__name__, error.what, code=error.exit_code, hint=error.hint, where=error.where)
    if isinstance(error, Refusal):
        told["error"]["arguments"] = {
            name: _value(value, name in error.ids) for name, value in error.arguments.items()
        }
        told["error"]["shown"] = {
            name: error.shown.get(name, str(value)) for name, value in error.arguments.items()
        }
    if error.further:
        told["error"]["faults"] = [
            {"class": type(each).__name__, **_told(each.what, each.hint, each.where)}
            for each in error.further
        ]
    return told


def with_remaining(document: dict[str, Any], remaining: Remaining) -> dict[str, Any]:
    """The same, and how far a file of operations had come."""
    return {"error": document["error"] | {"submission": submission(remaining)}}


def submission(remaining: Remaining) -> dict[str, Any]:
    """How far a file of operations has come.

    ``exact`` says whether the chain was asked; otherwise ``on_chain`` is what is known at least.
    """
    return {
        "operations": remaining.operations,
        "on_chain": remaining.on_chain,
        "on_their_way": remaining.on_their_way,
        "remaining": remaining.remaining,
        "exact": remaining.exact,
        "next": remaining.next,
    }


def _told(message: str, hint: str, where: str) -> dict[str, Any]:
    place = place_of(where)
    spot = place.spot or Spot()
    return {
        "message": message,
        "hint": hint or None,
        "suggestions": list(getattr(hint, "suggestions", ())),
        "where": str(where) or None,
        "file": place.file or None,
        "line": place.line,
        "field": place.field or None,
        "sheet": spot.sheet or None,
        "row": spot.row,
        "column": spot.column or None,
        "heading": spot.heading or None,
    }


def _value(value: Any, is_id: bool) -> Any:
    """An argument of a Solidity error: integers that can pass 2^53 as text, bytes in hexadecimal."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return id_text(value) if is_id else str(value)
    return hexed(value) if isinstance(value, bytes) else str(value)
