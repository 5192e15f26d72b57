"""Key files: the key that was put in, or an error that says what is wrong, within a moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from eth_keyfile.keyfile import create_keyfile_json

from tests.fuzz.changes import changed_document, few_changes, text_of
from traceledger.errors import SigningError
from traceledger.signing.keystore import secret_of

SECRET = bytes(range(1, 33))
WORD = "gr\u00fcn sch\u00f6n"


class Keystore:
    """Changes two light key files."""

    suffix = ".json"

    def __init__(self) -> None:
        self._made: dict[str, dict[str, Any]] = {
            kdf: create_keyfile_json(SECRET, WORD.encode(), kdf=kdf, iterations=2)  # type: ignore[arg-type]
            for kdf in ("scrypt", "pbkdf2")
        }

    def inputs(self) -> dict[str, bytes]:
        """One with scrypt, one with PBKDF2."""
        return {kdf: json.dumps(made).encode() for kdf, made in self._made.items()}

    def changed(self, random: Random) -> bytes:
        """As documents, or as bytes."""
        made = self._made[random.choice(sorted(self._made))]
        if random.random() < 0.5:
            return few_changes(random, json.dumps(made).encode())
        for _ in range(random.choice((1, 1, 2, 3))):
            made = changed_document(random, made)
        return text_of(random, made)

    def outcome(self, data: bytes) -> str:
        """``same``, ``wrong passphrase`` or ``refused``."""
        try:
            secret = secret_of(data, WORD)
        except SigningError as error:
            return "wrong passphrase" if "wrong passphrase" in error.what else "refused"
        # Without its address a file whose initialisation vector was changed says another key: its check
        # covers the ciphertext alone.
        assert secret == SECRET or b'"address"' not in data.lower(), "another key"
        return "same" if secret == SECRET else "another key of no address"


@contextmanager
def opened(folder: Path) -> Iterator[Keystore]:
    """The target; it needs nothing in the folder."""
    del folder
    yield Keystore()
