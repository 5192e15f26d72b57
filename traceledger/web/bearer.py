"""Who asks: the bearer of a token (RFC 6750, in the ``Authorization`` header only), or everybody."""

from __future__ import annotations

import time

from starlette.requests import Request

from traceledger.web.access_log import TOKEN
from traceledger.web.access_tokens import AccessTokens, ExpiredError
from traceledger.web.guard import require_seldom
from traceledger.web.problems import ProblemError, refuse
from traceledger.web.rates import Rates
from traceledger.web.scopes import Scope
from traceledger.web.settings import Limits
from traceledger.web.tokens import Token, TokenFile

_MAKE_ONE = "its operator makes one: traceledger token create"
_GET_ONE = "get one with the name and the secret of a token: POST /auth/token"


class Bearers:
    """Knows tokens, and how often each asks.

    Args:
        tokens: the file.
        limits: the numbers.
        access: knows access tokens.
        unknown_status: of HTTP, for what is shown as an access token and is none.
    """

    def __init__(self, tokens: TokenFile, limits: Limits, access: AccessTokens, unknown_status: int) -> None:
        self._tokens = tokens
        self._access = access
        self._unknown_status = unknown_status
        self._rates = Rates(rate=limits.rate, burst=limits.burst, clients=limits.clients)

    def scopes(self, request: Request, needed: Scope | None) -> frozenset[Scope]:
        """What the one who asks may see besides what everybody may; as :meth:`bearer`."""
        token = self.bearer(request, needed)
        return frozenset() if token is None else token.scopes

    def bearer(self, request: Request, needed: Scope | None) -> Token | None:
        """The token that is shown; ``None``: none is.

        Args:
            request: what is asked.
            needed: what the answer needs; ``None``: nothing.

        Raises:
            ProblemError: the token is unknown or expired, asks too often, or does not allow what is needed.
        """
        shown = request.headers.getlist("authorization")
        if not shown:
            if needed is not None:
                raise _unauthorized("token-needed", f"this needs a token with {needed}: {needed.about}", "")
            return None
        kind, _, secret = shown[0].partition(" ")
        token = self._tokens.known(secret.strip()) if kind.lower() == "bearer" and len(shown) == 1 else None
        if token is None:
            raise _unauthorized("bad-token", "this server knows no such token", "invalid_token")
        if token.expired(time.time()):
            request.scope[TOKEN] = token.name
            raise _unauthorized("token-expired", "the token has expired", "invalid_token")
        return self._allowed(request, token, needed)

    def accessing(self, request: Request, needed: Scope | None) -> Token:
        """The token for which the access token stands that is shown; arguments as of :meth:`bearer`.

        Raises:
            ProblemError: none is shown, or it is over (401), it is none of this server's (as the server's
                settings have it), asks too often, or does not allow what is needed.
        """
        shown = request.headers.getlist("authorization")
        if not shown:
            raise _unauthorized("token-needed", "this needs an access token", "", _GET_ONE)
        kind, _, word = shown[0].partition(" ")
        try:
            is_one = kind.lower() == "bearer" and len(shown) == 1
            token = self._access.known(word.strip(), time.time()) if is_one else None
        except ExpiredError:
            raise _unauthorized(
                "token-expired", "the access token is over", "invalid_token", _GET_ONE
            ) from None
        if token is None:
            what = "this server knows no such access token"
            raise _unauthorized("bad-token", what, "invalid_token", _GET_ONE, self._unknown_status)
        return self._allowed(request, token, needed)

    def _allowed(self, request: Request, token: Token, needed: Scope | None) -> Token:
        request.scope[TOKEN] = token.name
        require_seldom(self._rates, token.name)
        if needed is not None and needed not in token.scopes:
            raise refuse(
                403,
                "token-insufficient",
                f"the token does not allow {needed}: {needed.about}",
                where="Authorization",
                hint="its operator makes one that does: traceledger token create",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
            )
        return token


def _unauthorized(code: str, what: str, error: str, hint: str = _MAKE_ONE, status: int = 401) -> ProblemError:
    return refuse(
        status,
        code,
        what,
        where="Authorization",
        hint=hint,
        headers={"WWW-Authenticate": f'Bearer error="{error}"' if error else "Bearer"},
    )
