"""Encodes contract events with eth_abi, from types written down here by hand (not by the code under test)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eth_abi import encode
from eth_hash.auto import keccak

EMISSIONS = "(uint256,uint256)"
SUBSTANCES = "(uint16,uint64)[]"
EVIDENCE = "(bytes32,string)[]"
TERMS = "(bool,bool,uint16,uint16,(uint16,uint16,uint16)[])"
TAKEN = f"(uint256,uint64,uint64,uint64,uint64,{SUBSTANCES})"
MADE = f"(uint256,uint256,uint64,uint64,uint64,bool,bool,uint64,uint64,uint64,{SUBSTANCES},string)"

# Event name -> its parameters; a leading "@" marks an indexed one.
EVENTS: dict[str, tuple[str, ...]] = {
    "BatchMinted": (
        *("@uint256", "@address", "@uint256", "uint256", "uint8", "uint64", "uint64", "bool", "uint64"),
        *(EMISSIONS, SUBSTANCES, "string", EVIDENCE),
    ),
    "BatchSplit": ("@uint256", "@address", "uint64", f"(string,{TAKEN})[]", EVIDENCE),
    "ShipmentOffered": (
        *("@uint256", "@address", "@address", "address", "uint256", "uint64", EMISSIONS),
        *("(uint256,uint64,uint64)[]", "string", EVIDENCE),
    ),
    "ShipmentReceived": (
        *("@uint256", "@address", "uint64", f"(uint256,uint64,uint8,{SUBSTANCES})[]", "bytes32", EVIDENCE),
    ),
    "ShipmentRejected": ("@uint256", "@address", "uint64", "string", "uint256[]", "bytes32", EVIDENCE),
    "ShipmentCancelled": ("@uint256", "@address", "uint64", "string", "uint256[]", "bytes32", EVIDENCE),
    "Transformed": (
        *("@uint256", "@address", "@uint256", "uint64", "bool", "uint8", EMISSIONS, f"{TAKEN}[]"),
        *(f"{MADE}[]", SUBSTANCES, "string", "string", EVIDENCE),
    ),
    "EmissionsAdded": ("@uint256", "@address", "uint64", EMISSIONS, "uint64", "string", "string", EVIDENCE),
    "BatchRetired": ("@uint256", "@address", "uint8", "uint64", "string", EVIDENCE),
    "BatchTakenBack": (
        *("@uint256", "@address", "@uint256", "uint256", "uint64", "uint64"),
        *("uint64", "uint64", "uint64", EVIDENCE),
    ),
    "BatchRemeasured": (
        *("@uint256", "@address", "@address", "bool", "uint64", "uint64", SUBSTANCES, "string", EVIDENCE),
    ),
    "ErrorDeclared": (*("@uint256", "@address", "bool", "bool", "uint8", "uint64", "uint256[]", EVIDENCE),),
    "BatchHeld": ("@uint256", "@address", "uint8", "uint64", "string", EVIDENCE),
    "BatchReleased": ("@uint256", "@address", "uint8", "uint64", "string", EVIDENCE),
    "TitleTransferred": ("@uint256", "@address", "@address", "uint64", EVIDENCE),
    "StockAssigned": ("@uint256", "@address", "@address", "uint64", "string", EVIDENCE),
    "EmissionsRestated": (
        *("@uint256", "@address", "uint8", "bool", "uint64", EMISSIONS, "uint256[]", "string", EVIDENCE),
    ),
    "RestatementConfirmed": ("@uint256", "@address", "uint8", "uint64", EMISSIONS, "uint256[]", EVIDENCE),
    "MintReversed": ("@uint256", "@address", "uint64", "string", "bytes32", EVIDENCE),
    "SplitReversed": ("@uint256", "@uint256", "@address", "uint64", TAKEN, "string", "bytes32", EVIDENCE),
    "TransformationReversed": (
        *("@uint256", "@address", "uint64", f"{TAKEN}[]", "uint256[]", "string", "bytes32", EVIDENCE),
    ),
    "ReceiptReversed": ("@uint256", "@address", "uint64", "uint256[]", "string", "bytes32", EVIDENCE),
    "RetirementReversed": ("@uint256", "@address", "uint64", "string", "bytes32", EVIDENCE),
    "TakeBackReversed": ("@uint256", "@address", "uint64", "string", "bytes32", EVIDENCE),
    "ErrorReversed": ("@uint256", "@address", "bool", "uint64", "string", "bytes32", EVIDENCE),
    "ParticipantRegistered": ("@address", "string", "string", "bytes2", "bytes32[]", EVIDENCE),
    "ParticipantStatusChanged": ("@address", "uint8", "@address", "uint64", "string", EVIDENCE),
    "RolesChanged": ("@address", "bytes32[]", "@address", "uint64", "string", EVIDENCE),
    "ParticipantRenamed": ("@address", "string", "uint64", EVIDENCE),
    "CountryChanged": ("@address", "@uint256", "bytes2", "uint64", "string", EVIDENCE),
    "Identified": ("@address", "@uint256", "(bytes32,string)[]", "uint64", EVIDENCE),
    "OperatorAdded": ("@address", "@address", "@address"),
    "OperatorRevoked": ("@address", "@address", "@address"),
    "OperatorsDisabled": ("@address", "@address", "uint64", "string", EVIDENCE),
    "FacilityRegistered": (
        *("@uint256", "@address", "string", "string", "bytes32", "bytes2"),
        *("bool", "int32", "int32", EVIDENCE),
    ),
    "FacilityOffered": ("@uint256", "@address", "@address", "uint64", EVIDENCE),
    "FacilityTransferred": ("@uint256", "@address", "@address", "uint64", EVIDENCE),
    "FacilityConfirmed": ("@uint256", "@address", "uint64", EVIDENCE),
    "MaterialDefined": ("@uint256", "string", "string", "string", "uint16[]", TERMS, EVIDENCE),
    "MaterialAmended": ("@uint256", "uint16[]", TERMS, "uint64", "string", EVIDENCE),
    "OriginApproved": ("@uint256", "@uint256", "uint8", "uint64", "uint64", "uint64", "uint64", EVIDENCE),
    "ContentPermitted": (
        *("@uint256", "@uint256", "@address", "address", "uint64", "string", "string", EVIDENCE),
    ),
    "ActGuardChanged": ("@address",),
    "PauseChanged": ("bool", "@address"),
    "EvidenceRecorded": ("@bytes32", "@address", "bytes32", "string", "string"),
    "Assessed": (
        *("@uint256", "@address", "@address", "uint256", "bytes32", "bytes32", "uint32"),
        *("uint64", "uint64", "uint64", "string", "string", EVIDENCE),
    ),
    "FindingRaised": (
        *("@uint256", "@address", "@address", "uint256", "uint256", "uint8", "bytes32"),
        *("uint64", "uint64", "string", "string", EVIDENCE),
    ),
    "CorrectiveActionSubmitted": ("@uint256", "@address", "uint64", "string", EVIDENCE),
    "CorrectiveActionAccepted": ("@uint256", "@address", "uint64", EVIDENCE),
    "CorrectiveActionRefused": ("@uint256", "@address", "uint64", "string", EVIDENCE),
    "FindingClosed": ("@uint256", "@address", "uint64", EVIDENCE),
    "FindingReopened": ("@uint256", "@address", "uint64", "uint64", "string", EVIDENCE),
    "MandatoryChanged": ("@bytes32", "bytes32[]", "uint32[]"),
    "OperationScheduled": ("@bytes32", "@uint32", "uint48", "address", "address", "bytes"),
    "OperationExecuted": ("@bytes32", "@uint32"),
    "OperationCanceled": ("@bytes32", "@uint32"),
}


def signature(name: str) -> str:
    """The event's canonical signature."""
    return f"{name}({','.join(kind.removeprefix('@') for kind in EVENTS[name])})"


def encode_event(name: str, arguments: Sequence[Any]) -> tuple[tuple[bytes, ...], bytes]:
    """Topics and data of one event."""
    kinds = EVENTS[name]
    if len(kinds) != len(arguments):
        raise ValueError(f"{name} has {len(kinds)} parameters")
    pairs = list(zip(kinds, arguments, strict=True))
    topics = [encode([kind[1:]], [value]) for kind, value in pairs if kind.startswith("@")]
    plain = [
        (kind, words(value) if kind == EMISSIONS else value)
        for kind, value in pairs
        if not kind.startswith("@")
    ]
    data = encode([kind for kind, _ in plain], [value for _, value in plain])
    return (keccak(signature(name).encode()), *topics), data


def words(emissions: Sequence[int]) -> tuple[int, ...]:
    """Emissions (scopes, primary part; other parts, removals) as the contracts have them: four a word."""
    if any(amount >> 64 for amount in emissions):
        raise ValueError("an amount has more than 64 bits")
    lanes = [amount << 64 * (place % 4) for place, amount in enumerate(emissions)]
    return sum(lanes[:4]), sum(lanes[4:])
