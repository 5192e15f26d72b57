// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AssuranceHandler} from "./AssuranceHandler.sol";

/// @title What holds whatever happens, in whatever order
contract AssuranceInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    AssuranceHandler private _handler;

    error Violation(string what);
    error NeverHappened(bytes32 what);

    function setUp() external {
        _handler = new AssuranceHandler();
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = AssuranceHandler.pass.selector;
        selectors[1] = AssuranceHandler.raise.selector;
        selectors[2] = AssuranceHandler.step.selector;
        selectors[3] = AssuranceHandler.assess.selector;
        selectors[4] = AssuranceHandler.govern.selector;
        selectors[5] = AssuranceHandler.mint.selector;
        selectors[6] = AssuranceHandler.ship.selector;
        selectors[7] = AssuranceHandler.receiveShipment.selector;
        selectors[8] = AssuranceHandler.transform.selector;
        list = new FuzzSelector[](1);
        list[0] = FuzzSelector(address(_handler), selectors);
    }

    /// @dev Minting, shipping, receiving and transforming pass exactly when no critical finding is overdue and no
    /// mandatory assessment is missing; nobody assesses itself or decides on its own findings; findings take the
    /// allowed steps only; nothing of it changes a batch.
    function invariant_contractsDoAsTheModelSays() external {
        _handler.compare();
        _requireNoViolation();
    }

    /// @dev A long walk, so that nothing above holds for want of having been tried.
    function test_everythingHappens() external {
        uint256 seed = 13;
        for (uint256 i = 0; i < 1_500; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            _one(seed % 16, seed >> 8);
            if (i % 50 == 0) _handler.compare();
        }
        _requireNoViolation();
        bytes32[4] memory acts = [bytes32("mint"), "ship", "receive", "transform"];
        for (uint256 i = 0; i < acts.length; ++i) {
            _requireHappened(acts[i]);
            // That shipping is refused takes a mine that is blocked with stock at hand; AssuranceGating has it.
            if (acts[i] != "ship") _requireHappened(keccak256(abi.encode("refused", acts[i])));
        }
        _requireHappened("closed");
    }

    function _one(uint256 act, uint256 seed) private {
        if (act == 0) {
            _handler.pass(uint32(seed));
        } else if (act == 1) {
            _handler.raise(uint8(seed), uint8(seed >> 8), uint8(seed >> 16), uint32(seed >> 24), uint8(seed >> 56));
        } else if (act < 8) {
            _handler.step(seed >> 32, uint8(seed), uint8(seed >> 8), seed % 5 == 0);
        } else if (act < 11) {
            _handler.assess(uint8(seed), uint8(seed >> 8), uint32(seed >> 16), uint32(seed >> 48));
        } else if (act == 11) {
            _handler.govern(uint8(seed));
        } else if (act == 12) {
            _handler.mint(seed % 2 == 0);
        } else if (act == 13) {
            _handler.ship();
        } else if (act == 14) {
            _handler.receiveShipment();
        } else {
            _handler.transform();
        }
    }

    function _requireHappened(bytes32 what) private view {
        if (_handler.happened(what) == 0) revert NeverHappened(what);
    }

    function _requireNoViolation() private view {
        string memory what = _handler.violation();
        if (bytes(what).length != 0) revert Violation(what);
    }
}
