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
    mend = (
        "its custodian must ship it to you first; emissions that you recorded are restated wherever it is:"
        " restate_emissions"
    )


class BatchNotActive(Refusal):
    """The batch is in transit, consumed, retired or reversed."""

    what_template = "batch {batch} is {status}"
    mend = (
        "use an active batch: one in transit is received first; what was recorded wrongly (a run, a receipt,"
        " a retirement) is reversed, and emissions of the past are restated: restate_emissions"
    )


class BatchIsFrozen(Refusal):
    """An error was declared in the batch."""

    what_template = "batch {batch} is frozen: it was declared in error"
    mend = (
        "use the batches that correct it; it can go back to who sent it, be disposed of, or be remeasured"
        " by an auditor"
    )


class BatchIsHeld(Refusal):
    """The batch is on hold."""

    what_template = "batch {batch} is on hold by its {kind}"
    mend = "whoever put it on hold releases it"


class BatchChanged(Refusal):
    """Other events named the batch since the operation was prepared."""

    what_template = "{events} events name batch {batch} by now, and {expected} were expected"
    mend = "look what was recorded of it since; if the operation still fits, send it again"


class BatchIsFull(Refusal):
    """The batch was named by as many events as are counted."""

    what_template = "batch {batch} was named by as many events as are counted"
    mend = (
        "split off what you need: of a full batch only splits, shipments, receipts and retirements are"
        " recorded"
    )


class InsufficientMass(Refusal):
    """More was asked of the batch than it holds."""

    what_template = "{requested} is more than the {remaining} left in batch {batch}"
    mend = "take at most what is left"


class ZeroMass(Refusal):
    """A mass must be more than zero."""

    what_template = "a mass is zero"
    mend = (
        "give more than zero; of a shipment, say of each lot what became of it: lots names those that were"
        " received or refused, and what it does not name stays open"
    )


class QuantityTooLarge(Refusal):
    """A quantity is larger than a batch can hold."""

    what_template = "{quantity} is more than a batch can hold"
    mend = "divide it into several batches of less than 18 million tonnes"


class ListTooLong(Refusal):
    """A list is longer than what fits into a block."""

    what_template = "{length} {list} are more than the {limit} that fit into a block"
    mend = "divide the operation into several ones"


class InTheFuture(Refusal):
    """The time lies more than a day after the block that would hold it."""

    what_template = "{occurredAt} is in the future"
    mend = "correct the time, or the clock of this machine; record what has happened"


class SubstancesExceedMass(Refusal):
    """A batch cannot hold more of its substances together than it weighs."""

    what_template = "{substancesMass} of substances cannot be in a batch of {mass}"
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


class PartExceedsEmissions(Refusal):
    """A part of emissions cannot exceed what it is a part of."""

    what_template = "{part} is more than the {emissions} of all three scopes, of which it is a part"
    mend = "primary, biogenic, land_use and aviation are parts of scope 1 to 3, not additions"


class CapacityExceeded(Refusal):
    """The facility would pass its approved yearly capacity."""

    what_template = (
        "{facility} has {remaining} of its approved capacity of {origin} {material} left in {year}, not"
        " {requested}"
    )
    mend = (
        "correct the mass or the time, reverse a mint that did not happen, or have the consortium approve"
        " more"
    )


class ShipmentAlreadyExists(Refusal):
    """The sender has a shipment of that identifier."""

    what_template = "shipment {shipment} exists already"
    mend = "give the new shipment an identifier of its own"


class ShipmentNotOpen(Refusal):
    """The shipment was never offered, or all its lots are answered."""

    what_template = (
        "shipment {shipment} is not open: never offered, or all its lots were received, refused or cancelled"
    )
    mend = "check the sender and the identifier; a receipt by mistake is reversed"


class ShipmentMismatch(Refusal):
    """The shipment was offered to someone else, or other lots of it are open by now."""

    what_template = (
        "shipment {shipment} was not offered to {receiver} so, or other lots of it are open by now"
    )
    mend = "only the named receiver answers; bring the index up to date and answer again"


class LotNotOpen(Refusal):
    """The lot is not open in that shipment, or is named twice."""

    what_template = "batch {batch} is not open in shipment {shipment}, or is named twice"
    mend = "answer each open lot once; a receipt by mistake is reversed"


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


class SubstanceNotMeasured(Refusal):
    """A measurement of substances lists all that are recorded of the batch."""

    what_template = "the measurement of batch {batch} leaves out {substance}"
    mend = "list all substances that are recorded of the batch, also those that are as before"


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


