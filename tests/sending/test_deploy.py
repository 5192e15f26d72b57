"""Deploying: interrupted, repeated, and contracts at the address that are not ours."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clients import client_of, embedded_chain, network_of, new_client
from tests.disk import no_room
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.client.client import Client
from traceledger.config import networks
from traceledger.config.connection import create_embedded
from traceledger.config.networks import Contracts, write_template
from traceledger.errors import NetworkError, SigningError

TRANSACTIONS = 9


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with contracts, and two blocks more."""
    folder = tmp_path_factory.mktemp("deployed")
    with new_client(folder) as client:
        client.define_material("slag", name="Slag")
        client.define_material("ore", name="Ore")
    return folder


def copied(deployed: Path, tmp_path: Path) -> Path:
    shutil.copytree(deployed, tmp_path / "net")
    return tmp_path / "net"


class Interrupted(EmbeddedChain):
    """A chain to which so many blocks can be added, before or after which the process is interrupted."""

    left = 0

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        receipts = super().send(raw, timestamp=timestamp)
        if self.head().number == TRANSACTIONS:
            raise KeyboardInterrupt
        return receipts


@pytest.mark.parametrize("mined", range(TRANSACTIONS + 1))
def test_an_interrupted_deployment_is_taken_up(mined: int, tmp_path: Path) -> None:
    """With all mined, all is on the chain, but was not written down."""
    write_template(tmp_path)
    network = network_of(tmp_path)
    create_embedded(network).close()
    chain = embedded_chain(network, Interrupted)
    chain.left = mined
    with client_of(tmp_path, chain=chain) as client:
        with pytest.raises(KeyboardInterrupt):
            client.deploy()
        assert client.network.contracts is None
    with client_of(tmp_path) as client:
        contracts = client.deploy()
        assert client.chain.head().number == TRANSACTIONS
        assert client.network.contracts == contracts
        client.define_material("slag", name="Slag")


def test_deploying_twice(deployed: Path, tmp_path: Path) -> None:
    with client_of(copied(deployed, tmp_path)) as client:
        head = client.chain.head()
        with pytest.raises(NetworkError, match="already"):
            client.deploy()
        assert client.chain.head() == head


def test_an_account_that_sent_before_cannot_deploy(deployed: Path, tmp_path: Path) -> None:
    """Its contracts would not be where they are looked for."""
    folder = copied(deployed, tmp_path)
    source = folder / "networks.toml"
    source.write_text(source.read_text().partition("[networks.local.contracts]")[0])
    (folder / ".traceledger" / "local" / "keys" / "deployer.json").unlink()
    with client_of(folder) as client:
        again = client.deploy()
        assert again != client_of(deployed).network.contracts


def with_contracts(folder: Path, contracts: Contracts) -> Client:
    client = client_of(folder)
    networks.record_contracts(client.network, contracts)
    return client_of(folder)


def test_contracts_that_are_not_ours(deployed: Path, tmp_path: Path) -> None:
    ours = client_of(deployed).network.deployed()
    folder = copied(deployed, tmp_path)
    nowhere = bytes(19) + b"\x99"
    cases = {
        "the BatchLedger address .* has no code": replace(ours, ledger=nowhere),
        "the ParticipantRegistry address .* has no code": replace(ours, registry=nowhere),
        "the AccessManager address .* has no code": replace(ours, access_manager=nowhere),
        "the AssuranceRegistry address .* has no code": replace(ours, assurance=nowhere),
        "the BatchLedger address .* is another contract": replace(ours, ledger=ours.registry),
        "the AccessManager address .* is another contract": replace(ours, access_manager=ours.ledger),
        "the AssuranceRegistry address .* is another contract": replace(ours, assurance=ours.ledger),
    }
    for message, contracts in cases.items():
        with with_contracts(folder, contracts) as client:
            head = client.chain.head()
            with pytest.raises(NetworkError, match=message):
                client.define_material("stone", name="Stone")
            assert client.chain.head() == head


def test_contracts_of_two_deployments_do_not_mix(deployed: Path, tmp_path: Path) -> None:
    folder = copied(deployed, tmp_path)
    first = client_of(folder).network.deployed()
    source = folder / "networks.toml"
    source.write_text(source.read_text().partition("[networks.local.contracts]")[0])
    (folder / ".traceledger" / "local" / "keys" / "deployer.json").unlink()
    with client_of(folder) as client:
        second = client.deploy()
    for mixed in (
        replace(first, ledger=second.ledger),
        replace(first, access_manager=second.access_manager),
        replace(first, assurance=second.assurance),
        replace(second, assurance=first.assurance),
    ):
        with (
            with_contracts(folder, mixed) as client,
            pytest.raises(NetworkError, match="belongs to another deployment"),
        ):
            client.define_material("stone", name="Stone")


def test_a_chain_of_another_id(deployed: Path, tmp_path: Path) -> None:
    folder = copied(deployed, tmp_path)
    source = folder / "networks.toml"
    source.write_text(source.read_text().replace("chain_id = 20260", "chain_id = 4711"))
    with client_of(folder) as client, pytest.raises(NetworkError, match="id 20260, expected 4711"):
        client.define_material("stone", name="Stone")


def test_nothing_is_deployed_yet(tmp_path: Path) -> None:
    write_template(tmp_path)
    with client_of(tmp_path) as client, pytest.raises(NetworkError, match="contract deploy"):
        client.define_material("stone", name="Stone")
    assert [path.name for path in tmp_path.iterdir()] == ["networks.toml"]


def test_a_wrong_passphrase_of_the_deployer(deployed: Path, tmp_path: Path) -> None:
    folder = copied(deployed, tmp_path)
    with client_of(folder, "not it") as client:
        head = client.chain.head()
        with pytest.raises(SigningError, match="wrong passphrase"):
            client.define_material("stone", name="Stone")
        assert client.chain.head() == head


def test_an_authoritys_key_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Where its maker ends while it writes the key, the next deployment makes another."""
    write_template(tmp_path)
    with client_of(tmp_path) as client:
        client.create_key("deployer")
        with no_room(10), pytest.raises(NetworkError):
            client.deploy()
        assert not client.network.authority_file.exists()
    with client_of(tmp_path) as client:
        client.deploy()
        assert client.network.authority_file.stat().st_mode & 0o077 == 0
