// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, FacilityId, MaterialId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {
    AllocationRule,
    BatchStatus,
    Emissions,
    ErrorReason,
    Evidence,
    Origin,
    OriginKind,
    SubstanceMass
} from "../types/Values.sol";
import {IAdmission} from "./IAdmission.sol";

/// @title The digital twins of physical lots
/// @notice Mints batch tokens at approved origins, hands custody over, records transformations and CO2e, and
/// refuses what cannot be true. Masses are milligrams, emissions milligrams CO2e, times UTC seconds.
///
/// Each batch holds pools: remaining mass, each substance, own CO2e, inherited CO2e, and the primary part of both.
/// - Take mass m of a batch with mass M: of every pool P, floor(P * m / M); all of it when m = M.
/// - Allocate a total T over outputs with weights w (W their sum): output j gets
///   floor(T * (w1 + ... + wj) / W) - floor(T * (w1 + ... + wj-1) / W).
///
/// Where a mass may be given as `IN_FULL`, it stands for all that the batch holds.
interface IBatchLedger {
    /// @param identifier The supplier's own name of the lot.
    /// @param emissions Of the origin process; they become the batch's own CO2e.
    struct Mint {
        string identifier;
        MaterialId material;
        FacilityId facility;
        uint64 mass;
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
    /// @param emissions Of the transport, shared among the batches by mass; they become the batches' own CO2e.
    struct Offer {
        string identifier;
        BatchId[] batches;
        address to;
        Emissions emissions;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @param mass What arrived, or `IN_FULL`.
    struct Arrival {
        BatchId batch;
        uint64 mass;
    }

    /// @param mass What is taken, or `IN_FULL`.
    struct Input {
        BatchId batch;
        uint64 mass;
    }

    /// @param weight Positive under the economic rule, zero under the mass rule.
    struct Output {
        string identifier;
        MaterialId material;
        uint64 mass;
        uint64 weight;
        SubstanceMass[] substances;
    }

    /// @param process What was done, for instance "refining".
    /// @param losses Declared losses by substance, ascending; empty when `balanceLosses`.
    /// @param balanceLosses Declare as loss whatever of each substance the outputs leave over.
    /// @param emissions Of the process; they become the outputs' own CO2e.
    struct Transformation {
        string identifier;
        FacilityId facility;
        string process;
        Input[] inputs;
        Output[] outputs;
        SubstanceMass[] losses;
        bool balanceLosses;
        AllocationRule allocation;
        Emissions emissions;
        uint64 occurredAt;
        Evidence[] evidence;
    }

    /// @notice A batch as one shipment found it: its mass, and its own CO2e with the transport's share added.
    struct Shipped {
        BatchId batch;
        uint64 mass;
        uint64 ownCo2e;
    }

    /// @notice A batch as it arrived: its mass, and the substances lost with the missing mass.
    struct Arrived {
        BatchId batch;
        uint64 mass;
        SubstanceMass[] losses;
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
    struct Made {
        BatchId batch;
        MaterialId material;
        uint64 mass;
        uint64 weight;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        SubstanceMass[] substances;
        string identifier;
    }

    /// @notice The state of a batch now. `mass`, substances and CO2e are what remains.
    struct Batch {
        BatchStatus status;
        bool frozen;
        address custodian;
        uint64 mass;
        uint64 ownCo2e;
        uint64 inheritedCo2e;
        uint64 primaryCo2e;
        SubstanceMass[] substances;
    }

