"""Where the passphrase of a key comes from: a file, the environment, or a question. Never an argument."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from traceledger.errors import SigningError

VARIABLE = "TRACELEDGER_PASSPHRASE"
_HINT = f"use --passphrase-file or set {VARIABLE}"


class Passphrases:
    """Gives each key's passphrase, by the key's name.

    Args:
        file: holds the passphrase on its first line; goes before the environment.
        is_new: whether no key of a name is stored yet. Who is asked for the passphrase of a new key must
            type it twice, once for all new keys.
        paused: a context without progress bars, in which to ask.
    """

    def __init__(
        self,
        file: Path | None,
        is_new: Callable[[str], bool],
        paused: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._file = file
        self._paused = paused
        self._is_new = is_new
        self._typed: dict[str, str] = {}
        self._new: str | None = None

    def __call__(self, key: str) -> str:
        """The passphrase.

        Raises:
            SigningError: there is none, and nobody to ask.
        """
        if self._file is not None:
            return _read(self._file)
        from_environment = os.environ.get(VARIABLE)
        if from_environment:
            return from_environment
        if key not in self._typed:
            with self._paused():
                self._typed[key] = self._ask(key)
        return self._typed[key]

    def _ask(self, key: str) -> str:
        # A question that nobody can answer would wait for ever in a pipe or a service.
        if not sys.stdin.isatty():
            raise SigningError(f"the passphrase of key {key!r} is needed", hint=_HINT)
        if not self._is_new(key):
            return _prompt(f"Passphrase of key {key}")
        if self._new is None:
            self._new = _prompt("Passphrase for the new key", confirm=True)
        return self._new


def _prompt(text: str, *, confirm: bool = False) -> str:
    return str(click.prompt(text, hide_input=True, confirmation_prompt=confirm, err=True))


def _read(file: Path) -> str:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SigningError(f"the passphrase cannot be read: {reason}", where=str(file)) from None
    if not lines or not lines[0]:
        raise SigningError("the passphrase is empty", where=str(file), hint="put it on the file's first line")
    return lines[0]
