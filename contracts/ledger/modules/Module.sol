// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "../../interfaces/IAdmission.sol";
import {BatchState} from "../../types/BatchState.sol";
import {BatchId} from "../../types/Ids.sol";
import {BatchStatus} from "../../types/Values.sol";
import {Handovers} from "../Handovers.sol";
import {LedgerStorage} from "../LedgerStorage.sol";

/// @title Module
/// @notice What the ledger's modules have in common: they act on the ledger's storage and on nothing else, and know who
/// speaks as an auditor.
/// @dev Reached by delegatecall from the ledger's fallback. Of its own a module stores nothing; nobody governs it.
abstract contract Module is Handovers {
    address private immutable _self = address(this);

    /// @dev Refuses a call to the module itself, where there are no batches.
    modifier throughTheLedger() {
        _requireLedger();
        _;
    }

    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) LedgerStorage(admission_, address(0)) {}

    /// @dev Who signs: the participant or, of an account that is no key of one in force, the account itself. A key of a
    /// terminated participant is none: it must not be taken for that participant, whatever its address.
    function _signer() internal view returns (address who, bool isParticipant) {
        try _admission.participantOf(msg.sender) returns (address participant) {
            return (participant, true);
        } catch {
            return (msg.sender, false);
        }
    }

    /// @dev Whether a key of `author` signs, which is not terminated.
    function _signsAs(address author) internal view returns (bool) {
        (address who, bool isParticipant) = _signer();
        return isParticipant && who == author;
    }

    /// @dev Rule 1, Rule 8: the auditor that signs, whose company is neither of these two.
    /// @return ok Whether there is one.
    /// @return who Its participant, or the consortium's account itself.
    function _auditor(address author, address custodian) internal view returns (bool ok, address who) {
        (who,) = _signer();
        ok = _audits(who, author, custodian);
    }

    /// @dev As `_auditor`, where it is known who signs.
    function _audits(address who, address author, address custodian) internal view returns (bool) {
        // Rule 1: nobody audits itself.
        return who != author && who != custodian && _admission.isAuditor(msg.sender);
    }

    /// @dev Rule 8: who recorded it, or an auditor that has nothing to gain by it.
    /// @param other Who has something to gain besides its author.
    function _requireAuthorOrAuditor(address author, address other) internal view returns (address who) {
        bool isParticipant;
        (who, isParticipant) = _signer();
        if (isParticipant && who == author) return who;
        if (!_audits(who, author, other)) revert NotAuthorNorAuditor(msg.sender);
    }

    /// @dev A reversed batch is reversed for good (Rule 8).
    function _requireNotReversed(BatchId id, BatchState state) internal pure {
        if (state.status() == BatchStatus.Reversed) revert BatchNotActive(id, BatchStatus.Reversed);
    }

    function _requireLedger() private view {
        if (address(this) == _self) revert OnlyThroughTheLedger();
    }
}
