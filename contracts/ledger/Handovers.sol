// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Pools} from "../libraries/Pools.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {CustodyLibrary} from "../types/Custody.sol";
import {Differences} from "../types/Differences.sol";
import {BatchId, Ids, ShipmentId} from "../types/Ids.sol";
import {Limits} from "../types/Limits.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus} from "../types/Values.sol";
import {Batches} from "./Batches.sol";

/// @title Handovers
/// @notice What offers, answers and their reversals have in common.
/// @dev A shipment is one slot: a commitment to its receiver, its offer and its open lots, which the answer repeats.
abstract contract Handovers is Batches {
    /// @dev Where the list begins in what `_commitmentTo` hashes: after three words.
    uint256 private constant _LIST_AT = 0x60;

    /// @dev Records an offer of `sender` to `receiver` and puts its lots in transit.
    /// @param status `InTransit`, or `Returning` of frozen lots.
    /// @param returnOf The shipment by which they came; zero of an ordinary offer.
    function _offer(address sender, address receiver, Offer calldata offer, BatchStatus status, ShipmentId returnOf)
        internal
        returns (ShipmentId shipment)
    {
        BatchId[] calldata batches = offer.batches;
        string calldata identifier = offer.identifier;
        _requireIdentifier(identifier);
        if (_isUnfit(batches.length, Limits.LOTS)) _refuseList("batches", batches.length, Limits.LOTS);
        shipment = Ids.shipment(sender, identifier);
        if (_shipments[shipment] != 0) revert ShipmentAlreadyExists(shipment);
        Emissions memory emissions = offer.emissions;
        bytes32 offered = keccak256(abi.encode(emissions, Ids.words(batches)));
        _shipments[shipment] = keccak256(abi.encode(receiver, offered, Ids.words(batches)));
        Shipped[] memory shipped = _dispatch(sender, batches, emissions, status);
        emit ShipmentOffered(
            shipment,
            sender,
            receiver,
            offer.owner,
            returnOf,
            offer.occurredAt,
            emissions,
            shipped,
            identifier,
            offer.evidence
        );
    }

    /// @dev The batch may be shipped as these offers do.
    function _requireShippable(BatchId id, address sender)
        internal
        view
        virtual
        returns (Lot storage lot, BatchState state)
    {
        return _requireUsable(id, sender);
    }

    /// @dev Hands a lot over to `receiver`, its state being that after the receipt but for its status; the caller counts it.
    /// @param entry The hash of its `ReceiptEntry`.
    function _handOver(BatchId id, Lot storage lot, BatchState state, address sender, address receiver, bytes32 entry)
        internal
    {
        lot.state = state.withStatus(BatchStatus.Active);
        _move(id, lot, sender, receiver, CustodyLibrary.extended(lot.custody.trail(), entry));
    }

    /// @dev Gives a lot in transit back to its sender, who is its custodian still.
    function _giveBack(BatchId id) internal {
        Lot storage lot = _lots[id];
        lot.state = _named(id, lot.state).withStatus(BatchStatus.Active);
    }

    /// @dev The entry of a receipt of all that was sent, `state` being that before it.
    function _receiptOf(ShipmentId shipment, address sender, Lot storage lot, BatchState state)
        internal
        view
        returns (ReceiptEntry memory entry)
    {
        entry.shipment = shipment;
        entry.sender = sender;
        entry.receivedAt = uint64(block.timestamp);
        entry.salt = _salt();
        entry.returning = state.isIn(BatchStatus.Returning);
        entry.uses = state.used().uses();
        entry.mass = entry.arrived = state.mass();
        entry.differences = entry.arrivedDifferences = _differencesOf(lot, state);
    }

    /// @dev The tolerance that a lot used, as entries have it.
    function _differencesOf(Lot storage lot, BatchState state) internal view returns (uint256) {
        return state.has(BatchStateLibrary.DIFFERENCES) ? Differences.unwrap(lot.differences) : 0;
    }

    /// @dev The lot may be received: it is on its way, not held, and not frozen unless it goes back.
    function _requireReceivable(BatchId id, BatchState state) internal pure {
        if (state.isReceivable()) return;
        _requireNotHeld(id, state);
        if (state.isIn(BatchStatus.Returning)) return;
        // Rule 8: what was declared in error on its way goes back, not on.
        if (state.has(BatchStateLibrary.FROZEN)) revert BatchIsFrozen(id);
        revert BatchNotActive(id, state.status());
    }

    /// @dev The shipment was offered to `receiver` as is said, and those lots of it are open.
    function _requireOpen(ShipmentId shipment, address receiver, bytes32 offer, BatchId[] calldata open) internal view {
        bytes32 commitment = _shipments[shipment];
        if (commitment == 0 || open.length == 0) revert ShipmentNotOpen(shipment);
        // Rule 3: by whom, and of what, it was offered. As `_commitmentTo`, of calldata.
        if (commitment == keccak256(abi.encode(receiver, offer, Ids.words(open)))) return;
        if (commitment == _closed(receiver, offer)) revert ShipmentNotOpen(shipment);
        revert ShipmentMismatch(shipment, receiver);
    }

    /// @dev What a shipment's slot holds while `open` lots of it are open.
    function _commitmentTo(address receiver, bytes32 offer, BatchId[] memory open) internal pure returns (bytes32) {
        return keccak256(abi.encode(receiver, offer, open));
    }

    /// @dev What it holds when all lots are answered: as `_commitmentTo`, of an empty list, word by word.
    function _closed(address receiver, bytes32 offer) internal pure returns (bytes32) {
        return keccak256(abi.encode(receiver, offer, _LIST_AT, uint256(0)));
    }

    /// @dev Puts the batches in transit, and shares the transport's emissions among them by mass.
    function _dispatch(address sender, BatchId[] calldata batches, Emissions memory emissions, BatchStatus status)
        private
        returns (Shipped[] memory shipped)
    {
        _totalOf(emissions);
        uint256 count = batches.length;
        uint256 whole = 0;
        for (uint256 i = 0; i < count; ++i) {
            (, BatchState state) = _requireShippable(batches[i], sender);
            unchecked {
                // At most `Limits.LOTS` batches of 2^54 milligrams.
                whole += state.mass();
            }
        }
        shipped = new Shipped[](count);
        uint256 to = 0;
        (uint256 own, uint256 primary) = (0, 0);
        for (uint256 i = 0; i < count; ++i) {
            BatchId id = batches[i];
            Lot storage lot = _lots[id];
            BatchState state = lot.state;
            // A batch listed twice is in transit by now.
            if (!state.isIn(BatchStatus.Active)) revert BatchNotActive(id, state.status());
            unchecked {
                to += state.mass();
                // Allocate: by the batches' masses, each scope and the primary part on its own. What is allocated only grows.
                (uint256 ownBefore, uint256 primaryBefore) = (own, primary);
                own = Pools.allocatedScopes(emissions, to, whole);
                primary = Pools.allocated(emissions.primary(), to, whole);
                state = _addOwn(state, own - ownBefore, primary - primaryBefore);
            }
            lot.state = state.withStatus(status).named();
            Shipped memory entry = shipped[i];
            entry.batch = id;
            entry.mass = state.mass();
            entry.ownCo2e = state.ownCo2e();
        }
    }
}
