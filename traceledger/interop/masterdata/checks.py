"""How values of a master data file are written, and what is wrong with others, in a sentence each.

Each check takes what TOML had and gives what is kept; ``ValueError`` says what is wrong, in a clause.

Example:
    >>> percent("1.2 %"), mass("920 g"), gtin("4012345123456")
    (Decimal('1.2'), 920000, '04012345123456')
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

from traceledger.errors import InputError
from traceledger.model import countries, gs1, identifiers
from traceledger.model.text import composed, fault_of
from traceledger.model.units import parse_mass

MOST_TEXT = 4096
"""Characters of one text."""
_MOST_DIGITS = 40
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_NOT_IN_ADDRESSES = re.compile(r"""[\s"<>\\^`{|}]""")
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:\S+", re.IGNORECASE)
_SHOWN = 80
_Made = TypeVar("_Made")


class FaultError(ValueError):
    """``what`` is wrong with a value, and how to mend it: the ``hint``."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def text(value: object) -> str:
    """A text of one line that shows what it is."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    if len(value) > MOST_TEXT:
        raise ValueError(f"is longer than {MOST_TEXT} characters")
    if fault := fault_of(value):
        raise ValueError(f"holds {fault}")
    return composed(value.strip())


def paragraph(value: object) -> str:
    """A text that may have several lines, which become one."""
    return text(" ".join(value.split()) if isinstance(value, str) else value)


def slug(value: object) -> str:
    """The short name of a company or material."""
    found = text(value)
    if not _SLUG.fullmatch(found):
        raise ValueError(f"{found[:_SHOWN]!r} is no short name: small letters, digits and hyphens")
    return found


def full_name(value: object) -> str:
    """``slug/identifier``."""
    found = text(value)
    owner, slash, identifier = found.partition("/")
    if not slash or not identifier or not _SLUG.fullmatch(owner):
        raise ValueError(f"{found[:_SHOWN]!r} is no full name, such as kokkola/COS-88")
    return found


def number(value: object) -> Decimal:
    """An exact decimal, as TOML's number or as text."""
    if isinstance(value, str) and len(value) <= _MOST_DIGITS and _NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        found = Decimal(value)
        if found.is_finite() and len(found.as_tuple().digits) <= _MOST_DIGITS and abs(found.adjusted()) < 30:
            return found
    raise ValueError("must be a number, such as 0.0185")


def positive(value: object) -> Decimal:
    """A number above zero."""
    found = number(value)
    if found <= 0:
        raise ValueError("must be above zero")
    return found


def rating(value: object) -> Decimal:
    """A rating of data quality, 1 (best) to 5."""
    found = number(value)
    if not 1 <= found <= 5:
        raise ValueError("must be from 1, the best, to 5")
    return found


def percent(value: object) -> Decimal:
    """A share in per cent, 0 to 100, written with its sign."""
    found = (
        _PERCENT.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _MOST_DIGITS else None
    )
    if found is None or Decimal(found[1]) > 100:
        raise ValueError('must be a share in per cent from 0 to 100, written such as "1.2 %"')
    return Decimal(found[1])


def degrees(limit: int) -> Callable[[object], Decimal]:
    """Decimal degrees up to a limit on both sides of zero."""

    def check(value: object) -> Decimal:
        found = number(value)
        if abs(found) > limit:
            raise ValueError(f"must be from -{limit} to {limit} degrees")
        return found

    return check


def mass(value: object) -> int:
    """Milligrams of a mass above zero, written such as ``920 g``."""
    if not isinstance(value, str):
        raise ValueError('must be a mass with its unit, such as "920 g"')
    found = _said(lambda: parse_mass(value))
    if not found:
        raise ValueError("must be above zero")
    return found


