"""What is found in a document: each value with its place, what it should be, and by which rule.

Three kinds of findings are kept apart: a *fault* breaks a rule; a *doubt* may be right, and somebody should
look; a *note* says what was compared, or could not be. Only faults make a document unsound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from traceledger.interop.referee import figures
from traceledger.interop.referee.rules import RULES
from traceledger.model.frozen import frozen
from traceledger.model.text import escaped
from traceledger.storage.json_pointer import step

MOST_SHOWN = 500
"""So many findings of one document are kept: a document of a megabyte may be wrong in every line."""
_LONGEST = 120


class Weight(StrEnum):
    """How a finding counts."""

    FAULT = "fault"
    DOUBT = "doubt"
    NOTE = "note"


@frozen
class Node:
    """A value of a document, and where it stands.

    Attributes:
        value: as JSON has it; numbers with a fraction or exponent are decimals.
        pointer: JSON Pointer (RFC 6901); empty: the whole document.
    """

    value: Any
    pointer: str = ""

    def get(self, *names: str) -> Node | None:
        """The member of that name, of the member of that name …; ``None`` if there is none."""
        found: Node | None = self
        for name in names:
            if found is None or not isinstance(found.value, Mapping) or name not in found.value:
                return None
            found = Node(found.value[name], f"{found.pointer}/{step(name)}")
        return found

    def items(self) -> Iterator[Node]:
        """The elements of a list; nothing of what is none."""
        if isinstance(self.value, list):
            for position, value in enumerate(self.value):
                yield Node(value, f"{self.pointer}/{position}")

    def members(self) -> Iterator[tuple[str, Node]]:
        """The members of an object with their names; nothing of what is none."""
        if isinstance(self.value, Mapping):
            for name, value in self.value.items():
                yield name, Node(value, f"{self.pointer}/{step(name)}")

    def each(self, name: str) -> Iterator[Node]:
        """The elements of the list of that name; nothing if there is none."""
        found = self.get(name)
        if found is not None:
            yield from found.items()

    def at(self, name: str) -> str:
        """Where the member of that name would stand."""
        return f"{self.pointer}/{step(name)}"

    @property
    def number(self) -> Decimal | None:
        """What it is as a JSON number, exactly; ``None``: none, or one that is no figure of anything."""
        return figures.of_json(self.value)

    @property
    def text(self) -> str | None:
        """What it is as text."""
        return self.value if isinstance(self.value, str) else None


def number_at(node: Node | None, *names: str) -> tuple[Node, Decimal] | None:
    """The JSON number that stands there with its node; ``None`` if none does."""
    found = None if node is None else node.get(*names)
    value = None if found is None else found.number
    return None if found is None or value is None else (found, value)


@frozen
class Finding:
    """One finding.

    Attributes:
        weight: how it counts.
        rule: name of the rule in ``rules.RULES``.
        pointer: JSON Pointer of the value.
        found: what stands there, shortened; empty: nothing.
        expected: what should; empty where that cannot be told.
        what: what is wrong, in a sentence without its full stop.
    """

    weight: Weight
    rule: str
    pointer: str
    found: str
    expected: str
    what: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it, with the source of the rule."""
        return {
            "pointer": self.pointer,
            "is": self.found or None,
            "should_be": self.expected or None,
            "what": self.what,
            "rule": self.rule,
            "source": RULES[self.rule].source,
        }


@dataclass(slots=True)
class Hearing:
    """Collects what is found in one document.

    Attributes:
        content: the document, as it was given.
        name: what it is called.
        official: whether the official schema was asked; ``None``: that is still to be done.
        part: it is what some readers get of a document: what is left out is no fault.
        findings: in the order in which they were found, each once.
        left_out: how many more there were.
        absent: how many members of a part are left out.
    """

    content: bytes = b""
    name: str = ""
    official: bool | None = None
    part: bool = False
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0
    absent: int = 0
    _known: set[tuple[str, str]] = field(default_factory=set)

    def fault(self, rule: str, node: Node, what: str, *, expected: str = "", found: str = "") -> None:
        """A value that breaks a rule."""
        self._add(Weight.FAULT, rule, node, what, expected, found)

    def doubt(self, rule: str, node: Node, what: str, *, expected: str = "", found: str = "") -> None:
        """A value that may be right, at which somebody should look."""
        self._add(Weight.DOUBT, rule, node, what, expected, found)

    def note(self, rule: str, node: Node, what: str, *, expected: str = "", found: str = "") -> None:
        """What was compared, or could not be."""
        self._add(Weight.NOTE, rule, node, what, expected, found)

    def missing(self, rule: str, node: Node, name: str, what: str) -> None:
        """A member that must be there and is not."""
        if self.part:
            self.absent += 1
            return
        self._add(Weight.FAULT, rule, Node(None, node.at(name)), what, "", "")

    def has(self, pointer: str) -> bool:
        """Whether something is wrong at exactly this place already."""
        return any(each.pointer == pointer and each.weight is Weight.FAULT for each in self.findings)

    def of(self, weight: Weight) -> tuple[Finding, ...]:
        """The findings that count so."""
        return tuple(each for each in self.findings if each.weight is weight)

    def _add(self, weight: Weight, rule: str, node: Node, what: str, expected: str, found: str) -> None:
        if rule not in RULES:
            raise KeyError(rule)
        if (rule, node.pointer) in self._known or (rule == "schema" and self.has(node.pointer)):
            return
        self._known.add((rule, node.pointer))
        if len(self.findings) >= MOST_SHOWN:
            self.left_out += 1
            return
        shown = found or ("" if node.value is None else said(node.value))
        self.findings.append(Finding(weight, rule, node.pointer, shown, expected, what))


def said(value: object) -> str:
    """A value as a message repeats it: short, on one line."""
    match value:
        case bool():
            text = "true" if value else "false"
        case str():
            text = f'"{value[:_LONGEST]}"'
        case int() | Decimal():
            text = figures.written(value)
        case Mapping():
            text = "an object"
        case Sequence():
            text = f"a list of {len(value)}"
        case _:
            text = "null"
    return escaped(text if len(text) <= _LONGEST + 2 else f"{text[:_LONGEST]}…")
