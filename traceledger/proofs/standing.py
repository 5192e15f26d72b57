"""Who may act at a block, and about what findings are open, as the contracts hold it (T5, T6, T7).

Exporter and verifier ask the same words of the contracts' storage, so that a file holds just the nodes that
answer. What is asked follows from what was answered before: most companies are asked for two words.

Example:
    >>> class Nothing:
    ...     def registry(self, slots): return [1 << 176 | 1 << 192 for _ in slots]
    ...     def assurance(self, slots): return [0 for _ in slots]
    >>> standings(Nothing(), bytes(20), [bytes(20)], [], [], time=0).blocked
    {}
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeVar

from traceledger.model.assurance import Requirement
from traceledger.model.registry import ParticipantState
from traceledger.proofs import layout
from traceledger.proofs.layout import mapping_slot

Guard = Literal["assurance", "none", "other"]
"""Whom the registry asks who may act: the trusted assurance registry, nobody, or some other contract."""

_ADDRESS = (1 << 160) - 1
_UINT64 = (1 << 64) - 1
_KIND_BITS = 224
_MOST_ASSESSMENTS = 16
K = TypeVar("K")


class Words(Protocol):
    """Words of the contracts' storage at a block."""

    def registry(self, slots: Sequence[int]) -> list[int]:
        """Those of the participant registry, in the order of the slots."""

    def assurance(self, slots: Sequence[int]) -> list[int]:
        """Those of the assurance registry."""


class Subject(NamedTuple):
    """Critical findings of a company or a site that are not closed.

    Attributes:
        critical: how many.
        overdue: whether one was due before the block.
    """

    critical: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Standings:
    """Who may act, and what is questioned, at a block.

    Attributes:
        guard: whom the registry asks who may act.
        paused: whether the consortium has paused everything.
        states: the standing of companies, by address.
        blocked: why one may not act though it is active, by address: ``finding_overdue``, ``keys_disabled``,
            ``assessment_missing``, ``assessment_expired`` or ``assessment_insufficient``.
        critical: how many critical findings about a company are not closed, by address, where there are any.
        sites: the same of facilities, by id.
        questioned: how many findings about a single lot are not closed, of any severity, by batch.
    """

    guard: Guard
    paused: bool
    states: Mapping[bytes, ParticipantState]
    blocked: Mapping[bytes, str]
    critical: Mapping[bytes, int]
    sites: Mapping[int, Subject]
    questioned: Mapping[int, int]


def standings(
    words: Words,
    assurance: bytes,
    participants: Collection[bytes],
    facilities: Collection[int],
    batches: Collection[int],
    *,
    time: int,
) -> Standings:
    """What the contracts say of those whom a lineage names.

    Args:
        words: of the contracts' storage.
        assurance: the address of the trusted assurance registry.
        participants: addresses.
        facilities: ids.
        batches: ids.
        time: the block's, UTC seconds.

    Raises:
        VerificationError: one of them is no participant.
    """
    people, sites, lots = sorted(participants), sorted(facilities), sorted(batches)
    held, *accounts = words.registry([layout.GUARD, *(layout.account_slot(each) for each in people)])
    guard = _guard(held & _ADDRESS, assurance)
    numbers = [*(int.from_bytes(each, "big") for each in people), *sites]
    asked = words.assurance([mapping_slot(layout.SUBJECTS, each) for each in numbers])
    subjects = [_subject(word, time, in_force=guard == "assurance") for word in asked]
    open_ = words.assurance([mapping_slot(layout.QUESTIONED, each) for each in lots])
    found = dict(zip(people, accounts, strict=True))
    watched = [each for each in people if guard == "assurance" and layout.is_watched(found[each])]
    blocked = _lacking(words, watched, time)
    blocked |= {each: "finding_overdue" for each, one in zip(people, subjects, strict=False) if one.overdue}
    blocked |= {each: "keys_disabled" for each in people if not layout.operators(found[each])}
    return Standings(
        guard=guard,
        paused=bool(held >> layout.PAUSED & 1),
        states={each: layout.participant_state(word, each) for each, word in found.items()},
        blocked=blocked,
        critical={each: one.critical for each, one in zip(people, subjects, strict=False) if one.critical},
        sites={each: one for each, one in zip(sites, subjects[len(people) :], strict=True) if one.critical},
        questioned={each: count for each, count in zip(lots, open_, strict=True) if count},
    )


