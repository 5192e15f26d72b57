"""How PACT says what went wrong: ``code`` and ``message``; at the token's address as OAuth does."""

from __future__ import annotations

from http import HTTPStatus

from traceledger.web.endpoint import Reply, Style
from traceledger.web.problems import Problem

NO_SUCH = "no-such-footprint"
"""Of a problem: there is no footprint of that id."""
EXPIRED = "token-expired"
_CODES = {
    HTTPStatus.UNAUTHORIZED: "AccessDenied",
    HTTPStatus.FORBIDDEN: "AccessDenied",
    HTTPStatus.NOT_FOUND: "NotFound",
    HTTPStatus.METHOD_NOT_ALLOWED: "NotImplemented",
}
_OAUTH = {HTTPStatus.UNAUTHORIZED: "invalid_client", HTTPStatus.TOO_MANY_REQUESTS: "temporarily_unavailable"}


class Pact(Style):
    """The errors of the API."""

    def refused(self, problem: Problem) -> Reply:
        """One of the codes of the standard, and the sentence with its hint."""
        document = {"code": code_of(problem), "message": _sentence(problem)}
        return Reply.of(document, problem.status)


class OAuth(Style):
    """The errors of the token's address (RFC 6749, 5.2)."""

    def refused(self, problem: Problem) -> Reply:
        """One of OAuth's codes, or the problem's own where it is one."""
        usual = "server_error" if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request"
        code = problem.code if "_" in problem.code else _OAUTH.get(HTTPStatus(problem.status), usual)
        return Reply.of({"error": code, "error_description": _sentence(problem)}, problem.status)


def code_of(problem: Problem) -> str:
    """The standard's code. ``NoSuchFootprint`` is the word of its conformance tests for its ``NotFound``."""
    if problem.code == NO_SUCH:
        return "NoSuchFootprint"
    if problem.code == EXPIRED:
        return "TokenExpired"
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "InternalError"
    return _CODES.get(HTTPStatus(problem.status), "BadRequest")


def _sentence(problem: Problem) -> str:
    where = f"{problem.where}: " if problem.where else ""
    return f"{where}{problem.what}" + (f" ({problem.hint})" if problem.hint else "")
