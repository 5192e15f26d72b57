// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {ILedgerCore} from "../interfaces/ILedgerCore.sol";
import {Balance, BalanceLine, SubstanceBalance} from "../libraries/SubstanceBalance.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {Differences} from "../types/Differences.sol";
import {Spread} from "../types/Spread.sol";
import {BatchId, FacilityId, Ids, MaterialId, TransformationId} from "../types/Ids.sol";
import {Limits} from "../types/Limits.sol";
import {SubstanceSetLibrary} from "../types/SubstanceSet.sol";
import {Emissions} from "../types/Emissions.sol";
import {Evidence, Origin, SubstanceMass} from "../types/Values.sol";
import {Outputs} from "./Outputs.sol";

/// @title Transformations
/// @notice Batches made of batches: splits, which share one batch out, and transformations, N inputs to M outputs.
abstract contract Transformations is Outputs, ILedgerCore {
    /// @dev What makes an input more than its pools.
    uint256 private constant _SPECIAL =
        BatchStateLibrary.TAKEN_BACK | BatchStateLibrary.WASTE | BatchStateLibrary.DIFFERENCES;

    /// @inheritdoc ILedgerCore
    function split(BatchId parent, SplitChild[] calldata children, uint64 occurredAt, Evidence[] calldata evidence)
        external
    {
        // Rule 1.
        address custodian = _admission.requireMayAct(msg.sender);
        uint256 count = children.length;
        if (_isUnfit(count, Limits.CHILDREN)) _refuseList("children", count, Limits.CHILDREN);
        (Lot storage lot, BatchState state) = _requireUsable(parent, custodian);
        MaterialId material = _materialOf(lot);
        bytes32 entry = _entryOf(BatchId.unwrap(parent));
        Child[] memory made = new Child[](count);
        for (uint256 i = 0; i < count; ++i) {
            Child memory child = made[i];
            // Take: each child of what the one before left.
            state = _take(parent, lot, state.used(), children[i].mass, child.taken);
            _createChild(lot, state, child, children[i].identifier, custodian, material, entry);
        }
        lot.state = state.named();
        _hold(custodian, count);
        emit BatchSplit(parent, custodian, occurredAt, made, evidence);
    }

    /// @inheritdoc ILedgerCore
    function transform(Transformation calldata request) external returns (TransformationId) {
        // Rule 1: at a facility of its own that is not blocked.
        Run memory run;
        run.participant = _admission.requireFacility(msg.sender, request.facility);
        string calldata identifier = request.identifier;
        _requireRun(run, request, identifier);
        Emissions memory emissions = request.emissions;
        _totalOf(emissions);
        run.facility = request.facility;
        run.recycling = request.recycling;
        run.rule = request.allocation;
        run.origin = Origin.PreConsumer;
        run.entry = _entryOf(TransformationId.unwrap(run.transformation));
        Taken[] memory taken = _takeInputs(run, request.inputs);
        Made[] memory made = _draft(run, request.outputs, request.occurredAt);
        bool mostlyWaste = _account(run.balance, made);
        SubstanceMass[] memory losses =
            request.balanceLosses ? _balanceLosses(run.balance) : _requireBalanced(run.balance, request.losses);
        _weigh(run, made, mostlyWaste);
        BatchId[] memory ids = _make(run, made, emissions);
        _transformations[run.transformation] = keccak256(abi.encode(emissions, taken, ids));
        emit Transformed(
            run.transformation,
            run.participant,
            run.facility,
            request.occurredAt,
            run.recycling,
            run.rule,
            emissions,
            taken,
            made,
            losses,
            identifier,
            request.process,
            request.evidence
        );
        return run.transformation;
    }

    /// @dev The hash of a `SplitEntry` or a `RunEntry`, two words both: of what, and the salt.
    function _entryOf(uint256 of_) private view returns (bytes32) {
        return Hashes.efficientKeccak256(bytes32(of_), _salt());
    }

    /// @dev A child is what was taken of its parent, and has of it what else a part of it has.
    function _createChild(
        Lot storage parent,
        BatchState state,
        Child memory made,
        string calldata identifier,
        address custodian,
        MaterialId material,
        bytes32 entry
    ) private {
        Taken memory taken = made.taken;
        made.identifier = identifier;
        Lot storage child;
        (taken.batch, child) = _newBatch(custodian, identifier);
        BatchState pools = _poolsOf(taken).withThoseOf(state, BatchStateLibrary.PASSED_ON);
        _create(taken.batch, child, custodian, pools, material, taken.substances, entry);
        // Rule 9: a product's maker, whoever splits it.
        address maker = parent.maker;
        if (maker != address(0)) child.maker = maker;
        // Rule 5: the tolerance used; Rule 6: where waste arose.
        if (state.has(BatchStateLibrary.DIFFERENCES)) _setMoved(child, parent.differences, parent.spread);
        if (state.has(BatchStateLibrary.WASTE)) child.arose = parent.arose;
    }

    /// @dev Refuses what can be refused without looking at a batch.
    function _requireRun(Run memory run, Transformation calldata request, string calldata identifier) private view {
        _requireTime(request.occurredAt);
        _requireIdentifier(identifier);
        _requirePlain(request.process);
        run.transformation = Ids.transformation(run.participant, identifier);
        // Rule 7, Rule 8: an identifier is used once, also if its run is reversed.
        if (_transformations[run.transformation] != 0) revert TransformationAlreadyExists(run.transformation);
        uint256 length = request.inputs.length;
        if (_isUnfit(length, Limits.INPUTS)) _refuseList("inputs", length, Limits.INPUTS);
        length = request.outputs.length;
        if (_isUnfit(length, Limits.OUTPUTS)) _refuseList("outputs", length, Limits.OUTPUTS);
        if (request.balanceLosses && request.losses.length != 0) revert LossesListedAndBalanced();
    }

    /// @dev Takes the inputs one after the other, each of what the one before left, and opens the balance with them.
    function _takeInputs(Run memory run, Input[] calldata inputs) private returns (Taken[] memory taken) {
        uint256 count = inputs.length;
        taken = new Taken[](count);
        run.balance.open(count * SubstanceSetLibrary.CAPACITY);
        for (uint256 i = 0; i < count; ++i) {
            Taken memory one = taken[i];
            _takeInput(run, taken, i, one, inputs[i]);
            run.balance.take(one.substances);
        }
        if (!run.moved) return taken;
        for (uint256 i = 0; i < count; ++i) {
            run.balance.move(taken[i].substances, run.used[i], run.spread[i]);
        }
    }

    /// @dev Takes input `index`, those before it being taken, and tells it in `taken`, which is the one of `all`.
    function _takeInput(Run memory run, Taken[] memory all, uint256 index, Taken memory taken, Input calldata input)
        private
    {
        BatchId id = input.batch;
        // Read anew each time, as a batch may be listed twice (Take).
        (Lot storage lot, BatchState state) = _requireUsable(id, run.participant);
        // Most inputs are ordinary ones of ordinary runs.
        if (run.recycling || state.has(_SPECIAL)) _takeSpecial(run, id, lot, state, index, all.length);
        // A batch listed twice is named and used once.
        if (!_isListed(run, all, index, id)) state = _named(id, state).used();
        taken.batch = id;
        lot.state = _take(id, lot, state, input.mass, taken);
        unchecked {
            // Rule 6: what the outputs inherit, and the primary part of it; of `Limits.INPUTS` pools of 54 bits.
            run.inheritedCo2e += uint256(taken.ownCo2e) + taken.inheritedCo2e;
            run.primaryCo2e += taken.primaryCo2e;
        }
    }

    /// @dev Takes note of input `index` of `count`, in as far as it is special.
    function _takeSpecial(Run memory run, BatchId id, Lot storage lot, BatchState state, uint256 index, uint256 count)
        private
    {
        if (index == 0 && state.has(BatchStateLibrary.TAKEN_BACK)) run.origin = Origin.PostConsumer;
        _requireInput(run, id, lot, state);
        if (state.has(BatchStateLibrary.TAKEN_BACK)) _tookTakenBack[run.transformation][id] = true;
        if (state.has(BatchStateLibrary.DIFFERENCES)) _noteMoved(run, lot, index, count);
    }

    /// @dev Rule 5: input `index` of `count` was moved by measurements.
    function _noteMoved(Run memory run, Lot storage lot, uint256 index, uint256 count) private view {
        if (!run.moved) {
            run.moved = true;
            run.used = new Differences[](count);
            run.spread = new Spread[](count);
        }
        run.used[index] = lot.differences;
        run.spread[index] = lot.spread;
    }

    /// @dev Rule 6: waste is used where it arose. Rule 9: recycling runs take what was taken back, or waste from elsewhere.
    function _requireInput(Run memory run, BatchId id, Lot storage lot, BatchState state) private view {
        bool waste = state.has(BatchStateLibrary.WASTE);
        if (run.recycling && run.origin == Origin.PostConsumer) {
            if (!state.has(BatchStateLibrary.TAKEN_BACK)) revert NotForRecycling(id);
        } else if (run.recycling) {
            if (!waste || _isSame(lot.arose, run.facility)) revert NotForRecycling(id);
        } else if (waste && !_isSame(lot.arose, run.facility)) {
            revert WasteElsewhere(id, lot.arose);
        }
    }

    /// @dev Accounts for what the outputs hold.
    /// @return mostlyWaste Rule 6: whether waste takes more of a substance than all other outputs together.
    function _account(Balance memory balance, Made[] memory made) private pure returns (bool mostlyWaste) {
        bool waste = false;
        for (uint256 i = 0; i < made.length; ++i) {
            Made memory output = made[i];
            _account(balance, output.substances, output.waste);
            waste = waste || output.waste;
        }
        return waste && balance.isMostlyWaste();
    }

    function _account(Balance memory balance, SubstanceMass[] memory accounted, bool waste) private pure {
        uint256 unknown = balance.account(accounted, waste);
        // Rule 4: nothing may appear that no input held.
        if (unknown < accounted.length) {
            revert SubstanceNotConserved(accounted[unknown].substance, 0, accounted[unknown].mass);
        }
    }

    /// @dev Rule 4: of each substance, what the inputs gave is what outputs and declared losses hold.
    /// @return losses The declared losses.
    function _requireBalanced(Balance memory balance, SubstanceMass[] calldata listed)
        private
        pure
        returns (SubstanceMass[] memory losses)
    {
        losses = listed;
        _requireAscending(losses);
        _account(balance, losses, false);
        for (uint256 i = 0; i < balance.count; ++i) {
            BalanceLine line = balance.lines[i];
            if (line.taken() != line.accounted()) _refuseBalance(line);
        }
    }

    function _refuseBalance(BalanceLine line) private pure {
        revert SubstanceNotConserved(uint16(line.substance()), line.taken(), line.accounted());
    }

    /// @dev Rule 4, balanced: what the outputs leave over is declared lost, by substance.
    function _balanceLosses(Balance memory balance) private pure returns (SubstanceMass[] memory losses) {
        uint256 count = balance.count;
        uint256 positive = 0;
        for (uint256 i = 0; i < count; ++i) {
            BalanceLine line = balance.lines[i];
            if (line.accounted() > line.taken()) _refuseBalance(line);
            if (line.accounted() < line.taken()) ++positive;
        }
        losses = new SubstanceMass[](positive);
        // From the last line, so that the number still to place is the index of the next: no second counter.
        for (uint256 i = count; positive > 0; --i) {
            BalanceLine line = balance.lines[i - 1];
            // What inputs gave: at most `Limits.INPUTS` times 2^54 milligrams.
            uint256 left = line.taken() - line.accounted();
            if (left == 0) continue;
            SubstanceMass memory loss = losses[--positive];
            loss.substance = uint16(line.substance());
            loss.mass = uint64(left);
        }
    }

    /// @dev Whether one of the first `count` inputs is that batch, too. Most are not: their bit says so.
    function _isListed(Run memory run, Taken[] memory taken, uint256 count, BatchId id) private pure returns (bool) {
        uint256 bit = 1 << (BatchId.unwrap(id) & type(uint8).max);
        if (run.seen & bit == 0) {
            run.seen |= bit;
            return false;
        }
        for (uint256 i = 0; i < count; ++i) {
            if (BatchId.unwrap(taken[i].batch) == BatchId.unwrap(id)) return true;
        }
        return false;
    }

    function _isSame(FacilityId one, FacilityId other) private pure returns (bool) {
        return FacilityId.unwrap(one) == FacilityId.unwrap(other);
    }

    function _requireAscending(SubstanceMass[] memory substances) private pure {
        uint16 previous = 0;
        for (uint256 i = 0; i < substances.length; ++i) {
            uint16 substance = substances[i].substance;
            if (substance <= previous) revert SubstancesNotAscending(substance);
            previous = substance;
        }
    }
}
