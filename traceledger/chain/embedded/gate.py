"""Who may send transactions to an embedded chain and create contracts on it, and when a block is full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Pace = Callable[[], bool]
"""Called before each transaction of a block: whether there is time for it. The first one is always run."""


def unhurried() -> bool:
    """A :data:`Pace` without end."""
    return True


@dataclass(frozen=True, slots=True)
class Gate:
    """Asked for each transaction that is sent, never for those of stored blocks.

    Args:
        admit: whether a 20-byte address may send transactions; ``None``: every one may.
        creates: whether one that may send may create contracts; ``None``: it may.

    Example:
        >>> Gate().admits(bytes(20)), Gate(creates=lambda address: False).may_create(bytes(20))
        (True, False)
    """

    admit: Callable[[bytes], bool] | None = None
    creates: Callable[[bytes], bool] | None = None

    def admits(self, address: bytes) -> bool:
        """Whether an account may send transactions now."""
        return self.admit is None or self.admit(address)

    def may_create(self, address: bytes) -> bool:
        """Whether an account may create contracts now."""
        return self.creates is None or self.creates(address)
