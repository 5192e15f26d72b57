"""The command as somebody runs it who sits at a terminal, and what they type."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

from tests.cli.conftest import Outcome
from traceledger.cli import main


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def typing(*arguments: str | Path, typed: str) -> Outcome:
    """One run of the command in this process, with these lines typed."""
    out, err, before = io.StringIO(), Terminal(), sys.stdin
    sys.stdin = Terminal(typed)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*map(str, arguments)])
    finally:
        sys.stdin = before
    return Outcome(code, out.getvalue(), err.getvalue())
