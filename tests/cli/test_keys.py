"""Keys and passphrases: asked for on a terminal, or read from files and the environment; never arguments."""

from __future__ import annotations

import json
import os
import pty
import select
import stat
import time
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from tests.cli.conftest import EXECUTABLE, PASSPHRASE, Run, run_process
from tests.cli.test_help import ALL
from traceledger.signing.keystore import KeyStore, LocalSigner

SECRET = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
ADDRESS = "0x2c7536e3605d9c16a7a3d7b1898e529396a65c23"
KEYS = Path(".traceledger/local/keys")
pytestmark = pytest.mark.usefixtures("deployed")


def on_terminal(
    arguments: Sequence[str], answers: Sequence[str], *, seconds: float = 60, encoding: str = "utf-8"
) -> tuple[int, str]:
    """The command on a terminal of its own, each question answered; its exit code and all that it showed."""
    waiting, deadline, shown = list(answers), time.monotonic() + seconds, ""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("TRACELEDGER_PASSPHRASE", None)
        os.execv(EXECUTABLE, [str(EXECUTABLE), *arguments])
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            shown += os.read(terminal, 4096).decode(encoding)
        except OSError:  # the terminal's other end is closed
            break
        if waiting and shown.rstrip().endswith(":"):
            os.write(terminal, waiting.pop(0).encode(encoding) + b"\n")
            shown += "<answered>"
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown


def test_no_option_or_argument_takes_a_secret() -> None:
    names = {
        name
        for command in ALL.values()
        for parameter in command.params
        if not getattr(parameter, "is_flag", False)
        for name in (parameter.opts if isinstance(parameter, click.Option) else [str(parameter.name)])
    }
    assert {name for name in names if "pass" in name} == {
        "--passphrase-file",
        "--from-passphrase-file",
        "--new-passphrase-file",
    }
    assert not [name for name in names if "secret" in name or "private" in name]


def test_a_new_key_on_a_terminal() -> None:
    code, shown = on_terminal(["key", "create", "mine"], ["one two three"] * 2)
    assert code == 0
    assert "Passphrase for the new key" in shown
    assert "Repeat for confirmation" in shown
    assert "one two three" not in shown
    assert KeyStore(KEYS.absolute()).load("mine", "one two three").address.hex() in shown
    assert stat.S_IMODE((KEYS / "mine.json").stat().st_mode) == 0o600


def test_a_passphrase_is_asked_for_on_a_terminal() -> None:
    arguments = ["material", "add", "mica", "--name", "Mica"]
    code, shown = on_terminal(arguments, ["wrong"])
    assert (code, "wrong passphrase for key 'deployer'" in shown) == (6, True)
    code, shown = on_terminal(arguments, [PASSPHRASE])
    assert (code, "define material mica" in shown) == (0, True)


def test_keys_of_many_participants_are_asked_for_once(tmp_path: Path) -> None:
    lines = [
        {"op": "register_participant", "participant": slug, "name": slug, "country": "CD"}
        for slug in ("a1", "a2", "a3")
    ]
    Path("ops.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    code, shown = on_terminal(
        ["submit", "ops.jsonl", "--create-keys", "--yes"], [PASSPHRASE, "new one", "new one"]
    )
    assert code == 0, shown
    assert shown.count("Passphrase for the new key") == 1
    store = KeyStore(KEYS.absolute())
    assert store.load("a3", "new one").address == store.info("a3").address


@pytest.mark.parametrize("written", [SECRET, f"0x{SECRET}\n"], ids=["plain", "prefixed"])
def test_import_from_a_file(written: str, cli: Run) -> None:
    Path("secret").write_text(written, "utf-8")
    made = cli("key", "import", "mine", "--from", "secret", "--json").document
    assert (made["name"], made["address"]) == ("mine", ADDRESS)
    assert cli("key", "show", "mine", "--json").document == made
    assert SECRET not in (KEYS / "mine.json").read_text("utf-8")
    assert (
        KeyStore(KEYS.absolute()).load("mine", PASSPHRASE).address
        == LocalSigner(bytes.fromhex(SECRET)).address
    )


@pytest.mark.parametrize("more", [[], ["--from", "-"]], ids=["piped", "dash"])
def test_import_from_stdin(more: list[str]) -> None:
    outcome = run_process("key", "import", "mine", "--json", *more, input=SECRET + "\n")
    assert outcome.document["address"] == ADDRESS


def test_import_from_a_terminal() -> None:
    code, shown = on_terminal(["key", "import", "mine"], [SECRET, "pass", "pass"])
    assert (code, ADDRESS in shown, SECRET in shown) == (0, True, False)


@pytest.mark.parametrize("written", ["", "12", "z" * 64, "0" * 64], ids=repr)
def test_what_is_no_private_key(written: str) -> None:
    outcome = run_process("key", "import", "mine", input=written)
    assert (outcome.code, outcome.out) == (6, "")
    assert "private key" in outcome.err
    assert not (KEYS / "mine.json").exists()


def test_a_passphrase_file_goes_before_the_environment(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", "wrong")
    Path("pass").write_text(PASSPHRASE + "\nsecond line\n", "utf-8")
    arguments = ["material", "add", "mica", "--name", "Mica"]
    assert cli(*arguments).code == 6
    assert cli(*arguments, "--passphrase-file", "pass").code == 0
    assert cli("--passphrase-file", "pass", "key", "create", "mine").code == 0
    assert KeyStore(KEYS.absolute()).load("mine", PASSPHRASE)


def test_a_name_is_taken(cli: Run) -> None:
    before = (KEYS / "deployer.json").read_bytes()
    for arguments in (["key", "create", "deployer"], ["key", "import", "deployer"]):
        outcome = cli(*arguments)
        assert (outcome.code, outcome.out) == (6, "")
        assert "a key 'deployer' exists already" in outcome.err
    assert (KEYS / "deployer.json").read_bytes() == before


def test_the_list(cli: Run) -> None:
    assert [key["name"] for key in cli("key", "list", "--json").document["keys"]] == ["deployer"]
    assert cli("key", "list").out.splitlines()[2].startswith("deployer   0x")
