// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, FacilityId, MaterialId} from "../types/Ids.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {Origin, ParticipantStatus, SubstanceMass} from "../types/Values.sol";

/// @title The questions the batch ledger asks before it records anything
/// @notice Every function answers or reverts with the reason. "May act" means: the key is in force, the participant is
/// active in the registry, nobody has paused the network and, where the act guard watches the participant, it is not
/// blocked by it.
interface IAdmission {
    /// @notice The participant for which `operator` acts, whether or not that participant may act now.
    /// @dev Reverts `UnknownOperator`, `OperatorIsRevoked` or, of a terminated participant, `ParticipantNotActive`: its
    /// keys sign nothing at all. A suspended one reports all the same, and so does everybody while the network is paused.
    function participantOf(address operator) external view returns (address participant);

    /// @notice The participant for which `operator` acts, provided that it may act now.
    /// @dev Reverts also `ParticipantNotActive`, `NetworkPaused` or an error of the act guard.
    function requireMayAct(address operator) external view returns (address participant);

    /// @notice As `requireMayAct` for `operator`, and `receiver` may act as well.
    function requireMayOffer(address operator, address receiver) external view returns (address participant);

    /// @notice As `requireMayAct` for `operator`, and `sender` is not terminated: what it sent is not received any more.
    /// @dev Reverts also `ParticipantNotActive` of the sender.
    function requireMayReceive(address operator, address sender) external view returns (address participant);

    /// @notice As `requireMayAct`, and `facility` is that participant's.
    /// @dev Reverts also `UnknownFacility`, `ForeignFacility` or an error of the act guard on that facility.
    function requireFacility(address operator, FacilityId facility) external view returns (address participant);

    /// @notice As `requireFacility`, and `facility` is approved for `material` of that origin, at `occurredAt`.
    /// @dev Reverts also `UnknownMaterial`, `NotAnOrigin`, `OriginMismatch`, `OriginNotApproved`, `ApprovalNotInForce` or
    /// `ApprovalsPaused`.
    /// @return participant Whose facility it is.
    /// @return capacity Milligrams of the material that the facility may mint of that origin in a calendar year.
    /// @return substances What batches of the material may hold, and what the material is.
    function requireOrigin(address operator, FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt)
        external
        view
        returns (address participant, uint64 capacity, SubstanceSet substances);

    /// @notice `facility` is approved for `material` of that origin, at `occurredAt`. Whose it is was asked before.
    /// @dev A recycling run (Rule 9) needs the approval and uses no capacity. Reverts `UnknownFacility`, `NotAnOrigin`,
    /// `OriginMismatch`, `OriginNotApproved`, `ApprovalNotInForce` or `ApprovalsPaused`.
    function requireRecycling(FacilityId facility, MaterialId material, Origin origin, uint64 occurredAt) external view;

    /// @notice A lot of `material` has, of every substance, no less than its least and no more than its highest content,
    /// or an auditor permitted that lot in that material.
    /// @dev Compared exactly: `substance mass * 10,000` with `content in basis points * mass`. A substance that is not
    /// listed is none. Reverts `UnknownMaterial` or `ContentOutOfBounds`.
    /// @param mass Milligrams of the lot, above zero.
    /// @param substances Ascending, each one of the material's.
    /// @return permitted Whether the lot is outside, and permitted.
    function requireContent(MaterialId material, uint64 mass, SubstanceMass[] calldata substances, BatchId batch)
        external
        view
        returns (bool permitted);

    /// @notice The substances that batches of `material` may hold, and what the material is.
    /// @dev Reverts `UnknownMaterial`.
    function substancesOf(MaterialId material) external view returns (SubstanceSet substances);

    /// @notice By how much lots of `material` may be remeasured without an auditor, in basis points; zero for not at all.
    /// @dev Reverts `UnknownMaterial`.
    /// @return mass Of gross mass.
    /// @return substances Of each substance.
    function toleranceOf(MaterialId material) external view returns (uint16 mass, uint16 substances);

    /// @notice The standing of a participant; `None` of anybody else.
    function statusOf(address participant) external view returns (ParticipantStatus);

    /// @notice Whether `account` speaks as an auditor: a key of an active participant in that role that the act guard does
    /// not block, or an account of the consortium.
    function isAuditor(address account) external view returns (bool);

    /// @notice Whether `account` speaks for the consortium among auditors: a member of the policy role.
    /// @dev Whether its membership has a delay does not matter: what is restricted to that role is not asked here.
    function isConsortium(address account) external view returns (bool);

    /// @notice Whether an auditor's finding about that single lot is not closed.
    function hasOpenFinding(BatchId batch) external view returns (bool);
}
