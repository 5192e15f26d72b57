// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {FacilityId, MaterialId} from "../types/Ids.sol";
import {Evidence, OriginKind, ParticipantStatus} from "../types/Values.sol";
import {IActGuard} from "./IActGuard.sol";
import {IAdmission} from "./IAdmission.sol";

/// @title Who may act, where, and with which material
/// @notice Participants and their operator keys, facilities, materials, and approved origins with their capacity.
/// Consortium rights are those of the AccessManager that governs this contract.
interface IParticipantRegistry is IAdmission {
    /// @notice A company was admitted. Its address is that of its first operator key and never changes.
    /// @param slug The short name that opens the full names of its batches, facilities and shipments.
    /// @param country ISO 3166-1 alpha-2.
    /// @param roles Role names as right-padded ASCII, for instance "producer", "carrier", "auditor".
    event ParticipantRegistered(
        address indexed participant, string slug, string name, bytes2 country, bytes32[] roles, Evidence[] evidence
    );

    /// @notice The participant's standing changed: suspended, reinstated (active) or terminated.
    event ParticipantStatusChanged(
        address indexed participant,
        ParticipantStatus status,
        address indexed changedBy,
        uint64 occurredAt,
        string reason,
        Evidence[] evidence
    );

    /// @notice `operator` may sign for `participant` from now on.
    event OperatorAdded(address indexed participant, address indexed operator);

    /// @notice `operator` may no longer sign for `participant`. It can never sign for anyone else.
    event OperatorRevoked(address indexed participant, address indexed operator);

    /// @notice A participant declared a facility of its own.
    /// @param kind Right-padded ASCII. "mine" and "recycler" are origin kinds; any other kind is not an origin.
    /// @param located Whether the participant says where it is; if not, both coordinates are zero.
    /// @param latitude Micro-degrees, north positive (WGS 84).
    /// @param longitude Micro-degrees, east positive (WGS 84).
    event FacilityRegistered(
        FacilityId indexed facility,
        address indexed participant,
        string identifier,
        string name,
        bytes32 kind,
        bytes2 country,
        bool located,
        int32 latitude,
        int32 longitude,
        Evidence[] evidence
    );

    /// @notice A kind of material was defined.
    /// @param cas CAS registry number, or empty.
    /// @param substances The tracked substances that batches of it may hold, ascending.
    event MaterialDefined(
        MaterialId indexed material, string slug, string name, string cas, uint16[] substances, Evidence[] evidence
    );

    /// @notice The consortium expects `material` from `facility`, up to `capacityPerYear` milligrams a calendar
    /// year. Zero withdraws the approval.
    event OriginApproved(
        FacilityId indexed facility,
        MaterialId indexed material,
        uint64 capacityPerYear,
        uint64 occurredAt,
        Evidence[] evidence
    );

    /// @notice From now on `guard` is asked about who is watched; the zero address stands for none.
    event ActGuardChanged(IActGuard indexed guard);

    /// @notice `account` is no operator of any participant.
    error UnknownOperator(address account);

    /// @notice `operator` signed for `participant` once, but was revoked.
    error OperatorIsRevoked(address operator, address participant);

    /// @notice `operator` is or was a key of `participant`; a key belongs to one participant for ever.
    error OperatorAlreadyRegistered(address operator, address participant);

    /// @notice `operator` is not a key of `participant`, so it cannot be revoked there.
    error NotAnOperatorOf(address operator, address participant);

    /// @notice `operator` is the only key of `participant`; add another before revoking it.
    error LastOperator(address operator, address participant);

    /// @notice No participant has that address.
    error UnknownParticipant(address participant);

    /// @notice The address or the slug is taken.
    error ParticipantAlreadyExists(address participant, string slug);

    /// @notice The participant is suspended or terminated.
    error ParticipantNotActive(address participant, ParticipantStatus status);

    /// @notice The participant's standing does not allow that change (only suspended ones are reinstated,
    /// terminated ones stay so).
    error StatusChangeNotAllowed(address participant, ParticipantStatus from, ParticipantStatus to);

    /// @notice `caller` may not do this for `participant`: it is neither its operator nor the consortium.
    error NotOperatorNorConsortium(address caller, address participant);

    /// @notice `caller` may not do this: it is not the act guard in force.
    error NotActGuard(address caller);

    /// @notice `caller` may not do this: it is neither an active auditor nor the consortium.
    error NotAuditorNorConsortium(address caller);

    /// @notice A slug is 1 to 64 characters of a-z, 0-9, '-', '_' and '.', the first a letter or digit.
    error InvalidSlug(string slug);

    /// @notice An identifier is 1 to 256 bytes.
    error InvalidIdentifier(string identifier);

    /// @notice Coordinates lie within 90 and 180 degrees; a facility that is not located has zeros.
    error InvalidLocation(bool located, int32 latitude, int32 longitude);

