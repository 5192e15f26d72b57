// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IActGuard} from "./interfaces/IActGuard.sol";
import {IAdmission} from "./interfaces/IAdmission.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Text} from "./libraries/Text.sol";
import {FacilityId, Ids, MaterialId} from "./types/Ids.sol";
import {AUDITOR, CONSORTIUM_ROLE, MINE, RECYCLER} from "./types/Roles.sol";
import {SubstanceSet, SubstanceSetLibrary} from "./types/SubstanceSet.sol";
import {Evidence, OriginKind, ParticipantStatus} from "./types/Values.sol";

/// @title ParticipantRegistry
/// @notice Who may act, where, and with which material.
/// @dev `restricted` functions are the consortium's: the AccessManager maps them to `CONSORTIUM_ROLE`. Functions
/// that others share with the consortium ask the AccessManager for that role themselves.
contract ParticipantRegistry is AccessManaged, IParticipantRegistry {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @dev What is known of an address, in one slot. A participant's address is that of its first key, so that
    /// one entry may be both. As a key: `participant`, `revoked`. As a participant: `status`, `operators`, `watched`.
    struct Account {
        address participant;
        bool revoked;
        ParticipantStatus status;
        uint32 operators;
        bool watched;
    }

    /// @dev Whose facility it is, and whether the act guard is asked about it, in one slot.
    struct Facility {
        address participant;
        OriginKind kind;
        bool watched;
    }

    /// @dev Micro-degrees from the equator to a pole, and from Greenwich to the 180th meridian.
    int32 private constant _LARGEST_LATITUDE = 90_000_000;
    int32 private constant _LARGEST_LONGITUDE = 180_000_000;

    /// @inheritdoc IParticipantRegistry
    IActGuard public actGuard;

    mapping(address account => Account) private _accounts;
    mapping(address participant => bytes32[] roles) private _roles;
    mapping(bytes32 role => EnumerableSet.AddressSet participants) private _participantsIn;
    mapping(bytes32 slugHash => bool) private _slugs;
    mapping(FacilityId facility => Facility) private _facilities;
    mapping(MaterialId material => SubstanceSet) private _materials;
    mapping(FacilityId facility => mapping(MaterialId material => uint64)) private _capacities;

    /// @param accessManager The AccessManager that says who has the consortium's rights.
    constructor(address accessManager) AccessManaged(accessManager) {}

    modifier onlyOperatorOrConsortium(address participant) {
        _requireOperatorOrConsortium(participant);
        _;
    }

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
        Evidence[] calldata evidence
    ) external restricted {
        _requireSlug(slug);
        if (participant == address(0)) revert UnknownOperator(participant);
        bytes32 slugHash = keccak256(bytes(slug));
        Account storage account = _accounts[participant];
        if (account.status != ParticipantStatus.None || _slugs[slugHash]) {
            revert ParticipantAlreadyExists(participant, slug);
        }
        account.status = ParticipantStatus.Active;
        _slugs[slugHash] = true;
        for (uint256 i = 0; i < roles.length; ++i) {
            if (_participantsIn[roles[i]].add(participant)) _roles[participant].push(roles[i]);
        }
        IActGuard guard = actGuard;
        if (address(guard) != address(0)) account.watched = guard.mustWatch(participant);
        emit ParticipantRegistered(participant, slug, name, country, roles, evidence);
        _addOperator(participant, participant);
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
        if (!isAuditor(msg.sender)) revert NotAuditorNorConsortium(msg.sender);
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
    function addOperator(address participant, address operator) external onlyOperatorOrConsortium(participant) {
        _addOperator(participant, operator);
    }

    /// @inheritdoc IParticipantRegistry
    function revokeOperator(address participant, address operator) external onlyOperatorOrConsortium(participant) {
        _revokeOperator(participant, operator);
    }

    /// @inheritdoc IParticipantRegistry
    function rotateOperator(address participant, address revoked, address added)
        external
        onlyOperatorOrConsortium(participant)
    {
        // Added first, so that even the only key can be replaced (Rule 1: the last one cannot be revoked).
        _addOperator(participant, added);
        _revokeOperator(participant, revoked);
    }

    /// @inheritdoc IParticipantRegistry
    function registerFacility(
        string calldata identifier,
        string calldata name,
        bytes32 kind,
        bytes2 country,
        bool located,
        int32 latitude,
        int32 longitude,
        Evidence[] calldata evidence
    ) external returns (FacilityId facility) {
        // Rule 1.
        address participant = requireMayAct(msg.sender);
        _requireLocation(located, latitude, longitude);
        if (!Text.isIdentifierLength(bytes(identifier).length)) revert InvalidIdentifier(identifier);
        facility = Ids.facility(participant, identifier);
        if (_facilities[facility].participant != address(0)) revert FacilityAlreadyExists(facility);
        _facilities[facility] = Facility(participant, _originKind(kind), false);
        emit FacilityRegistered(
            facility, participant, identifier, name, kind, country, located, latitude, longitude, evidence
        );
    }

    /// @inheritdoc IParticipantRegistry
    function defineMaterial(
        string calldata slug,
        string calldata name,
        string calldata cas,
        uint16[] calldata substances,
        Evidence[] calldata evidence
    ) external restricted returns (MaterialId material) {
        _requireSlug(slug);
        material = Ids.material(slug);
        if (_materials[material].isDefined()) revert MaterialAlreadyExists(material);
        _materials[material] = _substanceSet(substances);
        emit MaterialDefined(material, slug, name, cas, substances, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function approveOrigin(
        FacilityId facility,
        MaterialId material,
        uint64 capacityPerYear,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        // Rule 2: capacities are of mines and recyclers only. `substancesOf` refuses an unknown material.
        if (_requireKnown(facility).kind == OriginKind.None) revert NotAnOrigin(facility);
        substancesOf(material);
        _capacities[facility][material] = capacityPerYear;
        emit OriginApproved(facility, material, capacityPerYear, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function setActGuard(IActGuard guard) external restricted {
        // Rule 12: announced, as the governance role has a delay. Flags of the last guard stay until the new one
        // changes them: clearing all of them would not fit in a block.
        actGuard = guard;
        emit ActGuardChanged(guard);
    }

    /// @inheritdoc IParticipantRegistry
    function watchParticipant(address participant, bool watched) external onlyActGuard {
        Account storage account = _accounts[participant];
        if (account.status == ParticipantStatus.None) revert UnknownParticipant(participant);
        account.watched = watched;
    }

    /// @inheritdoc IParticipantRegistry
    function watchFacility(FacilityId facility, bool watched) external onlyActGuard {
        _requireKnown(facility).watched = watched;
    }

    /// @inheritdoc IAdmission
    function requireMayOffer(address operator, address receiver) external view returns (address participant) {
        // Rule 1: nobody ships to who may not act.
        participant = requireMayAct(operator);
        _requireMayAct(receiver, _accounts[receiver]);
    }

    /// @inheritdoc IAdmission
    function requireFacility(address operator, FacilityId facility) external view returns (address participant) {
        (participant,) = _requireFacility(operator, facility);
    }

    /// @inheritdoc IAdmission
    function requireOrigin(address operator, FacilityId facility, MaterialId material)
        external
        view
        returns (address participant, OriginKind kind, uint64 capacity, SubstanceSet substances)
    {
        (participant, kind) = _requireFacility(operator, facility);
        if (kind == OriginKind.None) revert NotAnOrigin(facility);
        substances = substancesOf(material);
        capacity = _capacities[facility][material];
        // Rule 2: a capacity of zero withdraws the approval.
        if (capacity == 0) revert OriginNotApproved(facility, material);
    }

    /// @inheritdoc IParticipantRegistry
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

    /// @inheritdoc IParticipantRegistry
    function isFacilityWatched(FacilityId facility) external view returns (bool) {
        return _facilities[facility].watched;
    }

    /// @inheritdoc IParticipantRegistry
    function facilityOf(FacilityId facility) external view returns (address participant, OriginKind kind) {
        Facility storage found = _facilities[facility];
        return (found.participant, found.kind);
    }

    /// @inheritdoc IParticipantRegistry
    function capacityOf(FacilityId facility, MaterialId material) external view returns (uint64) {
        return _capacities[facility][material];
    }

    /// @inheritdoc IAdmission
    function participantOf(address operator) public view returns (address participant) {
        return _requireOperator(operator, _accounts[operator]);
    }

    /// @inheritdoc IAdmission
    function requireMayAct(address operator) public view returns (address participant) {
        Account storage account = _accounts[operator];
        participant = _requireOperator(operator, account);
        // The first key's slot is the participant's own: one slot to read, not two.
        _requireMayAct(participant, participant == operator ? account : _accounts[participant]);
    }

    /// @inheritdoc IAdmission
    function substancesOf(MaterialId material) public view returns (SubstanceSet substances) {
        substances = _materials[material];
        if (!substances.isDefined()) revert UnknownMaterial(material);
    }

    /// @inheritdoc IAdmission
    function isAuditor(address account) public view returns (bool) {
        Account storage key = _accounts[account];
        // Rule 1: an auditor that is suspended, or whose key was revoked, audits nobody.
        bool audits = _participantsIn[AUDITOR].contains(key.participant) && !key.revoked
            && _accounts[key.participant].status == ParticipantStatus.Active;
        return audits || _isConsortium(account);
    }

    function _addOperator(address participant, address operator) private {
        Account storage account = _accounts[operator];
        if (operator == address(0)) revert UnknownOperator(operator);
        // Rule 1: for one participant for ever, revoked keys included, so that an old signature means one company.
        if (account.participant != address(0)) revert OperatorAlreadyRegistered(operator, account.participant);
        account.participant = participant;
        ++_accounts[participant].operators;
        emit OperatorAdded(participant, operator);
    }

    function _revokeOperator(address participant, address operator) private {
        Account storage account = _accounts[operator];
        if (account.participant != participant) revert NotAnOperatorOf(operator, participant);
        if (account.revoked) revert OperatorIsRevoked(operator, participant);
        // Rule 1: without a key a participant could do nothing more, not even report.
        if (_accounts[participant].operators == 1) revert LastOperator(operator, participant);
        account.revoked = true;
        --_accounts[participant].operators;
        emit OperatorRevoked(participant, operator);
    }

    /// @dev Active to suspended and back; either of them to terminated.
    function _changeStatus(
        address participant,
        ParticipantStatus to,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) private {
        ParticipantStatus from = _accounts[participant].status;
        if (from == ParticipantStatus.None) revert UnknownParticipant(participant);
        // Rule 1: terminated is for good.
        if (from == to || from == ParticipantStatus.Terminated) {
            revert StatusChangeNotAllowed(participant, from, to);
        }
        _accounts[participant].status = to;
        emit ParticipantStatusChanged(participant, to, msg.sender, occurredAt, reason, evidence);
    }

    function _requireOperatorOrConsortium(address participant) private view {
        if (_accounts[participant].status == ParticipantStatus.None) revert UnknownParticipant(participant);
        Account storage key = _accounts[msg.sender];
        bool isOperator = key.participant == participant && !key.revoked;
        if (!isOperator && !_isConsortium(msg.sender)) revert NotOperatorNorConsortium(msg.sender, participant);
    }

    function _requireOperator(address operator, Account storage account) private view returns (address participant) {
        participant = account.participant;
        if (participant == address(0)) revert UnknownOperator(operator);
        if (account.revoked) revert OperatorIsRevoked(operator, participant);
    }

    /// @dev Of a participant that is not watched nothing is read but its own slot.
    function _requireMayAct(address participant, Account storage account) private view {
        ParticipantStatus status = account.status;
        if (status == ParticipantStatus.None) revert UnknownParticipant(participant);
        // Rule 1.
        if (status != ParticipantStatus.Active) revert ParticipantNotActive(participant, status);
        if (!account.watched) return;
        IActGuard guard = actGuard;
        if (address(guard) != address(0)) guard.requireMayAct(participant);
    }

    function _requireFacility(address operator, FacilityId facility)
        private
        view
        returns (address participant, OriginKind kind)
    {
        participant = requireMayAct(operator);
        Facility storage found = _requireKnown(facility);
        // Rule 1: at facilities of its own, and not at a blocked one.
        if (found.participant != participant) revert ForeignFacility(facility, participant, found.participant);
        kind = found.kind;
        if (!found.watched) return (participant, kind);
        IActGuard guard = actGuard;
        if (address(guard) != address(0)) guard.requireMayUse(participant, facility);
    }

    function _requireKnown(FacilityId facility) private view returns (Facility storage found) {
        found = _facilities[facility];
        if (found.participant == address(0)) revert UnknownFacility(facility);
    }

    /// @dev Rule 12: a member with an execution delay has to schedule, so it does not count here.
    function _isConsortium(address account) private view returns (bool) {
        (bool isMember, uint32 delay) = IAccessManager(authority()).hasRole(CONSORTIUM_ROLE, account);
        return isMember && delay == 0;
    }

    function _requireSlug(string calldata slug) private pure {
        if (!Text.isSlug(slug)) revert InvalidSlug(slug);
    }

    function _requireLocation(bool located, int32 latitude, int32 longitude) private pure {
        bool valid = located
            ? latitude >= -_LARGEST_LATITUDE && latitude <= _LARGEST_LATITUDE && longitude >= -_LARGEST_LONGITUDE
                && longitude <= _LARGEST_LONGITUDE
            : latitude == 0 && longitude == 0;
        if (!valid) revert InvalidLocation(located, latitude, longitude);
    }

    function _substanceSet(uint16[] calldata substances) private pure returns (SubstanceSet set) {
        uint256 count = substances.length;
        // Rule 13.
        if (count > SubstanceSetLibrary.CAPACITY) revert TooManySubstances(count, SubstanceSetLibrary.CAPACITY);
        set = SubstanceSetLibrary.EMPTY;
        uint16 previous = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint16 substance = substances[i];
            if (substance <= previous) revert SubstancesNotAscending(substance);
            set = set.add(i, substance);
            previous = substance;
        }
    }

    function _originKind(bytes32 kind) private pure returns (OriginKind) {
        if (kind == MINE) return OriginKind.Mine;
        if (kind == RECYCLER) return OriginKind.Recycler;
        return OriginKind.None;
    }
}
