// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IBatchLedger} from "../interfaces/IBatchLedger.sol";
import {BatchId, FacilityId, Ids} from "../types/Ids.sol";
import {
    AllocationRule,
    BatchStatus,
    Emissions,
    ErrorReason,
    Evidence,
    IN_FULL,
    SubstanceMass
} from "../types/Values.sol";
import {Vm} from "./Base.sol";
import {World} from "./World.sol";

/// @title A random history of one mine, one refinery and one maker
/// @notice Every public action either does something valid and books it, or tries something forbidden and notes
/// whether the ledger let it through. Books are kept from what was asked and from the events, never from the
/// ledger's state.
contract Handler is World {
    struct Pending {
        address sender;
        address receiver;
        string identifier;
        BatchId[] batches;
        bool open;
    }

    BatchId[] public batches;
    mapping(BatchId batch => address) public custodian;
    mapping(BatchId batch => bytes32) public finalState;
    mapping(uint16 substance => uint256) public minted;
    mapping(uint16 substance => uint256) public lost;
    uint256 public emitted;
    uint256 public emittedPrimary;
    uint256 public breaches;
    mapping(string action => uint256) public done;

    mapping(BatchId batch => address) private _creators;
    Pending[] private _shipments;
    FacilityId[3] private _facilities;
    uint256 private _seed;
    uint256 private _names;

    function setUp() public override {
        super.setUp();
        _facilities = [mineWorks, works, _facility(maker, "plant", "plant")];
    }

    function count() external view returns (uint256) {
        return batches.length;
    }

    function batchAt(uint256 index) external view returns (IBatchLedger.Batch memory) {
        return ledger.batchOf(batches[index]);
    }

    // What may happen.

    function mint(uint256 seed) external {
        _seed = seed;
        uint64 mass = uint64(_pick(1, TONNE));
        SubstanceMass[] memory holding = _holding(COBALT, uint64(_pick(0, mass)), NICKEL, uint64(_pick(0, mass)));
        IBatchLedger.Mint memory request = _mintOf(_name(), mass);
        request.substances = holding;
        request.emissions = _emissions();
        vm.prank(mine);
        _born(ledger.mint(request), mine);
        minted[COBALT] += holding[0].mass;
        minted[NICKEL] += holding[1].mass;
        ++done["mint"];
    }

    function split(uint256 seed) external {
        _seed = seed;
        (BatchId parent, address holder, bool ok) = _usable();
        if (!ok) return;
        uint64 mass = ledger.batchOf(parent).mass;
        uint64 part = uint64(_pick(1, mass));
        IBatchLedger.SplitChild[] memory children = new IBatchLedger.SplitChild[](part < mass ? 2 : 1);
        children[0] = IBatchLedger.SplitChild(_name(), part);
        if (part < mass) children[1] = IBatchLedger.SplitChild(_name(), uint64(_pick(1, mass - part)));
        vm.prank(holder);
        ledger.split(parent, children, YEAR_2026, _none());
        for (uint256 i = 0; i < children.length; ++i) {
            _born(Ids.batch(holder, children[i].identifier), holder);
        }
        _bookFinal(parent);
        ++done["split"];
    }

    function ship(uint256 seed) external {
        _seed = seed;
        (BatchId id, address holder, bool ok) = _usable();
        if (!ok) return;
        (BatchId other, address otherHolder, bool two) = _usable();
        two = two && otherHolder == holder && BatchId.unwrap(other) != BatchId.unwrap(id);
        IBatchLedger.Offer memory offer = _offerOf(_name(), two ? _both(id, other) : _only(id), _anyone());
        offer.emissions = _emissions();
        vm.prank(holder);
        ledger.ship(offer);
        _shipments.push(Pending(holder, offer.to, offer.identifier, offer.batches, true));
        ++done["ship"];
    }

    function receiveShipment(uint256 seed) external {
        _seed = seed;
        (Pending storage pending, bool ok) = _open();
        if (!ok || _anyFrozen(pending.batches)) return;
        IBatchLedger.Arrival[] memory arrivals = new IBatchLedger.Arrival[](pending.batches.length);
        for (uint256 i = 0; i < arrivals.length; ++i) {
            uint64 mass = ledger.batchOf(pending.batches[i]).mass;
            arrivals[i] = IBatchLedger.Arrival(pending.batches[i], _chance(2) ? IN_FULL : uint64(_pick(1, mass)));
        }
        vm.recordLogs();
        vm.prank(pending.receiver);
        ledger.receiveShipment(pending.sender, pending.identifier, arrivals, YEAR_2026, _none());
        _bookLosses();
        for (uint256 i = 0; i < arrivals.length; ++i) {
            custodian[pending.batches[i]] = pending.receiver;
        }
        pending.open = false;
        ++done["receive"];
    }

    function reject(uint256 seed) external {
        _seed = seed;
        (Pending storage pending, bool ok) = _open();
        if (!ok) return;
        vm.prank(pending.receiver);
        ledger.rejectShipment(pending.sender, pending.identifier, pending.batches, "", YEAR_2026, _none());
        pending.open = false;
        ++done["reject"];
    }

    function cancel(uint256 seed) external {
        _seed = seed;
        (Pending storage pending, bool ok) = _open();
        if (!ok) return;
        vm.prank(pending.sender);
        ledger.cancelShipment(pending.identifier, pending.receiver, pending.batches, "", YEAR_2026, _none());
        pending.open = false;
        ++done["cancel"];
    }

    function transform(uint256 seed) external {
        _seed = seed;
        (BatchId id, address holder, bool ok) = _usable();
        if (!ok) return;
        (BatchId other, address otherHolder, bool two) = _usable();
        two = two && otherHolder == holder && BatchId.unwrap(other) != BatchId.unwrap(id);
        IBatchLedger.Transformation memory request = _run(_name(), two ? _both(id, other) : _only(id), 1, 0);
        request.facility = _facilities[holder == mine ? 0 : holder == refinery ? 1 : 2];
        (uint256 cobalt, uint256 nickel) = _chooseParts(request.inputs);
        request.allocation = _chance(2) ? AllocationRule.Economic : AllocationRule.Mass;
        request.outputs = _chooseOutputs(_pick(0, cobalt), _pick(0, nickel), request.allocation);
        request.emissions = _emissions();
        vm.recordLogs();
        vm.prank(holder);
        ledger.transform(request);
        _bookLosses();
        for (uint256 i = 0; i < request.outputs.length; ++i) {
            _born(Ids.batch(holder, request.outputs[i].identifier), holder);
        }
        for (uint256 i = 0; i < request.inputs.length; ++i) {
            _bookFinal(request.inputs[i].batch);
        }
        ++done["transform"];
    }

    function addEmissions(uint256 seed) external {
        _seed = seed;
        (BatchId id, address holder, bool ok) = _usable();
        if (!ok) return;
        Emissions memory emissions = _emissions();
        vm.prank(holder);
        ledger.addEmissions(id, emissions, "storage", YEAR_2026, _none());
        ++done["addEmissions"];
    }

    function retire(uint256 seed) external {
        _seed = seed;
        if (!_chance(8)) return;
        (BatchId id, address holder, bool ok) = _usable();
        if (!ok) return;
        _retire(holder, id);
        _bookFinal(id);
        ++done["retire"];
    }

    function declareError(uint256 seed) external {
        _seed = seed;
        if (!_chance(8) || batches.length == 0) return;
        uint256 index = _pick(0, batches.length - 1);
        (address creator, string memory identifier) = _birth(index);
        if (ledger.batchOf(batches[index]).frozen) return;
        _declareError(auditor, creator, identifier);
        _bookFinal(batches[index]);
        ++done["declareError"];
    }

    // What may not.

    /// @dev Someone who is not the custodian tries to use a batch; anyone tries to use a spent one.
    function steal(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        address thief = _chance(4) ? stranger : _anyone();
        BatchStatus status = ledger.batchOf(id).status;
        bool spent = status == BatchStatus.Consumed || status == BatchStatus.Retired;
        if (thief == custodian[id] && !spent) return;
        _attempt(thief, _theft(id, thief));
        ++done["steal"];
    }

    /// @dev Someone moves a token by ERC-721, or answers a shipment that is not theirs.
    function intrude(uint256 seed) external {
        _seed = seed;
        if (batches.length == 0) return;
        BatchId id = batches[_pick(0, batches.length - 1)];
        address holder = custodian[id];
        _attempt(holder, abi.encodeCall(token.transferFrom, (holder, stranger, BatchId.unwrap(id))));
        _attempt(holder, abi.encodeCall(token.approve, (stranger, BatchId.unwrap(id))));
        (Pending storage pending, bool ok) = _open();
        if (!ok) return;
        address thief = _chance(4) ? stranger : _anyone();
        if (thief != pending.receiver) {
            _attempt(thief, _answer(pending, true));
            _attempt(thief, _answer(pending, false));
        }
        if (thief != pending.sender) {
            _attempt(
                thief,
                abi.encodeCall(
                    ledger.cancelShipment,
                    (pending.identifier, pending.receiver, pending.batches, "", YEAR_2026, _none())
                )
            );
        }
        ++done["intrude"];
    }

    function _theft(BatchId id, address thief) private returns (bytes memory) {
        uint256 way = _pick(0, 4);
        if (way == 0) return abi.encodeCall(ledger.ship, (_offerOf(_name(), _only(id), _anyone())));
        if (way == 1) return abi.encodeCall(ledger.retire, (id, "", YEAR_2026, _none()));
        if (way == 2) return abi.encodeCall(ledger.addEmissions, (id, _zero(), "", YEAR_2026, _none()));
        if (way == 3) {
            IBatchLedger.SplitChild[] memory children = new IBatchLedger.SplitChild[](1);
            children[0] = IBatchLedger.SplitChild(_name(), IN_FULL);
            return abi.encodeCall(ledger.split, (id, children, YEAR_2026, _none()));
        }
        IBatchLedger.Transformation memory request = _run(_name(), _only(id), 1, 0);
        request.facility = _facilities[thief == mine ? 0 : thief == refinery ? 1 : 2];
        return abi.encodeCall(ledger.transform, (request));
    }

    function _answer(Pending storage pending, bool accept) private view returns (bytes memory) {
        if (!accept) {
            return abi.encodeCall(
                ledger.rejectShipment, (pending.sender, pending.identifier, pending.batches, "", YEAR_2026, _none())
            );
        }
        IBatchLedger.Arrival[] memory arrivals = new IBatchLedger.Arrival[](pending.batches.length);
        for (uint256 i = 0; i < arrivals.length; ++i) {
            arrivals[i] = IBatchLedger.Arrival(pending.batches[i], IN_FULL);
        }
        return
            abi.encodeCall(ledger.receiveShipment, (pending.sender, pending.identifier, arrivals, YEAR_2026, _none()));
    }

    function _attempt(address thief, bytes memory call) private {
        vm.prank(thief);
        (bool ok,) = address(ledger).call(call);
        if (ok) ++breaches;
    }

    // Choices.

    function _chooseParts(IBatchLedger.Input[] memory inputs) private returns (uint256 cobalt, uint256 nickel) {
        for (uint256 i = 0; i < inputs.length; ++i) {
            IBatchLedger.Batch memory batch = ledger.batchOf(inputs[i].batch);
            uint256 part = _chance(2) ? batch.mass : _pick(1, batch.mass);
            inputs[i].mass = uint64(part);
            cobalt += _of(batch.substances, COBALT) * part / batch.mass;
            nickel += _of(batch.substances, NICKEL) * part / batch.mass;
        }
    }

    function _chooseOutputs(uint256 cobalt, uint256 nickel, AllocationRule rule)
        private
        returns (IBatchLedger.Output[] memory outputs)
    {
        outputs = new IBatchLedger.Output[](2);
        uint256 part = _pick(0, cobalt);
        uint64[2] memory cobalts = [uint64(part), uint64(cobalt - part)];
        part = _pick(0, nickel);
        uint64[2] memory nickels = [uint64(part), uint64(nickel - part)];
        for (uint256 i = 0; i < 2; ++i) {
            uint64 weight = rule == AllocationRule.Economic ? uint64(_pick(1, 1e12)) : 0;
            uint64 mass = cobalts[i] + nickels[i] + uint64(_pick(1, TONNE));
            outputs[i] = _output(_name(), alloy, mass, weight, _holding(COBALT, cobalts[i], NICKEL, nickels[i]));
        }
    }

    function _emissions() private returns (Emissions memory emissions) {
        if (_chance(4)) return emissions;
        emissions.scope1 = uint64(_pick(0, TONNE));
        emissions.scope2 = uint64(_pick(0, TONNE));
        emissions.scope3 = uint64(_pick(0, TONNE));
        uint256 total = uint256(emissions.scope1) + emissions.scope2 + emissions.scope3;
        emissions.primary = uint64(_pick(0, total));
        emitted += total;
        emittedPrimary += emissions.primary;
    }

    function _zero() private pure returns (Emissions memory) {}

    /// @dev Some batch that its custodian can use now.
    function _usable() private returns (BatchId id, address holder, bool ok) {
        if (batches.length == 0) return (id, holder, false);
        id = batches[_pick(0, batches.length - 1)];
        IBatchLedger.Batch memory batch = ledger.batchOf(id);
        return (id, custodian[id], batch.status == BatchStatus.Active && !batch.frozen);
    }

    /// @dev Some shipment that is not answered yet.
    function _open() private returns (Pending storage pending, bool ok) {
        if (_shipments.length == 0) _shipments.push();
        uint256 start = _pick(0, _shipments.length - 1);
        pending = _shipments[start];
        for (uint256 i = 1; i < _shipments.length && !pending.open; ++i) {
            pending = _shipments[(start + i) % _shipments.length];
        }
        ok = pending.open;
    }

    function _anyFrozen(BatchId[] memory list) private view returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (ledger.batchOf(list[i]).frozen) return true;
        }
        return false;
    }

    function _anyone() private returns (address) {
        return [mine, refinery, maker][_pick(0, 2)];
    }

    function _chance(uint256 oneIn) private returns (bool) {
        return _pick(1, oneIn) == 1;
    }

    function _pick(uint256 low, uint256 high) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return bound(_seed, low, high);
    }

    // Books.

    function _name() private returns (string memory) {
        return string(abi.encodePacked("N-", bytes32(++_names)));
    }

    function _born(BatchId id, address creator) private {
        batches.push(id);
        custodian[id] = creator;
        _creators[id] = creator;
    }

    function _birth(uint256 index) private view returns (address creator, string memory identifier) {
        BatchId id = batches[index];
        creator = _creators[id];
        for (uint256 n = 1; n <= _names; ++n) {
            identifier = string(abi.encodePacked("N-", bytes32(n)));
            if (BatchId.unwrap(Ids.batch(creator, identifier)) == BatchId.unwrap(id)) break;
        }
    }

    function _bookFinal(BatchId id) private {
        IBatchLedger.Batch memory batch = ledger.batchOf(id);
        bool isFinal = batch.status == BatchStatus.Consumed || batch.status == BatchStatus.Retired;
        if (isFinal) finalState[id] = keccak256(abi.encode(batch));
    }

    function _bookLosses() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IBatchLedger.ShipmentReceived.selector) {
                (, IBatchLedger.Arrived[] memory arrived,) =
                    abi.decode(logs[i].data, (uint64, IBatchLedger.Arrived[], Evidence[]));
                for (uint256 j = 0; j < arrived.length; ++j) {
                    _bookLoss(arrived[j].losses);
                }
            }
            if (logs[i].topics[0] == IBatchLedger.Transformed.selector) {
                (,,,,, SubstanceMass[] memory losses,,,) = abi.decode(
                    logs[i].data,
                    (
                        uint64,
                        AllocationRule,
                        Emissions,
                        IBatchLedger.Taken[],
                        IBatchLedger.Made[],
                        SubstanceMass[],
                        string,
                        string,
                        Evidence[]
                    )
                );
                _bookLoss(losses);
            }
        }
    }

    function _bookLoss(SubstanceMass[] memory losses) private {
        for (uint256 i = 0; i < losses.length; ++i) {
            lost[losses[i].substance] += losses[i].mass;
        }
    }
}
