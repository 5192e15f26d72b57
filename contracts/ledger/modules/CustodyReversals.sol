// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "../../interfaces/ILedgerCorrections.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {Differences} from "../../types/Differences.sol";
import {BatchId, Ids, MaterialId, ShipmentId} from "../../types/Ids.sol";
import {Limits} from "../../types/Limits.sol";
import {BatchStatus, Origin, SubstanceMass} from "../../types/Values.sol";
import {Reversals} from "./Reversals.sol";

/// @title CustodyReversals
/// @notice Takes back what moved or ended batches, on which nobody has built (Rule 8): receipts, take-backs,
/// retirements.
abstract contract CustodyReversals is Reversals {
    /// @dev For how long a receipt can be reversed, by the blocks' clock.
    uint256 private constant _REVERSIBLE = 90 days;

    /// @inheritdoc ILedgerCorrections
    function reverseReceipt(
        address sender,
        string calldata identifier,
        address receiver,
        Open calldata open,
        BatchId[] calldata batches,
        Receipt[] calldata receipts,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        bytes32 commitment = _shipments[shipment];
        if (commitment == 0) revert NotAsRecorded(ShipmentId.unwrap(shipment));
        if (commitment != _commitmentTo(receiver, open.offer, open.open)) revert ShipmentMismatch(shipment, receiver);
        _requireListed("batches", batches.length, Limits.LOTS);
        if (receipts.length != batches.length) revert NotAsRecorded(ShipmentId.unwrap(shipment));
        for (uint256 i = 0; i < batches.length; ++i) {
            _reopen(shipment, batches[i], receiver, receipts[i]);
        }
        _handHeld(receiver, sender, batches.length);
        // An auditor of the sender, too, would have to gain by it: the lots are its again.
        address reversedBy = _requireAuthorOrAuditor(receiver, sender);
        _shipments[shipment] = _commitmentTo(receiver, open.offer, _joined(open.open, batches));
        emit ReceiptReversed(
            shipment, reversedBy, reversal.occurredAt, batches, reversal.reason, reversal.tag, reversal.evidence
        );
    }

    /// @inheritdoc ILedgerCorrections
    function reverseRetirement(BatchId batch, uint32 expected, Reversal calldata reversal) external throughTheLedger {
        _requirePlain(reversal.reason);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireExpected(batch, state, expected);
        BatchStatus status = state.status();
        bool delivered = status == BatchStatus.Delivered;
        if (!delivered && status != BatchStatus.Retired) revert NotAsRecorded(BatchId.unwrap(batch));
        address custodian = lot.custody.custodian();
        // Rule 8: that a product was not delivered is for an auditor to say.
        if (delivered && _signsAs(custodian)) revert NotAuthorNorAuditor(msg.sender);
        address reversedBy = _requireAuthorOrAuditor(custodian, custodian);
        lot.state = _named(batch, state).withStatus(BatchStatus.Active);
        emit RetirementReversed(
            batch, reversedBy, reversal.occurredAt, reversal.reason, reversal.tag, reversal.evidence
        );
    }

    /// @inheritdoc ILedgerCorrections
    function reverseTakeBack(
        address creator,
        string calldata identifier,
        TakeBackEntry calldata entry,
        bytes12 before,
        Reversal calldata reversal
    ) external throughTheLedger {
        _requirePlain(reversal.reason);
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        if (!state.has(BatchStateLibrary.TAKEN_BACK)) revert NotAsRecorded(BatchId.unwrap(batch));
        address recycler = lot.custody.custodian();
        _requireUntouched(batch, lot, state, recycler, entry.uses);
        _requireTrail(batch, lot, before, keccak256(abi.encode(entry)));
        // A take from before may have been put back since.
        if (state.mass() != entry.mass) revert BuiltOn(batch);
        address reversedBy = _requireAuthorOrAuditor(recycler, entry.from);
        _giveCapacityBack(entry.facility, entry.material, Origin.PostConsumer, entry.occurredAt, entry.mass);
        Taken memory firstLife;
        (firstLife.ownCo2e, firstLife.inheritedCo2e, firstLife.primaryCo2e) =
        (entry.ownCo2e, entry.inheritedCo2e, entry.primaryCo2e);
        // What was added since stays beside it.
        state = _putBack(lot, _named(batch, state.unused()), firstLife);
        lot.state = state.withStatus(BatchStatus.Delivered)
            .without(BatchStateLibrary.TAKEN_BACK | BatchStateLibrary.HELD_BY_CUSTODIAN);
        _move(batch, lot, recycler, entry.from, before);
        _handHeld(recycler, entry.from, 1);
        emit TakeBackReversed(batch, reversedBy, reversal.occurredAt, reversal.reason, reversal.tag, reversal.evidence);
    }

    /// @dev Puts a lot on its way again, as it was sent.
    function _reopen(ShipmentId shipment, BatchId id, address receiver, Receipt calldata receipt) private {
        (Lot storage lot, BatchState state) = _requireKnown(id);
        ReceiptEntry calldata entry = receipt.entry;
        // Rule 8: a lot that came back frozen is so still; another is not declared in error by an auditor.
        uint256 known = entry.returning ? BatchStateLibrary.ERROR_BY_AUDITOR : 0;
        _requireUntouched(id, lot, state.without(known), receiver, entry.uses);
        _requireTrail(id, lot, receipt.before, keccak256(abi.encode(entry)));
        if (ShipmentId.unwrap(entry.shipment) != ShipmentId.unwrap(shipment)) revert NotAsRecorded(BatchId.unwrap(id));
        if (block.timestamp > entry.receivedAt + _REVERSIBLE) revert TooLate(shipment, entry.receivedAt);
        state = _unmeasure(id, lot, state, entry).unused().withMass(entry.mass);
        state = _named(id, state).without(BatchStateLibrary.HELD_BY_CUSTODIAN);
        // Rule 8: a maker's freeze ends where the maker holds the lot no more.
        if (!entry.returning) state = state.without(BatchStateLibrary.FROZEN_BY_MAKER);
        lot.state = state.withStatus(entry.returning ? BatchStatus.Returning : BatchStatus.InTransit);
        _move(id, lot, receiver, entry.sender, receipt.before);
    }

    /// @dev Puts substances and differences back to what they were before the receipt. The lot still holds what
    /// arrived: the number of uses alone does not say so, as takes from before can have been put back since.
    function _unmeasure(BatchId id, Lot storage lot, BatchState state, ReceiptEntry calldata entry)
        private
        returns (BatchState)
    {
        uint256 differences = state.has(BatchStateLibrary.DIFFERENCES) ? Differences.unwrap(lot.differences) : 0;
        bool unchanged = state.mass() == entry.arrived && differences == entry.arrivedDifferences;
        if (entry.substances.length != 0 && unchanged) {
            (MaterialId material, SubstanceMass[] memory substances) = _loadSubstances(lot, state);
            unchanged = keccak256(abi.encode(substances)) == keccak256(abi.encode(entry.arrivedSubstances));
            _storeSubstances(lot, material, entry.substances);
        }
        if (!unchanged) revert BuiltOn(id);
        // Rule 5: what had been taken before is put back as it was then.
        if (!lot.past.isNone()) {
            lot.past = lot.past
                .joined(
                    lot.spread,
                    Differences.wrap(differences),
                    Differences.wrap(entry.differences),
                    state.substances() + 1
                );
        }
        return _withDifferences(lot, state, Differences.wrap(entry.differences));
    }

    function _joined(BatchId[] calldata one, BatchId[] calldata other) private pure returns (BatchId[] memory all) {
        all = new BatchId[](one.length + other.length);
        for (uint256 i = 0; i < one.length; ++i) {
            all[i] = one[i];
        }
        for (uint256 i = 0; i < other.length; ++i) {
            all[one.length + i] = other[i];
        }
    }
}
