"""What is around a page's content and differs by how it is published: addresses, style, scripts, policy.

Example:
    >>> inline = Inline.of("body { margin: 0 }")
    >>> inline.source
    "'sha256-mX+s7KJgWpgxJola85xdpAFPBQaV091gzM2oPjgTW2w='"
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from traceledger.languages import Language

PAGES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Inline:
    """Text that stands in the page itself, in an element ``style`` or ``script``.

    Attributes:
        text: of this package, or of a brand; never of the ledger.
        source: how a Content-Security-Policy allows it: ``'sha256-…'`` (CSP 3, 2.3.1).
    """

    text: Markup
    source: str

    @classmethod
    def of(cls, text: str) -> Inline:
        """The text, and its hash."""
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return cls(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - text of this package


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one language, and where: beside this one, or at an address with ``?lang=``."""

    language: Language
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page is published; templates read it as ``frame``.

    Attributes:
        alternates: the page in each language that it is published in, its own included; the language switch.
        style: the style sheet inside the page; ``None``: it is linked at ``stylesheet``.
        stylesheet: address of the style sheet, where it is linked.
        scripts: addresses of scripts (deferred), where they are linked.
        inline_scripts: scripts inside the page.
        policy: Content-Security-Policy of a page that no server sends; empty where a header has it.
        home: address of the page that lists the others; empty: none.
        referrer: what browsers tell others of its address (Referrer Policy).
    """

    alternates: tuple[Alternate, ...] = ()
    style: Inline | None = None
    stylesheet: str = ""
    scripts: tuple[str, ...] = ()
    inline_scripts: tuple[Inline, ...] = ()
    policy: str = ""
    home: str = ""
    referrer: str = "no-referrer"


def self_contained(
    alternates: tuple[Alternate, ...] = (),
    *,
    scripts: tuple[str, ...] = (),
    style: str | None = None,
    home: str = "",
) -> Frame:
    """The frame of a page that works from a file: everything inside, and a policy that allows nothing else.

    Args:
        alternates: the same page in its languages, beside it.
        scripts: texts of scripts that stand at the end of the page.
        style: a brand's style sheet in place of the package's.
        home: address of the index page.
    """
    sheet = Inline.of(compact(style or stylesheet()))
    inside = tuple(map(Inline.of, scripts))
    sources = " ".join(each.source for each in inside) or "'none'"
    policy = (
        f"default-src 'none'; style-src {sheet.source}; script-src {sources}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return Frame(alternates, style=sheet, inline_scripts=inside, policy=policy, home=home)


@cache
def compact(sheet: str) -> str:
    """The sheet without comments and without blanks that change nothing: each page carries it."""
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)).strip()


@cache
def stylesheet() -> str:
    """The one style sheet of all pages, with that of pictures at its end."""
    return (PAGES / "style" / "traceledger.css").read_text("utf-8") + "\n" + pictures_sheet()


@cache
def pictures_sheet() -> str:
    """Rules for pictures, which a picture that stands alone has inside."""
    return (PAGES / "style" / "pictures.css").read_text("utf-8")


@cache
def script(name: str) -> str:
    """A script of ``pages/scripts``, such as ``verify.js``."""
    return (PAGES / "scripts" / name).read_text("utf-8")
