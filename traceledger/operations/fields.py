"""How each kind of field of an operation is read: from people's text to the ledger's integers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from functools import partial
from typing import Annotated, TypeVar

from pydantic import BeforeValidator

from traceledger.errors import InputError
from traceledger.model.assurance import AssessmentKind, FindingCategory, Rating, Severity
from traceledger.model.batches import ErrorReason, Origin
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.hexadecimal import parsed_address
from traceledger.model.substances import number, symbol
from traceledger.model.units import parse_co2e, parse_degrees, parse_mass, parse_percent

MAX_SECONDS = 2**40
MAX_IDENTIFIER_BYTES = 256
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_SHA256 = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")

Number = TypeVar("Number", bound=IntEnum)
Word = TypeVar("Word", bound=StrEnum)


def _text(value: object, what: str, *, limit: int = MAX_IDENTIFIER_BYTES) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{what} must be text that is not empty")
    if len(value.encode()) > limit:
        raise InputError(f"{what} is longer than {limit} bytes", hint="shorten it")
    if not value.isprintable():
        raise InputError(f"{what} holds a control character", hint="remove it")
    return value


def _slug(value: object) -> str:
    text = _text(value, "a short name")
    if not _SLUG.fullmatch(text):
        raise InputError(
            f"{text!r} is not a short name",
            hint="1 to 64 characters of a-z, 0-9, '-', '_' and '.', starting with a letter or digit",
        )
    return text


def _label(value: object) -> str:
    """A kind or role in lower case, of at most 32 bytes: ``mine``, ``vehicle plant``."""
    return _text(value, "this label", limit=32).strip().lower()


def _country(value: object) -> str:
    text = _text(value, "a country")
    if not _COUNTRY.fullmatch(text):
        raise InputError(f"{text!r} is not a country code", hint="use ISO 3166-1 alpha-2, for instance CD")
    return text


def _address(value: object) -> bytes:
    if isinstance(value, bytes) and len(value) == 20:
        return value
    found = parsed_address(value) if isinstance(value, str) else None
    if found is None:
        raise InputError(f"{value!r} is not an address", hint="0x and 40 hexadecimal digits")
    return found


def _identifier(value: object) -> str:
    return _text(value, "an identifier")


def _description(value: object) -> str:
    return _text(value, "this text", limit=4096)


def parse_time(value: object) -> int:
    """UTC seconds of an ISO 8601 time with its zone, or of an integer that is so already.

    Raises:
        InputError: no time, no zone, before 1970 or not in whole seconds.
    """
    hint = "write for instance 2026-01-17T06:00:00Z"
    if isinstance(value, int) and not isinstance(value, bool):
        seconds = value
    else:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            raise InputError(f"{value!r} is not a time", hint=hint) from None
        if not isinstance(moment, datetime) or moment.tzinfo is None:
            raise InputError(f"{value!r} is not a time with its zone", hint=hint)
        if moment.microsecond:
            raise InputError(f"{value!r} is finer than a second", hint=hint)
        seconds = int(moment.astimezone(UTC).timestamp())
    if not 0 <= seconds < MAX_SECONDS:
        raise InputError(f"{value!r} is before 1970 or too far ahead", hint=hint)
    return seconds


def _substances(value: object) -> dict[int, int]:
    """``{"Co": "8.4 t"}`` to milligrams by substance number, ascending."""
    if not isinstance(value, Mapping):
        raise InputError("substances are an object", hint='write for instance {"Co": "8.4 t"}')
    amounts: dict[int, int] = {}
    for name, amount in value.items():
        substance = name if isinstance(name, int) else number(str(name))
        if substance in amounts:
            raise InputError(f"{symbol(substance)} is given twice")
        try:
            amounts[substance] = parse_mass(amount)
        except InputError as error:
            raise InputError(f"{name}: {error.what}", hint=error.hint) from None
    return dict(sorted(amounts.items()))


def _substance_list(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise InputError("substances are a list", hint='write for instance ["Co", "Ni"]')
    numbers = [item if isinstance(item, int) else number(str(item)) for item in value]
    if len(set(numbers)) != len(numbers):
        raise InputError("a substance is listed twice")
    if len(numbers) > 15:
        raise InputError("a material tracks at most 15 substances")
    return tuple(sorted(numbers))


def _weight(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**64:
        raise InputError(f"{value!r} is not a weight", hint="a positive integer of less than 2^64")
    return value


def _losses(value: object) -> dict[int, int] | str:
    return "balance" if value == "balance" else _substances(value)


def _emissions(value: object) -> Emissions:
    """``{"scope1": "40 t", "primary": "40 t"}`` to mg CO2e; a scope that is absent is 0."""
    if isinstance(value, Emissions):
        return value
    if not isinstance(value, Mapping):
        raise InputError("emissions are an object", hint='write for instance {"scope1": "40 t"}')
    known = ("scope1", "scope2", "scope3", "primary")
    if unknown := [name for name in value if name not in known]:
        raise InputError(f"unknown field {unknown[0]!r} in emissions", hint=f"use {', '.join(known)}")
    parsed: dict[str, int] = {}
    for name, amount in value.items():
        try:
            parsed[name] = parse_co2e(amount)
        except InputError as error:
            raise InputError(f"{name}: {error.what}", hint=error.hint) from None
    return Emissions(**parsed)


def _evidence(value: object) -> tuple[Evidence, ...]:
    if not isinstance(value, list | tuple):
        raise InputError("evidence is a list", hint='write for instance [{"uri": "…", "sha256": "…"}]')
    return tuple(_one_evidence(item) for item in value)


def _one_evidence(value: object) -> Evidence:
    if isinstance(value, Evidence):
        return value
    if not isinstance(value, Mapping) or set(value) != {"uri", "sha256"}:
        raise InputError("an item of evidence has exactly the fields uri and sha256")
    digest = _digest(value["sha256"])
    return Evidence(_uri(value["uri"]), digest)


def _digest(value: object) -> bytes:
    if isinstance(value, bytes) and len(value) == 32:
        return value
    found = _SHA256.fullmatch(str(value))
    if found is None:
        raise InputError(f"{value!r} is not a SHA-256", hint="64 hexadecimal digits")
    return bytes.fromhex(found[1])


def _uri(value: object) -> str:
    return _text(value, "uri", limit=2048)


def _scheme(value: object) -> str:
    text = _text(value, "this text", limit=32)
    if not text.isascii():
        raise InputError(f"{text!r} holds letters other than ASCII")
    return text


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"{value!r} is neither true nor false")
    return value


def _percent(value: object) -> int:
    if not isinstance(value, str | int):
        raise InputError(f"{value!r} is not a percentage", hint="write for instance 87 %")
    return parse_percent(value)


def _degrees(limit: int) -> BeforeValidator:
    def read(value: object) -> int:
        if isinstance(value, str):
            return parse_degrees(value, limit)
        raise InputError("an angle is text", hint='decimal degrees, for instance "-10.72"')

    return BeforeValidator(read)


def _word(kind: type[Word]) -> BeforeValidator:
    names = {member.value: member for member in kind}

    def read(value: object) -> Word:
        member = names.get(value.replace("-", "_")) if isinstance(value, str) else None
        if member is None:
            raise InputError(f"{value!r} is none of {', '.join(names)}")
        return member

    return BeforeValidator(read)


def _enum(kind: type[Number]) -> BeforeValidator:
    names = {member.name.lower(): member for member in kind}

    def read(value: object) -> Number:
        if isinstance(value, kind):
            return value
        member = names.get(value.replace("-", "_")) if isinstance(value, str) else None
        if member is None:
            raise InputError(f"{value!r} is none of {', '.join(names)}")
        return member

    return BeforeValidator(read)


Slug = Annotated[str, BeforeValidator(_slug)]
Name = Annotated[str, BeforeValidator(_identifier)]
Text = Annotated[str, BeforeValidator(_description)]
Label = Annotated[str, BeforeValidator(_label)]
Country = Annotated[str, BeforeValidator(_country)]
Address = Annotated[bytes, BeforeValidator(_address)]
Mass = Annotated[int, BeforeValidator(parse_mass)]
Capacity = Annotated[int, BeforeValidator(partial(parse_mass, limit=2**64 - 1))]
Weight = Annotated[int, BeforeValidator(_weight)]
Time = Annotated[int, BeforeValidator(parse_time)]
SubstanceMasses = Annotated[dict[int, int], BeforeValidator(_substances)]
SubstanceList = Annotated[tuple[int, ...], BeforeValidator(_substance_list)]
Losses = Annotated[dict[int, int] | str, BeforeValidator(_losses)]
EmissionsField = Annotated[Emissions, BeforeValidator(_emissions)]
EvidenceField = Annotated[tuple[Evidence, ...], BeforeValidator(_evidence)]
OriginField = Annotated[Origin, _enum(Origin)]
AllocationField = Annotated[AllocationRule, _enum(AllocationRule)]
ReasonField = Annotated[ErrorReason, _enum(ErrorReason)]
Digest = Annotated[bytes, BeforeValidator(_digest)]
Uri = Annotated[str, BeforeValidator(_uri)]
Scheme = Annotated[str, BeforeValidator(_scheme)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Percent = Annotated[int, BeforeValidator(_percent)]
Latitude = Annotated[int, _degrees(90)]
Longitude = Annotated[int, _degrees(180)]
AssessmentKindField = Annotated[AssessmentKind, _word(AssessmentKind)]
CategoryField = Annotated[FindingCategory, _word(FindingCategory)]
SeverityField = Annotated[Severity, _enum(Severity)]
RatingField = Annotated[Rating, _enum(Rating)]
