"""``@frozen`` makes what ``@dataclass(frozen=True, slots=True)`` makes, in a quarter of its time.

A command that reads makes some eighty such classes when it starts. For each, dataclasses writes, compiles and
runs the source of six methods, which takes longer than all that the command then does. Here the classes share
all methods, and the code of ``__init__`` with those of as many fields. What they are is the same:
``dataclasses.fields`` and ``replace`` take them.

Example:
    >>> @frozen
    ... class Stretch:
    ...     begin: int
    ...     end: int = 9
    >>> Stretch(7), Stretch(7) == Stretch(begin=7, end=9)
    (Stretch(begin=7, end=9), True)
    >>> changed(Stretch(7), end=8)
    Stretch(begin=7, end=8)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

__all__ = ["changed", "frozen"]

Made = TypeVar("Made", bound=type)
Value = TypeVar("Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def frozen(cls: Made) -> Made:
    """Make a frozen dataclass with slots; of the options of fields it knows defaults and ``compare``."""
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    known = fields(made)
    compared = [one.name for one in known if one.compare]
    methods = {
        "__init__": _initializer(made, known),
        **_comparison(compared),
        "__repr__": _shown,
        "__setattr__": _refuse_change,
        "__delattr__": _refuse_removal,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    result: Made = made
    return result


if TYPE_CHECKING:
    # The type checker knows of this one which fields there are, and of what type.
    from dataclasses import replace as changed
else:

    def changed(value: Value, /, **changes: Any) -> Value:
        """The value of a class made with :func:`frozen`, with other contents of some fields.

        What :func:`dataclasses.replace` does, in an eighth of its time for a batch of thirty fields: a replay
        does it several times an event. ``__init__`` is not called.

        Raises:
            AttributeError: there is no such field.
        """
        made = _copying(value.__class__)(value)
        for name, content in changes.items():
            setattr(made, name, content)
        made.__class__ = value.__class__
        return made


@cache
def _copying(cls: type) -> Callable[[Any], Any]:
    """What copies a value of the class into one that can be changed, and is frozen by giving it its class.

    A slot is set fastest by an assignment, which takes a class that does not refuse it: a subclass that adds
    nothing else, so that its values are laid out the same.
    """
    open_ = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    names: dict[str, Any] = {"new": object.__new__, "cls": type(cls.__name__, (cls,), open_)}
    lines = [f" made.{one.name} = value.{one.name}\n" for one in fields(cls)]
    exec(f"def copy(value):\n made = new(cls)\n{''.join(lines)} return made", names)  # noqa: S102
    copy: Callable[[Any], Any] = names["copy"]
    return copy


def _initializer(made: Any, known: tuple[Field[Any], ...]) -> Any:
    """``__init__``: it runs for every event, so it must be as fast as one that was written for its class."""
    setters: dict[str, Any] = {}
    defaults = []
    for number, one in enumerate(known):
        # What sets a slot is asked of the class: ``__setattr__`` refuses.
        setters[f"set{number}"] = setter = getattr(made, one.name).__set__
        if one.default_factory is not MISSING:
            setters[f"set{number}"] = _setting_fresh(setter, one.default_factory)
            defaults.append(MISSING)
        elif one.default is not MISSING:
            defaults.append(one.default)
        elif defaults:
            raise TypeError(f"non-default argument {one.name!r} follows default argument")
    code = _setting(len(known)).replace(co_varnames=("self", *(one.name for one in known)))
    return FunctionType(code, setters, "__init__", tuple(defaults))


@cache
def _setting(count: int) -> CodeType:
    """The code that sets so many slots: to compile it takes long, so classes with as many fields share it."""
    parameters = "".join(f", p{number}" for number in range(count))
    lines = [f" set{number}(self, p{number})" for number in range(count)] or [" pass"]
    names: dict[str, Any] = {}
    exec(f"def __init__(self{parameters}):\n" + "\n".join(lines), names)  # noqa: S102
    code: CodeType = names["__init__"].__code__
    return code


def _setting_fresh(setter: Callable[[object, Any], None], make: Callable[[], Any]) -> Callable[..., None]:
    def set_(self: object, given: Any) -> None:
        setter(self, make() if given is MISSING else given)

    return set_


def _comparison(names: list[str]) -> dict[str, Any]:
    content = attrgetter(*names) if names else type

    def equal(self: object, other: object) -> bool:
        return content(self) == content(other) if other.__class__ is self.__class__ else NotImplemented

    def digest(self: object) -> int:
        return hash((content(self),))

    return {"__eq__": equal, "__hash__": digest}


def _shown(self: Any) -> str:
    content = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self))
    return f"{type(self).__qualname__}({content})"


def _refuse_change(self: object, name: str, _: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_removal(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, content in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, content)
