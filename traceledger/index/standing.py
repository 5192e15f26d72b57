"""Whether a participant may act: the same rule as ``contracts/AssuranceRegistry.sol``, for display.

Pure. The contracts decide; this explains beforehand, and at any time, past or to come.

Example:
    >>> nothing = Facts(roles=("producer",), changes=[], findings=[], assessments=[], mandatory={})
    >>> standing(bytes(20), nothing, 0).may_act
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from traceledger.model.assurance import Assessment, Finding, FindingState, Requirement
from traceledger.model.frozen import frozen
from traceledger.model.registry import ParticipantState
from traceledger.model.standing import Obstacle, Standing, StandingChange


@frozen
class Facts:
    """What is known of a participant: everything in the order of its recording.

    ``findings`` are its critical ones, ``mandatory`` the kinds of assessment by role.
    """

    roles: tuple[str, ...]
    changes: Sequence[StandingChange]
    findings: Sequence[Finding]
    assessments: Sequence[Assessment]
    mandatory: Mapping[str, tuple[Requirement, ...]]


def standing(participant: bytes, facts: Facts, at: int) -> Standing:
    """What would stop the participant in a block of that time; what was recorded later does not count."""
    obstacles = (*_suspension(facts.changes, at), *_overdue(facts.findings, at), *_lacking(facts, at))
    return Standing(participant, at, obstacles)


def _suspension(changes: Sequence[StandingChange], at: int) -> Iterator[Obstacle]:
    before = [change for change in changes if change.recorded_at <= at]
    if before and before[-1].state is not ParticipantState.ACTIVE:
        yield Obstacle(before[-1].state.slug, since=before[-1].recorded_at)


def _overdue(findings: Sequence[Finding], at: int) -> Iterator[Obstacle]:
    """Critical findings that were not closed at the end of their due date, the earliest first."""
    overdue = []
    for finding in findings:
        if finding.batch is not None:
            continue
        steps = [step for step in finding.steps if step.recorded_at <= at]
        if steps and steps[-1].state is not FindingState.CLOSED and steps[-1].due_at < at:
            since = max(steps[-1].due_at + 1, _opened(finding, at))
            overdue.append(
                Obstacle("finding_overdue", facility=finding.facility, finding=finding.id, since=since)
            )
    yield from sorted(overdue, key=lambda item: item.since or 0)


def _opened(finding: Finding, at: int) -> int:
    """When a finding was last raised or reopened."""
    steps = [step for step in finding.steps if step.recorded_at <= at]
    return max(step.recorded_at for step in steps if step.step in ("raised", "reopened"))


def _lacking(facts: Facts, at: int) -> Iterator[Obstacle]:
    """Mandatory assessments that there are not, not any more, or not good enough; each once."""
    needed = dict.fromkeys(each for role in facts.roles for each in facts.mandatory.get(role, ()))
    for requirement in needed:
        counting = counting_assessments(facts.assessments, requirement.kind, at)
        valid = [item for item in counting if item.valid_until >= at]
        if any(requirement.suffices(item.value) for item in valid):
            continue
        if valid:
            yield Obstacle("assessment_insufficient", kind=requirement.kind)
        elif counting:
            ended = max(item.valid_until for item in counting)
            yield Obstacle("assessment_expired", kind=requirement.kind, since=ended + 1)
        else:
            yield Obstacle("assessment_missing", kind=requirement.kind)


def counting_assessments(assessments: Sequence[Assessment], kind: str, at: int) -> tuple[Assessment, ...]:
    """Of each scheme the assessment of that kind that counts at that time, whether or not it is valid still.

    Of those that have begun the one that began last counts, and of several that began in the same second the
    one recorded last. Those of single facilities do not count.
    """
    counts: dict[str, Assessment] = {}
    for item in assessments:
        if item.kind != kind or item.facility is not None or max(item.recorded_at, item.valid_from) > at:
            continue
        before = counts.get(item.scheme)
        if before is None or item.valid_from >= before.valid_from:
            counts[item.scheme] = item
    return tuple(counts.values())
