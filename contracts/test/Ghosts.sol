// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId} from "../types/Ids.sol";
import {SubstanceMass} from "../types/Values.sol";
import {Books} from "./Books.sol";

/// @title What the ledger does not keep of a lot, and must hold all the same
/// @notice Which part of its cobalt is of untraced origin, and how far measurements have moved what is in it: the least
/// and the highest net difference of any path by which something of it came.
abstract contract Ghosts is Books {
    /// @dev One, of a share.
    int256 internal constant WHOLE = 1e18;

    /// @dev One basis point, of a difference.
    int256 internal constant POINT = 1e9;

    /// @dev Net differences of gross mass, cobalt and nickel, in `POINT`s.
    struct Range {
        int256[3] least;
        int256[3] highest;
    }

    /// @dev By batch, for all its life: what is put back was taken of it.
    mapping(BatchId batch => int256) public untracedShare;
    int256 public untracedMinted;
    int256 public untracedLost;
    int256 public untracedBooked;

    mapping(BatchId batch => Range) internal _ranges;

    /// @dev Before the last receipt, by batch, to be restored with it.
    mapping(BatchId batch => Range) internal _rangesBefore;

    /// @dev By run: the ranges of what it took, and how much of its losses was untraced.
    mapping(uint256 run => Range[]) internal _rangesTaken;
    mapping(uint256 run => int256) internal _untracedLosses;

    function rangeOf(BatchId batch) external view returns (Range memory) {
        return _ranges[batch];
    }

    function _darken(BatchId batch) internal {
        untracedShare[batch] = WHOLE;
        untracedMinted += WHOLE * int256(_of(ledger.batchOf(batch).substances, COBALT));
    }

    /// @dev A child is like its parent.
    function _spread(BatchId parent, BatchId child) internal {
        untracedShare[child] = untracedShare[parent];
        _ranges[child] = _ranges[parent];
    }

    /// @dev Outputs are like all inputs together.
    function _blend(uint256 run, ILedgerRecords.Taken[] memory taken, SubstanceMass[] memory losses) internal {
        (int256 untraced, int256 whole) = (0, 0);
        Range memory range;
        for (uint256 i = 0; i < taken.length; ++i) {
            int256 cobalt = int256(_of(taken[i].substances, COBALT));
            untraced += untracedShare[taken[i].batch] * cobalt;
            whole += cobalt;
            Range memory one = _ranges[taken[i].batch];
            _rangesTaken[run].push(one);
            range = i == 0 ? one : _widest(range, one);
        }
        int256 share = whole == 0 ? int256(0) : untraced / whole;
        for (uint256 i = 0; i < _runs[run].outputs.length; ++i) {
            untracedShare[_runs[run].outputs[i]] = share;
            _ranges[_runs[run].outputs[i]] = range;
        }
        _untracedLosses[run] = share * int256(_of(losses, COBALT));
        untracedLost += _untracedLosses[run];
    }

    /// @dev What a run took is put back, and with it how it had been measured.
    function _unblend(uint256 run, BatchId[] memory inputs, bool[] memory empty) internal {
        untracedLost -= _untracedLosses[run];
        for (uint256 i = 0; i < inputs.length; ++i) {
            Range memory back = _rangesTaken[run][i];
            _ranges[inputs[i]] = empty[i] ? back : _widest(_ranges[inputs[i]], back);
        }
    }

    /// @dev A measurement: what is held is moved by so many points, of what was held.
    function _measured(
        BatchId batch,
        ILedgerRecords.Batch memory before,
        uint64 mass,
        SubstanceMass[] memory substances,
        bool byAuditor
    ) internal {
        ++done["measure"];
        Range memory range = _ranges[batch];
        _rangesBefore[batch] = range;
        _shift(range, 0, before.mass, mass);
        if (substances.length != 0) {
            (uint256 was, uint256 is_) = (_of(before.substances, COBALT), _of(substances, COBALT));
            _shift(range, 1, was, is_);
            _shift(range, 2, _of(before.substances, NICKEL), _of(substances, NICKEL));
            untracedBooked += untracedShare[batch] * (int256(is_) - int256(was));
        }
        if (byAuditor) delete _ranges[batch];
        else _ranges[batch] = range;
    }

    function _shift(Range memory range, uint256 lane, uint256 was, uint256 is_) private pure {
        if (was == 0) return;
        int256 points = (int256(is_) - int256(was)) * 10_000 * POINT / int256(was);
        range.least[lane] += points;
        range.highest[lane] += points;
    }

    function _widest(Range memory one, Range memory other) internal pure returns (Range memory range) {
        for (uint256 i = 0; i < 3; ++i) {
            range.least[i] = one.least[i] < other.least[i] ? one.least[i] : other.least[i];
            range.highest[i] = one.highest[i] > other.highest[i] ? one.highest[i] : other.highest[i];
        }
    }
}
