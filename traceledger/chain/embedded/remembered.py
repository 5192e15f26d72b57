"""The highest block that this machine has seen of an embedded chain, kept in a file apart from the chain's.

A chain cut short is still a valid chain: an older copy put back, or a write-ahead log that was lost, look
like a chain that has not come so far. Only what was noted elsewhere tells.

The file is noted after each block, without waiting for the disk: after a power cut it may name an earlier
block, or be empty, and never names one that the chain lost.

Example:
    >>> import tempfile
    >>> from pathlib import Path
    >>> heads = RememberedHead(Path(tempfile.mkdtemp()) / "highest-head")
    >>> heads.note(BlockRef(7, bytes(32), bytes(32), 0))
    >>> heads.read()[0]
    7
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from traceledger.chain.base import BlockRef
from traceledger.errors import NetworkError, TraceLedgerError, VerificationError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.storage.files import replace, text_of

_HASH_BYTES = 32
_OLDER = (
    "restore a newer copy; if what came after it is lost for good, accept that with"
    " `traceledger chain restore FILE --older`"
)


class RememberedHead:
    """The highest head seen.

    Args:
        path: the file; there need not be one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[int, bytes] | None:
        """Number and hash of the block; ``None``: none was noted.

        Raises:
            VerificationError: the file does not hold a block's number and hash.
        """
        try:
            text = text_of(self.path, "ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise self._garbled() from error
        if not text:  # what a power cut leaves
            return None
        number, _, hash_ = text.partition(" ")
        with contextlib.suppress(ValueError):
            found = digits(hash_)
            if number.isdecimal() and len(found) == _HASH_BYTES and text == f"{int(number)} {hexed(found)}":
                return int(number), found
        raise self._garbled()

    def note(self, head: BlockRef) -> None:
        """Note a block, unless a higher one is noted. A folder that cannot be written stays as it is."""
        with contextlib.suppress(TraceLedgerError):
            noted = self.read()
            if noted is None or noted[0] < head.number:
                self.put(head)

    def put(self, head: BlockRef) -> None:
        """Note a block whatever is noted.

        Raises:
            NetworkError: the file cannot be written.
        """
        replace(self.path, f"{head.number} {hexed(head.hash)}\n", error=NetworkError, durable=False)

    def require(self, noted: tuple[int, bytes] | None, block_ref: Callable[[int], BlockRef | None]) -> None:
        """Refuse a chain that has no longer a block that was noted before it was opened.

        Raises:
            VerificationError: it ends earlier, or has another block there.
        """
        if noted is None:
            return
        number, hash_ = noted
        found = block_ref(number)
        if found is None:
            raise VerificationError(
                f"the chain ends before block {number}, which this machine has seen: the file is an older"
                " copy, or has lost its write-ahead log",
                where=str(self.path),
                hint=_OLDER,
            )
        if found.hash != hash_:
            raise VerificationError(
                f"block {number} is another one than this machine has seen: the file is of another chain",
                where=str(self.path),
                hint=_OLDER,
            )

    def _garbled(self) -> VerificationError:
        return VerificationError(
            "does not hold the number and hash of a block",
            where=str(self.path),
            hint="compare `traceledger node status` with a head noted elsewhere, then remove the file",
        )


def require_noted(noted: tuple[int, bytes] | None, head: BlockRef, found: bytes | None) -> None:
    """Refuse a chain that does not have a block that was noted elsewhere.

    Args:
        noted: the block's number and hash.
        head: the chain's newest block.
        found: the hash of the chain's block of that number; ``None``: it has none.

    Raises:
        VerificationError: it has none, or another.
    """
    if noted is None or found == noted[1]:
        return
    number, _ = noted
    what = (
        f"the chain ends at block {head.number}, before block {number} that was noted"
        if found is None
        else f"block {number} is {hexed(found)}, not the one that was noted"
    )
    hint = "find out which copy is the right one, and put it back with `traceledger chain restore FILE`"
    raise VerificationError(what, hint=hint)
