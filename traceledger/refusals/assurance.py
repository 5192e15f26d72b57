"""Assurance: assessments and findings, and whom they block."""

from __future__ import annotations

from traceledger.refusals.base import Refusal


class SelfAssessment(Refusal):
    """Nobody assesses, or decides on findings of, itself."""

    what_template = "{participant} cannot assess itself"
    mend = "ask another auditor"


class AssessmentAlreadyExists(Refusal):
    """The assessor has an assessment of that identifier."""

    what_template = "assessment {assessment} exists already"
    mend = "give the new assessment an identifier of its own"


class UnknownAssessmentKind(Refusal):
    """There is no such kind of assessment."""

    what_template = "{kind} is no kind of assessment"
    mend = "docs/assurance.md lists them"


class InvalidValue(Refusal):
    """The value of an assessment is outside what its kind allows."""

    what_template = "an assessment of kind {kind} cannot have the value {value}"
    mend = "its value is from {least} to {most}"


class InvalidValidity(Refusal):
    """An assessment ends before it begins."""

    what_template = "an assessment cannot be valid from {validFrom} until {validUntil}"
    mend = "it must end after it begins"


class FindingAlreadyExists(Refusal):
    """The auditor has a finding of that identifier."""

    what_template = "finding {finding} exists already"
    mend = "give the new finding an identifier of its own, or reopen the old one"


class UnknownFindingCategory(Refusal):
    """There is no such category of findings."""

    what_template = "{category} is no category of findings"
    mend = "docs/assurance.md lists them"


class InvalidDueDate(Refusal):
    """A finding was due before it was found or reopened."""

    what_template = "a finding of {occurredAt} cannot be due at {dueAt}"
    mend = "give a due date after it"


class UnknownFinding(Refusal):
    """No finding has that id."""

    what_template = "there is no finding {finding}"
    mend = "check its name, auditor/identifier"


class WrongFindingState(Refusal):
    """The finding does not allow that step where it stands."""

    what_template = "finding {finding} is at: {state}"
    mend = (
        "a corrective action is submitted, then accepted or refused; then the finding is closed;"
        " a closed one is reopened"
    )


class NotFindingSubject(Refusal):
    """Only the participant that a finding is about submits corrective actions for it."""

    what_template = "finding {finding} is about {participant}, for which {account} does not act"
    mend = "sign with a key of {participant}"


class EvidenceRequired(Refusal):
    """This needs a document that shows it."""

    what_template = "this cannot be recorded without a document that shows it"
    mend = "name at least one as evidence"


class FindingOverdue(Refusal):
    """A critical finding was not closed when it was due."""

    what_template = "{participant} may not act{facility}: critical finding {finding} was due at {dueAt}"
    mend = "submit a corrective action, have it accepted and the finding closed by an auditor"


class AssessmentMissing(Refusal):
    """A mandatory assessment was never made, or has not begun."""

    what_template = "{participant} may not act: it has no assessment of kind {kind}, which is mandatory"
    mend = "have an auditor record one"


class AssessmentExpired(Refusal):
    """A mandatory assessment ended."""

    what_template = "{participant} may not act: its mandatory assessment of kind {kind} ended at {validUntil}"
    mend = "have an auditor record a new one"


class AssessmentInsufficient(Refusal):
    """A mandatory assessment is valid and failed, or is not good enough."""

    what_template = (
        "{participant} may not act: its mandatory assessment of kind {kind} found {value}, not {bound}"
    )
    mend = "have an auditor record a better one; a score of nothing never suffices"


class TooManyAssessments(Refusal):
    """So many assessments of one kind count now or will."""

    what_template = "{participant} has {limit} assessments of kind {kind} that count now or will"
    mend = "record further ones when one of these has ended"


class NoticeTooShort(Refusal):
    """Whoever can be blocked has a day's notice."""

    what_template = "a critical finding cannot be due at {dueAt}"
    mend = "give a due date from {least} on: a day after it is recorded"


class FacilityAndLot(Refusal):
    """A finding is about a batch or about a facility."""

    what_template = "a finding is about {facility} or about {batch}, not both"
    mend = "raise two findings"


class SecondAuditorRequired(Refusal):
    """One auditor alone lifts no block."""

    what_template = (
        "{auditor} raised {finding}, or agreed to its corrective action, and cannot close it alone"
    )
    mend = "have another auditor, or the consortium, close it"


class InvalidKinds(Refusal):
    """Every mandatory kind has a bound, and is listed once."""

    what_template = "{kinds} kinds and {bounds} bounds are no requirement"
    mend = "name each kind once"
