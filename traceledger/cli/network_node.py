"""``traceledger network node``: the nodes of a network, which connect to those of its allowlist only."""

from __future__ import annotations

from pathlib import Path

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.network_lifecycle import folder_argument
from traceledger.cli.options import confirming
from traceledger.cli.output import fields, table
from traceledger.cli.questions import confirm
from traceledger.documents import consortium


@click.group(cls=Group)
def node() -> None:
    """The nodes of a network: new ones made, added by the others, removed."""


@node.command()
@folder_argument
@click.argument("name")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="IP", help="Its host's address.")
@click.option("--p2p-port", type=click.IntRange(1024, 65535), help="By default a free one here, or 30303.")
@click.option("--rpc-port", type=click.IntRange(1024, 65535), help="By default a free one here, or 8545.")
@with_session
def create(
    session: Session, folder: Path, name: str, host: str, p2p_port: int | None, rpc_port: int | None
) -> None:
    """Make the node NAME in the network's folder FOLDER: keys and configuration.

    The other members add its enode, and vote for its address if it is to be a validator.
    """
    from traceledger.cli.parsing import node_name
    from traceledger.errors import InputError
    from traceledger.network.enode import ip_address
    from traceledger.network.membership import membership_of

    if (p2p_port is None) != (rpc_port is None):
        raise InputError("--p2p-port and --rpc-port belong together", hint="give both, or none")
    pair = None if p2p_port is None or rpc_port is None else (p2p_port, rpc_port)
    made = membership_of(folder).create(node_name(name), ip_address(host), pair)
    document = consortium.node_made(folder, made)
    session.output.result(document, lambda: fields(document.items()))


@node.command()
@folder_argument
@click.argument("enode")
@with_session
def add(session: Session, folder: Path, enode: str) -> None:
    """Let ENODE (or the node of that name in network.json) connect to the nodes here.

    Changes nodes-allowlist.json and the configuration of the nodes here, and tells those that run.
    """
    from traceledger.network.membership import membership_of

    network = membership_of(folder)
    wanted = network.named(enode)
    document = consortium.told_of_node(wanted, network.admit(wanted))
    session.output.result(document, lambda: f"added: {wanted.url}")


@node.command()
@folder_argument
@click.argument("enode")
@confirming
@with_session
def remove(session: Session, folder: Path, enode: str) -> None:
    """Let ENODE (or the node of that name) connect no longer; a validator must be voted out before.

    Run again, it tells the nodes that run here again.
    """
    from traceledger.network.membership import membership_of

    network = membership_of(folder)
    wanted = network.named(enode)
    known = wanted.node_id in {item.node_id for item, _ in network.nodes()}
    if known:
        confirm(session, f"the nodes here connect no longer to {wanted.url}")
    document = consortium.told_of_node(wanted, network.remove(wanted))
    words = f"removed: {wanted.url}" if known else f"was not there: {wanted.url}"
    session.output.result(document, lambda: words)


@node.command("list")
@folder_argument
@with_session
def list_(session: Session, folder: Path) -> None:
    """List the nodes that may connect to those here."""
    from traceledger.network.membership import membership_of

    document = consortium.nodes(membership_of(folder).nodes())
    rows = [(item["name"] or "", item["address"] or "", item["enode"]) for item in document["nodes"]]
    session.output.result(document, lambda: table(("node", "address", "enode"), rows))
