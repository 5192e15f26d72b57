"""``traceledger network found``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.output import fields
from traceledger.documents import consortium
from traceledger.errors import InputError
from traceledger.network.engine_names import ENGINES

if TYPE_CHECKING:
    from traceledger.network.manifest import Manifest


@click.command(cls=Command)
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False))
@click.option("--validators", type=click.IntRange(1, 64), default=4, show_default=True, help="How many.")
@click.option(
    "--chain-id", type=click.IntRange(1, 2**53 - 1), required=True, help="Of your own, used nowhere else."
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="What runs the nodes.",
)
@click.option("--name", default="consortium", show_default=True, help="The network's name in networks.toml.")
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="IP",
    help="A validator's host, once for each; by default all on this machine.",
)
@click.option(
    "--base-port",
    type=click.IntRange(1024, 65000),
    metavar="PORT",
    help="Count ports up from here (JSON-RPC: + 100); by default free ones here, the usual ones elsewhere.",
)
@click.option(
    "--block-seconds", type=click.IntRange(1, 60), default=1, show_default=True, help="Time between blocks."
)
@click.option(
    "--gas-limit",
    type=click.IntRange(30_000_000, 2**53 - 1),
    default=100_000_000,
    show_default=True,
    help="Gas of a block.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    metavar="ADDRESS",
    help="Take transactions of this account, and of none not named (besu-qbft); by default of all.",
)
@with_session
def found(session: Session, /, folder: Path, accounts: tuple[str, ...], **options: Any) -> None:
    """Found a network in FOLDER: keys, block 0, every node's configuration, files for their administrators.

    Keys stay in FOLDER, readable by you only, and are not printed. FOLDER must not exist, or be empty.
    """
    from traceledger.cli.parsing import node_name
    from traceledger.network.engines import engine_named
    from traceledger.network.enode import ip_address
    from traceledger.network.found import Founding
    from traceledger.network.found import found as found_network

    engine = engine_named(options["engine"])
    if accounts and not engine.account_rules:
        ruled = " or ".join(name for name in ENGINES if engine_named(name).account_rules)
        raise InputError(
            f"{engine.program} has no account rules", where="--account", hint=f"leave it out, or use {ruled}"
        )
    options["name"] = node_name(options["name"])
    options["hosts"] = tuple(map(ip_address, options["hosts"]))
    founding = Founding(accounts=tuple(map(_account, accounts)), **options)
    made = found_network(folder, founding)
    session.output.result(consortium.founded(folder, made), lambda: _shown(folder, made))
    session.output.say(f"next: traceledger network up {folder}")
    if accounts:
        session.output.say(
            "then: transactions of the accounts named are taken, and of no others; so admit the one that"
            f" deploys the contracts, unless it is named: traceledger network account add {folder} ADDRESS"
            " (traceledger key create deployer makes its key and shows the address)"
        )


def _account(text: str) -> bytes:
    from traceledger.cli.parsing import address

    return address(text, "--account")


def _shown(folder: Path, made: Manifest) -> Any:
    document = consortium.founded(folder, made)
    validators = document.pop("validators")
    return fields(
        [*document.items(), *((item["name"], f"{item['address']} {item['url']}") for item in validators)]
    )
