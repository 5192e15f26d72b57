"""Recycled content of a battery by Article 8's own terms, and what Annex XIII asks beside it.

:mod:`traceledger.reporting.recycled` says what counts: of cobalt, lithium and nickel the share of the metal
in active materials that was recovered, of lead of all. Battery manufacturing waste is told apart from
post-consumer waste; other pre-consumer material does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from traceledger.interop.passport.batteries import Battery, Per
from traceledger.interop.passport.numbers import parts_of
from traceledger.interop.passport.told import Lacking, Told, from_ledger
from traceledger.model.article_8 import LEAD
from traceledger.provenance.article_8 import Recovery

METALS: Mapping[int, str] = {27: "Cobalt", 28: "Nickel", 3: "Lithium", LEAD: "Lead"}
"""The metals of Article 8, by substance number."""
_POST = "post"
_PRE = "pre"


def shares(battery: Battery, metal: int) -> tuple[Told, Told] | Lacking:
    """Per cent of one metal from battery manufacturing waste, and from post-consumer waste.

    ``Lacking`` where the battery holds none that the ledger tracks, or none that may be in active materials.
    """
    content = battery.recycled.get(metal)
    name = METALS[metal].lower()
    if content is None:
        return Lacking(f"the ledger tracks no {name} in it")
    if not content.base:
        return Lacking(f"no {name} of it is in active materials")
    parts = {_PRE: Fraction(0), _POST: Fraction(0)}
    for part in content.parts:
        if content.counts(part):
            kind = _POST if part.recovery is Recovery.POST_CONSUMER else _PRE
            parts[kind] += Fraction(part.weight * 100, content.base)
    percent = parts_of(parts)
    where = "in it" if metal == LEAD else "in active materials"
    of = f"% of the {name} {where}, by Article 8, {_period(battery)}"
    return (
        from_ledger(percent[_PRE], f"{of}: from battery manufacturing waste", battery.events),
        from_ledger(percent[_POST], f"{of}: from post-consumer waste", battery.events),
    )


def total(battery: Battery, metal: int) -> Told | Lacking:
    """Per cent of one metal that Article 8 counts as recovered, both kinds together."""
    found = shares(battery, metal)
    if isinstance(found, Lacking):
        return found
    pre, post = found
    what = pre.what.replace(": from battery manufacturing waste", ": recovered from waste")
    return from_ledger(pre.exact + post.exact, what, pre.events)


def _period(battery: Battery) -> str:
    if battery.per is Per.BATTERY:
        return "of this battery"
    return f"of all batteries of the model that the plant made in {battery.year}"
