"""``traceledger assurance``: documents on record, assessments, and which of them are mandatory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.completing import words
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_list
from traceledger.cli.options import participant_option
from traceledger.cli.output import fields, table
from traceledger.cli.parsing import evidence as parse_evidence
from traceledger.cli.record_commands import Given, Special, add_recording
from traceledger.documents import assurance as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import UnknownNameError
from traceledger.interop.tables.declared import worth
from traceledger.languages.phrases import phrase
from traceledger.model.assurance import AssessmentKind
from traceledger.model.units import format_time
from traceledger.operations.assurance import EnactRequirement, ProposeRequirement, RecordEvidence

if TYPE_CHECKING:
    from traceledger.index import IndexReader


@click.group(cls=Group)
def assurance() -> None:
    """What auditors state of companies and facilities, and what must have been stated."""


def _document_given(_: Session, given: Given) -> Given:
    """The document, which is written as one argument."""
    (document,) = parse_evidence([given["document"]], "URI=SHA256")
    return {name: value for name, value in given.items() if name != "document"} | document


_DOCUMENT = Special(
    parameters=[click.Argument(["document"], metavar="URI=SHA256")],
    without=frozenset({"uri", "sha256"}),
    before=_document_given,
)
add_recording(assurance, "assurance", {RecordEvidence: _DOCUMENT})


@assurance.command("list")
@participant_option("Only those of it and of its facilities.")
@click.option("--facility", help="Only those of this facility: participant/identifier.")
@click.option("--kind", type=words(*AssessmentKind), help="Only those of this kind.")
@click.option(
    "--documents", "on_record", is_flag=True, help="The documents on record, instead of the assessments."
)
@listing_options("assessments")
@with_session
def list_(
    session: Session,
    asked: Asked,
    participant: str | None,
    facility: str | None,
    kind: str | None,
    on_record: bool,
) -> None:
    """List the assessments, or the documents on record."""
    client = session.synced()
    names = client.names()
    company = names.participant(participant) if participant else None
    site = names.facility(facility, None) if facility else None

    def assessments(index: IndexReader) -> dict[str, Any]:
        return documents.assessments(index, index.assessments(company, site, kind), now=client.chain_time())

    def papers(index: IndexReader) -> dict[str, Any]:
        return documents.documents_on_record(index, index.evidence(kind, company))

    if on_record:
        asked.turn("evidence")
    chosen = {"participant": participant, "facility": facility, "kind": kind}
    print_list(session, asked, papers if on_record else assessments, filters=chosen)


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
            phrase("there is no assessment {name}", name=repr(assessment)),
            hint=client.names().meant(
                "assessment", assessment, phrase("its full name is assessor/identifier")
            ),
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


def _note_empty_role(session: Session, given: Given) -> None:
    role = given["role"]
    if session.offline is None and not any(
        role in participant.roles for participant in session.synced().index.participants()
    ):
        session.output.say(f"note: nobody is in the role {role!r} yet")


_ROLE = Special(after=_note_empty_role)
add_recording(requirement, "assurance requirement", {ProposeRequirement: _ROLE, EnactRequirement: _ROLE})

# The group's name until "policy" came to mean only what a verifier accepts.
assurance.add_command(Group(name="policy", commands=requirement.commands, hidden=True))


def _lines(document: dict[str, Any]) -> list[tuple[str, Any]]:
    documents = [f"{item['uri']}  {item['sha256']}" for item in document["evidence"]]
    return [
        ("assessment", document["assessment"]),
        ("of", document["facility"] or document["participant"]),
        ("kind", document["kind"]),
        ("value", worth(document["kind"], document["value"]) or "none"),
        ("scheme", document["scheme"]),
        ("issuer", document["issuer"]),
        ("valid", f"{format_time(document['valid_from'])} to {format_time(document['valid_until'])}"),
        ("valid now", "yes" if document["valid"] else "no"),
        ("made", format_time(document["occurred_at"])),
        ("recorded", format_time(document["recorded_at"])),
        ("evidence", documents or "none"),
    ]
