// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Emissions} from "../types/Values.sol";

/// @title What solc reads from calldata word by word, in one piece
/// @dev Assembly, as in `Delegation` and nowhere else: without it, offers and additions pass their gas allowance.
library Calldata {
    /// @notice `given` in memory. Reverts, as solc does, if an amount has more than 64 bits.
    function load(Emissions calldata given) internal pure returns (Emissions memory emissions) {
        assembly ("memory-safe") {
            // Eight words, of which `given` is the offset: solc checked that calldata is long enough for them.
            calldatacopy(emissions, given, 0x100)
            let low := or(mload(emissions), mload(add(emissions, 0x20)))
            low := or(low, or(mload(add(emissions, 0x40)), mload(add(emissions, 0x60))))
            let high := or(mload(add(emissions, 0x80)), mload(add(emissions, 0xa0)))
            high := or(high, or(mload(add(emissions, 0xc0)), mload(add(emissions, 0xe0))))
            if shr(64, or(low, high)) { revert(0, 0) }
        }
    }
}