    /// @notice No facility has that id.
    error UnknownFacility(FacilityId facility);

    /// @notice The participant has a facility of that identifier already.
    error FacilityAlreadyExists(FacilityId facility);

    /// @notice `participant` does not hold `facility`; `belongsTo` does.
    error ForeignFacility(FacilityId facility, address participant, address belongsTo);

    /// @notice The facility is neither a mine nor a recycler.
    error NotAnOrigin(FacilityId facility);

    /// @notice The consortium does not expect this material from this facility.
    error OriginNotApproved(FacilityId facility, MaterialId material);

    /// @notice No material has that id.
    error UnknownMaterial(MaterialId material);

    /// @notice A material of that slug is defined already.
    error MaterialAlreadyExists(MaterialId material);

    /// @notice Substances are listed once each, by ascending number, from one up.
    error SubstancesNotAscending(uint16 substance);

    /// @notice A material tracks `limit` substances at most.
    error TooManySubstances(uint256 count, uint256 limit);

    /// @notice Admits a company. Restricted to the consortium.
    /// @param participant Address of its first operator key.
    function registerParticipant(
        address participant,
        string calldata slug,
        string calldata name,
        bytes2 country,
        bytes32[] calldata roles,
        Evidence[] calldata evidence
    ) external;

    /// @notice Stops an active participant from acting. Restricted to the consortium.
    function suspendParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Lets a suspended participant act again. For auditors and the consortium.
    function reinstateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Ends the relationship for good. Restricted to the consortium.
    function terminateParticipant(
        address participant,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Adds a key. For the participant's own operators and the consortium.
    function addOperator(address participant, address operator) external;

    /// @notice Revokes a key, but never the last one. For the participant's own operators and the consortium.
    function revokeOperator(address participant, address operator) external;

    /// @notice Adds `added` and revokes `revoked` at once. For the same.
    function rotateOperator(address participant, address revoked, address added) external;

    /// @notice Declares a facility of the participant for which the caller acts.
    /// @param located Whether `latitude` and `longitude` (micro-degrees) say where it is.
    function registerFacility(
        string calldata identifier,
        string calldata name,
        bytes32 kind,
        bytes2 country,
        bool located,
        int32 latitude,
        int32 longitude,
        Evidence[] calldata evidence
    ) external returns (FacilityId facility);

    /// @notice Defines a material. Restricted to the consortium.
    /// @param substances Ascending, at most 15.
    function defineMaterial(
        string calldata slug,
        string calldata name,
        string calldata cas,
        uint16[] calldata substances,
        Evidence[] calldata evidence
    ) external returns (MaterialId material);

    /// @notice Approves, changes or (zero) withdraws an origin. Restricted to the consortium.
    function approveOrigin(
        FacilityId facility,
        MaterialId material,
        uint64 capacityPerYear,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external;

    /// @notice Sets the act guard; the zero address removes it. Restricted to the governance role once deployed.
    /// @dev Who is watched stays watched, and nobody else becomes so: a guard that takes over from another, or that
    /// knew of something before it was set, has to watch whom it may refuse.
    function setActGuard(IActGuard guard) external;

    /// @notice Says whether the act guard is asked about a participant at its every act. For the act guard only.
    /// @dev Reverts `NotActGuard` or `UnknownParticipant`. Kept beside the standing, which is read anyway: who is not
    /// watched pays nothing for there being a guard.
    function watchParticipant(address participant, bool watched) external;

    /// @notice Says whether the act guard is asked at every act at a facility. For the act guard only.
    /// @dev Reverts `NotActGuard` or `UnknownFacility`.
    function watchFacility(FacilityId facility, bool watched) external;

    /// @notice Standing of a participant; `None` where there is none.
    function statusOf(address participant) external view returns (ParticipantStatus);

    /// @notice Whether the participant was admitted in that role.
    function hasRole(address participant, bytes32 role) external view returns (bool);

    /// @notice The roles in which the participant was admitted.
    function rolesOf(address participant) external view returns (bytes32[] memory roles);

    /// @notice The participants that were admitted in a role, whatever their standing.
    function participantsInRole(bytes32 role) external view returns (address[] memory participants);

    /// @notice Whether the act guard is asked about the participant.
    function isWatched(address participant) external view returns (bool);

    /// @notice Whether the act guard is asked about the facility.
    function isFacilityWatched(FacilityId facility) external view returns (bool);

    /// @notice Whose facility it is and which kind of origin it is; zero where there is none.
    function facilityOf(FacilityId facility) external view returns (address participant, OriginKind kind);

    /// @notice Milligrams a calendar year that the facility may mint of the material.
    function capacityOf(FacilityId facility, MaterialId material) external view returns (uint64);

    /// @notice The act guard in force.
    function actGuard() external view returns (IActGuard);
}
