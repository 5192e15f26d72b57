// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, EmissionsRecordId, FacilityId, MaterialId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {
    AllocationRule,
    BatchStatus,
    Difference,
    ErrorReason,
    Evidence,
    HoldKind,
    Origin,
    RecordKind,
    Retirement,
    SubstanceMass
} from "../types/Values.sol";

/// @title What the batch ledger records and refuses
/// @notice The structs of its operations, its events and its errors. Ledger and modules share them.
interface ILedgerRecords {
    /// @param identifier The supplier's own name of the lot.
    /// @param pieces How many pieces the lot is; zero where it is not counted.
    /// @param emissions Of the origin process; they become the batch's own CO2e.
    struct Mint {
        string identifier;
        MaterialId material;
        FacilityId facility;
        uint64 mass;
        uint64 pieces;
        SubstanceMass[] substances;
        Origin origin;
        Emissions emissions;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @param mass What is taken of the parent, or `IN_FULL`.
    struct SplitChild {
        string identifier;
        uint64 mass;
    }

    /// @param to The receiving participant.
    /// @param owner Who owns the lots from now on (Rule 11); zero where title does not change or is not told.
    /// @param emissions Of the transport, shared among the batches by mass; they become the batches' own CO2e.
    struct Offer {
        string identifier;
        BatchId[] batches;
        address to;
        address owner;
        Emissions emissions;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice By what a lot's current custodian came by it: the last entry of its trail.
    /// @param before The trail before it.
    struct Receipt {
        ReceiptEntry entry;
        bytes12 before;
    }

    /// @notice Which of a shipment's lots are open, and what it was offered as: what the answer repeats.
    /// @param offer `keccak256(abi.encode(emissions, batches))` of the offer.
    /// @param open All open lots, in the order in which they were offered or reopened.
    struct Open {
        bytes32 offer;
        BatchId[] open;
    }

    /// @notice One lot of an answer. Lots that no answer names stay open.
    /// @param expected `after`: the lot's events so far.
    /// @param refused It goes back to its sender.
    /// @param mass What arrived, or `IN_FULL` for all that was sent.
    /// @param difference Why that differs from what was sent; `None` if nothing does.
    /// @param substances For a measurement, all substances as measured, ascending; else empty. Empty for a measurement
    /// of the gross mass only.
    struct Answer {
        BatchId batch;
        uint32 expected;
        bool refused;
        uint64 mass;
        Difference difference;
        SubstanceMass[] substances;
    }

    /// @param mass What is taken, or `IN_FULL`.
    struct Input {
        BatchId batch;
        uint64 mass;
    }

    /// @param weight Positive under the economic rule, zero under the mass rule and for waste.
    struct Output {
        string identifier;
        MaterialId material;
        uint64 mass;
        uint64 pieces;
        uint64 weight;
        SubstanceMass[] substances;
    }

    /// @param process What was done, for instance "refining".
    /// @param recycling A recycling run: of what was taken back only, or of waste that arose elsewhere only (Rule 9).
    /// @param losses Declared losses by substance, ascending; empty when `balanceLosses`.
    /// @param balanceLosses Declare as loss whatever of each substance the outputs leave over.
    /// @param emissions Of the process; they become the outputs' own CO2e.
    struct Transformation {
        string identifier;
        FacilityId facility;
        string process;
        bool recycling;
        Input[] inputs;
        Output[] outputs;
        SubstanceMass[] losses;
        bool balanceLosses;
        AllocationRule allocation;
        Emissions emissions;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice A better measurement (Rule 5).
    /// @param mass Gross mass now.
    /// @param substances All substances now, ascending; empty for those that are recorded.
    struct Measurement {
        BatchId batch;
        uint64 mass;
        SubstanceMass[] substances;
        string reason;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice New absolute emissions of one record (Rule 8).
    struct Restatement {
        Emissions emissions;
        string reason;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice Why and when something is taken back that was recorded.
    /// @param tag Hash of the submitter's operation.
    struct Reversal {
        string reason;
        uint64 occurredAt;
        bytes32 tag;
        Evidence[] evidence;
    }

    /// @notice Trail: the batch was minted. `salt` is the hash of the block before.
    struct MintEntry {
        FacilityId facility;
        MaterialId material;
        Origin origin;
        uint64 occurredAt;
        Emissions emissions;
        bytes32 salt;
    }

    /// @notice Trail: the batch was split off `parent`.
    struct SplitEntry {
        BatchId parent;
        bytes32 salt;
    }

    /// @notice Trail: the batch was made by `transformation`.
    struct RunEntry {
        TransformationId transformation;
        bytes32 salt;
    }

