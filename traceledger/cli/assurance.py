"""``traceledger assurance``: documents on record, assessments, and which of them are mandatory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.disclosed import disclosing
from traceledger.cli.lazy import Group
from traceledger.cli.options import acting, complete_participants, physical, recording
from traceledger.cli.output import fields, table
from traceledger.cli.parsing import evidence as parse_evidence
from traceledger.cli.record import record, record_as_consortium, record_physical
from traceledger.errors import UnknownNameError
from traceledger.model.assurance import PROPOSAL_EXPIRES, AssessmentKind, Rating
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.units import format_percent, format_time

if TYPE_CHECKING:
    from traceledger.index import Index
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.model.assurance import Assessment, RequirementProposal
    from traceledger.model.evidence import EvidenceRecord

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
@click.option("--documents", is_flag=True, help="The documents on record, instead of the assessments.")
@with_session
def list_(
    session: Session, owner: str | None, facility: str | None, kind: str | None, documents: bool
) -> None:
    """List the assessments, or the documents on record."""
    client = session.synced()
    names, index = client.names(), client.disclosed
    participant = names.participant(owner) if owner else None
    if documents:
        _list_documents(session, index, kind, participant)
        return
    site = names.facility(facility, None) if facility else None
    now = client.chain_time()
    found = [_document(item, index, now) for item in index.assessments(participant, site, kind)]
    columns = ("assessment", "of", "kind", "value", "scheme", "issuer", "valid until", "valid now")
    session.output.result(
        disclosing({"assessments": found}, index),
        lambda: table(columns, (_row(item) for item in found)),
    )


def _list_documents(
    session: Session, index: DisclosedIndex, kind: str | None, participant: bytes | None
) -> None:
    found = [_evidence_document(item, index) for item in index.evidence(kind, participant)]
    columns = ("document", "kind", "issuer", "recorded by", "recorded at", "sha256")
    session.output.result(
        disclosing({"evidence": found}, index),
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
                for d in found
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
    document = _document(found, index, client.chain_time()) | {
        "issuer": found.issuer,
        "occurred_at": found.occurred_at,
        "recorded_at": found.recorded_at,
        "evidence": [{"uri": item.uri, "sha256": item.sha256.hex()} for item in found.evidence],
    }
    session.output.result(disclosing(document, index), lambda: fields(_lines(document)))


@assurance.group()
def requirement() -> None:
    """Which assessments are mandatory for which role. Changes are announced first."""


@requirement.command("show")
@with_session
def requirement_show(session: Session) -> None:
    """Show what is mandatory, and what is announced."""
    client = session.synced()
    index = client.index
    mandatory = index.mandatory()
    proposals = index.proposals()
    document = {
        "mandatory": {role: list(kinds) for role, kinds in mandatory.items()},
        "proposed": [
            {
                "role": item.role,
                "kinds": list(item.kinds),
                "ready_at": item.ready_at,
                "expires_at": item.ready_at + PROPOSAL_EXPIRES,
            }
            for item in proposals
        ],
    }
    rows = [(role, ", ".join(kinds), "in force") for role, kinds in mandatory.items()]
    now = client.chain_time()
    rows += [(item.role, ", ".join(item.kinds) or "nothing", _announced(item, now)) for item in proposals]
    empty = "nothing is mandatory, and nothing is proposed"
    session.output.result(document, lambda: table(("role", "mandatory", ""), rows) if rows else empty)


def _announced(item: RequirementProposal, now: int) -> str:
    if now >= item.ready_at + PROPOSAL_EXPIRES:
        return "proposed; expired, propose it again"
    return f"proposed; may be enacted from {format_time(item.ready_at)}"


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


def subject_name(participant: bytes, facility: int | None, index: Index) -> str:
    """Who or what is meant: a participant's short name, or a facility's full one."""
    if facility is not None:
        return index.facility_name(facility) or id_text(facility)
    found = index.participant_at(participant)
    return found.slug if found else hexed(participant)


def value_text(kind: str, value: int) -> str:
    """The value of an assessment, for people."""
    try:
        measure = AssessmentKind(kind).measure
        return Rating(value).slug if measure == "rating" else format_percent(value) if measure else ""
    except ValueError:
        return str(value)


def _document(item: Assessment, index: Index, now: int) -> dict[str, Any]:
    return {
        "assessment": index.assessment_name(item.id),
        "id": id_text(item.id),
        "participant": subject_name(item.participant, None, index),
        "facility": None if item.facility is None else index.facility_name(item.facility),
        "kind": item.kind,
        "scheme": item.scheme,
        "value": item.value,
        "issuer": item.issuer,
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
        "valid": item.valid_from <= now <= item.valid_until,
    }


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


def _evidence_document(item: EvidenceRecord, index: Index) -> dict[str, Any]:
    return {
        "uri": item.uri,
        "sha256": item.sha256.hex(),
        "kind": item.kind,
        "issuer": item.issuer,
        "recorded_by": subject_name(item.recorded_by, None, index),
        "recorded_at": item.recorded_at,
    }
