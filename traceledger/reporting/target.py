"""A reduction target, and the straight path to it.

Example:
    >>> path = path_to(Target.parse("50% by 2030"), "absolute", {2020: Fraction(100), 2025: Fraction(80)},
    ...                base_year=2020, year=2025)
    >>> path.allowed_mg, path.reached
    (75, False)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from traceledger.errors import InputError

MEASURES = ("product", "tonne", "absolute")
_TARGET = re.compile(r"(?P<percent>\d+(?:\.\d+)?)\s*%\s*by\s*(?P<year>\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """``percent`` less than in the base year, from the end of ``year`` on."""

    percent: Fraction
    year: int

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read ``50% by 2030``.

        Raises:
            InputError: it is something else.
        """
        found = _TARGET.fullmatch(text.strip())
        percent = Fraction(found["percent"]) if found else None
        if found is None or percent is None or not 0 < percent <= 100:
            raise InputError(f"{text!r} is not a target", where="--target", hint="write 50% by 2030")
        return cls(percent, int(found["year"]))


@dataclass(frozen=True, slots=True)
class Path:
    """Where a year stands on the straight line from the base year to the target.

    Attributes:
        measure: what is compared: per ``product``, per ``tonne`` of output, or ``absolute``.
        base_year: where the line begins.
        target: where it ends.
        year: the year reported.
        base_mg: the measure in the base year, mg CO2e rounded down; ``None`` where there is none.
        allowed_mg: what the line allows in the year.
        actual_mg: what it was.
        reached: whether that is not more, exactly; ``None`` where it cannot be said.
    """

    measure: str
    base_year: int
    target: Target
    year: int
    base_mg: int | None
    allowed_mg: int | None
    actual_mg: int | None
    reached: bool | None


def path_to(
    target: Target, measure: str, values: Mapping[int, Fraction | None], *, base_year: int, year: int
) -> Path:
    """Where ``year`` stands; after the target year the target itself holds.

    Args:
        target: what is aimed at.
        measure: one of :data:`MEASURES`.
        values: the measure by year, mg CO2e; ``None`` or absent where it has no value.
        base_year: where the line begins.
        year: the year reported.

    Raises:
        InputError: the years do not follow on each other.
    """
    if not base_year < target.year or year < base_year:
        raise InputError(
            f"a target for {target.year} from {base_year} says nothing of {year}",
            where="--target",
            hint="base year, then the year reported; the target after the base year",
        )
    base, actual = values.get(base_year), values.get(year)
    part = min(Fraction(1), Fraction(year - base_year, target.year - base_year))
    allowed = None if base is None else base * (1 - target.percent / 100 * part)
    return Path(
        measure=measure,
        base_year=base_year,
        target=target,
        year=year,
        base_mg=None if base is None else int(base),
        allowed_mg=None if allowed is None else int(allowed),
        actual_mg=None if actual is None else int(actual),
        reached=None if allowed is None or actual is None else actual <= allowed,
    )
