"""Where the contracts keep what a proof states about now (T3): storage slots, and what their words mean.

Follows Solidity's storage layout; a test compares the slots with those that the compiler states.

Example:
    >>> custodian_slot(0) == mapping_slot(2, 0)
    True
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.errors import VerificationError
from traceledger.model.batches import Batch, BatchState
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.keccak import keccak
from traceledger.model.registry import ParticipantState

OWNERS, STATES, SUBSTANCES = 2, 6, 7
"""Slots of the batch ledger: ``_owners``, ``_states``, ``_substances``."""
ACCOUNTS = 2
"""Slot of the participant registry: ``_accounts``."""

_POOL = (1 << 56) - 1
_BYTE = 0xFF
_LANE, _LANES = 72, 3
_STATUS_OF_ACCOUNT = 168


def mapping_slot(slot: int, key: int) -> int:
    """Where the mapping in ``slot`` keeps the value of a 32-byte key."""
    return int.from_bytes(keccak(key.to_bytes(32, "big") + slot.to_bytes(32, "big")), "big")


def custodian_slot(batch: int) -> int:
    """Where the ledger keeps the custodian (the token's owner) of a batch."""
    return mapping_slot(OWNERS, batch)


def state_slot(batch: int) -> int:
    """Where the ledger keeps all of a batch but its substances."""
    return mapping_slot(STATES, batch)


def substance_slots(batch: int, count: int) -> list[int]:
    """Where the ledger keeps so many substances of a batch, three a word."""
    first = mapping_slot(SUBSTANCES, batch)
    # The EVM counts slots modulo 2^256, so a mapping's may begin just below.
    return [(first + word) % 2**256 for word in range(-(-count // _LANES))]


def account_slot(participant: bytes) -> int:
    """Where the registry keeps the standing of a participant."""
    return mapping_slot(ACCOUNTS, int.from_bytes(participant, "big"))


@dataclass(frozen=True, slots=True)
class BatchWord:
    """The word of :func:`state_slot`: status, frozen flag, pools, and how many substances there are."""

    state: BatchState
    frozen: bool
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    substances: int

    def matches(self, batch: Batch) -> bool:
        """Whether a replayed batch has this state and these pools."""
        return (
            (self.state, self.frozen) == (batch.state, batch.frozen)
            and (self.mass_mg, self.own_mg) == (batch.mass_mg, batch.own_mg)
            and (self.inherited_mg, self.primary_mg) == (batch.inherited_mg, batch.primary_mg)
        )


def batch_word(word: int, batch: int) -> BatchWord:
    """What a word of :func:`state_slot` means.

    Raises:
        VerificationError: there is no such batch.
    """
    try:
        state = BatchState(word >> 224 & _BYTE)
    except ValueError:
        raise VerificationError(f"batch {id_text(batch)} is not on the ledger at the stated block") from None
    return BatchWord(
        state=state,
        frozen=bool(word >> 232 & _BYTE),
        mass_mg=word & _POOL,
        own_mg=word >> 56 & _POOL,
        inherited_mg=word >> 112 & _POOL,
        primary_mg=word >> 168 & _POOL,
        substances=word >> 240 & _BYTE,
    )


def substances_of(words: list[int], count: int) -> dict[int, int]:
    """Milligrams by substance number, of those of which there are any."""
    found = {}
    for place in range(count):
        lane = words[place // _LANES] >> (place % _LANES * _LANE)
        if mass := lane & _POOL:
            found[lane >> 56 & 0xFFFF] = mass
    return dict(sorted(found.items()))


def participant_state(word: int, participant: bytes) -> ParticipantState:
    """The standing that a word of :func:`account_slot` states.

    Raises:
        VerificationError: there is no such participant.
    """
    try:
        return ParticipantState(word >> _STATUS_OF_ACCOUNT & _BYTE)
    except ValueError:
        what = f"{hexed(participant)} is no participant at the stated block"
        raise VerificationError(what) from None
