"""One key in a file: Web3 Secret Storage, version 3, as geth, Besu, wallets and libraries write it.

Read is whatever names that version: without an address, with scrypt or PBKDF2, with hexadecimal digits and
names of fields in capitals or with ``0x``. Its derivation is bounded before any of it is done: a file from
somebody else may ask for a terabyte, or for a year.

Source: https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from traceledger.errors import InputError, SigningError
from traceledger.model.hexadecimal import digits
from traceledger.storage.json_text import loads

STANDARD_ROUNDS = 2**18
"""scrypt's *n* as geth has it: a second and 256 MiB for each guess."""
LIGHT_ROUNDS = 2**12
"""For an embedded network: some 10 ms."""

LARGEST_FILE = 2**16
"""Bytes of a key file; those of other programs have about 500."""
LARGEST_MEMORY = 2**29
"""Bytes that scrypt may take, 128·n·r: twice geth's."""
MOST_LANES = 2**10
"""Of scrypt, r·p: what it begins and ends with is done in Python, 4 blocks for each."""
LARGEST_WORK = 2**23
"""Of scrypt, n·r·p: four times geth's, some four seconds."""
MOST_ROUNDS = 2**23
"""Of PBKDF2: some four seconds."""

#: What is weaker than these is told to whoever uses it for a network: OWASP's Password Storage Cheat Sheet.
_ENOUGH_WORK = 2**20
_ENOUGH_ROUNDS = 600_000


class WrongPassphraseError(Exception):
    """The passphrase is another one, or the file was changed: its check does not tell which."""


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _hexadecimal(value: str) -> str:
    return digits(value.lower()).hex()


def _power_of_two(value: int) -> int:
    if value & (value - 1):
        raise ValueError("must be a power of two")
    return value


Hexadecimal = Annotated[str, Field(max_length=2_050), AfterValidator(_hexadecimal)]
Word = BeforeValidator(_lower)


class _Scrypt(BaseModel, strict=True):
    n: Annotated[int, Field(ge=2), AfterValidator(_power_of_two)]
    r: Annotated[int, Field(ge=1)]
    p: Annotated[int, Field(ge=1)]
    dklen: Annotated[int, Field(ge=32, le=64)]
    salt: Hexadecimal

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if 128 * self.n * self.r > LARGEST_MEMORY:
            raise ValueError(f"asks for more than {LARGEST_MEMORY >> 20} MiB of memory")
        if self.r * self.p > MOST_LANES:
            raise ValueError(f"asks for more lanes (r·p) than {MOST_LANES}")
        if self.n * self.r * self.p > LARGEST_WORK:
            raise ValueError(f"asks for more work (n·r·p) than {LARGEST_WORK}")
        return self

    @property
    def light(self) -> bool:
        return self.n * self.r * self.p < _ENOUGH_WORK


class _Pbkdf2(BaseModel, strict=True):
    c: Annotated[int, Field(ge=1, le=MOST_ROUNDS)]
    dklen: Annotated[int, Field(ge=32, le=64)]
    prf: Annotated[Literal["hmac-sha256"], Word]
    salt: Hexadecimal

    @property
    def light(self) -> bool:
        return self.c < _ENOUGH_ROUNDS


class _CipherParams(BaseModel, strict=True):
    iv: Annotated[Hexadecimal, Field(min_length=1)]


class _Crypto(BaseModel, strict=True):
    cipher: Annotated[Literal["aes-128-ctr"], Word]
    cipherparams: _CipherParams
    ciphertext: Hexadecimal
    mac: Hexadecimal


class _ScryptCrypto(_Crypto):
    kdf: Literal["scrypt"]
    kdfparams: _Scrypt


class _Pbkdf2Crypto(_Crypto):
    kdf: Literal["pbkdf2"]
    kdfparams: _Pbkdf2


class KeyFile(BaseModel, strict=True):
    """What a key file says without its passphrase."""

    version: Literal[3]
    crypto: Annotated[_ScryptCrypto | _Pbkdf2Crypto, Field(discriminator="kdf")]
    address: Hexadecimal | None = None

    @property
    def signs_for(self) -> bytes | None:
        """The 20-byte address that the file names; ``None`` if it names none."""
        return bytes.fromhex(self.address) if self.address else None

    @property
    def light(self) -> bool:
        """Whether its derivation is weaker than is advised for what others may get hold of."""
        return self.crypto.kdfparams.light

    def opened(self, passphrases: tuple[bytes, ...]) -> bytes:
        """The 32-byte private key, by the first passphrase that fits.

        Raises:
            WrongPassphraseError: none of them does.
            SigningError: the file does not hold a key.
        """
        from eth_keyfile.keyfile import decode_keyfile_json

        document = self.model_dump()
        for passphrase in passphrases:
            try:
                secret: bytes = decode_keyfile_json(document, passphrase)
            except ValueError:  # its check failed: all else was looked at when the file was read
                continue
            if len(secret) != 32:
                raise SigningError("holds no private key")
            return secret
        raise WrongPassphraseError


def parsed(text: bytes) -> KeyFile:
    """Read the text of a key file; nothing is derived yet.

    Raises:
        InputError: it is none of version 3, or asks for too much.
    """
    if len(text) > LARGEST_FILE:
        raise InputError(f"has more than {LARGEST_FILE} bytes")
    document = _lower_names(loads(text.removeprefix(b"\xef\xbb\xbf")))
    crypto = document.get("crypto") if isinstance(document, dict) else None
    if isinstance(crypto, dict):
        crypto["kdf"] = _lower(crypto.get("kdf"))
    try:
        return KeyFile.model_validate(document)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        said = str(fault["msg"]).removeprefix("Value error, ")
        raise InputError(said[:1].lower() + said[1:], where=place) from None


def _lower_names(value: Any) -> Any:
    """Names of fields in small letters.

    Raises:
        InputError: two of them are one then.
    """
    if not isinstance(value, dict):
        return value
    found = {str(name).lower(): _lower_names(each) for name, each in value.items()}
    if len(found) != len(value):
        raise InputError("a field is given twice, in capitals and without")
    return found


def encrypted(secret: bytes, passphrase: bytes, *, address: bytes, rounds: int) -> str:
    """The text of a new key file.

    Args:
        secret: the 32-byte private key.
        passphrase: what opens it.
        address: that of the key, 20 bytes.
        rounds: scrypt's *n*.
    """
    from eth_keyfile.keyfile import create_keyfile_json

    document = create_keyfile_json(secret, passphrase, kdf="scrypt", iterations=rounds)
    # In lower case, as geth writes it; eth-keyfile puts the capitals of its checksum.
    document["address"] = address.hex()
    return json.dumps(document, indent=1)
