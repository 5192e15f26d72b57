"""``traceledger network up``, ``down`` and ``status``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import plain, table
from traceledger.documents import consortium

Function = TypeVar("Function", bound=Callable[..., Any])


def folder_argument(function: Function) -> Function:
    """The network's folder, as ``network found`` made it."""
    kind = click.Path(path_type=Path, file_okay=False)
    return click.argument("folder", metavar="FOLDER", type=kind)(function)


def only_option(function: Function) -> Function:
    """``--only``, any number of times."""
    return click.option(
        "--only", multiple=True, metavar="NODE", help="This node only; repeat for more. Default: all here."
    )(function)


@click.command(cls=Command)
@folder_argument
@only_option
@click.option(
    "--binary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The engine's program; by default geth or besu on PATH.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=150,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for blocks and all peers; 0: do not wait.",
)
@with_session
def up(session: Session, folder: Path, only: tuple[str, ...], binary: Path | None, wait: float) -> None:
    """Start the nodes of the network in FOLDER whose keys are here, as processes of this machine.

    Ends when blocks are made and every node sees all others. A node says what it does in
    FOLDER/NODE/node.log. Nodes that were removed are left alone. A QBFT network that stood still for
    minutes, though two thirds of its validators run here, has long rounds: all of them are ended and
    started together.
    """
    from traceledger.network.lifecycle import Running

    running = Running(folder)
    started = running.up(binary, only=only, wait=wait, tell=session.output.say)
    document = consortium.started(folder, running, started)
    session.output.result(
        document,
        lambda: table(
            ("node", "pid", "JSON-RPC"), [(d["name"], d["pid"], d["url"]) for d in document["started"]]
        ),
    )


@click.command(cls=Command)
@folder_argument
@only_option
@with_session
def down(session: Session, folder: Path, only: tuple[str, ...]) -> None:
    """End the nodes that were started here: asked to, and killed after a minute."""
    from traceledger.network.lifecycle import Running

    document = consortium.ended(folder, Running(folder).down(only=only, tell=session.output.detail))
    names = ", ".join(document["ended"])
    session.output.result(document, lambda: f"ended: {names or 'none ran'}")


@click.command(cls=Command)
@folder_argument
@with_session
def status(session: Session, folder: Path) -> None:
    """Show the nodes whose keys are here: process, newest block, peers, whether they make blocks.

    Where no block has come for a while, the first line says so, and what to do.
    """
    from traceledger.network.lifecycle import Running

    document = consortium.status(folder, Running(folder))
    columns = ("node", "pid", "head", "peers", "validator", "signing", "JSON-RPC")

    if not any(node["pid"] for node in document["nodes"]):
        session.output.say(f"no node runs here; next: traceledger network up {folder}")

    def human() -> Any:
        shown = table(columns, map(_row, document["nodes"]), right=("pid", "head", "peers"))
        if document["standing"] is None:
            return shown
        from rich.console import Group
        from rich.text import Text

        return Group(Text(plain(document["standing"]["advice"])), "", shown)

    session.output.result(document, human)


@click.command(cls=Command)
@folder_argument
@click.argument("node")
@with_session
def rewind(session: Session, folder: Path, node: str) -> None:
    """Let NODE forget its newest blocks and follow the others: when a Clique network stands still, forked.

    Refused while blocks are made. docs/operating.md says when it is needed.
    """
    from traceledger.network.fork_repair import rewind as rewound
    from traceledger.network.lifecycle import Running

    before, now = rewound(Running(folder), node, tell=session.output.say)
    document = consortium.rewound(node, before=before, head=now)
    session.output.result(document, lambda: f"{node} is at block {now}, and blocks are made again")


def _row(document: dict[str, Any]) -> list[str]:
    words = {True: "yes", False: "no", None: "-"}
    state = document["pid"] or ("died" if document["died"] else "-")
    counts = ["-" if document[name] is None else str(document[name]) for name in ("head", "peers")]
    flags = [words[document[name]] for name in ("validator", "signing")]
    return [document["name"], str(state), *counts, *flags, document["url"]]
