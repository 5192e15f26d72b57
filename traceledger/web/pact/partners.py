r"""Who may ask for footprints by events, and where answers go: a file of the operator's.

An event says itself where it comes from, and a server that sent its answers there would call any address that
a stranger names, inside of its own network too. So answers go to the addresses of this file alone, over TLS,
with the credentials that the partner gave for its own system.

Example:
    >>> text = '''
    ... [[partners]]
    ... token = "buyer"
    ... url = "https://pact.buyer.example"
    ... client_id = "acme"
    ... client_secret_file = "buyer.secret"
    ... '''
    >>> (partner,) = parse(text)
    >>> partner.is_source("//pact.buyer.example/3/events"), partner.is_source("https://evil.example")
    (True, False)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from traceledger.errors import InputError
from traceledger.storage import toml_text
from traceledger.storage.files import content_of, explained, others_may

MOST = 200
"""Partners of one file."""
_KEYS = ("token", "url", "auth_url", "client_id", "client_secret_file", "authority")
_REQUIRED = ("token", "url", "client_id", "client_secret_file")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_MOST_SECRET = 4_096
_HINT = "docs/pact.md says what may stand there"


@dataclass(frozen=True, slots=True)
class Partner:
    """Whose requests are answered.

    Attributes:
        token: the name of the token by which it asks.
        url: base address of its API, without a slash at its end: answers go to ``/3/events`` below it.
        auth_url: base address at which it gives access tokens.
        client_id: by which it knows this company.
        secret_file: the file of the secret that goes with it.
        authority: PEM file of the authority of its certificate; ``None``: those that everybody trusts.
    """

    token: str
    url: str
    auth_url: str
    client_id: str
    secret_file: Path
    authority: Path | None

    def is_source(self, text: str) -> bool:
        """Whether an event that says this source is of this partner: the same host and port."""
        given = text if "//" in text else f"//{text}"
        try:
            return _place(urlsplit(given)) == _place(urlsplit(self.url))
        except ValueError:
            return False

    def secret(self) -> str:
        """The secret.

        Raises:
            InputError: the file cannot be read, or others may read it.
        """
        if others_may(self.secret_file, 0o077):
            raise InputError("others may read the secret", where=str(self.secret_file), hint="chmod 600 it")
        with explained(self.secret_file, verb="read"):
            content = content_of(self.secret_file, _MOST_SECRET)
        try:
            return content.decode("ascii").strip()
        except UnicodeDecodeError:
            raise InputError("the secret is not in ASCII", where=str(self.secret_file)) from None


def load(path: Path) -> tuple[Partner, ...]:
    """Read a file, and check that each secret can be read.

    Raises:
        InputError: it cannot be read, or something in it is wrong, which is said with its place.
    """
    found = _read(toml_text.read(path), path)
    for each in found:
        each.secret()
    return found


def parse(text: str, path: Path = Path("partners.toml")) -> tuple[Partner, ...]:
    """Read a text; files that it names are beside ``path``.

    Raises:
        InputError: something in it is wrong, which is said with its place.
    """
    return _read(toml_text.document(text, path), path)


def _read(document: dict[str, Any], path: Path) -> tuple[Partner, ...]:
    rows = document.pop("partners", [])
    if document or not isinstance(rows, list) or len(rows) > MOST:
        raise InputError(
            f"holds up to {MOST} tables [[partners]], and nothing else", where=str(path), hint=_HINT
        )
    found = tuple(_partner(row, path, number) for number, row in enumerate(rows, start=1))
    names = [each.token for each in found]
    for number, name in enumerate(names, start=1):
        if name in names[: number - 1]:
            raise _wrong(path, number, "token", f"{name!r} is another partner's")
    return found


def _partner(row: Any, path: Path, number: int) -> Partner:
    if not isinstance(row, dict):
        raise _wrong(path, number, "", "must be a table")
    for key, value in row.items():
        if key not in _KEYS:
            raise _wrong(path, number, key, "there is no such key")
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise _wrong(path, number, key, "must be text")
    for key in _REQUIRED:
        if key not in row:
            raise _wrong(path, number, key, "is missing")
    for key in ("url", "auth_url"):
        if key in row:
            _require_address(row[key], path, number, key)
    folder = path.parent
    return Partner(
        token=row["token"],
        url=row["url"].rstrip("/"),
        auth_url=str(row.get("auth_url", row["url"])).rstrip("/"),
        client_id=row["client_id"],
        secret_file=folder / row["client_secret_file"],
        authority=folder / row["authority"] if "authority" in row else None,
    )


def _require_address(text: str, path: Path, number: int, key: str) -> None:
    try:
        parts = urlsplit(text)
        is_plain = parts.scheme == "http" and parts.hostname in _LOCAL
        fits = bool(parts.hostname) and (parts.scheme == "https" or is_plain) and _place(parts) is not None
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment or parts.username is not None:
        raise _wrong(path, number, key, f"{text[:100]!r} is no https address of an API")


def _place(parts: SplitResult) -> tuple[str, int]:
    """Host and port of an address."""
    return (parts.hostname or "").lower().removesuffix("."), parts.port or (
        80 if parts.scheme == "http" else 443
    )


def _wrong(path: Path, number: int, key: str, what: str) -> InputError:
    return InputError(what, where=f"{path}: [[partners]] {number}{': ' if key else ''}{key}", hint=_HINT)
