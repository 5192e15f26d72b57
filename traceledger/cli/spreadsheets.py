"""What is said of a spreadsheet on the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceledger.cli.context import Session
from traceledger.errors import InputError

if TYPE_CHECKING:
    from traceledger.sending.lines import Source

Function = TypeVar("Function", bound=Callable[..., Any])
STDIN = "-"


def spreadsheet(function: Function) -> Function:
    """Options of what reads spreadsheets."""
    path = click.Path(path_type=Path)
    for add in reversed(
        (
            click.option(
                "--operation",
                metavar="OPERATION",
                default="",
                help="Of a spreadsheet: which operation its rows are, where it does not say it.",
            ),
            click.option(
                "--mapping", type=path, metavar="FILE", help="Of a spreadsheet: how that of others is read."
            ),
            click.option(
                "--sheet",
                "sheets",
                multiple=True,
                metavar="NAME",
                help="Of a workbook: read this sheet only.",
            ),
            click.option(
                "--decimal",
                type=click.Choice(("point", "comma")),
                help="Of a spreadsheet: the sign before decimals, where it does not tell.",
            ),
            click.option(
                "--hidden",
                type=click.Choice(("refuse", "read", "skip")),
                default="refuse",
                show_default=True,
                help="Of a workbook: what to do with hidden rows and columns.",
            ),
        )
    ):
        function = add(function)
    return function


def source_said(session: Session, file: str, *, repeats: bool, **said: Any) -> Source:
    """The operations of a file of any kind, or of standard input, read as the options say.

    Raises:
        InputError: it cannot be read at all, or nothing is piped.
    """
    from traceledger.interop.asked import Asked
    from traceledger.interop.reading import source_of

    given: Path | bytes = _piped() if file == STDIN else Path(file)
    asked = Asked(act_as=session.act_as or "", **{name: value for name, value in said.items() if value})
    source = source_of(given, asked, name=file, repeats=repeats)
    for warning in source.warnings:
        session.output.say(f"warning: {warning.sentence}")
    return source


def _piped() -> bytes:
    from traceledger.operations.file import MOST_BYTES

    if sys.stdin.isatty():
        raise InputError(
            "nothing is piped into this command", where=STDIN, hint="pipe a file into it, or name one"
        )
    return sys.stdin.buffer.read(MOST_BYTES + 1)
