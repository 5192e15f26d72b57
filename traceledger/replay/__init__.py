"""What the ledger's events imply: pools recomputed, and compared with what later events state. Pure.

Shared by the index, which replays a whole chain, and by the verifier of proof files, which replays a lineage.
Each rule stands once: pools in ``pools``, state and custody in ``custody``, sharing and place of emissions in
``emissions``; they quote the numbered rules of docs/rules.md.

Example:
    >>> from traceledger.replay import year_of
    >>> year_of(0)
    1970
"""

from typing import TYPE_CHECKING

from traceledger.model.importing import importing

if TYPE_CHECKING:
    from traceledger.replay.ledger import Replay, State, batch_in, shipment_in, year_of
    from traceledger.replay.memory import Memory
else:
    # Where a batch comes from is told by the rules of emissions and custody alone.
    __getattr__ = importing(__name__, "ledger", "memory")

__all__ = ["Memory", "Replay", "State", "batch_in", "shipment_in", "year_of"]
