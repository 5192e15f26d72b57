"""A folder of declarations as pages: names that are safe, files that appear whole, and a list of them all.

Each batch has a folder of its own, with a page in each language, and what can be downloaded beside it. The
names of folders hold the batch's id, so that two batches never share one, however their names are written,
and whatever the file system makes of capitals. ``site.json`` remembers what was written, so that the next
build replaces its own files and no others.

Example:
    >>> folder_name("oem/VIN-1", "0x089f17bd6f8956c4791dc2c5af980c47ca9567716ba4ab8564264fbc88cc1f51")
    'oem-vin-1-089f17bd6f8956c4'
    >>> folder_name("a/../../etc", "0x" + "0" * 64)
    'a-etc-0000000000000000'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.languages import LANGUAGES, Language
from traceledger.model.frozen import frozen
from traceledger.pages.declaration import used
from traceledger.pages.environment import render
from traceledger.pages.frame import Alternate, compact, self_contained
from traceledger.storage.files import (
    EVERYBODY,
    OWNER_ONLY,
    content_of,
    explained,
    make_folder,
    replace,
    text_of,
)
from traceledger.storage.json_text import loads
from traceledger.storage.locks import held

MANIFEST = "site.json"
LOCK = ".site.lock"
"""Held while pages are written: of two at once, the later would forget what the other wrote."""
LIMIT = 250_000
"""Bytes of a page, pictures inside: what a phone loads in a second on a slow network."""
_FORMAT = "traceledger-site-1"
_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_SLUG = 48
_ID_DIGITS = 16
_PATIENCE = 60.0
"""Seconds that a build waits for another one."""
_ALL, _OWN_ONLY = 0o777, 0o700
_OWN_FOLDER = re.compile(r"[a-z0-9-]{1,80}")
_HALF = re.compile(r"\.[A-Za-z0-9._-]+\.[0-9a-f]{16}\.partial")
_OWN_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@frozen
class Entry:
    """A batch of the site, as the list of it shows it.

    Attributes:
        batch: full name.
        folder: name of its folder.
        material_name: of its material.
        made_by: name of who made it.
        total_mg: its CO2e, mg, as a decimal string.
        primary_share: the part of that from primary data.
        faults: what is wrong with it, in a word each.
        languages: codes of the languages in which it has a page.
        files: names of its files, sorted.
    """

    batch: str
    folder: str
    material_name: str
    made_by: str
    total_mg: str
    primary_share: float
    faults: tuple[str, ...]
    languages: tuple[str, ...]
    files: tuple[str, ...]


def folder_name(batch: str, identifier: str, *, disclosed: bool = False) -> str:
    """The name of a batch's folder: what is plain of its name, and digits of its id.

    Args:
        batch: its full name, with whatever its maker put into it.
        identifier: its id, ``0x`` and 64 hexadecimal digits. Sixteen of them tell batches apart: who would
            make another with the same must try 2^64 names.
        disclosed: whether the name may be a private text, which whoever lists the folder is not to read.
    """
    # A commitment is a name that nobody can read.
    plain = "" if disclosed or ":private:" in batch else _SLUG.sub("-", batch.lower())[:_MOST_SLUG].strip("-")
    return f"{plain or 'lot'}-{identifier.removeprefix('0x')[:_ID_DIGITS]}"


def page_name(language: Language, languages: Sequence[Language]) -> str:
    """The file of a page: ``index.html`` in the first language."""
    return "index.html" if language == languages[0] else f"index.{language.code}.html"


def alternates(languages: Sequence[Language]) -> tuple[Alternate, ...]:
    """A page's other languages, beside it; none where it has one only."""
    return tuple(Alternate(each, page_name(each, languages)) for each in languages)


