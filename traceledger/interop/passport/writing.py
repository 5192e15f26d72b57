"""The files of a passport: each document as JSON, beside it ``….sources.json``, and proof files.

``FORMAT.READER.json`` in a folder, or one file of a name of one's own. Nothing is written where something
that a model's schema demands is missing, unless an incomplete document is asked for, which its sidecar says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.interop import schemas
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.formats import Format
from traceledger.interop.passport.making import Passport, exported, passport
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import id_text
from traceledger.storage import files

SOURCES = ".sources.json"
"""How the name of a sidecar ends."""
_SHOWN, _PLACES = 12, 4
_UNSAID = "master data says no "

MOST_PROOF = 2**31
"""Bytes of a proof file that was just written."""

Prove = Callable[[int, Path, int], None]
"""Writes the proof file of a batch, by its id, as of a block."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written.

    Attributes:
        formats: the models.
        readers: for whom; empty: for each reader that a model has files for.
        incomplete: whether documents that lack something are written too.
        prove: writes proof files; ``None``: none are wanted.
    """

    formats: Sequence[Format]
    readers: Sequence[Reader] = ()
    incomplete: bool = False
    prove: Prove | None = None

    def pairs(self) -> Iterable[tuple[Format, Reader]]:
        """Each model with each of its readers that are wanted."""
        return (
            (form, reader)
            for form in self.formats
            for reader in form.readers
            if not self.readers or reader in self.readers
        )


def write_folder(battery: Battery, wanted: Wanted, folder: Path) -> dict[str, Any]:
    """Write a folder, which appears with all that is in it; gives what was written.

    Raises:
        InputError: something is missing, or the folder holds something.
    """
    pairs = list(wanted.pairs())
    if not pairs:
        raise InputError("what is no passport has one reader", where="--for", hint="leave --for out")
    require(battery, wanted)
    with files.drafting_folder(folder) as draft:
        proofs = _proofs(battery, wanted.prove, draft, "proofs")
        written = []
        for form, reader in pairs:
            each = passport(battery, form, reader, proofs)
            if not each.exported.sources and reader is not Reader.COMPLETE:
                continue  # Nothing of the model is for this reader.
            name = f"{each.format.name}.{each.reader.value}"
            written.append(_write(each, draft / f"{name}.json", draft / f"{name}{SOURCES}"))
    return _told(battery, folder, written, proofs)


def write_file(battery: Battery, wanted: Wanted, path: Path) -> dict[str, Any]:
    """Write one document and its sidecar; what is there is replaced.

    Raises:
        InputError: something is missing, or more than one document is wanted.
    """
    if len(wanted.formats) != 1 or len(wanted.readers) > 1:
        raise InputError(
            "one file has one model, for one reader", where=path, hint="name a folder for more than that"
        )
    (form,) = wanted.formats
    (reader,) = wanted.readers or (Reader.COMPLETE,)
    if reader not in form.readers:
        raise InputError(
            f"{form.name} is no passport: it has one reader", where="--for", hint="leave --for out"
        )
    one = Wanted([form], [reader], wanted.incomplete, wanted.prove)
    require(battery, one)
    proofs = _proofs(battery, wanted.prove, path.parent, f"{path.stem}.proofs")
    made = passport(battery, form, reader, proofs)
    written = [_write(made, path, path.with_suffix(SOURCES))]
    return _told(battery, path.parent, written, proofs)


def require(battery: Battery, wanted: Wanted) -> None:
    """Refuse what lacks something that a schema demands, all formats at once.

    Raises:
        InputError: with what is missing, and what would have to say it.
    """
    if wanted.incomplete:
        return
    lacking, faults = dict[str, list[str]](), list[str]()
    for form in wanted.formats:
        made = exported(battery, form, Reader.COMPLETE)
        lost = [each for each in made.missing if each.required]
        for each in lost:
            lacking.setdefault(each.why, []).append(f"{form.name} {each.pointer}")
        asked = None if lost else schemas.ask(form.schema, made.document)
        faults += [f"{form.name} {place}: {why}" for place, why in (asked.faults if asked else ())]
    if faults:
        raise InputError(
            f"not allowed by the official schema: {'; '.join(faults[:_SHOWN])}",
            where=battery.one.trace.batch,
            hint="mend them in the master data file, or write it so with --incomplete",
        )
    if lacking:
        raise InputError(
            f"missing: {_lacking(lacking)}",
            where=battery.one.trace.batch,
            hint="say what the company knows in its master data file (docs/passport.md), or write it so with"
            " --incomplete",
        )


def _lacking(places: dict[str, list[str]]) -> str:
    """What is missing: each reason once, with the places that lack a value for it."""
    values = counted(sum(len(found) for found in places.values()), "value")
    unsaid = [
        f"{why.removeprefix(_UNSAID)} ({_some(found, 1)})"
        for why, found in places.items()
        if why.startswith(_UNSAID)
    ]
    told = [f"{_some(found, _PLACES)}: {why}" for why, found in places.items() if not why.startswith(_UNSAID)]
    if unsaid:
        told.append(f"{_UNSAID}{_some(unsaid, _SHOWN)}")
    more = f"; and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return f"{values}: {'; '.join(told[:_SHOWN])}{more}"


def _some(texts: Sequence[str], most: int) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


def _proofs(battery: Battery, prove: Prove | None, folder: Path, name: str) -> list[dict[str, Any]]:
    if prove is None:
        return []
    files.make_folder(folder / name)
    proofs = []
    for lot in battery.averaged if battery.one in battery.averaged else (battery.one, *battery.averaged):
        path = folder / name / f"{id_text(lot.batch.id)[2:18]}.proof"
        prove(lot.batch.id, path, battery.as_of)
        digest = sha256(files.content_of(path, MOST_PROOF)).hexdigest()
        proofs.append(
            {
                "batch": lot.trace.batch,
                "file": f"{name}/{path.name}",
                "sha256": digest,
                "block": battery.as_of,
            }
        )
    return proofs


def _write(made: Passport, path: Path, beside: Path) -> dict[str, Any]:
    content = text_of(made.exported.document)
    asked = (
        schemas.ask(made.format.schema, made.exported.document) if made.reader is Reader.COMPLETE else None
    )
    sidecar = {"document": path.name, "sha256": sha256(content.encode()).hexdigest(), **made.sidecar}
    files.replace(path, content)
    files.replace(beside, text_of(sidecar))
    return {
        "format": made.format.name,
        "title": made.format.title,
        "reader": made.reader.value,
        "file": path.name,
        "sources": beside.name,
        "values": len(made.exported.sources),
        "missing": [each.to_dict() for each in made.exported.missing],
        "incomplete": bool(made.lacking),
        "schema": None if asked is None else asked.to_dict(),
    }


def text_of(document: object) -> str:
    """A document as it is written."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _told(
    battery: Battery, folder: Path, written: Sequence[dict[str, Any]], proofs: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "battery": battery.one.trace.batch,
        "material": battery.one.trace.material,
        "per": battery.per.value,
        "batteries": battery.pieces,
        "block": battery.as_of,
        "folder": str(folder),
        "written": list(written),
        "proofs": list(proofs),
    }
