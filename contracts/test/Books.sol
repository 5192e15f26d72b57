// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, FacilityId, MaterialId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {BatchStatus, Difference, Origin, SubstanceMass} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {World} from "./World.sol";

/// @title The books of a random history
/// @notice Kept from what was asked, what events say and what batches held before, never from what they hold after.
abstract contract Books is World {
    /// @dev How a batch came to be.
    enum Making {
        None,
        Minted,
        Split,
        Made
    }

    /// @dev A shipment, with the lots of it that are open.
    struct Shipping {
        address sender;
        address receiver;
        string identifier;
        Emissions emissions;
        BatchId[] batches;
        BatchId[] open;
    }

    /// @dev A run. `taken` is `abi.encode(Taken[])`, `losses` is `abi.encode(SubstanceMass[])`.
    struct Running {
        address participant;
        string identifier;
        Emissions emissions;
        BatchId[] outputs;
        bytes taken;
        bytes losses;
        bool reversed;
    }

    /// @dev What can be shown again of a batch. `entry` is that of its making, encoded; `receipt` the last one.
    struct Birth {
        address creator;
        string identifier;
        Making making;
        bytes entry;
        bytes receipt;
        bytes takeBack;
    }

    /// @dev A record of emissions of its own.
    struct Added {
        address custodian;
        string identifier;
        BatchId batch;
        Emissions emissions;
    }

    BatchId[] public batches;
    mapping(BatchId batch => address) public custodian;
    mapping(BatchId batch => uint256) public named;
    mapping(uint16 substance => int256) public minted;
    mapping(uint16 substance => int256) public lost;
    mapping(uint16 substance => int256) public booked;

    /// @dev Milligrams CO2e that were recorded and not withdrawn, and of them the primary part.
    int256 public emitted;
    int256 public emittedPrimary;

    /// @dev Milligrams CO2e that stayed with a product's first life.
    int256 public apart;
    int256 public apartPrimary;

    /// @dev Milligrams that count against capacities: minted at the pit, and taken back at the yard.
    mapping(MaterialId material => mapping(Origin origin => int256)) public quota;
    int256 public takenBackMass;

    mapping(string action => uint256) public done;
    mapping(bytes4 reason => uint256) public refusals;
    mapping(BatchId batch => Birth) internal _births;
    mapping(BatchId batch => Difference) internal _arrivals;
    Shipping[] internal _shipments;
    Running[] internal _runs;
    Added[] internal _records;
    uint256 internal _seed;
    uint256 internal _names;

    /// @dev Things that must never happen, by what they are.
    mapping(string what => uint256) public breaches;
    uint256 public breached;

    function count() external view returns (uint256) {
        return batches.length;
    }

    function batchAt(uint256 index) external view returns (ILedgerRecords.Batch memory) {
        return ledger.batchOf(batches[index]);
    }

    /// @dev Calls the ledger as somebody. A refusal is one of the ledger's own, never a panic.
    function _call(address account, bytes memory input, string memory action) internal returns (bool ok) {
        bytes memory output;
        vm.recordLogs();
        vm.prank(account);
        (ok, output) = address(ledger).call(input);
        if (ok) {
            ++done[action];
            return true;
        }
        bytes4 reason = bytes4(output);
        ++refusals[reason];
        if (output.length < 4 || reason == 0x4e487b71) _breach(string.concat("panic in ", action));
    }

    function _breach(string memory what) internal {
        ++breaches[what];
        ++breached;
    }

    // What happened.

    function _born(BatchId id, address creator, string memory identifier, Making making, bytes memory entry) internal {
        batches.push(id);
        custodian[id] = creator;
        ++named[id];
        Birth storage birth = _births[id];
        (birth.creator, birth.identifier, birth.making, birth.entry) = (creator, identifier, making, entry);
    }

    /// @dev One event names each of these once.
    function _name(BatchId[] memory list) internal {
        for (uint256 i = 0; i < list.length; ++i) {
            bool again = false;
            for (uint256 k = 0; k < i; ++k) {
                again = again || BatchId.unwrap(list[k]) == BatchId.unwrap(list[i]);
            }
            if (!again) ++named[list[i]];
        }
    }

    function _bookEmissions(Emissions memory emissions) internal {
        emitted += int256(_total(emissions));
        emittedPrimary += int256(uint256(emissions.primary()));
    }

    function _bookAll(mapping(uint16 => int256) storage book, SubstanceMass[] memory list, int256 sign) internal {
        for (uint256 i = 0; i < list.length; ++i) {
            book[list[i].substance] += sign * int256(uint256(list[i].mass));
        }
    }

    /// @dev What is booked where a batch holds `later` in place of `earlier`.
    function _bookDifference(SubstanceMass[] memory earlier, SubstanceMass[] memory later, int256 sign) internal {
        _bookAll(booked, later, sign);
        _bookAll(booked, earlier, -sign);
    }

    /// @dev All CO2e of a batch that is reversed.
    function _withdraw(ILedgerRecords.Batch memory batch) internal {
        emitted -= int256(uint256(batch.ownCo2e) + batch.inheritedCo2e);
        emittedPrimary -= int256(uint256(batch.primaryCo2e));
    }

    /// @dev The data of the last event of that kind in what was recorded.
    function _last(bytes32 topic) internal returns (bytes memory data) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) data = logs[i].data;
        }
    }

    function _total(Emissions memory emissions) internal pure returns (uint256) {
        return emissions.total();
    }

    /// @dev The word of differences behind those tolerances.
    function _word(int16[] memory tolerance) internal pure returns (uint256 word) {
        for (uint256 i = 0; i < tolerance.length; ++i) {
            word |= uint256(uint16(tolerance[i])) << (16 * i);
        }
    }

    // Choices.

    function _emissions() internal returns (Emissions memory emissions) {
        if (_chance(4)) return emissions;
        emissions.amounts = _lanes(_upTo(TONNE), _upTo(TONNE), _upTo(TONNE), 0);
        uint256 total = _total(emissions);
        emissions.amounts |= uint256(_upTo(total)) << 192;
        emissions.parts = _lanes(_upTo(total), _upTo(total), _upTo(total), _upTo(type(uint64).max));
    }

    function _upTo(uint256 most) private returns (uint64) {
        return uint64(_pick(0, most));
    }

    function _zero() internal pure returns (Emissions memory) {}

    /// @dev Some batch of that state, from a random one on.
    function _some(BatchStatus status) internal returns (BatchId id, ILedgerRecords.Batch memory batch, bool ok) {
        uint256 length = batches.length;
        if (length == 0) return (id, batch, false);
        uint256 start = _pick(0, length - 1);
        for (uint256 i = 0; i < length; ++i) {
            id = batches[(start + i) % length];
            batch = ledger.batchOf(id);
            if (batch.status == status) return (id, batch, true);
        }
    }

    /// @dev Some batch that its custodian can use now.
    function _usable() internal returns (BatchId id, ILedgerRecords.Batch memory batch, bool ok) {
        (id, batch, ok) = _some(BatchStatus.Active);
        ok = ok && !batch.frozen && !batch.heldByCustodian && !batch.heldByAuditor;
    }

    /// @dev Some shipment of which lots are open.
    function _openOne() internal returns (Shipping storage shipping, bool ok) {
        if (_shipments.length == 0) _shipments.push();
        uint256 start = _pick(0, _shipments.length - 1);
        shipping = _shipments[start];
        for (uint256 i = 1; i < _shipments.length && shipping.open.length == 0; ++i) {
            shipping = _shipments[(start + i) % _shipments.length];
        }
        ok = shipping.open.length != 0;
    }

    function _openOf(Shipping storage shipping) internal view returns (ILedgerRecords.Open memory) {
        return ILedgerRecords.Open(keccak256(abi.encode(shipping.emissions, shipping.batches)), shipping.open);
    }

    function _drop(BatchId[] storage list, BatchId id) internal {
        uint256 kept = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            if (BatchId.unwrap(list[i]) != BatchId.unwrap(id)) list[kept++] = list[i];
        }
        while (list.length > kept) {
            list.pop();
        }
    }

    function _facilityOf(address participant) internal view returns (FacilityId) {
        if (participant == mine) return mineWorks;
        if (participant == refinery) return works;
        return participant == recycler ? hall : plant;
    }

    function _anyone() internal returns (address) {
        return [mine, refinery, maker, recycler][_pick(0, 3)];
    }

    function _chance(uint256 oneIn) internal returns (bool) {
        return _pick(1, oneIn) == 1;
    }

    function _pick(uint256 low, uint256 high) internal returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return bound(_seed, low, high);
    }

    function _name() internal returns (string memory) {
        bytes memory digits = "N-00000000";
        uint256 rest = ++_names;
        for (uint256 i = digits.length; rest != 0; rest /= 10) {
            digits[--i] = bytes1(uint8(48 + rest % 10));
        }
        return string(digits);
    }
}
