"""How long the library waits for what before it gives up: one value, given to a client.

Example:
    >>> Patience(idle=600.0).idle, Patience().turn
    (600.0, 60.0)
"""

from __future__ import annotations

from traceledger.model.frozen import frozen


@frozen
class Patience:
    """How long to wait, in seconds; numbers of attempts where that is said.

    Of sending to a network:

    Args:
        pause: between two looks at the chain, at first; grows to ``longest_pause`` while nothing happens.
        longest_pause: see ``pause``.
        resend: before the same bytes are sent again; doubles each time, up to ``longest_resend``.
        longest_resend: see ``resend``.
        suspect: with none of an account's transactions mined, before it is asked whether others took their
            nonces; it is asked at once if a node says so when the same bytes are sent again.
        stalled: before a development node is asked to make a block.
        idle: with nothing settled, sent or mined at all, before giving up.
        refused: how long a node may keep refusing a transaction, before giving up.
        looks: how often a receipt is looked for that another node has shown (a number).
        turn: for another process that sends to the same network, or signs into the same file.
        sqlite_busy: for another process that writes to the same SQLite file: index, chain, outbox,
            private texts.
        catch_up: for another process that writes to the index, before what only reads takes it as it stands.
        request: for one answer of a node; ``None``: ``timeout_seconds`` of networks.toml.
        attempts: how often all nodes are asked before a request fails (a number).
        attempting: no further attempt is begun after so long.
        compare: before the heights of several nodes are compared again, while heads are asked for.
    """

    pause: float = 0.02
    longest_pause: float = 0.5
    resend: float = 3.0
    longest_resend: float = 30.0
    suspect: float = 1.0
    stalled: float = 2.0
    idle: float = 120.0
    refused: float = 10.0
    looks: int = 10
    turn: float = 60.0
    sqlite_busy: float = 60.0
    catch_up: float = 1.0
    request: float | None = None
    attempts: int = 3
    attempting: float = 20.0
    compare: float = 15.0


DEFAULT = Patience()
"""What is waited where nothing else is said."""
