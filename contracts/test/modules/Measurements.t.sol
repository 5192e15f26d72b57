// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {BatchId} from "../../types/Ids.sol";
import {BatchStatus, HoldKind, SubstanceMass} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title Better measurements are booked, never hidden (Rule 5)
contract MeasurementsTest is Past {
    SubstanceMass[] private _none_;
    BatchId private _lot;

    /// @dev 24 t of fine ore, measured to half a percent of its mass and one percent of its metals.
    function _mintFines(uint64 mass, SubstanceMass[] memory substances) private {
        ILedgerRecords.Mint memory request = _mintOf("A", mass);
        (request.material, request.substances) = (fines, substances);
        _as(mine);
        _lot = ledger.mint(request);
    }

    function _used(uint256 lane) private view returns (int256) {
        return ledger.batchOf(_lot).tolerance[lane];
    }

    function _assertUsed(uint256 lane, int256 basisPoints) private view {
        assertTrue(_used(lane) == basisPoints, "basis points used");
    }

    function _exceeded(uint16 substance, int256 used, uint256 tolerance) private view returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.ToleranceExceeded.selector, _lot, substance, used, tolerance);
    }

    function test_remeasure_withinTheTolerance() external {
        _mintFines(24 * TONNE, _holding(COBALT, 8_400 * KG, NICKEL, 0));
        SubstanceMass[] memory now_ = _holding(COBALT, 8_470 * KG, NICKEL, 0);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchRemeasured(
            _lot, mine, mine, false, YEAR_2026, 24 * TONNE, now_, "umpire_assay", _none()
        );
        _remeasure(mine, _lot, 24 * TONNE, now_);
        _assertPools(_lot, 24 * TONNE, 8_470 * KG, 0, 0, 0);
        _assertUsed(0, 0);
        _assertUsed(1, 84);
        assertEq(ledger.batchOf(_lot).uses, 1, "a use");
        assertEq(_eventsOf(_lot), 2, "events");
        _remeasure(mine, _lot, 24 * TONNE - 120 * KG, _none_);
        _assertUsed(0, -50);
        _assertUsed(1, 84);
        _refused(_exceeded(0, -51, 50));
        _remeasure(mine, _lot, 24 * TONNE - 120 * KG - 1, _none_);
        _refused(_exceeded(COBALT, 101, 100));
        _remeasure(mine, _lot, 24 * TONNE - 120 * KG, _holding(COBALT, 8_470 * KG + 14 * KG, NICKEL, 0));
    }

    /// @dev Of what was used and the step the sum is rounded, away from zero.
    function test_remeasure_aStepBackGivesNoMoreBackThanItIs() external {
        _mintFines(24 * TONNE, _holding(COBALT, 8_400 * KG, NICKEL, 5));
        _remeasure(mine, _lot, 24 * TONNE + 1, _none_);
        _assertUsed(0, 1);
        _remeasure(mine, _lot, 24 * TONNE, _none_);
        _assertUsed(0, 1);
        _remeasure(mine, _lot, 24 * TONNE - 1, _none_);
        _assertUsed(0, 1);
        _refused(_exceeded(0, -52, 50));
        _remeasure(mine, _lot, 24 * TONNE - 120 * KG, _none_);
        _remeasure(mine, _lot, 24 * TONNE - 110 * KG, _none_);
        _assertUsed(0, -45);
    }

    /// @dev What forty small steps down and up again seem to have used is not given back to go up by more.
    function test_remeasure_manySmallStepsEarnNothing() external {
        _mintFines(24 * TONNE, _holding(COBALT, 8_400 * KG, NICKEL, 5));
        for (uint256 i = 0; i < 40; ++i) {
            _remeasure(mine, _lot, 24 * TONNE - 1, _none_);
            _remeasure(mine, _lot, 24 * TONNE, _none_);
        }
        _assertUsed(0, -40);
        _refused(_exceeded(0, 51, 50));
        _remeasure(mine, _lot, 24 * TONNE + 24 * KG + 1, _none_);
        _remeasure(mine, _lot, 24 * TONNE + 24 * KG, _none_);
        _assertUsed(0, -30);
    }

    function test_remeasure_oneMetalIsNotNettedAgainstAnother() external {
        _mintFines(24 * TONNE, _holding(COBALT, 1_000, NICKEL, 1_000));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 1_010, NICKEL, 990));
        _assertUsed(1, 100);
        _assertUsed(2, -100);
        _refused(_exceeded(COBALT, 110, 100));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 1_011, NICKEL, 990));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 1_000, NICKEL, 990));
        _assertUsed(1, 1);
        _assertUsed(2, -100);
    }

    function test_remeasure_toleranceIsNotEarnedByMoving() external {
        _mintFines(24 * TONNE, _holding(COBALT, 10_000, NICKEL, 0));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 10_100, NICKEL, 0));
        BatchId child = _split(mine, _lot, "C", 12 * TONNE);
        _lot = child;
        _refused(_exceeded(COBALT, 102, 100));
        _remeasure(mine, child, 12 * TONNE, _holding(COBALT, 5_051, NICKEL, 0));
        ILedgerRecords.Transformation memory run = _run("R", _only(child), 12 * TONNE, 5_050);
        run.outputs[0].material = fines;
        run.outputs[0].substances = _holding(COBALT, 5_050);
        _transform(mine, run);
        _lot = Named.batch(mine, "R-1");
        _assertUsed(1, 100);
        _refused(_exceeded(COBALT, 102, 100));
        _remeasure(mine, _lot, 12 * TONNE, _holding(COBALT, 5_051));
    }

    function test_remeasure_withoutATolerance() external {
        BatchId lot = _mint("ORE", TONNE, 9);
        _lot = lot;
        _refused(_exceeded(0, -1, 0));
        _remeasure(mine, lot, TONNE - 1, _none_);
        _remeasure(mine, lot, TONNE, _none_);
        assertEq(ledger.batchOf(lot).uses, 1, "the same is a measurement too");
    }

    function test_remeasure_byAnAuditorBeyondItAndFromNothing() external {
        _mintFines(24 * TONNE, _holding(COBALT, 0));
        _refused(abi.encodeWithSelector(ILedgerRecords.RaisedFromNothing.selector, _lot, COBALT));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 1));
        _remeasure(mine, _lot, 24 * TONNE - 1, _none_);
        _refused(abi.encodeWithSelector(ILedgerRecords.RaisedFromNothing.selector, _lot, NICKEL));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 0, NICKEL, 300 * KG));
        SubstanceMass[] memory found = _holding(COBALT, 12 * TONNE, NICKEL, 300 * KG);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchRemeasured(
            _lot, mine, auditor, true, YEAR_2026, 30 * TONNE, found, "umpire_assay", _none()
        );
        _remeasure(auditor, _lot, 30 * TONNE, found);
        ILedgerRecords.Batch memory batch = ledger.batchOf(_lot);
        assertEq(batch.mass, 30 * TONNE, "mass");
        assertEq(_of(batch.substances, NICKEL), 300 * KG, "nickel");
        assertEq(batch.tolerance.length, 3, "lanes");
        for (uint256 i = 0; i < 3; ++i) {
            _assertUsed(i, 0);
        }
        _remeasure(mine, _lot, 30 * TONNE, _holding(COBALT, 12 * TONNE, NICKEL, 301 * KG));
        _assertUsed(2, 34);
    }

    function test_remeasure_listsEverySubstanceOfItsMaterialOnce() external {
        _mintFines(24 * TONNE, _holding(COBALT, 9, NICKEL, 9));
        _refused(abi.encodeWithSelector(ILedgerRecords.SubstanceNotMeasured.selector, _lot, NICKEL));
        _remeasure(mine, _lot, 24 * TONNE, _holding(COBALT, 9));
        _refused(abi.encodeWithSelector(ILedgerRecords.SubstanceNotMeasured.selector, _lot, COBALT));
        _remeasure(auditor, _lot, 24 * TONNE, _holding(NICKEL, 9));
        _refused(abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, COBALT));
        _remeasure(auditor, _lot, 24 * TONNE, _holding(COBALT, 9, COBALT, 9));
        SubstanceMass[] memory strange = new SubstanceMass[](3);
        (strange[0], strange[1]) = (SubstanceMass(COBALT, 9), SubstanceMass(NICKEL, 9));
        strange[2] = SubstanceMass(1_000, 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.SubstanceNotInMaterial.selector, fines, 1_000));
        _remeasure(auditor, _lot, 24 * TONNE, strange);
    }

    function test_remeasure_quantities() external {
        _mintFines(100, _holding(COBALT, 50, NICKEL, 49));
        _refused(abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        _remeasure(auditor, _lot, 0, _none_);
        _refused(abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, LARGEST + 1, LARGEST));
        _remeasure(auditor, _lot, LARGEST + 1, _none_);
        _refused(abi.encodeWithSelector(ILedgerRecords.SubstancesExceedMass.selector, 99, 96));
        _remeasure(auditor, _lot, 96, _none_);
        _remeasure(auditor, _lot, 97, _none_);
        _refused(abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, LARGEST + 1, LARGEST));
        _remeasure(auditor, _lot, LARGEST, _holding(COBALT, LARGEST + 1, NICKEL, 0));
    }

    function test_remeasure_heldOrFrozenByAnAuditorOnly() external {
        _mintFines(100, _holding(COBALT, 50));
        _hold(mine, mine, "A", HoldKind.Custodian);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, _lot, HoldKind.Custodian));
        _remeasure(mine, _lot, 100, _none_);
        _remeasure(auditor, _lot, 101, _none_);
        _release(mine, mine, "A", HoldKind.Custodian);
        _declareError(mine, mine, "A");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, _lot));
        _remeasure(mine, _lot, 101, _none_);
        _remeasure(auditor, _lot, 102, _none_);
    }

    function test_remeasure_onlyWhatIsActiveByWhoHoldsItOrAnotherAuditor() external {
        _mintFines(20_000, _holding(COBALT, 50));
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, _lot, refinery, mine));
        _remeasure(refinery, _lot, 20_000, _none_);
        _ship(mine, "S", _only(_lot), auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _lot, BatchStatus.InTransit));
        _remeasure(inspector, _lot, 20_000, _none_);
        _receive(auditor, mine, "S", _only(_lot));
        // An auditor that holds the lot measures as its custodian: within the tolerance.
        _refused(_exceeded(0, 51, 50));
        _remeasure(auditor, _lot, 20_101, _none_);
        _remeasure(auditor, _lot, 20_100, _none_);
        _assertUsed(0, 50);
        _remeasure(inspector, _lot, 30_000, _none_);
        _assertUsed(0, 0);
        _terminate(auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, _lot, auditor, auditor));
        _remeasure(auditor, _lot, 30_000, _none_);
    }

    function testFuzz_remeasure_neverPassesTheToleranceInOneDirection(uint64[6] memory steps) external {
        _mintFines(TONNE, _holding(COBALT, TONNE / 2));
        uint64 now_ = TONNE / 2;
        for (uint256 i = 0; i < steps.length; ++i) {
            uint64 next = now_ + uint64(bound(steps[i], 0, TONNE / 800));
            vm.prank(mine);
            try ledger.remeasure(_measurementOf(_lot, TONNE, _holding(COBALT, next))) {
                now_ = next;
            } catch {}
        }
        assertTrue(_used(1) <= 100 && _used(1) >= 0, "basis points");
        assertTrue(uint256(now_) * 10_000 <= uint256(TONNE / 2) * 10_101, "what a hundred of them can make of it");
        assertEq(_of(ledger.batchOf(_lot).substances, COBALT), now_, "cobalt");
    }
}
