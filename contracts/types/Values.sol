// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @dev Given as a mass, stands for all that the batch holds.
uint64 constant IN_FULL = type(uint64).max;

/// @notice Some mass of one tracked substance, in milligrams.
/// @param substance Atomic number of a chemical element; minerals from 1000 up (mica 1000).
/// @param mass Milligrams of that substance.
struct SubstanceMass {
    uint16 substance;
    uint64 mass;
}

/// @notice Greenhouse gas emissions by scope of the GHG Protocol, in milligrams CO2e.
/// @param primary The part of the three scopes together that comes from primary data (PACT `primaryDataShare`).
struct Emissions {
    uint64 scope1;
    uint64 scope2;
    uint64 scope3;
    uint64 primary;
}

/// @notice A document held elsewhere.
/// @param digest Its SHA-256.
/// @param uri Where a reader who may see it finds it.
struct Evidence {
    bytes32 digest;
    string uri;
}

/// @notice Where newly minted material comes from.
/// @dev PreConsumer and PostConsumer as ISO 14021 7.8.1.1 defines recycled material.
enum Origin {
    Mined,
    PostConsumer,
    PreConsumer
}

/// @notice How a transformation's burdens are shared among its outputs.
enum AllocationRule {
    Mass,
    Economic
}

/// @notice Why an earlier event is declared an error (EPCIS 2.0 `errorDeclaration.reason`).
enum ErrorReason {
    DidNotOccur,
    IncorrectData
}

/// @notice The life of a batch. `Consumed` and `Retired` are final.
enum BatchStatus {
    None,
    Active,
    InTransit,
    Consumed,
    Retired
}

/// @notice The standing of a participant. `Terminated` is final.
enum ParticipantStatus {
    None,
    Active,
    Suspended,
    Terminated
}

/// @notice Whether, and how, a facility may bring new material onto the ledger.
enum OriginKind {
    None,
    Mine,
    Recycler
}
