// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {
    AUDIT,
    CATEGORY_RISK,
    CERTIFICATE,
    CODE_OF_CONDUCT,
    COUNTRY_RISK,
    LCA,
    RENEWABLE_ELECTRICITY,
    SAQ,
    SSI
} from "../types/Assurance.sol";
import {FacilityId} from "../types/Ids.sol";
import {POLICY_ROLE} from "../types/Roles.sol";
import {AssuranceBase} from "./AssuranceBase.sol";
import {Named} from "./Named.sol";

/// @title Evidence, assessments, and who may assess whom
contract AssuranceRegistryTest is AssuranceBase {
    bytes32 private _digest = sha256("report");
    address private _secondKey = _key(0x2001);

    // Evidence.

    function test_recordEvidence_byAnOperator() external {
        _addKey(mine, _secondKey);
        _expectRecordedBy(mine);
        vm.prank(_secondKey);
        assurance.recordEvidence(_digest, "https://example.org/lca.pdf", LCA, "Example Assessors");
    }

    function test_recordEvidence_byASuspendedOperator() external {
        vm.prank(consortium);
        registry.suspendParticipant(mine, "audit overdue", uint64(block.timestamp), _none());
        _expectRecordedBy(mine);
        _recordAs(mine);
    }

    function test_recordEvidence_byAnAuditorAndTheConsortium() external {
        _expectRecordedBy(auditor);
        _recordAs(auditor);
        _expectRecordedBy(consortium);
        _recordAs(consortium);
    }

    function test_recordEvidence_refusesStrangersAndRevokedKeys() external {
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        _recordAs(stranger);
        _addKey(mine, _secondKey);
        _recordAs(_secondKey);
        vm.prank(mine);
        registry.revokeOperator(_secondKey);
        vm.expectRevert(abi.encodeWithSelector(IParticipantRegistry.OperatorIsRevoked.selector, _secondKey, mine));
        _recordAs(_secondKey);
    }

    function _recordAs(address account) private {
        vm.prank(account);
        assurance.recordEvidence(_digest, "https://example.org/lca.pdf", LCA, "Example Assessors");
    }

    function _expectRecordedBy(address recordedBy) private {
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.EvidenceRecorded(
            _digest, recordedBy, LCA, "https://example.org/lca.pdf", "Example Assessors"
        );
    }

    // Who assesses whom.

    function test_assess_ofAParticipantAndOfAFacility() external {
        IAssuranceRegistry.Assessment memory whole = _assessmentOf("SAQ-2026", mine, SAQ);
        whole.value = 8_700;
        whole.evidence = _document();
        _expectAssessed(auditor, whole);
        _assessAs(auditor, whole);
        assertTrue(assurance.assessmentExists(Named.assessment(auditor, "SAQ-2026")), "recorded");
        IAssuranceRegistry.Assessment memory certificate = _assessmentOf("IRMA-1", mine, CERTIFICATE);
        certificate.facility = pit;
        _expectAssessed(auditor, certificate);
        _assessAs(auditor, certificate);
    }

    function test_assess_byAnyKeyOfTheAuditor() external {
        _addKey(auditor, _secondKey);
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", mine, SAQ);
        _expectAssessed(auditor, assessment);
        _assessAs(_secondKey, assessment);
        vm.expectRevert(
            abi.encodeWithSelector(
                IAssuranceRegistry.AssessmentAlreadyExists.selector, Named.assessment(auditor, "SAQ-2026")
            )
        );
        _assessAs(auditor, assessment);
    }

    function test_assess_byTheConsortiumAsItself() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", mine, SAQ);
        _expectAssessed(consortium, assessment);
        _assessAs(consortium, assessment);
        _expectAssessed(auditor, assessment);
        _assessAs(auditor, assessment);
    }

    function test_assess_byTheConsortiumWithARevokedKey() external {
        _addKey(mine, _secondKey);
        vm.prank(mine);
        registry.revokeOperator(_secondKey);
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", refinery, SAQ);
        _expectNoAuditor(_secondKey);
        _assessAs(_secondKey, assessment);
        manager.grantRole(POLICY_ROLE, _secondKey, 0);
        _expectAssessed(_secondKey, assessment);
        _assessAs(_secondKey, assessment);
    }

    function test_assess_isForAuditorsOnly() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", mine, SAQ);
        _expectNoAuditor(refinery);
        _assessAs(refinery, assessment);
        _expectNoAuditor(stranger);
        _assessAs(stranger, assessment);
        vm.prank(consortium);
        registry.suspendParticipant(auditor, "accreditation lapsed", uint64(block.timestamp), _none());
        _expectNoAuditor(auditor);
        _assessAs(auditor, assessment);
        _assessAs(inspector, assessment);
    }

    function test_assess_isNeverOfOneself() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", auditor, SAQ);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.SelfAssessment.selector, auditor));
        _assessAs(auditor, assessment);
        _assessAs(inspector, assessment);
    }

    function test_assess_isNeverOfOneself_withConsortiumRights() external {
        manager.grantRole(POLICY_ROLE, mine, 0);
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", mine, SAQ);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.SelfAssessment.selector, mine));
        _assessAs(mine, assessment);
        assessment.participant = refinery;
        _expectAssessed(mine, assessment);
        _assessAs(mine, assessment);
    }

    // What is assessed.

    function test_assess_needsTheSubject() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", stranger, SAQ);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownParticipant.selector, stranger));
        _assessAs(auditor, assessment);
        assessment.participant = refinery;
        assessment.facility = FacilityId.wrap(1);
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownFacility.selector, FacilityId.wrap(1)));
        _assessAs(auditor, assessment);
        assessment.facility = pit;
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.ForeignFacility.selector, pit, refinery, mine));
        _assessAs(auditor, assessment);
        assessment.facility = works;
        _assessAs(auditor, assessment);
    }

    function test_assess_identifier() external {
        string[2] memory bad = ["", _length(257)];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidIdentifier.selector, bad[i]));
            _assessAs(auditor, _assessmentOf(bad[i], mine, SAQ));
        }
        _assessAs(auditor, _assessmentOf(_length(256), mine, SAQ));
        _assessAs(auditor, _assessmentOf(_length(1), mine, SAQ));
    }

    function test_assess_validity() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("SAQ-2026", mine, SAQ);
        assessment.validUntil = START;
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidValidity.selector, START, START));
        _assessAs(auditor, assessment);
        assessment.validUntil = START - 1;
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidValidity.selector, START, START - 1));
        _assessAs(auditor, assessment);
        assessment.validUntil = START + 1;
        _assessAs(auditor, assessment);
    }

    function test_assess_values() external {
        _assertValues(SAQ, 0, 10_000);
        _assertValues(SSI, 0, 10_000);
        _assertValues(AUDIT, 0, 10_000);
        _assertValues(RENEWABLE_ELECTRICITY, 0, 10_000);
        _assertValues(COUNTRY_RISK, 1, 3);
        _assertValues(CATEGORY_RISK, 1, 3);
        _assertValues(CODE_OF_CONDUCT, 0, 0);
        _assertValues(LCA, 0, 0);
        _assertValues(CERTIFICATE, 0, 0);
    }

    function _assertValues(bytes32 kind, uint32 least, uint32 most) private {
        string memory name = string(abi.encodePacked(bytes3(kind)));
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(name, mine, kind);
        assessment.value = most + 1;
        _expectInvalidValue(kind, most + 1, least, most);
        _assessAs(auditor, assessment);
        if (least > 0) {
            assessment.value = least - 1;
            _expectInvalidValue(kind, least - 1, least, most);
            _assessAs(auditor, assessment);
        }
        assessment.value = most;
        _assessAs(auditor, assessment);
        assessment.value = least;
        assessment.identifier = string.concat(name, "-least");
        _assessAs(auditor, assessment);
    }

    function test_assess_refusesUnknownKinds() external {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf("X-1", mine, "SAQ");
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownAssessmentKind.selector, bytes32("SAQ")));
        _assessAs(auditor, assessment);
        assessment.kind = "";
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.UnknownAssessmentKind.selector, bytes32(0)));
        _assessAs(auditor, assessment);
        assessment.kind = SAQ;
        _assessAs(auditor, assessment);
    }

    // In short.

    function _addKey(address participant, address key) private {
        bytes memory consent = _consent(participant, key);
        vm.prank(participant);
        registry.addOperator(key, FOREVER, consent);
    }

    function _expectNoAuditor(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.NotAuditorNorConsortium.selector, account));
    }

    function _expectInvalidValue(bytes32 kind, uint32 value, uint32 least, uint32 most) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.InvalidValue.selector, kind, value, least, most));
    }

    function _expectAssessed(address assessor, IAssuranceRegistry.Assessment memory assessment) private {
        vm.expectEmit(address(assurance));
        emit IAssuranceRegistry.Assessed(
            Named.assessment(assessor, assessment.identifier),
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
}
