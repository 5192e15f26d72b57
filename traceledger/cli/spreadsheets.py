"""What is said of a spreadsheet on the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceledger.cli.context import Session
from traceledger.cli.options import Target
from traceledger.errors import InputError
from traceledger.languages.phrases import phrase

if TYPE_CHECKING:
    from traceledger.operations.file import OperationsFileError
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
            click.option(
                "--faults",
                type=Target(),
                metavar="FILE.xlsx",
                help="Of a spreadsheet with faults: write it here with these cells marked and explained.",
            ),
        )
    ):
        function = add(function)
    return function


def given_of(file: str) -> Path | bytes:
    """The file, or all that is piped into the command.

    Raises:
        InputError: nothing is piped.
    """
    from traceledger.operations.file import MOST_BYTES

    if file != STDIN:
        return Path(file)
    if sys.stdin.isatty():
        raise InputError(
            phrase("nothing is piped into this command"),
            where=STDIN,
            hint=phrase("pipe a file into it, or name one"),
        )
    return sys.stdin.buffer.read(MOST_BYTES + 1)


def source_said(session: Session, given: Path | bytes, *, repeats: bool, **said: Any) -> Source:
    """The operations of a file of any kind, or of what was piped, read as the options say.

    Raises:
        InputError: it cannot be read at all.
    """
    from traceledger.interop.asked import Asked
    from traceledger.interop.reading import source_of

    asked = Asked(act_as=session.act_as or "", **{name: value for name, value in said.items() if value})
    source = source_of(given, asked, name=_name_of(given), repeats=repeats)
    for warning in source.warnings:
        session.output.say(f"warning: {warning.sentence}")
    return source


@contextmanager
def marking(session: Session, given: Path | bytes, target: Path | None) -> Iterator[None]:
    """Write the spreadsheet with its faults marked, where it has some and that is asked for.

    Raises:
        InputError: the file cannot be written.
    """
    from traceledger.operations.file import OperationsFileError

    try:
        yield
    except OperationsFileError as error:
        if target is not None:
            _mark(session, given, target, error)
        raise


def _mark(session: Session, given: Path | bytes, target: Path, error: OperationsFileError) -> None:
    from traceledger.interop.reading import is_json_lines
    from traceledger.interop.sheets.marked import marked
    from traceledger.languages import of_environment
    from traceledger.operations.file import bytes_of
    from traceledger.storage.files import replace

    name = _name_of(given)
    content = given if isinstance(given, bytes) else bytes_of(given)
    if is_json_lines(content, name):
        session.output.say(f"{target} was not written: only cells of spreadsheets can be marked")
        return
    language = of_environment(os.environ)
    replace(target, marked(content, error.further, name=name, language=language))
    session.output.say(f"the faults are marked in {target}")


def _name_of(given: Path | bytes) -> str:
    return STDIN if isinstance(given, bytes) else str(given)
