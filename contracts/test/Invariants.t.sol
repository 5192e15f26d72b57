// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {BatchId} from "../types/Ids.sol";
import {BatchStatus, SubstanceMass} from "../types/Values.sol";
import {Base} from "./Base.sol";
import {Handler} from "./Handler.sol";

/// @title What holds after every random history
contract InvariantsTest is Base {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint16 private constant _COBALT = 27;
    uint16 private constant _NICKEL = 28;

    Handler private _handler;

    function setUp() external {
        _handler = new Handler();
        _handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[16] memory actions = [
            Handler.mint.selector,
            Handler.mint.selector,
            Handler.split.selector,
            Handler.ship.selector,
            Handler.ship.selector,
            Handler.receiveShipment.selector,
            Handler.receiveShipment.selector,
            Handler.reject.selector,
            Handler.cancel.selector,
            Handler.transform.selector,
            Handler.transform.selector,
            Handler.addEmissions.selector,
            Handler.retire.selector,
            Handler.declareError.selector,
            Handler.steal.selector,
            Handler.intrude.selector
        ];
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), new bytes4[](actions.length));
        for (uint256 i = 0; i < actions.length; ++i) {
            targets[0].selectors[i] = actions[i];
        }
    }

    /// @dev One pass over all batches for everything that is summed.
    function invariant_everyPoolIsConserved() external view {
        (uint256 co2e, uint256 primary, uint256 cobalt, uint256 nickel) = (0, 0, 0, 0);
        for (uint256 i = 0; i < _handler.count(); ++i) {
            IBatchLedger.Batch memory batch = _batch(i);
            co2e += uint256(batch.ownCo2e) + batch.inheritedCo2e;
            primary += batch.primaryCo2e;
            cobalt += _massOf(batch.substances, _COBALT);
            nickel += _massOf(batch.substances, _NICKEL);
        }
        assertEq(co2e, _handler.emitted(), "CO2e = emitted");
        assertEq(primary, _handler.emittedPrimary(), "primary = emitted primary");
        assertEq(cobalt + _handler.lost(_COBALT), _handler.minted(_COBALT), "cobalt + losses = minted");
        assertEq(nickel + _handler.lost(_NICKEL), _handler.minted(_NICKEL), "nickel + losses = minted");
    }

    function invariant_consumedAndRetiredAreFinal() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            bytes32 was = _handler.finalState(_handler.batches(i));
            IBatchLedger.Batch memory batch = _batch(i);
            bool isFinal = batch.status == BatchStatus.Consumed || batch.status == BatchStatus.Retired;
            assertTrue(isFinal == (was != 0), "known to be final");
            if (was != 0) assertTrue(was == keccak256(abi.encode(batch)), "unchanged");
            if (batch.status == BatchStatus.Consumed) _assertEmpty(batch);
        }
    }

    function invariant_custodyChangesByReceiptOnly() external view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            assertEq(_batch(i).custodian, _handler.custodian(_handler.batches(i)), "custodian");
        }
    }

    function invariant_onlyCustodiansAndPartiesMoveAnything() external view {
        assertEq(_handler.breaches(), 0, "breaches");
    }

    /// @dev The history did do things: a handler that always returns early would prove nothing.
    function test_handler_reachesEveryAction() external {
        for (uint256 seed = 0; seed < 120; ++seed) {
            _handler.mint(seed);
            _handler.split(seed);
            _handler.ship(seed);
            _handler.receiveShipment(seed);
            _handler.ship(seed + 1_000);
            _handler.intrude(seed);
            _handler.reject(seed);
            _handler.ship(seed + 2_000);
            _handler.cancel(seed);
            _handler.transform(seed);
            _handler.addEmissions(seed);
            _handler.retire(seed);
            _handler.declareError(seed);
            _handler.steal(seed);
            if (seed % 40 == 39) this.invariant_everyPoolIsConserved();
        }
        string[12] memory actions = [
            "mint",
            "split",
            "ship",
            "receive",
            "reject",
            "cancel",
            "transform",
            "addEmissions",
            "retire",
            "declareError",
            "steal",
            "intrude"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            assertTrue(_handler.done(actions[i]) > 2, actions[i]);
        }
        assertTrue(_handler.lost(_COBALT) > 0, "some cobalt was lost");
    }

    function _batch(uint256 index) private view returns (IBatchLedger.Batch memory) {
        return _handler.batchAt(index);
    }

    function _assertEmpty(IBatchLedger.Batch memory batch) private pure {
        assertEq(batch.mass, 0, "mass");
        assertEq(uint256(batch.ownCo2e) + batch.inheritedCo2e + batch.primaryCo2e, 0, "CO2e");
        assertEq(_massOf(batch.substances, _COBALT) + _massOf(batch.substances, _NICKEL), 0, "substances");
    }

    function _massOf(SubstanceMass[] memory substances, uint16 substance) private pure returns (uint256) {
        for (uint256 i = 0; i < substances.length; ++i) {
            if (substances[i].substance == substance) return substances[i].mass;
        }
        return 0;
    }
}
