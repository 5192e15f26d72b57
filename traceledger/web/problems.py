"""What went wrong, as an answer: RFC 9457 ``application/problem+json``, and for browsers a page of the same.

Example:
    >>> from traceledger.errors import UnknownNameError
    >>> found = problem_of(UnknownNameError("there is no batch 'a/b'", hint="/batches lists them"))
    >>> int(found.status), found.document()["code"]
    (404, 'unknown-name')
"""

from __future__ import annotations

import logging
import re
from asyncio import CancelledError
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from traceledger.errors import (
    InputError,
    NetworkError,
    TraceLedgerError,
    UnknownNameError,
    VerificationError,
    place_of,
)
from traceledger.web.pool import OverloadedError, TooSlowError

_log = logging.getLogger(__name__)
MEDIA = "application/problem+json"
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    Attributes:
        status: of HTTP.
        code: a word for programs; docs/api.md lists them.
        what: what is wrong, as a sentence without its full stop.
        where: the parameter or header that is wrong, if one is.
        hint: how to mend it.
        headers: what is said besides, such as ``Retry-After``.
        faults: each single fault, where there are several.
    """

    status: int
    code: str
    what: str
    where: str = ""
    hint: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Mapping[str, str], ...] = ()

    def document(self) -> dict[str, Any]:
        """The problem as JSON."""
        return {
            "type": f"urn:traceledger:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.what,
            "where": self.where or None,
            "hint": self.hint or None,
            **({"faults": list(map(dict, self.faults))} if self.faults else {}),
        }


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def refuse(status: int, code: str, what: str, **more: Any) -> ProblemError:
    """What is raised to end a request; arguments as of :class:`Problem`."""
    return ProblemError(Problem(status, code, what, **more))


def too_large(most: int) -> ProblemError:
    """What is said of a body with more bytes than that."""
    return refuse(
        413,
        "body-too-large",
        f"the body has more than {most} bytes" if most else "no body is taken here",
        hint="send it in parts" if most else "ask with GET",
        headers={"Connection": "close"},
    )


def problem_of(error: TraceLedgerError) -> Problem:
    """An error of the library as a problem."""
    status, wait = _status(error), {}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        wait = {"Retry-After": "5"}
    return Problem(status, code_of(error), error.what, _parameter(error, status), error.hint, wait)


def unexpected(error: BaseException) -> Problem:
    """A defect of this program; what it was stands in the server's log only."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unexpected",
        f"the server met an unexpected {type(error).__name__}",
        hint="its operator finds the traceback in its log",
    )


_ENDING = Problem(
    503, "overloaded", "the server ends", hint="try again in a few seconds", headers={"Retry-After": "5"}
)


def met(error: BaseException, at: str) -> Problem:
    """What went wrong, whatever it is; of a defect the log gets the traceback, and no client.

    Args:
        error: what ended the answer.
        at: what was answered, for the log.
    """
    match error:
        case ProblemError():
            return error.problem
        case TraceLedgerError():
            return problem_of(error)
        case CancelledError():
            # Only the end of the server breaks answers off.
            return _ENDING
        case _:
            _log.error("answering %s", at, exc_info=error)
            return unexpected(error)


def code_of(error: TraceLedgerError) -> str:
    """The word for programs: the error's class, without "Error", in small letters."""
    return _WORDS.sub("-", type(error).__name__.removesuffix("Error")).lower()


def _parameter(error: TraceLedgerError, status: HTTPStatus) -> str:
    """The parameter that is wrong; where else something is wrong on this machine is nobody's business."""
    place = place_of(error.where)
    if place.file or "://" in place or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    # What a command calls an option is a parameter here.
    return place.removeprefix("--").replace("-", "_") if place.startswith("--") else str(place)


def _status(error: TraceLedgerError) -> HTTPStatus:
    match error:
        case UnknownNameError():
            return HTTPStatus.NOT_FOUND
        case InputError():
            return HTTPStatus.BAD_REQUEST
        case OverloadedError() | TooSlowError() | NetworkError() | VerificationError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR
