"""Identifiers in documents: their check digits, and the shapes that their schemes give them.

Example:
    >>> wrong_with("urn:gtin:4712345060507"), wrong_with("urn:gtin:4712345060508")
    ('', 'its check digit is wrong: by the other digits it is 7')
    >>> wrong_with_cas("7440-48-4"), wrong_with_cas("7440-48-5")
    ('', '4')
"""

from __future__ import annotations

import re

from traceledger.errors import InputError
from traceledger.interop.referee.hearing import Hearing, Node

_CAS = re.compile(r"(\d{2,7})-(\d{2})-(\d)", re.ASCII)
_GTIN = re.compile(r"urn:(?:gtin|gs1:gtin|pact:gtin|ean):(\d+)", re.ASCII | re.IGNORECASE)
_LENGTHS = (8, 12, 13, 14)
_BPN = re.compile(r"(BPN[LSA])([0-9A-Za-z]*)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def check_urn(hearing: Hearing, node: Node) -> None:
    """Say what is wrong with a URN whose scheme is known."""
    if node.text is not None and (wrong := wrong_with(node.text)):
        digits = "check digit" in wrong
        hearing.fault("check-digit" if digits else "identifier", node, wrong)


def wrong_with(urn: str) -> str:
    """What is wrong with a URN or link, in a clause; empty: nothing, or a scheme that is not known."""
    if len(urn) > 512:
        return "it is longer than any identifier"
    if (found := _GTIN.fullmatch(urn)) is not None:
        return wrong_with_gtin(found[1])
    if urn.lower().startswith("urn:uuid:"):
        return "" if _UUID.fullmatch(urn[9:]) else "it is no UUID"
    if urn.lower().startswith(("urn:epc:", "https://id.gs1.org/", "http://id.gs1.org/")):
        return _wrong_key(urn)
    return _wrong_scheme(urn)


def wrong_with_gtin(digits: str) -> str:
    """What is wrong with a GTIN."""
    if len(digits) not in _LENGTHS:
        return f"a GTIN has 8, 12, 13 or 14 digits, not {len(digits)}"
    from traceledger.model.gs1 import check_digit

    right = check_digit(digits[:-1])
    return "" if right == int(digits[-1]) else f"its check digit is wrong: by the other digits it is {right}"


def _wrong_key(text: str) -> str:
    from traceledger.model import gs1

    try:
        gs1.read(text)
    except InputError as error:
        return error.what.removeprefix(f"{text!r}: ")
    return ""


def _wrong_scheme(urn: str) -> str:
    from traceledger.model import identifiers

    parts = urn.split(":")
    if (bpn := _BPN.fullmatch(parts[-1])) is not None:
        wanted = 12
        return (
            ""
            if len(bpn[2]) == wanted
            else f"{bpn[1]} is followed by 12 letters and digits, not {len(bpn[2])}"
        )
    words = (part.lower() for part in parts[1:-1])
    scheme = next((word for word in words if word in identifiers.SCHEMES), "")
    if not urn.lower().startswith("urn:") or not scheme:
        return ""
    try:
        identifiers.checked(scheme, parts[-1])
    except InputError as error:
        return error.what
    return ""


def wrong_with_cas(text: str) -> str:
    """The check digit that a CAS number should have; empty: it has it, or is none."""
    found = _CAS.fullmatch(text)
    if found is None:
        return ""
    digits = found[1] + found[2]
    right = sum(place * int(digit) for place, digit in enumerate(reversed(digits), start=1)) % 10
    return "" if right == int(found[3]) else str(right)


def check_cas(hearing: Hearing, node: Node | None) -> None:
    """Say whether the check digit of a CAS number is wrong."""
    if node is None or node.text is None:
        return
    if _CAS.fullmatch(node.text) is None:
        hearing.fault(
            "identifier",
            node,
            "it is no CAS number: 2 to 7 digits, 2 digits and a check digit, with hyphens",
            expected=node.text.strip() if _CAS.fullmatch(node.text.strip()) else "",
        )
    elif right := wrong_with_cas(node.text):
        hearing.fault(
            "check-digit",
            node,
            "the check digit of the CAS number is wrong",
            expected=f"{node.text[:-1]}{right}, if the other digits are right",
        )