def _guard(address: int, assurance: bytes) -> Guard:
    if not address:
        return "none"
    # T5: what another contract would say is not known.
    return "assurance" if address == int.from_bytes(assurance, "big") else "other"


def _subject(word: int, time: int, *, in_force: bool) -> Subject:
    # T6. Rule 1: nobody has to press a button, the block's time decides.
    due = word & _UINT64
    return Subject(word >> 64 & 0xFFFF, in_force and 0 < due < time)


def _lacking(words: Words, watched: Sequence[bytes], time: int) -> dict[bytes, str]:
    """Which of these companies lacks an assessment that is mandatory for one of its roles, and how (T7)."""
    lists = {each: mapping_slot(layout.ROLES, int.from_bytes(each, "big")) for each in watched}
    roles = _lists(words.registry, lists)
    all_roles = sorted({role for some in roles.values() for role in some})
    mandatory = _lists(words.assurance, {role: mapping_slot(layout.MANDATORY, role) for role in all_roles})
    needed = {
        each: list(dict.fromkeys(word for role in roles[each] for word in mandatory[role]))
        for each in watched
    }
    pairs = sorted({(each, _kind(word)) for each, some in needed.items() for word in some})
    kept = _validities(words, {pair: _kept(*pair) for pair in pairs})
    found: dict[bytes, str] = {}
    for each, some in needed.items():
        for word in some:
            requirement = Requirement(_text(_kind(word)), word >> _KIND_BITS)
            if lack := _lack(kept[each, _kind(word)], requirement, time):
                found.setdefault(each, lack)
    return found


def _kept(participant: bytes, kind: int) -> int:
    of = mapping_slot(layout.VALIDITIES, int.from_bytes(participant, "big"))
    return mapping_slot(of, kind)


def _lists(ask: Callable[[Sequence[int]], list[int]], slots: Mapping[K, int]) -> dict[K, list[int]]:
    """The words of dynamic arrays, by whose they are."""
    lengths = dict(zip(slots, ask(list(slots.values())), strict=True))
    places = [
        (key, layout.array_slot(slots[key], place)) for key, size in lengths.items() for place in range(size)
    ]
    found: dict[K, list[int]] = {key: [] for key in slots}
    for (key, _), word in zip(places, ask([slot for _, slot in places]), strict=True):
        found[key].append(word)
    return found


def _validities(words: Words, slots: Mapping[tuple[bytes, int], int]) -> dict[tuple[bytes, int], list[int]]:
    """The assessments of some kind that are kept of a company, the latest beginning first."""
    found: dict[tuple[bytes, int], list[int]] = {pair: [] for pair in slots}
    waiting = list(slots)
    for place in range(_MOST_ASSESSMENTS):
        answers = words.assurance([(slots[pair] + place) % 2**256 for pair in waiting])
        kept = [(pair, word) for pair, word in zip(waiting, answers, strict=True) if _until(word)]
        for pair, word in kept:
            found[pair].append(word)
        waiting = [pair for pair, _ in kept]
    return found


def _lack(validities: Sequence[int], requirement: Requirement, time: int) -> str:
    """How a mandatory assessment is lacking; empty if it is not. As ``Assessments.sol`` decides it."""
    lack = "assessment_missing"
    schemes = set()
    for word in validities:
        begins, scheme = word & _UINT64, word >> 160
        if begins > time or scheme in schemes:
            continue
        schemes.add(scheme)
        if _until(word) < time:
            lack = "assessment_expired" if lack == "assessment_missing" else lack
        elif requirement.suffices(word >> 128 & 0xFFFF_FFFF):
            return ""
        else:
            lack = "assessment_insufficient"
    return lack


def _until(word: int) -> int:
    return word >> 64 & _UINT64


def _kind(word: int) -> int:
    """The kind that a requirement's word names, as 32 bytes: they begin with it."""
    return (word & ((1 << _KIND_BITS) - 1)) << (256 - _KIND_BITS)


def _text(kind: int) -> str:
    return kind.to_bytes(32, "big").rstrip(b"\0").decode("ascii", "replace")
