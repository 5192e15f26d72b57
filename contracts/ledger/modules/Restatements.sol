// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "../../interfaces/ILedgerCorrections.sol";
import {BatchState} from "../../types/BatchState.sol";
import {CustodyLibrary} from "../../types/Custody.sol";
import {BatchId, EmissionsRecordId, Ids, ShipmentId, TransformationId} from "../../types/Ids.sol";
import {Limits} from "../../types/Limits.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, Evidence, RecordKind} from "../../types/Values.sol";
import {Module} from "./Module.sol";

/// @title Restatements
/// @notice Emissions of the past are known better (Rule 8). Pools stay as they are: readers carry the difference
/// downstream. The ledger keeps which figures are in use, so that less, or more primary data, does not count unseen.
abstract contract Restatements is Module, ILedgerCorrections {
    /// @inheritdoc ILedgerCorrections
    function restateMint(
        address creator,
        string calldata identifier,
        MintEntry calldata entry,
        bytes32[] calldata later,
        Restatement calldata restatement
    ) external throughTheLedger {
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        bytes12 trail = CustodyLibrary.extended(0, keccak256(abi.encode(entry)));
        for (uint256 i = 0; i < later.length; ++i) {
            trail = CustodyLibrary.extended(trail, later[i]);
        }
        bool recorded = trail == lot.custody.trail() && state.status() != BatchStatus.Reversed;
        _requireRecorded(recorded, BatchId.unwrap(batch));
        BatchId[] memory batches = new BatchId[](1);
        batches[0] = batch;
        _restate(RecordKind.Mint, BatchId.unwrap(batch), creator, entry.emissions, batches, restatement);
    }

    /// @inheritdoc ILedgerCorrections
    function restateTransformation(
        address participant,
        string calldata identifier,
        Emissions calldata recorded,
        Taken[] calldata inputs,
        BatchId[] calldata outputs,
        Restatement calldata restatement
    ) external throughTheLedger {
        TransformationId transformation = Ids.transformation(participant, identifier);
        uint256 record = TransformationId.unwrap(transformation);
        // A reversed one's slot holds no hash.
        bytes32 commitment = keccak256(abi.encode(recorded, inputs, outputs));
        _requireRecorded(_transformations[transformation] == commitment, record);
        _restate(RecordKind.Transformation, record, participant, recorded, outputs, restatement);
    }

    /// @inheritdoc ILedgerCorrections
    function restateShipment(
        address sender,
        string calldata identifier,
        address receiver,
        Emissions calldata recorded,
        BatchId[] calldata batches,
        BatchId[] calldata open,
        Restatement calldata restatement
    ) external throughTheLedger {
        ShipmentId shipment = Ids.shipment(sender, identifier);
        uint256 record = ShipmentId.unwrap(shipment);
        bytes32 offer = keccak256(abi.encode(recorded, batches));
        _requireRecorded(_shipments[shipment] == _commitmentTo(receiver, offer, open), record);
        _restate(RecordKind.Shipment, record, sender, recorded, batches, restatement);
    }

    /// @inheritdoc ILedgerCorrections
    function restateAdded(
        address custodian,
        string calldata identifier,
        BatchId batch,
        Emissions calldata recorded,
        Restatement calldata restatement
    ) external throughTheLedger {
        EmissionsRecordId id = Ids.emissionsRecord(custodian, identifier);
        uint256 record = EmissionsRecordId.unwrap(id);
        _requireRecorded(_emissionsRecords[id] == keccak256(abi.encode(batch, recorded)), record);
        BatchId[] memory batches = new BatchId[](1);
        batches[0] = batch;
        _restate(RecordKind.Emissions, record, custodian, recorded, batches, restatement);
    }

    /// @inheritdoc ILedgerCorrections
    function confirmRestatement(
        RecordKind kind,
        uint256 record,
        address author,
        Emissions calldata emissions,
        BatchId[] calldata batches,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        // Rule 8: an auditor of another company.
        (bool ok, address confirmedBy) = _auditor(author, author);
        if (!ok) revert NotAuthorNorAuditor(msg.sender);
        Restated storage restated = _restatements[kind][record];
        bytes32 pending = keccak256(abi.encode(author, emissions, Ids.words(batches)));
        if (restated.pending != pending || _isReversed(kind, record)) revert NothingToConfirm(record);
        _use(restated, emissions);
        _nameAll(batches);
        emit RestatementConfirmed(record, confirmedBy, kind, occurredAt, emissions, batches, evidence);
    }

    /// @dev Records new absolute emissions, which the last ones are. They are used at once, unless the author says less
    /// in total, or more primary data, than is used now.
    function _restate(
        RecordKind kind,
        uint256 record,
        address author,
        Emissions memory recorded,
        BatchId[] memory batches,
        Restatement calldata restatement
    ) private {
        _requirePlain(restatement.reason);
        address restatedBy = _requireAuthorOrAuditor(author, author);
        Restated storage restated = _restatements[kind][record];
        Emissions memory emissions = restatement.emissions;
        bool byAuthor = restatedBy == author;
        bool favourable = _isFavourable(restated, recorded, emissions);
        // Rule 8: by evidence; an auditor's word, too.
        if ((favourable || !byAuthor) && restatement.evidence.length == 0) revert EvidenceRequired();
        bool counts = !(byAuthor && favourable);
        if (counts) _use(restated, emissions);
        else restated.pending = keccak256(abi.encode(author, emissions, batches));
        _nameAll(batches);
        emit EmissionsRestated(
            record,
            restatedBy,
            kind,
            counts,
            restatement.occurredAt,
            emissions,
            batches,
            restatement.reason,
            restatement.evidence
        );
    }

    /// @dev Whether they are less in total, or more in their primary part, than what is used now.
    function _isFavourable(Restated storage restated, Emissions memory recorded, Emissions memory emissions)
        private
        view
        returns (bool)
    {
        uint256 total = _totalOf(emissions);
        _requireFit(total);
        if (restated.counts) return total < restated.total || emissions.primary() > restated.primary;
        return total < _totalOf(recorded) || emissions.primary() > recorded.primary();
    }

    /// @dev From now on these are used. What waited for an auditor waits no more: the last ones count.
    function _use(Restated storage restated, Emissions memory emissions) private {
        // Fits: 54 bits, and a part of it.
        restated.total = uint120(_totalOf(emissions));
        restated.primary = uint120(emissions.primary());
        restated.counts = true;
        delete restated.pending;
    }

    /// @dev Counts the event for each batch, once for one that is listed several times. A shipment lists none twice.
    function _nameAll(BatchId[] memory batches) private {
        for (uint256 i = 0; i < batches.length; ++i) {
            (Lot storage lot, BatchState state) = _requireKnown(batches[i]);
            lot.state = _named(batches[i], state);
        }
    }

    /// @dev Rule 8: what is reversed is not restated.
    function _isReversed(RecordKind kind, uint256 record) private view returns (bool) {
        if (kind == RecordKind.Mint) return _lots[BatchId.wrap(record)].state.status() == BatchStatus.Reversed;
        return kind == RecordKind.Transformation && uint256(_transformations[TransformationId.wrap(record)]) == 1;
    }

    function _requireRecorded(bool recorded, uint256 record) private pure {
        if (!recorded) revert NotAsRecorded(record);
    }
}
