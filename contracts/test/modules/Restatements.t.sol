// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {BatchId, EmissionsRecordId, ShipmentId, TransformationId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {Evidence, RecordKind} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title Emissions of the past are known better (Rule 8)
contract RestatementsTest is Past {
    BatchId private _lot;
    Emissions private _recorded;

    function _mintLot() private returns (ILedgerRecords.MintEntry memory) {
        _lot = _mintWith("A", TONNE, _holding(COBALT, 1), 40);
        _recorded = _scope1(40, 40);
        return _entryOfMint(_recorded);
    }

    function _restated(Emissions memory emissions, Evidence[] memory evidence)
        private
        pure
        returns (ILedgerRecords.Restatement memory)
    {
        return ILedgerRecords.Restatement(emissions, "audited", YEAR_2026, evidence);
    }

    function _restate(
        address account,
        ILedgerRecords.MintEntry memory entry,
        Emissions memory emissions,
        Evidence[] memory evidence
    ) private {
        bytes32[] memory later = new bytes32[](0);
        _as(account);
        ledger.restateMint(mine, "A", entry, later, _restated(emissions, evidence));
    }

    function _confirm(address account, Emissions memory emissions) private {
        _as(account);
        ledger.confirmRestatement(
            RecordKind.Mint, BatchId.unwrap(_lot), mine, emissions, _only(_lot), YEAR_2026, _none()
        );
    }

    function _expectRestated(address by, bool counts, Emissions memory emissions, Evidence[] memory evidence) private {
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.EmissionsRestated(
            BatchId.unwrap(_lot), by, RecordKind.Mint, counts, YEAR_2026, emissions, _only(_lot), "audited", evidence
        );
    }

    bytes private _evidenceRequired = abi.encodeWithSelector(ILedgerRecords.EvidenceRequired.selector);

    function _nothing() private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.NothingToConfirm.selector, _lot);
    }

    function test_restate_moreCountsAtOnceAndPoolsStay() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _expectRestated(mine, true, _scope1(50, 40), _none());
        _restate(mine, entry, _scope1(50, 40), _none());
        _assertPools(_lot, TONNE, 1, 40, 0, 40);
        assertEq(_eventsOf(_lot), 2, "events");
        // The last one counts: what was 50 is less now.
        _refused(_evidenceRequired);
        _restate(mine, entry, _scope1(49, 40), _none());
    }

    function test_restate_lessOrMorePrimaryNeedsEvidenceAndAnAuditor() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _refused(_evidenceRequired);
        _restate(mine, entry, _scope1(39, 39), _none());
        _refused(_evidenceRequired);
        _restate(mine, entry, _scope1(41, 41), _none());
        _expectRestated(mine, false, _scope1(39, 39), _document());
        _restate(mine, entry, _scope1(39, 39), _document());
        // Not in use yet: 40 are.
        _refused(_evidenceRequired);
        _restate(mine, entry, _scope1(39, 39), _none());
        _refused(_nothing());
        _confirm(auditor, _scope1(38, 38));
        _refused(_notForYou(refinery));
        _confirm(refinery, _scope1(39, 39));
        _refused(_notForYou(mine));
        _confirm(mine, _scope1(39, 39));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.RestatementConfirmed(
            BatchId.unwrap(_lot), auditor, RecordKind.Mint, YEAR_2026, _scope1(39, 39), _only(_lot), _none()
        );
        _confirm(auditor, _scope1(39, 39));
        assertEq(_eventsOf(_lot), 3, "events");
        _refused(_nothing());
        _confirm(auditor, _scope1(39, 39));
        _restate(mine, entry, _scope1(39, 39), _none());
    }

    function test_restate_theLastOneCounts() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _restate(mine, entry, _scope1(30, 30), _document());
        _restate(mine, entry, _scope1(20, 20), _document());
        _refused(_nothing());
        _confirm(auditor, _scope1(30, 30));
        _restate(mine, entry, _scope1(60, 40), _none());
        _refused(_nothing());
        _confirm(auditor, _scope1(20, 20));
    }

    function test_restate_byAnAuditorAtOnceByEvidence() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _refused(_evidenceRequired);
        _restate(auditor, entry, _scope1(50, 40), _none());
        _restate(mine, entry, _scope1(30, 30), _document());
        _expectRestated(auditor, true, _scope1(35, 35), _document());
        _restate(auditor, entry, _scope1(35, 35), _document());
        _refused(_nothing());
        _confirm(inspector, _scope1(30, 30));
        _restate(mine, entry, _scope1(36, 35), _none());
        _refused(_notForYou(refinery));
        _restate(refinery, entry, _scope1(50, 40), _document());
        _terminate(mine);
        _refused(_notForYou(mine));
        _restate(mine, entry, _scope1(50, 40), _document());
    }

    function test_restate_quantities() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _refused(abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 2, 1));
        _restate(mine, entry, _scope1(1, 2), _document());
        _refused(abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, LARGEST + 1, LARGEST));
        _restate(mine, entry, _scope1(LARGEST + 1, 0), _document());
    }

    function test_restateMint_asItIsRecordedWhereverTheLotIs() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        ++entry.emissions.amounts;
        _refused(_notAsRecorded(_lot));
        _restate(mine, entry, _scope1(50, 40), _none());
        --entry.emissions.amounts;
        _ship(mine, "S", _only(_lot), refinery);
        bytes32[] memory later = new bytes32[](1);
        later[0] = keccak256(abi.encode(_receiptOf(mine, "S", _lot).entry));
        _receive(refinery, mine, "S", _only(_lot));
        _refused(_notAsRecorded(_lot));
        _restate(mine, entry, _scope1(50, 40), _none());
        _as(mine);
        ledger.restateMint(mine, "A", entry, later, _restated(_scope1(50, 40), _none()));
        assertEq(_eventsOf(_lot), 4, "events");
    }

    function test_restate_notWhatIsReversed() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _restate(mine, entry, _scope1(30, 30), _document());
        _reverseMint(mine, "A", entry);
        _refused(_notAsRecorded(_lot));
        _restate(mine, entry, _scope1(50, 40), _none());
        _refused(_nothing());
        _confirm(auditor, _scope1(30, 30));
    }

    function test_restateTransformation() external {
        Run memory run = _record(mine, _run("R", _only(_mint("A", TONNE, 1)), TONNE, 1));
        _restateRun(run, _scope1(5, 0), _none());
        assertEq(_eventsOf(run.made[0]), 2, "events of what it made");
        assertEq(_eventsOf(Named.batch(mine, "A")), 2, "events of what it took");
        bytes memory notSo =
            abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, Named.transformation(mine, "R"));
        run.emissions = _scopes(0, 1, 0, 0);
        _refused(notSo);
        _restateRun(run, _scope1(6, 0), _none());
        run.emissions = _scope1(0, 0);
        _restateRun(run, _scope1(6, 1), _document());
        _reverseRun(mine, run);
        uint256 record = TransformationId.unwrap(Named.transformation(mine, "R"));
        _refused(abi.encodeWithSelector(ILedgerRecords.NothingToConfirm.selector, record));
        _as(auditor);
        ledger.confirmRestatement(RecordKind.Transformation, record, mine, _scope1(6, 1), run.made, YEAR_2026, _none());
        _refused(notSo);
        _restateRun(run, _scope1(7, 0), _none());
    }

    function _restateRun(Run memory run, Emissions memory emissions, Evidence[] memory evidence) private {
        _as(mine);
        ledger.restateTransformation(mine, "R", run.emissions, run.taken, run.made, _restated(emissions, evidence));
    }

    function test_restateShipment_openOrAnswered() external {
        BatchId a = _mint("A", TONNE, 1);
        BatchId b = _mint("B", TONNE, 1);
        Emissions memory none;
        _ship(mine, "S", _both(a, b), refinery);
        _as(mine);
        ledger.restateShipment(mine, "S", refinery, none, _both(a, b), _both(a, b), _restatement(_scope1(5, 0)));
        _receive(refinery, mine, "S", _both(a, b));
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, _shipmentId(mine, "S")));
        _as(mine);
        ledger.restateShipment(mine, "S", refinery, none, _both(a, b), _both(a, b), _restatement(_scope1(6, 0)));
        BatchId[] memory open = new BatchId[](0);
        _as(mine);
        ledger.restateShipment(mine, "S", refinery, none, _both(a, b), open, _restatement(_scope1(6, 0)));
        assertEq(_eventsOf(a), 5, "events");
        assertEq(_eventsOf(b), 5, "events");
    }

    function test_restateAdded_byWhoAddedItWherever() external {
        BatchId lot = _mint("A", TONNE, 1);
        vm.prank(mine);
        ledger.addEmissions(lot, _scope1(3, 0), "STORE", "storage", YEAR_2026, _none());
        _handOver(mine, "S", lot, refinery);
        _as(mine);
        ledger.restateAdded(mine, "STORE", lot, _scope1(3, 0), _restatement(_scope1(5, 0)));
        EmissionsRecordId record = Named.emissionsRecord(mine, "STORE");
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, record));
        _as(mine);
        ledger.restateAdded(mine, "STORE", lot, _scope1(4, 0), _restatement(_scope1(5, 0)));
        _refused(_notForYou(refinery));
        _as(refinery);
        ledger.restateAdded(mine, "STORE", lot, _scope1(3, 0), _restatement(_scope1(6, 0)));
        assertEq(_eventsOf(lot), 5, "events");
    }

    /// @dev Ids of different kinds are alike where their owner and text are.
    function test_restate_recordsOfDifferentKindsAreApart() external {
        ILedgerRecords.MintEntry memory entry = _mintLot();
        _ship(mine, "A", _only(_lot), refinery);
        Emissions memory none;
        _as(mine);
        ledger.restateShipment(mine, "A", refinery, none, _only(_lot), _only(_lot), _restatement(_scope1(5, 0)));
        _restate(mine, entry, _scope1(40, 40), _none());
        _refused(_evidenceRequired);
        _restate(mine, entry, _scope1(39, 0), _none());
    }
}
