"""Which key signs for whom: those that a place of keys holds, and one that the environment may hold.

``TRACELEDGER_PRIVATE_KEY`` (64 hexadecimal digits) is used for whichever account it belongs to; every
other key comes from the network's place of keys, and may need its passphrase.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from traceledger.errors import ClosedError, SigningError
from traceledger.model.hexadecimal import digits, hexed, parsed_address
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.places import KeyInfo, KeyPlace, Signer

PRIVATE_KEY = "TRACELEDGER_PRIVATE_KEY"
DEPLOYER = "deployer"
"""Name of the stored key that deploys the contracts and holds the consortium's rights."""


def environment_signer() -> Signer | None:
    """What signs with the key that the environment holds; ``None``: it holds none.

    Raises:
        SigningError: it is not a private key.
    """
    secret = os.environ.get(PRIVATE_KEY)
    return LocalSigner(_secret(secret)) if secret else None


class _Unlocked:
    """What signs with an unlocked key, as long as its :class:`Signers` keeps it."""

    def __init__(self, address: bytes, find: Callable[[bytes], Signer]) -> None:
        self._address = address
        self._find = find

    @property
    def address(self) -> bytes:
        """The 20-byte address that the signatures recover to."""
        return self._address

    def sign_hash(self, digest: bytes) -> bytes:
        """The 65-byte signature (r, s, recovery id 0 or 1) of a 32-byte hash.

        Raises:
            ClosedError: the key was forgotten.
        """
        return self._find(self._address).sign_hash(digest)


