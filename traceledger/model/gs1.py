"""GS1 keys in every notation: EPC URNs, GS1 Digital Links, element strings. One key is one thing.

Which keys there are, what may qualify each and in which order: GS1 Digital Link Standard, URI Syntax 1.6,
4.3 to 4.9, and the attribute ``dlpkey`` of the GS1 Barcode Syntax Dictionary. How an EPC URN becomes a key:
EPC Tag Data Standard 2.1, 6.3 (``urn:epc:id``), 8 (``urn:epc:idpat``) and CBV 2.0, 8
(``urn:epc:class:lgtin``). Check digits: GS1 General Specifications, 7.9.

Example:
    >>> read("urn:epc:class:lgtin:4012345.012345.LOT%2F1").link
    'https://id.gs1.org/01/04012345123456/10/LOT%2F1'
    >>> canonical("http://shop.example/de/gtin/4012345123456/lot/LOT%2f1?17=271231#top")
    'https://id.gs1.org/01/04012345123456/10/LOT%2F1'
    >>> read("KOL-2026-0117") is None
    True
    >>> read("https://id.gs1.org/01/04012345123457")
    Traceback (most recent call last):
    traceledger.errors.InputError: 'https://id.gs1.org/01/04012345123457': the check digit of 04012345123457 \
is wrong (compare it with the source; by its other digits it would be 6)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from traceledger.errors import InputError
from traceledger.model import epc
from traceledger.model.frozen import frozen

RESOLVER = "https://id.gs1.org"
"""Where GS1 itself answers Digital Links; the beginning of every canonical one."""

Element = tuple[str, str]
"""An Application Identifier and its value."""

QUALIFIERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "01": (("22", "10", "21"), ("235",)),
    "8006": (("22", "10", "21"),),
    "8013": (),
    "8010": (("8011",),),
    "410": (),
    "411": (),
    "412": (),
    "413": (),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "416": (),
    "417": (("7040",),),
    "8017": (("8019",),),
    "8018": (("8019",),),
    "255": (),
    "00": (),
    "253": (),
    "401": (),
    "402": (),
    "8003": (),
    "8004": (("7040",),),
}
"""The primary keys, and for each the lists of qualifiers of which one may stand, each list in its order."""

_NAMES = {
    **{"gtin": "01", "itip": "8006", "gmn": "8013", "cpid": "8010", "shipTo": "410", "billTo": "411"},
    **{"purchasedFrom": "412", "shipFor": "413", "gln": "414", "payTo": "415", "glnProd": "416"},
    **{"party": "417", "partyGln": "417", "gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00"},
    **{"gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004"},
    **{"cpv": "22", "lot": "10", "ser": "21", "tpx": "235", "cpsn": "8011", "glnx": "254"},
    **{"srin": "8019", "refno": "8020", "uic-ext": "7040"},
}
"""Convenience alphas of earlier editions of the standard, which labels in use have."""
_CODES = {*QUALIFIERS, *(each for lists in QUALIFIERS.values() for one in lists for each in one)}
_CHECKED = {
    **dict.fromkeys(("01", "8006"), 14),
    **dict.fromkeys(("00", "8017", "8018"), 18),
    **dict.fromkeys(("253", "255", *(str(each) for each in range(410, 418))), 13),
    **{"402": 17, "8003": 14},
}
"""At which place the check digit stands, counted from 1."""
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_BEGINS = re.compile(r"[0-9]{4}")
"""How keys begin that are not all digits: with a company's prefix."""
_ELEMENT = re.compile(r"\(([0-9]{2,4})\)([^()]*(?:\([^()0-9][^()]*\)?[^()]*)*)")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN = "';="
"""What stands in the path as it is, besides letters, digits and ``-._~`` (URI Syntax 1.6, table 7-1)."""
_HINT = "the keys are explained at https://www.gs1.org/standards/id-keys"
_SHOWN = 80
_MOST = 2048
"""Longer texts are no key of anybody's."""


