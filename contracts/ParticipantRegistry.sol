// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IActGuard} from "./interfaces/IActGuard.sol";
import {IAdmission} from "./interfaces/IAdmission.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Facilities} from "./registry/Facilities.sol";
import {Materials} from "./registry/Materials.sol";
import {BatchId, FacilityId, MaterialId} from "./types/Ids.sol";
import {SubstanceSet} from "./types/SubstanceSet.sol";
import {Evidence, Origin, OriginKind} from "./types/Values.sol";

/// @title ParticipantRegistry
/// @notice Who may act, where, and with which material; here, which material may come from where.
/// @dev `restricted` functions are the consortium's: the AccessManager maps each to a role of `types/Roles.sol`. Rule 12:
/// none of them is a participant's or an auditor's.
contract ParticipantRegistry is Facilities, Materials {
    /// @dev What the consortium expects of one facility, material and origin, in one slot.
    struct Approval {
        uint64 capacity;
        uint64 from;
        uint64 until;
    }

    uint256 private constant _ORIGINS = uint256(type(Origin).max) + 1;

    mapping(bytes32 key => Approval) private _approvals;

    /// @param accessManager The AccessManager that says who has the consortium's rights.
    constructor(address accessManager) AccessManaged(accessManager) EIP712("TraceLedger", "1") {}

    /// @inheritdoc IParticipantRegistry
    function approveOrigin(
        FacilityId facility,
        MaterialId material,
        uint8 origins,
        uint64 capacityPerYear,
        uint64 from,
        uint64 until,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        OriginKind kind = _requireKnown(facility).kind;
        substancesOf(material);
        if (origins == 0 || origins >> _ORIGINS != 0) revert InvalidOrigins(origins);
        if (from > until) revert InvalidPeriod(from, until);
        for (uint256 i = 0; i < _ORIGINS; ++i) {
            if (origins & (1 << i) == 0) continue;
            Origin origin = Origin(i);
            _requirePossible(facility, kind, origin);
            bytes32 key = _approvalKey(facility, material, origin);
            // Rule 2: a capacity of zero withdraws the approval.
            if (capacityPerYear == 0) delete _approvals[key];
            else _approvals[key] = Approval(capacityPerYear, from, until);
        }
        emit OriginApproved(facility, material, origins, capacityPerYear, from, until, occurredAt, evidence);
    }

    /// @inheritdoc IAdmission
    function requireOrigin(address operator, FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt)
        external
        view
        returns (address participant, uint64 capacity, SubstanceSet substances)
    {
        Facility storage found;
        (participant, found) = _requireFacility(operator, facility);
        substances = substancesOf(material);
        capacity = _requireApproved(facility, found, material, origin, occurredAt);
    }

    /// @inheritdoc IAdmission
    function requireRecycling(FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt)
        external
        view
    {
        _requireApproved(facility, _requireKnown(facility), material, origin, occurredAt);
    }

    /// @inheritdoc IAdmission
    function hasOpenFinding(BatchId batch) external view returns (bool) {
        IActGuard guard = actGuard;
        return address(guard) != address(0) && guard.hasOpenFinding(batch);
    }

    /// @inheritdoc IParticipantRegistry
    function approvalOf(FacilityId facility, MaterialId material, Origin origin)
        external
        view
        returns (uint64 capacityPerYear, uint64 from, uint64 until)
    {
        Approval storage approval = _approvals[_approvalKey(facility, material, origin)];
        return (approval.capacity, approval.from, approval.until);
    }

    /// @dev Rule 2.
    function _requireApproved(
        FacilityId facility,
        Facility storage found,
        MaterialId material,
        Origin origin,
        uint64 occurredAt
    ) private view returns (uint64 capacity) {
        _requirePossible(facility, found.kind, origin);
        Approval memory approval = _approvals[_approvalKey(facility, material, origin)];
        capacity = approval.capacity;
        if (capacity == 0) revert OriginNotApproved(facility, material, origin);
        if (occurredAt < approval.from || occurredAt > approval.until) {
            revert ApprovalNotInForce(facility, material, origin, occurredAt, approval.from, approval.until);
        }
        // Rule 11: after a sale, until the consortium has confirmed it.
        if (found.approvalsPaused) revert ApprovalsPaused(facility);
    }

    /// @dev Rule 2: mined at a mine, recycled at a recycler, untraced anywhere.
    function _requirePossible(FacilityId facility, OriginKind kind, Origin origin) private pure {
        if (origin == Origin.Untraced) return;
        if (kind == OriginKind.None) revert NotAnOrigin(facility);
        if ((kind == OriginKind.Mine) != (origin == Origin.Mined)) revert OriginMismatch(facility, kind, origin);
    }

    function _approvalKey(FacilityId facility, MaterialId material, Origin origin) private pure returns (bytes32) {
        return keccak256(abi.encode(facility, material, origin));
    }
}
