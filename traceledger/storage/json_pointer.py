"""Where something stands in a JSON document (RFC 6901, *JavaScript Object Notation Pointer*).

Example:
    >>> "/" + "/".join(map(step, ("tl:mass", 3, "a/b~c")))
    '/tl:mass/3/a~1b~0c'
    >>> found({"a/b": [{"c": 7}]}, "/a~1b/0/c"), found([], "/0")
    (7, None)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def step(part: str | int) -> str:
    """A member's name, or an element's place, as a part of a pointer."""
    return str(part).replace("~", "~0").replace("/", "~1")


def found(document: Any, pointer: str) -> Any:
    """The value that a pointer leads to; ``None`` where there is none."""
    value = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
