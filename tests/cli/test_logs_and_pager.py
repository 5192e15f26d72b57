"""What is said beside results: nothing, more, or into a file; and results that are longer than the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.terminal import Terminal
from tests.cli.test_terminal_widths import on_screen
from tests.faulty_endpoint import FaultyEndpoint, none
from tests.rpc_networks import write_network

KEY = "abcdefabcdefabcdefabcdefabcdef"


def test_the_log_says_what_was_asked_of_whom_and_no_secret(cli: Run, tmp_path: Path) -> None:
    with FaultyEndpoint("http://127.0.0.1:9", none) as endpoint:
        address = endpoint.url.replace("http://", "http://clerk:secret@") + f"/v3/{KEY}?token=secret"
        write_network(tmp_path / "net", [address])
        config = ("--config", str(tmp_path / "net" / "networks.toml"))
        log = tmp_path / "run.log"
        asked = cli(*config, "network", "check", "--log-file", str(log), "-v")
        quiet = cli(*config, "network", "check", "-q")
    assert asked.out == ""
    assert "eth_chainId" in asked.err
    assert quiet.err.startswith("error: ")
    assert quiet.err.count("\n") == 1
    text = log.read_text("utf-8")
    assert log.stat().st_mode & 0o777 == 0o600
    first, *more = text.splitlines()
    assert first.endswith(f"--log-file {log} -v")
    assert any("eth_chainId" in line and "bytes out" in line and "ms" in line for line in more)
    assert "exit code 7" in more[-1]
    assert all(line[:2] == "20" and "Z " in line for line in text.splitlines())
    for said in (text, asked.err, quiet.err):
        assert "secret" not in said.replace(str(tmp_path), "")
        assert KEY not in said


@pytest.mark.usefixtures("filled")
def test_the_log_is_added_to_and_holds_talk_without_v(cli: Run) -> None:
    for _ in range(2):
        assert cli("index", "sync", "--log-file", "run.log").err == ""
    assert Path("run.log").read_text("utf-8").count("index sync") == 2
    assert "network local of" in Path("run.log").read_text("utf-8")
    cli("index", "sync")
    assert Path("run.log").read_text("utf-8").count("index sync") == 2
    refused = cli("index", "sync", "--log-file", "no/where.log")
    assert (refused.code, "the log cannot be written" in refused.err) == (2, True)


@pytest.mark.usefixtures("filled")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_log_that_cannot_be_written_ends_and_the_run_goes_on(cli: Run) -> None:
    before = Path("/dev/full").stat().st_mode
    synced = cli("index", "sync", "--log-file", "/dev/full")
    assert synced.code == 0
    assert synced.err.count("the log ends here") == 1
    assert "Traceback" not in synced.err
    assert Path("/dev/full").stat().st_mode == before, "a device is everybody's"


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody sits at the terminal, whose pager writes what it is given into a file."""
    before, sys.stdin = sys.stdin, Terminal()
    monkeypatch.setenv("LINES", "12")
    monkeypatch.setenv(
        "PAGER", f'{sys.executable} -c \'import sys; open("paged", "a").write(sys.stdin.read())\''
    )
    yield
    sys.stdin = before


@pytest.mark.usefixtures("filled", "watched")
def test_long_results_are_paged_where_somebody_watches(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    paged = Path("paged")
    assert on_screen("batch", "show", "kokkola/BLEND").out == ""
    assert "kokkola/BLEND" in paged.read_text("utf-8")
    paged.unlink()
    assert "at block" in on_screen("index", "sync").out
    for arguments in (["--no-pager"], ["--json"]):
        assert "kokkola/BLEND" in on_screen("batch", "show", "kokkola/BLEND", *arguments).out
    assert "kokkola/BLEND" in cli("batch", "show", "kokkola/BLEND").out
    for chosen in ("", "no-such-pager", "'"):
        monkeypatch.setenv("TRACELEDGER_PAGER", chosen)
        assert "kokkola/BLEND" in on_screen("batch", "show", "kokkola/BLEND").out
    assert not paged.exists()


@pytest.mark.usefixtures("filled", "watched")
def test_a_pager_that_is_left_early_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACELEDGER_PAGER", "true")
    shown = on_screen("help", "cli")
    assert (shown.code, shown.out, shown.err) == (0, "", "")
