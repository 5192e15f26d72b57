"""Why the contracts refuse: one exception for each of their errors, saying what, and how to mend it.

Class names are those of the Solidity errors; ``contracts/interfaces`` defines them. The placeholders of
``what`` and ``mend`` are the errors' arguments, shown by name and with units.

Example:
    >>> issubclass(BatchNotActive, ContractRefusalError)
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from traceledger.errors import ContractRefusalError


class Refusal(ContractRefusalError):
    """A refusal of the contracts. ``arguments`` are the Solidity error's, by name."""

    what_template: ClassVar[str] = "the contracts refused the operation"
    mend: ClassVar[str] = ""

    def __init__(self, arguments: Mapping[str, Any], shown: Mapping[str, str]) -> None:
        super().__init__(self.what_template.format_map(shown), hint=self.mend.format_map(shown))
        self.arguments = dict(arguments)


class UnknownRefusal(Refusal):
    """The contracts refused with data that none of their errors explains."""

    what_template = "the contracts refused the operation with {data}"
    mend = "check that client and contracts are of the same release"


# --- who may act -----------------------------------------------------------------------------------


class UnknownOperator(Refusal):
    """The signing key acts for no participant."""

    what_template = "{account} is the key of no participant"
    mend = "sign with an admitted participant's key, or have the consortium admit it"


class OperatorIsRevoked(Refusal):
    """The signing key was revoked."""

    what_template = "key {operator} of {participant} was revoked"
    mend = "sign with a current key of {participant}"


class OperatorAlreadyRegistered(Refusal):
    """A key belongs to one participant for ever."""

    what_template = "{operator} is or was a key of {participant}"
    mend = "use a new key"


class NotAnOperatorOf(Refusal):
    """The key is not one of that participant."""

    what_template = "{operator} is no key of {participant}"
    mend = "list its keys with: traceledger participant show"


class LastOperator(Refusal):
    """The only key of a participant cannot be revoked."""

    what_template = "{operator} is the only key of {participant}"
    mend = "add another key first"


class UnknownParticipant(Refusal):
    """No participant has that address."""

    what_template = "there is no participant {participant}"
    mend = "have the consortium admit it first"


class ParticipantAlreadyExists(Refusal):
    """The address or the short name is taken."""

    what_template = "participant {slug} ({participant}) exists already"
    mend = "choose another short name and key"


class ParticipantNotActive(Refusal):
    """The participant is suspended or terminated."""

    what_template = "{participant} is {status} and may not act"
    mend = "an auditor or the consortium can reinstate it while it is suspended; termination is final"


class StatusChangeNotAllowed(Refusal):
    """The participant's standing does not allow that change."""

    what_template = "{participant} is {from} and cannot become {to}"
    mend = "only an active participant is suspended, only a suspended one reinstated; termination is final"


class NotOperatorNorConsortium(Refusal):
    """Only a participant's own keys, or the consortium, do this."""

    what_template = "{caller} may not manage the keys of {participant}"
    mend = "sign with one of its keys, or as the consortium"


class NotActPolicy(Refusal):
    """Only the act policy in force says about whom it is to be asked."""

    what_template = "{caller} is not the act policy in force"
    mend = "the assurance registry does this itself; see docs/assurance.md"


class NotAuditorNorConsortium(Refusal):
    """Only an active auditor or the consortium does this."""

    what_template = "{caller} is neither an active auditor nor the consortium"
    mend = "ask an auditor that is not suspended"


class AccessManagedUnauthorized(Refusal):
    """The account lacks consortium rights (OpenZeppelin AccessManaged)."""

    what_template = "{caller} has no consortium rights"
    mend = "sign with the consortium's account"


class AccessManagerUnauthorizedCall(Refusal):
    """The account may not announce that change, or needs not (OpenZeppelin AccessManager)."""

    what_template = "{caller} may not announce that change of policy"
    mend = "sign with the account that holds the policy role"


class AccessManagerAlreadyScheduled(Refusal):
    """That very change is announced already (OpenZeppelin AccessManager)."""

    what_template = "that change is announced already"
    mend = "enact it once its delay is over"


class AccessManagerNotScheduled(Refusal):
    """The change was never announced, or is in force already (OpenZeppelin AccessManager)."""

    what_template = "that change was not announced, or took effect already"
    mend = "propose it first; it can be enacted once the delay is over"


class AccessManagerNotReady(Refusal):
    """The delay of an announced change is not over (OpenZeppelin AccessManager)."""

    what_template = "the delay of that change is not over"
    mend = "see when it is with: traceledger assurance policy show"