@frozen
class Key:
    """A GS1 key: a primary one, and what qualifies it.

    Attributes:
        primary: its Application Identifier and value, such as ``("01", "04012345123456")``.
        qualifiers: the same of what qualifies it, in the standard's order.
    """

    primary: Element
    qualifiers: tuple[Element, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """All of it, the primary key first."""
        return (self.primary, *self.qualifiers)

    @property
    def path(self) -> str:
        """The path of its Digital Link, which begins with a slash."""
        return "".join(f"/{code}/{quote(value, safe=_PLAIN)}" for code, value in self.elements)

    @property
    def link(self) -> str:
        """Its canonical Digital Link (GS1 Digital Link, URI Syntax 1.6, 4.12)."""
        return RESOLVER + self.path

    @property
    def element_string(self) -> str:
        """As it is printed beside a bar code, such as ``(01)04012345123456(10)LOT``."""
        return "".join(f"({code}){value}" for code, value in self.elements)

    @property
    def identity(self) -> Key:
        """The same thing with no more than it takes to tell it from others, as EPCIS events name it.

        An item is told by its serial number, whatever lot it is of; a lot by its lot number, whatever variant
        (CBV 2.0, 8.3: constrained Digital Links). Two keys name one thing if their identities are equal.
        """
        if self.primary[0] not in ("01", "8006"):
            return self
        return Key(self.primary, self.qualifiers[-1:])

    @property
    def kind(self) -> Key:
        """What it is one of: of a lot, an item or a piece, the key without them."""
        code, value = self.primary
        return Key((code, value[: _CHECKED[code]] if code in ("253", "255", "8003") else value))

    @property
    def is_class(self) -> bool:
        """Whether it names a kind of things, and neither one of them nor a lot: a GTIN alone does."""
        code = self.primary[0]
        if code in ("01", "8006", "8010"):
            return not {"10", "21", "235", "8011"} & {each for each, _ in self.qualifiers}
        return code in ("253", "255", "8003", "8013") and self.kind.primary == self.primary

    @property
    def gtin(self) -> str | None:
        """The GTIN, of 14 digits, of what is traded under one; else ``None``."""
        return self.primary[1][:14] if self.primary[0] in ("01", "8006") else None

    @property
    def gln(self) -> str | None:
        """The GLN, of 13 digits, of a place or a company; else ``None``."""
        return self.primary[1] if self.primary[0].startswith("41") else None

    def get(self, code: str) -> str | None:
        """The value of an Application Identifier in it; ``None`` if it has none."""
        return dict(self.elements).get(code)

    def at(self, resolver: str) -> str:
        """Its Digital Link at another place than GS1's, such as ``https://ledger.example``."""
        return resolver.rstrip("/") + self.path


def read(text: str) -> Key | None:
    """The key that a text is, in whichever notation.

    Args:
        text: an EPC URN of an object, of a lot or of a class, a Digital Link on any domain, behind any path,
            or an element string with its identifiers in brackets. What a Digital Link says after ``?`` or
            ``#`` is not part of its key.

    Returns:
        The key; ``None`` where the text is something else: a lot number, or an address that only looks alike.

    Raises:
        InputError: it is written as a key and can be none: a check digit, a length, a letter or what
            qualifies it is wrong.
    """
    if len(text) > _MOST:
        return None
    if text[:8].lower() == "urn:epc:":
        found = epc.elements(text)
    elif text[:8].lower().startswith(("https://", "http://")):
        found = _of_link(text)
    elif text.startswith("("):
        found = _of_element_string(text)
    else:
        return None
    return None if found is None else _checked(found, text)


def canonical(text: str) -> str:
    """The canonical Digital Link of a key; a text that is no GS1 key as it is.

    Raises:
        InputError: as :func:`read`.
    """
    found = read(text)
    return text if found is None else found.link


def gtin(digits: str) -> str:
    """A GTIN of 8, 12, 13 or 14 digits as the one of 14.

    Raises:
        InputError: it is none.
    """
    if not _GTIN.fullmatch(digits):
        raise InputError(f"{digits[:_SHOWN]!r} is no GTIN", hint="a GTIN has 8, 12, 13 or 14 digits")
    return _checked([("01", digits)], digits).primary[1]


def urn(key: Key, company_prefix_length: int) -> str:
    """The EPC URN of a key.

    Args:
        key: of any kind that has one.
        company_prefix_length: how many digits its GS1 company prefix has, 6 to 12: the key does not tell.

    Raises:
        InputError: EPC URNs know no such key, or the length is impossible.
    """
    made = epc.urn(key.identity.elements, company_prefix_length)
    if made is None:
        raise InputError(f"{key.link} has no EPC URN", hint="name it by its Digital Link")
    return made


def names_of(code: str) -> tuple[str, ...]:
    """The words that stood for an Application Identifier in earlier editions, such as ``gtin`` for ``01``."""
    return tuple(name for name, each in _NAMES.items() if each == code)


def company_prefix_length(digits: str) -> int | None:
    """How many digits the GS1 company prefix at the beginning of a GLN has, where GS1's own list tells.

    A GTIN of 13 digits begins with one, too; of one of 14, it follows the first digit.
    """
    from biip.gs1_prefixes import GS1CompanyPrefix

    found = GS1CompanyPrefix.extract(digits)
    return len(found.value) if found and len(found.value) in range(6, 13) else None


def check_digit(digits: str) -> int:
    """The check digit that belongs after digits (GS1 General Specifications, 7.9.1)."""
    from biip.checksums import gs1_standard_check_digit

    return gs1_standard_check_digit(digits)


def _of_link(text: str) -> list[Element] | None:
    """The elements of a Digital Link; ``None`` where no key stands at the end of its path.

    Keys and values alternate, so a value that looks like a key is never taken for one if pairs are read from
    the end.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    segments = parts.path.removesuffix("/").split("/")
    found: list[Element] = []
    while len(segments) > 2:
        value, code = segments.pop(), segments.pop()
        code = _NAMES.get(code, code)
        if code not in _CODES or not value:
            return None
        found.insert(0, (code, value))
        if code in QUALIFIERS:
            break
    else:
        return None
    official = (parts.hostname or "").removeprefix("www.") == "id.gs1.org"
    if not official and not _plausible(found[0]):
        return None
    if any(_PERCENT.search(value) for _, value in found):
        raise _fault(text, "a percent sign stands for nothing in it", "write %25 for a percent sign")
    return [(code, unquote(value)) for code, value in found]


def _plausible(primary: Element) -> bool:
    """Whether a pair of an address is meant as a key: ``/2026/01/15`` is a day."""
    code, value = primary
    if code == "01":
        return _GTIN.fullmatch(value) is not None
    place = _CHECKED.get(code)
    if place is None:
        return _BEGINS.match(value) is not None
    whole = place + 4 if code == "8006" else place
    return re.match(f"[0-9]{{{whole}}}", value, re.ASCII) is not None


def _of_element_string(text: str) -> list[Element] | None:
    found = [(each[1], each[2]) for each in _ELEMENT.finditer(text)]
    whole = "".join(f"({code}){value}" for code, value in found)
    if whole != text or not found or found[0][0] not in QUALIFIERS:
        return None
    # What is only said about it is left out, as it is in a Digital Link.
    return [each for place, each in enumerate(found) if place == 0 or each[0] in _CODES - {*QUALIFIERS}]


def _checked(found: Sequence[Element], text: str) -> Key:
    """The key of elements whose first is the primary one, every value of them as its format demands."""
    (code, value), given = found[0], found[1:]
    if code == "01" and _GTIN.fullmatch(value):
        value = value.zfill(14)
    for one, content in ((code, value), *given):
        if not _pattern(one).fullmatch(one + content):
            raise _fault(text, f"{content[:_SHOWN]!r} cannot be the value of ({one})", _HINT)
    _verify(code, value, text)
    names = [one for one, _ in given]
    order = next((each for each in QUALIFIERS[code] if {*names} <= {*each}), () if not names else None)
    if order is None:
        listed = " ".join(f"({one})" for one in names)
        raise _fault(text, f"({code}) is not qualified by {listed}", _HINT)
    if len({*names}) != len(names):
        raise _fault(text, "a qualifier stands twice in it", "leave one out")
    return Key((code, value), tuple(sorted(given, key=lambda each: order.index(each[0]))))


def _verify(code: str, value: str, text: str) -> None:
    place = _CHECKED.get(code)
    if place is not None:
        digits, given = value[: place - 1], value[place - 1]
        if (meant := check_digit(digits)) != int(given):
            what = f"the check digit of {value[:place]} is wrong"
            raise _fault(text, what, f"compare it with the source; by its other digits it would be {meant}")
        if not int(digits):
            raise _fault(text, f"({code}) is all zeros", _HINT)
    if code == "8006" and not 1 <= int(value[14:16]) <= int(value[16:18]):
        raise _fault(text, f"piece {value[14:16]} of {value[16:18]} does not exist", _HINT)
    if code in ("8004", "8010", "8013", "401") and not _BEGINS.match(value):
        raise _fault(text, f"({code}) does not begin with a company's prefix", _HINT)
    if code == "8013" and _check_pair(value[:-2]) != value[-2:]:
        raise _fault(text, f"the check characters of {value} are wrong", "compare it with the source")


_SIGNS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"  # Set 82.
_PAIR_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_WEIGHTS = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def _check_pair(payload: str) -> str:
    """The two check characters of a Global Model Number (GS1 General Specifications, 7.9.5)."""
    weighed = zip(reversed(payload), _WEIGHTS, strict=False)
    total = sum(_SIGNS.index(sign) * weight for sign, weight in weighed) % 1021
    return _PAIR_SIGNS[total >> 5] + _PAIR_SIGNS[total & 31]


@cache
def _pattern(code: str) -> re.Pattern[str]:
    """What an Application Identifier and its value look like together."""
    # Loaded only where there is a key: it takes a while.
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    found: Any = GS1ApplicationIdentifier.extract(code)
    return re.compile(found.pattern, re.ASCII)


def _fault(text: str, what: str, hint: str) -> InputError:
    return InputError(f"{text[:_SHOWN]!r}: {what}", hint=hint)
