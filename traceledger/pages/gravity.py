"""How grave faults are to who reads a page, so that each page shows the same ones alike.

Example:
    >>> gravity(["open finding"]), gravity(["open finding", "tainted"]), gravity([])
    ('warning', 'bad', '')
"""

from __future__ import annotations

from collections.abc import Collection

_LIGHT = frozenset({"untraced", "open finding", "on hold", "on hold upstream"})
"""Faults that may yet turn out to be none."""


def gravity(faults: Collection[str]) -> str:
    """``bad``, ``warning`` where all of them may yet turn out to be none, or nothing where there are none.

    Args:
        faults: as documents have them, a word each.
    """
    if not faults:
        return ""
    return "warning" if _LIGHT.issuperset(faults) else "bad"
