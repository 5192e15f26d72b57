// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Balance} from "../libraries/SubstanceBalance.sol";
import {Pools} from "../libraries/Pools.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {Differences} from "../types/Differences.sol";
import {BatchId, FacilityId} from "../types/Ids.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {AllocationRule, Emissions, Origin} from "../types/Values.sol";
import {Batches} from "./Batches.sol";

/// @title Outputs
/// @notice What a transformation makes: what every output must be, what it bears, and how it comes into being.
abstract contract Outputs is Batches {
    /// @dev A transformation while it is recorded.
    /// @param entry The hash of its `RunEntry`.
    /// @param origin Of a recycling run: what its outputs are.
    /// @param materials By output: what its material may hold, and is.
    /// @param waste By output: whether it is waste.
    /// @param mostlyWaste Whether waste takes more of a substance than all other outputs together.
    /// @param rule By which rule CO2e is shared in fact.
    /// @param weights By output: what its share is computed with.
    /// @param from The running sum of the weights, of `whole`.
    struct Run {
        address participant;
        FacilityId facility;
        bytes32 entry;
        Origin origin;
        Balance balance;
        SubstanceSet[] materials;
        bool[] waste;
        bool mostlyWaste;
        AllocationRule rule;
        uint256[] weights;
        uint256 inheritedCo2e;
        uint256 primaryCo2e;
        uint256 from;
        uint256 whole;
    }

    /// @dev What every output must be by itself.
    function _requireOutputs(Run memory run, Output[] memory outputs, bool recycling, uint64 occurredAt) internal view {
        uint256 count = outputs.length;
        run.materials = new SubstanceSet[](count);
        run.waste = new bool[](count);
        bool onlyWaste = true;
        for (uint256 i = 0; i < count; ++i) {
            Output memory output = outputs[i];
            SubstanceSet material = _admission.substancesOf(output.material);
            _requireMass(output.mass);
            _requireSubstances(output.substances, output.mass, output.material, material);
            run.materials[i] = material;
            // Rule 6: only what an ordinary run made is waste.
            run.waste[i] = material.isWaste() && !recycling;
            onlyWaste = onlyWaste && material.isWaste();
        }
        if (recycling) _requireApprovals(run, outputs, onlyWaste, occurredAt);
    }

    /// @dev Rule 6: what each output weighs. Waste bears nothing, unless it takes more of a substance than all other outputs
    /// together, or there are no others: then all bear by mass.
    function _weigh(Run memory run, Taken[] memory taken, Output[] memory outputs, AllocationRule rule) internal pure {
        uint256 count = outputs.length;
        run.weights = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 given = outputs[i].weight;
            bool weighted = rule == AllocationRule.Economic && !run.waste[i];
            // Allocate: given weights stand or fall together with the rule that uses them; none is ever ignored.
            if (weighted == (given == 0)) revert InvalidWeight(i, given);
            if (!run.waste[i]) run.weights[i] = weighted ? given : outputs[i].mass;
            run.whole += run.weights[i];
        }
        run.rule = rule;
        if (run.mostlyWaste || run.whole == 0) _weighByMass(run, outputs);
        for (uint256 i = 0; i < taken.length; ++i) {
            run.inheritedCo2e += uint256(taken[i].ownCo2e) + taken[i].inheritedCo2e;
            run.primaryCo2e += taken[i].primaryCo2e;
        }
    }

    /// @dev Rule 6: makes the outputs and shares among them the inputs' CO2e, which they inherit, and the process's, their
    /// own.
    function _makeOutputs(Run memory run, Output[] memory outputs, Emissions memory emissions)
        internal
        returns (Made[] memory made)
    {
        uint256 count = outputs.length;
        made = new Made[](count);
        for (uint256 i = 0; i < count; ++i) {
            Output memory output = outputs[i];
            BatchState pools = _share(output.mass, emissions, run, run.weights[i]);
            Made memory entry = made[i];
            entry.batch = _newBatchId(run.participant, output.identifier);
            entry.material = output.material;
            entry.mass = output.mass;
            entry.pieces = output.pieces;
            // At most 64 bits: given, or a mass.
            entry.weight = uint64(run.weights[i]);
            entry.waste = run.waste[i];
            entry.offSpecification = _requireContent(run.materials[i], output, entry.batch);
            entry.ownCo2e = pools.ownCo2e();
            entry.inheritedCo2e = pools.inheritedCo2e();
            entry.primaryCo2e = pools.primaryCo2e();
            entry.substances = output.substances;
            entry.identifier = output.identifier;
            _createOutput(run, entry, pools);
        }
    }

    /// @dev Rule 9: what else a recycling run makes needs an approval each; waste beside it needs none, waste alone does.
    function _requireApprovals(Run memory run, Output[] memory outputs, bool onlyWaste, uint64 occurredAt)
        private
        view
    {
        for (uint256 i = 0; i < outputs.length; ++i) {
            if (run.materials[i].isWaste() && !onlyWaste) continue;
            _admission.requireRecycling(run.facility, outputs[i].material, run.origin, occurredAt);
        }
    }

    function _weighByMass(Run memory run, Output[] memory outputs) private pure {
        run.rule = AllocationRule.Mass;
        run.whole = 0;
        for (uint256 i = 0; i < outputs.length; ++i) {
            run.weights[i] = outputs[i].mass;
            run.whole += outputs[i].mass;
        }
    }

    function _createOutput(Run memory run, Made memory made, BatchState pools) private {
        // Rule 5: nobody earns a new tolerance by a run.
        Differences used = run.balance.toleranceFor(made.substances);
        if (!used.isNone()) pools = pools.with(BatchStateLibrary.DIFFERENCES);
        if (made.waste) pools = pools.with(BatchStateLibrary.WASTE);
        Lot storage lot = _create(made.batch, run.participant, pools, made.material, made.substances, run.entry);
        if (!used.isNone()) lot.differences = used;
        if (made.waste) lot.arose = run.facility;
    }

    /// @dev Rule 2: within its material's contents, or permitted.
    function _requireContent(SubstanceSet material, Output memory output, BatchId batch) private view returns (bool) {
        if (!material.isBounded()) return false;
        return _admission.requireContent(output.material, output.mass, output.substances, batch);
    }

    /// @dev Allocate: the pools of an output, the shares that belong to its weight. Each scope, and the inputs' and the
    /// process's primary part, is a total of its own.
    function _share(uint256 mass, Emissions memory emissions, Run memory run, uint256 weight)
        private
        pure
        returns (BatchState pools)
    {
        (uint256 from, uint256 whole) = (run.from, run.whole);
        uint256 to = from + weight;
        run.from = to;
        uint256 inheritedCo2e = Pools.allocate(run.inheritedCo2e, from, to, whole);
        _requireFit(inheritedCo2e);
        return _addOwn(
            BatchStateLibrary.fromPools(mass, 0, inheritedCo2e, 0),
            Pools.allocateScopes(emissions, from, to, whole),
            Pools.allocate(run.primaryCo2e, from, to, whole) + Pools.allocate(emissions.primary, from, to, whole)
        );
    }
}
