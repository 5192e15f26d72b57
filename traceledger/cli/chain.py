"""``traceledger chain``: copies of an embedded chain's file, made and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.parsing import block_number
from traceledger.documents import networks as documents
from traceledger.errors import InputError
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import digits, hexed

if TYPE_CHECKING:
    from traceledger.chain.base import BlockRef
    from traceledger.config.networks import Network


_HASH_BYTES = 32


@click.group(cls=Group)
def chain() -> None:
    """The file of an embedded chain: copied, and put back."""


@chain.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_session
def backup(session: Session, file: Path) -> None:
    """Copy the chain into FILE, whoever writes meanwhile, and check the copy.

    The key that seals blocks is no part of it: keep that apart.
    """
    from traceledger.chain.embedded.backup import backup as copied
    from traceledger.config.connection import open_embedded

    network = _embedded(session.chosen())
    open_embedded(network).close()
    with session.output.progress("Checking blocks") as progress:
        head = copied(network.chain_file, file, progress=progress)
    _tell(session, documents.chain_copied(network, file, head), head, f"copied into {file}")


@chain.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--older", is_flag=True, help="Accept that blocks which this machine has seen are lost.")
@with_session
def restore(session: Session, file: Path, older: bool) -> None:
    """Put the chain of FILE where the network has none, after validating all of it anew.

    Move a chain file that is there out of the way first, with its -wal and -shm. The index follows by itself,
    or says that it must be made anew.
    """
    from traceledger.chain.embedded.backup import backup as copied
    from traceledger.chain.embedded.remembered import RememberedHead
    from traceledger.chain.embedded.verify import verify

    network = _embedded(session.chosen())
    target, heads = network.chain_file, RememberedHead(network.head_file)
    for left in (target, *(target.with_name(target.name + end) for end in ("-wal", "-shm"))):
        if left.exists():
            raise InputError("exists already", where=str(left), hint="move it out of the way first")
    with session.output.progress("Verifying blocks") as progress:
        found: dict[int, BlockRef] = {}
        for item in verify(file):
            found[item.block.number] = item.block
            progress(item.block.number + 1, item.head + 1)
    _require_own(network, file)
    if not older:
        heads.require(heads.read(), found.get)
    head = copied(file, target)
    heads.put(head)
    _tell(session, documents.chain_copied(network, file, head), head, f"restored from {file}")


def _require_own(network: Network, file: Path) -> None:
    from traceledger.chain.embedded import EmbeddedChain

    EmbeddedChain.open(file, expected_chain_id=network.chain_id).close()


def _tell(session: Session, document: dict[str, object], head: BlockRef, what: str) -> None:
    session.output.result(
        document,
        lambda: f"{what}: {counted(head.number + 1, 'block')}, the newest {head.number}:{hexed(head.hash)}",
    )


def _embedded(network: Network) -> Network:
    if network.kind != "embedded":
        raise InputError(
            f"network {network.name!r} is not an embedded one", hint="its own nodes keep its chain"
        )
    return network


def noted_block(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[int, bytes] | None:
    """Number and hash of ``BLOCK:HASH``."""
    if text is None:
        return None
    number, _, hash_ = text.partition(":")
    try:
        found = digits(hash_)
    except ValueError:
        found = b""
    block = block_number(number)
    if block is None or len(found) != _HASH_BYTES:
        raise click.BadParameter(f"{text!r} is not a block's number and hash, such as 7:0x…")
    return block, found
