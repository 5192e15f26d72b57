"""Where the command prints: results on stdout, talk on stderr. rich does the drawing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from traceledger.model.progress import Progress, silent
from traceledger.model.text import Surface, escaped

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.progress import Progress as Bar
    from rich.table import Table
    from rich.text import Text

    from traceledger.languages import Language

_PIPE_WIDTH = 1_000_000
"""So wide that no text of a ledger is folded, and goes on as a line that could be one of ours."""
_LABEL_WIDTH = 60
_INDENT = 4


def plain(text: str) -> str:
    """Text on one line that does nothing to a terminal, whoever wrote it; a phrase in the user's language."""
    if type(text) is not str:
        from traceledger.languages.phrases import in_language

        text = in_language(text, spoken())
    return escaped(text)


def spoken() -> Language:
    """The user's language; English where ``TRACELEDGER_LANGUAGE`` names none, an error of its own."""
    from traceledger.errors import InputError
    from traceledger.languages import ENGLISH, of_environment

    try:
        return of_environment(os.environ)
    except InputError:
        return ENGLISH


def shown(text: str) -> str:
    """Text for people: on one line, and commitments to private texts shortened."""
    from traceledger.model.commitments import abbreviated

    return abbreviated(escaped(text))


def styled(text: str, style: str = "") -> Text:
    """One line in a style, to be drawn."""
    from rich.text import Text

    return Text(shown(text), style=style)


def spaced(title: str, style: str = "bold") -> Text:
    """A title with an empty line above it."""
    from rich.text import Text

    return Text("\n").append_text(styled(title, style))


def assembled(*parts: tuple[str, str]) -> Text:
    """One line of several styles: pairs of text and style."""
    from rich.text import Text

    return Text.assemble(*((shown(text), style) for text, style in parts))


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[str] = (),
    edge: bool = False,
    drop: Sequence[str] = (),
    more: str = "",
) -> RenderableType:
    """A table for people, which a terminal shows as far as it fits (``fitting.py``); a pipe gets all of it.

    Args:
        columns: the heads.
        rows: a cell is text on one line, a list or tuple of such lines, or what is drawn already.
        right: heads of columns that are aligned to the right.
        edge: rows begin with a blank: where others' words stand first, so that none begins a line as a
            report of ours does. On a terminal all do.
        drop: heads in the order in which they are left out where there is no room; then those from the right.
        more: what shows all columns besides, such as an option; it ends with a comma and a blank.
    """
    from rich import box
    from rich.table import Table

    if sys.stdout.isatty():
        from traceledger.cli.fitting import Fitted

        return Fitted(columns, [[_drawn_cell(cell) for cell in row] for row in rows], right, drop, more)
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=edge, show_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in right else "left", overflow="fold")
    _fill(drawn, rows)
    return drawn


def fields(pairs: Iterable[tuple[str, Any]]) -> RenderableType:
    """A table of names and values, one pair a line."""
    from rich.table import Table

    if sys.stdout.isatty():
        from traceledger.cli.fitting import Pairs

        return Pairs([(shown(name), _drawn_cell(value)) for name, value in pairs])
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    _fill(drawn, pairs)
    return drawn


def hanging(head: str, rest: str, style: str = "") -> RenderableType:
    """A line that is folded below its rest, not below its head."""
    from rich.table import Table

    if sys.stdout.isatty():
        from traceledger.cli.fitting import Pairs

        return Pairs([(shown(head), styled(rest, style))], style)
    drawn = Table.grid(padding=(0, 1, 0, 0))
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    drawn.add_row(styled(head, style), styled(rest, style))
    return drawn


