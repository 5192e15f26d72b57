"""The index of a folder that cannot be written: a copy for the time of a run, which follows the chain.

So a ledger on a read-only disk, or one that belongs to somebody else, is read like any other, up to the
newest block; what is there stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory


class Scratch:
    """A copy of an index file in a folder of one's own, which is gone when it is closed.

    Args:
        file: the index file; there need not be one yet.

    Raises:
        VerificationError: it is no SQLite file.
        InputError: it cannot be read.
    """

    def __init__(self, file: Path) -> None:
        from traceledger.index.database import INDEX_FILE

        self._folder = TemporaryDirectory(prefix="traceledger-")
        self.file = Path(self._folder.name) / file.name
        """The copy."""
        try:
            if file.exists():
                INDEX_FILE.copy(file, self.file)
        except BaseException:
            self._folder.cleanup()
            raise

    def close(self) -> None:
        """Remove it."""
        self._folder.cleanup()
