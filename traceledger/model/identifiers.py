"""Identifiers that companies and sites have elsewhere, with the check digits that their schemes define.

What is verified: the check digits of LEI (ISO 17442: ISO 7064 mod 97-10) and GLN (GS1 General Specifications
7.9: mod 10); the shape of D-U-N-S numbers, Catena-X business partner numbers, EORI numbers, CIDs of the
Responsible Minerals Initiative, and VAT numbers by country. Values of other schemes are taken as they are:
there are many registers.

Example:
    >>> checked("LEI", "5299 00T8BM49AURSDO55")
    Identifier(scheme='lei', value='529900T8BM49AURSDO55')
    >>> checked("gln", "4000001000005")
    Identifier(scheme='gln', value='4000001000005')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from traceledger.errors import InputError
from traceledger.model import countries
from traceledger.model.frozen import frozen
from traceledger.model.text import composed, fault_of

MAX_BYTES = 64
"""Of a value, and of the name of a scheme."""
MAX_IDENTIFIERS = 16
"""Of one company or site."""

_SCHEME = re.compile(r"[a-z0-9][a-z0-9._:-]{0,31}")
_SEPARATORS = re.compile(r"[\s.\-]+")
_VAT = {
    **{
        "AT": r"U\d{8}",
        "BE": r"[01]\d{9}",
        "BG": r"\d{9,10}",
        "CY": r"\d{8}[A-Z]",
        "CZ": r"\d{8,10}",
        "DE": r"\d{9}",
    },
    **{"DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}"},
    **{"FR": r"[A-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}"},
    **{"IT": r"\d{11}", "LT": r"(?:\d{9}|\d{12})", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}"},
    **{"NL": r"[A-Z0-9+*]{10}\d{2}", "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}"},
    **{"SI": r"\d{8}", "SK": r"\d{10}", "XI": r"(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})"},
    **{"GB": r"(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})", "CH": r"E\d{9}(?:MWST|TVA|IVA)?", "NO": r"\d{9}(?:MVA)?"},
}
"""What follows the country, as the European Commission's VIES and the countries themselves say it."""
_OTHER_VAT = r"[A-Z0-9]{2,15}"


@frozen
class Identifier:
    """An identifier of a scheme, without the separators that people write into it."""

    scheme: str
    value: str

    def to_dict(self) -> dict[str, str]:
        """As files have it."""
        return {"scheme": self.scheme, "value": self.value}


def read(value: object) -> tuple[Identifier, ...]:
    """A list of ``{"scheme": …, "value": …}``, each verified.

    Raises:
        InputError: something else, an identifier that cannot be one, or one that is listed twice.
    """
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise InputError(
            "identifiers are a list", hint='write for instance [{"scheme": "lei", "value": "…"}]'
        )
    if len(value) > MAX_IDENTIFIERS:
        raise InputError("too many identifiers", hint=f"at most {MAX_IDENTIFIERS}")
    found = tuple(item if isinstance(item, Identifier) else _read_one(item) for item in value)
    if len(set(found)) != len(found):
        raise InputError("an identifier is listed twice", hint="leave one of them out")
    return found


def _read_one(item: object) -> Identifier:
    if not isinstance(item, Mapping) or set(item) != {"scheme", "value"}:
        what = "an identifier is an object with exactly the fields scheme and value"
        raise InputError(what, hint='write for instance {"scheme": "lei", "value": "…"}')
    return checked(item["scheme"], item["value"])