    /// @notice Trail: the batch was received. Whoever reverses the receipt shows by it what the batch was before, and that it
    /// still holds what arrived.
    /// @param returning Whether it came back frozen, from its receiver.
    /// @param uses The batch's uses with this receipt.
    /// @param mass What was sent.
    /// @param arrived What arrived of it.
    /// @param differences The batch's word of differences before.
    /// @param arrivedDifferences The same as it arrived.
    /// @param substances Its substances before; empty where the answer left them.
    /// @param arrivedSubstances Its substances as they arrived; empty where the answer left them.
    /// @param receivedAt The block's time.
    struct ReceiptEntry {
        ShipmentId shipment;
        address sender;
        bool returning;
        uint256 uses;
        uint64 mass;
        uint64 arrived;
        uint256 differences;
        uint256 arrivedDifferences;
        SubstanceMass[] substances;
        SubstanceMass[] arrivedSubstances;
        uint64 receivedAt;
        bytes32 salt;
    }

    /// @notice Trail: the batch was taken back.
    /// @param from Who delivered it.
    /// @param uses The batch's uses with this take-back.
    /// @param mass What came back.
    struct TakeBackEntry {
        address from;
        uint256 uses;
        FacilityId facility;
        MaterialId material;
        uint64 occurredAt;
        uint64 mass;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        bytes32 salt;
    }

    /// @notice A batch as one shipment found it: its mass, and its own CO2e with the transport's share added.
    struct Shipped {
        BatchId batch;
        uint64 mass;
        uint64 ownCo2e;
    }

    /// @notice A batch as it arrived.
    /// @param substances For a loss, what was lost; for a measurement, all substances as measured now; else empty.
    struct Arrived {
        BatchId batch;
        uint64 mass;
        Difference difference;
        SubstanceMass[] substances;
    }

    /// @notice What was taken of one batch.
    struct Taken {
        BatchId batch;
        uint64 mass;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        SubstanceMass[] substances;
    }

    /// @notice A batch split off another: what was taken of the parent for it.
    struct Child {
        string identifier;
        Taken taken;
    }

    /// @notice A batch made by a transformation, with its allocated CO2e.
    /// @param weight What its share was computed with: its mass, its given weight, or zero for waste.
    /// @param waste Whether it is waste: its material is, and an ordinary run made it.
    /// @param offSpecification Outside its material's contents, by an auditor's permit.
    struct Made {
        BatchId batch;
        MaterialId material;
        uint64 mass;
        uint64 pieces;
        uint64 weight;
        bool waste;
        bool offSpecification;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        SubstanceMass[] substances;
        string identifier;
    }

    /// @notice The state of a batch now. `mass`, substances and CO2e are what remains.
    /// @param frozen Declared in error by an auditor, or by its maker while that held it.
    /// @param disputed Declared in error by its maker.
    /// @param tolerance Basis points of tolerance used, signed: of the gross mass, then of each substance in order.
    /// @param events How many events of the ledger name the batch.
    struct Batch {
        BatchStatus status;
        bool frozen;
        bool disputed;
        bool errorByAuditor;
        bool heldByCustodian;
        bool heldByAuditor;
        bool waste;
        bool takenBack;
        address custodian;
        MaterialId material;
        uint64 mass;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        SubstanceMass[] substances;
        int16[] tolerance;
        uint256 uses;
        uint256 events;
        bytes12 trail;
    }

    /// @notice New material entered the ledger.
    /// @param offSpecification Outside its material's contents, by an auditor's permit.
    event BatchMinted(
        BatchId indexed batch,
        address indexed creator,
        FacilityId indexed facility,
        MaterialId material,
        Origin origin,
        uint64 mass,
        uint64 pieces,
        bool offSpecification,
        uint64 occurredAt,
        Emissions emissions,
        SubstanceMass[] substances,
        string identifier,
        Evidence[] evidence
    );

    /// @notice Batches were split off `parent`, which keeps the rest. In `children`, `taken.batch` is the child.
    event BatchSplit(
        BatchId indexed parent, address indexed custodian, uint64 occurredAt, Child[] children, Evidence[] evidence
    );

    /// @notice Batches were offered to `receiver`.
    /// @param owner Who owns them from now on; zero where nothing is said.
    /// @param returnOf The shipment by which a frozen lot came that goes back; else zero.
    event ShipmentOffered(
        ShipmentId indexed shipment,
        address indexed sender,
        address indexed receiver,
        address owner,
        ShipmentId returnOf,
        uint64 occurredAt,
        Emissions emissions,
        Shipped[] batches,
        string identifier,
        Evidence[] evidence
    );

