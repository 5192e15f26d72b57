"""``traceledger participant``: the companies on the ledger, their standing and their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_list
from traceledger.cli.output import fields
from traceledger.cli.record import naming_options, parse
from traceledger.cli.record_commands import Given, Special, add_recording
from traceledger.documents import registry as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import InputError, UnknownNameError
from traceledger.languages.phrases import phrase
from traceledger.model.units import format_time
from traceledger.operations.participants import RegisterParticipant

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.index import IndexReader

_PARTICIPANT = click.argument("participant")


@click.group(cls=Group)
def participant() -> None:
    """Companies on the ledger."""


def _with_key(session: Session, given: Given) -> Given:
    """Have its first key at hand, before it is registered without an address."""
    found = dict(given)
    create = found.pop("create_key")
    if "address" not in found:
        _require_key(session.synced(), found, create=create)
    return found


def _require_key(client: Client, given: Mapping[str, Any], *, create: bool) -> None:
    """Make the key of a participant to be, once the rest is known to be sound."""
    slug = given["participant"]
    if not client.signers.is_new(slug):
        return
    if not create:
        raise InputError(
            f"there is no key {slug!r} here", hint="use --create-key, or give the --address of its first key"
        )
    with naming_options():
        parse("register_participant", given)
    if client.index.participant(slug) is not None:
        raise InputError(f"participant {slug!r} exists already", hint="choose another short name")
    client.create_key(slug)


_CREATE_KEY = click.Option(["--create-key"], is_flag=True, help="Make a key of that name if none is stored.")
add_recording(
    participant, "participant", {RegisterParticipant: Special(parameters=[_CREATE_KEY], before=_with_key)}
)


@participant.command("list")
@click.option("--country", help="Only those of this country.")
@click.option("--role", help="Only those in this role.")
@listing_options("participants")
@with_session
def list_(session: Session, asked: Asked, country: str | None, role: str | None) -> None:
    """List the companies."""

    def made(index: IndexReader) -> dict[str, Any]:
        return documents.participants(
            found
            for found in index.participants()
            if country in (None, found.country) and (role is None or role in found.roles)
        )

    print_list(session, asked, made, filters={"country": country, "role": role})


@participant.command()
@_PARTICIPANT
@with_session
def show(session: Session, participant: str) -> None:
    """Show a company: its standing, keys and facilities, and if it may not act, why."""
    client = session.synced()
    index = client.disclosed
    found = index.participant(participant)
    if found is None:
        raise UnknownNameError(
            phrase("there is no participant {name}", name=repr(participant)),
            hint=client.names().meant(
                "participant", participant, phrase("see: {command}", command="traceledger participant list")
            ),
        )
    document = documents.participant(index, found, now=client.chain_time())
    session.output.result(disclosing(document, index.disclosed), lambda: fields(_lines(document)))


_OBSTACLES = {
    "suspended": "it is suspended",
    "terminated": "it is terminated",
    "finding_overdue": "critical finding {finding} is overdue",
    "assessment_missing": "it has no assessment of kind {kind}, which is mandatory",
    "assessment_expired": "its mandatory assessment of kind {kind} has ended",
    "assessment_insufficient": "its mandatory assessment of kind {kind} failed, or is not good enough",
}


def _lines(document: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The document for people: the standing in words, last."""
    structured = ("may_act", "obstacles", "standing_changes")
    for name, value in document.items():
        if name not in structured:
            yield name, value if isinstance(value, list) else str(value)
    yield "may act", "yes" if document["may_act"] else "no"
    for item in document["obstacles"]:
        since = f", since {format_time(item['since'])}" if item["since"] is not None else ""
        where = f" at {item['facility']}" if item["facility"] else ""
        yield f"blocked{where}", _OBSTACLES[item["reason"]].format_map(item) + since
    for item in document["standing_changes"]:
        what = f"{format_time(item['recorded_at'])} by {item['changed_by']}: {item['reason']}"
        yield item["state"], [what, *(each["uri"] for each in item["evidence"])]


@participant.group()
def operator() -> None:
    """The keys that may sign for a company.

    A key is given by its address, or by the name under which it is stored here.
    """


add_recording(operator, "participant operator")
