"""Where the contracts keep what a proof states about now (T3): storage slots, and what their words mean.

Follows Solidity's storage layout; a test compares the slots with those that the compiler states.

Example:
    >>> custodian_slot(0) == state_slot(0) + 1
    True
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from traceledger.errors import VerificationError
from traceledger.model.batches import Batch
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.keccak import keccak
from traceledger.model.registry import ParticipantState
from traceledger.replay.trail import differences_word

LOTS = 1
"""Slot of the batch ledger: ``_lots``."""
ACCOUNTS = 4
"""Slot of the participant registry: ``_accounts``."""
SLUGS = 7
"""Slot of the participant registry: ``_slugs``."""
GUARD, ROLES = 3, 5
"""Slots of the participant registry: ``actGuard``, and ``_roles``."""
VALIDITIES, MANDATORY, SUBJECTS, QUESTIONED = 2, 3, 7, 8
"""Slots of the assurance registry: ``_validities``, ``_mandatory``, ``_subjects``, ``_unclosedAbout``."""
PAUSED = 160
"""The bit of the word in :data:`GUARD` that says whether everything is paused."""
FACILITIES = 8
"""Slot of the participant registry: ``_facilities``."""

_CUSTODY, _SUBSTANCES, _DIFFERENCES, _AROSE = 1, 2, 7, 8
_POOL_BITS = 54
_STATUS, _COUNT, _FLAGS, _USES, _EVENTS = 216, 219, 223, 231, 236
_LANE, _LANES, _MATERIAL = 70, 3, 216
_STATUS_OF_ACCOUNT, _WATCHED, _OPERATORS, _EVENTS_OF_ACCOUNT = 176, 184, 192, 240
_EVENTS_OF_FACILITY = 192
_BYTE, _TWO_BYTES, _FOUR_BYTES = 0xFF, 0xFFFF, 0xFFFFFFFF
_ADDRESS_BITS = 160

_FLAG_NAMES = (
    "disputed",
    "error_by_auditor",
    "frozen_by_maker",
    "held_by_custodian",
    "held_by_auditor",
    "waste",
    "taken_back",
)
"""Flags from bit 223 up; the next one says that there is a word of differences."""
_FLAGS_OF = attrgetter(*_FLAG_NAMES)
_WASTE, _HAS_DIFFERENCES = 5, 7


def mapping_slot(slot: int, key: int) -> int:
    """Where the mapping in ``slot`` keeps the value of a 32-byte key."""
    return int.from_bytes(keccak(key.to_bytes(32, "big") + slot.to_bytes(32, "big")), "big")


def array_slot(slot: int, place: int) -> int:
    """Where the dynamic array in ``slot`` keeps the word of a place, from 0."""
    return (int.from_bytes(keccak(slot.to_bytes(32, "big")), "big") + place) % 2**256


def state_slot(batch: int) -> int:
    """Where the ledger keeps a batch: pools, status, flags and counts; the rest of it follows."""
    return mapping_slot(LOTS, batch)


def custodian_slot(batch: int) -> int:
    """Where the ledger keeps the custodian and the trail of a batch."""
    return _after(batch, _CUSTODY)


def further_slots(first: int, state: int) -> list[int]:
    """Where the rest of a batch is kept that its word says there is, which stands in its :func:`state_slot`.

    Custody; substances, three a word, the first one with the material; differences and where it arose, if it
    has such words.
    """
    count = state >> _COUNT & 0xF
    words = max(1, -(-count // _LANES))
    places = [_CUSTODY, *range(_SUBSTANCES, _SUBSTANCES + words)]
    if state >> _FLAGS + _HAS_DIFFERENCES & 1:
        places.append(_DIFFERENCES)
    if state >> _FLAGS + _WASTE & 1:
        places.append(_AROSE)
    return [(first + place) % 2**256 for place in places]


def _after(batch: int, words: int) -> int:
    # The EVM counts slots modulo 2^256, so a mapping's may begin just below.
    return (state_slot(batch) + words) % 2**256


def account_slot(participant: bytes) -> int:
    """Where the registry keeps the standing of a participant."""
    return mapping_slot(ACCOUNTS, int.from_bytes(participant, "big"))


def slug_slot(slug: str) -> int:
    """Where the registry keeps whose a short name is, for ever."""
    return mapping_slot(SLUGS, int.from_bytes(keccak(slug.encode()), "big"))


def address_in(word: int) -> bytes | None:
    """The address that a word begins with, as those of :func:`slug_slot` and :func:`custodian_slot`."""
    address = word & ((1 << _ADDRESS_BITS) - 1)
    return address.to_bytes(20, "big") if address else None


def mass_in(word: int) -> int:
    """What is left of a batch by its word of :func:`state_slot`, mg."""
    return word & ((1 << _POOL_BITS) - 1)


def facility_slot(facility: int) -> int:
    """Where the registry keeps whose a facility is, and how many events named it."""
    return mapping_slot(FACILITIES, facility)


def require_batch(word: int, batch: int) -> int:
    """A word of :func:`state_slot`, of a batch that is there.

    Raises:
        VerificationError: there is no such batch.
    """
    if not word:
        raise VerificationError(f"batch {id_text(batch)} is not on the ledger at the stated block")
    return word


@dataclass(frozen=True, slots=True)
class Part:
    """Some bits of one word that the ledger keeps of a batch, with what they are called."""

    name: str
    slot: int
    first_bit: int
    bits: int
    value: int

    def fits(self, word: int) -> bool:
        """Whether the word has this part."""
        return word >> self.first_bit & ((1 << self.bits) - 1) == self.value


def parts_of(batch: Batch, *, tolerance: bool = True) -> tuple[Part, ...]:
    """Everything that the ledger keeps of a replayed batch: together all bits of its words (T3).

    Args:
        batch: the batch.
        tolerance: whether the events tell what it has used of its tolerance; else that is left out.
    """
    used = [_used_tolerance(batch)] if tolerance else []
    return (
        *_state_parts(batch),
        *_custody_parts(batch),
        *_substance_parts(batch),
        *used,
        *([_place_of_waste(batch)] if batch.waste else []),
    )


def words_of(batch: Batch) -> tuple[int, ...]:
    """What the ledger keeps of a replayed batch that is no waste and has no differences.

    The word of :func:`state_slot`, then those of :func:`further_slots`: all of :func:`parts_of` put together,
    which is quick to compare, and says for nearly all batches that nothing differs.
    """
    flags = _FLAGS_OF(batch)
    state = (
        batch.mass_mg
        | batch.own_mg << _POOL_BITS
        | batch.inherited_mg << 2 * _POOL_BITS
        | batch.primary_mg << 3 * _POOL_BITS
        | batch.state << _STATUS
        | len(batch.tracked) << _COUNT
        | (sum(flag << bit for bit, flag in enumerate(flags)) if any(flags) else 0) << _FLAGS
        | batch.uses << _USES
        | batch.events << _EVENTS
    )
    custody = int.from_bytes(batch.trail, "big") << _ADDRESS_BITS | int.from_bytes(batch.custodian, "big")
    substances = [0] * max(1, -(-len(batch.tracked) // _LANES))
    substances[0] = batch.material << _MATERIAL
    for place, number in enumerate(batch.tracked):
        lane = number << _POOL_BITS | batch.substances_mg.get(number, 0)
        substances[place // _LANES] |= lane << place % _LANES * _LANE
    return state, custody, *substances


def _state_parts(batch: Batch) -> list[Part]:
    slot = state_slot(batch.id)
    pools = (batch.mass_mg, batch.own_mg, batch.inherited_mg, batch.primary_mg)
    names = ("mass", "own CO2e", "inherited CO2e", "primary CO2e")
    flags = sum(getattr(batch, name) << bit for bit, name in enumerate(_FLAG_NAMES))
    # Rule 5: it has a word of differences, though none, also where only parts of it were moved.
    moved = (
        [Part("its mark of differences", slot, _FLAGS + _HAS_DIFFERENCES, 1, 1)] if batch.differences else []
    )
    return [
        *(
            Part(f"its {name}", slot, place * _POOL_BITS, _POOL_BITS, pool)
            for place, (name, pool) in enumerate(zip(names, pools, strict=True))
        ),
        Part("its status", slot, _STATUS, 3, batch.state),
        Part("its number of substances", slot, _COUNT, 4, len(batch.tracked)),
        Part("its errors, holds and other marks", slot, _FLAGS, len(_FLAG_NAMES), flags),
        *moved,
        Part("its uses", slot, _USES, 5, batch.uses),
        Part("the number of its events", slot, _EVENTS, 20, batch.events),
    ]


def _custody_parts(batch: Batch) -> list[Part]:
    slot = custodian_slot(batch.id)
    return [
        Part("its custodian", slot, 0, 160, int.from_bytes(batch.custodian, "big")),
        Part("its trail", slot, 160, 96, int.from_bytes(batch.trail, "big")),
    ]


def _substance_parts(batch: Batch) -> list[Part]:
    first = _after(batch.id, _SUBSTANCES)
    lanes = [
        Part(
            "its substances",
            _after(batch.id, _SUBSTANCES + place // _LANES),
            place % _LANES * _LANE,
            _LANE,
            number << _POOL_BITS | batch.substances_mg.get(number, 0),
        )
        for place, number in enumerate(batch.tracked)
    ]
    return [*lanes, Part("its material", first, _MATERIAL, 40, batch.material)]


def _used_tolerance(batch: Batch) -> Part:
    # A batch that has no such word has a zero there, as where nothing is stored.
    word = differences_word(batch.differences)
    return Part("its used tolerance", _after(batch.id, _DIFFERENCES), 0, 256, word)


def _place_of_waste(batch: Batch) -> Part:
    return Part("where it arose", _after(batch.id, _AROSE), 0, 256, batch.arose)


def is_watched(word: int) -> bool:
    """Whether the registry asks its act guard about the participant of a word of :func:`account_slot`."""
    return bool(word >> _WATCHED & _BYTE)


def operators(word: int) -> int:
    """How many keys may sign for the participant of a word of :func:`account_slot`."""
    return word >> _OPERATORS & 0xFFFF


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


def participant_events(word: int) -> int:
    """How many events have named a participant, by a word of :func:`account_slot`."""
    return word >> _EVENTS_OF_ACCOUNT & _TWO_BYTES


def facility_events(word: int) -> int:
    """How many events have named a facility, by a word of :func:`facility_slot`."""
    return word >> _EVENTS_OF_FACILITY & _FOUR_BYTES
