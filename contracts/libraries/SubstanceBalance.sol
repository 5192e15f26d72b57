// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Differences, DifferencesLibrary} from "../types/Differences.sol";
import {SubstanceMass} from "../types/Values.sol";

/// @dev Of one substance: what the inputs gave, what outputs and declared losses account for, what of that is in waste
/// (milligrams), and the tolerance used that outputs take over (basis points).
struct BalanceLine {
    uint16 substance;
    uint256 taken;
    uint256 accounted;
    uint256 waste;
    int16 tolerance;
}

/// @dev The lines in use, by ascending substance: the first `count` of `lines`. Besides, the tolerance of gross mass.
struct Balance {
    BalanceLine[] lines;
    uint256 count;
    int16 tolerance;
}

using SubstanceBalance for Balance global;

/// @title The substance balance of a transformation (Rule 4)
/// @notice A ledger in memory with one line a substance.
library SubstanceBalance {
    /// @notice An empty balance with room for `capacity` substances.
    function create(uint256 capacity) internal pure returns (Balance memory) {
        return Balance(new BalanceLine[](capacity), 0, 0);
    }

    /// @notice Enters what was taken of an input. Lists ascend, so that each search goes on where the last ended.
    /// @param used The tolerance that the input used.
    function take(Balance memory self, SubstanceMass[] memory taken, Differences used) internal pure {
        self.tolerance = DifferencesLibrary.larger(self.tolerance, used.at(0));
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            uint16 substance = taken[i].substance;
            position = _seek(self, position, substance);
            if (position == self.count || self.lines[position].substance != substance) {
                _insert(self, position, substance);
            }
            BalanceLine memory line = self.lines[position];
            line.taken += taken[i].mass;
            line.tolerance = DifferencesLibrary.larger(line.tolerance, used.at(i + 1));
        }
    }

    /// @notice Enters what an output or the declared losses account for.
    /// @param waste Whether that is waste.
    /// @return used The tolerance used that an output of these substances takes over (Rule 5).
    /// @return unknown The first position that the inputs do not hold, but is positive; the length if there is none.
    function account(Balance memory self, SubstanceMass[] memory accounted, bool waste)
        internal
        pure
        returns (Differences used, uint256 unknown)
    {
        used = DifferencesLibrary.NONE.with(0, self.tolerance);
        uint256 position = 0;
        for (; unknown < accounted.length; ++unknown) {
            SubstanceMass memory entry = accounted[unknown];
            position = _seek(self, position, entry.substance);
            if (position < self.count && self.lines[position].substance == entry.substance) {
                BalanceLine memory line = self.lines[position];
                line.accounted += entry.mass;
                if (waste) line.waste += entry.mass;
                used = used.with(unknown + 1, line.tolerance);
            } else if (entry.mass != 0) {
                break;
            }
        }
    }

    /// @notice Whether waste takes more of some substance than all else that is accounted for.
    function isMostlyWaste(Balance memory self) internal pure returns (bool) {
        for (uint256 i = 0; i < self.count; ++i) {
            BalanceLine memory line = self.lines[i];
            if (line.waste > line.accounted - line.waste) return true;
        }
        return false;
    }

    /// @dev The first line from `position` on that is not below `substance`.
    function _seek(Balance memory self, uint256 position, uint16 substance) private pure returns (uint256) {
        while (position < self.count && self.lines[position].substance < substance) {
            ++position;
        }
        return position;
    }

    function _insert(Balance memory self, uint256 position, uint16 substance) private pure {
        for (uint256 i = self.count; i > position; --i) {
            self.lines[i] = self.lines[i - 1];
        }
        self.lines[position] = BalanceLine(substance, 0, 0, 0, 0);
        ++self.count;
    }
}
