"""Keys in a token, by the library of SoftHSM: whatever a key in a file does, and what only a token does."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from coincurve import PublicKey
from eth_account import Account

from tests import softhsm
from tests.clients import client_of
from traceledger.chain.recovery import address_of
from traceledger.config.networks import FILE_NAME, write_template
from traceledger.errors import InputError, SigningError
from traceledger.signing.keystore import KeyStore, LocalSigner
from traceledger.signing.several import Several
from traceledger.signing.signers import Signers
from traceledger.signing.token import Token
from traceledger.signing.token_uri import MODULE, TokenUri
from traceledger.signing.transaction import UnsignedTransaction, decode_signed, sign
from traceledger.web.desk.clerk import Clerks
from traceledger.web.desk.entrance import Session
from traceledger.web.desk.settings import DeskLimits

pytestmark = pytest.mark.real("softhsm")
PIN, WRONG = softhsm.PIN, "1234"
SECRET = bytes(range(1, 33))
HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return softhsm.made(tmp_path_factory.mktemp("softhsm"), "main", "same", "same")


@pytest.fixture
def token(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Token]:
    """The token, in a process that has loaded its library once and for all; empty."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    found = Token(TokenUri.parsed("pkcs11:token=main"))
    yield found
    for name in found.names():
        found.remove(name, PIN)
    found.close()


def test_a_key_that_is_made_there_signs_and_never_leaves(token: Token) -> None:
    made = token.create("katanga", PIN)
    assert token.names() == ["katanga"]
    assert token.info("katanga") == made
    assert (made.place, made.path) == ("token 'main'", None)
    signer = token.load("katanga", PIN)
    for _ in range(40):
        digest = secrets.token_bytes(32)
        signature = signer.sign_hash(digest)
        assert int.from_bytes(signature[32:64], "big") <= HALF
        assert (
            address_of(PublicKey.from_signature_and_message(signature, digest, hasher=None)) == made.address
        )
    for leave in (lambda: token.export("katanga", PIN, "x"), lambda: token.export_secret("katanga", PIN)):
        with pytest.raises(SigningError, match="never leaves token 'main'"):
            leave()
    with pytest.raises(SigningError, match="no passphrase for each key"):
        token.change_passphrase("katanga", PIN, "x")


def test_others_take_its_transactions_for_the_same_account(token: Token) -> None:
    signer = token.load(token.add("mine", SECRET, PIN).name, PIN)
    assert signer.address == LocalSigner(SECRET).address
    for fees in ({}, {"max_fee_per_gas": 5, "max_priority_fee_per_gas": 1}):
        transaction = UnsignedTransaction(
            chain_id=20260, nonce=7, gas=21_000, to=b"\1" * 20, data=b"x", **fees
        )
        raw = sign(transaction, signer)
        assert Account.recover_transaction(raw).lower() == "0x" + signer.address.hex()
        assert decode_signed(raw).sender == signer.address


def test_a_name_is_taken_and_a_name_is_none(token: Token) -> None:
    token.create("katanga", PIN)
    for again in (lambda: token.create("katanga", PIN), lambda: token.add("katanga", SECRET, PIN)):
        with pytest.raises(SigningError, match="exists already"):
            again()
    with pytest.raises(SigningError, match="there is no key 'kokkola' in token 'main'"):
        token.load("kokkola", PIN)
    with pytest.raises(InputError, match="not a name for a key"):
        token.create("../katanga", PIN)
    with pytest.raises(SigningError, match="not a private key"):
        token.add("zero", bytes(32), PIN)
    token.remove("katanga", PIN)
    assert token.names() == []


def test_a_wrong_pin_is_tried_once(token: Token) -> None:
    token.create("katanga", PIN)
    token.close()
    with pytest.raises(SigningError, match="wrong PIN for token 'main'"):
        token.load("katanga", WRONG)
    for pin in (WRONG, PIN):
        with pytest.raises(SigningError, match="was wrong before, and is not tried again"):
            token.load("katanga", pin)
    with pytest.raises(SigningError, match="the PIN of token 'main' is empty"):
        Token(TokenUri.parsed("pkcs11:token=main")).load("katanga", "")
    another = Token(TokenUri.parsed("pkcs11:token=main"))
    another.remove("katanga", PIN)
    another.close()


def test_the_pin_from_a_file(token: Token, tmp_path: Path) -> None:
    (tmp_path / "pin").write_bytes(b"\xef\xbb\xbf" + PIN.encode() + b"\r\n")
    found = Token(TokenUri.parsed(f"pkcs11:token=main?pin-source=file:{tmp_path / 'pin'}"))
    assert found.asks("katanga") is None
    assert token.asks("katanga") == "pin:main"
    signers = Signers(found, lambda name: pytest.fail(f"asked for {name}"))
    made = signers.create("katanga")
    assert signers.unlock(made.address).sign_hash(bytes(32))
    signers.remove("katanga")
    signers.close()


