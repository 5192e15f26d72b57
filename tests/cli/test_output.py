"""stdout is the result and stderr the talk, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import click
import pytest

from tests.cli.conftest import EXECUTABLE, Run, run_process
from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, none
from tests.rpc_networks import anvil, write_network
from traceledger.cli import main
from traceledger.cli.app import READER_GONE
from traceledger.cli.root import root

READS = """trace kokkola/BLEND; trace kokkola/BLEND --tree; trace katanga/KOL-1 --down;
    footprint kokkola/BLEND; batch list; batch show kokkola/BLEND; participant list; participant show kokkola;
    facility list; material list; key list; key show kokkola; network list; network show; network check;
    contract show; node status; node verify; index status; index sync; index rebuild; completion bash;
    help; help errors"""
COMMANDS = [command.split() for command in READS.split(";")]
pytestmark = pytest.mark.usefixtures("filled")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_one_json_document_and_nothing_else(command: list[str], cli: Run) -> None:
    outcome = cli(*command, "--json")
    assert outcome.code == 0
    assert isinstance(outcome.document, dict)
    assert _large(outcome.document) == []


def _large(value: object) -> list[int]:
    """The integers that a JSON reader with floats could not hold."""
    if isinstance(value, dict):
        return [number for item in value.values() for number in _large(item)]
    if isinstance(value, list):
        return [number for item in value for number in _large(item)]
    return [value] if isinstance(value, int) and value >= 2**53 else []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_quiet_is_quiet(command: list[str], cli: Run) -> None:
    outcome = cli("-q", *command)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.strip()


def test_verbose_talks_on_stderr(cli: Run) -> None:
    plain, verbose = cli("trace", "kokkola/BLEND"), cli("trace", "kokkola/BLEND", "-v")
    assert verbose.out == plain.out
    assert "network local of " in verbose.err


def test_a_reader_that_went_away() -> None:
    for command in (["--help"], ["trace", "kokkola/BLEND", "--tree"], ["batch", "list", "--json"]):
        process = subprocess.Popen(
            [str(EXECUTABLE), *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (READER_GONE, "")


def fails(error: BaseException, *options: str) -> int:
    """Run, under the options of all commands, a command in which this happens; the exit code."""

    def fail() -> None:
        raise error

    commands = {"fail": click.Command("fail", callback=fail)}
    return main(
        [*options, "fail"], click.Group(callback=root.callback, params=root.params, commands=commands)
    )


@pytest.mark.parametrize(("notes", "told"), [((), ""), (("2 are kept",), " (2 are kept)")])
def test_an_interruption_says_what_is_left(
    notes: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = KeyboardInterrupt()
    for note in notes:
        stop.add_note(note)
    assert fails(stop) == 130
    out, err = capsys.readouterr()
    assert (out, err.strip()) == ("", f"error: interrupted{told}")


def test_a_defect_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fails(ZeroDivisionError("by nothing")) == 1
    assert capsys.readouterr() == (
        "",
        "error: unexpected ZeroDivisionError: by nothing"
        " (run it again with -vv for the traceback, and report it)\n",
    )
    fails(ZeroDivisionError("by nothing"), "-vv")
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("TRACELEDGER_DEBUG", "1")
    fails(ZeroDivisionError("by nothing"))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.real("anvil")
def test_interrupted(cli: Run, tmp_path: Path) -> None:
    """By the signal, while a node is asked."""

    def interrupt(exchange: Exchange) -> Reply:
        os.kill(os.getpid(), signal.SIGINT)
        return none(exchange)

    with anvil(tmp_path / "anvil") as url, FaultyEndpoint(url, interrupt) as endpoint:
        write_network(tmp_path / "net", [endpoint.url])
        outcome = cli("--config", str(tmp_path / "net" / "networks.toml"), "contract", "deploy")
    assert (outcome.code, outcome.out) == (130, "")
    assert outcome.err.strip() == "error: interrupted"


def test_no_colours_and_no_progress_in_a_pipe() -> None:
    outcome = run_process("node", "verify", env={"FORCE_COLOR": "", "TERM": "xterm-256color"})
    assert outcome.err == ""
    assert "\x1b" not in outcome.out


def test_another_encoding() -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    args = ["participant", "add", "skelleftea", "--name", "Skellefteå", "--country", "SE", "--create-key"]
    assert run_process(*args).code == 0
    outcome = run_process("participant", "show", "skelleftea", "--json", env=env)
    assert json.loads(outcome.out)["name"] == "Skellefteå"
    people = run_process("participant", "list", env=env)
    assert people.code == 0
    assert "Skelleftea" not in people.out
    assert run_process("trace", "kokkola/BLEND", "--tree", env=env).code == 0


def test_main_returns_its_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["trace", "nobody/nothing"]) == 2
    assert capsys.readouterr().out == ""
