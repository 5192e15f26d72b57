"""The operations of the ledger, one dataclass each; their fields are those of the operations file.

Names of batches, facilities and shipments are full (``katanga/KOL-1``) or, for one's own, without the
slug. Masses are mg, times UTC seconds. docs/operations.md describes the file format.

Example:
    >>> parse_operation({"op": "retire", "as": "oem", "batch": "VIN-1", "reason": "delivered",
    ...                  "at": "2026-01-18T06:00:00Z"}).at
    1768716000
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from traceledger.errors import InputError
from traceledger.model.emissions import AllocationRule, Emissions
from traceledger.operations import assurance
from traceledger.operations import fields as f
from traceledger.operations.base import STRICT, Base, Decision, Evidenced, Physical

NO_EMISSIONS = Emissions()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineMaterial(Evidenced):
    """The consortium defines a material and the substances that its batches may hold."""

    op: Literal["define_material"] = "define_material"
    material: f.Slug
    name: f.Text
    substances: f.SubstanceList = ()
    cas: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterParticipant(Evidenced):
    """The consortium admits a company. ``address`` is that of its first key (default: the stored key)."""

    op: Literal["register_participant"] = "register_participant"
    participant: f.Slug
    name: f.Text
    country: f.Country
    roles: tuple[f.Label, ...] = ()
    address: f.Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendParticipant(Decision):
    """The consortium stops a participant from acting."""

    op: Literal["suspend_participant"] = "suspend_participant"
    participant: f.Slug
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateParticipant(Decision):
    """An auditor or the consortium lets a suspended participant act again."""

    op: Literal["reinstate_participant"] = "reinstate_participant"
    participant: f.Slug
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateParticipant(Decision):
    """The consortium ends the relationship for good."""

    op: Literal["terminate_participant"] = "terminate_participant"
    participant: f.Slug
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOperator(Base):
    """A participant, or the consortium for it, lets one more key sign."""

    op: Literal["add_operator"] = "add_operator"
    participant: f.Slug
    operator: f.Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeOperator(Base):
    """A participant, or the consortium for it, revokes a key."""

    op: Literal["revoke_operator"] = "revoke_operator"
    participant: f.Slug
    operator: f.Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateOperator(Base):
    """A participant, or the consortium for it, replaces the key ``operator`` by ``successor`` at once."""

    op: Literal["rotate_operator"] = "rotate_operator"
    participant: f.Slug
    operator: f.Address
    successor: f.Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacility(Evidenced):
    """A participant declares a facility, and where it is. Kinds ``mine`` and ``recycler`` are origins."""

    op: Literal["register_facility"] = "register_facility"
    facility: f.Name
    kind: f.Label
    country: f.Country
    name: f.Text | None = None
    latitude: f.Latitude | None = None
    longitude: f.Longitude | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveOrigin(Decision):
    """The consortium expects a material from a facility, up to a mass per calendar year (UTC)."""

    op: Literal["approve_origin"] = "approve_origin"
    facility: f.Name
    material: f.Slug
    capacity_per_year: f.Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Mint(Physical):
    """A mine or recycler brings a new batch onto the ledger."""

    op: Literal["mint"] = "mint"
    batch: f.Name
    material: f.Slug
    facility: f.Name
    mass: f.Mass
    substances: f.SubstanceMasses = field(default_factory=dict)
    origin: f.OriginField
    emissions: f.EmissionsField = NO_EMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitChild:
    """A batch to split off, and its mass."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: f.Name
    mass: f.Mass


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Physical):
    """The custodian splits batches off one; the rest stays in the parent."""

    op: Literal["split"] = "split"
    batch: f.Name
    into: tuple[SplitChild, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship(Physical):
    """The custodian offers batches to another participant."""

    op: Literal["ship"] = "ship"
    shipment: f.Name
    batches: tuple[f.Name, ...]
    to: f.Slug
    emissions: f.EmissionsField = NO_EMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Physical):
    """The receiver takes custody. A batch that ``arrived`` leaves out arrived in full."""

    op: Literal["receive"] = "receive"
    shipment: f.Name
    arrived: dict[f.Name, f.Mass] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Physical):
    """The receiver refuses a shipment."""

    op: Literal["reject"] = "reject"
    shipment: f.Name
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Physical):
    """The sender takes a shipment back before it is received."""

    op: Literal["cancel"] = "cancel"
    shipment: f.Name
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformInput:
    """A batch to take from, and how much; without a mass, all of it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: f.Name
    mass: f.Mass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformOutput:
    """A batch to make. ``weight`` is given under the economic rule only."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    batch: f.Name
    material: f.Slug
    mass: f.Mass
    substances: f.SubstanceMasses = field(default_factory=dict)
    weight: f.Weight | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform(Physical):
    """Batches are made of batches at a facility (EPCIS 2.0 TransformationEvent)."""

    op: Literal["transform"] = "transform"
    transformation: f.Name
    facility: f.Name
    process: f.Text
    inputs: tuple[TransformInput, ...]
    outputs: tuple[TransformOutput, ...]
    losses: f.Losses = field(default_factory=dict)
    allocation: f.AllocationField = AllocationRule.MASS
    emissions: f.EmissionsField = NO_EMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEmissions(Physical):
    """The custodian adds emissions of storage or handling to a batch."""

    op: Literal["add_emissions"] = "add_emissions"
    batch: f.Name
    emissions: f.EmissionsField
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire(Physical):
    """The custodian retires a batch for good."""

    op: Literal["retire"] = "retire"
    batch: f.Name
    reason: f.Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareError(Physical):
    """Its creator or an auditor declares that what was recorded of a batch is wrong."""

    op: Literal["declare_error"] = "declare_error"
    batch: f.Name
    reason: f.ReasonField
    corrective: tuple[f.Name, ...] = ()


