"""Locks between processes: one at a time does a thing, and the others wait as long as they are told to.

A lock is held by an open file, so that it ends with whoever holds it, however that ends. The file stays.

Example:
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "sending.lock"
    >>> with held(path, doing="sending operations", seconds=0):
    ...     path.exists()
    True
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from traceledger.errors import NetworkError, TraceLedgerError
from traceledger.storage.files import explained

_HINT = "wait until it has ended, and try again"


@contextmanager
def held(
    path: Path,
    *,
    doing: str,
    seconds: float,
    about: Path | None = None,
    error: type[TraceLedgerError] = NetworkError,
) -> Iterator[None]:
    """Hold a lock during the block.

    Args:
        path: the file of the lock; its folder is made if need be.
        doing: what its holder does, for those who wait in vain: "another process is ...".
        seconds: how long to wait; 0: not at all, below 0: for ever.
        about: the file or folder that the lock keeps; default: the lock's folder.
        error: what is raised when the lock's file cannot be made.

    Raises:
        NetworkError: another process held it all the time.
        TraceLedgerError: of the class ``error``: the lock's file cannot be made.
    """
    from filelock import FileLock, Timeout

    place = about or path.parent
    lock = FileLock(path, timeout=seconds)
    with explained(place, error):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise NetworkError(f"another process is {doing}", where=place, hint=_HINT) from None
    try:
        yield
    finally:
        lock.release()
