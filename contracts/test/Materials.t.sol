// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, Ids, MaterialId} from "../types/Ids.sol";
import {SubstanceSet} from "../types/SubstanceSet.sol";
import {SubstanceMass} from "../types/Values.sol";
import {Named} from "./Named.sol";
import {World} from "./World.sol";

/// @title Kinds of material, what they hold, and lots outside of it
contract MaterialsTest is World {
    MaterialId private constant UNKNOWN = MaterialId.wrap(7);
    BatchId private constant LOT = BatchId.wrap(1);

    // Defining.

    function test_defineMaterial() external {
        IParticipantRegistry.Terms memory terms = _terms(50, 100, _contents(COBALT, 3_000, 4_000));
        terms.product = true;
        MaterialId expected = Ids.material("salt-2");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.MaterialDefined(
            expected, "salt-2", "Salt", "10124-43-3", _numbers(COBALT), terms, _document()
        );
        vm.startPrank(consortium);
        registry.defineMaterial("salt-2", "Salt", "10124-43-3", _numbers(COBALT), terms, _document());
        _expect(abi.encodeWithSelector(IParticipantRegistry.MaterialAlreadyExists.selector, expected));
        registry.defineMaterial("salt-2", "Salt", "", _numbers(COBALT), terms, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidSlug.selector, "Salt"));
        registry.defineMaterial("Salt", "Salt", "", _numbers(COBALT), terms, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, "Salt\n"));
        registry.defineMaterial("salt-3", "Salt\n", "", _numbers(COBALT), terms, _none());
        _expect(abi.encodeWithSelector(IParticipantRegistry.ControlCharacter.selector, "7-1\n"));
        registry.defineMaterial("salt-3", "Salt", "7-1\n", _numbers(COBALT), terms, _none());
        vm.stopPrank();
        SubstanceSet set = registry.substancesOf(expected);
        assertTrue(set.isProduct() && !set.isWaste() && set.isBounded() && set.isTolerant(), "what it is");
        _assertTolerance(expected, 50, 100);
    }

    function test_defineMaterial_substances() external {
        IParticipantRegistry.Terms memory plain;
        vm.startPrank(consortium);
        uint16[3] memory wrong = [0, COBALT, LITHIUM];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.SubstancesNotAscending.selector, wrong[i]));
            registry.defineMaterial("odd", "Odd", "", i == 0 ? _numbers(0) : _numbers(COBALT, wrong[i]), plain, _none());
        }
        _expect(abi.encodeWithSelector(IParticipantRegistry.TooManySubstances.selector, 16, 15));
        registry.defineMaterial("too-many", "Too many", "", _first(16), plain, _none());
        vm.stopPrank();
        SubstanceSet many = registry.substancesOf(_define("many", _first(15), plain));
        (bool found,) = many.seek(15);
        assertTrue(found && many.at(14) == 15 && many.at(15) == 0, "the fifteenth");
        (found,) = many.seek(16);
        assertTrue(!found, "no sixteenth");
        SubstanceSet none = registry.substancesOf(steel);
        assertTrue(none.isDefined() && none.at(0) == 0, "none, but defined");
        assertTrue(!none.isWaste() && !none.isProduct() && !none.isBounded() && !none.isTolerant(), "plain");
        assertTrue(registry.substancesOf(slag).isWaste() && !registry.substancesOf(slag).isProduct(), "waste");
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, UNKNOWN));
        registry.substancesOf(UNKNOWN);
    }

    function test_defineMaterial_terms() external {
        IParticipantRegistry.Terms memory terms;
        (terms.waste, terms.product) = (true, true);
        _refuse(terms, abi.encodeWithSelector(IParticipantRegistry.WasteAndProduct.selector));
        _refuse(_terms(10_001, 0, new IParticipantRegistry.Content[](0)), _invalidTolerance(10_001, 0));
        _refuse(_terms(0, 10_001, new IParticipantRegistry.Content[](0)), _invalidTolerance(0, 10_001));
        _refuse(_terms(0, 0, _contents(COBALT, 4_001, 4_000)), _invalidContent(COBALT, 4_001, 4_000));
        _refuse(_terms(0, 0, _contents(COBALT, 0, 10_001)), _invalidContent(COBALT, 0, 10_001));
        _refuse(_terms(0, 0, _contents(LITHIUM, 1, 2)), _invalidContent(LITHIUM, 1, 2));
        IParticipantRegistry.Content[] memory twice = new IParticipantRegistry.Content[](2);
        twice[0] = IParticipantRegistry.Content(COBALT, 0, 1);
        twice[1] = IParticipantRegistry.Content(COBALT, 0, 2);
        _refuse(_terms(0, 0, twice), _invalidContent(COBALT, 0, 2));
        twice[0].substance = NICKEL;
        _refuse(_terms(0, 0, twice), _invalidContent(COBALT, 0, 2));
        MaterialId widest =
            _define("widest", _numbers(COBALT, NICKEL), _terms(10_000, 10_000, _contents(COBALT, 0, 10_000)));
        _assertTolerance(widest, 10_000, 10_000);
        assertTrue(!registry.substancesOf(widest).isBounded(), "from none to all is no bound");
    }

    function test_toleranceOf() external {
        _assertTolerance(ore, 0, 0);
        _assertTolerance(fines, 50, 100);
        _assertTolerance(_define("mass-only", _numbers(COBALT), _terms(1, 0, _contents(COBALT, 0, 1))), 1, 0);
        _assertTolerance(_define("metals-only", _first(15), _terms(0, 1, _contents(15, 9_999, 10_000))), 0, 1);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, UNKNOWN));
        registry.toleranceOf(UNKNOWN);
    }

    // Contents.

    function test_requireContent_isCompared_exactly() external {
        MaterialId bounded = _define("bounded", _numbers(COBALT), _terms(0, 0, _contents(COBALT, 3_000, 4_000)));
        // 30 % and 40 % of 10,001 mg are 3,000.3 mg and 4,000.4 mg.
        _assertHeld(bounded, 10_001, 3_001);
        _assertHeld(bounded, 10_001, 4_000);
        _assertOutside(bounded, 10_001, _holding(COBALT, 3_000), COBALT, 2_999);
        _assertOutside(bounded, 10_001, _holding(COBALT, 4_001), COBALT, 4_000);
        _assertHeld(bounded, 10_000, 3_000);
        _assertHeld(bounded, 10_000, 4_000);
        _assertOutside(bounded, 10_000, new SubstanceMass[](0), COBALT, 0);
        _assertHeld(bounded, type(uint64).max, type(uint64).max / 5 * 2);
    }

    function test_requireContent_ofPlainMaterialsNothing() external view {
        assertTrue(!registry.requireContent(ore, 1, _holding(COBALT, 2), LOT), "no bounds");
        assertTrue(!registry.requireContent(fines, 1, _holding(COBALT, 2), LOT), "nor with tolerances only");
        assertTrue(!registry.requireContent(slag, 1, _holding(COBALT, 1), LOT), "waste holds up to all");
    }

    function test_requireContent_unknownMaterial() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, UNKNOWN));
        registry.requireContent(UNKNOWN, 1, new SubstanceMass[](0), LOT);
    }

    /// @dev Each of fifteen substances has its own bounds, in whichever of the two words.
    function testFuzz_requireContent(uint16[15] calldata leasts, uint16[15] calldata spans, uint8 wrong, bool below)
        external
    {
        uint256 which = wrong % 15;
        IParticipantRegistry.Content[] memory contents = new IParticipantRegistry.Content[](15);
        SubstanceMass[] memory held = new SubstanceMass[](15);
        for (uint16 i = 0; i < 15; ++i) {
            uint16 least = uint16(bound(leasts[i], 1, 9_998));
            contents[i] = IParticipantRegistry.Content(i + 1, least, uint16(bound(spans[i], least, 9_999)));
            held[i] = SubstanceMass(i + 1, i % 2 == 0 ? contents[i].least : contents[i].highest);
        }
        MaterialId material = _define("fifteen", _first(15), _terms(7, 9, contents));
        _assertTolerance(material, 7, 9);
        assertTrue(!registry.requireContent(material, 10_000, held, LOT), "within");
        held[which].mass = below ? contents[which].least - 1 : contents[which].highest + 1;
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ContentOutOfBounds.selector,
                material,
                held[which].substance,
                held[which].mass,
                contents[which].least,
                contents[which].highest
            )
        );
        registry.requireContent(material, 10_000, held, LOT);
    }

    function test_requireContent_listedPartly() external {
        IParticipantRegistry.Content[] memory contents = _contents(NICKEL, 0, 100);
        MaterialId material = _define("nickel-poor", _numbers(LITHIUM, COBALT, NICKEL), _terms(0, 0, contents));
        assertTrue(!registry.requireContent(material, 10_000, _holding(COBALT, 9_000), LOT), "no nickel");
        assertTrue(!registry.requireContent(material, 10_000, _holding(COBALT, 9_000, NICKEL, 100), LOT), "little");
        _expect(abi.encodeWithSelector(IParticipantRegistry.ContentOutOfBounds.selector, material, NICKEL, 101, 0, 100));
        registry.requireContent(material, 10_000, _holding(LITHIUM, 1, NICKEL, 101), LOT);
    }

    // Lots outside.

    function test_permitContent() external {
        MaterialId bounded = _define("bounded", _numbers(COBALT), _terms(0, 0, _contents(COBALT, 3_000, 4_000)));
        MaterialId another = _define("another", _numbers(COBALT), _terms(0, 0, _contents(COBALT, 3_000, 4_000)));
        BatchId batch = Named.batch(mine, "LOT-1");
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ContentPermitted(
            batch, bounded, auditor, mine, YEAR_2026, "LOT-1", "off-specification", _document()
        );
        _permit(auditor, mine, "LOT-1", bounded);
        assertEq(MaterialId.unwrap(registry.permittedContentOf(batch)), MaterialId.unwrap(bounded), "in that material");
        assertTrue(registry.requireContent(bounded, 10_000, _holding(COBALT, 1), batch), "permitted");
        assertTrue(!registry.requireContent(bounded, 10_000, _holding(COBALT, 3_500), batch), "not needed");
        _assertOutside(another, 10_000, _holding(COBALT, 1), COBALT, 1, batch);
        _assertOutside(bounded, 10_000, _holding(COBALT, 1), COBALT, 1, Named.batch(mine, "LOT-2"));
        _assertOutside(bounded, 10_000, _holding(COBALT, 1), COBALT, 1, Named.batch(maker, "LOT-1"));
    }

    function test_permitContent_isForAuditorsAndTheConsortium_ofOthers() external {
        address[3] memory others = [mine, refinery, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            _expect(abi.encodeWithSelector(IParticipantRegistry.NotAuditorNorConsortium.selector, others[i]));
            _permit(others[i], mine, "LOT-1", ore);
        }
        _expect(abi.encodeWithSelector(IParticipantRegistry.OwnLot.selector, auditor));
        _permit(auditor, auditor, "LOT-1", ore);
        _permit(inspector, auditor, "LOT-1", ore);
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.ContentPermitted(
            Named.batch(mine, "LOT-1"), ore, consortium, mine, YEAR_2026, "LOT-1", "off-specification", _document()
        );
        _permit(consortium, mine, "LOT-1", ore);
    }

    function test_permitContent_byAnotherKeyOfTheMaker() external {
        address second = _key(0x2001);
        bytes memory consent = _consent(auditor, second);
        vm.prank(auditor);
        registry.addOperator(second, FOREVER, consent);
        _expect(abi.encodeWithSelector(IParticipantRegistry.OwnLot.selector, auditor));
        _permit(second, auditor, "LOT-1", ore);
    }

    function test_permitContent_refusals() external {
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownParticipant.selector, stranger));
        _permit(auditor, stranger, "LOT-1", ore);
        _expect(abi.encodeWithSelector(IParticipantRegistry.InvalidIdentifier.selector, ""));
        _permit(auditor, mine, "", ore);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, UNKNOWN));
        _permit(auditor, mine, "LOT-1", UNKNOWN);
    }

    // Amending.

    function test_amendMaterial_addsSubstances() external {
        IParticipantRegistry.Terms memory terms = _terms(5, 6, _contents(NICKEL, 100, 200));
        vm.expectEmit(address(registry));
        emit IParticipantRegistry.MaterialAmended(
            salt, _numbers(LITHIUM, COBALT, NICKEL), terms, YEAR_2026, "tracked from now on", _document()
        );
        _amend(salt, _numbers(LITHIUM, COBALT, NICKEL), terms);
        SubstanceSet set = registry.substancesOf(salt);
        assertTrue(set.at(0) == LITHIUM && set.at(1) == COBALT && set.at(2) == NICKEL, "in their order");
        _assertTolerance(salt, 5, 6);
        _assertOutside(salt, 10_000, _holding(COBALT, 1), NICKEL, 0, LOT);
        IParticipantRegistry.Terms memory plain;
        _amend(salt, _numbers(LITHIUM, COBALT, NICKEL), plain);
        assertTrue(!registry.requireContent(salt, 10_000, _holding(COBALT, 1), LOT), "bounds lifted");
        _assertTolerance(salt, 0, 0);
        _amend(salt, _numbers(LITHIUM, COBALT, NICKEL), _terms(5, 0, new IParticipantRegistry.Content[](0)));
        _assertTolerance(salt, 5, 0);
    }

    function test_amendMaterial_removesNone() external {
        IParticipantRegistry.Terms memory plain;
        _expect(abi.encodeWithSelector(IParticipantRegistry.SubstanceRemoved.selector, ore, COBALT));
        _amend(ore, _numbers(LITHIUM, NICKEL), plain);
        _expect(abi.encodeWithSelector(IParticipantRegistry.SubstanceRemoved.selector, ore, NICKEL));
        _amend(ore, _numbers(LITHIUM, COBALT), plain);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UnknownMaterial.selector, UNKNOWN));
        _amend(UNKNOWN, _numbers(COBALT), plain);
        _expect(abi.encodeWithSelector(IParticipantRegistry.TooManySubstances.selector, 16, 15));
        _amend(ore, _first(16), plain);
        _amend(ore, _numbers(COBALT, NICKEL), plain);
    }

    function test_amendMaterial_leavesWhatItIs() external {
        IParticipantRegistry.Terms memory terms;
        _expect(abi.encodeWithSelector(IParticipantRegistry.UseUnchangeable.selector, slag));
        _amend(slag, _numbers(COBALT, NICKEL), terms);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UseUnchangeable.selector, car));
        _amend(car, _numbers(LITHIUM, COBALT, NICKEL), terms);
        terms.waste = true;
        _expect(abi.encodeWithSelector(IParticipantRegistry.UseUnchangeable.selector, ore));
        _amend(ore, _numbers(COBALT, NICKEL), terms);
        _amend(slag, _numbers(COBALT, NICKEL), terms);
        (terms.waste, terms.product) = (false, true);
        _expect(abi.encodeWithSelector(IParticipantRegistry.UseUnchangeable.selector, ore));
        _amend(ore, _numbers(COBALT, NICKEL), terms);
        _amend(car, _numbers(LITHIUM, COBALT, NICKEL), terms);
    }

    // In short.

    function _terms(uint16 ofMass, uint16 ofSubstances, IParticipantRegistry.Content[] memory contents)
        private
        pure
        returns (IParticipantRegistry.Terms memory)
    {
        return IParticipantRegistry.Terms(false, false, ofMass, ofSubstances, contents);
    }

    function _contents(uint16 substance, uint16 least, uint16 highest)
        private
        pure
        returns (IParticipantRegistry.Content[] memory list)
    {
        list = new IParticipantRegistry.Content[](1);
        list[0] = IParticipantRegistry.Content(substance, least, highest);
    }

    function _refuse(IParticipantRegistry.Terms memory terms, bytes memory reason) private {
        _expect(reason);
        _define("odd", _numbers(COBALT, NICKEL), terms);
    }

    function _amend(MaterialId material, uint16[] memory substances, IParticipantRegistry.Terms memory terms) private {
        vm.prank(consortium);
        registry.amendMaterial(material, substances, terms, "tracked from now on", YEAR_2026, _document());
    }

    function _permit(address account, address participant, string memory identifier, MaterialId material) private {
        vm.prank(account);
        registry.permitContent(participant, identifier, material, "off-specification", YEAR_2026, _document());
    }

    function _assertHeld(MaterialId material, uint64 mass, uint64 cobalt) private view {
        assertTrue(!registry.requireContent(material, mass, _holding(COBALT, cobalt), LOT), "within");
    }

    function _assertOutside(
        MaterialId material,
        uint64 mass,
        SubstanceMass[] memory substances,
        uint16 substance,
        uint256 content
    ) private {
        _assertOutside(material, mass, substances, substance, content, LOT);
    }

    function _assertOutside(
        MaterialId material,
        uint64 mass,
        SubstanceMass[] memory substances,
        uint16 substance,
        uint256 content,
        BatchId batch
    ) private {
        (uint16 least, uint16 highest) = substance == COBALT ? (3_000, 4_000) : (100, 200);
        _expect(
            abi.encodeWithSelector(
                IParticipantRegistry.ContentOutOfBounds.selector, material, substance, content, least, highest
            )
        );
        registry.requireContent(material, mass, substances, batch);
    }

    function _assertTolerance(MaterialId material, uint256 ofMass, uint256 ofSubstances) private view {
        (uint16 mass, uint16 substances) = registry.toleranceOf(material);
        assertEq(mass, ofMass, "of mass");
        assertEq(substances, ofSubstances, "of substances");
    }

    function _invalidTolerance(uint16 mass, uint16 substances) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipantRegistry.InvalidTolerance.selector, mass, substances);
    }

    function _invalidContent(uint16 substance, uint16 least, uint16 highest) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipantRegistry.InvalidContent.selector, substance, least, highest);
    }

    function _first(uint16 count) private pure returns (uint16[] memory list) {
        list = new uint16[](count);
        for (uint16 i = 0; i < count; ++i) {
            list[i] = i + 1;
        }
    }
}
