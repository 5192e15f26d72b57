"""What cannot be undone is asked about once, in words, and not done where nobody can say yes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Run, head
from tests.cli.terminal import typing
from tests.cli.test_help import ALL
from traceledger.cli.options import Target
from traceledger.errors import ExitCode
from traceledger.operations.catalogue import OPERATIONS, name_of

FOR_GOOD = {
    "terminate_participant",
    "disable_operators",
    "revoke_operator",
    "rotate_operator",
    "retire",
    "declare_error",
    "reverse",
    "revoke_right",
    "remove_account",
}
REMOVING = {
    ("key", "remove"),
    ("token", "remove"),
    ("outbox", "discard"),
    ("network", "node", "remove"),
    ("network", "account", "remove"),
    ("network", "validator", "propose"),
}
MORE = (
    "--as katanga --material cobalt-hydroxide --facility pit-4 --mass 1t --origin mined"
    " --at 2026-02-01T00:00:00Z"
).split()
CREATING = {("key", "export"), ("disclosure", "export")}
"""Commands whose files hold secrets: they are made where nothing is, whatever is said."""


def test_the_table_says_what_is_for_good() -> None:
    assert {name_of(kind) for kind in OPERATIONS if kind.row().for_good} == FOR_GOOD
    for kind in OPERATIONS:
        row = kind.row()
        command = ALL[*row.noun.split(), row.verb]
        assert ("It asks first: " in (command.help or "")) == bool(row.for_good), row
        assert any("--yes" in each.opts for each in command.params), row


def test_every_command_that_removes_or_replaces_can_be_told_yes() -> None:
    for path, command in ALL.items():
        names = {name for each in command.params for name in each.opts}
        if path in REMOVING:
            assert "--yes" in names, path
        for each in command.params:
            writes = {"-o", "--output"} & {*each.opts} and isinstance(each.type, click.Path)
            if writes and path not in CREATING and each.type.dir_okay is False:
                assert isinstance(each.type, Target), (path, each.opts)
        if any(isinstance(each.type, Target) for each in command.params):
            assert "--yes" in names, path


def test_an_operation_for_good_is_asked_about_once(
    filled: Path, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["batch", "retire", "COS-1", "--as", "kokkola", "--reason", "spilt"]
    before = head(filled)
    unasked = cli(*words, "--passphrase-file", "there-is-none")  # no key is unlocked for it
    assert (unasked.code, unasked.out) == (ExitCode.INPUT, "")
    assert "it was not confirmed that kokkola retires kokkola/COS-1" in unasked.err
    assert "(run it at a terminal, or say --yes)" in unasked.err
    declined = typing(*words, typed="n\n")
    assert declined.code == ExitCode.INTERRUPTED
    assert "cannot be undone: a batch that is retired is used no more" in declined.err
    assert declined.err.count("?") == 1
    monkeypatch.setenv("TRACELEDGER_LANGUAGE", "de")
    declined = typing(*words, typed="n\n")
    assert "signiert: kokkola bucht kokkola/COS-1 aus" in declined.err
    assert "nicht rückgängig zu machen: eine ausgebuchte Charge" in declined.err
    monkeypatch.delenv("TRACELEDGER_LANGUAGE")
    assert head(filled) == before
    done = typing(*words, "--quiet", typed="y\n")
    assert (done.code, "retires kokkola/COS-1" in done.err) == (0, True), done
    # A file says by itself what is to happen; at a terminal it is shown, and asked about, as a whole.
    line = '{"op": "retire", "as": "kokkola", "batch": "BLEND", "at": "2026-10-01T00:00:00Z"}\n'
    Path("last.jsonl").write_text(line, "utf-8")
    asked = typing("submit", "last.jsonl", typed="n\n")
    assert (asked.code, "which cannot be undone?" in asked.err) == (ExitCode.INTERRUPTED, True), asked
    assert cli("submit", "last.jsonl").code == 0
    assert cli("submit", "last.jsonl").code == 0  # recorded already


def test_no_file_is_replaced_unasked(filled: Path, cli: Run) -> None:
    export = ["trust-root", "export", "-o"]
    assert cli(*export, "root.json").code == 0
    Path("root.json").write_text("something else", "utf-8")
    kept = cli(*export, "root.json")
    assert (kept.code, Path("root.json").read_text("utf-8")) == (ExitCode.INPUT, "something else")
    assert "root.json: exists already (14 bytes, changed 2" in kept.err
    no = typing(*export, "root.json", typed="n\n")
    assert (no.code, "Replace it?" in no.err) == (ExitCode.INTERRUPTED, True)
    assert Path("root.json").read_text("utf-8") == "something else"
    assert typing(*export, "root.json", typed="y\n").code == 0
    assert cli(*export, "root.json", "--yes").code == 0
    # What the network lives on is never replaced so, whoever says yes.
    for own in ("networks.toml", ".traceledger/local/index.sqlite", ".traceledger/local/keys/katanga.json"):
        before = Path(own).read_bytes()
        refused = cli(*export, own, "--yes")
        assert (refused.code, "belongs to the network" in refused.err) == (ExitCode.INPUT, True), own
        assert Path(own).read_bytes() == before


def test_what_is_removed_is_named(filled: Path, cli: Run) -> None:
    assert cli("token", "create", "erp", "--scope", "read:proofs").code == 0
    for words, named in (
        (["token", "remove", "erp"], "token erp is removed for good (scopes: read:proofs"),
        (["key", "remove", "lusatia"], "key lusatia of 0x"),
    ):
        refused = cli(*words)
        assert (refused.code, named in refused.err) == (ExitCode.INPUT, True), refused
        assert typing(*words, typed="n\n").code == ExitCode.INTERRUPTED
    assert cli("token", "remove", "erp", "--yes").code == 0
    near = cli("key", "remove", "lusatja", "--json").document["error"]
    assert near["suggestions"] == ["lusatia"]
    # A key that is damaged hides no other.
    Path(".traceledger/local/keys/kokkola.json").write_text("{", "utf-8")
    listed = cli("key", "list", "--json")
    assert {each["name"] for each in listed.document["keys"]} == {"deployer", "katanga", "lusatia"}
    assert [each["name"] for each in listed.document["damaged"]] == ["kokkola"]
    assert "kokkola" in cli("key", "list").err


def _bound() -> list[str]:
    """What makes permissions count for root, too."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere")
    dropped = "-dac_override,-dac_read_search,-fowner"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"]


def test_a_folder_that_cannot_be_written_is_read(filled: Path, cli: Run) -> None:
    expected = cli("trace", "kokkola/BLEND", "--json").document
    assert cli("batch", "mint", "LATE", *MORE).code == 0
    lists = [["batch", "list"], ["trace", "kokkola/BLEND"], ["audit", "--all"], ["index", "status"]]
    program = (
        "import sys\nfrom traceledger.cli import main\n"
        f"codes = [int(main([*words, '--json'])) for words in {lists!r}]\n"
        f"codes.append(int(main(['batch', 'mint', 'X', *{MORE!r}])))\n"
        "print(codes, file=sys.stderr)"
    )
    paths = [filled, *filled.rglob("*")]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        done = subprocess.run(
            [*_bound(), sys.executable, "-c", program],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        for path in paths:
            path.chmod(path.stat().st_mode | 0o200)
    *_, codes = done.stderr.strip().splitlines()
    assert codes.startswith("[0, 0, ") and "cannot be written" in done.stderr, done.stderr
    assert codes.endswith(", 0, 7]"), codes
    assert '"katanga/LATE"' in done.stdout and f'"id": "{expected["id"]}"' in done.stdout
    assert "Traceback" not in done.stderr
