"""Which key signs for whom: the stored keys, and one that the environment may hold.

``TRACELEDGER_PRIVATE_KEY`` (64 hexadecimal digits) is used for whichever account it belongs to; every
other key comes from the network's key folder and needs its passphrase.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from traceledger.errors import SigningError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.signing.keystore import KeyInfo, KeyStore, LocalSigner, Signer

PRIVATE_KEY = "TRACELEDGER_PRIVATE_KEY"
DEPLOYER = "deployer"
"""Name of the stored key that deploys the contracts and holds the consortium's rights."""


class Signers:
    """Finds and unlocks keys, each once.

    Args:
        store: the network's key folder.
        passphrase: asked for the passphrase of a stored key, by its name.
    """

    def __init__(self, store: KeyStore, passphrase: Callable[[str], str]) -> None:
        self.store = store
        self._passphrase = passphrase
        self._unlocked: dict[bytes, Signer] = {}
        self._addresses: dict[str, bytes] | None = None
        secret = os.environ.get(PRIVATE_KEY)
        if secret:
            signer = LocalSigner(_secret(secret))
            self._unlocked[signer.address] = signer

    def deployer(self) -> bytes:
        """Address of the deploying account.

        Raises:
            SigningError: its key is not stored here.
        """
        if DEPLOYER not in self.store.names():
            raise SigningError(
                f"only the consortium may do this, and its key {DEPLOYER!r} is not in {self.store.folder}",
                hint="have the consortium do it, or say with --as who acts",
            )
        return self.store.info(DEPLOYER).address

    def choose(self, name: str, addresses: Iterable[bytes]) -> bytes:
        """One of ``addresses`` for which a key is at hand; the stored key called ``name`` is tried first.

        Raises:
            SigningError: there is a key for none of them.
        """
        wanted = set(addresses)
        for address in self._unlocked:
            if address in wanted:
                return address
        stored = self._stored()
        # Usually the key is called like its participant; a second key has another name.
        for known in [stored.get(name), *stored.values()]:
            if known is not None and known in wanted:
                return known
        raise SigningError(
            f"no key of {name} is in {self.store.folder}",
            hint=f"import one with: traceledger key import {name}, or set {PRIVATE_KEY}",
        )

    def _stored(self) -> dict[str, bytes]:
        if self._addresses is None:
            self._addresses = {name: self.store.info(name).address for name in self.store.names()}
        return self._addresses

    def has(self, address: bytes) -> bool:
        """Whether the key of an address is at hand, locked or not."""
        return address in self._unlocked or self.store.find(address) is not None

    def unlock(self, address: bytes) -> Signer:
        """The signer of an address.

        Raises:
            SigningError: its key is not at hand, or the passphrase is wrong.
        """
        if address not in self._unlocked:
            info = self.store.find(address)
            if info is None:
                raise SigningError(f"the key of {hexed(address)} is not in {self.store.folder}")
            self._unlocked[address] = self.store.load(info.name, self._passphrase(info.name))
        return self._unlocked[address]

    def create(self, name: str) -> KeyInfo:
        """Make and store a new key, encrypted with the passphrase.

        Raises:
            SigningError: a key of that name exists, or the folder cannot be written.
        """
        made = self.store.create(name, self._passphrase(name))
        self._addresses = None
        return made


def _secret(text: str) -> bytes:
    try:
        secret = digits(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise SigningError("not a private key", where=PRIVATE_KEY, hint="give 64 hexadecimal digits")
    return secret
