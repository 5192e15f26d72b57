"""``batch list``: batches by what they are chosen by, a piece of them, and what all of them come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from traceledger.cli.listing import Asked, moment, print_rows
from traceledger.documents import batches as documents
from traceledger.documents.choosing import Wanted, choice, each_of, numbers
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.index import IndexReader
    from traceledger.operations.directory import Directory

_TROUBLE = ("frozen", "held", "disputed", "recalled", "off_specification")


def list_batches(session: Session, asked: Asked, chosen: Mapping[str, Any]) -> None:
    """Print the batches that were chosen, or write them into a file."""
    from traceledger.operations.directory import Directory

    index = asked.index(session)
    with index.snapshot():
        names, wanted = Directory(index), _wanted(chosen)
        found = numbers(index, choice(index, names, wanted))
        together = documents.together(each_of(index, found))
        rows, page = _cut(index, names, asked, found)
    document = {"batches": rows, "totals": together, **page}
    print_rows(session, asked, document, index, filters=wanted.said, total=_total(together))


def _wanted(chosen: Mapping[str, Any]) -> Wanted:
    return Wanted(
        custodian=chosen["participant"],
        maker=chosen["maker"],
        material=chosen["material"],
        facility=chosen["facility"],
        state=chosen["state"],
        origin=chosen["origin"],
        shipment=chosen["shipment"],
        since=moment("since", chosen),
        until=moment("until", chosen),
        beginning=chosen["prefix"] or "",
        containing=chosen["contains"] or "",
        trouble=tuple(each for each in _TROUBLE if chosen[each]),
        waste=chosen["waste"],
    )


def _cut(
    index: IndexReader, names: Directory, asked: Asked, found: Sequence[int]
) -> tuple[list[Mapping[str, Any]], dict[str, Any]]:
    """A piece of them; where they are sorted, all are read first."""
    if asked.sort is not None:
        return asked.cut(documents.batches(index, index.many.batches_numbered(found))["batches"])
    ordered = found[::-1] if asked.reverse else found
    start = 0
    if asked.after is not None:
        # Those that came since stand behind it, and it itself may be none of those chosen any more.
        (last,) = index.many.numbers_of([names.batch(asked.after, None)])
        start = sum(number >= last if asked.reverse else number <= last for number in ordered)
    shown = ordered[start:] if asked.limit is None else ordered[start : start + asked.limit]
    rows = documents.batches(index, index.many.batches_numbered(shown))["batches"]
    more = start + len(shown) < len(ordered) and rows
    return rows, asked.page(len(rows), len(found), rows[-1]["batch"] if more else None)


def _total(together: Mapping[str, Any]) -> dict[str, Any]:
    return {**together, "label": counted(together["batches"], "batch", "batches")}
