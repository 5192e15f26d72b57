"""Keys in a folder: one encrypted Web3 Secret Storage file (version 3) per name.

Example:
    >>> import tempfile, pathlib
    >>> store = KeyStore(pathlib.Path(tempfile.mkdtemp()), light=True)
    >>> made = store.create("katanga", "correct horse")
    >>> store.load("katanga", "correct horse").address == made.address
    True
"""

from __future__ import annotations

import json
from pathlib import Path

from traceledger.errors import InputError, SigningError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.signing.places import KeyInfo
from traceledger.storage.files import OWNER_ONLY, AlreadyThereError, create, make_folder
from traceledger.storage.json_text import loads

_STANDARD_ROUNDS = 2**18
_LIGHT_ROUNDS = 2**12
_SUFFIX = ".json"


class LocalSigner:
    """A private key in this process's memory: a :class:`~traceledger.signing.places.Signer`."""

    def __init__(self, secret: bytes) -> None:
        from coincurve import PrivateKey

        from traceledger.signing.transaction import address_of

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

    @property
    def asks(self) -> bool:
        """Always: a key file is nothing without its passphrase."""
        return True

    def names(self) -> list[str]:
        """Names of the stored keys, sorted."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in self.folder.glob(f"*{_SUFFIX}"))

    def info(self, name: str) -> KeyInfo:
        """What a key file says without its passphrase.

        Raises:
            SigningError: no such key, or its file is damaged.
        """
        document = self._read(name)
        try:
            address = digits(str(document["address"]))
        except (KeyError, TypeError, ValueError):
            raise self._damaged(name) from None
        if len(address) != 20:
            raise self._damaged(name)
        return KeyInfo(name, address, self._path(name))

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
            SigningError: not a private key, a key of that name exists, or the folder cannot be written.
        """
        from eth_keyfile.keyfile import create_keyfile_json

        _check_name(name)
        if not passphrase:
            raise SigningError("the passphrase is empty", hint="choose one of several words")
        address = LocalSigner(secret).address
        rounds = _LIGHT_ROUNDS if self.light else _STANDARD_ROUNDS
        document = create_keyfile_json(secret, passphrase.encode(), kdf="scrypt", iterations=rounds)
        # In lower case, as geth writes it; eth-keyfile puts the capitals of its checksum.
        document["address"] = address.hex()
        self._write(name, json.dumps(document, indent=1))
        return KeyInfo(name, address, self._path(name))

    def load(self, name: str, passphrase: str) -> LocalSigner:
        """Decrypt a key.

        Raises:
            SigningError: no such key, a damaged file, or a wrong passphrase.
        """
        from eth_keyfile.keyfile import decode_keyfile_json

        info, document = self.info(name), self._read(name)
        try:
            secret = decode_keyfile_json(document, passphrase.encode())
        except ValueError as error:
            # eth-keyfile has one class for a wrong passphrase and for a damaged file; only its words differ.
            if "MAC" not in str(error):
                raise self._damaged(name) from None
            raise SigningError(
                f"wrong passphrase for key {name!r}",
                hint="set TRACELEDGER_PASSPHRASE or use --passphrase-file",
            ) from None
        except (KeyError, TypeError, NotImplementedError):
            raise self._damaged(name) from None
        signer = LocalSigner(secret)
        # The address in the file is not covered by its MAC: anybody may have changed it.
        if signer.address != info.address:
            raise self._damaged(name)
        return signer

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"

    def _damaged(self, name: str, why: str = "") -> SigningError:
        return SigningError(f"key file {self._path(name)} is damaged{why}", hint="restore it from a backup")

    def _read(self, name: str) -> dict[str, object]:
        _check_name(name)
        try:
            document = loads(self._path(name).read_bytes())
        except FileNotFoundError:
            raise SigningError(
                f"there is no key {name!r} in {self.folder}",
                hint=f"make one with: traceledger key new {name}",
            ) from None
        except OSError as error:
            raise SigningError(f"key {name!r} cannot be read: {error.strerror}") from None
        except InputError as error:
            raise self._damaged(name, f": {error.what}") from None
        if not isinstance(document, dict):
            raise self._damaged(name)
        return document

    def _write(self, name: str, text: str) -> None:
        """Write all of it or nothing, never over an existing key."""
        path = self._path(name)
        try:
            make_folder(self.folder, mode=0o700, error=SigningError)
            create(path, text, mode=OWNER_ONLY, error=SigningError)
        except AlreadyThereError:
            raise SigningError(f"a key {name!r} exists already", hint="choose another name") from None


def _check_name(name: str) -> None:
    if not name or name.startswith(".") or not all(c.isascii() and (c.isalnum() or c in "-_.") for c in name):
        raise InputError(f"{name!r} is not a name for a key", hint="use letters, digits, '-', '_' and '.'")
