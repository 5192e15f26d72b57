// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Passing a call on
library Delegation {
    /// @notice Ends the call with what `module` answers to it, or reverts with its reason, in the caller's storage.
    /// @dev As `Proxy` of OpenZeppelin, but beyond the memory in use, so that the compiler may move variables there. A
    /// call in Solidity would copy the calldata twice, word by word.
    function pass(address module) internal {
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, 0, calldatasize())
            let done := delegatecall(gas(), module, start, calldatasize(), 0, 0)
            returndatacopy(start, 0, returndatasize())
            if iszero(done) { revert(start, returndatasize()) }
            return(start, returndatasize())
        }
    }
}
