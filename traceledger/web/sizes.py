"""About how many bytes of memory a value takes, with all that it refers to.

Example:
    >>> one = "x" * 1000
    >>> 2000 < bytes_of([one, "y" * 1000]) < 2500
    True
    >>> 1000 < bytes_of([one] * 50) < 2000
    True
"""

from __future__ import annotations

import gc
import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

_LOOKED_AT = 999
"""So many parts of a collection are looked at; those of a longer one stand for the others beside them."""
_SHARED = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
"""What a value only names: it is there whether or not the value is kept."""


def bytes_of(value: object) -> int:
    """An estimate: what is referred to twice counts once, and of long collections some parts tell.

    It is right to some per cent where the parts of a collection are alike, and takes milliseconds, however
    large the value is. What C libraries hold beside their objects is not seen.
    """
    total, seen = 0, set[int]()
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        item, times = waiting.pop()
        if id(item) in seen or isinstance(item, _SHARED):
            continue
        seen.add(id(item))
        total += times * sys.getsizeof(item)
        parts = gc.get_referents(item)
        if isinstance(item, dict):
            parts = [*parts, *item]  # Of keys that are texts nobody else tells.
        step = len(parts) // _LOOKED_AT + 1
        waiting += [(part, times * step) for part in parts[::step]]
    return total
