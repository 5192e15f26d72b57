"""``traceledger declaration build`` and ``label``: declarations as pages, and codes that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import Target, disclosed_option, masterdata_option
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from traceledger.client.client import Client
    from traceledger.pages.publishing import Folder, Publication
    from traceledger.pages.site import Site
    from traceledger.proofs import TrustRoot

_url = click.option("--url", default="", metavar="URL", help="Where it will be found, for QR codes.")
_masterdata = masterdata_option("TOML file of a company's master data, with GS1 keys of its lots.")


def _kwh(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Decimal | None:
    from decimal import Decimal, InvalidOperation

    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount < 10**12:
        raise click.BadParameter(f"{text[:40]!r} is no number above zero, such as 78", ctx, parameter)
    return amount


@click.command(cls=Command)
@click.argument("batches", nargs=-1, required=True, metavar="BATCH...")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="FOLDER",
    help="Folder of the pages; what is there of other batches stays.",
)
@click.option("--proof", is_flag=True, help="With the proof file of each, and how to verify it.")
@click.option("--lang", default="en", metavar="CODE,…", help="Languages of the pages, or all; default: en.")
@_url
@click.option(
    "--resolver",
    default="",
    metavar="URL",
    help="Where Digital Links are answered: QR codes hold those of batches with GS1 keys.",
)
@_masterdata
@click.option(
    "--style",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A style sheet in place of the program's.",
)
@click.option("--kwh", callback=_kwh, metavar="NUMBER", help="kWh that each provides: with a figure per kWh.")
@disclosed_option
@with_session
def build(
    session: Session,
    /,
    batches: Sequence[str],
    *,
    target: Path,
    proof: bool,
    lang: str,
    url: str,
    resolver: str,
    masterdata: Path | None,
    style: Path | None,
    kwh: Decimal | None,
    disclosed: bool,
) -> None:
    """Write the declaration of each BATCH as pages that work from a file, and a list of them.

    They ask nothing of a network, and hold their pictures. Private texts stay private but with --disclosed.
    """
    from traceledger.documents import declarations
    from traceledger.pages.publishing import Publication, languages_of, web_address
    from traceledger.pages.site import Site, style_of

    how = Publication(
        languages=languages_of(lang),
        url=web_address(url) if url else "",
        style=style_of(style),
        kwh=kwh,
        disclosed=disclosed,
    )
    link = _linking(resolver, masterdata)
    client = session.synced()
    # All names before anything is written.
    numbers = {name: client.batch_id(name) for name in batches}
    trusted = _trusted(session, client) if proof else None
    written: list[dict[str, Any]] = []
    with (
        Site.opened(target, disclosed=disclosed) as site,
        session.output.progress("Writing declarations") as progress,
    ):
        for done, (name, number) in enumerate(numbers.items()):
            progress(done, len(numbers))
            batch = name, number
            one = _written(session, client, site, batch, how, proof=proof, trusted=trusted, link=link)
            written.append(one)
        listed = site.finish(how.languages, style=how.style)
    document = declarations.published(target, listed[0], written)
    session.output.result(document, lambda: _told(document))


@click.command(cls=Command)
@click.argument("batch")
@click.option(
    "-o",
    "--output",
    "target",
    type=Target(),
    required=True,
    metavar="FILE",
    help="File to write: .svg or .png.",
)
@_url
@click.option("--resolver", default="", metavar="URL", help="Where Digital Links lead; default: GS1.")
@_masterdata
@click.option("--lang", default="en", metavar="CODE", help="Language of the words; default: en.")
@with_session
def label(
    session: Session,
    /,
    batch: str,
    *,
    target: Path,
    url: str,
    resolver: str,
    masterdata: Path | None,
    lang: str,
) -> None:
    """Write a QR code that leads to the declaration of BATCH, with a few words beside it.

    It holds a GS1 Digital Link where the batch's identifier is a GS1 key, or master data have one for it,
    otherwise the address that --url gives.
    """
    from traceledger.documents import declarations
    from traceledger.errors import InputError, UnknownNameError
    from traceledger.languages import language
    from traceledger.model import gs1
    from traceledger.model.hexadecimal import id_text
    from traceledger.names import LedgerNames
    from traceledger.pages import label as labels
    from traceledger.pages.publishing import web_address
    from traceledger.storage.files import replace

    kind = target.suffix.lower()
    if kind not in (".svg", ".png"):
        raise InputError("a label is an SVG or a PNG", where=target, hint="name it .svg or .png")
    spoken, client = language(lang), session.synced()
    number = client.batch_id(batch)
    found = client.index.batch(number)
    if found is None:
        raise UnknownNameError(f"there is no batch {id_text(number)}")
    name = LedgerNames(client.index).batch(number)
    address = _linking(resolver or gs1.RESOLVER, masterdata)(name) or (web_address(url) if url else "")
    if not address:
        raise InputError(
            "has no GS1 key, and no address is given",
            where=batch,
            hint="say with --url where its declaration will be found",
        )
    material = client.index.material_by_id(found.material)
    said = {"batch": name, "material_name": material.name if material else ""}
    made = labels.label(said, address, spoken)
    replace(target, labels.png(made) if kind == ".png" else labels.svg(made, spoken))
    document = declarations.labelled(target, name, address, made.millimetres)
    session.output.result(document, lambda: [f"{target}: {address}"])


def _linking(resolver: str, masterdata: Path | None) -> Callable[[str], str]:
    """What gives the Digital Link of a batch by its full name; empty where it has no GS1 key.

    Args:
        resolver: where such links are answered; empty: nowhere, so that there are none.
        masterdata: a file with GS1 keys of lots.

    Raises:
        InputError: the file has faults, or this is no address.
    """
    from traceledger.model import gs1
    from traceledger.pages.publishing import web_address

    said = _epcs_in(masterdata)
    where = web_address(resolver, "--resolver") if resolver else ""

    def link(name: str) -> str:
        texts = (name.partition("/")[2], *said(name)) if where else ()
        # Its own name, else the first that master data have.
        key = next(filter(None, map(gs1.read, texts)), None)
        return "" if key is None else key.at(where)

    return link


def _epcs_in(masterdata: Path | None) -> Callable[[str], Sequence[str]]:
    """What gives the GS1 keys that master data have of a batch, by its full name."""
    if masterdata is None:
        return lambda _: ()
    # Loaded only then: what checks such files takes longer to load than a declaration to write.
    from traceledger.interop.masterdata import load

    lots = load(masterdata).lots

    def said(name: str) -> Sequence[str]:
        lot = lots.of(name)
        return lot.epcs if lot else ()

    return said


def _written(
    session: Session,
    client: Client,
    site: Site,
    batch: tuple[str, int],
    how: Publication,
    *,
    proof: bool,
    trusted: TrustRoot | None,
    link: Callable[[str], str],
) -> dict[str, Any]:
    from traceledger.declaration import declare
    from traceledger.documents import declarations
    from traceledger.pages.publishing import Proved, folder_of, proof_name
    from traceledger.pages.site import LIMIT, folder_name

    name, number = batch
    index = client.disclosed if how.disclosed else client.index
    document = declarations.declaration(declare(index, number, stages=client.stages))
    proved = None
    if proof:
        hidden = how.disclosed
        place = site.place(folder_name(document["batch"], document["id"], disclosed=hidden))
        file = place / proof_name(document, disclosed=hidden)
        proved = Proved(file.name, client.export_proof(name, file).block, trusted)
    made = folder_of(document, how, proved, link(document["batch"]))
    paths = site.publish(made.entry, made.files)
    session.output.detail(f"{made.entry.batch}: {counted(len(paths), 'file')}")
    for page, size in _pages(made):
        if size > LIMIT:
            session.output.say(f"{page} has {size} bytes, more than the {LIMIT} that a page should have")
    folder = site.folder / made.entry.folder
    return declarations.published_one(
        document, folder / "index.html", [folder / file for file in made.entry.files]
    )


def _trusted(session: Session, client: Client) -> TrustRoot | None:
    """What pages that check proof files believe beforehand; nobody's seal may make blocks final."""
    from traceledger.errors import InputError

    try:
        return client.trust_root()
    except InputError as fault:
        session.output.say(f"no page checks the proof files: {fault.what}")
        return None


def _pages(made: Folder) -> list[tuple[str, int]]:
    return [(name, len(text.encode())) for name, text in made.files.items() if name.endswith(".html")]


def _told(document: dict[str, Any]) -> list[str]:
    from traceledger.cli.output import shown

    lines = [f"{shown(each['batch'])}  {each['page']}" for each in document["declarations"]]
    return [*lines, f"All of them: {document['index']}"]
