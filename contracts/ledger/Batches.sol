// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

import {IAdmission} from "../interfaces/IAdmission.sol";
import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {Pools} from "../libraries/Pools.sol";
import {Text} from "../libraries/Text.sol";
import {BatchState, BatchStateLibrary} from "../types/BatchState.sol";
import {BatchId, Ids, MaterialId} from "../types/Ids.sol";
import {SubstancePools, SubstancePoolsLibrary} from "../types/SubstancePools.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {BatchStatus, Emissions, IN_FULL, SubstanceMass} from "../types/Values.sol";

/// @title Batches
/// @notice The batch tokens: their pools, their custody, and what every operation asks of them.
/// @dev The token's owner is the custodian: a participant's address, not an operator key. Tokens are never burnt,
/// so that a consumed or retired batch keeps its last custodian.
abstract contract Batches is ERC721, IBatchLedger {
    /// @dev Words for the substances of one batch: `SubstanceSetLibrary.CAPACITY` pools.
    uint256 private constant _SUBSTANCE_WORDS = 5;

    /// @inheritdoc IBatchLedger
    IAdmission public immutable admission;

    mapping(BatchId batch => BatchState) internal _states;
    mapping(BatchId batch => SubstancePools[_SUBSTANCE_WORDS]) private _substances;

    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) ERC721("TraceLedger Batch", "BATCH") {
        admission = admission_;
    }

    /// @inheritdoc IBatchLedger
    function batchOf(BatchId id) external view returns (Batch memory) {
        BatchState state = _requireKnown(id);
        return Batch({
            status: state.status(),
            frozen: state.isFrozen(),
            custodian: _custodianOf(id),
            mass: state.mass(),
            ownCo2e: state.ownCo2e(),
            inheritedCo2e: state.inheritedCo2e(),
            primaryCo2e: state.primaryCo2e(),
            substances: _loadSubstances(id, state)
        });
    }

    /// @notice Refused: custody changes by shipment and receipt only (Rule 3).
    function transferFrom(address, address, uint256) public pure override {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: custody changes by shipment and receipt only.
    function safeTransferFrom(address, address, uint256, bytes memory) public pure override {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: nobody moves a batch on another's behalf (Rule 3).
    function approve(address, uint256) public pure override {
        revert CustodyByHandshakeOnly();
    }

    /// @notice Refused: nobody moves a batch on another's behalf.
    function setApprovalForAll(address, bool) public pure override {
        revert CustodyByHandshakeOnly();
    }

    /// @dev OpenZeppelin's `_update` clears the approval of what it moves. There are no approvals, so a change of custodian has none to clear.
    function _approve(address, uint256, address, bool) internal pure override {}

    /// @dev Brings a batch into being. Its substances must be listed once each, ascending; at most 15, as they are
    /// a subset of the material's. Its id is new, so that the token has no owner yet.
    function _create(BatchId id, address custodian, BatchState pools, SubstanceMass[] memory substances) internal {
        _states[id] = pools.withStatus(BatchStatus.Active).withSubstances(substances.length);
        _storeSubstances(id, substances);
        _update(custodian, BatchId.unwrap(id), address(0));
    }

    /// @dev Takes `requested` milligrams of a batch, of every pool its part. Changes `substances` in memory only,
    /// and stores nothing. A batch without mass is consumed.
    /// @return taken What was taken.
    /// @return rest What is left of `state`.
    function _take(BatchId id, BatchState state, SubstanceMass[] memory substances, uint256 requested)
        internal
        pure
        returns (Taken memory taken, BatchState rest)
    {
        uint256 whole = state.mass();
        if (requested == 0) revert ZeroMass();
        uint256 part = requested == IN_FULL && whole != 0 ? whole : requested;
        // Rule 7: nothing beyond what is left.
        if (part > whole) revert InsufficientMass(id, part, whole);
        taken.batch = id;
        // Take: of every pool its part. That is at most the pool, so that no cast truncates and nothing goes below zero.
        taken.mass = uint64(part);
        taken.ownCo2e = uint64(Pools.take(state.ownCo2e(), part, whole));
        taken.inheritedCo2e = uint64(Pools.take(state.inheritedCo2e(), part, whole));
        taken.primaryCo2e = uint64(Pools.take(state.primaryCo2e(), part, whole));
        taken.substances = _takeSubstances(substances, part, whole);
        rest = state.minus(_poolsOf(taken));
        // Rule 7: a batch without mass is used up.
        if (part == whole) rest = rest.withStatus(BatchStatus.Consumed);
    }

    /// @dev The pools of a batch that is all of what was taken.
    function _poolsOf(Taken memory taken) internal pure returns (BatchState) {
        return BatchStateLibrary.fromPools(taken.mass, taken.ownCo2e, taken.inheritedCo2e, taken.primaryCo2e);
    }

    /// @dev Take: of every substance, the part that goes with `part` of `whole` milligrams of the batch.
    function _takeSubstances(SubstanceMass[] memory substances, uint256 part, uint256 whole)
        internal
        pure
        returns (SubstanceMass[] memory taken)
    {
        uint256 count = substances.length;
        taken = new SubstanceMass[](count);
        for (uint256 i = 0; i < count; ++i) {
            SubstanceMass memory pool = substances[i];
            uint64 mass = uint64(Pools.take(pool.mass, part, whole));
            taken[i].substance = pool.substance;
            taken[i].mass = mass;
            pool.mass -= mass;
        }
    }

    /// @dev `state` with emissions added to the batch's own.
    function _addOwn(BatchState state, uint256 emissions, uint256 primary) internal pure returns (BatchState) {
        // Sums of a stored quantity and a few 64-bit ones.
        unchecked {
            _requireFit(state.ownCo2e() + emissions);
            _requireFit(state.primaryCo2e() + primary);
        }
        return state.plus(BatchStateLibrary.fromPools(0, emissions, 0, primary));
    }

    function _loadSubstances(BatchId id, BatchState state) internal view returns (SubstanceMass[] memory substances) {
        uint256 count = state.substances();
        substances = new SubstanceMass[](count);
        SubstancePools word;
        for (uint256 i = 0; i < count; ++i) {
            uint256 lane = i % SubstancePoolsLibrary.PER_WORD;
            if (lane == 0) word = _substances[id][i / SubstancePoolsLibrary.PER_WORD];
            (substances[i].substance, substances[i].mass) = word.at(lane);
        }
    }

    function _storeSubstances(BatchId id, SubstanceMass[] memory substances) internal {
        uint256 count = substances.length;
        SubstancePools word = SubstancePools.wrap(0);
        for (uint256 i = 0; i < count; ++i) {
            uint256 lane = i % SubstancePoolsLibrary.PER_WORD;
            SubstanceMass memory pool = substances[i];
            // A substance weighs no more than its batch, which fits.
            word = word.add(lane, pool.substance, uint56(pool.mass));
            if (lane == SubstancePoolsLibrary.PER_WORD - 1 || i == count - 1) {
                _substances[id][i / SubstancePoolsLibrary.PER_WORD] = word;
                word = SubstancePools.wrap(0);
            }
        }
    }

    function _requireKnown(BatchId id) internal view returns (BatchState state) {
        state = _states[id];
        if (!state.exists()) revert UnknownBatch(id);
    }

    /// @dev The batch exists, `participant` holds it, and it is neither frozen, in transit, consumed nor retired.
    function _requireUsable(BatchId id, address participant) internal view returns (BatchState state) {
        state = _requireKnown(id);
        address custodian = _custodianOf(id);
        // Rule 3: only the custodian acts on a batch.
        if (custodian != participant) revert NotCustodian(id, participant, custodian);
        // Rule 7, Rule 8: neither what is used nor what is declared in error.
        if (!state.isUsable()) _refuse(id, state);
    }

    /// @dev Says why a batch of that state cannot be used.
    function _refuse(BatchId id, BatchState state) internal pure {
        if (state.isFrozen()) revert BatchIsFrozen(id);
        revert BatchNotActive(id, state.status());
    }

    /// @dev The id of a batch that does not exist yet.
    function _newBatchId(address creator, string memory identifier) internal view returns (BatchId id) {
        if (!Text.isIdentifierLength(bytes(identifier).length)) revert InvalidIdentifier(identifier);
        id = Ids.batch(creator, identifier);
        // Rule 7: an identifier is used once, also if its batch is gone.
        if (_states[id].exists()) revert BatchAlreadyExists(id);
    }

    function _custodianOf(BatchId id) internal view returns (address) {
        return _ownerOf(BatchId.unwrap(id));
    }

    /// @dev Substances of a new batch: ascending, of its material, none heavier than the batch.
    function _requireSubstances(
        SubstanceMass[] memory substances,
        uint256 mass,
        MaterialId material,
        SubstanceSet allowed
    ) internal pure {
        uint16 previous = 0;
        for (uint256 i = 0; i < substances.length; ++i) {
            SubstanceMass memory pool = substances[i];
            uint16 substance = pool.substance;
            if (substance <= previous) revert SubstancesNotAscending(substance);
            bool found;
            (found, allowed) = allowed.seek(substance);
            // Rule 4: substances of its material only, none heavier than the batch.
            if (!found) revert SubstanceNotInMaterial(material, substance);
            if (pool.mass > mass) revert SubstanceExceedsMass(substance, pool.mass, mass);
            previous = substance;
        }
    }

    function _requireIdentifier(string calldata identifier) internal pure {
        if (!Text.isIdentifierLength(bytes(identifier).length)) revert InvalidIdentifier(identifier);
    }

    /// @dev The three scopes together; their primary part must not exceed them.
    function _totalOf(Emissions memory emissions) internal pure returns (uint256 total) {
        unchecked {
            total = uint256(emissions.scope1) + emissions.scope2 + emissions.scope3;
        }
        // Rule 6: the primary part is a part.
        if (emissions.primary > total) revert PrimaryExceedsEmissions(emissions.primary, total);
    }

    /// @dev The mass of a new batch.
    function _requireMass(uint256 mass) internal pure {
        if (mass == 0) revert ZeroMass();
        _requireFit(mass);
    }

    /// @dev A quantity that a batch can hold.
    function _requireFit(uint256 quantity) internal pure {
        // Rule 13: the lane of a pool.
        if (quantity > type(uint56).max) revert QuantityTooLarge(quantity, type(uint56).max);
    }
}
