"""Long results go through the user's pager, only where somebody watches and can type."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

CHOSEN = "TRACELEDGER_PAGER"
"""The variable that names the pager of this program alone; empty for none."""
_OPTIONS = {"LESS": "FRX", "LV": "-c"}
"""For pagers, unless the user says so: end where it fits, keep colours, leave the screen as it is."""


def command() -> list[str]:
    """The user's pager and its options; nothing where none is wanted, or nobody could use it."""
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        return []
    chosen = os.environ.get(CHOSEN, os.environ.get("PAGER", "less"))
    try:
        words = shlex.split(chosen)
    except ValueError:
        return []
    found = shutil.which(words[0]) if words and words[0] != "cat" else None
    return [] if found is None else [found, *words[1:]]


def fits(text: str) -> bool:
    """Whether the screen shows all of it at once, with the next prompt."""
    return text.count("\n") < shutil.get_terminal_size().lines - 1


def show(text: str, pager: list[str]) -> None:
    """Show a text in a pager, until the user has seen enough of it.

    Raises:
        OSError: the pager cannot be started.
    """
    environment = {**_OPTIONS, **os.environ}
    content = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    sys.stdout.flush()
    with subprocess.Popen(pager, stdin=subprocess.PIPE, env=environment) as running:  # noqa: S603
        rest: bytes | None = content
        while running.poll() is None:
            try:
                # A pager that ends before it has read all is no error: this passes over the closed pipe.
                running.communicate(rest)
            except KeyboardInterrupt:
                # The pager's own, with which it stops a search, say; it ends when the user says so.
                rest = None
