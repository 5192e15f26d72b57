"""Fixtures every test may use: the tools and documents that a machine may or may not have."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import selection
from tests.once import once

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler.protocol import Scheduling

ROOT = Path(__file__).resolve().parent.parent
NODE_TOOLS = ROOT / "contracts" / "node_modules" / ".bin"
BUILT_TOOLS = ROOT / ".tools" / "bin"
HOW = {"geth": "scripts/install-geth builds it"}

# A slow machine is no fault of the code: no deadline for an example, nor for making one.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# For a long search, not for every day: pytest --hypothesis-profile=thorough
settings.register_profile("thorough", max_examples=2000, deadline=None)


# What is said to people is tested in English, whatever the machine's locale is.
os.environ["LC_ALL"] = "C.UTF-8"
# Nobody is there to turn pages.
os.environ["PAGER"] = "cat"

# What a shell starts in the background ignores SIGINT, and so would every program that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """What scripts/test passes on."""
    group = parser.getgroup("traceledger")
    group.addoption("--lane", choices=selection.LANES, help="run one part only of a whole run")
    group.addoption("--quick", action="store_true", help="leave out what takes seconds")
    group.addoption("--repeat", type=int, default=1, help="run every test so often")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Modules without tests of the lane are not imported."""
    module = collection_path.relative_to(ROOT).as_posix() if collection_path.is_relative_to(ROOT) else ""
    return True if module.endswith(".py") and selection.is_of_another_lane(config, module) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before ``-m`` looks at the markers."""
    selection.select(config, items)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``--repeat 50``: each test fifty times, every time with fixtures of its own."""
    turns = metafunc.config.getoption("--repeat")
    if turns > 1:
        metafunc.fixturenames.append("turn")
        metafunc.parametrize("turn", range(turns), indirect=True, scope="function")


@pytest.fixture
def turn(request: pytest.FixtureRequest) -> int:
    """Which repetition this is, with ``--repeat``."""
    return int(getattr(request, "param", 0))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """The groups of ``tests/selection.py``."""
    return selection.Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """In CI, a test of a real component or of the shared documents must run: its skip is a failure."""
    if call.excinfo is None or not call.excinfo.errisinstance(pytest.skip.Exception):
        return
    must_run = item.get_closest_marker("real") or "shared" in getattr(item, "fixturenames", ())
    if os.environ.get("CI") and must_run:
        failure = AssertionError(f"skipped in CI, where it must run: {call.excinfo.value}")
        # pytest shows where it was raised, and ends the whole run where that is nowhere.
        call.excinfo = pytest.ExceptionInfo.from_exception(failure.with_traceback(call.excinfo.tb))


def require_tool(name: str) -> str:
    """Path of a node tool (forge, anvil, cast, solcjs), geth, or a program on PATH; skips when absent."""
    # Foundry's own programs, not the wrappers around them: those outlive their signals, and hide exit codes.
    for program in NODE_TOOLS.parent.glob(f"@foundry-rs/{name}-*/bin/{name}*"):
        return str(program)
    for folder in (NODE_TOOLS, BUILT_TOOLS):
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed ({HOW.get(name, 'npm ci in contracts/ brings it')})")
    return found


@pytest.fixture(autouse=True)
def _unheard() -> Iterator[None]:
    """What the command does to the library's log in this process is undone: other tests look at it."""
    ours = logging.getLogger("traceledger")
    handlers, level = ours.handlers[:], ours.level
    yield
    ours.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the example and the rest of its year: to be read or copied only."""
    # Tests without a ledger load no client.
    from tests.browser import ledgers

    return once(tmp_path_factory, "example", ledgers.example)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party documents (``data``, ``cases``, ``exploits``); skips where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"the third-party documents are not at {folder}, beside this checkout")
    return folder
