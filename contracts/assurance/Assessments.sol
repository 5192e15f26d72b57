// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IActGuard} from "../interfaces/IActGuard.sol";
import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {AssuranceTerms} from "../libraries/AssuranceTerms.sol";
import {AssessmentId, Ids} from "../types/Ids.sol";
import {Validities, Validity, ValidityLibrary} from "../types/Validity.sol";
import {Auditors} from "./Auditors.sol";

/// @title Assessments
/// @notice What participants are worth, and what they must be worth to act.
abstract contract Assessments is AccessManaged, Auditors {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @dev A kind of assessment that is mandatory, and its bound, in one slot. No kind has more than 28 characters.
    struct Requirement {
        bytes28 kind;
        uint32 bound;
    }

    /// @dev The first mandatory assessment that a participant lacks.
    /// @param value What was found, if it is valid and does not suffice.
    /// @param validUntil When it ended; zero if there was none.
    struct Lack {
        bool lacks;
        bool isValid;
        bytes32 kind;
        uint32 value;
        uint32 bound;
        uint64 validUntil;
    }

    /// @inheritdoc IAssuranceRegistry
    mapping(AssessmentId assessment => bool) public assessmentExists;

    mapping(address participant => mapping(bytes32 kind => Validities)) private _validities;
    mapping(bytes32 role => Requirement[]) private _mandatory;

    /// @dev The roles for which some kind is mandatory.
    EnumerableSet.Bytes32Set private _governedRoles;

    /// @inheritdoc IAssuranceRegistry
    function assess(Assessment calldata assessment) external returns (AssessmentId id) {
        address participant = assessment.participant;
        address assessor = _requireAuditorOf(participant);
        _requireSubject(participant, assessment.facility);
        _requireIdentifier(assessment.identifier);
        _requirePlain(assessment.issuer);
        _requireValue(assessment.kind, assessment.value);
        (uint64 from, uint64 until) = (assessment.validFrom, assessment.validUntil);
        if (until <= from) revert InvalidValidity(from, until);
        id = Ids.assessment(assessor, assessment.identifier);
        if (assessmentExists[id]) revert AssessmentAlreadyExists(id);
        assessmentExists[id] = true;
        if (_isWhole(assessment.facility)) {
            Validity memory added = Validity(from, until, assessment.value, ValidityLibrary.tagOf(assessment.scheme));
            bool fits = _validities[participant][assessment.kind].add(added, block.timestamp);
            if (!fits) revert TooManyAssessments(participant, assessment.kind, ValidityLibrary.CAPACITY);
        }
        _emitAssessed(id, assessor, assessment);
    }

    /// @inheritdoc IAssuranceRegistry
    function setMandatory(bytes32 role, bytes32[] calldata kinds, uint32[] calldata bounds) external restricted {
        // Rule 12: restricted to the policy role, whose changes are announced.
        uint256 count = kinds.length;
        if (count != bounds.length) revert InvalidKinds(count, bounds.length);
        delete _mandatory[role];
        for (uint256 i = 0; i < count; ++i) {
            (, uint32 most) = _requireKind(kinds[i]);
            if (bounds[i] > most) revert InvalidValue(kinds[i], bounds[i], 0, most);
            for (uint256 j = 0; j < i; ++j) {
                if (kinds[j] == kinds[i]) revert InvalidKinds(count, bounds.length);
            }
            _mandatory[role].push(Requirement(bytes28(kinds[i]), bounds[i]));
        }
        bool changed = count == 0 ? _governedRoles.remove(role) : _governedRoles.add(role);
        if (changed) _watchRole(role, count != 0);
        emit MandatoryChanged(role, kinds, bounds);
    }

    /// @inheritdoc IAssuranceRegistry
    function assessmentOf(address participant, bytes32 kind, bytes32 scheme)
        external
        view
        returns (uint64 validFrom, uint64 validUntil, uint32 value)
    {
        Validity memory found = _validities[participant][kind].at(ValidityLibrary.tagOf(scheme), block.timestamp);
        return (found.from, found.until, found.value);
    }

    /// @inheritdoc IAssuranceRegistry
    function mandatoryFor(bytes32 role) external view returns (bytes32[] memory kinds, uint32[] memory bounds) {
        Requirement[] memory requirements = _mandatory[role];
        kinds = new bytes32[](requirements.length);
        bounds = new uint32[](requirements.length);
        for (uint256 i = 0; i < requirements.length; ++i) {
            (kinds[i], bounds[i]) = (requirements[i].kind, requirements[i].bound);
        }
    }

    /// @inheritdoc IActGuard
    function mustWatch(address participant) public view virtual returns (bool);

    /// @dev All in a role for which something became mandatory, or nothing is any more.
    function _watchRole(bytes32 role, bool governed) private {
        // One transaction for a whole role: bounded by the block's gas, about 9,000 a participant.
        if (!_isInForce()) return;
        address[] memory participants = registry.participantsInRole(role);
        for (uint256 i = 0; i < participants.length; ++i) {
            registry.watchParticipant(participants[i], governed || mustWatch(participants[i]));
        }
    }

    function _emitAssessed(AssessmentId id, address assessor, Assessment calldata assessment) private {
        emit Assessed(
            id,
            assessment.participant,
            assessor,
            assessment.facility,
            assessment.kind,
            assessment.scheme,
            assessment.value,
            assessment.validFrom,
            assessment.validUntil,
            assessment.occurredAt,
            assessment.identifier,
            assessment.issuer,
            assessment.evidence
        );
    }

    /// @dev Rule 1: a mandatory assessment that is missing, has ended or failed blocks like an overdue critical finding.
    function _requireAssessed(address participant) internal view {
        Lack memory lack = _firstLack(participant);
        if (!lack.lacks) return;
        if (lack.isValid) revert AssessmentInsufficient(participant, lack.kind, lack.value, lack.bound);
        if (lack.validUntil == 0) revert AssessmentMissing(participant, lack.kind);
        revert AssessmentExpired(participant, lack.kind, lack.validUntil);
    }

    /// @dev Whether anything is mandatory for one of the participant's roles.
    function _isGoverned(address participant) internal view returns (bool) {
        if (_governedRoles.length() == 0) return false;
        bytes32[] memory roles = registry.rolesOf(participant);
        for (uint256 i = 0; i < roles.length; ++i) {
            if (_governedRoles.contains(roles[i])) return true;
        }
        return false;
    }

    function _firstLack(address participant) internal view returns (Lack memory lack) {
        if (_governedRoles.length() == 0) return lack;
        bytes32[] memory roles = registry.rolesOf(participant);
        for (uint256 i = 0; i < roles.length; ++i) {
            Requirement[] storage requirements = _mandatory[roles[i]];
            uint256 count = requirements.length;
            for (uint256 j = 0; j < count; ++j) {
                Requirement memory requirement = requirements[j];
                lack = _lackOf(participant, requirement.kind, requirement.bound);
                if (lack.lacks) return lack;
            }
        }
    }

    /// @dev Nothing is lacking if what counts of any one scheme is valid and suffices.
    function _lackOf(address participant, bytes32 kind, uint32 bound) private view returns (Lack memory lack) {
        Validities storage validities = _validities[participant][kind];
        // The schemes of those that have begun; the one that began last comes first.
        uint256[] memory seen = new uint256[](ValidityLibrary.CAPACITY);
        uint256 count = 0;
        (lack.lacks, lack.kind, lack.bound) = (true, kind, bound);
        for (uint256 i = 0; i < ValidityLibrary.CAPACITY; ++i) {
            Validity memory one = validities.list[i];
            if (one.until == 0) break;
            // Validators can shift a block's time by seconds; assessments are valid for months.
            // forge-lint: disable-next-line(block-timestamp)
            if (one.from > block.timestamp || _isListed(seen, count, one.scheme)) continue;
            seen[count++] = one.scheme;
            // forge-lint: disable-next-line(block-timestamp)
            if (one.until < block.timestamp) {
                if (one.until > lack.validUntil) lack.validUntil = one.until;
            } else if (AssuranceTerms.suffices(kind, one.value, bound)) {
                lack.lacks = false;
                return lack;
            } else {
                (lack.isValid, lack.value) = (true, one.value);
            }
        }
    }

    function _isListed(uint256[] memory schemes, uint256 count, uint256 scheme) private pure returns (bool) {
        for (uint256 i = 0; i < count; ++i) {
            if (schemes[i] == scheme) return true;
        }
        return false;
    }

    function _requireValue(bytes32 kind, uint32 value) private pure {
        (uint32 least, uint32 most) = _requireKind(kind);
        if (value < least || value > most) revert InvalidValue(kind, value, least, most);
    }

    function _requireKind(bytes32 kind) private pure returns (uint32 least, uint32 most) {
        bool known;
        (known, least, most) = AssuranceTerms.valuesOf(kind);
        if (!known) revert UnknownAssessmentKind(kind);
    }
}
