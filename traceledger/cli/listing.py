"""What all lists have in common: which rows and columns are shown, and in which order.

Columns are declared in :mod:`traceledger.interop.tables.declared`, once for each list.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from traceledger.cli.options import acting_only, disclosed_file_option, output_option

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem
    from rich.console import RenderableType

    from traceledger.cli.context import Session
    from traceledger.client.client import Client
    from traceledger.index import IndexReader
    from traceledger.interop.tables.columns import Column, Value
    from traceledger.interop.tables.declared import Noun

Function = TypeVar("Function", bound=Callable[..., Any])
Row = Mapping[str, Any]
_OPTIONS = ("limit", "after", "sort", "reverse", "columns", "output", "disclosed")


class Asked:
    """What the options of a list say.

    Args:
        noun: what is listed.
        limit: rows at most; ``None``: all.
        after: name of the row after which to go on.
        sort: by which column; ``None``: as the ledger has them.
        reverse: the other way round.
        columns: names of columns; ``None``: the usual ones.
        output: the file that is written instead of what is shown.
        disclosed: whether it may hold private texts.

    Raises:
        InputError: a column is named that there is not, or what is said of a file and none is asked for.
    """

    def __init__(
        self,
        noun: str,
        *,
        limit: int | None,
        after: str | None,
        sort: str | None,
        reverse: bool | None,
        columns: str | None,
        output: Path | None,
        disclosed: bool | None,
    ) -> None:
        self._noun, self.limit, self.after, self.reverse = noun, limit, after, bool(reverse)
        self._sort, self._columns = sort, columns
        self.output, self.disclosed = output, bool(disclosed)
        require_file(output, disclosed=self.disclosed)

    @functools.cached_property
    def noun(self) -> Noun:
        """What is listed, with its columns."""
        from traceledger.interop.tables.declared import NOUNS

        return NOUNS[self._noun]

    @functools.cached_property
    def columns(self) -> Sequence[Column] | None:
        """The columns that are asked for."""
        if self._columns is None:
            return None
        names = [name.strip() for name in self._columns.split(",")]
        return [self._column(name, "--columns") for name in names if name]

    @functools.cached_property
    def sort(self) -> Column | None:
        """The column by which rows are sorted."""
        return None if self._sort is None else self._column(self._sort, "--sort")

    def check(self) -> None:
        """Refuse what cannot be done, before anything is read."""
        _ = self.columns, self.sort
        if self.output is not None:
            from traceledger.interop.tables.files import form_of

            form_of(self.output)

    def _column(self, name: str, option: str) -> Column:
        from traceledger.errors import InputError

        try:
            return self.noun.column(name)
        except InputError as error:
            raise InputError(error.what, where=option, hint=error.hint) from None

    def turn(self, noun: str) -> None:
        """List something else than what the command usually does."""
        self._noun = noun

    def index(self, session: Session) -> IndexReader:
        """The index as it is read for this."""
        self.check()
        return index_for(session.synced(), self.output, disclosed=self.disclosed)

    def ordered(self, rows: Sequence[Row]) -> list[Row]:
        """Rows in the order that is asked for; those without a value come last."""
        found = list(rows)
        if self.sort is None:
            return found[::-1] if self.reverse else found
        valued = [(self.sort.value(row), row) for row in found]
        some = [pair for pair in valued if pair[0] is not None]
        some.sort(key=lambda pair: _sortable(pair[0]), reverse=self.reverse)
        return [row for _, row in some] + [row for value, row in valued if value is None]

    def cut(self, rows: Sequence[Row]) -> tuple[list[Row], dict[str, Any]]:
        """The rows that are shown, and what is said of the page that they are.

        Raises:
            InputError: no row has the name after which to go on.
        """
        found, name = self.ordered(rows), self.noun.named_by
        start = 0
        if self.after is not None:
            place = next((at for at, row in enumerate(found) if name.value(row) == self.after), None)
            if place is None:
                hint = f"it is what stands below {name.heading} in the row after which to go on"
                raise _refused(f"{self.after!r} is not in this list", "--after", hint)
            start = place + 1
        shown = found[start:] if self.limit is None else found[start : start + self.limit]
        more = start + len(shown) < len(found)
        return shown, self.page(
            len(shown), len(found), str(name.value(shown[-1])) if more and shown else None
        )

    def page(self, rows: int, of: int, following: str | None) -> dict[str, Any]:
        """What documents say of a piece of a list; nothing where no piece is asked for."""
        if self.limit is None and self.after is None:
            return {}
        return {"page": {"rows": rows, "of": of, "next": following}}


def require_file(output: Path | None, *, disclosed: bool) -> None:
    """That what is said of a file is said where one is asked for.

    Raises:
        InputError: private texts are to be in it, and there is none.
    """
    if disclosed and output is None:
        raise _refused("it is about a file, and none is asked for", "--disclosed", "give -o FILE")


def index_for(client: Client, output: Path | None, *, disclosed: bool) -> IndexReader:
    """The index as it is read for people, or for a file: private texts get into files on request only."""
    return client.index if output is not None and not disclosed else client.disclosed


def listing_options(
    noun: str, *, files: bool = True, disclosed: bool = True, limit: int | None = None
) -> Callable[[Function], Function]:
    """The options of a list; the command gets them as ``asked``.

    Args:
        noun: member of the list's document, by which its columns are known.
        files: whether a table of it can be written.
        disclosed: whether such a file may hold private texts.
        limit: rows at most, where nothing else is said.
    """

    def decorate(function: Function) -> Function:
        @functools.wraps(function)
        def gathered(*args: Any, **given: Any) -> Any:
            said: dict[str, Any] = {name: given.pop(name, None) for name in _OPTIONS}
            return function(*args, asked=Asked(noun, **said), **given)

        shown: Any = gathered
        for option in reversed(_options(noun, files, disclosed, limit)):
            shown = option(shown)
        return cast("Function", shown)

    return decorate


def _options(noun: str, files: bool, disclosed: bool, limit: int | None) -> list[Callable[[Any], Any]]:
    found = [
        click.option(
            "--limit",
            type=click.IntRange(min=1),
            default=limit,
            show_default=limit is not None,
            help="So many at most.",
        ),
        click.option("--after", metavar="NAME", help="Go on after the row of this name."),
        _column_option(noun, "--sort", "Sort by this one of --columns"),
        click.option("--reverse", is_flag=True, help="The other way round."),
        _column_option(noun, "--columns", "Columns to show, in this order, divided by commas"),
    ]
    found += [output_option] if files else []
    return [*found, disclosed_file_option] if files and disclosed else found


class _OfColumns(click.Option):
    """An option whose help names the columns, which are read when somebody looks at it."""

    def __init__(self, *args: Any, noun: str, **kwargs: Any) -> None:
        self._noun = noun
        super().__init__(*args, **kwargs)

    @property
    def help(self) -> str:
        """What it does, and the names there are."""
        # Which there are is said once.
        names = "" if "--sort" in self.opts else f": {', '.join(_names(self._noun))}"
        return f"{self._said}{names}."

    @help.setter  # noqa: A003
    def help(self, said: str) -> None:
        self._said = said


def _column_option(noun: str, name: str, said: str) -> Callable[[Any], Any]:
    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        before, comma, beginning = incomplete.rpartition(",")
        return [
            CompletionItem(f"{before}{comma}{each}") for each in _names(noun) if each.startswith(beginning)
        ]

    return click.option(name, cls=_OfColumns, noun=noun, metavar="WORD", help=said, shell_complete=complete)


def _names(noun: str) -> list[str]:
    from traceledger.interop.tables.declared import NOUNS

    return [column.name for column in NOUNS[noun].columns]


def print_list(
    session: Session,
    asked: Asked,
    made: Callable[[IndexReader], dict[str, Any]],
    *,
    filters: Mapping[str, object] | None = None,
) -> None:
    """Print a list, or write it into a file.

    Args:
        session: of the run.
        asked: what the options of the list say.
        made: makes its document, whole.
        filters: what the list was chosen by, for the file to say.
    """
    index = asked.index(session)
    print_document(session, asked, made(index), index, filters=filters)


def print_document(
    session: Session,
    asked: Asked,
    document: dict[str, Any],
    index: IndexReader | None,
    *,
    filters: Mapping[str, object] | None = None,
) -> None:
    """The same of a document that is made already.

    Args:
        session: of the run.
        asked: what the options of the list say.
        document: with all rows of the list.
        index: what it was read from; ``None``: something else.
        filters: what the list was chosen by, for the file to say.
    """
    asked.check()
    rows, page = asked.cut(document[asked.noun.member])
    print_rows(session, asked, document | {asked.noun.member: rows} | page, index, filters=filters)


def print_rows(
    session: Session,
    asked: Asked,
    document: dict[str, Any],
    index: IndexReader | None,
    *,
    filters: Mapping[str, object] | None = None,
    total: Row | None = None,
) -> None:
    """Print the piece of a list that a document has, or write it into a file.

    Args:
        session: of the run.
        asked: what the options of the list say.
        document: of the piece, with its ``page`` where it is one.
        index: what it was read from; ``None``: something else.
        filters: what the list was chosen by.
        total: a last row for people.
    """
    if (page := document.get("page")) and page["next"] is not None:
        import shlex

        following = shlex.join(_following(session.arguments, page["next"]))
        session.output.say(f"{page['rows']} of {page['of']} are shown; those that follow: {following}")
    rows = document[asked.noun.member]
    if asked.output is not None:
        from traceledger.cli.rows import write_table

        write_table(session, asked.noun, rows, asked.output, index, columns=asked.columns, filters=filters)
        return
    from traceledger.documents.disclosed import disclosing

    session.output.result(
        disclosing(document, getattr(index, "disclosed", {})),
        lambda: _drawn(asked, rows, total),
    )


def _drawn(asked: Asked, rows: Sequence[Row], total: Row | None) -> RenderableType:
    from traceledger.cli.rows import drawn

    return drawn(asked.noun, rows, asked.columns, total)


def mine_option(function: Function) -> Function:
    """``--mine``, of lists that are one company's: that of ``--as``."""
    flag = click.option(
        "--mine", is_flag=True, help="As --participant, with whom --as or TRACELEDGER_AS names."
    )
    return acting_only(flag(function))


