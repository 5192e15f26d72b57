// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, EmissionsRecordId, FacilityId, MaterialId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {
    BatchStatus,
    ErrorReason,
    Origin,
    OriginKind,
    ParticipantStatus,
    Retirement,
    SubstanceMass
} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title Minting, emissions, retiring, errors, and the token
contract BatchesTest is World {
    // Mint.

    function test_mint() external {
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", 24 * TONNE);
        request.substances = _holding(COBALT, 8 * TONNE, NICKEL, 0);
        request.emissions = _scopes(40, 12, 4, 52);
        request.pieces = 20;
        request.evidence = _document();
        BatchId expected = Named.batch(mine, "LOT-1");
        vm.expectEmit(address(ledger));
        emit IERC721.Transfer(address(0), mine, BatchId.unwrap(expected));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchMinted(
            expected,
            mine,
            pit,
            ore,
            Origin.Mined,
            24 * TONNE,
            20,
            false,
            YEAR_2026,
            request.emissions,
            request.substances,
            "LOT-1",
            request.evidence
        );
        vm.prank(mine);
        ledger.mint(request);
        _assertPools(expected, 24 * TONNE, 8 * TONNE, 56, 0, 52);
        _assertStatus(expected, BatchStatus.Active);
        assertEq(ledger.batchOf(expected).substances.length, 2, "zero is listed too");
        assertEq(token.ownerOf(BatchId.unwrap(expected)), mine, "custodian");
        assertEq(ledger.batchOf(expected).custodian, mine, "custodian");
        assertEq(token.balanceOf(mine), 1, "balance");
    }

    function test_mint_byAnotherKeyBelongsToTheParticipant() external {
        address key = _key(0x2001);
        bytes memory consent = _consent(mine, key);
        vm.prank(mine);
        registry.addOperator(key, FOREVER, consent);
        vm.prank(key);
        BatchId id = ledger.mint(_mintOf("LOT-1", TONNE));
        assertEq(token.ownerOf(BatchId.unwrap(id)), mine, "custodian");
        assertEq(BatchId.unwrap(id), BatchId.unwrap(Named.batch(mine, "LOT-1")), "id");
    }

    function test_mint_sameIdentifierTwice() external {
        BatchId id = _mint("LOT-1", TONNE, 0);
        _expectMint(_mintOf("LOT-1", TONNE), abi.encodeWithSelector(ILedgerRecords.BatchAlreadyExists.selector, id));
        _mint("LOT-2", TONNE, 0);
    }

    function _expectMint(ILedgerRecords.Mint memory request, bytes memory reason) private {
        _expect(reason);
        vm.prank(mine);
        ledger.mint(request);
    }

    function test_mint_needsAnApprovedOriginOfOnesOwn() external {
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", TONNE);
        request.material = salt;
        _expectMint(
            request, abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, pit, salt, Origin.Mined)
        );
        request.material = MaterialId.wrap(7);
        _expectMint(request, abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, MaterialId.wrap(7)));
        request.material = ore;
        request.facility = mineWorks;
        _expectMint(request, abi.encodeWithSelector(IParticipantRegistry.NotAnOrigin.selector, mineWorks));
        request.facility = yard;
        _expectMint(
            request, abi.encodeWithSelector(IParticipantRegistry.ForeignFacility.selector, yard, mine, recycler)
        );
        request.facility = FacilityId.wrap(7);
        _expectMint(request, abi.encodeWithSelector(IParticipantRegistry.UnknownFacility.selector, FacilityId.wrap(7)));
        request.facility = pit;
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger));
        vm.prank(stranger);
        ledger.mint(request);
        _suspend(mine);
        _expectMint(
            request,
            abi.encodeWithSelector(
                IParticipantRegistry.ParticipantNotActive.selector, mine, ParticipantStatus.Suspended
            )
        );
    }

    function test_mint_originFitsTheFacility() external {
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", TONNE);
        request.origin = Origin.PostConsumer;
        _expectMint(
            request,
            abi.encodeWithSelector(
                IParticipantRegistry.OriginMismatch.selector, pit, OriginKind.Mine, Origin.PostConsumer
            )
        );
        request.facility = yard;
        request.material = scrap;
        vm.startPrank(recycler);
        ledger.mint(request);
        request.identifier = "LOT-2";
        request.origin = Origin.PreConsumer;
        ledger.mint(request);
        request.identifier = "LOT-3";
        request.origin = Origin.Mined;
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.OriginMismatch.selector, yard, OriginKind.Recycler, Origin.Mined
            )
        );
        ledger.mint(request);
        vm.stopPrank();
    }

    function test_mint_untracedWhereApprovedAndWithACapacityOfItsOwn() external {
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", 10);
        request.origin = Origin.Untraced;
        _expectMint(
            request, abi.encodeWithSelector(IParticipantRegistry.OriginNotApproved.selector, pit, ore, Origin.Untraced)
        );
        _approve(pit, ore, UNTRACED, 10);
        vm.prank(mine);
        ledger.mint(request);
        assertEq(ledger.mintedIn(pit, ore, Origin.Untraced, 2026), 10, "counted by itself");
        assertEq(ledger.mintedIn(pit, ore, Origin.Mined, 2026), 0, "and nowhere else");
        request.identifier = "LOT-2";
        request.mass = 1;
        _expectMint(
            request,
            abi.encodeWithSelector(ILedgerRecords.CapacityExceeded.selector, pit, ore, Origin.Untraced, 2026, 1, 0)
        );
        request.facility = mineWorks;
        request.material = salt;
        _approve(mineWorks, salt, UNTRACED, 10);
        vm.prank(mine);
        ledger.mint(request);
    }

    function test_mint_insideTheApprovalsPeriodAndNotInTheFuture() external {
        uint64 until = YEAR_2026 + 2 days;
        vm.prank(consortium);
        registry.approveOrigin(pit, ore, MINED, CAPACITY, YEAR_2026 - 10, until, YEAR_2026, _none());
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", 1);
        request.occurredAt = YEAR_2026 - 11;
        _expectMint(request, _notInForce(request.occurredAt));
        request.occurredAt = YEAR_2026 + 1 days + 1;
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.InTheFuture.selector, request.occurredAt, YEAR_2026));
        --request.occurredAt;
        vm.prank(mine);
        ledger.mint(request);
        vm.warp(until);
        request.identifier = "LOT-2";
        request.occurredAt = until;
        vm.prank(mine);
        ledger.mint(request);
        request.identifier = "LOT-3";
        request.occurredAt = until + 1;
        _expectMint(request, _notInForce(request.occurredAt));
    }

    function _notInForce(uint64 occurredAt) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IParticipantRegistry.ApprovalNotInForce.selector,
            pit,
            ore,
            Origin.Mined,
            occurredAt,
            YEAR_2026 - 10,
            YEAR_2026 + 2 days
        );
    }

    function test_mint_capacityPerCalendarYear() external {
        _mint("LOT-1", CAPACITY - 1, 0);
        assertEq(ledger.mintedIn(pit, ore, Origin.Mined, 2026), CAPACITY - 1, "minted");
        _expectMint(
            _mintOf("LOT-2", 2),
            abi.encodeWithSelector(ILedgerRecords.CapacityExceeded.selector, pit, ore, Origin.Mined, 2026, 2, 1)
        );
        _mint("LOT-3", 1, 0);
        ILedgerRecords.Mint memory request = _mintOf("LOT-4", CAPACITY);
        request.occurredAt = 1_767_225_599; // the last second of 2025
        vm.prank(mine);
        ledger.mint(request);
        request.identifier = "LOT-5";
        _expectMint(
            request,
            abi.encodeWithSelector(ILedgerRecords.CapacityExceeded.selector, pit, ore, Origin.Mined, 2025, CAPACITY, 0)
        );
    }

    function test_mint_capacityLoweredBelowWhatWasMinted() external {
        _mint("LOT-1", 10, 0);
        _approve(pit, ore, MINED, 5);
        _expectMint(
            _mintOf("LOT-2", 1),
            abi.encodeWithSelector(ILedgerRecords.CapacityExceeded.selector, pit, ore, Origin.Mined, 2026, 1, 0)
        );
        _approve(pit, ore, MINED, 11);
        _mint("LOT-2", 1, 0);
    }

    function test_mint_quantities() external {
        _approve(pit, ore, MINED, type(uint64).max);
        _expectMint(_mintOf("LOT-1", 0), abi.encodeWithSelector(ILedgerRecords.ZeroMass.selector));
        _expectMint(_mintOf("LOT-1", LARGEST + 1), _tooLarge(uint256(LARGEST) + 1));
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", LARGEST);
        request.substances = _holding(COBALT, LARGEST);
        request.emissions = _scopes(LARGEST - 2, 1, 1, LARGEST);
        vm.prank(mine);
        _assertPools(ledger.mint(request), LARGEST, LARGEST, LARGEST, 0, LARGEST);
        request = _mintOf("LOT-2", 1);
        request.emissions = _scopes(LARGEST, 1, 0, 0);
        _expectMint(request, _tooLarge(uint256(LARGEST) + 1));
        request.emissions = _scopes(type(uint64).max, type(uint64).max, type(uint64).max, 0);
        _expectMint(request, _tooLarge(3 * uint256(type(uint64).max)));
        request.emissions = _scopes(1, 2, 3, 7);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 7, 6));
        request.emissions = _scopes(1, 2, 3, 6);
        vm.prank(mine);
        ledger.mint(request);
    }

    function _tooLarge(uint256 quantity) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILedgerRecords.QuantityTooLarge.selector, quantity, LARGEST);
    }

    function test_mint_substances() external {
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", 100);
        request.substances = _holding(COBALT, 101);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstancesExceedMass.selector, 101, 100));
        request.substances = _holding(COBALT, 51, NICKEL, 50);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstancesExceedMass.selector, 101, 100));
        request.substances = _holding(COBALT, type(uint64).max, NICKEL, type(uint64).max);
        _expectMint(
            request,
            abi.encodeWithSelector(ILedgerRecords.SubstancesExceedMass.selector, 2 * uint256(type(uint64).max), 100)
        );
        request.substances = _holding(LITHIUM, 1);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstanceNotInMaterial.selector, ore, LITHIUM));
        request.substances = _holding(NICKEL, 1, COBALT, 1);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, COBALT));
        request.substances = _holding(COBALT, 1, COBALT, 1);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, COBALT));
        request.substances = _holding(0, 1);
        _expectMint(request, abi.encodeWithSelector(ILedgerRecords.SubstancesNotAscending.selector, 0));
        request.substances = _holding(COBALT, 60, NICKEL, 40);
        vm.prank(mine);
        ledger.mint(request);
    }

    function test_mint_identifiers() external {
        bytes memory longest = new bytes(256);
        for (uint256 i = 0; i < longest.length; ++i) {
            longest[i] = "x";
        }
        string[4] memory bad = ["", string.concat(string(longest), "x"), "a\x00b", "lot\n"];
        for (uint256 i = 0; i < bad.length; ++i) {
            _expectMint(_mintOf(bad[i], 1), abi.encodeWithSelector(ILedgerRecords.InvalidIdentifier.selector, bad[i]));
        }
        _mint(string(longest), 1, 0);
    }

    function testFuzz_mint_keepsEverySubstance(uint8 count, uint256 seed) external {
        uint16 n = uint16(bound(count, 0, 15));
        uint16[] memory numbers = new uint16[](n);
        SubstanceMass[] memory holding = new SubstanceMass[](n);
        for (uint16 i = 0; i < n; ++i) {
            numbers[i] = 100 * (i + 1);
            holding[i] =
                SubstanceMass(numbers[i], uint64(bound(uint256(keccak256(abi.encode(seed, i))), 0, TONNE / 15)));
        }
        IParticipantRegistry.Terms memory terms;
        MaterialId material = _define("many", numbers, terms);
        _approve(pit, material, MINED, CAPACITY);
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", TONNE);
        request.material = material;
        request.substances = holding;
        vm.prank(mine);
        SubstanceMass[] memory kept = ledger.batchOf(ledger.mint(request)).substances;
        assertTrue(keccak256(abi.encode(kept)) == keccak256(abi.encode(holding)), "the same list");
    }

    // Emissions in custody.

    function test_addEmissions() external {
        BatchId id = _mintWith("LOT-1", TONNE, _holding(COBALT, 1), 10);
        Emissions memory emissions = Emissions(_lanes(1, 2, 3, 4), _lanes(6, 5, 4, 100));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.EmissionsAdded(id, mine, YEAR_2026, emissions, 16, "STORE-1", "storage", _document());
        vm.prank(mine);
        ledger.addEmissions(id, emissions, "STORE-1", "storage", YEAR_2026, _document());
        _assertPools(id, TONNE, 1, 16, 0, 14);
        EmissionsRecordId record = Named.emissionsRecord(mine, "STORE-1");
        assertTrue(ledger.emissionsRecordOf(record) == keccak256(abi.encode(id, emissions)), "commitment");
        assertEq(ledger.batchOf(id).events, 2, "events");
        _expect(abi.encodeWithSelector(ILedgerRecords.EmissionsRecordAlreadyExists.selector, record));
        vm.prank(mine);
        ledger.addEmissions(id, emissions, "STORE-1", "storage", YEAR_2026, _none());
        _add(mine, id, emissions);
        _add(mine, id, emissions);
        assertEq(ledger.batchOf(id).ownCo2e, 28, "without a name as often as one likes");
    }

    function test_emissions_noPartExceedsThem() external {
        Emissions memory emissions = _scopes(1, 2, 3, 6);
        emissions.parts = _lanes(6, 6, 6, type(uint64).max);
        ILedgerRecords.Mint memory request = _mintOf("LOT-1", TONNE);
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 7, 6);
        for (uint256 i = 0; i < 4; ++i) {
            Emissions memory other = abi.decode(abi.encode(emissions), (Emissions));
            if (i == 0) other.amounts += 1 << 192;
            else other.parts += 1 << (64 * (i - 1));
            request.emissions = other;
            _expectMint(request, reason);
        }
        request.emissions = emissions;
        vm.prank(mine);
        ledger.mint(request);
    }

    function test_addEmissions_refusals() external {
        BatchId id = _mintWith("LOT-1", TONNE, _holding(COBALT, 1), LARGEST);
        _expectEmissions(mine, id, _scopes(1, 0, 0, 0), _tooLarge(uint256(LARGEST) + 1));
        _expectEmissions(
            mine, id, _scopes(0, 0, 1, 2), abi.encodeWithSelector(ILedgerRecords.PartExceedsEmissions.selector, 2, 1)
        );
        _expectEmissions(
            maker,
            id,
            _scopes(0, 0, 0, 0),
            abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, id, maker, mine)
        );
        _expectEmissions(
            stranger,
            id,
            _scopes(0, 0, 0, 0),
            abi.encodeWithSelector(IParticipantRegistry.UnknownOperator.selector, stranger)
        );
        _expectEmissions(
            mine,
            BatchId.wrap(7),
            _scopes(0, 0, 0, 0),
            abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, BatchId.wrap(7))
        );
    }

    function _expectEmissions(address caller, BatchId id, Emissions memory emissions, bytes memory reason) private {
        _expect(reason);
        vm.prank(caller);
        ledger.addEmissions(id, emissions, "", "storage", YEAR_2026, _none());
    }

    function test_blockedParticipant_stillReportsEmissionsRetiresAndDeclaresErrors() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        _mint("LOT-2", TONNE, 1);
        _suspend(mine);
        _add(mine, id, _scope1(1, 0));
        _retire(mine, id);
        _declareError(mine, mine, "LOT-2");
    }

    // Retiring.

    function test_retire_isFinal() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.BatchRetired(id, mine, Retirement.ConsumedOutside, YEAR_2026, "used up", _none());
        vm.prank(mine);
        ledger.retire(id, Retirement.ConsumedOutside, 1, "used up", YEAR_2026, _none());
        _assertStatus(id, BatchStatus.Retired);
        _assertPools(id, TONNE, 1, 0, 0, 0);
        _assertUnusable(id, abi.encodeWithSelector(ILedgerRecords.BatchNotActive.selector, id, BatchStatus.Retired));
    }

    function test_retire_byTheCustodianOnly() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        _refused(abi.encodeWithSelector(ILedgerRecords.NotCustodian.selector, id, maker, mine));
        _retire(maker, id);
        _refused(abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, BatchId.wrap(7)));
        _retire(mine, BatchId.wrap(7));
    }

    function _assertUnusable(BatchId id, bytes memory reason) private {
        _expectEmissions(mine, id, _scopes(0, 0, 0, 0), reason);
        _refused(reason);
        _retire(mine, id);
        _assertImmovable(id, reason);
    }

    function _assertImmovable(BatchId id, bytes memory reason) private {
        _refused(reason);
        _split(mine, id, "LOT-1-A", 1);
        _refused(reason);
        _ship(mine, "SEA-1", _only(id), maker);
        _refused(reason);
        _transform(mine, _run("RUN-1", _only(id), 1, 0));
    }

    // Declared errors.

    function test_declareError_ofOnesOwnStockFreezes() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        BatchId[] memory corrective = _only(Named.batch(mine, "LOT-1-R"));
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ErrorDeclared(
            id, mine, false, true, ErrorReason.DidNotOccur, YEAR_2026, corrective, _document()
        );
        vm.prank(mine);
        ledger.declareError(mine, "LOT-1", ErrorReason.DidNotOccur, corrective, YEAR_2026, _document());
        ILedgerRecords.Batch memory batch = ledger.batchOf(id);
        assertTrue(batch.frozen && batch.disputed && !batch.errorByAuditor, "frozen by its maker");
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.BatchIsFrozen.selector, id);
        _expectEmissions(mine, id, _scopes(0, 0, 0, 0), reason);
        _assertImmovable(id, reason);
        _expect(abi.encodeWithSelector(ILedgerRecords.ErrorAlreadyDeclared.selector, id));
        _declareError(mine, mine, "LOT-1");
    }

    function test_declareError_byCreatorOrAuditor() external {
        for (uint256 i = 1; i <= 3; ++i) {
            string memory name = string(abi.encodePacked("LOT-", bytes1(uint8(48 + i))));
            _handOver(mine, name, _mint(name, TONNE, 1), maker);
        }
        _expectDeclaredBy("LOT-1", mine, false, false);
        _declareError(mine, mine, "LOT-1");
        _expectDeclaredBy("LOT-2", auditor, true, true);
        _declareError(auditor, mine, "LOT-2");
        BatchId id = Named.batch(mine, "LOT-3");
        address[3] memory others = [maker, refinery, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            _expect(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, id, others[i]));
            _declareError(others[i], mine, "LOT-3");
        }
    }

    function _expectDeclaredBy(string memory name, address by, bool byAuditor, bool freezes) private {
        vm.expectEmit(address(ledger));
        emit ILedgerRecords.ErrorDeclared(
            Named.batch(mine, name),
            by,
            byAuditor,
            freezes,
            ErrorReason.IncorrectData,
            YEAR_2026,
            new BatchId[](0),
            _none()
        );
    }

    function test_declareError_notByARevokedKeyEvenTheFirst() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        address key = _key(0x2001);
        bytes memory consent = _consent(mine, key);
        vm.prank(mine);
        registry.rotateOperator(mine, key, FOREVER, consent);
        _expect(abi.encodeWithSelector(ILedgerRecords.NotCreatorNorAuditor.selector, id, mine));
        _declareError(mine, mine, "LOT-1");
        _declareError(key, mine, "LOT-1");
    }

    function test_declareError_ofAConsumedBatch() external {
        BatchId id = _mint("LOT-1", TONNE, 1);
        _transform(mine, _run("RUN-1", _only(id), 1, 0));
        _declareError(mine, mine, "LOT-1");
        _assertStatus(id, BatchStatus.Consumed);
        assertTrue(ledger.batchOf(id).frozen, "frozen");
    }

    function test_declareError_unknownBatch() external {
        BatchId id = Named.batch(mine, "LOT-1");
        _expect(abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, id));
        _declareError(mine, mine, "LOT-1");
        _expect(abi.encodeWithSelector(ILedgerRecords.UnknownBatch.selector, id));
        ledger.batchOf(id);
    }

    // The token.

    function test_token_neverMovesByErc721() external {
        uint256 id = BatchId.unwrap(_mint("LOT-1", TONNE, 1));
        bytes memory reason = abi.encodeWithSelector(ILedgerRecords.CustodyByHandshakeOnly.selector);
        vm.startPrank(mine);
        _expect(reason);
        token.transferFrom(mine, maker, id);
        _expect(reason);
        token.safeTransferFrom(mine, maker, id);
        _expect(reason);
        token.safeTransferFrom(mine, maker, id, "");
        _expect(reason);
        token.approve(maker, id);
        _expect(reason);
        token.setApprovalForAll(maker, true);
        vm.stopPrank();
        assertEq(token.getApproved(id), address(0), "no approval");
        assertTrue(!token.isApprovedForAll(mine, maker), "none for all");
        assertEq(token.ownerOf(id), mine, "custodian");
    }

    function test_token_isAnErc721() external view {
        assertTrue(token.supportsInterface(type(IERC721).interfaceId), "ERC-721");
        assertTrue(token.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        assertTrue(token.supportsInterface(0xb45a3c0e), "ERC-5192: locked");
        assertTrue(!token.supportsInterface(0xffffffff), "nothing else");
        assertTrue(bytes(token.name()).length != 0 && bytes(token.symbol()).length != 0, "has a name");
        assertEq(address(ledger.admission()), address(registry), "asks the registry");
    }

    function test_sizes_fitEip170() external view {
        assertTrue(address(ledger).code.length <= 24_576, "ledger");
        assertTrue(address(registry).code.length <= 24_576, "registry");
        assertTrue(address(manager).code.length <= 24_576, "manager");
    }
}
