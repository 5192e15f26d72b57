"""What happens to a server: slow and rude clients, others that write its index, a chain that goes away."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.applications import Starlette

from tests.browser.servers import EXECUTABLE, Server, serving, started
from tests.cli.conftest import run_command
from tests.clients import client_of, embedded_chain, network_of
from tests.forks import Forks
from tests.index.support import DEPLOYED, open_index
from tests.network.live import until
from tests.web.conftest import Serve
from tests.web.patient import PATIENT, SECONDS
from traceledger.client.client import Client
from traceledger.web.app import create_app
from traceledger.web.following import Follower
from traceledger.web.server import bound
from traceledger.web.settings import Settings
from traceledger.web.turns import Turns

IMPATIENT = """
import sys
from traceledger.client.client import Client
from traceledger.config import networks
from traceledger.web.server import run
from traceledger.web.settings import Limits, Settings
limits = Limits(header_seconds=0.5, idle_seconds=1, request_seconds=1, waiting_seconds=0.5,
    sending_seconds=0.5, connections_each=8)
with Client(networks.load().get(), passphrase=str) as client:
    run(client, Settings(port=0, limits=limits), lambda url: print(url, flush=True))
"""

PIECES = 2_000
"""After so many, or so many waits, a server that should have cut the line long before has not done so."""


@pytest.fixture
def impatient(workspace: Path) -> Iterator[Server]:
    """A server with short limits."""
    with started([sys.executable, "-c", IMPATIENT], workspace) as server:
        yield server


def connected(server: Server) -> socket.socket:
    host, _, port = server.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=120)


def status(server: Server) -> dict[str, object]:
    found: dict[str, object] = PATIENT.get(f"{server.url}/api/v1/status").json()
    return found


@pytest.mark.parametrize("begin", [b"", b"GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX: ", b"GET "])
def test_who_never_ends_a_request_is_cut(begin: bytes, impatient: Server) -> None:
    with closing(connected(impatient)) as slow:
        slow.sendall(begin)
        with pytest.raises(OSError):
            for _ in range(PIECES):
                slow.sendall(b"a")
                time.sleep(0.05)


def test_who_never_reads_is_cut(impatient: Server) -> None:
    """Requests are sent ahead, and not one answer is fetched."""
    with closing(connected(impatient)) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        with pytest.raises((ConnectionError, BrokenPipeError)):
            waits = 0
            while waits < PIECES:
                try:
                    deaf.send(b"GET /api/v1/blocks/11 HTTP/1.1\r\nHost: localhost\r\n\r\n" * 10)
                except BlockingIOError:
                    waits += 1
                    time.sleep(0.05)
    assert status(impatient)["block"]


def test_one_client_has_only_so_many_connections(impatient: Server) -> None:
    with ExitStack() as opened:
        for _ in range(8):
            opened.enter_context(closing(connected(impatient)))
        with pytest.raises(httpx.TransportError):
            PATIENT.get(f"{impatient.url}/api/v1/status")
    until(lambda: _answers(impatient), "an answer once others are gone")


def _answers(server: Server) -> bool:
    try:
        return PATIENT.get(f"{server.url}/api/v1/status").status_code == 200
    except httpx.TransportError:
        return False


def test_clients_that_vanish(impatient: Server) -> None:
    for _ in range(30):
        with closing(connected(impatient)) as gone:
            gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            gone.sendall(b"GET /api/v1/audit HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status(impatient)["block"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_to(workspace: Path, number: int) -> None:
    """Also where it is told twice, as by timeout(1): a calm line, and no failure."""
    command = [str(EXECUTABLE), "serve", "--port", "0", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=workspace, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert "{" in process.stdout.readline()
        process.send_signal(number)
        process.send_signal(number)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said.splitlines()[-1]) == (0, "ended, as it was told to")


def test_a_killed_one_leaves_nothing_behind(workspace: Path) -> None:
    with pytest.raises(AssertionError), serving(workspace) as server:
        os.kill(server.pid, signal.SIGKILL)
    with serving(workspace) as server:
        assert status(server)["block"]


def test_a_port_that_is_taken(server: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(workspace)
    port = server.url.rpartition(":")[2]
    refused = run_command("serve", "--port", port)
    assert (refused.code, "choose another port" in refused.err) == (2, True), refused.err
    assert run_command("serve", "--host", "192.0.2.1", "--port", "0").code == 2


def test_answers_are_sent_at_once() -> None:
    """No acknowledgement is waited for, as asyncio decides by the socket's protocol."""
    with bound("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_what_takes_too_long(serve: Serve) -> None:
    running = serve("--timeout", "0.1", "--readers", "1")
    codes = set()
    with ThreadPoolExecutor(4) as threads:
        asked = [f"{running.url}/api/v1/emissions?year={year}" for year in range(2000, 2040)]
        for answer in threads.map(PATIENT.get, asked):
            assert answer.status_code in (200, 503)
            if answer.status_code == 503:
                codes.add(answer.json()["code"])
                assert answer.headers["retry-after"]
    assert codes <= {"too-slow", "overloaded"}
    assert status(running)["block"]


@pytest.mark.parametrize("readers", [1, 4])
def test_questions_that_take_long_take_turns(readers: int) -> None:
    """One client has one turn at a time; who gives up leaves none behind."""

    async def asking() -> None:
        turns = Turns(readers)
        back = await turns.take("a")
        waiting = asyncio.ensure_future(turns.take("a"))
        await asyncio.sleep(0)
        assert not waiting.done()
        if readers > 1:
            (await asyncio.wait_for(turns.take("b"), 1))()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        back()
        for client in "ab":
            (await asyncio.wait_for(turns.take(client), 1))()

    asyncio.run(asking())


def test_nobody_waits_for_what_never_ends() -> None:
    code = "import time\nfrom traceledger.web.threads import Threads\n"
    code += "threads = Threads(2)\nthreads.submit(lambda: time.sleep(60))\nthreads.close(0.1)"
    assert subprocess.run([sys.executable, "-c", code], timeout=120, check=False).returncode == 0


def test_a_log_that_cannot_be_written_is_said_once(workspace: Path, serve: Serve) -> None:
    log = workspace / "logs" / "access.jsonl"
    log.parent.mkdir()
    running = serve("--access-log", str(log))
    shutil.rmtree(log.parent)
    for _ in range(3):
        assert status(running)["block"]
    said = (workspace.parent / f"{workspace.name}.log").read_text()
    assert (said.count("the access log cannot be written"), "Traceback" in said) == (1, False)
    log.parent.mkdir()
    assert status(running)["block"]
    # That of the answer before may come as late.
    until(lambda: log.exists() and log.read_text().count("\n") >= 1, "a line of the log")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this machine has one address of its own")
def test_many_addresses_do_not_use_up_the_files(serve: Serve) -> None:
    running = serve()
    host, _, port = running.url.removeprefix("http://").partition(":")
    with ExitStack() as opened:
        for number in range(2, 22):
            for _ in range(60):
                with suppress(OSError):
                    other = socket.create_connection((host, int(port)), 5, (f"127.0.0.{number}", 0))
                    opened.enter_context(closing(other))
        until(lambda: psutil.Process(running.pid).num_fds() < 700, "few open files")
    until(lambda: _answers(running), "an answer once others are gone")


def test_it_follows_what_is_recorded(serve: Serve, workspace: Path) -> None:
    """A list that was begun goes on where it was, and says that more came meanwhile."""
    servers = [serve(), serve()]
    before = PATIENT.get(f"{servers[0].url}/api/v1/materials?limit=3&order=oldest").json()
    with client_of(workspace) as client:
        client.define_material("new-one", name="New one", substances=["Co"])
        head = client.chain.head().number
    for server in servers:
        until(lambda server=server: status(server)["block"] == head, "the head")  # type: ignore[misc]
        rest = PATIENT.get(
            f"{server.url}/api/v1/materials",
            params={"limit": 500, "order": "oldest", "cursor": before["page"]["next"]},
        ).json()
        assert rest["page"]["moved"] is True
        assert rest["materials"][-1]["material"] == "new-one"
        found = PATIENT.get(f"{server.url}/api/v1/materials?limit=500&order=oldest").json()["materials"]
        assert before["materials"] + rest["materials"] == found


def test_an_index_that_is_made_anew_or_put_in_its_place(serve: Serve, workspace: Path) -> None:
    running = serve()
    at = f"{running.url}/api/v1/batches/oem/VIN-1"
    expected = PATIENT.get(at).json()
    rebuilt = run_command("index", "rebuild", "--config", str(workspace / "networks.toml"))
    assert rebuilt.code == 0, rebuilt.err
    until(lambda: PATIENT.get(at).status_code == 200, "the batch from the other index")
    assert PATIENT.get(at).json() == expected
    index = network_of(workspace).index_file
    with client_of(workspace) as client:
        client.sync()
    aside = shutil.copy(index, workspace / "aside")
    for end in ("-wal", "-shm"):
        index.with_name(index.name + end).unlink(missing_ok=True)
    Path(aside).replace(index)
    until(lambda: PATIENT.get(at).status_code == 200, "the batch from the other index")
    assert PATIENT.get(at).json() == expected


def test_a_damaged_index_is_said(serve: Serve, workspace: Path) -> None:
    running = serve()
    index = network_of(workspace).index_file
    damaged = workspace / "damaged"
    damaged.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    damaged.replace(index)
    for end in ("-wal", "-shm"):
        index.with_name(index.name + end).unlink(missing_ok=True)
    answer = PATIENT.get(f"{running.url}/api/v1/batches")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "traceledger index rebuild" in answer.json()["hint"]
    assert str(workspace.parent) not in answer.text
    (network_of(workspace).tokens_file).write_text("{")
    network_of(workspace).tokens_file.chmod(0o600)
    refused = PATIENT.get(f"{running.url}/api/v1/status", headers={"Authorization": "Bearer tl_x"})
    assert (refused.status_code, refused.json()["where"]) == (503, None)
    assert str(workspace.parent) not in refused.text


def test_a_chain_out_of_reach(workspace: Path, serve: Serve) -> None:
    """What is in the index is served all the same, and pages say so."""
    running = serve()
    chain = network_of(workspace).chain_file
    assert status(running)["following"]["trouble"] is None  # type: ignore[index]
    away = chain.rename(workspace / "away")
    for end in ("-wal", "-shm"):
        chain.with_name(chain.name + end).unlink(missing_ok=True)
    later = serve()
    until(lambda: bool(status(later)["following"]["trouble"]), "trouble")  # type: ignore[index]
    assert str(workspace.parent) not in PATIENT.get(f"{later.url}/api/v1/status").text
    page = PATIENT.get(f"{later.url}/batches")
    assert (page.status_code, "newer blocks are missing" in page.text) == (200, True)
    assert PATIENT.get(f"{later.url}/api/v1/batches/oem/VIN-1").status_code == 200
    away.rename(chain)
    until(lambda: not status(later)["following"]["trouble"], "an end of it")  # type: ignore[index]


def test_a_chain_that_reorganises(workspace: Path) -> None:
    """A cursor of a block that was replaced is refused; all else goes on."""
    forks = Forks(7, lag=9)
    forks.grow(30)
    network = replace(
        network_of(workspace), contracts=DEPLOYED, chain_id=forks.chain.chain_id, folder=workspace / "sim"
    )
    network.folder.mkdir()
    with open_index(network.index_file, forks.chain) as index:
        index.sync(forks.chain)
    client = Client(network, chain=forks.chain)
    app = create_app(client, Follower(client, 0.01), Settings(follow_seconds=0.01))
    asyncio.run(_reorganised(app, forks))


async def _reorganised(app: Starlette, forks: Forks) -> None:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost/api/v1") as asking,
    ):
        first = await asking.get("batches?limit=1")
        cursor, tag = first.json()["page"]["next"], (await asking.get("batches")).headers["etag"]
        assert (await asking.get("batches", params={"cursor": cursor})).status_code == 200
        head = forks.chain.head()
        forks.fork(8, 8)
        forks.grow(1)
        while (await asking.get("status")).json()["block"] != forks.chain.head().number:
            await asyncio.sleep(0.05)
        assert forks.chain.block_ref(head.number) != head
        gone = await asking.get("batches", params={"cursor": cursor})
        assert (gone.status_code, gone.json()["code"]) == (410, "cursor-gone")
        again = await asking.get("batches", headers={"If-None-Match": tag})
        assert again.status_code == 200


