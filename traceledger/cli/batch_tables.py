"""Batches as tables, for ``batch show`` and ``batch list``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from traceledger.cli.output import fields, table
from traceledger.documents import batches as documents
from traceledger.documents.disclosed import disclosing
from traceledger.model.batches import BatchState

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.cli.context import Session

_DIGITS = 6


def list_batches(session: Session, *, custodian: str | None, state: str | None, material: str | None) -> None:
    """Print the batches that match."""
    from traceledger.operations.directory import Directory

    index = session.synced().disclosed
    names = Directory(index)
    found = index.batches(
        custodian=names.participant(custodian) if custodian else None,
        state=BatchState[state.upper()] if state else None,
        material=names.material(material) if material else None,
    )
    document = documents.batches(index, found)
    columns = ("batch", "material", "custodian", "state", "mass", "substances", "CO2e")
    session.output.result(
        disclosing(document, index.disclosed),
        lambda: table(columns, map(_row, document["batches"]), right=("mass", "CO2e")),
    )


def show_batch(session: Session, name: str) -> None:
    """Print one batch with its history."""
    from traceledger.errors import UnknownNameError

    client = session.synced()
    index = client.disclosed
    number = client.batch_id(name)
    found = index.batch(number)
    if found is None:
        raise UnknownNameError(f"there is no batch {name!r}")
    document = documents.batch(index, found)
    session.output.result(disclosing(document, index.disclosed), lambda: _drawn(document))


def mass(milligrams: str | int) -> str:
    """A mass for people, rounded."""
    # With decimal, which only those need who draw.
    from traceledger.model.units import format_mass

    return format_mass(int(milligrams), digits=_DIGITS)


def substances(amounts: Mapping[str, str | int]) -> str:
    """Substances for people."""
    return ", ".join(f"{name} {mass(amount)}" for name, amount in amounts.items())


def _state(document: Mapping[str, Any]) -> str:
    return f"{document['state']}, frozen" if document["frozen"] else str(document["state"])


def _row(document: Mapping[str, Any]) -> list[str]:
    return [
        document["batch"],
        document["material"],
        document["custodian"],
        _state(document),
        mass(document["mass_mg"]),
        substances(document["substances_mg"]),
        mass(document["co2e"]["total_mg"]),
    ]


def _drawn(document: Mapping[str, Any]) -> RenderableType:
    from rich.console import Group

    history = table(
        ("happened", "event", "by", "what", "block"), map(_history, document["events"]), right=("block",)
    )
    return Group(fields(_facts(document)), "", history)


def _facts(document: Mapping[str, Any]) -> Iterator[tuple[str, str | list[str]]]:
    co2e = document["co2e"]
    yield "batch", document["batch"]
    yield "id", document["id"]
    yield "material", document["material"]
    yield "made at", document["facility"] or "unknown"
    yield "custodian", document["custodian"]
    yield "state", _state(document)
    yield "mass left", mass(document["mass_mg"])
    yield "substances left", substances(document["substances_mg"]) or "none tracked"
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

    parts = [event.get(field) for field in ("shipment", "process", "reason")]
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
