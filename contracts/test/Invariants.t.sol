// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {BatchId, MaterialId} from "../types/Ids.sol";
import {BatchStatus, Origin, SubstanceMass} from "../types/Values.sol";
import {Base} from "./Base.sol";
import {Ghosts} from "./Ghosts.sol";
import {Handler} from "./Handler.sol";

/// @title What holds after every random history
contract InvariantsTest is Base {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    uint16 private constant _COBALT = 27;
    uint16 private constant _NICKEL = 28;
    int256 private constant _POINT = 1e9;
    int256 private constant _WHOLE = 1e18;

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
        bytes4[] memory actions = _actions();
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), actions);
    }

    function _actions() private view returns (bytes4[] memory) {
        bytes memory list = abi.encodePacked(
            bytes.concat(_handler.mint.selector, _handler.mint.selector, _handler.mint.selector),
            bytes.concat(_handler.split.selector, _handler.ship.selector, _handler.ship.selector),
            bytes.concat(_handler.receiveShipment.selector, _handler.answer.selector, _handler.answer.selector),
            bytes.concat(_handler.reject.selector, _handler.cancel.selector, _handler.transform.selector),
            bytes.concat(_handler.transform.selector, _handler.transform.selector, _handler.addEmissions.selector),
            bytes.concat(_handler.retire.selector, _handler.takeBack.selector, _handler.recycle.selector),
            bytes.concat(_handler.remeasure.selector, _handler.remeasure.selector, _handler.hold.selector),
            bytes.concat(_handler.release.selector, _handler.release.selector, _handler.declareError.selector),
            bytes.concat(_handler.sendBack.selector, _handler.assign.selector, _handler.transferTitle.selector)
        );
        list = abi.encodePacked(
            list,
            bytes.concat(_handler.reverseMint.selector, _handler.reverseSplit.selector, _handler.restate.selector),
            bytes.concat(_handler.reverseTransformation.selector, _handler.reverseReceipt.selector),
            bytes.concat(_handler.reverseRetirement.selector, _handler.reverseTakeBack.selector),
            bytes.concat(_handler.reverseError.selector, _handler.steal.selector, _handler.intrude.selector),
            bytes.concat(_handler.hideWaste.selector, _handler.undo.selector, _handler.undo.selector),
            bytes.concat(_handler.takeBack.selector, _handler.reverseTakeBack.selector)
        );
        bytes4[] memory selectors = new bytes4[](list.length / 4);
        for (uint256 i = 0; i < selectors.length; ++i) {
            for (uint256 k = 0; k < 4; ++k) {
                selectors[i] |= bytes4(list[4 * i + k]) >> (8 * k);
            }
        }
        return selectors;
    }

    /// @dev One pass over all batches for everything that is summed.
    function _assertEveryPoolIsConserved() private view {
        int256[5] memory sums;
        for (uint256 i = 0; i < _handler.count(); ++i) {
            ILedgerRecords.Batch memory batch = _handler.batchAt(i);
            uint256 cobalt = _massOf(batch.substances, _COBALT);
            sums[0] += int256(uint256(batch.ownCo2e) + batch.inheritedCo2e);
            sums[1] += int256(uint256(batch.primaryCo2e));
            sums[2] += int256(cobalt);
            sums[3] += int256(_massOf(batch.substances, _NICKEL));
            sums[4] += _handler.untracedShare(_handler.batches(i)) * int256(cobalt);
        }
        _assertSame(sums[0] + _handler.apart(), _handler.emitted(), "CO2e = recorded");
        _assertSame(sums[1] + _handler.apartPrimary(), _handler.emittedPrimary(), "primary = recorded");
        _assertBalanced(_COBALT, sums[2], "cobalt + losses = minted + booked");
        _assertBalanced(_NICKEL, sums[3], "nickel + losses = minted + booked");
        int256 untraced = sums[4] + _handler.untracedLost() - _handler.untracedMinted() - _handler.untracedBooked();
        // A share is floored to 10^-18, of less than 10^18 milligrams.
        int256 slack = int256(_handler.count() + 1) * _WHOLE;
        assertTrue(untraced < slack && untraced > -slack, "what is untraced stays so");
    }

    function _assertBalanced(uint16 substance, int256 held, string memory what) private view {
        _assertSame(held + _handler.lost(substance), _handler.minted(substance) + _handler.booked(substance), what);
    }

    function _assertSame(int256 actual, int256 expected, string memory what) private pure {
        assertEq(uint256(actual), uint256(expected), what);
    }

    /// @dev Whatever way some of it came, its custodians moved it no further than one may.
    function _assertMeasurementsStayWithinTolerance() private view {
        int256[3] memory most = [50 * _POINT, 100 * _POINT, 100 * _POINT];
        for (uint256 i = 0; i < _handler.count(); ++i) {
            Ghosts.Range memory range = _handler.rangeOf(_handler.batches(i));
            for (uint256 k = 0; k < 3; ++k) {
                assertTrue(range.highest[k] <= most[k], "at most the tolerance above");
                assertTrue(range.least[k] >= -most[k], "at most the tolerance below");
            }
        }
    }

    function _assertEventsAndWordsAreKept() private view {
        for (uint256 i = 0; i < _handler.count(); ++i) {
            BatchId id = _handler.batches(i);
            ILedgerRecords.Batch memory batch = _handler.batchAt(i);
            assertEq(batch.events, _handler.named(id), "events that named it");
            assertEq(batch.custodian, _handler.custodian(id), "custodian");
            bool empty = batch.status == BatchStatus.Consumed || batch.status == BatchStatus.Reversed;
            assertTrue(empty == (batch.mass == 0), "what is used up or reversed is empty, and nothing else");
            if (empty) _assertEmpty(batch);
            uint256 held = 0;
            for (uint256 k = 0; k < batch.substances.length; ++k) {
                held += batch.substances[k].mass;
            }
            // Floors of takes can leave a milligram a substance over, each time.
            assertTrue(held <= batch.mass + 64, "no heavier than itself");
        }
    }

    function _assertQuotasCount() private view {
        for (uint256 i = 0; i < 4; ++i) {
            if (i == 1 || i == 2) continue;
            _assertSame(_mintedOf(_handler.oreId(), Origin(i)), _handler.quota(_handler.oreId(), Origin(i)), "ore");
            _assertSame(
                _mintedOf(_handler.finesId(), Origin(i)), _handler.quota(_handler.finesId(), Origin(i)), "fines"
            );
        }
        _assertSame(_handler.mintedAtTheYard(), _handler.takenBackMass(), "cars");
    }

    function _mintedOf(MaterialId material, Origin origin) private view returns (int256) {
        return int256(uint256(_handler.mintedAtThePit(material, origin)));
    }

    function _assertBalancesCountTokens() private view {
        (IERC721 token, address[4] memory holders) = _handler.parties();
        uint256 sum = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            uint256 held = 0;
            for (uint256 k = 0; k < _handler.count(); ++k) {
                if (token.ownerOf(BatchId.unwrap(_handler.batches(k))) == holders[i]) ++held;
            }
            assertEq(token.balanceOf(holders[i]), held, "balance");
            sum += held;
        }
        assertEq(sum, _handler.count(), "nobody else holds any");
    }

    /// @dev What is cheap to see, after every action; the rest, once a history is over.
    /// forge-config: default.invariant.runs = 16
    /// forge-config: default.invariant.depth = 200
    function invariant_nothingForbiddenHappens() public view {
        assertEq(_handler.breached(), 0, "breaches");
    }

    function afterInvariant() external view {
        _assertAll();
    }

    /// @dev The history did do things: a handler that always returns early would prove nothing.
    function test_handler_reachesEveryAction() external {
        bytes4[] memory actions = _actions();
        for (uint256 seed = 0; seed < 60; ++seed) {
            for (uint256 i = 0; i < actions.length; ++i) {
                (bool ok, bytes memory output) =
                    address(_handler).call(abi.encodeWithSelector(actions[i], uint256(keccak256(abi.encode(seed, i)))));
                if (!ok) _bubble(output);
            }
            if (seed % 20 == 19) _assertAll();
        }
        _assertDone();
        assertTrue(_handler.lost(_COBALT) > 0, "some cobalt was lost");
        assertTrue(_handler.booked(_COBALT) != 0, "some was booked");
    }

    function _bubble(bytes memory output) private pure {
        assembly ("memory-safe") {
            revert(add(output, 32), mload(output))
        }
    }

    function _assertAll() private view {
        _assertEveryPoolIsConserved();
        _assertMeasurementsStayWithinTolerance();
        _assertEventsAndWordsAreKept();
        _assertQuotasCount();
        _assertBalancesCountTokens();
        invariant_nothingForbiddenHappens();
    }

    function _assertDone() private view {
        string[42] memory actions = [
            "mint",
            "split",
            "ship",
            "receive",
            "answer",
            "refuse",
            "loss",
            "moisture",
            "measure",
            "reject",
            "cancel",
            "transform",
            "addEmissions",
            "retire",
            "deliver",
            "takeBack",
            "recycle",
            "recycleWaste",
            "remeasure",
            "hold",
            "release",
            "declareByAuditor",
            "declareByMaker",
            "return",
            "assign",
            "title",
            "reverseMint",
            "reverseSplit",
            "reverseTransformation",
            "reverseReceipt",
            "reverseRetirement",
            "reverseTakeBack",
            "reverseError",
            "restateRun",
            "restateShipment",
            "restateAdded",
            "restateMint",
            "confirm",
            "steal",
            "intrude",
            "hideWaste",
            "undo"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            assertTrue(_handler.done(actions[i]) > 0, actions[i]);
        }
    }

    function _assertEmpty(ILedgerRecords.Batch memory batch) private pure {
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
