// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {ILedgerRecords} from "../../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../../interfaces/IParticipantRegistry.sol";
import {BatchId, FacilityId} from "../../types/Ids.sol";
import {Emissions} from "../../types/Emissions.sol";
import {BatchStatus, HoldKind, Origin, Retirement} from "../../types/Values.sol";
import {Past} from "./Past.sol";
import {Named} from "../Named.sol";

/// @title Life goes on after use (Rule 9), and stock gets another custodian (Rule 12)
contract TakeBacksTest is Past {
    BatchId private _car;

    /// @dev A car of a kilogram, with 49 mg of CO2e, of which 40 are inherited, delivered by the maker.
    function _deliver() private {
        BatchId iron = _mintWith("ORE", TONNE, _holding(COBALT, 9), 40);
        ILedgerRecords.Transformation memory run = _run("CAR-RUN", _only(iron), KG, 9);
        run.outputs[0].material = car;
        run.outputs[0].identifier = "CAR";
        run.emissions = _scope1(9, 2);
        _transform(mine, run);
        _car = Named.batch(mine, "CAR");
        _handOver(mine, "CAR", _car, maker);
        _approve(yard, car, POST_CONSUMER, KG);
        _retire(maker, _car, Retirement.Delivered);
    }

    function _takeBack(address account, FacilityId facility, uint64 occurredAt) private {
        _as(account);
        ledger.takeBack(mine, "CAR", facility, occurredAt, _document());
    }

    function _entry() private view returns (ILedgerRecords.TakeBackEntry memory) {
        uint256 uses = ledger.batchOf(_car).uses + 1;
        return ILedgerRecords.TakeBackEntry(maker, uses, yard, car, YEAR_2026, KG, 9, 40, 42, _salt());
    }

    function _reverseTakeBack(address account, ILedgerRecords.TakeBackEntry memory entry, bytes12 before) private {
        _as(account);
        ledger.reverseTakeBack(mine, "CAR", entry, before, _reversal());
    }

    function test_takeBack_leavesTheFirstLifeItsFootprint() external {
        _deliver();
        bytes12 before = _trailOf(_car);
        ILedgerRecords.TakeBackEntry memory entry = _entry();
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchTakenBack(_car, recycler, yard, car, YEAR_2026, KG, 9, 40, 42, _document());
        _takeBack(recycler, yard, YEAR_2026);
        _assertPools(_car, KG, 9, 0, 0, 0);
        ILedgerRecords.Batch memory batch = ledger.batchOf(_car);
        assertEq(uint8(batch.status), uint8(BatchStatus.Active), "active again");
        assertTrue(batch.takenBack, "taken back");
        assertEq(batch.custodian, recycler, "custodian");
        assertEq(batch.uses, entry.uses, "uses");
        assertTrue(batch.trail == _trail(before, keccak256(abi.encode(entry))), "trail");
        assertEq(ledger.mintedIn(yard, car, Origin.PostConsumer, 2026), KG, "capacity used");
        _retire(recycler, _car, Retirement.Delivered);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotForTakeBack.selector, _car, BatchStatus.Delivered));
        _takeBack(recycler, yard, YEAR_2026);
    }

    function test_takeBack_refusals() external {
        _deliver();
        _refused(abi.encodeWithSelector(ILedgerRecords.EvidenceRequired.selector));
        _as(recycler);
        ledger.takeBack(mine, "CAR", yard, YEAR_2026, _none());
        uint64 late = YEAR_2026 + 1 days + 1;
        _refused(abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, late, YEAR_2026));
        _takeBack(recycler, yard, late);
        _refused(abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, yard, refinery, recycler));
        _takeBack(refinery, yard, YEAR_2026);
        _hold(auditor, mine, "CAR", HoldKind.Auditor);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsHeld.selector, _car, HoldKind.Auditor));
        _takeBack(recycler, yard, YEAR_2026);
        _release(auditor, mine, "CAR", HoldKind.Auditor);
        _declareError(auditor, mine, "CAR");
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, _car));
        _takeBack(recycler, yard, YEAR_2026);
    }

    function test_takeBack_insideItsCapacity() external {
        _deliver();
        _approve(yard, car, POST_CONSUMER, KG - 1);
        _refused(
            abi.encodeWithSelector(
                ILedgerRecords.CapacityExceeded.selector, yard, car, Origin.PostConsumer, 2026, KG, KG - 1
            )
        );
        _takeBack(recycler, yard, YEAR_2026);
    }

    function test_takeBack_notByWhoMadeOrDeliveredIt() external {
        _deliver();
        address[2] memory own = [mine, maker];
        for (uint256 i = 0; i < 2; ++i) {
            FacilityId facility = _facility(own[i], "shredder", "recycler");
            _approve(facility, car, POST_CONSUMER, KG);
            _refused(abi.encodeWithSelector(ILedgerRecords.OwnTakeBack.selector, _car, own[i]));
            _takeBack(own[i], facility, YEAR_2026);
        }
    }

    /// @dev Who made it does not take it back because somebody else split it off.
    function test_takeBack_ofASplitProductNotByItsMaker() external {
        BatchId iron = _mintWith("ORE", TONNE, _holding(COBALT, 9), 40);
        ILedgerRecords.Transformation memory run = _run("CAR-RUN", _only(iron), 3 * KG, 9);
        (run.outputs[0].material, run.outputs[0].identifier) = (car, "CARS");
        _transform(mine, run);
        BatchId cars = Named.batch(mine, "CARS");
        _handOver(mine, "CARS", cars, maker);
        BatchId two = _split(maker, cars, "TWO", 2 * KG);
        _deliverAndTakeBack(_split(maker, two, "ONE", KG), maker, "ONE");
    }

    function test_takeBack_ofASplitProductNotByWhoMintedIt() external {
        _approve(pit, car, MINED, CAPACITY);
        ILedgerRecords.Mint memory request = _mintOf("CARS", 3 * KG);
        (request.material, request.substances) = (car, _holding(COBALT, 3));
        vm.prank(mine);
        BatchId cars = ledger.mint(request);
        _handOver(mine, "CARS", cars, maker);
        _deliverAndTakeBack(_split(maker, cars, "ONE", KG), maker, "ONE");
    }

    /// @dev Split off by `dealer`, delivered by the refinery; taken back by neither of them, nor by the mine.
    function _deliverAndTakeBack(BatchId id, address dealer, string memory name) private {
        _handOver(dealer, name, id, refinery);
        _retire(refinery, id, Retirement.Delivered);
        address[3] memory own = [mine, dealer, refinery];
        for (uint256 i = 0; i < 3; ++i) {
            FacilityId facility = _facility(own[i], "shredder", "recycler");
            _approve(facility, car, POST_CONSUMER, KG);
            _refused(abi.encodeWithSelector(ILedgerRecords.OwnTakeBack.selector, id, own[i]));
            _as(own[i]);
            ledger.takeBack(dealer, name, facility, YEAR_2026, _document());
        }
        _approve(yard, car, POST_CONSUMER, KG);
        _as(recycler);
        ledger.takeBack(dealer, name, yard, YEAR_2026, _document());
        assertEq(ledger.batchOf(id).custodian, recycler, "custodian");
    }

    function test_takeBack_onlyWhatWasDelivered() external {
        _car = _mint("CAR", TONNE, 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotForTakeBack.selector, _car, BatchStatus.Active));
        _takeBack(recycler, yard, YEAR_2026);
        _retire(mine, _car);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotForTakeBack.selector, _car, BatchStatus.Retired));
        _takeBack(recycler, yard, YEAR_2026);
    }

    function test_takeBack_notHinderedByWhoDeliveredIt() external {
        _deliver();
        uint32 events = _eventsOf(_car);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, _car, BatchStatus.Delivered));
        _as(maker);
        ledger.hold(mine, "CAR", HoldKind.Custodian, events, "", YEAR_2026, _none());
        _declareError(mine, mine, "CAR");
        _takeBack(recycler, yard, YEAR_2026);
    }

    function test_reverseTakeBack_putsTheFirstLifeBackOnWhatWasAdded() external {
        _deliver();
        bytes32 delivered = _without(_car);
        (bytes12 before, ILedgerRecords.TakeBackEntry memory entry) = (_trailOf(_car), _entry());
        _takeBack(recycler, yard, YEAR_2026);
        uint256 taken = vm.snapshotState();
        _hold(recycler, mine, "CAR", HoldKind.Custodian);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.TakeBackReversed(_car, recycler, YEAR_2026, "incorrect_data", TAG, _none());
        _reverseTakeBack(recycler, entry, before);
        assertTrue(_without(_car) == delivered, "as if it had never been");
        assertEq(ledger.mintedIn(yard, car, Origin.PostConsumer, 2026), 0, "capacity given back");
        _refused(_notAsRecorded(_car));
        _reverseTakeBack(recycler, entry, before);
        vm.revertToState(taken);
        _add(recycler, _car, _scope1(5, 5));
        _reverseTakeBack(auditor, entry, before);
        _assertPools(_car, KG, 9, 14, 40, 47);
    }

    function test_reverseTakeBack_refusals() external {
        _deliver();
        (bytes12 before, ILedgerRecords.TakeBackEntry memory entry) = (_trailOf(_car), _entry());
        _takeBack(recycler, yard, YEAR_2026);
        _refused(_notForYou(maker));
        _reverseTakeBack(maker, entry, before);
        entry.ownCo2e += 1;
        _refused(_notAsRecorded(_car));
        _reverseTakeBack(recycler, entry, before);
        entry.ownCo2e -= 1;
        _split(recycler, _car, "PART", 1);
        _refused(_builtOn(_car));
        _reverseTakeBack(recycler, entry, before);
    }

    // Stock that the consortium assigns.

    function _assign(address account, BatchId batch, address to) private {
        _as(account);
        ledger.assignStock(batch, to, "insolvency", YEAR_2026, _document());
    }

    function test_assignStock_ofASuspendedOrTerminatedCustodian() external {
        BatchId lot = _mint("A", TONNE, 1);
        ILedgerRecords.MintEntry memory entry = _entryOfMint(_scope1(0, 0));
        _refused(abi.encodeWithSelector(ILedgerRecords.CustodianIsActive.selector, lot, mine));
        _assign(consortium, lot, refinery);
        _hold(mine, mine, "A", HoldKind.Custodian);
        _declareError(mine, mine, "A");
        _suspend(mine);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.StockAssigned(lot, mine, refinery, YEAR_2026, "insolvency", _document());
        _assign(consortium, lot, refinery);
        ILedgerRecords.Batch memory batch = ledger.batchOf(lot);
        assertEq(batch.custodian, refinery, "custodian");
        assertTrue(!batch.heldByCustodian && !batch.frozen && batch.disputed, "its maker's word only disputes it");
        assertEq(batch.uses, 1, "a use");
        _split(refinery, lot, "A-1", 1);
        _refused(_builtOn(lot));
        _reverseMint(mine, "A", entry);
        BatchId other = _mintAt(recycler, "B");
        _terminate(recycler);
        _assign(consortium, other, refinery);
        assertEq(ledger.batchOf(other).custodian, refinery, "of a terminated one");
    }

    function _mintAt(address participant, string memory identifier) private returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintOf(identifier, TONNE);
        (request.facility, request.material, request.origin) = (yard, scrap, Origin.PostConsumer);
        request.substances = _holding(COBALT, 1);
        _as(participant);
        return ledger.mint(request);
    }

    function test_assignStock_refusals() external {
        BatchId lot = _mint("A", TONNE, 1);
        _suspend(mine);
        _refused(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, refinery));
        _assign(refinery, lot, refinery);
        _refused(abi.encodeWithSelector(ILedgerRecords.EvidenceRequired.selector));
        _as(consortium);
        ledger.assignStock(lot, refinery, "", YEAR_2026, _none());
        _suspend(maker);
        _refused(abi.encodeWithSelector(IParticipantRegistry.ParticipantNotActive.selector, maker, 2));
        _assign(consortium, lot, maker);
        _refused(abi.encodeWithSelector(IParticipantRegistry.ParticipantNotActive.selector, stranger, 0));
        _assign(consortium, lot, stranger);
        vm.prank(mine);
        ledger.retire(lot, Retirement.ConsumedOutside, 1, "", YEAR_2026, _none());
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, lot, BatchStatus.Retired));
        _assign(consortium, lot, refinery);
    }

    function test_assignStock_notWhatIsOnItsWay() external {
        BatchId lot = _mint("A", TONNE, 1);
        _ship(mine, "S", _only(lot), refinery);
        _terminate(mine);
        _refused(abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, lot, BatchStatus.InTransit));
        _assign(consortium, lot, refinery);
        vm.prank(refinery);
        ledger.rejectShipment(mine, "S", _open(_only(lot)), "sender thrown out", YEAR_2026, TAG, _none());
        _assign(consortium, lot, refinery);
        assertEq(token.balanceOf(refinery), 1, "balance");
        assertEq(token.balanceOf(mine), 0, "balance before");
    }
}
