// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title OpenZeppelin's ERC-721, as it comes
/// @notice Anybody may mint. It is only there for its gas, to set beside ours (contracts/gas-snapshot.md).
contract PlainERC721 is ERC721("Plain", "PLAIN") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}
