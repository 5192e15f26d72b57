"""Key files from anywhere: every form of version 3 is read, none can ask for more than a moment."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from eth_account import Account
from eth_keyfile.keyfile import create_keyfile_json

from tests.disk import no_room
from traceledger.errors import SigningError
from traceledger.signing.keystore import KeyStore, LocalSigner, secret_of
from traceledger.signing.passphrase import first_line, prepared, text_of, tries

SECRET = bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")
WORD = "correct horse"

#: The two test vectors of the specification of Web3 Secret Storage: the password is "testpassword".
SPECIFIED = {
    "pbkdf2": {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
                "c": 262144,
                "dklen": 32,
                "prf": "hmac-sha256",
                "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    },
    "scrypt": {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "83dbcc02d8ccb40e466191a123791e0e"},
            "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
            "kdf": "scrypt",
            "kdfparams": {
                "dklen": 32,
                "n": 262144,
                "p": 8,
                "r": 1,
                "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
            },
            "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    },
}
SPECIFIED_SECRET = bytes.fromhex("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")


def light(kdf: str = "scrypt", word: bytes = WORD.encode()) -> dict[str, Any]:
    made: dict[str, Any] = create_keyfile_json(SECRET, word, kdf=kdf, iterations=2)  # type: ignore[arg-type]
    return made


def capitals(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.upper(): capitals(each) for name, each in value.items()}
    return value.upper() if isinstance(value, str) else value


def prefixed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: prefixed(each) for name, each in value.items()}
    return f"0x{value}" if isinstance(value, str) and len(value) >= 32 else value


@pytest.mark.parametrize("kdf", SPECIFIED)
def test_the_vectors_of_the_specification_name_no_address(kdf: str) -> None:
    assert secret_of(json.dumps(SPECIFIED[kdf]).encode(), "testpassword") == SPECIFIED_SECRET


@pytest.mark.parametrize("kdf", ["scrypt", "pbkdf2"])
@pytest.mark.parametrize(
    "change",
    [
        lambda made: made,
        capitals,
        lambda made: {name: value for name, value in made.items() if name != "address"},
        lambda made: prefixed({**made, "id": None}),
        lambda made: (
            {**made, "Crypto": made["crypto"], "crypto": None} and capitals(made) | {"x-ethers": {"a": 1}}
        ),
    ],
    ids=["as made", "capitals", "no address", "0x", "more fields"],
)
def test_every_form_of_version_3(kdf: str, change: Callable[[Any], Any]) -> None:
    assert secret_of(json.dumps(change(light(kdf))).encode(), WORD) == SECRET
    assert secret_of(b"\xef\xbb\xbf" + json.dumps(change(light(kdf))).encode(), WORD) == SECRET


def with_parameters(kdf: str = "scrypt", **changed: object) -> bytes:
    made = light(kdf)
    made["crypto"]["kdfparams"].update(changed)
    return json.dumps(made).encode()


HOSTILE = {
    "a terabyte of memory": with_parameters(n=2**30),
    "memory by r": with_parameters(r=2**28),
    "work by p": with_parameters(n=2**14, p=2**20),
    "a long beginning": with_parameters(n=2, r=2**11, p=2**12),
    "no power of two": with_parameters(n=3),
    "n of 0": with_parameters(n=0),
    "n below 0": with_parameters(n=-2),
    "n of 2000 bits": with_parameters(n=2**2000),
    "a fraction": with_parameters(n=4096.0),
    "a truth": with_parameters(r=True),
    "a long key": with_parameters(dklen=2**31),
    "a short key": with_parameters(dklen=16),
    "rounds for years": with_parameters("pbkdf2", c=10**12),
    "no rounds": with_parameters("pbkdf2", c=0),
    "another hash": with_parameters("pbkdf2", prf="hmac-md5"),
    "a hash that is none": with_parameters("pbkdf2", prf="x"),
    "a long salt": with_parameters(salt="00" * 30_000),
    "a megabyte": json.dumps({**light(), "id": "x" * 2**20}).encode(),
    "nesting": b'{"crypto":' * 100_000,
    "twice": json.dumps({**light(), "Version": 3}).encode(),
    "another cipher": json.dumps(
        {**light(), "crypto": {**light()["crypto"], "cipher": "aes-128-cbc"}}
    ).encode(),
}


@pytest.mark.parametrize("why", HOSTILE)
def test_a_hostile_file_is_refused_before_any_work(why: str) -> None:
    began = time.process_time()
    with pytest.raises(SigningError, match="not a key file of version 3"):
        secret_of(HOSTILE[why], WORD)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("why", HOSTILE)
def test_a_hostile_file_in_the_folder(why: str, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_bytes(HOSTILE[why])
    with pytest.raises(SigningError, match=r"key\.json is damaged"):
        KeyStore(tmp_path).load("key", WORD)


def test_a_key_of_another_address_than_its_file_names() -> None:
    with pytest.raises(SigningError, match="another address"):
        secret_of(json.dumps({**light(), "address": "ab" * 20}).encode(), WORD)


def test_a_file_without_an_address_is_to_be_imported(tmp_path: Path) -> None:
    made = light()
    del made["address"]
    (tmp_path / "key.json").write_text(json.dumps(made))
    with pytest.raises(SigningError, match=r"names no address.*key import key --from"):
        KeyStore(tmp_path).info("key")


COMPOSED, DECOMPOSED = normalize("NFC", "grün schön"), normalize("NFD", "grün schön")


@pytest.mark.parametrize("made_with", [COMPOSED, DECOMPOSED], ids=["NFC", "NFD"])
@pytest.mark.parametrize("given", [COMPOSED, DECOMPOSED], ids=["NFC", "NFD"])
def test_a_passphrase_is_the_same_in_every_form(made_with: str, given: str, tmp_path: Path) -> None:
    assert secret_of(json.dumps(light(word=made_with.encode())).encode(), given) == SECRET
    store = KeyStore(tmp_path, light=True)
    path = store.add("key", SECRET, made_with).path
    assert store.load("key", given).address == LocalSigner(SECRET).address
    assert path is not None
    assert bytes(Account.decrypt(json.loads(path.read_text()), COMPOSED)) == SECRET


def test_a_passphrase_in_no_form_at_all_opens_as_given() -> None:
    mixed = COMPOSED + DECOMPOSED
    assert secret_of(json.dumps(light(word=mixed.encode())).encode(), mixed) == SECRET
    assert len(tries(mixed)) == 3
    assert tries(WORD) == (WORD.encode(),)


@pytest.mark.parametrize(
    "written",
    [
        "grün\n".encode(),
        "grün\r\nmore".encode(),
        b"\xef\xbb\xbf" + "grün".encode(),
        "\ufeffgrün\r\n".encode("utf-16-le"),
        "\ufeffgrün\n".encode("utf-16-be"),
        "grün\r".encode("latin-1"),
    ],
)
def test_the_same_passphrase_from_every_editor(written: bytes) -> None:
    assert first_line(written) == "grün"


def test_only_line_ends_end_a_line() -> None:
    assert first_line("a\u2028b\x0bc\x85d \n".encode()) == "a\u2028b\x0bc\x85d "


def test_bytes_that_python_kept_as_halves_of_characters() -> None:
    assert text_of(b"gr\xfcn") == "grün"
    assert prepared(b"gr\xfcn".decode("utf-8", "surrogateescape")) == "grün".encode()


@pytest.mark.parametrize("empty", ["", " ", "\t\n"])
def test_empty_passphrases_are_refused(empty: str, tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    store.create("key", WORD)
    before = (tmp_path / "key.json").read_bytes()
    for attempt in (
        lambda: store.create("other", empty),
        lambda: store.add("other", SECRET, empty),
        lambda: store.change_passphrase("key", WORD, empty),
        lambda: store.export("key", WORD, empty),
    ):
        with pytest.raises(SigningError, match="the passphrase is empty"):
            attempt()
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]
    assert (tmp_path / "key.json").read_bytes() == before


def test_another_passphrase(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    made = store.create("key", WORD)
    with pytest.raises(SigningError, match="wrong passphrase"):
        store.change_passphrase("key", "another", "new word")
    assert store.change_passphrase("key", WORD, "new word") == made
    assert store.load("key", "new word").address == made.address
    with pytest.raises(SigningError, match="wrong passphrase"):
        store.load("key", WORD)
    assert (tmp_path / "key.json").stat().st_mode & 0o777 == 0o600


def test_another_passphrase_through_a_planted_link(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys", light=True)
    store.create("key", WORD)
    (tmp_path / "keys" / "key.json").rename(tmp_path / "elsewhere")
    (tmp_path / "keys" / "key.json").symlink_to(tmp_path / "elsewhere")
    before = (tmp_path / "elsewhere").read_bytes()
    store.change_passphrase("key", WORD, "new word")
    assert (tmp_path / "elsewhere").read_bytes() == before
    assert not (tmp_path / "keys" / "key.json").is_symlink()


KILLED = """
import sys
from pathlib import Path
from tests.dying import die_at
from traceledger.signing.keystore import KeyStore
die_at(Path.replace, sys.argv[2])
KeyStore(Path(sys.argv[1]), light=True).change_passphrase("key", "correct horse", "new word")
"""


@pytest.mark.parametrize(("moment", "opens"), [("call", WORD), ("return", "new word")])
def test_killed_while_the_passphrase_changes(moment: str, opens: str, tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    made = store.create("key", WORD)
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert store.load("key", opens).address == made.address
    assert store.names() == ["key"]


def test_no_room_for_the_new_file(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    made = store.create("key", WORD)
    with no_room(100), pytest.raises(SigningError, match="cannot be written"):
        store.change_passphrase("key", WORD, "new word")
    assert store.load("key", WORD).address == made.address
    assert store.names() == ["key"]


def test_the_export_has_the_standard_derivation(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    store.add("key", SECRET, WORD)
    exported = json.loads(store.export("key", WORD, "elsewhere"))
    assert exported["crypto"]["kdfparams"]["n"] == 2**18
    assert bytes(Account.decrypt(exported, "elsewhere")) == SECRET
    assert store.export_secret("key", WORD) == SECRET


def test_removal(tmp_path: Path) -> None:
    store = KeyStore(tmp_path, light=True)
    store.create("key", WORD)
    store.remove("key", "")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SigningError, match="there is no key 'key'"):
        store.remove("key", "")


def test_cautions(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    made = KeyStore(folder, light=True).create("key", WORD)
    assert made.cautions == KeyStore(folder, light=True).info("key").cautions == ()
    assert [each for each in KeyStore(folder).info("key").cautions if "light key derivation" in each]
    (folder / "key.json").chmod(0o640)
    assert "chmod 600" in " ".join(KeyStore(folder, light=True).info("key").cautions)
    (folder / "key.json").chmod(0o600)
    for mode, word in ((0o755, "read"), (0o770, "written"), (0o777, "written")):
        folder.chmod(mode)
        assert f"can be {word} by others: chmod 700" in " ".join(
            KeyStore(folder, light=True).info("key").cautions
        )


def test_a_standard_key_needs_no_caution(tmp_path: Path) -> None:
    assert KeyStore(tmp_path / "keys").create("key", WORD).cautions == ()
    assert KeyStore(tmp_path / "keys").info("key").cautions == ()


def test_what_is_half_written_is_no_key(tmp_path: Path) -> None:
    (tmp_path / ".key.json.0123.partial").write_text("{")
    (tmp_path / ".hidden.json").write_text("{")
    assert KeyStore(tmp_path).names() == []


def test_flipped_bits_never_give_another_key(tmp_path: Path) -> None:
    """Every byte of a key file changed, one at a time: the same key, or an error that says what is wrong."""
    text = json.dumps(light()).encode()
    outcomes = {"same": 0, "refused": 0}
    for place in range(len(text)):
        changed = bytearray(text)
        changed[place] ^= (0x01, 0x20, 0x80)[place % 3]
        try:
            assert secret_of(bytes(changed), WORD) == SECRET
            outcomes["same"] += 1
        except SigningError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > outcomes["same"] > 0
