"""The minimums of recycled content of Article 8 of Regulation (EU) 2023/1542: the one place that has them.

Example:
    >>> MINIMUMS[28].percent_2036, MINIMUMS[27].percent(2031)
    (15, 16)
"""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.model.frozen import frozen

LEAD = 82
"""Of lead all counts that is in the battery and was recovered from waste."""


@frozen
class RecycledMinimum:
    """Least recovered share of one metal, in per cent.

    Article 8: paragraph 2 from 18 August 2031, paragraph 3 from 18 August 2036. Of cobalt, lithium and nickel
    it is of what is in active materials, recovered from battery manufacturing waste or post-consumer waste;
    of lead of all in the battery, recovered from waste.
    """

    percent_2031: int
    percent_2036: int

    def percent(self, year: int) -> int:
        """The minimum from 18 August of that year.

        Raises:
            KeyError: Article 8 sets none from that year.
        """
        return {2031: self.percent_2031, 2036: self.percent_2036}[year]


TARGET_YEARS = (2031, 2036)
MINIMUMS: Mapping[int, RecycledMinimum] = {
    3: RecycledMinimum(6, 12),
    27: RecycledMinimum(16, 26),
    28: RecycledMinimum(6, 15),
    LEAD: RecycledMinimum(85, 85),
}
"""By substance number: lithium, cobalt, nickel, lead."""
