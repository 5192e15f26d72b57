"""``traceledger network``: the networks of networks.toml, and a consortium's own network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.completing import kind
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import fields, table
from traceledger.documents import networks as documents

if TYPE_CHECKING:
    pass


_TABLE = {
    "found": "traceledger.cli.network_found:found",
    "up": "traceledger.cli.network_lifecycle:up",
    "down": "traceledger.cli.network_lifecycle:down",
    "status": "traceledger.cli.network_lifecycle:status",
    "rewind": "traceledger.cli.network_lifecycle:rewind",
    "validator": "traceledger.cli.network_validator:validator",
    "node": "traceledger.cli.network_node:node",
    "account": "traceledger.cli.network_account:account",
}


@click.group(cls=Group, table=_TABLE)
def network() -> None:
    """Found and run a consortium's network; the networks of networks.toml."""


@network.command("list")
@with_session
def list_(session: Session) -> None:
    """List the networks; the default one is marked."""
    found = session.networks()
    document = documents.networks(found)
    session.output.result(
        document,
        lambda: table(
            ("", "network", "kind", "chain id", "where", "contracts"), map(_row, document["networks"])
        ),
    )


@network.command()
@click.argument("name", required=False, type=kind("NETWORK"))
@with_session
def show(session: Session, name: str | None) -> None:
    """Show the network NAME (default: the chosen one): its files and contracts."""
    found = session.networks()
    chosen = found.get(name or session.network)
    document = documents.network(found, chosen)
    lines = {name: value for name, value in document.items() if value is not None and name != "contracts"}
    session.output.result(document, lambda: fields((lines | document["contracts"]).items()))


@network.command()
@with_session
def check(session: Session) -> None:
    """Check that the network is reached, is the one expected, has our contracts, and fits the index."""
    output = session.output
    client = session.client
    chain = client.chain
    output.say(f"ok: network {client.network.name!r} is reached and has chain id {chain.chain_id}")
    head = chain.head()
    output.say(f"ok: its head is block {head.number}")
    client.check()
    output.say("ok: its contracts are those of this release")
    session.synced()
    output.say("ok: the index follows this chain and these contracts")
    document = documents.checked(
        client.network, head, genesis=chain.genesis_hash(), indexed=client.index.head_block()
    )
    output.result(document, lambda: fields(document.items()))


def _row(document: dict[str, Any]) -> list[str]:
    return [
        "*" if document["default"] else "",
        document["network"],
        document["kind"],
        document["chain_id"],
        document["chain"],
        "deployed" if document["contracts"] else "none",
    ]
