"""Batches as documents and tables, for ``batch show`` and ``batch list``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any

from traceledger.cli.disclosed import disclosing
from traceledger.cli.output import fields, table
from traceledger.model.batches import Batch, BatchState
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.cli.context import Session
    from traceledger.events import RecordedEvent
    from traceledger.index import Index

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
    describe = _Describer(index)
    documents = [describe.batch(item) for item in found]
    columns = ("batch", "material", "custodian", "state", "mass", "substances", "CO2e")
    session.output.result(
        disclosing({"batches": documents}, index),
        lambda: table(columns, map(_row, documents), right=("mass", "CO2e")),
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
    describe = _Describer(index)
    document = describe.batch(found) | {
        "made_of": [index.batch_name(edge.parent) for edge in index.parents(number)],
        "made_into": [index.batch_name(edge.child) for edge in index.children(number)],
        "events": [describe.event(item) for item in index.history(number)],
    }
    session.output.result(disclosing(document, index), lambda: _drawn(document))


class _Describer:
    """Turns what the index holds into documents, looking up each name once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._slugs = {item.address: item.slug for item in index.participants()}
        self._materials = {item.id: item.slug for item in index.materials()}
        self._facilities = {
            item.id: f"{self.slug(item.participant)}/{item.identifier}" for item in index.facilities()
        }

    def slug(self, address: bytes) -> str:
        return self._slugs.get(address, hexed(address))

    def batch(self, item: Batch) -> dict[str, Any]:
        return {
            "batch": f"{self.slug(item.creator)}/{item.identifier}",
            "id": id_text(item.id),
            "material": self._materials.get(item.material, id_text(item.material)),
            "facility": self._facilities.get(item.facility),
            "custodian": self.slug(item.custodian),
            "state": item.state.slug,
            "frozen": item.frozen,
            "mass_mg": str(item.mass_mg),
            "substances_mg": {symbol(n): str(mg) for n, mg in sorted(item.substances_mg.items())},
            "co2e": {
                "own_mg": str(item.own_mg),
                "inherited_mg": str(item.inherited_mg),
                "total_mg": str(item.own_mg + item.inherited_mg),
                "primary_mg": str(item.primary_mg),
            },
        }

    def event(self, item: RecordedEvent) -> dict[str, Any]:
        event: Any = item.event
        by = next((getattr(event, field) for field in _AUTHORS if hasattr(event, field)), None)
        found: dict[str, Any] = {
            "event": type(event).__name__,
            "block": item.block,
            "transaction": hexed(item.transaction_hash),
            "timestamp": item.timestamp,
            "occurred_at": event.occurred_at,
            "by": None if by is None else self.slug(by),
        }
        if shipment := getattr(event, "shipment", None):
            found["shipment"] = self._index.shipment_name(shipment)
        if hasattr(event, "receiver"):
            found["receiver"] = self.slug(event.receiver)
        known = {field.name for field in fields_of(event)}
        for field in ("process", "reason") if not hasattr(event, "corrective") else ():
            if field in known:
                found[field] = getattr(event, field)
        if hasattr(event, "corrective"):
            found["reason"] = event.reason.slug
            found["corrective"] = [self._index.batch_name(n) or id_text(n) for n in event.corrective]
        found["evidence"] = [{"uri": e.uri, "sha256": e.sha256.hex()} for e in event.evidence]
        return found


_AUTHORS = ("creator", "sender", "participant", "custodian", "declared_by", "receiver")


def mass(milligrams: str | int) -> str:
    """A mass for people, rounded."""
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


def _facts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
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


def _names(names: Iterable[str]) -> str:
    return "\n".join(names) or "nothing"


def _history(event: Mapping[str, Any]) -> list[str]:
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
