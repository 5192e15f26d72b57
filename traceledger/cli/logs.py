"""The log: on stderr as far as ``-v`` asks for it, and in the file of ``--log-file``."""

from __future__ import annotations

import logging
import os
import shlex
import stat
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

from traceledger.model.text import escaped
from traceledger.storage.files import OWNER_ONLY

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_TALK = "traceledger.cli.talk"
"""What the command says by itself, on stderr already; for the file only."""


def hear(verbosity: int, *, quiet: bool, file: Path | None, arguments: Sequence[str]) -> None:
    """Send the library's log where the options say.

    Args:
        verbosity: how often ``-v`` was given.
        quiet: nothing but errors on stderr, however often it was.
        file: gets each line of ``-v`` at least, with its time.
        arguments: of the command, which stand first in the file.

    Raises:
        InputError: the file cannot be written.
    """
    level = logging.ERROR if quiet else _LEVELS[min(verbosity, len(_LEVELS) - 1)]
    screen = logging.StreamHandler(sys.stderr)
    screen.setFormatter(_OneLine("%(levelname)s %(name)s: %(message)s"))
    screen.setLevel(level)
    screen.addFilter(lambda record: record.name != _TALK)
    ours = logging.getLogger("traceledger")
    earlier = [each for each in ours.handlers if isinstance(each, _OwnFile)]
    if file is None:
        ours.handlers[:] = [screen]
        ours.setLevel(level)
        return
    kept = next((each for each in earlier if each.baseFilename == str(file.absolute())), None)
    lines = kept or _opened(file)
    # Replaced, not added: a second -v, or a second run in a test, would double every line.
    ours.handlers[:] = [screen, lines]
    ours.setLevel(min(level, logging.INFO))
    if kept is None:
        told(shlex.join(["traceledger", *arguments]))


def told(text: str) -> None:
    """Put what was said to the user into the file."""
    logging.getLogger(_TALK).info("%s", text)


def failed(lines: Sequence[str], code: int) -> None:
    """Put an error into the file."""
    logging.getLogger(_TALK).error("%s (exit code %d)", "; ".join(lines), code)


def close() -> None:
    """End the file of this run."""
    ours = logging.getLogger("traceledger")
    for handler in [each for each in ours.handlers if isinstance(each, _OwnFile)]:
        handler.close()
        ours.removeHandler(handler)


class _OneLine(logging.Formatter):
    """A record a line, in which what others wrote steers nothing."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        return escaped(super().format(record))


class _OwnFile(logging.FileHandler):
    """A file that is added to, and that its owner alone reads."""

    def _open(self) -> TextIOWrapper:
        opened = open(  # noqa: SIM115  (the handler closes it; Path.open takes no opener)
            self.baseFilename,
            "a",
            encoding="utf-8",
            opener=lambda path, flags: os.open(path, flags, OWNER_ONLY),
        )
        if stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            # A device, such as /dev/null, is everybody's.
            os.fchmod(opened.fileno(), OWNER_ONLY)
        return opened

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (of the library)
        """Say once that nothing more is written, such as where the disk is full; the run goes on."""
        _, error, _ = sys.exc_info()
        logging.getLogger("traceledger").removeHandler(self)
        why = getattr(error, "strerror", None) or error
        sys.stderr.write(
            escaped(f"warning: the log ends here, {self.baseFilename} cannot be written: {why}") + "\n"
        )
        self.close()

    def close(self) -> None:
        """Close it; what cannot be written any more is lost."""
        with suppress(OSError):
            super().close()


def _opened(file: Path) -> _OwnFile:
    from traceledger.errors import InputError

    try:
        handler = _OwnFile(file)
    except OSError as error:
        what = f"the log cannot be written: {error.strerror or error}"
        raise InputError(what, where=file, hint="name a file in a folder of yours") from error
    shape = _OneLine("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    shape.converter = time.gmtime
    handler.setFormatter(shape)
    return handler
