"""``traceledger audit``: rules over the index that find what contracts cannot forbid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import disclosed_option, output_option, renamed_option
from traceledger.errors import InputError
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.audit import AuditReport, Found
    from traceledger.client.client import Client
    from traceledger.index import IndexReader

_STYLES = {"high": "bold red", "medium": "yellow", "low": "dim"}


@click.command(cls=Command)
@click.argument("batch", required=False)
@click.option(
    "--participant",
    metavar="PARTICIPANT",
    help="What this company answers for.",
)
@click.option("--all", "everything", is_flag=True, help="The whole ledger.")
@renamed_option(
    "--settings",
    "--policy",
    only_one=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file that changes thresholds, levels or lists of the default settings.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "sarif")),
    help="How the result is written; by default as a table.",
)
@click.option(
    "--show-policy", "earlier_show", is_flag=True, hidden=True, help="--show-settings was spelled so."
)
@click.option("--as-of", metavar="TIME", help="What counts as now: 2026-12-31T00:00:00Z; by default now.")
@click.option("--show-settings", is_flag=True, help="Print the default settings file and stop.")
@click.option("--differences", is_flag=True, help="What better measurements booked, instead of issues.")
@output_option
@disclosed_option
@with_session
def audit(
    session: Session,
    batch: str | None,
    *,
    participant: str | None,
    everything: bool,
    settings: Path | None,
    form: str | None,
    as_of: str | None,
    show_settings: bool,
    differences: bool,
    output: Path | None,
    disclosed: bool,
    earlier_show: bool,
) -> None:
    """Audit BATCH with all upstream of it, a company, or everything.

    With --disclosed, lots and documents that several companies recorded privately are compared as well.

    Exit code 4 when an issue is graver than the settings accept; the result is printed all the same.
    """
    from traceledger.audit import default_text

    session.json = session.json or form == "json"
    if show_settings or earlier_show:
        click.echo(default_text(), nl=False)
        return
    _require_one(batch, participant, everything)
    client = session.synced()
    index = client.disclosed if disclosed else client.index
    report = _audited(client, index, (batch, participant), settings, as_of)
    if output is not None:
        _write(session, report, output, index, form, differences=differences)
    elif differences:
        _print_differences(session, report, form)
    else:
        _print(session, report, form)
    if not differences:
        _judge(report)


def _write(
    session: Session,
    report: AuditReport,
    output: Path,
    index: IndexReader,
    form: str | None,
    *,
    differences: bool,
) -> None:
    from traceledger.cli.rows import require_no_format, write_table
    from traceledger.documents import audits
    from traceledger.interop.tables.declared import DIFFERENCES, ISSUES

    require_no_format(form)
    document = audits.audit(report)
    scope = document["scope"]
    noun = DIFFERENCES if differences else ISSUES
    facts = {"audited": f"{scope['kind']} {scope['name']}".strip(), "as of": document["at"]}
    write_table(session, noun, document[noun.member], output, index, filters=facts)


def _print_differences(session: Session, report: AuditReport, form: str | None) -> None:
    from traceledger.documents import audits

    if form == "sarif":
        raise InputError("differences are no issues, which SARIF lists", where="--format", hint="use json")
    document = audits.differences(report)
    session.output.result(document, lambda: _booked(report) or "no booked differences")


def _booked(report: AuditReport) -> RenderableType | None:
    from rich.console import Group

    drawn = _differences(report)
    return Group(*drawn[1:]) if drawn else None


def _require_one(batch: str | None, participant: str | None, everything: bool) -> None:
    if sum((batch is not None, participant is not None, everything)) != 1:
        raise InputError("what is to be audited is not clear", hint="give BATCH, --participant or --all")


def _audited(
    client: Client,
    index: IndexReader,
    subject: tuple[str | None, str | None],
    settings_file: Path | None,
    at: str | None,
) -> AuditReport:
    from traceledger import audit as auditing
    from traceledger.operations.readers import parse_time

    settings = auditing.load_settings(settings_file)
    now = None if at is None else parse_time(at)
    batch, participant = subject
    with index.snapshot():
        return auditing.audit(
            index,
            settings=settings,
            batch=None if batch is None else client.batch_id(batch),
            participant=None if participant is None else _address(client, participant),
            now=now,
        )


def _address(client: Client, participant: str) -> bytes:
    from traceledger.operations.directory import Directory

    return Directory(client.index).participant(participant)


def _print(session: Session, report: AuditReport, form: str | None) -> None:
    if form in ("json", "sarif"):
        session.output.as_json = True
    session.output.result(_document(report, form), lambda: _drawn(report))


def _document(report: AuditReport, form: str | None) -> dict[str, Any]:
    if form != "sarif":
        from traceledger.documents import audits

        return audits.audit(report)
    from traceledger import __version__
    from traceledger.audit import sarif

    return sarif(report, version=__version__)


def _judge(report: AuditReport) -> None:
    if report.failed and report.fail_on:
        from traceledger.errors import NotAcceptedError

        grave = sum(count for (level, _), count in report.by_rule.items() if level >= report.fail_on)
        raise NotAcceptedError(
            f"{grave} of {counted(len(report.found), 'issue')} are of level {report.fail_on.slug} or above",
            hint="docs/audit.md explains each rule; fail_on in a --settings file sets the limit",
        )


def _drawn(report: AuditReport) -> RenderableType:
    from rich.console import Group

    from traceledger.cli.output import styled, table
    from traceledger.model.units import format_time

    scope = f"{report.scope.kind.value} {report.scope.name}".strip()
    counts = ", ".join(f"{number} {level}" for level, number in report.counts.items())
    head = (
        f"{scope}: {counted(report.batches, 'batch', 'batches')}, {counted(len(report.rules), 'rule')},"
        f" as of {format_time(report.now)}"
    )
    booked = _differences(report)
    if not report.found:
        return Group(head, "no issues", *booked)
    rows = [_row(item) for item in report.found]
    issues = table(("level", "rule", "subject", "issue"), rows)
    return Group(head, styled(counts, "bold"), "", issues, *booked)


def _differences(report: AuditReport) -> list[RenderableType]:
    """What better measurements booked; nothing where there were none."""
    from traceledger.cli.figures import share, signed
    from traceledger.cli.output import table

    if not report.differences:
        return []
    columns = ("year", "measured by", "made at", "material", "of", "more", "less", "net", "of throughput")
    rows = [
        (
            *(str(found.year), item.participant, item.facility, item.material),
            *(item.substance, str(found.more), str(found.less)),
            signed(found.net_mg),
            share(found.net_mg / found.throughput_mg, decimals=3, sign=True) if found.throughput_mg else "",
        )
        for item in report.differences
        for found in [item.found]
    ]
    return ["", "booked differences", table(columns, rows, right=columns[5:])]


def _row(found: Found) -> tuple[Any, ...]:
    from traceledger.cli.output import styled

    slug = found.level.slug
    subject = found.issue.subject
    return styled(slug, _STYLES[slug]), found.rule.id, subject.name, found.issue.message
