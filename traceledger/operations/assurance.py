"""The operations of assurance, one dataclass each: evidence, assessments, findings, requirements.

A finding's full name is ``auditor/F-1``; one's own may leave the slug out. docs/assurance.md says what they
mean and do.

Example:
    >>> AcceptCorrectiveAction(act_as="argus", finding="F-1", at=0).op
    'accept_corrective_action'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from traceledger.operations import fields as f
from traceledger.operations.base import Base, Physical


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvidence(Base):
    """A participant, or the consortium, puts a document on record that is held elsewhere."""

    op: Literal["record_evidence"] = "record_evidence"
    uri: f.Uri
    sha256: f.Digest
    kind: f.Label
    issuer: f.Name
    private: f.Flag = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Physical):
    """An auditor states something of a participant, or of one of its facilities, for a time.

    ``score`` or ``share`` (basis points) or ``rating`` is given as the kind asks for it.
    """

    op: Literal["assess"] = "assess"
    assessment: f.Name
    participant: f.Slug | None = None
    facility: f.Name | None = None
    kind: f.AssessmentKindField
    scheme: f.Scheme = ""
    score: f.Percent | None = None
    share: f.Percent | None = None
    rating: f.RatingField | None = None
    valid_from: f.Time
    valid_until: f.Time
    issuer: f.Name


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseFinding(Physical):
    """An auditor finds a non-compliance. A critical one blocks from the second after ``due``."""

    op: Literal["raise_finding"] = "raise_finding"
    finding: f.Name
    participant: f.Slug | None = None
    facility: f.Name | None = None
    severity: f.SeverityField
    category: f.CategoryField
    due: f.Time
    description: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCorrectiveAction(Physical):
    """The participant that a finding is about says how it will correct it."""

    op: Literal["submit_corrective_action"] = "submit_corrective_action"
    finding: f.Name
    corrective_action: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCorrectiveAction(Physical):
    """An auditor agrees to the corrective action; the due date stands."""

    op: Literal["accept_corrective_action"] = "accept_corrective_action"
    finding: f.Name


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseCorrectiveAction(Physical):
    """An auditor does not agree to the corrective action; the finding is open again."""

    op: Literal["refuse_corrective_action"] = "refuse_corrective_action"
    finding: f.Name
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFinding(Physical):
    """An auditor saw, and shows with evidence, that the finding is corrected."""

    op: Literal["close_finding"] = "close_finding"
    finding: f.Name


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenFinding(Physical):
    """An auditor saw that it is not corrected, or not any more."""

    op: Literal["reopen_finding"] = "reopen_finding"
    finding: f.Name
    reason: f.Text
    due: f.Time


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRequirement(Base):
    """The consortium announces which assessments will be mandatory for a role; none: no kinds."""

    op: Literal["propose_requirement"] = "propose_requirement"
    role: f.Label
    kinds: tuple[f.AssessmentKindField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnactRequirement(Base):
    """The consortium puts into force what it proposed, once the delay is over."""

    op: Literal["enact_requirement"] = "enact_requirement"
    role: f.Label
    kinds: tuple[f.AssessmentKindField, ...]
