"""``traceledger participant``: the companies on the ledger, their standing and their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import acting, complete_participants, evidence_option, recording
from traceledger.cli.output import fields, table
from traceledger.cli.record import naming_options, parse, record, record_as_consortium
from traceledger.documents import registry as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import InputError, UnknownNameError
from traceledger.model.hexadecimal import hexed
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.client.client import Client

_PARTICIPANT = click.argument("participant", shell_complete=complete_participants)


@click.group(cls=Group)
def participant() -> None:
    """Companies on the ledger."""


@participant.command()
@click.argument("participant")
@click.option("--name", required=True, help="Its full name.")
@click.option("--country", required=True, metavar="CODE", help="ISO 3166-1 alpha-2, for instance CD.")
@click.option(
    "--role", "roles", multiple=True, help="For instance producer, carrier or auditor. Repeat for more."
)
@click.option("--address", help="Address of its first key; by default that of the stored key of that name.")
@click.option("--create-key", is_flag=True, help="Make a key of that name if none is stored.")
@evidence_option
@recording
@with_session
def add(session: Session, /, *, create_key: bool, **given: Any) -> None:
    """Admit a company under the short name PARTICIPANT, as the consortium."""
    if given["address"] is None:
        _require_key(session.synced(), given, create=create_key)
    record_as_consortium(session, "register_participant", given)


def _require_key(client: Client, given: Mapping[str, Any], *, create: bool) -> None:
    """Make the key of a participant to be, once the rest is known to be sound."""
    slug = given["participant"]
    if slug in client.signers.store.names():
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


@participant.command("list")
@with_session
def list_(session: Session) -> None:
    """List the companies."""
    index = session.synced().disclosed
    found = index.participants()
    columns = ("participant", "name", "country", "roles", "state", "keys")
    session.output.result(
        disclosing(documents.participants(found), index.disclosed),
        lambda: table(
            columns,
            ((p.slug, p.name, p.country, ", ".join(p.roles), p.state.slug, len(p.operators)) for p in found),
            right=("keys",),
        ),
    )


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
            f"there is no participant {participant!r}", hint="see: traceledger participant list"
        )
    document = documents.participant(index, found, now=client.chain_time())
    session.output.result(disclosing(document, index.disclosed), lambda: fields(_lines(document)))


_OBSTACLES = {
    "suspended": "it is suspended",
    "terminated": "it is terminated",
    "finding_overdue": "critical finding {finding} is overdue",
    "assessment_missing": "it has no assessment of kind {kind}, which is mandatory",
    "assessment_expired": "its mandatory assessment of kind {kind} has ended",
}


def _lines(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The document for people: the standing in words, last."""
    structured = ("may_act", "obstacles", "standing_changes")
    for name, value in document.items():
        if name not in structured:
            yield name, "\n".join(value) if isinstance(value, list) else str(value)
    yield "may act", "yes" if document["may_act"] else "no"
    for item in document["obstacles"]:
        since = f", since {format_time(item['since'])}" if item["since"] is not None else ""
        where = f" at {item['facility']}" if item["facility"] else ""
        yield f"blocked{where}", _OBSTACLES[item["reason"]].format_map(item) + since
    for item in document["standing_changes"]:
        evidence = "".join(f"\n{each['uri']}" for each in item["evidence"])
        yield (
            item["state"],
            f"{format_time(item['recorded_at'])} by {item['changed_by']}: {item['reason']}{evidence}",
        )


def _standing(op: str, verb: str, help_text: str) -> Callable[..., Any]:
    @participant.command(verb, help=help_text)
    @_PARTICIPANT
    @click.option("--reason", required=True, help="Why; it is recorded.")
    @evidence_option
    @acting
    @with_session
    def command(session: Session, /, **given: Any) -> None:
        record(session, op, given)

    return command


suspend = _standing(
    "suspend_participant", "suspend", "Stop a company from acting. What it did before stays valid."
)
reinstate = _standing(
    "reinstate_participant",
    "reinstate",
    "Let a suspended company act again, as an auditor or the consortium.",
)
terminate = _standing("terminate_participant", "terminate", "End the relationship with a company for good.")


@participant.group()
def operator() -> None:
    """The keys that may sign for a company.

    A KEY is an address, or the name of a stored key.
    """


@operator.command("add")
@_PARTICIPANT
@click.argument("key")
@acting
@with_session
def operator_add(session: Session, participant: str, key: str) -> None:
    """Let one more KEY sign."""
    record(session, "add_operator", {"participant": participant, "operator": _address(session, key)})


@operator.command()
@_PARTICIPANT
@click.argument("key")
@acting
@with_session
def revoke(session: Session, participant: str, key: str) -> None:
    """Revoke a KEY for good; never the last one."""
    record(session, "revoke_operator", {"participant": participant, "operator": _address(session, key)})


@operator.command()
@_PARTICIPANT
@click.argument("key")
@click.argument("successor")
@acting
@with_session
def rotate(session: Session, participant: str, key: str, successor: str) -> None:
    """Replace a KEY by its SUCCESSOR at once."""
    document = {
        "participant": participant,
        "operator": _address(session, key),
        "successor": _address(session, successor),
    }
    record(session, "rotate_operator", document)


def _address(session: Session, key: str) -> str:
    """The address that a user means: written as such, or by the name of a stored key."""
    if key.startswith("0x"):
        return key
    return hexed(session.client.signers.store.info(key).address)
