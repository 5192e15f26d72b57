// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId} from "../types/Ids.sol";
import {Difference, HoldKind, Retirement} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title Texts on the ledger are shown on one line, and not obeyed
/// @notice Each text is refused with a control character in it, and taken without; nothing else differs.
contract TextsTest is World {
    string private constant _PLAIN = unicode"Grube é 钴矿, Stollen 2";
    string private constant _BAD = "Stollen 2\nsold";

    function _call(address caller, bytes memory input) private returns (bool ok, bytes memory answer) {
        vm.prank(caller);
        (ok, answer) = address(ledger).call(input);
    }

    function _both(address caller, bytes memory bad, bytes memory plain, bytes4 reason) private {
        (bool ok, bytes memory answer) = _call(caller, bad);
        assertTrue(!ok, "taken");
        assertTrue(keccak256(answer) == keccak256(abi.encodeWithSelector(reason, _BAD)), "another reason");
        (ok,) = _call(caller, plain);
        assertTrue(ok, "refused");
    }

    function _reasons(address caller, bytes memory bad, bytes memory plain) private {
        _both(caller, bad, plain, ILedgerRecords.ControlCharacter.selector);
    }

    function _names(address caller, bytes memory bad, bytes memory plain) private {
        _both(caller, bad, plain, ILedgerRecords.InvalidIdentifier.selector);
    }

    function test_identifiers_ofBatches() external {
        ILedgerRecords.Mint memory one = _mintOf(_BAD, TONNE);
        ILedgerRecords.Mint memory other = _mintOf(_PLAIN, TONNE);
        _names(mine, abi.encodeCall(ledger.mint, (one)), abi.encodeCall(ledger.mint, (other)));
        BatchId id = Named.batch(mine, _PLAIN);
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](1);
        children[0] = ILedgerRecords.SplitChild(_BAD, 1);
        bytes memory bad = abi.encodeCall(ledger.split, (id, children, YEAR_2026, _none()));
        children[0].identifier = "A";
        _names(mine, bad, abi.encodeCall(ledger.split, (id, children, YEAR_2026, _none())));
    }

    function test_identifiers_ofRunsAndWhatTheyMake() external {
        ILedgerRecords.Transformation memory run = _run("R", _only(_mint("A", TONNE, 1)), TONNE, 1);
        run.identifier = _BAD;
        bytes memory bad = abi.encodeCall(ledger.transform, (run));
        run.identifier = "R";
        run.outputs[0].identifier = _BAD;
        _names(mine, bad, abi.encodeCall(ledger.batchOf, (run.inputs[0].batch)));
        bad = abi.encodeCall(ledger.transform, (run));
        run.outputs[0].identifier = _PLAIN;
        _names(mine, bad, abi.encodeCall(ledger.batchOf, (run.inputs[0].batch)));
        run.process = _BAD;
        bad = abi.encodeCall(ledger.transform, (run));
        run.process = _PLAIN;
        _reasons(mine, bad, abi.encodeCall(ledger.transform, (run)));
    }

    function test_identifiers_ofShipmentsAndRecords() external {
        BatchId id = _mint("A", TONNE, 1);
        _names(
            mine,
            abi.encodeCall(ledger.addEmissions, (id, _scope1(1, 0), _BAD, "", YEAR_2026, _none())),
            abi.encodeCall(ledger.addEmissions, (id, _scope1(1, 0), _PLAIN, "", YEAR_2026, _none()))
        );
        ILedgerRecords.Offer memory offer = _offerOf(_BAD, _only(id), refinery);
        bytes memory bad = abi.encodeCall(ledger.ship, (offer));
        offer.identifier = _PLAIN;
        _names(mine, bad, abi.encodeCall(ledger.ship, (offer)));
    }

    function test_reasons_ofEveryDay() external {
        BatchId id = _mint("A", TONNE, 1);
        _reasons(
            mine,
            abi.encodeCall(ledger.addEmissions, (id, _scope1(1, 0), "", _BAD, YEAR_2026, _none())),
            abi.encodeCall(ledger.addEmissions, (id, _scope1(1, 0), "", _PLAIN, YEAR_2026, _none()))
        );
        _ship(mine, "S1", _only(id), refinery);
        ILedgerRecords.Open memory open = _open(_only(id));
        _reasons(
            mine,
            abi.encodeCall(ledger.cancelShipment, ("S1", refinery, open, _BAD, YEAR_2026, TAG, _none())),
            abi.encodeCall(ledger.cancelShipment, ("S1", refinery, open, _PLAIN, YEAR_2026, TAG, _none()))
        );
        _ship(mine, "S2", _only(id), refinery);
        _reasons(
            refinery,
            abi.encodeCall(ledger.rejectShipment, (mine, "S2", open, _BAD, YEAR_2026, TAG, _none())),
            abi.encodeCall(ledger.rejectShipment, (mine, "S2", open, _PLAIN, YEAR_2026, TAG, _none()))
        );
        uint32 events = _eventsOf(id);
        _reasons(
            mine,
            abi.encodeCall(ledger.retire, (id, Retirement.Disposed, events, _BAD, YEAR_2026, _none())),
            abi.encodeCall(ledger.retire, (id, Retirement.Disposed, events, _PLAIN, YEAR_2026, _none()))
        );
    }

    function test_reasons_ofAnswersAndMeasurements() external {
        BatchId id = _mint("A", TONNE, 1);
        _ship(mine, "S", _only(id), refinery);
        ILedgerRecords.Open memory open = _open(_only(id));
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _arrived(id, TONNE - 1, Difference.Moisture);
        _reasons(
            refinery,
            abi.encodeCall(ledger.answerShipment, (mine, "S", open, answers, _BAD, YEAR_2026, TAG, _none())),
            abi.encodeCall(ledger.answerShipment, (mine, "S", open, answers, _PLAIN, YEAR_2026, TAG, _none()))
        );
        ILedgerRecords.Measurement memory measurement = _measurementOf(id, TONNE, ledger.batchOf(id).substances);
        measurement.reason = _BAD;
        bytes memory bad = abi.encodeCall(ledger.remeasure, (measurement));
        measurement.reason = _PLAIN;
        _reasons(auditor, bad, abi.encodeCall(ledger.remeasure, (measurement)));
    }

    function test_reasons_ofHolds() external {
        _mint("A", TONNE, 1);
        HoldKind kind = HoldKind.Custodian;
        _reasons(
            mine,
            abi.encodeCall(ledger.hold, (mine, "A", kind, 1, _BAD, YEAR_2026, _none())),
            abi.encodeCall(ledger.hold, (mine, "A", kind, 1, _PLAIN, YEAR_2026, _none()))
        );
        _reasons(
            mine,
            abi.encodeCall(ledger.release, (mine, "A", kind, 2, _BAD, YEAR_2026, _none())),
            abi.encodeCall(ledger.release, (mine, "A", kind, 2, _PLAIN, YEAR_2026, _none()))
        );
    }

    function test_reasons_ofAssignedStock() external {
        BatchId id = _mint("A", TONNE, 1);
        _suspend(mine);
        _reasons(
            consortium,
            abi.encodeCall(ledger.assignStock, (id, refinery, _BAD, YEAR_2026, _document())),
            abi.encodeCall(ledger.assignStock, (id, refinery, _PLAIN, YEAR_2026, _document()))
        );
    }

    function test_reasons_ofCorrections() external {
        ILedgerRecords.Mint memory request = _mintOf("A", TONNE);
        vm.prank(mine);
        BatchId id = ledger.mint(request);
        ILedgerRecords.MintEntry memory entry = _mintEntry(request);
        ILedgerRecords.Restatement memory restatement = _restatement(_scope1(1, 0));
        restatement.reason = _BAD;
        bytes memory bad = abi.encodeCall(ledger.restateMint, (mine, "A", entry, new bytes32[](0), restatement));
        restatement.reason = _PLAIN;
        _reasons(mine, bad, abi.encodeCall(ledger.restateMint, (mine, "A", entry, new bytes32[](0), restatement)));
        _declareError(mine, mine, "A");
        ILedgerRecords.Reversal memory odd = _reversal();
        odd.reason = _BAD;
        ILedgerRecords.Reversal memory even = _reversal();
        even.reason = _PLAIN;
        uint32 events = _eventsOf(id);
        _reasons(
            mine,
            abi.encodeCall(ledger.reverseError, (mine, "A", false, events, odd)),
            abi.encodeCall(ledger.reverseError, (mine, "A", false, events, even))
        );
        _reasons(
            mine,
            abi.encodeCall(ledger.reverseMint, (mine, "A", entry, odd)),
            abi.encodeCall(ledger.reverseMint, (mine, "A", entry, even))
        );
    }
}
