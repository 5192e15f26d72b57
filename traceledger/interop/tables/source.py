"""Where a table comes from: the network, the block as of which it is, what it was chosen by, this program.

Example:
    >>> source("local", None, rows=2, filters={"material": "cobalt", "state": None}).facts[:2]
    (('network', 'local'), ('rows', '2'))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from traceledger.interop.tables.table import Source
from traceledger.model.units import format_time
from traceledger.model.version import VERSION

if TYPE_CHECKING:
    from traceledger.index import IndexReader


def source(network: str, index: IndexReader | None, *, rows: int, filters: Mapping[str, object]) -> Source:
    """What a table's file says of itself.

    Args:
        network: name of the network, as networks.toml has it.
        index: what was read; ``None`` where it was not the ledger.
        rows: how many there are.
        filters: what they were chosen by; what is empty is left out.
    """
    facts, at = [("network", network)], 0
    if index is not None:
        status = index.status()
        at = index.time_of()
        facts += [
            ("chain id", str(status.follows.chain_id)),
            ("ledger contract", f"0x{status.follows.ledger.hex()}"),
            ("block", "" if status.block is None else str(status.block)),
            ("block hash", "" if status.hash is None else f"0x{status.hash.hex()}"),
            ("time of the newest change", format_time(at)),
        ]
    facts.append(("rows", str(rows)))
    facts += [
        (name.replace("_", " "), str(value))
        for name, value in filters.items()
        if value not in (None, "", False)
    ]
    facts.append(("made by", f"traceledger {VERSION}"))
    return Source(tuple(facts), at)
