// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IAdmission} from "../interfaces/IAdmission.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {FacilityId, Ids} from "../types/Ids.sol";
import {MINE, RECYCLER} from "../types/Roles.sol";
import {Evidence, OriginKind} from "../types/Values.sol";
import {Participants} from "./Participants.sol";

/// @title Facilities
/// @notice Sites: whose they are, what others call them, and their sale.
abstract contract Facilities is Participants {
    /// @dev Whose facility it is, and what is asked at every act there, in one slot.
    /// @param watch Its place, from one, among the participant's facilities about which the act guard is asked; zero if
    /// it is not.
    /// @param approvalsPaused It changed hands, and the consortium has not confirmed it.
    /// @param events What names it in proofs: its registration, its country and identifiers.
    struct Facility {
        address participant;
        OriginKind kind;
        uint16 watch;
        bool approvalsPaused;
        uint32 events;
    }

    /// @dev Micro-degrees from the equator to a pole, and from Greenwich to the 180th meridian.
    int32 private constant _LARGEST_LATITUDE = 90_000_000;
    int32 private constant _LARGEST_LONGITUDE = 180_000_000;

    FacilityId private constant _NO_FACILITY = FacilityId.wrap(0);

    mapping(FacilityId facility => Facility) private _facilities;
    mapping(FacilityId facility => address to) private _offers;
    mapping(address participant => mapping(uint256 place => FacilityId)) private _watchedFacilities;

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
        (address participant, Account storage account) = _requireActor(msg.sender);
        _requireNoBlockedFacility(participant, account.watchedFacilities);
        _requireLocation(located, latitude, longitude);
        _requireIdentifier(identifier);
        _requirePlain(name);
        facility = Ids.facility(participant, identifier);
        if (_facilities[facility].participant != address(0)) revert FacilityAlreadyExists(facility);
        _facilities[facility] = Facility(participant, _originKind(kind), 0, false, 1);
        emit FacilityRegistered(
            facility, participant, identifier, name, kind, country, located, latitude, longitude, evidence
        );
    }

    /// @inheritdoc IParticipantRegistry
    function changeCountry(
        address participant,
        FacilityId facility,
        bytes2 country,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external restricted {
        Account storage account = _requireParticipant(participant);
        _requirePlain(reason);
        if (_isSite(facility)) ++_requireOwn(facility, participant).events;
        else ++account.events;
        emit CountryChanged(participant, facility, country, occurredAt, reason, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function identify(
        FacilityId facility,
        Identifier[] calldata identifiers,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external {
        address participant = participantOf(msg.sender);
        if (_isSite(facility)) ++_requireOwn(facility, participant).events;
        else _countOwn(participant);
        for (uint256 i = 0; i < identifiers.length; ++i) {
            _requireIdentifier(identifiers[i].value);
        }
        emit Identified(participant, facility, identifiers, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function transferFacility(FacilityId facility, address to, uint64 occurredAt, Evidence[] calldata evidence)
        external
    {
        // Rule 11: in force when the buyer accepts.
        address participant = requireMayAct(msg.sender);
        _requireOwn(facility, participant);
        if (to != address(0)) _requireParticipant(to);
        if (to == participant) revert SameParticipant(facility, participant);
        _offers[facility] = to;
        emit FacilityOffered(facility, participant, to, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function acceptFacility(FacilityId facility, uint64 occurredAt, Evidence[] calldata evidence) external {
        address to = requireMayAct(msg.sender);
        if (_offers[facility] != to) revert FacilityNotOffered(facility, to);
        Facility storage found = _facilities[facility];
        address from = found.participant;
        // Rule 1: what a terminated participant signed takes no effect any more.
        _requireNotTerminated(from, _accounts[from]);
        delete _offers[facility];
        bool watched = found.watch != 0;
        if (watched) _unwatch(facility, found);
        found.participant = to;
        if (watched) _watch(facility, found);
        // Rule 11: approvals were the seller's.
        found.approvalsPaused = true;
        emit FacilityTransferred(facility, from, to, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function confirmFacility(FacilityId facility, uint64 occurredAt, Evidence[] calldata evidence) external restricted {
        Facility storage found = _requireKnown(facility);
        if (!found.approvalsPaused) revert FacilityNotSold(facility);
        found.approvalsPaused = false;
        emit FacilityConfirmed(facility, found.participant, occurredAt, evidence);
    }

    /// @inheritdoc IParticipantRegistry
    function watchFacility(FacilityId facility, bool watched) external onlyActGuard {
        Facility storage found = _requireKnown(facility);
        if (watched == (found.watch != 0)) return;
        if (watched) _watch(facility, found);
        else _unwatch(facility, found);
    }

    /// @inheritdoc IAdmission
    function requireFacility(address operator, FacilityId facility) external view returns (address participant) {
        (participant,) = _requireFacility(operator, facility);
    }

    /// @inheritdoc IParticipantRegistry
    function isFacilityWatched(FacilityId facility) external view returns (bool) {
        return _facilities[facility].watch != 0;
    }

    /// @inheritdoc IParticipantRegistry
    function facilityOf(FacilityId facility) external view returns (address participant, OriginKind kind) {
        Facility storage found = _facilities[facility];
        return (found.participant, found.kind);
    }

    /// @inheritdoc IParticipantRegistry
    function saleOf(FacilityId facility) external view returns (address offeredTo, bool approvalsPaused) {
        return (_offers[facility], _facilities[facility].approvalsPaused);
    }

    function _requireFacility(address operator, FacilityId facility)
        internal
        view
        returns (address participant, Facility storage found)
    {
        participant = requireMayAct(operator);
        // Rule 1: at facilities of its own, and not at a blocked one.
        found = _requireOwn(facility, participant);
        if (found.watch == 0) return (participant, found);
        IActGuard guard = actGuard;
        if (address(guard) != address(0)) guard.requireMayUse(participant, facility);
    }

    function _requireKnown(FacilityId facility) internal view returns (Facility storage found) {
        found = _facilities[facility];
        if (found.participant == address(0)) revert UnknownFacility(facility);
    }

    function _watch(FacilityId facility, Facility storage found) private {
        uint16 place = ++_accounts[found.participant].watchedFacilities;
        _watchedFacilities[found.participant][place] = facility;
        found.watch = place;
    }

    /// @dev The last one takes its place.
    function _unwatch(FacilityId facility, Facility storage found) private {
        mapping(uint256 place => FacilityId) storage places = _watchedFacilities[found.participant];
        uint16 count = _accounts[found.participant].watchedFacilities;
        FacilityId last = places[count];
        uint16 place = found.watch;
        if (FacilityId.unwrap(last) != FacilityId.unwrap(facility)) {
            places[place] = last;
            _facilities[last].watch = place;
        }
        places[count] = _NO_FACILITY;
        found.watch = 0;
        _accounts[found.participant].watchedFacilities = count - 1;
    }

    /// @dev Rule 1: a blocked plant does not go on under another name. Of whom nothing is watched nothing is read.
    function _requireNoBlockedFacility(address participant, uint256 count) private view {
        IActGuard guard = actGuard;
        if (address(guard) == address(0)) return;
        for (uint256 place = 1; place <= count; ++place) {
            guard.requireMayUse(participant, _watchedFacilities[participant][place]);
        }
    }

    function _requireOwn(FacilityId facility, address participant) private view returns (Facility storage found) {
        found = _requireKnown(facility);
        if (found.participant != participant) revert ForeignFacility(facility, participant, found.participant);
    }

    /// @dev Whether a facility is meant; else its participant as a whole.
    function _isSite(FacilityId facility) private pure returns (bool) {
        return FacilityId.unwrap(facility) != FacilityId.unwrap(_NO_FACILITY);
    }

    function _requireLocation(bool located, int32 latitude, int32 longitude) private pure {
        bool valid = located
            ? latitude >= -_LARGEST_LATITUDE && latitude <= _LARGEST_LATITUDE && longitude >= -_LARGEST_LONGITUDE
                && longitude <= _LARGEST_LONGITUDE
            : latitude == 0 && longitude == 0;
        if (!valid) revert InvalidLocation(located, latitude, longitude);
    }

    function _originKind(bytes32 kind) private pure returns (OriginKind) {
        if (kind == MINE) return OriginKind.Mine;
        if (kind == RECYCLER) return OriginKind.Recycler;
        return OriginKind.None;
    }
}
