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
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple, overload

from traceledger.audit.values import Issue, Level, Rule, Subject

_AT_ONCE = 256  # issues in a piece: few enough to unpack for one, enough for their words to compress


@dataclass(frozen=True, slots=True)
class Found:
    """An issue, the rule that raised it, and how grave the settings say that it is."""

    rule: Rule
    level: Level
    issue: Issue


class _Piece(NamedTuple):
    """Some issues of one level and rule (its place), packed."""

    level: Level
    rule: int
    size: int
    body: bytes

    def rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = marshal.loads(zlib.decompress(self.body))  # noqa: S302  (packed below)
        return rows


class FoundIssues(Sequence[Found]):
    """Issues, gravest first, then rule by rule, in the order found.

    As objects they take a kilobyte each, which is more than all else that an audit keeps; so they are packed,
    some hundreds together, and made again whenever one is read. What is packed never leaves the process.

    Args:
        rules: those that pieces name by their place.
        pieces: packed issues by level, in that order.
    """

    def __init__(self, rules: Sequence[Rule], pieces: Sequence[_Piece]) -> None:
        self._rules = rules
        self._pieces = pieces
        self._ends = list(accumulate(piece.size for piece in pieces))

    def __len__(self) -> int:
        """How many there are."""
        return self._ends[-1] if self._ends else 0

    def counted(self) -> dict[tuple[Level, Rule], int]:
        """How many there are by level and rule, in their order; nothing is unpacked."""
        counts: Counter[tuple[Level, Rule]] = Counter()
        for piece in self._pieces:
            counts[piece.level, self._rules[piece.rule]] += piece.size
        return counts

    def chosen(self, rule: str | None, level: Level | None) -> FoundIssues:
        """Those of a rule (id), of a level, or of both; nothing is unpacked."""
        pieces = [
            piece
            for piece in self._pieces
            if rule in (None, self._rules[piece.rule].id) and level in (None, piece.level)
        ]
        return FoundIssues(self._rules, pieces)

    def __iter__(self) -> Iterator[Found]:
        """Each, unpacked once."""
        for piece in self._pieces:
            for row in piece.rows():
                yield self._made(piece.level, row)

    @overload
    def __getitem__(self, index: int) -> Found: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Found, ...]: ...

    def __getitem__(self, index: int | slice) -> Found | tuple[Found, ...]:
        """One of them, or several: only what holds these is unpacked."""
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        place = range(len(self))[index]
        number = bisect_right(self._ends, place)
        piece = self._pieces[number]
        return self._made(piece.level, piece.rows()[place - self._ends[number] + piece.size])

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
        self._pieces: dict[tuple[Level, int], list[_Piece]] = defaultdict(list)

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
        self._pieces[level, rule].append(_Piece(level, rule, len(rows), body))


def _row(rule: int, issue: Issue) -> tuple[Any, ...]:
    about, own = issue.subject, None if issue.level is None else int(issue.level)
    concerned = (issue.participant, issue.facility, issue.batches, issue.related, dict(issue.facts))
    return (rule, about.kind, about.name, issue.message, *concerned, own, issue.at)
