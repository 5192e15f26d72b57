// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "./interfaces/IAdmission.sol";
import {ILedgerCore} from "./interfaces/ILedgerCore.sol";
import {ILedgerHandling} from "./interfaces/ILedgerHandling.sol";
import {LedgerStorage} from "./ledger/LedgerStorage.sol";
import {Delegation} from "./libraries/Delegation.sol";
import {Shipments} from "./ledger/Shipments.sol";
import {Transformations} from "./ledger/Transformations.sol";
import {BatchState, BatchStateLibrary} from "./types/BatchState.sol";
import {BatchId, EmissionsRecordId, Ids, MaterialId} from "./types/Ids.sol";
import {SubstanceSet} from "./types/SubstanceSet.sol";
import {Emissions} from "./types/Emissions.sol";
import {BatchStatus, Evidence, Retirement, SubstanceMass} from "./types/Values.sol";

/// @title BatchLedger
/// @notice The digital twins of physical lots: minted at approved origins, handed over by handshake, transformed
/// without loss or gain, and never edited.
/// @dev Here are the operations of every day; what is rare is in two modules, which share the storage and are reached by
/// delegatecall at addresses that never change. Nothing calls out besides, except to `admission`, which is trusted and
/// asked by static calls.
contract BatchLedger is Shipments, Transformations {
    /// @notice Where the functions of `ILedgerHandling` are.
    address public immutable handling;

    /// @notice Where those of `ILedgerCorrections`, `ILedgerViews` and ERC-721 are.
    address public immutable corrections;

    /// @param admission_ Whom the ledger asks who may act.
    /// @param authority_ The consortium's AccessManager.
    constructor(IAdmission admission_, address authority_, address handling_, address corrections_)
        LedgerStorage(admission_, authority_)
    {
        handling = handling_;
        corrections = corrections_;
    }

    /// @notice Passes what is not here on to its module.
    fallback() external {
        Delegation.pass(_isHandling(msg.sig) ? handling : corrections);
    }

    /// @inheritdoc ILedgerCore
    function mint(Mint calldata request) external returns (BatchId batch) {
        // Rule 1, Rule 2: who acts, and whether the consortium approved this facility for this material and origin.
        (address creator, uint64 capacity, SubstanceSet allowed) =
            _admission.requireOrigin(msg.sender, request.facility, request.material, request.origin, request.occurredAt);
        _requireTime(request.occurredAt);
        string calldata identifier = request.identifier;
        SubstanceMass[] memory substances = request.substances;
        Emissions memory emissions = request.emissions;
        Lot storage lot;
        (batch, lot) = _newBatch(creator, identifier);
        bool offSpecification = _requireMaterial(batch, request.material, allowed, request.mass, substances);
        _useCapacity(request.facility, request.material, request.origin, request.occurredAt, request.mass, capacity);
        BatchState pools = BatchStateLibrary.fromPools(request.mass, 0, 0, 0);
        pools = _addOwn(pools, _totalOf(emissions), emissions.primary());
        _create(batch, lot, creator, pools, request.material, substances, _entryOf(request, emissions));
        _hold(creator, 1);
        // Rule 9.
        if (allowed.isProduct()) lot.maker = creator;
        emit BatchMinted(
            batch,
            creator,
            request.facility,
            request.material,
            request.origin,
            request.mass,
            request.pieces,
            offSpecification,
            request.occurredAt,
            emissions,
            substances,
            identifier,
            request.evidence
        );
    }

    /// @inheritdoc ILedgerCore
    function addEmissions(
        BatchId batch,
        Emissions calldata emissions,
        string calldata record,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act, because this only ever adds to the truth.
        address custodian = _participant();
        _requirePlain(reason);
        (Lot storage lot, BatchState state) = _requireUsable(batch, custodian);
        Emissions memory added = emissions;
        state = _addOwn(_named(batch, state), _totalOf(added), added.primary());
        lot.state = state;
        if (bytes(record).length != 0) _recordEmissions(custodian, record, batch, added);
        emit EmissionsAdded(batch, custodian, occurredAt, added, state.ownCo2e(), record, reason, evidence);
    }

    /// @inheritdoc ILedgerCore
    function retire(
        BatchId batch,
        Retirement how,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: also who may not act.
        address custodian = _participant();
        _requirePlain(reason);
        (Lot storage lot, BatchState state) = _requireCustody(batch, custodian);
        _requireExpected(batch, state, expected);
        // Rule 8: what was declared in error can be disposed of; else as any use.
        bool disposable = how == Retirement.Disposed && state.without(BatchStateLibrary.FROZEN).isUsable();
        if (!disposable && !state.isUsable()) _refuse(batch, state);
        lot.state = state.withStatus(_endOf(batch, lot, how)).named();
        emit BatchRetired(batch, custodian, how, occurredAt, reason, evidence);
    }

    /// @inheritdoc ILedgerCore
    function admission() external view returns (IAdmission) {
        return _admission;
    }

    function _recordEmissions(address custodian, string calldata identifier, BatchId batch, Emissions memory emissions)
        private
    {
        _requireIdentifier(identifier);
        EmissionsRecordId record = Ids.emissionsRecord(custodian, identifier);
        if (_emissionsRecords[record] != 0) revert EmissionsRecordAlreadyExists(record);
        _emissionsRecords[record] = keccak256(abi.encode(batch, emissions));
    }

    function _isHandling(bytes4 selector) private pure returns (bool) {
        return selector == ILedgerHandling.answerShipment.selector
            || selector == ILedgerHandling.returnShipment.selector || selector == ILedgerHandling.takeBack.selector
            || selector == ILedgerHandling.remeasure.selector || selector == ILedgerHandling.hold.selector
            || selector == ILedgerHandling.release.selector || selector == ILedgerHandling.transferTitle.selector
            || selector == ILedgerHandling.assignStock.selector;
    }

    /// @dev Rule 9: only products are delivered; only those come back.
    function _endOf(BatchId batch, Lot storage lot, Retirement how) private view returns (BatchStatus) {
        if (how != Retirement.Delivered) return BatchStatus.Retired;
        MaterialId material = _materialOf(lot);
        if (!_substancesOf(material).isProduct()) revert NotAProduct(batch, material);
        return BatchStatus.Delivered;
    }

    function _entryOf(Mint calldata request, Emissions memory emissions) private view returns (bytes32) {
        MintEntry memory entry =
            MintEntry(request.facility, request.material, request.origin, request.occurredAt, emissions, _salt());
        return keccak256(abi.encode(entry));
    }
}
