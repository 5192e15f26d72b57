"""The API's description, OpenAPI 3.1, made of the table of routes: nothing in it is written twice.

Example:
    >>> from traceledger.web.routes import ROUTES
    >>> described = description(ROUTES)
    >>> described["openapi"], described["paths"]["/batches"]["get"]["operationId"]
    ('3.1.0', 'batches')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from traceledger import __version__
from traceledger.documents.schemas import SCHEMAS
from traceledger.web.endpoint import Endpoint, Method
from traceledger.web.paging import Paged, is_list
from traceledger.web.paths import API, TABLE
from traceledger.web.problems import MEDIA
from traceledger.web.route import Query, Route
from traceledger.web.scopes import Scope

PATH = f"{API}/openapi.json"
_SLUG = "Short name of the participant that "
SLOTS: Mapping[str, str] = {
    "creator": f"{_SLUG}made it.",
    "participant": "Short name of a participant.",
    "sender": f"{_SLUG}sent it.",
    "auditor": f"{_SLUG}raised it.",
    "assessor": f"{_SLUG}stated it.",
    "identifier": "What its owner calls it, percent-encoded as one segment.",
    "material": "Short name of a material.",
    "block": "Number or hash of a block.",
    "log": "Number of an event's log in its block.",
    "model": "Model of a battery passport; `traceledger passport export --help` lists them.",
    "key": "Value of a GS1 key; what qualifies it may follow as further segments.",
}
_PATTERNS = {"block": "^([0-9]{1,12}|0x[0-9a-f]{64})$", "log": "^[0-9]{1,8}$"}
_FAILURES = {
    "400": "A parameter is unknown, or cannot be understood.",
    "401": "The token is unknown or has expired.",
    "403": "The token does not allow it.",
    "404": "There is no such thing, here or by a name in a parameter.",
    "406": "The client takes no such media type.",
    "413": "The answer, or the request's body, is too large.",
    "414": "The address is too long.",
    "429": "Too many requests; `Retry-After` says when to ask again.",
    "500": "A defect of the server.",
    "503": "The server is busy, took too long, or has no sound index; `Retry-After` says when to ask again.",
}
_GONE = "The chain has replaced the block at which the cursor was made; begin the list anew."
_ABOUT = """\
What a ledger of materials says: where they come from, and their CO2e. Nothing is recorded here:
what is sent to `/capture` goes to a company's desk, where a clerk signs it.

Amounts are milligrams, as decimal strings where they can pass 2^53; times are UTC seconds; ids, addresses and
hashes are hexadecimal text. Texts of the ledger are other people's: show them as text, never as markup.

Every answer has an `ETag`; ask again with `If-None-Match`, and nothing is sent while nothing has changed
(304). `TraceLedger-Block` says as of which block it is. Every path also answers `HEAD` and `OPTIONS`.
"""


def description(routes: Iterable[Route], endpoints: Iterable[Endpoint] = ()) -> dict[str, Any]:
    """The description of all rows that are part of the API, and of what is answered of standards."""
    rows = [route for route in routes if route.api]
    return {
        "openapi": "3.1.0",
        "info": {"title": "TraceLedger", "version": __version__, "description": _ABOUT},
        "servers": [{"url": API}],
        "security": [{}, {"token": []}],
        "paths": {
            **{route.path: {"get": _operation(route)} for route in rows},
            **{route.path + TABLE: {"get": _table(route)} for route in rows if is_list(route)},
            **{endpoint.path: _endpoint(endpoint) for endpoint in endpoints},
        },
        "components": {
            "schemas": {"problem": _problem(), **{route.name: SCHEMAS[route.name] for route in _told(rows)}},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Of `traceledger token create`. "
                    + " ".join(f"`{scope}`: {scope.about}." for scope in Scope),
                }
            },
        },
    }


def _told(routes: Iterable[Route]) -> Iterable[Route]:
    return (route for route in routes if route.media is None)


def _operation(route: Route) -> dict[str, Any]:
    gone = {"410": _failure(_GONE)} if issubclass(route.query, Paged) else {}
    said: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [*(_slot(name, SLOTS[name]) for name in route.slots), *_parameters(route.query)],
        "responses": {
            "200": _answer(route),
            **({} if route.live else {"304": {"description": "The client has it already."}}),
            **{status: _failure(what) for status, what in _FAILURES.items()},
            **gone,
        },
    }
    return said | ({} if route.scope is None else {"security": [{"token": [route.scope.value]}]})


def _endpoint(endpoint: Endpoint) -> dict[str, Any]:
    """An address of a standard: it stands at the root of the server, not under the API's own."""
    slots = [_slot(name, SLOTS.get(name, "")) for name in endpoint.slots]
    methods = {name.lower(): _method(each) for name, each in endpoint.methods.items()}
    return {"servers": [{"url": "/"}], "parameters": slots, **methods}


