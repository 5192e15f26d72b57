"""A declaration in all files of its folder: pages in several languages, and what lies beside them.

Example:
    >>> verifying("oem/VIN-1", "0x00", "oem-vin-1.tlproof")
    'traceledger proof verify oem-vin-1.tlproof oem/VIN-1 --trust-root trust-root.json'
    >>> verifying("oem/$(reboot)", "0x00", "lot.tlproof")
    'traceledger proof verify lot.tlproof 0x00 --trust-root trust-root.json'
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from traceledger.errors import InputError
from traceledger.model.text import Surface, escaped
from traceledger.pages.declaration import File, FunctionalUnit, Pictures, ProofFile, Published, page
from traceledger.pages.frame import self_contained
from traceledger.pages.languages import ENGLISH, LANGUAGES, Language, language
from traceledger.pages.qr import Code
from traceledger.pages.site import Entry, alternates, entry_of, folder_name, page_name

DOCUMENT = "declaration.json"
CODE = "qr.svg"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:+-]*")
_MOST_ADDRESS = 1024


@dataclass(frozen=True, slots=True)
class Publication:
    """How declarations are published.

    Attributes:
        languages: of the pages; the first is that of ``index.html``.
        url: address at which the site will be found; empty: not known.
        style: a brand's style sheet.
        kwh: how many kWh the product provides, as its publisher says.
        disclosed: whether the documents show private texts.
    """

    languages: tuple[Language, ...] = (ENGLISH,)
    url: str = ""
    style: str | None = None
    kwh: Decimal | None = None
    disclosed: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """What a batch's folder holds: its entry in the site, and files by name, pages last."""

    entry: Entry
    files: Mapping[str, str] = field(default_factory=dict)


def folder_of(document: Mapping[str, Any], how: Publication, proof: tuple[str, int] | None = None) -> Folder:
    """The files of one declaration.

    Args:
        document: as ``declaration show --json`` prints it.
        how: how it is published.
        proof: name of the proof file that lies there already, and the block as of which it proves.
    """
    address = address_of(document, how.url)
    code = Code.of(address) if address else None
    files = {DOCUMENT: escaped(json.dumps(document, indent=2, ensure_ascii=False), Surface.JSON) + "\n"}
    if code is not None:
        files[CODE] = str(code.svg(address))
    for spoken in how.languages:
        pictures, drawn = _pictures(document, spoken)
        files |= drawn
        beside = (*_beside(spoken, files, drawn), *_proof_beside(spoken, proof))
        files[page_name(spoken, how.languages)] = str(
            page(document, spoken, _published(document, how, beside, (address, code), proof, pictures))
        )
    pages = {name: files.pop(name) for name in [page_name(each, how.languages) for each in how.languages]}
    names = [*files, *pages, *([proof[0]] if proof else [])]
    return Folder(entry_of(document, how.languages, names), {**files, **pages})


def address_of(document: Mapping[str, Any], url: str) -> str:
    """Where the page of a declaration will be found; empty where the site's address is not known."""
    return f"{url.rstrip('/')}/{folder_name(document['batch'], document['id'])}/" if url else ""


def proof_name(document: Mapping[str, Any]) -> str:
    """The name of a declaration's proof file."""
    return f"{folder_name(document['batch'], document['id'])}.tlproof"


def verifying(batch: str, identifier: str, file: str) -> str:
    """What is typed to verify a proof file, as it is; a name that a shell would act on is given by its id."""
    plain = len(batch) <= 200 and ":private:" not in batch and _PLAIN.fullmatch(batch)
    return f"traceledger proof verify {file} {batch if plain else identifier} --trust-root trust-root.json"


def web_address(text: str) -> str:
    """The address of a site, or of a page, as it stands in a code.

    Raises:
        InputError: it is no address of the web.
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or not parts.hostname or len(text) > _MOST_ADDRESS:
        raise InputError(
            f"{text[:80]!r} is no web address",
            where="--url",
            hint="for instance https://example.com/declarations",
        )
    if not text.isascii() or not text.isprintable() or " " in text or parts.query or parts.fragment:
        raise InputError(
            f"{text[:80]!r} cannot be continued",
            where="--url",
            hint="leave out what comes after ? or #, and encode letters that are not ASCII as % and digits",
        )
    return text


def languages_of(text: str) -> tuple[Language, ...]:
    """Languages by their codes, with commas between, or ``all`` of them.

    Raises:
        InputError: pages are not written in one of them.
    """
    if text == "all":
        return LANGUAGES
    return tuple(dict.fromkeys(language(code.strip()) for code in text.split(",")))


def _published(
    document: Mapping[str, Any],
    how: Publication,
    beside: tuple[File, ...],
    code: tuple[str, Code | None],
    proof: tuple[str, int] | None,
    pictures: Pictures,
) -> Published:
    batch, identifier = document["batch"], document["id"]
    address, drawn = code
    shown = _PLAIN.fullmatch(batch) and ":private:" not in batch
    published = Published(
        frame=self_contained(alternates(how.languages), style=how.style, home="../index.html"),
        command=f"traceledger declaration show {batch if shown else identifier}",
        address=address,
        files=beside,
        proof=None if proof is None else ProofFile(*proof, verifying(batch, identifier, proof[0])),
        unit=None if how.kwh is None else FunctionalUnit.of(document, how.kwh, "kWh"),
        pictures=pictures,
        disclosed=how.disclosed,
    )
    if drawn is None:
        return published
    return replace(published, qr=drawn.svg(address))


def _pictures(document: Mapping[str, Any], spoken: Language) -> tuple[Pictures, dict[str, str]]:
    """Pictures inside the page, and the same as files."""
    return Pictures(), {}


def _beside(spoken: Language, files: Mapping[str, str], drawn: Mapping[str, str]) -> Iterator[File]:
    yield File(DOCUMENT, spoken.gettext("all figures, for programs"))
    for name in drawn:
        yield File(name, spoken.gettext("a picture"))
    if CODE in files:
        yield File(CODE, spoken.gettext("the QR code"))


def _proof_beside(spoken: Language, proof: tuple[str, int] | None) -> Iterator[File]:
    if proof is not None:
        yield File(proof[0], spoken.gettext("the proof file"))
