// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {BatchId, Ids} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {AllocationRule, BatchStatus, Origin, SubstanceMass} from "../../types/Values.sol";
import {Vm} from "../Base.sol";
import {World} from "../World.sol";

/// @notice Cheatcodes that only these tests use.
interface Mocking {
    function mockCall(address callee, bytes calldata data, bytes calldata answer) external;
    function clearMockedCalls() external;
}

/// @title A world whose past is written down, so that it can be shown again
abstract contract Past is World {
    Mocking internal constant mocking = Mocking(address(vm));

    /// @dev What whoever reverses or restates a run shows again.
    struct Run {
        address participant;
        string identifier;
        Emissions emissions;
        ILedgerRecords.Taken[] taken;
        BatchId[] made;
    }

    function _entryOfMint(Emissions memory emissions) internal view returns (ILedgerRecords.MintEntry memory) {
        return ILedgerRecords.MintEntry(pit, ore, Origin.Mined, YEAR_2026, emissions, _salt());
    }

    function _entryOfSplit(BatchId parent) internal view returns (ILedgerRecords.SplitEntry memory) {
        return ILedgerRecords.SplitEntry(parent, _salt());
    }

    /// @dev The receipt, in this block, of a lot that is in transit now and arrives as it was sent.
    function _receiptOf(address sender, string memory identifier, BatchId batch)
        internal
        view
        returns (ILedgerRecords.Receipt memory receipt)
    {
        ILedgerRecords.Batch memory state = ledger.batchOf(batch);
        ILedgerRecords.ReceiptEntry memory entry = receipt.entry;
        receipt.before = state.trail;
        entry.shipment = _shipmentId(sender, identifier);
        entry.sender = sender;
        entry.returning = state.status == BatchStatus.Returning;
        entry.uses = state.uses + 1;
        (entry.mass, entry.arrived) = (state.mass, state.mass);
        entry.differences = _wordOf(state.tolerance);
        entry.arrivedDifferences = entry.differences;
        entry.receivedAt = uint64(block.timestamp);
        entry.salt = _salt();
    }

    function _wordOf(int16[] memory tolerance) internal pure returns (uint256 word) {
        for (uint256 i = 0; i < tolerance.length; ++i) {
            word |= uint256(uint16(tolerance[i])) << (16 * i);
        }
    }

    /// @dev Records a run, and what its event says of it.
    function _record(address participant, ILedgerRecords.Transformation memory request)
        internal
        returns (Run memory run)
    {
        vm.recordLogs();
        _transform(participant, request);
        run.participant = participant;
        run.identifier = request.identifier;
        run.emissions = request.emissions;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == ILedgerRecords.Transformed.selector) {
                (run.taken, run.made) = _partsOf(logs[i].data);
            }
        }
    }

    function _partsOf(bytes memory data)
        private
        pure
        returns (ILedgerRecords.Taken[] memory taken, BatchId[] memory made)
    {
        ILedgerRecords.Made[] memory outputs;
        (,,,, taken, outputs) =
            abi.decode(data, (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[], ILedgerRecords.Made[]));
        made = new BatchId[](outputs.length);
        for (uint256 i = 0; i < made.length; ++i) {
            made[i] = outputs[i].batch;
        }
    }

    function _reverseMint(address account, string memory identifier, ILedgerRecords.MintEntry memory entry) internal {
        _as(account);
        ledger.reverseMint(mine, identifier, entry, _reversal());
    }

    function _reverseSplit(
        address account,
        address creator,
        string memory identifier,
        ILedgerRecords.SplitEntry memory entry
    ) internal {
        _as(account);
        ledger.reverseSplit(creator, identifier, entry, _reversal());
    }

    function _reverseRun(address account, Run memory run) internal {
        _as(account);
        ledger.reverseTransformation(run.participant, run.identifier, run.emissions, run.taken, run.made, _reversal());
    }

    /// @dev Reverses the receipt of the one lot of a shipment without emissions.
    function _reverseReceipt(
        address account,
        address sender,
        string memory identifier,
        address receiver,
        BatchId batch,
        ILedgerRecords.Receipt memory receipt
    ) internal {
        ILedgerRecords.Receipt[] memory receipts = new ILedgerRecords.Receipt[](1);
        receipts[0] = receipt;
        ILedgerRecords.Open memory open = _open(_only(batch), new BatchId[](0));
        _as(account);
        ledger.reverseReceipt(sender, identifier, receiver, open, _only(batch), receipts, _reversal());
    }

    function _findingOn(BatchId batch) internal {
        mocking.mockCall(address(registry), abi.encodeWithSignature("hasOpenFinding(uint256)", batch), abi.encode(true));
    }

    function _builtOn(BatchId batch) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.BuiltOn.selector, batch);
    }

    function _notAsRecorded(BatchId batch) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.NotAsRecorded.selector, batch);
    }

    function _notForYou(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.NotAuthorNorAuditor.selector, account);
    }

    function _assertReversed(BatchId id) internal view {
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
        assertEq(uint8(batch.status), uint8(BatchStatus.Reversed), "reversed");
        uint256 held = uint256(batch.mass) + batch.ownCo2e + batch.inheritedCo2e + batch.primaryCo2e;
        for (uint256 i = 0; i < batch.substances.length; ++i) {
            held += batch.substances[i].mass;
        }
        assertEq(held, 0, "what a reversed batch holds");
    }
}
