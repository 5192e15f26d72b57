// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, Origin, Retirement} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title What is made of products that came back, and what is not
contract SecondLivesTest is World {
    function setUp() public override {
        super.setUp();
        _approve(yard, car, POST_CONSUMER, CAPACITY);
    }

    /// @dev A car of the maker's, made of ore: 1,000 mg with 100 of cobalt.
    function _car() private returns (BatchId) {
        BatchId raw = _mintWith("RAW", 1_000, _holding(COBALT, 100), 50);
        _handOver(mine, "SEA-1", raw, maker);
        ILedgerRecords.Transformation memory run = _run("RUN-1", _only(raw), 1, 0);
        run.facility = plant;
        run.outputs[0] = _output("CAR", car, 1_000, 0, _holding(COBALT, 100));
        _transform(maker, run);
        return Named.batch(maker, "CAR");
    }

    /// @dev The refinery, of all, sells it to the last customer, and the recycler takes it back.
    function _deliverAndTakeBack(BatchId id) private {
        _handOver(maker, "ROAD-1", id, refinery);
        _retire(refinery, id, Retirement.Delivered);
        vm.prank(recycler);
        ledger.takeBack(maker, "CAR", yard, YEAR_2026, _document());
    }

    function _recycling(BatchId[] memory inputs) private view returns (ILedgerRecords.Transformation memory request) {
        request = _run("RC-1", inputs, 50, 0);
        (request.facility, request.recycling) = (yard, true);
    }

    function test_recycling_ofWhatWasTakenBackOnly() external {
        BatchId id = _car();
        _deliverAndTakeBack(id);
        _approve(yard, salt, PRE_CONSUMER, 1);
        bytes memory reason =
            abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, yard, salt, Origin.PostConsumer);
        _refused(reason);
        _transform(recycler, _recycling(_only(id)));
        _approve(yard, salt, POST_CONSUMER, 1);
        ILedgerRecords.Mint memory request = _mintOf("SCRAP", 100);
        (request.material, request.facility, request.origin) = (scrap, yard, Origin.PostConsumer);
        vm.prank(recycler);
        BatchId minted = ledger.mint(request);
        reason = abi.encodeWithSelector(ILedgerRecords.NotForRecycling.selector, minted);
        _refused(reason);
        _transform(recycler, _recycling(_both(id, minted)));
        BatchId part = _split(recycler, id, "PART", 10);
        _transform(recycler, _recycling(_both(id, part)));
        assertTrue(!ledger.batchOf(Named.batch(recycler, "RC-1-1")).takenBack, "material again");
    }

    /// @dev What was split off in the first life is not put into the second one.
    function test_aSplitOfTheFirstLifeIsNotReversedIntoTheSecond() external {
        BatchId id = _car();
        _split(maker, id, "REST", 999);
        ILedgerRecords.SplitEntry memory entry = ILedgerRecords.SplitEntry(id, _salt());
        _deliverAndTakeBack(id);
        _handOver(recycler, "ROAD-2", id, maker);
        _expect(abi.encodeWithSelector(ILedgerRecords.BuiltOn.selector, id));
        vm.prank(maker);
        ledger.reverseSplit(maker, "REST", entry, _reversal());
        // One of the second life is.
        _split(maker, id, "MORE", 1);
        vm.prank(maker);
        ledger.reverseSplit(maker, "MORE", entry, _reversal());
        assertEq(ledger.batchOf(id).mass, 1, "put back");
    }

    function test_aRunOfTheFirstLifeIsNotReversedIntoTheSecond() external {
        BatchId id = _car();
        ILedgerRecords.Taken[] memory first = _use("RUN-2", id, 999);
        _deliverAndTakeBack(id);
        _handOver(recycler, "ROAD-2", id, maker);
        _expect(abi.encodeWithSelector(ILedgerRecords.BuiltOn.selector, id));
        _reverse("RUN-2", first);
        ILedgerRecords.Taken[] memory second = _use("RUN-3", id, 1);
        _reverse("RUN-3", second);
        assertEq(ledger.batchOf(id).mass, 1, "put back");
    }

    function _use(string memory name, BatchId id, uint64 mass) private returns (ILedgerRecords.Taken[] memory taken) {
        ILedgerRecords.Transformation memory run = _run(name, _only(id), 1, 0);
        (run.facility, run.inputs[0].mass) = (plant, mass);
        vm.recordLogs();
        _transform(maker, run);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILedgerRecords.Transformed.selector) continue;
            (,,,, taken) = abi.decode(logs[i].data, (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[]));
        }
    }

    function _reverse(string memory name, ILedgerRecords.Taken[] memory taken) private {
        BatchId[] memory outputs = _only(Named.batch(maker, string.concat(name, "-1")));
        _as(maker);
        ledger.reverseTransformation(maker, name, _scope1(0, 0), taken, outputs, _reversal());
    }
}
