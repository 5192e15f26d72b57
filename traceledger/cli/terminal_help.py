"""Help as rich-click draws it on a terminal. Nothing else of the program imports rich-click."""

from __future__ import annotations

import click
from rich_click import RichCommand, RichContext, RichGroup
from rich_click.rich_panel import RichCommandPanel, RichOptionPanel

from traceledger.cli.commands import Group, panels


def drawn(command: click.Command, ctx: click.Context) -> str:
    """The help of a command, in panels."""
    boxes = [
        RichOptionPanel(title, options=[max(option.opts, key=len) for option in options])
        for title, options in panels(command, ctx)
    ]
    twin: RichCommand
    if isinstance(command, Group):
        lines = {name: click.Command(name, help=line) for name, line in command.described(ctx)}
        twin = _Ordered(
            name=command.name,
            commands=lines,
            params=command.params,
            help=command.help,
            epilog=command.epilog,
            panels=[RichCommandPanel("Commands", commands=[*lines]), *boxes],
        )
    else:
        twin = RichCommand(
            name=command.name,
            params=command.params,
            help=command.help,
            epilog=command.epilog,
            panels=[*boxes],
        )
    context = RichContext(
        twin, info_name=ctx.info_name, parent=ctx.parent, help_option_names=ctx.help_option_names
    )
    return twin.get_help(context)


class _Ordered(RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order in which they were declared."""
        return [*self.commands]
