// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";

/// @title OpenZeppelin's ERC-1155, as it comes
/// @notice Anybody may mint. It is only there for its gas, to set beside ours (contracts/gas-snapshot.md).
contract PlainERC1155 is ERC1155("") {
    function mint(address to, uint256 id, uint256 amount) external {
        _mint(to, id, amount, "");
    }
}
