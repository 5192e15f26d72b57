"""What signs, and what a place where keys live must offer.

:class:`~traceledger.signing.keystore.KeyStore`, a folder of encrypted files, is such a place. Another one (a
token, a remote signer) is a module beside it with a class that offers the same, and its name in
``key_place`` of :mod:`traceledger.config.connection`; a program can also give it to
:class:`traceledger.client.client.Client` as ``keys``. All else asks
:class:`~traceledger.signing.signers.Signers`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from traceledger.model.frozen import frozen


class Signer(Protocol):
    """Something that signs for one address."""

    @property
    def address(self) -> bytes:
        """The 20-byte address that the signatures recover to."""

    def sign_hash(self, digest: bytes) -> bytes:
        """The 65-byte signature (r, s, recovery id 0 or 1) of a 32-byte hash; s in the lower half (EIP-2)."""


@frozen
class KeyInfo:
    """A key: its name, the 20-byte address it signs for, and its file where it has one."""

    name: str
    address: bytes
    path: Path | None = None


class KeyPlace(Protocol):
    """A place where keys live, each under a name."""

    @property
    def shown(self) -> str:
        """The place as messages name it."""

    @property
    def asks(self) -> bool:
        """Whether making and unlocking a key needs a passphrase; else an empty one is given."""

    def names(self) -> list[str]:
        """Names of the keys, sorted."""

    def info(self, name: str) -> KeyInfo:
        """What is known of a key without its passphrase.

        Raises:
            SigningError: no such key, or it cannot be read.
        """

    def create(self, name: str, passphrase: str) -> KeyInfo:
        """Make a new random key.

        Raises:
            SigningError: a key of that name exists, or it cannot be stored.
        """

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        """Store a given 32-byte private key.

        Raises:
            SigningError: not a private key, a key of that name exists, or it cannot be stored.
        """

    def load(self, name: str, passphrase: str) -> Signer:
        """What signs with a key.

        Raises:
            SigningError: no such key, it cannot be used, or a wrong passphrase.
        """
