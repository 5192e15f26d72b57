"""``python -m traceledger`` is the same command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_module_returns_the_commands_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "traceledger", "trace", "oem/VIN-1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 7
    assert "networks.toml" in done.stderr
    assert done.stdout == ""
