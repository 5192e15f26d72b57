"""The events that came and went: one line of JSON each, in the network's folder, for its owner alone.

A line has the time (UTC), whether it ``came`` or was ``sent`` or ``given_up``, by which token or to which
partner, the type, id and source of the event, and its data, but for footprints, of which it has the ids.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traceledger.model.units import format_time
from traceledger.storage.files import OWNER_ONLY

MOST_BYTES = 8 * 2**20
"""Of a file; then another one is begun, and the one before the last goes."""
_PRIVATE_FOLDER = 0o700
_log = logging.getLogger(__name__)


class Journal:
    """Writes the lines, from any thread.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()

    def note(self, how: str, who: str, event: Mapping[str, Any]) -> None:
        """Write a line; where that fails, it is said in the server's log, and nothing else waits for it.

        Args:
            how: ``came``, ``sent``, ``given_up``.
            who: name of the token or partner.
            event: the event, as it was or is sent.
        """
        data = event["data"]
        if "pfs" in data:
            data = {**data, "pfs": [each.get("id") for each in data["pfs"]]}
        told = {name: event[name] for name in ("type", "id", "source")}
        line = {"time": format_time(int(time.time())), "event": how, "who": who, **told, "data": data}
        try:
            with self._writing:
                self._append((json.dumps(line) + "\n").encode())
        except OSError as error:
            _log.warning("the journal of events cannot be written: %s", error.strerror or error)

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        if self._path.exists() and self._path.stat().st_size + len(line) > MOST_BYTES:
            self._path.replace(self._path.with_suffix(".1.jsonl"))
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)
