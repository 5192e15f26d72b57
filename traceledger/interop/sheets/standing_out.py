"""What is wrong with a sheet as a whole: rows and columns that nobody sees, cells that are merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from traceledger.errors import InputError
from traceledger.interop.sheets.grid import Flaw, Hidden, Origin, letters_of
from traceledger.interop.sheets.sheet_xml import SheetFacts
from traceledger.languages.phrases import phrase, phrases


def flaws_of(facts: SheetFacts, origin: Origin, hidden: Hidden, *, whole: bool) -> tuple[Flaw, ...]:
    """The flaws of a sheet, as far as something stands there.

    Args:
        facts: what its XML says.
        origin: the sheet.
        hidden: what is done about what nobody sees.
        whole: whether all of the sheet is hidden.
    """
    found = list(_merged(facts, origin))
    if hidden is Hidden.REFUSE:
        if whole and facts.cells:
            hint = phrase("unhide it and look at it; or say --hidden read or --hidden skip")
            fault = InputError(phrase("the sheet is hidden"), where=origin.place(), hint=hint)
            found.append(Flaw(0, 0, fault))
        found += [*_hidden_rows(facts, origin), *_hidden_columns(facts, origin)]
    return tuple(sorted(found, key=lambda flaw: flaw.first))


def _merged(facts: SheetFacts, origin: Origin) -> Iterator[Flaw]:
    for block in facts.merged:
        if (block.top, block.left) == (block.bottom, block.right):
            continue
        if (block.top, block.left) not in facts.cells:
            continue
        what = phrase("the cells {block} are merged into one", block=str(block))
        hint = phrase("unmerge them, and write into each cell what is meant for its row")
        fault = InputError(what, where=origin.place(block.top, block.left), hint=hint)
        yield Flaw(block.top, block.bottom, fault)


def _hidden_rows(facts: SheetFacts, origin: Origin) -> Iterator[Flaw]:
    filled = facts.rows.intersection(row for row, _ in facts.cells) if facts.rows else ()
    for first, last in _spans(filled):
        what = phrases(
            "row {first} is hidden, and something stands in it",
            "rows {first} to {last} are hidden, and something stands in them",
            last - first + 1,
            first=first,
            last=last,
        )
        fault = InputError(what, where=origin.place(first), hint=_decide())
        yield Flaw(first, last, fault)


def _hidden_columns(facts: SheetFacts, origin: Origin) -> Iterator[Flaw]:
    if not facts.columns:
        return
    filled = {column for _, column in facts.cells}
    seen = {column for first, last in facts.columns for column in filled if first <= column <= last}
    for column in sorted(seen):
        what = phrase("column {column} is hidden, and something stands in it", column=letters_of(column))
        yield Flaw(0, 0, InputError(what, where=origin.place(column=column), hint=_decide()))


def _decide() -> str:
    return phrase("unhide it, or take the filter away, and look at it; or say --hidden read or --hidden skip")


def _spans(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rows that follow each other, from first to last."""
    first = last = 0
    for row in sorted(rows):
        if first and row == last + 1:
            last = row
            continue
        if first:
            yield first, last
        first = last = row
    if first:
        yield first, last
