"""Answers one request by its row: understands it, and makes the answer unless the client or the cache has it.

The same in this order for every page, twin and document of the API: what is accepted (406), who asks (401,
403), what is asked (400), whether the client knows it (304), whether it was made before; then the view reads,
in a thread of the pool, and the document becomes JSON or a page.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from traceledger.documents import flat
from traceledger.documents.disclosed import disclosing
from traceledger.errors import TraceLedgerError
from traceledger.web.bearer import Bearers
from traceledger.web.conditional import Cache, Key, Made, date, is_any, is_known, is_unmodified, tag_of
from traceledger.web.pages import LANGUAGE, Around, Site, language_of, understood
from traceledger.web.paths import API
from traceledger.web.pool import Pool
from traceledger.web.problems import MEDIA, Problem, met, refuse
from traceledger.web.rates import client_of
from traceledger.web.reading import Reading, minute
from traceledger.web.route import Asked, Document, Query, Route
from traceledger.web.scopes import Scope

if TYPE_CHECKING:
    from traceledger.web.following import Follower
    from traceledger.web.settings import Settings

_log = logging.getLogger(__name__)
JSON = "application/json"
HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"


class Kind(StrEnum):
    """As what a row is answered."""

    PAGE = "page"
    TWIN = "twin"
    API = "api"
    TABLE = "table"


MEDIA_OF = {Kind.PAGE: HTML, Kind.TWIN: JSON, Kind.API: JSON, Kind.TABLE: CSV}
"""The media type of each kind of answer, but of those that are no document."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An answer that is to be made, and all that it depends on besides the block."""

    route: Route
    kind: Kind
    asked: Asked[Any]
    around: Around | None
    key: Key
    turn: str | None


