// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, Origin, Retirement, SubstanceMass} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title What waste bears, where it goes, and what is made of it
contract WasteTest is World {
    BatchId private _first;

    function setUp() public override {
        super.setUp();
        _first = _mintWith("LOT-1", 24 * TONNE, _holding(COBALT, 8 * TONNE), 56 * TONNE);
    }

    /// @dev A run of the first lot to salt and slag that hold so much cobalt.
    function _runTo(string memory name, uint64 inSalt, uint64 slagMass, uint64 inSlag)
        private
        view
        returns (ILedgerRecords.Transformation memory request)
    {
        request = _run(name, _only(_first), 24 * TONNE, inSalt);
        ILedgerRecords.Output memory product = request.outputs[0];
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = product;
        request.outputs[1] = _output(string.concat(name, "-slag"), slag, slagMass, 0, _holding(COBALT, inSlag));
    }

    // What it bears.

    function test_slagOfAnyMassBearsNothing() external {
        ILedgerRecords.Transformation memory request = _runTo("RUN-1", 8 * TONNE, LARGEST, 0);
        request.emissions = _scope1(TONNE, 7);
        vm.recordLogs();
        _transform(mine, request);
        BatchId product = Named.batch(mine, "RUN-1-1");
        BatchId waste = Named.batch(mine, "RUN-1-slag");
        _assertPools(product, 24 * TONNE, 8 * TONNE, TONNE, 56 * TONNE, 56 * TONNE + 7);
        _assertPools(waste, LARGEST, 0, 0, 0, 0);
        assertTrue(ledger.batchOf(waste).waste, "is waste");
        assertTrue(!ledger.batchOf(product).waste, "is not");
        (AllocationRule rule, ILedgerRecords.Made[] memory made) = _made();
        assertTrue(rule == AllocationRule.Mass, "by mass");
        assertEq(made[0].weight, 24 * TONNE, "a product weighs its mass");
        assertEq(made[1].weight, 0, "waste weighs nothing");
        assertTrue(made[1].waste && !made[0].waste, "as the event says");
    }

    function _made() private returns (AllocationRule rule, ILedgerRecords.Made[] memory made) {
        (,, rule,,, made) = abi.decode(
            _dataOf(ILedgerRecords.Transformed.selector),
            (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[], ILedgerRecords.Made[])
        );
    }

    function test_slagHasNoWeightOfItsOwn() external {
        ILedgerRecords.Transformation memory request = _runTo("RUN-1", 8 * TONNE, 1, 0);
        request.allocation = AllocationRule.Economic;
        request.outputs[0].weight = 1;
        request.outputs[1].weight = type(uint64).max;
        _refused(abi.encodeWithSelector(ILedgerRecords.InvalidWeight.selector, 1, type(uint64).max));
        _transform(mine, request);
        request.outputs[1].weight = 0;
        _transform(mine, request);
        assertEq(ledger.batchOf(Named.batch(mine, "RUN-1-1")).inheritedCo2e, 56 * TONNE, "all of it");
        assertEq(ledger.batchOf(Named.batch(mine, "RUN-1-slag")).inheritedCo2e, 0, "none");
    }

    function test_whatIsNotWasteNeedsAWeight() external {
        ILedgerRecords.Transformation memory request = _runTo("RUN-1", 8 * TONNE, 1, 0);
        request.allocation = AllocationRule.Economic;
        request.outputs[0].weight = 1;
        request.outputs[1].material = steel;
        request.outputs[1].substances = new SubstanceMass[](0);
        _refused(abi.encodeWithSelector(ILedgerRecords.InvalidWeight.selector, 1, 0));
        _transform(mine, request);
        request.allocation = AllocationRule.Mass;
        _refused(abi.encodeWithSelector(ILedgerRecords.InvalidWeight.selector, 0, 1));
        _transform(mine, request);
    }

    function test_slagThatTakesMoreThanTheRestBearsByMass() external {
        // Just half of it is not more.
        _transform(mine, _runTo("RUN-1", 4 * TONNE, 8 * TONNE, 4 * TONNE));
        assertEq(ledger.batchOf(Named.batch(mine, "RUN-1-slag")).inheritedCo2e, 0, "half");
        _first = _mintWith("LOT-2", 24 * TONNE, _holding(COBALT, 8 * TONNE), 56 * TONNE);
        ILedgerRecords.Transformation memory request = _runTo("RUN-2", 4 * TONNE - 1, 8 * TONNE, 4 * TONNE + 1);
        request.allocation = AllocationRule.Economic;
        request.outputs[0].weight = 1;
        request.emissions = _scope1(400, 40);
        vm.recordLogs();
        _transform(mine, request);
        (AllocationRule rule, ILedgerRecords.Made[] memory made) = _made();
        assertTrue(rule == AllocationRule.Mass, "by mass after all");
        assertEq(made[0].weight, 24 * TONNE, "the product's mass");
        assertEq(made[1].weight, 8 * TONNE, "the slag's mass");
        _assertPools(Named.batch(mine, "RUN-2-1"), 24 * TONNE, 4 * TONNE - 1, 300, 42 * TONNE, 42 * TONNE + 30);
        _assertPools(Named.batch(mine, "RUN-2-slag"), 8 * TONNE, 4 * TONNE + 1, 100, 14 * TONNE, 14 * TONNE + 10);
        assertTrue(ledger.batchOf(Named.batch(mine, "RUN-2-slag")).waste, "waste all the same");
    }

    /// @dev One substance is enough, and losses are in no output.
    function test_slagThatTakesMoreOfOneOfTwoMetals() external {
        _first = _mintWith("LOT-2", TONNE, _holding(COBALT, 300 * KG, NICKEL, 300 * KG), 100);
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 500 * KG, 0);
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = _output("OUT", alloy, 500 * KG, 0, _holding(COBALT, 300 * KG, NICKEL, 10));
        request.outputs[1] = _output("SLAG", slag, 500 * KG, 0, _holding(NICKEL, 11));
        _transform(mine, request);
        _assertPools(Named.batch(mine, "SLAG"), 500 * KG, 0, 0, 50, 50);
    }

    function test_aRunThatLostEverythingLeavesItsCo2eOnItsSlag() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 24 * TONNE, 0);
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = _output("SLAG-1", slag, 3, 0, new SubstanceMass[](0));
        request.outputs[1] = _output("SLAG-2", slag, 1, 0, new SubstanceMass[](0));
        request.emissions = _scope1(40, 0);
        request.allocation = AllocationRule.Economic;
        _transform(mine, request);
        _assertPools(Named.batch(mine, "SLAG-1"), 3, 0, 30, 42 * TONNE, 42 * TONNE);
        _assertPools(Named.batch(mine, "SLAG-2"), 1, 0, 10, 14 * TONNE, 14 * TONNE);
        // Taken by the next run at home, it hands it on.
        _transform(mine, _run("RUN-2", _both(Named.batch(mine, "SLAG-1"), Named.batch(mine, "SLAG-2")), 1, 0));
        assertEq(ledger.batchOf(Named.batch(mine, "RUN-2-1")).inheritedCo2e, 56 * TONNE + 40, "all of it");
    }

    // Where it goes.

    function test_wasteIsUsedWhereItArose() external {
        _transform(mine, _runTo("RUN-1", 8 * TONNE, 100, 0));
        BatchId waste = Named.batch(mine, "RUN-1-slag");
        BatchId part = _split(mine, waste, "PART", 40);
        assertTrue(ledger.batchOf(part).waste, "a part of waste is waste");
        FacilityId other = _facility(mine, "other-works", "refinery");
        ILedgerRecords.Transformation memory request = _run("RUN-2", _only(part), 1, 0);
        request.facility = other;
        _refused(abi.encodeWithSelector(ILedgerRecords.WasteElsewhere.selector, part, mineWorks));
        _transform(mine, request);
        request.facility = mineWorks;
        _transform(mine, request);
        assertTrue(!ledger.batchOf(Named.batch(mine, "RUN-2-1")).waste, "what is made of it is not");
        _handOver(mine, "SEA-1", waste, refinery);
        request = _run("RUN-3", _only(waste), 1, 0);
        request.facility = works;
        _refused(abi.encodeWithSelector(ILedgerRecords.WasteElsewhere.selector, waste, mineWorks));
        _transform(refinery, request);
        _retire(refinery, waste, Retirement.Disposed);
    }

    function test_mintedWasteIsOrdinaryMaterial() external {
        _approve(pit, slag, MINED, CAPACITY);
        ILedgerRecords.Mint memory request = _mintOf("TAILINGS", TONNE);
        (request.material, request.emissions) = (slag, _scope1(10, 0));
        vm.prank(mine);
        BatchId id = ledger.mint(request);
        assertTrue(!ledger.batchOf(id).waste, "no run made it");
        _handOver(mine, "SEA-1", id, refinery);
        ILedgerRecords.Transformation memory run = _run("RUN-1", _only(id), 1, 0);
        run.facility = works;
        _transform(refinery, run);
    }

    // What is made of it.

    /// @dev A lot of waste of the mine's, 100 mg with 40 of cobalt, at the recycler's.
    function _wasteAtTheRecyclers() private returns (BatchId waste) {
        _first = _mintWith("LOT-3", 200, _holding(COBALT, 100), 50);
        ILedgerRecords.Transformation memory request = _run("RUN-W", _only(_first), 100, 60);
        ILedgerRecords.Output memory product = request.outputs[0];
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = product;
        request.outputs[1] = _output("WASTE", slag, 100, 0, _holding(COBALT, 40));
        _transform(mine, request);
        waste = Named.batch(mine, "WASTE");
        _handOver(mine, "ROAD-W", waste, recycler);
    }

    function _recycling(string memory name, BatchId[] memory inputs, uint64 cobalt)
        private
        view
        returns (ILedgerRecords.Transformation memory request)
    {
        request = _run(name, inputs, 50, cobalt);
        (request.facility, request.recycling, request.emissions) = (yard, true, _scope1(5, 0));
    }

    function test_recycling_ofWasteFromElsewhere_needsAnApprovalAndUsesNoCapacity() external {
        BatchId waste = _wasteAtTheRecyclers();
        ILedgerRecords.Transformation memory request = _recycling("RC-1", _only(waste), 40);
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, yard, salt, Origin.PreConsumer)
        );
        _transform(recycler, request);
        // Of another origin: not for this.
        _approve(yard, salt, POST_CONSUMER, 1);
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, yard, salt, Origin.PreConsumer)
        );
        _transform(recycler, request);
        _approve(yard, salt, PRE_CONSUMER, 1);
        _transform(recycler, request);
        BatchId made = Named.batch(recycler, "RC-1-1");
        _assertPools(made, 50, 40, 5, 0, 0);
        assertEq(ledger.mintedIn(yard, salt, Origin.PreConsumer, 2026), 0, "no capacity");
        assertTrue(!ledger.batchOf(made).waste && !ledger.batchOf(made).takenBack, "ordinary material");
    }

    function test_recycling_insideTheApprovalsPeriod() external {
        BatchId waste = _wasteAtTheRecyclers();
        vm.prank(consortium);
        registry.approveOrigin(yard, salt, PRE_CONSUMER, 1, 0, YEAR_2026 - 1, YEAR_2026, _none());
        ILedgerRecords.Transformation memory request = _recycling("RC-1", _only(waste), 40);
        _refused(
            abi.encodeWithSelector(
                IParticipantRegistry.ApprovalNotInForce.selector,
                yard,
                salt,
                Origin.PreConsumer,
                YEAR_2026,
                0,
                YEAR_2026 - 1
            )
        );
        _transform(recycler, request);
        request.occurredAt = YEAR_2026 - 1;
        _transform(recycler, request);
    }

    function test_recycling_notWhereItAroseNorOfAnythingElse() external {
        _approve(yard, salt, PRE_CONSUMER, 1);
        BatchId waste = _wasteAtTheRecyclers();
        ILedgerRecords.Mint memory request = _mintOf("SCRAP", 100);
        (request.material, request.facility, request.origin) = (scrap, yard, Origin.PreConsumer);
        vm.prank(recycler);
        BatchId minted = ledger.mint(request);
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.NotForRecycling.selector, minted);
        _refused(reason);
        _transform(recycler, _recycling("RC-1", _only(minted), 0));
        _refused(reason);
        _transform(recycler, _recycling("RC-1", _both(waste, minted), 40));
        _refused(reason);
        _transform(recycler, _recycling("RC-1", _both(minted, waste), 40));
        // The recycler's own waste, at home.
        ILedgerRecords.Transformation memory run = _run("RUN-2", _only(minted), 100, 0);
        (run.facility, run.outputs[0].material) = (yard, slag);
        _transform(recycler, run);
        BatchId own = Named.batch(recycler, "RUN-2-1");
        _refused(abi.encodeWithSelector(ILedgerRecords.NotForRecycling.selector, own));
        _transform(recycler, _recycling("RC-1", _only(own), 0));
        _transform(recycler, _recycling("RC-1", _only(waste), 40));
    }

    function test_recycling_wasteBesideAProductNeedsNoApprovalAndBearsItsShare() external {
        _approve(yard, salt, PRE_CONSUMER, 1);
        BatchId waste = _wasteAtTheRecyclers();
        ILedgerRecords.Transformation memory request = _recycling("RC-1", _only(waste), 40);
        ILedgerRecords.Output memory product = request.outputs[0];
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = product;
        request.outputs[1] = _output("DROSS", slag, 50, 0, new SubstanceMass[](0));
        request.emissions = _scope1(10, 0);
        _transform(recycler, request);
        BatchId dross = Named.batch(recycler, "DROSS");
        assertTrue(!ledger.batchOf(dross).waste, "no ordinary run made it");
        _assertPools(dross, 50, 0, 5, 0, 0);
    }

    function test_recycling_toWasteAloneNeedsAnApproval() external {
        BatchId waste = _wasteAtTheRecyclers();
        ILedgerRecords.Transformation memory request = _recycling("RC-1", _only(waste), 0);
        request.outputs[0] = _output("DROSS", slag, 50, 0, new SubstanceMass[](0));
        _refused(
            abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, yard, slag, Origin.PreConsumer)
        );
        _transform(recycler, request);
        _approve(yard, slag, PRE_CONSUMER, 1);
        _transform(recycler, request);
    }

    /// @dev The same metal cannot be counted twice by a company that mints it again: its scrap has a history.
    function test_recycling_whatWasOnTheLedgerIsRecycledNotMintedAgain() external {
        BatchId waste = _wasteAtTheRecyclers();
        ILedgerRecords.Transformation memory run = _run("RUN-2", _only(waste), 50, 40);
        run.facility = yard;
        _refused(abi.encodeWithSelector(ILedgerRecords.WasteElsewhere.selector, waste, mineWorks));
        _transform(recycler, run);
    }

    function _dataOf(bytes32 topic) private returns (bytes memory data) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) data = logs[i].data;
        }
    }
}
