// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @notice A physical lot; also its ERC-721 token id. `uint256(keccak256(abi.encode(creator, identifier)))`.
type BatchId is uint256;

/// @notice A mine, recycler, plant or warehouse. `uint256(keccak256(abi.encode(participant, identifier)))`.
type FacilityId is uint256;

/// @notice Batches on their way to another custodian. `uint256(keccak256(abi.encode(sender, identifier)))`.
type ShipmentId is uint256;

/// @notice One run that makes batches of batches. `uint256(keccak256(abi.encode(participant, identifier)))`.
type TransformationId is uint256;

/// @notice Emissions that were added to a batch and can be restated. `uint256(keccak256(abi.encode(custodian,
/// identifier)))`.
type EmissionsRecordId is uint256;

/// @notice A kind of material: the first five bytes of `keccak256(bytes(slug))`, so that it fits beside a batch's
/// substances. The registry refuses a slug whose id is taken.
type MaterialId is uint256;

/// @notice What an auditor found a participant or facility to be worth. `uint256(keccak256(abi.encode(assessor,
/// identifier)))`.
type AssessmentId is uint256;

/// @notice A non-compliance that an auditor found. `uint256(keccak256(abi.encode(auditor, identifier)))`.
type FindingId is uint256;

/// @title Identifiers that are known before their transaction is mined
/// @notice The identifier is the owner's own text (an EPC URI, a GS1 Digital Link, a lot number), so that an
/// operation sent twice meets its own first result instead of happening twice.
library Ids {
    function batch(address creator, string calldata identifier) internal pure returns (BatchId) {
        return BatchId.wrap(_derive(creator, identifier));
    }

    function facility(address participant, string calldata identifier) internal pure returns (FacilityId) {
        return FacilityId.wrap(_derive(participant, identifier));
    }

    function shipment(address sender, string calldata identifier) internal pure returns (ShipmentId) {
        return ShipmentId.wrap(_derive(sender, identifier));
    }

    function transformation(address participant, string calldata identifier) internal pure returns (TransformationId) {
        return TransformationId.wrap(_derive(participant, identifier));
    }

    function emissionsRecord(address custodian, string calldata identifier) internal pure returns (EmissionsRecordId) {
        return EmissionsRecordId.wrap(_derive(custodian, identifier));
    }

    function assessment(address assessor, string calldata identifier) internal pure returns (AssessmentId) {
        return AssessmentId.wrap(_derive(assessor, identifier));
    }

    function finding(address auditor, string calldata identifier) internal pure returns (FindingId) {
        return FindingId.wrap(_derive(auditor, identifier));
    }

    function material(string memory slug) internal pure returns (MaterialId) {
        return MaterialId.wrap(uint256(keccak256(bytes(slug))) >> 216);
    }

    /// @notice The same list as words, which the compiler copies as a whole and not one by one.
    function words(BatchId[] calldata batches) internal pure returns (uint256[] calldata list) {
        assembly ("memory-safe") {
            list.offset := batches.offset
            list.length := batches.length
        }
    }

    function _derive(address owner, string calldata identifier) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(owner, identifier)));
    }
}
