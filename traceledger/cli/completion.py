"""``traceledger completion``: the script that lets a shell complete this command."""

from __future__ import annotations

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@with_session
def completion(session: Session, shell: str) -> None:
    """Print the completion script of SHELL.

    For instance: eval "$(traceledger completion bash)"
    """
    from click.shell_completion import get_completion_class

    from traceledger.cli.root import root
    from traceledger.documents import program as documents

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    script = kind(root, {}, "traceledger", "_TRACELEDGER_COMPLETE").source()
    session.output.page(documents.completion(shell, script), script)
