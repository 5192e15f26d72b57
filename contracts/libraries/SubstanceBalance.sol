// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Differences, DifferencesLibrary} from "../types/Differences.sol";
import {Spread} from "../types/Spread.sol";
import {SubstanceMass} from "../types/Values.sol";

/// @dev Of one substance: what the inputs gave, what outputs and declared losses account for, and what of that is in waste:
/// milligrams, 72 bits each from the lowest one; above them the substance (40). A sum of `Limits.INPUTS` or
/// `Limits.OUTPUTS` pools and of one declared loss stays below 2^65, so that no lane reaches the next.
type BalanceLine is uint256;

using BalanceLineLibrary for BalanceLine global;

/// @title Reading and changing lines of a balance
library BalanceLineLibrary {
    /// @dev After the last line: above every substance.
    BalanceLine internal constant END = BalanceLine.wrap(type(uint256).max);

    uint256 private constant _ACCOUNTED = 72;
    uint256 private constant _WASTE = 144;
    uint256 private constant _SUBSTANCE = 216;
    uint256 private constant _MASK = (1 << _ACCOUNTED) - 1;

    /// @notice A line of `substance_`, of which `mass` was taken.
    function create(uint256 substance_, uint256 mass) internal pure returns (BalanceLine) {
        return BalanceLine.wrap((substance_ << _SUBSTANCE) | mass);
    }

    /// @notice `self` with `mass` more taken.
    function withTaken(BalanceLine self, uint256 mass) internal pure returns (BalanceLine) {
        unchecked {
            return BalanceLine.wrap(BalanceLine.unwrap(self) + mass);
        }
    }

    /// @notice `self` with `mass` more accounted for, in waste or not.
    function withAccounted(BalanceLine self, uint256 mass, bool inWaste) internal pure returns (BalanceLine) {
        unchecked {
            uint256 wasted = inWaste ? mass << _WASTE : 0;
            return BalanceLine.wrap(BalanceLine.unwrap(self) + (mass << _ACCOUNTED) + wasted);
        }
    }

    /// @notice Whose line it is.
    function substance(BalanceLine self) internal pure returns (uint256) {
        return BalanceLine.unwrap(self) >> _SUBSTANCE;
    }

    /// @notice What the inputs gave.
    function taken(BalanceLine self) internal pure returns (uint256) {
        return BalanceLine.unwrap(self) & _MASK;
    }

    /// @notice What outputs and declared losses account for.
    function accounted(BalanceLine self) internal pure returns (uint256) {
        return (BalanceLine.unwrap(self) >> _ACCOUNTED) & _MASK;
    }

    /// @notice What of that is in waste.
    function waste(BalanceLine self) internal pure returns (uint256) {
        return (BalanceLine.unwrap(self) >> _WASTE) & _MASK;
    }
}

/// @dev By how many basis points measurements moved what the inputs gave of a substance, or their gross mass (Rule 5).
/// @param used The tolerance used that outputs take over.
/// @param least That of the part that was moved down farthest.
/// @param highest That of the part that was moved up farthest.
/// @param any Whether there is some part.
struct Moved {
    int16 used;
    int256 least;
    int256 highest;
    bool any;
}

/// @dev The lines in use, by ascending substance: the first `count` of `lines`, with `END` after them. Where something was
/// moved, `moved` has the gross mass first, then a line each.
struct Balance {
    BalanceLine[] lines;
    uint256 count;
    Moved[] moved;
}

using SubstanceBalance for Balance global;

