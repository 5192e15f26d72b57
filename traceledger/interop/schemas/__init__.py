"""Official JSON schemas of formats of the industry: asked besides our own rules where they are at hand.

Their publishers' licences do not let this program ship all of them, so it knows them by their hashes
(``known.toml``): ``traceledger schema add FILE`` recognises one and keeps it. Whoever checks a document asks
:func:`official`, and says whether it could.

Example:
    >>> found = known()["epcis"]
    >>> found.version, found.licence, len(found.sha256)
    ('2.0.1', 'Apache-2.0', 64)
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError, VerificationError
from traceledger.model.frozen import frozen
from traceledger.storage import toml_text
from traceledger.storage.files import content_of, explained, replace
from traceledger.storage.json_pointer import step
from traceledger.storage.json_text import loads

if TYPE_CHECKING:
    from jsonschema_rs import Validator

ENVIRONMENT = "TRACELEDGER_SCHEMAS"
"""The folder in which schemas are kept; by default one of the user's."""
MOST_BYTES = 8_000_000
"""Bytes that a schema may have."""
_ENCODINGS = ("utf-8-sig", "utf-16")
_MOST_FAULTS = 100
MOST_VALUES, MOST_NAMES = 20_000, 200
"""Values that a document, and names that an object in it, may have so that it is told where it is wrong."""


@frozen
class Schema:
    """An official schema.

    Attributes:
        name: what this program calls it, such as ``catenax.pcf``.
        version: of what it describes.
        repository, commit, path: where it is published, on GitHub.
        licence: under which, by SPDX.
        sha256: of the published file.
        content: SHA-256 of what it says, however it is encoded and laid out.
    """

    name: str
    version: str
    repository: str
    commit: str
    path: str
    licence: str
    sha256: str
    content: str

    @property
    def file(self) -> Path:
        """Where it is kept on this machine, whether or not it is there."""
        return folder() / f"{self.name}-{self.version}.json"

    @property
    def url(self) -> str:
        """Where it can be fetched."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.path}"

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return self.file.is_file()

    def to_dict(self) -> dict[str, Any]:
        """As a document has it."""
        return {
            "name": self.name,
            "version": self.version,
            "here": self.is_here,
            "file": str(self.file) if self.is_here else None,
            "url": self.url,
            "licence": self.licence,
            "sha256": self.sha256,
        }


@frozen
class Asked:
    """What an official schema said of a document.

    Attributes:
        name, version: of the schema.
        faults: JSON Pointer of each place that it does not allow, and why; none: the document is valid.
    """

    name: str
    version: str
    faults: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """As a document has it."""
        return {
            "schema": self.name,
            "version": self.version,
            "valid": not self.faults,
            "faults": [{"pointer": pointer, "why": why} for pointer, why in self.faults],
        }


@cache
def known() -> Mapping[str, Schema]:
    """All schemas that are recognised, by their names."""
    text = files(__name__).joinpath("known.toml").read_text("utf-8")
    return {row["name"]: Schema(**row) for row in toml_text.loads(text)["schema"]}


def folder() -> Path:
    """Where schemas are kept."""
    if given := os.environ.get(ENVIRONMENT):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("traceledger") / "schemas"


def add(path: Path) -> Schema:
    """Keep a schema, which is recognised by what it says.

    Raises:
        InputError: it cannot be read, is no JSON, or none of those that are known.
    """
    document = _read(path)
    digest = _digest(document)
    found = next((each for each in known().values() if each.content == digest), None)
    if found is None:
        raise InputError(
            "this is none of the official schemas that are known",
            where=path,
            hint="traceledger schema list says which they are, and where they are published",
        )
    with explained(found.file):
        found.file.parent.mkdir(parents=True, exist_ok=True)
    replace(found.file, json.dumps(document, ensure_ascii=False, indent=1).encode())
    return found


def listed() -> dict[str, Any]:
    """All schemas that are recognised, and the folder of those that are here, as a document."""
    return {"folder": str(folder()), "schemas": [each.to_dict() for each in known().values()]}


def kept(added: Iterable[Schema]) -> dict[str, Any]:
    """Schemas that were added, as a document."""
    return {"added": [each.to_dict() for each in added]}


def official(name: str) -> Validator | None:
    """What checks documents by an official schema, formats included; ``None``: it is not on this machine.

    Args:
        name: as :func:`known` calls it.

    Raises:
        VerificationError: the file that is kept has changed since it was added.
    """
    schema = known()[name]
    if not schema.is_here:
        return None
    return _validator(schema, schema.file.stat().st_mtime_ns)


def ask(name: str, document: Any) -> Asked | None:
    """Check a document by an official schema; ``None``: the schema is not on this machine.

    Args:
        name: as :func:`known` calls it.
        document: plain values, as JSON has them.

    Raises:
        VerificationError: as :func:`official`.
    """
    validator = official(name)
    if validator is None:
        return None
    return Asked(name, known()[name].version, tuple(_faults(validator, document)))


def can_be_told(document: Any) -> bool:
    """Whether what a validator finds wrong with a document can be asked for, not only whether it is valid.

    For each name that is wrong, a validator copies the whole object: a hostile document of a few megabytes
    would take all memory.
    """
    left, values = [document], 0
    while left and values <= MOST_VALUES:
        value = left.pop()
        values += 1
        if isinstance(value, dict):
            if len(value) > MOST_NAMES:
                return False
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value[: MOST_VALUES + 1])
    return values <= MOST_VALUES


def _faults(validator: Validator, document: Any) -> Iterator[tuple[str, str]]:
    if validator.is_valid(document):
        return
    if not can_be_told(document):
        yield "", "it is not valid, and too large to say where"
        return
    for place, fault in enumerate(validator.iter_errors(document)):
        if place == _MOST_FAULTS:
            return
        # The message repeats the value, which may be all of the document.
        yield "".join(f"/{step(part)}" for part in fault.instance_path), fault.message[:300]


@cache
def _validator(schema: Schema, _: int) -> Validator:
    from jsonschema_rs import validator_for

    document = _read(schema.file)
    if _digest(document) != schema.content:
        raise VerificationError(
            f"the schema {schema.name} has changed",
            where=schema.file,
            hint="add it anew: traceledger schema add",
        )
    return validator_for(document, validate_formats=True, offline=True)


def _read(path: Path) -> Any:
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    for encoding in _ENCODINGS:
        try:
            return loads(content.decode(encoding), where=str(path))
        except UnicodeDecodeError:
            continue
    raise InputError("it is neither UTF-8 nor UTF-16", where=path)


def _digest(document: Any) -> str:
    """SHA-256 of what a document says: sorted, without blanks; its numbers as Python writes them."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
