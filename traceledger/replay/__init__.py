"""What the ledger's events imply: pools recomputed, and compared with what later events state. Pure.

Shared by the index, which replays a whole chain, and by the verifier of proof files, which replays a lineage.
Each rule stands once: pools in ``pools``, better measurements in ``measurements``, state and custody in
``custody``, title in ``titles``, what made a batch and what it came by in ``trail``, sharing and place of
emissions in ``emissions``; they quote the numbered rules of docs/rules.md.

Example:
    >>> from traceledger.replay import year_of
    >>> year_of(0)
    1970
"""

from typing import TYPE_CHECKING

from traceledger.model.importing import importing

if TYPE_CHECKING:
    from traceledger.replay.calendar import year_of
    from traceledger.replay.ledger import Replay
    from traceledger.replay.memory import Memory
    from traceledger.replay.state import Booking, State, Within, batch_in, shipment_in
else:
    # Where a batch comes from is told by the rules of emissions and custody alone.
    __getattr__ = importing(__name__, "calendar", "ledger", "memory", "state")

__all__ = ["Booking", "Memory", "Replay", "State", "Within", "batch_in", "shipment_in", "year_of"]