@dataclass
class Answering:
    """What answers share.

    Attributes:
        pool: reads the index.
        follower: follows the chain.
        site: renders pages.
        bearers: knows who asks.
        settings: how the server is run.
    """

    pool: Pool
    follower: Follower
    site: Site
    bearers: Bearers
    settings: Settings
    cache: Cache = field(init=False)
    _making: dict[tuple[Key, str], asyncio.Future[Made]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cache = Cache(self.settings.limits.cache_bytes)

    async def answer(self, request: Request, route: Route, kind: Kind, names: Mapping[str, str]) -> Response:
        """Answer a request; whatever goes wrong is an answer, too."""
        try:
            return await self._answer(request, route, kind, names)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  (no traceback reaches a client)
            return self.problem(request, met(error, route.path), kind)

    async def _answer(self, request: Request, route: Route, kind: Kind, names: Mapping[str, str]) -> Response:
        require_accepted(request, kind, route)
        scopes = self._scopes(request, route)
        query = raw_query(request)
        asked = Asked(names, parsed(route.query, query, page=kind is Kind.PAGE), scopes)
        # What is kept for others holds what was understood, never what else stood in the address.
        around = self._around(request, kind, understood(query, asked.query))
        key = Key(
            request.scope["raw_path"].decode("ascii"),
            asked.query.model_dump_json(),
            "" if around is None else f"{around.language.code}{around.chosen:d}{around.following.trouble}",
            (*sorted(scopes), *self.pool.private_state(Scope.PRIVATE in scopes)),
            minute() if route.timed else 0,
        )
        turn = client_of(request.client.host if request.client else "") if route.long else None
        wanted, head = _Wanted(route, kind, asked, around, key, turn), self.pool.head()
        known = request.headers
        tag = tag_of(key, head)
        since = None if route.timed or scopes or around else known.get("if-modified-since")
        shown = known.get("if-none-match")
        if route.live:
            made = await self._make(wanted)
            live = self._headers(made.tag, 0, route, scopes, kind) | dict(made.headers)
            return Response(made.body, media_type=made.media, headers=live)
        if is_known(tag, shown):
            return Response(status_code=304, headers=self._headers(tag, head.changed, route, scopes, kind))
        made = self.cache.get(key, head) or await self._made(wanted, tag)
        headers = self._headers(made.tag, made.head.changed, route, scopes, kind) | dict(made.headers)
        # Only who has a tag was answered before; of what is not there, nothing is unmodified.
        if is_any(shown) or (shown is None and is_unmodified(made.head.changed, since)):
            return Response(status_code=304, headers=headers)
        return Response(made.body, media_type=made.media, headers=headers)

    def end(self) -> None:
        """Break off what is being made."""
        for task in list(self._making.values()):
            task.cancel()

    def problem(self, request: Request, problem: Problem, kind: Kind) -> Response:
        """What went wrong: as JSON, or where a page was asked for, as one."""
        headers = {**problem.headers, "Cache-Control": "no-store"}
        document = problem.document()
        if kind is Kind.PAGE and (around := self._around_problem(request)) is not None:
            try:
                body = self.site.problem(document, around)
                return Response(body, problem.status, headers, media_type=HTML)
            except Exception:  # noqa: BLE001  (what went wrong is then said as JSON)
                _log.exception("rendering a problem")
        return Response(as_json(document), problem.status, headers, media_type=MEDIA)

    def _around_problem(self, request: Request) -> Around | None:
        try:
            return self._around(request, Kind.PAGE)
        except TraceLedgerError:
            return self._around(request, Kind.PAGE, query="")

    def _around(self, request: Request, kind: Kind, query: str | None = None) -> Around | None:
        if kind is not Kind.PAGE:
            return None
        text = raw_query(request) if query is None else query
        language, chosen = language_of(text, request.headers.get("accept-language", ""))
        path = request.scope["raw_path"].decode("ascii")
        return Around(path, text, language, chosen, self.follower.state)

    def _scopes(self, request: Request, route: Route) -> frozenset[Scope]:
        needed = route.scope
        if route.media is not None and self.settings.proofs == "token":
            needed = Scope.PROOFS
        return self.bearers.scopes(request, needed)

    async def _made(self, wanted: _Wanted, tag: str) -> Made:
        """Make an answer; those who ask for the same meanwhile get the same one."""
        if (pending := self._making.get((wanted.key, tag))) is not None:
            return await asyncio.shield(pending)
        task = asyncio.ensure_future(self._make(wanted))
        self._making[wanted.key, tag] = task
        task.add_done_callback(lambda _: self._making.pop((wanted.key, tag), None))
        return await asyncio.shield(task)

    async def _make(self, wanted: _Wanted) -> Made:
        made = await self.pool.read(
            lambda reading: self._written(wanted, reading),
            private=Scope.PRIVATE in wanted.asked.scopes,
            turn=wanted.turn,
        )
        most = self.settings.limits.answer_bytes
        if len(made.body) > most:
            raise refuse(
                413,
                "answer-too-large",
                f"the answer has more than {most} bytes",
                hint="ask for less, with filters, limit or cursor",
            )
        if not wanted.route.live:
            self.cache.put(wanted.key, made)
        return made

    def _written(self, wanted: _Wanted, reading: Reading) -> Made:
        """The answer as it is sent; in a thread of the pool."""
        route = wanted.route
        document, tag = route.view(reading, wanted.asked), tag_of(wanted.key, reading.head)
        if route.media is not None:
            named = {"Content-Disposition": attachment(document["name"])}
            return Made(document["bytes"], route.media, tag, reading.head, named)
        document = disclosing(document, reading.disclosed)
        if wanted.around is not None:
            body = self.site.rendered(route, wanted.asked, document, wanted.around, reading.head)
        elif wanted.kind is Kind.TABLE:
            body = flat.csv(flat.rows_of(document)).encode()
        else:
            body = as_json(document)
        return Made(body, MEDIA_OF[wanted.kind], tag, reading.head, _said(reading, document, wanted))

    def _headers(
        self, tag: str, changed: int, route: Route, scopes: frozenset[Scope], kind: Kind
    ) -> dict[str, str]:
        vary = "Authorization" if kind is not Kind.PAGE else "Accept-Language, Authorization"
        if route.live:
            return {"Vary": vary, "Cache-Control": "no-store"}
        headers = {"ETag": tag, "Vary": vary, "Cache-Control": "private, no-cache" if scopes else "no-cache"}
        # A date of this second, or later by a clock that was wrong, may be that of other blocks as well.
        if 0 < changed < int(time.time()) and not (route.timed or scopes):
            headers["Last-Modified"] = date(changed)
        return headers


def parsed(model: type[Query], query: str, *, page: bool) -> Query:
    """The parameters of a request.

    Args:
        model: which there are.
        query: as it stands in the address.
        page: whether it is a page's, which may name a language besides.

    Raises:
        ProblemError: one is unknown, given twice, or cannot be understood.
    """
    pairs = parameters(query)
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise refuse(400, "bad-parameter", f"{twice[0]!r} is given twice", where=twice[0])
    # A field of a form that was left empty says nothing.
    given = {name: value for name, value in pairs if not page or (value and name != LANGUAGE)}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        faults = tuple({"where": _place(each["loc"]), "what": each["msg"]} for each in error.errors())
        known = ", ".join(sorted(model.model_fields)) or "none"
        first = faults[0]
        raise refuse(
            400,
            "bad-parameter",
            f"{first['where']}: {first['what']}",
            where=first["where"],
            hint=f"parameters here: {known}",
            faults=faults,
        ) from None


def require_accepted(request: Request, kind: Kind, route: Route) -> None:
    """Refuse to answer what the client says it cannot take (RFC 9110, 12.5.1).

    Raises:
        ProblemError: it takes neither this media type nor a wildcard.
    """
    wanted = (route.media or MEDIA_OF[kind]).partition(";")[0].split("/")
    accepted = ",".join(request.headers.getlist("accept")) or "*/*"
    for part in accepted.split(","):
        media, *parameters = (each.strip().lower() for each in part.split(";"))
        main, _, sub = media.partition("/")
        refused = any(each.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") for each in parameters)
        if not refused and main in ("*", wanted[0]) and sub in ("*", wanted[1]):
            return
    hint = f"the same as JSON: add .json to the path, or ask {API}" if kind is Kind.PAGE else ""
    raise refuse(406, "not-acceptable", f"this is {'/'.join(wanted)}", where="Accept", hint=hint)


def raw_query(request: Request) -> str:
    """The parameters as they stand in the address; no other header has a say in what they are."""
    text: str = request.scope["query_string"].decode("latin-1")
    return text


def parameters(query: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a request, in order.

    Raises:
        ProblemError: they are not in UTF-8, or too many.
    """
    try:
        return tuple(parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=50))
    except ValueError:
        raise refuse(400, "bad-query", "the parameters are not in UTF-8, or too many") from None


def attachment(name: str) -> str:
    """What names a file that is downloaded (RFC 6266): letters, digits and few signs; others percent-encoded.

    Example:
        >>> attachment("a/b \u20ac.proof")
        "attachment; filename*=UTF-8''a_b%20%E2%82%AC.proof"
    """
    return f"attachment; filename*=UTF-8''{quote(name.replace('/', '_').replace(chr(92), '_'), safe='')}"


def _said(reading: Reading, document: Document, wanted: _Wanted) -> dict[str, str]:
    """Headers that say what the document is of."""
    headers = {} if reading.head.block is None else {"TraceLedger-Block": str(reading.head.block)}
    following = document.get("page", {}).get("next") if isinstance(document.get("page"), dict) else None
    if following:
        given = wanted.asked.query.model_dump(mode="json", exclude_none=True)
        headers["Link"] = f'<{wanted.key.path}?{urlencode(given | {"cursor": following})}>; rel="next"'
    return headers


def as_json(document: Mapping[str, Any]) -> bytes:
    """A document as it is sent."""
    # In ASCII, so that no text of the ledger does anything wherever it is shown.
    return json.dumps(document, separators=(",", ":")).encode()


def _place(path: tuple[int | str, ...]) -> str:
    return ".".join(str(each) for each in path if not isinstance(each, int))
