// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, MaterialId} from "../types/Ids.sol";
import {Limits} from "../types/Limits.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, BatchStatus, Difference, IN_FULL, Origin, SubstanceMass} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title The largest of each operation, its answers and its reversal, each in a block of 30,000,000 gas
/// @notice Fifteen substances a batch, identifiers of 256 bytes, differences used in every lane. Each call is a
/// transaction of its own, so that it finds cold what a block before left.
contract BlocksTest is World {
    uint256 private constant _BLOCK = 30_000_000;
    uint64 private constant _MASS = 1_000 * KG;

    MaterialId private _rich;

    function setUp() public override {
        super.setUp();
        uint16[] memory numbers = new uint16[](15);
        for (uint16 i = 0; i < 15; ++i) {
            numbers[i] = 65_521 + i;
        }
        IParticipantRegistry.Terms memory terms;
        // Of a product, whose maker is kept of each lot.
        terms.product = true;
        (terms.toleranceMass, terms.toleranceSubstances) = (10_000, 10_000);
        terms.contents = new IParticipantRegistry.Content[](15);
        for (uint16 i = 0; i < 15; ++i) {
            terms.contents[i] = IParticipantRegistry.Content(65_521 + i, 1, 10_000);
        }
        _rich = _define("rich", numbers, terms);
        _approve(pit, _rich, MINED, type(uint64).max);
    }

    // Lots.

    function _holdings(uint64 each) private pure returns (SubstanceMass[] memory list) {
        list = new SubstanceMass[](15);
        for (uint16 i = 0; i < 15; ++i) {
            list[i] = SubstanceMass(65_521 + i, each);
        }
    }

    /// @dev 256 bytes, of which the number is the last ones.
    function _long(string memory prefix, uint256 number) private pure returns (string memory) {
        bytes memory filler = new bytes(254 - bytes(prefix).length);
        for (uint256 i = 0; i < filler.length; ++i) {
            filler[i] = "x";
        }
        return string(abi.encodePacked(prefix, filler, bytes2(uint16(0x4141 + (number / 16) * 256 + number % 16))));
    }

    function _mintRich(uint256 number) private returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintOf(_long("LOT", number), _MASS);
        (request.material, request.substances) = (_rich, _holdings(_MASS / 20));
        request.emissions = _scopes(1_001, 1_002, 1_003, 1_004);
        vm.prank(mine);
        return ledger.mint(request);
    }

    /// @dev As many lots as that, each measured once in every lane.
    function _lots(uint256 count) private returns (BatchId[] memory list) {
        list = new BatchId[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = _mintRich(i);
            _remeasure(mine, list[i], _MASS - 1_000, _holdings(_MASS / 20 - 1_000));
        }
    }

    function _offerAll(BatchId[] memory lots) private view returns (ILedgerRecords.Offer memory offer) {
        offer = _offerOf(_long("SEA", 0), lots, maker);
        offer.emissions = _scopes(1_000_001, 1_000_002, 1_000_003, 1_000_004);
        offer.evidence = _document();
    }

    function _openAll(ILedgerRecords.Offer memory offer) private pure returns (ILedgerRecords.Open memory) {
        return ILedgerRecords.Open(keccak256(abi.encode(offer.emissions, offer.batches)), offer.batches);
    }

    /// @dev What the last call needed, refunds included, is no more than a block has.
    function _fits(string memory what) private view {
        Vm.Gas memory used = vm.lastCallGas();
        uint256 needed = used.gasTotalUsed;
        if (used.gasRefunded > 0) needed += uint64(used.gasRefunded);
        if (needed > _BLOCK) revert NotEqual(what, needed, _BLOCK);
    }

    // Mint, split.

    /// forge-config: default.isolate = true
    function test_block_mint() external {
        BatchId id = _mintRich(0);
        _fits("mint");
        _remeasure(mine, id, _MASS - 1_000, _holdings(_MASS / 20 - 1_000));
        _fits("remeasure");
    }

    /// forge-config: default.isolate = true
    function test_block_split() external {
        BatchId parent = _lots(1)[0];
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](Limits.CHILDREN);
        for (uint256 i = 0; i < children.length; ++i) {
            children[i] = ILedgerRecords.SplitChild(_long("PART", i), KG);
        }
        vm.prank(mine);
        ledger.split(parent, children, YEAR_2026, _document());
        _fits("split");
    }

    // Shipments.

    /// forge-config: default.isolate = true
    function test_block_shipReceiveAndReverse() external {
        ILedgerRecords.Offer memory offer = _offerAll(_lots(Limits.LOTS));
        vm.prank(mine);
        ledger.ship(offer);
        _fits("ship");
        uint32[] memory expected = _expected(offer.batches);
        ILedgerRecords.Receipt[] memory receipts = _receiptsOf(offer);
        vm.prank(maker);
        ledger.receiveShipment(mine, offer.identifier, _openAll(offer), expected, YEAR_2026, TAG, _document());
        _fits("receive");
        ILedgerRecords.Open memory open = _openAll(offer);
        open.open = new BatchId[](0);
        vm.prank(maker);
        ledger.reverseReceipt(mine, offer.identifier, maker, open, offer.batches, receipts, _reversal());
        _fits("reverse of a receipt");
        vm.prank(mine);
        ledger.restateShipment(
            mine, offer.identifier, maker, offer.emissions, offer.batches, offer.batches, _restated()
        );
        _fits("restatement of a shipment");
    }

    function _restated() private pure returns (ILedgerRecords.Restatement memory restatement) {
        restatement = _restatement(_scopes(1, 1, 1, 1));
        restatement.evidence = _document();
    }

    /// @dev Receipts of lots that arrive in this block, as they were sent.
    function _receiptsOf(ILedgerRecords.Offer memory offer)
        private
        view
        returns (ILedgerRecords.Receipt[] memory receipts)
    {
        receipts = new ILedgerRecords.Receipt[](offer.batches.length);
        for (uint256 i = 0; i < receipts.length; ++i) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(offer.batches[i]);
            ILedgerRecords.ReceiptEntry memory entry = receipts[i].entry;
            entry.shipment = _shipmentId(mine, offer.identifier);
            entry.sender = mine;
            entry.uses = batch.uses + 1;
            (entry.mass, entry.arrived) = (batch.mass, batch.mass);
            for (uint256 k = 0; k < batch.tolerance.length; ++k) {
                entry.differences |= uint256(uint16(batch.tolerance[k])) << (16 * k);
            }
            entry.arrivedDifferences = entry.differences;
            (entry.receivedAt, entry.salt) = (uint64(block.timestamp), _salt());
            receipts[i].before = batch.trail;
        }
    }

    /// forge-config: default.isolate = true
    function test_block_rejectAndCancel() external {
        ILedgerRecords.Offer memory offer = _offerAll(_lots(Limits.LOTS));
        vm.prank(mine);
        ledger.ship(offer);
        vm.prank(maker);
        ledger.rejectShipment(mine, offer.identifier, _openAll(offer), "", YEAR_2026, TAG, _document());
        _fits("reject");
        offer.identifier = _long("SEA", 1);
        vm.prank(mine);
        ledger.ship(offer);
        vm.prank(mine);
        ledger.cancelShipment(offer.identifier, maker, _openAll(offer), "", YEAR_2026, TAG, _document());
        _fits("cancel");
    }

    /// forge-config: default.isolate = true
    function test_block_answer_measured() external {
        ILedgerRecords.Answer memory answer;
        (answer.mass, answer.difference) = (_MASS - 3_000, Difference.Measurement);
        answer.substances = _holdings(_MASS / 20 - 3_000);
        _answersFit(answer);
    }

    /// forge-config: default.isolate = true
    function test_block_answer_lost() external {
        ILedgerRecords.Answer memory answer;
        (answer.mass, answer.difference) = (_MASS - 3_000, Difference.Loss);
        _answersFit(answer);
    }

    /// forge-config: default.isolate = true
    function test_block_answer_refused() external {
        ILedgerRecords.Answer memory answer;
        answer.refused = true;
        _answersFit(answer);
    }

    function _answersFit(ILedgerRecords.Answer memory answer) private {
        ILedgerRecords.Offer memory offer = _offerAll(_lots(Limits.LOTS));
        vm.prank(mine);
        ledger.ship(offer);
        ILedgerRecords.Receipt[] memory receipts = _receiptsOf(offer);
        ILedgerRecords.Batch memory before = ledger.batchOf(offer.batches[0]);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](offer.batches.length);
        for (uint256 i = 0; i < answers.length; ++i) {
            answers[i] = ILedgerRecords.Answer(
                offer.batches[i],
                _eventsOf(offer.batches[i]),
                answer.refused,
                answer.mass,
                answer.difference,
                answer.substances
            );
        }
        vm.prank(maker);
        ledger.answerShipment(mine, offer.identifier, _openAll(offer), answers, "wet", YEAR_2026, TAG, _document());
        _fits("answer");
        if (!answer.refused) _reversalFits(offer, receipts, before);
    }

    function _reversalFits(
        ILedgerRecords.Offer memory offer,
        ILedgerRecords.Receipt[] memory receipts,
        ILedgerRecords.Batch memory before
    ) private {
        for (uint256 i = 0; i < receipts.length; ++i) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(offer.batches[i]);
            ILedgerRecords.ReceiptEntry memory entry = receipts[i].entry;
            entry.arrived = batch.mass;
            (entry.substances, entry.arrivedSubstances) = (before.substances, batch.substances);
            entry.arrivedDifferences = 0;
            for (uint256 k = 0; k < batch.tolerance.length; ++k) {
                entry.arrivedDifferences |= uint256(uint16(batch.tolerance[k])) << (16 * k);
            }
        }
        ILedgerRecords.Open memory open = _openAll(offer);
        open.open = new BatchId[](0);
        vm.prank(maker);
        ledger.reverseReceipt(mine, offer.identifier, maker, open, offer.batches, receipts, _reversal());
        _fits("reverse of an answer");
    }

    /// forge-config: default.isolate = true
    function test_block_return() external {
        ILedgerRecords.Offer memory offer = _offerAll(_lots(Limits.LOTS));
        vm.prank(mine);
        ledger.ship(offer);
        uint32[] memory expected = _expected(offer.batches);
        ILedgerRecords.Receipt[] memory receipts = _receiptsOf(offer);
        vm.prank(maker);
        ledger.receiveShipment(mine, offer.identifier, _openAll(offer), expected, YEAR_2026, TAG, _none());
        for (uint256 i = 0; i < Limits.LOTS; ++i) {
            _declareError(auditor, mine, _long("LOT", i));
        }
        (offer.identifier, offer.to) = (_long("BACK", 0), mine);
        vm.prank(maker);
        ledger.returnShipment(offer, receipts);
        _fits("return");
        expected = _expected(offer.batches);
        vm.prank(mine);
        ledger.receiveShipment(maker, offer.identifier, _openAll(offer), expected, YEAR_2026, TAG, _document());
        _fits("receipt of a return");
    }

    // Transformations.

    /// forge-config: default.isolate = true
    function test_block_transformAndReverse() external {
        ILedgerRecords.Transformation memory request = _largestRun(_lots(Limits.INPUTS));
        vm.recordLogs();
        _transform(mine, request);
        _fits("transform");
        ILedgerRecords.Taken[] memory taken = _takenBy();
        BatchId[] memory outputs = new BatchId[](request.outputs.length);
        for (uint256 i = 0; i < outputs.length; ++i) {
            outputs[i] = Named.batch(mine, request.outputs[i].identifier);
        }
        vm.prank(mine);
        ledger.restateTransformation(mine, request.identifier, request.emissions, taken, outputs, _restated());
        _fits("restatement of a run");
        vm.prank(mine);
        ledger.reverseTransformation(mine, request.identifier, request.emissions, taken, outputs, _reversal());
        _fits("reverse of a run");
    }

    function _largestRun(BatchId[] memory lots) private view returns (ILedgerRecords.Transformation memory request) {
        request = _run(_long("RUN", 0), lots, 1, 0);
        request.outputs = new ILedgerRecords.Output[](Limits.OUTPUTS);
        uint64 share = (_MASS / 20 - 1_000) / 2;
        for (uint256 i = 0; i < request.outputs.length; ++i) {
            request.outputs[i] = _output(_long("OUT", i), _rich, _MASS, 1 + uint64(i), _holdings(share));
        }
        request.allocation = AllocationRule.Economic;
        request.emissions = _scopes(1_000_001, 1_000_002, 1_000_003, 1_000_004);
        request.evidence = _document();
        // Half of each input, so that all its words change and stay.
        for (uint256 i = 0; i < request.inputs.length; ++i) {
            request.inputs[i].mass = _MASS - 2_000;
        }
    }

    function _takenBy() private returns (ILedgerRecords.Taken[] memory taken) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILedgerRecords.Transformed.selector) continue;
            (,,,, taken) = abi.decode(logs[i].data, (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[]));
        }
    }

    // Beyond the limits.

    function test_longerListsAreRefused() external {
        BatchId id = _mintRich(0);
        ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](Limits.CHILDREN + 1);
        _expect(_tooLong("children", Limits.CHILDREN));
        vm.prank(mine);
        ledger.split(id, children, YEAR_2026, _none());
        ILedgerRecords.Transformation memory request = _run("RUN-1", new BatchId[](Limits.INPUTS + 1), 1, 0);
        _refused(_tooLong("inputs", Limits.INPUTS));
        _transform(mine, request);
        request = _run("RUN-1", _only(id), 1, 0);
        request.outputs = new ILedgerRecords.Output[](Limits.OUTPUTS + 1);
        _refused(_tooLong("outputs", Limits.OUTPUTS));
        _transform(mine, request);
        _refused(_tooLong("batches", Limits.LOTS));
        _ship(mine, "SEA-1", new BatchId[](Limits.LOTS + 1), maker);
    }

    function _tooLong(string memory list, uint256 limit) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.ListTooLong.selector, list, limit + 1, limit);
    }
}
