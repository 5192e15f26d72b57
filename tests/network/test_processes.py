"""Processes are started, found again and ended; none is ever ended that is not ours. Needs no engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import psutil
import pytest

from traceledger.network.processes import MARK, PID_FILE, NodeProcess


def node(folder: Path, program: str) -> NodeProcess:
    (folder / "start").write_text(f"#!/bin/sh\n{program}\n")
    process = NodeProcess(folder)
    process.start("ENGINE", Path("/bin/engine"))
    return process


def test_a_node_runs_with_its_binary_and_ends(tmp_path: Path) -> None:
    process = node(tmp_path, 'echo "binary $ENGINE"; exec sleep 60')
    pid = process.pid
    assert pid is not None
    assert NodeProcess(tmp_path).pid == pid
    assert not process.died
    while not process.log.read_text():
        pass
    assert process.last_words() == "binary /bin/engine"
    assert process.stop()
    assert not psutil.pid_exists(pid)
    assert (process.pid, process.died) == (None, False)
    assert not process.stop()


def test_a_node_is_not_given_passphrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", "secret")
    monkeypatch.setenv("ANOTHER", "plain")
    process = node(tmp_path, 'echo "$ANOTHER:$TRACELEDGER_PASSPHRASE:$TRACELEDGER_NODE"')
    while process.pid is not None:
        pass
    assert process.last_words() == f"plain::{tmp_path}"


def test_a_node_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    process = node(tmp_path, "trap '' TERM; echo deaf; while :; do sleep 0.05; done")
    while "deaf" not in process.log.read_text():
        pass
    pid = process.pid
    assert pid is not None
    assert process.stop(0.3)
    assert not psutil.pid_exists(pid)


def test_a_node_that_ended_by_itself_has_died(tmp_path: Path) -> None:
    process = node(tmp_path, "echo INFO good; echo Fatal: bad; echo INFO bye; exit 1")
    while process.pid is not None:
        pass
    assert process.died
    assert process.last_words() == "Fatal: bad"
    assert not process.stop()
    assert not process.died


@pytest.mark.parametrize(
    ("earlier", "mark"), [(0, None), (0, "/another/folder"), (1000, "this"), (-1000, "this")]
)
def test_another_process_with_the_same_pid_is_left_alone(
    earlier: float, mark: str | None, tmp_path: Path
) -> None:
    environment = {} if mark is None else {MARK: str(tmp_path) if mark == "this" else mark}
    with subprocess.Popen(["/bin/sleep", "60"], env=environment) as stranger:
        started = psutil.Process(stranger.pid).create_time() - earlier
        (tmp_path / PID_FILE).write_text(json.dumps({"pid": stranger.pid, "started": started}))
        process = NodeProcess(tmp_path)
        assert (process.pid, process.died) == (None, True)
        assert not process.stop()
        assert stranger.poll() is None
        stranger.terminate()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": "x", "started": 1}', "no json"])
def test_a_damaged_pid_file_names_no_process(text: str, tmp_path: Path) -> None:
    (tmp_path / PID_FILE).write_text(text)
    assert NodeProcess(tmp_path).pid is None
