// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, FacilityId, MaterialId} from "../types/Ids.sol";
import {Emissions} from "../types/Emissions.sol";
import {
    AllocationRule,
    BatchStatus,
    Difference,
    Evidence,
    Origin,
    Retirement,
    SubstanceMass
} from "../types/Values.sol";
import {Ghosts} from "./Ghosts.sol";
import {Named} from "./Named.sol";

/// @title What a random history is full of: minting, splitting, shipping, answering, transforming, retiring
abstract contract DailyActs is Ghosts {
    function mint(uint256 seed) external {
        _seed = seed;
        ILedgerRecords.Mint memory request = _chooseMint();
        if (!_call(mine, abi.encodeCall(ledger.mint, (request)), "mint")) return;
        ILedgerRecords.MintEntry memory entry = _mintEntry(request);
        _born(Named.batch(mine, request.identifier), mine, request.identifier, Making.Minted, abi.encode(entry));
        _bookAll(minted, request.substances, 1);
        _bookEmissions(request.emissions);
        quota[request.material][request.origin] += int256(uint256(request.mass));
        if (request.origin == Origin.Untraced) _darken(Named.batch(mine, request.identifier));
    }

    /// @dev Ore, or fines, which may be measured again; sometimes of an origin that nobody can show.
    function _chooseMint() internal returns (ILedgerRecords.Mint memory request) {
        uint64 mass = uint64(_pick(1, TONNE));
        request = _mintOf(_name(), mass);
        if (_chance(2)) request.material = fines;
        if (_chance(3)) request.origin = Origin.Untraced;
        uint64 cobalt = uint64(_pick(0, mass));
        request.substances = _holding(COBALT, cobalt, NICKEL, uint64(_pick(0, mass - cobalt)));
        request.emissions = _emissions();
    }

    function split(uint256 seed) external {
        _seed = seed;
        (BatchId parent, ILedgerRecords.Batch memory batch, bool ok) = _usable();
        if (!ok) return;
        ILedgerRecords.SplitChild[] memory children = _chooseChildren(batch.mass);
        bytes memory input = abi.encodeCall(ledger.split, (parent, children, YEAR_2026, _none()));
        if (!_call(batch.custodian, input, "split")) return;
        _name(_only(parent));
        bytes memory entry = abi.encode(ILedgerRecords.SplitEntry(parent, _salt()));
        for (uint256 i = 0; i < children.length; ++i) {
            string memory identifier = children[i].identifier;
            BatchId child = Named.batch(batch.custodian, identifier);
            _born(child, batch.custodian, identifier, Making.Split, entry);
            _spread(parent, child);
        }
    }

    function _chooseChildren(uint64 mass) internal returns (ILedgerRecords.SplitChild[] memory children) {
        uint64 part = uint64(_pick(1, mass));
        children = new ILedgerRecords.SplitChild[](part < mass ? 2 : 1);
        children[0] = ILedgerRecords.SplitChild(_name(), part);
        if (part < mass) children[1] = ILedgerRecords.SplitChild(_name(), uint64(_pick(1, mass - part)));
    }

    function ship(uint256 seed) external {
        _seed = seed;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _usable();
        if (!ok) return;
        (BatchId other, ILedgerRecords.Batch memory second, bool two) = _usable();
        two = two && second.custodian == batch.custodian && BatchId.unwrap(other) != BatchId.unwrap(id);
        ILedgerRecords.Offer memory offer = _offerOf(_name(), two ? _both(id, other) : _only(id), _anyone());
        offer.emissions = _emissions();
        if (_call(batch.custodian, abi.encodeCall(ledger.ship, (offer)), "ship")) _shipped(batch.custodian, offer);
    }

    function _shipped(address sender, ILedgerRecords.Offer memory offer) internal {
        _shipments.push(Shipping(sender, offer.to, offer.identifier, offer.emissions, offer.batches, offer.batches));
        _bookEmissions(offer.emissions);
        _name(offer.batches);
    }

    function receiveShipment(uint256 seed) external {
        _seed = seed;
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok) return;
        BatchId[] memory lots = shipping.open;
        ILedgerRecords.Batch[] memory before = _batchesOf(lots);
        bytes memory input = abi.encodeCall(
            ledger.receiveShipment,
            (shipping.sender, shipping.identifier, _openOf(shipping), _expected(lots), YEAR_2026, TAG, _none())
        );
        if (!_call(shipping.receiver, input, "receive")) return;
        for (uint256 i = 0; i < lots.length; ++i) {
            _arrivals[lots[i]] = Difference.None;
            _arrivedAt(shipping, lots[i], before[i], false);
        }
        _name(lots);
    }

    function _batchesOf(BatchId[] memory list) internal view returns (ILedgerRecords.Batch[] memory states) {
        states = new ILedgerRecords.Batch[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            states[i] = ledger.batchOf(list[i]);
        }
    }

    /// @dev A lot changed hands. Keeps what a reversal shows again.
    /// @param changed Whether the answer changed its substances.
    function _arrivedAt(Shipping storage shipping, BatchId lot, ILedgerRecords.Batch memory before, bool changed)
        internal
    {
        ILedgerRecords.Batch memory batch = ledger.batchOf(lot);
        ILedgerRecords.ReceiptEntry memory entry;
        entry.shipment = _shipmentId(shipping.sender, shipping.identifier);
        entry.sender = shipping.sender;
        entry.returning = before.status == BatchStatus.Returning;
        entry.uses = before.uses + 1 < 31 ? before.uses + 1 : 31;
        (entry.mass, entry.arrived) = (before.mass, batch.mass);
        entry.differences = _word(before.tolerance);
        entry.arrivedDifferences = _word(batch.tolerance);
        if (changed) (entry.substances, entry.arrivedSubstances) = (before.substances, batch.substances);
        (entry.receivedAt, entry.salt) = (uint64(block.timestamp), _salt());
        _births[lot].receipt = abi.encode(ILedgerRecords.Receipt(entry, before.trail));
        custodian[lot] = shipping.receiver;
        _drop(shipping.open, lot);
    }

    /// @dev Answers for lots one by one: as sent, less, dried, measured, refused, or not at all.
    function answer(uint256 seed) external {
        _seed = seed;
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok) return;
        BatchId[] memory lots = shipping.open;
        ILedgerRecords.Batch[] memory before = _batchesOf(lots);
        ILedgerRecords.Answer[] memory answers = new ILedgerRecords.Answer[](_pick(1, lots.length));
        uint256 first = _pick(0, lots.length - answers.length);
        for (uint256 i = 0; i < answers.length; ++i) {
            answers[i] = _chooseAnswer(lots[first + i], before[first + i]);
        }
        _tryAnswer(shipping, answers);
    }

    function _tryAnswer(Shipping storage shipping, ILedgerRecords.Answer[] memory answers) internal returns (bool) {
        ILedgerRecords.Batch[] memory before = new ILedgerRecords.Batch[](answers.length);
        for (uint256 i = 0; i < answers.length; ++i) {
            before[i] = ledger.batchOf(answers[i].batch);
        }
        bytes memory input = abi.encodeCall(
            ledger.answerShipment,
            (shipping.sender, shipping.identifier, _openOf(shipping), answers, "wet", YEAR_2026, TAG, _none())
        );
        if (!_call(shipping.receiver, input, "answer")) return false;
        for (uint256 i = 0; i < answers.length; ++i) {
            _answered(shipping, answers[i], before[i]);
        }
        return true;
    }

    function _chooseAnswer(BatchId lot, ILedgerRecords.Batch memory batch)
        internal
        returns (ILedgerRecords.Answer memory chosen)
    {
        chosen = _arrived(lot, batch.mass, Difference.None);
        uint256 way = _pick(0, 5);
        if (way == 0) chosen.refused = true;
        if (chosen.refused) chosen.mass = 0;
        if (way == 1 && batch.mass > 1) {
            (chosen.mass, chosen.difference) = (uint64(_pick(1, batch.mass - 1)), Difference.Loss);
        }
        if (way == 2) {
            uint256 held = 0;
            for (uint256 i = 0; i < batch.substances.length; ++i) {
                held += batch.substances[i].mass;
            }
            if (held < batch.mass) {
                chosen.mass = uint64(_pick(held == 0 ? 1 : held, batch.mass - 1));
                chosen.difference = Difference.Moisture;
            }
        }
        if (way >= 4) {
            ILedgerRecords.Measurement memory measured = _chooseMeasurement(lot, batch);
            (chosen.mass, chosen.substances) = (measured.mass, measured.substances);
            chosen.difference = Difference.Measurement;
        }
    }

    /// @dev Within, or a little beyond, what the custodian of fines may find.
    function _chooseMeasurement(BatchId lot, ILedgerRecords.Batch memory batch)
        internal
        returns (ILedgerRecords.Measurement memory measured)
    {
        measured = _measurementOf(lot, _nearly(batch.mass, 60), new SubstanceMass[](0));
        if (_chance(3)) return measured;
        measured.substances = new SubstanceMass[](batch.substances.length);
        for (uint256 i = 0; i < batch.substances.length; ++i) {
            measured.substances[i] =
                SubstanceMass(batch.substances[i].substance, _nearly(batch.substances[i].mass, 110));
        }
    }

    function _nearly(uint64 mass, uint256 basisPoints) private returns (uint64) {
        uint256 slack = uint256(mass) * basisPoints / 10_000;
        return uint64(_pick(mass - slack, mass + slack));
    }

    function _answered(
        Shipping storage shipping,
        ILedgerRecords.Answer memory given,
        ILedgerRecords.Batch memory before
    ) private {
        _name(_only(given.batch));
        if (given.refused) {
            _drop(shipping.open, given.batch);
            ++done["refuse"];
            return;
        }
        bool measured = given.difference == Difference.Measurement && given.substances.length != 0;
        if (given.difference == Difference.Loss) _bookLoss(given.batch, before, given.mass);
        if (measured) _bookDifference(before.substances, given.substances, 1);
        if (given.difference == Difference.Loss) ++done["loss"];
        if (given.difference == Difference.Moisture) ++done["moisture"];
        if (given.difference == Difference.Measurement) {
            _measured(given.batch, before, given.mass, given.substances, false);
        }
        _arrivals[given.batch] = given.difference;
        _arrivedAt(shipping, given.batch, before, measured || given.difference == Difference.Loss);
    }

    /// @dev Take, of what did not arrive.
    function _bookLoss(BatchId batch, ILedgerRecords.Batch memory before, uint64 arrived) private {
        for (uint256 i = 0; i < before.substances.length; ++i) {
            uint16 substance = before.substances[i].substance;
            int256 part = int256(uint256(before.substances[i].mass) * (before.mass - arrived) / before.mass);
            lost[substance] += part;
            if (substance == COBALT) untracedLost += untracedShare[batch] * part;
        }
    }

    function reject(uint256 seed) external {
        _seed = seed;
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok || !_chance(3)) return;
        bytes memory input = abi.encodeCall(
            ledger.rejectShipment,
            (shipping.sender, shipping.identifier, _openOf(shipping), "", YEAR_2026, TAG, _none())
        );
        if (_call(shipping.receiver, input, "reject")) _cameBack(shipping);
    }

    function cancel(uint256 seed) external {
        _seed = seed;
        (Shipping storage shipping, bool ok) = _openOne();
        if (!ok || !_chance(3)) return;
        bytes memory input = abi.encodeCall(
            ledger.cancelShipment,
            (shipping.identifier, shipping.receiver, _openOf(shipping), "", YEAR_2026, TAG, _none())
        );
        if (_call(shipping.sender, input, "cancel")) _cameBack(shipping);
    }

    function _cameBack(Shipping storage shipping) internal {
        _name(shipping.open);
        delete shipping.open;
    }

    function transform(uint256 seed) external {
        _seed = seed;
        (ILedgerRecords.Transformation memory request, address holder, bool ok) = _chooseRun();
        if (ok) _recordRun(holder, request, "transform");
    }

    /// @dev One or two inputs, all or part of each; a product and, now and then, waste beside it, or only waste.
    function _chooseRun() internal returns (ILedgerRecords.Transformation memory request, address holder, bool ok) {
        BatchId id;
        ILedgerRecords.Batch memory batch;
        (id, batch, ok) = _usable();
        if (!ok) return (request, holder, false);
        holder = batch.custodian;
        (BatchId other, ILedgerRecords.Batch memory second, bool two) = _usable();
        two = two && second.custodian == holder;
        request = _run(_name(), two ? _both(id, other) : _only(id), 1, 0);
        request.facility = _facilityOf(holder);
        (uint256 cobalt, uint256 nickel) = _chooseParts(request.inputs);
        request.allocation = _chance(2) ? AllocationRule.Economic : AllocationRule.Mass;
        request.outputs = _chooseOutputs(_pick(0, cobalt), _pick(0, nickel), request.allocation);
        request.emissions = _emissions();
    }

    function _chooseParts(ILedgerRecords.Input[] memory inputs) internal returns (uint256 cobalt, uint256 nickel) {
        bool twice = inputs.length == 2 && BatchId.unwrap(inputs[0].batch) == BatchId.unwrap(inputs[1].batch);
        for (uint256 i = 0; i < inputs.length; ++i) {
            ILedgerRecords.Batch memory batch = ledger.batchOf(inputs[i].batch);
            uint256 part = _chance(2) && !twice ? batch.mass : _pick(1, twice ? (batch.mass + 1) / 2 : batch.mass);
            inputs[i].mass = uint64(part);
            // One less of the second take of a batch, since each is floored.
            uint256 less = twice ? 1 : 0;
            uint256 some = _of(batch.substances, COBALT) * part / batch.mass;
            cobalt += some > less ? some - less : 0;
            some = _of(batch.substances, NICKEL) * part / batch.mass;
            nickel += some > less ? some - less : 0;
        }
    }

    function _chooseOutputs(uint256 cobalt, uint256 nickel, AllocationRule rule)
        internal
        returns (ILedgerRecords.Output[] memory outputs)
    {
        outputs = new ILedgerRecords.Output[](2);
        uint256 part = _pick(0, cobalt);
        uint64[2] memory cobalts = [uint64(part), uint64(cobalt - part)];
        part = _pick(0, nickel);
        uint64[2] memory nickels = [uint64(part), uint64(nickel - part)];
        bool onlyWaste = _chance(8);
        for (uint256 i = 0; i < 2; ++i) {
            MaterialId material = [alloy, fines, car, slag][onlyWaste ? 3 : _pick(0, i == 0 ? 2 : 3)];
            bool waste = MaterialId.unwrap(material) == MaterialId.unwrap(slag);
            uint64 weight = rule == AllocationRule.Economic && !waste ? uint64(_pick(1, 1e12)) : 0;
            uint64 mass = cobalts[i] + nickels[i] + uint64(_pick(1, TONNE));
            outputs[i] = _output(_name(), material, mass, weight, _holding(COBALT, cobalts[i], NICKEL, nickels[i]));
        }
    }

    function _recordRun(address holder, ILedgerRecords.Transformation memory request, string memory action)
        internal
        returns (bool ok)
    {
        if (!_call(holder, abi.encodeCall(ledger.transform, (request)), action)) return false;
        BatchId[] memory inputs = new BatchId[](request.inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) {
            inputs[i] = request.inputs[i].batch;
        }
        _bookRun(holder, request);
        _name(inputs);
        return true;
    }

    function _bookRun(address holder, ILedgerRecords.Transformation memory request) private {
        (ILedgerRecords.Taken[] memory taken, ILedgerRecords.Made[] memory made, SubstanceMass[] memory losses) = _ran();
        Running storage run = _runs.push();
        (run.participant, run.identifier, run.emissions) = (holder, request.identifier, request.emissions);
        (run.taken, run.losses) = (abi.encode(taken), abi.encode(losses));
        _bookAll(lost, losses, 1);
        _bookEmissions(request.emissions);
        bytes memory entry =
            abi.encode(ILedgerRecords.RunEntry(Named.transformation(holder, request.identifier), _salt()));
        for (uint256 i = 0; i < made.length; ++i) {
            run.outputs.push(made[i].batch);
            _born(made[i].batch, holder, made[i].identifier, Making.Made, entry);
        }
        _blend(_runs.length - 1, taken, losses);
    }

    function _ran()
        private
        returns (ILedgerRecords.Taken[] memory taken, ILedgerRecords.Made[] memory made, SubstanceMass[] memory losses)
    {
        (,,,, taken, made, losses,,,) = abi.decode(
            _last(ILedgerRecords.Transformed.selector),
            (
                uint64,
                bool,
                AllocationRule,
                Emissions,
                ILedgerRecords.Taken[],
                ILedgerRecords.Made[],
                SubstanceMass[],
                string,
                string,
                Evidence[]
            )
        );
    }

    function addEmissions(uint256 seed) external {
        _seed = seed;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _usable();
        if (!ok) return;
        Emissions memory emissions = _emissions();
        string memory record = _chance(2) ? _name() : "";
        bytes memory input = abi.encodeCall(ledger.addEmissions, (id, emissions, record, "storage", YEAR_2026, _none()));
        if (!_call(batch.custodian, input, "addEmissions")) return;
        _bookEmissions(emissions);
        _name(_only(id));
        if (bytes(record).length != 0) _records.push(Added(batch.custodian, record, id, emissions));
    }

    function retire(uint256 seed) external {
        _seed = seed;
        if (!_chance(3)) return;
        (BatchId id, ILedgerRecords.Batch memory batch, bool ok) = _usable();
        if (!ok) return;
        bool product = MaterialId.unwrap(batch.material) == MaterialId.unwrap(car);
        Retirement how = product && !_chance(4) ? Retirement.Delivered : Retirement(_pick(0, 1));
        bytes memory input = abi.encodeCall(ledger.retire, (id, how, uint32(batch.events), "", YEAR_2026, _none()));
        if (_call(batch.custodian, input, how == Retirement.Delivered ? "deliver" : "retire")) _name(_only(id));
    }
}
