"""What the ledger's events imply: pools recomputed, and compared with what later events state. Pure.

Shared by the index, which replays a whole chain, and by the verifier of proof files, which replays a lineage.

Example:
    >>> from traceledger.replay import year_of
    >>> year_of(0)
    1970
"""

from traceledger.replay.ledger import Replay, State, year_of

__all__ = ["Replay", "State", "year_of"]
