// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A further condition on acting
/// @notice The registry asks the policy, if one is set, whenever it is asked whether a participant may act.
/// Assurance rules (overdue findings, expired assessments) are such a policy.
interface IActPolicy {
    /// @notice Reverts, with the policy's own error, if `participant` may not act at this moment.
    function requireMayAct(address participant) external view;
}
