"""Tokens of SoftHSM, a real library of PKCS #11 with keys in a folder (Debian: softhsm2)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import require_tool
from traceledger.signing.token_uri import MODULE

PIN = "4711"
_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm.so",
    "/usr/lib64/libsofthsm2.so",
)


def library() -> Path:
    """Where the library is; skips when it is not installed."""
    for path in map(Path, _LIBRARIES):
        if path.exists():
            return path
    pytest.skip("SoftHSM is not installed (apt-get install softhsm2 brings it)")


def made(folder: Path, *labels: str) -> dict[str, str]:
    """New tokens of these labels in a folder; the environment in which they are found."""
    program, found = require_tool("softhsm2-util"), library()
    (folder / "tokens").mkdir(parents=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    environment = {"SOFTHSM2_CONF": str(configuration), MODULE: str(found)}
    for label in labels:
        subprocess.run(
            [program, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "00112233"],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return environment
