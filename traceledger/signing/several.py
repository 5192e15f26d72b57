"""Several places of keys as one: a token, and the folder beside it."""

from __future__ import annotations

from traceledger.errors import SigningError
from traceledger.signing.places import KeyInfo, KeyPlace, Signer


class Several:
    """Places as one :class:`~traceledger.signing.places.KeyPlace`; new keys go into the first.

    A name stands for one key: where two places have it, it is refused.
    """

    def __init__(self, *places: KeyPlace) -> None:
        self._places = places

    @property
    def shown(self) -> str:
        """All of them."""
        return " or ".join(place.shown for place in self._places)

    def asks(self, name: str) -> str | None:
        """What the place of the key asks for; of a new key, the first one."""
        return self._of(name).asks(name)

    def names(self) -> list[str]:
        """Names of the keys of all places, sorted."""
        return sorted({name for place in self._places for name in place.names()})

    def info(self, name: str) -> KeyInfo:
        """What its place knows of a key.

        Raises:
            SigningError: no such key, or it cannot be read.
        """
        return self._of(name).info(name)

    def create(self, name: str, passphrase: str) -> KeyInfo:
        """Make a new key in the first place.

        Raises:
            SigningError: a key of that name exists in any, or it cannot be stored.
        """
        return self._free(name).create(name, passphrase)

    def add(self, name: str, secret: bytes, passphrase: str) -> KeyInfo:
        """Store a given 32-byte private key in the first place.

        Raises:
            SigningError: not a private key, a key of that name exists in any, or it cannot be stored.
        """
        return self._free(name).add(name, secret, passphrase)

    def load(self, name: str, passphrase: str) -> Signer:
        """What signs with a key.

        Raises:
            SigningError: no such key, it cannot be used, or a wrong passphrase.
        """
        return self._of(name).load(name, passphrase)

    def change_passphrase(self, name: str, old: str, new: str) -> KeyInfo:
        """Give a key another passphrase, where its place has one for each.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, or the place keeps none for each key.
        """
        return self._of(name).change_passphrase(name, old, new)

    def export(self, name: str, passphrase: str, new: str) -> str:
        """The text of a key file for elsewhere.

        Raises:
            SigningError: no such key, a wrong or an empty passphrase, or the key never leaves its place.
        """
        return self._of(name).export(name, passphrase, new)

    def export_secret(self, name: str, passphrase: str) -> bytes:
        """The 32-byte private key itself.

        Raises:
            SigningError: no such key, a wrong passphrase, or the key never leaves its place.
        """
        return self._of(name).export_secret(name, passphrase)

    def remove(self, name: str, passphrase: str) -> None:
        """Remove a key from its place, for good.

        Raises:
            SigningError: no such key, or it cannot be removed.
        """
        self._of(name).remove(name, passphrase)

    def into(self, kind: str) -> KeyPlace:
        """These places, with the one of that kind first, so that new keys go there.

        Raises:
            SigningError: there is none of that kind.
        """
        for place in self._places:
            try:
                chosen = place.into(kind)
            except SigningError:
                continue
            return Several(chosen, *(other for other in self._places if other is not place))
        raise SigningError(f"keys of this network live in {self.shown}, not in a {kind}")

    def close(self) -> None:
        """Forget what was opened in any of them."""
        for place in self._places:
            place.close()

    def _of(self, name: str) -> KeyPlace:
        found = [place for place in self._places if name in place.names()]
        if len(found) > 1:
            where = " and ".join(place.shown for place in found)
            raise SigningError(
                f"there is a key {name!r} in {where}", hint="remove one of the two, or rename it"
            )
        return found[0] if found else self._places[0]

    def _free(self, name: str) -> KeyPlace:
        if name in self.names():
            raise SigningError(f"a key {name!r} exists already", hint="choose another name")
        return self._places[0]
