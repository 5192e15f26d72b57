"""Drafts: what clerks prepare, as operations files in the network's folder, and what became of each.

A draft is ``DRAFT.jsonl``, an operations file for its owner's eyes, and ``DRAFT.json`` beside it: where it
came from, who made it, its state. Both lie in ``desk/PARTICIPANT/`` of the network's folder, so that whoever
starts the desk again finds them::

    made --looked at, no faults--> checked --signed by a clerk--> signing --as it was shown--> sending
      ^                              ^  |                            |                            |
      |  faults                      |  +<---it would be another-----+                            |
      +------------------------------+       thing, key locked                                    |
                                                                                                  |
      final <--every line is recorded, and final--------------------------------------------------+
      refused <--the contracts refused a line; those before it are recorded-----------------------+
      failed <--it cannot go on by itself, such as a full disk------------------------------------+

A draft whose desk was killed while it was signing or sending stays in that state, and so does one whose
network is out of reach: signed once more it goes on, and each line is recorded once, since the chain and the
outbox know which have been (``sending/submission.py``). What was sent in part goes back from signing to
sending, not to checked. One desk at a time has a draft in hand (``DRAFT.lock``).

Example:
    >>> import tempfile
    >>> drafts = Drafts(Path(tempfile.mkdtemp()), "katanga")
    >>> made = drafts.add([{"op": "hold", "batch": "A", "reason": "assay", "at": "2026-01-01T00:00:00Z"}])
    >>> drafts.get(made.id).state, drafts.list() == [made], made.counts
    (<State.MADE: 'made'>, True, {'hold': 1})
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place, TraceLedgerError, UnknownNameError, place_of
from traceledger.languages import translatable
from traceledger.languages.phrases import kept, phrase, remembered
from traceledger.operations.file import OperationsFileError, bytes_of
from traceledger.sending.lines import Source
from traceledger.storage import files
from traceledger.storage.json_text import loads
from traceledger.storage.locks import held

_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
_MOST_LINES = 100_000


class State(StrEnum):
    """How far a draft is."""

    MADE = "made"
    CHECKED = "checked"
    SIGNING = "signing"
    SENDING = "sending"
    FINAL = "final"
    REFUSED = "refused"
    FAILED = "failed"


STATES = {
    State.MADE: translatable("to be looked at"),
    State.CHECKED: translatable("to be signed"),
    State.SIGNING: translatable("being signed"),
    State.SENDING: translatable("on its way"),
    State.FINAL: translatable("recorded"),
    State.REFUSED: translatable("refused"),
    State.FAILED: translatable("stopped"),
}
"""What people call each."""

OPEN = (State.MADE, State.CHECKED, State.REFUSED, State.FAILED)
"""The states in which a draft may be thrown away: nothing of it is on its way."""

_NEXT: Mapping[State, tuple[State, ...]] = {
    State.MADE: (State.MADE, State.CHECKED, State.SIGNING),
    State.CHECKED: (State.MADE, State.CHECKED, State.SIGNING),
    State.SIGNING: (State.MADE, State.CHECKED, State.SIGNING, State.SENDING, State.FAILED),
    State.SENDING: (State.SIGNING, State.SENDING, State.FINAL, State.REFUSED, State.FAILED),
    State.FINAL: (State.FINAL,),
    State.REFUSED: (State.REFUSED, State.SIGNING),
    State.FAILED: (State.FAILED, State.SIGNING),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a draft came from.

    Attributes:
        kind: ``form`` or ``sheet``, or a word of the page that made it, such as ``answer``.
        name: of the file that was given, or of the form.
        places: for each line, what it is called there: a sheet and row, such as ``Mints!7``; without one a
            line goes by its number.
    """

    kind: str = "form"
    name: str = ""
    places: tuple[str, ...] = ()

    def called(self, line: int) -> str:
        """What a line (from 1) is called there; empty: it goes by its number."""
        return self.places[line - 1] if line <= len(self.places) else ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a draft does not go on: what is wrong, how to mend it, and where, as where it came from says."""

    what: str
    hint: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a clerk approved: with which key, when (UTC seconds), and the digest of what was shown."""

    key: str
    address: str
    at: int
    shown: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Operations that a clerk prepared.

    Attributes:
        id: by which it is named in addresses and files.
        made: when, UTC seconds.
        by: name of the key that was unlocked then; empty: none.
        origin: where it came from.
        counts: how many operations of which name.
        state: how far it is.
        troubles: why it does not go on.
        signed: who approved what, if somebody did.
        recorded: how many lines were seen on the chain.
        receipt: whether there is a receipt beside it.
        begun: whether some of it may have been sent, at some time.
    """

    id: str
    made: int
    by: str
    origin: Origin
    counts: Mapping[str, int]
    state: State = State.MADE
    troubles: tuple[Trouble, ...] = ()
    signed: Signed | None = None
    recorded: int = 0
    receipt: bool = False
    begun: bool = False

    @property
    def lines(self) -> int:
        """How many operations it has."""
        return sum(self.counts.values())

    def place(self, where: str) -> str:
        """A place in the operations file, as it is called where the draft came from."""
        place = place_of(where)
        if place.line is None:
            return place.field or str(place)
        called = self.origin.called(place.line)
        if not called:
            return str(Place(line=place.line, field=place.field)) if self.lines > 1 else place.field
        named = f"{self.origin.name}: {called}" if self.origin.name else called
        return f"{named}: {place.field}" if place.field else named

    def trouble(self, error: TraceLedgerError) -> tuple[Trouble, ...]:
        """What an error says of this draft: each of its faults, or itself."""
        found = error.further or (error,)
        return tuple(Trouble(each.what, each.hint, self.place(each.where)) for each in found)


class Drafts:
    """The drafts of a participant.

    Args:
        folder: of the network.
        participant: whose they are: every operation is its own.
    """

    def __init__(self, folder: Path, participant: str) -> None:
        self.folder = folder / "desk" / participant
        self.participant = participant

    def add(
        self, operations: Sequence[Mapping[str, Any]], origin: Origin | None = None, *, by: str = ""
    ) -> Draft:
        """Keep operations as a new draft.

        Args:
            operations: as they stand in an operations file; ``as`` is the desk's participant.
            origin: where they come from.
            by: name of the clerk's key.

        Raises:
            OperationsFileError: some have faults, each with its place; nothing was kept.
            InputError: there are none or too many, one is another participant's, or they cannot be kept.
        """
        found = origin or Origin()
        own = [self._own(operation, number, found) for number, operation in enumerate(operations, start=1)]
        if not 0 < len(own) <= _MOST_LINES:
            raise InputError(phrase("a draft has from 1 to {most} operations", most=_MOST_LINES))
        made = int(time.time())
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(made))}-{secrets.token_hex(4)}"
        draft = Draft(name, made, by, found, dict(Counter(str(each.get("op")) for each in own)))
        self._require_sound(own, draft)
        text = "".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in own)
        files.make_folder(self.folder, mode=0o700)
        files.create(self.path(draft), text, mode=files.OWNER_ONLY)
        files.create(self._beside(draft.id), _written(draft), mode=files.OWNER_ONLY)
        return draft

    def _own(self, operation: Mapping[str, Any], number: int, origin: Origin) -> dict[str, Any]:
        acting = operation.get("as", self.participant)
        if acting != self.participant:
            raise InputError(
                phrase("this desk is of {own}, and not of {other}", own=self.participant, other=str(acting)),
                where=origin.called(number) or Place(line=number),
                hint=phrase("leave out who acts, or open the desk of that company"),
            )
        return {**operation, "as": self.participant}

    def _require_sound(self, operations: Sequence[Mapping[str, Any]], draft: Draft) -> None:
        faults = [
            type(fault)(fault.what, hint=fault.hint, where=draft.place(fault.where))
            for fault in Source.of(operations).faults
        ]
        if faults:
            raise OperationsFileError(draft.origin.name, faults)

    def list(self, most: int = 200) -> list[Draft]:
        """The newest drafts, the newest first; a file that cannot be read is left out."""
        found = []
        names = (path.name.removesuffix(".json") for path in self.folder.glob("*.json"))
        for name in sorted(filter(_NAME.fullmatch, names), reverse=True)[:most]:
            try:
                found.append(self.get(name))
            except InputError:
                continue
        return found

    def get(self, name: str) -> Draft:
        """A draft by its id.

        Raises:
            UnknownNameError: there is none.
            InputError: its file was changed, and says nothing.
        """
        path = self._beside(name)
        if not _NAME.fullmatch(name) or not path.is_file():
            raise UnknownNameError(
                phrase("there is no draft {draft}", draft=name), hint=phrase("it may have been thrown away")
            )
        with files.explained(path, verb="read"):
            content = files.content_of(path)
        try:
            return _read(loads(content))
        except (TypeError, ValueError, KeyError, AttributeError):
            raise InputError(phrase("the draft's file is damaged"), where=path) from None

    def changed(self, draft: Draft) -> int | None:
        """When it came to its state, UTC seconds; ``None``: it was thrown away meanwhile."""
        try:
            return int(self._beside(draft.id).stat().st_mtime)
        except OSError:
            return None

    def path(self, draft: Draft) -> Path:
        """Its operations file."""
        return self.folder / f"{draft.id}.jsonl"

    def receipt_folder(self, draft: Draft) -> Path:
        """Where its receipt and the proof files beside it lie."""
        return self.folder / f"{draft.id}.receipt"

    def content(self, draft: Draft) -> bytes:
        """All bytes of its operations file.

        Raises:
            InputError: it cannot be read.
        """
        return bytes_of(self.path(draft))

    def operations(self, draft: Draft) -> Sequence[dict[str, Any]]:
        """What its operations file holds."""
        return [loads(line) for line in self.content(draft).splitlines() if line.strip()]

    def move(self, draft: Draft, state: State, **changed: Any) -> Draft:
        """The draft in another state, kept so.

        Args:
            draft: as it was read.
            state: the new one.
            changed: other attributes; without ``troubles`` there are none any more.

        Raises:
            InputError: no arrow leads from its state there, or it cannot be kept.
        """
        now = self.get(draft.id)
        if state not in _NEXT[now.state]:
            raise InputError(
                phrase("the draft is {state} already", state=phrase(STATES[now.state])),
                hint=phrase("look at it again"),
            )
        begun = now.begun or state is State.SENDING
        moved = replace(now, **{"troubles": (), **changed}, state=state, begun=begun)
        files.replace(self._beside(draft.id), _written(moved), mode=files.OWNER_ONLY)
        return moved

    def discard(self, draft: Draft) -> None:
        """Throw a draft away.

        Raises:
            InputError: it is signed, on its way or recorded.
            NetworkError: another desk has it in hand.
        """
        with self.in_hand(draft):
            now = self.get(draft.id)
            if now.state not in OPEN:
                raise InputError(
                    phrase("a draft that was signed is not thrown away"), hint=phrase("look at it again")
                )
            with files.explained(self.path(draft)):
                self._beside(draft.id).unlink(missing_ok=True)
                self.path(draft).unlink(missing_ok=True)

    @contextmanager
    def in_hand(self, draft: Draft) -> Iterator[None]:
        """Have a draft in hand, which nobody else may then sign or throw away.

        Raises:
            NetworkError: another desk has it.
        """
        path = self.folder / f"{draft.id}.lock"
        with held(path, doing="signing this draft", seconds=0, error=InputError):
            yield

    def is_in_hand(self, draft: Draft) -> bool:
        """Whether some desk has it in hand just now."""
        try:
            with self.in_hand(draft):
                return False
        except TraceLedgerError:
            return True

    def _beside(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _written(draft: Draft) -> str:
    document = asdict(draft) | {"troubles": [_trouble_written(each) for each in draft.troubles]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _read(document: Mapping[str, Any]) -> Draft:
    origin, signed = document["origin"], document["signed"]
    return Draft(
        **{
            **document,
            "origin": Origin(origin["kind"], origin["name"], tuple(origin["places"])),
            "state": State(document["state"]),
            "signed": None if signed is None else Signed(**signed),
            "troubles": tuple(
                Trouble(*(remembered(each[name]) for name in ("what", "hint", "where")))
                for each in document["troubles"]
            ),
        }
    )


def _trouble_written(trouble: Trouble) -> dict[str, Any]:
    return {name: kept(getattr(trouble, name)) for name in ("what", "hint", "where")}
