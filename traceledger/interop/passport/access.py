"""Who may see what of a battery passport: Regulation (EU) 2023/1542, Article 77(2) and Annex XIII.

Annex XIII has four points. Point 1 is public; point 2, of the model, is for persons with a legitimate
interest and for authorities; point 3, the results of tests, for notified bodies, market surveillance
authorities and the Commission; point 4, of the single battery, for persons with a legitimate interest.

Example:
    >>> [reader.value for reader in Reader if reader.may_see("4(c)")]
    ['legitimate-interest', 'complete']
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

EVERYWHERE = "-"
"""The point of what Annex XIII does not name and each file needs: the version of the format, for instance."""


class Reader(StrEnum):
    """For whom a file is; the value is its name in options and in names of files."""

    PUBLIC = "public"
    """Everybody: Article 77(2), second subparagraph, point (a)."""
    LEGITIMATE_INTEREST = "legitimate-interest"
    """Repairers, remanufacturers, second-life operators, recyclers, who buy the battery: point (c)."""
    AUTHORITIES = "authorities"
    """Notified bodies, market surveillance authorities and the Commission: point (b)."""
    COMPLETE = "complete"
    """The economic operator itself: all four points together, as the format's schema has them."""

    def may_see(self, point: str) -> bool:
        """Whether a member of a point of Annex XIII, such as ``1(c)``, is for this reader."""
        return point == EVERYWHERE or point[0] in _POINTS[self]

    @property
    def said(self) -> str:
        """For whom it is, in a clause."""
        return _SAID[self]


_POINTS: Mapping[Reader, str] = {
    Reader.PUBLIC: "1",
    Reader.LEGITIMATE_INTEREST: "124",
    Reader.AUTHORITIES: "123",
    Reader.COMPLETE: "1234",
}
_SAID: Mapping[Reader, str] = {
    Reader.PUBLIC: "everybody: Annex XIII, point 1",
    Reader.LEGITIMATE_INTEREST: "persons with a legitimate interest: Annex XIII, points 1, 2 and 4",
    Reader.AUTHORITIES: "notified bodies, market surveillance authorities and the Commission: Annex XIII,"
    " points 1, 2 and 3",
    Reader.COMPLETE: "the economic operator itself: Annex XIII, points 1 to 4",
}
