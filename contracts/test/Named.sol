// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {
    AssessmentId,
    BatchId,
    EmissionsRecordId,
    FacilityId,
    FindingId,
    ShipmentId,
    TransformationId
} from "../types/Ids.sol";

/// @title Identifiers of what tests name, as `Ids` derives them of calldata
library Named {
    function batch(address creator, string memory identifier) internal pure returns (BatchId) {
        return BatchId.wrap(_derive(creator, identifier));
    }

    function facility(address participant, string memory identifier) internal pure returns (FacilityId) {
        return FacilityId.wrap(_derive(participant, identifier));
    }

    function shipment(address sender, string memory identifier) internal pure returns (ShipmentId) {
        return ShipmentId.wrap(_derive(sender, identifier));
    }

    function transformation(address participant, string memory identifier) internal pure returns (TransformationId) {
        return TransformationId.wrap(_derive(participant, identifier));
    }

    function emissionsRecord(address custodian, string memory identifier) internal pure returns (EmissionsRecordId) {
        return EmissionsRecordId.wrap(_derive(custodian, identifier));
    }

    function assessment(address assessor, string memory identifier) internal pure returns (AssessmentId) {
        return AssessmentId.wrap(_derive(assessor, identifier));
    }

    function finding(address auditor, string memory identifier) internal pure returns (FindingId) {
        return FindingId.wrap(_derive(auditor, identifier));
    }

    function _derive(address owner, string memory identifier) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(owner, identifier)));
    }
}
