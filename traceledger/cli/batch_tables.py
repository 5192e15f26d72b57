"""Batches as tables, for ``batch show`` and ``batch list``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from traceledger.cli.output import fields, table
from traceledger.documents import batches as documents
from traceledger.documents.disclosed import disclosing

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.cli.context import Session
    from traceledger.provenance.trouble import Trouble

_TOLD = ("shipment", "run", "process", "how", "facility", "reason")
"""What of an event stands in the history: who reads it asks which shipment, which run."""
_WHAT = {
    "made": "made",
    "split": "split off",
    "run": "taken for a run",
    "put_back": "put back",
    "arrived": "arrived as sent",
    "lost": "lost on the way",
    "moisture": "dried on the way",
    "measurement": "measured on arrival, booked",
    "remeasured": "measured again, booked",
    "reversed": "taken back with what made it",
}


def show_batch(session: Session, name: str) -> None:
    """Print one batch with its history."""
    from traceledger.errors import UnknownNameError
    from traceledger.provenance.troubles import judged

    client = session.synced()
    index = client.disclosed
    number = client.batch_id(name)
    found = index.batch(number)
    if found is None:
        raise UnknownNameError(f"there is no batch {name!r}")
    _, wrong = judged(index, number)
    document = documents.batch(index, found, wrong)
    session.output.result(disclosing(document, index.disclosed), lambda: _drawn(document, wrong))


def mass(milligrams: str | int) -> str:
    """A mass as everywhere; who reads JSON does not wait for what writes it."""
    from traceledger.cli import figures

    return figures.mass(milligrams)


def substances(amounts: Mapping[str, str | int]) -> str:
    """Substances for people."""
    return ", ".join(f"{name} {mass(amount)}" for name, amount in amounts.items())


def _state(document: Mapping[str, Any]) -> str:
    return f"{document['state']}, frozen" if document["frozen"] else str(document["state"])


def _drawn(document: Mapping[str, Any], wrong: Sequence[Trouble]) -> RenderableType:
    from rich.console import Group

    from traceledger.cli.trace_summary import warning

    history = table(
        ("happened", "event", "by", "what", "block"), map(_history, document["events"]), right=("block",)
    )
    return Group(*warning(wrong), fields(_facts(document)), "", _masses(document["masses"]), "", history)


def _masses(document: Mapping[str, Any]) -> RenderableType:
    """Where its mass went: what is left is the sum of the rows above it."""
    rows = [
        (_WHAT[each["what"]], each.get("run") or each.get("batch") or each.get("shipment", ""), *_moved(each))
        for each in document["movements"]
    ]
    left = document["left_mg"]
    return table(
        ("mass", "of", "moved", "substances"),
        [*rows, ("left", "", mass(left["mass"]), _signed(left))],
        right=("moved",),
    )


def _moved(each: Mapping[str, Any]) -> tuple[str, str]:
    moved = each["moved_mg"]
    arrived = f" ({mass(each['arrived_mg'])} arrived)" if "arrived_mg" in each else ""
    return f"{mass(moved['mass'])}{arrived}", _signed(moved)


def _signed(moved: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {mass(mg)}" for name, mg in moved.items() if name != "mass")


def _facts(document: Mapping[str, Any]) -> Iterator[tuple[str, str | list[str]]]:
    co2e = document["co2e"]
    yield "batch", document["batch"]
    yield "id", document["id"]
    yield "material", document["material"]
    yield "made at", document["facility"] or "unknown"
    yield "custodian", document["custodian"]
    yield "state", _state(document)
    yield "mass left", mass(document["mass_mg"])
    yield "substances left", substances(document["substances_mg"]) or "none"
    yield (
        "CO2e left",
        (
            f"{mass(co2e['total_mg'])} ({mass(co2e['own_mg'])} own, {mass(co2e['inherited_mg'])} inherited,"
            f" {mass(co2e['primary_mg'])} from primary data)"
        ),
    )
    yield "made of", _names(document["made_of"])
    yield "made into", _names(document["made_into"])


def _names(names: Iterable[str]) -> list[str]:
    return [*names] or ["nothing"]


def _history(event: Mapping[str, Any]) -> list[str]:
    from traceledger.model.units import format_time

    parts = [event.get(field) for field in _TOLD]
    receiver = event.get("receiver")
    if receiver and receiver != event["by"]:
        parts.append(f"to {receiver}")
    return [
        format_time(event["occurred_at"]),
        event["event"],
        str(event["by"]),
        ", ".join(str(part) for part in parts if part),
        str(event["block"]),
    ]
