"""``traceledger submit``: running an operations file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import click

from traceledger.cli.approval import approving
from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import acting
from traceledger.cli.output import table
from traceledger.cli.record import sign_offline
from traceledger.cli.spreadsheets import given_of, marking, source_said, spreadsheet
from traceledger.documents import plans
from traceledger.documents import recorded as documents
from traceledger.errors import ContractRefusalError, InputError
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import Group

    from traceledger.sending.lines import Source
    from traceledger.sending.rehearsal import Plan, PlannedOperation
    from traceledger.sending.submission import Submitted


@click.command(cls=Command)
@click.argument("file")
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
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Only say what each operation would do, and whether the contracts would accept it: send nothing.",
)
@click.option(
    "--repeats",
    is_flag=True,
    help="Lines that say the very same are events of their own; else they are refused.",
)
@spreadsheet
@acting
@with_session
def submit(
    session: Session,
    /,
    file: str,
    *,
    only_check: bool,
    repeats: bool,
    faults: Path | None,
    create_keys: bool,
    block_size: int,
    exclusive_keys: bool,
    **said: Any,
) -> None:
    """Run the operations of FILE, in order, each once: JSON Lines, a workbook (.xlsx) or CSV.

    '-' is standard input. The whole file is checked first: with any fault in it, nothing is sent.
    Interrupted or run again, it goes on where it stopped.
    """
    given = given_of(file)
    source = source_said(session, given, repeats=repeats, **said)
    with marking(session, given, faults):
        if only_check:
            check(session, source, create_keys=create_keys)
            return
        if session.offline is not None:
            sign_offline(session, lambda signing: signing.file(source, create_keys=create_keys), of_file=True)
            return
        client = session.synced()
        with session.output.progress("Submitting") as progress:
            done = client.submit(
                source,
                create_keys=create_keys,
                block_size=block_size,
                exclusive_keys=exclusive_keys,
                progress=progress,
                approve=approving(session, of_file=True),
            )
    report(session, Path(source.name), done)


def check(session: Session, source: Source, *, create_keys: bool) -> None:
    """Say what submitting a file would do.

    Raises:
        InputError: nothing can be asked offline.
        ContractRefusalError: the contracts would refuse something.
    """
    if session.offline is not None:
        raise InputError("nothing can be checked offline", where="--check", hint="leave out --offline")
    client = session.synced()
    with session.output.progress("Checking") as progress:
        plan = client.plan(source, create_keys=create_keys, progress=progress)
    file = Path(source.name)
    session.output.result(plans.plan(file, plan), lambda: _described(plan))
    if plan.refused:
        first = plan.refused[0].refusal
        raise ContractRefusalError(
            f"the contracts would refuse {len(plan.refused)} of {counted(len(plan.operations), 'operation')}",
            where=str(file),
            hint="" if first is None else f"the first one: {first.where}: {first.what}",
        )


def _described(plan: Plan) -> Group:
    """What each operation would do, its key, and what would become of it."""
    from rich.console import Group

    rows = ((_place(it), it.effect.summary, _key(it), _outcome(it, plan)) for it in plan.operations)
    counts = ", ".join(
        f"{count} {words}"
        for outcome, words in _COUNTED.items()
        if (count := sum(it.outcome == outcome for it in plan.operations))
    )
    summary = f"at block {plan.block}: {counts or 'no operations'}; nothing was sent"
    return Group(table(("line", "operation", "key", "outcome"), rows, right=("line",)), summary)


_COUNTED = {
    "recorded": "recorded before",
    "accepted": "would be accepted",
    "refused": "would be refused",
    "unasked": "cannot be told yet",
}


def _key(planned: PlannedOperation) -> str:
    return planned.key if planned.key_exists else f"{planned.key} (to be made)"


def _outcome(planned: PlannedOperation, plan: Plan) -> str:
    match planned.outcome:
        case "refused":
            refusal = planned.refusal
            if refusal is None:
                return "refused"
            mend = f" ({refusal.hint})" if refusal.hint else ""
            return f"refused, {type(refusal).__name__}: {refusal.what}{mend}"
        case "unasked":
            if any(it.number == planned.waits_for for it in plan.refused):
                return f"not asked: it needs {_waited_for(planned, plan)}, which would be refused"
            return f"the chain cannot be asked before {_waited_for(planned, plan)} is recorded"
        case "recorded" | "accepted":
            return planned.outcome
        case _:
            assert_never(planned.outcome)


def _place(planned: PlannedOperation) -> str:
    """The line of an operation; of a spreadsheet its row, of a workbook after the sheet's name."""
    spot = planned.place.spot
    if spot is None or spot.row is None:
        return str(planned.number)
    return f"{spot.sheet}!{spot.row}" if spot.sheet else str(spot.row)


def _waited_for(planned: PlannedOperation, plan: Plan) -> str:
    """The line that an operation needs."""
    found = [_place(it) for it in plan.operations if it.number == planned.waits_for]
    return f"line {found[0] if found else planned.waits_for}"


def report(session: Session, file: Path, done: Submitted) -> None:
    """Say what became of a file."""
    session.output.result(
        documents.submitted(file, done),
        lambda: (
            f"{counted(done.sent, 'operation')} sent, {done.skipped} recorded before;"
            f" the chain is at block {done.head}"
        ),
    )
