// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Differences} from "./Differences.sol";

/// @notice How far what a batch is made of lies apart in its differences (Rule 5): by which its `Differences` do not tell
/// what measurements did to each part of it.
/// @dev Lanes as of `Differences`. The lower byte is by how many basis points some part lies below the lane's, the upper
/// byte by how many some part lies above; 255 stands for that many or more. A measurement moves all parts alike; as it is
/// rounded, they may lie a basis point farther apart from then on. So many small steps earn nothing either.
type Spread is uint256;

using SpreadLibrary for Spread global;

/// @title Reading and changing spreads
library SpreadLibrary {
    /// @notice All parts alike.
    Spread internal constant NONE = Spread.wrap(0);

    /// @notice Parts of which nothing is known.
    Spread internal constant UNKNOWN = Spread.wrap(type(uint256).max);

    uint256 private constant _LANE_BITS = 16;
    uint256 private constant _LANE_MASK = type(uint16).max;
    uint256 private constant _MOST = 255;

    /// @dev Farther than any measurement goes.
    int256 private constant _FAR = 1 << 32;

    /// @notice The least and the highest difference of any part.
    /// @param basisPoints The batch's own, in that lane of its `Differences`.
    function around(Spread self, uint256 lane, int256 basisPoints)
        internal
        pure
        returns (int256 least, int256 highest)
    {
        uint256 bits = Spread.unwrap(self) >> (lane * _LANE_BITS);
        (uint256 below, uint256 above) = (bits & _MOST, (bits >> 8) & _MOST);
        least = below == _MOST ? -_FAR : basisPoints - int256(below);
        highest = above == _MOST ? _FAR : basisPoints + int256(above);
    }

    /// @notice `self` with parts from `least` to `highest` in lane `lane`, which must be empty.
    /// @param basisPoints The batch's own, between them.
    function with(Spread self, uint256 lane, int256 basisPoints, int256 least, int256 highest)
        internal
        pure
        returns (Spread)
    {
        uint256 bits = _capped(basisPoints - least) | (_capped(highest - basisPoints) << 8);
        return Spread.wrap(Spread.unwrap(self) | (bits << (lane * _LANE_BITS)));
    }

    /// @notice `self` with other parts in lane `lane`.
    function replaced(Spread self, uint256 lane, int256 basisPoints, int256 least, int256 highest)
        internal
        pure
        returns (Spread)
    {
        uint256 others = Spread.unwrap(self) & ~(_LANE_MASK << (lane * _LANE_BITS));
        return Spread.wrap(others).with(lane, basisPoints, least, highest);
    }

    /// @notice The parts of both, of a batch of `count` lanes.
    /// @param from Its differences, of which both tell how far parts lie apart.
    /// @param to Its differences from now on.
    function joined(Spread self, Spread other, Differences from, Differences to, uint256 count)
        internal
        pure
        returns (Spread all)
    {
        for (uint256 lane = 0; lane < count; ++lane) {
            int256 points = from.at(lane);
            (int256 least, int256 highest) = self.around(lane, points);
            (int256 otherLeast, int256 otherHighest) = other.around(lane, points);
            points = to.at(lane);
            all = all.with(lane, points, _least(points, least, otherLeast), -_least(-points, -highest, -otherHighest));
        }
    }

    /// @notice Whether all parts are alike.
    function isNone(Spread self) internal pure returns (bool) {
        return Spread.unwrap(self) == 0;
    }

    function _least(int256 a, int256 b, int256 c) private pure returns (int256 least) {
        least = a < b ? a : b;
        if (c < least) least = c;
    }

    function _capped(int256 basisPoints) private pure returns (uint256) {
        return uint256(basisPoints) > _MOST ? _MOST : uint256(basisPoints);
    }
}
