"""Takes proof files apart and puts them together again, to see what the verifier says of a change."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from traceledger.proofs import Asked, TrustRoot, VerifiedProof, verify_stream
from traceledger.proofs.canonical import dumps
from traceledger.proofs.files import Writer
from traceledger.proofs.records import record_of

NOW = 1_900_000_000
"""The time of whoever verifies here."""
Lines = list[dict[str, Any]]


def lines_of(path: Path) -> Lines:
    """The records of a file as JSON, without the end record."""
    return lines_of_bytes(path.read_bytes())


def lines_of_bytes(data: bytes) -> Lines:
    """As :func:`lines_of`, of a file that is in memory."""
    return [json.loads(line) for line in gzip.decompress(data).splitlines()][:-1]


def file_of(lines: Iterable[dict[str, Any]]) -> bytes:
    """A file of those records, with an end record that fits."""
    file = io.BytesIO()
    with Writer(file) as writer:
        for line in lines:
            writer.write(record_of(line))
    return file.getvalue()


def raw_file_of(lines: Iterable[bytes]) -> bytes:
    """A gzip stream of any lines."""
    return gzip.compress(b"".join(line + b"\n" for line in lines), mtime=0)


def check(data: bytes, trusted: TrustRoot, *, now: int = NOW, **more: Any) -> VerifiedProof:
    """Verify a file that is in memory, about whichever batch it says that it is."""
    return verify_stream(io.BytesIO(data), "proof", Asked(batch_of(data), now), trusted, **more)


def batch_of(data: bytes) -> str:
    """The batch that a file's beginning names; of what has no such beginning, any."""
    try:
        beginning = zlib.decompressobj(31).decompress(data, 4096)
    except zlib.error:
        return "any/batch"
    found = re.search(rb'"batch":"(0x[0-9a-f]{64})"', beginning)
    return found[1].decode() if found else "any/batch"


def about(path: Path, trusted: TrustRoot, **more: Any) -> VerifiedProof:
    """Verify a file about whichever batch it says that it is."""
    return check(path.read_bytes(), trusted, **more)


def changed(path: Path, change: Callable[[Lines], Lines | None]) -> bytes:
    """The file with its records changed: in place, or by what ``change`` returns."""
    lines = lines_of(path)
    made = change(lines)
    return file_of(lines if made is None else made)


def canonical(lines: Iterable[dict[str, Any]]) -> list[bytes]:
    return [dumps(line) for line in lines]
