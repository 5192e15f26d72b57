"""What an audit found, kept small: an audit of a million events finds as many issues.

Example:
    >>> from traceledger.audit.values import Level
    >>> kept = Keeping([])
    >>> kept.add(0, Level.HIGH, Issue(Subject("batch", "kol/LOT-1"), "is too light", bytes(20)))
    >>> len(kept.found()), Found.__name__
    (1, 'Found')
"""

from __future__ import annotations

import marshal
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

from traceledger.audit.values import Issue, Level, Rule, Subject

_AT_ONCE = 256  # issues in a piece: few enough to unpack for one, enough for their words to compress


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, the rule that raised it, and how grave the settings say that it is."""

    rule: Rule
    level: Level
    issue: Issue


class FoundIssues(Sequence[Found]):
    """Issues, gravest first, then rule by rule, in the order found.

    As objects they take a kilobyte each, which is more than all else that an audit keeps; so they are packed,
    some hundreds together, and made again whenever one is read. What is packed never leaves the process.

    Args:
        rules: those that pieces name by their place.
        pieces: packed issues by level, in that order.
    """

    def __init__(self, rules: Sequence[Rule], pieces: Sequence[tuple[Level, int, bytes]]) -> None:
        self._rules = rules
        self._pieces = pieces

    def __len__(self) -> int:
        """How many there are."""
        return sum(count for _, count, _ in self._pieces)

    def __iter__(self) -> Iterator[Found]:
        """Each, unpacked once."""
        for level, _, body in self._pieces:
            for row in marshal.loads(zlib.decompress(body)):  # noqa: S302  (packed below, in this process)
                yield self._made(level, row)

    @overload
    def __getitem__(self, index: int) -> Found: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Found, ...]: ...

    def __getitem__(self, index: int | slice) -> Found | tuple[Found, ...]:
        """One of them, or several: only what holds these is unpacked."""
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        for level, count, body in self._pieces:
            if place < count:
                rows = marshal.loads(zlib.decompress(body))  # noqa: S302  (packed below, in this process)
                return self._made(level, rows[place])
            place -= count
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        """Whether the same was found, however it is kept."""
        if not isinstance(other, FoundIssues | tuple):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as of a list: it is compared by what it holds

    def _made(self, level: Level, row: tuple[Any, ...]) -> Found:
        rule, kind, name, message, participant, facility, batches, related, facts, own, at = row
        about = Subject(kind, name)
        own = None if own is None else Level(own)
        issue = Issue(about, message, participant, facility, batches, related, facts, own, at)
        return Found(self._rules[rule], level, issue)


class Keeping:
    """Takes what rules find, in any order of levels.

    Args:
        rules: those that are applied, in their order.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        # By level and rule: rules look side by side, and each one's issues stand together.
        self._open: dict[tuple[Level, int], list[tuple[Any, ...]]] = defaultdict(list)
        self._pieces: dict[tuple[Level, int], list[tuple[Level, int, bytes]]] = defaultdict(list)

    def add(self, rule: int, level: Level, issue: Issue) -> None:
        """Keep an issue of the rule at that place."""
        rows = self._open[level, rule]
        rows.append(_row(rule, issue))
        if len(rows) == _AT_ONCE:
            self._close(level, rule)

    def found(self) -> FoundIssues:
        """All that was kept: gravest first, then rule by rule, and in the order in which it came."""
        for key in list(self._open):
            self._close(*key)
        order = sorted(self._pieces, key=lambda key: (-key[0], key[1]))
        return FoundIssues(self._rules, [piece for key in order for piece in self._pieces[key]])

    def _close(self, level: Level, rule: int) -> None:
        rows = self._open.pop((level, rule))
        body = zlib.compress(marshal.dumps(rows), 1)
        self._pieces[level, rule].append((level, len(rows), body))


def _row(rule: int, issue: Issue) -> tuple[Any, ...]:
    about, own = issue.subject, None if issue.level is None else int(issue.level)
    concerned = (issue.participant, issue.facility, issue.batches, issue.related, dict(issue.facts))
    return (rule, about.kind, about.name, issue.message, *concerned, own, issue.at)
