"""However ``submit`` ends, it says how many operations on the chain, on their way, left, and what then.

What is said is compared with the chain itself.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import EXECUTABLE, Outcome, Run
from tests.embedded_nodes import embedded_node
from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, dropped, none
from tests.rpc_networks import deployed as deployed_on
from traceledger.chain.embedded import EmbeddedChain
from traceledger.errors import ExitCode, NetworkError
from traceledger.model.patience import Patience
from traceledger.sending.remaining import remaining_of

CHAIN = Path(".traceledger/local/chain.sqlite")
AT = "2026-01-17T06:00:00Z"
TAKEN = 15
"""More transactions than deploying takes, and fewer than the file has."""
BEGINNING: list[dict[str, Any]] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": []},
    {
        "op": "register_participant",
        "participant": "mine",
        "name": "M",
        "country": "CD",
        "roles": ["producer"],
    },
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "1000 t"},
]


def mint(name: str, mass: str = "1 t") -> dict[str, Any]:
    """The line of a mint."""
    where = {"batch": name, "material": "ore", "facility": "pit"}
    return {"op": "mint", "as": "mine", **where, "mass": mass, "origin": "mined", "at": AT}


def written(lines: list[dict[str, Any]]) -> list[str]:
    """A file of these lines, and the command that runs it in blocks of one."""
    Path("it.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return ["submit", "it.jsonl", "--create-keys", "--block-size", "1"]


def recorded() -> int:
    """How many transactions the chain holds besides the deployment's."""
    with EmbeddedChain.open(CHAIN) as chain:
        return sum(len(block.transactions) for block in chain.blocks(1, chain.head().number))


def said(outcome: Outcome, code: ExitCode, total: int, before: int) -> dict[str, Any]:
    """What the ending says, after checking it against the chain."""
    assert outcome.code == code, outcome.err
    told: dict[str, Any] = outcome.document["error"]["submission"]
    on_chain = recorded() - before
    assert (told["operations"], told["on_chain"], told["on_their_way"]) == (total, on_chain, 0)
    assert (told["remaining"], told["exact"]) == (total - on_chain, True)
    assert f"{on_chain} of {total} operations on the chain" in outcome.err
    assert f"to go on, run: {told['next']}" in outcome.err
    assert "nothing was written" not in outcome.err
    return told


def started(arguments: list[str], **more: Any) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([str(EXECUTABLE), "--json", *arguments], **pipes, **more)


def ended(process: subprocess.Popen[str]) -> Outcome:
    """What it did."""
    out, err = process.communicate(timeout=240)
    return Outcome(process.returncode, out, err)


@pytest.mark.usefixtures("deployed")
def test_refused(cli: Run) -> None:
    before = recorded()
    command = written([*BEGINNING, mint("A"), mint("B", "2000 t"), mint("C")])
    outcome = cli("--json", *command)
    assert said(outcome, ExitCode.REFUSED, 7, before)["on_chain"] == 5
    error = outcome.document["error"]
    assert (error["class"], error["file"], error["line"]) == ("CapacityExceeded", "it.jsonl", 6)
    assert error["arguments"]["requested"] == str(2000 * 10**9)
    assert error["arguments"]["facility"].startswith("0x") and error["shown"]["facility"] == "mine/pit"
    assert error["submission"]["next"] == f"traceledger --json {' '.join(command)}"
    written([*BEGINNING, mint("A"), mint("B", "20 t"), mint("C")])
    done = cli("--json", *command).document
    assert (done["sent"], done["skipped"], done["on_chain"], done["remaining"]) == (2, 5, 7, 0)


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_interrupted(number: signal.Signals, code: ExitCode, cli: Run) -> None:
    before, total = recorded(), 94
    command = written([*BEGINNING, *(mint(f"L{place}") for place in range(90))])
    process = started(command)
    await_that(lambda: recorded() > before + 10)
    process.send_signal(number)
    told = said(ended(process), code, total, before)
    assert 10 < told["on_chain"] < total
    done = cli("--json", *command).document
    assert (done["skipped"], done["sent"]) == (told["on_chain"], told["remaining"])


@pytest.mark.usefixtures("deployed")
def test_killed_and_resumed(cli: Run) -> None:
    before, total = recorded(), 94
    command = written([*BEGINNING, *(mint(f"L{place}") for place in range(90))])
    process = started(command)
    await_that(lambda: recorded() > before + 10)
    process.kill()
    ended(process)
    there = recorded() - before
    done = cli("--json", *command).document
    assert (done["skipped"], done["sent"], done["on_chain"]) == (there, total - there, total)


@pytest.mark.usefixtures("deployed")
def test_no_room_on_the_disk(cli: Run) -> None:
    """Part of the file is recorded when the chain, or its log, can grow no further."""
    before, total = recorded(), 154
    command = written([*BEGINNING, *(mint(f"L{place}") for place in range(150))])
    largest = max(each.stat().st_size for each in CHAIN.parent.iterdir() if each.is_file())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 300_000, resource.RLIM_INFINITY))

    outcome = ended(started(command, preexec_fn=limit))
    told = said(outcome, ExitCode(outcome.code), total, before)
    assert outcome.code in (ExitCode.NETWORK, ExitCode.INPUT) and 0 < told["on_chain"] < total
    done = cli("--json", *command).document
    assert (done["skipped"], done["sent"]) == (told["on_chain"], told["remaining"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.usefixtures("deployed")
def test_a_small_disk_is_full(tmp_path: Path, cli: Run) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", str(disk)], check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["cp", "-a", ".", str(disk)], check=True)
        os.chdir(disk)
        before = recorded()
        command = written([*BEGINNING, *(mint(f"L{place}") for place in range(400))])
        room = os.statvfs(disk)
        free = room.f_bavail * room.f_frsize
        Path("filler").write_bytes(bytes(max(0, free - 700_000)))
        outcome = ended(started(command))
        told = said(outcome, ExitCode(outcome.code), 404, before)
        assert "no space" in outcome.err or "full" in outcome.err
        assert told["on_chain"] < 404
    finally:
        os.chdir(tmp_path)
        subprocess.run(["umount", str(disk)], check=True)


def test_the_network_is_gone(tmp_path: Path) -> None:
    back, asked = threading.Event(), Counter[str]()

    def fault(exchange: Exchange) -> Reply:
        # It goes when it has taken some of them, however fast they come.
        asked.update(each["method"] for each in exchange.requests)
        gone = asked["eth_sendRawTransaction"] > TAKEN and not back.is_set()
        return dropped(exchange) if gone else none(exchange)

    lines = [*BEGINNING, *(mint(f"L{place}") for place in range(40))]
    path = tmp_path / "it.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with embedded_node(tmp_path / "chain.sqlite") as url, FaultyEndpoint(url, fault) as endpoint:
        patience = Patience(idle=3, stalled=1)
        with deployed_on(tmp_path / "net", [endpoint.url], patience=patience) as client:
            asked.clear()
            with pytest.raises(NetworkError) as caught:
                client.submit(path, create_keys=True)
            told = remaining_of(caught.value)
            assert told is not None and not told.exact
            unfinished = sum(each.unfinished for each in client.outbox())
            assert (told.operations, told.on_chain + told.on_their_way + told.remaining) == (44, 44)
            assert told.on_their_way <= unfinished
            assert str(told).startswith(f"at least {told.on_chain} of 44 operations on the chain")
            back.set()
            done = client.submit(path, create_keys=True)
            assert done.skipped >= told.on_chain and done.sent + done.skipped == 44


def await_that(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something is true."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
