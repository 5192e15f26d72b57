// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice When an assessment is valid, under which scheme, and what it found, in one slot.
/// @param until The last second; zero stands for no assessment at all.
/// @param scheme The first bytes of the scheme's hash.
struct Validity {
    uint64 from;
    uint64 until;
    uint32 value;
    uint96 scheme;
}

/// @notice A participant's assessments of one kind, the latest beginning first, then nothing.
/// @dev Of each scheme it holds what counts now and what will: a renewal is recorded before the assessment that it renews
/// ends, and until it begins, that one counts.
struct Validities {
    Validity[16] list;
}

using ValidityLibrary for Validities global;

/// @title Reading and changing validity
library ValidityLibrary {
    /// @notice The most assessments that are kept of one participant and kind.
    uint256 internal constant CAPACITY = 16;

    /// @notice How a scheme is told from others.
    function tagOf(bytes32 scheme) internal pure returns (uint96) {
        return uint96(bytes12(keccak256(abi.encode(scheme))));
    }

    /// @notice What counts of one scheme at `time`: the assessment that began last. Zeros if none has begun.
    function at(Validities storage self, uint96 scheme, uint256 time) internal view returns (Validity memory found) {
        for (uint256 i = 0; i < CAPACITY; ++i) {
            found = self.list[i];
            if (found.until == 0 || (found.scheme == scheme && found.from <= time)) return found;
        }
        return Validity(0, 0, 0, 0);
    }

    /// @notice Adds an assessment that is recorded at `time`. Of several that began in the same second under the same
    /// scheme, the one recorded last counts.
    /// @return fits False, and nothing is changed, if too many count now or will.
    function add(Validities storage self, Validity memory added, uint256 time) internal returns (bool fits) {
        Validity[] memory all = _merged(self, added);
        uint256 count = _keep(all, all.length, time, false);
        // What has ended is kept only where there is room: it says since when an assessment is lacking.
        if (count > CAPACITY) count = _keep(all, count, time, true);
        if (count > CAPACITY) return false;
        for (uint256 i = 0; i < CAPACITY; ++i) {
            if (i < count) self.list[i] = all[i];
            else if (self.list[i].until != 0) delete self.list[i];
        }
        return true;
    }

    /// @dev All there are and `added`, which comes before what began in the same second.
    function _merged(Validities storage self, Validity memory added) private view returns (Validity[] memory all) {
        uint256 count = 0;
        while (count < CAPACITY && self.list[count].until != 0) ++count;
        all = new Validity[](count + 1);
        uint256 place = 0;
        while (place < count && self.list[place].from > added.from) {
            all[place] = self.list[place];
            ++place;
        }
        all[place] = added;
        for (uint256 i = place; i < count; ++i) {
            all[i + 1] = self.list[i];
        }
    }

    /// @dev Moves together, at the front, what still counts or will: not what a later one of its scheme has taken the
    /// place of and, if so asked, not what has ended.
    function _keep(Validity[] memory all, uint256 count, uint256 time, bool unended)
        private
        pure
        returns (uint256 kept)
    {
        for (uint256 i = 0; i < count; ++i) {
            Validity memory one = all[i];
            if (_isReplaced(all, kept, one, time) || (unended && one.until < time)) continue;
            all[kept++] = one;
        }
    }

    /// @dev Whether one of the first `count` of `all` has taken the place of `one`, which comes after them.
    function _isReplaced(Validity[] memory all, uint256 count, Validity memory one, uint256 time)
        private
        pure
        returns (bool)
    {
        for (uint256 i = 0; i < count; ++i) {
            if (all[i].scheme == one.scheme && (all[i].from <= time || all[i].from == one.from)) return true;
        }
        return false;
    }
}
