"""Pages of ``traceledger serve``, beside datasette over the same index file; on 127.0.0.1 only."""

from __future__ import annotations

import http.client
import random
import re
import resource
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil

from tests.bench.figures import ROOT, Figure, Size
from tests.browser import ledgers
from tests.browser.crawling import pages
from tests.browser.servers import EXECUTABLE, Server, serving, started
from traceledger.config import networks

TITLE = "Serving"
ABOUT = """\
The example and its year behind `traceledger serve`, then datasette over a copy of the same index (each
package checked by its hash, in `.tools/datasette`). Both are asked alike: each page once on one connection;
one of them over and over; and so many requests a second of all of them, each client from an address of its
own, at moments that wait for no earlier answer. Of datasette the pages are its tables, and a table of one
batch for each. What a client waits, medians."""
DATASETTE = ROOT / ".tools" / "datasette"
LOCKED = ROOT / "scripts" / "serving" / "requirements.txt"
CAR = "oem/VIN-1"
CLIENTS = 8
MOST = 150
"""Pages."""
LIMITS = {"page of a batch": 0.06, "the same page again": 0.005}
"""What may not be passed, s, on any machine that we have."""
FUNCTIONS = """\
from datasette import hookimpl

@hookimpl
def prepare_connection(conn):
    for name in ("sealed", "intact", "doubted"):
        conn.create_function(name, -1, lambda *_: 1, deterministic=True)
"""
"""A plugin of datasette: what the index computes of each row, without which it cannot be read."""


@dataclass(frozen=True)
class Load:
    """How long, s, and how many requests a second."""

    seconds: float
    rate: int


def measure(size: Size) -> Iterator[Figure]:
    """Both servers."""
    load_of = Load(2, 60) if size is Size.QUICK else Load(10, 200)
    with tempfile.TemporaryDirectory() as name:
        folder, index = Path(name) / "it", Path(name) / "copy" / "index.db"
        folder.mkdir()
        index.parent.mkdir()
        ledgers.example(folder)
        original = networks.load(folder / "networks.toml").get().index_file
        with closing(sqlite3.connect(original)) as database, closing(sqlite3.connect(index)) as copy:
            database.backup(copy)
        build = build_seconds(folder, 3 if size is Size.QUICK else 5)
        ours = measured(Kind(lambda: serving(folder), linked, is_batch), load_of)
        theirs = measured(Kind(lambda: datasette(index), lambda _: tables(index), is_row), load_of)
    if ours.errors:
        raise AssertionError(f"pages failed: {ours.errors[:5]}")
    for what, name in (
        ("page of a batch", "batch"),
        ("other pages", "others"),
        ("the same page again", "again"),
        (f"pages, {load_of.rate} requests a second", "loaded"),
    ):
        mine, its = (statistics.median(getattr(each, name)) for each in (ours, theirs))
        yield Figure(what, 0, mine, "s", "datasette", its)
        if what in LIMITS:
            yield Figure(what, 0, mine, "s", "its limit", LIMITS[what], "<= 1")
    mine, its = (statistics.quantiles(each.loaded, n=100)[98] for each in (ours, theirs))
    yield Figure("99 of 100 pages under that load", 0, mine, "s", "datasette", its)
    yield Figure("memory of the server", 0, ours.memory / 1e6, "MB", "datasette", theirs.memory / 1e6)
    yield Figure(f"declaration build {CAR}, whole process", 0, build, "s", "its limit", 1.0, "<= 1")


@dataclass(frozen=True)
class Kind:
    """A server to measure.

    Attributes:
        start: runs one.
        paths: the pages of one that runs.
        is_batch: whether a path is the page of one batch.
    """

    start: Callable[[], AbstractContextManager[Server]]
    paths: Callable[[Server], list[str]]
    is_batch: Callable[[str], bool]


@dataclass
class Measured:
    """What was measured of one server.

    Attributes:
        batch: seconds of each page of a batch (of a row, in datasette), asked for the first time.
        others: seconds of each other page, asked for the first time.
        again: seconds of the page of one batch, asked for over and over.
        loaded: seconds from when a request was due to its answer.
        errors: of answers under load.
        rate: answers a second under load.
        memory: bytes that the server held at most.
    """

    batch: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rate: float = 0.0
    memory: int = 0


