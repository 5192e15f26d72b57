"""``traceledger contract``: putting the contracts on a network, and looking at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.figures import size
from traceledger.cli.options import renamed_option, unlocking
from traceledger.cli.output import fields
from traceledger.cli.record import naming_options
from traceledger.documents import networks as documents

if TYPE_CHECKING:
    from traceledger.client.client import Client
    from traceledger.config.networks import Contracts


@click.group(cls=Group)
def contract() -> None:
    """The contracts of a network."""


@contract.command()
@renamed_option(
    "--delay",
    "--policy-delay",
    default="2 days",
    show_default=True,
    metavar="DURATION",
    help="How long a change of the rules is announced before it can take effect: 2 days, 36 h, 90 min, 30 s.",
)
@unlocking
@with_session
def deploy(session: Session, delay: str) -> None:
    """Deploy the contracts with the key "deployer", which is made if there is none.

    That account holds the consortium's rights; whatever it changes of the rules or rights it must announce.
    The addresses go into networks.toml.
    """
    from traceledger.model.units import parse_duration
    from traceledger.sending.deployment import rights_as_deployed

    client = session.client
    with naming_options():
        contracts = client.deploy(delay=delay)
    document = documents.deployed(
        client.network,
        contracts,
        rights_as_deployed(contracts, client.signers.deployer(), parse_duration(delay)),
        deployer=client.signers.deployer(),
        block=client.chain.head().number,
    )
    session.output.result(document, lambda: fields(_said(document)))
    session.output.say(
        "next: traceledger submit FILE --create-keys, or traceledger participant register --help"
    )


@contract.command()
@with_session
def show(session: Session) -> None:
    """Show the contracts: addresses, code, and whether the stored key "deployer" has consortium rights."""
    client = session.client
    client.check()
    at = client.network.deployed()
    codes = {field: client.chain.code(address) for field, address in at.by_field.items()}
    deployer, is_consortium = _consortium(client, at)
    document = documents.contracts(
        client.network, codes, deployer=deployer, deployer_is_consortium=is_consortium
    )
    session.output.result(document, lambda: fields(_lines(document)))


def _said(document: dict[str, Any]) -> list[tuple[str, Any]]:
    """What was deployed, a right a line."""
    rights = document["rights"]
    return [
        *((name, value) for name, value in document.items() if name != "rights"),
        *((f"right {it['right']}", f"{it['account']}, delay {it['delay_s']} s") for it in rights),
    ]


def _consortium(client: Client, contracts: Contracts) -> tuple[bytes | None, bool | None]:
    """Who deployed the contracts, if that key is here, and whether it holds the consortium's rights."""
    from traceledger.artifacts.calls import encode
    from traceledger.sending.deployment import expected_contracts
    from traceledger.sending.rights import ADMISSION

    address = client.signers.known_deployer()
    if address is None:
        return None, None
    answer = client.chain.call(
        contracts.access_manager, encode("AccessManager", "hasRole", ADMISSION.role, address)
    )
    return address if expected_contracts(address) == contracts else None, any(answer[:32])


def _lines(document: dict[str, Any]) -> list[tuple[str, Any]]:
    lines = [("network", document["network"]), ("chain id", document["chain_id"])]
    for described in document["contracts"].values():
        lines.append((described["contract"], described["address"]))
        lines.append(("", f"code {described['code_hash']}, {size(described['code_bytes'])}"))
    rights = {True: "yes", False: "no", None: "its key is not stored here"}
    lines.append(("deployer", document["deployer"] or "another key than those stored here"))
    lines.append(("holds the consortium's rights", rights[document["deployer_is_consortium"]]))
    return lines
