"""A label for a product: a QR code that leads to its declaration, with a few words beside it.

Example:
    >>> from traceledger.languages import language
    >>> said = {"material_name": "Cobalt hydroxide", "batch": "katanga/KOL-1"}
    >>> made = label(said, "https://id.gs1.org/01/04012345123456/10/998877", language("en"))
    >>> made.lines, made.title
    (('Cobalt hydroxide', 'katanga/KOL-1'), 'Footprint, origins and recycled content')
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from markupsafe import Markup

from traceledger.languages import Language
from traceledger.model.commitments import abbreviated
from traceledger.pages.environment import render
from traceledger.pages.qr import MODULE_MM, QUIET_ZONE, Code

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


def _wrapped(text: str) -> list[str]:
    """Text of others on few short lines; what does not fit is cut."""
    text = abbreviated(text)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    if len(lines) <= _LINES:
        return lines
    return [*lines[: _LINES - 1], f"{lines[_LINES - 1][: _LINE - 1]}…"]
