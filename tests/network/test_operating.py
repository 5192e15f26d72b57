"""The operator's guide does what it says: all its commands run, on real nodes, in the order of the page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_readme import run_page
from traceledger.network.lifecycle import Running

pytestmark = [pytest.mark.real("geth")]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Path]:
    """An empty folder; whatever nodes run in its subfolders are ended after the test."""
    folder = tmp_path / "net"
    folder.mkdir()
    yield folder
    for path in folder.glob("*/network.json"):
        running = Running(path.parent)
        if running.here:
            running.down()


def test_the_guide_runs(empty: Path, geth: Path) -> None:
    printed = run_page(
        "docs/operating.md", empty, seconds=900, PATH=os.pathsep.join([str(geth.parent), os.environ["PATH"]])
    )
    assert "signing" in printed
    assert "ended: newcomer" in printed
    assert printed.count("added: enode://") == 4
