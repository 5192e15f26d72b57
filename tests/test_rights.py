"""Rights of the consortium on a real chain: changed, announced, cancelled; what emergency accounts do."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.clients import client_of, embedded_chain, network_of, new_client
from traceledger import refusals
from traceledger.artifacts.calls import encode
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.client.client import Client
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import hexed
from traceledger.signing.transaction import UnsignedTransaction, sign

DAY = 86_400
START = 4_000_000_000
"""Later than any clock says: the founding blocks have the time of the machine."""
OFFICERS = ("one", "two", "three")


class Timed(EmbeddedChain):
    """A chain whose blocks come a second after one another, unless a test waits."""

    now = START

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        self.now += 1
        return super().send(raw, timestamp=self.now)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network with three emergency accounts beside the deploying one, each with a stored key."""
    folder = tmp_path_factory.mktemp("rights") / "net"
    with new_client(folder) as client:
        client.create_key("mine")
        client.register_participant("mine", name="M", country="CD", roles=["producer"])
    with opened(folder) as (client, chain):
        for name in OFFICERS:
            client.create_key(name)
            client.grant_right("emergency", client.signers.address_of(name))
        chain.now += 2 * DAY
        for name in OFFICERS:
            client.grant_right("emergency", client.signers.address_of(name), enact=True)
    return folder


class opened:  # noqa: N801
    """A client of the network in a folder, and its chain."""

    def __init__(self, folder: Path) -> None:
        self.chain = embedded_chain(network_of(folder), Timed)
        self.chain.now = max(START, self.chain.head().timestamp)
        self.client = client_of(folder, chain=self.chain)

    def __enter__(self) -> tuple[Client, Timed]:
        return self.client, self.chain

    def __exit__(self, *_: object) -> None:
        self.client.close()


@pytest.fixture
def network(founded: Path, tmp_path: Path) -> Iterator[tuple[Client, Timed]]:
    shutil.copytree(founded, tmp_path / "net")
    with opened(tmp_path / "net") as found:
        yield found


def acting(client: Client, name: str) -> None:
    """From now on the key ``deployer`` of the folder is that officer's, as in the folder of its company."""
    keys = client.network.keys
    shutil.copy(keys / f"{name}.json", keys / "deployer.json")


def sent(client: Client, chain: Timed, target: bytes, data: bytes) -> None:
    """A transaction of the deploying account that no operation makes."""
    signer = client.signers.unlock(client.signers.deployer())
    nonce = chain.nonce(signer.address)
    chain.send([sign(UnsignedTransaction(chain.chain_id, nonce, 1_000_000, target, data), signer)])


def holders(client: Client, right: str) -> set[str]:
    client.sync()
    return {item["account"] for item in client.rights()["members"] if item["right"] == right}


def test_a_deployment_says_who_holds_what(network: tuple[Client, Timed]) -> None:
    client, _ = network
    client.sync()
    deployer, found = hexed(client.signers.deployer()), client.rights()
    assert found["differences"] == []
    held = {(it["right"], it["delay_s"]) for it in found["members"] if it["account"] == deployer}
    assert held == {
        ("administrator", 2 * DAY),
        ("admission", 0),
        ("policy", 2 * DAY),
        ("emergency", 0),
        ("stock", 2 * DAY),
        ("origins", 0),
    }
    assert len(holders(client, "emergency")) == 4


def test_a_right_is_announced_and_then_granted_and_revoked(network: tuple[Client, Timed]) -> None:
    client, chain = network
    account = client.signers.address_of("one")
    client.grant_right("origins", account, delay=60)
    (announced,) = announced_of(client)
    assert (announced["function"], announced["account"]) == ("grantRole", hexed(client.signers.deployer()))
    assert announced["ready"] == chain.now + 2 * DAY
    with pytest.raises(refusals.AccessManagerNotReady):
        client.grant_right("origins", account, delay=60, enact=True)
    chain.now += 2 * DAY
    with pytest.raises(refusals.AccessManagerNotScheduled):
        client.grant_right("origins", account, delay=61, enact=True)
    client.grant_right("origins", account, delay=60, enact=True)
    assert (hexed(account) in holders(client, "origins"), announced_of(client)) == (True, [])
    client.revoke_right("origins", account)
    chain.now += 2 * DAY
    client.revoke_right("origins", account, enact=True)
    assert hexed(account) not in holders(client, "origins")


