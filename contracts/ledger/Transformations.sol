// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {Pools} from "../libraries/Pools.sol";
import {Balance, BalanceLine, SubstanceBalance} from "../libraries/SubstanceBalance.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {BatchId, Ids, TransformationId} from "../types/Ids.sol";
import {AllocationRule, Emissions, Evidence, SubstanceMass} from "../types/Values.sol";
import {Batches} from "./Batches.sol";

/// @title Transformations
/// @notice Batches made of batches: splits, which share one batch out, and transformations, N inputs to M outputs.
abstract contract Transformations is Batches {
    /// @dev The totals that are shared among the outputs, and the running sum of their weights.
    struct Sharing {
        uint256 inheritedCo2e;
        uint256 primaryCo2e;
        uint256 from;
        uint256 whole;
    }

    /// @inheritdoc IBatchLedger
    mapping(TransformationId transformation => bool) public transformationExists;

    /// @inheritdoc IBatchLedger
    function split(BatchId parent, SplitChild[] calldata children, uint64 occurredAt, Evidence[] calldata evidence)
        external
    {
        // Rule 1.
        address custodian = admission.requireMayAct(msg.sender);
        uint256 count = children.length;
        if (count == 0) revert EmptyList("children");
        BatchState state = _requireUsable(parent, custodian);
        SubstanceMass[] memory substances = _loadSubstances(parent, state);
        Child[] memory made = new Child[](count);
        for (uint256 i = 0; i < count; ++i) {
            Taken memory taken;
            // Take: each child of what the one before left.
            (taken, state) = _take(parent, state, substances, children[i].mass);
            string memory identifier = children[i].identifier;
            taken.batch = _newBatchId(custodian, identifier);
            _create(taken.batch, custodian, _poolsOf(taken), taken.substances);
            made[i] = Child(identifier, taken);
        }
        _states[parent] = state;
        _storeSubstances(parent, substances);
        emit BatchSplit(parent, custodian, occurredAt, made, evidence);
    }

    /// @inheritdoc IBatchLedger
    function transform(Transformation calldata request) external returns (TransformationId transformation) {
        // Rule 1: at a facility of its own that is not blocked.
        address participant = admission.requireFacility(msg.sender, request.facility);
        transformation = _record(participant, request);
        Taken[] memory taken = _takeInputs(participant, request.inputs);
        Output[] memory outputs = request.outputs;
        _requireOutputs(outputs);
        SubstanceMass[] memory losses = _settle(taken, outputs, request.losses, request.balanceLosses);
        Emissions memory emissions = request.emissions;
        Made[] memory made = _makeOutputs(participant, taken, outputs, request.allocation, emissions);
        emit Transformed(
            transformation,
            participant,
            request.facility,
            request.occurredAt,
            request.allocation,
            emissions,
            taken,
            made,
            losses,
            request.identifier,
            request.process,
            request.evidence
        );
    }

    /// @dev Refuses what can be refused without looking at a batch, and reserves the identifier.
    function _record(address participant, Transformation calldata request)
        private
        returns (TransformationId transformation)
    {
        _requireIdentifier(request.identifier);
        transformation = Ids.transformation(participant, request.identifier);
        // Rule 7: an identifier is used once.
        if (transformationExists[transformation]) revert TransformationAlreadyExists(transformation);
        if (request.inputs.length == 0) revert EmptyList("inputs");
        if (request.outputs.length == 0) revert EmptyList("outputs");
        if (request.balanceLosses && request.losses.length != 0) revert LossesListedAndBalanced();
        _totalOf(request.emissions);
        transformationExists[transformation] = true;
    }

    /// @dev Takes the inputs one after the other, each of what the one before left.
    function _takeInputs(address participant, Input[] calldata inputs) private returns (Taken[] memory taken) {
        uint256 count = inputs.length;
        taken = new Taken[](count);
        for (uint256 i = 0; i < count; ++i) {
            BatchId id = inputs[i].batch;
            // Read anew each time, as a batch may be listed twice (Take).
            BatchState state = _requireUsable(id, participant);
            SubstanceMass[] memory substances = _loadSubstances(id, state);
            (taken[i], state) = _take(id, state, substances, inputs[i].mass);
            _states[id] = state;
            _storeSubstances(id, substances);
        }
    }

    /// @dev What every output must be by itself.
    function _requireOutputs(Output[] memory outputs) private view {
        for (uint256 i = 0; i < outputs.length; ++i) {
            Output memory output = outputs[i];
            _requireMass(output.mass);
            _requireSubstances(output.substances, output.mass, output.material, admission.substancesOf(output.material));
        }
    }

    /// @dev Rule 4: of each substance, what the inputs gave is what outputs and declared losses hold.
    /// @return losses The declared losses.
    function _settle(Taken[] memory taken, Output[] memory outputs, SubstanceMass[] memory listed, bool balanceLosses)
        private
        pure
        returns (SubstanceMass[] memory losses)
    {
        Balance memory balance = _openBalance(taken);
        for (uint256 i = 0; i < outputs.length; ++i) {
            _account(balance, outputs[i].substances);
        }
        if (balanceLosses) return _balanceLosses(balance);
        losses = listed;
        _requireAscending(losses);
        _account(balance, losses);
        for (uint256 i = 0; i < balance.count; ++i) {
            BalanceLine memory line = balance.lines[i];
            if (line.taken != line.accounted) {
                revert SubstanceNotConserved(line.substance, line.taken, line.accounted);
            }
        }
    }

    function _openBalance(Taken[] memory taken) private pure returns (Balance memory balance) {
        uint256 capacity = 0;
        for (uint256 i = 0; i < taken.length; ++i) {
            capacity += taken[i].substances.length;
        }
        balance = SubstanceBalance.create(capacity);
        for (uint256 i = 0; i < taken.length; ++i) {
            balance.take(taken[i].substances);
        }
    }

    function _account(Balance memory balance, SubstanceMass[] memory accounted) private pure {
        (bool ok, SubstanceMass memory entry) = balance.account(accounted);
        // Rule 4: nothing may appear that no input held.
        if (!ok) revert SubstanceNotConserved(entry.substance, 0, entry.mass);
    }

    /// @dev Rule 4, balanced: what the outputs leave over is declared lost, by substance.
    function _balanceLosses(Balance memory balance) private pure returns (SubstanceMass[] memory losses) {
        uint256 count = balance.count;
        uint256 positive = 0;
        for (uint256 i = 0; i < count; ++i) {
            BalanceLine memory line = balance.lines[i];
            if (line.accounted > line.taken) {
                revert SubstanceNotConserved(line.substance, line.taken, line.accounted);
            }
            if (line.accounted < line.taken) ++positive;
        }
        losses = new SubstanceMass[](positive);
        // From the last line, so that the number still to place is the index of the next: no second counter.
        for (uint256 i = count; i > 0; --i) {
            BalanceLine memory line = balance.lines[i - 1];
            uint256 left = line.taken - line.accounted;
            if (left == 0) continue;
            if (left > type(uint64).max) revert QuantityTooLarge(left, type(uint64).max);
            losses[--positive] = SubstanceMass(line.substance, uint64(left));
        }
    }

    /// @dev Rule 6: makes the outputs and shares among them the inputs' CO2e, which they inherit, and the process's, their own.
    function _makeOutputs(
        address participant,
        Taken[] memory taken,
        Output[] memory outputs,
        AllocationRule rule,
        Emissions memory emissions
    ) private returns (Made[] memory made) {
        uint256 count = outputs.length;
        made = new Made[](count);
        Sharing memory sharing = _sharingOf(taken, outputs, rule);
        for (uint256 i = 0; i < count; ++i) {
            Output memory output = outputs[i];
            BatchState pools = _share(output.mass, emissions, sharing, _weightOf(output, rule));
            made[i] = _makeOutput(participant, output, pools);
        }
    }

    function _makeOutput(address participant, Output memory output, BatchState pools)
        private
        returns (Made memory made)
    {
        made.batch = _newBatchId(participant, output.identifier);
        made.material = output.material;
        made.mass = output.mass;
        made.weight = output.weight;
        made.ownCo2e = pools.ownCo2e();
        made.inheritedCo2e = pools.inheritedCo2e();
        made.primaryCo2e = pools.primaryCo2e();
        made.substances = output.substances;
        made.identifier = output.identifier;
        _create(made.batch, participant, pools, made.substances);
    }

    /// @dev Allocate: the pools of an output, the shares that belong to its weight. Each scope, and the inputs' and the
    /// process's primary part, is a total of its own.
    function _share(uint256 mass, Emissions memory emissions, Sharing memory sharing, uint256 weight)
        private
        pure
        returns (BatchState pools)
    {
        (uint256 from, uint256 whole) = (sharing.from, sharing.whole);
        uint256 to = from + weight;
        sharing.from = to;
        uint256 inheritedCo2e = Pools.allocate(sharing.inheritedCo2e, from, to, whole);
        _requireFit(inheritedCo2e);
        return _addOwn(
            BatchStateLibrary.fromPools(mass, 0, inheritedCo2e, 0),
            Pools.allocateScopes(emissions, from, to, whole),
            Pools.allocate(sharing.primaryCo2e, from, to, whole) + Pools.allocate(emissions.primary, from, to, whole)
        );
    }

    function _sharingOf(Taken[] memory taken, Output[] memory outputs, AllocationRule rule)
        private
        pure
        returns (Sharing memory sharing)
    {
        for (uint256 i = 0; i < taken.length; ++i) {
            sharing.inheritedCo2e += uint256(taken[i].ownCo2e) + taken[i].inheritedCo2e;
            sharing.primaryCo2e += taken[i].primaryCo2e;
        }
        for (uint256 i = 0; i < outputs.length; ++i) {
            uint256 weight = outputs[i].weight;
            // Allocate: given weights stand or fall together with the rule that uses them; none is ever ignored.
            if ((rule == AllocationRule.Economic) == (weight == 0)) revert InvalidWeight(i, weight);
            sharing.whole += _weightOf(outputs[i], rule);
        }
    }

    function _weightOf(Output memory output, AllocationRule rule) private pure returns (uint256) {
        return rule == AllocationRule.Economic ? output.weight : output.mass;
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
