// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {Evidence, SubstanceMass} from "../types/Values.sol";

/// @title The ledger's operations of every day without anything that they do
/// @notice Each reads its arguments and emits the event of the ledger that tells them: the same functions, the same events.
/// It stores nothing, asks nobody and checks nothing. It is only there for its gas: what is above its floor is what
/// Solidity takes for reading and writing the ABI, and for what stands in memory in between (contracts/gas-snapshot.md).
contract BareLedger is ILedgerRecords {
    function mint(Mint calldata request) external {
        emit BatchMinted(
            BatchId.wrap(0),
            msg.sender,
            request.facility,
            request.material,
            request.origin,
            request.mass,
            request.pieces,
            false,
            request.occurredAt,
            request.emissions,
            request.substances,
            request.identifier,
            request.evidence
        );
    }

    function split(BatchId parent, SplitChild[] calldata children, uint64 occurredAt, Evidence[] calldata evidence)
        external
    {
        Child[] memory made = new Child[](children.length);
        for (uint256 i = 0; i < children.length; ++i) {
            Child memory child = made[i];
            child.identifier = children[i].identifier;
            child.taken.mass = children[i].mass;
            child.taken.substances = new SubstanceMass[](1);
        }
        emit BatchSplit(parent, msg.sender, occurredAt, made, evidence);
    }

    function ship(Offer calldata offer) external {
        BatchId[] calldata batches = offer.batches;
        Shipped[] memory shipped = new Shipped[](batches.length);
        for (uint256 i = 0; i < shipped.length; ++i) {
            shipped[i].batch = batches[i];
        }
        emit ShipmentOffered(
            ShipmentId.wrap(0),
            msg.sender,
            offer.to,
            offer.owner,
            ShipmentId.wrap(0),
            offer.occurredAt,
            offer.emissions,
            shipped,
            offer.identifier,
            offer.evidence
        );
    }

    function receiveShipment(
        address,
        string calldata,
        Open calldata open,
        uint32[] calldata expected,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external {
        BatchId[] calldata lots = open.open;
        Arrived[] memory arrived = new Arrived[](lots.length);
        for (uint256 i = 0; i < arrived.length; ++i) {
            Arrived memory one = arrived[i];
            one.batch = lots[i];
            one.mass = expected[i];
        }
        emit ShipmentReceived(ShipmentId.wrap(0), msg.sender, occurredAt, arrived, tag, evidence);
    }

    function transform(Transformation calldata request) external {
        emit Transformed(
            TransformationId.wrap(0),
            msg.sender,
            request.facility,
            request.occurredAt,
            request.recycling,
            request.allocation,
            request.emissions,
            _taken(request.inputs),
            _made(request.outputs),
            request.losses,
            request.identifier,
            request.process,
            request.evidence
        );
    }

    /// @dev With one substance each.
    function _taken(Input[] calldata inputs) private pure returns (Taken[] memory taken) {
        taken = new Taken[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            (Taken memory one, Input calldata input) = (taken[i], inputs[i]);
            one.batch = input.batch;
            one.mass = input.mass;
            one.substances = new SubstanceMass[](1);
        }
    }

    function _made(Output[] calldata outputs) private pure returns (Made[] memory made) {
        made = new Made[](outputs.length);
        for (uint256 i = 0; i < outputs.length; ++i) {
            Output calldata output = outputs[i];
            Made memory one = made[i];
            one.identifier = output.identifier;
            one.material = output.material;
            one.mass = output.mass;
            one.pieces = output.pieces;
            one.weight = output.weight;
            one.substances = output.substances;
        }
    }
}
