"""The result of an audit: what was found, whether the settings accept it, and as which documents.

Example:
    >>> AuditReport(Scope(), now=0, block=None, fail_on=Level.HIGH, rules=(), found=(), batches=0).failed
    False
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from traceledger.audit.differences import NamedDifference
from traceledger.audit.found import Found, FoundIssues
from traceledger.audit.values import Level, Rule


class ScopeKind(Enum):
    """Of what an audit reports the issues."""

    ALL = "all"
    BATCH = "batch"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Scope:
    """What was audited: everything, a batch with all upstream of it, or what a participant answers for.

    ``name`` is the batch's full name or the participant's slug.
    """

    kind: ScopeKind = ScopeKind.ALL
    name: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of one audit.

    Attributes:
        scope: what was audited.
        now: the time that counts as now, UTC seconds.
        block: the last block that was looked at.
        fail_on: from which level on the audit fails; ``None`` never.
        rules: those that were applied, with their level in this audit.
        found: what they found, gravest first.
        batches: how many batches were in scope.
        differences: what better measurements of those batches booked, or that the participant measured, by
            calendar year.
    """

    scope: Scope
    now: int
    block: int | None
    fail_on: Level | None
    rules: tuple[tuple[Rule, Level], ...]
    found: Sequence[Found]
    batches: int
    differences: tuple[NamedDifference, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an issue, which is to say the first, is at least as grave as the settings accept."""
        return self.fail_on is not None and any(item.level >= self.fail_on for item in self.found[:1])

    @property
    def counts(self) -> dict[str, int]:
        """How many issues there are by level, gravest first."""
        counted: Counter[Level] = Counter()
        for (level, _), count in self.by_rule.items():
            counted[level] += count
        return {level.slug: counted[level] for level in sorted(Level, reverse=True)}

    @property
    def by_rule(self) -> Mapping[tuple[Level, Rule], int]:
        """How many issues there are by level and rule, in their order."""
        if isinstance(self.found, FoundIssues):
            return self.found.counted()
        return Counter((item.level, item.rule) for item in self.found)

    def chosen(self, rule: str | None, level: Level | None) -> Sequence[Found]:
        """The issues of a rule (id), of a level, or of both."""
        if isinstance(self.found, FoundIssues):
            return self.found.chosen(rule, level)
        return [item for item in self.found if rule in (None, item.rule.id) and level in (None, item.level)]

    def of(self, rule: str) -> tuple[Found, ...]:
        """What the rule of that name found."""
        return tuple(self.chosen(rule, None))
