"""The types of operations' fields: how each is read and written, what it names, whether it may be private.

A type says all that is known of a kind of value; an operation's field adds what it means (:class:`About`).

Example:
    >>> NewBatch.__metadata__[0].privacy, Reason.__metadata__[0].privacy
    (<FieldKind.BATCH: 'batch'>, <Clear.PUBLIC: 'public'>)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum
from functools import partial
from typing import Annotated, Any, Literal

from traceledger.model.assurance import AssessmentKind, FindingCategory, Rating, Severity
from traceledger.model.batches import ErrorReason, Origin, Retirement
from traceledger.model.commitments import FieldKind
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.model.evidence import Evidence
from traceledger.model.identifiers import Identifier
from traceledger.model.rights import RightKind
from traceledger.model.units import MAX_DURATION, parse_mass
from traceledger.names import Owned
from traceledger.operations import readers, spoken, terms
from traceledger.operations.spoken import LotAnswer, RecordName
from traceledger.operations.terms import Tolerance

Thing = Literal[Owned, "material", "participant"]
"""Everything that has a name."""


class Clear(Enum):
    """Why a text stays readable where an operation is private."""

    PUBLIC = "public"
    """It goes on chain as it is written."""
    REFERENCE = "reference"
    """It names something that is there already; on chain goes an id, which does not tell the name."""
    REVEALING = "revealing"
    """It goes on chain as it is written, and would tell what is hidden: it is refused together with that."""


WORDS = {"act_as": "as", "approved_from": "from"}
"""Fields that have other names in files: what is written there is a keyword of Python."""

Privacy = FieldKind | Clear
"""What a private text is, whose commitment goes on chain in its place; or why it is none."""


MAY_BE_PRIVATE = "names, new identifiers and evidence"
"""What may be private, in words; the types below say it, and docs/privacy.md explains it."""


class Form(Enum):
    """How people write a value: in an option, in a file, in a program."""

    TEXT = "text"
    WORD = "word"
    FLAG = "flag"
    TIME = "time"
    MASS = "mass"
    PERCENT = "percentage"
    DEGREES = "degrees"
    ADDRESS = "address"
    KEY = "key"
    DIGEST = "SHA-256"
    INTEGER = "integer"
    SUBSTANCE_LIST = "list of substances"
    SUBSTANCE_MASSES = "mass by substance"
    LOSSES = "mass by substance, or balance"
    BATCH_MASSES = "mass by batch"
    TOLERANCE = "tolerance"
    CONTENTS = "content by substance"
    ANSWERS = "answer by batch"
    PAIRS = "value by word"
    RECORD = "record"
    EMISSIONS = "emissions"
    EVIDENCE = "evidence"
    CHILDREN = "list of batch and mass"
    INPUTS = "list of inputs"
    OUTPUTS = "list of outputs"


@dataclass(frozen=True, slots=True)
class Value:
    """A kind of value.

    Attributes:
        form: how people write it.
        read: gives the ledger's value of what is written; ``None``: pydantic does.
        privacy: of a text, what it is where it is private, or why it never is; ``None``: it is no text.
        example: as it is written in a program or in JSON.
        choices: the enumeration that it is a member of.
        names: what kind of thing it is the name of.
        new: whether the operation makes that thing.
    """

    form: Form
    read: Callable[[object], Any] | None
    privacy: Privacy | None
    example: object
    choices: type[IntEnum] | type[StrEnum] | None = None
    names: Thing | None = None
    new: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The schema of pydantic that reads it; pydantic is loaded by who validates, not by who asks rows."""
        if self.read is None:
            return handler(source)
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(self.read, handler(source))


@dataclass(frozen=True, slots=True)
class About:
    """What a field means in its operation.

    Attributes:
        help: a sentence without capital and full stop, for the help of command and client, and the docs.
        argument: it is an argument of the command, not an option, and stands first in the client's method.
        positional: it may stand without its name in the client's method.
        option: of what may be given several times, the word for one.
        old: options that it had before.
        example: where that of its type does not fit.
        file_only: only operations files take it.
    """

    help: str
    argument: bool = False
    positional: bool = False
    option: str = ""
    old: tuple[str, ...] = ()
    example: object = None
    file_only: bool = False


