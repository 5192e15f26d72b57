"""How networks.toml names a token: a PKCS #11 URI (RFC 7512), such as ``pkcs11:token=traceledger``.

It never names the library that talks to the token: whoever could send a networks.toml would choose what is
loaded into this process. The library stands in the variable ``TRACELEDGER_PKCS11_MODULE``.

Example:
    >>> TokenUri.parsed("pkcs11:token=Our%20HSM;serial=0123?pin-source=/run/secrets/pin").token
    'Our HSM'
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from traceledger.errors import InputError
from traceledger.model.frozen import frozen

MODULE = "TRACELEDGER_PKCS11_MODULE"
_SCHEME = "pkcs11"


@frozen
class TokenUri:
    """Which token is meant: its label, its serial number, or both; and a file whose first line is its PIN."""

    token: str | None
    serial: str | None
    pin_source: Path | None

    @property
    def shown(self) -> str:
        """The token as messages name it."""
        return f"token {self.label!r}"

    @property
    def label(self) -> str:
        """Its label, or where none is given its serial number."""
        return self.token or self.serial or ""

    @classmethod
    def parsed(cls, text: str) -> TokenUri:
        """Read a URI.

        Raises:
            InputError: it is none, names no token, or has attributes that are not understood here.
        """
        parts = urlsplit(text)
        if parts.scheme != _SCHEME or parts.netloc or parts.fragment:
            raise InputError("must be a PKCS #11 URI, such as pkcs11:token=LABEL")
        fields = _fields(parts.path, ";") | _fields(parts.query, "&")
        if fields.keys() & {"module-path", "module-name"}:
            raise InputError(f"may not name a library, which is loaded and run; set {MODULE} instead")
        if "pin-value" in fields:
            raise InputError("may not hold a PIN; name a file with pin-source, or set TRACELEDGER_PIN")
        unknown = fields.keys() - {"token", "serial", "pin-source"}
        if unknown:
            raise InputError(f"has the attribute {min(unknown)!r}; known are token, serial and pin-source")
        if not fields.get("token") and not fields.get("serial"):
            raise InputError("names no token, by token=LABEL or serial=NUMBER")
        source = fields.get("pin-source")
        path = None if source is None else Path(source.removeprefix("file:"))
        return cls(fields.get("token"), fields.get("serial"), path)


def _fields(text: str, separator: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, text.split(separator)):
        name, _, value = part.partition("=")
        if name in found:
            raise InputError(f"has the attribute {name!r} twice")
        found[name] = unquote(value)
    return found