class AccessManagerExpired(Refusal):
    """An announced change was not enacted within a week after its delay (OpenZeppelin AccessManager)."""

    what_template = "that change was announced too long ago"
    mend = "propose it again; there is a week to enact it"


# --- registry --------------------------------------------------------------------------------------


class InvalidSlug(Refusal):
    """A short name breaks the rule for short names."""

    what_template = "{slug!r} is not a short name"
    mend = "1 to 64 characters of a-z, 0-9, '-', '_' and '.', starting with a letter or digit"


class InvalidIdentifier(Refusal):
    """An identifier is empty or longer than 256 bytes."""

    what_template = "{identifier!r} is not an identifier"
    mend = "use 1 to 256 bytes"


class InvalidLocation(Refusal):
    """Coordinates are not on the globe, or given although the facility is not located."""

    what_template = "{latitude}, {longitude} (millionths of a degree) is no place on the globe"
    mend = "latitudes go from -90 to 90, longitudes from -180 to 180 degrees"


class UnknownFacility(Refusal):
    """No facility has that id."""

    what_template = "there is no facility {facility}"
    mend = "register it first"


class FacilityAlreadyExists(Refusal):
    """The participant has a facility of that identifier."""

    what_template = "facility {facility} exists already"
    mend = "choose another identifier"


class NotFacilityOperator(Refusal):
    """A participant acts at its own facilities only."""

    what_template = "facility {facility} is operated by {operatedBy}, not by {participant}"
    mend = "use a facility of your own"


class NotAnOrigin(Refusal):
    """New material comes from mines and recyclers only."""

    what_template = "facility {facility} is neither a mine nor a recycler"
    mend = "only a mine or a recycler is an origin; other batches are made by transformations"


class OriginNotApproved(Refusal):
    """The consortium does not expect this material from this facility."""

    what_template = "{material} is not expected from {facility}: it is no approved origin of it"
    mend = "the consortium must approve the origin first"


class UnknownMaterial(Refusal):
    """No material has that id."""

    what_template = "there is no material {material}"
    mend = "define it first"


class MaterialAlreadyExists(Refusal):
    """A material of that short name is defined."""

    what_template = "material {material} is defined already"
    mend = "choose another short name"


class TooManySubstances(Refusal):
    """A material tracks at most 15 substances."""

    what_template = "a material cannot track {count} substances"
    mend = "at most 15"


# --- batches ---------------------------------------------------------------------------------------


class UnknownBatch(Refusal):
    """No batch has that id."""

    what_template = "there is no batch {batch}"
    mend = "check its name, creator/identifier"


class BatchAlreadyExists(Refusal):
    """The creator has a batch of that identifier."""

    what_template = "batch {batch} exists already"
    mend = "give the new batch an identifier of its own"


class NotCustodian(Refusal):
    """Only its custodian does anything with a batch."""

    what_template = "batch {batch} is held by {custodian}, not by {participant}"
    mend = "its custodian must ship it to you first"


class BatchNotActive(Refusal):
    """The batch is in transit, consumed or retired."""

    what_template = "batch {batch} is {status}"
    mend = "use an active batch: one in transit is received first, a consumed or retired one is final"


class BatchIsFrozen(Refusal):
    """An error was declared in the batch."""

    what_template = "batch {batch} is frozen: it was declared in error"
    mend = "use the batches that correct it"


class InsufficientMass(Refusal):
    """More was asked of the batch than it holds."""

    what_template = "{requested} is more than the {remaining} left in batch {batch}"
    mend = "take at most what is left"


class ZeroMass(Refusal):
    """A mass must be more than zero."""

    what_template = "a mass is zero"
    mend = "give more than zero; a shipment of which nothing arrived is rejected"


class QuantityTooLarge(Refusal):
    """A quantity is larger than a batch can hold."""

    what_template = "{quantity} is more than a batch can hold"
    mend = "divide it into several batches of less than 72 million tonnes"


class SubstanceExceedsMass(Refusal):
    """A batch cannot hold more of a substance than it weighs."""

    what_template = "{substanceMass} of {substance} cannot be in a batch of {mass}"
    mend = "correct the assay or the mass"


class SubstancesNotAscending(Refusal):
    """Substances are listed once each, by ascending number."""

    what_template = "{substance} is listed twice or out of order"
    mend = "list each substance once, by ascending number"


class SubstanceNotInMaterial(Refusal):
    """The material is not defined to hold that substance."""

    what_template = "material {material} is not defined to hold {substance}"
    mend = "leave the substance out, or use a material that is defined to hold it"


