"""Identifiers that are known before anything is sent: the same derivation as ``contracts/types/Ids.sol``.

Example:
    >>> batch_id(bytes(20), "LOT-1") == batch_id(bytes(20), "LOT-1")
    True
"""

from __future__ import annotations

from functools import lru_cache

from traceledger.model.keccak import keccak

_WORD = 32
_MATERIAL_BYTES = 5


@lru_cache(maxsize=4096)  # what reads a file or events meets the same names again and again
def _derive(owner: bytes, identifier: str) -> int:
    """``uint256(keccak256(abi.encode(owner, identifier)))``."""
    text = identifier.encode()
    padding = -len(text) % _WORD
    encoded = (
        owner.rjust(_WORD, b"\0")
        + (2 * _WORD).to_bytes(_WORD, "big")
        + len(text).to_bytes(_WORD, "big")
        + text
        + bytes(padding)
    )
    return int.from_bytes(keccak(encoded), "big")


def batch_id(creator: bytes, identifier: str) -> int:
    """Id of the batch (and ERC-721 token) that participant ``creator`` calls ``identifier``."""
    return _derive(creator, identifier)


def facility_id(participant: bytes, identifier: str) -> int:
    """Id of the facility that ``participant`` declared and calls ``identifier``."""
    return _derive(participant, identifier)


def shipment_id(sender: bytes, identifier: str) -> int:
    """Id of the shipment that ``sender`` calls ``identifier``."""
    return _derive(sender, identifier)


def transformation_id(participant: bytes, identifier: str) -> int:
    """Id of the transformation that ``participant`` calls ``identifier``."""
    return _derive(participant, identifier)


def assessment_id(assessor: bytes, identifier: str) -> int:
    """Id of the assessment that ``assessor`` (a participant, or the consortium) calls ``identifier``."""
    return _derive(assessor, identifier)


def finding_id(auditor: bytes, identifier: str) -> int:
    """Id of the finding that ``auditor`` (a participant, or the consortium) calls ``identifier``."""
    return _derive(auditor, identifier)


def emissions_record_id(custodian: bytes, identifier: str) -> int:
    """Id of the emissions in custody that ``custodian`` recorded and calls ``identifier``."""
    return _derive(custodian, identifier)


def material_id(slug: str) -> int:
    """Id of the material ``slug``: the first five bytes of ``keccak256(bytes(slug))``.

    So it fits beside a batch's substances; the registry refuses a slug whose id is taken.
    """
    return int.from_bytes(keccak(slug.encode())[:_MATERIAL_BYTES], "big")