class WasteElsewhere(Refusal):
    """Waste is used where it arose, or by a recycling run elsewhere."""

    what_template = "batch {batch} is waste of {arose}"
    mend = 'use it there, or by a recycling run here ("recycling": true)'


class NotForRecycling(Refusal):
    """A recycling run takes what was taken back, or waste that arose elsewhere."""

    what_template = "batch {batch} does not fit this recycling run"
    mend = (
        "a recycling run takes only what was taken back, or only waste that arose elsewhere; blend"
        " everything else in by a later, ordinary run"
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


class EmissionsRecordAlreadyExists(Refusal):
    """The custodian has a record of emissions of that identifier."""

    what_template = "record {record} exists already"
    mend = "give the new record an identifier of its own, or restate the old one"


class NotAProduct(Refusal):
    """Only batches of a material that is a product are delivered."""

    what_template = "batch {batch} is of {material}, which is no product"
    mend = "retire it as consumed_outside or disposed, or have the consortium define the material as product"


class NotForTakeBack(Refusal):
    """The batch was not delivered, or was taken back before."""

    what_template = "batch {batch} is {status} and cannot be taken back"
    mend = "what was retired as delivered is taken back, once and whole"


class OwnTakeBack(Refusal):
    """Who made or delivered a product does not take it back."""

    what_template = "{participant} made or delivered batch {batch} and cannot take it back"
    mend = "another recycler takes it back"


class NotCreatorNorAuditor(Refusal):
    """Only its creator or an auditor declares an error in a batch."""

    what_template = "{account} neither made batch {batch} nor is an auditor"
    mend = (
        "ask its creator or an auditor to declare the error; what you recorded of it yourself, such as its"
        " receipt, is reversed: reverse"
    )


class ErrorAlreadyDeclared(Refusal):
    """That error was declared already."""

    what_template = "an error in batch {batch} is declared already"
    mend = "nothing more is needed; an auditor can confirm what its maker declared"


class AlreadyHeld(Refusal):
    """That hold exists already."""

    what_template = "batch {batch} is on hold by its {kind} already"
    mend = "nothing more is needed"


class NotHeld(Refusal):
    """There is no hold that the caller could release."""

    what_template = "there is no hold of yours on batch {batch}"
    mend = "whoever put it on hold releases it; of an auditor's hold, also the consortium"


class NotAuthorNorAuditor(Refusal):
    """The caller is neither who recorded it nor an auditor who may decide about it."""

    what_template = "{account} neither recorded this nor is an auditor who may decide about it"
    mend = (
        "ask who recorded it, or an auditor of another company; against another auditor's act the"
        " consortium decides"
    )


class NotAsRecorded(Refusal):
    """What is to be put right was never recorded, was reversed, or is not as it is shown."""

    what_template = "{record} was never recorded so, or was reversed"
    mend = "check its name, and bring the index up to date"


class BuiltOn(Refusal):
    """Others built on what is to be reversed."""

    what_template = (
        "others have built on batch {batch}: it was used, is not active or not with its maker, or an"
        " auditor holds it"
    )
    mend = "declare the error instead (declare_error); better figures are remeasured or restated"


class TooLate(Refusal):
    """A receipt is reversed within 90 days of its block."""

    what_template = (
        "the receipt of shipment {shipment} at {receivedAt} can be reversed no more: 90 days have passed"
    )
    mend = "ship the lots back"


class NotAReturn(Refusal):
    """A frozen batch goes back to who sent it only."""

    what_template = "batch {batch} is not frozen, or did not come from there by that shipment"
    mend = "a frozen batch goes back to who sent it; everything else is shipped as ever"


class CustodianIsActive(Refusal):
    """Stock is assigned while its custodian is suspended or terminated only."""

    what_template = "{custodian}, which holds batch {batch}, is active"
    mend = "let it ship the batch, or suspend it first"


class NothingToConfirm(Refusal):
    """Nothing waits to be confirmed, or it was something else."""

    what_template = "nothing waits to be confirmed so"
    mend = "bring the index up to date, and confirm what was said last"


class CustodyByHandshakeOnly(Refusal):
    """ERC-721 transfers and approvals are refused."""

    what_template = "custody changes by shipment and receipt only"
    mend = "ship the batch; its receiver then receives it"


class OnlyThroughTheLedger(Refusal):
    """The function is one of the ledger's, and cannot be called at its module."""

    what_template = "this is called at the ledger, not at its module"
    mend = "call it at the address of the ledger"
