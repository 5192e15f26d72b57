"""The parameters of events: what each is in Python, how it is read from a log, and which ones are topics.

An event is a dataclass whose fields have these types, in the order of the Solidity parameters. A field that
does not say how it is read is a mistake that importing shows.

Example:
    >>> codec_of(tuple[Id, ...]).name
    'uint256[]'
"""

# Without `from __future__ import annotations`: the annotations are read when the classes are made.
from dataclasses import fields, is_dataclass
from enum import IntEnum
from typing import Annotated, Any, TypeVar, get_args, get_origin

from traceledger.events.abi import (
    ADDRESS,
    BOOL,
    BYTES,
    BYTES32,
    STRING,
    SUBSTANCES,
    Codec,
    array,
    enum,
    label,
    signed,
    struct,
    uint,
)
from traceledger.model.batches import Substances
from traceledger.model.emissions import Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.identifiers import Identifier
from traceledger.model.registry import Content, Terms

T = TypeVar("T")

INDEXED = object()
"""Marks a parameter that is a topic of the log."""
Indexed = Annotated[T, INDEXED]
"""Solidity's ``indexed``."""

_MG = uint(64)


def _evidence(digest: bytes, uri: str) -> Evidence:
    return Evidence(uri=uri, sha256=digest)


_SCOPES = Codec("(uint256,uint256)", "64s", Emissions.of_bytes)
"""The struct ``Emissions`` of the contracts."""

Id = Annotated[int, uint(256)]
Address = Annotated[bytes, ADDRESS]
Hash = Annotated[bytes, BYTES32]
Data = Annotated[bytes, BYTES]
Flag = Annotated[bool, BOOL]
Text = Annotated[str, STRING]
"""Any text; whether its author may keep it private, the event's ``texts`` say."""
Label = Annotated[str, label(32)]
CountryCode = Annotated[str, label(2)]
Mg = Annotated[int, _MG]
Seconds = Annotated[int, uint(64)]
Number8 = Annotated[int, uint(8)]
Number16 = Annotated[int, uint(16)]
Number32 = Annotated[int, uint(32)]
Number48 = Annotated[int, uint(48)]
MicroDegrees = Annotated[int, signed(32)]
Masses = Annotated[Substances, SUBSTANCES]
Scopes = Annotated[Emissions, _SCOPES]
MaterialTerms = Annotated[
    Terms, struct(Terms, BOOL, BOOL, uint(16), uint(16), array(struct(Content, uint(16), uint(16), uint(16))))
]
Identifiers = Annotated[tuple[Identifier, ...], array(struct(Identifier, label(32), STRING))]
Documents = Annotated[tuple[Evidence, ...], array(struct(_evidence, BYTES32, STRING))]


def codec_of(annotation: Any) -> Codec[Any]:
    """How a field of that type is read.

    Raises:
        TypeError: the type does not say.
    """
    for note in get_args(annotation)[1:]:
        if isinstance(note, Codec):
            return note
    if get_origin(annotation) is tuple:
        return array(codec_of(get_args(annotation)[0]))
    if isinstance(annotation, type) and issubclass(annotation, IntEnum):
        return enum(annotation)
    if is_dataclass(annotation) and isinstance(annotation, type):
        return struct(annotation, *(codec_of(field.type) for field in fields(annotation)))
    raise TypeError(f"{annotation!r} does not say how it is read; use a type of traceledger.events.fields")


def is_indexed(annotation: Any) -> bool:
    """Whether a field of that type is a topic."""
    return INDEXED in get_args(annotation)[1:]
