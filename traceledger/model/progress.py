"""How far something has come: what long work tells whoever waits."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Is told how many are done, and of how many; again and again, and the total may grow."""


def silent(_done: int, _total: int) -> None:
    """Nobody is told."""
