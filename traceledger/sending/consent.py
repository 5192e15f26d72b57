r"""A key's consent to join a participant (Rule 1): an EIP-712 signature, which the registry asks for.

Example:
    >>> from traceledger.signing.keystore import LocalSigner
    >>> signer = LocalSigner(b"\x01" * 32)
    >>> len(consent(signer, participant=signer.address, deadline=1, chain_id=7, registry=bytes(20)))
    65
"""

from __future__ import annotations

import time

from traceledger.artifacts.calls import encode, function, function_names
from traceledger.errors import SigningError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.operations.base import Base
from traceledger.operations.participants import AddOperator, RegisterParticipant, RotateOperator
from traceledger.signing.places import Signer
from traceledger.signing.signers import Signers

VALID_SECONDS = 30 * 86_400
"""How long a consent holds that is given while its operation is prepared."""

TRIAL_SECONDS = 3_600
"""How long one holds that is only given to try an operation: a node that is asked about it sees it."""

_V_OF_FIRST = 27


def consent(signer: Signer, *, participant: bytes, deadline: int, chain_id: int, registry: bytes) -> bytes:
    """The signature by which a key joins a participant, 65 bytes (r, s, v).

    Args:
        signer: the key.
        participant: the participant's address.
        deadline: the last second at which the consent holds.
        chain_id: of the chain.
        registry: address of the participant registry.
    """
    from eth_account.messages import encode_typed_data

    types = {
        "Consent": [
            {"name": "participant", "type": "address"},
            {"name": "operator", "type": "address"},
            {"name": "deadline", "type": "uint64"},
        ]
    }
    domain = {"name": "TraceLedger", "version": "1", "chainId": chain_id, "verifyingContract": registry}
    data = {"participant": participant, "operator": signer.address, "deadline": deadline}
    message = encode_typed_data(domain, types, data)
    signature = signer.sign_hash(keccak(b"\x19" + message.version + message.header + message.body))
    return signature[:64] + bytes([_V_OF_FIRST + signature[64]])


def joining(operation: Base, participant: bytes | None) -> tuple[bytes, bytes] | None:
    """Which key joins which participant and has not consented yet; ``None``: none does."""
    match operation:
        case RegisterParticipant(address=address, consent=None) if address is not None:
            return address, address
        case AddOperator(operator=key, consent=None) if participant is not None:
            return key, participant
        case RotateOperator(successor=key, consent=None) if participant is not None:
            return key, participant
    return None


def consenting_key(signers: Signers, key: bytes) -> Signer:
    """The key that is to consent.

    Raises:
        SigningError: it is not here, or its passphrase is wrong.
    """
    if not signers.has(key):
        raise SigningError(
            f"key {hexed(key)} must consent, and is not here",
            hint="give its signature: the fields consent and deadline",
        )
    return signers.unlock(key)


def consenting(
    data: bytes,
    signer: Signer,
    *,
    participant: bytes,
    chain_id: int,
    registry: bytes,
    seconds: int = VALID_SECONDS,
) -> bytes:
    """Calldata with the consent of a key, which holds that long; arguments as for :func:`consent`."""
    from eth_abi.abi import decode

    deadline = int(time.time()) + seconds
    signature = consent(
        signer, participant=participant, deadline=deadline, chain_id=chain_id, registry=registry
    )
    name = function_names()[data[:4]]
    *arguments, _, _ = decode(function("ParticipantRegistry", name).inputs, data[4:])
    return encode("ParticipantRegistry", name, *arguments, deadline, signature)
