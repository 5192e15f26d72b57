"""Options that several commands share. Options that may stand in two places are kept in the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from traceledger.cli.context import Session

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

Function = TypeVar("Function", bound=Callable[..., Any])
COMMON = "Options of every command"
ACTING = "Who acts"


GIVEN = "traceledger.given"
"""In a context's ``meta``: names of the parameters that the command line gives."""


class FieldOption(click.Option):
    """An option of a field that an operation must have, which something else may give in its place.

    Args:
        instead: names of the parameters that may: a file with fields, an earlier spelling.
        fault: what is wrong with a value, as a sentence of its field; ``None``: nothing.
    """

    def __init__(
        self,
        *args: Any,
        instead: tuple[str, ...] = (),
        fault: Callable[[Any], str | None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instead = instead
        self.fault = fault

    def is_wanted(self, ctx: click.Context) -> bool:
        """Whether it must be given here."""
        return self.required and not set(self.instead) & ctx.meta.get(GIVEN, set())

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        """The value, which may be missing where something else gives it."""
        if self.is_wanted(ctx) or not self.required:
            return super().process_value(ctx, value)
        free = copy(self)
        free.required = False
        return click.Option.process_value(free, ctx, value)


class Target(click.Path):
    """A file that a command writes, in the place of the one that is there once that was asked."""

    def __init__(self) -> None:
        from pathlib import Path

        super().__init__(path_type=Path, dir_okay=False)


def replaces(parameters: Iterable[click.Parameter]) -> bool:
    """Whether a command with these parameters may put a file in the place of another."""
    return any(isinstance(parameter.type, Target) for parameter in parameters)


def targets(parameters: Iterable[click.Parameter], given: Mapping[str, Any]) -> list[Path]:
    """The files that a command writes, of the values of its parameters."""
    named = (given.get(str(each.name)) for each in parameters if isinstance(each.type, Target))
    return [path for path in named if path is not None]


def lacking(command: click.Command, ctx: click.Context, given: Mapping[str, Any]) -> list[click.Parameter]:
    """What a command line must have and has not given; nothing where it only asks for help."""
    parameters = command.get_params(ctx)
    ctx.meta[GIVEN] = {name for name, value in given.items() if value is not None and value != ()}
    # What is not given at all, click's parser leaves out, or marks by a value of no type of ours.
    ctx.meta[GIVEN] -= {name for name, value in given.items() if type(value).__module__.startswith("click.")}
    if any(each.is_eager and each.name in ctx.meta[GIVEN] for each in parameters):
        return []
    return [each for each in parameters if _is_lacking(each, ctx)]


def _is_lacking(each: click.Parameter, ctx: click.Context) -> bool:
    wanted = each.is_wanted(ctx) if isinstance(each, FieldOption) else each.required
    return bool(wanted) and each.name not in ctx.meta[GIVEN] and each.value_from_envvar(ctx) is None


class PanelOption(click.Option):
    """An option that help shows in a panel of its own title."""

    def __init__(self, *args: Any, panel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panel = panel


def _remembered(field: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback that keeps an option that was given; the place nearer to the verb wins."""

    def remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        # A flag that is not given after the verb is False, and must not undo the one before the noun.
        if value is not None and value is not False:
            kept = _as_path(value) if isinstance(parameter.type, click.Path) else value
            setattr(ctx.ensure_object(Session), field, kept)
        return value

    return remember


def _as_path(text: str) -> Path:
    # Not click's path_type: that would import pathlib for every help.
    from pathlib import Path

    return Path(text)


def _louder(ctx: click.Context, _: click.Parameter, value: int) -> int:
    if value:
        session = ctx.ensure_object(Session)
        session.verbosity += value
        session.hear()
    return value


def _quieter(ctx: click.Context, _: click.Parameter, value: bool) -> bool:
    if value:
        session = ctx.ensure_object(Session)
        session.quiet = True
        session.hear()
    return value


def _into_a_log(ctx: click.Context, _: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        session = ctx.ensure_object(Session)
        session.log_file = _as_path(value)
        session.hear()
    return value


def _networks(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from traceledger.cli.completing import kind

    return kind("NETWORK").shell_complete(ctx, parameter, incomplete)


def _kept(*names: str, field: str, help: str, panel: str = COMMON, **more: Any) -> click.Option:  # noqa: A002
    more.setdefault("callback", _remembered(field))
    return PanelOption([*names], expose_value=False, help=help, panel=panel, **more)


def common_options() -> list[click.Parameter]:
    """Options that every command takes, before its noun and after its verb."""
    path = click.Path(dir_okay=False)
    return [
        _kept(
            "--network",
            field="network",
            metavar="NAME",
            help="Network of networks.toml; by default its default network (TRACELEDGER_NETWORK).",
            shell_complete=_networks,
        ),
        _kept(
            "--config",
            field="config",
            type=path,
            help="The networks.toml to use; by default the one here or above (TRACELEDGER_NETWORKS).",
        ),
        _kept("--json", "as_json", field="json", is_flag=True, help="Print one JSON document."),
        _kept(
            "-q",
            "--quiet",
            field="",
            is_flag=True,
            callback=_quieter,
            help="Nothing on stderr but errors: no talk, no warnings, no progress.",
        ),
        _kept(
            "-v",
            "--verbose",
            field="",
            count=True,
            metavar="",
            callback=_louder,
            help="More talk on stderr, and what is asked of which node; -vv also with which parameters, and"
            " the traceback of an unexpected error.",
        ),
        _kept(
            "--log-file",
            field="",
            type=path,
            callback=_into_a_log,
            help="Add what -v says to FILE, a line each with its time; for its owner alone.",
        ),
        _kept(
            "--no-pager",
            field="no_pager",
            is_flag=True,
            help="Show long results without a pager (TRACELEDGER_PAGER, PAGER).",
        ),
    ]


def _as_option(*, hidden: bool = False) -> click.Option:
    return _kept(
        "--as",
        "act_as",
        field="act_as",
        hidden=hidden,
        panel=ACTING,
        metavar="PARTICIPANT",
        help="Short name of the participant that acts (TRACELEDGER_AS).",
    )


def _passphrase_option() -> click.Option:
    return _kept(
        "--passphrase-file",
        field="passphrase_file",
        panel=ACTING,
        type=click.Path(dir_okay=False),
        help="File with the keys' passphrase; else TRACELEDGER_PASSPHRASE, else you are asked.",
    )


def _offline_option() -> click.Option:
    return _kept(
        "--offline",
        "offline_file",
        field="offline",
        panel=ACTING,
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Make no connection: add the signed transactions to FILE, for: traceledger tx send.",
    )


def _nonce_option() -> click.Option:
    return _kept(
        "--nonce",
        "nonces",
        field="nonces",
        panel=ACTING,
        multiple=True,
        metavar="[KEY=]N",
        help="With --offline: the next nonce of the key, of each key KEY=N (traceledger tx nonce shows it).",
    )


def _yes_option() -> click.Option:
    return _kept(
        "--yes",
        "yes",
        field="yes",
        panel=ACTING,
        is_flag=True,
        help="Sign without being asked; what moves custody or rights, or is for good, is shown all the same.",
    )


def confirming(function: Function) -> Function:
    """``--yes``, of what asks before it does something that cannot be undone, and signs nothing."""
    return _with(function, confirming_option())


def confirming_option() -> click.Option:
    """That option."""
    return _kept(
        "--yes", "yes", field="yes", panel="Options", is_flag=True, help="Do it without being asked."
    )


def acting_only(function: Function) -> Function:
    """The option of whom it is done for, where nothing is signed: ``--as``."""
    return _with(function, _as_option())


def acting(function: Function) -> Function:
    """Options of what a participant signs: ``--as``, and those of :func:`recording`."""
    return _with(recording(function), _as_option())


def recording(function: Function) -> Function:
    """Options of what is recorded: ``--passphrase-file``, ``--offline``, ``--nonce``, ``--yes``."""
    offline = _with(_with(_with(function, _yes_option()), _nonce_option()), _offline_option())
    return _with(offline, _passphrase_option())


def governing(function: Function) -> Function:
    """Options of what only the consortium records; ``--as`` is taken for nothing, and not shown."""
    return _with(recording(function), _as_option(hidden=True))


def unlocking(function: Function) -> Function:
    """The option of commands that use a key, but act for no participant: ``--passphrase-file``."""
    return _with(function, _passphrase_option())


def _with(function: Function, option: click.Parameter) -> Function:
    """What click's decorators do, for an option that is made already."""
    if not hasattr(function, "__click_params__"):
        # Where click itself keeps them until the command is made.
        function.__click_params__ = []  # type: ignore[attr-defined]
    function.__click_params__.append(option)  # type: ignore[attr-defined]
    return function


def disclosed_option(function: Function) -> Function:
    """``--disclosed``, for results that may be handed on: private texts are left out unless asked for."""
    return click.option(
        "--disclosed", is_flag=True, help="With the private texts that are known here, not their commitments."
    )(function)


def output_option(function: Function) -> Function:
    """``-o FILE``, of what can be written as a table."""
    return click.option(
        "-o",
        "--output",
        type=Target(),
        metavar="FILE",
        help="Write it as a table into FILE instead: .csv, .xlsx or .parquet.",
    )(function)


def disclosed_file_option(function: Function) -> Function:
    """``--disclosed``, of a file: others may get it, and private texts only if that is asked for."""
    return click.option(
        "--disclosed", is_flag=True, help="In the file, the private texts that are known here."
    )(function)


def from_json_option() -> click.Option:
    """``--from-json``, for operations that have many fields."""
    return click.Option(
        ["--from-json"],
        metavar="FILE",
        help="Take the fields from this JSON object of the operations file ('-': stdin); options win.",
    )


def as_of_option(function: Function) -> Function:
    """``--as-of BLOCK``."""
    return click.option(
        "--as-of", type=click.IntRange(min=0), metavar="BLOCK", help="As it stood after this block; a number."
    )(function)


def masterdata_option(words: str) -> Callable[[Function], Function]:
    """``--masterdata FILE``: what a company says that the ledger does not know; ``words``: what it is for."""
    from pathlib import Path  # as in _as_path

    return click.option(
        "--masterdata", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=words
    )


def participant_option(words: str) -> Callable[[Function], Function]:
    """``--participant``, of lists: what is one company's only."""
    return renamed_option("--participant", "--of", metavar="PARTICIPANT", help=words)


def renamed_option(
    name: str, earlier: str, *, only_one: bool = False, **settings: Any
) -> Callable[[Function], Function]:
    """An option that was spelled differently: the old spelling works, and no help shows it.

    Args:
        name: how it is spelled.
        earlier: how it was.
        only_one: refuse both together; else the old one yields.
        settings: as of any option.
    """

    def is_given(ctx: click.Context) -> bool:
        return ctx.get_parameter_source(name[2:].replace("-", "_")) is ParameterSource.COMMANDLINE

    def check(ctx: click.Context) -> None:
        from traceledger.errors import InputError

        if only_one and is_given(ctx) and earlier in ctx.meta:
            raise InputError(f"it is {name} by its earlier name", where=earlier, hint="give one of them")

    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None:
            ctx.meta[earlier] = value
            check(ctx)

    def either(ctx: click.Context, _: click.Parameter, value: Any) -> Any:
        # Options that are given are processed before those that are not.
        check(ctx)
        return value if is_given(ctx) else ctx.meta.get(earlier, value)

    def add(function: Function) -> Function:
        old = {**settings, "default": None, "show_default": False, "help": f"{name} was spelled so."}
        shown = click.option(name, callback=either, **settings)
        return shown(click.option(earlier, hidden=True, expose_value=False, callback=keep, **old)(function))

    return add


def root_options() -> list[click.Parameter]:
    """Options of the program itself, beside the common ones."""
    return [_as_option(), _passphrase_option()]
