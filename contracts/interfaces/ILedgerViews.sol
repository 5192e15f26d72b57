// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BatchId, EmissionsRecordId, FacilityId, MaterialId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {Origin} from "../types/Values.sol";
import {ILedgerRecords} from "./ILedgerRecords.sol";

/// @title What can be asked of the batch ledger
interface ILedgerViews is ILedgerRecords {
    /// @notice The batch's state now.
    /// @dev Reverts `UnknownBatch`.
    function batchOf(BatchId batch) external view returns (Batch memory);

    /// @notice Milligrams minted so far by the facility of the material and origin in that calendar year (UTC, of
    /// `occurredAt`).
    function mintedIn(FacilityId facility, MaterialId material, Origin origin, uint256 year)
        external
        view
        returns (uint64);

    /// @notice Zero: never offered; else `keccak256(abi.encode(receiver, offer, open))` of what is open now.
    function shipmentOf(ShipmentId shipment) external view returns (bytes32 commitment);

    /// @notice Zero: never recorded; one: reversed; else `keccak256(abi.encode(emissions, inputs, outputs))`.
    function transformationOf(TransformationId transformation) external view returns (bytes32 commitment);

    /// @notice Zero: never recorded; else `keccak256(abi.encode(batch, emissions))`.
    function emissionsRecordOf(EmissionsRecordId record) external view returns (bytes32 commitment);

    /// @notice The most children of one split (Rule 13).
    function MOST_CHILDREN() external view returns (uint256);

    /// @notice The most inputs of one transformation.
    function MOST_INPUTS() external view returns (uint256);

    /// @notice The most outputs of one transformation.
    function MOST_OUTPUTS() external view returns (uint256);

    /// @notice The most lots of one shipment.
    function MOST_LOTS() external view returns (uint256);
}
