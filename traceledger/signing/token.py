"""Keys in a token: a smart card, an HSM, or SoftHSM, by PKCS #11. A key that is made there never leaves it.

Of a key the token needs two objects with the same label, which is the key's name: the private key, and the
public one, from which its address is known without the PIN. Both are EC keys on the curve secp256k1.

Needs the extra ``hsm`` (python-pkcs11), and the token's own library: ``TRACELEDGER_PKCS11_MODULE``.
A wrong PIN is tried once and never again in the same process, as tokens lock themselves after a few.

Source: PKCS #11 v2.40, sections 2.3.3 (EC keys) and 2.3.6 (ECDSA without hashing).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from traceledger.chain.recovery import address_of, recovered
from traceledger.errors import SigningError
from traceledger.signing.places import KeyInfo, missing, require_name
from traceledger.signing.token_uri import MODULE, TokenUri

if TYPE_CHECKING:
    import pkcs11

#: The object identifier 1.3.132.0.10 of secp256k1 (SEC 2), in DER.
_SECP256K1 = bytes.fromhex("06052b8104000a")
_POINT_BYTES = 65
_OCTET_STRING = b"\x04\x41"
#: The library is not told that there are threads, so that all calls wait for one another.
_CALLS = threading.RLock()


class TokenSigner:
    """Has a token sign: a :class:`~traceledger.signing.places.Signer`.

    The token draws a random number for each signature, so that the same transaction signed twice is two.
    """

    def __init__(self, address: bytes, key: pkcs11.types.SignMixin, shown: str) -> None:
        self._address = address
        self._key = key
        self._shown = shown

    @property
    def address(self) -> bytes:
        """The 20-byte address of the key."""
        return self._address

    def sign_hash(self, digest: bytes) -> bytes:
        """The 65-byte signature (r, s, recovery id 0 or 1) of a 32-byte hash.

        Raises:
            SigningError: the token does not sign, or not with this key.
        """
        from eth_keys.constants import SECPK1_N
        from pkcs11 import Mechanism

        with _CALLS, _explained(self._shown):
            signature = bytes(self._key.sign(digest, mechanism=Mechanism.ECDSA))
        r, s = signature[:32], int.from_bytes(signature[32:], "big")
        # EIP-2: of s and its negative, which are both valid, the lower one.
        low = min(s, SECPK1_N - s).to_bytes(32, "big")
        # A token does not say which of two points has this r: the one from which our address follows.
        for parity in (b"\0", b"\1"):
            if recovered(digest, r + low + parity) == self._address:
                return r + low + parity
        raise SigningError(f"{self._shown} signed with another key than {self._address.hex()}")


class Token:
    """A token: a :class:`~traceledger.signing.places.KeyPlace`. It is looked for when it is first needed.

    Args:
        uri: which one.
    """

    def __init__(self, uri: TokenUri) -> None:
        self._uri = uri
        self._session: pkcs11.Session | None = None
        self._unlocked = False
        self._refused = False

    @property
    def shown(self) -> str:
        """The token's label."""
        return self._uri.shown

    def asks(self, name: str) -> str | None:  # one PIN for all of its keys
        """``pin:LABEL``; ``None`` where the URI names a file with the PIN."""
        return None if self._uri.pin_source else f"pin:{self._uri.label}"

    def names(self) -> list[str]:
        """Labels of its public keys on our curve, sorted, as far as they are names for keys."""
        found = set()
        with self._calling() as session:
            for public in self._public(session):
                with suppress(ValueError):
                    label = str(public[self._attribute.LABEL])
                    require_name(label)
                    found.add(label)
        return sorted(found)

    def info(self, name: str) -> KeyInfo:
        """The address of a key, from its public key.

        Raises:
            SigningError: no such key, two of that name, or the token cannot be used.
        """
        require_name(name)
        with self._calling() as session:
            found = list(self._public(session, name))
            if not found:
                raise missing(name, self.shown, self.names())
            if len(found) > 1:
                raise SigningError(f"{self.shown} has {len(found)} keys {name!r}", hint="rename one of them")
            return KeyInfo(name, _address(bytes(found[0][self._attribute.EC_POINT])), self.shown)

    def create(self, name: str, passphrase: str) -> KeyInfo:
        """Have the token make a key, which never leaves it; ``passphrase`` is its PIN.

        Raises:
            SigningError: a key of that name exists, a wrong PIN, or the token does not make such keys.
        """
        from pkcs11 import KeyType, MechanismFlag

        self._require_free(name)
        at = self._attribute
        with self._calling(passphrase) as session:
            curve = session.create_domain_parameters(KeyType.EC, {at.EC_PARAMS: _SECP256K1}, local=True)
            curve.generate_keypair(
                store=True,
                label=name,
                id=os.urandom(20),
                capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
                public_template={at.PRIVATE: False},
                private_template={at.SENSITIVE: True, at.EXTRACTABLE: False},
            )
        return self.info(name)

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        """Put a given 32-byte private key into the token; ``passphrase`` is its PIN.

        Raises:
            SigningError: not a private key, a key of that name exists, a wrong PIN, or the token takes none.
        """
        from coincurve import PrivateKey
        from pkcs11 import KeyType, ObjectClass

        from traceledger.signing.keystore import LocalSigner

        LocalSigner(secret)  # refuses what is no private key
        self._require_free(name)
        at = self._attribute
        common = {
            at.KEY_TYPE: KeyType.EC,
            at.EC_PARAMS: _SECP256K1,
            at.LABEL: name,
            at.ID: os.urandom(20),
            at.TOKEN: True,
        }
        hidden = {
            at.PRIVATE: True,
            at.SENSITIVE: True,
            at.EXTRACTABLE: False,
            at.SIGN: True,
            at.VALUE: secret,
        }
        point = _OCTET_STRING + PrivateKey(secret).public_key.format(compressed=False)
        with self._calling(passphrase) as session:
            private = session.create_object({at.CLASS: ObjectClass.PRIVATE_KEY, **common, **hidden})
            try:
                shown = {
                    at.CLASS: ObjectClass.PUBLIC_KEY,
                    at.PRIVATE: False,
                    at.EC_POINT: point,
                    at.VERIFY: True,
                }
                session.create_object({**common, **shown})
            except BaseException:
                private.destroy()
                raise
        return self.info(name)

    def load(self, name: str, passphrase: str) -> TokenSigner:
        """What has the token sign; ``passphrase`` is its PIN.

        Raises:
            SigningError: no such key, or a wrong PIN.
        """
        info = self.info(name)
        with self._calling(passphrase) as session:
            return TokenSigner(info.address, self._private(session, name), self.shown)

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        """Refused: a token has one PIN for all its keys.

        Raises:
            SigningError: always.
        """
        hint = "change its PIN with its own program, such as pkcs11-tool --change-pin"
        raise SigningError(f"{self.shown} has no passphrase for each key", hint=hint)

    def export(self, name: str, passphrase: str, new: str) -> str:
        """Refused.

        Raises:
            SigningError: always.
        """
        raise self._stays(name)

    def export_secret(self, name: str, passphrase: str) -> bytes:
        """Refused.

        Raises:
            SigningError: always.
        """
        raise self._stays(name)

    def remove(self, name: str, passphrase: str) -> None:
        """Have the token destroy a key; ``passphrase`` is its PIN.

        Raises:
            SigningError: no such key, or a wrong PIN.
        """
        self.info(name)
        with self._calling(passphrase) as session:
            self._private(session, name).destroy()
            for public in list(self._public(session, name)):
                public.destroy()

    def into(self, kind: str) -> Token:
        """Itself, where a token is meant.

        Raises:
            SigningError: a folder is meant.
        """
        if kind != "token":
            raise SigningError(f"keys of this network live in {self.shown}, not in a {kind}")
        return self

    def close(self) -> None:
        """Log out."""
        with _CALLS:
            session, self._session, self._unlocked = self._session, None, False
            if session is not None:
                with suppress(Exception):  # a token that was pulled out is logged out
                    session.close()

    def _stays(self, name: str) -> SigningError:
        return SigningError(
            f"key {name!r} never leaves {self.shown}", hint="give the other machine a new key"
        )

    def _require_free(self, name: str) -> None:
        require_name(name)
        if name in self.names():
            raise SigningError(f"a key {name!r} exists already", hint="choose another name")

    @cached_property
    def _attribute(self) -> type[pkcs11.Attribute]:
        from pkcs11 import Attribute

        names: type[pkcs11.Attribute] = Attribute
        return names

    def _public(self, session: pkcs11.Session, name: str | None = None) -> Iterator[Any]:
        from pkcs11 import KeyType, ObjectClass

        at = self._attribute
        wanted = {at.CLASS: ObjectClass.PUBLIC_KEY, at.KEY_TYPE: KeyType.EC, at.EC_PARAMS: _SECP256K1}
        yield from session.get_objects(wanted if name is None else {**wanted, at.LABEL: name})

    def _private(self, session: pkcs11.Session, name: str) -> Any:
        from pkcs11 import KeyType, ObjectClass

        at = self._attribute
        wanted = {at.CLASS: ObjectClass.PRIVATE_KEY, at.KEY_TYPE: KeyType.EC, at.LABEL: name}
        found = list(session.get_objects(wanted))
        if len(found) != 1:
            raise SigningError(
                f"{self.shown} has {len(found)} private keys {name!r}", hint="there must be one"
            )
        return found[0]

    @contextmanager
    def _calling(self, pin: str | None = None) -> Iterator[pkcs11.Session]:
        """A session, logged in if a PIN is given or was before; failures of the library explained.

        Raises:
            SigningError: there is no such token, it refuses, or the PIN is wrong.
        """
        with _CALLS, _explained(self.shown):
            if pin is not None and not self._unlocked:
                self._log_in(self._pin(pin))
            if self._session is None:
                self._session = self._found().open()
            yield self._session

    def _log_in(self, pin: str) -> None:
        from pkcs11.exceptions import PinIncorrect, UserAlreadyLoggedIn

        if self._refused:
            raise SigningError(f"the PIN of {self.shown} was wrong before, and is not tried again")
        self.close()
        token = self._found()
        try:
            self._session = token.open(user_pin=pin, rw=True)
        except UserAlreadyLoggedIn:  # by another client of this process: a login is the process's
            self._session = token.open(rw=True)
        except PinIncorrect:
            self._refused = True
            raise
        self._unlocked = True

    def _pin(self, given: str) -> str:
        from traceledger.signing.passphrase import first_line
        from traceledger.storage.files import reading

        if self._uri.pin_source is not None:
            with reading(self._uri.pin_source, error=SigningError) as file:
                given = first_line(file.read(4_096))
        if not given:
            raise SigningError(f"the PIN of {self.shown} is empty", hint="set TRACELEDGER_PIN")
        return given

    def _found(self) -> pkcs11.Token:
        library = os.environ.get(MODULE)
        if not library:
            raise SigningError(
                f"the library of {self.shown} is not known",
                hint=f"set {MODULE} to its path, such as …/libsofthsm2.so",
            )
        try:
            import pkcs11
        except ImportError:
            hint = "install the extra 'hsm' of this package, or python-pkcs11"
            raise SigningError(f"{self.shown} needs the package python-pkcs11", hint=hint) from None
        serial = self._uri.serial.encode() if self._uri.serial else None
        try:
            loaded = pkcs11.lib(library)
        except RuntimeError as error:
            raise SigningError(f"the library cannot be loaded: {error}", where=library) from None
        return loaded.get_token(token_label=self._uri.token, token_serial=serial)


