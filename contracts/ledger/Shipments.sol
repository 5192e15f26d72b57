// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {Pools} from "../libraries/Pools.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {BatchId, Ids, ShipmentId} from "../types/Ids.sol";
import {BatchStatus, Emissions, Evidence, IN_FULL, SubstanceMass} from "../types/Values.sol";
import {Batches} from "./Batches.sol";

/// @title Shipments
/// @notice Custody is a handshake: the sender offers, the receiver receives or rejects, the sender may cancel.
/// @dev A shipment is one slot: a commitment to its receiver and its batches, which the answer repeats.
abstract contract Shipments is Batches {
    bytes32 private constant _CLOSED = bytes32(uint256(1));

    /// @inheritdoc IBatchLedger
    mapping(ShipmentId shipment => bytes32 commitment) public shipmentOf;

    /// @inheritdoc IBatchLedger
    function ship(Offer calldata offer) external returns (ShipmentId shipment) {
        address receiver = offer.to;
        // Rule 1: both may act now; who may not could never receive.
        address sender = admission.requireMayOffer(msg.sender, receiver);
        string calldata identifier = offer.identifier;
        BatchId[] calldata batches = offer.batches;
        _requireIdentifier(identifier);
        if (batches.length == 0) revert EmptyList("batches");
        shipment = Ids.shipment(sender, identifier);
        if (shipmentOf[shipment] != 0) revert ShipmentAlreadyExists(shipment);
        shipmentOf[shipment] = keccak256(abi.encode(receiver, batches));
        Emissions memory emissions = offer.emissions;
        Shipped[] memory shipped = _dispatch(sender, batches, emissions);
        emit ShipmentOffered(
            shipment, sender, receiver, offer.occurredAt, emissions, shipped, identifier, offer.evidence
        );
    }

    /// @inheritdoc IBatchLedger
    function receiveShipment(
        address sender,
        string calldata identifier,
        Arrival[] calldata arrivals,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        address receiver = admission.requireMayAct(msg.sender);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        uint256 count = arrivals.length;
        BatchId[] memory batches = new BatchId[](count);
        for (uint256 i = 0; i < count; ++i) {
            batches[i] = arrivals[i].batch;
        }
        // Rule 3: the answer repeats the offer, batch by batch.
        _close(shipment, receiver, keccak256(abi.encode(receiver, batches)));
        Arrived[] memory arrived = new Arrived[](count);
        for (uint256 i = 0; i < count; ++i) {
            arrived[i] = _arrive(arrivals[i]);
            _update(receiver, BatchId.unwrap(batches[i]), address(0));
        }
        emit ShipmentReceived(shipment, receiver, occurredAt, arrived, evidence);
    }

    /// @inheritdoc IBatchLedger
    function rejectShipment(
        address sender,
        string calldata identifier,
        BatchId[] calldata batches,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act; else its sender's goods would be stuck.
        address receiver = admission.participantOf(msg.sender);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        _close(shipment, receiver, keccak256(abi.encode(receiver, batches)));
        _return(batches);
        emit ShipmentRejected(shipment, receiver, occurredAt, reason, batches, evidence);
    }

    /// @inheritdoc IBatchLedger
    function cancelShipment(
        string calldata identifier,
        address receiver,
        BatchId[] calldata batches,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act.
        address sender = admission.participantOf(msg.sender);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        _close(shipment, receiver, keccak256(abi.encode(receiver, batches)));
        _return(batches);
        emit ShipmentCancelled(shipment, sender, occurredAt, reason, batches, evidence);
    }

    /// @dev Puts the batches in transit, and shares the transport's emissions among them by mass.
    function _dispatch(address sender, BatchId[] calldata batches, Emissions memory emissions)
        private
        returns (Shipped[] memory shipped)
    {
        _totalOf(emissions);
        uint256 count = batches.length;
        uint256 whole = 0;
        for (uint256 i = 0; i < count; ++i) {
            // At most 2^56 batches of 2^56 milligrams.
            unchecked {
                whole += _requireUsable(batches[i], sender).mass();
            }
        }
        shipped = new Shipped[](count);
        uint256 from = 0;
        for (uint256 i = 0; i < count; ++i) {
            BatchId id = batches[i];
            BatchState state = _states[id];
            // A batch listed twice is in transit by now.
            if (!state.isUsable()) _refuse(id, state);
            uint256 to = from;
            unchecked {
                to += state.mass();
            }
            // Allocate: by the batches' masses, each scope and the primary part on its own.
            uint256 share = Pools.allocateScopes(emissions, from, to, whole);
            state = _addOwn(state, share, Pools.allocate(emissions.primary, from, to, whole));
            _states[id] = state.withStatus(BatchStatus.InTransit);
            Shipped memory entry = shipped[i];
            entry.batch = id;
            entry.mass = state.mass();
            entry.ownCo2e = state.ownCo2e();
            from = to;
        }
    }

    /// @dev The mass that arrived; what is missing takes its substances with it, but leaves its CO2e.
    function _arrive(Arrival calldata arrival) private returns (Arrived memory arrived) {
        BatchId id = arrival.batch;
        BatchState state = _states[id];
        // Rule 8: what was declared in error on its way goes back, not on.
        if (state.isFrozen()) revert BatchIsFrozen(id);
        uint256 shipped = state.mass();
        uint256 mass = arrival.mass == IN_FULL ? shipped : arrival.mass;
        if (mass == 0) revert ZeroMass();
        // Rule 3: more than was sent cannot arrive.
        if (mass > shipped) revert SurplusOnArrival(id, mass, shipped);
        arrived.batch = id;
        arrived.mass = uint64(mass);
        uint256 missing = shipped - mass;
        if (missing != 0) {
            SubstanceMass[] memory substances = _loadSubstances(id, state);
            // Take: of the substances; the CO2e was emitted whether or not the goods arrived.
            arrived.losses = _takeSubstances(substances, missing, shipped);
            _storeSubstances(id, substances);
            state = state.minus(BatchStateLibrary.fromPools(missing, 0, 0, 0));
        }
        _states[id] = state.withStatus(BatchStatus.Active);
    }

    /// @dev Gives the batches back to the sender, who is their custodian still.
    function _return(BatchId[] calldata batches) private {
        for (uint256 i = 0; i < batches.length; ++i) {
            _states[batches[i]] = _states[batches[i]].withStatus(BatchStatus.Active);
        }
    }

    /// @dev Ends a shipment that was offered to `receiver` with exactly these batches.
    function _close(ShipmentId shipment, address receiver, bytes32 expected) private {
        bytes32 commitment = shipmentOf[shipment];
        if (commitment == 0 || commitment == _CLOSED) revert ShipmentNotOpen(shipment);
        // Rule 3: by whom, and of what, it was offered.
        if (commitment != expected) revert ShipmentMismatch(shipment, receiver);
        shipmentOf[shipment] = _CLOSED;
    }
}
