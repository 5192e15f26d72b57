// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ISafeguard} from "./interfaces/ISafeguard.sol";
import {EMERGENCY_ROLE, ORIGINS_ROLE} from "./types/Roles.sol";

/// @title Safeguard
/// @notice What emergency accounts can do at once (Rule 12).
contract Safeguard is ISafeguard {
    /// @dev Who asks, and until when.
    struct Request {
        address requestedBy;
        uint64 until;
    }

    uint64 private constant _TIME_TO_AGREE = 1 days;

    /// @dev Stands for the end of a pause among the requests.
    address private constant _RESUME = address(0);

    /// @inheritdoc ISafeguard
    IAccessManager public immutable manager;

    /// @inheritdoc ISafeguard
    IParticipantRegistry public immutable registry;

    /// @inheritdoc ISafeguard
    mapping(address account => Request) public requestOf;

    modifier onlyEmergency() {
        if (!_isEmergency(msg.sender)) revert NotEmergency(msg.sender);
        _;
    }

    /// @param manager_ Of which it becomes an administrator.
    /// @param registry_ Which it can have resumed.
    constructor(IAccessManager manager_, IParticipantRegistry registry_) {
        manager = manager_;
        registry = registry_;
    }

    /// @inheritdoc ISafeguard
    function cancel(address caller, address target, bytes calldata data) external onlyEmergency {
        // Guardians of a role cannot cancel changes of rights; administrators can.
        manager.cancel(caller, target, data);
    }

    /// @inheritdoc ISafeguard
    function remove(address account) external onlyEmergency {
        if (account == address(this)) revert NotItself();
        (bool agreed, address requestedBy) = _ask(account);
        if (!agreed) return;
        // Roles are numbered from the administrator's, zero, to the last of ours. Revoking what is not held does nothing.
        for (uint64 role = 0; role <= ORIGINS_ROLE; ++role) {
            manager.revokeRole(role, account);
        }
        emit Removed(account, requestedBy, msg.sender);
    }

    /// @inheritdoc ISafeguard
    function resume() external onlyEmergency {
        (bool agreed,) = _ask(_RESUME);
        if (agreed) registry.resume();
    }

    /// @dev The first account asks; a second one agrees.
    function _ask(address account) private returns (bool agreed, address requestedBy) {
        Request memory request = requestOf[account];
        requestedBy = request.requestedBy;
        // Who has lost its rights meanwhile counts no more. Seconds do not matter within a day.
        // forge-lint: disable-next-line(block-timestamp)
        agreed = request.until >= block.timestamp && requestedBy != msg.sender && _isEmergency(requestedBy);
        if (agreed) {
            delete requestOf[account];
            return (true, requestedBy);
        }
        // Block times fit 64 bits for longer than there will be blocks.
        uint64 until = uint64(block.timestamp) + _TIME_TO_AGREE;
        requestOf[account] = Request(msg.sender, until);
        emit Requested(account, msg.sender, until);
    }

    function _isEmergency(address account) private view returns (bool isMember) {
        (isMember,) = manager.hasRole(EMERGENCY_ROLE, account);
    }
}
