// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, FacilityId} from "../types/Ids.sol";

/// @title Further conditions on acting
/// @notice The registry asks the guard, if one is set, about the participants and facilities that the guard watches
/// (`IParticipantRegistry.watchParticipant`, `watchFacility`), whenever it is asked whether they may act; about others it
/// does not, so that they cost nothing. A guard watches whom it may have to refuse, before that time.
/// Assurance rules (overdue findings, expired assessments) are such a guard.
interface IActGuard {
    /// @notice Whether to watch `participant` from the beginning. Asked when it is registered and when its roles change.
    function mustWatch(address participant) external view returns (bool);

    /// @notice Reverts, with the guard's own error, if `participant` may not act at this moment.
    /// @dev Asked of a watched participant.
    function requireMayAct(address participant) external view;

    /// @notice Reverts, with the guard's own error, if `participant` may not act at `facility` at this moment.
    /// @dev Asked of a watched facility of the participant, once that may act.
    function requireMayUse(address participant, FacilityId facility) external view;

    /// @notice Whether a finding about that single lot is not closed. It does not keep anybody from acting.
    function hasOpenFinding(BatchId batch) external view returns (bool);
}
