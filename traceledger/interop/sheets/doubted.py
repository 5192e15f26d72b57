"""What is doubted of the columns of a spreadsheet, by what each of them holds."""

from __future__ import annotations

from collections.abc import Iterable

from traceledger.errors import InputError
from traceledger.interop.sheets.columns import Kind
from traceledger.interop.sheets.doubts import grown, turned, warnings_of
from traceledger.interop.sheets.tables import Layout


def doubts_of(laid_out: Iterable[Layout]) -> list[InputError]:
    """Doubts about columns of which a spreadsheet program may have made something else."""
    found = []
    for layout in laid_out:
        for table in layout.tables.values():
            for placed in table.columns:
                cells = [cell for row in layout.rows if (cell := row.at(placed.index)) is not None]
                match placed.column.kind:
                    case Kind.IDENTIFIER:
                        found += warnings_of(cells, placed.heading)
                    case Kind.TIME | Kind.DAY:
                        found += turned(cells, placed.heading)
                    case Kind.QUANTITY:
                        found += grown(cells, placed.heading)
                    case _:
                        pass
    return found
