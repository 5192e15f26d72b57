"""What was typed into a form: texts by the names of their fields, and lines of lists as numbers in them.

A field's name is its path in the operation, ``outputs.0.mass.amount``. Lines in which nothing was typed do
not count, and leave no gap.

Example:
    >>> given = Given({"into.0.batch": "", "into.2.batch": "A", "into.2.mass.unit": "t", "at": "x"})
    >>> given.compact(frozenset({"into"})).fields
    {'into.0.batch': 'A', 'into.0.mass.unit': 't', 'at': 'x'}
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

MOST_LINES = 500
"""Lines of one list in a form: what has more is dropped as a spreadsheet."""
_BREAKS = re.compile(r"[ \t]*[\r\n]+[ \t]*")
SAYS_NOTHING = (".unit", ".file")
"""Ends of names of fields that alone say nothing: the unit of an amount is always chosen."""


@dataclass(frozen=True, slots=True)
class Given:
    """Texts of a form by the names of their fields.

    Attributes:
        fields: in the order of the form.
    """

    fields: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed, on one line, without blanks around it; nothing where there is no such field."""
        return _BREAKS.sub(" ", self.fields.get(name, "")).strip()

    def is_blank(self, prefix: str) -> bool:
        """Whether nothing was typed into any field below a path."""
        return not any(
            value.strip()
            for name, value in self.fields.items()
            if (name == prefix or name.startswith(f"{prefix}.")) and not name.endswith(SAYS_NOTHING)
        )

    def lines(self, prefix: str) -> int:
        """How many lines of a list the form has."""
        return max(_numbers(self.fields, prefix), default=-1) + 1

    def compact(self, lists: Set[str]) -> Given:
        """The same without blank lines.

        Args:
            lists: paths of lists, with ``*`` for the number of a line: ``outputs.*.substances``.
        """
        found = self
        for path in sorted(lists, key=lambda each: each.count(".")):
            for prefix in _expanded(path, found):
                found = found._without_blanks(prefix)
        return found

    def with_line(self, prefix: str) -> Given:
        """The same with one more line of a list, which is empty."""
        at = max(self.lines(prefix), 1)
        return Given({**self.fields, f"{prefix}.{at}": ""}) if at < MOST_LINES else self

    def _without_blanks(self, prefix: str) -> Given:
        order = sorted({*_numbers(self.fields, prefix)})
        kept = [number for number in order if not self.is_blank(f"{prefix}.{number}")]
        places = {number: at for at, number in enumerate(kept[:MOST_LINES])}
        head = re.compile(re.escape(prefix) + r"\.([0-9]{1,4})(?=\.|$)")
        moved = dict[str, str]()
        for name, value in self.fields.items():
            line = head.match(name)
            if line is None:
                moved[name] = value
            elif int(line[1]) in places:
                moved[f"{prefix}.{places[int(line[1])]}{name[line.end() :]}"] = value
        return Given(moved)


def _numbers(fields: Mapping[str, str], prefix: str) -> Iterator[int]:
    head = re.compile(re.escape(prefix) + r"\.([0-9]{1,4})(?=\.|$)")
    for name in fields:
        if line := head.match(name):
            yield int(line[1])


def _expanded(path: str, given: Given) -> list[str]:
    before, star, after = path.partition(".*")
    if not star:
        return [path]
    return [
        each
        for number in range(given.lines(before))
        for each in _expanded(f"{before}.{number}{after}", given)
    ]
