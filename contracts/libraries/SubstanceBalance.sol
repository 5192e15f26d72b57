// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {SubstanceMass} from "../types/Values.sol";

/// @dev Of one substance: what the inputs gave, and what outputs and declared losses account for. Milligrams.
struct BalanceLine {
    uint16 substance;
    uint256 taken;
    uint256 accounted;
}

/// @dev The lines in use, by ascending substance: the first `count` of `lines`.
struct Balance {
    BalanceLine[] lines;
    uint256 count;
}

using SubstanceBalance for Balance global;

/// @title The substance balance of a transformation (Rule 4)
/// @notice A ledger in memory with one line a substance.
library SubstanceBalance {
    /// @notice An empty balance with room for `capacity` substances.
    function create(uint256 capacity) internal pure returns (Balance memory) {
        return Balance(new BalanceLine[](capacity), 0);
    }

    /// @notice Enters what was taken of an input. Lists ascend, so that each search goes on where the last ended.
    function take(Balance memory self, SubstanceMass[] memory taken) internal pure {
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            uint16 substance = taken[i].substance;
            while (position < self.count && self.lines[position].substance < substance) {
                ++position;
            }
            if (position == self.count || self.lines[position].substance != substance) {
                _insert(self, position, substance);
            }
            self.lines[position].taken += taken[i].mass;
        }
    }

    /// @notice Enters what an output or the declared losses account for.
    /// @return ok Whether the inputs hold every substance listed with a positive mass.
    /// @return entry The first that they do not hold.
    function account(Balance memory self, SubstanceMass[] memory accounted)
        internal
        pure
        returns (bool ok, SubstanceMass memory entry)
    {
        uint256 position = 0;
        for (uint256 i = 0; i < accounted.length; ++i) {
            entry = accounted[i];
            while (position < self.count && self.lines[position].substance < entry.substance) {
                ++position;
            }
            if (position < self.count && self.lines[position].substance == entry.substance) {
                self.lines[position].accounted += entry.mass;
            } else if (entry.mass != 0) {
                return (false, entry);
            }
        }
        ok = true;
    }

    function _insert(Balance memory self, uint256 position, uint16 substance) private pure {
        for (uint256 i = self.count; i > position; --i) {
            self.lines[i] = self.lines[i - 1];
        }
        self.lines[position] = BalanceLine(substance, 0, 0);
        ++self.count;
    }
}
