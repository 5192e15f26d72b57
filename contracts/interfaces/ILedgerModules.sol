// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerCorrections} from "./ILedgerCorrections.sol";
import {ILedgerHandling} from "./ILedgerHandling.sol";
import {ILedgerViews} from "./ILedgerViews.sol";

/// @title What the batch ledger does through its modules: what is rare, and what puts right
interface ILedgerModules is ILedgerCorrections, ILedgerHandling, ILedgerViews {}
