"""Answers that are not delivered yet: a file each, so that they outlive the server.

Example:
    >>> import tempfile
    >>> outbox = Outbox(Path(tempfile.mkdtemp()) / "out")
    >>> letter = outbox.add("buyer", {"id": "1"}, at=5)
    >>> [each == letter for each in outbox.all()], outbox.remove(letter), list(outbox.all())
    ([True], None, [])
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, NetworkError
from traceledger.storage.files import OWNER_ONLY, content_of, create, make_folder
from traceledger.storage.json_text import loads

MOST = 200
"""Answers that wait at once, of all partners."""
MOST_OF_ONE = 20
"""Answers that wait at once for one partner."""
_PRIVATE_FOLDER = 0o700


class FullError(NetworkError):
    """Too many answers wait already."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer.

    Attributes:
        path: its file.
        partner: name of the token of whose partner it is.
        event: what is sent.
        at: when it was written, UTC seconds.
    """

    path: Path
    partner: str
    event: Mapping[str, Any]
    at: int


class Outbox:
    """The answers of one network's folder.

    Args:
        folder: where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, partner: str, event: Mapping[str, Any], at: int) -> Letter:
        """Keep an answer until it is delivered.

        Raises:
            FullError: too many wait already.
            NetworkError: it cannot be written.
        """
        waiting = list(self.all())
        mine = sum(each.partner == partner for each in waiting)
        if len(waiting) >= MOST or mine >= MOST_OF_ONE:
            raise FullError("too many answers wait to be delivered already", hint="try again later")
        make_folder(self._folder, mode=_PRIVATE_FOLDER, error=NetworkError)
        # In the order of their names they were written.
        path = self._folder / f"{at:012d}-{secrets.token_hex(8)}.json"
        content = json.dumps({"partner": partner, "at": at, "event": dict(event)})
        create(path, content, mode=OWNER_ONLY, error=NetworkError)
        return Letter(path, partner, event, at)

    def all(self) -> Iterator[Letter]:
        """What waits, the oldest first; what is no letter is left alone."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.json")):
            try:
                found = loads(content_of(path))
                yield Letter(path, found["partner"], found["event"], int(found["at"]))
            except (OSError, InputError, KeyError, TypeError, ValueError):
                continue

    def remove(self, letter: Letter) -> None:
        """Forget a letter that was delivered, or given up."""
        letter.path.unlink(missing_ok=True)
