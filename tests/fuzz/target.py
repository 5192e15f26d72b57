"""What a target of fuzzing must offer, and the search that they share."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Protocol


class Target(Protocol):
    """Something that is given what others made, and must never believe, crash, or stall."""

    suffix: str
    """Of a file with an input."""

    def inputs(self) -> dict[str, bytes]:
        """Valid inputs by name, from which the search begins."""

    def changed(self, random: Random) -> bytes:
        """A valid input with one to three changes."""

    def outcome(self, data: bytes) -> str:
        """What became of an input, in a word or two.

        Raises:
            AssertionError: it was treated wrongly. Any other exception is as bad.
        """


class FoundError(Exception):
    """An input that is treated wrongly."""

    def __init__(self, seed: str, data: bytes, why: str) -> None:
        super().__init__(f"seed {seed}: {why}")
        self.seed = seed
        self.data = data


def search(
    target: Target,
    seed: str,
    *,
    go_on: Callable[[int], bool],
    slow: float = 20.0,
) -> Counter[str]:
    """Change inputs, one after the other, each as its seed has it; how many had which outcome.

    Args:
        target: what is tried.
        seed: the same seed on the same inputs makes the same changes.
        go_on: whether to go on after so many.
        slow: the most seconds that one input may take.

    Raises:
        FoundError: an input is treated wrongly, or takes too long.
    """
    outcomes: Counter[str] = Counter()
    number = 0
    while go_on(number):
        each = f"{seed}/{number}"
        data = target.changed(Random(each))
        began = time.monotonic()
        try:
            outcomes[target.outcome(data)] += 1
        except Exception as error:
            raise FoundError(each, data, f"{type(error).__name__}: {error}") from error
        taken = time.monotonic() - began
        if taken > slow:
            raise FoundError(each, data, f"takes {taken:.1f} s")
        number += 1
    return outcomes


def kept(folder: Path, target: Target, found: FoundError) -> Path:
    """The file into which an input was written that is treated wrongly."""
    path = folder / f"failing{target.suffix}"
    path.write_bytes(found.data)
    return path
