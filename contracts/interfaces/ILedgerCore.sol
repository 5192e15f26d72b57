// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {Evidence, Retirement} from "../types/Values.sol";
import {IAdmission} from "./IAdmission.sol";
import {ILedgerRecords} from "./ILedgerRecords.sol";

/// @title What the batch ledger does itself: the operations of every day
interface ILedgerCore is ILedgerRecords {
    /// @notice Mints a batch at an approved origin, inside its capacity.
    function mint(Mint calldata request) external returns (BatchId batch);

    /// @notice Splits batches off `parent`, one after the other.
    function split(BatchId parent, SplitChild[] calldata children, uint64 occurredAt, Evidence[] calldata evidence)
        external;

    /// @notice Offers batches to a participant: another one, or the sender itself at another of its sites. They
    /// are in transit until it answers.
    function ship(Offer calldata offer) external returns (ShipmentId shipment);

    /// @notice Takes custody of all open lots of a shipment, as they were sent.
    /// @param expected Of each open lot, in that order, its events so far.
    function receiveShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        uint32[] calldata expected,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external;

    /// @notice Refuses all open lots of a shipment, as its receiver.
    function rejectShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external;

    /// @notice Takes all open lots of a shipment back, as its sender.
    function cancelShipment(
        string calldata identifier,
        address receiver,
        Open calldata open,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external;

    /// @notice Makes batches of batches. Every tracked substance and all CO2e are accounted for exactly.
    function transform(Transformation calldata request) external returns (TransformationId transformation);

    /// @notice Adds emissions in custody to a batch's own CO2e.
    /// @param record The custodian's own name of them, by which they can be restated; may be empty.
    function addEmissions(
        BatchId batch,
        Emissions calldata emissions,
        string calldata record,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Retires a batch.
    /// @param expected Its events so far.
    function retire(
        BatchId batch,
        Retirement how,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Whom this ledger asks who may act.
    function admission() external view returns (IAdmission);
}
