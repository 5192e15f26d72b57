"""The man pages are those of the tree of commands, and roff takes every line of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "man").glob("*.1"))


def test_they_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "man-pages"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_roff_takes_them() -> None:
    done = subprocess.run(
        ["groff", "-ww", "-z", "-man", "-Tutf8", "-Kutf8", *map(str, PAGES)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert len(PAGES) > 30