Operation = (
    DefineMaterial
    | RegisterParticipant
    | SuspendParticipant
    | ReinstateParticipant
    | TerminateParticipant
    | AddOperator
    | RevokeOperator
    | RotateOperator
    | RegisterFacility
    | ApproveOrigin
    | Mint
    | Split
    | Ship
    | Receive
    | Reject
    | Cancel
    | Transform
    | AddEmissions
    | Retire
    | DeclareError
    | assurance.RecordEvidence
    | assurance.Assess
    | assurance.RaiseFinding
    | assurance.SubmitCorrectiveAction
    | assurance.AcceptCorrectiveAction
    | assurance.RefuseCorrectiveAction
    | assurance.CloseFinding
    | assurance.ReopenFinding
    | assurance.ProposeRequirement
    | assurance.EnactRequirement
)

_ADAPTER: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def parse_operation(document: object) -> Operation:
    """The operation that a JSON object describes.

    Raises:
        InputError: for the first fault, ``where`` naming its field. :func:`parsed` gives them all.
    """
    found = parsed(document)
    if isinstance(found, list):
        raise found[0]
    return found


def parsed(document: object) -> Operation | list[InputError]:
    """The operation that a JSON object describes, or every fault of the object."""
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as invalid:
        return _input_errors(invalid)


def _input_errors(invalid: ValidationError) -> list[InputError]:
    return [_input_error(fault) for fault in invalid.errors(include_url=False)]


def _input_error(fault: Any) -> InputError:
    cause = fault.get("ctx", {}).get("error")
    place = [str(part) for part in fault["loc"][1:] if part != "[key]"]
    where = ".".join(place)
    if isinstance(cause, InputError):
        return InputError(cause.what, hint=cause.hint, where=where)
    match fault["type"]:
        case "missing":
            return InputError("this field is missing", where=where)
        case "unexpected_keyword_argument" | "extra_forbidden":
            return InputError("there is no such field", where=where, hint="check its spelling")
        case "union_tag_invalid" | "union_tag_not_found":
            kinds = fault["ctx"].get("expected_tags", "the operations of docs/operations.md")
            given = fault["ctx"].get("tag")
            what = f"there is no operation {given!r}" if given else "this field is missing"
            return InputError(what, where="op", hint=f"use one of {kinds}")
        case "dict_type" | "dataclass_type" | "model_attributes_type":
            return InputError("this must be an object", where=where)
        case "tuple_type" | "list_type":
            return InputError("this must be a list", where=where)
        case _:
            return InputError(str(fault["msg"]).lower(), where=where)
