"""What signs, and what a place where keys live must offer.

:class:`~traceledger.signing.keystore.KeyStore`, a folder of encrypted files, is such a place;
:class:`~traceledger.signing.token.Token`, a token by PKCS #11, is another. A third one (a remote signer) is a
module beside them with a class that offers the same, and its name in ``key_place`` of
:mod:`traceledger.config.connection`; a program can also give it to
:class:`traceledger.client.client.Client` as ``keys``. All else asks
:class:`~traceledger.signing.signers.Signers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from traceledger.errors import InputError, SigningError
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
    """A key: its name, and the 20-byte address it signs for.

    ``place`` is where it lives, as messages name it, and ``path`` its file where it has one. ``cautions`` are
    sentences about what is not as it should be, each with how to mend it.
    """

    name: str
    address: bytes
    place: str = ""
    path: Path | None = None
    cautions: tuple[str, ...] = ()


def require_name(name: str) -> None:
    """Refuse what is no name for a key.

    Raises:
        InputError: it has other characters than letters, digits, ``-``, ``_``, ``.``, or begins with a dot.
    """
    if not name or name.startswith(".") or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in name):
        raise InputError(f"{name!r} is not a name for a key", hint="use letters, digits, '-', '_' and '.'")


def missing(name: str, shown: str, others: Iterable[str] = ()) -> SigningError:
    """What is said of a key that a place does not have; ``others`` are the names of those that it has."""
    from traceledger.languages.phrases import phrase
    from traceledger.model.spelling import nearest
    from traceledger.model.suggestions import did_you_mean

    near = nearest(name, others)
    return SigningError(
        phrase("there is no key {name} in {place}", name=repr(name), place=shown),
        hint=did_you_mean(near)
        if near
        else phrase("make one with: traceledger key create {name}", name=name),
    )


class KeyPlace(Protocol):
    """A place where keys live, each under a name."""

    @property
    def shown(self) -> str:
        """The place as messages name it."""

    def asks(self, name: str) -> str | None:
        """What is asked for where a key is made, unlocked or changed; ``None``: nothing, empty text is given.

        A key's name asks for its passphrase, ``pin:LABEL`` for the PIN of a token.
        """

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

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        """Give a key another passphrase.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, it cannot be stored, or the place keeps
                none for each key.
        """

    def export(self, name: str, passphrase: str, new: str) -> str:
        """The text of a key file for elsewhere, which ``new`` opens.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, or the key never leaves the place.
        """

    def export_secret(self, name: str, passphrase: str) -> bytes:
        """The 32-byte private key itself.

        Raises:
            SigningError: no such key, a wrong passphrase, or the key never leaves the place.
        """

    def remove(self, name: str, passphrase: str) -> None:
        """Remove a key, for good.

        Raises:
            SigningError: no such key, or it cannot be removed.
        """

    def into(self, kind: str) -> KeyPlace:
        """The same place, with new keys going into its ``folder`` or its ``token``.

        Raises:
            SigningError: it has none of that kind.
        """

    def close(self) -> None:
        """Forget what was opened."""
