"""``traceledger finding``: what auditors found, how it is corrected, and what it reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group, recording
from traceledger.cli.completing import words
from traceledger.cli.context import Session, with_session
from traceledger.cli.listing import Asked, listing_options, print_list
from traceledger.cli.options import participant_option
from traceledger.cli.output import fields, table
from traceledger.documents import assurance as documents
from traceledger.documents.disclosed import disclosing
from traceledger.errors import InputError
from traceledger.model.assurance import FindingState, Severity
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.index import IndexReader


@click.group(cls=Group, more=recording("finding"))
def finding() -> None:
    """Non-compliances: raised and closed by auditors, corrected by those they are about."""


@finding.command("list")
@participant_option("Only those about it and its facilities.")
@click.option(
    "--state",
    type=words("open", "action_submitted", "action_accepted", "closed"),
    help="Only those: open, action_submitted, action_accepted or closed.",
)
@click.option(
    "--severity", type=words("minor", "major", "critical"), help="Only those: minor, major or critical."
)
@click.option("--overdue", is_flag=True, help="Only those that are not closed and past their due date.")
@listing_options("findings")
@with_session
def list_(
    session: Session,
    asked: Asked,
    participant: str | None,
    state: str | None,
    severity: str | None,
    overdue: bool,
) -> None:
    """List the findings."""
    from traceledger.operations.directory import Directory

    def made(index: IndexReader) -> dict[str, Any]:
        now = session.client.chain_time()
        found = index.findings(
            Directory(index).participant(participant) if participant else None,
            _member(FindingState, state, "--state"),
            _member(Severity, severity, "--severity"),
        )
        shown = [item for item in found if item.is_overdue(now) or not overdue]
        return documents.findings(index, shown, now=now)

    chosen = {"participant": participant, "state": state, "severity": severity, "overdue": overdue}
    print_list(session, asked, made, filters=chosen)


@finding.command()
@click.argument("finding")
@click.option("--down", is_flag=True, help="What it reached too: as traceledger trace --down FINDING.")
@with_session
def show(session: Session, finding: str, down: bool) -> None:
    """Show FINDING (auditor/identifier) and all that was done about it."""
    client = session.synced()
    index, now = client.disclosed, client.chain_time()
    found = index.finding(client.finding_id(finding))
    if found is None:
        raise InputError(f"there is no finding {finding!r}")
    document = documents.finding(index, found, now=now)
    if not down:
        session.output.result(disclosing(document, index.disclosed), lambda: _drawn(document))
        return
    from traceledger.cli.trace_summary import drawn_recall
    from traceledger.documents import traces
    from traceledger.provenance.recall import recall

    with index.snapshot():
        reached = recall(index, found)
    session.output.result(
        disclosing(traces.with_recall(document, reached), index.disclosed),
        lambda: _drawn(document, drawn_recall(reached)),
    )


def _member(kind: Any, name: str | None, option: str) -> Any:
    if name is None:
        return None
    try:
        return kind[name.replace("-", "_").upper()]
    except KeyError:
        known = ", ".join(member.slug for member in kind)
        raise InputError(f"{name!r} is none of {known}", where=option) from None


def _drawn(document: dict[str, Any], *more: RenderableType) -> RenderableType:
    from rich.console import Group as Drawn

    rows = (
        (
            format_time(step["recorded_at"]),
            step["step"].replace("_", " "),
            step["changed_by"],
            format_time(step["due_at"]),
            [part for part in (step["text"], *(item["uri"] for item in step["evidence"])) if part],
        )
        for step in document["steps"]
    )
    history = table(("recorded", "step", "by", "due", "action, reason, evidence"), rows)
    parts = (part for item in more for part in ("", item))
    return Drawn(fields(_lines(document)), "", history, *parts)


def _lines(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "finding", document["finding"]
    yield "about", document["facility"] or document["participant"]
    yield "severity", f"{document['severity']}, {document['category'].replace('_', ' ')}"
    yield "description", document["description"]
    yield "found", format_time(document["occurred_at"])
    yield "due", format_time(document["due_at"])
    state = document["state"].replace("_", " ")
    if document["blocks"]:
        who = document["facility"] or document["participant"]
        state += f"; overdue: it blocks {who}"
    elif document["overdue"]:
        state += "; overdue"
    yield "state", state
