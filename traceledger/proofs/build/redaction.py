"""Takes disclosures out of proof files: what is withheld stays proved, but nobody learns what it says.

Only what is private on chain can be withheld. What was recorded openly stays in the events, and is reported.

Example:
    >>> sorted(kind.value for kind in kinds_of(["names", "facilities"]))
    ['facility', 'facility_name', 'participant_name']
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from traceledger.chain.trie import key_of
from traceledger.errors import InputError, VerificationError
from traceledger.events import Event, decode
from traceledger.events.private import texts_of
from traceledger.model.commitments import GROUPS, FieldKind, Opening
from traceledger.proofs.build.builder import Known
from traceledger.proofs.files import Reader, Writer
from traceledger.proofs.limits import Limits
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.receipts import logs_of
from traceledger.proofs.records import Disclosed, End, Header, Preamble, Receipts, Record
from traceledger.proofs.tries import Nodes
from traceledger.storage.files import OWNER_ONLY, creating, reading, replacing

_SHOWN = 20


def kinds_of(groups: Iterable[str]) -> frozenset[FieldKind]:
    """The kinds of fields that these words mean: ``names``, ``facilities``, ``evidence``, ``lots``.

    Raises:
        InputError: one is none of them.
    """
    found: set[FieldKind] = set()
    for group in groups:
        if group not in GROUPS:
            raise InputError(f"{group!r} cannot be hidden", hint=f"use {', '.join(GROUPS)}")
        found |= GROUPS[group]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Disclosing:
    """Openings, of some kinds alone."""

    known: Known
    kinds: Collection[FieldKind]

    def opening(self, commitment: str) -> Opening | None:
        """What opens a commitment, if it is known and of one of the kinds."""
        found = self.known.opening(commitment)
        return found if found is not None and found.kind in self.kinds else None


@dataclass(slots=True)
class Redacted:
    """What a redaction did.

    Attributes:
        hidden: how many texts it withholds now, by kind.
        kept: how many the file still discloses, by kind.
        public: by kind, texts that were to be hidden but are public on chain: at most twenty of each.
    """

    hidden: Counter[FieldKind] = field(default_factory=Counter)
    kept: Counter[FieldKind] = field(default_factory=Counter)
    public: dict[FieldKind, list[str]] = field(default_factory=dict)

    def note_public(self, kind: FieldKind, text: str) -> None:
        """A text that was to be hidden is public."""
        texts = self.public.setdefault(kind, [])
        if text not in texts and len(texts) < _SHOWN:
            texts.append(text)


def redact(source: Path, target: Path, groups: Iterable[str], *, limits: Limits | None = None) -> Redacted:
    """Write a proof file anew without what discloses some kinds of private texts.

    The claims name what is private by its commitments, so that the new file proves the same.

    Args:
        source: the file; it is not verified here.
        target: the file to write, whole or not at all. It may be the same; another one that still
            discloses something is refused if it is there, and only its owner can read it.
        groups: what to withhold: ``names``, ``facilities``, ``evidence``, ``lots``.
        limits: how large the file may be.

    Raises:
        InputError: a file cannot be read or written, or is no proof file.
        VerificationError: its receipts do not fit together.
    """
    hidden = kinds_of(groups)
    done = Redacted()
    events = _Events()
    with reading(source) as file, _writing(source, target, hidden) as new, Writer(new) as writer:
        reader = Reader(file, str(source), limits)
        for record in reader.records():
            for kind, text in _public(events, record, reader):
                if kind in hidden:
                    done.note_public(kind, text)
            _copy(record, writer, hidden, done)
    return done


def _writing(source: Path, target: Path, hidden: Collection[FieldKind]) -> AbstractContextManager[BinaryIO]:
    if kinds_of(GROUPS) <= set(hidden):
        return replacing(target)
    if source == target:
        return replacing(target, mode=OWNER_ONLY)
    # What still discloses private texts goes to where nobody else can have put anything, or can read it.
    return creating(target, mode=OWNER_ONLY)


def _copy(record: Record, writer: Writer, hidden: Collection[FieldKind], done: Redacted) -> None:
    if isinstance(record, Disclosed):
        kept = tuple(each for each in record.openings if each.kind not in hidden)
        done.hidden.update(each.kind for each in record.openings if each.kind in hidden)
        done.kept.update(each.kind for each in kept)
        if kept:
            writer.write(Disclosed(kept))
    elif not isinstance(record, End):
        writer.write(record)


def _public(events: _Events, record: Record, reader: Reader) -> Iterator[tuple[FieldKind, str]]:
    try:
        for event in events.of(record):
            yield from ((each.kind, each.text) for each in texts_of(event) if not each.private)
    except InputError as error:
        raise reader.fault(error.what, error.hint) from None


class _Events:
    """The events of a file as its records come. Whether they are proved is not asked here."""

    def __init__(self) -> None:
        self._contracts: tuple[bytes, ...] = ()
        self._header: BlockHeader | None = None
        self._nodes = Nodes()

    def of(self, record: Record) -> Iterator[Event]:
        """The events of the contracts in a record."""
        match record:
            case Preamble(ledger=ledger, registry=registry):
                self._contracts = (ledger, registry)
            case Header(rlp=rlp):
                self._header, self._nodes = read_header(rlp, "plain"), Nodes()
            case Receipts(indexes=indexes, nodes=nodes) if self._header is not None:
                self._nodes.add(nodes)
                for index in indexes:
                    yield from self._events(self._header.receipts_root, index)

    def _events(self, root: bytes, index: int) -> Iterator[Event]:
        receipt = self._nodes.get(root, key_of(index))
        if receipt is None:
            raise VerificationError(f"transaction {index} is missing", hint="the file is damaged or forged")
        for log in logs_of(receipt, index):
            event = decode(log) if log.address in self._contracts else None
            if event is not None:
                yield event
