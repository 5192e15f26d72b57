// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IAdmission} from "../interfaces/IAdmission.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Text} from "../libraries/Text.sol";
import {AUDITOR, POLICY_ROLE} from "../types/Roles.sol";
import {Evidence, ParticipantStatus} from "../types/Values.sol";

/// @title Participants
/// @notice Companies, their standing, roles and keys, and whether they may act.
abstract contract Participants is AccessManaged, EIP712, IParticipantRegistry {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @dev What is known of an address, in one slot. A participant's address is that of its first key, so that
    /// one entry may be both. As a key: `participant`, and `joined`, one more than the participant's `generation` when it
    /// was added; zero once it is revoked. As a participant: the others; keys of an earlier generation are disabled.
    /// `events` counts what names the participant in proofs: its registration, its names, country and identifiers.
    struct Account {
        address participant;
        uint16 joined;
        ParticipantStatus status;
        bool watched;
        uint16 operators;
        uint16 generation;
        uint16 watchedFacilities;
        uint16 events;
    }

    /// @dev So many events of a participant can be its own; what is left is the consortium's, for corrections.
    uint16 private constant _MOST_OWN_EVENTS = 32_767;

    bytes32 private constant _CONSENT = keccak256("Consent(address participant,address operator,uint64 deadline)");

    /// @inheritdoc IParticipantRegistry
    IActGuard public actGuard;

    /// @inheritdoc IParticipantRegistry
    /// @dev In the act guard's slot, so that whoever is asked for both costs one read.
    bool public paused;

    mapping(address account => Account) internal _accounts;
    mapping(address participant => bytes32[] roles) private _roles;
    mapping(bytes32 role => EnumerableSet.AddressSet participants) private _participantsIn;
    /// @dev Whose short name it is, for ever: so that its storage slot alone proves whom a name means.
    mapping(bytes32 slugHash => address participant) private _slugs;

    modifier onlyActGuard() {
        if (msg.sender != address(actGuard)) revert NotActGuard(msg.sender);
        _;
    }

    /// @inheritdoc IParticipantRegistry
    function registerParticipant(
        address participant,
        string calldata slug,
        string calldata name,
        bytes2 country,
        bytes32[] calldata roles,
        Evidence[] calldata evidence,
        uint64 deadline,
        bytes calldata consent
    ) external restricted {
        _requireSlug(slug);
        _requirePlain(name);
        bytes32 slugHash = keccak256(bytes(slug));
        Account storage account = _accounts[participant];
        if (account.status != ParticipantStatus.None || _slugs[slugHash] != address(0)) {
            revert ParticipantAlreadyExists(participant, slug);
        }
        account.status = ParticipantStatus.Active;
        account.events = 1;
        _slugs[slugHash] = participant;
        for (uint256 i = 0; i < roles.length; ++i) {
            if (_participantsIn[roles[i]].add(participant)) _roles[participant].push(roles[i]);
        }
        _askWhetherToWatch(participant, account);
        emit ParticipantRegistered(participant, slug, name, country, roles, evidence);
        _addOperator(participant, participant, deadline, consent);
    }

    /// @inheritdoc IParticipantRegistry
    function suspendParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        _changeStatus(participant, ParticipantStatus.Suspended, reason, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function reinstateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        // Rule 1: who was suspended comes back by an act on the chain.
        _requireAuditor();
        _changeStatus(participant, ParticipantStatus.Active, reason, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function terminateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        _changeStatus(participant, ParticipantStatus.Terminated, reason, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function changeRoles(
        address participant,
        bytes32[] calldata granted,
        bytes32[] calldata revoked,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        Account storage account = _requireParticipant(participant);
        _requirePlain(reason);
        bytes32[] storage roles = _roles[participant];
        for (uint256 i = 0; i < granted.length; ++i) {
            if (!_participantsIn[granted[i]].add(participant)) revert RoleUnchanged(participant, granted[i]);
            roles.push(granted[i]);
        }
        for (uint256 i = 0; i < revoked.length; ++i) {
            if (!_participantsIn[revoked[i]].remove(participant)) revert RoleUnchanged(participant, revoked[i]);
            _remove(roles, revoked[i]);
        }
        // Something may be mandatory for a role that was granted.
        _askWhetherToWatch(participant, account);
        emit RolesChanged(participant, roles, msg.sender, occurredAt, reason, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function renameParticipant(string calldata name, uint64 occurredAt, Evidence[] calldata evidence) external {
        address participant = participantOf(msg.sender);
        _requirePlain(name);
        _countOwn(participant);
        emit ParticipantRenamed(participant, name, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function addOperator(address operator, uint64 deadline, bytes calldata consent) external {
        _addOperator(participantOf(msg.sender), operator, deadline, consent);
    }

    /// @inheritdoc IParticipantRegistry
    function revokeOperator(address operator) external {
        _revokeOperator(participantOf(msg.sender), operator);
    }

    /// @inheritdoc IParticipantRegistry
    function rotateOperator(address revoked, address added, uint64 deadline, bytes calldata consent) external {
        address participant = participantOf(msg.sender);
        // Added first, so that even the only key can be replaced (Rule 1: the last one cannot be revoked).
        _addOperator(participant, added, deadline, consent);
        _revokeOperator(participant, revoked);
    }

    /// @inheritdoc IParticipantRegistry
    function revokeOperatorFor(address participant, address operator) external restricted {
        _requireParticipant(participant);
        _revokeOperator(participant, operator);
    }

    /// @inheritdoc IParticipantRegistry
    function disableOperators(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        Account storage account = _requireParticipant(participant);
        _requirePlain(reason);
        // Rule 1: however many there are, and whichever the thief adds meanwhile.
        ++account.generation;
        account.operators = 0;
        emit OperatorsDisabled(participant, msg.sender, occurredAt, reason, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function recoverOperator(address participant, address operator, uint64 deadline, bytes calldata consent)
        external
        restricted
    {
        uint256 count = _requireParticipant(participant).operators;
        // Rule 12: the consortium adds no key beside those with which a participant signs.
        if (count != 0) revert OperatorsInForce(participant, count);
        _addOperator(participant, operator, deadline, consent);
    }

    /// @inheritdoc IParticipantRegistry
    function pause() external restricted {
        _setPaused(true);
    }

    /// @inheritdoc IParticipantRegistry
    function resume() external restricted {
        _setPaused(false);
    }

    /// @inheritdoc IParticipantRegistry
    function setActGuard(IActGuard guard) external restricted {
        // Rule 12: announced, as the policy role has a delay. Flags of the last guard stay until the new one
        // changes them: clearing all of them would not fit in a block.
        actGuard = guard;
        emit ActGuardChanged(guard);
    }

    /// @inheritdoc IParticipantRegistry
    function watchParticipant(address participant, bool watched) external onlyActGuard {
        _requireParticipant(participant).watched = watched;
    }

    /// @inheritdoc IAdmission
    function requireMayOffer(address operator, address receiver) external view returns (address participant) {
        // Rule 1: nobody ships to who may not act.
        participant = requireMayAct(operator);
        _requireMayAct(receiver, _accounts[receiver]);
    }

    /// @inheritdoc IAdmission
    function requireMayReceive(address operator, address sender) external view returns (address participant) {
        participant = requireMayAct(operator);
        // Rule 1: what a terminated participant sent is not received any more.
        _requireNotTerminated(sender, _accounts[sender]);
    }

    /// @inheritdoc IAdmission
    function statusOf(address participant) external view returns (ParticipantStatus) {
        return _accounts[participant].status;
    }

    /// @inheritdoc IParticipantRegistry
    function hasRole(address participant, bytes32 role) external view returns (bool) {
        return _participantsIn[role].contains(participant);
    }

    /// @inheritdoc IParticipantRegistry
    function rolesOf(address participant) external view returns (bytes32[] memory roles) {
        return _roles[participant];
    }

    /// @inheritdoc IParticipantRegistry
    function participantsInRole(bytes32 role) external view returns (address[] memory participants) {
        return _participantsIn[role].values();
    }

    /// @inheritdoc IParticipantRegistry
    function isWatched(address participant) external view returns (bool) {
        return _accounts[participant].watched;
    }

    /// @inheritdoc IAdmission
    function participantOf(address operator) public view returns (address participant) {
        Account storage account;
        (participant, account) = _requireOperator(operator);
        // Rule 1: a terminated participant's keys sign nothing at all.
        _requireNotTerminated(participant, account);
    }

    /// @inheritdoc IAdmission
    function requireMayAct(address operator) public view returns (address participant) {
        (participant,) = _requireActor(operator);
    }

    /// @inheritdoc IAdmission
    function isAuditor(address account) public view returns (bool) {
        Account storage key = _accounts[account];
        address participant = key.participant;
        // Rule 1: an auditor that is suspended or blocked, or whose key is not in force, audits nobody.
        if (_participantsIn[AUDITOR].contains(participant) && _isInForce(account, participant)) {
            Account storage auditor = _accounts[participant];
            if (auditor.status == ParticipantStatus.Active && !_isBlocked(participant, auditor)) return true;
        }
        return isConsortium(account);
    }

    /// @inheritdoc IAdmission
    function isConsortium(address account) public view returns (bool isMember) {
        (isMember,) = IAccessManager(authority()).hasRole(POLICY_ROLE, account);
    }

    function _requireAuditor() internal view {
        if (!isAuditor(msg.sender)) revert NotAuditorNorConsortium(msg.sender);
    }

    /// @dev The participant for which an auditor acts; an account of the consortium that is no key stands for itself.
    function _speaker() internal view returns (address) {
        address participant = _accounts[msg.sender].participant;
        return participant != address(0) && _isInForce(msg.sender, participant) ? participant : msg.sender;
    }

    /// @dev The participant for which `operator` may act now.
    function _requireActor(address operator) internal view returns (address participant, Account storage account) {
        (participant, account) = _requireOperator(operator);
        _requireMayAct(participant, account);
    }

    function _requireParticipant(address participant) internal view returns (Account storage account) {
        account = _accounts[participant];
        if (account.status == ParticipantStatus.None) revert UnknownParticipant(participant);
    }

    function _requireNotTerminated(address participant, Account storage account) internal view {
        ParticipantStatus status = account.status;
        if (status == ParticipantStatus.Terminated) revert ParticipantNotActive(participant, status);
    }

    /// @dev Counts an event of a participant's own that names it, so that who proves its name leaves none out.
    function _countOwn(address participant) internal {
        Account storage account = _accounts[participant];
        if (account.events >= _MOST_OWN_EVENTS) revert TooManyChanges(participant);
        ++account.events;
    }

    function _requireSlug(string calldata slug) internal pure {
        if (!Text.isSlug(slug)) revert InvalidSlug(slug);
    }

    function _requireIdentifier(string calldata identifier) internal pure {
        if (!Text.isIdentifier(identifier)) revert InvalidIdentifier(identifier);
    }

    function _requirePlain(string calldata text) internal pure {
        if (!Text.isPlain(text)) revert ControlCharacter(text);
    }

    function _addOperator(address participant, address operator, uint64 deadline, bytes calldata consent) private {
        Account storage key = _accounts[operator];
        if (operator == address(0)) revert UnknownOperator(operator);
        // Rule 1: for one participant for ever, revoked keys included, so that an old signature means one company.
        if (key.participant != address(0)) revert OperatorAlreadyRegistered(operator, key.participant);
        _requireConsent(participant, operator, deadline, consent);
        key.participant = participant;
        Account storage account = _accounts[participant];
        key.joined = account.generation + 1;
        ++account.operators;
        emit OperatorAdded(participant, operator, msg.sender);
    }

    /// @dev Rule 1: a key joins by its own consent. A key joins once, so that a consent cannot be used again.
    function _requireConsent(address participant, address operator, uint64 deadline, bytes calldata consent)
        private
        view
    {
        // Seconds do not matter where consents hold for minutes or days.
        // forge-lint: disable-next-line(block-timestamp)
        if (block.timestamp > deadline) revert ConsentExpired(operator, deadline);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_CONSENT, participant, operator, deadline)));
        (address signer, ECDSA.RecoverError problem,) = ECDSA.tryRecover(digest, consent);
        if (problem != ECDSA.RecoverError.NoError || signer != operator) {
            revert NoConsent(operator, participant, deadline);
        }
    }

    function _revokeOperator(address participant, address operator) private {
        Account storage key = _accounts[operator];
        if (key.participant != participant) revert NotAnOperatorOf(operator, participant);
        if (!_isInForce(operator, participant)) revert OperatorIsRevoked(operator, participant);
        // Rule 1: without a key a participant could do nothing more, not even report.
        if (_accounts[participant].operators == 1) revert LastOperator(operator, participant);
        key.joined = 0;
        --_accounts[participant].operators;
        emit OperatorRevoked(participant, operator, msg.sender);
    }

    /// @dev Active to suspended and back; either of them to terminated.
    function _changeStatus(
        address participant,
        ParticipantStatus to,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) private {
        Account storage account = _requireParticipant(participant);
        _requirePlain(reason);
        ParticipantStatus from = account.status;
        // Rule 1: terminated is for good.
        if (from == to || from == ParticipantStatus.Terminated) {
            revert StatusChangeNotAllowed(participant, from, to);
        }
        account.status = to;
        emit ParticipantStatusChanged(participant, to, msg.sender, occurredAt, reason, evidence);
    }

    function _setPaused(bool to) private {
        if (paused == to) revert PauseUnchanged(to);
        paused = to;
        emit PauseChanged(to, msg.sender);
    }

    function _askWhetherToWatch(address participant, Account storage account) private {
        IActGuard guard = actGuard;
        if (address(guard) != address(0)) account.watched = guard.mustWatch(participant);
    }

    /// @dev Removes the only entry `role` of `roles`.
    function _remove(bytes32[] storage roles, bytes32 role) private {
        uint256 last = roles.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (roles[i] == role) roles[i] = roles[last];
        }
        roles.pop();
    }

    function _requireOperator(address operator) private view returns (address participant, Account storage account) {
        account = _accounts[operator];
        participant = account.participant;
        if (participant == address(0)) revert UnknownOperator(operator);
        uint256 joined = account.joined;
        // The first key's slot is the participant's own: one slot to read, not two.
        if (participant != operator) account = _accounts[participant];
        if (joined != uint256(account.generation) + 1) revert OperatorIsRevoked(operator, participant);
    }

    /// @dev Whether `operator`, a key of `participant`, was neither revoked nor disabled.
    function _isInForce(address operator, address participant) private view returns (bool) {
        return _accounts[operator].joined == uint256(_accounts[participant].generation) + 1;
    }

    /// @dev Of a participant that is not watched nothing is read but its own slot, and whether the network is paused.
    function _requireMayAct(address participant, Account storage account) private view {
        (ParticipantStatus status, bool watched) = (account.status, account.watched);
        // Rule 1.
        if (status != ParticipantStatus.Active) _refuseStanding(participant, status);
        // Of one slot, read once.
        (bool isPaused, IActGuard guard) = (paused, actGuard);
        // Rule 12.
        if (isPaused) revert NetworkPaused();
        if (!watched) return;
        if (address(guard) != address(0)) guard.requireMayAct(participant);
    }

    function _refuseStanding(address participant, ParticipantStatus status) private pure {
        if (status == ParticipantStatus.None) revert UnknownParticipant(participant);
        revert ParticipantNotActive(participant, status);
    }

    function _isBlocked(address participant, Account storage account) private view returns (bool) {
        IActGuard guard = actGuard;
        if (!account.watched || address(guard) == address(0)) return false;
        try guard.requireMayAct(participant) {
            return false;
        } catch {
            return true;
        }
    }
}
