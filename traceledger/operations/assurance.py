"""Operations of assurance: documents on record, assessments, and which of them are required.

An assessment's full name is ``assessor/SAQ-1``; one's own may leave the slug out. docs/assurance.md says what
they mean and do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, final

from traceledger.errors import InputError
from traceledger.languages.phrases import Phrase, phrase
from traceledger.model.evidence import Evidence
from traceledger.model.units import format_time
from traceledger.operations import entities, words
from traceledger.operations import fields as f
from traceledger.operations.base import Base, By, Hideable, Names, Physical, Planned, Row, Touches
from traceledger.operations.fields import About
from traceledger.operations.solidity import announced, documents, padded

if TYPE_CHECKING:
    from traceledger.operations.actor import Actor
    from traceledger.operations.base import Entity
    from traceledger.operations.dependencies import Findings
    from traceledger.operations.private import Hiding

_WHOLE = 0
"""In place of a facility: the participant as a whole."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvidence(Hideable):
    """Put a document on record that is held elsewhere."""

    op: Literal["record_evidence"] = "record_evidence"
    uri: Annotated[f.Uri, About("where it is", argument=True)]
    sha256: Annotated[f.Digest, About("its SHA-256, 64 hexadecimal digits")]
    kind: Annotated[f.Label, About("what it is, for instance lca or certificate", example="lca")]
    issuer: Annotated[f.Issuer, About("who signed it")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="assurance", verb="record-evidence", old=("evidence",), by=By.EITHER, once=False)

    def call(self, actor: Actor) -> Planned:
        arguments = (self.sha256, self.uri, padded(self.kind, 32), self.issuer)
        return "AssuranceRegistry", "recordEvidence", arguments

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [("evidence", self.sha256.hex())]

    def subject(self, actor: Actor) -> Names:
        return {"evidence": self.uri}

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} puts {document} on record, which {issuer} issued as {kind}",
            who=who,
            document=self.uri,
            issuer=self.issuer,
            kind=self.kind,
        )

    def concealed(self, hiding: Hiding) -> Mapping[str, Any]:
        """Address and hash are hidden together: the hash alone would tell which document it is."""
        hidden = hiding.evidence(Evidence(self.uri, self.sha256))
        return {"uri": hidden.uri, "sha256": hidden.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Physical):
    """What an auditor says of a participant, or of one of its facilities."""

    participant: Annotated[
        f.ParticipantName | None, About("whom it is about, as a whole", example="katanga")
    ] = None
    facility: Annotated[
        f.FacilityName | None, About("or which facility it is about: participant/identifier")
    ] = None

    def about(self, actor: Actor) -> tuple[bytes, int]:
        """Address of the participant that is meant, or that holds the facility, and that, or zero if none is.

        Raises:
            InputError: both are given, or neither.
        """
        if self.facility is None and self.participant is not None:
            return actor.names.participant(self.participant), _WHOLE
        if self.facility is None or self.participant is not None:
            raise InputError("either a participant or a facility is meant", where="participant")
        facility = actor.names.facility(self.facility, None)
        registrant = actor.names.split_name(self.facility, None, "facility")[0]
        return actor.names.holder(facility, registrant), facility

    def reads(self, actor: Actor) -> list[Entity]:
        """The facility that it depends on, where it is about one."""
        facility = self.about(actor)[1]
        return [] if facility == _WHOLE else [("facility", facility)]

    def whom(self) -> str:
        """Whom or what it is about, for people."""
        return self.facility or self.participant or ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Assess(Statement):
    """State something of a participant or a facility, for a time."""

    op: Literal["assess"] = "assess"
    assessment: Annotated[f.NewAssessment, About("what the assessor calls it", argument=True)]
    kind: Annotated[f.AssessmentKindField, About("what kind of assessment it is")]
    scheme: Annotated[
        f.Scheme, About("the programme, at most 32 ASCII letters: 'SAQ 5.0', IRMA, RMI, LEED")
    ] = ""
    score: Annotated[
        f.Percent | None, About("of saq, ssi and audit: '87.5 %', or an integer in basis points")
    ] = None
    share: Annotated[
        f.Percent | None,
        About("of renewable_electricity: '60 %', or an integer in basis points", example="60 %"),
    ] = None
    rating: Annotated[f.RatingField | None, About("of country_risk and category_risk")] = None
    valid_from: Annotated[f.FirstDay, About("from when it counts", example="2026-01-01T00:00:00Z")]
    valid_until: Annotated[
        f.LastDay, About("the last second at which it does", example="2026-12-31T23:59:59Z")
    ]
    issuer: Annotated[f.Issuer, About("who signed the document", example="An auditing body")]

    @classmethod
    def row(cls) -> Row:
        return Row(noun="assurance", verb="assess", by=By.AUDITOR, once=True)

    def call(self, actor: Actor) -> Planned:
        identifier = actor.new(self.assessment, "assessment")
        address, facility = self.about(actor)
        request = (
            identifier,
            address,
            facility,
            padded(self.kind, 32),
            padded(self.scheme, 32),
            self._value(),
            self.valid_from,
            self.valid_until,
            self.issuer,
            self.at,
            documents(self.evidence),
        )
        return "AssuranceRegistry", "assess", (request,)

    def _value(self) -> int:
        """The value, under the name that its kind asks for."""
        given = {"score": self.score, "share": self.share, "rating": self.rating}
        measure = self.kind.measure
        for name, value in given.items():
            if value is not None and name != measure:
                hint = f"it has a {measure}" if measure else "it has no value"
                raise InputError(f"an assessment of kind {self.kind} has no {name}", where=name, hint=hint)
        value = given.get(measure, 0)
        if value is None:
            raise InputError(f"an assessment of kind {self.kind} needs a {measure}", where=measure)
        return int(value)

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        made: Entity = ("assessment", actor.full(self.assessment, "assessment"))
        return self.reads(actor), [entities.participant(self.about(actor)[0]), made]

    def subject(self, actor: Actor) -> Names:
        return {"assessment": actor.full(self.assessment, "assessment")}

    def effect(self, actor: Actor, who: str) -> Phrase:
        value: str = words.term("rating", self.rating.slug) if self.rating else ""
        value = value or next(
            (words.percent(each) for each in (self.score, self.share) if each is not None), ""
        )
        kind = words.term("assessment", self.kind)
        return phrase(
            "{who} assesses {whom}: {what}, valid until {until}, issued by {issuer}",
            who=who,
            whom=self.whom(),
            what=words.beside(kind, value) if value else kind,
            until=format_time(self.valid_until),
            issuer=self.issuer,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Requirement(Base):
    """Which assessments are mandatory for a role."""

    role: Annotated[f.Label, About("the role", argument=True, example="carrier")]
    kinds: Annotated[
        tuple[f.AssessmentKindField, ...],
        About("an assessment that is mandatory for it; none: nothing is", option="kind", positional=True),
    ]

    bounds: Annotated[
        f.BoundsField,
        About("what suffices: at least saq='70 %', at most country_risk=medium; any value if left out"),
    ] = field(default_factory=dict)

    def arguments(self) -> tuple[bytes, list[bytes], list[int]]:
        """Role, kinds and bounds as the contract takes them.

        Raises:
            InputError: a bound is of a kind that is not mandatory.
        """
        for kind in self.bounds:
            if kind not in self.kinds:
                raise InputError(f"{kind} is not mandatory", where="bounds", hint="add it to the kinds")
        kinds = [padded(kind, 32) for kind in self.kinds]
        return padded(self.role, 32), kinds, [self.bounds.get(kind, 0) for kind in self.kinds]

    def touches(self, actor: Actor, findings: Findings) -> Touches:
        return [], [entities.REQUIREMENTS]

    def subject(self, actor: Actor) -> Names:
        return {"role": self.role, "kinds": [str(kind) for kind in self.kinds]}

    def said(self) -> str:
        """The kinds, for people."""
        return words.listed(words.term("assessment", kind) for kind in self.kinds) or phrase("nothing")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRequirement(_Requirement):
    """Announce which assessments will be mandatory for participants in a role."""

    op: Literal["propose_requirement"] = "propose_requirement"

    @classmethod
    def row(cls) -> Row:
        return Row(noun="assurance requirement", verb="propose", by=By.CONSORTIUM, once=False)

    def call(self, actor: Actor) -> Planned:
        unknown = "the assurance registry is not known"
        arguments = self.arguments()
        return announced(actor.names.assurance, "AssuranceRegistry", "setMandatory", arguments, what=unknown)

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} announces what will be mandatory for participants in the role {role}: {kinds}",
            who=who,
            role=words.term("role", self.role),
            kinds=self.said(),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EnactRequirement(_Requirement):
    """Put into force what was proposed, word for word, once the delay is over."""

    op: Literal["enact_requirement"] = "enact_requirement"

    @classmethod
    def row(cls) -> Row:
        # It costs by the participants in the role, at most 20,000 gas each; hundreds fit.
        return Row(noun="assurance requirement", verb="enact", by=By.CONSORTIUM, once=False, gas=12_000_000)

    def call(self, actor: Actor) -> Planned:
        return "AssuranceRegistry", "setMandatory", self.arguments()

    def effect(self, actor: Actor, who: str) -> Phrase:
        return phrase(
            "{who} makes mandatory for participants in the role {role}: {kinds}",
            who=who,
            role=words.term("role", self.role),
            kinds=self.said(),
        )


AssuranceOperation = RecordEvidence | Assess | ProposeRequirement | EnactRequirement
