"""``traceledger check``: what is wrong with documents of the industry, whoever wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.completing import Named
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import plain, spaced, table
from traceledger.errors import InputError, VerificationError
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

    from traceledger.interop.referee.checking import Verdict
    from traceledger.interop.referee.hearing import Finding


def _kinds(_: Session, __: str) -> list[str]:
    from traceledger.interop.referee.checking import KINDS

    return list(KINDS)


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--kind", default="", type=Named(_kinds), metavar="WORD", help="What they are, where they do not show it."
)
@click.option("--part", is_flag=True, help="They are what some readers get: what is left out is no fault.")
@with_session
def check(session: Session, files: tuple[str, ...], *, kind: str, part: bool) -> None:
    """Check documents: PACT footprints, EPCIS events, Catena-X models, battery passports.

    It is recognised what each is. Checked are its schema, signs, ranges, units, identifiers, times, and
    whether its sums add up; what does not is shown with the figure it should be. Several documents of one
    battery are compared as well. '-' is standard input; docs/check.md lists kinds and rules.

    Exit code 3 when a document breaks a rule, 2 when it is none of those that are known; the result is
    printed all the same.
    """
    from traceledger.cli.spreadsheets import given_of
    from traceledger.interop.referee.checking import check_all, document
    from traceledger.operations.file import bytes_of

    given = [(name, given_of(name)) for name in files]
    contents = [(name, each if isinstance(each, bytes) else bytes_of(Path(each))) for name, each in given]
    with session.output.progress("Checking") as progress:
        verdicts = check_all(contents, kind=kind, part=part, progress=progress)
    session.output.result(document(verdicts), lambda: _drawn(verdicts))
    _judge(verdicts)


def _drawn(verdicts: list[Verdict]) -> Group:
    from rich.console import Group

    parts: list[RenderableType] = []
    for verdict in verdicts:
        title = "not recognised" if verdict.kind is None else verdict.kind.title
        counts = [
            counted(len(found), word)
            for word, found in (("fault", verdict.faults), ("doubt", verdict.doubts))
            if found
        ]
        asked = ", the official schema was asked" if verdict.official else ""
        parts.append(spaced(f"{verdict.name}: {title}: {', '.join(counts) or 'sound'}{asked}"))
        rows = [
            (each.weight.value, each.pointer or "/", each.what, each.found, each.expected)
            for each in (*verdict.faults, *verdict.doubts)
        ]
        if rows:
            parts.append(table(("", "where", "what", "is", "should be"), rows, edge=True))
        parts += [spaced(f"note: {plain(_noted(each))}", "dim") for each in verdict.notes]
        if verdict.left_out:
            parts.append(spaced(f"and {verdict.left_out} more", "dim"))
    return Group(*parts)


def _noted(note: Finding) -> str:
    return f"{note.pointer}: {note.what}" if note.pointer else note.what


def _judge(verdicts: list[Verdict]) -> None:
    """End with the exit code of what was found.

    Raises:
        VerificationError: a document breaks a rule.
        InputError: none does, but one is of no known kind.
    """
    broken = [each for each in verdicts if each.kind is not None and each.faults]
    unknown = [each for each in verdicts if each.kind is None]
    if broken:
        count = counted(sum(len(each.faults) + each.left_out for each in broken), "fault")
        raise VerificationError(f"{count} in {counted(len(broken), 'document')}", where=broken[0].name)
    if unknown:
        raise InputError(unknown[0].faults[0].what, where=unknown[0].name, hint="--kind says what it is")
