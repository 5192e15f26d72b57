"""Whether a participant may act: the same rule as ``contracts/AssuranceRegistry.sol``, for display.

Pure. The contracts decide; this explains beforehand, and at any time, past or to come.

Example:
    >>> nothing = Facts(roles=("producer",), changes=[], findings=[], assessments=[], mandatory={})
    >>> standing(bytes(20), nothing, 0).may_act
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from traceledger.model.assurance import Assessment, Finding, FindingState
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
    mandatory: Mapping[str, tuple[str, ...]]


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
    """Mandatory assessments that there are not, or not any more; each kind once."""
    needed = dict.fromkeys(kind for role in facts.roles for kind in facts.mandatory.get(role, ()))
    for kind in needed:
        window = valid_window(facts.assessments, kind, at)
        if window is None:
            yield Obstacle("assessment_missing", kind=kind)
        elif window[1] < at:
            yield Obstacle("assessment_expired", kind=kind, since=window[1] + 1)


def valid_window(assessments: Sequence[Assessment], kind: str, at: int) -> tuple[int, int] | None:
    """From when until when the assessment that counts at that time is valid; ``None`` if none has begun.

    Of those that have begun the one that began last counts, and of several that began in the same second the
    one recorded last; a renewal that another replaced before it began does not. Those of single facilities
    do not count either.
    """
    counts: tuple[int, int] | None = None
    renewal: tuple[int, int] | None = None
    for item in assessments:
        if item.kind != kind or item.facility is not None or item.recorded_at > at:
            continue
        if renewal is not None and renewal[0] <= item.recorded_at:
            counts, renewal = renewal, None
        window = (item.valid_from, item.valid_until)
        if item.valid_from > item.recorded_at:
            renewal = window
        elif counts is None or item.valid_from >= counts[0]:
            counts = window
    if renewal is not None and renewal[0] <= at:
        return renewal
    return counts
