// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "../../interfaces/ILedgerCorrections.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {BatchId, Ids} from "../../types/Ids.sol";
import {BatchStatus, ErrorReason, Evidence} from "../../types/Values.sol";
import {Module} from "./Module.sol";

/// @title Errors
/// @notice Declares that what was recorded of a batch is wrong, and takes that back (Rule 8). The record stays as it
/// was; a flag and an event say that it is wrong.
abstract contract Errors is Module, ILedgerCorrections {
    /// @inheritdoc ILedgerCorrections
    function declareError(
        address creator,
        string calldata identifier,
        ErrorReason reason,
        BatchId[] calldata corrective,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireNotReversed(batch, state);
        (address who, bool isParticipant) = _signer();
        uint256 flags = BatchStateLibrary.ERROR_BY_AUDITOR;
        if (isParticipant && who == creator) flags = _flagsOfMaker(creator, lot, state);
        else if (!_audits(who, creator, lot.custody.custodian())) revert NotCreatorNorAuditor(batch, msg.sender);
        // An auditor's word comes on top of the maker's.
        uint256 error = flags & ~BatchStateLibrary.FROZEN_BY_MAKER;
        if (state.has(error)) revert ErrorAlreadyDeclared(batch);
        bool byAuditor = error == BatchStateLibrary.ERROR_BY_AUDITOR;
        if (byAuditor) lot.declaredBy = who;
        lot.state = _named(batch, state).with(flags);
        bool freezes = flags & BatchStateLibrary.FROZEN != 0;
        emit ErrorDeclared(batch, who, byAuditor, freezes, reason, occurredAt, corrective, evidence);
    }

    /// @inheritdoc ILedgerCorrections
    function reverseError(
        address creator,
        string calldata identifier,
        bool byAuditor,
        uint32 expected,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireNotReversed(batch, state);
        _requireExpected(batch, state, expected);
        uint256 error = byAuditor ? BatchStateLibrary.ERROR_BY_AUDITOR : BatchStateLibrary.ERROR_BY_MAKER;
        if (!state.has(error)) revert NotAsRecorded(BatchId.unwrap(batch));
        address reversedBy =
            byAuditor ? _requireDeclarant(creator, lot) : _requireAuthorOrAuditor(creator, lot.custody.custodian());
        if (byAuditor) delete lot.declaredBy;
        else error |= BatchStateLibrary.FROZEN_BY_MAKER;
        lot.state = _named(batch, state).without(error);
        emit ErrorReversed(
            batch, reversedBy, byAuditor, reversal.occurredAt, reversal.reason, reversal.tag, reversal.evidence
        );
    }

    /// @dev Rule 8: a maker's word disputes the batch, and freezes it only while the maker holds it. What it delivered
    /// or retired it does not hold.
    function _flagsOfMaker(address creator, Lot storage lot, BatchState state) private view returns (uint256) {
        BatchStatus status = state.status();
        bool ended = status == BatchStatus.Retired || status == BatchStatus.Delivered;
        bool freezes = !ended && lot.custody.custodian() == creator;
        return BatchStateLibrary.ERROR_BY_MAKER | (freezes ? BatchStateLibrary.FROZEN_BY_MAKER : 0);
    }

    /// @dev Rule 8: the auditor that declared it, still with nothing to gain; of another's, the consortium decides.
    function _requireDeclarant(address creator, Lot storage lot) private view returns (address who) {
        bool ok;
        (ok, who) = _auditor(creator, lot.custody.custodian());
        if (!ok || (who != lot.declaredBy && !_admission.isConsortium(msg.sender))) {
            revert NotAuthorNorAuditor(msg.sender);
        }
    }
}
