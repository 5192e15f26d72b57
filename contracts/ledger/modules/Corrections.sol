// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "../../interfaces/IAdmission.sol";
import {CustodyReversals} from "./CustodyReversals.sol";
import {Errors} from "./Errors.sol";
import {Module} from "./Module.sol";
import {Restatements} from "./Restatements.sol";

/// @title Corrections
/// @notice The ledger's module that puts right what is wrong, without editing anything (Rule 8).
contract Corrections is CustodyReversals, Errors, Restatements {
    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) Module(admission_) {}
}
