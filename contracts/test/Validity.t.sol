// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {CERTIFICATE, CODE_OF_CONDUCT, COUNTRY_RISK, SAQ, SSI} from "../types/Assurance.sol";
import {AssuranceBase} from "./AssuranceBase.sol";

/// @title Which assessment counts, and which suffices
contract ValidityTest is AssuranceBase {
    bytes32 private constant SCHEME = "SAQ 5.0";
    uint256 private constant MOST = 16;

    // Of one scheme.

    function test_countsFromItsBeginning() external {
        _assess("SAQ-1", mine, START + 10, START + 20);
        _assertCounts(START, 0, 0);
        _assertCounts(START + 9, 0, 0);
        _assertCounts(START + 10, START + 10, START + 20);
        _assertCounts(START + 21, START + 10, START + 20);
    }

    function test_aRenewalTakesOverWhenItBegins() external {
        _assess("SAQ-1", mine, START, START + 20);
        _assess("SAQ-2", mine, START + 15, START + 40);
        _assertCounts(START + 14, START, START + 20);
        _assertCounts(START + 15, START + 15, START + 40);
        _assess("SAQ-3", mine, START + 30, START + 60);
        _assertCounts(START + 29, START + 15, START + 40);
        _assertCounts(START + 30, START + 30, START + 60);
    }

    /// @dev G3: of several renewals recorded ahead none is lost, in whatever order they come.
    function test_renewalsAheadAreAllKept() external {
        _assess("2026", mine, START, START + 20);
        _assess("2028", mine, START + 40, START + 60);
        _assess("2027", mine, START + 20, START + 40);
        _assertCounts(START + 19, START, START + 20);
        _assertCounts(START + 20, START + 20, START + 40);
        _assertCounts(START + 39, START + 20, START + 40);
        _assertCounts(START + 40, START + 40, START + 60);
    }

    function test_ofTheSameSecondTheLastRecordedCounts() external {
        _assess("SAQ-1", mine, START + 5, START + 20);
        _assess("SAQ-1-MENDED", mine, START + 5, START + 3 + 5);
        _assertCounts(START + 5, START + 5, START + 8);
        _assess("SAQ-1-AGAIN", mine, START + 5, START + 30);
        _assertCounts(START + 6, START + 5, START + 30);
    }

    function test_whatIsRecordedLateChangesNothing() external {
        _assess("SAQ-1", mine, START, START + 20);
        _assess("SAQ-2", mine, START + 15, START + 40);
        _assess("SAQ-OF-LAST-YEAR", mine, START - 50, START - 1);
        _assertCounts(START, START, START + 20);
        _assertCounts(START + 15, START + 15, START + 40);
    }

    function test_whatBeginsNowLeavesTheRenewal() external {
        _assess("SAQ-1", mine, START - 5, START + 20);
        _assess("SAQ-2", mine, START + 15, START + 40);
        _assess("SAQ-1-MENDED", mine, START - 4, START + 3);
        _assertCounts(START, START - 4, START + 3);
        _assertCounts(START + 14, START - 4, START + 3);
        _assertCounts(START + 15, START + 15, START + 40);
    }

    function test_isOfTheParticipantKindAndScheme() external {
        IAssuranceRegistry.Assessment memory ofFacility = _assessmentOf("SAQ-1", mine, SAQ);
        ofFacility.facility = pit;
        _assessAs(auditor, ofFacility);
        _assessAs(auditor, _assessmentOf("SSI-1", mine, SSI));
        _assessAs(auditor, _assessmentOf("SAQ-2", refinery, SAQ));
        _assessUnder("SAQ-3", "SAQ 4.0", START, START + 9, 100);
        _assertCounts(START, 0, 0);
        _assessAs(auditor, _assessmentOf("SAQ-4", mine, SAQ));
        _assertCounts(START, START, START + 365 days);
        (uint64 from, uint64 until, uint32 value) = assurance.assessmentOf(mine, SAQ, "SAQ 4.0");
        assertTrue(from == START && until == START + 9 && value == 100, "the other scheme's");
    }

    /// @dev Against the whole history, of two schemes, at random times.
    function testFuzz_assessmentOf(uint64[8] memory from, uint16[8] memory recorded, uint8 schemes, uint64 asked)
        external
    {
        uint64 time = START;
        uint64[8] memory begins;
        for (uint256 i = 0; i < from.length; ++i) {
            time += recorded[i];
            vm.warp(time);
            begins[i] = uint64(bound(from[i], time - 100_000, time + 100_000));
            // In the same second as another, now and then.
            if (i != 0 && from[i] % 5 == 0) begins[i] = begins[i - 1];
            _assessUnder(_name(i), _scheme(schemes, i), begins[i], begins[i] + 1 + uint64(i), 1);
        }
        time += uint64(bound(asked, 0, 200_000));
        vm.warp(time);
        for (uint8 which = 0; which < 2; ++which) {
            (uint64 expectedFrom, uint64 expectedUntil) = (0, 0);
            for (uint256 i = 0; i < from.length; ++i) {
                if (_scheme(schemes, i) != bytes32(bytes1(which)) || begins[i] > time || begins[i] < expectedFrom) {
                    continue;
                }
                (expectedFrom, expectedUntil) = (begins[i], begins[i] + 1 + uint64(i));
            }
            (uint64 validFrom, uint64 validUntil,) = assurance.assessmentOf(mine, SAQ, bytes32(bytes1(which)));
            assertEq(validFrom, expectedFrom, "valid from");
            assertEq(validUntil, expectedUntil, "valid until");
        }
    }

    function _scheme(uint8 schemes, uint256 i) private pure returns (bytes32) {
        return bytes32(bytes1(uint8(schemes >> i) & 1));
    }

    // How many.

    function test_sixteenOfAKind() external {
        for (uint64 i = 0; i < MOST; ++i) {
            _assess(_name(i), mine, START + 10 * (i + 1), START + 10 * (i + 1) + 15);
        }
        _refused(abi.encodeWithSelector(IAssuranceRegistry.TooManyAssessments.selector, mine, SAQ, MOST));
        _assess("SAQ-MORE", mine, START + 1_000, START + 1_100);
        // In place of one of the same second it fits.
        _assess("SAQ-MENDED", mine, START + 160, START + 1_000);
        // Once the first was taken over by the second, there is room.
        vm.warp(START + 20);
        _assess("SAQ-MORE", mine, START + 1_000, START + 1_100);
        for (uint64 i = 1; i < MOST - 1; ++i) {
            _assertCounts(START + 10 * (i + 1), START + 10 * (i + 1), START + 10 * (i + 1) + 15);
        }
        _assertCounts(START + 160, START + 160, START + 1_000);
        _assertCounts(START + 1_000, START + 1_000, START + 1_100);
    }

    function test_sixteenSchemes_whatEndedMakesRoom() external {
        for (uint64 i = 0; i < MOST; ++i) {
            _assessUnder(_name(i), bytes32(uint256(i)), START, START + 10 + i, 1);
        }
        vm.warp(START + 10);
        _refused(abi.encodeWithSelector(IAssuranceRegistry.TooManyAssessments.selector, mine, SAQ, MOST));
        _assess("SAQ-MORE", mine, START, START + 100);
        vm.warp(START + 11);
        _assess("SAQ-MORE", mine, START, START + 100);
        _assertCounts(START + 11, START, START + 100);
        (uint64 from,,) = assurance.assessmentOf(mine, SAQ, bytes32(0));
        assertEq(from, 0, "the ended one gave way");
        (from,,) = assurance.assessmentOf(mine, SAQ, bytes32(uint256(1)));
        assertEq(from, START, "the others stay");
    }

    // What is mandatory.

    /// @dev G2: a second certificate, of another scheme and shorter, does not end the first.
    function test_mandatory_anyScheme() external {
        _setMandatory(PRODUCER, _kinds(CERTIFICATE), START);
        uint64 now_ = START + POLICY_DELAY;
        _certify("IRMA-1", "IRMA", now_, now_ + 1_000 days);
        registry.requireMayAct(mine);
        vm.warp(now_ + 10 days);
        _certify("ISO-1", "ISO 45001", now_ + 9 days, now_ + 40 days);
        vm.warp(now_ + 41 days);
        registry.requireMayAct(mine);
        vm.warp(now_ + 1_000 days + 1);
        // The one that ended last.
        _expectExpired(now_ + 1_000 days);
        registry.requireMayAct(mine);
    }

    function test_mandatory_ofOneSchemeOnlyTheLastBegun() external {
        _setMandatory(PRODUCER, _kinds(CERTIFICATE), START);
        uint64 now_ = START + POLICY_DELAY;
        _certify("IRMA-1", "IRMA", now_, now_ + 100);
        _certify("IRMA-2", "IRMA", now_ + 5, now_ + 10);
        vm.warp(now_ + 10);
        registry.requireMayAct(mine);
        vm.warp(now_ + 11);
        _expectExpired(now_ + 10);
        registry.requireMayAct(mine);
    }

    /// @dev G4: a failed assessment counts for nothing.
    function test_mandatory_aScoreOfNothingFails() external {
        _setMandatory(PRODUCER, _kinds(SAQ), START);
        _assessUnder("S-1", SCHEME, START, START + 365 days, 0);
        _expectInsufficient(SAQ, 0, 0);
        registry.requireMayAct(mine);
        _assessUnder("S-2", "another", START, START + 365 days, 1);
        registry.requireMayAct(mine);
    }

    function test_mandatory_leastValue() external {
        _setMandatory(PRODUCER, _kinds(SAQ), _bounds(7_000), START);
        (bytes32[] memory kinds, uint32[] memory bounds) = assurance.mandatoryFor(PRODUCER);
        assertTrue(kinds[0] == SAQ && bounds[0] == 7_000, "as set");
        _assessUnder("S-1", SCHEME, START, START + 365 days, 6_999);
        _expectInsufficient(SAQ, 6_999, 7_000);
        registry.requireMayAct(mine);
        assertTrue(!assurance.mayAct(mine), "insufficient");
        _assessUnder("S-2", SCHEME, START + 1, START + 365 days, 7_000);
        registry.requireMayAct(mine);
        // A worse one of the same scheme takes its place; of another, it does not.
        _assessUnder("S-3", "another", START + 2, START + 365 days, 1);
        registry.requireMayAct(mine);
        _assessUnder("S-4", SCHEME, START + 2, START + 365 days, 1);
        _expectInsufficient(SAQ, 1, 7_000);
        registry.requireMayAct(mine);
    }

    function test_mandatory_risksAtMost() external {
        _setMandatory(PRODUCER, _kinds(COUNTRY_RISK), _bounds(2), START);
        _assessRisk("R-1", START, 3);
        _expectInsufficient(COUNTRY_RISK, 3, 2);
        registry.requireMayAct(mine);
        _assessRisk("R-2", START + 1, 2);
        registry.requireMayAct(mine);
        _assessRisk("R-3", START + 2, 1);
        registry.requireMayAct(mine);
        _setMandatory(PRODUCER, _kinds(COUNTRY_RISK), START + POLICY_DELAY);
        _assessRisk("R-4", START + 3, 3);
        registry.requireMayAct(mine);
    }

    function test_mandatory_withoutValues() external {
        _setMandatory(PRODUCER, _kinds(CODE_OF_CONDUCT), START);
        _assessAs(auditor, _assessmentOf("C-1", mine, CODE_OF_CONDUCT));
        registry.requireMayAct(mine);
    }

    function test_setMandatory_refusals() external {
        _refuseMandatory(_kinds(SAQ), new uint32[](0), _invalidKinds(1, 0));
        _refuseMandatory(new bytes32[](0), _bounds(1), _invalidKinds(0, 1));
        bytes32[] memory twice = new bytes32[](2);
        (twice[0], twice[1]) = (SAQ, SAQ);
        _refuseMandatory(twice, new uint32[](2), _invalidKinds(2, 2));
        _refuseMandatory(_kinds(SAQ), _bounds(10_001), _invalidValue(SAQ, 10_001, 10_000));
        _refuseMandatory(_kinds(COUNTRY_RISK), _bounds(4), _invalidValue(COUNTRY_RISK, 4, 3));
        _refuseMandatory(_kinds(CERTIFICATE), _bounds(1), _invalidValue(CERTIFICATE, 1, 0));
        _setMandatory(PRODUCER, _kinds(SAQ), _bounds(10_000), block.timestamp);
    }

    // In short.

    function _assertCounts(uint64 time, uint64 from, uint64 until) private {
        vm.warp(time);
        (uint64 validFrom, uint64 validUntil,) = assurance.assessmentOf(mine, SAQ, SCHEME);
        assertEq(validFrom, from, "valid from");
        assertEq(validUntil, until, "valid until");
    }

    function _name(uint256 number) private pure returns (string memory) {
        return string(abi.encodePacked("SAQ-", bytes1(uint8(65 + number))));
    }

    function _assessUnder(string memory identifier, bytes32 scheme, uint64 from, uint64 until, uint32 value) private {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(identifier, mine, SAQ);
        (assessment.validFrom, assessment.validUntil) = (from, until);
        (assessment.scheme, assessment.value) = (scheme, value);
        _assessAs(auditor, assessment);
    }

    function _certify(string memory identifier, bytes32 scheme, uint64 from, uint64 until) private {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(identifier, mine, CERTIFICATE);
        (assessment.validFrom, assessment.validUntil, assessment.scheme) = (from, until, scheme);
        _assessAs(auditor, assessment);
    }

    function _assessRisk(string memory identifier, uint64 from, uint32 value) private {
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(identifier, mine, COUNTRY_RISK);
        (assessment.validFrom, assessment.value) = (from, value);
        _assessAs(auditor, assessment);
    }

    function _refuseMandatory(bytes32[] memory kinds, uint32[] memory bounds, bytes memory reason) private {
        bytes memory data = abi.encodeCall(assurance.setMandatory, (PRODUCER, kinds, bounds));
        vm.prank(steward);
        manager.schedule(address(assurance), data, 0);
        vm.warp(block.timestamp + POLICY_DELAY);
        vm.expectRevert(reason);
        vm.prank(steward);
        manager.execute(address(assurance), data);
    }

    function _expectExpired(uint64 until) private {
        vm.expectRevert(abi.encodeWithSelector(IAssuranceRegistry.AssessmentExpired.selector, mine, CERTIFICATE, until));
    }

    function _expectInsufficient(bytes32 kind, uint32 value, uint32 bound_) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAssuranceRegistry.AssessmentInsufficient.selector, mine, kind, value, bound_)
        );
    }

    function _invalidKinds(uint256 kinds, uint256 bounds) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssuranceRegistry.InvalidKinds.selector, kinds, bounds);
    }

    function _invalidValue(bytes32 kind, uint32 value, uint32 most) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssuranceRegistry.InvalidValue.selector, kind, value, 0, most);
    }
}
