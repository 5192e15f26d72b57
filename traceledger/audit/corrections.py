"""Rules on corrections: material that is told twice, and differences that lean one way.

Example:
    >>> chance_of([3, 1, 2, 5, 4, 7, 6]), chance_of([1, -1])
    (0.015625, 1.0)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import erfc, sqrt

from traceledger.audit.differences import Difference, differences
from traceledger.audit.facts import Happening, Now
from traceledger.audit.quantities import mass, percent
from traceledger.audit.values import Check, Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import ErrorDeclared
from traceledger.model.batches import BatchState
from traceledger.model.substances import symbol

_EXACT = 100
_LEFT = (BatchState.CONSUMED, BatchState.RETIRED, BatchState.DELIVERED)


def check_repeated(view: AuditView) -> Check:
    """Lots that correct another of which a part was used, or is with somebody else, and repeat that part."""

    def look(at: Happening) -> Iterator[Issue]:
        if at.kind is not ErrorDeclared:
            return
        declared = view.declared(at.number)
        corrective = [each for each in declared.corrective if view.stands(each) and not view.in_error(each)]
        if not corrective or not view.stands(declared.batch):
            return
        wrong = view.made(declared.batch)
        gone = wrong.making.mass_mg - (0 if _is_out(wrong.now) else wrong.now.mass_mg)
        again = sum(view.made(each).making.mass_mg for each in corrective)
        room = wrong.making.mass_mg * (1 + view.settings.corrections.tolerance)
        if gone > 0 and gone + again > room:
            yield _repeated_issue(view, at, (declared.batch, *corrective), (gone, again))

    return Check(other=look)


def _is_out(now: Now) -> bool:
    """Whether a lot is not its maker's any more: whoever has it goes on using it."""
    return now.custodian != now.creator or now.state in _LEFT or now.state.travels


def _repeated_issue(
    view: AuditView, at: Happening, batches: tuple[int, ...], masses: tuple[int, int]
) -> Issue:
    wrong, first = batches[0], batches[1]
    gone, again = masses
    now = view.made(first).now
    return Issue(
        subject=view.batch_subject(first),
        message=f"{mass(again)} correct {view.batch_name(wrong)}, of which {mass(gone)} of "
        f"{mass(view.made(wrong).making.mass_mg)} had been used or handed on: that part is told twice",
        participant=now.creator,
        facility=now.facility,
        batches=view.ids(batches),
        related=(view.batch_name(wrong),),
        facts={"used_mg": str(gone), "corrective_mg": str(again)},
        at=at.occurred_at,
    )


def check_biased(view: AuditView) -> Check:
    """Differences of one participant, facility, material and substance that lean one way."""
    return Check(end=lambda: _biased(view))


def _biased(view: AuditView) -> Iterator[Issue]:
    settings = view.settings.corrections
    for item in differences(view):
        leaning = chance_of(item.found_mg) < settings.chance
        if leaning and item.throughput_mg and abs(item.net_mg) >= settings.part * item.throughput_mg:
            yield _biased_issue(view, item)


def chance_of(found: Sequence[int]) -> float:
    """How likely chance alone leans so far, either way (Wilcoxon's signed-rank test; zeros are left out).

    Exact up to 100 differences, by the normal distribution beyond.
    """
    ordered = sorted((each for each in found if each), key=abs)
    # Twice the rank, so that ties share the middle one in whole numbers.
    first = {abs(each): place for place, each in reversed(list(enumerate(ordered)))}
    alike = Counter(map(abs, ordered))
    ranks = [2 * first[abs(each)] + alike[abs(each)] + 1 for each in ordered]
    whole = sum(ranks)
    up = sum(rank for rank, each in zip(ranks, ordered, strict=True) if each > 0)
    fewer = min(up, whole - up)
    if len(ranks) > _EXACT:
        spread = sqrt(sum(rank * rank for rank in ranks) / 4)
        return erfc((whole / 2 - fewer) / spread / sqrt(2))
    ways = [1] + [0] * fewer
    for rank in ranks:
        for total in range(fewer, rank - 1, -1):
            ways[total] += ways[total - rank]
    return min(1.0, 2 * sum(ways) / (1 << len(ranks)))


def _biased_issue(view: AuditView, item: Difference) -> Issue:
    count = item.more + item.less
    what = symbol(item.substance) if item.substance else "gross mass"
    way = "more" if item.net_mg > 0 else "less"
    side, amount = max(item.more, item.less), abs(item.net_mg)
    said = (
        f"{side} of {count} measurements of {view.material(item.material).slug} from "
        f"{view.facility_name(item.facility)} by {view.slug(item.participant)} found {way} {what}: "
        f"{mass(amount)}, {percent(amount / item.throughput_mg)} of {mass(item.throughput_mg)}"
    )
    return Issue(
        subject=view.participant_subject(item.participant),
        message=said,
        participant=item.participant,
        facility=item.facility,
        batches=item.batches,
        related=(view.facility_name(item.facility), view.material(item.material).slug),
        facts={
            "substance": what,
            "more": item.more,
            "less": item.less,
            "net_mg": str(item.net_mg),
            "throughput_mg": str(item.throughput_mg),
        },
    )


RULES = (
    Rule(
        "correction-repeats",
        Level.HIGH,
        "A correction repeats material that was used",
        "A lot that was declared wrong after a part of it had been used, and is minted again in full, is "
        "there twice. What is left may be minted anew; what was used stays as it was told, and an auditor "
        "measures.",
        "ISO 22095: input is counted once; EPCIS 2.0, errorDeclaration with correctiveEventIDs",
        check_repeated,
    ),
    Rule(
        "differences-biased",
        Level.MEDIUM,
        "Booked differences lean one way",
        "Errors of measurement fall either way. Where they always find more, substance enters; where they "
        "always find less, it leaves. A scale out of adjustment explains it innocently, and needs adjusting.",
        "Nuclear material accountancy (IAEA, shipper/receiver difference and material unaccounted for); "
        "Wilcoxon's signed-rank test; settings file, table corrections",
        check_biased,
    ),
)
