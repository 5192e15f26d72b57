"""A desk's documents as pages: what stands around them.

Templates of the desk extend ``desk/desk.html``. Besides the values of their handler's answer they find
``page`` (:class:`DeskPage`), ``at(path)``, which gives the address of another page of the desk, ``to``, which
gives paths of things, ``csrf``, the hidden field that every form with ``method="post"`` has, and ``frame``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from traceledger.languages import LANGUAGES, Language
from traceledger.languages.phrases import in_language
from traceledger.pages.environment import render
from traceledger.pages.frame import Alternate, Frame
from traceledger.web.desk.links import TO
from traceledger.web.static import StaticFile

if TYPE_CHECKING:
    from traceledger.web.desk.clerk import Clerk
    from traceledger.web.desk.desk import Desk
    from traceledger.web.desk.entrance import Session
    from traceledger.web.desk.visit import Answer, Visit
    from traceledger.web.following import Following

CSRF = "csrf"
"""The field of every form that shows that it is one of this session's pages."""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What a page knows of itself; outside a session it knows little.

    Attributes:
        path: below the desk's place.
        participant: whose desk it is.
        network: its name.
        clerk: whose key is unlocked for this browser; ``None``: nobody's.
        elsewhere: whose key is unlocked for another browser.
        idle_minutes: after which an unlocked key is locked.
        busy: whether a draft is in hand.
        following: how the chain is followed.
        notices: sentences to be said at its top.
        refresh: seconds after which it is asked for again by itself; ``None``: never.
        entered: whether the browser was let in.
    """

    path: str
    participant: str
    network: str
    clerk: Clerk | None
    elsewhere: Clerk | None
    idle_minutes: int
    busy: bool
    following: Following
    notices: tuple[str, ...] = ()
    refresh: int | None = None
    entered: bool = True


@dataclass(frozen=True, slots=True)
class DeskSite:
    """What all pages of a desk share.

    Attributes:
        desk: the desk.
        files: style sheet and scripts.
    """

    desk: Desk
    files: Mapping[str, StaticFile]

    def at(self, path: str) -> str:
        """The address of a page of the desk, by its path below the desk's place."""
        return f"/{self.desk.entrance.place}{path}"

    def rendered(
        self, template: str, visit: Visit, path: str, answer: Answer, scripts: tuple[str, ...]
    ) -> bytes:
        """A handler's answer as a page."""
        return self._drawn(
            template,
            visit.language,
            self._page(path, visit, answer.refresh),
            scripts,
            visit.session,
            answer.values,
        )

    def problem(
        self, document: Mapping[str, Any], language: Language, path: str, visit: Visit | None
    ) -> bytes:
        """What went wrong, as a page; without a visit, for whoever was not let in."""
        page = self._stranger(path) if visit is None else self._page(path, visit, None)
        session = None if visit is None else visit.session
        return self._drawn("desk/problem.html", language, page, (), session, {"document": document})

    def entered(self, language: Language) -> bytes:
        """The page for whoever was just let in, which goes on to the inbox by itself."""
        return self._drawn("desk/entered.html", language, self._stranger("/"), (), None, {})

    def entrance(self, language: Language, *, used: bool) -> bytes:
        """The page for whoever is not let in: how to get an address with a token."""
        return self._drawn("desk/entrance.html", language, self._stranger("/"), (), None, {"used": used})

    def _stranger(self, path: str) -> DeskPage:
        desk = self.desk
        return DeskPage(path, "", "", None, None, 0, False, desk.following, entered=False)

    def _page(self, path: str, visit: Visit, refresh: int | None) -> DeskPage:
        desk = self.desk
        return DeskPage(
            path,
            desk.participant,
            desk.network.name,
            visit.clerk,
            desk.clerks.elsewhere(visit.session),
            max(1, int(desk.settings.idle_seconds // 60)),
            desk.work.busy,
            desk.following,
            tuple(in_language(each, visit.language) for each in visit.session.took()),
            refresh,
        )

    def _alternates(self, page: DeskPage) -> tuple[Alternate, ...]:
        """The page in every language; what was typed into it is lost by that."""
        if not page.entered:
            return ()
        then = urlencode({"then": page.path})
        return tuple(Alternate(each, self.at(f"/language/{each.code}?{then}")) for each in LANGUAGES)

    def _drawn(
        self,
        template: str,
        language: Language,
        page: DeskPage,
        scripts: tuple[str, ...],
        session: Session | None,
        values: Mapping[str, object],
    ) -> bytes:
        addresses = tuple(self.files[name].path for name in scripts)
        frame = Frame(
            self._alternates(page),
            stylesheet=self.files["traceledger.css"].path,
            scripts=addresses,
            home=self.at("/") if page.entered else "",
            referrer="same-origin",
        )
        hidden = Markup('<input type="hidden" name="{}" value="{}">')
        csrf = Markup("") if session is None else hidden.format(CSRF, session.csrf)

        def spoken(text: str) -> str:
            """A phrase in the language of the page."""
            return in_language(text, language)

        around = {
            "page": page,
            "frame": frame,
            "at": self.at,
            "csrf": csrf,
            "said": spoken,
            "stop": "。" if language.code.startswith("zh") else ".",
            "to": TO,
            "desk_sheet": self.files["desk.css"].path,
        }
        return render(template, language, **{**values, **around}).encode()