def _method(method: Method) -> dict[str, Any]:
    text = {"type": "string"}
    said: dict[str, Any] = {
        "operationId": method.name,
        "summary": method.summary,
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": about, "schema": text}
            for name, about in method.parameters.items()
        ],
        "responses": {str(status): {"description": what} for status, what in method.answers.items()},
    }
    if not any(status < HTTPStatus.MULTIPLE_CHOICES for status in method.answers):
        said["responses"]["200"] = {"description": method.summary, "content": {method.media: {"schema": {}}}}
    if method.body is not None:
        content: dict[str, Any] = {media: {"schema": {}} for media in method.body.media}
        said["requestBody"] = {"required": True, "content": content}
    return said | ({} if method.scope is None else {"security": [{"token": [method.scope.value]}]})


def _table(route: Route) -> dict[str, Any]:
    """The same list for spreadsheets."""
    said = _operation(route)
    content = {"text/csv": {"schema": {"type": "string"}}}
    answer = said["responses"]["200"] | {"content": content}
    return said | {
        "operationId": f"{route.name}_table",
        "summary": f"{route.summary} As a table (CSV): a column for each member.",
        "responses": said["responses"] | {"200": answer},
    }


def _answer(route: Route) -> dict[str, Any]:
    headers: dict[str, Any] = {
        "TraceLedger-Block": {"description": "The newest block in the index.", "schema": {"type": "string"}}
    }
    if not route.live:
        headers["ETag"] = {"description": "For `If-None-Match`.", "schema": {"type": "string"}}
    if issubclass(route.query, Paged):
        headers["Link"] = {"description": "The next piece: `rel=next`.", "schema": {"type": "string"}}
    media, schema = "application/json", {"$ref": f"#/components/schemas/{route.name}"}
    if route.media is not None:
        media, schema = route.media, {}
    return {"description": route.summary, "headers": headers, "content": {media: {"schema": schema}}}


def _failure(what: str) -> dict[str, Any]:
    return {"description": what, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/problem"}}}}


def _slot(name: str, about: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    if name in _PATTERNS:
        schema["pattern"] = _PATTERNS[name]
    return {"name": name, "in": "path", "required": True, "description": about, "schema": schema}


def _parameters(query: type[Query]) -> list[dict[str, Any]]:
    model = query.model_json_schema()
    kinds = model.get("$defs", {})
    found = []
    for name, said in model.get("properties", {}).items():
        schema = {key: value for key, value in _inlined(said, kinds).items() if key not in ("title",)}
        about = schema.pop("description", "")
        found.append({"name": name, "in": "query", "required": False, "description": about, "schema": schema})
    return found


def _inlined(said: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without references; what may be absent is not said to be null: a query cannot say that."""
    schema = dict(said)
    options = [each for each in schema.pop("anyOf", ()) if each.get("type") != "null"]
    for option in options[:1]:
        schema = {**option, **schema}
    if schema.get("default", 0) is None:
        del schema["default"]
    reference = schema.pop("$ref", "")
    if reference:
        named = kinds[reference.rpartition("/")[2]]
        schema = {key: value for key, value in named.items() if key != "description"} | schema
    return schema


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "required": ["type", "title", "status", "code", "detail", "where", "hint"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": {**text, "description": "A word for programs; docs/api.md lists them."},
            "detail": {**text, "description": "What is wrong, as a sentence."},
            "where": {**maybe, "description": "The parameter or header that is wrong."},
            "hint": {**maybe, "description": "How to mend it."},
            "faults": {"type": "array", "items": {"type": "object", "additionalProperties": text}},
        },
    }