class Asker:
    """One client: a connection that stays open, from an address of its own."""

    def __init__(self, origin: str, number: int = 1) -> None:
        netloc = urlsplit(origin).netloc
        self._connection = http.client.HTTPConnection(
            netloc, timeout=30, source_address=(f"127.0.0.{number}", 0)
        )

    def ask(self, path: str) -> tuple[float, int]:
        """Seconds until the whole answer was there, and its status."""
        began = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "identity"})
        answer = self._connection.getresponse()
        answer.read()
        return time.perf_counter() - began, answer.status


def load(origin: str, paths: list[str], load_of: Load, found: Measured) -> None:
    """Ask for pages at random moments of a steady beat, from several clients at once."""
    lock, began = threading.Lock(), time.perf_counter() + 0.2
    chosen = random.Random(1).choices(paths, k=int(load_of.rate * load_of.seconds))

    def client(number: int) -> None:
        asker = Asker(origin, number + 2)
        for turn in range(number, len(chosen), CLIENTS):
            due = began + turn / load_of.rate
            if time.perf_counter() > began + 2 * load_of.seconds:
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            _, status = asker.ask(chosen[turn])
            with lock:
                found.loaded.append(time.perf_counter() - due)
                if status != 200:
                    found.errors.append(f"{status} {chosen[turn]}")

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.rate = len(found.loaded) / (time.perf_counter() - began)


def measured(kind: Kind, load_of: Load) -> Measured:
    """All that is measured of a server; it is started twice, so that nobody asked the second one before."""
    with kind.start() as server:
        paths = kind.paths(server)
    result = Measured()
    with kind.start() as server:
        asker = Asker(server.url)
        for path in paths:
            took, status = asker.ask(path)
            if status != 200:
                result.errors.append(f"{status} {path}")
            (result.batch if kind.is_batch(path) else result.others).append(took)
            time.sleep(0.02)
        again = next(filter(kind.is_batch, paths))
        for _ in range(150):
            result.again.append(asker.ask(again)[0])
            time.sleep(0.02)
        load(server.url, paths, load_of, result)
        result.memory = psutil.Process(server.pid).memory_info().rss
    return result


@contextmanager
def datasette(index: Path) -> Iterator[Server]:
    """Over a file that nobody changes; it is installed where it is not yet."""
    stamp = DATASETTE / LOCKED.read_text("utf-8").splitlines()[1].removeprefix("# Of ")
    if not stamp.exists():
        venv.create(DATASETTE, with_pip=True, clear=True)
        pip: list[str | Path] = [
            DATASETTE / "bin" / "python",
            "-m",
            "pip",
            "install",
            "-q",
            "--require-hashes",
            "-r",
            LOCKED,
        ]
        subprocess.run(pip, check=True)
        stamp.touch()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    (index.parent / "plugins").mkdir(exist_ok=True)
    (index.parent / "plugins" / "functions.py").write_text(FUNCTIONS)
    options = ["--port", port, "--plugins-dir", str(index.parent / "plugins")]
    command = [str(DATASETTE / "bin" / "datasette"), "serve", "-i", str(index), *options]
    with started(command, index.parent) as server:
        yield server


def is_batch(path: str) -> bool:
    """Whether a page of the explorer is of one batch."""
    return re.fullmatch("/batches/[^/]+/[^/]+", path) is not None


def is_row(path: str) -> bool:
    """Whether a page of datasette is."""
    return "identifier__exact" in path


def linked(server: Server) -> list[str]:
    """The pages of the explorer that links lead to."""

    def leave_out(path: str) -> bool:
        return "?" in path or path.startswith("/api/")

    return [path for path, _ in pages(server.url, most=MOST, leave_out=leave_out)]


def tables(index: Path) -> list[str]:
    """Pages of datasette: those of tables, and the row of each batch."""
    with closing(sqlite3.connect(index)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        lots = [quote(name) for (name,) in database.execute("SELECT identifier FROM batch")]
    return [*(f"/index/{name}" for name in names), *(f"/index/batch?identifier__exact={lot}" for lot in lots)]


def build_seconds(folder: Path, runs: int = 5) -> float:
    """The declaration of a car as pages: processor's seconds of the whole command, its start included."""
    taken = []
    for run in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [str(EXECUTABLE), "declaration", "build", CAR, "-o", f"site-{run}"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)
