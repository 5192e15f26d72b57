"""``traceledger submit``: running an operations file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Command
from traceledger.cli.options import recording
from traceledger.cli.record import sign_offline

if TYPE_CHECKING:
    from traceledger.sending.submission import Submitted


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
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
@recording
@with_session
def submit(session: Session, file: Path, create_keys: bool, block_size: int, exclusive_keys: bool) -> None:
    """Run the operations of FILE (JSON Lines), in order, each once.

    The whole file is checked first: with any fault in it, nothing is sent. Interrupted or run again, it
    goes on where it stopped.
    """
    if session.offline is not None:
        sign_offline(session, lambda signing: signing.file(file, create_keys=create_keys))
        return
    client = session.synced()
    with session.output.progress("Submitting") as progress:
        done = client.submit(
            file,
            create_keys=create_keys,
            block_size=block_size,
            exclusive_keys=exclusive_keys,
            progress=progress,
        )
    report(session, file, done)


def report(session: Session, file: Path, done: Submitted) -> None:
    """Say what became of a file."""
    document = {
        "file": str(file),
        "operations": done.operations,
        "sent": done.sent,
        "skipped": done.skipped,
        "head": done.head,
    }
    session.output.result(
        document,
        lambda: (
            f"{done.sent} operations sent, {done.skipped} recorded before; the chain is at block {done.head}"
        ),
    )