def _fill(drawn: Table, rows: Iterable[Sequence[Any]]) -> None:
    cells = [[_cell(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty() and cells and all(isinstance(cell, str) for row in cells for cell in row):
        # The same to see: a cell of many lines a column. rich draws it in a fraction of the time of as many
        # cells, which was a tenth of what a command takes whose output goes into a pipe.
        cells = [[_lines(column) for column in zip(*cells, strict=True)]]
    for row in cells:
        drawn.add_row(*(_lines([cell]) if isinstance(cell, str) else cell for cell in row))


def _cell(cell: Any) -> Any:
    if isinstance(cell, list | tuple):
        return _lines([shown(str(line)) for line in cell])
    return cell if hasattr(cell, "__rich_console__") else shown(str(cell))


def _drawn_cell(cell: Any) -> Any:
    drawn = _cell(cell)
    return _lines([drawn]) if isinstance(drawn, str) else drawn


def _lines(lines: Iterable[str]) -> Text:
    """Lines, each of them made harmless before, as one cell."""
    from rich.text import Text

    return Text("\n".join(lines))


def console(*, stderr: bool = False) -> Console:
    """A rich console that takes text literally, on one line: no markup, no emoji codes, nothing that acts."""
    from rich.console import Console

    class Literal(Console):
        def render_str(self, text: str, **kwargs: Any) -> Any:
            return super().render_str(shown(text), **kwargs)

    stream = sys.stderr if stderr else sys.stdout
    made = Literal(file=stream, markup=False, emoji=False, highlight=False)
    if not made.is_terminal:
        # rich takes 80 columns where there is no terminal, and folds what a script would read as one line.
        made.width = _PIPE_WIDTH
    return made


def levels_that_fit() -> int:
    """How many levels a tree may have before its labels have too little room on the terminal."""
    return max(6, (console().width - _LABEL_WIDTH) // _INDENT)


def _drawn(renderable: RenderableType) -> str:
    """What is to be printed on stdout; for a file or a pipe, without the blanks that fill lines up."""
    screen = console()
    with screen.capture() as captured:
        # A name that is wider than the screen is not cut off.
        screen.print(renderable, crop=False)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


class Output:
    """Prints for one run.

    Args:
        as_json: results are JSON documents.
        quiet: no talk and no progress.
        verbose: details too.
        pager: results that are longer than the screen go through the user's pager.
        logged: talk goes into the log too.
    """

    def __init__(
        self, *, as_json: bool, quiet: bool, verbose: bool, pager: bool = True, logged: bool = False
    ) -> None:
        self.as_json = as_json
        self._pager = pager
        self._logged = logged
        self._quiet = quiet
        self._verbose = verbose
        self._bar: Bar | None = None
        self._printed = False

    def result(self, document: object, human: Callable[[], RenderableType | str | Sequence[str]]) -> None:
        """The result: the document under ``--json``, else what ``human`` makes of it.

        Args:
            document: what becomes JSON.
            human: makes a line, a list of lines, or something that rich draws.
        """
        if self.as_json:
            self._document(document)
            return
        drawn = human()
        if isinstance(drawn, str):
            click.echo(shown(drawn))
        elif isinstance(drawn, Sequence):
            self._print("\n".join(map(shown, drawn)))
        else:
            self._print(_drawn(drawn))

    def page(self, document: object, text: str) -> None:
        """A result that is a text of our own, of many lines."""
        if self.as_json:
            self._document(document)
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        """On the screen, in the pager where it is longer than that, or wherever stdout goes."""
        if self._pager and sys.stdout.isatty():
            from traceledger.cli import pager

            chosen = pager.command()
            if chosen and not pager.fits(text):
                with suppress(OSError):
                    pager.show(f"{text}\n", chosen)
                    return
        # Colours were chosen when it was drawn.
        click.echo(text, color=True)

    def failure(self, document: object) -> None:
        """What went wrong, as the one document of this run; nothing where a result stands there already."""
        if self.as_json and not self._printed:
            self._document(document)

    def _document(self, document: object) -> None:
        import json

        self._printed = True
        # JSON can say every letter in ASCII; a pipe of another encoding gets it so.
        ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
        click.echo(escaped(json.dumps(document, indent=2, ensure_ascii=ascii_only), Surface.JSON))

    def say(self, text: str) -> None:
        """Talk, on stderr."""
        if not self._quiet:
            click.echo(plain(text), err=True)
        self._log(text)

    def detail(self, text: str) -> None:
        """Talk that only ``-v`` asks for."""
        if self._verbose:
            self.say(text)
        else:
            self._log(text)

    def _log(self, text: str) -> None:
        if self._logged:
            from traceledger.cli.logs import told

            told(text)

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """A progress bar on stderr, told (done, total); none when quiet or when nobody watches.

        It appears when it is first told something.
        """
        if self._quiet or not sys.stderr.isatty():
            yield silent
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Bar(*columns, console=console(stderr=True), transient=True)
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int) -> None:
            bar.start()
            bar.update(task, completed=done, total=total)

        self._bar = bar
        try:
            yield advance
        finally:
            bar.stop()
            self._bar = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No progress bar meanwhile: something is asked."""
        if self._bar is not None:
            self._bar.stop()
        yield
