"""Keys in a folder: one encrypted Web3 Secret Storage file (version 3) per name.

Example:
    >>> import tempfile, pathlib
    >>> store = KeyStore(pathlib.Path(tempfile.mkdtemp()), light=True)
    >>> made = store.create("katanga", "correct horse")
    >>> store.load("katanga", "correct horse").address == made.address
    True
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.errors import InputError, SigningError
from traceledger.model.hexadecimal import hexed
from traceledger.signing.places import KeyInfo, missing, require_name
from traceledger.storage.files import (
    OWNER_ONLY,
    AlreadyThereError,
    create,
    explained,
    make_folder,
    others_may,
    replace,
)

if TYPE_CHECKING:
    from traceledger.signing.key_file import KeyFile

_SUFFIX = ".json"


class LocalSigner:
    """A private key in this process's memory: a :class:`~traceledger.signing.places.Signer`."""

    def __init__(self, secret: bytes) -> None:
        from coincurve import PrivateKey

        from traceledger.chain.recovery import address_of

        try:
            self._key = PrivateKey(secret)
        except ValueError:
            raise SigningError("these 32 bytes are not a private key", hint="take another") from None
        self._address = address_of(self._key.public_key)

    @property
    def address(self) -> bytes:
        """The 20-byte address of the key."""
        return self._address

    def sign_hash(self, digest: bytes) -> bytes:
        """The 65-byte signature (r, s, recovery id 0 or 1) of a 32-byte hash, deterministic (RFC 6979)."""
        signature: bytes = self._key.sign_recoverable(digest, hasher=None)
        return signature

    def __repr__(self) -> str:
        return f"LocalSigner({hexed(self._address)})"


