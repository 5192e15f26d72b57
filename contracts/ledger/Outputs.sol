// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Balance} from "../libraries/SubstanceBalance.sol";
import {Pools} from "../libraries/Pools.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {Differences} from "../types/Differences.sol";
import {BatchId, FacilityId, MaterialId, TransformationId} from "../types/Ids.sol";
import {Spread} from "../types/Spread.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, Origin} from "../types/Values.sol";
import {Batches} from "./Batches.sol";

/// @title Outputs
/// @notice What a transformation makes: what every output must be, what it bears, and how it comes into being.
abstract contract Outputs is Batches {
    /// @dev A transformation while it is recorded.
    /// @param entry The hash of its `RunEntry`.
    /// @param recycling Whether it is a recycling run, which makes material of `origin`.
    /// @param rule By which rule CO2e is shared in fact.
    /// @param seen Which inputs were taken so far: a bit each, by the lowest byte of the batch.
    /// @param moved Whether measurements moved an input; by input then `used`, the tolerance, and `spread`.
    /// @param inheritedCo2e What the inputs gave, own and inherited; `primaryCo2e` the primary part of it.
    /// @param products Which outputs are of product materials: a bit each.
    /// @param to The running sum of the outputs' weights, of `whole`; `own`, `inherited` and `primary` is what was allocated to
    /// them so far.
    struct Run {
        address participant;
        TransformationId transformation;
        FacilityId facility;
        bytes32 entry;
        bool recycling;
        Origin origin;
        Balance balance;
        AllocationRule rule;
        uint256 seen;
        bool moved;
        Differences[] used;
        Spread[] spread;
        uint256 inheritedCo2e;
        uint256 primaryCo2e;
        uint256 products;
        uint256 to;
        uint256 whole;
        uint256 own;
        uint256 inherited;
        uint256 primary;
    }

    /// @dev The outputs as they are asked for, without CO2e and with the given weights: what each must be by itself.
    function _draft(Run memory run, Output[] calldata outputs, uint64 occurredAt)
        internal
        view
        returns (Made[] memory made)
    {
        uint256 count = outputs.length;
        made = new Made[](count);
        uint256 ordinary = 0;
        SubstanceSet material;
        MaterialId last;
        for (uint256 i = 0; i < count; ++i) {
            Output calldata output = outputs[i];
            // Outputs of one material often follow each other.
            if (i == 0 || !_isSame(output.material, last)) {
                last = output.material;
                material = _substancesOf(last);
            }
            _draftOne(run, output, material, made[i]);
            if (!material.isWaste()) ++ordinary;
            if (material.isProduct()) run.products |= 1 << i;
        }
        if (!run.recycling) return made;
        for (uint256 i = 0; i < count; ++i) {
            // Rule 9: all that a recycling run makes needs an approval, but for waste beside it.
            if (ordinary != 0 && _substancesOf(made[i].material).isWaste()) continue;
            _admission.requireRecycling(run.facility, made[i].material, run.origin, occurredAt);
        }
    }

    /// @dev Rule 6: what each output weighs. Waste bears nothing, unless it takes more of a substance than all other outputs
    /// together, or there are no others: then all bear by mass.
    /// @param mostlyWaste Whether it takes more of one.
    function _weigh(Run memory run, Made[] memory made, bool mostlyWaste) internal pure {
        bool economic = run.rule == AllocationRule.Economic;
        uint256 whole = 0;
        for (uint256 i = 0; i < made.length; ++i) {
            Made memory output = made[i];
            uint64 weight = output.weight;
            bool weighted = economic && !output.waste;
            // Allocate: given weights stand or fall together with the rule that uses them; none is ever ignored.
            if (weighted == (weight == 0)) revert InvalidWeight(i, weight);
            if (!economic && !output.waste) output.weight = weight = output.mass;
            unchecked {
                // Of at most `Limits.OUTPUTS` weights of 64 bits.
                whole += weight;
            }
        }
        run.whole = whole;
        if (!mostlyWaste && whole != 0) return;
        run.rule = AllocationRule.Mass;
        run.whole = 0;
        for (uint256 i = 0; i < made.length; ++i) {
            made[i].weight = made[i].mass;
            run.whole += made[i].mass;
        }
    }

    /// @dev Rule 6: makes the outputs and shares among them the inputs' CO2e, which they inherit, and the process's, their
    /// own.
    function _make(Run memory run, Made[] memory made, Emissions memory emissions)
        internal
        returns (BatchId[] memory ids)
    {
        ids = new BatchId[](made.length);
        for (uint256 i = 0; i < made.length; ++i) {
            Made memory output = made[i];
            ids[i] = output.batch;
            Lot storage lot = _lots[output.batch];
            // Rule 7: also of another output just made.
            if (lot.state.exists()) revert BatchAlreadyExists(output.batch);
            BatchState pools = _share(run, output, emissions);
            output.ownCo2e = pools.ownCo2e();
            output.inheritedCo2e = pools.inheritedCo2e();
            output.primaryCo2e = pools.primaryCo2e();
            if (output.waste) pools = pools.with(BatchStateLibrary.WASTE);
            _create(output.batch, lot, run.participant, pools, output.material, output.substances, run.entry);
            if (output.waste) lot.arose = run.facility;
            // Rule 9.
            if (run.products & (1 << i) != 0) lot.maker = run.participant;
            // Rule 5: nobody earns a new tolerance by a run.
            if (run.moved) _moveOutput(run, lot, output);
        }
        _hold(run.participant, made.length);
    }

    /// @dev What measurements did to the inputs, they did to what is made of them.
    function _moveOutput(Run memory run, Lot storage lot, Made memory output) private {
        (Differences used, Spread spread) = run.balance.movedOf(output.substances);
        if (used.isNone() && spread.isNone()) return;
        lot.state = lot.state.with(BatchStateLibrary.DIFFERENCES);
        _setMoved(lot, used, spread);
    }

    function _setMoved(Lot storage lot, Differences used, Spread spread) internal {
        lot.differences = used;
        if (!spread.isNone()) lot.spread = spread;
    }

    function _draftOne(Run memory run, Output calldata output, SubstanceSet material, Made memory made) private view {
        made.material = output.material;
        made.mass = output.mass;
        made.pieces = output.pieces;
        made.weight = output.weight;
        // Rule 6: only what an ordinary run made is waste.
        made.waste = material.isWaste() && !run.recycling;
        made.substances = output.substances;
        made.identifier = output.identifier;
        (made.batch,) = _newBatch(run.participant, output.identifier);
        made.offSpecification = _requireMaterial(made.batch, made.material, material, made.mass, made.substances);
    }

    function _isSame(MaterialId one, MaterialId other) private pure returns (bool) {
        return MaterialId.unwrap(one) == MaterialId.unwrap(other);
    }

    /// @dev Allocate: the pools of an output, the shares that belong to its weight. Each scope, and the inputs' and the
    /// process's primary part, is a total of its own.
    function _share(Run memory run, Made memory output, Emissions memory emissions)
        private
        pure
        returns (BatchState pools)
    {
        unchecked {
            // At most `whole`; what is allocated only grows.
            (uint256 to, uint256 whole) = (run.to + output.weight, run.whole);
            uint256 own = Pools.allocatedScopes(emissions, to, whole);
            uint256 inherited = Pools.allocated(run.inheritedCo2e, to, whole);
            uint256 primary =
                Pools.allocated(run.primaryCo2e, to, whole) + Pools.allocated(emissions.primary(), to, whole);
            uint256 inheritedCo2e = inherited - run.inherited;
            _requireFit(inheritedCo2e);
            pools = BatchStateLibrary.fromPools(output.mass, 0, inheritedCo2e, 0);
            pools = _addOwn(pools, own - run.own, primary - run.primary);
            (run.to, run.own, run.inherited, run.primary) = (to, own, inherited, primary);
        }
    }
}
