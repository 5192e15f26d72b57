"""Tokens: secrets by which programs are known to a server, kept as hashes in the network's folder.

A secret has 256 random bits, so that its SHA-256 can neither be guessed nor turned back; it is shown once,
when it is made. The file is looked at before every use, so that a token that was removed is refused at once.

Example:
    >>> import tempfile
    >>> tokens = TokenFile(Path(tempfile.mkdtemp()) / "tokens.json")
    >>> secret = tokens.add("erp", frozenset({Scope.PRIVATE}), created_at=0, expires_at=100)
    >>> tokens.known(secret).name, tokens.known("another")
    ('erp', None)
    >>> tokens.remove("erp")
    >>> tokens.known(secret) is None
    True
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, UnknownNameError, VerificationError
from traceledger.languages.phrases import phrase
from traceledger.model.spelling import nearest
from traceledger.model.suggestions import did_you_mean
from traceledger.storage.files import OWNER_ONLY, content_of, explained, others_may, replace
from traceledger.storage.json_text import loads
from traceledger.storage.locks import held
from traceledger.web.scopes import Scope

PREFIX = "tl_"
"""Secrets begin so, that those who look for leaked ones find them."""
MOST = 1000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_VERSION = 1
_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class Token:
    """A token.

    Attributes:
        name: its own, by which logs tell it.
        digest: SHA-256 of its secret.
        scopes: what it allows.
        created_at: UTC seconds.
        expires_at: from then on it is refused; UTC seconds. ``None``: never.
        participant: short name of the company for which its bearer writes; empty: for none.
    """

    name: str
    digest: bytes
    scopes: frozenset[Scope]
    created_at: int
    expires_at: int | None
    participant: str = ""

    def expired(self, now: float) -> bool:
        """Whether it is refused at a time."""
        return self.expires_at is not None and now >= self.expires_at


class TokenFile:
    """The tokens of one network's folder. There need not be a file before the first one is added.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._tokens: tuple[Token, ...] = ()

    def all(self) -> tuple[Token, ...]:
        """The tokens, in the order in which they were added.

        Raises:
            VerificationError: the file is damaged, or others than its owner may read it.
        """
        try:
            entry = self._path.stat()
        except OSError:
            self._seen = None
            return ()
        seen = (entry.st_ino, entry.st_size, entry.st_mtime_ns, entry.st_ctime_ns)
        if seen != self._seen:
            self._tokens, self._seen = tuple(self._read()), seen
        return self._tokens

    def known(self, secret: str) -> Token | None:
        """The token of a secret, in a time that does not depend on which it is.

        Raises:
            VerificationError: the file is damaged.
        """
        digest, found = _digest(secret), None
        for token in self.all():
            if compare_digest(token.digest, digest):
                found = token
        return found

    def add(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        created_at: int,
        expires_at: int | None,
        participant: str = "",
    ) -> str:
        """Add a token; returns its secret, which is stored nowhere. Arguments as of :class:`Token`.

        Raises:
            InputError: the name is none, or taken; or the file cannot be written; or it is not said for whom
                its bearer writes.
            VerificationError: the file is damaged.
        """
        if not _NAME.fullmatch(name):
            raise InputError(
                f"{name!r} is no name of a token", hint="small letters, digits, '.', '_' and '-', 64 at most"
            )
        rights = frozenset(scopes)
        if (Scope.CAPTURE in rights) is not bool(participant):
            raise InputError(
                "a token that writes is of one company, and one that only reads of none",
                where="--participant",
                hint=f"give --scope {Scope.CAPTURE} and --participant together",
            )
        secret = PREFIX + secrets.token_urlsafe(32)
        with self._alone():
            tokens = self.all()
            if any(token.name == name for token in tokens):
                raise InputError(
                    f"there is a token {name!r} already", hint="choose another name, or remove it"
                )
            if len(tokens) >= MOST:
                raise InputError(f"there are {MOST} tokens already", hint="remove those that nobody uses")
            made = Token(name, _digest(secret), rights, created_at, expires_at, participant)
            self._write([*tokens, made])
        return secret

    def remove(self, name: str) -> None:
        """Remove a token; a server that runs refuses it from now on.

        Raises:
            UnknownNameError: there is none of that name.
        """
        with self._alone():
            tokens = self.all()
            left = [token for token in tokens if token.name != name]
            if len(left) == len(tokens):
                near = nearest(name, (token.name for token in tokens))
                raise UnknownNameError(
                    phrase("there is no token {name}", name=repr(name)),
                    hint=did_you_mean(near)
                    if near
                    else phrase("see: {command}", command="traceledger token list"),
                )
            self._write(left)

    def _alone(self) -> Any:
        lock = self._path.with_name(self._path.name + ".lock")
        return held(lock, doing="changing the tokens", seconds=_WAIT, about=self._path, error=InputError)

    def _write(self, tokens: Iterable[Token]) -> None:
        rows = [
            {
                "name": token.name,
                "sha256": token.digest.hex(),
                "scopes": sorted(token.scopes),
                "created_at": token.created_at,
                "expires_at": token.expires_at,
                **({"participant": token.participant} if token.participant else {}),
            }
            for token in tokens
        ]
        replace(
            self._path, json.dumps({"version": _VERSION, "tokens": rows}, indent=1) + "\n", mode=OWNER_ONLY
        )

    def _read(self) -> Iterable[Token]:
        if others_may(self._path, 0o077):
            raise VerificationError(
                "others may read or change the tokens", where=self._path, hint="chmod 600 it"
            )
        with explained(self._path, VerificationError, verb="read"):
            content = content_of(self._path)
        try:
            document = loads(content)
            if document["version"] != _VERSION:
                raise ValueError
            return [_token(row) for row in document["tokens"]]
        except (InputError, ValueError, KeyError, TypeError, AttributeError):
            raise VerificationError(
                "the tokens are damaged", where=self._path, hint="remove the file, and add tokens anew"
            ) from None


def _token(row: dict[str, Any]) -> Token:
    created, expires, participant = row["created_at"], row["expires_at"], row.get("participant", "")
    if (
        not isinstance(row["name"], str)
        or not isinstance(participant, str)
        or type(created) is not int
        or not (expires is None or type(expires) is int)
    ):
        raise ValueError
    return Token(
        *(row["name"], bytes.fromhex(row["sha256"]), frozenset(map(Scope, row["scopes"])), created, expires),
        participant,
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