class KeyStore:
    """A folder of encrypted keys: a :class:`~traceledger.signing.places.KeyPlace`.

    Args:
        folder: created on first use, readable by its owner only.
        light: derive the encryption key with 2^12 rounds of scrypt instead of 2^18 (some 10 ms instead
            of one second). For embedded networks only: such a file is quick to attack if it leaks.
    """

    def __init__(self, folder: Path, *, light: bool = False) -> None:
        self.folder = folder
        self.light = light

    @property
    def shown(self) -> str:
        """The folder."""
        return str(self.folder)

    def asks(self, name: str) -> str:
        """The key's name: each file has a passphrase."""
        return name

    def names(self) -> list[str]:
        """Names of the stored keys, sorted."""
        found = (path.name.removesuffix(_SUFFIX) for path in self.folder.glob(f"*{_SUFFIX}"))
        return sorted(name for name in found if not name.startswith("."))

    def info(self, name: str) -> KeyInfo:
        """What a key file says without its passphrase.

        Raises:
            SigningError: no such key, or its file is damaged, asks for too much, or names no address.
        """
        return self._info(name, self._read(name))

    def create(self, name: str, passphrase: str) -> KeyInfo:
        """Make a new random key.

        Raises:
            SigningError: a key of that name exists, or the folder cannot be written.
        """
        import secrets

        return self.add(name, secrets.token_bytes(32), passphrase)

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        """Store a given 32-byte private key, encrypted.

        Raises:
            SigningError: not a private key, an empty passphrase, a key of that name exists, or the folder
                cannot be written.
        """
        require_name(name)
        address = LocalSigner(secret).address
        self._write(name, _locked(secret, passphrase, address, light=self.light))
        return KeyInfo(name, address, self.shown, self._path(name))

    def load(self, name: str, passphrase: str) -> LocalSigner:
        """Decrypt a key.

        Raises:
            SigningError: no such key, a damaged file, or a wrong passphrase.
        """
        return LocalSigner(self._open(name, passphrase))

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        """Encrypt a key anew, as a new one is. Who is killed meanwhile leaves the old file, or the new one.

        Raises:
            SigningError: no such key, a damaged file, a wrong or an empty passphrase, or the file cannot be
                written.
        """
        secret = self._open(name, old)
        text = _locked(secret, new, LocalSigner(secret).address, light=self.light)
        replace(self._path(name), text, mode=OWNER_ONLY, error=SigningError)
        return self.info(name)

    def export(self, name: str, passphrase: str, new: str) -> str:
        """The text of a key file for elsewhere, with the standard derivation, whatever the stored one has.

        Args:
            name: of the key.
            passphrase: the stored key's.
            new: what opens the text.

        Raises:
            SigningError: no such key, a damaged file, a wrong or an empty passphrase.
        """
        secret = self._open(name, passphrase)
        return _locked(secret, new, LocalSigner(secret).address, light=False)

    def export_secret(self, name: str, passphrase: str) -> bytes:
        """The 32-byte private key itself.

        Raises:
            SigningError: no such key, a damaged file, or a wrong passphrase.
        """
        return self._open(name, passphrase)

    def remove(self, name: str, passphrase: str = "") -> None:
        """Remove a key's file, for good. It goes without a passphrase, which may be what is lost.

        Raises:
            SigningError: no such key, or its file cannot be removed.
        """
        require_name(name)
        path = self._path(name)
        if not os.path.lexists(path):
            raise missing(name, self.shown, self.names())
        with explained(path, SigningError, verb="removed"):
            path.unlink()

    def into(self, kind: str) -> KeyStore:
        """Itself, where a folder is meant.

        Raises:
            SigningError: a token is meant.
        """
        if kind != "folder":
            raise SigningError(f"keys of this network live in {self.folder}, not in a {kind}")
        return self

    def close(self) -> None:
        """Nothing: no key stays open here."""

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"

    def _damaged(self, name: str, why: str = "") -> SigningError:
        return SigningError(f"key file {self._path(name)} is damaged{why}", hint="restore it from a backup")

    def _info(self, name: str, file: KeyFile) -> KeyInfo:
        address, path = file.signs_for, self._path(name)
        if address is None:
            raise SigningError(
                f"key file {path} names no address",
                hint=f"move it elsewhere, then: traceledger key import {name} --from FILE",
            )
        if len(address) != 20:
            raise self._damaged(name)
        return KeyInfo(name, address, self.shown, path, tuple(self._cautions(name, file)))

    def _cautions(self, name: str, file: KeyFile) -> Iterator[str]:
        path = self._path(name)
        if others_may(path, 0o077):
            yield f"key file {path} can be read by others: chmod 600 {path}"
        if others_may(self.folder, 0o022):
            yield f"key folder {self.folder} can be written by others: chmod 700 {self.folder}"
        elif others_may(self.folder, 0o055):
            yield f"key folder {self.folder} can be read by others: chmod 700 {self.folder}"
        if file.light and not self.light:
            yield (
                f"key file {path} has a light key derivation, quick to attack if it leaks: "
                f"traceledger key change-passphrase {name}"
            )

    def _open(self, name: str, passphrase: str) -> bytes:
        from traceledger.languages.phrases import phrase
        from traceledger.signing.key_file import WrongPassphraseError
        from traceledger.signing.passphrase import tries

        file = self._read(name)
        info = self._info(name, file)
        try:
            secret = file.opened(tries(passphrase))
        except WrongPassphraseError:
            raise SigningError(
                phrase("wrong passphrase for key {key}", key=repr(name)),
                hint="set TRACELEDGER_PASSPHRASE or use --passphrase-file; if it is lost, see docs/keys.md",
            ) from None
        except SigningError as error:
            raise self._damaged(name, f": it {error.what}") from None
        # The address in the file is not covered by its MAC: anybody may have changed it.
        if LocalSigner(secret).address != info.address:
            raise self._damaged(name, ": its key is of another address than it names")
        return secret

    def _read(self, name: str) -> KeyFile:
        from traceledger.signing.key_file import LARGEST_FILE, parsed

        require_name(name)
        try:
            with self._path(name).open("rb") as source:
                return parsed(source.read(LARGEST_FILE + 1))
        except FileNotFoundError:
            raise missing(name, self.shown, self.names()) from None
        except OSError as error:
            raise SigningError(f"key {name!r} cannot be read: {error.strerror}") from None
        except InputError as error:
            place = f"{error.where}: " if error.where else ""
            raise self._damaged(name, f": {place}{error.what}") from None

    def _write(self, name: str, text: str) -> None:
        """Write all of it or nothing, never over an existing key."""
        path = self._path(name)
        try:
            make_folder(self.folder, mode=0o700, error=SigningError)
            create(path, text, mode=OWNER_ONLY, error=SigningError)
        except AlreadyThereError:
            raise SigningError(f"a key {name!r} exists already", hint="choose another name") from None


def secret_of(text: bytes, passphrase: str, *, where: str = "") -> bytes:
    """The 32-byte private key of a key file of version 3 from anywhere.

    Args:
        text: the file's.
        passphrase: that of the file; tried as :func:`~traceledger.signing.passphrase.tries` says.
        where: what the file is called in messages.

    Raises:
        SigningError: it is no such file, asks for too much, its key is of another address than it names, or
            the passphrase is wrong.
    """
    from traceledger.signing.key_file import WrongPassphraseError, parsed
    from traceledger.signing.passphrase import tries

    try:
        file = parsed(text)
        secret = file.opened(tries(passphrase))
    except InputError as error:
        place = f"{error.where}: " if error.where else ""
        raise SigningError(f"not a key file of version 3: {place}{error.what}", where=where) from None
    except WrongPassphraseError:
        hint = "--from-passphrase-file gives it where the stored key gets another"
        raise SigningError("wrong passphrase of the key file", where=where, hint=hint) from None
    if file.signs_for not in (None, LocalSigner(secret).address):
        raise SigningError("the key is of another address than its file names", where=where)
    return secret


def _locked(secret: bytes, passphrase: str, address: bytes, *, light: bool) -> str:
    from traceledger.signing.key_file import LIGHT_ROUNDS, STANDARD_ROUNDS, encrypted
    from traceledger.signing.passphrase import prepared

    if not passphrase.strip():
        raise SigningError("the passphrase is empty", hint="choose one of several words")
    rounds = LIGHT_ROUNDS if light else STANDARD_ROUNDS
    return encrypted(secret, prepared(passphrase), address=address, rounds=rounds)
