"""Click's command and group as this program uses them: loaded when called for, with the common options."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from traceledger.cli.context import Session
from traceledger.cli.metavars import with_metavar
from traceledger.cli.options import (
    ACTING,
    COMMON,
    common_options,
    confirming_option,
    lacking,
    replaces,
    targets,
)

_SHORT = 200
"""Most letters of a command's line in the help of its group."""


class Command(click.Command):
    """A verb. It takes the common options too, so that they may stand before the noun or after the verb."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if replaces(self.params) and not any("--yes" in parameter.opts for parameter in self.params):
            self.params.append(confirming_option())
        self.params = [with_metavar(each) for each in (*self.params, *common_options())]

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, once it was asked whether files that it replaces shall be replaced."""
        for path in targets(self.params, ctx.params):
            from traceledger.cli.targets import may_replace

            may_replace(ctx.ensure_object(Session), path)
        return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; an option of one value that is given twice is refused."""
        if ctx.resilient_parsing:
            _let_complete(self)
        elif missing := lacking(self, ctx, _given_once(self, ctx, args)):
            from traceledger.cli.missing import completed

            args = completed(missing, ctx, args)
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """The help: drawn on a terminal, else plain."""
        return _help_for(self, ctx) or super().get_help(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what is special to the command first, the common options last."""
        _write_options(self, ctx, formatter)


class Group(click.Group):
    """A noun, or the program itself. Called with nothing, it shows its help.

    Args:
        table: name of each command that lives in a module of its own, as ``module:attribute``. The module
            is imported when the command is called, or its help is shown.
        lines: what the group's help says of a command, where its module need not be imported for that.
        more: adds commands that are dear to make, once one is called that is not here yet, or all are listed.
    """

    command_class = Command

    def __init__(
        self,
        *args: Any,
        table: Mapping[str, str] | None = None,
        lines: Mapping[str, str] | None = None,
        more: Callable[[click.Group], None] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"no_args_is_help": False, **kwargs})
        self._table = dict(table or {})
        self._lines = dict(lines or {})
        self._more = more
        self.params.extend(map(with_metavar, common_options()))

    def get_help(self, ctx: click.Context) -> str:
        """The help: drawn on a terminal, else plain."""
        return _help_for(self, ctx) or super().get_help(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands first, then the options."""
        rows = self.described(ctx)
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
        _write_options(self, ctx, formatter)

    def described(self, ctx: click.Context) -> list[tuple[str, str]]:
        """The commands with a line each, in the order in which they were declared."""
        return [
            (name, line) for name in self.list_commands(ctx) if (line := self._line(ctx, name)) is not None
        ]

    def _line(self, ctx: click.Context, name: str) -> str | None:
        if name in self._lines:
            return self._lines[name]
        found = self.get_command(ctx, name)
        return None if found is None or found.hidden else found.get_short_help_str(_SHORT)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they were declared; first those that are dear to make."""
        self._complete()
        return [*self._table, *(name for name in self.commands if name not in self._table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its module is imported now."""
        if cmd_name in self._table and cmd_name not in self.commands:
            module, _, attribute = self._table[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), attribute), cmd_name)
        if cmd_name not in self.commands:
            self._complete()
        return super().get_command(ctx, cmd_name)

    def _complete(self) -> None:
        more, self._more = self._more, None
        if more is not None:
            cheap, self.commands = self.commands, {}
            more(self)
            self.commands |= cheap

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take no arguments as a call for help."""
        if ctx.resilient_parsing:
            _let_complete(self)
        else:
            _given_once(self, ctx, args)
        # click's own no_args_is_help ends with exit code 2, as of a fault.
        return super().parse_args(ctx, args or ["--help"])


Group.group_class = Group


def recording(noun: str) -> Callable[[click.Group], None]:
    """What adds the commands that record operations of a noun to its group."""

    def add(group: click.Group) -> None:
        from traceledger.cli.record_commands import add_recording

        add_recording(group, noun)

    return add


def _given_once(command: click.Command, ctx: click.Context, args: Sequence[str]) -> Mapping[str, Any]:
    """What a command line gives, by parameter; that nobody has to guess which of two values counts.

    Whoever can add words to a line that somebody else wrote could lift a condition of theirs by a second,
    weaker one.
    """
    given, _, order = command.make_parser(ctx).parse_args(args=[*args])
    for option, times in Counter(order).items():
        if not isinstance(option, click.Option) or option.multiple or option.count or times == 1:
            continue
        if not option.is_flag or option.secondary_opts:
            ctx.fail(f"'{max(option.opts, key=len)}' is given twice")
    return given


def _let_complete(command: click.Command) -> None:
    """Let the shell complete each value by what help calls it."""
    from traceledger.cli.completing import with_completion

    command.params = [with_completion(each) for each in command.params]


def panels(command: click.Command, ctx: click.Context) -> list[tuple[str, list[click.Parameter]]]:
    """The options by the panel in which help shows them, in order."""
    order = ("Options", ACTING, COMMON)
    found: dict[str, list[click.Parameter]] = {title: [] for title in order}
    for parameter in command.get_params(ctx):
        if isinstance(parameter, click.Option) and not parameter.hidden:
            found[getattr(parameter, "panel", order[0])].append(parameter)
    return [(title, options) for title, options in found.items() if options]


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    for title, options in panels(command, ctx):
        with formatter.section(title):
            formatter.write_dl(_records(options, ctx))


def _records(options: Sequence[click.Parameter], ctx: click.Context) -> list[tuple[str, str]]:
    return [record for option in options if (record := option.get_help_record(ctx)) is not None]


def _help_for(command: click.Command, ctx: click.Context) -> str | None:
    """The help for a terminal; ``None`` where nobody watches: drawing costs more than all the rest."""
    if not sys.stdout.isatty():
        return None
    from traceledger.cli.terminal_help import drawn

    return drawn(command, ctx)