def checked(scheme: object, value: object) -> Identifier:
    """An identifier, its scheme in lower case and its value as the scheme writes it.

    Raises:
        InputError: no such identifier can exist: its shape or its check digits are wrong.
    """
    name = scheme.strip().casefold() if isinstance(scheme, str) else ""
    if not _SCHEME.fullmatch(name):
        raise InputError(f"{scheme!r} is no scheme", hint=f"for instance {', '.join(_CHECKS)}")
    if name not in (*_CHECKS, *_OTHERS):
        # Loaded only then: who reads meets no scheme that is not known.
        from traceledger.model.spelling import meant

        if near := meant(_ALSO.get(name, name), _CHECKS):
            raise InputError(f"{scheme!r} is no scheme", hint=f"did you mean {near}?")
    if not isinstance(value, str) or not value.strip() or len(value.encode()) > MAX_BYTES:
        raise InputError(f"the value of {name} must be text of at most {MAX_BYTES} bytes")
    if fault := fault_of(value):
        raise InputError(f"the value of {name} holds {fault}", hint="remove it")
    if name not in _CHECKS:
        return Identifier(name, composed(value.strip()))
    compact = _SEPARATORS.sub("", value).upper()
    what, mend = _CHECKS[name](compact)
    if what:
        raise InputError(f"{name} {compact!r}: {what}", hint=mend)
    return Identifier(name, compact)


_Verdict = tuple[str, str]
"""What is wrong, and how to mend it; empty if nothing is."""
_SOUND: _Verdict = "", ""
_WRONG_DIGITS: _Verdict = "its check digits are wrong", "compare it with the source"


def _shaped(pattern: str, shape: str) -> Callable[[str], _Verdict]:
    found = re.compile(pattern, re.ASCII)
    return lambda value: _SOUND if found.fullmatch(value) else ("it has another shape", shape)


def _lei(value: str) -> _Verdict:
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", value):
        return "it has another shape", "18 letters and digits, and 2 check digits"
    # ISO 7064 mod 97-10: letters count as 10 to 35.
    return _SOUND if int("".join(str(int(sign, 36)) for sign in value)) % 97 == 1 else _WRONG_DIGITS


def _gln(value: str) -> _Verdict:
    if not re.fullmatch(r"[0-9]{13}", value):
        return "it has another shape", "13 digits"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(value))
    return _SOUND if total % 10 == 0 and int(value) else _WRONG_DIGITS


def _eori(value: str) -> _Verdict:
    country, rest = value[:2], value[2:]
    if not re.fullmatch(r"[A-Z0-9]{1,15}", rest) or not country.isalpha():
        return "it has another shape", "the code of a country, and 1 to 15 letters and digits"
    return _of_country(country, also=("XI",))


def _vat(value: str) -> _Verdict:
    country, rest = value[:2], value[2:]
    if country not in _VAT and (wrong := _of_country(country, also=()))[0]:
        # Of Greece, the European Union writes EL.
        return wrong
    if country == "GR":
        return "it has another shape", "VAT numbers of Greece begin with EL"
    if re.fullmatch(_VAT.get(country, _OTHER_VAT), rest, re.ASCII):
        return _SOUND
    return f"it has not the shape of a VAT number of {country}", "write the country's code, then the number"


def _of_country(code: str, *, also: tuple[str, ...]) -> _Verdict:
    if code in also or countries.exists(code):
        return _SOUND
    meant = " or ".join(countries.meant_by(code))
    return f"{code!r} is not the code of a country", f"did you mean {meant}?" if meant else "check it"


_CHECKS: Mapping[str, Callable[[str], _Verdict]] = {
    "lei": _lei,
    "gln": _gln,
    "duns": _shaped(r"[0-9]{9}", "9 digits"),
    "bpn": _shaped(r"BPN[LSA][0-9A-Z]{12}", "BPNL, BPNS or BPNA, and 12 letters and digits"),
    "eori": _eori,
    "rmi": _shaped(r"CID[0-9]{6}", "CID and 6 digits"),
    "vat": _vat,
}
_ALSO = {
    "d-u-n-s": "duns",
    "dnb": "duns",
    "cid": "rmi",
    "bpnl": "bpn",
    "bpns": "bpn",
    "bpna": "bpn",
    "ust-id": "vat",
}
"""Other names of some schemes."""

_OTHERS = ("sgln", "pgln", "gtin")
"""Schemes that are no misspelt ones, though they look so."""

SCHEMES = tuple(_CHECKS)
"""The schemes whose values are verified."""
