"""A key's life on the command line: imported from anywhere, another passphrase, exported, removed."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from unicodedata import normalize

import pytest
from eth_account import Account
from eth_keyfile.keyfile import create_keyfile_json

from tests import softhsm
from tests.cli.conftest import PASSPHRASE, Run, run_process
from tests.cli.test_keys import ADDRESS, KEYS, SECRET, on_terminal
from traceledger.config.networks import FILE_NAME
from traceledger.proofs import trust
from traceledger.signing.keystore import KeyStore

pytestmark = pytest.mark.usefixtures("deployed")


def key_file(word: str, **changed: object) -> str:
    made = create_keyfile_json(bytes.fromhex(SECRET), word.encode(), kdf="pbkdf2", iterations=2)
    return json.dumps({name: value for name, value in {**made, **changed}.items() if value is not None})


def stored(name: str) -> KeyStore:
    store = KeyStore(KEYS.absolute())
    assert stat.S_IMODE((KEYS / f"{name}.json").stat().st_mode) == 0o600
    return store


@pytest.mark.parametrize(
    "changed", [{}, {"address": None}, {"id": None, "x": 1}], ids=["", "no address", "more"]
)
def test_a_key_file_is_imported(changed: dict[str, object], cli: Run) -> None:
    Path("old.json").write_text(key_file(PASSPHRASE, **changed))
    made = cli("key", "import", "mine", "--from", "old.json", "--json")
    assert made.document["address"] == ADDRESS
    assert stored("mine").load("mine", PASSPHRASE).address.hex() == ADDRESS[2:]


def test_a_key_file_with_another_passphrase_even_an_empty_one(cli: Run) -> None:
    for name, word in (("mine", "old word"), ("dev", "")):
        Path("old.json").write_text("\ufeff" + key_file(word))
        Path("word").write_text(word)
        wrong = cli("key", "import", name, "--from", "old.json")
        assert (wrong.code, "wrong passphrase of the key file" in wrong.err) == (6, True)
        made = cli("key", "import", name, "--from", "old.json", "--from-passphrase-file", "word", "--json")
        assert made.document["address"] == ADDRESS
        assert stored(name).load(name, PASSPHRASE)


def test_a_key_file_from_stdin_and_from_a_terminal() -> None:
    made = run_process("key", "import", "mine", "--json", "--from", "-", input=key_file(PASSPHRASE))
    assert made.document["address"] == ADDRESS
    Path("old.json").write_text(key_file("asked"))
    code, shown = on_terminal(["key", "import", "other", "--from", "old.json"], ["asked"])
    assert (code, ADDRESS in shown, "asked\r" in shown) == (0, True, False)
    assert stored("other").load("other", "asked")


@pytest.mark.parametrize("why", ["n", "version", "no JSON", "no file"])
def test_what_cannot_be_imported(why: str, cli: Run) -> None:
    crypto = {"kdfparams": {"n": 2**30, "r": 8, "p": 1, "dklen": 32, "salt": "00"}, "kdf": "scrypt"}
    made = json.loads(key_file("x"))
    written = {
        "n": json.dumps({**made, "crypto": {**made["crypto"], **crypto}}),
        "version": json.dumps({**made, "version": 1}),
        "no JSON": "{",
    }
    if why in written:
        Path("old.json").write_text(written[why])
    outcome = cli("key", "import", "mine", "--from", "old.json")
    assert (outcome.code, outcome.out) == (6, "")
    assert "old.json" in outcome.err
    assert not (KEYS / "mine.json").exists()


def test_another_passphrase(cli: Run) -> None:
    cli("key", "create", "mine")
    Path("new").write_text("new word\r\n")
    changed = cli("key", "change-passphrase", "mine", "--new-passphrase-file", "new", "--json")
    assert changed.code == 0
    assert stored("mine").load("mine", "new word").address.hex() == changed.document["address"][2:]
    again = cli("key", "change-passphrase", "mine", "--new-passphrase-file", "new")
    assert (again.code, "wrong passphrase for key 'mine'" in again.err) == (6, True)
    Path("new").write_text("\n")
    empty = cli("key", "change-passphrase", "deployer", "--new-passphrase-file", "new")
    assert (empty.code, "the passphrase is empty" in empty.err) == (6, True)
    assert stored("deployer").load("deployer", PASSPHRASE)


def test_another_passphrase_on_a_terminal() -> None:
    answers = [PASSPHRASE, "one", "two", "new word", "new word"]
    code, shown = on_terminal(["key", "change-passphrase", "deployer"], answers)
    assert (code, "The two differ." in shown, "new word" in shown) == (0, True, False)
    assert stored("deployer").load("deployer", "new word")
    code, shown = on_terminal(["key", "change-passphrase", "deployer"], ["new word", " "])
    assert (code, "the passphrase is empty" in shown) == (6, True)


def test_export(cli: Run) -> None:
    cli("key", "create", "mine")
    address = cli("key", "show", "mine", "--json").document["address"]
    made = cli("key", "export", "mine", "-o", "mine.key.json", "--json").document
    assert made == {"name": "mine", "address": address, "output": "mine.key.json", "encrypted": True}
    exported = json.loads(Path("mine.key.json").read_text())
    assert exported["crypto"]["kdfparams"]["n"] == 2**18
    secret = bytes(Account.decrypt(exported, PASSPHRASE))
    assert cli("key", "export", "mine", "-o", "plain", "--plain").code == 0
    assert bytes.fromhex(Path("plain").read_text()) == secret
    for name in ("plain", "mine.key.json"):
        assert stat.S_IMODE(Path(name).stat().st_mode) == 0o600
    assert secret.hex() not in Path("mine.key.json").read_text()


def test_an_export_goes_through_no_planted_link_and_over_no_file(cli: Run) -> None:
    Path("link").symlink_to("nowhere")
    Path("file").write_text("precious")
    for planted in ("link", "file"):
        outcome = cli("key", "export", "deployer", "-o", planted, "--plain")
        assert (outcome.code, "exists already" in outcome.err) == (2, True)
    assert Path("file").read_text() == "precious"
    assert not Path("nowhere").exists()


def test_removal_says_what_stops_working(cli: Run) -> None:
    cli(
        "participant",
        "register",
        "katanga",
        "--name",
        "K",
        "--country",
        "CD",
        "--role",
        "producer",
        "--create-key",
    )
    for name, words in (("katanga", "the only key of katanga"), ("deployer", "right 'administrator'")):
        refused = run_process("key", "remove", name)
        assert (refused.code, "was not confirmed" in refused.err) == (2, True)
        assert words in refused.err
        assert (KEYS / f"{name}.json").exists()
    cli("key", "export", "katanga", "-o", "copy.json")
    cli("key", "import", "twin", "--from", "copy.json")
    twin = cli("key", "remove", "twin", "--yes")
    assert (twin.code, "is also stored as katanga, which still signs" in twin.err) == (0, True)
    assert "the only key" not in twin.err
    assert cli("key", "remove", "katanga", "--yes", "--json").document["name"] == "katanga"
    assert [each["name"] for each in cli("key", "list", "--json").document["keys"]] == ["deployer"]
    again = cli("key", "remove", "katanga", "--yes")
    assert (again.code, "there is no key 'katanga'" in again.err) == (6, True)


def test_warnings_about_files_that_others_can_read(cli: Run) -> None:
    (KEYS / "deployer.json").chmod(0o644)
    KEYS.chmod(0o755)
    KEYS.with_name("authority.key").chmod(0o640)
    Path("word").write_text(PASSPHRASE)
    define = ["material", "define", "n", "--name", "N", "--passphrase-file", "word"]
    for mode, told in ((0o644, True), (0o600, False)):
        Path("word").chmod(mode)
        outcome = run_process(*define)
        assert ("passphrase file word can be read by others" in outcome.err) == told
    assert "authority.key can be read by others" in run_process("material", "define", "o", "--name", "O").err
    shown = cli("key", "list", "--json")
    assert len(shown.document["keys"][0]["cautions"]) == 2
    for arguments in (
        ["key", "list"],
        ["key", "show", "deployer"],
        ["material", "define", "m", "--name", "M"],
    ):
        outcome = run_process(*arguments)
        assert outcome.code == 0, outcome.err
        assert "deployer.json can be read by others" in outcome.err
        assert f"chmod 700 {KEYS.absolute()}" in outcome.err or "chmod 700" in outcome.err


@pytest.mark.real("softhsm")
def test_a_network_with_a_token(tmp_path: Path, cli: Run) -> None:
    environment = {**softhsm.made(tmp_path / "hsm", "main"), "TRACELEDGER_PIN": softhsm.PIN}
    network = Path(FILE_NAME)
    network.write_text(
        network.read_text().replace('kind = "embedded"', 'kind = "embedded"\ntoken = "pkcs11:token=main"')
    )
    cli("key", "create", "second", "--place", "folder")
    made = run_process("key", "create", "katanga", "--json", env=environment)
    assert (made.code, made.document["place"], made.document["path"]) == (0, "token 'main'", None), made.err
    register = "participant register katanga --name K --country CD --role producer"
    assert run_process(*register.split(), env=environment).code == 0
    assert (
        run_process(
            *"facility register pit --kind mine --country CD --as katanga".split(), env=environment
        ).code
        == 0
    )
    listed = run_process("key", "list", env=environment)
    assert [line.split()[2:] for line in listed.out.splitlines() if line.startswith("katanga")] == [
        ["token", "'main'"]
    ]
    wrong = run_process("key", "consent", "katanga", env={**environment, "TRACELEDGER_PIN": "1234"})
    assert (wrong.code, "wrong PIN for token 'main'" in wrong.err) == (6, True)
    nobody = run_process("key", "consent", "katanga", env={**environment, "TRACELEDGER_PIN": ""})
    assert (nobody.code, "the PIN of token 'main' is needed" in nobody.err) == (6, True)
    stays = run_process("key", "export", "katanga", "-o", "x", env=environment)
    assert (stays.code, "never leaves" in stays.err, Path("x").exists()) == (6, True, False)
    removed = run_process("key", "remove", "katanga", "--yes", env=environment)
    assert (removed.code, "the only key of katanga" in removed.err) == (0, True)
    assert "katanga" not in run_process("key", "list", env=environment).out


@pytest.mark.parametrize(
    "locale",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"LC_ALL": "C.UTF-8"}],
    ids=["C", "C without UTF-8", "UTF-8"],
)
def test_a_passphrase_with_umlauts_in_any_locale(locale: dict[str, str]) -> None:
    word = "grün schön"
    for number, raw in enumerate((word.encode(), normalize("NFD", word).encode(), word.encode("latin-1"))):
        environment = {**locale, "TRACELEDGER_PASSPHRASE": os.fsdecode(raw)}
        made = run_process("key", "create", f"k{number}", "--json", env=environment)
        assert made.code == 0, made.err
        assert stored(f"k{number}").load(f"k{number}", word)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_umlauts_typed_on_any_terminal(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    code, shown = on_terminal(["key", "create", "mine"], ["grün"] * 2, encoding=encoding)
    assert code == 0, shown
    assert stored("mine").load("mine", "grün")


def test_a_byte_order_mark_in_configuration_and_passphrase_file(cli: Run) -> None:
    Path(FILE_NAME).write_bytes(b"\xef\xbb\xbf" + Path(FILE_NAME).read_bytes())
    Path("word").write_bytes(b"\xef\xbb\xbf" + PASSPHRASE.encode() + b"\r\n")
    made = cli("key", "create", "mine", "--passphrase-file", "word", "--json")
    assert made.code == 0, made.err
    assert stored("mine").load("mine", PASSPHRASE)
    assert cli("trust-root", "export", "-o", "root.json").code == 0
    Path("root.json").write_bytes(b"\xef\xbb\xbf" + Path("root.json").read_bytes())
    assert trust.load(Path("root.json"))


def test_init_keeps_keys_and_data_from_git(cli: Run, tmp_path: Path) -> None:
    ignored = tmp_path / "new" / ".gitignore"
    assert cli("init", "new").code == 0 or ignored.exists()
    folder = Path("new").absolute()
    assert "/.traceledger/" in (folder / ".gitignore").read_text().splitlines()
    (folder / FILE_NAME).unlink()
    (folder / ".gitignore").write_bytes(b"mine\n*.passphrase")
    assert cli("init", "new").code == 0
    lines = (folder / ".gitignore").read_text().splitlines()
    assert lines[:2] == ["mine", "*.passphrase"]
    assert lines.count("*.passphrase") == lines.count("/.traceledger/") == 1
    (folder / FILE_NAME).unlink()
    before = (folder / ".gitignore").read_bytes()
    assert cli("init", "new").code == 0
    assert (folder / ".gitignore").read_bytes() == before


def test_no_network_is_begun_where_git_would_take_the_keys(cli: Run, tmp_path: Path) -> None:
    """It used to leave networks.toml without it, for a disk that was full, and never came back to it."""
    folder = tmp_path / "fresh"
    (folder / ".gitignore").mkdir(parents=True)
    assert cli("init", str(folder)).code == 2
    assert not (folder / FILE_NAME).exists()
    (folder / ".gitignore").rmdir()
    assert cli("init", str(folder)).code == 0
    assert "/.traceledger/" in (folder / ".gitignore").read_text()
