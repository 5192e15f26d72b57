"""``traceledger passport``: battery passports in the industry's models, with the source of each value."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import as_of_option, masterdata_option
from traceledger.cli.output import table
from traceledger.interop.passport.names import AVERAGES, FAMILIES, NAMES, READERS, of_family

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.interop.passport.formats import Format
    from traceledger.interop.passport.writing import Prove


@click.group(cls=Group)
def passport() -> None:
    """Battery passports in the models of Catena-X, Battery Pass and IDTA."""


@passport.command()
@click.argument("batch")
@click.option(
    "--format",
    "names",
    type=click.Choice((*NAMES, *FAMILIES)),
    multiple=True,
    required=True,
    metavar="WORD",
    help="A model, or all of catenax, batterypass or idta. Repeat.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="A new folder; or a .json file, of one model.",
)
@masterdata_option("What the ledger does not know of company, sites and batteries.")
@click.option(
    "--per",
    type=click.Choice(AVERAGES),
    default="model",
    show_default=True,
    help="Figures of the model's year at its plant, or of this battery.",
)
@click.option(
    "--for", "readers", type=click.Choice(READERS), multiple=True, help="Only for these readers. Repeat."
)
@click.option("--proof", is_flag=True, help="With proof files of the same block.")
@click.option("--incomplete", is_flag=True, help="Write documents that lack something, too.")
@as_of_option
@with_session
def export(
    session: Session,
    batch: str,
    *,
    names: Sequence[str],
    target: Path,
    masterdata: Path | None,
    per: str,
    readers: Sequence[str],
    proof: bool,
    incomplete: bool,
    as_of: int | None,
) -> None:
    """Write the passport of the battery BATCH, or of the one that BATCH holds.

    One file for each model and reader of Article 77(2) of Regulation (EU) 2023/1542, and beside each which
    events every value comes from.
    """
    from dataclasses import replace

    from traceledger.interop import masterdata as known
    from traceledger.interop.passport.access import Reader
    from traceledger.interop.passport.batteries import Per
    from traceledger.interop.passport.making import read
    from traceledger.interop.passport.writing import Wanted, write_file, write_folder

    said = known.load(masterdata)
    client = session.synced()
    index = client.index
    wanted = Wanted(
        formats=_formats(names),
        readers=tuple(Reader(each) for each in readers),
        incomplete=incomplete,
        prove=_prove(session) if proof else None,
    )
    block = index.final_block() if proof and as_of is None else as_of
    with index.snapshot():
        battery = read(index, client.batch_id(batch), said, Per(per), client.stages, block)
        battery = replace(battery, rules=client.article_8)
        write = write_file if target.suffix == ".json" else write_folder
        document = write(battery, wanted, target)
    session.output.result(document, lambda: _drawn(document))


@passport.command()
@click.argument("name", type=click.Choice(NAMES), metavar="FORMAT")
@with_session
def show(session: Session, name: str) -> None:
    """Show the members of a model: where they stand, by which point of Annex XIII, and who sees them."""
    from traceledger.interop.passport.formats import FORMATS, listed

    document = listed(FORMATS[name])
    session.output.result(
        document,
        lambda: table(
            ("member", "point", "for"),
            [(each["member"], each["point"], ", ".join(each["readers"])) for each in document["members"]],
            edge=True,
        ),
    )


def _formats(names: Sequence[str]) -> list[Format]:
    from traceledger.interop.passport.formats import FORMATS

    chosen = dict.fromkeys(each for name in names for each in of_family(name))
    return [FORMATS[name] for name in chosen]


def _prove(session: Session) -> Prove:
    from traceledger.model.hexadecimal import id_text

    def prove(batch: int, path: Path, block: int) -> None:
        session.client.export_proof(id_text(batch), path, block=block)

    return prove


def _drawn(document: dict[str, Any]) -> RenderableType:
    rows = [
        (
            each["file"],
            each["reader"],
            str(each["values"]),
            str(len(each["missing"])),
            "incomplete" if each["incomplete"] else "",
        )
        for each in document["written"]
    ]
    return table(("file", "for", "values", "not known", ""), rows, right=("values", "not known"), edge=True)
