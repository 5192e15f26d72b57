// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title What emergency accounts can do at once
/// @notice Rule 12: no single key is the consortium. One emergency account cancels what others have scheduled; two of them
/// take all rights from an account, or end a pause. This contract is an administrator of the AccessManager without a delay,
/// and does nothing else with that right. A network has three emergency accounts or more, so that two are left when one
/// is stolen.
interface ISafeguard {
    /// @notice An emergency account asks for something for which it takes a second one.
    /// @param account Whose rights are to be taken; the zero address if the pause is to end.
    /// @param until The last second at which another can agree.
    event Requested(address indexed account, address indexed requestedBy, uint64 until);

    /// @notice Two emergency accounts have taken all rights from `account`.
    event Removed(address indexed account, address indexed requestedBy, address indexed agreedBy);

    /// @notice `account` is no emergency account.
    error NotEmergency(address account);

    /// @notice The safeguard keeps its rights: it acts for two emergency accounts only, and nothing could replace it at
    /// once.
    error NotItself();

    /// @notice Cancels what `caller` has scheduled, a change of rights too. For one emergency account.
    function cancel(address caller, address target, bytes calldata data) external;

    /// @notice Asks that all rights be taken from `account` or, if another emergency account has asked within a day, takes
    /// them.
    function remove(address account) external;

    /// @notice Asks that the pause end or, if another emergency account has asked within a day, ends it.
    function resume() external;

    /// @notice Whose rights it guards.
    function manager() external view returns (IAccessManager);

    /// @notice What it can have resumed.
    function registry() external view returns (IParticipantRegistry);

    /// @notice Who asked last that all rights be taken from `account` (the zero address: that the pause end), and until
    /// when another can agree.
    function requestOf(address account) external view returns (address requestedBy, uint64 until);
}
