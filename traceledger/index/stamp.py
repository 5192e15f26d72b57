"""How an index file was left: its size, times and place on the disk, noted beside it as ``<name>.seen``.

As long as the file is as this program left it, nobody else has written to it, and a command need not read
all of it to know. What it says else, or nothing, costs one reading of the whole file (:func:`seals.faults`).

Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "index.db"
    >>> _ = path.write_bytes(b"one")
    >>> note(path, look(path))
    >>> is_noted(path)
    True
    >>> _ = path.write_bytes(b"another")
    >>> is_noted(path)
    False
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from traceledger.errors import TraceLedgerError
from traceledger.storage.files import replace, text_of


def look(path: Path) -> str:
    """A file and its write-ahead log as the system describes them now; empty where there is no file.

    The time of the last change of its entry (ctime) is a part: it cannot be set back, as that of its content
    can.
    """
    found = []
    for each in (path, path.with_name(path.name + "-wal")):
        try:
            entry = each.stat()
        except OSError:
            continue
        # A log of no bytes comes and goes with every reader.
        if entry.st_size:
            found += [entry.st_ino, entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns]
    return " ".join(map(str, found))


def note(path: Path, seen: str) -> None:
    """Note how a file was left. Where nothing can be written beside it, it will be read in full again."""
    with contextlib.suppress(TraceLedgerError):
        replace(_beside(path), seen + "\n", durable=False)


def is_noted(path: Path) -> bool:
    """Whether a file is as it was noted."""
    try:
        noted = text_of(_beside(path), "ascii")
    except (OSError, ValueError):
        return False
    return noted == look(path) + "\n"


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".seen")
