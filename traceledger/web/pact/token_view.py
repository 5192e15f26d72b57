"""``/auth/token`` and its discovery: name and secret of a token for an access token (RFC 6749, 4.4)."""

from __future__ import annotations

import base64
import binascii
import time
from urllib.parse import parse_qs, unquote_plus

from traceledger.web.endpoint import Call, Reply
from traceledger.web.pact.transport import require_encrypted, service_of
from traceledger.web.problems import ProblemError, refuse
from traceledger.web.reading import Reading
from traceledger.web.tokens import Token, TokenFile

PATH = "/auth/token"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 4_096
"""Of a request for a token."""
GRANT = "client_credentials"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="traceledger"', "Pragma": "no-cache"}


def discovery(reading: Reading, call: Call) -> Reply:
    """Where tokens are given (OpenID Connect Discovery 1.0, as far as the standard asks for it)."""
    require_encrypted(reading, call)
    return Reply.of(
        {
            "issuer": call.base,
            "token_endpoint": f"{call.base}{PATH}",
            "grant_types_supported": [GRANT],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "response_types_supported": ["token"],
        }
    )


def token(reading: Reading, call: Call) -> Reply:
    """An access token for who shows the name and the secret of a token."""
    require_encrypted(reading, call)
    form = _form(call.body)
    name, secret, by_header = _credentials(call, form)
    if form.get("grant_type") != GRANT:
        given = form.get("grant_type", "")
        code = "unsupported_grant_type" if given else "invalid_request"
        raise refuse(400, code, f"grant_type must be {GRANT}", where="grant_type")
    now = int(time.time())
    known = TokenFile(reading.network.tokens_file).known(secret)
    if known is None or known.name != name or known.expired(now):
        raise _unknown(by_header=by_header)
    word, seconds = service_of(reading).access.issued(known, now)
    document = {"access_token": word, "token_type": "Bearer", "expires_in": seconds, "scope": _scope(known)}
    return Reply.of(document, Cache_Control="no-store", Pragma="no-cache")


def _scope(known: Token) -> str:
    return " ".join(sorted(known.scopes))


def _form(body: bytes) -> dict[str, str]:
    try:
        found = parse_qs(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise refuse(400, "invalid_request", "the body is no form") from None
    for name, values in found.items():
        if len(values) > 1:
            raise refuse(400, "invalid_request", "it is given twice", where=name)
    return {name: values[0] for name, values in found.items()}


def _credentials(call: Call, form: dict[str, str]) -> tuple[str, str, bool]:
    """Name and secret, and whether they were in the header; in one place only (RFC 6749, 2.3)."""
    shown = call.headers.get("authorization", "")
    kind, _, word = shown.partition(" ")
    if not shown:
        return form.get("client_id", ""), form.get("client_secret", ""), False
    if "client_secret" in form:
        raise refuse(400, "invalid_request", "credentials are both in the header and in the form")
    try:
        if kind.lower() != "basic":
            raise ValueError
        name, colon, secret = base64.b64decode(word.strip(), validate=True).decode("utf-8").partition(":")
    except (ValueError, binascii.Error):
        raise _unknown(by_header=True) from None
    if not colon:
        raise _unknown(by_header=True)
    return unquote_plus(name), unquote_plus(secret), True


def _unknown(*, by_header: bool) -> ProblemError:
    """The same for whatever is wrong: nobody learns which names there are."""
    what = "this server knows no such client, or the secret is another"
    hint = "the client is the name of a token, made by: traceledger token create NAME --scope read:footprints"
    if by_header:
        return refuse(401, "invalid_client", what, hint=hint, headers=_CHALLENGE)
    return refuse(400, "invalid_client", what, hint=hint)
