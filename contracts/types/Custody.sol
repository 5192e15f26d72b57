// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @notice Who holds a batch, and its trail, in one word: the custodian in the lower 160 bits, the trail above.
type Custody is uint256;

using CustodyLibrary for Custody global;

/// @title Reading and making custody words
library CustodyLibrary {
    uint256 private constant _TRAIL = 160;

    /// @notice `custodian_` holds a batch of that trail.
    function create(address custodian_, bytes12 trail_) internal pure returns (Custody) {
        return Custody.wrap(uint256(uint160(custodian_)) | (uint256(uint96(trail_)) << _TRAIL));
    }

    /// @notice The participant that holds the batch; zero where there is none.
    function custodian(Custody self) internal pure returns (address) {
        return address(uint160(Custody.unwrap(self)));
    }

    /// @notice What made and moved the batch, as a running hash.
    function trail(Custody self) internal pure returns (bytes12) {
        return bytes12(uint96(Custody.unwrap(self) >> _TRAIL));
    }

    /// @notice The trail `before` with one entry more.
    /// @param entry The hash of an `...Entry` struct.
    function extended(bytes12 before, bytes32 entry) internal pure returns (bytes12) {
        return bytes12(Hashes.efficientKeccak256(before, entry));
    }
}
