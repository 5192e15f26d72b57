"""Get a QBFT network going again whose rounds have grown long.

A round of QBFT that ends without a block is followed by one that lasts twice as long. While less than two
thirds of the validators run, rounds therefore grow; when the missing validators are back, everybody first
waits for the end of the present round, about as long as the network stood still. Rounds are kept in memory
only: validators that are ended and started together begin with short ones.

States of a network that stands still, seen from one machine::

    making blocks <--------------------------- a block -----------------------------+
         | none for 30 block times                                                  |
         v                                                                          |
    standing --two thirds run here--> rounds are long --all ended and started--> short rounds
         |
         | fewer run here: said, with what to do; other members' validators are theirs to start
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traceledger.network.lifecycle import Running, Tell
from traceledger.network.manifest import Node
from traceledger.network.standstill import standstill


def shorten_rounds(
    running: Running,
    nodes: Sequence[Node],
    restart: Callable[[Sequence[Node]], None],
    *,
    tell: Tell = lambda _: None,
) -> bool:
    """End the validators here and start them together, where they are enough and their rounds are long.

    Args:
        running: the network's nodes here.
        nodes: those of them that run.
        restart: ends these nodes, then starts them.
        tell: is told what happens.

    Returns:
        Whether they were started anew.

    Raises:
        NetworkError: a node does not answer, or does not start.
    """
    found = standstill(running, nodes)
    if found is None or found.present < found.needed:
        return False
    tell(
        f"no block for {found.seconds} s, so that rounds have grown as long: all {found.present} validators"
        " here are ended and started together"
    )
    restart(found.here)
    return True
