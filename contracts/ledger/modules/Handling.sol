// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IParticipantRegistry} from "../../interfaces/IParticipantRegistry.sol";
import {IAdmission} from "../../interfaces/IAdmission.sol";
import {ILedgerHandling} from "../../interfaces/ILedgerHandling.sol";
import {BatchState, BatchStateLibrary} from "../../types/BatchState.sol";
import {BatchId, FacilityId, Ids, MaterialId} from "../../types/Ids.sol";
import {BatchStatus, Evidence, HoldKind, Origin, ParticipantStatus} from "../../types/Values.sol";
import {CustodyLibrary} from "../../types/Custody.sol";
import {Answers} from "./Answers.sol";
import {Module} from "./Module.sol";

/// @title Handling
/// @notice The ledger's module for what rarely happens to a lot: answers lot by lot, returns, measurements, take-backs,
/// holds, title, stock that the consortium assigns.
contract Handling is Answers {
    /// @param admission_ Whom the ledger asks who may act.
    constructor(IAdmission admission_) Module(admission_) {}

    /// @inheritdoc ILedgerHandling
    function takeBack(
        address creator,
        string calldata identifier,
        FacilityId facility,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        // Rule 9: what was delivered, once.
        if (state.status() != BatchStatus.Delivered || state.has(BatchStateLibrary.TAKEN_BACK)) {
            revert NotForTakeBack(batch, state.status());
        }
        if (state.has(BatchStateLibrary.FROZEN)) revert BatchIsFrozen(batch);
        _requireNotHeld(batch, state);
        if (evidence.length == 0) revert EvidenceRequired();
        _requireTime(occurredAt);
        TakeBackEntry memory entry = _takeBackOf(lot, state, facility, occurredAt);
        address recycler = _requireRecycler(batch, creator, lot.maker, entry);
        lot.state = BatchStateLibrary.fromPools(entry.mass, 0, 0, 0)
            .with(BatchState.unwrap(_named(batch, state).used().withoutPools())).withStatus(BatchStatus.Active)
            .with(BatchStateLibrary.TAKEN_BACK);
        bytes12 trail = CustodyLibrary.extended(lot.custody.trail(), keccak256(abi.encode(entry)));
        _move(batch, lot, entry.from, recycler, trail);
        _handHeld(entry.from, recycler, 1);
        emit BatchTakenBack(
            batch,
            recycler,
            facility,
            entry.material,
            occurredAt,
            entry.mass,
            entry.ownCo2e,
            entry.inheritedCo2e,
            entry.primaryCo2e,
            evidence
        );
    }

    /// @inheritdoc ILedgerHandling
    function hold(
        address creator,
        string calldata identifier,
        HoldKind kind,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireNotReversed(batch, state);
        _requireExpected(batch, state, expected);
        _requirePlain(reason);
        address heldBy = _requireHolder(kind, batch, creator, lot);
        if (_isHeld(kind, lot, state)) revert AlreadyHeld(batch, kind);
        state = _named(batch, state);
        if (kind == HoldKind.Custodian) {
            _requireNotEnded(batch, state);
            state = state.with(BatchStateLibrary.HELD_BY_CUSTODIAN);
        } else if (kind == HoldKind.Auditor) {
            state = state.with(BatchStateLibrary.HELD_BY_AUDITOR);
            lot.heldBy = heldBy;
        } else {
            lot.recalled = true;
        }
        lot.state = state;
        emit BatchHeld(batch, heldBy, kind, occurredAt, reason, evidence);
    }

    /// @inheritdoc ILedgerHandling
    function release(
        address creator,
        string calldata identifier,
        HoldKind kind,
        uint32 expected,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger {
        BatchId batch = Ids.batch(creator, identifier);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireExpected(batch, state, expected);
        _requirePlain(reason);
        address releasedBy = _requireHolder(kind, batch, creator, lot);
        if (!_isHeld(kind, lot, state)) revert NotHeld(batch);
        state = _named(batch, state);
        if (kind == HoldKind.Custodian) {
            state = state.without(BatchStateLibrary.HELD_BY_CUSTODIAN);
        } else if (kind == HoldKind.Auditor) {
            // Rule 10: its own; another's is the consortium's to end.
            if (releasedBy != lot.heldBy && !_admission.isConsortium(msg.sender)) revert NotHeld(batch);
            state = state.without(BatchStateLibrary.HELD_BY_AUDITOR);
            delete lot.heldBy;
        } else {
            delete lot.recalled;
        }
        lot.state = state;
        emit BatchReleased(batch, releasedBy, kind, occurredAt, reason, evidence);
    }

    /// @inheritdoc ILedgerHandling
    function transferTitle(BatchId batch, address to, uint64 occurredAt, Evidence[] calldata evidence)
        external
        throughTheLedger
    {
        // Rule 1: also who may not act; Rule 11: whether it is the owner's to give is for readers to see.
        address from = _admission.participantOf(msg.sender);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        _requireNotReversed(batch, state);
        lot.state = _named(batch, state);
        emit TitleTransferred(batch, from, to, occurredAt, evidence);
    }

    /// @inheritdoc ILedgerHandling
    /// @dev The trail stays: what is frozen can still go back to where it came from.
    function assignStock(
        BatchId batch,
        address to,
        string calldata reason,
        uint64 occurredAt,
        Evidence[] calldata evidence
    ) external throughTheLedger restricted {
        if (evidence.length == 0) revert EvidenceRequired();
        _requirePlain(reason);
        (Lot storage lot, BatchState state) = _requireKnown(batch);
        // What is on its way is refused first: a shipment answers for it.
        if (state.status() != BatchStatus.Active) revert BatchNotActive(batch, state.status());
        address from = lot.custody.custodian();
        if (_admission.statusOf(from) == ParticipantStatus.Active) revert CustodianIsActive(batch, from);
        ParticipantStatus standing = _admission.statusOf(to);
        if (standing != ParticipantStatus.Active) revert IParticipantRegistry.ParticipantNotActive(to, standing);
        // Rule 8: that is a use, so that nothing from before is reversed. A maker's freeze ends where the maker holds
        // the lot no more, and its own hold with it (Rule 10).
        lot.state = _named(batch, state).used()
            .without(BatchStateLibrary.HELD_BY_CUSTODIAN | BatchStateLibrary.FROZEN_BY_MAKER);
        _move(batch, lot, from, to, lot.custody.trail());
        _handHeld(from, to, 1);
        emit StockAssigned(batch, from, to, occurredAt, reason, evidence);
    }

    /// @dev Rule 9: by a recycler other than who made or delivered it, within its capacity.
    /// @param creator Who made it, or split it off.
    /// @param maker Who made what it was split off.
    function _requireRecycler(BatchId batch, address creator, address maker, TakeBackEntry memory entry)
        private
        returns (address recycler)
    {
        uint64 capacity;
        (recycler, capacity,) =
            _admission.requireOrigin(msg.sender, entry.facility, entry.material, Origin.PostConsumer, entry.occurredAt);
        if (recycler == creator || recycler == maker || recycler == entry.from) revert OwnTakeBack(batch, recycler);
        _useCapacity(entry.facility, entry.material, Origin.PostConsumer, entry.occurredAt, entry.mass, capacity);
    }

    function _takeBackOf(Lot storage lot, BatchState state, FacilityId facility, uint64 occurredAt)
        private
        view
        returns (TakeBackEntry memory entry)
    {
        entry.from = lot.custody.custodian();
        entry.uses = state.used().uses();
        entry.facility = facility;
        entry.material = _materialOf(lot);
        entry.occurredAt = occurredAt;
        entry.mass = state.mass();
        entry.ownCo2e = state.ownCo2e();
        entry.inheritedCo2e = state.inheritedCo2e();
        entry.primaryCo2e = state.primaryCo2e();
        entry.salt = _salt();
    }

    /// @dev Rule 10: as what the caller puts on hold or releases: its custodian, an auditor of neither company, or its
    /// maker.
    function _requireHolder(HoldKind kind, BatchId batch, address creator, Lot storage lot)
        private
        view
        returns (address who)
    {
        address custodian = lot.custody.custodian();
        if (kind == HoldKind.Auditor) {
            bool ok;
            (ok, who) = _auditor(creator, custodian);
            if (!ok) revert NotAuthorNorAuditor(msg.sender);
            return who;
        }
        who = _admission.participantOf(msg.sender);
        if (kind == HoldKind.Custodian && who != custodian) revert NotCustodian(batch, who, custodian);
        if (kind == HoldKind.Recall && who != creator) revert NotCreatorNorAuditor(batch, msg.sender);
    }

    function _isHeld(HoldKind kind, Lot storage lot, BatchState state) private view returns (bool) {
        if (kind == HoldKind.Recall) return lot.recalled;
        return
            state.has(
                kind == HoldKind.Custodian ? BatchStateLibrary.HELD_BY_CUSTODIAN : BatchStateLibrary.HELD_BY_AUDITOR
            );
    }

    /// @dev Rule 9: whoever delivered a product does not keep it from being taken back.
    function _requireNotEnded(BatchId batch, BatchState state) private pure {
        BatchStatus status = state.status();
        bool here = status == BatchStatus.Active || status == BatchStatus.InTransit || status == BatchStatus.Returning;
        if (!here) revert BatchNotActive(batch, status);
    }
}
