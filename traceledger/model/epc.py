"""Electronic Product Codes: what an EPC URN says of GS1 keys, and back.

A URN parts the company's prefix from what the company numbered, which a key does not; its check digit is left
out; and where a key begins with an indicator or extension digit, that stands first in what the company
numbered. Each scheme's make-up is a row of a table, from the EPC Tag Data Standard 2.1, 6.3.

Example:
    >>> elements("urn:epc:id:sgln:0614141.07346.1234")
    [('414', '0614141073467'), ('254', '1234')]
    >>> urn((("414", "0614141073467"), ("254", "1234")), 7)
    'urn:epc:id:sgln:0614141.07346.1234'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from traceledger.errors import InputError
from traceledger.model.frozen import frozen

_URN = re.compile(r"urn:epc:(id|idpat|class):([a-z]+):(.*)", re.IGNORECASE | re.DOTALL)
_PLAIN = "!'()*+,:;="
"""What a serial number has as it is in a URN (EPC Tag Data Standard 2.1, annex A); the rest is escaped."""
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HINT = "EPC URNs are explained in the EPC Tag Data Standard, https://ref.gs1.org/standards/tds"
_PREFIX_LENGTHS = range(6, 13)


@frozen
class _Scheme:
    """How the key of a scheme is made up.

    Attributes:
        code: its Application Identifier.
        digits: of prefix and reference together, without a check digit; 0 where the reference is free.
        moves: whether the reference's first digit stands first in the key.
        before: what stands before the prefix.
        extra: how many parts of two digits follow the reference.
        qualifier: the Application Identifier of the serial part; empty where it is appended to the key.
        serial: whether there is one.
        checked: whether the key has a check digit.
        unsaid: the serial part that means none.
    """

    code: str
    digits: int
    moves: bool = False
    before: str = ""
    extra: int = 0
    qualifier: str = ""
    serial: bool = True
    checked: bool = True
    unsaid: str = ""


_SCHEMES = {
    "sgtin": _Scheme("01", 13, moves=True, qualifier="21"),
    "lgtin": _Scheme("01", 13, moves=True, qualifier="10"),
    "upui": _Scheme("01", 13, moves=True, qualifier="235"),
    "itip": _Scheme("8006", 13, moves=True, extra=2, qualifier="21"),
    "sscc": _Scheme("00", 17, moves=True, serial=False),
    "sgln": _Scheme("414", 12, qualifier="254", unsaid="0"),
    "pgln": _Scheme("417", 12, serial=False),
    "grai": _Scheme("8003", 12, before="0"),
    "giai": _Scheme("8004", 0, serial=False, checked=False),
    "gsrn": _Scheme("8018", 17, serial=False),
    "gsrnp": _Scheme("8017", 17, serial=False),
    "gdti": _Scheme("253", 12),
    "sgcn": _Scheme("255", 12),
    "cpi": _Scheme("8010", 0, qualifier="8011", checked=False),
    "ginc": _Scheme("401", 0, serial=False, checked=False),
    "gsin": _Scheme("402", 16, serial=False),
}
_CLASSES = ("lgtin",)
_PATTERNS = ("sgtin", "upui", "itip", "grai", "gdti", "sgcn", "cpi")
"""Schemes of which a pattern with every serial number names a class of objects (CBV 2.0, 8.3.1)."""


def elements(text: str) -> list[tuple[str, str]] | None:
    """The Application Identifiers and values that an EPC URN stands for, the primary key's first.

    Returns:
        ``None`` where it is of a scheme without GS1 keys, or a pattern of more than one class.

    Raises:
        InputError: it is not made up as its scheme demands.
    """
    found = _URN.fullmatch(text)
    if found is None:
        return None
    form, name, rest = found[1].lower(), found[2].lower(), found[3]
    scheme = _SCHEMES.get(name)
    if scheme is None or (form == "idpat" and (name not in _PATTERNS or not _names_a_class(rest))):
        return None
    if (form == "class") is not (name in _CLASSES):
        raise _fault(text, name, f"urn:epc:{form} has no such scheme")
    if _PERCENT.search(rest):
        raise _fault(text, name, "a percent sign stands for nothing in it")
    return _made_up(scheme, text, name, rest.removesuffix(".*") if form == "idpat" else rest, form)


def _names_a_class(rest: str) -> bool:
    """Whether a pattern leaves only the serial number open."""
    return rest.endswith(".*") and "*" not in rest[:-2]


def _made_up(scheme: _Scheme, text: str, name: str, rest: str, form: str) -> list[tuple[str, str]]:
    company, *parts = rest.split(".")
    if not (company.isascii() and company.isdigit() and len(company) in _PREFIX_LENGTHS):
        raise _fault(text, name, "its company prefix has not 6 to 12 digits")
    serial = scheme.serial and form != "idpat"
    # A point may stand in a free reference, else in a serial number: whichever comes last.
    count = 1 + scheme.extra + serial
    parts = ".".join(parts).split(".", count - 1) if scheme.digits else _free(parts, serial=serial)
    if len(parts) != count:
        raise _fault(text, name, "the number of its parts is wrong")
    reference, extra, last = parts[0], parts[1 : 1 + scheme.extra], unquote(parts[-1]) if serial else ""
    if serial and not last:
        raise _fault(text, name, "it has no serial number")
    if any(len(each) != 2 for each in extra):
        raise _fault(text, name, "piece and total have two digits each")
    key = _numeric(scheme, text, name, company, reference) if scheme.digits else company + unquote(reference)
    key += "".join(extra)
    if not scheme.qualifier:
        return [(scheme.code, key + last)]
    return [(scheme.code, key), *([(scheme.qualifier, last)] if last and last != scheme.unsaid else [])]


def _free(parts: list[str], *, serial: bool) -> list[str]:
    """A reference that may hold points, and the serial number after it."""
    return [".".join(parts[:-1]), parts[-1]] if serial and len(parts) > 1 else [".".join(parts)]


def _numeric(scheme: _Scheme, text: str, name: str, company: str, reference: str) -> str:
    from biip.checksums import gs1_standard_check_digit

    digits = company + reference
    if not (digits.isascii() and digits.isdigit() and len(digits) == scheme.digits):
        raise _fault(text, name, f"prefix and reference have {scheme.digits} digits together")
    if scheme.moves and not reference:
        raise _fault(text, name, "it has no reference")
    if scheme.moves:
        digits = reference[0] + company + reference[1:]
    digits = scheme.before + digits
    return f"{digits}{gs1_standard_check_digit(digits)}"


def urn(key: Sequence[tuple[str, str]], length: int) -> str | None:
    """The EPC URN of a key; ``None`` where there is none for it.

    Args:
        key: Application Identifiers and values, the primary key's first, at most one qualifier.
        length: of the company's prefix.

    Raises:
        InputError: no prefix has that length.
    """
    if length not in _PREFIX_LENGTHS:
        raise InputError(f"{length} is no length of a GS1 company prefix", hint="it has 6 to 12 digits")
    (code, value), given = key[0], dict(key[1:])
    for name, scheme in _SCHEMES.items():
        if scheme.code == code and {*given} <= {scheme.qualifier}:
            return _written(name, scheme, value, given.get(scheme.qualifier, ""), length)
    return None


def _written(name: str, scheme: _Scheme, value: str, serial: str, length: int) -> str:
    rest = value.removeprefix(scheme.before)
    tail = ""
    if scheme.digits:
        rest, tail = rest[: scheme.digits], rest[scheme.digits + 1 :]
    moved = rest[:1] if scheme.moves else ""
    rest = rest[len(moved) :]
    parts = [rest[:length], moved + quote(rest[length:], safe=_PLAIN)]
    if scheme.extra:
        parts, tail = [*parts, tail[:2], tail[2:4]], ""
    serial = serial or tail or scheme.unsaid
    if not scheme.serial:
        form = "id"
    elif serial:
        form, parts = "class" if name in _CLASSES else "id", [*parts, quote(serial, safe=_PLAIN)]
    else:
        form, parts = "idpat", [*parts, "*"]
    return f"urn:epc:{form}:{name}:{'.'.join(parts)}"


def _fault(text: str, name: str, why: str) -> InputError:
    return InputError(f"{text[:80]!r} is no {name.upper()}: {why}", hint=_HINT)
