"""``traceledger init``: a first networks.toml."""

from __future__ import annotations

import os
from pathlib import Path

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--chain-id", type=click.IntRange(1, 2**63 - 1), help="Chain id of the embedded network.")
@with_session
def init(session: Session, folder: Path, chain_id: int | None) -> None:
    """Write a networks.toml with the embedded network "local" into FOLDER (default: here).

    And a .gitignore that keeps keys and data out of a repository; one that is there gets what it lacks.

    Next: traceledger contract deploy
    """
    from traceledger.config import networks
    from traceledger.documents import networks as documents
    from traceledger.errors import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", where=folder) from None
    # First: where this fails, nothing is there that could be gone on with while git takes keys along.
    taken = os.path.lexists(folder / networks.FILE_NAME)
    ignoring = None if taken else networks.write_ignore(folder)
    path = networks.write_template(folder, chain_id=chain_id or networks.DEFAULT_CHAIN_ID)
    session.output.result(documents.begun(path, networks.load(path).get()), lambda: f"{path}")
    if ignoring is not None:
        session.output.say(f"{ignoring}: git leaves keys and data alone")
    session.output.say("next: traceledger contract deploy")
