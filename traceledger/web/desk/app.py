"""The desk as an ASGI application: who asks is let in or not, and the row of the table answers.

In this order for every request: the name it calls, where it comes from and how long it is (``guard.py``);
the desk's place in its path; a file, or the exchange of a token; the session; the row; the form, with the
token of the session; then the handler, in a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route as Mounted

from traceledger.errors import TraceLedgerError
from traceledger.languages import Language, language, negotiate
from traceledger.languages.phrases import Phrase, in_language, phrase
from traceledger.web.answering import HTML, attachment
from traceledger.web.app import sent
from traceledger.web.desk import forms
from traceledger.web.desk.desk import Desk
from traceledger.web.desk.entrance import Session, is_same
from traceledger.web.desk.guard import HEADERS, DeskGuard
from traceledger.web.desk.pages import CSRF, DeskSite
from traceledger.web.desk.route import Route
from traceledger.web.desk.routes import ROUTES
from traceledger.web.desk.visit import Answer, Visit
from traceledger.web.problems import Problem, ProblemError, met, refuse
from traceledger.web.security import SecurityHeaders
from traceledger.web.static import static_files
from traceledger.web.threads import Threads

FOLLOW = "follow"
"""The parameter with which a page asks for itself again."""
TOKEN = "token"  # noqa: S105  (the parameter's name)
LANGUAGE = "traceledger-language"
"""The cookie that keeps a chosen language."""
_LOOK_SECONDS = 2.0
"""Between two looks whether a key was unlocked for too long."""


class DeskApp:
    """Answers requests to a desk.

    Args:
        desk: the desk.
        port: where it listens.
        routes: the table.
    """

    def __init__(self, desk: Desk, port: int, routes: Sequence[Route]) -> None:
        self.desk = desk
        self.port = port
        self.site = DeskSite(desk, static_files())
        self._routes = tuple(routes)
        self._files = {file.path: file for file in self.site.files.values()}
        self._limits = desk.settings.limits
        self._threads = Threads(self._limits.threads)

    @property
    def cookie(self) -> str:
        """The name of the session's cookie: cookies do not know ports."""
        return f"traceledger-desk-{self.port}"

    async def answer(self, request: Request) -> Response:
        """Answer a request; whatever goes wrong is an answer, too."""
        try:
            return await self._answered(request)
        except ProblemError as error:
            return self._problem(request, error.problem, "/", None)

    async def _answered(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode("latin-1")
        file = self._files.get(raw)
        if file is not None and request.method != "POST":
            return sent(file, request)
        place = f"/{self.desk.entrance.place}"
        if raw != place and not raw.startswith(f"{place}/"):
            # Also a tab of an earlier run of the desk: its place was another.
            return self._entrance(request, used=False)
        path = raw.removeprefix(place) or "/"
        if path == "/enter" and request.method != "POST":
            return self._enter(request)
        session = self.desk.entrance.session(request.cookies.get(self.cookie, ""))
        if session is None:
            return self._entrance(request, used=False)
        return await self._visited(request, path, session)

    def asking(self, request: Request) -> str:
        """Whose rate a request counts for: each browser that was let in has its own, all others share one."""
        session = self.desk.entrance.session(request.cookies.get(self.cookie, ""))
        return "stranger" if session is None else session.csrf

    def refused(self, request: Request, problem: Problem) -> Response:
        """A problem that is told before anybody was asked who they are."""
        return self._problem(request, problem, "/", None)

    def close(self) -> None:
        """End the threads."""
        self._threads.close(1.0)

    async def _visited(self, request: Request, path: str, session: Session) -> Response:
        visit: Visit | None = None
        try:
            route, names = self._matched(request, path)
            visit = self._visit(request, session, route, names)
            if route.method == "POST":
                visit = await self._with_form(request, route, visit)
            answer = await self._made(route, visit)
            return self._response(route, visit, path, answer)
        except Exception as error:  # noqa: BLE001  (the last resort: no traceback reaches a clerk)
            at = path if visit is None else "a page of the desk"
            return self._problem(request, met(error, at), path, visit)

    def _matched(self, request: Request, path: str) -> tuple[Route, dict[str, str]]:
        wanted = "GET" if request.method == "HEAD" else request.method
        others = set()
        for route in self._routes:
            names = route.matched(path)
            if names is not None and route.method == wanted:
                return route, names
            if names is not None:
                others.add(route.method)
        if others:
            raise refuse(
                405,
                "method-not-allowed",
                phrase("this address takes other requests"),
                headers={"Allow": ", ".join(sorted(others))},
            )
        raise refuse(404, "no-such-page", phrase("there is nothing at this address of the desk"))

    def _visit(self, request: Request, session: Session, route: Route, names: dict[str, str]) -> Visit:
        query = forms.asked(request, self._limits)
        # What a page asks by itself is no use of the desk.
        clerk = self.desk.clerks.current(session, use=not (route.quiet or FOLLOW in query))
        return Visit(self.desk, session, clerk, self._language(request), names, query)

    async def _with_form(self, request: Request, route: Route, visit: Visit) -> Visit:
        seconds = self._limits.connection.request_seconds
        try:
            async with asyncio.timeout(seconds):
                fields, files = await forms.filled_in(request, self._limits, uploads=route.uploads)
        except TimeoutError:
            raise refuse(408, "too-slow", phrase("the form did not arrive in time")) from None
        if not is_same(fields.get(CSRF, ""), visit.session.csrf):
            raise refuse(
                403,
                "strange-form",
                phrase("this form is not of this session, and nothing was done"),
                hint=phrase("open the page anew, and fill it in again"),
            )
        return Visit(
            visit.desk, visit.session, visit.clerk, visit.language, visit.path, visit.query, fields, files
        )

    async def _made(self, route: Route, visit: Visit) -> Answer:
        job = asyncio.wrap_future(self._threads.submit(partial(route.handler, visit)))
        # What nobody waits for any longer still comes to its end; then nobody is told what it raised.
        job.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        try:
            return await asyncio.wait_for(asyncio.shield(job), self._limits.connection.request_seconds)
        except TimeoutError:
            raise refuse(
                503,
                "too-slow",
                phrase("this takes longer than a page may take"),
                hint=phrase("look at the page again in a minute"),
            ) from None

    def _response(self, route: Route, visit: Visit, path: str, answer: Answer) -> Response:
        if answer.location:
            response = RedirectResponse(self.site.at(answer.location), answer.status)
            if answer.spoken:
                place = f"/{self.desk.entrance.place}"
                response.set_cookie(LANGUAGE, answer.spoken, path=place, httponly=True, samesite="strict")
            return response
        if answer.body is not None:
            headers = {"Content-Disposition": attachment(answer.name)} if answer.name else {}
            return Response(answer.body, answer.status, headers, media_type=answer.media)
        template = answer.template or route.template
        body = self.site.rendered(template, visit, path, answer, route.scripts)
        return Response(body, answer.status, media_type=HTML)

    def _enter(self, request: Request) -> Response:
        """Exchange the token of the address for a cookie, and take it out of the address."""
        token = forms.asked(request, self._limits).get(TOKEN, "")
        if self.desk.entrance.session(request.cookies.get(self.cookie, "")) is not None:
            # The same browser again: it stays, and a token that was not used stays for another one.
            return RedirectResponse(self.site.at("/"), 303)
        cookie = None if request.method == "HEAD" else self.desk.entrance.exchanged(token)
        if cookie is None:
            return self._entrance(request, used=True)
        # A page, not a redirection: where a link in a mail led here, browsers take the whole chain of
        # redirections for the mail's, and keep strict cookies back.
        response = Response(self.site.entered(self._language(request)), media_type=HTML)
        # Without Secure, which browsers do not keep for http; it never leaves this machine.
        response.set_cookie(
            self.cookie, cookie, path=f"/{self.desk.entrance.place}", httponly=True, samesite="strict"
        )
        return response

    def _entrance(self, request: Request, *, used: bool) -> Response:
        body = self.site.entrance(self._language(request), used=used)
        return Response(body, 403, media_type=HTML)

    def _problem(self, request: Request, problem: Problem, path: str, visit: Visit | None) -> Response:
        spoken = self._language(request) if visit is None else visit.language
        document = problem.document()
        # A sentence that can be said in the clerk's language is.
        is_ours = isinstance(problem.what, Phrase)
        document |= {
            "detail": in_language(problem.what, spoken),
            "hint": in_language(problem.hint, spoken) if problem.hint else None,
            "spoken": is_ours,
        }
        headers = {**problem.headers}
        body = self.site.problem(document, spoken, path, visit)
        return Response(body, problem.status, headers, media_type=HTML)

    def _language(self, request: Request) -> Language:
        chosen = request.cookies.get(LANGUAGE, "")
        if chosen:
            with suppress(TraceLedgerError):
                return language(chosen)
        return negotiate(request.headers.get("accept-language", ""))


def create_app(desk: Desk, port: int, *, routes: Sequence[Route] = ROUTES) -> Starlette:
    """The application of a desk.

    Args:
        desk: it is started and closed with the application.
        port: where it listens.
        routes: the table.
    """
    app = DeskApp(desk, port, routes)

    async def look() -> None:
        while True:
            desk.clerks.look()
            await asyncio.sleep(_LOOK_SECONDS)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        desk.start()
        looking = asyncio.ensure_future(look())
        try:
            yield
        finally:
            looking.cancel()
            app.close()
            await asyncio.to_thread(desk.close)

    guard = Middleware(DeskGuard, app.refused, app.asking, port=port, limits=desk.settings.limits)
    return Starlette(
        routes=[Mounted("/{rest:path}", app.answer, methods=["GET", "HEAD", "POST"])],
        middleware=[Middleware(SecurityHeaders, own=HEADERS), guard],
        lifespan=lifespan,
    )
