"""Shipments as tables, for ``shipment list``, ``shipment show`` and ``shipment inbox``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from traceledger.cli.figures import mass
from traceledger.cli.listing import Asked, index_for, moment, print_list, require_file
from traceledger.cli.output import fields, spaced, table
from traceledger.cli.rows import cell, drawn, write_table
from traceledger.documents import dossiers
from traceledger.documents import shipments as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import InputError, UnknownNameError
from traceledger.interop.tables.columns import Column, Kind
from traceledger.interop.tables.declared import LOTS
from traceledger.model.batches import ShipmentState
from traceledger.model.counting import counted
from traceledger.model.units import format_time
from traceledger.operations.directory import Directory

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from traceledger.cli.context import Session
    from traceledger.index import IndexReader
    from traceledger.model.batches import Shipment

_MOST = 100_000
"""Lots of a shipment; no block holds so many."""


def list_shipments(session: Session, asked: Asked, chosen: Mapping[str, Any]) -> None:
    """Print the shipments that were chosen, or write them into a file."""
    first, last = moment("since", chosen), moment("until", chosen)

    def made(index: IndexReader) -> dict[str, Any]:
        document = documents.shipments(index, _chosen(index, chosen))
        rows = [row for row in document["shipments"] if _is_between(row["offered_at"], first, last)]
        return {"shipments": rows}

    print_list(session, asked, made, filters=chosen)


def _chosen(index: IndexReader, chosen: Mapping[str, Any]) -> list[Shipment]:
    names = Directory(index)
    sides = {side: names.participant(name) for side in ("sender", "receiver") if (name := chosen[side])}
    found = index.shipments(ShipmentState(chosen["state"]) if chosen["state"] else None, **sides)
    if chosen["participant"] is None:
        return found
    own = names.participant(chosen["participant"])
    return [each for each in found if own in (each.sender, each.receiver)]


def _is_between(at: int | None, first: int | None, last: int | None) -> bool:
    return (first is None or (at or 0) >= first) and (last is None or (at or 0) <= last)


def show_shipment(session: Session, name: str, output: Path | None, *, disclosed: bool) -> None:
    """Print one shipment, or write its lots into a file."""
    require_file(output, disclosed=disclosed)
    client = session.synced()
    index = index_for(client, output, disclosed=disclosed)
    # Named as people know it, whatever gets into a file.
    found = index.shipment(Directory(client.index).shipment(name, None).id)
    if found is None:
        raise UnknownNameError(f"there is no shipment {name!r}", hint="see: traceledger shipment list")
    document = dossiers.shipment(index, found, most=_MOST)
    if output is not None:
        write_table(session, LOTS, document["lots"], output, index, filters={"shipment": name})
        return
    session.output.result(disclosing(document, client.disclosed.disclosed), lambda: _drawn(document))


def show_inbox(session: Session) -> None:
    """Print what a participant is to answer."""
    if session.act_as is None:
        raise InputError(
            "it is not said whose", where="--as", hint="name the participant, or set TRACELEDGER_AS"
        )
    client = session.synced()
    index = client.disclosed
    own = index.participant(session.act_as)
    if own is None:
        raise UnknownNameError(
            f"there is no participant {session.act_as!r}",
            where="--as",
            hint="see: traceledger participant list",
        )
    document = documents.to_answer(index, own, now=client.chain_time())
    session.output.result(
        disclosing(document, index.disclosed), lambda: _inbox(document) or "no shipment waits for an answer"
    )


def _inbox(document: Mapping[str, Any]) -> RenderableType | None:
    from rich.console import Group

    parts: list[RenderableType] = []
    for row in document["shipments"]:
        waits = counted(row["days"], "day") if row["days"] else "today"
        sent = format_time(row["offered_at"])
        head = f"{row['shipment']} from {row['sender']}, sent {sent}, waiting: {waits}"
        parts += [spaced(head) if parts else head, _open(row["lots"])]
        parts.append(
            f"answer it with: traceledger batch receive {row['shipment']} --as {document['participant']}"
        )
    return Group(*parts) if parts else None


def _open(lots: list[dict[str, Any]]) -> RenderableType:
    columns = (
        Column("batch", "lot", Kind.TEXT, "batch"),
        Column("material", "material", Kind.TEXT, "material"),
        Column("mass", "mass", Kind.MASS, "mass_mg"),
        Column("substance", "substances", Kind.MASSES, "substances_mg"),
        Column("co2e", "CO2e", Kind.CO2E, "co2e_mg"),
    )
    rows = [[cell(column, column.value(lot)) for column in columns] for lot in lots]
    return table([column.heading for column in columns], rows, right=("mass", "CO2e"))


def _drawn(document: Mapping[str, Any]) -> RenderableType:
    from rich.console import Group

    history = table(
        ("happened", "event", "by", "block"),
        (
            (format_time(event["occurred_at"]), event["event"], event["by"] or "", str(event["block"]))
            for event in document["events"]
        ),
        right=("block",),
    )
    return Group(fields(_facts(document)), "", drawn(LOTS, document["lots"]), "", history)


def _facts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "shipment", document["shipment"]
    yield "from", document["sender"]
    yield "to", document["receiver"]
    yield "where", _where(document)
    if document["owner"]:
        yield "owner", document["owner"]
    if document["return_of"]:
        yield "return of", document["return_of"]
    if document["offered_at"] is not None:
        sent, recorded = format_time(document["offered_at"]), format_time(document["recorded_at"])
        yield "sent", f"{sent}, recorded {recorded}"
    if document["sent_mg"] is not None:
        yield "mass sent", mass(document["sent_mg"])
    said = document["emissions"]
    scopes = {f"scope {number}": int(said[f"scope{number}_mg"]) for number in (1, 2, 3)}
    parts = [f"{name} {mass(mg)}" for name, mg in scopes.items() if mg]
    primary = f"; {mass(said['primary_mg'])} from primary data" if parts else ""
    yield "transport CO2e", (", ".join(parts) + primary) or "none recorded"


def _where(document: Mapping[str, Any]) -> str:
    """Where the lots are, in words."""
    lots, still = len(document["batches"]), len(document["open"])
    sender, receiver = document["sender"], document["receiver"]
    answered = {
        f"received by {receiver}": len(document["received"]),
        f"refused, with {sender} again": len(document["refused"]),
        f"called back by {sender}": lots - still - len(document["received"]) - len(document["refused"]),
    }
    parts = [f"{still} of {lots} open: on the way to {receiver}"] if still else []
    return "; ".join([*parts, *(f"{count} {what}" for what, count in answered.items() if count)])
