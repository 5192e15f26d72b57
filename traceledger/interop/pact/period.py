"""Reference periods, and how long a footprint is valid: Technical Specifications 3.0.3, *Validity Period*.

Example:
    >>> year = Period.of_days(date(2026, 1, 1), date(2026, 12, 31))
    >>> start, end, _ = validity(year, None, None)
    >>> start == year.end, datetime.fromtimestamp(end, UTC).date().isoformat()
    (True, '2030-01-01')
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from traceledger.interop.pact import rules

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A time, UTC seconds: from ``start``, included, to ``end``, which is not; ``place`` says who says so."""

    start: int
    end: int
    place: str = "[footprint] reference_from and reference_until"

    @classmethod
    def of_days(cls, first: date, last: date, place: str = "") -> Period:
        """From the first to the last day, both included, UTC."""
        start, end = _midnight(first), _midnight(last + _DAY)
        return cls(start, end, place) if place else cls(start, end)


def validity(period: Period, first: date | None, last: date | None) -> tuple[int, int, frozenset[str]]:
    """From when to when a footprint of a period may be used, UTC seconds.

    Args:
        period: its reference period.
        first: the first day that master data say.
        last: the last day.

    Returns:
        Start and end, and which of ``valid_from`` and ``valid_until`` they follow: only what lies within
        three years of the period's end is allowed.
    """
    least, most = period.end, _years_after(period.end, rules.VALID_YEARS)
    fits = set()
    start, end = least, most
    if first is not None and least <= _midnight(first) < most:
        start = _midnight(first)
        fits.add("valid_from")
    if last is not None and start < _midnight(last + _DAY) <= most:
        end = _midnight(last + _DAY)
        fits.add("valid_until")
    return start, end, frozenset(fits)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _years_after(seconds: int, years: int) -> int:
    at = datetime.fromtimestamp(seconds, UTC)
    try:
        return int(at.replace(year=at.year + years).timestamp())
    except ValueError:
        # 29 February: the day before.
        return int(at.replace(year=at.year + years, day=28).timestamp())
