// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, FacilityId, MaterialId} from "../types/Ids.sol";
import {BatchStatus, IN_FULL, Origin, Retirement} from "../types/Values.sol";
import {CorrectiveActs} from "./CorrectiveActs.sol";

/// @title A random history of a mine, a refinery, a maker and a recycler
/// @notice Every public action does something that may be refused and books it if it is not, tries something forbidden,
/// or does something and takes it back.
contract Handler is CorrectiveActs {
    function setUp() public override {
        super.setUp();
        _approve(pit, ore, UNTRACED, CAPACITY);
        _approve(pit, fines, UNTRACED, CAPACITY);
        _approve(yard, car, POST_CONSUMER, CAPACITY);
        _approve(yard, alloy, POST_CONSUMER | PRE_CONSUMER, 1);
    }

    // What is asked about it.

    function parties() external view returns (IERC721, address[4] memory) {
        return (IERC721(address(token)), [mine, refinery, maker, recycler]);
    }

    function oreId() external view returns (MaterialId) {
        return ore;
    }

    function finesId() external view returns (MaterialId) {
        return fines;
    }

    function mintedAtThePit(MaterialId material, Origin origin) external view returns (uint64) {
        return ledger.mintedIn(pit, material, origin, 2026);
    }

    function mintedAtTheYard() external view returns (int256) {
        return int256(uint256(ledger.mintedIn(yard, car, Origin.PostConsumer, 2026)));
    }

    // What may not happen.

    /// @dev Someone who is not the custodian tries to use a batch; anyone tries to use a spent one.
    function steal(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        address thief = _chance(4) ? stranger : _anyone();
        if (thief == custodian[id] && !_isSpent(ledger.batchOf(id).status)) return;
        _attempt(thief, _theft(id, thief), "theft");
        ++done["steal"];
    }

    function _isSpent(BatchStatus status) private pure returns (bool) {
        return status >= BatchStatus.Consumed;
    }

    function _theft(BatchId id, address thief) private returns (bytes memory) {
        uint256 way = _pick(0, 6);
        uint32 expected = _eventsOf(id);
        if (way == 0) return abi.encodeCall(ledger.ship, (_offerOf(_name(), _only(id), _anyone())));
        if (way == 1) {
            return abi.encodeCall(ledger.retire, (id, Retirement.Disposed, expected, "", YEAR_2026, _none()));
        }
        if (way == 2) return abi.encodeCall(ledger.addEmissions, (id, _zero(), "", "", YEAR_2026, _none()));
        if (way == 3) {
            ILedgerRecords.SplitChild[] memory children = new ILedgerRecords.SplitChild[](1);
            children[0] = ILedgerRecords.SplitChild(_name(), IN_FULL);
            return abi.encodeCall(ledger.split, (id, children, YEAR_2026, _none()));
        }
        if (way == 4) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(id);
            return abi.encodeCall(ledger.remeasure, (_measurementOf(id, batch.mass, batch.substances)));
        }
        if (way == 5) return abi.encodeCall(ledger.assignStock, (id, thief, "mine now", YEAR_2026, _document()));
        ILedgerRecords.Transformation memory request = _run(_name(), _only(id), 1, 0);
        request.facility = _facilityOf(thief);
        return abi.encodeCall(ledger.transform, (request));
    }

    /// @dev Someone moves a token by ERC-721, or answers a shipment that is not theirs.
    function intrude(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        address holder = custodian[id];
        _attempt(holder, abi.encodeCall(token.transferFrom, (holder, stranger, BatchId.unwrap(id))), "transfer");
        _attempt(holder, abi.encodeCall(token.approve, (stranger, BatchId.unwrap(id))), "approval");
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok) return;
        address thief = _chance(4) ? stranger : _anyone();
        ILedgerRecords.Open memory open = _openOf(shipping);
        if (thief != shipping.receiver) {
            _attempt(thief, _answerTo(shipping, open, true), "receipt by another");
            _attempt(thief, _answerTo(shipping, open, false), "refusal by another");
        }
        if (thief != shipping.sender) {
            bytes memory input = abi.encodeCall(
                ledger.cancelShipment, (shipping.identifier, shipping.receiver, open, "", YEAR_2026, TAG, _none())
            );
            _attempt(thief, input, "cancellation by another");
        }
        ++done["intrude"];
    }

    function _answerTo(Shipping storage shipping, ILedgerRecords.Open memory open, bool accept)
        private
        view
        returns (bytes memory)
    {
        (address sender, string memory identifier) = (shipping.sender, shipping.identifier);
        if (!accept) {
            return abi.encodeCall(ledger.rejectShipment, (sender, identifier, open, "", YEAR_2026, TAG, _none()));
        }
        uint32[] memory expected = _expected(open.open);
        return abi.encodeCall(ledger.receiveShipment, (sender, identifier, open, expected, YEAR_2026, TAG, _none()));
    }

    /// @dev Waste goes nowhere but to where it arose, or into a recycling run elsewhere.
    function hideWaste(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        uint256 start = _pick(0, batches.length - 1);
        for (uint256 i = 0; i < batches.length; ++i) {
            BatchId id = batches[(start + i) % batches.length];
            ILedgerRecords.Batch memory batch = ledger.batchOf(id);
            if (!batch.waste || batch.status != BatchStatus.Active || batch.frozen) continue;
            ILedgerRecords.Transformation memory request = _run(_name(), _only(id), 1, 0);
            bool away = _births[id].creator != batch.custodian;
            request.facility = _facilityOf(batch.custodian);
            // At home a recycling run of it, elsewhere an ordinary one.
            request.recycling = !away;
            if (away || batch.custodian != recycler) {
                _attempt(batch.custodian, abi.encodeCall(ledger.transform, (request)), "waste hidden");
                ++done["hideWaste"];
            }
            return;
        }
    }

    function _attempt(address thief, bytes memory input, string memory what) private {
        vm.prank(thief);
        (bool ok, bytes memory output) = address(ledger).call(input);
        if (ok) _breach(what);
        if (!ok && (output.length < 4 || bytes4(output) == 0x4e487b71)) _breach(string.concat("panic in ", what));
    }

    // What is taken back at once must leave no trace.

    function undo(uint256 seed) external {
        _seed = seed;
        uint256 known = batches.length;
        bytes32 before = _fingerprint(known);
        (bool did, bool undone) = _doAndUndo(_pick(0, 7));
        if (!did) return;
        if (!undone) _breach("what nobody built on is not reversed");
        if (undone && before != _fingerprint(known)) _breach("a trace of what was reversed");
        if (undone) ++done["undo"];
    }

    function _doAndUndo(uint256 way) private returns (bool did, bool undone) {
        if (way == 0) {
            (did,) = _did("mint", this.mint);
            if (did) undone = _undoMint(batches[batches.length - 1]);
        } else if (way == 1) {
            uint256 known = batches.length;
            (did,) = _did("split", this.split);
            undone = did;
            // In any order.
            for (uint256 i = known; i < batches.length; ++i) {
                undone = _undoSplit(batches[i]) && undone;
            }
        } else if (way == 2) {
            (did,) = _did("transform", this.transform);
            if (did) undone = _undoRun(_runs.length - 1);
        } else if (way == 3) {
            (did,) = _did("recycle", this.recycle);
            if (did) undone = _undoRun(_runs.length - 1);
        } else if (way == 4) {
            return _receiveAndUndo();
        } else if (way == 5) {
            BatchId id;
            (id,, did) = _some(BatchStatus.Delivered);
            did = did && _takeBack(id);
            if (did) undone = _undoTakeBack(id);
        } else if (way == 6) {
            BatchId id = batches.length == 0 ? BatchId.wrap(0) : batches[_pick(0, batches.length - 1)];
            bool byAuditor = _chance(2);
            did = batches.length != 0 && _declare(id, byAuditor);
            if (did) undone = _undoError(id, byAuditor);
        } else {
            return _retireAndUndo();
        }
    }

    function _did(string memory action, function(uint256) external act) private returns (bool did, uint256 times) {
        times = done[action];
        act(_pick(0, type(uint256).max - 1));
        did = done[action] > times;
    }

    /// @dev A receipt of one lot, by an answer of any kind.
    function _receiveAndUndo() private returns (bool did, bool undone) {
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok || shipping.open.length != 1) return (false, false);
        BatchId id = shipping.open[0];
        if (ledger.batchOf(id).uses >= 30) return (false, false);
        bytes memory receipt = _births[id].receipt;
        ILedgerRecords.Batch memory before = ledger.batchOf(id);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](1);
        answers[0] = _chooseAnswer(id, before);
        if (answers[0].refused || !_tryAnswer(shipping, answers)) return (false, false);
        did = true;
        undone = _undoReceipt(id);
        _births[id].receipt = receipt;
    }

    function _retireAndUndo() private returns (bool did, bool undone) {
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _usable();
        if (!ok) return (false, false);
        bytes memory input =
            abi.encodeCall(ledger.retire, (id, Retirement(_pick(0, 1)), uint32(batch.events), "", YEAR_2026, _none()));
        did = _call(batch.custodian, input, "retire");
        if (!did) return (false, false);
        _name(_only(id));
        undone = _undoRetirement(id, false);
    }

    /// @dev All that is known of those batches, quotas and balances, but for how many events named a batch.
    function _fingerprint(uint256 known) private view returns (bytes32 all) {
        for (uint256 i = 0; i < known; ++i) {
            all = keccak256(abi.encode(all, _without(batches[i])));
        }
        FacilityId facility = pit;
        for (uint256 i = 0; i < 4; ++i) {
            uint64 a = ledger.mintedIn(facility, ore, Origin(i), 2026);
            uint64 b = ledger.mintedIn(facility, fines, Origin(i), 2026);
            all = keccak256(abi.encode(all, a, b, ledger.mintedIn(yard, car, Origin(i), 2026)));
        }
    }
}
