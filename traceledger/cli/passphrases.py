"""Where the passphrase of a key comes from: a file, the environment, or a question. Never an argument.

The PIN of a token comes from ``TRACELEDGER_PIN`` or a question: a passphrase is never tried as a PIN, as most
tokens lock themselves after a few wrong ones.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import click

from traceledger.errors import SigningError
from traceledger.signing.passphrase import first_line, from_environment
from traceledger.storage.files import others_may

VARIABLE = "TRACELEDGER_PASSPHRASE"
PIN = "TRACELEDGER_PIN"
_HINT = f"use --passphrase-file or set {VARIABLE}"
_LONGEST = 2**16


class Passphrases:
    """Gives each key's passphrase, by the key's name, and a token's PIN, by ``pin:`` and its label.

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
        """The passphrase, or the PIN.

        Raises:
            SigningError: there is none, it is empty, or there is nobody to ask.
        """
        label = key.partition(":")[2]
        if label:
            return self._pin(key, label)
        return self._given() or self._once(key, lambda: self._ask(key))

    def of_file(self, source: Path, name: str) -> str:
        """The passphrase of a key file from elsewhere, which its key keeps as the new key ``name``.

        Raises:
            SigningError: there is none, it is empty, or there is nobody to ask.
        """
        return self._given() or self._once(
            name, lambda: _asked(f"Passphrase of {source}", f"the passphrase of {source} is needed", _HINT)
        )

    def _given(self) -> str:
        return read_passphrase(self._file) if self._file is not None else from_environment(VARIABLE)

    def _pin(self, key: str, label: str) -> str:
        what = f"the PIN of token {label!r} is needed"
        return from_environment(PIN) or self._once(
            key,
            lambda: _asked(
                f"PIN of token {label}", what, f"set {PIN}, or name a pin-source in networks.toml"
            ),
        )

    def _once(self, key: str, ask: Callable[[], str]) -> str:
        if key not in self._typed:
            with self._paused():
                self._typed[key] = ask()
        return self._typed[key]

    def _ask(self, key: str) -> str:
        needed = f"the passphrase of key {key!r} is needed"
        if not self._is_new(key):
            return _asked(f"Passphrase of key {key}", needed, _HINT)
        if self._new is None:
            self._new = _asked("Passphrase for the new key", needed, _HINT, twice=True)
        return self._new


def new_passphrase(file: Path | None, key: str) -> str:
    """The passphrase that a key gets: of a file, or typed twice.

    Raises:
        SigningError: it is empty, or there is nobody to ask.
    """
    if file is not None:
        return read_passphrase(file)
    needed = f"the new passphrase of key {key!r} is needed"
    return _asked(f"New passphrase of key {key}", needed, "use --new-passphrase-file", twice=True)


def read_passphrase(file: Path, *, may_be_empty: bool = False) -> str:
    """The first line of a file, whatever editor wrote it.

    Raises:
        SigningError: it cannot be read, or is empty.
    """
    try:
        with file.open("rb") as source:
            found = first_line(source.read(_LONGEST))
    except OSError as error:
        raise SigningError(f"the passphrase cannot be read: {error.strerror}", where=str(file)) from None
    if not found.strip() and not may_be_empty:
        raise SigningError("the passphrase is empty", where=str(file), hint="put it on the file's first line")
    if others_may(file, 0o044):
        click.echo(f"warning: passphrase file {file} can be read by others: chmod 600 {file}", err=True)
    return found


def _asked(question: str, needed: str, hint: str, *, twice: bool = False) -> str:
    # A question that nobody can answer would wait for ever in a pipe or a service.
    if not sys.stdin.isatty():
        raise SigningError(needed, hint=hint)
    found = typed_hidden(question)
    if not found.strip():
        raise SigningError("the passphrase is empty", hint="choose one of several words")
    while twice and typed_hidden("Repeat for confirmation") != found:
        click.echo("The two differ.", err=True)
        found = typed_hidden(question)
    return found


def typed_hidden(question: str) -> str:
    """What is typed, unseen, whatever the encoding of the terminal.

    By hand where there are terminals as POSIX has them: getpass, which click uses, decodes by the locale, and
    ends in an error where that says nothing of the terminal's encoding (``LC_ALL=C``).
    """
    try:
        import termios
    except ImportError:  # Windows, whose consoles are Unicode
        return str(click.prompt(question, hide_input=True, err=True))
    terminal = sys.stdin.fileno()
    shown = termios.tcgetattr(terminal)
    unseen = [*shown]
    unseen[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, unseen)
        click.echo(f"{question}: ", err=True, nl=False)
        typed = sys.stdin.buffer.readline()
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, shown)
        click.echo(err=True)
    if not typed:
        raise click.Abort
    return first_line(typed)
