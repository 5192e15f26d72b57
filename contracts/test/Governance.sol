// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title OpenZeppelin's AccessManager, under a name of our own
/// @dev Foundry keeps no artifact of a library's contract, and deploying by name needs one.
contract Governance is AccessManager {
    constructor(address initialAdmin) AccessManager(initialAdmin) {}
}
