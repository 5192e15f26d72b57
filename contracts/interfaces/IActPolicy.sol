// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FacilityId} from "../types/Ids.sol";

/// @title Further conditions on acting
/// @notice The registry asks the policy, if one is set, whenever it is asked whether a participant may act.
/// Assurance rules (overdue findings, expired assessments) are such a policy.
interface IActPolicy {
    /// @notice Reverts, with the policy's own error, if `participant` may not act at this moment.
    function requireMayAct(address participant) external view;

    /// @notice Reverts, with the policy's own error, if `participant` may not act at `facility` at this moment.
    /// @dev Asked after `requireMayAct`, of a facility that the participant operates.
    function requireMayOperate(address participant, FacilityId facility) external view;
}