def test_tokens_that_are_not_there(token: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    assert token.names() == []
    for uri, said in (
        ("token=none", "there is no token 'none'"),
        ("token=same", "there are several of token 'same'"),
    ):
        with pytest.raises(SigningError, match=said):
            Token(TokenUri.parsed(f"pkcs11:{uri}")).names()
    with pytest.raises(SigningError, match="there is no token '0123'"):
        Token(TokenUri.parsed("pkcs11:serial=0123")).names()
    monkeypatch.setenv(MODULE, "/nowhere.so")
    with pytest.raises(SigningError, match=r"nowhere\.so"):
        Token(TokenUri.parsed("pkcs11:token=main")).names()
    monkeypatch.delenv(MODULE)
    with pytest.raises(SigningError, match=f"set {MODULE}"):
        Token(TokenUri.parsed("pkcs11:token=main")).names()


def test_two_clients_and_many_threads_of_a_process(token: Token) -> None:
    made = token.create("katanga", PIN)
    other = Token(TokenUri.parsed("pkcs11:token=main"))
    signers = [token.load("katanga", PIN), other.load("katanga", PIN)]
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(20):
                assert len(signers[number % 2].sign_hash(secrets.token_bytes(32))) == 65
        except Exception as error:  # noqa: BLE001  (whatever it is, it is looked at below)
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert other.info("katanga") == made
    other.close()


def test_a_token_beside_the_folder(token: Token, tmp_path: Path) -> None:
    folder = KeyStore(tmp_path, light=True)
    places = Several(token, folder)
    asked: list[str] = []
    signers = Signers(places, lambda name: asked.append(name) or PIN)  # type: ignore[func-returns-value]
    signers.create("katanga")
    signers.into("folder")
    signers.create("kokkola")
    assert asked == ["pin:main", "kokkola"]
    assert [info.place for info in map(signers.info, signers.names())] == ["token 'main'", str(tmp_path)]
    with pytest.raises(SigningError, match="exists already"):
        signers.create("katanga")
    folder.create("katanga", "word")
    with pytest.raises(SigningError, match=r"a key 'katanga' in token 'main' and .*remove one"):
        places.info("katanga")
    folder.remove("katanga")
    signers.remove("katanga")
    assert signers.names() == ["kokkola"]
    with pytest.raises(SigningError, match="not in a token"):
        folder.into("token")


def test_a_network_whose_keys_are_in_a_token(token: Token, tmp_path: Path) -> None:
    path = write_template(tmp_path)
    path.write_text(
        path.read_text().replace("chain_id = 20260\n\n", 'chain_id = 20260\ntoken = "pkcs11:token=main"\n\n')
    )
    with client_of(tmp_path, PIN) as client:
        client.deploy()
        client.define_material("mica", name="Mica", substances=["mica"])
        client.create_key("katanga")
        client.register_participant("katanga", name="Katanga", country="CD", roles=["producer"])
        client.register_facility("pit", act_as="katanga", kind="mine", country="CD")
        client.sync()
        assert client.signers.names() == ["deployer", "katanga"]
        assert len(client.index.facilities()) == 1
        assert not client.network.keys.exists()


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("pkcs11:token=a?module-path=/tmp/evil.so", "may not name a library"),
        ("pkcs11:token=a?pin-value=1234", "may not hold a PIN"),
        ("pkcs11:object=a", "the attribute 'object'"),
        ("pkcs11:token=a;token=b", "twice"),
        ("pkcs11:", "names no token"),
        ("http://token", "must be a PKCS #11 URI"),
    ],
)
def test_what_may_not_stand_in_networks_toml(uri: str, said: str, tmp_path: Path) -> None:
    from traceledger.config import networks

    path = write_template(tmp_path)
    path.write_text(
        path.read_text().replace("chain_id = 20260\n\n", f'chain_id = 20260\ntoken = "{uri}"\n\n')
    )
    with pytest.raises(InputError, match=rf"{FILE_NAME}: networks.local.token: .*{said}"):
        networks.load(path)


class Registered:
    """An index that knows one company with one key."""

    def __init__(self, address: bytes) -> None:
        self.slug = "katanga"
        self.operators = (address,)

    def participant_of_operator(self, address: bytes) -> Registered | None:
        return self if address in self.operators else None


def test_a_clerk_unlocks_it_at_the_desk(token: Token) -> None:
    index, session = Registered(token.create("katanga", PIN).address), Session("", 0.0)
    token.close()

    def opened() -> Token:
        return Token(TokenUri.parsed("pkcs11:token=main"))

    clerks = Clerks(token, opened, "katanga", 600.0, DeskLimits(), lambda: 0.0)
    assert [(each.name, each.asks, each.refused) for each in clerks.offered(index)] == [
        ("katanga", "pin", "")
    ]
    with pytest.raises(SigningError):
        clerks.unlock(session, "katanga", WRONG, index)
    clerks.unlock(session, "katanga", PIN, index)
    approved = clerks.key(session)
    clerks.lock()
    # What was approved still signs, and the library is logged in as long: it would take any PIN.
    with pytest.raises(SigningError, match="still being signed"):
        clerks.unlock(session, "katanga", WRONG, index)
    assert len(approved.load("katanga", "").sign_hash(bytes(32))) == 65
    approved.close()
    with pytest.raises(SigningError):
        clerks.unlock(session, "katanga", WRONG, index)
    clerks.unlock(session, "katanga", PIN, index)
    clerks.lock()
