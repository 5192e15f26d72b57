// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Differences, DifferencesLibrary} from "../types/Differences.sol";
import {Spread} from "../types/Spread.sol";
import {SubstanceMass} from "../types/Values.sol";

/// @dev Of one substance: what the inputs gave, what outputs and declared losses account for, what of that is in waste
/// (milligrams), and by how many basis points measurements moved what the inputs gave (Rule 5).
/// @param used The tolerance used that outputs take over.
/// @param least That of the part that was moved down farthest; of no part if it is more than `highest`.
struct BalanceLine {
    uint16 substance;
    uint256 taken;
    uint256 accounted;
    uint256 waste;
    int16 used;
    int256 least;
    int256 highest;
}

/// @dev The lines in use, by ascending substance: the first `count` of `lines`. Besides, what moved the gross mass.
struct Balance {
    BalanceLine[] lines;
    uint256 count;
    BalanceLine gross;
}

using SubstanceBalance for Balance global;

/// @title The substance balance of a transformation (Rule 4)
/// @notice A ledger in memory with one line a substance.
library SubstanceBalance {
    /// @notice An empty balance with room for `capacity` substances.
    function create(uint256 capacity) internal pure returns (Balance memory balance) {
        balance.lines = new BalanceLine[](capacity);
        balance.gross.least = 1;
    }

    /// @notice Enters what was taken of an input. Lists ascend, so that each search goes on where the last ended.
    function take(Balance memory self, SubstanceMass[] memory taken) internal pure {
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            uint16 substance = taken[i].substance;
            position = _seek(self, position, substance);
            if (position == self.count || self.lines[position].substance != substance) {
                _insert(self, position, substance);
            }
            self.lines[position].taken += taken[i].mass;
        }
    }

    /// @notice Enters how measurements moved an input, whose substances were entered.
    function move(Balance memory self, SubstanceMass[] memory taken, Differences used, Spread spread) internal pure {
        _move(self.gross, 0, used, spread);
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            position = _seek(self, position, taken[i].substance);
            _move(self.lines[position], i + 1, used, spread);
        }
    }

    /// @notice How measurements moved what an output of these substances is made of (Rule 5).
    function movedOf(Balance memory self, SubstanceMass[] memory substances)
        internal
        pure
        returns (Differences used, Spread spread)
    {
        (used, spread) = _with(self.gross, 0, used, spread);
        uint256 position = 0;
        for (uint256 i = 0; i < substances.length; ++i) {
            uint16 substance = substances[i].substance;
            position = _seek(self, position, substance);
            if (position < self.count && self.lines[position].substance == substance) {
                (used, spread) = _with(self.lines[position], i + 1, used, spread);
            }
        }
    }

    /// @notice Enters what an output or the declared losses account for.
    /// @param waste Whether that is waste.
    /// @return unknown The first position that the inputs do not hold, but is positive; the length if there is none.
    function account(Balance memory self, SubstanceMass[] memory accounted, bool waste)
        internal
        pure
        returns (uint256 unknown)
    {
        uint256 position = 0;
        for (; unknown < accounted.length; ++unknown) {
            SubstanceMass memory entry = accounted[unknown];
            position = _seek(self, position, entry.substance);
            if (position < self.count && self.lines[position].substance == entry.substance) {
                BalanceLine memory line = self.lines[position];
                line.accounted += entry.mass;
                if (waste) line.waste += entry.mass;
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
        BalanceLine memory line;
        (line.substance, line.least) = (substance, 1);
        self.lines[position] = line;
        ++self.count;
    }

    /// @dev Adds a part that was moved as lane `lane` says.
    function _move(BalanceLine memory line, uint256 lane, Differences used, Spread spread) private pure {
        int16 points = used.at(lane);
        (int256 least, int256 highest) = spread.around(lane, points);
        bool first = line.least > line.highest;
        line.used = DifferencesLibrary.larger(line.used, points);
        if (first || least < line.least) line.least = least;
        if (first || highest > line.highest) line.highest = highest;
    }

    function _with(BalanceLine memory line, uint256 lane, Differences used, Spread spread)
        private
        pure
        returns (Differences, Spread)
    {
        if (line.least > line.highest) return (used, spread);
        return (used.with(lane, line.used), spread.with(lane, line.used, line.least, line.highest));
    }
}