def day(value: object) -> date:
    """A day, as TOML writes it."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be a day, such as 2026-12-31") from None


def country(value: object) -> str:
    """The ISO 3166-1 alpha-2 code of a country that exists."""
    return _said(lambda: countries.require(text(value)))


def subdivision(value: object) -> str:
    """The ISO 3166-2 code of a part of a country."""
    found = text(value)
    if not _SUBDIVISION.fullmatch(found) or not countries.exists(found[:2]):
        raise ValueError(f"{found[:_SHOWN]!r} is no part of a country by ISO 3166-2, such as FI-07")
    return found


def gtin(value: object) -> str:
    """A GTIN of 8, 12, 13 or 14 digits, as the one of 14."""
    return _said(lambda: gs1.gtin(text(value)))


def identifier(scheme: str) -> Callable[[object], str]:
    """A value of a scheme, its check digits verified."""
    return lambda value: _said(lambda: identifiers.checked(scheme, text(value)).value)


def partner_number(kind: str) -> Callable[[object], str]:
    """A Catena-X business partner number of a kind: ``BPNL`` company, ``BPNS`` site, ``BPNA`` address."""

    def check(value: object) -> str:
        found = identifier("bpn")(value)
        if not found.startswith(kind):
            raise ValueError(f"{found} is no {kind}")
        return found

    return check


def prefix(value: object) -> str:
    """A GS1 company prefix."""
    found = text(value)
    if not re.fullmatch(r"[0-9]{6,12}", found, re.ASCII):
        raise ValueError("a GS1 company prefix has 6 to 12 digits")
    return found


def uri(value: object) -> str:
    """A URN or an address; GS1 keys in it are verified, and kept as their canonical Digital Link."""
    found = text(value)
    if not (_URN.fullmatch(found) or is_address(found)):
        raise ValueError(f"{found[:_SHOWN]!r} is neither a URN nor an https address")
    return _said(lambda: gs1.canonical(found))


def urn(value: object) -> str:
    """A URN, as it is written."""
    found = text(value)
    if not _URN.fullmatch(found):
        raise ValueError(f"{found[:_SHOWN]!r} is no URN, such as urn:pact:productclassification:un-cpc:46410")
    return found


def epc(value: object) -> str:
    """What names a lot or an item in documents of others; GS1 keys as their canonical Digital Link."""
    return _said(lambda: gs1.canonical(text(value)))


def address(value: object) -> str:
    """An address of the web."""
    found = text(value)
    if not is_address(found):
        raise ValueError(f"{found[:_SHOWN]!r} is no address, such as https://kokkola.example/report.pdf")
    return found


def media(value: object) -> str:
    """A media type without parameters."""
    found = text(value)
    if not re.fullmatch(r"[a-z0-9]+/[a-z0-9.+-]+", found):
        raise ValueError(f"{found[:_SHOWN]!r} is no media type, such as application/pdf")
    return found


def contact(value: object) -> str:
    """How somebody is reached: an address of the web or ``mailto:``."""
    found = text(value)
    return found if re.fullmatch(r"mailto:[^\s@]+@[^\s@]+", found) else address(found)


def is_address(value: str) -> bool:
    """Whether a text is an address of the web."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    is_written = value.isascii() and not _NOT_IN_ADDRESSES.search(value)
    return (
        is_written and parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    )


def sha256(value: object) -> str:
    """A SHA-256, as 64 hexadecimal digits."""
    found = text(value).lower().removeprefix("0x")
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise ValueError("a SHA-256 is 64 hexadecimal digits")
    return found


def pointer(value: object) -> str:
    """A JSON Pointer (RFC 6901) of something inside of a document."""
    found = text(value)
    if not re.fullmatch(r"(?:/(?:[^~/]|~[01])*)+", found):
        raise ValueError(
            f"{found[:_SHOWN]!r} is no JSON Pointer, such as /characteristics/warranty/lifeValue"
        )
    return found


def one_of(*words: str) -> Callable[[object], str]:
    """One of some words."""

    def check(value: object) -> str:
        found = text(value)
        if found not in words:
            raise ValueError(f"{found[:_SHOWN]!r} is none of {', '.join(words)}")
        return found

    return check


def listed(value: object) -> list[Any]:
    """A list; one value alone stands for a list of it, and none stands twice in it."""
    found = value if isinstance(value, list | tuple) else [value]
    if any(each in found[:place] for place, each in enumerate(found)):
        raise ValueError("lists a value twice")
    return list(found)


def _said(make: Callable[[], _Made]) -> _Made:
    """What is made; an error of the house as one of this module's."""
    try:
        return make()
    except InputError as fault:
        raise FaultError(fault.what, fault.hint) from None
