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

/// @notice A document held elsewhere.
/// @param digest Its SHA-256.
/// @param uri Where a reader who may see it finds it.
struct Evidence {
    bytes32 digest;
    string uri;
}

/// @notice Where newly minted material comes from.
/// @dev PreConsumer and PostConsumer as ISO 14021 7.8.1.1 defines recycled material. Untraced is material whose origin
/// nobody can show; it never counts as traced.
enum Origin {
    Mined,
    PostConsumer,
    PreConsumer,
    Untraced
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

/// @notice The life of a batch. `Reversed` is final; the rest ends by reversal, `Delivered` also by a take-back.
/// @dev `Returning` is in transit, frozen, back to who sent it. Like a consumed batch, a reversed one holds nothing: its
/// list of substances stays, with nothing of each. Three bits of the batch's word.
enum BatchStatus {
    None,
    Active,
    InTransit,
    Returning,
    Consumed,
    Retired,
    Delivered,
    Reversed
}

/// @notice How a batch ended. Only batches of a product material are delivered, and only those come back (Rule 9).
enum Retirement {
    ConsumedOutside,
    Disposed,
    Delivered
}

/// @notice Why what arrived differs from what was sent (Rule 3).
/// @dev `Loss` takes substances along in proportion, `Moisture` changes the gross mass only, downwards, and
/// `Measurement` is a better measurement within the material's tolerances (Rule 5).
enum Difference {
    None,
    Loss,
    Moisture,
    Measurement
}

/// @notice Who holds a batch up (Rule 10). A recall is its maker's notice about a batch that is with others; it blocks
/// nothing.
enum HoldKind {
    Custodian,
    Auditor,
    Recall
}

/// @notice What emissions were recorded with, for a restatement (Rule 8).
enum RecordKind {
    Mint,
    Transformation,
    Shipment,
    Emissions
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
