// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId, MaterialId, TransformationId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, BatchStatus, IN_FULL, Origin, ParticipantStatus, SubstanceMass} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title Batches made of batches
contract TransformationsTest is World {
    BatchId private _first;
    BatchId private _second;

    function setUp() public override {
        super.setUp();
        _first = _mintWith("LOT-1", 100, _holding(COBALT, 50, NICKEL, 10), 33);
        _second = _mintWith("LOT-2", 200, _holding(COBALT, 80), 11);
    }

    // Split.

    function test_split_takesOneAfterTheOther() external {
        ILedgerRecords.SplitChild[] memory children = _children("A", 33, "B", 33);
        ILedgerRecords.Child[] memory made = new ILedgerRecords.Child[](2);
        made[0] = ILedgerRecords.Child("A", _taken("A", 33, 10, _holding(COBALT, 16, NICKEL, 3)));
        // Of what is left: 67 mg, 34 Co, 7 Ni, 23 CO2e.
        made[1] = ILedgerRecords.Child("B", _taken("B", 33, 11, _holding(COBALT, 16, NICKEL, 3)));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchSplit(_first, mine, YEAR_2026, made, _document());
        vm.prank(mine);
        ledger.split(_first, children, YEAR_2026, _document());
        _assertPools(Named.batch(mine, "A"), 33, 16, 10, 0, 10);
        _assertPools(Named.batch(mine, "B"), 33, 16, 11, 0, 11);
        _assertPools(_first, 34, 18, 12, 0, 12);
        _assertStatus(_first, BatchStatus.Active);
        assertEq(token.ownerOf(BatchId.unwrap(Named.batch(mine, "B"))), mine, "custodian");
        assertEq(ledger.batchOf(_first).uses, 2, "a use for each child");
        assertEq(ledger.batchOf(_first).events, 2, "named once by one event");
        assertEq(ledger.batchOf(Named.batch(mine, "B")).events, 1, "and each child");
        bytes32 entry = keccak256(abi.encode(ILedgerRecords.SplitEntry(_first, _salt())));
        assertTrue(_trailOf(Named.batch(mine, "B")) == _trail(0, entry), "what made it");
        assertEq(MaterialId.unwrap(ledger.batchOf(Named.batch(mine, "B")).material), MaterialId.unwrap(ore), "material");
    }

    function _children(string memory a, uint64 massOfA, string memory b, uint64 massOfB)
        private
        pure
        returns (ILedgerRecords.SplitChild[] memory list)
    {
        list = new ILedgerRecords.SplitChild[](2);
        list[0] = ILedgerRecords.SplitChild(a, massOfA);
        list[1] = ILedgerRecords.SplitChild(b, massOfB);
    }

    function _taken(string memory identifier, uint64 mass, uint64 own, SubstanceMass[] memory substances)
        private
        view
        returns (ILedgerRecords.Taken memory)
    {
        return ILedgerRecords.Taken(Named.batch(mine, identifier), mass, own, 0, own, substances);
    }

    function test_split_allOfIt() external {
        vm.prank(mine);
        ledger.split(_first, _children("A", 60, "B", IN_FULL), YEAR_2026, _none());
        _assertPools(_first, 0, 0, 0, 0, 0);
        _assertStatus(_first, BatchStatus.Consumed);
        _assertPools(Named.batch(mine, "B"), 40, 20, 14, 0, 14);
        _expectSplit(
            _first,
            _children("C", 1, "D", 1),
            abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.Consumed)
        );
    }

    function test_split_byANewCustodianIsItsCreation() external {
        _handOver(mine, "SEA-1", _first, maker);
        BatchId child = _split(maker, _first, "LOT-1", 10);
        assertTrue(BatchId.unwrap(child) != BatchId.unwrap(_first), "another creator, another batch");
        assertEq(token.ownerOf(BatchId.unwrap(child)), maker, "custodian");
    }

    function test_split_refusals() external {
        _expectSplit(
            _first,
            new ILedgerRecords.SplitChild[](0),
            abi.encodeWithSelector(ILedgerRecords.EmptyList.selector, "children")
        );
        _expectSplit(_first, _children("A", 0, "B", 1), abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        _expectSplit(
            _first,
            _children("A", 50, "B", 51),
            abi.encodeWithSelector(ILedgerRecords.InsufficientMass.selector, _first, 51, 50)
        );
        _expectSplit(
            _first,
            _children("A", 100, "B", IN_FULL),
            abi.encodeWithSelector(ILedgerRecords.InsufficientMass.selector, _first, IN_FULL, 0)
        );
        _expectSplit(
            _first,
            _children("A", 1, "A", 1),
            abi.encodeWithSelector(ILedgerRecords.BatchAlreadyExists.selector, Named.batch(mine, "A"))
        );
        _expectSplit(
            _first,
            _children("A", 1, "LOT-1", 1),
            abi.encodeWithSelector(ILedgerRecords.BatchAlreadyExists.selector, _first)
        );
        _expectSplit(
            _first, _children("", 1, "B", 1), abi.encodeWithSelector(ILedgerRecords.InvalidIdentifier.selector, "")
        );
        _expectSplit(
            BatchId.wrap(7),
            _children("A", 1, "B", 1),
            abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, BatchId.wrap(7))
        );
        _handOver(mine, "SEA-1", _first, maker);
        _expectSplit(
            _first,
            _children("A", 1, "B", 1),
            abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, _first, mine, maker)
        );
        _suspend(mine);
        _expectSplit(_second, _children("A", 1, "B", 1), _mineSuspended());
    }

    function _expectSplit(BatchId parent, ILedgerRecords.SplitChild[] memory children, bytes memory reason) private {
        _expect(reason);
        vm.prank(mine);
        ledger.split(parent, children, YEAR_2026, _none());
    }

    function _mineSuspended() private view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            );
    }

    // Transform.

    function test_transform() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _both(_first, _second), 60, 30);
        request.inputs[1].mass = 50;
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = _output("OUT-1", alloy, 40, 0, _holding(COBALT, 30, NICKEL, 10));
        request.outputs[1] = _output("OUT-2", salt, 80, 0, _holding(COBALT, 35));
        request.outputs[1].pieces = 8;
        request.emissions = _scopes(5, 5, 2, 10);
        request.evidence = _document();
        _expectTransformed(request);
        vm.prank(mine);
        ledger.transform(request);
        // Inherited: 33 + 11 * 50 / 200 = 35, of which the first gets 35 * 40 / 120 = 11. The same of primary.
        // Own: each scope by itself, 5 * 40 / 120 = 1, 1 and 2 * 40 / 120 = 0. Primary of the process: 10 / 3 = 3.
        (BatchId out1, BatchId out2) = (Named.batch(mine, "OUT-1"), Named.batch(mine, "OUT-2"));
        _assertPools(out1, 40, 30, 2, 11, 11 + 3);
        _assertPools(out2, 80, 35, 10, 24, 24 + 7);
        _assertPools(_first, 0, 0, 0, 0, 0);
        _assertStatus(_first, BatchStatus.Consumed);
        _assertPools(_second, 150, 60, 9, 0, 9);
        _assertStatus(_second, BatchStatus.Active);
        assertTrue(
            ledger.transformationOf(Named.transformation(mine, "RUN-1"))
                == keccak256(abi.encode(request.emissions, _takenOfBoth(), _both(out1, out2))),
            "commitment"
        );
        assertEq(ledger.batchOf(_second).uses, 1, "a use of each input");
        assertEq(ledger.batchOf(_second).events, 2, "which is named");
        assertEq(ledger.batchOf(out1).uses, 0, "none of an output");
        assertEq(ledger.batchOf(out1).events, 1, "which is named, too");
        bytes32 entry = keccak256(abi.encode(ILedgerRecords.RunEntry(Named.transformation(mine, "RUN-1"), _salt())));
        assertTrue(_trailOf(out1) == _trail(0, entry), "what made it");
        assertEq(MaterialId.unwrap(ledger.batchOf(out1).material), MaterialId.unwrap(alloy), "material");
        assertEq(token.ownerOf(BatchId.unwrap(_first)), mine, "consumed, but not burnt");
    }

    function _takenOfBoth() private view returns (ILedgerRecords.Taken[] memory taken) {
        taken = new ILedgerRecords.Taken[](2);
        taken[0] = ILedgerRecords.Taken(_first, 100, 33, 0, 33, _holding(COBALT, 50, NICKEL, 10));
        taken[1] = ILedgerRecords.Taken(_second, 50, 2, 0, 2, _holding(COBALT, 20));
    }

    function _madeOf(ILedgerRecords.Output memory output, uint64 weight, uint64 own, uint64 inherited, uint64 primary)
        private
        view
        returns (ILedgerRecords.Made memory made)
    {
        made.batch = Named.batch(mine, output.identifier);
        made.material = output.material;
        made.mass = output.mass;
        made.pieces = output.pieces;
        made.weight = weight;
        (made.ownCo2e, made.inheritedCo2e, made.primaryCo2e) = (own, inherited, primary);
        made.substances = output.substances;
        made.identifier = output.identifier;
    }

    function _expectTransformed(ILedgerRecords.Transformation memory request) private {
        ILedgerRecords.Made[] memory made = new ILedgerRecords.Made[](2);
        // The weight with which each share was computed: its mass.
        made[0] = _madeOf(request.outputs[0], 40, 2, 11, 14);
        made[1] = _madeOf(request.outputs[1], 80, 10, 24, 31);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.Transformed(
            Named.transformation(mine, "RUN-1"),
            mine,
            mineWorks,
            YEAR_2026,
            false,
            AllocationRule.Mass,
            request.emissions,
            _takenOfBoth(),
            made,
            _holding(COBALT, 5),
            "RUN-1",
            "refining",
            request.evidence
        );
    }

    function test_transform_economicWeights() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 60, 30);
        request.allocation = AllocationRule.Economic;
        request.outputs = new ILedgerRecords.Output[](2);
        request.outputs[0] = _output("OUT-1", salt, 99, 1, _holding(COBALT, 50));
        request.outputs[1] = _output("OUT-2", steel, 1, 9, new SubstanceMass[](0));
        request.emissions = _scopes(100, 0, 0, 0);
        vm.prank(mine);
        ledger.transform(request);
        _assertPools(Named.batch(mine, "OUT-1"), 99, 50, 10, 3, 3);
        _assertPools(Named.batch(mine, "OUT-2"), 1, 0, 90, 30, 30);
    }

    function test_transform_weightsFitTheRule() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 60, 30);
        request.outputs[0].weight = 1;
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.InvalidWeight.selector, 0, 1));
        request.allocation = AllocationRule.Economic;
        request.outputs[0].weight = 0;
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.InvalidWeight.selector, 0, 0));
        request.outputs[0].weight = 1;
        vm.prank(mine);
        ledger.transform(request);
    }

    function _expectTransform(ILedgerRecords.Transformation memory request, bytes memory reason) private {
        _expect(reason);
        vm.prank(mine);
        ledger.transform(request);
    }

    function test_transform_splitsAndTransformsInheritance() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 60, 30);
        request.emissions = _scopes(7, 0, 0, 0);
        vm.prank(mine);
        ledger.transform(request);
        BatchId made = Named.batch(mine, "RUN-1-1");
        _assertPools(made, 60, 30, 7, 33, 33);
        BatchId child = _split(mine, made, "A", 20);
        _assertPools(child, 20, 10, 2, 11, 11);
        request = _run("RUN-2", _only(child), 10, 10);
        vm.prank(mine);
        ledger.transform(request);
        _assertPools(Named.batch(mine, "RUN-2-1"), 10, 10, 0, 13, 11);
    }

    function test_transform_conservesEverySubstance() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 100, 51);
        _expectTransform(request, _notConserved(COBALT, 50, 51));
        request.balanceLosses = false;
        _expectTransform(request, _notConserved(COBALT, 50, 51));
        request.outputs[0].substances = _holding(COBALT, 40);
        _expectTransform(request, _notConserved(COBALT, 50, 40));
        request.losses = _holding(COBALT, 10);
        _expectTransform(request, _notConserved(NICKEL, 10, 0));
        request.losses = _holding(COBALT, 10, NICKEL, 11);
        _expectTransform(request, _notConserved(NICKEL, 10, 11));
        request.losses = _holding(COBALT, 10, NICKEL, 10);
        vm.prank(mine);
        ledger.transform(request);
    }

    function test_transform_nothingAppears() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_second), 100, 80);
        request.outputs[0].material = alloy;
        request.outputs[0].substances = _holding(LITHIUM, 1, COBALT, 80);
        _expectTransform(request, _notConserved(LITHIUM, 0, 1));
        request.balanceLosses = false;
        _expectTransform(request, _notConserved(LITHIUM, 0, 1));
        request.outputs[0].substances = _holding(COBALT, 80);
        request.losses = _holding(NICKEL, 3);
        _expectTransform(request, _notConserved(NICKEL, 0, 3));
        // Listed with nothing is nothing.
        request.losses = _holding(NICKEL, 0);
        request.outputs[0].substances = _holding(LITHIUM, 0, COBALT, 80);
        vm.prank(mine);
        ledger.transform(request);
    }

    function _notConserved(uint16 substance, uint256 taken, uint256 accounted) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.SubstanceNotConserved.selector, substance, taken, accounted);
    }

    function test_transform_lossLists() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 100, 40);
        request.losses = _holding(COBALT, 10, NICKEL, 10);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.LossesListedAndBalanced.selector));
        request.balanceLosses = false;
        request.losses = _holding(NICKEL, 10, COBALT, 10);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, COBALT));
    }

    function test_transform_outputs() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 0, 0);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        request.outputs[0].mass = LARGEST + 1;
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, LARGEST + 1, LARGEST)
        );
        request.outputs[0].mass = 10;
        request.outputs[0].substances = _holding(COBALT, 11);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.SubstancesExceedMass.selector, 11, 10));
        request.outputs[0].substances = _holding(NICKEL, 1);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.SubstanceNotInMaterial.selector, salt, NICKEL));
        request.outputs[0].substances = _holding(NICKEL, 1, COBALT, 1);
        request.outputs[0].material = alloy;
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, COBALT));
        request.outputs[0].material = MaterialId.wrap(7);
        _expectTransform(
            request, abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, MaterialId.wrap(7))
        );
        request = _run("RUN-1", _only(_first), 10, 10);
        request.outputs[0].identifier = "LOT-2";
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.BatchAlreadyExists.selector, _second));
        request.outputs[0].identifier = "";
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.InvalidIdentifier.selector, ""));
    }

    function test_transform_inputs() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _both(_first, _first), 10, 10);
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.Consumed)
        );
        request.inputs[0].mass = 0;
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        request.inputs[0].mass = 101;
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.InsufficientMass.selector, _first, 101, 100));
        request.inputs[0].batch = BatchId.wrap(7);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, BatchId.wrap(7)));
        // The same batch twice is two takes, one after the other.
        request.inputs[0] = ILedgerRecords.Input(_first, 60);
        request.inputs[1] = ILedgerRecords.Input(_first, 40);
        vm.prank(mine);
        ledger.transform(request);
        _assertStatus(_first, BatchStatus.Consumed);
        assertEq(ledger.batchOf(_first).events, 2, "one event");
        assertEq(ledger.batchOf(_first).uses, 1, "which is one use");
    }

    function test_transform_aLaterInputsSubstanceSortsFirst() external {
        BatchId nickel = _mintWith("LOT-3", 100, _holding(NICKEL, 30), 0);
        ILedgerRecords.Transformation memory request = _run("RUN-1", _both(nickel, _second), 300, 0);
        request.outputs[0] = _output("OUT-1", alloy, 300, 0, _holding(COBALT, 80, NICKEL, 30));
        request.balanceLosses = false;
        vm.prank(mine);
        ledger.transform(request);
        SubstanceMass[] memory held = ledger.batchOf(Named.batch(mine, "OUT-1")).substances;
        assertEq(held[0].mass, 80, "cobalt");
        assertEq(held[1].mass, 30, "nickel");
    }

    function test_transform_substancesOfThreeInputsInAnyOrder() external {
        ILedgerRecords.Mint memory request = _mintOf("MIX", 100);
        request.facility = yard;
        request.material = scrap;
        request.origin = Origin.PostConsumer;
        request.substances = _holding(LITHIUM, 5, COBALT, 7);
        vm.prank(recycler);
        BatchId mix = ledger.mint(request);
        _handOver(recycler, "ROAD-1", mix, mine);
        BatchId nickel = _mintWith("LOT-3", 100, _holding(NICKEL, 30), 0);
        ILedgerRecords.Transformation memory run = _run("RUN-1", _three(nickel, _second, mix), 400, 0);
        run.outputs = new ILedgerRecords.Output[](2);
        SubstanceMass[] memory all = new SubstanceMass[](3);
        (all[0], all[1], all[2]) = (SubstanceMass(LITHIUM, 5), SubstanceMass(COBALT, 80), SubstanceMass(NICKEL, 20));
        run.outputs[0] = _output("OUT-1", alloy, 200, 0, all);
        run.outputs[1] = _output("OUT-2", alloy, 200, 0, _holding(NICKEL, 10));
        run.balanceLosses = false;
        run.losses = _holding(COBALT, 7);
        vm.prank(mine);
        ledger.transform(run);
        _assertPools(Named.batch(mine, "OUT-1"), 200, 80, 0, 5, 5);
    }

    function test_transform_spendingTwice() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 10, 10);
        vm.prank(mine);
        ledger.transform(request);
        request = _run("RUN-2", _only(_first), 10, 10);
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.Consumed)
        );
    }

    function test_transform_onlyWhatOneHolds() external {
        _ship(mine, "SEA-1", _only(_first), refinery);
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 10, 10);
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _first, BatchStatus.InTransit)
        );
        _receive(refinery, mine, "SEA-1", _only(_first));
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, _first, mine, refinery));
        request.facility = works;
        vm.prank(refinery);
        ledger.transform(request);
    }

    function test_transform_needsIdentifierInputsAndOutputs() external {
        ILedgerRecords.Transformation memory request = _run("", _only(_first), 10, 10);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.InvalidIdentifier.selector, ""));
        request.identifier = "RUN-1";
        request.inputs = new ILedgerRecords.Input[](0);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.EmptyList.selector, "inputs"));
        request = _run("RUN-1", _only(_first), 10, 10);
        request.outputs = new ILedgerRecords.Output[](0);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.EmptyList.selector, "outputs"));
        request = _run("RUN-1", _only(_first), 10, 10);
        vm.prank(mine);
        ledger.transform(request);
        TransformationId id = Named.transformation(mine, "RUN-1");
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.TransformationAlreadyExists.selector, id));
    }

    function test_transform_emissions() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 10, 10);
        request.emissions = _scopes(1, 1, 1, 4);
        _expectTransform(request, abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 4, 3));
        request.emissions = _scopes(LARGEST, 1, 0, 0);
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, uint256(LARGEST) + 1, LARGEST)
        );
        BatchId third = _mintWith("LOT-3", 100, _holding(COBALT, 0), LARGEST);
        request = _run("RUN-1", _both(_first, third), 10, 10);
        _expectTransform(
            request, abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, uint256(LARGEST) + 33, LARGEST)
        );
    }

    function test_transform_atOnesOwnFacility() external {
        ILedgerRecords.Transformation memory request = _run("RUN-1", _only(_first), 10, 10);
        request.facility = works;
        _expectTransform(
            request, abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, works, mine, refinery)
        );
        request.facility = FacilityId.wrap(7);
        _expectTransform(
            request, abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, FacilityId.wrap(7))
        );
        request.facility = mineWorks;
        _suspend(mine);
        _expectTransform(request, _mineSuspended());
    }

    // Every milligram, whatever the numbers.

    struct Numbers {
        uint64 mass;
        uint64 cobalt;
        uint64 own;
        uint64 part;
        uint64 weight;
    }

    function testFuzz_split_conservesEveryPool(Numbers memory a, uint64[3] memory parts) external {
        BatchId parent = _mintOne("F-1", a);
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](3);
        uint256 left = a.mass;
        for (uint256 i = 0; i < 3; ++i) {
            parts[i] = uint64(bound(parts[i], 1, left - (2 - i)));
            children[i] = ILedgerRecords.SplitChild(string(abi.encodePacked("C-", bytes1(uint8(65 + i)))), parts[i]);
            left -= parts[i];
        }
        vm.prank(mine);
        ledger.split(parent, children, YEAR_2026, _none());
        ILedgerRecords.Batch memory rest = ledger.batchOf(parent);
        (uint256 mass, uint256 cobalt, uint256 own) = (rest.mass, _of(rest.substances, COBALT), rest.ownCo2e);
        for (uint256 i = 0; i < 3; ++i) {
            ILedgerRecords.Batch memory child = ledger.batchOf(Named.batch(mine, children[i].identifier));
            mass += child.mass;
            cobalt += _of(child.substances, COBALT);
            own += child.ownCo2e;
            assertEq(child.primaryCo2e, child.ownCo2e, "all of it primary");
        }
        assertEq(mass, a.mass, "mass");
        assertEq(cobalt, a.cobalt, "cobalt");
        assertEq(own, a.own, "own");
        assertEq(uint8(rest.status), uint8(left == 0 ? BatchStatus.Consumed : BatchStatus.Active), "status");
    }

    function _mintOne(string memory name, Numbers memory n) private returns (BatchId) {
        n.mass = uint64(bound(n.mass, 3, CAPACITY / 4));
        n.cobalt = uint64(bound(n.cobalt, 0, n.mass));
        n.own = uint64(bound(n.own, 0, LARGEST / 8));
        n.part = uint64(bound(n.part, 1, n.mass));
        n.weight = uint64(bound(n.weight, 1, type(uint64).max));
        return _mintWith(name, n.mass, _holding(COBALT, n.cobalt), n.own);
    }

    function testFuzz_transform_conservesEveryPool(
        Numbers memory a,
        Numbers memory b,
        Emissions memory process,
        bool economic
    ) external {
        BatchId[] memory inputs = _both(_mintOne("F-1", a), _mintOne("F-2", b));
        ILedgerRecords.Transformation memory request = _run("RUN-F", inputs, 1, 0);
        (request.inputs[0].mass, request.inputs[1].mass) = (a.part, b.part);
        process = _bounded(process, LARGEST / 8);
        request.emissions = process;
        request.allocation = economic ? AllocationRule.Economic : AllocationRule.Mass;
        uint64 cobalt = uint64(uint256(a.cobalt) * a.part / a.mass + uint256(b.cobalt) * b.part / b.mass);
        request.outputs = _twoOutputs(a, b, cobalt, economic);
        vm.prank(mine);
        ledger.transform(request);
        _assertConserved(a, b, process, inputs);
    }

    function _twoOutputs(Numbers memory a, Numbers memory b, uint64 cobalt, bool economic)
        private
        view
        returns (ILedgerRecords.Output[] memory outputs)
    {
        outputs = new ILedgerRecords.Output[](2);
        (uint64 u, uint64 v) = economic ? (a.weight, b.weight) : (0, 0);
        outputs[0] = _output("OUT-1", salt, cobalt / 3 + 1, u, _holding(COBALT, cobalt / 3));
        outputs[1] = _output("OUT-2", salt, cobalt - cobalt / 3 + b.mass, v, _holding(COBALT, cobalt - cobalt / 3));
    }

    function _assertConserved(Numbers memory a, Numbers memory b, Emissions memory process, BatchId[] memory inputs)
        private
        view
    {
        ILedgerRecords.Batch[4] memory all = [
            ledger.batchOf(inputs[0]),
            ledger.batchOf(inputs[1]),
            ledger.batchOf(Named.batch(mine, "OUT-1")),
            ledger.batchOf(Named.batch(mine, "OUT-2"))
        ];
        (uint256 co2e, uint256 primary, uint256 cobalt) = (0, 0, 0);
        for (uint256 i = 0; i < 4; ++i) {
            co2e += uint256(all[i].ownCo2e) + all[i].inheritedCo2e;
            primary += all[i].primaryCo2e;
            cobalt += _of(all[i].substances, COBALT);
        }
        uint256 emitted = process.total();
        assertEq(co2e, uint256(a.own) + b.own + emitted, "CO2e");
        assertEq(primary, uint256(a.own) + b.own + process.primary(), "primary");
        assertEq(cobalt, uint256(a.cobalt) + b.cobalt, "cobalt");
        assertEq(uint256(all[2].ownCo2e) + all[3].ownCo2e, emitted, "the process is the outputs' own");
    }
}
