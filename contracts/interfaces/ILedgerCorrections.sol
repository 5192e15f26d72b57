// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {ErrorReason, Evidence, RecordKind} from "../types/Values.sol";
import {ILedgerRecords} from "./ILedgerRecords.sol";

/// @title What the batch ledger does through its module `Corrections`: reversals, restatements, declared errors (Rule 8)
/// @dev Called at the ledger, which passes it on.
interface ILedgerCorrections is ILedgerRecords {
    /// @notice Declares that what was recorded of a batch is wrong. For its creator and auditors (Rule 8).
    function declareError(
        address creator,
        string calldata identifier,
        ErrorReason reason,
        BatchId[] calldata corrective,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Restates a mint's emissions.
    /// @param later The entries of the batch's trail after its mint.
    function restateMint(
        address creator,
        string calldata identifier,
        MintEntry calldata entry,
        bytes32[] calldata later,
        Restatement calldata restatement
    ) external;

    /// @notice Restates a transformation's emissions, which are given as recorded with what it took and made.
    function restateTransformation(
        address participant,
        string calldata identifier,
        Emissions calldata recorded,
        Taken[] calldata inputs,
        BatchId[] calldata outputs,
        Restatement calldata restatement
    ) external;

    /// @notice Restates a shipment's emissions, which are given as recorded with what was shipped.
    /// @param open The lots that are open now.
    function restateShipment(
        address sender,
        string calldata identifier,
        address receiver,
        Emissions calldata recorded,
        BatchId[] calldata batches,
        BatchId[] calldata open,
        Restatement calldata restatement
    ) external;

    /// @notice Restates emissions that were added in custody.
    function restateAdded(
        address custodian,
        string calldata identifier,
        BatchId batch,
        Emissions calldata recorded,
        Restatement calldata restatement
    ) external;

    /// @notice Confirms what was restated last of a record. For auditors.
    /// @param record As in `EmissionsRestated`, with its emissions and batches.
    /// @param author Who recorded it; auditors of that participant do not confirm.
    function confirmRestatement(
        RecordKind kind,
        uint256 record,
        address author,
        Emissions calldata emissions,
        BatchId[] calldata batches,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Takes a mint back on which nobody has built, and gives its capacity back.
    function reverseMint(
        address creator,
        string calldata identifier,
        MintEntry calldata entry,
        Reversal calldata reversal
    ) external;

    /// @notice Takes one child of a split back; all that it holds is the parent's again.
    function reverseSplit(
        address creator,
        string calldata identifier,
        SplitEntry calldata entry,
        Reversal calldata reversal
    ) external;

    /// @notice Takes a transformation back on which nobody has built.
    function reverseTransformation(
        address participant,
        string calldata identifier,
        Emissions calldata recorded,
        Taken[] calldata inputs,
        BatchId[] calldata outputs,
        Reversal calldata reversal
    ) external;

    /// @notice Takes the receipt of lots back, within 90 days; the shipment is open again for them.
    function reverseReceipt(
        address sender,
        string calldata identifier,
        address receiver,
        Open calldata open,
        BatchId[] calldata batches,
        Receipt[] calldata receipts,
        Reversal calldata reversal
    ) external;

    /// @notice Takes a retirement back: its custodian, or an auditor; a delivery only an auditor.
    /// @param expected Its events so far.
    function reverseRetirement(BatchId batch, uint32 expected, Reversal calldata reversal) external;

    /// @notice Takes a take-back back.
    function reverseTakeBack(
        address creator,
        string calldata identifier,
        TakeBackEntry calldata entry,
        bytes12 before,
        Reversal calldata reversal
    ) external;

    /// @notice Takes the declaration of an error back.
    function reverseError(
        address creator,
        string calldata identifier,
        bool byAuditor,
        uint32 expected,
        Reversal calldata reversal
    ) external;
}