@dataclass
class Site:
    """The folder. Have it :meth:`opened`, :meth:`publish` each batch, then write the :meth:`finish`."""

    folder: Path
    disclosed: bool
    entries: dict[str, Entry]
    own: frozenset[str]

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, *, disclosed: bool = False) -> Iterator[Site]:
        """The site in a folder during the block, in which no other process writes there; as :meth:`open`.

        Raises:
            InputError: as :meth:`open`.
            NetworkError: another process was at it for a minute.
        """
        lock = folder / LOCK
        with held(lock, doing="writing pages there", seconds=_PATIENCE, about=folder, error=InputError):
            yield cls.open(folder, disclosed=disclosed)

    @classmethod
    def open(cls, folder: Path, *, disclosed: bool = False) -> Site:
        """The site in a folder, which is made where there is none.

        Args:
            folder: the folder.
            disclosed: whether its pages show private texts; then only its owner can read its files.

        Raises:
            InputError: it cannot be made, or holds pages that this program did not write, or that show
                private texts where these must not, or the other way round.
        """
        make_folder(folder)
        manifest = folder / MANIFEST
        if not manifest.exists():
            if (folder / "index.html").exists():
                raise InputError(
                    "holds an index.html, and no site.json that says whose it is",
                    where=folder,
                    hint="choose another folder",
                )
            return cls(folder, disclosed, {}, frozenset())
        return cls(folder, disclosed, *_read(manifest, disclosed=disclosed))

    def place(self, name: str) -> Path:
        """A batch's folder, which is made where there is none.

        Raises:
            InputError: it cannot be made, or is a link that leads elsewhere.
        """
        folder = self.folder / name
        if folder.is_symlink():
            raise InputError("is a symbolic link, which is not followed", where=folder, hint="remove it")
        make_folder(folder, mode=_OWN_ONLY if self.disclosed else _ALL)
        return folder

    def publish(self, entry: Entry, files: Mapping[str, str | bytes]) -> list[Path]:
        """Write a batch's files, each whole, and take away those of an earlier build that are no more.

        Args:
            entry: the batch; ``entry.files`` may name further ones that are in its folder already.
            files: contents by name; pages last.

        Raises:
            InputError: one cannot be written.
        """
        folder = self.place(entry.folder)
        written = []
        for name, content in files.items():
            self._write(folder / name, content)
            written.append(folder / name)
        before = self.entries.get(entry.folder)
        for name in set(before.files if before else ()) - set(entry.files):
            with explained(folder / name):
                (folder / name).unlink(missing_ok=True)
        for left in folder.glob(".*.partial"):
            # Of a build that was killed: another one would hold the lock.
            if _HALF.fullmatch(left.name):
                with explained(left):
                    left.unlink(missing_ok=True)
        self.entries[entry.folder] = entry
        self._remember(self.own)
        return written

    def finish(self, languages: Sequence[Language], *, style: str | None = None) -> list[Path]:
        """Write the pages that list all batches, in these languages; returns what was written."""
        written = []
        self.entries = {name: each for name, each in self.entries.items() if (self.folder / name).is_dir()}
        pages = self._lists(languages)
        names = list(pages)
        # Before the pages: what was written is known as ours, whenever this is interrupted.
        self._remember(self.own | set(names))
        for name, language in pages.items():
            frame = self_contained(alternates(languages), style=style)
            rows = [self._row(entry, language) for entry in self._ordered()]
            self._write(self.folder / name, render("declarations.html", language, rows=rows, frame=frame))
            written.append(self.folder / name)
        for stale in self.own - set(names):
            with explained(self.folder / stale):
                (self.folder / stale).unlink(missing_ok=True)
        self._remember(frozenset(names))
        return [*written, self.folder / MANIFEST]

    def _lists(self, languages: Sequence[Language]) -> dict[str, Language]:
        """Pages that list all batches, by name: those that pages of earlier builds lead to stay."""
        others = {code for each in self.entries.values() for code in each.languages[1:]}
        pages = {page_name(each, languages): each for each in languages}
        pages |= {f"index.{each.code}.html": each for each in LANGUAGES if each.code in others}
        return pages

    def _ordered(self) -> list[Entry]:
        return sorted(self.entries.values(), key=lambda each: (each.batch, each.folder))

    def _row(self, entry: Entry, language: Language) -> dict[str, Any]:
        codes = entry.languages
        own = language.code if language.code in codes else codes[0]
        name = "index.html" if own == codes[0] else f"index.{own}.html"
        return {
            "href": f"{entry.folder}/{name}",
            "batch": entry.batch,
            "material_name": entry.material_name,
            "made_by": entry.made_by,
            "total_mg": entry.total_mg,
            "primary_share": entry.primary_share,
            "faults": entry.faults,
        }

    def _remember(self, own: Iterable[str]) -> None:
        self.own = frozenset(own)
        entries = [
            {name: _plain(getattr(each, name)) for name in Entry.__dataclass_fields__}
            for each in self._ordered()
        ]
        document = {
            "format": _FORMAT,
            "disclosed": self.disclosed,
            "pages": sorted(self.own),
            "batches": entries,
        }
        self._write(self.folder / MANIFEST, json.dumps(document, indent=1, ensure_ascii=False) + "\n")

    def _write(self, path: Path, content: str | bytes) -> None:
        replace(path, content, mode=OWNER_ONLY if self.disclosed else EVERYBODY)