@contextmanager
def _explained(shown: str) -> Iterator[None]:
    """What a token or its library refuses, as what it means."""
    try:
        from pkcs11 import exceptions
    except ImportError:  # said by whoever needs it
        yield
        return
    hints = {
        exceptions.PinIncorrect: ("wrong PIN for", "it locks itself after a few wrong ones"),
        exceptions.PinLocked: ("the PIN is locked of", "its security officer sets a new one"),
        exceptions.PinLenRange: ("wrong PIN for", "it is too short or too long"),
        exceptions.NoSuchToken: ("there is no", "put it in, or mend its name in networks.toml"),
        exceptions.MultipleTokensReturned: ("there are several of", "name its serial number too"),
    }
    try:
        yield
    except exceptions.PKCS11Error as error:
        what, hint = hints.get(type(error), (f"{type(error).__name__} is what is said by", str(error)))
        raise SigningError(f"{what} {shown}", hint=hint) from None


def _address(point: bytes) -> bytes:
    """The 20-byte address of a public key as a token keeps it: in an octet string of DER, or bare."""
    from coincurve import PublicKey

    bare = point.removeprefix(_OCTET_STRING) if len(point) == _POINT_BYTES + 2 else point
    try:
        return address_of(PublicKey(bare))
    except ValueError:
        raise SigningError("a public key in the token is no point of the curve secp256k1") from None
