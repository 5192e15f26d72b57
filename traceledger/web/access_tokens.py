"""Access tokens: short-lived signed words (JWT, RFC 7519) that stand for a token of ``traceledger token``.

Who asks for one shows name and secret once (RFC 6749, 4.4); afterwards the secret need not travel again. What
is signed names the token and its hash: once the token is removed, or another one has its name, its access
tokens are refused. The key lies in the network's folder, and is made when it is first needed.

Example:
    >>> import tempfile
    >>> from traceledger.web.scopes import Scope
    >>> folder = Path(tempfile.mkdtemp())
    >>> tokens = TokenFile(folder / "tokens.json")
    >>> secret = tokens.add("buyer", frozenset({Scope.FOOTPRINTS}), created_at=0, expires_at=None)
    >>> access = AccessTokens(tokens, folder / "access.key")
    >>> word, seconds = access.issued(tokens.known(secret), now=1_000)
    >>> access.known(word, now=1_001).name, seconds
    ('buyer', 900)
    >>> tokens.remove("buyer")
    >>> access.known(word, now=1_001) is None
    True
"""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from traceledger.errors import VerificationError
from traceledger.storage.files import OWNER_ONLY, AlreadyThereError, content_of, create, explained, others_may
from traceledger.web.tokens import Token, TokenFile

SECONDS = 900
"""How long one is taken."""
MOST_CHARACTERS = 2_048
"""Of what is looked at as one."""
_ALGORITHM = "HS256"
_ISSUER = "traceledger"
_BYTES = 32


class ExpiredError(Exception):
    """It was one of ours, and is over."""


class AccessTokens:
    """Gives access tokens, and knows them again.

    Args:
        tokens: those that they stand for.
        key: the file of the key by which they are signed.
    """

    def __init__(self, tokens: TokenFile, key: Path) -> None:
        self._tokens = tokens
        self._path = key
        self._key: OctKey | None = None

    def issued(self, token: Token, now: int) -> tuple[str, int]:
        """A new one, and how many seconds it is taken: never longer than its token.

        Args:
            token: that it stands for.
            now: UTC seconds.

        Raises:
            VerificationError: the key is damaged, or others may read it.
        """
        seconds = SECONDS if token.expires_at is None else min(SECONDS, token.expires_at - now)
        claims = {
            "iss": _ISSUER,
            "sub": token.name,
            "iat": now,
            "exp": now + seconds,
            "of": token.digest.hex(),
        }
        return jwt.encode({"alg": _ALGORITHM}, claims, self._signing()), seconds

    def known(self, word: str, now: float) -> Token | None:
        """The token for which a word stands; ``None``: it is none of ours, or its token was removed.

        Args:
            word: what is shown.
            now: UTC seconds.

        Raises:
            ExpiredError: it is over.
            VerificationError: the key is damaged, or others may read it.
        """
        if len(word) > MOST_CHARACTERS:
            return None
        try:
            claims: dict[str, Any] = jwt.decode(word, self._signing(), algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
        found = next((each for each in self._tokens.all() if each.name == claims.get("sub")), None)
        if found is None or claims.get("of") != found.digest.hex() or claims.get("iss") != _ISSUER:
            return None
        if now >= claims["exp"] or found.expired(now):
            raise ExpiredError
        return found

    def _signing(self) -> OctKey:
        if self._key is None:
            self._key = OctKey.import_key(self._bytes())
        return self._key

    def _bytes(self) -> bytes:
        if not self._path.exists():
            # Another server of the same folder may make it at the same time.
            with contextlib.suppress(AlreadyThereError):
                create(self._path, secrets.token_hex(_BYTES), mode=OWNER_ONLY, error=VerificationError)
        if others_may(self._path, 0o077):
            raise VerificationError(
                "others may read the key of access tokens", where=self._path, hint="chmod 600 it"
            )
        with explained(self._path, VerificationError, verb="read"):
            content = content_of(self._path)
        try:
            found = bytes.fromhex(content.decode("ascii"))
        except ValueError:
            found = b""
        if len(found) != _BYTES:
            raise VerificationError(
                "the key of access tokens is damaged", where=self._path, hint="remove it: a new one is made"
            )
        return found
