// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FacilityId, MaterialId} from "../types/Ids.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {OriginKind} from "../types/Values.sol";

/// @title The questions the batch ledger asks before it records anything
/// @notice Every function answers or reverts with the reason. "May act" means: active in the registry and, where the act
/// guard watches the participant, not blocked by it.
interface IAdmission {
    /// @notice The participant for which `operator` acts, whether or not that participant may act now.
    /// @dev Reverts `UnknownOperator` or `OperatorIsRevoked`.
    function participantOf(address operator) external view returns (address participant);

    /// @notice The participant for which `operator` acts, provided that it may act now.
    /// @dev Reverts also `ParticipantNotActive` or an error of the act guard.
    function requireMayAct(address operator) external view returns (address participant);

    /// @notice As `requireMayAct` for `operator`, and `receiver` may act as well.
    function requireMayOffer(address operator, address receiver) external view returns (address participant);

    /// @notice As `requireMayAct`, and `facility` is that participant's.
    /// @dev Reverts also `UnknownFacility`, `ForeignFacility` or an error of the act guard on that facility.
    function requireFacility(address operator, FacilityId facility) external view returns (address participant);

    /// @notice As `requireFacility`, and `facility` is an approved origin of `material`.
    /// @dev Reverts also `NotAnOrigin`, `UnknownMaterial` or `OriginNotApproved`.
    /// @return participant Whose facility it is.
    /// @return kind Mine or recycler.
    /// @return capacity Milligrams of the material that the facility may mint a calendar year.
    /// @return substances What batches of the material may hold.
    function requireOrigin(address operator, FacilityId facility, MaterialId material)
        external
        view
        returns (address participant, OriginKind kind, uint64 capacity, SubstanceSet substances);

    /// @notice The substances that batches of `material` may hold.
    /// @dev Reverts `UnknownMaterial`.
    function substancesOf(MaterialId material) external view returns (SubstanceSet substances);

    /// @notice Whether `account` may declare an error in another's batch: an operator of an active auditor, or
    /// an account with the consortium role.
    function isAuditor(address account) external view returns (bool);
}
