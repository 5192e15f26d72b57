// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FacilityId} from "../types/Ids.sol";

/// @title Further conditions on acting
/// @notice The registry asks the policy, if one is set, about the participants and facilities that the policy watches
/// (`IParticipantRegistry.watchParticipant`, `watchFacility`), whenever it is asked whether they may act; about others it
/// does not, so that they cost nothing. A policy watches whom it may have to refuse, before that time.
/// Assurance rules (overdue findings, expired assessments) are such a policy.
interface IActPolicy {
    /// @notice Whether to watch `participant` from the beginning. Asked once, when it is registered.
    function mustWatch(address participant) external view returns (bool);

    /// @notice Reverts, with the policy's own error, if `participant` may not act at this moment.
    /// @dev Asked of a watched participant.
    function requireMayAct(address participant) external view;

    /// @notice Reverts, with the policy's own error, if `participant` may not act at `facility` at this moment.
    /// @dev Asked of a watched facility that the participant operates, once that may act.
    function requireMayOperate(address participant, FacilityId facility) external view;
}
