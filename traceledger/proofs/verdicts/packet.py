"""A folder with a proof, the verdict on it and the papers of its hand-overs, to be handed to an authority.

Everything in it is named with its SHA-256 in ``SHA256SUMS``, which ``sha256sum -c`` checks.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from traceledger.errors import InputError
from traceledger.storage.files import digest_of, drafting_folder, explained

MOST_PAPERS = 20_000
"""Files that are looked at in a folder of papers."""
_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Judged:
    """A proof file, and the SHA-256 that it had before it was judged."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Papers:
    """Documents that a folder has, by their SHA-256, and which of those wanted are not there."""

    found: Mapping[str, Path]
    missing: tuple[str, ...]

    def file_of(self, digest: str) -> str:
        """What a document is called in the packet; empty where it is not there."""
        return f"papers/{digest[:16]}-{_plain(self.found[digest].name)}" if digest in self.found else ""


def papers_in(folder: Path | None, wanted: Iterable[str]) -> Papers:
    """The documents of a folder whose SHA-256 is wanted; links and what is no file are passed over.

    Raises:
        InputError: the folder cannot be read, or holds too many files.
    """
    asked = dict.fromkeys(wanted)
    found: dict[str, Path] = {}
    for path in () if folder is None else _files(folder):
        digest = digest_of(path)
        if digest in asked:
            found.setdefault(digest, path)
    return Papers(found, tuple(each for each in asked if each not in found))


def write(
    folder: Path, proof: Judged, files: Mapping[str, bytes], papers: Papers, *, private: bool = False
) -> None:
    """Make the packet; it appears with all that is in it.

    Args:
        folder: where there is nothing yet, or an empty folder.
        proof: the proof file as it was judged, which is copied as ``proof.tlproof``.
        files: what else is in it, by name.
        papers: documents, which are copied into ``papers``.
        private: whether something in it discloses private texts: then it is its owner's alone.

    Raises:
        InputError: it cannot be written, or there is a folder with something in it.
    """
    copied = {"proof.tlproof": (proof.path, proof.sha256)}
    copied |= {papers.file_of(digest): (source, digest) for digest, source in papers.found.items()}
    mode = 0o700 if private else 0o755
    with drafting_folder(folder, mode=mode) as draft:
        for name, content in files.items():
            (draft / name).write_bytes(content)
        for name, (source, digest) in copied.items():
            (draft / name).parent.mkdir(exist_ok=True)
            _copy(source, draft / name, digest)
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        digests |= {name: digest for name, (_, digest) in copied.items()}
        sums = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
        (draft / "SHA256SUMS").write_text(sums, "utf-8")


def _copy(source: Path, target: Path, digest: str) -> None:
    with explained(source, verb="read"):
        shutil.copyfile(source, target)
    if digest_of(target) != digest:
        raise InputError("it changed while it was read", where=source, hint="run it again")


def _files(folder: Path) -> Iterator[Path]:
    with explained(folder, verb="read"):
        if not folder.is_dir():
            raise NotADirectoryError(20, "it is no folder", str(folder))
        seen = 0
        for at, _, names in os.walk(folder):
            for name in sorted(names):
                seen += 1
                if seen > MOST_PAPERS:
                    raise InputError(f"it holds more than {MOST_PAPERS} files", where=folder)
                path = Path(at, name)
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path


def _plain(name: str) -> str:
    """A file's name that means nothing to a shell, and stays one."""
    return _ODD.sub("_", name)[-_LONGEST:].lstrip(".") or "document"
