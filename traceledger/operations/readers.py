"""From what people write to the ledger's integers: one function for each kind of field.

Example:
    >>> parse_time("2026-01-17T06:00:00Z")
    1768629600
"""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from math import floor, isfinite
from typing import TypeVar

from traceledger.errors import InputError
from traceledger.model import countries, spelling
from traceledger.model.emissions import EMISSION_FIELDS, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.hexadecimal import parsed_address
from traceledger.model.substances import number, symbol
from traceledger.model.text import composed, fault_of
from traceledger.model.units import parse_co2e, parse_degrees, parse_mass, parse_percent

MAX_SECONDS = 2**40
_LAST_DAY_OF_SPREADSHEETS = 2_958_465
"""31 December 9999, in days since the beginning of 1900."""
_TIME_HINT = "write for instance 2026-01-17T06:00:00Z"
MAX_IDENTIFIER_BYTES = 256
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,20})?", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,99}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_SIGNATURE = re.compile(r"(?:0x)?[0-9a-fA-F]{130}", re.ASCII)
_CALLDATA = re.compile("0x(?:[0-9a-fA-F]{2}){4,}", re.ASCII)
_SHA256 = re.compile(r"(?:0x)?([0-9a-fA-F]{64})")

Number = TypeVar("Number", bound=IntEnum)
Word = TypeVar("Word", bound=StrEnum)


def _text(value: object, what: str, *, limit: int = MAX_IDENTIFIER_BYTES) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{what} must be text that is not empty")
    # Before anything is done with it: it may come from anybody's file.
    if len(value.encode()) > limit:
        raise InputError(f"{what} is longer than {limit} bytes", hint="shorten it")
    if fault := fault_of(value):
        raise InputError(f"{what} holds {fault}", hint="remove it")
    return composed(value)


def slug(value: object) -> str:
    """A short name."""
    text = _text(value, "a short name")
    if not _SLUG.fullmatch(text):
        raise InputError(
            f"{text!r} is not a short name",
            hint="1 to 64 characters of a-z, 0-9, '-', '_' and '.', starting with a letter or digit",
        )
    return text


def label(value: object) -> str:
    """A kind or role in lower case, of at most 32 bytes: ``mine``, ``vehicle plant``."""
    return _text(value, "this label", limit=32).strip().lower()


def facility_kind(value: object) -> str:
    """A kind of facility: any, but not one that misses narrowly what makes an origin."""
    kind = label(value)
    if near := spelling.near_origin(kind):
        hint = f"did you mean {near}? another kind of facility needs another word"
        raise InputError(f"{kind!r} is no origin: only {near!r}, written so, is", hint=hint)
    return kind


def role(value: object) -> str:
    """A role of a company: any, but not one that misses a usual one narrowly."""
    found = label(value)
    if near := spelling.near_role(found):
        raise InputError(f"{found!r} is none of the usual roles", hint=f"did you mean {near}?")
    return found


def country(value: object) -> str:
    """A country by its code: one that exists."""
    return countries.require(_text(value, "a country"))


def address(value: object) -> bytes:
    """The 20 bytes of an address."""
    if isinstance(value, bytes) and len(value) == 20:
        return value
    found = parsed_address(value) if isinstance(value, str) else None
    if found is None:
        raise InputError(f"{value!r} is not an address", hint="0x and 40 hexadecimal digits")
    return found


def signature(value: object) -> bytes:
    """The 65 bytes of a signature."""
    found = value if isinstance(value, bytes) else None
    if isinstance(value, str) and _SIGNATURE.fullmatch(value):
        found = bytes.fromhex(value.removeprefix("0x"))
    if found is None or len(found) != 65:
        raise InputError("this is not a signature", hint="0x and 130 hexadecimal digits")
    return found


def calldata(value: object) -> bytes:
    """What a contract is called with."""
    found = value if isinstance(value, bytes) else None
    if isinstance(value, str) and _CALLDATA.fullmatch(value):
        found = bytes.fromhex(value.removeprefix("0x"))
    if found is None:
        raise InputError(
            "this is no calldata", hint="0x and hexadecimal digits, as traceledger role list shows"
        )
    return found


def identifier(value: object) -> str:
    """The own text for a lot, a site or a document."""
    return _text(value, "an identifier")


def some(value: object) -> object:
    """A list or an object, as it is, that names something."""
    if isinstance(value, list | tuple | Mapping) and not value:
        raise InputError("no lot is named", hint="leave the field out to mean all, or name at least one")
    return value


def description(value: object) -> str:
    """Text for people."""
    return _text(value, "this text", limit=4096)


def remark(value: object) -> str:
    """Text for people, or none."""
    return "" if value == "" else description(value)


