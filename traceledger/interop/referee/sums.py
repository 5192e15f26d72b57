"""Sums that several models have alike: stages of a life cycle, shares of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from traceledger.interop.referee import figures
from traceledger.interop.referee.hearing import Hearing, Node, number_at

Figure = tuple[Node, Decimal]
"""A number and where it stands."""
_WHOLE = (Decimal(100), Decimal(1))


def total_of(hearing: Hearing, rule: str, whole: Figure, parts: Sequence[Figure], what: str) -> None:
    """Say whether a total is not the sum of its parts."""
    node, value = whole
    exact = figures.added(part for _, part in parts)
    if not figures.agrees(value, exact):
        hearing.fault(
            rule, node, f"{what} add up to {figures.written(exact)}", expected=figures.written(exact)
        )


def stages_of(
    hearing: Hearing, rule: str, whole: Figure, parts: Sequence[Figure], *, all_given: bool
) -> None:
    """Say whether a footprint is not the sum of its stages, which may be told as amounts or as shares of it.

    Args:
        hearing: where it is said.
        rule: by which rule.
        whole: the footprint.
        parts: its stages.
        all_given: whether all stages of the standard are among them; else some may be unknown.
    """
    node, value = whole
    exact = figures.added(part for _, part in parts)
    if figures.agrees(value, exact):
        return
    hundred, one = (
        abs(Fraction(exact - each)) <= figures.spread(part for _, part in parts) for each in _WHOLE
    )
    if hundred:
        return
    should = figures.written(exact)
    if one and len(parts) > 1:
        hearing.doubt(
            rule,
            node,
            "its stages add up to 1: shares of it are told in per cent",
            expected=f"{should}, or shares of 100 together",
        )
    elif not all_given and value > exact:
        hearing.doubt(
            rule, node, f"the stages that are given add up to {should}; others are missing", expected=should
        )
    else:
        hearing.fault(
            rule, node, f"its stages add up to {should}", expected=f"{should}, or shares of 100 together"
        )


def least(
    hearing: Hearing, found: Figure | None, bound: int | Decimal, *, rule: str = "range", what: str = ""
) -> None:
    """Say whether a number is below its bound."""
    if found is not None and found[1] < bound:
        told = what or f"it is less than {figures.written(Decimal(bound))}"
        hearing.fault(rule, found[0], told, expected=f"at least {figures.written(Decimal(bound))}")


def percent(hearing: Hearing, found: Figure | None, *, fraction: bool = False) -> None:
    """Say whether a share is not within 0 and 100; with ``fraction`` as :func:`perhaps_fraction` besides."""
    if found is None:
        return
    node, value = found
    if not 0 <= value <= 100:
        hearing.fault("percent", node, "it is in per cent, from 0 to 100", expected="0 to 100")
    elif fraction:
        perhaps_fraction(hearing, found)


def perhaps_fraction(hearing: Hearing, found: Figure | None) -> None:
    """Say whether a share looks like a fraction of 1; whether it is within bounds is another's to say."""
    if found is not None and 0 < found[1] <= 1:
        hearing.doubt(
            "percent",
            found[0],
            "it is in per cent: one per cent or less, or a fraction?",
            expected=f"{figures.written(found[1] * 100)}, if it is a fraction",
        )


def in_order(hearing: Hearing, rule: str, node: Node | None, names: Sequence[str]) -> None:
    """Say where numbers do not ascend in the order of these names."""
    found = [(name, each) for name in names if (each := number_at(node, name)) is not None]
    for (name, (_, low)), (_, (place, high)) in pairwise(found):
        if high < low:
            hearing.fault(
                rule,
                place,
                f"it is below {name}, {figures.written(low)}",
                expected=f"at least {figures.written(low)}",
            )


def doubled(hearing: Hearing, listed: Sequence[tuple[Node, str]]) -> None:
    """Say which names stand twice in a list."""
    seen: dict[str, str] = {}
    for node, name in listed:
        if name in seen:
            hearing.fault("twice", node, f"{name} is listed at {seen[name]} already", expected="each once")
        seen.setdefault(name, node.pointer)