class Some:
    """Marks a list or an object that names at least one thing where it is given.

    Left out it means all of them. A program that has none to name, and says so, must not have all of them
    refused or received.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The schema of pydantic that refuses what names nothing; what was left out is not asked."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(readers.some, handler(source))


SOME = Some()


def _named(names: Thing, example: str, privacy: Privacy, *, new: bool = False) -> Value:
    short = names in ("material", "participant")
    read = readers.slug if short else readers.identifier
    return Value(Form.TEXT, read, privacy, example, names=names, new=new)


def _text(read: Callable[[object], str] | None, privacy: Privacy, example: str) -> Value:
    return Value(Form.TEXT, read, privacy, example)


def _number(kind: type[IntEnum], example: str) -> Value:
    return Value(Form.WORD, readers.enum(kind), None, example, choices=kind)


def _word(kind: type[StrEnum], example: str) -> Value:
    return Value(Form.WORD, readers.word(kind), None, example, choices=kind)


# What an operation makes and names.
NewBatch = Annotated[str, _named("batch", "KOL-1", FieldKind.BATCH, new=True)]
NewFacility = Annotated[str, _named("facility", "kolwezi-pit-4", FieldKind.FACILITY, new=True)]
NewShipment = Annotated[str, _named("shipment", "SEA-9001", FieldKind.SHIPMENT, new=True)]
NewTransformation = Annotated[str, _named("transformation", "RUN-88", FieldKind.TRANSFORMATION, new=True)]
NewRecord = Annotated[str, _named("record", "STORE-2026-07", Clear.PUBLIC, new=True)]
NewFinding = Annotated[str, _named("finding", "F-1", Clear.PUBLIC, new=True)]
NewAssessment = Annotated[str, _named("assessment", "SAQ-1", Clear.PUBLIC, new=True)]
NewMaterial = Annotated[str, _named("material", "cobalt-hydroxide", Clear.PUBLIC, new=True)]
NewParticipant = Annotated[str, _named("participant", "katanga", Clear.PUBLIC, new=True)]

# What is there already.
BatchName = Annotated[str, _named("batch", "katanga/KOL-1", Clear.REFERENCE)]
FacilityName = Annotated[str, _named("facility", "katanga/kolwezi-pit-4", Clear.REFERENCE)]
ShipmentName = Annotated[str, _named("shipment", "katanga/SEA-9001", Clear.REFERENCE)]
FindingName = Annotated[str, _named("finding", "argus/F-1", Clear.REFERENCE)]
MaterialName = Annotated[str, _named("material", "cobalt-hydroxide", Clear.REFERENCE)]
ParticipantName = Annotated[str, _named("participant", "katanga", Clear.REFERENCE)]
BatchIdentifier = Annotated[str, _text(readers.identifier, Clear.PUBLIC, "KOL-1")]
"""What its maker calls a batch on chain, which may not exist yet: of a private one, the commitment."""
CorrectiveName = Annotated[str, _named("batch", "KOL-1-R", FieldKind.BATCH)]
"""A batch that may be made later: then it is private if the operation is."""

# Texts.
CompanyTitle = Annotated[
    str, _text(readers.description, FieldKind.PARTICIPANT_NAME, "Katanga Example Mining")
]
FacilityTitle = Annotated[str, _text(readers.description, FieldKind.FACILITY_NAME, "Kolwezi Pit 4")]
PublicText = Annotated[str, _text(readers.description, Clear.PUBLIC, "refining")]
Reason = Annotated[str, _text(readers.description, Clear.PUBLIC, "storage")]
OptionalText = Annotated[str, _text(readers.remark, Clear.PUBLIC, "damaged on the way")]
Label = Annotated[str, _text(readers.label, Clear.PUBLIC, "producer")]
FacilityKind = Annotated[str, _text(readers.facility_kind, Clear.PUBLIC, "mine")]
Role = Annotated[str, _text(readers.role, Clear.PUBLIC, "producer")]
Country = Annotated[str, _text(readers.country, Clear.PUBLIC, "CD")]
Issuer = Annotated[str, _text(readers.identifier, Clear.PUBLIC, "A testing laboratory")]
Scheme = Annotated[str, _text(readers.scheme, Clear.PUBLIC, "IRMA")]
ActingName = Annotated[str, _text(None, Clear.REFERENCE, "katanga")]
Uri = Annotated[str, _text(readers.uri, FieldKind.EVIDENCE, "https://example.org/lca.pdf")]
Digest = Annotated[bytes, Value(Form.DIGEST, readers.digest, FieldKind.EVIDENCE, "5a" * 32)]
EvidenceField = Annotated[
    tuple[Evidence, ...], Value(Form.EVIDENCE, readers.evidence, FieldKind.EVIDENCE, None)
]

# Numbers and times.
Flag = Annotated[bool, Value(Form.FLAG, readers.flag, None, True)]
Time = Annotated[int, Value(Form.TIME, readers.parse_time, None, "2026-01-17T06:00:00Z")]
FirstDay = Annotated[int, Value(Form.TIME, readers.first_second, None, "2026-01-01")]
LastDay = Annotated[int, Value(Form.TIME, readers.last_second, None, "2026-12-31")]
"""A time, or a day, which it includes."""
Mass = Annotated[int, Value(Form.MASS, parse_mass, None, "24 t")]
Capacity = Annotated[int, Value(Form.MASS, partial(parse_mass, limit=2**64 - 1), None, "4000 t")]
Percent = Annotated[int, Value(Form.PERCENT, readers.percent, None, "87.5 %")]
Weight = Annotated[int, Value(Form.INTEGER, readers.weight, None, 3)]
Delay = Annotated[
    int, Value(Form.INTEGER, readers.integer("a delay", 0, bits=MAX_DURATION.bit_length()), None, 172_800)
]
Pieces = Annotated[int, Value(Form.INTEGER, readers.pieces, None, 20)]
Latitude = Annotated[int, Value(Form.DEGREES, readers.degrees(90), Clear.REVEALING, "-10.72")]
Longitude = Annotated[int, Value(Form.DEGREES, readers.degrees(180), Clear.REVEALING, "25.47")]
Address = Annotated[bytes, Value(Form.ADDRESS, readers.address, None, "0x" + "12" * 20)]
Key = Annotated[bytes, Value(Form.KEY, readers.address, None, "0x" + "12" * 20)]
"""The address of a key that may sign for a participant; a command also takes the name of a stored key."""

NO_EMISSIONS = Emissions()

# Amounts by substance or batch.
SubstanceList = Annotated[tuple[int, ...], Value(Form.SUBSTANCE_LIST, readers.substance_list, None, ["Co"])]
SubstanceMasses = Annotated[
    dict[int, int], Value(Form.SUBSTANCE_MASSES, readers.substances, None, {"Co": "8.4 t"})
]
Losses = Annotated[dict[int, int] | str, Value(Form.LOSSES, readers.losses, None, "balance")]
EmissionsField = Annotated[
    Emissions, Value(Form.EMISSIONS, readers.emissions, None, {"scope1": "40 t", "primary": "40 t"})
]
MassByBatch = Annotated[
    dict[BatchName, Mass], Value(Form.BATCH_MASSES, None, Clear.REFERENCE, {"katanga/KOL-1": "23.98 t"})
]
Answers = Annotated[
    dict[str, LotAnswer],
    Value(Form.ANSWERS, spoken.answers, Clear.REFERENCE, {"katanga/A": "received", "katanga/B": "refused"}),
]
ToleranceField = Annotated[
    Tolerance, Value(Form.TOLERANCE, terms.tolerance, None, {"mass": "0.5 %", "substances": "1 %"})
]
Contents = Annotated[
    dict[int, tuple[int, int]], Value(Form.CONTENTS, terms.contents, None, {"Co": "30 % - 40 %"})
]
Consent = Annotated[bytes, Value(Form.TEXT, readers.signature, Clear.PUBLIC, "0x" + "ab" * 65)]
"""The signature by which a key joins a participant (EIP-712)."""
Calldata = Annotated[bytes, Value(Form.TEXT, readers.calldata, Clear.PUBLIC, "0x8456cb59")]
"""What a contract is called with."""
BoundsField = Annotated[dict[str, int], Value(Form.PAIRS, terms.bounds, None, {"saq": "70 %"})]
IdentifiersField = Annotated[
    tuple[Identifier, ...],
    Value(Form.PAIRS, terms.identifiers, None, [{"scheme": "lei", "value": "529900T8BM49AURSDO55"}]),
]
Reversible = Annotated[
    RecordName, Value(Form.RECORD, spoken.reversible, Clear.REFERENCE, {"transformation": "RUN-88"})
]
Restatable = Annotated[
    RecordName, Value(Form.RECORD, spoken.restatable, Clear.REFERENCE, {"mint": "katanga/KOL-1"})
]

# Words.
RetirementField = Annotated[Retirement, _number(Retirement, "delivered")]
OriginField = Annotated[Origin, _number(Origin, "mined")]
AllocationField = Annotated[AllocationRule, _number(AllocationRule, "economic")]
ErrorField = Annotated[ErrorReason, _number(ErrorReason, "incorrect_data")]
SeverityField = Annotated[Severity, _number(Severity, "critical")]
RightField = Annotated[RightKind, _number(RightKind, "emergency")]
RatingField = Annotated[Rating, _number(Rating, "high")]
AssessmentKindField = Annotated[AssessmentKind, _word(AssessmentKind, "saq")]
CategoryField = Annotated[FindingCategory, _word(FindingCategory, "labour")]

# Lists of parts, whose fields say the rest.
CHILDREN = Value(Form.CHILDREN, readers.children, None, [{"batch": "KOL-1-A", "mass": "20 t"}])
INPUTS = Value(Form.INPUTS, None, None, [{"batch": "katanga/KOL-1", "mass": "10 t"}])
OUTPUTS = Value(
    Form.OUTPUTS,
    None,
    None,
    [{"batch": "COS-88", "material": "cobalt-sulfate", "mass": "16 t", "substances": {"Co": "3.36 t"}}],
)
