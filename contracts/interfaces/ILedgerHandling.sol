// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, FacilityId, ShipmentId} from "../types/Ids.sol";
import {Evidence, HoldKind} from "../types/Values.sol";
import {ILedgerRecords} from "./ILedgerRecords.sol";

/// @title What the batch ledger does through its module `Handling`: answers lot by lot, returns, take-backs,
/// measurements, holds, title, stock that is assigned
/// @dev Called at the ledger, which passes it on.
interface ILedgerHandling is ILedgerRecords {
    /// @notice Answers for some or all open lots of a shipment, one by one (Rule 3).
    /// @param answers In the order of the open lots.
    /// @param reason Why lots are refused; empty if none is.
    function answerShipment(
        address sender,
        string calldata identifier,
        Open calldata open,
        Answer[] calldata answers,
        string calldata reason,
        uint64 occurredAt,
        bytes32 tag,
        Evidence[] calldata evidence
    ) external;

    /// @notice Sends frozen lots back to who sent them.
    /// @param receipts By lot: the receipt by which it came.
    function returnShipment(Offer calldata offer, Receipt[] calldata receipts) external returns (ShipmentId shipment);

    /// @notice Takes a delivered product back for recycling, whole (Rule 9).
    /// @param evidence At least one document that shows it.
    function takeBack(
        address creator,
        string calldata identifier,
        FacilityId facility,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Books a better measurement. For the custodian within the material's tolerances, and auditors.
    function remeasure(Measurement calldata measurement) external;

    /// @notice Puts a batch on hold, as its custodian or an auditor; its maker recalls what is with others (Rule 10).
    /// @param kind As what the caller acts.
    /// @param expected Its events so far.
    function hold(
        address creator,
        string calldata identifier,
        HoldKind kind,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Ends one's own hold or recall; of an auditor's, also the consortium.
    /// @param expected Its events so far.
    function release(
        address creator,
        string calldata identifier,
        HoldKind kind,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Says who owns a batch from now on. For its owner, as readers know it; no rule asks (Rule 11).
    function transferTitle(BatchId batch, address to, uint64 occurredAt, Evidence[] calldata evidence) external;

    /// @notice Gives a batch of a suspended or terminated custodian to a participant. Restricted, with a delay (Rule 12).
    /// @param evidence At least one document that shows why.
    function assignStock(
        BatchId batch,
        address to,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;
}
