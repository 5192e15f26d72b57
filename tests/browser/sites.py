"""Declarations as pages, built by the command as a manager builds them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.browser.servers import EXECUTABLE
from tests.clients import PASSPHRASE


def run(folder: Path, *arguments: str) -> Any:
    """What a command prints as JSON, run in the workspace in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACELEDGER_")}
    done = subprocess.run(
        [str(EXECUTABLE), *arguments, "--json"],
        cwd=folder,
        env=kept | {"TRACELEDGER_PASSPHRASE": PASSPHRASE},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def build(folder: Path, *batches: str) -> None:
    """The declarations of batches with their proof files, in the folder ``site`` of a workspace."""
    run(folder, "declaration", "build", *batches, "-o", "site", "--proof", "--lang", "all")


def page_of(folder: Path, batch: str) -> Path:
    """The page of a batch in that site."""
    number = run(folder, "batch", "show", batch)["id"].removeprefix("0x")
    found = list((folder / "site").glob(f"*-{number[:16]}/index.html"))
    assert len(found) == 1, batch
    return found[0]
