// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "./interfaces/IAdmission.sol";
import {IBatchLedger} from "./interfaces/IBatchLedger.sol";
import {Batches} from "./ledger/Batches.sol";
import {Shipments} from "./ledger/Shipments.sol";
import {Transformations} from "./ledger/Transformations.sol";
import {CalendarYear} from "./libraries/CalendarYear.sol";
import {BatchState, BatchStateLibrary} from "./types/BatchState.sol";
import {BatchId, FacilityId, Ids, MaterialId} from "./types/Ids.sol";
import {SubstanceSet} from "./types/SubstanceSet.sol";
import {BatchStatus, Emissions, ErrorReason, Evidence, Origin, OriginKind, SubstanceMass} from "./types/Values.sol";

/// @title BatchLedger
/// @notice The digital twins of physical lots: minted at approved origins, handed over by handshake, transformed
/// without loss or gain, and never edited.
/// @dev Nothing here calls out except to `admission`, which is trusted and called before anything is written.
contract BatchLedger is Shipments, Transformations {
    /// @dev Milligrams minted, by facility, material and calendar year.
    mapping(bytes32 key => uint64) private _minted;

    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) Batches(admission_) {}

    /// @inheritdoc IBatchLedger
    function mint(Mint calldata request) external returns (BatchId batch) {
        // Rule 1, Rule 2: who acts, and whether the consortium approved this facility for this material.
        (address creator, OriginKind kind, uint64 capacity, SubstanceSet allowed) =
            admission.requireOrigin(msg.sender, request.facility, request.material);
        // Rule 2: mines mint what was mined, recyclers what was not.
        if ((kind == OriginKind.Mine) != (request.origin == Origin.Mined)) {
            revert OriginMismatch(request.facility, kind, request.origin);
        }
        string memory identifier = request.identifier;
        SubstanceMass[] memory substances = request.substances;
        batch = _newBatchId(creator, identifier);
        _requireMass(request.mass);
        _requireSubstances(substances, request.mass, request.material, allowed);
        BatchState pools = BatchStateLibrary.fromPools(request.mass, 0, 0, 0);
        Emissions memory emissions = request.emissions;
        pools = _addOwn(pools, _totalOf(emissions), emissions.primary);
        _useCapacity(request, capacity);
        _create(batch, creator, pools, substances);
        emit BatchMinted(
            batch,
            creator,
            request.facility,
            request.material,
            request.origin,
            request.mass,
            request.occurredAt,
            emissions,
            substances,
            identifier,
            request.evidence
        );
    }

    /// @inheritdoc IBatchLedger
    function addEmissions(
        BatchId batch,
        Emissions calldata emissions,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act, because this only ever adds to the truth.
        address custodian = admission.participantOf(msg.sender);
        BatchState state = _requireUsable(batch, custodian);
        state = _addOwn(state, _totalOf(emissions), emissions.primary);
        _states[batch] = state;
        emit EmissionsAdded(batch, custodian, occurredAt, emissions, state.ownCo2e(), reason, evidence);
    }

    /// @inheritdoc IBatchLedger
    function retire(BatchId batch, string calldata reason, uint64 occurredAt, Evidence[] calldata evidence) external {
        // Rule 1: also who may not act. Rule 7: for good.
        address custodian = admission.participantOf(msg.sender);
        _states[batch] = _requireUsable(batch, custodian).withStatus(BatchStatus.Retired);
        emit BatchRetired(batch, custodian, occurredAt, reason, evidence);
    }

    /// @inheritdoc IBatchLedger
    function declareError(
        address creator,
        string calldata identifier,
        ErrorReason reason,
        BatchId[] calldata corrective,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        BatchId batch = Ids.batch(creator, identifier);
        address declaredBy = _requireCreatorOrAuditor(batch, creator);
        BatchState state = _requireKnown(batch);
        if (state.isFrozen()) revert BatchIsFrozen(batch);
        // Rule 8: the record stays as it was; a flag and an event say that it is wrong. Consumed batches too.
        _states[batch] = state.frozen();
        emit ErrorDeclared(batch, declaredBy, reason, occurredAt, corrective, evidence);
    }

    /// @inheritdoc IBatchLedger
    function mintedIn(FacilityId facility, MaterialId material, uint256 year) external view returns (uint64) {
        return _minted[_capacityKey(facility, material, year)];
    }

    /// @dev Counts the mass against the facility's capacity of the material in the year in which it was won.
    function _useCapacity(Mint calldata request, uint256 capacity) private {
        // Rule 2: the year is that of the claimed time, so that what was mined last year counts there.
        uint256 year = CalendarYear.yearOf(request.occurredAt);
        bytes32 key = _capacityKey(request.facility, request.material, year);
        uint256 used = _minted[key];
        uint256 remaining = used < capacity ? capacity - used : 0;
        if (request.mass > remaining) {
            revert CapacityExceeded(request.facility, request.material, year, request.mass, remaining);
        }
        // At most the capacity, which fits. A capacity that was lowered below what was minted leaves none, and takes
        // nothing back (Rule 1).
        _minted[key] = uint64(used + request.mass);
    }

    /// @dev The creator's operators, auditors and the consortium; the latter stand for themselves if they are no
    /// participant's operator.
    function _requireCreatorOrAuditor(BatchId batch, address creator) private view returns (address declaredBy) {
        try admission.participantOf(msg.sender) returns (address participant) {
            if (participant == creator) return participant;
            declaredBy = participant;
        } catch {
            // Not, or no longer, a key: even if it once was the creator's own.
            declaredBy = msg.sender;
        }
        if (!admission.isAuditor(msg.sender)) revert NotCreatorNorAuditor(batch, msg.sender);
    }

    function _capacityKey(FacilityId facility, MaterialId material, uint256 year) private pure returns (bytes32) {
        return keccak256(abi.encode(facility, material, year));
    }
}
