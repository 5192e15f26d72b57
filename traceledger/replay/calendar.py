"""The calendar in which capacities are counted.

Example:
    >>> year_of(86_400 * 365)
    1971
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_DAYS_IN_CYCLE = 146_097
_YEARS_IN_CYCLE = 400
_DAY = 86_400


def year_of(timestamp: int) -> int:
    """Calendar year (UTC) of any uint64 of seconds, also past the year 9999."""
    return _year_of_day(timestamp // _DAY)


@lru_cache(maxsize=1024)
def _year_of_day(number: int) -> int:
    """The same of a day since 1970: what happens on one day is often recorded together."""
    cycles, day = divmod(number, _DAYS_IN_CYCLE)
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).year + cycles * _YEARS_IN_CYCLE
