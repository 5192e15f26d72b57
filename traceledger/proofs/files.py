"""Reads and writes proof files: records as lines of canonical JSON in one gzip stream.

Reading trusts nothing: a line that is too long, a stream that grows beyond bounds, or anything after the
last record is refused before it is held.

Example:
    >>> import io
    >>> from traceledger.proofs.records import State
    >>> file = io.BytesIO()
    >>> with Writer(file) as writer:
    ...     writer.write(State((bytes(32),)))
    >>> [type(record).__name__ for record in Reader(io.BytesIO(file.getvalue()), "x").records()]
    ['State', 'End']
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO, Self

from traceledger.errors import InputError
from traceledger.proofs.limits import Limits
from traceledger.proofs.records import CLAIMS, End, Record, record_in, text_of

_CHUNK = 65_536
_PIECE = 2**20
_GZIP = 31
"""What makes zlib write and read a gzip header: 16, and a window of 2^15 bytes."""
_LEVEL = 6
_STRATEGY = zlib.Z_FILTERED
"""Most of a file are digits of hashes. Pointing back at a few that happen to repeat takes more than they do:
without that, a file is a tenth smaller, and as fast to write and to read."""
_DAMAGED = "the file is damaged or incomplete; get it again"


class Writer:
    """Writes records (E1), each as it comes; the end record is written when the ``with`` block is left.

    The same records give the same bytes: the gzip header holds neither time nor name.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP, zlib.DEF_MEM_LEVEL, _STRATEGY)
        self._digest = hashlib.sha256()
        self.records = 0
        self.plain_bytes = 0
        self.stored_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._line(text_of(End(self.records, self._digest.digest())) + b"\n")
            self._store(self._deflate.flush())

    def write(self, record: Record) -> None:
        """Append a record."""
        line = text_of(record) + b"\n"
        self._digest.update(line)
        self.records += 1
        self._line(line)

    def _line(self, line: bytes) -> None:
        self.plain_bytes += len(line)
        self._store(self._deflate.compress(line))

    def _store(self, stored: bytes) -> None:
        self.stored_bytes += len(stored)
        self._file.write(stored)


class Reader:
    """Reads the records of an untrusted file.

    Args:
        file: open for reading bytes.
        name: what error messages call it.
        limits: how much is read at most.
    """

    def __init__(self, file: BinaryIO, name: str, limits: Limits | None = None) -> None:
        self._file = file
        self._name = name
        self._limits = limits or Limits()
        self.stored_bytes = 0
        self.plain_bytes = 0
        self.lines = 0

    def records(self) -> Iterator[Record]:
        """The records in order; the last one is the end record, whose count and digest are right.

        Raises:
            InputError: the file is malformed; the message names the line.
        """
        digest = hashlib.sha256()
        end: End | None = None
        for line in self._complete_lines():
            self.lines += 1
            # R16: the end stands last, and its count and digest are of all before it.
            if end is not None:
                raise self.fault("something follows the end record", _DAMAGED)
            try:
                record = record_in(line)
            except InputError as error:
                raise self.fault(error.what, error.hint) from None
            if isinstance(record, End):
                end = record
                if (end.records, end.sha256) != (self.lines - 1, digest.digest()):
                    raise self.fault("the end record does not fit what stands before it", _DAMAGED)
                continue
            digest.update(line)
            digest.update(b"\n")
            # The claims of a long lineage are tens of megabytes, and whoever takes them takes their time.
            del line
            yield record
        if end is None:
            raise self.fault("the file ends too early", _DAMAGED)
        yield end

    def fault(self, what: str, hint: str = "") -> InputError:
        """The error for what is wrong with the line read last."""
        where = f"{self._name}, line {self.lines}" if self.lines else self._name
        return InputError(what, hint=hint, where=where)

    def _complete_lines(self) -> Iterator[bytes]:
        pieces: list[bytes] = []  # of the line that is not complete yet
        held = 0
        for chunk in self._plain_chunks():
            first, *more = chunk.split(b"\n")
            pieces.append(first)
            held += len(first)
            # L2: the piece that is not yet a line counts too, or a line without end would be held.
            self._require_short(b"".join(pieces[:2]) if held > self._limits.line_bytes else b"", held)
            if more:
                # Given away, not kept here too while it is looked at.
                complete = [b"".join(pieces)]
                pieces.clear()
                yield complete.pop()
                for line in more[:-1]:
                    self._require_short(line, len(line))
                    yield line
                pieces, held = [more[-1]], len(more[-1])
                self._require_short(pieces[0], held)
        # E1: the last line too is ended by a line feed.
        if held:
            raise self.fault("the last line is incomplete", _DAMAGED)

    def _require_short(self, beginning: bytes, size: int) -> None:
        limits = self._limits
        most = limits.claims_bytes if beginning.startswith(CLAIMS) else limits.line_bytes
        if size > most:
            raise self._too_large("a line", most)

    def _plain_chunks(self) -> Iterator[bytes]:
        # E1: not the gzip module, which takes several members as one, and zeros after the last.
        inflate = zlib.decompressobj(_GZIP)
        while stored := self._file.read(_CHUNK):
            if inflate.eof:
                raise self.fault("something follows the gzip stream", _DAMAGED)
            self._count_stored(len(stored))
            yield from self._inflated(inflate, stored)
            if inflate.unused_data:
                raise self.fault("something follows the gzip stream", _DAMAGED)
        if not inflate.eof:
            raise self.fault("the file ends too early", _DAMAGED)

    def _inflated(self, inflate: zlib._Decompress, stored: bytes) -> Iterator[bytes]:
        size = _PIECE
        while stored or size == _PIECE:
            # L1: by pieces, so that a bomb is seen before it is held. A full piece may have more behind it
            # even when nothing stored is left: zlib keeps it inside.
            try:
                plain = inflate.decompress(stored, _PIECE)
            except zlib.error:
                raise self.fault("not a gzip stream", _DAMAGED) from None
            stored, size = inflate.unconsumed_tail, len(plain)
            self._count_plain(size)
            if plain:
                yield plain

    def _count_stored(self, size: int) -> None:
        self.stored_bytes += size
        # L1.
        if self.stored_bytes > self._limits.file_bytes:
            raise self._too_large("the file", self._limits.file_bytes)

    def _count_plain(self, size: int) -> None:
        self.plain_bytes += size
        limits = self._limits
        if self.plain_bytes > limits.total_bytes:
            raise self._too_large("the file, decompressed,", limits.total_bytes)
        if self.plain_bytes > limits.free_bytes + limits.ratio * self.stored_bytes:
            raise self.fault(
                f"the file decompresses to more than {limits.ratio} times its size", "it is no proof file"
            )

    def _too_large(self, what: str, limit: int) -> InputError:
        return self.fault(f"{what} is larger than {limit} bytes", "raise the limit if you trust its author")
