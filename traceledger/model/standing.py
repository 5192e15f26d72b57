"""Whether a participant may act, what stops it, and how its standing changed.

Times are UTC seconds, addresses 20 bytes, ids ``int``.

Example:
    >>> standing = Standing(bytes(20), 0, (Obstacle("assessment_expired", facility=7),))
    >>> standing.may_act, standing.may_operate(7)
    (True, False)
"""

from __future__ import annotations

from traceledger.model.evidence import Evidence
from traceledger.model.frozen import frozen
from traceledger.model.registry import ParticipantState


@frozen
class StandingChange:
    """A participant was suspended, reinstated (active) or terminated by the account ``changed_by``.

    ``occurred_at`` is when, as claimed (0: not stated); ``recorded_at`` the time of its block.
    """

    state: ParticipantState
    changed_by: bytes
    reason: str
    occurred_at: int
    recorded_at: int
    evidence: tuple[Evidence, ...] = ()


@frozen
class Obstacle:
    """Why a participant may not act.

    Attributes:
        reason: ``suspended``, ``terminated``, ``finding_overdue``, ``assessment_missing``,
            ``assessment_expired`` or ``assessment_insufficient``.
        facility: where it may not act (id); ``None``: anywhere.
        finding: the overdue finding (id).
        kind: the mandatory assessment.
        since: the first second since which, where it has one.
    """

    reason: str
    facility: int | None = None
    finding: int | None = None
    kind: str = ""
    since: int | None = None


@frozen
class Standing:
    """Whether a participant (address) may act at a time, and if not, why: what the contracts would say."""

    participant: bytes
    at: int
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def may_act(self) -> bool:
        """Whether nothing stops it as a whole."""
        return all(item.facility is not None for item in self.obstacles)

    def may_operate(self, facility: int) -> bool:
        """Whether nothing stops it at that facility."""
        return all(item.facility not in (None, facility) for item in self.obstacles)
