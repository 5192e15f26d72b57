"""A label for a product: a QR code that leads to its declaration, with a few words beside it.

The code holds a GS1 Digital Link where the batch's identifier has GS1 keys: it is one, or an EPC URN of a
lot (``lgtin``), an item (``sgtin``) or a logistic unit (``sscc``). Otherwise it holds an address that is
given.

Example:
    >>> digital_link("urn:epc:class:lgtin:4012345.012345.998877")
    'https://id.gs1.org/01/04012345123456/10/998877'
    >>> digital_link("KOL-2026-0117") is None
    True
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

from markupsafe import Markup

from traceledger.errors import InputError
from traceledger.languages import Language
from traceledger.model.commitments import abbreviated
from traceledger.pages.environment import render
from traceledger.pages.qr import MODULE_MM, QUIET_ZONE, Code

RESOLVER = "https://id.gs1.org"
"""Where GS1 answers Digital Links."""
_EPC = re.compile(r"urn:epc:(?:class:(?P<lot>lgtin)|id:(?P<id>sgtin|sscc)):(?P<rest>[^\s]+)")
_HINT = "the keys are explained at https://www.gs1.org/standards/id-keys"
_COMPANY_AND_ITEM = 13
_COMPANY_AND_SERIAL = 17
_TEXT_MM = 46
_LINE = 30
_LINES = 2
_DOTS_A_MODULE = 12
_MM_AN_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label.

    Attributes:
        code: the QR code.
        title: what it leads to, in the reader's language.
        lines: what it is of, each line short enough.
    """

    code: Code
    title: str
    lines: tuple[str, ...]

    @property
    def millimetres(self) -> float:
        """Side of the code with its quiet zone."""
        return self.code.side * MODULE_MM


def label(document: dict[str, str], address: str, language: Language) -> Label:
    """The label of a batch.

    Args:
        document: of a declaration: ``material_name`` and ``batch``.
        address: what the code holds.
        language: of the words.
    """
    lines = [part for field in ("material_name", "batch") for part in _wrapped(document[field])]
    title = language.gettext("Footprint, origins and recycled content")
    return Label(Code.of(address), title, tuple(lines))


def svg(made: Label, language: Language) -> Markup:
    """The label as a file of its own, its size in millimetres."""
    side = made.millimetres
    rows = [(place, line) for place, line in enumerate(made.lines)]
    return render(
        "label.svg",
        language,
        label=made,
        rows=rows,
        side=side,
        width=side + _TEXT_MM,
        scale=MODULE_MM,
    )


def png(made: Label) -> bytes:
    """The code alone, with its quiet zone; its resolution says that it prints in the size of the SVG's."""
    picture = io.BytesIO()
    dpi = round(_DOTS_A_MODULE * _MM_AN_INCH / MODULE_MM)
    made.code.made.save(picture, kind="png", scale=_DOTS_A_MODULE, border=QUIET_ZONE, dpi=dpi)
    return picture.getvalue()


def digital_link(identifier: str, resolver: str = RESOLVER) -> str | None:
    """The GS1 Digital Link of an identifier; ``None`` where it has no GS1 keys.

    Args:
        identifier: a batch's, without its maker's name.
        resolver: address at which Digital Links are answered.

    Raises:
        InputError: it looks like a GS1 key and is none: a check digit, a length or a letter is wrong.
    """
    found = _EPC.fullmatch(identifier)
    if found is not None:
        path = _of_epc(found)
    elif identifier.startswith(("https://", "http://")) and re.search(r"/(?:01|00|gtin|sscc)/", identifier):
        path = identifier
    else:
        return None
    return _checked(path, identifier, resolver)


def _of_epc(found: re.Match[str]) -> str:
    """The path of a Digital Link, by the EPC Tag Data Standard 2.1, 6.3 and 7."""
    from biip.checksums import gs1_standard_check_digit

    identifier, kind = found[0], found["lot"] or found["id"]
    company, _, rest = found["rest"].partition(".")
    item, _, last = rest.partition(".")
    digits = company + item
    length = _COMPANY_AND_SERIAL if kind == "sscc" else _COMPANY_AND_ITEM
    numeric = digits.isascii() and digits.isdigit() and len(digits) == length and bool(item)
    if not numeric or bool(last) != (kind != "sscc"):
        raise InputError(f"{identifier[:80]!r} is no {kind.upper()}", hint=_HINT)
    # The indicator, or extension digit, stands first in the key, and first in the item's number here.
    payload = item[0] + company + item[1:]
    key = f"{payload}{gs1_standard_check_digit(payload)}"
    if kind == "sscc":
        return f"{RESOLVER}/00/{key}"
    qualifier = "10" if kind == "lgtin" else "21"
    return f"{RESOLVER}/01/{key}/{qualifier}/{quote(unquote(last), safe='')}"


def _checked(link: str, identifier: str, resolver: str) -> str:
    from biip import ParseError
    from biip.gs1_web_uris import GS1WebURI

    try:
        parsed = GS1WebURI.parse(link)
    except (ParseError, ValueError) as fault:
        raise InputError(f"{identifier[:80]!r} is no GS1 Digital Link: {fault}", hint=_HINT) from fault
    for each in parsed.element_strings:
        # Read, and not raised, by the library.
        if wrong := each.gtin_error or each.sscc_error or each.gln_error:
            raise InputError(f"{identifier[:80]!r} has a wrong GS1 key: {wrong}", hint=_HINT)
    parts = urlsplit(link)
    given = {unquote(each) for each in parts.path.split("/")}
    given |= {value for values in parse_qs(parts.query).values() for value in values}
    for each in parsed.element_strings[1:]:
        # A value that is too long is cut by the library.
        if unquote(each.value) not in given:
            raise InputError(f"{identifier[:80]!r} has a value that is too long for its key", hint=_HINT)
    canonical = parsed.as_canonical_uri()
    return resolver.rstrip("/") + canonical.removeprefix(RESOLVER)


def _wrapped(text: str) -> list[str]:
    """Text of others on few short lines; what does not fit is cut."""
    text = abbreviated(text)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    if len(lines) <= _LINES:
        return lines
    return [*lines[: _LINES - 1], f"{lines[_LINES - 1][: _LINE - 1]}…"]
