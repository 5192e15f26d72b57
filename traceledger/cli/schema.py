"""``traceledger schema``: official JSON schemas, which are asked where they are on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import table


@click.group(cls=Group)
def schema() -> None:
    """Official JSON schemas of formats of the industry, asked besides this program's own rules."""


@schema.command("list")
@with_session
def list_(session: Session) -> None:
    """List the schemas that are known, where they are published, and which are on this machine."""
    from traceledger.interop import schemas

    document = schemas.listed()
    session.output.result(
        document,
        lambda: table(
            ("schema", "version", "here", "licence", "published at"),
            (
                (each.name, each.version, "yes" if each.is_here else "no", each.licence, each.url)
                for each in schemas.known().values()
            ),
        ),
    )


@schema.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@with_session
def add(session: Session, files: tuple[Path, ...]) -> None:
    """Keep each FILE, an official schema that is recognised by its hash, in the user's data folder.

    The environment variable TRACELEDGER_SCHEMAS names another folder. What is not known is refused.
    """
    from traceledger.interop import schemas

    added = [schemas.add(file) for file in files]
    session.output.result(
        schemas.kept(added), lambda: [f"{each.name} {each.version}: {each.file}" for each in added]
    )
