"""``traceledger node``: the embedded chain of a network, served, verified and described."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from traceledger.cli.chain import noted_block
from traceledger.cli.commands import Group
from traceledger.cli.context import SERVED, Session, with_session
from traceledger.cli.output import fields
from traceledger.documents import networks as documents
from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed
from traceledger.model.units import format_time

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.config.networks import Network


@click.group(cls=Group)
def node() -> None:
    """The embedded chain of a network."""


@node.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8545, show_default=True, help="0: any free one."
)
@click.option("--host", type=click.Choice(["127.0.0.1"]), default="127.0.0.1", help="This machine only.")
@with_session
def serve(session: Session, port: int, host: str) -> None:
    """Serve the chain as JSON-RPC on 127.0.0.1 until interrupted.

    It takes signed transactions only, and those of current operators of participants and of the stored
    key "deployer" only; contracts are created by the latter. Its limits are in docs/operating.md.
    """
    from traceledger.chain.embedded import Gate
    from traceledger.chain.node import serve as serve_chain
    from traceledger.cli.admission import Admission
    from traceledger.config.connection import open_embedded

    session.serves = True
    client = session.synced()
    network = _embedded(client.network)
    deployer = _deployer(client)
    admission = Admission(network, deployer)
    gate = Gate(admission.admits, lambda address: address == deployer)
    with open_embedded(network) as chain:

        def ready(url: str) -> None:
            document = documents.served(url, network, chain.chain_id)
            if session.json:
                session.output.result(document, lambda: url)
            session.output.say(f"serving network {network.name!r} at {url}; interrupt to stop")

        serve_chain(chain, port, gate, ready)
    session.output.say(SERVED)


@node.command()
@with_session
def status(session: Session) -> None:
    """Show the chain's head, identity and size, and how far the index is behind."""
    client = session.client
    chain, network = client.chain, client.network
    head = chain.head()
    indexed = None
    if network.contracts is not None and network.index_file.exists():
        block = client.index.head_block()
        indexed = 0 if block is None else block + 1
    document = documents.node_status(
        network, head, genesis=chain.genesis_hash(), authority=_authority(network), indexed=indexed
    )
    lines = {name: value for name, value in document.items() if value is not None}
    lines["head_timestamp"] = format_time(head.timestamp)
    session.output.result(document, lambda: fields(lines.items()))


@node.command()
@click.option(
    "--head",
    metavar="BLOCK:HASH",
    callback=noted_block,
    help="A block noted elsewhere that must be there, as this command printed it.",
)
@with_session
def verify(session: Session, head: tuple[int, bytes] | None) -> None:
    """Validate the whole chain anew, from block 0: seals, transactions, receipts and state."""
    from traceledger.chain.embedded.remembered import require_noted
    from traceledger.chain.embedded.verify import verify as verified_blocks
    from traceledger.config.connection import open_embedded

    network = _embedded(session.chosen())
    open_embedded(network).close()
    found: bytes | None = None
    with session.output.progress("Verifying blocks") as progress:
        for item in verified_blocks(network.chain_file):
            progress(item.block.number + 1, item.head + 1)
            if head is not None and item.block.number == head[0]:
                found = item.block.hash
    require_noted(head, item.block, found)
    document = documents.node_verified(network, item.block)
    session.output.result(
        document,
        lambda: (
            f"all blocks ({document['blocks']}) hold, up to"
            f" block {item.block.number}:{hexed(item.block.hash)}"
        ),
    )


def _embedded(network: Network) -> Network:
    if network.kind != "embedded":
        raise InputError(
            f"network {network.name!r} is not an embedded one", hint="its own nodes serve and verify it"
        )
    return network


def _authority(network: Network) -> bytes | None:
    if network.kind != "embedded":
        return None
    from traceledger.config.connection import open_embedded

    with open_embedded(network) as chain:
        return chain.authority


def _deployer(client: Client) -> bytes | None:
    return client.signers.known_deployer()