def parse_time(value: object) -> int:
    """UTC seconds of an ISO 8601 time with its zone, or of a number of them; fractions are floored.

    Raises:
        InputError: no time, no zone, before 1970 or too far ahead; or a spreadsheet's count of days.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = _counted(value)
    else:
        moment = _moment(value)
        if moment.tzinfo is None:
            raise InputError(f"{value!r} is not a time with its zone", hint=_TIME_HINT)
        try:
            seconds = timegm(moment.astimezone(UTC).utctimetuple())
        except OverflowError:  # of the year 1 or 9999, in a zone that takes it beyond
            seconds = -1
    if not 0 <= seconds < MAX_SECONDS:
        raise InputError(f"{value!r} is before 1970 or too far ahead", hint=_TIME_HINT)
    return seconds


def _counted(value: float) -> int:
    """Seconds since 1970, of a number that can be meant so."""
    if isinstance(value, float) and not isfinite(value):
        raise InputError(f"{value!r} is not a time", hint=_TIME_HINT)
    if 0 <= value <= _LAST_DAY_OF_SPREADSHEETS:
        raise InputError(
            f"{value!r} is no time in seconds, but looks like a day as spreadsheets count them",
            hint=f"format the cell as a date and {_TIME_HINT}",
        )
    return floor(value)


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not a time with its zone", hint=_TIME_HINT)
    if _NUMBER.fullmatch(value):
        raise InputError(
            f"{value!r} is not a time, but looks like a day as spreadsheets count them",
            hint=f"format the cell as a date and {_TIME_HINT}",
        )
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise InputError(f"{value!r} is not a time", hint=_TIME_HINT) from None


def first_second(value: object) -> int:
    """A time, or the first second of a day (UTC)."""
    return parse_time(f"{value}T00:00:00Z" if isinstance(value, str) and _DAY.fullmatch(value) else value)


def last_second(value: object) -> int:
    """A time, or the last second of a day (UTC)."""
    return parse_time(f"{value}T23:59:59Z" if isinstance(value, str) and _DAY.fullmatch(value) else value)


def substances(value: object) -> dict[int, int]:
    """``{"Co": "8.4 t"}`` to milligrams by substance number, ascending."""
    if not isinstance(value, Mapping):
        raise InputError("substances are an object", hint='write for instance {"Co": "8.4 t"}')
    amounts: dict[int, int] = {}
    for name, amount in value.items():
        substance = _substance(name)
        if substance in amounts:
            raise InputError(f"{symbol(substance)} is given twice")
        try:
            amounts[substance] = parse_mass(amount)
        except InputError as error:
            raise InputError(f"{name}: {error.what}", hint=error.hint) from None
    return dict(sorted(amounts.items()))


def _substance(value: object) -> int:
    """The number of a substance, given by that or by name."""
    if isinstance(value, bool) or not isinstance(value, int):
        return number(str(value))
    if not 0 < value < 2**16:
        raise InputError(f"{value} is no substance", hint="use a symbol such as Co, or mica")
    return value


def children(value: object) -> object:
    """``{"KOL-1-A": "20 t"}`` as the list of batches and masses that it is short for."""
    if isinstance(value, Mapping):
        return [{"batch": name, "mass": mass} for name, mass in value.items()]
    return value


def substance_list(value: object) -> tuple[int, ...]:
    """Substance numbers, ascending."""
    if not isinstance(value, list | tuple):
        raise InputError("substances are a list", hint='write for instance ["Co", "Ni"]')
    numbers = [_substance(item) for item in value]
    if len(set(numbers)) != len(numbers):
        raise InputError("a substance is listed twice")
    if len(numbers) > 15:
        raise InputError("a material tracks at most 15 substances")
    return tuple(sorted(numbers))


def integer(what: str, least: int, *, bits: int = 64, digits: bool = True) -> Callable[[object], int]:
    """What reads an integer from ``least`` on, of so many bits without a sign.

    Args:
        what: what it is, for who gave something else: "a weight".
        least: the least that it may be.
        bits: how many.
        digits: whether its digits will do, which is what an option is given; numbers in parts have parsers.
    """

    def read(value: object) -> int:
        written = _INTEGER.fullmatch(value) if digits and isinstance(value, str) else None
        number = int(written[0]) if written else value
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number < 2**bits:
            hint = f"an integer from {least} on, of less than 2^{bits}"
            raise InputError(f"{value!r} is not {what}", hint=hint)
        return number

    return read


_positive = integer("a weight", 1, digits=False)


def weight(value: object) -> int:
    """A weight under the economic rule."""
    if value == 0 and isinstance(value, int) and not isinstance(value, bool):
        hint = "what is worth nothing is made in a waste material, as the consortium defines it, and has none"
        raise InputError("0 is not a weight", hint=hint)
    return _positive(value)


pieces = integer("a number of pieces", 1)
"""Reads of how many pieces a lot is."""


def losses(value: object) -> dict[int, int] | str:
    """``balance``, or mg by substance number."""
    if isinstance(value, str) and value != "balance":
        hint = spelling.hint(value, ["balance"], 'write "balance", or for instance {"Co": "40 kg"}')
        raise InputError(f"losses are an object or 'balance', not {value!r}", hint=hint)
    return "balance" if value == "balance" else substances(value)


_LESS_THAN_RECORDED = (
    "emissions are never taken off: restate_emissions gives a record its new absolute amounts"
)


def emissions(value: object) -> Emissions:
    """``{"scope1": "40 t", "primary": "40 t"}`` to mg CO2e; a scope that is absent is 0."""
    if isinstance(value, Emissions):
        return value
    if not isinstance(value, Mapping):
        raise InputError("emissions are an object", hint='write for instance {"scope1": "40 t"}')
    if unknown := [name for name in value if name not in EMISSION_FIELDS]:
        raise InputError(
            f"unknown field {unknown[0]!r} in emissions", hint=f"use {', '.join(EMISSION_FIELDS)}"
        )
    parsed: dict[str, int] = {}
    for name, amount in value.items():
        try:
            parsed[name] = parse_co2e(amount, where_negative=_LESS_THAN_RECORDED)
        except InputError as error:
            raise InputError(f"{name}: {error.what}", hint=error.hint) from None
    return Emissions(**parsed)


def evidence(value: object) -> tuple[Evidence, ...]:
    """Documents held elsewhere."""
    if not isinstance(value, list | tuple):
        raise InputError("evidence is a list", hint='write for instance [{"uri": "…", "sha256": "…"}]')
    return tuple(_one_evidence(item) for item in value)


def _one_evidence(value: object) -> Evidence:
    if isinstance(value, Evidence):
        return value
    if not isinstance(value, Mapping) or set(value) != {"uri", "sha256"}:
        raise InputError("an item of evidence has exactly the fields uri and sha256")
    hashed = digest(value["sha256"])
    return Evidence(uri(value["uri"]), hashed)


def digest(value: object) -> bytes:
    """The 32 bytes of a SHA-256."""
    if isinstance(value, bytes) and len(value) == 32:
        return value
    found = _SHA256.fullmatch(str(value))
    if found is None:
        raise InputError(f"{value!r} is not a SHA-256", hint="64 hexadecimal digits")
    return bytes.fromhex(found[1])


def uri(value: object) -> str:
    """Where a document is."""
    return _text(value, "uri", limit=2048)


def scheme(value: object) -> str:
    """The name of a programme, in ASCII."""
    text = _text(value, "this text", limit=32)
    if not text.isascii():
        raise InputError(f"{text!r} holds letters other than ASCII")
    return text


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InputError(f"{value!r} is neither true nor false")
    return value


def percent(value: object) -> int:
    """Basis points."""
    if not isinstance(value, str | int):
        raise InputError(f"{value!r} is not a percentage", hint="write for instance 87 %")
    return parse_percent(value)


def degrees(limit: int) -> Callable[[object], int]:
    """What reads an angle of at most so many degrees, to micro-degrees."""

    def read(value: object) -> int:
        if isinstance(value, str):
            return parse_degrees(value, limit)
        raise InputError("an angle is text", hint='decimal degrees, for instance "-10.72"')

    return read


def _meant(value: object, words: Iterable[str]) -> str:
    return spelling.hint(value, words, "use one of these") if isinstance(value, str) else "use one of these"


def word(kind: type[Word]) -> Callable[[object], Word]:
    """What reads a member of an enumeration of words."""
    names = {member.value: member for member in kind}

    def read(value: object) -> Word:
        member = names.get(value.replace("-", "_")) if isinstance(value, str) else None
        if member is None:
            raise _no_word(value, names)
        return member

    return read


def _no_word(value: object, names: Iterable[str]) -> InputError:
    return InputError(f"{value!r} is none of {', '.join(names)}", hint=_meant(value, names))


def enum(kind: type[Number]) -> Callable[[object], Number]:
    """What reads a member of an enumeration of numbers, by its name in lower case."""
    names = {member.name.lower(): member for member in kind}

    def read(value: object) -> Number:
        if isinstance(value, kind):
            return value
        member = names.get(value.replace("-", "_")) if isinstance(value, str) else None
        if member is None:
            raise _no_word(value, [name for name in names if name != "none"])
        return member

    return read
