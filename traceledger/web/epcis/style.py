"""How EPCIS answers and refuses: the headers of every answer, and the types of its exceptions.

GS1 EPCIS 2.0, 12.3 (headers) and 12.9 (errors: RFC 7807, with types of its own).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from traceledger.errors import InputError
from traceledger.interop.epcis.query.asked import ParameterError
from traceledger.interop.epcis.query.searching import TooComplexError, TooLargeError
from traceledger.interop.epcis.writing import dumps
from traceledger.web.endpoint import JSON, Call, Reply, Style
from traceledger.web.problems import MEDIA, Problem, ProblemError, refuse

VERSION = "2.0.0"
LINKED = "application/ld+json"
_TAKEN = (JSON, LINKED)
_BY_CODE = {
    "parameter": "QueryParameterException",
    "bad-query": "QueryParameterException",
    "query-too-large": "QueryTooLargeException",
    "query-too-complex": "QueryTooComplexException",
    "answer-too-large": "QueryTooLargeException",
    "query-invalid": "QueryValidationException",
    "body-too-large": "CaptureLimitExceededException",
    "too-many-jobs": "CaptureLimitExceededException",
}
_BY_STATUS = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
}
_OTHER = "ImplementationException"


class EpcisStyle(Style):
    """EPCIS 2.0 in JSON."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Which versions it speaks."""
        return {
            "GS1-EPCIS-Version": VERSION,
            "GS1-EPCIS-Min": VERSION,
            "GS1-EPCIS-Max": VERSION,
            "GS1-CBV-Version": VERSION,
            "GS1-CBV-Min": VERSION,
            "GS1-CBV-Max": VERSION,
            "GS1-EPC-Format": "Always_GS1_Digital_Link",
        }

    def refused(self, problem: Problem) -> Reply:
        """An exception of the standard."""
        return Reply.of(exception(problem), problem.status, MEDIA)


STYLE = EpcisStyle()


def exception(problem: Problem) -> dict[str, Any]:
    """A problem as an exception of the standard."""
    kind = _BY_CODE.get(problem.code) or _BY_STATUS.get(problem.status, _OTHER)
    where = f"{problem.where}: " if problem.where else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    title = HTTPStatus(problem.status).phrase
    return exceptional(kind, title, problem.status, f"{where}{problem.what}{hint}")


def exceptional(kind: str, title: str, status: int, detail: str, instance: str = "") -> dict[str, Any]:
    """An exception of the standard, of that kind; ``instance`` is what it is of, if of one thing."""
    said = {"type": f"epcisException:{kind}", "title": title, "status": status, "detail": detail}
    return said | ({"instance": instance} if instance else {})


def of_query(error: InputError) -> ProblemError:
    """What a query is refused with."""
    match error:
        case TooLargeError():
            status, code = 413, "query-too-large"
        case TooComplexError():
            status, code = 413, "query-too-complex"
        case ParameterError():
            status, code = 400, "parameter"
        case _:
            status, code = 400, "query-invalid"
    return refuse(status, code, error.what, where=str(error.where or ""), hint=error.hint)


def media_of(call: Call) -> str:
    """In which form a client takes the answer: JSON or JSON-LD.

    Raises:
        ProblemError: in neither, or it wants another version of the standard.
    """
    for name in ("gs1-epcis-version", "gs1-cbv-version"):
        if not call.headers.get(name, VERSION).startswith("2.0"):
            raise refuse(406, "version", f"this server speaks {VERSION}", where=name)
    accepted = [
        each.partition(";")[0].strip() for each in call.headers.get("accept", "*/*").lower().split(",")
    ]
    if LINKED in accepted and JSON not in accepted:
        return LINKED
    if any(each in (JSON, "*/*", "application/*", LINKED) for each in accepted):
        return JSON
    raise refuse(406, "not-acceptable", f"this is {' or '.join(_TAKEN)}", where="Accept")


def reply(call: Call, document: Any, status: int = 200, **headers: str) -> Reply:
    """A document as it is sent, with every digit of its numbers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(dumps(document).encode(), status, media_of(call), named)


def link(call: Call, following: list[tuple[str, str]]) -> str:
    """A header ``Link`` to the next page, which has these parameters."""
    return f'<{call.raw_path}?{urlencode(following)}>; rel="next"'


def part(call: Call, document: Any, begin: int, most: int, *, last: bool) -> Reply:
    """A part of a list, from a place on and so long, with a link to the next one unless it is the last."""
    if last:
        return reply(call, document)
    following = [("perPage", str(most)), ("nextPageToken", str(begin + most))]
    return reply(call, document, Link=link(call, following))
