"""QR codes (ISO/IEC 18004) as pictures: of an address, so that a phone opens it.

Error correction is level Q, a quarter of the code: a label gets scratched. The quiet zone is four modules on
each side, as the standard asks.

Example:
    >>> code = Code.of("https://id.gs1.org/01/09506000134352")
    >>> code.modules, QUIET_ZONE
    (33, 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from traceledger.errors import InputError

if TYPE_CHECKING:
    from segno import QRCode

QUIET_ZONE = 4
"""Modules of nothing on each side."""
ERROR_CORRECTION = "q"
MODULE_MM = 0.5
"""Side of one module on a printed label, mm: what GS1 asks of consumer items is 0.396 to 0.990."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code: ``modules`` on a side without the quiet zone, and the path of the dark ones, a unit each."""

    content: str
    modules: int
    path: str
    made: QRCode

    @classmethod
    def of(cls, content: str) -> Code:
        """The code of a text.

        Raises:
            InputError: no code can hold so much.
        """
        import segno

        try:
            made = segno.make_qr(content, error=ERROR_CORRECTION, boost_error=False)
        except segno.DataOverflowError as fault:
            raise InputError(
                f"an address of {len(content)} characters fits into no QR code", hint="give a shorter one"
            ) from fault
        return cls(content, len(made.matrix), _path(made), made)

    @property
    def side(self) -> int:
        """Modules on a side, with the quiet zone."""
        return self.modules + 2 * QUIET_ZONE

    def svg(self, title: str) -> Markup:
        """Inside a page; dark on light also where the page is dark, as scanners want it.

        Args:
            title: what it is, for who does not see it.
        """
        return Markup(
            '<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
            'aria-label="{title}"><rect class="qr-light" width="{side}" height="{side}" fill="#fff"/>'
            '<path class="qr-dark" fill="#000" d="{path}"/></svg>'
        ).format(side=self.side, title=title, path=self.path)


def _path(made: QRCode) -> str:
    """Runs of dark modules, row by row."""
    parts = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                parts.append(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{end - x}v1h-{end - x}z")
            x = max(end, x + 1)
    return "".join(parts)
