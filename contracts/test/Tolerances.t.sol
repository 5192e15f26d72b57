// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, SubstanceMass} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title Nobody earns a new tolerance by moving material around
/// @notice Fines may be measured to half a percent of their mass and one percent of each metal.
contract TolerancesTest is World {
    uint64 private constant _COBALT = 100_000;

    function _fines(string memory name) private returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintOf(name, 1_000_000);
        (request.material, request.substances) = (fines, _holding(COBALT, _COBALT, NICKEL, _COBALT));
        vm.prank(mine);
        return ledger.mint(request);
    }

    /// @dev The custodian finds so many basis points of cobalt more, or less: of whole milligrams as many as are rounded
    /// to just so many.
    function _find(BatchId id, int256 points) private {
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
        int256 cobalt = int256(uint256(batch.substances[0].mass));
        bool away = (batch.tolerance[1] + points > 0) == (points > 0);
        int256 step = cobalt * (points < 0 ? -points : points);
        step = (away ? step : step + 9_999) / 10_000;
        batch.substances[0].mass = uint64(uint256(points < 0 ? cobalt - step : cobalt + step));
        _remeasure(mine, id, batch.mass, batch.substances);
    }

    function _blend(string memory name, BatchId[] memory inputs) private returns (BatchId) {
        ILedgerRecords.Transformation memory request = _run(name, inputs, 0, 0);
        uint64[3] memory sums;
        for (uint256 i = 0; i < inputs.length; ++i) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(inputs[i]);
            sums[0] += batch.mass;
            sums[1] += batch.substances[0].mass;
            sums[2] += batch.substances[1].mass;
        }
        request.outputs[0] = _output(name, fines, sums[0], 0, _holding(COBALT, sums[1], NICKEL, sums[2]));
        _transform(mine, request);
        return Named.batch(mine, name);
    }

    function _exceeded(BatchId id, int256 points) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.ToleranceExceeded.selector, id, COBALT, points, 100);
    }

    function test_aBlendIsAsFarMovedAsItsFarthestPart() external {
        (BatchId a, BatchId b) = (_fines("A"), _fines("B"));
        _find(a, 80);
        _find(b, 30);
        BatchId blend = _blend("BLEND", _both(b, a));
        assertTrue(ledger.batchOf(blend).tolerance[1] == 80, "eighty");
        _refused(_exceeded(blend, 110));
        _find(blend, 30);
        _find(blend, 20);
        _refused(_exceeded(blend, -102));
        _find(blend, -151);
        _find(blend, -149);
    }

    /// @dev A part that was moved up and one that was moved down do not make room for each other.
    function test_aBlendOfPartsMovedApartGivesNoRoomBack() external {
        (BatchId a, BatchId b) = (_fines("A"), _fines("B"));
        _find(a, 98);
        _find(b, -100);
        BatchId blend = _blend("BLEND", _both(a, b));
        _refused(_exceeded(blend, 101));
        _find(blend, 2);
        _find(blend, 1);
        _refused(_exceeded(blend, -101));
        _find(blend, -2);
        _find(blend, -1);
    }

    function test_aBlendOfPartsMovedApartHasWhatIsLeftOfBothSides() external {
        (BatchId a, BatchId b) = (_fines("A"), _fines("B"));
        _find(a, 40);
        _find(b, -60);
        BatchId blend = _split(mine, _blend("BLEND", _both(a, b)), "PART", 100_000);
        // What went down by sixty may have been what went up by sixty: forty more, of either sign.
        _refused(_exceeded(blend, -110));
        _find(blend, -50);
        _find(blend, 20);
        _refused(_exceeded(blend, 131));
        _find(blend, 70);
        _find(blend, 30);
        // No other blend forgets it.
        BatchId again = _blend("AGAIN", _both(blend, _fines("C")));
        _refused(_exceeded(again, 112));
        _find(again, 20);
        _find(again, 7);
    }

    /// @dev A child that is put back brings with it how it was moved.
    function test_aReversedSplitGivesNoRoomBack() external {
        BatchId parent = _fines("A");
        _find(parent, 100);
        BatchId child = _split(mine, parent, "PART", 900_000);
        ILedgerRecords.SplitEntry memory entry = ILedgerRecords.SplitEntry(parent, _salt());
        _find(parent, -200);
        vm.prank(mine);
        ledger.reverseSplit(mine, "PART", entry, _reversal());
        assertTrue(ledger.batchOf(child).mass == 0, "put back");
        _refused(_exceeded(parent, 151));
        _find(parent, 50);
    }

    function test_aReversedSplitLeavesNoTraceOfIt() external {
        BatchId parent = _fines("A");
        _find(parent, 100);
        bytes32 before = _without(parent);
        _split(mine, parent, "PART", 900_000);
        vm.prank(mine);
        ledger.reverseSplit(mine, "PART", ILedgerRecords.SplitEntry(parent, _salt()), _reversal());
        assertTrue(before == _without(parent), "as if it had never been");
        _find(parent, -200);
    }

    /// @dev What a reversed run took comes back as it had been moved.
    function test_aReversedRunGivesNoRoomBack() external {
        BatchId lot = _fines("A");
        _find(lot, 100);
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(lot), 1, 0);
        request.inputs[0].mass = 900_000;
        vm.recordLogs();
        _transform(mine, request);
        ILedgerRecords.Taken[] memory taken = _taken();
        _find(lot, -200);
        vm.prank(mine);
        ledger.reverseTransformation(
            mine, "RUN-1", request.emissions, taken, _only(Named.batch(mine, "RUN-1-1")), _reversal()
        );
        _refused(_exceeded(lot, 151));
        _find(lot, 50);
    }

    function _taken() private returns (ILedgerRecords.Taken[] memory taken) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILedgerRecords.Transformed.selector) continue;
            (,,,, taken) = abi.decode(logs[i].data, (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[]));
        }
    }

    /// @dev Of parts farther apart than is kept nobody knows how far: down they are an auditor's to measure.
    function test_partsFarApartAreMeasuredByAnAuditor() external {
        IParticipantRegistry.Terms memory terms;
        terms.toleranceSubstances = 1_000;
        fines = _define("wet", _numbers(COBALT, NICKEL), terms);
        _approve(pit, fines, MINED, CAPACITY);
        (BatchId a, BatchId b) = (_fines("A"), _fines("B"));
        _find(a, 300);
        BatchId blend = _blend("BLEND", _both(a, b));
        ILedgerRecords.Batch memory batch = ledger.batchOf(blend);
        --batch.substances[0].mass;
        (bool ok,) = _try(blend, batch);
        assertTrue(!ok, "not down");
        _find(blend, 700);
        _remeasure(auditor, blend, batch.mass, batch.substances);
        _find(blend, -1_000);
    }

    function _try(BatchId id, ILedgerRecords.Batch memory batch) private returns (bool ok, bytes memory) {
        vm.prank(mine);
        return
            address(ledger).call(abi.encodeCall(ledger.remeasure, (_measurementOf(id, batch.mass, batch.substances))));
    }

    // What a measurement, or a reversal, leaves of the list of substances.

    function test_anAuditorFindsOnlyWhatTheMaterialTracksAlsoBelowWhatIsRecorded() external {
        BatchId id = _fines("A");
        _expect(abi.encodeWithSelector(ILedgerRecords.SubstanceNotInMaterial.selector, fines, LITHIUM));
        SubstanceMass[] memory found = new SubstanceMass[](3);
        (found[0], found[1]) = (SubstanceMass(LITHIUM, 1), SubstanceMass(COBALT, _COBALT));
        found[2] = SubstanceMass(NICKEL, _COBALT);
        vm.prank(auditor);
        ledger.remeasure(_measurementOf(id, 1_000_000, found));
    }

    function test_aCustodianMeasuresWhatIsRecordedAndNotAnotherMetalInItsPlace() external {
        BatchId id = _fines("A");
        _refused(abi.encodeWithSelector(ILedgerRecords.RaisedFromNothing.selector, id, LITHIUM));
        _remeasure(mine, id, 1_000_000, _holding(LITHIUM, _COBALT, COBALT, _COBALT));
    }

    function test_aReversedLotStillListsItsSubstancesWithNothingOfEach() external {
        ILedgerRecords.Mint memory request = _mintOf("A", 100);
        request.substances = _holding(COBALT, 5, NICKEL, 6);
        vm.prank(mine);
        BatchId id = ledger.mint(request);
        ILedgerRecords.MintEntry memory entry = _mintEntry(request);
        vm.prank(mine);
        ledger.reverseMint(mine, "A", entry, _reversal());
        SubstanceMass[] memory left = ledger.batchOf(id).substances;
        assertTrue(keccak256(abi.encode(left)) == keccak256(abi.encode(_holding(COBALT, 0, NICKEL, 0))), "the list");
    }
}