def whose(session: Session, participant: str | None, *, mine: bool) -> str | None:
    """Of whom a list is to be: of ``--participant``, or with ``--mine`` of ``--as``; ``None``: of all.

    Raises:
        InputError: both are given, or it is not said who *me* is.
    """
    if not mine:
        return participant
    if participant is not None:
        raise _refused("it says whose, as --participant does", "--mine", "give one of them")
    if session.act_as is None:
        raise _refused("it is not said who that is", "--mine", "give --as PARTICIPANT, or set TRACELEDGER_AS")
    return session.act_as


def moment(option: str, chosen: Mapping[str, Any]) -> int | None:
    """The time of ``--since`` or ``--until``: the first second of a day, or the last; ``None``: not given.

    Raises:
        InputError: it is no time.
    """
    from traceledger.errors import InputError
    from traceledger.operations.readers import first_second, last_second

    if chosen[option] is None:
        return None
    try:
        return (first_second if option == "since" else last_second)(chosen[option])
    except InputError as error:
        raise InputError(error.what, where=f"--{option}", hint=error.hint) from None


def _following(arguments: Sequence[str], name: str) -> list[str]:
    """The command that shows what follows."""
    kept, passed = list[str](), False
    for argument in arguments:
        if not passed and argument != "--after" and not argument.startswith("--after="):
            kept.append(argument)
        passed = argument == "--after" and not passed
    return ["traceledger", *kept, "--after", name]


def _sortable(value: Value) -> Any:
    """What is compared: amounts by substance by what they come to."""
    return sum(value.values()) if isinstance(value, Mapping) else value


def _refused(what: str, option: str, hint: str) -> Exception:
    from traceledger.errors import InputError

    return InputError(what, where=option, hint=hint)
