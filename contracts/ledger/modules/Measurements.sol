// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerHandling} from "../../interfaces/ILedgerHandling.sol";
import {Tolerance} from "../../libraries/Tolerance.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {Differences, DifferencesLibrary} from "../../types/Differences.sol";
import {BatchId, MaterialId} from "../../types/Ids.sol";
import {Spread, SpreadLibrary} from "../../types/Spread.sol";
import {SubstanceSet} from "../../types/SubstanceSet.sol";
import {BatchStatus, SubstanceMass} from "../../types/Values.sol";
import {Module} from "./Module.sol";

/// @title Measurements
/// @notice Better measurements are booked, never hidden (Rule 5).
abstract contract Measurements is Module, ILedgerHandling {
    /// @dev A batch while it is measured.
    /// @param before Its substances so far.
    /// @param measured All of them now: those of before or, by an auditor, further ones of its material among them.
    /// @param used The tolerance used, with this measurement.
    /// @param spread How far its parts lie apart, with this measurement.
    /// @param massTolerance Basis points that the material has for gross mass.
    /// @param tolerance Basis points that it has for each substance.
    struct Measuring {
        BatchId id;
        MaterialId material;
        bool byAuditor;
        SubstanceMass[] before;
        SubstanceMass[] measured;
        Differences used;
        Spread spread;
        uint256 massTolerance;
        uint256 tolerance;
    }

    /// @inheritdoc ILedgerHandling
    function remeasure(Measurement calldata measurement) external throughTheLedger {
        _requirePlain(measurement.reason);
        BatchId batch = measurement.batch;
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        address custodian = lot.custody.custodian();
        (address measuredBy, bool byAuditor) = _measurer(batch, custodian);
        // Rule 7; Rule 8, Rule 10: held or declared in error, an auditor's only.
        if (!byAuditor && !state.isUsable()) _refuse(batch, state);
        if (state.status() != BatchStatus.Active) revert BatchNotActive(batch, state.status());
        Measuring memory work = _begin(batch, lot, state, byAuditor);
        lot.state = _measure(work, lot, _named(batch, state), measurement.mass, measurement.substances).used();
        emit BatchRemeasured(
            batch,
            custodian,
            measuredBy,
            byAuditor,
            measurement.occurredAt,
            measurement.mass,
            work.measured,
            measurement.reason,
            measurement.evidence
        );
    }

    /// @dev What a batch is before it is measured.
    function _begin(BatchId id, Lot storage lot, BatchState state, bool byAuditor)
        internal
        view
        returns (Measuring memory work)
    {
        work.id = id;
        work.byAuditor = byAuditor;
        (work.material, work.before) = _loadSubstances(lot, state);
        if (byAuditor) return work;
        if (state.has(BatchStateLibrary.DIFFERENCES)) (work.used, work.spread) = (lot.differences, lot.spread);
        (work.massTolerance, work.tolerance) = _admission.toleranceOf(work.material);
    }

    /// @dev Measures a batch, and stores its substances and the tolerance used; the caller stores the state that is
    /// returned.
    /// @param listed All substances as measured, or none for those that are recorded.
    function _measure(
        Measuring memory work,
        Lot storage lot,
        BatchState state,
        uint256 mass,
        SubstanceMass[] memory listed
    ) internal returns (BatchState) {
        if (mass == 0) revert ZeroMass();
        _requireFit(mass);
        _use(work, 0, 0, state.mass(), mass, work.massTolerance);
        work.measured = listed.length == 0 ? work.before : listed;
        if (listed.length != 0) _compare(work);
        uint256 sum = _sumOf(work.measured);
        // Rule 3: floors of takes can leave a milligram a substance over.
        if (sum > mass + work.measured.length) revert SubstancesExceedMass(sum, mass);
        if (listed.length != 0) _storeSubstances(lot, work.material, listed);
        state = state.withMass(mass).withSubstances(work.measured.length);
        if (state.uses() != 0) _keepPast(work, lot, state);
        // Rule 5: an auditor's begins at none again, as `work.used`.
        lot.spread = work.spread;
        return _withDifferences(lot, state, work.used);
    }

    /// @dev Rule 5, Rule 8: what was taken before it was measured is put back as it had been.
    function _keepPast(Measuring memory work, Lot storage lot, BatchState state) private {
        bool more = work.measured.length > work.before.length;
        Differences from = state.has(BatchStateLibrary.DIFFERENCES) ? lot.differences : DifferencesLibrary.NONE;
        // Lanes have moved where an auditor found further substances: whatever is put back.
        lot.past = more ? SpreadLibrary.UNKNOWN : lot.past.joined(lot.spread, from, work.used, work.before.length + 1);
    }

    function _sumOf(SubstanceMass[] memory substances) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < substances.length; ++i) {
            // At most fifteen of 64 bits.
            unchecked {
                sum += substances[i].mass;
            }
        }
    }

    /// @dev Rule 5: the custodian, or an auditor about another's lot. Whoever holds it measures as its custodian.
    function _measurer(BatchId batch, address custodian) private view returns (address measuredBy, bool byAuditor) {
        bool isParticipant;
        (measuredBy, isParticipant) = _signer();
        if (isParticipant && measuredBy == custodian) return (measuredBy, false);
        byAuditor = _audits(measuredBy, custodian, custodian);
        if (!byAuditor) revert NotCustodian(batch, measuredBy, custodian);
    }

    /// @dev Compares what was measured with what is recorded, substance by substance; both lists ascend.
    function _compare(Measuring memory work) private view {
        SubstanceMass[] memory before = work.before;
        SubstanceMass[] memory measured = work.measured;
        uint256 position = 0;
        uint16 previous = 0;
        for (uint256 i = 0; i < measured.length; ++i) {
            uint16 substance = measured[i].substance;
            if (substance <= previous) revert SubstancesNotAscending(substance);
            previous = substance;
            _requireFit(measured[i].mass);
            bool recorded = position < before.length && before[position].substance <= substance;
            if (recorded && before[position].substance < substance) {
                revert SubstanceNotMeasured(work.id, before[position].substance);
            }
            if (recorded) {
                _use(work, position + 1, substance, before[position].mass, measured[i].mass, work.tolerance);
                ++position;
            } else if (!work.byAuditor) {
                revert RaisedFromNothing(work.id, substance);
            }
        }
        if (position < before.length) revert SubstanceNotMeasured(work.id, before[position].substance);
        if (measured.length > position) _requireTracked(work);
    }

    /// @dev Rule 5: the tolerance used in a lane, within the material's. An auditor uses none.
    function _use(
        Measuring memory work,
        uint256 lane,
        uint16 substance,
        uint256 before,
        uint256 measured,
        uint256 tolerance
    ) private pure {
        if (work.byAuditor || measured == before) return;
        if (before == 0) revert RaisedFromNothing(work.id, substance);
        int256 used = work.used.at(lane);
        (int256 least, int256 highest) = work.spread.around(lane, used);
        used = Tolerance.used(used, before, measured);
        // Rule 5: no part of it is moved beyond the tolerance, whatever it is with the others.
        (least, highest) = Tolerance.moved(least, highest, before, measured);
        int256 farthest = measured > before ? highest : least;
        bool beyond = used > int256(tolerance) || used < -int256(tolerance)
            || (measured > before ? highest > int256(tolerance) : least < -int256(tolerance));
        if (beyond) revert ToleranceExceeded(work.id, substance, farthest, tolerance);
        // The registry's tolerances are far below what a lane holds.
        work.used = work.used.with(lane, int16(used));
        work.spread = work.spread.replaced(lane, used, least, highest);
    }

    /// @dev Rule 4: substances that an auditor found in the batch are its material's.
    function _requireTracked(Measuring memory work) private view {
        SubstanceSet allowed = _admission.substancesOf(work.material);
        for (uint256 i = 0; i < work.measured.length; ++i) {
            bool found;
            (found, allowed) = allowed.seek(work.measured[i].substance);
            if (!found) revert SubstanceNotInMaterial(work.material, work.measured[i].substance);
        }
    }
}
