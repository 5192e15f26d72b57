"""``traceledger assurance``: documents on record, assessments, and which of them are mandatory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import acting, complete_participants, physical, recording
from traceledger.cli.output import fields, table
from traceledger.cli.parsing import evidence as parse_evidence
from traceledger.cli.record import record, record_as_consortium, record_physical
from traceledger.documents import assurance as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import UnknownNameError
from traceledger.model.assurance import AssessmentKind, Rating
from traceledger.model.units import format_percent, format_time

if TYPE_CHECKING:
    from traceledger.index.disclosed import DisclosedIndex

_KINDS = ", ".join(kind.value for kind in AssessmentKind)


@click.group(cls=Group)
def assurance() -> None:
    """What auditors state of companies and facilities, and what must have been stated."""


@assurance.command()
@click.argument("document", metavar="URI=SHA256")
@click.option("--kind", required=True, help="What it is, for instance lca or certificate.")
@click.option("--issuer", required=True, help="Who signed it.")
@click.option("--private", is_flag=True, help="Put a salted commitment on chain in place of it.")
@acting
@with_session
def evidence(session: Session, document: str, kind: str, issuer: str, private: bool) -> None:
    """Put a document on record that is held elsewhere; URI=@FILE takes the hash of that file.

    As a participant, or as the consortium.
    """
    found = parse_evidence([document], "URI=SHA256")[0]
    record(session, "record_evidence", {**found, "kind": kind, "issuer": issuer, "private": private})


@assurance.command()
@click.argument("assessment")
@click.option("--participant", shell_complete=complete_participants, help="Who is assessed, as a whole.")
@click.option("--facility", help="Or which facility is: participant/identifier.")
@click.option("--kind", help=f"{_KINDS}.")
@click.option("--scheme", help="The programme: 'SAQ 5.0', IRMA, RMI, LEED.")
@click.option("--score", metavar="PERCENT", help="Of saq, ssi and audit: '87 %'.")
@click.option("--share", metavar="PERCENT", help="Of renewable_electricity: '60 %'.")
@click.option("--rating", help="Of country_risk and category_risk: low, medium or high.")
@click.option("--valid-from", metavar="TIME", help="From when it counts.")
@click.option("--valid-until", metavar="TIME", help="The last second at which it does.")
@click.option("--issuer", help="Who signed the document.")
@physical
@with_session
def assess(session: Session, /, **given: Any) -> None:
    """Record ASSESSMENT of a participant or a facility, as an auditor or the consortium."""
    record_physical(session, "assess", given, needs_actor=False)


@assurance.command("list")
@click.option(
    "--of",
    "owner",
    metavar="PARTICIPANT",
    shell_complete=complete_participants,
    help="Only those of it and of its facilities.",
)
@click.option("--facility", help="Only those of this facility: participant/identifier.")
@click.option("--kind", help="Only those of this kind.")
@click.option(
    "--documents", "on_record", is_flag=True, help="The documents on record, instead of the assessments."
)
@with_session
def list_(
    session: Session, owner: str | None, facility: str | None, kind: str | None, on_record: bool
) -> None:
    """List the assessments, or the documents on record."""
    client = session.synced()
    names, index = client.names(), client.disclosed
    participant = names.participant(owner) if owner else None
    if on_record:
        _list_documents(session, index, kind, participant)
        return
    site = names.facility(facility, None) if facility else None
    found = documents.assessments(index, index.assessments(participant, site, kind), now=client.chain_time())
    columns = ("assessment", "of", "kind", "value", "scheme", "issuer", "valid until", "valid now")
    session.output.result(
        disclosing(found, index.disclosed),
        lambda: table(columns, map(_row, found["assessments"])),
    )


def _list_documents(
    session: Session, index: DisclosedIndex, kind: str | None, participant: bytes | None
) -> None:
    found = documents.documents_on_record(index, index.evidence(kind, participant))
    columns = ("document", "kind", "issuer", "recorded by", "recorded at", "sha256")
    session.output.result(
        disclosing(found, index.disclosed),
        lambda: table(
            columns,
            (
                (
                    d["uri"],
                    d["kind"],
                    d["issuer"],
                    d["recorded_by"],
                    format_time(d["recorded_at"]),
                    d["sha256"],
                )
                for d in found["evidence"]
            ),
        ),
    )


@assurance.command()
@click.argument("assessment")
@with_session
def show(session: Session, assessment: str) -> None:
    """Show ASSESSMENT: assessor/identifier."""
    from traceledger.model.ids import assessment_id

    client = session.synced()
    index = client.disclosed
    owner, identifier = client.names().split_name(assessment, None, "assessment")
    found = index.assessment(assessment_id(owner, identifier))
    if found is None:
        raise UnknownNameError(
            f"there is no assessment {assessment!r}", hint="its full name is assessor/identifier"
        )
    document = documents.assessment(index, found, now=client.chain_time())
    session.output.result(disclosing(document, index.disclosed), lambda: fields(_lines(document)))


@assurance.group()
def requirement() -> None:
    """Which assessments are mandatory for which role. Changes are announced first."""


@requirement.command("show")
@with_session
def requirement_show(session: Session) -> None:
    """Show what is mandatory, and what is announced."""
    client = session.synced()
    document = documents.requirements(client.index)
    rows = [(role, ", ".join(kinds), "in force") for role, kinds in document["mandatory"].items()]
    now = client.chain_time()
    rows += [
        (item["role"], ", ".join(item["kinds"]) or "nothing", _announced(item, now))
        for item in document["proposed"]
    ]
    empty = "nothing is mandatory, and nothing is proposed"
    session.output.result(document, lambda: table(("role", "mandatory", ""), rows) if rows else empty)


def _announced(item: dict[str, Any], now: int) -> str:
    if now >= item["expires_at"]:
        return "proposed; expired, propose it again"
    return f"proposed; may be enacted from {format_time(item['ready_at'])}"


def _change(op: str, verb: str, help_text: str) -> click.Command:
    @requirement.command(verb, help=help_text)
    @click.argument("role")
    @click.option("--kind", "kinds", multiple=True, help=f"{_KINDS}. Repeat for more; none: nothing.")
    @recording
    @with_session
    def command(session: Session, role: str, kinds: tuple[str, ...]) -> None:
        record_as_consortium(session, op, {"role": role, "kinds": list(kinds)})
        if not any(role in participant.roles for participant in session.synced().index.participants()):
            session.output.say(f"note: nobody is in the role {role!r} yet")

    return command


propose = _change(
    "propose_requirement",
    "propose",
    "Announce what will be mandatory for participants in ROLE, as the consortium.",
)
enact = _change(
    "enact_requirement",
    "enact",
    "Put into force what was proposed, word for word, once the delay is over, as the consortium.",
)

# The group's name until "policy" came to mean only what a verifier accepts.
assurance.add_command(Group(name="policy", commands=requirement.commands, hidden=True))


def value_text(kind: str, value: int) -> str:
    """The value of an assessment, for people."""
    try:
        measure = AssessmentKind(kind).measure
        return Rating(value).slug if measure == "rating" else format_percent(value) if measure else ""
    except ValueError:
        return str(value)


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    return (
        item["assessment"],
        item["facility"] or item["participant"],
        item["kind"],
        value_text(item["kind"], item["value"]),
        item["scheme"],
        item["issuer"],
        format_time(item["valid_until"]),
        "yes" if item["valid"] else "no",
    )


def _lines(document: dict[str, Any]) -> list[tuple[str, str]]:
    documents = "\n".join(f"{item['uri']}  {item['sha256']}" for item in document["evidence"])
    return [
        ("assessment", document["assessment"]),
        ("of", document["facility"] or document["participant"]),
        ("kind", document["kind"]),
        ("value", value_text(document["kind"], document["value"]) or "none"),
        ("scheme", document["scheme"]),
        ("issuer", document["issuer"]),
        ("valid", f"{format_time(document['valid_from'])} to {format_time(document['valid_until'])}"),
        ("valid now", "yes" if document["valid"] else "no"),
        ("made", format_time(document["occurred_at"])),
        ("recorded", format_time(document["recorded_at"])),
        ("evidence", documents or "none"),
    ]