    /// @notice New material entered the ledger.
    event BatchMinted(
        BatchId indexed batch,
        address indexed creator,
        FacilityId indexed facility,
        MaterialId material,
        Origin origin,
        uint64 mass,
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
    event ShipmentOffered(
        ShipmentId indexed shipment,
        address indexed sender,
        address indexed receiver,
        uint64 occurredAt,
        Emissions emissions,
        Shipped[] batches,
        string identifier,
        Evidence[] evidence
    );

    /// @notice The receiver took custody of the shipment's batches.
    event ShipmentReceived(
        ShipmentId indexed shipment, address indexed receiver, uint64 occurredAt, Arrived[] batches, Evidence[] evidence
    );

    /// @notice The receiver refused the shipment; its batches are the sender's again.
    event ShipmentRejected(
        ShipmentId indexed shipment,
        address indexed receiver,
        uint64 occurredAt,
        string reason,
        BatchId[] batches,
        Evidence[] evidence
    );

    /// @notice The sender cancelled the shipment before it was received.
    event ShipmentCancelled(
        ShipmentId indexed shipment,
        address indexed sender,
        uint64 occurredAt,
        string reason,
        BatchId[] batches,
        Evidence[] evidence
    );

    /// @notice Batches were made of batches.
    /// @param losses The declared losses, by substance, ascending.
    event Transformed(
        TransformationId indexed transformation,
        address indexed participant,
        FacilityId indexed facility,
        uint64 occurredAt,
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
    event EmissionsAdded(
        BatchId indexed batch,
        address indexed custodian,
        uint64 occurredAt,
        Emissions emissions,
        uint64 ownCo2e,
        string reason,
        Evidence[] evidence
    );

    /// @notice The batch left the ledger's world: sold, delivered, disposed of, lost.
    event BatchRetired(
        BatchId indexed batch, address indexed custodian, uint64 occurredAt, string reason, Evidence[] evidence
    );

    /// @notice What was recorded of the batch is wrong; it is frozen (EPCIS 2.0 `errorDeclaration`).
    /// @param declaredBy The creator's address, or the auditing account's participant or own address.
    /// @param corrective The batches that correct it (EPCIS 2.0 `correctiveEventIDs`).
    event ErrorDeclared(
        BatchId indexed batch,
        address indexed declaredBy,
        ErrorReason reason,
        uint64 occurredAt,
        BatchId[] corrective,
        Evidence[] evidence
    );

    /// @notice No batch has that id.
    error UnknownBatch(BatchId batch);

    /// @notice The creator has a batch of that identifier already.
    error BatchAlreadyExists(BatchId batch);

    /// @notice `participant` does not hold the batch; `custodian` does.
    error NotCustodian(BatchId batch, address participant, address custodian);

    /// @notice The batch is in transit, consumed or retired.
    error BatchNotActive(BatchId batch, BatchStatus status);

    /// @notice The batch was declared in error.
    error BatchIsFrozen(BatchId batch);

    /// @notice More was asked of the batch than it holds.
    error InsufficientMass(BatchId batch, uint256 requested, uint256 remaining);

    /// @notice A mass must be more than zero.
    error ZeroMass();

    /// @notice A quantity is larger than a batch can hold: 2^56 - 1 milligrams, some 72 million tonnes.
    error QuantityTooLarge(uint256 quantity, uint256 limit);

    /// @notice A batch cannot hold more of a substance than it weighs.
    error SubstanceExceedsMass(uint16 substance, uint256 substanceMass, uint256 mass);

    /// @notice Substances are listed once each, by ascending number, from one up.
    error SubstancesNotAscending(uint16 substance);

    /// @notice The material is not defined to hold that substance.
    error SubstanceNotInMaterial(MaterialId material, uint16 substance);

    /// @notice Of the substance, what outputs and declared losses hold differs from what the inputs gave.
    error SubstanceNotConserved(uint16 substance, uint256 taken, uint256 accounted);

    /// @notice The primary part cannot exceed the emissions that it is a part of.
    error PrimaryExceedsEmissions(uint256 primary, uint256 emissions);

    /// @notice A mine mints mined material, a recycler post- or pre-consumer material.
    error OriginMismatch(FacilityId facility, OriginKind kind, Origin origin);

    /// @notice The facility would pass its approved capacity of the material in that calendar year.
    error CapacityExceeded(
        FacilityId facility, MaterialId material, uint256 year, uint256 requested, uint256 remaining
    );

    /// @notice The sender has a shipment of that identifier already.
    error ShipmentAlreadyExists(ShipmentId shipment);

    /// @notice The shipment was never offered, or is received, rejected or cancelled already.
    error ShipmentNotOpen(ShipmentId shipment);

    /// @notice The shipment was not offered to that receiver with those batches in that order.
    error ShipmentMismatch(ShipmentId shipment, address receiver);

    /// @notice More arrived than was shipped.
    error SurplusOnArrival(BatchId batch, uint256 arrived, uint256 shipped);

    /// @notice The participant has a transformation of that identifier already.
    error TransformationAlreadyExists(TransformationId transformation);

    /// @notice Output `index` needs a positive weight under the economic rule and none under the mass rule.
    error InvalidWeight(uint256 index, uint256 weight);

    /// @notice Losses are either listed or balanced, not both.
    error LossesListedAndBalanced();

    /// @notice A list that must name at least one item is empty.
    error EmptyList(string list);

    /// @notice An identifier is 1 to 256 bytes.
    error InvalidIdentifier(string identifier);

    /// @notice Only its creator or an auditor declares an error in a batch.
    error NotCreatorNorAuditor(BatchId batch, address account);

    /// @notice Custody changes by shipment and receipt only; ERC-721 transfers and approvals are refused.
    error CustodyByHandshakeOnly();

    /// @notice Mints a batch at an approved origin, inside its capacity.
    function mint(Mint calldata request) external returns (BatchId batch);

    /// @notice Splits batches off `parent`, one after the other.
    function split(BatchId parent, SplitChild[] calldata children, uint64 occurredAt, Evidence[] calldata evidence)
        external;

    /// @notice Offers batches to a participant: another one, or the sender itself at another of its sites. They
    /// are in transit until it answers.
    function ship(Offer calldata offer) external returns (ShipmentId shipment);

    /// @notice Takes custody of a shipment. A shortfall becomes a declared loss; CO2e stays on what arrived.
    /// @param arrivals All batches of the shipment, in the order in which they were offered.
    function receiveShipment(
        address sender,
        string calldata identifier,
        Arrival[] calldata arrivals,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Refuses a shipment, as its receiver.
    /// @param batches All batches of the shipment, in the order in which they were offered.
    function rejectShipment(
        address sender,
        string calldata identifier,
        BatchId[] calldata batches,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Takes a shipment back, as its sender, before it is received.
    /// @param batches All batches of the shipment, in the order in which they were offered.
    function cancelShipment(
        string calldata identifier,
        address receiver,
        BatchId[] calldata batches,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Makes batches of batches. Every tracked substance and all CO2e are accounted for exactly.
    function transform(Transformation calldata request) external returns (TransformationId transformation);

    /// @notice Adds emissions in custody to a batch's own CO2e.
    function addEmissions(
        BatchId batch,
        Emissions calldata emissions,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Retires a batch for good.
    function retire(BatchId batch, string calldata reason, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Declares that what was recorded of a batch is wrong, and freezes it. For its creator and auditors.
    function declareError(
        address creator,
        string calldata identifier,
        ErrorReason reason,
        BatchId[] calldata corrective,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Whom this ledger asks who may act.
    function admission() external view returns (IAdmission);

    /// @notice The batch's state now.
    /// @dev Reverts `UnknownBatch`.
    function batchOf(BatchId batch) external view returns (Batch memory);

    /// @notice Milligrams minted so far by the facility of the material in that calendar year (UTC, of `occurredAt`).
    function mintedIn(FacilityId facility, MaterialId material, uint256 year) external view returns (uint64);

    /// @notice Zero: never offered; one: closed; else `keccak256(abi.encode(receiver, batches))`.
    function shipmentOf(ShipmentId shipment) external view returns (bytes32 commitment);

    /// @notice Whether the participant recorded that transformation.
    function transformationExists(TransformationId transformation) external view returns (bool);
}
