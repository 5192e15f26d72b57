"""Times in documents: that they are on the calendar, and in their order.

Example:
    >>> moment("2024-12-31T00:00:00+01:00").isoformat()
    '2024-12-30T23:00:00+00:00'
    >>> moment("2024-02-30"), moment("7172-75-08")
    (None, None)
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from traceledger.interop.referee.hearing import Hearing, Node

_TIME = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[Tt](?P<hours>\d{2}:\d{2}:\d{2})(?P<parts>\.\d+)?(?P<zone>[Zz]|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)


def moment(text: str | None) -> datetime | None:
    """The moment, in UTC, of a time or of the beginning of a day; without a zone it is taken as UTC."""
    found = _TIME.fullmatch(text) if text is not None and len(text) <= 64 else None
    if found is None:
        return None
    zone = (found["zone"] or "Z").upper().replace("Z", "+00:00")
    parts = (found["parts"] or "")[:7].ljust(7, "0") if found["parts"] else ""
    try:
        read = datetime.fromisoformat(f"{found['day']}T{found['hours'] or '00:00:00'}{parts}{zone}")
        return read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moment_at(hearing: Hearing, node: Node | None) -> datetime | None:
    """The moment that stands there; says so where it is no day of the calendar."""
    if node is None or node.text is None:
        return None
    found = moment(node.text)
    if found is None and not hearing.has(node.pointer):
        hearing.fault(
            "time", node, "it is no time, or no day of the calendar", expected="2026-01-17T06:00:00Z"
        )
    return found


def in_order(
    hearing: Hearing, first: Node | None, then: Node | None, rule: str = "period", *, strict: bool = False
) -> None:
    """Say whether what should come later, or no earlier, comes before."""
    begins, ends = moment_at(hearing, first), moment_at(hearing, then)
    if first is None or then is None or begins is None or ends is None:
        return
    if ends < begins or (strict and ends == begins):
        name = first.pointer.rsplit("/", 1)[-1]
        after = "after" if strict else "not before"
        hearing.fault(rule, then, f"it is before {name}", expected=f"{after} {first.text}")


def valid_from_end(hearing: Hearing, rule: str, valid: Node | None, ends: Node | None) -> None:
    """Say whether a validity begins a day or more before the end of the reference period."""
    starts, ended = moment_at(hearing, valid), moment_at(hearing, ends)
    if valid is None or ends is None or starts is None or ended is None:
        return
    if ended - starts >= DAY:
        what = "it is before the end of the reference period"
        hearing.doubt(rule, valid, what, expected=f"not before {ends.text}")


def years_later(start: datetime, years: int) -> datetime:
    """The same day so many years later; of 29 February, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, month=3, day=1) if start.year + years < 9999 else start


DAY = timedelta(days=1)
"""A day."""
