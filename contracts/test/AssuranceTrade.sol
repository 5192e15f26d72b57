// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ILedgerRecords} from "../interfaces/ILedgerRecords.sol";
import {BatchId, FacilityId} from "../types/Ids.sol";
import {IN_FULL} from "../types/Values.sol";
import {AssuranceBase} from "./AssuranceBase.sol";

/// @title What the mine and the refinery trade, in short
abstract contract AssuranceTrade is AssuranceBase {
    function _mintAt(FacilityId facility, string memory identifier)
        internal
        view
        returns (ILedgerRecords.Mint memory request)
    {
        request = _mintOf(identifier, 20 * TONNE);
        request.facility = facility;
        request.substances = _holding(COBALT, 8 * TONNE);
        request.emissions = _scopes(3 * TONNE, TONNE, 0, TONNE);
    }

    function _mint(FacilityId facility, string memory identifier) internal returns (BatchId) {
        ILedgerRecords.Mint memory request = _mintAt(facility, identifier);
        _as(mine);
        return ledger.mint(request);
    }

    function _ship(string memory identifier, BatchId batch, address to) internal {
        _ship(mine, identifier, _only(batch), to);
    }

    function _receive(string memory identifier, BatchId batch) internal {
        _receive(refinery, mine, identifier, _only(batch));
    }

    function _receiptOf(string memory identifier, BatchId batch) internal view returns (bytes memory) {
        return abi.encodeCall(
            ledger.receiveShipment,
            (mine, identifier, _open(_only(batch)), _expected(_only(batch)), START, TAG, _none())
        );
    }

    function _runAt(FacilityId facility, string memory identifier, BatchId batch)
        internal
        view
        returns (ILedgerRecords.Transformation memory request)
    {
        request = _run(identifier, _only(batch), TONNE, TONNE / 2);
        request.facility = facility;
        request.inputs[0] = ILedgerRecords.Input(batch, IN_FULL);
    }
}
