"""Operations on findings: raised, corrected, closed. A finding's full name is ``auditor/F-1``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, final

from traceledger.errors import InputError
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.units import format_time
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.assurance import Statement
from traceledger.operations.base import By, Names, Physical, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import documents, padded

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.dependencies import Findings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseFinding(Statement):
    """Raise a non-compliance. A critical one blocks from the second after it was due until it is closed."""

    op: Literal["raise_finding"] = "raise_finding"
    finding: Annotated[f.NewFinding, About("what the auditor calls it", argument=True)]
    severity: Annotated[f.SeverityField, About("how severe it is; only critical ones block")]
    category: Annotated[f.CategoryField, About("what it is about")]
    due: Annotated[
        f.LastDay, About("the last second at which it may be unclosed", example="2026-03-31T23:59:59Z")
    ]
    description: Annotated[f.PublicText, About("what was found", example="wages were not paid")]
    batch: Annotated[
        f.BatchName | None,
        About(
            "a single batch that it is about, by default of its maker; it blocks nobody then: hold the batch"
        ),
    ] = None

    @classmethod
    def row(cls) -> Row:
        return Row(noun="finding", verb="raise", by=By.AUDITOR, once=True)

    def call(self, actor: Actor) -> Planned:
        identifier = actor.new(self.finding, "finding")
        address, facility = self.about(actor)
        request = (
            identifier,
            address,
            facility,
            self._batch(actor, facility),
            int(self.severity),
            padded(self.category, 32),
            self.due,
            self.description,
            self.at,
            documents(self.evidence),
        )
        return "AssuranceRegistry", "raiseFinding", (request,)

    def about(self, actor: Actor) -> tuple[bytes, int]:
        """As of every statement; one about a batch alone is about who made it."""
        if self.batch is None or self.participant is not None or self.facility is not None:
            return Statement.about(self, actor)
        return actor.names.split_name(self.batch, None, "batch")[0], 0

    def whom(self) -> str:
        """Whom or what it is about, for people."""
        return Statement.whom(self) or self.batch or ""

    def _batch(self, actor: Actor, facility: int) -> int:
        """The batch that is meant, or zero.

        Raises:
            InputError: a facility is meant besides.
        """
        if self.batch is None:
            return 0
        if facility:
            raise InputError("either a batch or a facility is meant", where="batch")
        return actor.batch(self.batch)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        subject, finding = self.about(actor)[0], actor.finding(self.finding)
        findings.raised(finding, subject)
        # It changes no batch, and no event of the ledger names it; but nothing of the batch is reversed then.
        lot = [] if self.batch is None else [("questioned", actor.batch(self.batch))]
        return self.reads(actor), [entities.participant(subject), ("finding", finding), *lot]

    def subject(self, actor: Actor) -> Names:
        return {"finding": actor.full(self.finding, "finding")}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} raises {severity} finding {finding} against {whom}, due {due}: {description}",
            who=who,
            severity=words.term("severity", self.severity.slug),
            finding=actor.full(self.finding, "finding"),
            whom=self.whom(),
            due=format_time(self.due),
            description=self.description,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step(Physical):
    """What is done about a finding."""

    finding: Annotated[f.FindingName, About("the finding: auditor/identifier", argument=True)]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        finding = actor.finding(self.finding)
        subject = findings.subject(finding)
        about: list[Entity] = [] if subject is None else [entities.participant(subject)]
        return [], [("finding", finding), *about]

    def subject(self, actor: Actor) -> Names:
        return {"finding": actor.full(self.finding, "finding")}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitCorrectiveAction(_Step):
    """Say how a finding will be corrected, as the participant that it is about."""

    op: Literal["submit_corrective_action"] = "submit_corrective_action"
    corrective_action: Annotated[
        f.PublicText,
        About("how and by when it will be corrected", old=("--plan",), example="wages are paid by May"),
    ]

    @classmethod
    def row(cls) -> Row:
        old = ("plan", "correct")
        return Row(noun="finding", verb="submit-corrective-action", old=old, by=By.PARTICIPANT, once=False)

    def call(self, actor: Actor) -> Planned:
        actor.acting()
        evidence = documents(self.evidence)
        arguments = (actor.finding(self.finding), self.corrective_action, self.at, evidence)
        return "AssuranceRegistry", "submitCorrectiveAction", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} submits a corrective action for finding {finding}: {action}",
            who=who,
            finding=actor.full(self.finding, "finding"),
            action=self.corrective_action,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCorrectiveAction(_Step):
    """Agree to the corrective action that was submitted; the due date stands."""

    op: Literal["accept_corrective_action"] = "accept_corrective_action"

    @classmethod
    def row(cls) -> Row:
        verb = "accept-corrective-action"
        return Row(noun="finding", verb=verb, old=("accept",), by=By.AUDITOR, once=False)

    def call(self, actor: Actor) -> Planned:
        arguments = (actor.finding(self.finding), self.at, documents(self.evidence))
        return "AssuranceRegistry", "acceptCorrectiveAction", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        finding = actor.full(self.finding, "finding")
        return phrase("{who} accepts the corrective action for finding {finding}", who=who, finding=finding)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseCorrectiveAction(_Step):
    """Do not agree to the corrective action that was submitted; the finding is open again."""

    op: Literal["refuse_corrective_action"] = "refuse_corrective_action"
    reason: Annotated[f.Reason, About("why; it is recorded", example="it says no date")]

    @classmethod
    def row(cls) -> Row:
        verb = "refuse-corrective-action"
        return Row(noun="finding", verb=verb, old=("refuse",), by=By.AUDITOR, once=False)

    def call(self, actor: Actor) -> Planned:
        arguments = (actor.finding(self.finding), self.reason, self.at, documents(self.evidence))
        return "AssuranceRegistry", "refuseCorrectiveAction", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        finding = actor.full(self.finding, "finding")
        refused = phrase(
            "{who} refuses the corrective action for finding {finding}", who=who, finding=finding
        )
        return words.because(refused, self.reason)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFinding(_Step):
    """Close a finding whose corrective action was accepted, with evidence that it is corrected."""

    op: Literal["close_finding"] = "close_finding"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="finding", verb="close", by=By.AUDITOR, once=False)

    def call(self, actor: Actor) -> Planned:
        arguments = (actor.finding(self.finding), self.at, documents(self.evidence))
        return "AssuranceRegistry", "closeFinding", arguments

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase("{who} closes finding {finding}", who=who, finding=actor.full(self.finding, "finding"))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenFinding(_Step):
    """Open a closed finding again, with a new due date: it is not corrected, or not any more."""

    op: Literal["reopen_finding"] = "reopen_finding"
    reason: Annotated[f.Reason, About("why; it is recorded", example="wages are late again")]
    due: Annotated[f.LastDay, About("its new due date", example="2026-09-30T23:59:59Z")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="finding", verb="reopen", by=By.AUDITOR, once=False)

    def call(self, actor: Actor) -> Planned:
        finding, evidence = actor.finding(self.finding), documents(self.evidence)
        return "AssuranceRegistry", "reopenFinding", (finding, self.reason, self.due, self.at, evidence)

    def effect(self, actor: Actor, who: str) -> Phrase:
        finding, due = actor.full(self.finding, "finding"), format_time(self.due)
        reopened = phrase("{who} reopens finding {finding}, due {due}", who=who, finding=finding, due=due)
        return words.because(reopened, self.reason)


FindingOperation = (
    RaiseFinding
    | SubmitCorrectiveAction
    | AcceptCorrectiveAction
    | RefuseCorrectiveAction
    | CloseFinding
    | ReopenFinding
)