    /// @notice The receiver took custody of lots of the shipment.
    event ShipmentReceived(
        ShipmentId indexed shipment,
        address indexed receiver,
        uint64 occurredAt,
        Arrived[] batches,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The receiver refused lots of the shipment; they are the sender's again.
    event ShipmentRejected(
        ShipmentId indexed shipment,
        address indexed receiver,
        uint64 occurredAt,
        string reason,
        BatchId[] batches,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The sender cancelled what was open of the shipment.
    event ShipmentCancelled(
        ShipmentId indexed shipment,
        address indexed sender,
        uint64 occurredAt,
        string reason,
        BatchId[] batches,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice Batches were made of batches.
    /// @param allocation The rule by which CO2e was shared: by mass too where waste took more of a substance than the other
    /// outputs together.
    /// @param losses The declared losses, by substance, ascending.
    event Transformed(
        TransformationId indexed transformation,
        address indexed participant,
        FacilityId indexed facility,
        uint64 occurredAt,
        bool recycling,
        AllocationRule allocation,
        Emissions emissions,
        Taken[] inputs,
        Made[] outputs,
        SubstanceMass[] losses,
        string identifier,
        string process,
        Evidence[] evidence
    );

    /// @notice Emissions in custody (storage, handling) were added to the batch's own CO2e.
    /// @param ownCo2e The batch's own CO2e with them.
    /// @param record The custodian's own name of the record; empty where it cannot be restated.
    event EmissionsAdded(
        BatchId indexed batch,
        address indexed custodian,
        uint64 occurredAt,
        Emissions emissions,
        uint64 ownCo2e,
        string record,
        string reason,
        Evidence[] evidence
    );

    /// @notice The batch left the ledger's world.
    event BatchRetired(
        BatchId indexed batch,
        address indexed custodian,
        Retirement how,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice A delivered product came back for recycling. Its CO2e, as given here, stays with its first life.
    event BatchTakenBack(
        BatchId indexed batch,
        address indexed recycler,
        FacilityId indexed facility,
        MaterialId material,
        uint64 occurredAt,
        uint64 mass,
        uint64 ownCo2e,
        uint64 inheritedCo2e,
        uint64 primaryCo2e,
        Evidence[] evidence
    );

    /// @notice A better measurement of the batch. What differs is booked to its custodian.
    /// @param measuredBy The custodian, or the auditor.
    /// @param byAuditor Whether it is an auditor's: the tolerance used begins at zero again.
    /// @param substances All substances now, ascending.
    event BatchRemeasured(
        BatchId indexed batch,
        address indexed custodian,
        address indexed measuredBy,
        bool byAuditor,
        uint64 occurredAt,
        uint64 mass,
        SubstanceMass[] substances,
        string reason,
        Evidence[] evidence
    );

    /// @notice What was recorded of the batch is wrong (EPCIS 2.0 `errorDeclaration`).
    /// @param declaredBy The creator's address, or the auditing account's participant or own address.
    /// @param byAuditor Whether an auditor says so, which confirms and freezes.
    /// @param freezes Whether the batch is frozen by this: by an auditor, or by its maker that still holds it.
    /// @param corrective The batches that correct it (EPCIS 2.0 `correctiveEventIDs`).
    event ErrorDeclared(
        BatchId indexed batch,
        address indexed declaredBy,
        bool byAuditor,
        bool freezes,
        ErrorReason reason,
        uint64 occurredAt,
        BatchId[] corrective,
        Evidence[] evidence
    );

    /// @notice The batch is held up, or recalled by its maker.
    event BatchHeld(
        BatchId indexed batch,
        address indexed heldBy,
        HoldKind kind,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice The hold or recall ended.
    event BatchReleased(
        BatchId indexed batch,
        address indexed releasedBy,
        HoldKind kind,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice `to` owns the batch from now on, as its owner says. It moves no custody, and no rule asks for it.
    event TitleTransferred(
        BatchId indexed batch, address indexed from, address indexed to, uint64 occurredAt, Evidence[] evidence
    );

    /// @notice The consortium gave a batch of a suspended or terminated custodian to another participant. The custodian's hold
    /// ends, and its maker's freeze.
    event StockAssigned(
        BatchId indexed batch,
        address indexed from,
        address indexed to,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice Emissions of a record are known better.
    /// @param record The id of the batch minted, transformation, shipment or record of emissions.
    /// @param counts Whether they are used from now on; if not, once an auditor confirms them.
    /// @param batches The batches to which the record's emissions were allocated.
    event EmissionsRestated(
        uint256 indexed record,
        address indexed restatedBy,
        RecordKind kind,
        bool counts,
        uint64 occurredAt,
        Emissions emissions,
        BatchId[] batches,
        string reason,
        Evidence[] evidence
    );

    /// @notice An auditor confirmed what was restated last; it is used from now on.
    event RestatementConfirmed(
        uint256 indexed record,
        address indexed confirmedBy,
        RecordKind kind,
        uint64 occurredAt,
        Emissions emissions,
        BatchId[] batches,
        Evidence[] evidence
    );

    /// @notice The mint was wrong: the batch is reversed, its capacity given back.
    event MintReversed(
        BatchId indexed batch,
        address indexed reversedBy,
        uint64 occurredAt,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The split was wrong: `putBack`, all that the child held, is the parent's again.
    event SplitReversed(
        BatchId indexed batch,
        BatchId indexed parent,
        address indexed reversedBy,
        uint64 occurredAt,
        Taken putBack,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The transformation was wrong: its outputs are reversed, what it took is the inputs' again.
    event TransformationReversed(
        TransformationId indexed transformation,
        address indexed reversedBy,
        uint64 occurredAt,
        Taken[] inputs,
        BatchId[] outputs,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The receipt of lots was wrong: they are in transit again, as they were sent. The receiver's hold ends and,
    /// unless the lot came back frozen, its maker's freeze, which then was the receiver's.
    event ReceiptReversed(
        ShipmentId indexed shipment,
        address indexed reversedBy,
        uint64 occurredAt,
        BatchId[] batches,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The retirement was wrong: the batch is active.
    event RetirementReversed(
        BatchId indexed batch,
        address indexed reversedBy,
        uint64 occurredAt,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The take-back was wrong: the batch is delivered again, with the CO2e of its first life. The recycler's hold ends.
    event TakeBackReversed(
        BatchId indexed batch,
        address indexed reversedBy,
        uint64 occurredAt,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice The declaration of an error was wrong.
    /// @param byAuditor Whether an auditor's declaration is reversed.
    event ErrorReversed(
        BatchId indexed batch,
        address indexed reversedBy,
        bool byAuditor,
        uint64 occurredAt,
        string reason,
        bytes32 tag,
        Evidence[] evidence
    );

    /// @notice No batch has that id.
    error UnknownBatch(BatchId batch);

    /// @notice The creator has a batch of that identifier already.
    error BatchAlreadyExists(BatchId batch);

    /// @notice `participant` does not hold the batch; `custodian` does.
    error NotCustodian(BatchId batch, address participant, address custodian);

    /// @notice The batch is in transit, consumed, retired or reversed.
    error BatchNotActive(BatchId batch, BatchStatus status);

    /// @notice The batch was declared in error.
    error BatchIsFrozen(BatchId batch);

    /// @notice The batch is on hold.
    error BatchIsHeld(BatchId batch, HoldKind kind);

    /// @notice Other events named the batch since the caller looked: `events` by now.
    error BatchChanged(BatchId batch, uint256 expected, uint256 events);

    /// @notice The batch was named by as many events as are counted; it can only be split, shipped, received and retired.
    error BatchIsFull(BatchId batch);

    /// @notice More was asked of the batch than it holds.
    error InsufficientMass(BatchId batch, uint256 requested, uint256 remaining);

    /// @notice A mass must be more than zero.
    error ZeroMass();

    /// @notice A quantity is larger than a batch can hold: 2^54 - 1 milligrams, some 18 million tonnes.
    error QuantityTooLarge(uint256 quantity, uint256 limit);

    /// @notice A list is longer than its limit, with which the operation fits into a block (Rule 13).
    error ListTooLong(string list, uint256 length, uint256 limit);

    /// @notice The time lies more than a day after the block's.
    error InTheFuture(uint64 occurredAt, uint256 blockTime);

    /// @notice A batch cannot hold more of its substances together than it weighs.
    error SubstancesExceedMass(uint256 substancesMass, uint256 mass);

    /// @notice Substances are listed once each, by ascending number, from one up.
    error SubstancesNotAscending(uint16 substance);

    /// @notice The material is not defined to hold that substance.
    error SubstanceNotInMaterial(MaterialId material, uint16 substance);

    /// @notice Of the substance, what outputs and declared losses hold differs from what the inputs gave.
    error SubstanceNotConserved(uint16 substance, uint256 taken, uint256 accounted);

    /// @notice The primary part, or another, cannot exceed the emissions that it is a part of.
    error PartExceedsEmissions(uint256 part, uint256 emissions);

    /// @notice The facility would pass its approved capacity of the material and origin in that calendar year.
    error CapacityExceeded(
        FacilityId facility, MaterialId material, Origin origin, uint256 year, uint256 requested, uint256 remaining
    );

    /// @notice The sender has a shipment of that identifier already.
    error ShipmentAlreadyExists(ShipmentId shipment);

    /// @notice The shipment was never offered, or nothing of it is open.
    error ShipmentNotOpen(ShipmentId shipment);

    /// @notice The shipment was not offered to that receiver as is said, or other lots of it are open by now.
    error ShipmentMismatch(ShipmentId shipment, address receiver);

    /// @notice That lot of the shipment is not open, or the answer names it twice or out of order.
    error LotNotOpen(ShipmentId shipment, BatchId batch);

    /// @notice What arrived differs from what was sent as no such reason can explain: without a reason or with one and no
    /// difference, a loss or moisture with more than was sent, moisture below what the substances weigh.
    error DifferenceNotExplained(BatchId batch, Difference difference, uint256 arrived, uint256 sent);

    /// @notice The measurement passes the tolerance: `basisPoints` used with it (negative: less), of `tolerance`.
    /// @param substance The substance, or zero for the gross mass.
    error ToleranceExceeded(BatchId batch, uint16 substance, int256 basisPoints, uint256 tolerance);

    /// @notice A measurement of substances lists all that are recorded of the batch; this one is missing.
    error SubstanceNotMeasured(BatchId batch, uint16 substance);

    /// @notice A substance that is recorded as none is raised by an auditor only.
    error RaisedFromNothing(BatchId batch, uint16 substance);

    /// @notice The participant has a transformation of that identifier already.
    error TransformationAlreadyExists(TransformationId transformation);

    /// @notice Output `index` needs a positive weight under the economic rule and none under the mass rule or as waste.
    error InvalidWeight(uint256 index, uint256 weight);

    /// @notice Waste is used where it arose, or by a recycling run elsewhere (Rule 6).
    error WasteElsewhere(BatchId batch, FacilityId arose);

    /// @notice A recycling run takes only what was taken back, or only waste that arose elsewhere; `batch` does not fit.
    error NotForRecycling(BatchId batch);

    /// @notice Losses are either listed or balanced, not both.
    error LossesListedAndBalanced();

    /// @notice A list that must name at least one item is empty.
    error EmptyList(string list);

    /// @notice An identifier is 1 to 256 bytes, without ASCII control characters: it is shown on one line.
    error InvalidIdentifier(string identifier);

    /// @notice Reasons and processes have no ASCII control characters: they are shown on one line, and not obeyed.
    error ControlCharacter(string text);

    /// @notice The custodian has a record of emissions of that identifier already.
    error EmissionsRecordAlreadyExists(EmissionsRecordId record);

    /// @notice Only batches of a material that is a product are delivered.
    error NotAProduct(BatchId batch, MaterialId material);

    /// @notice The batch was not delivered, or was taken back before.
    error NotForTakeBack(BatchId batch, BatchStatus status);

    /// @notice Who made a product, split it off or retired it does not take it back.
    error OwnTakeBack(BatchId batch, address participant);

    /// @notice This needs a document that shows it.
    error EvidenceRequired();

    /// @notice Only its creator or an auditor declares an error in a batch.
    error NotCreatorNorAuditor(BatchId batch, address account);

    /// @notice That error was declared already.
    error ErrorAlreadyDeclared(BatchId batch);

    /// @notice That hold exists already.
    error AlreadyHeld(BatchId batch, HoldKind kind);

    /// @notice There is no hold that the caller could release.
    error NotHeld(BatchId batch);

    /// @notice The caller is neither who recorded it nor an auditor who may decide about it.
    error NotAuthorNorAuditor(address account);

    /// @notice What is to be reversed is not there: never recorded, reversed already, or not as it is shown.
    error NotAsRecorded(uint256 record);

    /// @notice Others built on it: `batch` was used, is not active, not with its maker, or held or frozen by an auditor.
    error BuiltOn(BatchId batch);

    /// @notice A receipt is reversed within 90 days of its block.
    error TooLate(ShipmentId shipment, uint256 receivedAt);

    /// @notice A frozen batch goes back to who sent it only.
    error NotAReturn(BatchId batch);

    /// @notice Stock is assigned while its custodian is suspended or terminated only.
    error CustodianIsActive(BatchId batch, address custodian);

    /// @notice Nothing was restated that waits for an auditor, or it was something else.
    error NothingToConfirm(uint256 record);

    /// @notice Custody changes by shipment and receipt only; ERC-721 transfers and approvals are refused.
    error CustodyByHandshakeOnly();

    /// @notice The function is one of the ledger's, and cannot be called at its module.
    error OnlyThroughTheLedger();
}
