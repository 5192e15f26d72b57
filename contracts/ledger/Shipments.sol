// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCore} from "../interfaces/ILedgerCore.sol";
import {BatchState} from "../types/BatchState.sol";
import {BatchId, Ids, ShipmentId} from "../types/Ids.sol";
import {BatchStatus, Evidence} from "../types/Values.sol";
import {Handovers} from "./Handovers.sol";

/// @title Shipments
/// @notice Custody is a handshake: the sender offers, the receiver receives or rejects, the sender may cancel. Answers lot
/// by lot are a module's.
abstract contract Shipments is Handovers, ILedgerCore {
    /// @dev A `ReceiptEntry` of a lot that is received as it was sent, word for word as `abi.encode` writes it: where its parts
    /// begin is told, and its two lists of substances are empty.
    struct PlainReceipt {
        uint256 entryAt;
        ShipmentId shipment;
        address sender;
        bool returning;
        uint256 uses;
        uint64 mass;
        uint64 arrived;
        uint256 differences;
        uint256 arrivedDifferences;
        uint256 substancesAt;
        uint256 arrivedSubstancesAt;
        uint64 receivedAt;
        bytes32 salt;
        uint256 substances;
        uint256 arrivedSubstances;
    }

    /// @inheritdoc ILedgerCore
    function ship(Offer calldata offer) external returns (ShipmentId shipment) {
        // Rule 1: both may act now; who may not could never receive.
        address receiver = offer.to;
        address sender = _admission.requireMayOffer(msg.sender, receiver);
        return _offer(sender, receiver, offer, BatchStatus.InTransit, ShipmentId.wrap(0));
    }

    /// @inheritdoc ILedgerCore
    function receiveShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        uint32[] calldata expected,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: the receiver may act, and the sender was not thrown out.
        address receiver = _admission.requireMayReceive(msg.sender, sender);
        _requireTime(occurredAt);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        BatchId[] calldata lots = _close(shipment, receiver, open);
        Arrived[] memory arrived = _receiveAll(shipment, sender, receiver, lots, expected);
        emit ShipmentReceived(shipment, receiver, occurredAt, arrived, tag, evidence);
    }

    /// @inheritdoc ILedgerCore
    function rejectShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act; else its sender's goods would be stuck.
        address receiver = _participant();
        _requirePlain(reason);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        BatchId[] calldata lots = _close(shipment, receiver, open);
        _return(lots);
        emit ShipmentRejected(shipment, receiver, occurredAt, reason, lots, tag, evidence);
    }

    /// @inheritdoc ILedgerCore
    function cancelShipment(
        string calldata identifier,
        address receiver,
        Open calldata open,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act.
        address sender = _participant();
        _requirePlain(reason);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        BatchId[] calldata lots = _close(shipment, receiver, open);
        _return(lots);
        emit ShipmentCancelled(shipment, sender, occurredAt, reason, lots, tag, evidence);
    }

    /// @dev Takes custody of all lots, as they were sent.
    function _receiveAll(
        ShipmentId shipment,
        address sender,
        address receiver,
        BatchId[] calldata lots,
        uint32[] calldata expected
    ) private returns (Arrived[] memory arrived) {
        uint256 count = lots.length;
        if (expected.length != count) revert ListTooLong("expected", expected.length, count);
        arrived = new Arrived[](count);
        PlainReceipt memory entry = _plainReceipt(shipment, sender);
        for (uint256 i = 0; i < count; ++i) {
            BatchId id = lots[i];
            Lot storage lot = _lots[id];
            BatchState state = lot.state;
            _requireExpected(id, state, expected[i]);
            _requireReceivable(id, state);
            Arrived memory one = arrived[i];
            one.batch = id;
            one.mass = entry.mass = entry.arrived = state.mass();
            entry.returning = state.isIn(BatchStatus.Returning);
            entry.differences = entry.arrivedDifferences = _differencesOf(lot, state);
            state = _usedAndNamed(state);
            entry.uses = state.uses();
            _handOver(id, lot, state, sender, receiver, _hashOf(entry));
        }
        _handHeld(sender, receiver, count);
    }

    /// @dev What the entries of all lots that are received together have in common.
    function _plainReceipt(ShipmentId shipment, address sender) private view returns (PlainReceipt memory entry) {
        entry.entryAt = 0x20;
        entry.shipment = shipment;
        entry.sender = sender;
        entry.substancesAt = 0x180;
        entry.arrivedSubstancesAt = 0x1a0;
        entry.receivedAt = uint64(block.timestamp);
        entry.salt = _salt();
    }

    /// @dev The hash of the `ReceiptEntry`, of its words where they stand.
    function _hashOf(PlainReceipt memory entry) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(entry, 0x1e0)
        }
    }

    /// @dev Gives all open lots back to the sender, who is their custodian still. Rule 8, Rule 10: also held and frozen ones.
    function _return(BatchId[] calldata lots) private {
        for (uint256 i = 0; i < lots.length; ++i) {
            _giveBack(lots[i]);
        }
    }

    /// @dev Ends a shipment, all of whose open lots are answered at once.
    function _close(ShipmentId shipment, address receiver, Open calldata open)
        private
        returns (BatchId[] calldata lots)
    {
        bytes32 offer = open.offer;
        lots = open.open;
        _requireOpen(shipment, receiver, offer, lots);
        _shipments[shipment] = _closed(receiver, offer);
    }
}
