// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, MaterialId} from "../types/Ids.sol";
import {AllocationRule, Difference, SubstanceMass} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title The largest and the oddest numbers, with fifteen substances
contract ExtremesTest is World {
    uint16 private constant _FIRST = 65_521;

    MaterialId private _rich;

    function setUp() public override {
        super.setUp();
        uint16[] memory numbers = new uint16[](15);
        for (uint16 i = 0; i < 15; ++i) {
            numbers[i] = _FIRST + i;
        }
        IParticipantRegistry.Terms memory terms;
        _rich = _define("rich", numbers, terms);
        _approve(pit, _rich, MINED, type(uint64).max);
    }

    /// @dev A lot that is nothing but its substances, each of some part of it; what is left is the last one's.
    function _lot(string memory name, uint64 mass, uint64 own, uint64 primary, uint256 seed) private returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintOf(name, mass);
        request.material = _rich;
        request.substances = new SubstanceMass[](15);
        uint256 left = mass;
        for (uint16 i = 0; i < 15; ++i) {
            uint256 part = i == 14 ? left : uint256(keccak256(abi.encode(seed, i))) % (left + 1);
            request.substances[i] = SubstanceMass(_FIRST + i, uint64(part));
            left -= part;
        }
        request.emissions = _scope1(own, primary);
        vm.prank(mine);
        return ledger.mint(request);
    }

    function _letter(uint256 i) private pure returns (string memory) {
        return string(abi.encodePacked(bytes1(uint8(65 + i))));
    }

    /// forge-config: default.fuzz.runs = 100
    function testFuzz_anyWeights(uint64[5] calldata w, uint64 mass, uint64 own, uint64[3] memory e, uint256 seed)
        external
    {
        mass = uint64(bound(mass, 1, LARGEST));
        own = uint64(bound(own, 0, LARGEST));
        BatchId id = _lot("X", mass, own, own, seed);
        ILedgerRecords.Transformation memory run = _run("R", _only(id), 1, 0);
        run.allocation = AllocationRule.Economic;
        for (uint256 i = 0; i < 3; ++i) {
            e[i] = uint64(bound(e[i], 0, LARGEST / 3));
        }
        run.emissions = _scopes(e[0], e[1], e[2], 0);
        run.outputs = new ILedgerRecords.Output[](5);
        SubstanceMass[] memory all = ledger.batchOf(id).substances;
        for (uint256 i = 0; i < 5; ++i) {
            uint64 weight = w[i] == 0 ? type(uint64).max : w[i];
            SubstanceMass[] memory held = i == 0 ? all : new SubstanceMass[](0);
            run.outputs[i] = _output(_letter(i), _rich, i == 0 ? mass : 1, weight, held);
        }
        _transform(mine, run);
        uint256[3] memory sums;
        for (uint256 i = 0; i < 5; ++i) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(Named.batch(mine, _letter(i)));
            sums[0] += batch.ownCo2e;
            sums[1] += batch.inheritedCo2e;
            sums[2] += batch.primaryCo2e;
        }
        assertEq(sums[0], uint256(e[0]) + e[1] + e[2], "own");
        assertEq(sums[1], own, "inherited");
        assertEq(sums[2], own, "primary");
    }

    /// forge-config: default.fuzz.runs = 100
    function testFuzz_splitsThenALossThenAllPutBack(
        uint64 mass,
        uint64 own,
        uint64[6] calldata parts,
        uint64 arrived,
        uint256 seed
    ) external {
        mass = uint64(bound(mass, 8, LARGEST));
        own = uint64(bound(own, 0, LARGEST));
        BatchId id = _lot("X", mass, own, own / 2, seed);
        ILedgerRecords.Batch memory before = ledger.batchOf(id);
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](6);
        uint64 left = mass;
        for (uint256 i = 0; i < 6; ++i) {
            uint64 part = uint64(bound(parts[i], 1, left - (7 - uint64(i))));
            children[i] = ILedgerRecords.SplitChild(_letter(i), part);
            left -= part;
        }
        bytes32 word = _without(id);
        vm.prank(mine);
        ledger.split(id, children, YEAR_2026, _none());
        _assertSum(id, children.length, before);
        uint256 snapshot = vm.snapshotState();
        _loseOnTheWay(id, arrived);
        vm.revertToState(snapshot);
        // In whatever order the children come back, nothing is left of the split.
        for (uint256 i = 0; i < 6; ++i) {
            vm.prank(mine);
            ledger.reverseSplit(
                mine, _letter((i * 5 + seed % 6) % 6), ILedgerRecords.SplitEntry(id, _salt()), _reversal()
            );
        }
        assertTrue(word == _without(id), "as it was");
    }

    function _loseOnTheWay(BatchId id, uint64 arrived) private {
        _ship(mine, "S", _only(id), refinery);
        ILedgerRecords.Batch memory shipped = ledger.batchOf(id);
        arrived = uint64(bound(arrived, 1, shipped.mass - 1));
        _arrive(refinery, mine, "S", id, arrived, Difference.Loss);
        ILedgerRecords.Batch memory got = ledger.batchOf(id);
        assertEq(got.mass, arrived, "what arrived");
        assertEq(
            uint256(got.ownCo2e) + got.inheritedCo2e, uint256(shipped.ownCo2e) + shipped.inheritedCo2e, "burden stays"
        );
        uint256 held = 0;
        for (uint256 i = 0; i < 15; ++i) {
            uint256 lost = uint256(shipped.substances[i].mass) * (shipped.mass - got.mass) / shipped.mass;
            assertEq(uint256(got.substances[i].mass) + lost, shipped.substances[i].mass, "substance");
            held += got.substances[i].mass;
        }
        assertTrue(held <= uint256(got.mass) + 90, "a milligram a substance and take, at most");
    }

    function _assertSum(BatchId parent, uint256 count, ILedgerRecords.Batch memory before) private view {
        ILedgerRecords.Batch memory sum = ledger.batchOf(parent);
        for (uint256 i = 0; i < count; ++i) {
            ILedgerRecords.Batch memory part = ledger.batchOf(Named.batch(mine, _letter(i)));
            sum.mass += part.mass;
            sum.ownCo2e += part.ownCo2e;
            sum.primaryCo2e += part.primaryCo2e;
            for (uint256 k = 0; k < 15; ++k) {
                sum.substances[k].mass += part.substances[k].mass;
            }
        }
        assertEq(sum.mass, before.mass, "mass");
        assertEq(sum.ownCo2e, before.ownCo2e, "own");
        assertEq(sum.primaryCo2e, before.primaryCo2e, "primary");
        for (uint256 k = 0; k < 15; ++k) {
            assertEq(sum.substances[k].mass, before.substances[k].mass, "substance");
        }
    }

    /// @dev The primary part can pass what it is a part of by a milligram an input, and no more.
    function test_primaryPassesEmissionsByAMilligramAnInputAtMost() external {
        BatchId id = _mintWith("B", 1_000, _holding(COBALT, 0), 1_000);
        ILedgerRecords.Transformation memory run = _run("R", _only(id), 2_000, 0);
        run.emissions = _scope1(1_000, 1_000);
        _transform(mine, run);
        BatchId made = Named.batch(mine, "R-1");
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](64);
        ILedgerRecords.Transformation memory join = _run("J", new BatchId[](64), 1, 0);
        for (uint256 i = 0; i < 64; ++i) {
            string memory name = string.concat(_letter(i / 16), _letter(i % 16));
            children[i] = ILedgerRecords.SplitChild(name, 1);
            join.inputs[i].batch = Named.batch(mine, name);
        }
        vm.prank(mine);
        ledger.split(made, children, YEAR_2026, _none());
        _transform(mine, join);
        ILedgerRecords.Batch memory batch = ledger.batchOf(Named.batch(mine, "J-1"));
        assertTrue(batch.primaryCo2e <= uint256(batch.ownCo2e) + batch.inheritedCo2e + 64, "one an input");
    }

    function test_allButAMilligramLost() external {
        BatchId id = _mintWith("A", TONNE, _holding(COBALT, TONNE / 2), TONNE);
        _ship(mine, "S", _only(id), mine);
        _arrive(mine, mine, "S", id, 1, Difference.Loss);
        _assertPools(id, 1, 1, TONNE, 0, TONNE);
        assertEq(token.balanceOf(mine), 1, "balance");
    }

    function test_theLargestLot() external {
        _approve(pit, ore, MINED, type(uint64).max);
        ILedgerRecords.Mint memory request = _mintOf("A", LARGEST);
        request.emissions = _scope1(LARGEST, LARGEST);
        vm.prank(mine);
        BatchId id = ledger.mint(request);
        _assertPools(id, LARGEST, 0, LARGEST, 0, LARGEST);
        _refused(abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, uint256(LARGEST) + 1, LARGEST));
        _add(mine, id, _scope1(1, 0));
        _add(mine, id, _scope1(0, 0));
    }
}