class SubstanceNotConserved(Refusal):
    """What came out of a transformation is not what went in."""

    what_template = "{substance} is not conserved: {taken} went in, {accounted} came out or was declared lost"
    mend = "nothing may appear, and what is missing must be declared as loss"


class PrimaryExceedsEmissions(Refusal):
    """The primary part cannot exceed what it is a part of."""

    what_template = "{primary} from primary data is more than the {emissions} of all three scopes"
    mend = "primary is a part of scope 1 to 3, not an addition"


class OriginMismatch(Refusal):
    """A mine mints mined material, a recycler recycled material."""

    what_template = "facility {facility} is a {kind} and cannot mint {origin} material"
    mend = "a mine mints mined material, a recycler post_consumer or pre_consumer material"


class CapacityExceeded(Refusal):
    """The facility would pass its approved yearly capacity."""

    what_template = (
        "{facility} has {remaining} of its approved capacity of {material} left in {year}, not {requested}"
    )
    mend = "correct the mass or the time, or have the consortium approve more"


# --- shipments and transformations -----------------------------------------------------------------


class ShipmentAlreadyExists(Refusal):
    """The sender has a shipment of that identifier."""

    what_template = "shipment {shipment} exists already"
    mend = "give the new shipment an identifier of its own"


class ShipmentNotOpen(Refusal):
    """The shipment was never offered, or is closed."""

    what_template = (
        "shipment {shipment} is not open: never offered, or received, rejected or cancelled already"
    )
    mend = "check the sender and the identifier"


class ShipmentMismatch(Refusal):
    """The shipment was offered to someone else, or with other batches."""

    what_template = "shipment {shipment} was not offered to {receiver} with these batches"
    mend = "only the named receiver answers a shipment, for all its batches together"


class SurplusOnArrival(Refusal):
    """More arrived than was shipped."""

    what_template = "{arrived} of batch {batch} cannot arrive: {shipped} were shipped"
    mend = "correct the weighing, or have the sender declare the error"


class TransformationAlreadyExists(Refusal):
    """The participant has a transformation of that identifier."""

    what_template = "transformation {transformation} exists already"
    mend = "give the new run an identifier of its own"


class InvalidWeight(Refusal):
    """A weight is missing under the economic rule, or given under the mass rule."""

    what_template = "output {index} has weight {weight}"
    mend = "the economic rule needs a positive weight for each output, the mass rule none"


class LossesListedAndBalanced(Refusal):
    """Losses are either listed or balanced."""

    what_template = "losses are both listed and balanced"
    mend = "list them, or let the ledger balance them"


class EmptyList(Refusal):
    """A list that must name at least one item is empty."""

    what_template = "the list of {list} is empty"
    mend = "name at least one"


class NotCreatorNorAuditor(Refusal):
    """Only its creator or an auditor declares an error in a batch."""

    what_template = "{account} neither made batch {batch} nor is an auditor"
    mend = "ask its creator or an auditor to declare the error"


class CustodyByHandshakeOnly(Refusal):
    """ERC-721 transfers and approvals are refused."""

    what_template = "custody changes by shipment and receipt only"
    mend = "ship the batch; its receiver then receives it"


# --- assurance -------------------------------------------------------------------------------------


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
    mend = "a plan is submitted, then accepted or refused; an accepted one is closed, a closed one reopened"


class NotFindingSubject(Refusal):
    """Only the participant that a finding is about submits plans for it."""

    what_template = "finding {finding} is about {participant}, for which {account} does not act"
    mend = "sign with a key of {participant}"


class EvidenceRequired(Refusal):
    """A finding is closed with evidence only."""

    what_template = "finding {finding} cannot be closed without evidence"
    mend = "name at least one document that shows that it is corrected"


class FindingOverdue(Refusal):
    """A critical finding was not closed when it was due."""

    what_template = "{participant} may not act{facility}: critical finding {finding} was due at {dueAt}"
    mend = "submit a plan, have it accepted and the finding closed by an auditor"


class AssessmentMissing(Refusal):
    """A mandatory assessment was never made, or has not begun."""

    what_template = "{participant} may not act: it has no assessment of kind {kind}, which is mandatory"
    mend = "have an auditor record one"


class AssessmentExpired(Refusal):
    """A mandatory assessment ended."""

    what_template = "{participant} may not act: its mandatory assessment of kind {kind} ended at {validUntil}"
    mend = "have an auditor record a new one"


def by_name() -> dict[str, type[Refusal]]:
    """All refusals by the name of their Solidity error."""
    return {kind.__name__: kind for kind in Refusal.__subclasses__()}
