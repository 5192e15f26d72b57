"""The ledger: batches, shipments and transformations."""

from __future__ import annotations

from traceledger.refusals.base import Refusal


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
    mend = (
        "what is missing is declared as loss; where more came out, book a better assay of an input"
        " (remeasure), or mint stock whose origin nobody can show as untraced, and give it as one more input"
    )


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
    mend = (
        'if the scale says so, receive it with "difference": "measurement", within the tolerance that the'
        " consortium set for the material; beyond it an auditor remeasures"
    )


class DifferenceNotExplained(Refusal):
    """What arrived differs from what was sent, and the reason given cannot explain that."""

    what_template = (
        "{arrived} of batch {batch} arrived and {sent} were sent, which {difference} does not explain"
    )
    mend = (
        "say why: loss or moisture where less arrived, else measurement, within the tolerance that the"
        " consortium set for the material; beyond it an auditor remeasures"
    )


class ToleranceExceeded(Refusal):
    """A measurement differs by more than the consortium tolerates in that material."""

    what_template = (
        "{substance} of batch {batch} changes by {basisPoints} basis points, and {tolerance} are tolerated"
    )
    mend = "check it; if it is right, have an auditor remeasure the batch, or the consortium set a tolerance"


class RaisedFromNothing(Refusal):
    """A substance that is recorded as none is raised by an auditor only."""

    what_template = "batch {batch} was recorded without {substance}"
    mend = "have an auditor remeasure it: what was found is of untraced origin"


class TransformationAlreadyExists(Refusal):
    """The participant has a transformation of that identifier."""

    what_template = "transformation {transformation} exists already"
    mend = "give the new run an identifier of its own"


class InvalidWeight(Refusal):
    """A weight is missing under the economic rule, or given under the mass rule."""

    what_template = "output {index} has weight {weight}"
    mend = (
        "the economic rule needs a positive weight for each output, the mass rule none; what is worth nothing"
        " is made in a material that the consortium defined as waste, and has no weight"
    )


class LossesListedAndBalanced(Refusal):
    """Losses are either listed or balanced."""

    what_template = "losses are both listed and balanced"
    mend = "list them, or let the ledger balance them"


class EmptyList(Refusal):
    """A list that must name at least one item is empty."""

    what_template = "the list of {list} is empty"
    mend = (
        "name at least one; a run that lost everything names its slag, of a waste material, and what was made"
        " of nothing on the ledger is minted as untraced"
    )


class NotCreatorNorAuditor(Refusal):
    """Only its creator or an auditor declares an error in a batch."""

    what_template = "{account} neither made batch {batch} nor is an auditor"
    mend = "ask its creator or an auditor to declare the error"


class CustodyByHandshakeOnly(Refusal):
    """ERC-721 transfers and approvals are refused."""

    what_template = "custody changes by shipment and receipt only"
    mend = "ship the batch; its receiver then receives it"
