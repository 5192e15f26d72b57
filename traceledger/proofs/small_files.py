"""Reading the small JSON files that a reader believes or judges by: trust roots and their successors.

Example:
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "root.json"
    >>> _ = path.write_bytes(b"{}")
    >>> load(path, bytes.decode, kind="not a trust root")
    '{}'
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from traceledger.errors import InputError
from traceledger.storage.files import reading

_MOST_BYTES = 2**20
T = TypeVar("T")


def load(path: Path, parse: Callable[[bytes], T], *, kind: str) -> T:
    """What a file says, read to the end of a megabyte at most.

    Args:
        path: the file.
        parse: makes something of its text; its errors say in which field something is wrong.
        kind: what is said of a file that is too large: ``not a trust root``.

    Raises:
        InputError: it cannot be read, is larger, or ``parse`` refuses it; with the path before the field.
    """
    with reading(path) as file:
        text = file.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise InputError(f"larger than {_MOST_BYTES} bytes: {kind}", where=str(path))
    try:
        return parse(text)
    except InputError as error:
        place = f"{path}: {error.where}" if error.where else str(path)
        raise InputError(error.what, hint=error.hint, where=place) from None
