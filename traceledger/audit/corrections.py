"""Rules on corrections: material that is told twice, and differences that lean one way.

Example:
    >>> round(chance_of(12, 0), 6), chance_of(5, 5)
    (0.000488, 1.0)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

from traceledger.audit.differences import Difference, differences
from traceledger.audit.quantities import mass, percent
from traceledger.audit.values import Issue, Level, Rule
from traceledger.audit.view import AuditView
from traceledger.events import ErrorDeclared, RecordedEvent
from traceledger.model.batches import BatchState
from traceledger.model.substances import symbol

_LEFT = (BatchState.CONSUMED, BatchState.RETIRED, BatchState.DELIVERED)


def check_repeated(view: AuditView) -> Iterator[Issue]:
    """Lots that correct another of which a part was used, or is with somebody else, and repeat that part."""
    for item in view.events:
        event = item.event
        if not isinstance(event, ErrorDeclared) or event.batch not in view.standing:
            continue
        corrective = [each for each in event.corrective if each in view.standing and not view.in_error(each)]
        if not corrective:
            continue
        wrong = view.standing[event.batch]
        gone = wrong.making.mass_mg - (0 if _is_out(view, event.batch) else wrong.now.mass_mg)
        again = sum(view.standing[each].making.mass_mg for each in corrective)
        room = wrong.making.mass_mg * (1 + view.settings.corrections.tolerance)
        if gone > 0 and gone + again > room:
            yield _repeated_issue(view, item, (event.batch, *corrective), (gone, again))


def _is_out(view: AuditView, batch: int) -> bool:
    """Whether a lot is not its maker's any more: whoever has it goes on using it."""
    now = view.standing[batch].now
    return now.custodian != now.creator or now.state in _LEFT or now.state.travels


def _repeated_issue(
    view: AuditView, item: RecordedEvent, batches: tuple[int, ...], masses: tuple[int, int]
) -> Issue:
    wrong, first = batches[0], batches[1]
    gone, again = masses
    now = view.batches[first].now
    return Issue(
        subject=view.batch_subject(first),
        message=f"{mass(again)} correct {view.batch_name(wrong)}, of which {mass(gone)} of "
        f"{mass(view.batches[wrong].making.mass_mg)} had been used or handed on: that part is told twice",
        participant=now.creator,
        facility=now.facility,
        batches=batches,
        related=(view.batch_name(wrong),),
        facts={"used_mg": str(gone), "corrective_mg": str(again)},
        at=item.event.occurred_at,
    )


def check_biased(view: AuditView) -> Iterator[Issue]:
    """Differences of one participant, facility, material and substance that lean one way."""
    settings = view.settings.corrections
    for item in differences(view):
        leaning = chance_of(item.more, item.less) < settings.chance
        if leaning and item.throughput_mg and abs(item.net_mg) >= settings.part * item.throughput_mg:
            yield _biased_issue(view, item)


def chance_of(more: int, less: int) -> float:
    """How likely chance alone leans so far, either way (sign test)."""
    count, fewest = more + less, min(more, less)
    ways = sum(comb(count, each) for each in range(fewest + 1))
    return float(min(1.0, 2 * ways / (1 << count)))


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
        "Nuclear material accountancy (IAEA, shipper/receiver difference and material unaccounted for); sign "
        "test; settings file, table corrections",
        check_biased,
    ),
)
