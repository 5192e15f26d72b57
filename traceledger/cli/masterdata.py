"""``traceledger masterdata``: what a company says of itself that the ledger does not know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import acting
from traceledger.cli.output import fields, spaced, table
from traceledger.errors import NetworkError, NotAcceptedError
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.interop.masterdata import MasterData
    from traceledger.interop.masterdata.comparing import Comparison

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def masterdata() -> None:
    """What a company says of itself, its sites and materials that the ledger does not know."""


@masterdata.command()
@click.argument("file", type=_FILE)
@with_session
def check(session: Session, file: Path) -> None:
    """Check the master data FILE, and hold it against the ledger, where there is one here.

    Faults are told all at once. Of the ledger: what it contradicts, what the file names that is not there,
    and what of the company's own neither says. Exit code 4 where the ledger contradicts the file.
    """
    from traceledger.interop import masterdata as reading
    from traceledger.interop.masterdata.comparing import checked

    known = reading.load(file)
    compared = _compared(session, known)
    document = checked(known, compared)
    session.output.result(document, lambda: _drawn(document))
    if compared is not None and compared.contradicted:
        raise NotAcceptedError(
            f"the ledger contradicts the file in {counted(len(compared.contradicted), 'place')}",
            where=file,
            hint="correct the file, or identify the company or site on the ledger",
        )


@masterdata.command()
@click.argument("file", type=_FILE)
@click.option("--url", metavar="URL", help="Where others find it; default: the name of the file.")
@acting
@with_session
def record(session: Session, file: Path, url: str | None) -> None:
    """Put the SHA-256 of the master data FILE on record, as the company whose file it is.

    Whoever is given the file later can show that it is the one that was meant. One with faults is refused,
    and one that is on record already is not recorded again.
    """
    from traceledger.cli.record import record as recording
    from traceledger.interop import masterdata as reading
    from traceledger.interop.masterdata.comparing import KIND, checked, is_recorded

    known = reading.load(file)
    session.act_as = session.act_as or known.participant
    if session.offline is None and is_recorded(session.synced().disclosed, known, session.act_as):
        session.output.say(f"{file} is on record already: nothing was sent")
        session.output.result(checked(known, None), lambda: known.sha256)
        return
    said = {"uri": url or file.name, "sha256": known.sha256, "kind": KIND, "issuer": known.participant}
    recording(session, "record_evidence", said, by_option=False)


def _compared(session: Session, known: MasterData) -> Comparison | None:
    """The file beside the ledger; ``None`` where there is none here, and none was named."""
    from traceledger.interop.masterdata.comparing import compare

    try:
        index = session.synced().disclosed
        with index.snapshot():
            return compare(index, known)
    except NetworkError as error:
        if session.network is not None or session.config is not None:
            raise
        session.output.say(f"the file is checked by itself: {error.what}")
        return None


def _drawn(document: dict[str, Any]) -> RenderableType:
    from rich.console import Group as Several

    ledger = document["ledger"]
    head = {name: str(value) for name, value in document.items() if name not in ("file", "ledger")}
    if ledger is None:
        return fields(head.items())
    head["on record"] = "yes" if ledger["recorded"] else "no"
    parts: list[RenderableType] = [fields(head.items())]
    if ledger["contradicted"]:
        rows = ((each["place"], each["file"], each["ledger"]) for each in ledger["contradicted"])
        parts += [spaced("The ledger contradicts"), table(("place", "file", "ledger"), rows, edge=True)]
    if ledger["unknown"]:
        unknown = ((each,) for each in ledger["unknown"])
        parts += [spaced("Not on the ledger"), table(("place",), unknown, edge=True)]
    if ledger["unsaid"]:
        rows = ((each["name"], each["kind"], ", ".join(each["lacks"])) for each in ledger["unsaid"])
        parts += [spaced("Neither says"), table(("name", "kind", "lacks"), rows, edge=True)]
    return Several(*parts)