def announced_of(client: Client) -> list[dict[str, object]]:
    client.sync()
    found: list[dict[str, object]] = client.rights()["announced"]
    return found


def test_one_emergency_account_pauses_and_two_resume(network: tuple[Client, Timed], tmp_path: Path) -> None:
    client, _ = network
    pit = {"act_as": "mine", "kind": "mine", "country": "CD"}
    client.pause_ledger()
    with pytest.raises(refusals.NetworkPaused):
        client.register_facility("pit", **pit)
    client.resume_ledger()
    with pytest.raises(refusals.NetworkPaused):
        client.register_facility("pit", **pit)
    client.close()
    acting(client, "one")
    with opened(tmp_path / "net") as (other, _):
        other.resume_ledger()
        other.register_facility("pit", **pit)


def test_what_is_announced_one_emergency_account_cancels(
    network: tuple[Client, Timed], tmp_path: Path
) -> None:
    client, _ = network
    thief = b"\xbb" * 20
    client.grant_right("administrator", thief)
    (announced,) = announced_of(client)
    client.close()
    acting(client, "two")
    with opened(tmp_path / "net") as (other, _):
        other.cancel_announced(announced["account"], target=announced["target"], data=announced["data"])  # type: ignore[arg-type]
        assert announced_of(other) == []
        with pytest.raises(refusals.AccessManagerNotScheduled):
            other.cancel_announced(
                announced["account"],  # type: ignore[arg-type]
                target=announced["target"],  # type: ignore[arg-type]
                data=announced["data"],  # type: ignore[arg-type]
            )


def test_two_emergency_accounts_remove_an_account(network: tuple[Client, Timed], tmp_path: Path) -> None:
    client, _ = network
    deployer = client.signers.deployer()
    client.close()
    acting(client, "one")
    with opened(tmp_path / "net") as (other, _):
        other.remove_account(deployer)
        other.remove_account(deployer)  # asking twice is not agreeing
        assert hexed(deployer) in holders(other, "admission")
    acting(client, "two")
    with opened(tmp_path / "net") as (other, _):
        other.remove_account(deployer)
        assert [
            right for right in ("administrator", "admission") if hexed(deployer) in holders(other, right)
        ] == []
        with pytest.raises(refusals.NotItself):
            other.remove_account(other.network.deployed().safeguard)


def test_who_is_no_emergency_account_does_nothing_at_once(
    network: tuple[Client, Timed], tmp_path: Path
) -> None:
    client, _ = network
    client.create_key("stranger")
    client.close()
    acting(client, "stranger")
    with opened(tmp_path / "net") as (other, _):
        with pytest.raises(refusals.AccessManagedUnauthorized):
            other.pause_ledger()
        with pytest.raises(refusals.NotEmergency):
            other.resume_ledger()
        with pytest.raises(refusals.NotEmergency):
            other.remove_account(b"\xbb" * 20)


def test_opening_a_network_whose_rights_were_changed_says_so(
    network: tuple[Client, Timed], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A public admission: the code is ours, and everybody admits companies."""
    client, chain = network
    with caplog.at_level(logging.WARNING, "traceledger"):
        client.sync()
    assert caplog.records == []
    contracts = client.network.deployed()
    change = encode(
        "AccessManager",
        "setTargetFunctionRole",
        contracts.registry,
        [encode("ParticipantRegistry", "pause")[:4]],
        2**64 - 1,
    )
    sent(
        client,
        chain,
        contracts.access_manager,
        encode("AccessManager", "schedule", contracts.access_manager, change, 0),
    )
    chain.now += 2 * DAY
    sent(client, chain, contracts.access_manager, change)
    with caplog.at_level(logging.WARNING, "traceledger"):
        client.sync()
        client.sync()
        client.close()
        with opened(tmp_path / "net") as (other, _):
            other.refresh()
            with pytest.raises(NetworkError, match="not as deployed"):
                other.trust_root()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2  # each client says it once
    assert "pause of 0x" in said[0]
    assert "is for role everybody, not for emergency" in said[0]
