"""Click's group and command as this program uses them: loaded when called for, with the common options."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from rich_click import RichCommand, RichGroup

from traceledger.cli.options import ACTING, COMMON, common_options

if TYPE_CHECKING:
    from rich_click.rich_context import RichContext
    from rich_click.rich_help_formatter import RichHelpFormatter
    from rich_click.rich_panel import RichPanel


def _panels() -> list[RichPanel[Any, Any]]:
    """The panels of a help in order: what is special to a command first, the common options last."""
    from rich_click.rich_panel import RichCommandPanel, RichOptionPanel

    return [RichCommandPanel("Commands"), *(RichOptionPanel(title) for title in ("Options", ACTING, COMMON))]


class Command(RichCommand):
    """A verb. It takes the common options too, so that they may stand before the noun or after the verb."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options())

    def format_help(self, ctx: RichContext, formatter: RichHelpFormatter) -> None:  # type: ignore[override]
        """Write the help, its panels in order."""
        self.panels = _panels()
        super().format_help(ctx, formatter)


class Group(RichGroup):
    """A noun, or the program itself. Called with nothing, it shows its help.

    Args:
        table: name of each command that lives in a module of its own, as ``module:attribute``. The module
            is imported when the command is called or its help is shown.
    """

    command_class = Command

    def __init__(self, *args: Any, table: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"no_args_is_help": False, **kwargs})
        self._table = dict(table or {})
        self.params.extend(common_options())

    def format_help(self, ctx: RichContext, formatter: RichHelpFormatter) -> None:  # type: ignore[override]
        """Write the help, its panels in order."""
        self.panels = _panels()
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they were declared."""
        return [*self._table, *(name for name in self.commands if name not in self._table)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its module is imported now."""
        if cmd_name in self._table and cmd_name not in self.commands:
            module, _, attribute = self._table[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), attribute), cmd_name)
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take no arguments as a call for help."""
        # click's own no_args_is_help ends with exit code 2, as of a fault.
        return super().parse_args(ctx, args or ["--help"])


Group.group_class = Group
