// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {Pools} from "../libraries/Pools.sol";
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
        address sender = admission.requireMayTrade(msg.sender, offer.to);
        string memory identifier = offer.identifier;
        _requireIdentifier(identifier);
        if (offer.batches.length == 0) revert EmptyList("batches");
        shipment = Ids.shipment(sender, identifier);
        if (shipmentOf[shipment] != 0) revert ShipmentAlreadyExists(shipment);
        shipmentOf[shipment] = _commitment(offer.to, offer.batches);
        emit ShipmentOffered(
            shipment,
            sender,
            offer.to,
            offer.occurredAt,
            offer.emissions,
            _dispatch(sender, offer.batches, offer.emissions),
            identifier,
            offer.evidence
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
        _close(shipment, receiver, batches);
        Arrived[] memory arrived = new Arrived[](count);
        for (uint256 i = 0; i < count; ++i) {
            arrived[i] = _arrive(arrivals[i]);
            _transfer(sender, receiver, BatchId.unwrap(batches[i]));
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
        address receiver = admission.participantOf(msg.sender);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        _close(shipment, receiver, batches);
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
        address sender = admission.participantOf(msg.sender);
        ShipmentId shipment = Ids.shipment(sender, identifier);
        _close(shipment, receiver, batches);
        _return(batches);
        emit ShipmentCancelled(shipment, sender, occurredAt, reason, batches, evidence);
    }

    /// @dev Puts the batches in transit, and shares the transport's emissions among them by mass.
    function _dispatch(address sender, BatchId[] memory batches, Emissions memory emissions)
        private
        returns (Shipped[] memory shipped)
    {
        _totalOf(emissions);
        uint256 count = batches.length;
        shipped = new Shipped[](count);
        State[] memory states = new State[](count);
        uint256 whole = 0;
        for (uint256 i = 0; i < count; ++i) {
            BatchId id = batches[i];
            states[i] = _requireUsable(id, sender);
            // Stored at once, so that a batch listed twice is refused.
            _states[id].status = BatchStatus.InTransit;
            states[i].status = BatchStatus.InTransit;
            whole += states[i].mass;
        }
        uint256 from = 0;
        for (uint256 i = 0; i < count; ++i) {
            State memory state = states[i];
            uint256 to = from + state.mass;
            _addOwn(
                state,
                Pools.allocateScopes(emissions, from, to, whole),
                Pools.allocate(emissions.primary, from, to, whole)
            );
            _states[batches[i]] = state;
            shipped[i] = Shipped(batches[i], state.mass, state.ownCo2e);
            from = to;
        }
    }

    /// @dev The mass that arrived; what is missing takes its substances with it, but leaves its CO2e.
    function _arrive(Arrival calldata arrival) private returns (Arrived memory arrived) {
        BatchId id = arrival.batch;
        State memory state = _states[id];
        if (state.frozen) revert BatchIsFrozen(id);
        uint256 shipped = state.mass;
        uint256 mass = arrival.mass == IN_FULL ? shipped : arrival.mass;
        if (mass == 0) revert ZeroMass();
        if (mass > shipped) revert SurplusOnArrival(id, mass, shipped);
        arrived.batch = id;
        arrived.mass = uint64(mass);
        if (mass < shipped) {
            SubstanceMass[] memory substances = _loadSubstances(id, state);
            arrived.losses = _takeSubstances(substances, shipped - mass, shipped);
            _storeSubstances(id, substances);
            state.mass = uint56(mass);
        }
        state.status = BatchStatus.Active;
        _states[id] = state;
    }

    /// @dev Gives the batches back to the sender, who is their custodian still.
    function _return(BatchId[] calldata batches) private {
        for (uint256 i = 0; i < batches.length; ++i) {
            _states[batches[i]].status = BatchStatus.Active;
        }
    }

    /// @dev Ends a shipment that was offered to `receiver` with exactly these batches.
    function _close(ShipmentId shipment, address receiver, BatchId[] memory batches) private {
        bytes32 commitment = shipmentOf[shipment];
        if (commitment == 0 || commitment == _CLOSED) revert ShipmentNotOpen(shipment);
        if (commitment != _commitment(receiver, batches)) revert ShipmentMismatch(shipment, receiver);
        shipmentOf[shipment] = _CLOSED;
    }

    function _commitment(address receiver, BatchId[] memory batches) private pure returns (bytes32) {
        return keccak256(abi.encode(receiver, batches));
    }
}
