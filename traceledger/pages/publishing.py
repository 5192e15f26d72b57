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
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup

from traceledger.errors import InputError
from traceledger.languages import ENGLISH, LANGUAGES, Language, language
from traceledger.model.text import Surface, escaped
from traceledger.pages.declaration import page
from traceledger.pages.environment import render
from traceledger.pages.frame import self_contained
from traceledger.pages.pictures import pictures_of
from traceledger.pages.published import NO_PICTURE, File, FunctionalUnit, ProofFile, Published
from traceledger.pages.qr import Code
from traceledger.pages.room import ROOMS
from traceledger.pages.site import LIMIT, Entry, alternates, entry_of, folder_name, page_name

if TYPE_CHECKING:
    # The verifier loads what proofs need: only with a proof file.
    from traceledger.pages.verification import Check
    from traceledger.proofs.trust import TrustRoot

DOCUMENT = "declaration.json"
CODE = "qr.svg"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:+-]*")
_MOST_ADDRESS = 1024
_NOT_IN_ADDRESSES = frozenset(' "<>\\^`{|}?#')
"""What RFC 3986 allows nowhere, and what ends the path."""
_MOST_TYPED = 200


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
class Proved:
    """A proof file that lies in the folder: its name, and the block as of which it proves.

    ``trusted`` is what the page that checks it believes beforehand; ``None``: there is no such page.
    """

    name: str
    block: int
    trusted: TrustRoot | None = None


@dataclass(frozen=True, slots=True)
class Folder:
    """What a batch's folder holds: its entry in the site, and files by name, pages last."""

    entry: Entry
    files: Mapping[str, str] = field(default_factory=dict)


def folder_of(
    document: Mapping[str, Any], how: Publication, proof: Proved | None = None, link: str = ""
) -> Folder:
    """The files of one declaration.

    Args:
        document: as ``declaration show --json`` prints it.
        how: how it is published.
        proof: the proof file that lies there already.
        link: what its QR code holds in place of the address in the site: a Digital Link.
    """
    address = link or address_of(document, how.url, disclosed=how.disclosed)
    code = Code.of(address).svg(address) if address else None
    files = {DOCUMENT: escaped(json.dumps(document, indent=2, ensure_ascii=False), Surface.JSON) + "\n"}
    if code is not None:
        files[CODE] = str(code)
    pages: dict[str, str] = {}
    for spoken in how.languages:
        pictures, drawn = pictures_of(document, spoken)
        beside = (*_beside(spoken, files, drawn), *_proof_beside(spoken, proof))
        files |= drawn
        shown = _published(document, how, spoken, proof)
        shown = replace(shown, files=beside, pictures=pictures, address=address)
        if code is not None:
            shown = replace(shown, qr=code)
        name = page_name(spoken, how.languages)
        pages[name] = _small(document, spoken, shown)
        if shown.proof is not None and proof is not None and proof.trusted is not None:
            from traceledger.pages.verification import Check

            check = Check(proof.trusted, document, spoken, proof.block)
            pages[shown.proof.check] = str(_check_page(check, how, shown.proof, name))
    names = [*files, *pages, *([proof.name] if proof else [])]
    return Folder(entry_of(document, how.languages, names, disclosed=how.disclosed), {**files, **pages})


def address_of(document: Mapping[str, Any], url: str, *, disclosed: bool = False) -> str:
    """Where the page of a declaration will be found; empty where the site's address is not known."""
    folder = folder_name(document["batch"], document["id"], disclosed=disclosed)
    return f"{url.rstrip('/')}/{folder}/" if url else ""


def proof_name(document: Mapping[str, Any], *, disclosed: bool = False) -> str:
    """The name of a declaration's proof file."""
    return f"{folder_name(document['batch'], document['id'], disclosed=disclosed)}.tlproof"


def verifying(batch: str, identifier: str, file: str) -> str:
    """What is typed to verify a proof file, as it is; a name that a shell would act on is given by its id."""
    asked = batch if is_plain(batch) else identifier
    return f"traceledger proof verify {file} {asked} --trust-root trust-root.json"


def is_plain(batch: str) -> bool:
    """Whether a name can be typed as it is: nothing in it acts on a shell, or stands for another text."""
    return len(batch) <= _MOST_TYPED and ":private:" not in batch and bool(_PLAIN.fullmatch(batch))


def web_address(text: str, option: str = "--url") -> str:
    """The address of a site, or of a page, as it stands in a code.

    Args:
        text: what was given.
        option: by which option.

    Raises:
        InputError: it is no address of the web.
    """
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_web = False
    if not is_web or "@" in parts.netloc or len(text) > _MOST_ADDRESS:
        raise InputError(
            f"{text[:80]!r} is no web address",
            where=option,
            hint="for instance https://example.com/declarations",
        )
    if not text.isascii() or not text.isprintable() or set(text) & _NOT_IN_ADDRESSES:
        raise InputError(
            f"{text[:80]!r} cannot be continued",
            where=option,
            hint="leave out ? and # and what follows, and encode what is no letter of ASCII as % and digits",
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


def _small(document: Mapping[str, Any], spoken: Language, shown: Published) -> str:
    """The page, with fewer steps of each journey, and then with fewer maps, where it would be too large."""
    text = ""
    for room in ROOMS:
        pictures = shown.pictures if room.maps else replace(shown.pictures, land=NO_PICTURE)
        text = str(page(document, spoken, replace(shown, pictures=pictures), room=room))
        if len(text.encode()) < LIMIT:
            break
    return text


def _published(
    document: Mapping[str, Any], how: Publication, spoken: Language, proof: Proved | None
) -> Published:
    batch, identifier = document["batch"], document["id"]
    shown = ProofFile(proof.name, proof.block, verifying(batch, identifier, proof.name)) if proof else None
    if shown is not None and proof is not None and proof.trusted is not None:
        shown = replace(shown, check=_beginning(page_name(spoken, how.languages), "check"))
    return Published(
        frame=self_contained(alternates(how.languages), style=how.style, home=_home(spoken, how)),
        command=f"traceledger declaration show {batch if is_plain(batch) else identifier}",
        proof=shown,
        unit=None if how.kwh is None else FunctionalUnit.of(document, how.kwh, "kWh"),
        disclosed=how.disclosed,
    )


def _check_page(check: Check, how: Publication, proof: ProofFile, beside: str) -> Markup:
    """The page that verifies the proof file: apart from the declaration, which is to stay small."""
    from traceledger.pages.verification import script

    others = tuple(replace(each, href=_beginning(each.href, "check")) for each in alternates(how.languages))
    frame = self_contained(others, scripts=(script(),), style=how.style, home=_home(check.language, how))
    return render(
        "declaration_check.html",
        check.language,
        doc=check.document,
        verification=check,
        proof=proof,
        page=beside,
        frame=frame,
    )


def _home(spoken: Language, how: Publication) -> str:
    return f"../{page_name(spoken, how.languages)}"


def _beginning(name: str, word: str) -> str:
    """``check.de.html`` of ``index.de.html``."""
    return word + name.removeprefix("index")


def _beside(spoken: Language, files: Mapping[str, str], drawn: Mapping[str, str]) -> Iterator[File]:
    yield File(DOCUMENT, spoken.gettext("all figures, for programs"))
    for name in drawn:
        yield File(name, spoken.gettext("a picture"))
    if CODE in files:
        yield File(CODE, spoken.gettext("the QR code"))


def _proof_beside(spoken: Language, proof: Proved | None) -> Iterator[File]:
    if proof is not None:
        yield File(proof.name, spoken.gettext("the proof file"))
