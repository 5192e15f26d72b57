"""Copies of a chain's file: made while others write, whole or not at all, and held against their headers.

Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> from traceledger.chain.embedded import EmbeddedChain, key_sealer
    >>> folder = Path(tempfile.mkdtemp())
    >>> authority = key_sealer(b"k" * 32).address
    >>> EmbeddedChain.create(folder / "chain.db", chain_id=1, authority=authority, timestamp=0).close()
    >>> backup(folder / "chain.db", folder / "copy.db").number
    0
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from traceledger.chain.base import BlockRef
from traceledger.chain.embedded import database
from traceledger.chain.embedded.reader import ChainReader
from traceledger.errors import VerificationError
from traceledger.model.progress import Progress, silent
from traceledger.storage.connections import Connections
from traceledger.storage.files import OWNER_ONLY, drafting


def backup(path: Path, to: Path, *, progress: Progress = silent) -> BlockRef:
    """Copy a chain's file as it is at one moment, and hold every block of the copy against its header.

    Args:
        path: the chain's file; others may write to it meanwhile.
        to: the file to make, readable by its owner only.
        progress: told how many blocks of the copy hold, of how many.

    Returns:
        The newest block of the copy.

    Raises:
        AlreadyThereError: there is something at ``to``.
        NetworkError: ``path`` is no chain, or the copy cannot be written.
        VerificationError: a block does not hold.
    """
    with drafting(to, mode=OWNER_ONLY) as draft:
        with closing(database.connect(path)) as source, closing(sqlite3.connect(draft)) as copy:
            with database.explained(path):
                # In one step, which is a snapshot: in several, each block sealed between begins it anew.
                try:
                    source.backup(copy)
                except sqlite3.OperationalError as fault:
                    if fault.sqlite_errorcode != sqlite3.SQLITE_FULL:
                        raise
                    with database.explained(to):  # only what is written to can be full
                        raise
            with database.explained(to):
                # One file, without a log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
        head = check(draft, progress=progress, shown_as=path)
        handle = os.open(draft, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return head


def check(path: Path, *, progress: Progress = silent, shown_as: Path | None = None) -> BlockRef:
    """Hold every block of a file that nobody writes against its header; returns the newest.

    Raises:
        NetworkError: it is no chain.
        VerificationError: a block, or the file, does not hold.
    """
    where = shown_as or path
    with closing(database.CHAIN_FILE.connect(path, immutable=True, any_thread=True)) as connection:
        reader = ChainReader(Connections(lambda: connection, "the copy is closed", first=connection), where)
        (found,) = reader.rows("PRAGMA integrity_check(1)")[0]
        if found != "ok":
            raise VerificationError(
                f"the chain file is damaged: {found}", where=str(where), hint=database.DAMAGE_HINT
            )
        head = reader.head()
        count = 0
        for block in reader.blocks(0, head.number):
            count += 1
            progress(block.ref.number + 1, head.number + 1)
        if count != head.number + 1:
            raise VerificationError(
                "the chain file lacks blocks", where=str(where), hint=database.DAMAGE_HINT
            )
    return head
