r"""Names that were probably meant by one that nothing has: a slip in it, another owner or none, another case.

A name is looked for by what the index keeps of names (:mod:`traceledger.index.words`): as it is without case
and punctuation, with one slip undone wherever it may be, by its beginning and by its last characters. Each is
a range or a point of one table, so that a ledger of a million names is asked no more than one of ten.

Example:
    >>> parts_of("katanga:KOL-1")
    ['katanga:KOL-1', 'KOL-1', '1']
    >>> "kol 11" in slips("kol 1"), "kol 1" in slips("kpl 1"), "kol 1" in slips("klo 1")
    (True, True, True)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from traceledger.index.words import LONGEST, WHOLE, Kind, folded
from traceledger.model.commitments import is_commitment
from traceledger.names import LedgerNames, Opened

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader

KINDS = {
    "participant": Kind.PARTICIPANT,
    "facility": Kind.FACILITY,
    "material": Kind.MATERIAL,
    "batch": Kind.BATCH,
    "shipment": Kind.SHIPMENT,
    "transformation": Kind.RUN,
    "record": Kind.RECORD,
    "finding": Kind.FINDING,
    "assessment": Kind.ASSESSMENT,
}
"""By the word for a thing, its kind in the index."""
MOST = 3
_ALIKE = 0.7
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 "
_AT_ONCE = 500
_LOOKED_AT = 40
_SHORTEST = 3
_ENDING = 4
_LONGEST_NAME = 300


def nearby(reader: IndexReader, what: str, typed: str) -> list[str]:
    """Names of things that were probably meant, the likeliest first.

    Args:
        reader: the index.
        what: a key of :data:`KINDS`.
        typed: the name that nothing has.

    Returns:
        Full names, at most three.
    """
    kind, typed = KINDS[what], typed[:_LONGEST_NAME]
    names = Named(reader)
    same: dict[str, None] = {}
    alike: dict[str, float] = {}
    for part in parts_of(typed):
        for thing in _found(reader, kind, {WHOLE + folded(part)[:LONGEST]}):
            if name := names.of(kind, thing):
                same.setdefault(name)
        for thing in _slipped(reader, kind, folded(part)):
            if (name := names.of(kind, thing)) and name not in alike:
                alike[name] = max(likeness(name, typed), likeness(name.partition("/")[2], part))
    ranked = sorted((name for name in alike if alike[name] >= _ALIKE), key=lambda name: -alike[name])
    # Of several of one name, those first whose owner is what was typed.
    first = sorted(same, key=lambda name: -likeness(name, typed))
    return (first or ranked)[:MOST]


def parts_of(typed: str) -> list[str]:
    """What of a name may be what its owner calls a thing: all of it, or what follows a mark in it."""
    rest = [typed[place + 1 :] for place, letter in enumerate(typed) if not letter.isalnum()]
    return list(dict.fromkeys([typed, *(part for part in rest[:_SHORTEST] if folded(part))]))


def slips(text: str) -> Iterator[str]:
    """All texts that differ from one by a letter less, more, other, or by two that changed places."""
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in _LETTERS)


def likeness(name: str, typed: str) -> float:
    """How alike two names are, without case and punctuation: 1.0 is the same."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, folded(name), folded(typed)).ratio()


def _slipped(reader: IndexReader, kind: Kind, text: str) -> Iterator[bytes]:
    """What is called nearly so, begins so, or ends so."""
    short = text[:LONGEST]
    if len(short) < _SHORTEST:
        return
    yield from _found(reader, kind, {WHOLE + slip[:LONGEST] for slip in slips(short)})
    beginning = short
    while len(beginning) >= _SHORTEST:
        if found := reader.search.named(kind, beginning, most=_LOOKED_AT):
            yield from found
            break
        beginning = beginning[:-1]
    yield from reader.search.named(kind, text[-_ENDING:].lstrip(), most=_LOOKED_AT)


def _found(reader: IndexReader, kind: Kind, words: set[str]) -> Iterator[bytes]:
    """What is found by exactly one of some words."""
    wanted = sorted(words)
    for first in range(0, len(wanted), _AT_ONCE):
        yield from reader.search.exactly(kind, wanted[first : first + _AT_ONCE], most=_LOOKED_AT)


class Named:
    """Full names of things by their keys in the index; empty for what is gone, or private and not known."""

    def __init__(self, reader: IndexReader, opened: Opened | None = None) -> None:
        self._reader = reader
        self._names = LedgerNames(reader, opened)

    def of(self, kind: Kind, thing: bytes) -> str:
        """The full name of one; empty: it has none that can be typed."""
        name = self._name(kind, thing)
        return "" if name.startswith("0x") or is_commitment(name.partition("/")[2]) else name

    def _name(self, kind: Kind, thing: bytes) -> str:  # noqa: PLR0911  (one for each kind)
        number = int.from_bytes(thing, "big")
        match kind:
            case Kind.PARTICIPANT:
                return self._names.slug(thing)
            case Kind.FACILITY:
                return self._names.facility(number)
            case Kind.MATERIAL:
                return self._names.material(number)
            case Kind.BATCH:
                return self._names.batch(number)
            case Kind.SHIPMENT:
                return self._names.shipment(number)
            case Kind.FINDING:
                return self._names.finding(number)
            case Kind.ASSESSMENT:
                return self._names.assessment(number)
            case Kind.RUN:
                run = self._reader.transformation(number)
                return self._names.full(run.participant, run.identifier) if run else "0x"
            case Kind.RECORD:
                added = self._reader.emissions_record(number)
                return self._names.full(added.custodian, added.record) if added else "0x"