/// @title The substance balance of a transformation (Rule 4)
/// @notice A ledger in memory with one line a substance.
library SubstanceBalance {
    /// @notice Makes an empty balance of `self`, with room for `capacity` substances.
    function open(Balance memory self, uint256 capacity) internal pure {
        BalanceLine[] memory lines = new BalanceLine[](capacity + 1);
        lines[0] = BalanceLineLibrary.END;
        self.lines = lines;
    }

    /// @notice Enters what was taken of an input. Lists ascend, so that each search goes on where the last ended.
    function take(Balance memory self, SubstanceMass[] memory taken) internal pure {
        BalanceLine[] memory lines = self.lines;
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            SubstanceMass memory entry = taken[i];
            BalanceLine line;
            (position, line) = _seek(lines, position, entry.substance);
            if (line.substance() == entry.substance) {
                lines[position] = line.withTaken(entry.mass);
            } else {
                _insert(self, position, BalanceLineLibrary.create(entry.substance, entry.mass));
            }
        }
    }

    /// @notice Enters how measurements moved an input, when the substances of all inputs are entered.
    function move(Balance memory self, SubstanceMass[] memory taken, Differences used, Spread spread) internal pure {
        if (self.moved.length == 0) self.moved = new Moved[](self.count + 1);
        _move(self.moved[0], 0, used, spread);
        uint256 position = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            (position,) = _seek(self.lines, position, taken[i].substance);
            _move(self.moved[position + 1], i + 1, used, spread);
        }
    }

    /// @notice How measurements moved what an output of these substances is made of (Rule 5). Some input was entered.
    function movedOf(Balance memory self, SubstanceMass[] memory substances)
        internal
        pure
        returns (Differences used, Spread spread)
    {
        (used, spread) = _with(self.moved[0], 0, used, spread);
        uint256 position = 0;
        for (uint256 i = 0; i < substances.length; ++i) {
            BalanceLine line;
            (position, line) = _seek(self.lines, position, substances[i].substance);
            if (line.substance() == substances[i].substance) {
                (used, spread) = _with(self.moved[position + 1], i + 1, used, spread);
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
        BalanceLine[] memory lines = self.lines;
        uint256 position = 0;
        for (; unknown < accounted.length; ++unknown) {
            SubstanceMass memory entry = accounted[unknown];
            BalanceLine line;
            (position, line) = _seek(lines, position, entry.substance);
            if (line.substance() == entry.substance) {
                lines[position] = line.withAccounted(entry.mass, waste);
            } else if (entry.mass != 0) {
                break;
            }
        }
    }

    /// @notice Whether waste takes more of some substance than all else that is accounted for.
    function isMostlyWaste(Balance memory self) internal pure returns (bool) {
        for (uint256 i = 0; i < self.count; ++i) {
            BalanceLine line = self.lines[i];
            if (line.waste() > line.accounted() - line.waste()) return true;
        }
        return false;
    }

    /// @dev The first line from `position` on that is not below `substance`.
    function _seek(BalanceLine[] memory lines, uint256 position, uint256 substance)
        private
        pure
        returns (uint256, BalanceLine line)
    {
        line = lines[position];
        unchecked {
            // The end stops it.
            while (line.substance() < substance) {
                line = lines[++position];
            }
        }
        return (position, line);
    }

    function _insert(Balance memory self, uint256 position, BalanceLine line) private pure {
        BalanceLine[] memory lines = self.lines;
        unchecked {
            // The end moves with the rest.
            for (uint256 i = ++self.count; i > position; --i) {
                lines[i] = lines[i - 1];
            }
        }
        lines[position] = line;
    }

    /// @dev Adds a part that was moved as lane `lane` says.
    function _move(Moved memory line, uint256 lane, Differences used, Spread spread) private pure {
        int16 points = used.at(lane);
        (int256 least, int256 highest) = spread.around(lane, points);
        line.used = DifferencesLibrary.larger(line.used, points);
        if (!line.any || least < line.least) line.least = least;
        if (!line.any || highest > line.highest) line.highest = highest;
        line.any = true;
    }

    function _with(Moved memory line, uint256 lane, Differences used, Spread spread)
        private
        pure
        returns (Differences, Spread)
    {
        if (!line.any) return (used, spread);
        return (used.with(lane, line.used), spread.with(lane, line.used, line.least, line.highest));
    }
}
