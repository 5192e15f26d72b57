// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAdmission} from "../../interfaces/IAdmission.sol";
import {CustodyReversals} from "./CustodyReversals.sol";
import {Errors} from "./Errors.sol";
import {Module} from "./Module.sol";
import {Restatements} from "./Restatements.sol";
import {Views} from "./Views.sol";

/// @title Corrections
/// @notice The ledger's module that puts right what is wrong, without editing anything (Rule 8). What can be asked is
/// here, too, where there is room for it.
contract Corrections is CustodyReversals, Errors, Restatements, Views {
    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) Module(admission_) {}
}
