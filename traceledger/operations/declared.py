"""What the fields of an operation declare, read off its class.

Example:
    >>> from traceledger.operations.batches import Split
    >>> into = next(field for field in declared(Split) if field.name == "into")
    >>> into.required, into.many, [part.name for part in into.parts]
    (True, True, ['batch', 'mass'])
"""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from traceledger.operations.fields import WORDS, About, Some, Value


@dataclass(frozen=True, slots=True)
class Declared:
    """A field of an operation, or of a part of one.

    Attributes:
        name: in Python; :attr:`word` is its name everywhere else.
        value: what kind of value it is, or each of its values is.
        about: what it means.
        required: whether it must be given.
        many: whether it is a list of values.
        parts: of a list of parts, what each of these declares.
        part: their class.
        default: what is taken where it is not given.
        some: whether it names at least one thing where it is given; left out it means all.
    """

    name: str
    value: Value
    about: About
    required: bool
    many: bool
    parts: tuple[Declared, ...]
    part: type | None
    default: Any
    some: bool

    @property
    def word(self) -> str:
        """Its name in files, options and programs."""
        return WORDS.get(self.name, self.name)


@cache
def declared(kind: type) -> tuple[Declared, ...]:
    """What each field of an operation, or of a part of one, declares: those of its own first.

    Raises:
        TypeError: a field declares no kind of value, or nothing about itself.
    """
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for field in fields(kind):
        if field.name == "op":
            continue
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        found.append(_declared(kind, field.name, hints[field.name], default))
    return tuple(sorted(found, key=lambda field: _LAST.index(field.name) if field.name in _LAST else -1))


def longest_list(item: Any) -> tuple[str, int]:
    """The field of an operation that lists most, and how much it lists."""
    lists = [(field.word, getattr(item, field.name)) for field in declared(item.__class__)]
    # Both stand for themselves in an operation: asking for any kind of list takes much longer.
    found = [(word, len(value)) for word, value in lists if isinstance(value, tuple | dict)]
    return max(found, key=lambda each: each[1], default=("", 0))


_LAST = ("at", "historic", "evidence", "private", "act_as")
"""What operations have in common, after what each has of its own."""


def _declared(kind: type, name: str, hint: Any, default: Any) -> Declared:
    told = [*_told(hint)]
    values = [item for item in told if isinstance(item, Value)]
    abouts = [item for item in told if isinstance(item, About)]
    if not values or not abouts:
        raise TypeError(f"field {name} of {kind.__name__} does not say what it is: annotate a type and About")
    part = _part(hint)
    return Declared(
        name=name,
        value=values[0],
        about=abouts[0],
        required=default is MISSING,
        many=_is_list(hint),
        parts=() if part is None else declared(part),
        part=part,
        default=None if default is MISSING else default,
        some=any(isinstance(item, Some) for item in told),
    )


def _told(hint: Any) -> list[Any]:
    """All that is annotated in a type, the outermost first; of keys of a mapping nothing."""
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *told = get_args(hint)
        return [*told, *_told(inner)]
    if origin in (Union, types.UnionType, tuple):
        return [item for each in get_args(hint) for item in _told(each)]
    return []


def _bare(hint: Any) -> Any:
    return _bare(get_args(hint)[0]) if get_origin(hint) is Annotated else hint


def _is_list(hint: Any) -> bool:
    """Whether it is a list whose items have a kind of value of their own, or are parts."""
    bare = _bare(hint)
    if get_origin(bare) is not tuple:
        return False
    item = get_args(bare)[0]
    return bool(_told(item)) or is_dataclass(item)


def _part(hint: Any) -> type | None:
    bare = _bare(hint)
    item = get_args(bare)[0] if get_origin(bare) is tuple else None
    return item if isinstance(item, type) and hasattr(item, "__pydantic_config__") else None
