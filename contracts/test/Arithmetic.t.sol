// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {CalendarYear} from "../libraries/CalendarYear.sol";
import {Pools} from "../libraries/Pools.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {Custody, CustodyLibrary} from "../types/Custody.sol";
import {Differences, DifferencesLibrary} from "../types/Differences.sol";
import {MaterialId} from "../types/Ids.sol";
import {Spread, SpreadLibrary} from "../types/Spread.sol";
import {SubstancePools, SubstancePoolsLibrary} from "../types/SubstancePools.sol";
import {SubstanceSet, SubstanceSetLibrary} from "../types/SubstanceSet.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus} from "../types/Values.sol";
import {Base} from "./Base.sol";

/// @title Take, allocate, calendar years and packed words, each over its whole domain
contract ArithmeticTest is Base {
    function testFuzz_take_isTheFloor(uint64 pool, uint64 part, uint64 whole) external pure {
        whole = uint64(bound(whole, 1, type(uint56).max));
        part = uint64(bound(part, 1, whole));
        uint256 taken = Pools.take(pool, part, whole);
        assertTrue(taken * whole <= uint256(pool) * part, "not above the exact part");
        assertTrue((taken + 1) * whole > uint256(pool) * part, "less than one below it");
        assertTrue(taken <= pool, "at most the pool");
    }

    function testFuzz_take_inFullIsEverything(uint64 pool, uint64 whole) external pure {
        whole = uint64(bound(whole, 1, type(uint64).max));
        assertEq(Pools.take(pool, whole, whole), pool, "all of it");
    }

    function testFuzz_allocate_sharesSumToTheTotal(uint256 total, uint64[8] calldata weights, uint8 count)
        external
        pure
    {
        total = bound(total, 0, uint256(type(uint64).max) * 64);
        uint256 n = bound(count, 1, weights.length);
        uint256 whole = 0;
        for (uint256 i = 0; i < n; ++i) {
            whole += bound(weights[i], 1, type(uint64).max);
        }
        uint256 sum = 0;
        uint256 from = 0;
        for (uint256 i = 0; i < n; ++i) {
            uint256 to = from + bound(weights[i], 1, type(uint64).max);
            uint256 share = Pools.allocated(total, to, whole) - Pools.allocated(total, from, whole);
            assertEq(share, total * to / whole - total * from / whole, "the stated formula");
            sum += share;
            from = to;
        }
        assertEq(sum, total, "nothing lost or made");
    }

    function testFuzz_allocate_isWithinOneOfTheExactShare(uint64 total, uint64 before, uint64 own, uint64 behind)
        external
        pure
    {
        uint256 whole = uint256(before) + own + behind;
        if (whole == 0) whole = own = 1;
        uint256 share = Pools.allocated(total, uint256(before) + own, whole) - Pools.allocated(total, before, whole);
        assertTrue((share + 1) * whole > uint256(total) * own, "at most one below");
        assertTrue(share * whole < uint256(total) * own + whole, "at most one above");
    }

    function testFuzz_allocateScopes_eachScopeIsATotalOfItsOwn(Emissions memory emissions, uint64 own, uint64 behind)
        external
        pure
    {
        own = uint64(bound(own, 1, type(uint64).max));
        uint256 whole = uint256(own) + behind;
        uint256 expected = Pools.allocated(emissions.scope1(), own, whole)
            + Pools.allocated(emissions.scope2(), own, whole) + Pools.allocated(emissions.scope3(), own, whole);
        assertEq(Pools.allocatedScopes(emissions, own, whole), expected, "sum of the scopes' shares");
    }

    function test_allocate_floorsTheRunningSum() external pure {
        assertEq(Pools.allocated(10, 0, 3), 0, "before the first");
        assertEq(Pools.allocated(10, 1, 3), 3, "the first");
        assertEq(Pools.allocated(10, 2, 3), 6, "the second");
        assertEq(Pools.allocated(10, 3, 3), 10, "the third");
    }

    function test_yearOf_knownTimes() external pure {
        assertEq(CalendarYear.yearOf(0), 1970, "the epoch");
        assertEq(CalendarYear.yearOf(31_535_999), 1970, "last second of 1970");
        assertEq(CalendarYear.yearOf(31_536_000), 1971, "first of 1971");
        assertEq(CalendarYear.yearOf(951_782_400), 2000, "29 February 2000");
        assertEq(CalendarYear.yearOf(1_767_225_599), 2025, "last second of 2025");
        assertEq(CalendarYear.yearOf(1_767_225_600), 2026, "first of 2026");
        assertEq(CalendarYear.yearOf(4_102_444_800), 2100, "first of 2100, no leap year");
        assertEq(CalendarYear.yearOf(4_133_980_799), 2100, "last second of 2100");
        assertEq(CalendarYear.yearOf(4_133_980_800), 2101, "first of 2101");
    }

    function testFuzz_yearOf_isTheYearWhoseSecondsHoldIt(uint64 timestamp) external pure {
        // 10,000 years; beyond, see the next test.
        timestamp = uint64(bound(timestamp, 0, 315_569_520_000));
        uint256 year = CalendarYear.yearOf(timestamp);
        assertTrue(_firstSecondOf(year) <= timestamp, "not before it begins");
        assertTrue(timestamp < _firstSecondOf(year + 1), "before the next begins");
    }

    function testFuzz_yearOf_turnsExactlyAtNewYear(uint16 seed) external pure {
        uint256 year = bound(seed, 1971, 30_000);
        uint64 first = uint64(_firstSecondOf(year));
        assertEq(CalendarYear.yearOf(first), year, "the first second");
        assertEq(CalendarYear.yearOf(first - 1), year - 1, "the second before");
    }

    function testFuzz_yearOf_neverGoesBack(uint64 timestamp) external pure {
        timestamp = uint64(bound(timestamp, 0, type(uint64).max - 1));
        uint256 step = CalendarYear.yearOf(timestamp + 1) - CalendarYear.yearOf(timestamp);
        assertTrue(step <= 1, "one year at a time");
    }

    function testFuzz_batchState_keepsEveryField(
        uint64[4] memory pools,
        uint8 status,
        uint8 flags,
        uint8 count,
        uint8 uses
    ) external pure {
        BatchStatus expected = BatchStatus(bound(status, 1, 7));
        uint256 substances = bound(count, 0, 15);
        uint256 set = uint256(flags) << 223;
        uint256 times = bound(uses, 0, 40);
        BatchState state = _stateOf(pools);
        state = state.withSubstances(15).withSubstances(substances);
        state = state.withStatus(BatchStatus.Reversed).withStatus(expected).with(set);
        for (uint256 i = 0; i < times; ++i) {
            state = state.used().named().named();
        }
        _assertPools(state, pools);
        assertEq(uint8(state.status()), uint8(expected), "status");
        assertEq(state.substances(), substances, "substances");
        assertEq(state.uses(), times < 31 ? times : 31, "uses");
        assertEq(state.events(), 2 * times, "events");
        for (uint256 i = 0; i < 8; ++i) {
            assertTrue(state.has(1 << (223 + i)) == (flags & (1 << i) != 0), "flag");
        }
        assertTrue(state.exists(), "exists");
        // The first five flags stand in the way: errors by an auditor, frozen, held by either.
        assertTrue(state.isUsable() == (expected == BatchStatus.Active && flags & 0x1e == 0), "usable");
        state = state.without(set);
        assertTrue(!state.has(255 << 223), "no flag is left");
        _assertPools(state, pools);
        assertEq(state.events(), 2 * times, "events stay");
    }

    function _stateOf(uint64[4] memory pools) private pure returns (BatchState) {
        for (uint256 i = 0; i < 4; ++i) {
            pools[i] = uint64(bound(pools[i], 0, BatchStateLibrary.LARGEST));
        }
        return BatchStateLibrary.fromPools(pools[0], pools[1], pools[2], pools[3]);
    }

    function testFuzz_batchState_anotherMassAndNothingElse(uint64[4] memory pools, uint64 mass) external pure {
        mass = uint64(bound(mass, 0, BatchStateLibrary.LARGEST));
        BatchState state = _stateOf(pools).withStatus(BatchStatus.Active).named();
        BatchState other = state.withMass(mass);
        assertEq(other.mass(), mass, "mass");
        assertEq(BatchState.unwrap(other.withMass(pools[0])), BatchState.unwrap(state), "the rest");
    }

    function test_batchState_fullCountsStay() external pure {
        BatchState state = BatchStateLibrary.fromPools(1, 0, 0, 0).withStatus(BatchStatus.Active);
        for (uint256 i = 0; i < 30; ++i) {
            state = state.used();
        }
        assertEq(state.uses(), 30, "thirty");
        assertEq(state.used().unused().uses(), 31, "nobody knows how many there were");
        assertEq(state.unused().uses(), 29, "one less");
        BatchState full = BatchState.wrap(BatchState.unwrap(state) | (((1 << 20) - 2) << 236));
        assertEq(full.named().events(), (1 << 20) - 1, "the last one");
        assertEq(BatchState.unwrap(full.named().named()), BatchState.unwrap(full.named()), "stays");
    }

    function testFuzz_batchState_minusThenPlus(uint64[4] memory whole, uint64[4] memory part) external pure {
        BatchState state = _stateOf(whole).withStatus(BatchStatus.Active).named().used();
        for (uint256 i = 0; i < 4; ++i) {
            part[i] = uint64(bound(part[i], 0, whole[i]));
        }
        BatchState other = _stateOf(part);
        BatchState rest = state.minus(other);
        assertEq(rest.mass(), whole[0] - part[0], "mass");
        assertEq(rest.ownCo2e(), whole[1] - part[1], "own");
        assertEq(rest.inheritedCo2e(), whole[2] - part[2], "inherited");
        assertEq(rest.primaryCo2e(), whole[3] - part[3], "primary");
        assertEq(BatchState.unwrap(rest.plus(other)), BatchState.unwrap(state), "nothing else");
    }

    function testFuzz_substancePools_keepEveryLane(
        uint16[3] calldata substances,
        uint64[3] memory masses,
        uint40 material
    ) external pure {
        SubstancePools word = SubstancePoolsLibrary.create(MaterialId.wrap(material));
        for (uint256 lane = 0; lane < 3; ++lane) {
            masses[lane] = uint64(bound(masses[lane], 0, BatchStateLibrary.LARGEST));
            word = word.add(lane, substances[lane], masses[lane]);
        }
        for (uint256 lane = 0; lane < 3; ++lane) {
            (uint16 substance, uint64 mass) = word.at(lane);
            assertEq(substance, substances[lane], "substance");
            assertEq(mass, masses[lane], "mass");
        }
        assertEq(MaterialId.unwrap(word.material()), material, "material");
    }

    function testFuzz_custody_keepsBoth(address custodian, bytes12 trail) external pure {
        Custody word = CustodyLibrary.create(custodian, trail);
        assertEq(word.custodian(), custodian, "custodian");
        assertTrue(word.trail() == trail, "trail");
    }

    function testFuzz_differences_keepEveryLane(int16[16] calldata lanes) external pure {
        Differences word = DifferencesLibrary.NONE;
        bool none = true;
        for (uint256 i = 0; i < 16; ++i) {
            word = word.with(i, 1).with(i, lanes[i]);
            none = none && lanes[i] == 0;
        }
        for (uint256 i = 0; i < 16; ++i) {
            assertTrue(word.at(i) == lanes[i], "lane");
        }
        assertTrue(word.isNone() == none, "none");
    }

    function testFuzz_spread_keepsWhatIsFarthest(
        int16[16] memory points,
        uint8[16] memory below,
        uint8[16] memory above
    ) external pure {
        Spread spread = SpreadLibrary.NONE;
        Differences word = DifferencesLibrary.NONE;
        for (uint256 i = 0; i < 16; ++i) {
            word = word.with(i, points[i]);
            spread = spread.with(
                i,
                points[i],
                int256(points[i]) - int256(uint256(below[i])),
                int256(points[i]) + int256(uint256(above[i]))
            );
        }
        Spread joined = spread.joined(SpreadLibrary.NONE, word, word, 16);
        assertEq(Spread.unwrap(joined), Spread.unwrap(spread), "nothing more");
        for (uint256 i = 0; i < 16; ++i) {
            (int256 least, int256 highest) = spread.around(i, points[i]);
            assertTrue(
                below[i] == 255 ? least < -100_000 : least == int256(points[i]) - int256(uint256(below[i])), "least"
            );
            assertTrue(
                above[i] == 255 ? highest > 100_000 : highest == int256(points[i]) + int256(uint256(above[i])),
                "highest"
            );
        }
    }

    function test_spread_farIsFar() external pure {
        Spread spread = SpreadLibrary.NONE.with(1, 7, 7 - 256, 7 + 300);
        (int256 least, int256 highest) = spread.around(1, 7);
        assertTrue(least < -100_000 && highest > 100_000, "beyond what is kept");
        (least, highest) = spread.around(0, 7);
        assertTrue(least == 7 && highest == 7, "the other lanes");
        // Moved on by three, with a part that stays where it was.
        Differences from = DifferencesLibrary.NONE.with(0, 10);
        Spread moved = SpreadLibrary.NONE.joined(SpreadLibrary.NONE, from, DifferencesLibrary.NONE.with(0, 13), 1);
        (least, highest) = moved.around(0, 13);
        assertTrue(least == 10 && highest == 13, "from ten to thirteen");
        moved = SpreadLibrary.NONE.joined(SpreadLibrary.NONE, from, DifferencesLibrary.NONE.with(0, 6), 1);
        (least, highest) = moved.around(0, 6);
        assertTrue(least == 6 && highest == 10, "from six to ten");
    }

    function testFuzz_substanceSet_findsExactlyItsMembers(uint256 seed, uint8 count, uint16 probe) external pure {
        uint256 n = bound(count, 0, SubstanceSetLibrary.CAPACITY);
        SubstanceSet set = SubstanceSetLibrary.EMPTY;
        uint16 substance = 0;
        bool member = false;
        for (uint256 lane = 0; lane < n; ++lane) {
            substance += uint16(bound(uint256(keccak256(abi.encode(seed, lane))), 1, 4_000));
            set = set.add(lane, substance);
            if (substance == probe) member = true;
        }
        (bool found,) = set.seek(probe);
        assertTrue(found == member, "the probe");
        (found,) = set.seek(substance);
        assertTrue(found == (n != 0), "the largest");
        assertTrue(set.isDefined(), "defined");
    }

    function test_substanceSet_undefinedIsNotEmpty() external pure {
        assertTrue(!SubstanceSet.wrap(0).isDefined(), "undefined");
        assertTrue(SubstanceSetLibrary.EMPTY.isDefined(), "empty");
    }

    function _assertPools(BatchState state, uint64[4] memory pools) private pure {
        assertEq(state.mass(), pools[0], "mass");
        assertEq(state.ownCo2e(), pools[1], "own");
        assertEq(state.inheritedCo2e(), pools[2], "inherited");
        assertEq(state.primaryCo2e(), pools[3], "primary");
    }

    /// @dev Counts days by the calendar's rule: 365 a year, and one for each leap year since 1970.
    function _firstSecondOf(uint256 year) private pure returns (uint256) {
        uint256 last = year - 1;
        uint256 leapDays = last / 4 - last / 100 + last / 400 - 477; // 477 until the end of 1969
        return ((year - 1970) * 365 + leapDays) * 86_400;
    }
}
