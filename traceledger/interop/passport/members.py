"""A format as a table of members, and how a document is made of it.

Each model's module has such a table: where a member stands, by which point of Annex XIII, and where it comes
from. The place is a JSON Pointer (RFC 6901) of the document, in which ``?`` after a name says that the schema
can do without it: ``/performance/rated/energy?/value`` is an optional ``energy`` that has a ``value``.

Example:
    >>> from traceledger.interop.passport.told import fixed
    >>> table = (Member("/version", "-", lambda _: fixed("1", "the format")),)
    >>> assembled(table, None, Reader.PUBLIC).document
    {'version': '1'}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from traceledger.interop.exported import Exported, Missing, Origin, Sourced
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.numbers import plain
from traceledger.interop.passport.said import Spoken
from traceledger.interop.passport.told import Lacking, Narrowed, Node, Told
from traceledger.storage import json_pointer

Subject = TypeVar("Subject")
OPTIONAL = "?"


@dataclass(frozen=True, slots=True)
class Member(Generic[Subject]):
    """A member of a model.

    Attributes:
        place: where it stands.
        point: of Annex XIII, for instance ``1(c)``; ``-`` where each file needs it.
        source: what it is of a battery.
        takes: whether the format has room for a value; what it has none for is said to be missing.
    """

    place: str
    point: str
    source: Callable[[Subject], Node]
    takes: Callable[[Any], bool] | None = None


Table = Sequence[Member[Any]]


def assembled(
    table: Table, subject: object, reader: Reader, placed: Mapping[str, Spoken] | None = None
) -> Exported:
    """The document for a reader: what they may see of each member, where it comes from, what is missing.

    What nobody says is taken from ``placed``, by its place in the document. An optional structure that lacks
    something it must have is left out whole, and what it lacks is named.
    """
    tree: dict[str, Any] = {}
    for member in table:
        if reader.may_see(member.point):
            node = member.source(subject)
            if member.takes is not None and isinstance(node, Told) and not member.takes(node.value):
                node = Lacking(f"the format has no room for {node.value!s:.80}")
            _placed(tree, member.place.split("/")[1:], node)
    making = _Making(reader, placed or {})
    document = making.made(tree, "", required=True)
    return Exported(
        document if isinstance(document, dict) else {}, tuple(making.sources), tuple(making.missing)
    )


def withheld(table: Table, reader: Reader) -> tuple[str, ...]:
    """Places of a model that are not for a reader."""
    return tuple(member.place.replace(OPTIONAL, "") for member in table if not reader.may_see(member.point))


def _placed(tree: dict[str, Any], steps: Sequence[str], node: Node) -> None:
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = node


_NOTHING = object()


@dataclass
class _Making:
    """Makes plain values of nodes, and notes their sources."""

    reader: Reader
    placed: Mapping[str, Spoken]
    sources: list[Sourced] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    def made(self, node: Node, pointer: str, *, required: bool) -> Any:
        """The plain value, or ``_NOTHING``."""
        match node:
            case Told():
                self.sources.append(Sourced(pointer, node.origin, node.what, node.events))
                value = node.value
                return plain(value, pointer) if isinstance(value, Decimal) else value
            case Lacking() if (said := self.placed.get(pointer)) is not None:
                self.sources.append(Sourced(pointer, Origin.MASTER_DATA, said.where))
                return _written(said.value, pointer)
            case Lacking():
                self.missing.append(Missing(pointer, node.why, required))
                return _NOTHING
            case Narrowed():
                seen = self.reader.may_see(node.point)
                return self.made(node.node, pointer, required=required) if seen else _NOTHING
            case Mapping() if all(key.isdigit() for key in node) and node:
                # The places of a table name the one element of an array by its number.
                return self._array(tuple(node.values()), pointer, required=required)
            case Mapping():
                return self._object(node, pointer, required=required)
            case _:
                return self._array(node, pointer, required=required)

    def _object(self, node: Mapping[str, Node], pointer: str, *, required: bool) -> Any:
        made: dict[str, Any] = {}
        noted = len(self.sources)
        for key, each in node.items():
            name, optional = key.removesuffix(OPTIONAL), key.endswith(OPTIONAL)
            where = f"{pointer}/{json_pointer.step(name)}"
            value = self.made(each, where, required=required and not optional)
            if value is not _NOTHING:
                made[name] = value
        lacks = any(
            not key.endswith(OPTIONAL) and key not in made and self._may(each) for key, each in node.items()
        )
        if lacks and not required:
            # Half an optional structure is none: what is there of it is taken back, what lacks stays named.
            del self.sources[noted:]
            return _NOTHING
        return made if made or not node else _NOTHING

    def _array(self, node: Sequence[Node], pointer: str, *, required: bool) -> Any:
        made: list[Any] = []
        for each in node:
            value = self.made(each, f"{pointer}/{len(made)}", required=required)
            if value is not _NOTHING:
                made.append(value)
        return made if made or not node else _NOTHING

    def _may(self, node: Node) -> bool:
        return not isinstance(node, Narrowed) or self.reader.may_see(node.point)


def _written(value: Any, pointer: str) -> Any:
    """A value of master data as JSON has it."""
    match value:
        case Decimal():
            return plain(value, pointer)
        case Mapping():
            return {key: _written(each, pointer) for key, each in value.items()}
        case list() | tuple():
            return [_written(each, pointer) for each in value]
        case date():
            return value.isoformat()
        case _:
            return value
