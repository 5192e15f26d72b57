"""The times of events: whole seconds and milliseconds in UTC, exactly.

An ``eventTime`` says its zone, by ``Z`` or an offset (EPCIS 2.0, section 7.3.1); ``eventTimeZoneOffset``
says what clocks showed at the place, and may differ from it.

Example:
    >>> moment = read("2026-07-22T06:45:00.9995+02:00")
    >>> moment.seconds, moment.written
    (1784695500, '2026-07-22T04:45:01.000Z')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from traceledger.errors import InputError

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,60}))?(?:([Zz])|([+-])(\d\d):(\d\d))", re.ASCII
)
_LEAP = 60
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time.

    Attributes:
        seconds: UTC seconds, fractions floored.
        millis: of the rest, milliseconds, halves rounded up; 1000 where that makes a second.
    """

    seconds: int
    millis: int

    @property
    def written(self) -> str:
        """In UTC with milliseconds, as the event hash wants it (CBV 2.0, section 8.9.2, rules 8 and 9)."""
        carried, millis = divmod(self.millis, _THOUSAND)
        whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=self.seconds + carried)
        return f"{whole:%Y-%m-%dT%H:%M:%S}.{millis:03}Z".rjust(24, "0")


def read(text: str) -> Moment:
    """A time as RFC 3339 writes it.

    Raises:
        InputError: it is none, or the calendar has no such day.
    """
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        *parts, second = (int(found[group]) for group in range(1, 7))
        # A leap second is the first of the next minute, as computers count.
        leap = second == _LEAP
        clock = datetime(*parts, 59 if leap else second, tzinfo=UTC)  # type: ignore[misc,arg-type]
        offset = 0
        if found[9]:
            offset = int(found[10]) * 3600 + int(found[11]) * 60
            offset = -offset if found[9] == "-" else offset
        since = clock - datetime(1970, 1, 1, tzinfo=UTC)
        seconds = since.days * 86_400 + since.seconds + leap - offset
        datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds + 1)
    except (ValueError, OverflowError):
        hint = "write it such as 2026-07-22T06:45:00+02:00, with a zone"
        raise InputError(f"{text[:60]!r} is no time", hint=hint) from None
    digits = (found[7] or "").ljust(4, "0")
    return Moment(seconds, int(digits[:3]) + (digits[3] >= "5"))
