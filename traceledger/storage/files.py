"""Files that appear whole or not at all: made anew, or put in the place of old ones, and safe on the disk.

What is written goes into a fresh file beside the one meant, under a random name, which is opened so that
nobody can have put something there before (``O_EXCL``, ``O_NOFOLLOW``), with its final permissions from the
start. When it is complete and on the disk it gets its name. Who is killed in between leaves a hidden
``.NAME.*.partial``, and the old file as it was.

There are two verbs. *create* makes a file where there is none, and refuses whatever is there already, a
symbolic link to nowhere included. *replace* puts a file in the place of an old one, or of none; a symbolic
link is replaced itself, never what it leads to.

Example:
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> create(folder / "key", "secret", mode=OWNER_ONLY)
    >>> replace(folder / "key", "another")
    >>> (folder / "key").read_text()
    'another'
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from traceledger.errors import InputError, TraceLedgerError

OWNER_ONLY = 0o600
"""Permissions of secrets and private texts."""

PROGRAM = 0o755
"""Permissions of what can be executed."""

EVERYBODY = 0o666
"""Permissions of everything else, less what the process's umask takes away."""

# A final symbolic link is not followed even where something won the race for the random name.
_FRESH = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)
MOST_BYTES = 2**24
"""The largest of the files that people write by hand, and of the small ones that this program keeps."""

_AT_ONCE = 2**20
_HINTS = {
    errno.EROFS: "the disk is mounted for reading only; choose another folder",
    errno.EACCES: "mend the permissions of the folder, or choose another one",
    errno.EPERM: "mend the permissions of the folder, or choose another one",
    errno.ENOENT: "make the folder first",
}


class AlreadyThereError(InputError):
    """Something is already where a file was to be created."""


def create(
    path: Path, content: str | bytes, *, mode: int = EVERYBODY, error: type[TraceLedgerError] = InputError
) -> None:
    """Make a file where there is none; of several that do so at once one succeeds.

    Args:
        path: the file.
        content: all of it; text becomes UTF-8.
        mode: its permissions, before the process's umask.
        error: what is raised when it cannot be written: whose fault that is depends on who chose the path.

    Raises:
        AlreadyThereError: something is there.
        TraceLedgerError: of the class ``error``: it cannot be written.
    """
    with creating(path, mode=mode, error=error) as file:
        file.write(_encoded(content))


def replace(
    path: Path,
    content: str | bytes,
    *,
    mode: int | None = None,
    error: type[TraceLedgerError] = InputError,
    durable: bool = True,
) -> None:
    """Put a file in the place of an old one, or where there is none; arguments as of :func:`replacing`.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be written. The old file is as it was.
    """
    with replacing(path, mode=mode, error=error, durable=durable) as file:
        file.write(_encoded(content))


@contextlib.contextmanager
def creating(
    path: Path, *, mode: int = EVERYBODY, error: type[TraceLedgerError] = InputError
) -> Iterator[BinaryIO]:
    """As :func:`create`, for what is written piece by piece; it appears when the block ends well.

    Yields:
        What is written to, and can be read again before it appears.

    Raises:
        AlreadyThereError: something is there.
        TraceLedgerError: of the class ``error``: it cannot be written.
    """
    _require_nothing(path)
    with explained(path, error), _draft(path, mode) as (draft, handle):
        with os.fdopen(handle, "w+b") as file:
            yield file
            _flush(file)
        _publish(draft, path)


@contextlib.contextmanager
def replacing(
    path: Path,
    *,
    mode: int | None = None,
    error: type[TraceLedgerError] = InputError,
    durable: bool = True,
) -> Iterator[BinaryIO]:
    """As :func:`replace`, for what is written piece by piece; it appears when the block ends well.

    Args:
        path: the file.
        mode: its permissions, before the process's umask; ``None``: those of the old file, if there is one.
        error: what is raised when it cannot be written.
        durable: wait until it is on the disk; otherwise a power cut may leave it empty, or as it was.

    Yields:
        What is written to, and can be read again before it appears.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be written. The old file is as it was.
    """
    with explained(path, error):
        # Whoever names a device or a pipe means to write into it, and would lose it.
        if path.exists() and not path.is_file():
            raise error("cannot be written: it is no ordinary file", where=path, hint="choose another")
        kept = path.stat().st_mode & 0o777 if mode is None and path.is_file() else None
        with _draft(path, EVERYBODY if mode is None else mode) as (draft, handle):
            with os.fdopen(handle, "w+b") as file:
                if kept is not None:
                    draft.chmod(kept)
                yield file
                if durable:
                    _flush(file)
            draft.replace(path)
            if durable:
                _flush_folder(path.parent)


@contextlib.contextmanager
def drafting(
    path: Path, *, mode: int = EVERYBODY, error: type[TraceLedgerError] = InputError
) -> Iterator[Path]:
    """As :func:`creating`, for what must be given a path to write to, such as SQLite.

    Yields:
        An empty file beside ``path``, which gets that name when the block ends well. Whoever writes it sees
        to it that it is on the disk.

    Raises:
        AlreadyThereError: something is there.
        TraceLedgerError: of the class ``error``: it cannot be written.
    """
    _require_nothing(path)
    with explained(path, error), _draft(path, mode) as (draft, handle):
        os.close(handle)
        yield draft
        _publish(draft, path)


