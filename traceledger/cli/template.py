"""``traceledger template``: a workbook to fill in, and a mapping file for spreadsheets of others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import Target, acting_only
from traceledger.documents import recorded as documents
from traceledger.errors import InputError, NetworkError

if TYPE_CHECKING:
    from traceledger.interop.sheets.template import Offered
    from traceledger.languages import Language


@click.command(cls=Command)
@click.argument("operations", nargs=-1, required=True, metavar="OPERATION...")
@click.option("-o", "--output", "target", type=Target(), required=True, help="The file to write.")
@click.option(
    "--language",
    metavar="CODE",
    help="Of headings and explanations; by default yours.",
)
@click.option("--without-ledger", is_flag=True, help="List no names of materials, sites, companies and lots.")
@click.option("--mapping", is_flag=True, help="Write a mapping file (TOML) to be filled in instead.")
@acting_only
@with_session
def template(
    session: Session,
    /,
    operations: tuple[str, ...],
    *,
    target: Path,
    language: str | None,
    without_ledger: bool,
    mapping: bool,
) -> None:
    """Write a workbook (.xlsx) to fill in, with a sheet for each OPERATION.

    OPERATION is its name in operations files, such as mint or ship. What there is to choose comes from the
    ledger as it is; with --as, the lots, sites and open shipments of that company.
    Filled in, traceledger submit runs it.
    """
    from traceledger.interop.sheets.tables import require_operation
    from traceledger.storage.files import replace

    names = [name.replace("-", "_") for name in operations]
    for name in names:
        require_operation(name, "")
    spoken = _language(language)
    if mapping:
        from traceledger.interop.sheets.first_mapping import first_mapping

        replace(target, first_mapping(names, spoken))
    else:
        from traceledger.interop.sheets import template as sheets

        found = sheets.NOTHING if without_ledger else _offered(session)
        replace(target, sheets.content(names, language=spoken, offered=found))
    session.output.result(documents.template(target, names), lambda: f"wrote {target}")


def _language(code: str | None) -> Language:
    import os

    from traceledger.languages import language, of_environment

    return language(code) if code else of_environment(os.environ)


def _offered(session: Session) -> Offered:
    """What the ledger has to choose from; nothing where there is none, which is said."""
    from traceledger.interop.sheets.offering import offered
    from traceledger.interop.sheets.template import NOTHING

    try:
        client = session.synced()
    except (InputError, NetworkError) as error:
        session.output.say(f"without names of the ledger: {error.sentence}")
        return NOTHING
    own = client.directory().participant(session.act_as) if session.act_as else None
    return offered(client.index, client.names().shown, own)
