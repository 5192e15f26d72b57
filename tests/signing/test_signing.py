"""Signatures and key files against eth-account: the same bytes, and files that each reads of the other."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from traceledger.errors import InputError, SigningError
from traceledger.signing.keystore import KeyStore, LocalSigner
from traceledger.signing.signers import PRIVATE_KEY, Signers
from traceledger.signing.transaction import UnsignedTransaction, sign, transaction_hash

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


SECRETS = st.integers(1, SECP256K1_ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
TRANSACTIONS = st.builds(
    UnsignedTransaction,
    chain_id=st.integers(1, 2**53),
    nonce=st.integers(0, 2**40),
    gas=st.integers(21_000, 2**40),
    to=st.one_of(st.just(b""), st.binary(min_size=20, max_size=20)),
    data=st.binary(max_size=300),
    gas_price=st.integers(0, 2**64),
)


def require_same_as_eth_account(secret: bytes, transaction: UnsignedTransaction, **fees: int) -> None:
    """That ours signs what eth-account signs, given the fees as JSON-RPC names them."""
    ours = sign(transaction, LocalSigner(secret))
    document: dict[str, int | bytes] = {
        "chainId": transaction.chain_id,
        "nonce": transaction.nonce,
        "gas": transaction.gas,
        "data": transaction.data,
        "value": 0,
        **fees,
    }
    theirs = Account.from_key(secret).sign_transaction(
        document | ({"to": transaction.to} if transaction.to else {})
    )
    assert ours == bytes(theirs.raw_transaction)
    assert transaction_hash(ours) == bytes(theirs.hash)


@settings(deadline=None, max_examples=60)
@given(secret=SECRETS, transaction=TRANSACTIONS)
def test_the_same_bytes_as_eth_account(secret: bytes, transaction: UnsignedTransaction) -> None:
    require_same_as_eth_account(secret, transaction, gasPrice=transaction.gas_price)
    assert "0x" + LocalSigner(secret).address.hex() == Account.from_key(secret).address.lower()


@pytest.mark.parametrize("secret", [bytes(32), SECP256K1_ORDER.to_bytes(32, "big"), b"\xff" * 32, b"x" * 33])
def test_what_is_no_private_key(secret: bytes) -> None:
    with pytest.raises(SigningError, match="not a private key"):
        LocalSigner(secret)


def test_the_secret_does_not_show() -> None:
    secret = secrets.token_bytes(32)
    assert secret.hex() not in repr(LocalSigner(secret))


def test_eth_account_reads_our_key_files(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys", light=True)
    secret = secrets.token_bytes(32)
    made = store.add("katanga", secret, "pässword ✓")
    document = json.loads(made.path.read_text())
    assert bytes(Account.decrypt(document, "pässword ✓")) == secret
    assert document["version"] == 3
    assert secret.hex() not in made.path.read_text()


def test_we_read_eth_accounts_key_files(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    account = Account.create()
    for kdf in ("pbkdf2", "scrypt"):
        document = Account.encrypt(account.key, "correct horse", kdf=kdf, iterations=4096)
        (tmp_path / f"{kdf}.json").write_text(json.dumps(document))
        assert store.load(kdf, "correct horse").address == bytes.fromhex(account.address[2:])


def test_light_and_standard_rounds(tmp_path: Path) -> None:
    rounds = {}
    for light in (True, False):
        made = KeyStore(tmp_path / str(light), light=light).create("key", "correct horse")
        rounds[light] = json.loads(made.path.read_text())["crypto"]["kdfparams"]["n"]
    assert rounds == {True: 2**12, False: 2**18}


def test_key_files_are_their_owners_alone(tmp_path: Path) -> None:
    made = KeyStore(tmp_path / "keys", light=True).create("key", "correct horse")
    assert made.path.stat().st_mode & 0o077 == 0
    assert made.path.parent.stat().st_mode & 0o077 == 0
    assert [path.name for path in made.path.parent.iterdir()] == ["key.json"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    made = store.create("key", "correct horse")
    with pytest.raises(SigningError, match="exists already"):
        store.create("key", "correct horse")
    assert store.load("key", "correct horse").address == made.address


def test_a_wrong_passphrase(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    store.create("key", "correct horse")
    with pytest.raises(SigningError, match="wrong passphrase for key 'key'"):
        store.load("key", "battery staple")
    with pytest.raises(SigningError, match="empty"):
        store.create("other", "")


def _damaged_documents() -> dict[str, str]:
    document = json.loads(json.dumps(Account.encrypt(b"\x01" * 32, "pw", kdf="pbkdf2", iterations=2)))
    other_address = {**document, "address": "ab" * 20}
    without_crypto = {key: value for key, value in document.items() if key != "crypto"}
    strange_kdf = {**document, "crypto": {**document["crypto"], "kdf": "bcrypt"}}
    short_salt = {**document["crypto"]["kdfparams"], "salt": "zz"}
    return {
        "empty": "",
        "no JSON": "{",
        "a list": "[]",
        "no address": json.dumps({**document, "address": None}),
        "a short address": json.dumps({**document, "address": "ab"}),
        "another address": json.dumps(other_address),
        "version 1": json.dumps({**document, "version": 1}),
        "no crypto": json.dumps(without_crypto),
        "crypto is text": json.dumps({**document, "crypto": "x"}),
        "unknown derivation": json.dumps(strange_kdf),
        "no hexadecimal salt": json.dumps(
            {**document, "crypto": {**document["crypto"], "kdfparams": short_salt}}
        ),
        "not UTF-8": "",
    }


@pytest.mark.parametrize("damage", _damaged_documents())
def test_a_damaged_key_file(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text(_damaged_documents()[damage])
    if damage == "not UTF-8":
        path.write_bytes(b"\xff\xfe")
    store = KeyStore(tmp_path, light=True)
    with pytest.raises(SigningError, match="damaged"):
        store.load("key", "pw")


def test_a_missing_key(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match=r"there is no key 'katanga'.*traceledger key create katanga"):
        KeyStore(tmp_path / "none").load("katanga", "pw")


@pytest.mark.parametrize("name", ["", "../key", "a/b", ".hidden", "a b", "ü", "a\0"])
def test_what_is_no_name_for_a_key(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a name"):
        KeyStore(tmp_path, light=True).create(name, "correct horse")
    assert list(tmp_path.iterdir()) == []


def test_the_environments_key_signs_for_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = secrets.token_bytes(32)
    monkeypatch.setenv(PRIVATE_KEY, "0x" + secret.hex())
    address = LocalSigner(secret).address
    signers = Signers(KeyStore(tmp_path, light=True), lambda name: pytest.fail(f"asked for {name}"))
    assert signers.choose("katanga", [bytes(20), address]) == address
    assert signers.unlock(address).address == address


@pytest.mark.parametrize("text", ["0x12", "xyz", "00" * 32, "ff" * 33])
def test_an_environment_that_holds_no_key(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PRIVATE_KEY, text)
    with pytest.raises(SigningError, match="not a private key") as caught:
        Signers(KeyStore(tmp_path), lambda _: "")
    assert text not in str(caught.value)


def test_a_passphrase_is_asked_for_once(tmp_path: Path) -> None:
    asked: list[str] = []
    signers = Signers(KeyStore(tmp_path, light=True), lambda name: asked.append(name) or "correct horse")
    made = signers.create("katanga")
    asked.clear()
    signers.unlock(made.address)
    signers.unlock(made.address)
    assert asked == ["katanga"]
