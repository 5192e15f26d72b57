// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerViews} from "../../interfaces/ILedgerViews.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {Differences} from "../../types/Differences.sol";
import {BatchId, EmissionsRecordId, FacilityId, MaterialId, ShipmentId, TransformationId} from "../../types/Ids.sol";
import {Limits} from "../../types/Limits.sol";
import {Origin} from "../../types/Values.sol";
import {BatchTokens} from "./BatchTokens.sol";

/// @title Views
/// @notice What can be asked of the ledger. It is no operation, so that it need not be cheap.
abstract contract Views is BatchTokens, ILedgerViews {
    /// @inheritdoc ILedgerViews
    uint256 public constant MOST_CHILDREN = Limits.CHILDREN;

    /// @inheritdoc ILedgerViews
    uint256 public constant MOST_INPUTS = Limits.INPUTS;

    /// @inheritdoc ILedgerViews
    uint256 public constant MOST_OUTPUTS = Limits.OUTPUTS;

    /// @inheritdoc ILedgerViews
    uint256 public constant MOST_LOTS = Limits.LOTS;

    /// @inheritdoc ILedgerViews
    function batchOf(BatchId id) external view throughTheLedger returns (Batch memory batch) {
        (Lot storage lot, BatchState state) = _requireKnown(id);
        batch.status = state.status();
        batch.frozen = state.has(BatchStateLibrary.FROZEN);
        batch.disputed = state.has(BatchStateLibrary.ERROR_BY_MAKER);
        batch.errorByAuditor = state.has(BatchStateLibrary.ERROR_BY_AUDITOR);
        batch.heldByCustodian = state.has(BatchStateLibrary.HELD_BY_CUSTODIAN);
        batch.heldByAuditor = state.has(BatchStateLibrary.HELD_BY_AUDITOR);
        batch.waste = state.has(BatchStateLibrary.WASTE);
        batch.takenBack = state.has(BatchStateLibrary.TAKEN_BACK);
        batch.custodian = lot.custody.custodian();
        batch.mass = state.mass();
        batch.ownCo2e = state.ownCo2e();
        batch.inheritedCo2e = state.inheritedCo2e();
        batch.primaryCo2e = state.primaryCo2e();
        (batch.material, batch.substances) = _loadSubstances(lot, state);
        batch.tolerance = _toleranceOf(lot, state);
        batch.uses = state.uses();
        batch.events = state.events();
        batch.trail = lot.custody.trail();
    }

    /// @inheritdoc ILedgerViews
    function mintedIn(FacilityId facility, MaterialId material, Origin origin, uint256 year)
        external
        view
        throughTheLedger
        returns (uint64)
    {
        return _minted[_capacityKey(facility, material, origin, year)];
    }

    /// @inheritdoc ILedgerViews
    function emissionsRecordOf(EmissionsRecordId record) external view throughTheLedger returns (bytes32 commitment) {
        return _emissionsRecords[record];
    }

    /// @inheritdoc ILedgerViews
    function shipmentOf(ShipmentId shipment) external view throughTheLedger returns (bytes32 commitment) {
        return _shipments[shipment];
    }

    /// @inheritdoc ILedgerViews
    function transformationOf(TransformationId transformation)
        external
        view
        throughTheLedger
        returns (bytes32 commitment)
    {
        return _transformations[transformation];
    }

    /// @dev Of the gross mass, then of each substance.
    function _toleranceOf(Lot storage lot, BatchState state) private view returns (int16[] memory used) {
        used = new int16[](state.substances() + 1);
        Differences differences = lot.differences;
        for (uint256 i = 0; i < used.length; ++i) {
            used[i] = differences.at(i);
        }
    }
}
