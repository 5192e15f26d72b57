"""``traceledger tx``: transactions that were signed on a machine without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, account_address, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.output import table
from traceledger.cli.submit import report
from traceledger.model.hexadecimal import hexed

if TYPE_CHECKING:
    from traceledger.sending.jobs import Job

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def tx() -> None:
    """Transactions that were signed with --offline on a machine without a network."""


@tx.command()
@click.argument("file", type=_FILE)
@with_session
def send(session: Session, file: Path) -> None:
    """Send the signed transactions of FILE, each once, and wait until they are final.

    Interrupted or run again, it goes on where it stopped. A file that was changed, or that is for another
    network, is refused.
    """
    client = session.client
    with session.output.progress("Sending") as progress:
        done = client.send_file(file, progress=progress)
    report(session, file, done)


@tx.command()
@click.argument("file", type=_FILE)
@with_session
def show(session: Session, file: Path) -> None:
    """Show what FILE holds, by what was signed. No connection is made."""
    from traceledger.sending import transaction_file

    found = transaction_file.read(file)
    transactions = [_document(job) for job in found.jobs]
    document = {
        "file": str(file),
        "chain_id": str(found.header.chain_id),
        "genesis_hash": None if found.header.genesis_hash is None else hexed(found.header.genesis_hash),
        "transactions": transactions,
    }
    heads = ("calls", "sender", "nonce", "transaction", "from")
    session.output.result(document, lambda: table(heads, map(_row, transactions)))


@tx.command()
@click.argument("account")
@with_session
def nonce(session: Session, account: str) -> None:
    """Show the next nonce of ACCOUNT: the name of a stored key or participant, or an address."""
    client = session.client
    address = account_address(client, account)
    number = client.next_nonce(address)
    session.output.result({"account": hexed(address), "nonce": number}, lambda: str(number))


def _document(job: Job) -> dict[str, Any]:
    from traceledger.artifacts import NAMES, load
    from traceledger.artifacts.calls import canonical_type, selector

    functions = (item for name in NAMES for item in load(name).abi if item["type"] == "function")
    known = {
        selector(item["name"], [canonical_type(p) for p in item["inputs"]]): item["name"]
        for item in functions
    }
    return {
        "calls": known.get(job.data[:4], hexed(job.data[:4])),
        "contract": hexed(job.to),
        "sender": hexed(job.account),
        "nonce": job.nonce,
        "transaction": hexed(job.raw_hash),
        "operation": job.operation,
        "from": job.source,
    }


def _row(item: dict[str, Any]) -> tuple[str, ...]:
    return item["calls"], item["sender"], str(item["nonce"]), f"{item['transaction'][:18]}…", item["from"]