def entry_of(
    document: Mapping[str, Any],
    languages: Sequence[Language],
    files: Iterable[str],
    *,
    disclosed: bool = False,
) -> Entry:
    """The entry of a declaration."""
    whole = used(document)
    return Entry(
        batch=document["batch"],
        folder=folder_name(document["batch"], document["id"], disclosed=disclosed),
        material_name=document["material_name"],
        made_by=document["made_by"]["name"],
        total_mg=whole["total_mg"],
        primary_share=whole["primary_share"],
        faults=tuple(document["faults"]),
        languages=tuple(each.code for each in languages),
        files=tuple(sorted(files)),
    )


def style_of(path: Path | None) -> str | None:
    """A brand's style sheet.

    Raises:
        InputError: it cannot be read, is no text, or would end the element in which it stands.
    """
    if path is None:
        return None
    with explained(path, verb="read"):
        try:
            text = text_of(path, "utf-8", LIMIT // 2)
        except UnicodeDecodeError as fault:
            raise InputError(
                "is no text in UTF-8", where=path, hint="save the style sheet as UTF-8"
            ) from fault
    # As it will stand on the page: a comment in its midst could hide the end.
    if "</style" in compact(text).lower():
        raise InputError("holds </style, which would end the style sheet", where=path, hint="leave it out")
    return text


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _read(path: Path, *, disclosed: bool) -> tuple[dict[str, Entry], frozenset[str]]:
    with explained(path, verb="read"):
        content = content_of(path)
    try:
        document = loads(content)
        if document["format"] != _FORMAT:
            raise ValueError("another format")
        entries = [_entry(each) for each in document["batches"]]
        shows = bool(document["disclosed"])
        pages = frozenset(map(str, document["pages"]))
    except (InputError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise InputError(
            "does not say what was written here", where=path, hint="choose another folder"
        ) from fault
    if shows and not disclosed:
        raise InputError(
            "holds pages that show private texts", where=path.parent, hint="choose another folder"
        )
    if disclosed and not shows:
        raise InputError(
            "holds pages for everybody, beside which private texts must not stand",
            where=path.parent,
            hint="choose another folder",
        )
    names = [*pages, *(name for each in entries for name in each.files)]
    safe = all(map(_OWN_FILE.fullmatch, names)) and all(
        _OWN_FOLDER.fullmatch(each.folder) for each in entries
    )
    if not safe:
        # What it names is removed when it is no more: never anything outside.
        raise InputError("names files that are not of a site", where=path, hint="choose another folder")
    return {each.folder: each for each in entries}, pages


def _entry(found: Mapping[str, Any]) -> Entry:
    values: dict[str, Any] = {name: found[name] for name in Entry.__dataclass_fields__}
    lists = {name: tuple(map(str, values[name])) for name in ("faults", "languages", "files")}
    known = {each.code for each in LANGUAGES}
    if not lists["languages"] or not known.issuperset(lists["languages"]):
        raise ValueError("no such language")
    entry = Entry(**{**values, **lists})
    int(entry.total_mg)
    if not isinstance(entry.primary_share, int | float) or not isinstance(entry.folder, str):
        raise TypeError("no share")
    return entry
