r"""Operations from a file of any kind that is taken: JSON Lines, workbooks, CSV, recognised by their content.

Example:
    >>> source = source_of(b"op,material,name\ndefine_material,slag,Slag\n", name="slag.csv")
    >>> source.documents
    [{'op': 'define_material', 'material': 'slag', 'name': 'Slag'}]
"""

from __future__ import annotations

import codecs
from pathlib import Path

from traceledger.errors import InputError
from traceledger.interop.asked import Asked
from traceledger.languages.phrases import phrase
from traceledger.operations import file as opsfile
from traceledger.sending.lines import Source

JSON_ENDINGS = (".jsonl", ".json", ".ndjson")
"""How operations files are called that are JSON Lines, whatever is in them."""
SPREADSHEET_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")
"""How files are called that are spreadsheets even where nothing is in them."""
_NOTHING_ASKED = Asked()


def source_of(
    given: Path | str | bytes, asked: Asked = _NOTHING_ASKED, *, name: str = "", repeats: bool = False
) -> Source:
    """Read operations.

    Args:
        given: the file, or all its bytes.
        asked: of a spreadsheet, how it is to be read.
        name: what it is called in messages; by default the file.
        repeats: whether lines that say the very same are meant to be several events.

    Returns:
        Its lines; those with faults among them, as :func:`traceledger.sending.lines.check` tells these all at
        once. ``documents`` has them as an operations file would.

    Raises:
        InputError: it cannot be read at all, or the mapping file has a fault.
    """
    called = name or ("" if isinstance(given, bytes) else str(given))
    content = given if isinstance(given, bytes) else opsfile.bytes_of(Path(given))
    again = ("--repeats",) if repeats else ()
    if not is_json_lines(content, called):
        return _spreadsheet(content, called, asked, again)
    if asked.asks:
        raise InputError(
            phrase("this is an operations file: what is said of spreadsheets does not apply to it"),
            where=called,
            hint=phrase("leave out --operation, --mapping, --sheet and --decimal"),
        )
    return Source(called, tuple(opsfile.read_bytes(content, called)), options=again, repeats=repeats)


def is_json_lines(content: bytes, name: str = "") -> bool:
    """Whether this is an operations file, and no spreadsheet: by its name, else by how it begins."""
    if name.lower().endswith(JSON_ENDINGS):
        return True
    beginning = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return beginning == b"{" or (not beginning and not name.lower().endswith(SPREADSHEET_ENDINGS))


def _spreadsheet(content: bytes, name: str, asked: Asked, again: tuple[str, ...]) -> Source:
    # What reads spreadsheets is loaded only where there is one.
    from traceledger.interop.sheets import grid, rows
    from traceledger.interop.sheets.mapping import load
    from traceledger.interop.sheets.tables import Terms, require_operation

    require_operation(asked.operation)
    mapped = load(asked.mapping) if isinstance(asked.mapping, Path) else asked.mapping
    decimal = grid.Decimals(asked.decimal) if asked.decimal else None
    act_as = asked.act_as
    if mapped is not None:
        decimal, act_as = decimal or mapped.decimal, act_as or mapped.act_as
    terms = Terms(asked.operation, act_as, decimal, asked.sheets, mapped)
    found = rows.read(grid.read(content, name, hidden=grid.Hidden(asked.hidden)), terms)
    origins = {number: draft.origin for number, draft in found.drafts.items()}
    return Source(name, found.lines, origins, (*asked.options, *again), bool(again), found.warnings)
