"""``traceledger epcis capture``: what events become on the ledger, and recording that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.approval import approving
from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import acting, masterdata_option
from traceledger.cli.output import table
from traceledger.cli.record import sign_offline
from traceledger.errors import InputError, NotAcceptedError, TraceLedgerError
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import Group

    from traceledger.interop.epcis.capture import CapturePlan, Row

_FILE = click.Path(dir_okay=False, allow_dash=True)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@masterdata_option("Master data of a company: keys of companies, sites and materials; its participant acts.")
@click.option("--submit", is_flag=True, help="Record it; else only say what each event would become.")
@click.option(
    "--skip-refused",
    is_flag=True,
    help="With --submit: record the others although events are refused.",
)
@click.option(
    "--define",
    is_flag=True,
    help="Record first what the documents' own master data define and the ledger lacks, as the consortium.",
)
@click.option(
    "--observations",
    is_flag=True,
    help="Put what only observes lots of the ledger on record as evidence.",
)
@click.option("--create-keys", is_flag=True, help="Make a key for every participant registered without one.")
@click.option(
    "--block-size",
    type=click.IntRange(1, 1000),
    default=100,
    show_default=True,
    help="Most operations in one block of an embedded chain.",
)
@click.option(
    "--exclusive-keys",
    is_flag=True,
    help="No other machine uses these keys: send also what could happen twice without waiting.",
)
@acting
@with_session
def capture(
    session: Session,
    /,
    files: tuple[str, ...],
    *,
    submit: bool,
    skip_refused: bool,
    create_keys: bool,
    block_size: int,
    exclusive_keys: bool,
    **said: Any,
) -> None:
    """Turn the events of EPCIS 2.0 in each FILE into operations, and say what each event becomes.

    Nothing is recorded without --submit. Events that are on the ledger already are recognised, in whatever
    file, order or notation they come again. '-' is standard input. Exit code 2 where events are malformed,
    4 where others are refused; then --submit records nothing, unless --skip-refused says so.
    """
    from traceledger.cli.spreadsheets import STDIN, given_of

    if files.count(STDIN) > 1:
        raise InputError("standard input is given twice", where=STDIN, hint="name it once")
    given = [given_of(file) for file in files]
    client = session.client
    if submit and session.offline is None:
        client.resume()
    with session.output.progress("Reading events") as progress:
        plan = client.capture(given, act_as=session.act_as or (), progress=progress, **said)
    done: dict[str, Any] | None = None
    if submit and plan.operations and (skip_refused or not plan.refused):
        done = _submit(
            session, plan, create_keys=create_keys, block_size=block_size, exclusive_keys=exclusive_keys
        )
    if session.offline is None or not done:
        session.output.result(plan.to_dict(done), lambda: _drawn(plan, done, submit=submit))
    if plan.refused and not (submit and skip_refused):
        raise _refused(plan)


def _submit(session: Session, plan: CapturePlan, **how: Any) -> dict[str, Any] | None:
    """Record what is not refused; ``None``: it was signed into a file."""
    from traceledger.documents import recorded as documents

    source = plan.accepted().source()
    if session.offline is not None:
        keys = how["create_keys"]
        sign_offline(session, lambda signing: signing.file(source, create_keys=keys), of_file=True)
        return {"signed": str(session.offline)}
    with session.output.progress("Submitting") as progress:
        done = session.client.submit(
            source, progress=progress, approve=approving(session, of_file=True), **how
        )
    return documents.submitted(Path(source.name), done)


def _drawn(plan: CapturePlan, done: dict[str, Any] | None, *, submit: bool) -> Group:
    """A row for each event, and what came of all."""
    from rich.console import Group

    from traceledger.interop.epcis.capture import COUNTED, SAID

    several = len(plan.files) > 1
    rows = [(_place(row, several), row.kind, SAID[row.verdict], list(_words(row, plan))) for row in plan.rows]
    counts = ", ".join(
        f"{count} {words}" for verdict, words in COUNTED.items() if (count := plan.counts[verdict.value])
    )
    end = "nothing was recorded"
    if done is not None:
        end = f"{counted(done.get('sent', 0), 'operation')} sent, {done.get('skipped', 0)} recorded before"
    elif not submit and plan.operations:
        end = f"{counted(len(plan.operations), 'operation')}; nothing was recorded: --submit does"
    if not plan.official:
        end += "; GS1's own schema was not asked: schema add brings it"
    right = () if several else ("event",)
    return Group(
        table(("event", "kind", "verdict", "what"), rows, right=right, drop=("kind",)),
        f"{counted(len(plan.rows), 'event')}: {counts or 'none'}; {end}",
        *([_offered(plan)] if plan.offered else ()),
    )


def _place(row: Row, several: bool) -> str:
    file, number = row.place
    return f"{Path(file).name}: {number}" if several else str(number)


def _words(row: Row, plan: CapturePlan) -> Iterator[str]:
    """What becomes of an event, line by line."""
    if row.joined and row.operations:
        yield ", ".join(f"event {number}" for _, number in row.joined)
    elif row.operations:
        yield from (plan.summary(number) for number in row.operations)
    if row.why and not (row.joined and row.operations):
        where = f"{row.where}: " if row.where else ""
        yield f"{where}{row.why}" + (f" ({row.mend})" if row.mend else "")
    yield from (f"note: {note}" for note in row.notes)


def _refused(plan: CapturePlan) -> TraceLedgerError:
    """What cannot be read is wrong input, even if other events are refused for other reasons."""
    malformed = [row for row in plan.refused if row.malformed]
    told = malformed or plan.refused
    what = f"{counted(len(plan.refused), 'event')} of {len(plan.rows)} refused"
    if malformed and len(malformed) < len(plan.refused):
        what += f", {len(malformed)} of them malformed"
    error = InputError if malformed else NotAcceptedError
    return error(what, hint=f"the first one: {told[0].fault}")


def _offered(plan: CapturePlan) -> str:
    """What of the documents' own master data would have to be recorded first."""
    nouns = {"participant": ("company", "companies"), "facility": ("site", "sites")}
    of_each = (counted(number, *nouns.get(kind, (kind,))) for kind, number in plan.offered.items())
    what = "it" if sum(plan.offered.values()) == 1 else "them"
    return f"the header defines {', '.join(of_each)} that this ledger lacks: --define records {what} first"
