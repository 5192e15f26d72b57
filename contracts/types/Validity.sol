// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice When a participant's assessments of one kind are valid, in one slot.
/// @dev A renewal is recorded before the assessment that it renews ends; until it begins, that one counts. So two
/// are kept. `until` is zero where there was none, `nextFrom` where there is no renewal: a window that has not begun
/// cannot begin at zero.
struct Validity {
    uint64 from;
    uint64 until;
    uint64 nextFrom;
    uint64 nextUntil;
}

using ValidityLibrary for Validity global;

/// @title Reading and changing validity
library ValidityLibrary {
    /// @notice What counts at `time`: the window that began last. Zeros if none has begun.
    function at(Validity memory self, uint256 time) internal pure returns (uint64 from, uint64 until) {
        if (self.nextFrom != 0 && self.nextFrom <= time) return (self.nextFrom, self.nextUntil);
        return (self.from, self.until);
    }

    /// @notice `self` with a new window, recorded at `time`. One that has not begun takes the place of another that has
    /// not; one that has begun takes the place of what counts, unless that began after it: what is recorded late, of an
    /// earlier time, takes the place of nothing.
    function renewed(Validity memory self, uint64 from, uint64 until, uint256 time)
        internal
        pure
        returns (Validity memory)
    {
        (uint64 countsFrom, uint64 countsUntil) = self.at(time);
        if (from > time) return Validity(countsFrom, countsUntil, from, until);
        if (from >= countsFrom) (countsFrom, countsUntil) = (from, until);
        if (self.nextFrom <= time) return Validity(countsFrom, countsUntil, 0, 0);
        return Validity(countsFrom, countsUntil, self.nextFrom, self.nextUntil);
    }
}
