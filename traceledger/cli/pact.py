"""``traceledger pact``: footprints of suppliers, taken in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.approval import approving
from traceledger.cli.commands import Group
from traceledger.cli.completing import words
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import acting, masterdata_option
from traceledger.cli.output import fields, table
from traceledger.cli.record import require_actor
from traceledger.errors import ContractRefusalError, InputError
from traceledger.model.batches import Origin
from traceledger.model.counting import counted
from traceledger.model.emissions import PARTS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.client.client import Client
    from traceledger.interop.pact.incoming import Delivery
    from traceledger.interop.pact.receiving import Receipt
    from traceledger.sending.rehearsal import Plan

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def pact() -> None:
    """PACT footprints of suppliers, taken in; traceledger footprint --format pact writes one."""


@pact.command("import")
@click.argument("file", type=_FILE)
@click.option("--footprint", default="", metavar="ID", help="Of several in the file, the one of this id.")
@click.option(
    "--batch",
    metavar="BATCH",
    help="What the delivered lot is to be called; without, the document is only put on record.",
)
@click.option(
    "--material", default="", metavar="MATERIAL", help="What it is of; by default what master data say."
)
@click.option("--facility", metavar="FACILITY", help="The site of yours where it is.")
@click.option("--mass", metavar="MASS", help="The gross mass that was delivered: '12 t'.")
@click.option("--pieces", type=click.IntRange(min=1), help="How many pieces, where they are counted.")
@click.option(
    "--substance",
    "substances",
    multiple=True,
    metavar="SUBSTANCE=MASS",
    help="What it holds of tracked substances: Co=8.4t. Repeat for more.",
)
@click.option("--at", metavar="TIME", help="When it arrived: 2026-01-17T06:00:00Z.")
@click.option(
    "--origin",
    default="untraced",
    type=words(*(each.slug for each in Origin)),
    metavar="WORD",
    show_default=True,
    help="As what it is minted.",
)
@click.option("--url", default="", metavar="URL", help="Where others find the document; default: its UUID.")
@masterdata_option("Master data, which know product ids.")
@click.option(
    "--submit", "sends", is_flag=True, help="Send it; without, it is only said what it would become."
)
@acting
@with_session
def import_(
    session: Session,
    /,
    file: Path,
    *,
    footprint: str,
    url: str,
    masterdata: Path | None,
    sends: bool,
    **said: Any,
) -> None:
    """Take in the PACT footprint of FILE: as a document on record, and with the lot that came with it.

    With --batch the lot is minted as untraced, and brings the emissions of the footprint along, multiplied by
    what was delivered. FILE may be an answer with several footprints.
    """
    from traceledger.interop.directory import Directory
    from traceledger.interop.masterdata import load
    from traceledger.interop.pact import incoming
    from traceledger.interop.pact.receiving import receive
    from traceledger.operations.file import bytes_of
    from traceledger.sending.lines import Source

    act_as = require_actor(session)
    received = incoming.read(bytes_of(file), str(file), url)
    delivery = _delivery(said)
    known = load(masterdata)
    client = session.synced()
    index = client.disclosed
    asked = received.footprints if delivery is None and not footprint else (received.chosen(footprint),)
    with index.snapshot():
        directory, recorded = Directory(index, known), index.evidence(incoming.KIND)
        receipts = [
            receive(received, each, delivery, act_as=act_as, directory=directory, recorded=recorded)
            for each in asked
        ]
    operations = list({str(each): each for receipt in receipts for each in receipt.operations}.values())
    source = Source.of(operations)
    if sends:
        _send(session, client, file, receipts, source)
    else:
        _tell(session, client, file, receipts, source)


@contextmanager
def _naming(option: str) -> Iterator[None]:
    """A fault of a value is said of its option."""
    try:
        yield
    except InputError as error:
        raise InputError(error.what, where=option, hint=error.hint) from None


def _delivery(said: dict[str, Any]) -> Delivery | None:
    """What the options say of the lot; ``None`` where none is named.

    Raises:
        InputError: an option is missing, or is there without a lot.
    """
    from traceledger.cli.parsing import substances
    from traceledger.interop.pact.incoming import Delivery
    from traceledger.model.units import parse_mass
    from traceledger.operations.readers import parse_time

    if said["batch"] is None:
        given = next((name for name in ("facility", "mass", "pieces", "at") if said[name] is not None), None)
        if given is not None:
            raise InputError(
                "it is said of a lot, and none is named", where=f"--{given}", hint="name it with --batch"
            )
        return None
    for name in ("facility", "at"):
        if said[name] is None:
            raise InputError("it is needed", where=f"--{name}", hint="say it of the lot that came")
    with _naming("--at"):
        parse_time(said["at"])
    with _naming("--mass"):
        mass = None if said["mass"] is None else parse_mass(said["mass"])
    return Delivery(
        batch=said["batch"],
        material=said["material"],
        facility=said["facility"],
        mass=mass,
        pieces=said["pieces"],
        substances=substances(said["substances"], "--substance"),
        at=said["at"],
        origin=said["origin"],
    )


def _tell(session: Session, client: Client, file: Path, receipts: list[Receipt], source: Any) -> None:
    """Say what it would become.

    Raises:
        ContractRefusalError: the contracts would refuse something.
    """
    from traceledger.documents import plans
    from traceledger.interop.pact.receiving import document

    with session.output.progress("Checking") as progress:
        plan = client.plan(source, create_keys=False, progress=progress)
    told = document(str(file), receipts, submitted=False, plan=plans.plan(file, plan))
    session.output.result(told, lambda: _drawn(receipts, plan))
    if plan.refused:
        first = plan.refused[0].refusal
        raise ContractRefusalError(
            "the contracts would refuse it",
            where=file,
            hint="" if first is None else f"{first.what}: {first.hint}",
        )


def _send(session: Session, client: Client, file: Path, receipts: list[Receipt], source: Any) -> None:
    from traceledger.interop.pact.receiving import document

    with session.output.progress("Submitting") as progress:
        done = client.submit(
            source, create_keys=False, progress=progress, approve=approving(session, of_file=True)
        )
    told = document(str(file), receipts, submitted=True, sent=done.sent, skipped=done.skipped)
    session.output.result(
        told, lambda: f"{counted(done.sent, 'operation')} sent, {done.skipped} recorded before"
    )


def _drawn(receipts: list[Receipt], plan: Plan) -> RenderableType:
    from rich.console import Group as Several

    from traceledger.cli.figures import co2e, mass

    parts: list[RenderableType] = []
    for each in receipts:
        found, emitted = each.footprint, each.emissions
        facts = [
            ("footprint", found.id),
            ("of", f"{found.said('productNameCompany')} by {found.said('companyName')}"),
            ("by", f"{found.pcf.get('declaredUnitAmount')} {found.unit}"),
        ]
        if each.mass is not None and emitted is not None:
            facts += [("delivered", mass(each.mass)), ("scope 3", co2e(emitted.total_mg))]
            facts += [
                (f"of that {name.replace('_', ' ')}", co2e(getattr(emitted, name)))
                for name in ("primary", *PARTS)
                if getattr(emitted, name)
            ]
            facts += [("removals", co2e(emitted.removals))] if emitted.removals else []
        facts += [
            (f"not recorded: {name.removesuffix('_mg')}", _signed(value))
            for name, value in each.apart.items()
        ]
        facts += [("warning", text) for text in each.warnings]
        parts.append(fields(facts))
    rows = ((str(it.number), it.effect.summary, it.outcome) for it in plan.operations)
    parts.append(table(("", "operation", "outcome"), rows))
    parts.append("nothing was sent: --submit sends it")
    return Several(*parts)


def _signed(milligrams: int) -> str:
    from traceledger.model.units import format_mass

    return format_mass(milligrams)
