// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAssuranceRegistry} from "../interfaces/IAssuranceRegistry.sol";
import {FindingState, SAQ, Severity} from "../types/Assurance.sol";
import {BatchId, FacilityId, FindingId} from "../types/Ids.sol";
import {AssuranceTrade} from "./AssuranceTrade.sol";
import {Named} from "./Named.sol";

/// @title Random acts on a real network, beside a plain model of what must happen
/// @dev The model keeps every finding and assessment in lists and looks through all of them each time. Where the
/// contracts do otherwise, `violation` says what.
contract AssuranceHandler is AssuranceTrade {
    struct Raised {
        FindingId id;
        address participant;
        FacilityId facility;
        Severity severity;
        FindingState state;
        uint64 dueAt;
        address raisedBy;
        address acceptedBy;
    }

    struct Window {
        address participant;
        uint64 from;
        uint64 until;
        bytes32 scheme;
        uint32 value;
    }

    uint256 private constant MOST_BATCHES = 24;

    /// @dev The first thing that went otherwise than the model says; empty if nothing did.
    string public violation;

    /// @dev What happened, so that a test can tell that it did.
    mapping(bytes32 what => uint256) public happened;

    uint64 private _clock = START;
    uint256 private _serial;
    bool private _saqIsMandatory;
    Raised[] private _raised;
    Window[] private _windows;
    BatchId[] private _batches;
    BatchId[] private _held;
    BatchId[] private _shipped;
    string[] private _shipments;

    constructor() {
        setUp();
    }

    /// @dev Whatever assurance does, no batch changes.
    modifier leavesBatches() {
        bytes32 before = _allBatches();
        _;
        if (_allBatches() != before) _violate("a batch changed");
    }

    // What can happen.

    function pass(uint32 seconds_) external leavesBatches {
        _advance(uint64(bound(seconds_, 1, 12 days)));
    }

    function raise(uint8 who, uint8 where, uint8 severity, uint32 due, uint8 by) external leavesBatches {
        (address participant, FacilityId facility) = _subject(who, where);
        IAssuranceRegistry.Finding memory finding = _findingOn(_name("F-"), participant, facility);
        finding.severity = severity % 4 == 0 ? Severity(severity / 4 % 3) : Severity.Critical;
        // Now and then with too short a notice.
        (finding.occurredAt, finding.dueAt) = (_clock, _clock + uint64(bound(due, 20 hours, 30 days)));
        address account = _account(by);
        bool allowed = _isAuditor(account) && account != participant
            && (finding.severity != Severity.Critical || finding.dueAt >= _clock + 1 days);
        if (!_call(account, address(assurance), abi.encodeCall(assurance.raiseFinding, (finding)), allowed)) return;
        FindingId id = Named.finding(account, finding.identifier);
        _raised.push(
            Raised(id, participant, facility, finding.severity, FindingState.Open, finding.dueAt, account, address(0))
        );
    }

    /// @dev Mostly by those who may, and mostly the step that comes next, so that findings get anywhere.
    function step(uint256 which, uint8 action, uint8 by, bool anyhow) external leavesBatches {
        if (_raised.length == 0) return;
        Raised storage finding = _raised[which % _raised.length];
        uint256 chosen = anyhow ? action % 5 : _next(finding.state, action);
        address account = anyhow ? _account(by) : _whoTakes(chosen, finding);
        (FindingState from, FindingState to) = _transition(chosen);
        uint64 dueAt = _clock + uint64(action) * 1 hours;
        bool entitled = _isEntitled(chosen, account, finding, dueAt);
        bytes memory data = _stepData(chosen, finding.id, dueAt);
        if (!_call(account, address(assurance), data, entitled && finding.state == from)) return;
        finding.state = to;
        if (chosen == 1) finding.acceptedBy = account;
        if (chosen == 4) finding.dueAt = dueAt;
        if (chosen == 3) ++happened["closed"];
    }

    function _whoTakes(uint256 chosen, Raised memory finding) private view returns (address) {
        if (chosen == 0) return finding.participant;
        // The consortium closes what two auditors have agreed on otherwise.
        return chosen == 3 ? consortium : _auditorOf(finding.participant);
    }

    function _isEntitled(uint256 chosen, address account, Raised memory finding, uint64 dueAt)
        private
        view
        returns (bool)
    {
        if (chosen == 0) return account == finding.participant;
        if (!_isAuditor(account) || account == finding.participant) return false;
        if (finding.severity != Severity.Critical) return true;
        if (chosen == 4) return dueAt >= _clock + 1 days;
        if (chosen != 3 || (account != finding.raisedBy && account != finding.acceptedBy)) return true;
        return !_isAnotherAuditor(auditor, account, finding) && !_isAnotherAuditor(inspector, account, finding);
    }

    function _isAnotherAuditor(address other, address account, Raised memory finding) private view returns (bool) {
        return other != account && other != finding.participant && mayAct(other);
    }

    function assess(uint8 who, uint8 by, uint32 from, uint32 length) external leavesBatches {
        (address participant,) = _subject(who, 0);
        IAssuranceRegistry.Assessment memory assessment = _assessmentOf(_name("SAQ-"), participant, SAQ);
        assessment.validFrom = _clock - 10 days + uint64(bound(from, 0, 20 days));
        assessment.validUntil = assessment.validFrom + uint64(bound(length, 1, 60 days));
        assessment.scheme = length % 3 == 0 ? bytes32("another") : bytes32("SAQ 5.0");
        assessment.value = length % 5 == 0 ? 6_999 : 7_000;
        address account = _account(by);
        bool allowed = _isAuditor(account) && account != participant;
        if (_liveOf(participant) >= 16) return;
        if (!_call(account, address(assurance), abi.encodeCall(assurance.assess, (assessment)), allowed)) return;
        _windows.push(
            Window(participant, assessment.validFrom, assessment.validUntil, assessment.scheme, assessment.value)
        );
    }

    function govern(uint8 toss) external leavesBatches {
        if (toss % 4 != 0) return;
        _saqIsMandatory = !_saqIsMandatory;
        bytes32[] memory kinds = _saqIsMandatory ? _kinds(SAQ) : new bytes32[](0);
        _setMandatory(PRODUCER, kinds, _saqIsMandatory ? _bounds(7_000) : new uint32[](0), _clock);
        _clock += POLICY_DELAY;
    }

    function mint(bool second) external {
        if (_batches.length == MOST_BATCHES) return;
        FacilityId facility = second ? secondPit : pit;
        string memory identifier = _name("LOT-");
        bytes memory data = abi.encodeCall(ledger.mint, (_mintAt(facility, identifier)));
        bool allowed = mayAct(mine) && !isOverdue(mine, facility);
        if (!_act(mine, data, allowed, "mint")) return;
        _batches.push(Named.batch(mine, identifier));
        _held.push(Named.batch(mine, identifier));
    }

    function ship() external {
        if (_held.length == 0) return;
        string memory identifier = _name("SEA-");
        BatchId batch = _held[_held.length - 1];
        bytes memory data = abi.encodeCall(ledger.ship, (_offerOf(identifier, _only(batch), refinery)));
        if (!_act(mine, data, mayAct(mine) && mayAct(refinery), "ship")) return;
        _held.pop();
        _shipped.push(batch);
        _shipments.push(identifier);
    }

    function receiveShipment() external {
        if (_shipped.length == 0) return;
        BatchId batch = _shipped[_shipped.length - 1];
        string memory identifier = _shipments[_shipments.length - 1];
        if (!_act(refinery, _receiptOf(identifier, batch), mayAct(refinery), "receive")) return;
        _shipped.pop();
        _shipments.pop();
    }

    function transform() external {
        if (_held.length == 0) return;
        bytes memory data =
            abi.encodeCall(ledger.transform, (_runAt(mineWorks, _name("RUN-"), _held[_held.length - 1])));
        if (!_act(mine, data, mayAct(mine) && !isOverdue(mine, mineWorks), "transform")) return;
        _held.pop();
    }

    // The model.

    /// @dev Whether any critical finding on exactly that subject is past its due date and not closed.
    function isOverdue(address participant, FacilityId facility) public view returns (bool) {
        for (uint256 i = 0; i < _raised.length; ++i) {
            if (_isOpenCritical(_raised[i], participant, facility) && _raised[i].dueAt < _clock) return true;
        }
        return false;
    }

    function mayAct(address participant) public view returns (bool) {
        if (isOverdue(participant, WHOLE)) return false;
        return !_saqIsMandatory || participant != mine || _isAssessed(participant);
    }

    /// @dev By the whole history: of one scheme, of those that have begun, the one that began last is good enough.
    function _isAssessed(address participant) private view returns (bool) {
        for (uint256 i = 0; i < _windows.length; ++i) {
            Window memory window = _windows[i];
            bool good = window.participant == participant && window.from <= _clock && window.until >= _clock
                && window.value >= 7_000;
            if (good && !_isReplaced(i)) return true;
        }
        return false;
    }

    /// @dev Whether another one of its scheme has begun later or, recorded later, at the same time.
    function _isReplaced(uint256 i) private view returns (bool) {
        Window memory one = _windows[i];
        for (uint256 j = 0; j < _windows.length; ++j) {
            Window memory other = _windows[j];
            if (other.participant != one.participant || other.scheme != one.scheme || other.from > _clock) continue;
            if (other.from > one.from || (other.from == one.from && j > i)) return true;
        }
        return false;
    }

    /// @dev How many have not been replaced yet.
    function _liveOf(address participant) private view returns (uint256 count) {
        for (uint256 i = 0; i < _windows.length; ++i) {
            if (_windows[i].participant == participant && !_isReplaced(i)) ++count;
        }
    }

    function _isOpenCritical(Raised memory finding, address participant, FacilityId facility)
        private
        pure
        returns (bool)
    {
        return finding.participant == participant && _same(finding.facility, facility)
            && finding.severity == Severity.Critical && finding.state != FindingState.Closed;
    }

    // Comparing the two.

    /// @dev Every view of every subject and finding, against the model.
    function compare() external {
        address[4] memory participants = [mine, refinery, auditor, inspector];
        for (uint256 i = 0; i < participants.length; ++i) {
            if (assurance.mayAct(participants[i]) != mayAct(participants[i])) _violate("may act");
            _compareSubject(participants[i], WHOLE);
            bool governed = _saqIsMandatory && participants[i] == mine;
            bool open = assurance.openCritical(participants[i], WHOLE).length != 0;
            if (registry.isWatched(participants[i]) != (governed || open)) _violate("who is watched");
        }
        FacilityId[4] memory facilities = [pit, secondPit, mineWorks, works];
        for (uint256 i = 0; i < facilities.length; ++i) {
            address participant = _participantOf(facilities[i]);
            _compareSubject(participant, facilities[i]);
            bool open = assurance.openCritical(participant, facilities[i]).length != 0;
            if (registry.isFacilityWatched(facilities[i]) != open) _violate("which facility is watched");
        }
        for (uint256 i = 0; i < _raised.length; ++i) {
            IAssuranceRegistry.FindingRecord memory found = assurance.findingOf(_raised[i].id);
            if (found.state != _raised[i].state || found.dueAt != _raised[i].dueAt) _violate("finding");
        }
    }

    function _compareSubject(address participant, FacilityId facility) private {
        if (assurance.mayUse(participant, facility) == isOverdue(participant, facility)) _violate("may use");
        FindingId[] memory open = assurance.openCritical(participant, facility);
        uint256 count = 0;
        for (uint256 i = 0; i < _raised.length; ++i) {
            if (!_isOpenCritical(_raised[i], participant, facility)) continue;
            ++count;
            if (!_contains(open, _raised[i].id)) _violate("an open finding is not listed");
        }
        if (open.length != count) _violate("a closed finding is listed");
    }

    function _contains(FindingId[] memory list, FindingId id) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (FindingId.unwrap(list[i]) == FindingId.unwrap(id)) return true;
        }
        return false;
    }

    // In short.

    function _act(address account, bytes memory data, bool allowed, bytes32 what) private returns (bool ok) {
        ok = _call(account, address(ledger), data, allowed);
        ++happened[ok ? what : keccak256(abi.encode("refused", what))];
    }

    function _call(address account, address target, bytes memory data, bool allowed) private returns (bool ok) {
        vm.prank(account);
        bytes memory reason;
        (ok, reason) = target.call(data);
        if (ok && !allowed) _violate("went through, and should not");
        if (!ok && allowed) _violate("refused, and should not be");
        if (!ok && target == address(ledger) && !_isGuardError(bytes4(reason))) {
            _violate("refused for another reason");
        }
    }

    function _isGuardError(bytes4 selector) private pure returns (bool) {
        return selector == IAssuranceRegistry.FindingOverdue.selector
            || selector == IAssuranceRegistry.AssessmentMissing.selector
            || selector == IAssuranceRegistry.AssessmentInsufficient.selector
            || selector == IAssuranceRegistry.AssessmentExpired.selector;
    }

    function _stepData(uint256 chosen, FindingId id, uint64 dueAt) private view returns (bytes memory) {
        if (chosen == 0) return abi.encodeCall(assurance.submitCorrectiveAction, (id, "action", _clock, _none()));
        if (chosen == 1) return abi.encodeCall(assurance.acceptCorrectiveAction, (id, _clock, _none()));
        if (chosen == 2) return abi.encodeCall(assurance.refuseCorrectiveAction, (id, "no", _clock, _none()));
        if (chosen == 3) return abi.encodeCall(assurance.closeFinding, (id, _clock, _document()));
        return abi.encodeCall(assurance.reopenFinding, (id, "again", dueAt, _clock, _none()));
    }

    function _transition(uint256 chosen) private pure returns (FindingState from, FindingState to) {
        if (chosen == 0) return (FindingState.Open, FindingState.CorrectiveActionSubmitted);
        if (chosen == 1) return (FindingState.CorrectiveActionSubmitted, FindingState.CorrectiveActionAccepted);
        if (chosen == 2) return (FindingState.CorrectiveActionSubmitted, FindingState.Open);
        if (chosen == 3) return (FindingState.CorrectiveActionAccepted, FindingState.Closed);
        return (FindingState.Closed, FindingState.Open);
    }

    function _next(FindingState state, uint8 action) private pure returns (uint256) {
        if (state == FindingState.Open) return 0;
        if (state == FindingState.CorrectiveActionSubmitted) return action % 4 == 0 ? 2 : 1;
        return state == FindingState.CorrectiveActionAccepted ? 3 : 4;
    }

    function _subject(uint8 who, uint8 where) private view returns (address participant, FacilityId facility) {
        participant = [mine, mine, mine, refinery, refinery, auditor][who % 6];
        if (participant == mine) facility = [WHOLE, WHOLE, pit, secondPit, mineWorks][where % 5];
        if (participant == refinery) facility = [WHOLE, WHOLE, works][where % 3];
    }

    function _participantOf(FacilityId facility) private view returns (address) {
        return _same(facility, works) ? refinery : mine;
    }

    function _account(uint8 by) private view returns (address) {
        return [auditor, auditor, inspector, consortium, consortium, mine, refinery, stranger][by % 8];
    }

    function _auditorOf(address participant) private view returns (address) {
        return participant == auditor ? inspector : auditor;
    }

    function _isAuditor(address account) private view returns (bool) {
        return account == consortium || ((account == auditor || account == inspector) && mayAct(account));
    }

    function _same(FacilityId a, FacilityId b) private pure returns (bool) {
        return FacilityId.unwrap(a) == FacilityId.unwrap(b);
    }

    function _allBatches() private view returns (bytes32 digest) {
        for (uint256 i = 0; i < _batches.length; ++i) {
            digest = keccak256(abi.encode(digest, ledger.batchOf(_batches[i])));
        }
    }

    function _advance(uint64 seconds_) private {
        _clock += seconds_;
        vm.warp(_clock);
    }

    function _name(string memory prefix) private returns (string memory) {
        bytes memory digits = new bytes(8);
        uint256 number = ++_serial;
        for (uint256 i = 8; i > 0; --i) {
            digits[i - 1] = bytes1(uint8(48 + number % 10));
            number /= 10;
        }
        return string.concat(prefix, string(digits));
    }

    function _violate(string memory what) private {
        if (bytes(violation).length == 0) violation = what;
    }
}
