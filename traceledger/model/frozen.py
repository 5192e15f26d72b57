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
        "__init__": _first_init(made, known),
        **_comparison(compared),
        "__repr__": _shown,
        "__setattr__": _refuse_change,
        "__delattr__": _refuse_removal,
        "__reduce__": _reduction([one.name for one in known]),
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
    """What copies a value of the class into one that is open."""
    names: dict[str, Any] = {"new": object.__new__, "cls": _opened(cls)}
    lines = [f" made.{one.name} = value.{one.name}\n" for one in fields(cls)]
    exec(f"def copy(value):\n made = new(cls)\n{''.join(lines)} return made", names)  # noqa: S102
    copy: Callable[[Any], Any] = names["copy"]
    return copy


@cache
def _opened(cls: type) -> type:
    """By frozen class, the class of its values while they are made: those can be set.

    A slot is set fastest by an assignment, which takes a class that does not refuse it. A subclass that adds
    nothing else has values that are laid out the same, so that they are frozen by giving them their class.
    """
    settable = {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(cls.__name__, (cls,), settable)


_SET_CLASS = object.__dict__["__class__"].__set__


def _first_init(made: Any, known: tuple[Field[Any], ...]) -> Any:
    """An ``__init__`` that makes the real one at its first call: of most classes a run makes no values."""
    optional = [one.default is not MISSING or one.default_factory is not MISSING for one in known]
    for one, before in zip(known[1:], optional, strict=False):
        if before and one.default is MISSING and one.default_factory is MISSING:
            raise TypeError(f"non-default argument {one.name!r} follows default argument")

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        made.__init__ = _initializer(made, known)
        made.__init__(self, *values, **named)

    return __init__


def _initializer(made: Any, known: tuple[Field[Any], ...]) -> Any:
    """``__init__``: it runs for every event, so it must be as fast as one that was written for its class."""
    within: dict[str, Any] = {"set_class": _SET_CLASS, "opened": _opened(made)}
    defaults, fresh = [], []
    for number, one in enumerate(known):
        if one.default_factory is not MISSING:
            within[f"fresh{number}"] = _fresh(one.default_factory)
            fresh.append(number)
            defaults.append(MISSING)
        elif one.default is not MISSING:
            defaults.append(one.default)
    code = _setting(len(known), tuple(fresh))
    names = {f"p{number}": one.name for number, one in enumerate(known)}
    code = code.replace(
        co_varnames=tuple(names.get(name, name) for name in code.co_varnames),
        co_names=tuple(names.get(name, name) for name in code.co_names),
    )
    return FunctionType(code, within, "__init__", tuple(defaults))


@cache
def _setting(count: int, fresh: tuple[int, ...]) -> CodeType:
    """The code that sets so many slots: to compile it takes long, so classes with as many fields share it.

    Args:
        count: how many.
        fresh: the numbers of those that are made anew where they are not given.
    """
    given = [f"fresh{number}(p{number})" if number in fresh else f"p{number}" for number in range(count)]
    # While it is set, its class is one that takes assignments (:func:`_opened`).
    lines = [
        f"def __init__(self{''.join(f', p{number}' for number in range(count))}):",
        " class_ = self.__class__",
        " set_class(self, opened)",
        *(f" self.p{number} = {one}" for number, one in enumerate(given)),
        " self.__class__ = class_",
    ]
    names: dict[str, Any] = {}
    exec("\n".join(lines), names)  # noqa: S102
    code: CodeType = names["__init__"].__code__
    return code


def _fresh(make: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda given: make() if given is MISSING else given


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


def _reduction(names: list[str]) -> Callable[[Any], tuple[type, tuple[Any, ...]]]:
    """How a value is pickled and copied: as a call of its class."""
    if len(names) < 2:
        return lambda self: (self.__class__, tuple([getattr(self, name) for name in names]))
    content = attrgetter(*names)
    return lambda self: (self.__class__, content(self))
