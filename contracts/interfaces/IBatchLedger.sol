// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCore} from "./ILedgerCore.sol";
import {ILedgerModules} from "./ILedgerModules.sol";

/// @title The digital twins of physical lots
/// @notice Mints batch tokens at approved origins, hands custody over, records transformations and CO2e, and
/// refuses what cannot be true. Masses are milligrams, emissions milligrams CO2e, times UTC seconds.
///
/// Each batch holds pools: remaining mass, each substance, own CO2e, inherited CO2e, and the primary part of both.
/// - Take mass m of a batch with mass M: of every pool P, floor(P * m / M); all of it when m = M.
/// - Allocate a total T over outputs with weights w (W their sum): output j gets
///   floor(T * (w1 + ... + wj) / W) - floor(T * (w1 + ... + wj-1) / W).
///
/// Where a mass may be given as `IN_FULL`, it stands for all that the batch holds.
///
/// What made a batch and what it came by is kept as a hash, its *trail*: `bytes12(keccak256(abi.encode(bytes12 before,
/// bytes32 entry)))`, an entry being the hash of one of the `...Entry` structs below; the first goes with a trail of
/// zero. A salt, the hash of the block before, is in each, so that no two entries can be prepared that are alike. Who
/// reverses or restates shows the entries again; they follow from the events and the blocks' headers.
///
/// A `tag` is the hash of the submitter's operation, by which a reader knows it again where the calldata follows from
/// the state. `after` is the number of events that named the batch so far: another one is refused, so that an
/// operation that may rightly be repeated does not happen twice by accident.
interface IBatchLedger is ILedgerCore, ILedgerModules {}