class Signers:
    """Finds and unlocks keys, each once; :meth:`close` forgets them.

    Args:
        place: where the network's keys live.
        passphrase: asked for the passphrase of a stored key, by its name.
        environment: whether the key that the environment may hold signs as well.
    """

    def __init__(
        self, place: KeyPlace, passphrase: Callable[[str], str], *, environment: bool = True
    ) -> None:
        self._place = place
        self._passphrase = passphrase
        self._open = True
        self._unlocked: dict[bytes, Signer] = {}
        self._addresses: dict[str, bytes] | None = None
        self._environments: bytes | None = None
        signer = environment_signer() if environment else None
        if signer is not None:
            self._environments = signer.address
            self._unlocked[signer.address] = signer

    def close(self) -> None:
        """Forget the unlocked keys; what was unlocked before signs no more."""
        self._open = False
        self._unlocked.clear()
        self._place.close()

    def names(self) -> list[str]:
        """Names of the stored keys, sorted."""
        return self._place.names()

    def is_new(self, name: str) -> bool:
        """Whether no key of that name is stored."""
        return name not in self._place.names()

    def info(self, name: str) -> KeyInfo:
        """What is known of a stored key without its passphrase.

        Raises:
            SigningError: no such key, or it cannot be read.
        """
        return self._place.info(name)

    def address_of(self, name: str) -> bytes:
        """The 20-byte address of a key, by its name or by that address as text, as which any key is named.

        Raises:
            SigningError: no such key, or it cannot be read.
        """
        return parsed_address(name) or self._place.info(name).address

    def name_of(self, address: bytes) -> str | None:
        """The name of the stored key of an address; ``None`` if there is none, or only the environment's."""
        return next((name for name, info in self._readable() if info.address == address), None)

    def damaged(self) -> dict[str, SigningError]:
        """The stored keys that cannot be read, by their names, and what is wrong with each."""
        found = {}
        for name in self.names():
            try:
                self._place.info(name)
            except SigningError as error:
                found[name] = error
        return found

    def _readable(self) -> Iterator[tuple[str, KeyInfo]]:
        """The stored keys that can be read: one that is damaged hides no other."""
        for name in self.names():
            with suppress(SigningError):
                yield name, self._place.info(name)

    def known_deployer(self) -> bytes | None:
        """Address of the deploying account if its key is at hand.

        It is the stored key of that name, else the one that the environment holds: the contracts tell whether
        that is the consortium's, if it is used where no participant acts.
        """
        return self._environments if self.is_new(DEPLOYER) else self.address_of(DEPLOYER)

    def deployer(self) -> bytes:
        """Address of the deploying account.

        Raises:
            SigningError: its key is not at hand.
        """
        found = self.known_deployer()
        if found is None:
            raise SigningError(
                f"only the consortium may do this, and its key {DEPLOYER!r} is not in {self._place.shown}",
                hint="have the consortium do it, or say with --as who acts",
            )
        return found

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
        if name not in stored and not self.is_new(name):
            self._place.info(name)  # says what is wrong with it
        raise SigningError(
            f"no key of {name} is in {self._place.shown}",
            hint=f"import one with: traceledger key import {name}, or set {PRIVATE_KEY}",
        )

    def _stored(self) -> dict[str, bytes]:
        if self._addresses is None:
            self._addresses = {name: info.address for name, info in self._readable()}
        return self._addresses

    def has(self, address: bytes) -> bool:
        """Whether the key of an address is at hand, locked or not."""
        return address in self._unlocked or self.name_of(address) is not None

    def unlock(self, address: bytes) -> Signer:
        """The signer of an address, until :meth:`close`.

        Raises:
            SigningError: its key is not at hand, or the passphrase is wrong.
            ClosedError: the keys were forgotten.
        """
        self._require_open()
        if address not in self._unlocked:
            name = self.name_of(address)
            if name is None:
                raise SigningError(f"the key of {hexed(address)} is not in {self._place.shown}")
            _warn(self._place.info(name).cautions)
            unlocked = self._place.load(name, self._word(name))
            self._require_open()
            self._unlocked[address] = unlocked
        return _Unlocked(address, self._found)

    def _found(self, address: bytes) -> Signer:
        self._require_open()
        return self._unlocked[address]

    def _require_open(self) -> None:
        if not self._open:
            raise ClosedError("the store of keys is closed", hint="open it again")

    def into(self, kind: str | None) -> None:
        """Have new keys made in the ``folder`` or in the ``token`` of the network; ``None``: as it is.

        Raises:
            SigningError: the network has none of that kind.
        """
        if kind is not None:
            self._place = self._place.into(kind)

    def create(self, name: str) -> KeyInfo:
        """Make and store a new key, encrypted with the passphrase where the place encrypts.

        Raises:
            SigningError: a key of that name exists, or it cannot be stored.
        """
        return self._made(self._place.create(name, self._word(name)))

    def add(self, name: str, secret: bytes) -> KeyInfo:
        """Store a given 32-byte private key, encrypted as a new one is.

        Raises:
            SigningError: not a private key, a key of that name exists, or it cannot be stored.
        """
        return self._made(self._place.add(name, secret, self._word(name)))

    def change_passphrase(self, name: str, new: Callable[[str], str]) -> KeyInfo:
        """Give a stored key another passphrase.

        Args:
            name: of the key.
            new: asked for the new one, by the key's name, when the old one has been given.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, or it cannot be stored.
        """
        info = self._place.info(name)
        old = self._word(name)
        return self._made(self._place.change_passphrase(info.name, old, new(name)))

    def export(self, name: str, new: Callable[[str], str]) -> str:
        """The text of a key file for elsewhere.

        Args:
            name: of the key.
            new: asked for the passphrase that opens it, by the key's name.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, or the key never leaves its place.
        """
        info = self._place.info(name)
        old = self._word(name)
        return self._place.export(info.name, old, new(name))

    def export_secret(self, name: str) -> bytes:
        """The 32-byte private key of a stored key.

        Raises:
            SigningError: no such key, a wrong passphrase, or the key never leaves its place.
        """
        return self._place.export_secret(self._place.info(name).name, self._word(name))

    def remove(self, name: str) -> None:
        """Remove a stored key, for good. What was unlocked of it signs until :meth:`close`.

        Raises:
            SigningError: no such key, or it cannot be removed.
        """
        # A key file goes without its passphrase, which may be what is lost.
        asked = self._place.asks(name)
        self._place.remove(name, self._word(name) if asked not in (name, None) else "")
        self._addresses = None

    def _made(self, info: KeyInfo) -> KeyInfo:
        self._addresses = None
        return info

    def _word(self, name: str) -> str:
        asked = self._place.asks(name)
        return "" if asked is None else self._passphrase(asked)


def _warn(cautions: Iterable[str]) -> None:
    import logging  # every command makes a Signers, and few have anything to say

    for caution in cautions:
        logging.getLogger(__name__).warning("%s", caution)


def _secret(text: str) -> bytes:
    try:
        secret = digits(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise SigningError("not a private key", where=PRIVATE_KEY, hint="give 64 hexadecimal digits")
    return secret
