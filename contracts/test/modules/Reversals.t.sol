// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {BatchId, TransformationId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, HoldKind, IN_FULL, Origin, SubstanceMass} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title What made a batch is taken back, on which nobody has built (Rule 8)
contract ReversalsTest is Past {
    Emissions private _nothing;

    // Mints.

    function test_reverseMint_givesItsCapacityBackAndSpendsItsId() external {
        BatchId id = _mint("WRONG", CAPACITY, 8 * TONNE);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.MintReversed(id, mine, YEAR_2026, "incorrect_data", TAG, _none());
        _reverseMint(mine, "WRONG", entry);
        _assertReversed(id);
        assertEq(_eventsOf(id), 2, "events");
        assertEq(ledger.mintedIn(pit, ore, Origin.Mined, 2026), 0, "minted in the year");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchAlreadyExists.selector, id));
        _mint("WRONG", TONNE, 0);
        _mint("RIGHT", CAPACITY, 0);
    }

    function test_reverseMint_onceAndAsItWas() external {
        BatchId id = _mintWith("A", TONNE, _holding(COBALT, 1), 5 * KG);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_scope1(5 * KG, 5 * KG));
        entry.occurredAt += 366 days;
        _refused(_notAsRecorded(id));
        _reverseMint(mine, "A", entry);
        entry.occurredAt -= 366 days;
        entry.facility = yard;
        _refused(_notAsRecorded(id));
        _reverseMint(mine, "A", entry);
        entry.facility = pit;
        _reverseMint(mine, "A", entry);
        _refused(_notAsRecorded(id));
        _reverseMint(mine, "A", entry);
        _refused(abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, Named.batch(mine, "B")));
        _reverseMint(mine, "B", entry);
    }

    function test_reverseMint_byItsAuthorOrAnAuditor() external {
        _mint("A", TONNE, 1);
        _mint("B", TONNE, 1);
        _mint("C", TONNE, 1);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        address[3] memory others = [refinery, stranger, recycler];
        for (uint256 i = 0; i < others.length; ++i) {
            _refused(_notForYou(others[i]));
            _reverseMint(others[i], "A", entry);
        }
        _reverseMint(auditor, "A", entry);
        _reverseMint(consortium, "B", entry);
        _terminate(mine);
        _refused(_notForYou(mine));
        _reverseMint(mine, "C", entry);
        _reverseMint(auditor, "C", entry);
    }

    function test_reverseMint_byTheSuspended() external {
        BatchId id = _mint("A", TONNE, 1);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        _suspend(mine);
        _reverseMint(mine, "A", entry);
        _assertReversed(id);
    }

    function test_reverse_notWhatOthersBuiltOn() external {
        BatchId id = _mint("A", TONNE, TONNE / 2);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        uint256 before = vm.snapshotState();
        for (uint256 i = 0; i < 8; ++i) {
            _buildOn(id, i);
            _refused(_builtOn(id));
            _reverseMint(mine, "A", entry);
            mocking.clearMockedCalls();
            vm.revertToState(before);
            before = vm.snapshotState();
        }
        _reverseMint(mine, "A", entry);
    }

    function _buildOn(BatchId id, uint256 how) private {
        if (how == 0) _split(mine, id, "A-1", 1);
        else if (how == 1) _ship(mine, "S", _only(id), refinery);
        else if (how == 2) _transform(mine, _run("R", _only(id), 1, 0));
        else if (how == 3) _retire(mine, id);
        else if (how == 4) _hold(auditor, mine, "A", HoldKind.Auditor);
        else if (how == 5) _declareError(auditor, mine, "A");
        else if (how == 6) _remeasure(auditor, id, TONNE, new SubstanceMass[](0));
        else _findingOn(id);
    }

    function test_reverse_notWhatWasReceivedEvenIfItCameBack() external {
        BatchId id = _mint("A", TONNE, 1);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        _handOver(mine, "S", id, refinery);
        _refused(_builtOn(id));
        _reverseMint(mine, "A", entry);
        _handOver(refinery, "S", id, mine);
        _refused(_builtOn(id));
        _reverseMint(mine, "A", entry);
    }

    function test_reverse_itsMakersHoldFreezeAndRefusedOfferDoNotStandInTheWay() external {
        BatchId id = _mint("A", TONNE, 1);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_nothing);
        _ship(mine, "S", _only(id), refinery);
        vm.prank(refinery);
        ledger.rejectShipment(mine, "S", _open(_only(id)), "wet", YEAR_2026, TAG, _none());
        _declareError(mine, mine, "A");
        _hold(mine, mine, "A", HoldKind.Custodian);
        _hold(mine, mine, "A", HoldKind.Recall);
        _reverseMint(mine, "A", entry);
        _assertReversed(id);
    }

    // Splits.

    function test_reverseSplit_allThatTheChildHoldsIsTheParentsAgain() external {
        BatchId parent = _mintWith("P", TONNE, _holding(COBALT, 333, NICKEL, 777), 1_001);
        bytes32 before = _without(parent);
        BatchId child = _split(mine, parent, "C", 123_456_789);
        assertEq(ledger.batchOf(parent).uses, 1, "uses");
        _reverseSplit(mine, mine, "C", _entryOfSplit(parent));
        _assertReversed(child);
        assertTrue(_without(parent) == before, "as if it had never been");
        assertEq(_eventsOf(parent), 3, "events of the parent");
        assertEq(_eventsOf(child), 2, "events of the child");
    }

    function test_reverseSplit_ofAllOfAConsumedParentWithWhatWasAdded() external {
        BatchId parent = _mintWith("P", TONNE, _holding(COBALT, 333), 1_001);
        BatchId child = _split(mine, parent, "C", IN_FULL);
        _assertStatus(parent, BatchStatus.Consumed);
        _add(mine, child, _scopes(0, 70, 0, 30));
        ILedgerRecords.Taken memory back = ILedgerRecords.Taken(child, TONNE, 1_071, 0, 1_031, _holding(COBALT, 333));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.SplitReversed(child, parent, auditor, YEAR_2026, back, "incorrect_data", TAG, _none());
        _reverseSplit(auditor, mine, "C", _entryOfSplit(parent));
        _assertPools(parent, TONNE, 333, 1_071, 0, 1_031);
        _assertStatus(parent, BatchStatus.Active);
    }

    function test_reverseSplit_oneChildOfSeveral() external {
        BatchId parent = _mint("P", 9, 9);
        ILedgerRecords.SplitEntry memory entry = _entryOfSplit(parent);
        BatchId one = _split(mine, parent, "C-1", 2);
        BatchId two = _split(mine, parent, "C-2", 3);
        _transform(mine, _run("R", _only(two), 1, 1));
        _reverseSplit(mine, mine, "C-1", entry);
        _assertReversed(one);
        _assertPools(parent, 6, 6, 0, 0, 0);
        assertEq(ledger.batchOf(parent).uses, 1, "uses");
        _refused(_builtOn(two));
        _reverseSplit(mine, mine, "C-2", entry);
    }

    function test_reverseSplit_toAHeldOrFrozenParent() external {
        BatchId parent = _mint("P", 9, 9);
        ILedgerRecords.SplitEntry memory entry = _entryOfSplit(parent);
        _split(mine, parent, "C-1", 2);
        _hold(auditor, mine, "P", HoldKind.Auditor);
        _declareError(inspector, mine, "P");
        _reverseSplit(mine, mine, "C-1", entry);
        _assertPools(parent, 9, 9, 0, 0, 0);
        assertTrue(ledger.batchOf(parent).frozen && ledger.batchOf(parent).heldByAuditor, "still");
    }

    function test_reverseSplit_notIfTheParentIsElsewhere() external {
        BatchId parent = _mint("P", 9, 9);
        ILedgerRecords.SplitEntry memory entry = _entryOfSplit(parent);
        _split(mine, parent, "C", 2);
        _ship(mine, "S", _only(parent), refinery);
        _refused(_builtOn(parent));
        _reverseSplit(mine, mine, "C", entry);
        _receive(refinery, mine, "S", _only(parent));
        _refused(_builtOn(parent));
        _reverseSplit(mine, mine, "C", entry);
        _handOver(refinery, "S", parent, mine);
        _retire(mine, parent);
        _refused(_builtOn(parent));
        _reverseSplit(mine, mine, "C", entry);
    }

    function test_reverseSplit_besideWhatAnAuditorFoundSince() external {
        BatchId parent = _mint("P", 90, 9);
        ILedgerRecords.SplitEntry memory entry = _entryOfSplit(parent);
        _split(mine, parent, "C", 30);
        _remeasure(auditor, parent, 60, _holding(COBALT, 6, NICKEL, 4));
        _reverseSplit(mine, mine, "C", entry);
        SubstanceMass[] memory held = ledger.batchOf(parent).substances;
        assertEq(held[0].mass, 9, "cobalt");
        assertEq(held[1].mass, 4, "nickel");
        assertEq(held.length, 2, "substances");
    }

    function test_reverseSplit_notThanksToAnEntryOfAnother() external {
        BatchId parent = _mint("P", 9, 9);
        BatchId other = _mint("Q", 9, 9);
        BatchId child = _split(mine, parent, "C", 2);
        _refused(_notAsRecorded(child));
        _reverseSplit(mine, mine, "C", _entryOfSplit(other));
    }

    // Runs.

    function test_reverseTransformation_putsBackWhatItTook() external {
        BatchId a = _mintWith("A", TONNE, _holding(COBALT, 333, NICKEL, 777), 1_001);
        BatchId b = _mint("B", 7, 3);
        (bytes32 ofA, bytes32 ofB) = (_without(a), _without(b));
        ILedgerRecords.Transformation memory request = _run("R", _both(a, b), 5 * KG, 200);
        request.emissions = _scopes(11, 22, 33, 44);
        request.inputs[0].mass = 987_654_321;
        Run memory run = _record(mine, request);
        _add(mine, run.made[0], _scope1(5, 5));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.TransformationReversed(
            Named.transformation(mine, "R"), mine, YEAR_2026, run.taken, run.made, "incorrect_data", TAG, _none()
        );
        _reverseRun(mine, run);
        _assertReversed(run.made[0]);
        assertTrue(_without(a) == ofA && _without(b) == ofB, "as if it had never been");
        assertEq(uint256(ledger.transformationOf(Named.transformation(mine, "R"))), 1, "reversed");
        _refused(abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, Named.transformation(mine, "R")));
        _reverseRun(mine, run);
        _refused(
            abi.encodeWithSelector(ILedgerRecords.TransformationAlreadyExists.selector, Named.transformation(mine, "R"))
        );
        _transform(mine, _run("R", _only(a), 1, 0));
    }

    function test_reverseTransformation_aBatchThatItTookTwiceIsNamedOnce() external {
        BatchId a = _mint("A", 100, 50);
        ILedgerRecords.Transformation memory request = _run("R", _both(a, a), 5, 5);
        request.inputs[0].mass = 33;
        bytes32 before = _without(a);
        Run memory run = _record(mine, request);
        assertEq(ledger.batchOf(a).uses, 1, "used once");
        _reverseRun(mine, run);
        assertEq(_eventsOf(a), 3, "events");
        assertTrue(_without(a) == before, "as if it had never been");
    }

    function test_reverseTransformation_laterTakesStay() external {
        BatchId a = _mint("A", 100, 50);
        ILedgerRecords.Transformation memory request = _run("R", _only(a), 5, 5);
        request.inputs[0].mass = 50;
        Run memory run = _record(mine, request);
        _split(mine, a, "C", 20);
        _reverseRun(mine, run);
        _assertPools(a, 80, 40, 0, 0, 0);
        assertEq(ledger.batchOf(a).uses, 1, "uses");
    }

    function test_reverseTransformation_refusals() external {
        BatchId a = _mint("A", 100, 50);
        ILedgerRecords.Transformation memory request = _run("R", _only(a), 50, 25);
        request.inputs[0].mass = 50;
        Run memory run = _record(mine, request);
        _refused(_notForYou(refinery));
        _reverseRun(refinery, run);
        run.taken[0].mass = 51;
        bytes memory notSo =
            abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, Named.transformation(mine, "R"));
        _refused(notSo);
        _reverseRun(mine, run);
        run.taken[0].mass = 50;
        run.emissions = _scope1(1, 0);
        _refused(notSo);
        _reverseRun(mine, run);
        run.emissions = _scope1(0, 0);
        _hold(auditor, mine, "R-1", HoldKind.Auditor);
        _refused(_builtOn(run.made[0]));
        _reverseRun(mine, run);
        _release(auditor, mine, "R-1", HoldKind.Auditor);
        _ship(mine, "S", _only(a), refinery);
        _refused(_builtOn(a));
        _reverseRun(mine, run);
        _receive(refinery, mine, "S", _only(a));
        _refused(_builtOn(a));
        _reverseRun(mine, run);
    }

    function testFuzz_reverse_leavesNoTrace(uint64[4] memory pools, uint64 part, Emissions memory process) external {
        uint64 mass = uint64(bound(pools[0], 2, CAPACITY));
        uint64 cobalt = uint64(bound(pools[1], 0, mass));
        BatchId a = _mintWith("A", mass, _holding(COBALT, cobalt), uint64(bound(pools[2], 0, LARGEST)));
        bytes32 before = _without(a);
        ILedgerRecords.Transformation memory request = _run("R", _only(a), mass, 0);
        request.inputs[0].mass = uint64(bound(part, 1, mass));
        request.emissions = _scopes(process.scope1() >> 14, process.scope2() >> 14, process.scope3() >> 14, 0);
        if (uint256(pools[2]) + process.total() > LARGEST) {
            request.emissions = _scope1(0, 0);
        }
        Run memory run = _record(mine, request);
        _reverseRun(mine, run);
        assertTrue(_without(a) == before, "after the run");
        BatchId child = _split(mine, a, "C", uint64(bound(pools[3], 1, mass)));
        _reverseSplit(mine, mine, "C", _entryOfSplit(a));
        assertTrue(_without(a) == before, "after the split");
        _assertReversed(child);
    }
}
