// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {BatchId, MaterialId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {AllocationRule, Origin, SubstanceMass} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {World} from "./World.sol";

/// @title What a material holds at least and at most
contract ContentsTest is World {
    MaterialId private _hydroxide;

    function setUp() public override {
        super.setUp();
        IParticipantRegistry.Terms memory terms;
        terms.contents = new IParticipantRegistry.Content[](1);
        terms.contents[0] = IParticipantRegistry.Content(COBALT, 3_000, 4_000);
        _hydroxide = _define("hydroxide", _numbers(COBALT), terms);
        _approve(pit, _hydroxide, MINED, CAPACITY);
    }

    function _outside(uint256 content) private view returns (bytes memory) {
        return abi.encodeWithSelector(
            IParticipantRegistry.ContentOutOfBounds.selector, _hydroxide, COBALT, content, 3_000, 4_000
        );
    }

    function _lot(string memory name, uint64 cobalt) private view returns (ILedgerRecords.Mint memory request) {
        request = _mintOf(name, 1_000);
        (request.material, request.substances) = (_hydroxide, _holding(COBALT, cobalt));
    }

    function _permit(string memory name) private {
        vm.prank(auditor);
        registry.permitContent(mine, name, _hydroxide, "tried", YEAR_2026, _none());
    }

    function test_mint_insideOrPermitted() external {
        uint64[2] memory wrong = [uint64(299), 401];
        for (uint256 i = 0; i < 2; ++i) {
            _expect(_outside(uint256(wrong[i]) * 10));
            vm.prank(mine);
            ledger.mint(_lot("A", wrong[i]));
        }
        vm.startPrank(mine);
        ledger.mint(_lot("LEAST", 300));
        ledger.mint(_lot("MOST", 400));
        vm.stopPrank();
        _permit("A");
        vm.recordLogs();
        vm.prank(mine);
        ledger.mint(_lot("A", 299));
        assertTrue(_minted(), "says that it is outside");
        vm.recordLogs();
        vm.prank(mine);
        ledger.mint(_lot("INSIDE", 350));
        assertTrue(!_minted(), "is not");
    }

    function _minted() private returns (bool offSpecification) {
        (,,,, offSpecification) =
            abi.decode(_dataOf(ILedgerRecords.BatchMinted.selector), (MaterialId, Origin, uint64, uint64, bool));
    }

    /// @dev Tonnes of a material cannot be made of a milligram of another, nor without what makes it that material.
    function test_transform_insideOrPermitted() external {
        BatchId id = _mintWith("ORE", TONNE, _holding(COBALT, 400), 0);
        ILedgerRecords.Transformation memory run = _run("RUN-1", _only(id), LARGEST, 400);
        run.outputs[0].material = _hydroxide;
        _refused(_outside(0));
        _transform(mine, run);
        run.outputs[0].substances = new SubstanceMass[](0);
        _refused(_outside(0));
        _transform(mine, run);
        run.outputs[0] = _output("GOOD", _hydroxide, 1_000, 0, _holding(COBALT, 400));
        run.outputs[0].mass = 999;
        _refused(_outside(4_004));
        _transform(mine, run);
        _permit("GOOD");
        vm.recordLogs();
        _transform(mine, run);
        (,,,,, ILedgerRecords.Made[] memory made) = abi.decode(
            _dataOf(ILedgerRecords.Transformed.selector),
            (uint64, bool, AllocationRule, Emissions, ILedgerRecords.Taken[], ILedgerRecords.Made[])
        );
        assertTrue(made[0].offSpecification, "says that it is outside");
    }

    /// @dev A permit is of one lot, in one material.
    function test_aPermitIsOfOneLot() external {
        _permit("A");
        _expect(_outside(2_990));
        vm.prank(mine);
        ledger.mint(_lot("B", 299));
    }

    function _dataOf(bytes32 topic) private returns (bytes memory data) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == topic) data = logs[i].data;
        }
    }
}