def test_many_at_once_and_memory(serve: Serve) -> None:
    """Mixed pages and documents from many connections: no fault, and memory stays within its bound."""
    running = serve("--rate", "100000", "--burst", "100000")
    with httpx.Client(base_url=running.url, timeout=SECONDS) as client:
        names = [each["batch"] for each in client.get("/api/v1/batches?limit=25").json()["batches"]]
        paths = ["/batches", "/api/v1/audit", "/api/v1/emissions", "/api/v1/blocks/11"]
        paths += [f"/api/v1/batches/{name}/trace" for name in names]
        paths += [f"/batches/{name}?lang={code}" for name in names for code in ("en", "de", "zh-Hans")]

        def answered(path: str) -> int:
            """Asked again where the server says that it is busy, as a machine may be."""
            answer = client.get(path)
            while answer.status_code == 503 and answer.headers["retry-after"]:
                answer = client.get(path)
            return answer.status_code

        with ThreadPoolExecutor(16) as threads:
            for _ in range(2):
                assert set(threads.map(answered, paths)) == {200}
    assert psutil.Process(running.pid).memory_info().rss < 200 * 2**20


def test_another_writer_does_not_hold_readers_up(serve: Serve, workspace: Path) -> None:
    running = serve()
    with open_index_for_writing(workspace) as _:
        # The lock is held until the answer is there.
        assert PATIENT.get(f"{running.url}/api/v1/batches/oem/VIN-1/trace").status_code == 200


def open_index_for_writing(workspace: Path) -> ExitStack:
    """Holds the writer's lock of the index."""
    import sqlite3

    stack = ExitStack()
    connection = sqlite3.connect(network_of(workspace).index_file, isolation_level=None)
    stack.callback(connection.close)
    connection.execute("BEGIN IMMEDIATE")
    return stack


def test_the_embedded_chain_is_not_blocked(serve: Serve, workspace: Path) -> None:
    running = serve()
    with embedded_chain(network_of(workspace)) as chain:
        assert chain.head().number == status(running)["block"]