@contextlib.contextmanager
def drafting_folder(
    path: Path, *, mode: int = 0o755, error: type[TraceLedgerError] = InputError
) -> Iterator[Path]:
    """Make a folder that appears with all that is in it, in the place of none or of an empty one.

    Yields:
        An empty folder beside ``path``, which gets that name when the block ends well.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be made, or there is a folder with content.
    """
    import shutil

    draft = path.with_name(_hidden(path))
    with explained(path, error):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=mode)
        try:
            yield draft
            # What is renamed takes the place of an empty folder, and of no other.
            draft.rename(path)
            _flush_folder(path.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def reading(path: Path, *, error: type[TraceLedgerError] = InputError) -> Iterator[BinaryIO]:
    """Open a file to be read during the block.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be opened or read.
    """
    with explained(path, error, verb="read"), path.open("rb") as file:
        yield file


def digest_of(path: Path, *, error: type[TraceLedgerError] = InputError) -> str:
    """The SHA-256 of a file of any size, in hexadecimal.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be read.
    """
    import hashlib

    with explained(path, error, verb="read"), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_of(path: Path, most: int = MOST_BYTES) -> bytes:
    """All bytes of a file that may be anything, a device without end too: never more than are allowed.

    Args:
        path: the file.
        most: bytes that it may have.

    Raises:
        OSError: it cannot be read, or is larger (``EFBIG``); :func:`explained` says it to people.
    """
    found = bytearray()
    # Its size is not asked: a device, a pipe and some file systems say 0.
    with path.open("rb") as file:
        while piece := file.read(_AT_ONCE):
            found += piece
            if len(found) > most:
                raise OSError(errno.EFBIG, f"larger than {most} bytes", str(path))
    return bytes(found)


def text_of(path: Path, encoding: str, most: int = MOST_BYTES) -> str:
    """All text of a file, as :func:`content_of`.

    Raises:
        OSError: it cannot be read, or is larger.
        UnicodeDecodeError: it is not in that encoding.
    """
    return content_of(path, most).decode(encoding)


def is_read_only(file: Path) -> bool:
    """Whether a file cannot be written, or nothing be made beside it."""
    folder = file.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return not os.access(folder, os.W_OK) or (file.exists() and not os.access(file, os.W_OK))


def others_may(path: Path, permissions: int) -> bool:
    """Whether others than the owner have one of these permissions, such as ``0o077`` for any.

    Never on Windows, which keeps lists of who may instead.
    """
    try:
        return os.name == "posix" and bool(path.stat().st_mode & permissions & 0o077)
    except OSError:
        return False


def ensure(path: Path, *, mode: int = EVERYBODY, error: type[TraceLedgerError] = InputError) -> None:
    """See to it that there is a file, an empty one if need be, with its folder.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be made, or is a link to nothing, behind which
            whoever opens it next would make a file with other permissions.
    """
    make_folder(path.parent, error=error)
    try:
        create(path, b"", mode=mode, error=error)
    except AlreadyThereError:
        if not path.exists():
            raise error(
                "cannot be written: it is a symbolic link to nothing", where=path, hint="remove it"
            ) from None


def make_folder(path: Path, *, mode: int = 0o777, error: type[TraceLedgerError] = InputError) -> None:
    """Make a folder, and those above it, where there is none.

    Raises:
        TraceLedgerError: of the class ``error``: it cannot be made.
    """
    with explained(path, error):
        path.mkdir(mode=mode, parents=True, exist_ok=True)


@contextlib.contextmanager
def explained(
    path: Path, error: type[TraceLedgerError] = InputError, *, verb: str = "written"
) -> Iterator[None]:
    """A failure of the operating system inside the block, as what it means for ``path``.

    Args:
        path: the file that the block is about.
        error: the class of what is raised.
        verb: what cannot be done, such as ``read``.

    Raises:
        TraceLedgerError: of the class ``error``.
    """
    try:
        yield
    except OSError as fault:
        raise error(
            f"cannot be {verb}: {'the disk is full' if fault.errno in _FULL else fault.strerror or fault}",
            where=path,
            hint="free some space" if fault.errno in _FULL else _hint(fault, verb),
        ) from fault


def _hint(fault: OSError, verb: str) -> str:
    return _HINTS.get(fault.errno or 0, "") if verb == "written" else ""


def _encoded(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _require_nothing(path: Path) -> None:
    # Asked early, so that a long export is not made in vain; what counts is the answer when it is published.
    if os.path.lexists(path):
        raise _there(path)


def _there(path: Path) -> AlreadyThereError:
    return AlreadyThereError("exists already", where=path, hint="choose another name")


@contextlib.contextmanager
def _draft(path: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """A fresh file beside ``path``, opened; it is gone when the block ends, unless it was renamed."""
    draft = path.with_name(_hidden(path))
    handle = os.open(draft, _FRESH, mode)
    try:
        yield draft, handle
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def _hidden(path: Path) -> str:
    # Cut, so that a name that just fits has room for the rest: file systems allow 255 bytes.
    name = os.fsdecode(os.fsencode(path.name)[:200])
    return f".{name}.{os.urandom(8).hex()}.partial"


def _publish(draft: Path, path: Path) -> None:
    """Give the finished draft its name, never over a file that came meanwhile."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise _there(path) from None
    except OSError as fault:
        # FAT and some network file systems have no hard links: there the name is taken first, empty.
        if fault.errno not in _NO_LINKS:
            raise
        try:
            os.close(os.open(path, _FRESH, EVERYBODY))
        except FileExistsError:
            raise _there(path) from None
        draft.replace(path)
    _flush_folder(path.parent)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can do that for folders."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
