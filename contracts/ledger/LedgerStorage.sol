// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IAdmission} from "../interfaces/IAdmission.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchState} from "../types/BatchState.sol";
import {Custody} from "../types/Custody.sol";
import {Differences} from "../types/Differences.sol";
import {BatchId, EmissionsRecordId, FacilityId, ShipmentId, TransformationId} from "../types/Ids.sol";
import {Spread} from "../types/Spread.sol";
import {SubstancePools} from "../types/SubstancePools.sol";
import {RecordKind} from "../types/Values.sol";

/// @title All that the ledger stores
/// @notice Ledger and modules inherit it, and nothing else that stores, so that a module reached by delegatecall finds
/// everything in its place. A test compares the layouts.
abstract contract LedgerStorage is AccessManaged, ILedgerRecords {
    /// @dev Words for the substances of one batch: `SubstanceSetLibrary.CAPACITY` pools.
    uint256 private constant _SUBSTANCE_WORDS = 5;

    /// @dev A batch. Only what is needed is ever written of it.
    /// @param pools Words of substances; the first, with the material, always exists.
    /// @param differences Where `BatchStateLibrary.DIFFERENCES` is set.
    /// @param arose Where `BatchStateLibrary.WASTE` is set: the facility of the run that made it.
    /// @param heldBy The auditor who holds it, or the consortium's account; zero if none does.
    /// @param declaredBy The auditor who declared an error in it, or the consortium's account; zero if none did.
    /// @param recalled Whether its maker recalls it.
    /// @param spread Likewise: how far its parts lie apart from `differences`, which can then be none.
    /// @param past How far what it had been when it was measured lies apart from them: what is put back may be so still.
    /// @param maker Of a product: who minted or made it, or what it was split off (Rule 9); else zero.
    struct Lot {
        BatchState state;
        Custody custody;
        SubstancePools[_SUBSTANCE_WORDS] pools;
        Differences differences;
        FacilityId arose;
        address heldBy;
        address declaredBy;
        bool recalled;
        Spread spread;
        Spread past;
        address maker;
    }

    /// @dev What was restated of a record.
    /// @param total Milligrams CO2e that are in use, if `counts`; else they are those that were recorded.
    /// @param primary The primary part of them.
    /// @param pending What was restated last, where it waits for an auditor: `keccak256(abi.encode(author, emissions,
    /// batches))`; else zero.
    struct Restated {
        uint120 total;
        uint120 primary;
        bool counts;
        bytes32 pending;
    }

    /// @dev Whom this ledger asks who may act.
    IAdmission internal immutable _admission;

    mapping(BatchId batch => Lot) internal _lots;

    /// @dev Batches by custodian: the balances of ERC-721.
    mapping(address custodian => uint256) internal _held;

    /// @dev Milligrams minted, by facility, material, origin and calendar year.
    mapping(bytes32 key => uint64) internal _minted;

    mapping(ShipmentId shipment => bytes32 commitment) internal _shipments;
    mapping(TransformationId transformation => bytes32 commitment) internal _transformations;
    mapping(EmissionsRecordId record => bytes32 commitment) internal _emissionsRecords;

    mapping(RecordKind kind => mapping(uint256 record => Restated)) internal _restatements;

    /// @dev Which inputs of a transformation had been taken back by then (Rule 9).
    mapping(TransformationId transformation => mapping(BatchId batch => bool)) internal _tookTakenBack;

    /// @param admission_ Whom the ledger asks who may act.
    /// @param authority_ The consortium's AccessManager.
    constructor(IAdmission admission_, address authority_) AccessManaged(authority_) {
        _admission = admission_;
    }
}
