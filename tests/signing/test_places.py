"""Where keys may live: in a place of one's own, or in the environment, for all that a stored key does."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from tests.clients import client_of
from traceledger.client.client import Client
from traceledger.config.networks import write_template
from traceledger.errors import SigningError
from traceledger.refusals.access import AccessManagedUnauthorized
from traceledger.signing.keystore import KeyStore, LocalSigner
from traceledger.signing.places import KeyInfo
from traceledger.signing.signers import PRIVATE_KEY, Signers

SECRET = "ab" * 32


class Token:
    """A token that needs no passphrase, and of which nobody sees more than addresses and signatures."""

    shown = "the token"

    def __init__(self) -> None:
        self._signers: dict[str, LocalSigner] = {}
        self.asked: list[str] = []

    def asks(self, name: str) -> None:
        """Nothing: it is unlocked."""

    def names(self) -> list[str]:
        return sorted(self._signers)

    def info(self, name: str) -> KeyInfo:
        if name not in self._signers:
            raise SigningError(f"there is no key {name!r} in the token")
        return KeyInfo(name, self._signers[name].address)

    def create(self, name: str, passphrase: str) -> KeyInfo:
        return self.add(name, secrets.token_bytes(32), passphrase)

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        assert passphrase == ""
        self._signers[name] = LocalSigner(secret)
        return self.info(name)

    def load(self, name: str, passphrase: str) -> TokensKey:
        assert passphrase == ""
        self.asked.append(name)
        return TokensKey(self._signers[name])

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        raise NotImplementedError

    def export(self, name: str, passphrase: str, new: str) -> str:
        raise NotImplementedError

    def export_secret(self, name: str, passphrase: str) -> bytes:
        raise NotImplementedError

    def remove(self, name: str, passphrase: str) -> None:
        assert passphrase == ""
        del self._signers[name]

    def into(self, kind: str) -> Token:
        return self

    def close(self) -> None:
        """Nothing is open."""


class TokensKey:
    """What signs is asked for its address and for signatures of hashes, and nothing else."""

    def __init__(self, signer: LocalSigner) -> None:
        self.address = signer.address
        self.sign_hash = signer.sign_hash


def begun(folder: Path) -> Path:
    """The folder of a new embedded network."""
    folder.mkdir()
    write_template(folder)
    return folder


def found_material_and_participant(client: Client) -> None:
    client.deploy()
    client.define_material("mica", name="Mica", substances=["mica"])
    client.create_key("katanga")
    client.register_participant("katanga", name="Katanga", country="CD", roles=["producer"])
    client.register_facility("pit", act_as="katanga", kind="mine", country="CD")
    client.sync()
    assert len(client.index.facilities()) == 1


def test_keys_may_live_elsewhere(tmp_path: Path) -> None:
    token = Token()
    with client_of(begun(tmp_path / "net"), keys=token) as client:
        found_material_and_participant(client)
        assert token.asked == ["deployer", "katanga"]
        assert client.signers.names() == ["deployer", "katanga"]
        assert not client.network.keys.exists()
        with pytest.raises(SigningError, match="is not in the token"):
            client.signers.unlock(bytes(20))


def test_the_environments_key_may_be_the_deploying_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PRIVATE_KEY, SECRET)
    signer = LocalSigner(bytes.fromhex(SECRET))
    with client_of(begun(tmp_path / "net")) as client:
        found_material_and_participant(client)
        assert client.signers.names() == ["katanga"]
        assert client.signers.deployer() == client.directory().consortium == signer.address
        checkpoint = client.witness("0x" + signer.address.hex())
        assert checkpoint.number == client.chain.head().number


def test_a_stored_deployer_goes_before_the_environments_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_of(begun(tmp_path / "net")) as client:
        found_material_and_participant(client)
        stored = client.signers.deployer()
    monkeypatch.setenv(PRIVATE_KEY, SECRET)
    with client_of(tmp_path / "net") as client:
        assert client.signers.deployer() == client.directory().consortium == stored
        client.define_material("ore", name="Ore", substances=["Co"])


def test_another_key_in_the_environment_is_told_that_it_has_no_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client_of(begun(tmp_path / "net")) as client:
        client.deploy()
        (client.network.keys / "deployer.json").unlink()
    with client_of(tmp_path / "net") as client, pytest.raises(SigningError, match="only the consortium"):
        client.define_material("ore", name="Ore", substances=["Co"])
    monkeypatch.setenv(PRIVATE_KEY, SECRET)
    with (
        client_of(tmp_path / "net") as client,
        pytest.raises(AccessManagedUnauthorized, match="--as who acts"),
    ):
        client.define_material("ore", name="Ore", substances=["Co"])


def test_keys_by_name_and_address(tmp_path: Path) -> None:
    signers = Signers(KeyStore(tmp_path, light=True), lambda _: "correct horse")
    assert signers.is_new("katanga")
    made = signers.create("katanga")
    assert not signers.is_new("katanga")
    assert signers.address_of("katanga") == signers.address_of("0x" + made.address.hex()) == made.address
    assert signers.name_of(made.address) == "katanga"
    assert signers.name_of(bytes(20)) is None
    with pytest.raises(SigningError, match="there is no key 'sorowako'"):
        signers.address_of("sorowako")
