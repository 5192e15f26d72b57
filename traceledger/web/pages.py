"""Documents as pages of the explorer: what stands around them, and the links between them.

Templates of the explorer extend ``explorer.html``. Besides ``document`` they find ``page``
(:class:`Page`), ``frame``, ``pictures``, and ``link(kind, name, …)``, which gives the address of another page
in the language that was chosen, if one was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from traceledger.languages import LANGUAGES, Language, language, negotiate
from traceledger.pages.environment import render
from traceledger.pages.frame import Alternate, Frame
from traceledger.web.charts import chart_of
from traceledger.web.following import Following
from traceledger.web.paths import API, PAGES, TWIN, link
from traceledger.web.reading import Head
from traceledger.web.route import Asked, Query, Route
from traceledger.web.static import StaticFile

LANGUAGE = "lang"
"""The parameter that chooses a page's language; every page takes it."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page knows of itself.

    Attributes:
        name: of its route.
        path: its raw path.
        twin: address of its document, with the same parameters.
        query: its parameters, as text by name, without those that are absent.
        head: the newest block in the index.
        following: how the chain is followed.
        network: its name.
        proofs: whether everybody may have proof files.
    """

    name: str
    path: str
    twin: str
    query: Mapping[str, str]
    head: Head
    following: Following
    network: str
    proofs: bool = True

    def turned(self, **changed: object) -> str:
        """The address of this page with other parameters; ``None`` leaves one out."""
        wanted = {**self.query, **changed}
        given = {name: str(value) for name, value in wanted.items() if value is not None}
        return f"{self.path}?{urlencode(given)}" if given else self.path


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of a server share.

    Attributes:
        files: style sheet and scripts.
        network: name of the network.
        proofs: whether everybody may have proof files.
    """

    files: Mapping[str, StaticFile]
    network: str
    proofs: bool = True

    def rendered(
        self, route: Route, asked: Asked[Any], document: Mapping[str, Any], around: Around, head: Head
    ) -> bytes:
        """A document as its route's page."""
        query = {name: str(value) for name, value in given(asked.query).items()}
        if around.chosen:
            query[LANGUAGE] = around.language.code
        page = Page(
            route.name,
            around.path,
            twin(around.path, around.query),
            query,
            head,
            around.following,
            self.network,
            self.proofs,
        )
        scripts = tuple(self.files[name].path for name in route.scripts)
        return self._drawn(str(route.template), around, scripts, document=document, page=page)

    def problem(self, document: Mapping[str, Any], around: Around) -> bytes:
        """What went wrong, as a page."""
        return self._drawn("problem.html", around, (), document=document, page=None)

    def _drawn(self, template: str, around: Around, scripts: tuple[str, ...], **values: object) -> bytes:
        sheet = self.files["traceledger.css"].path
        chosen = f"?{urlencode({LANGUAGE: around.language.code})}" if around.chosen else ""

        def linked(kind: str, name: str = "", *more: str) -> str:
            """A chosen language goes along."""
            return link(kind, name, *more) + chosen

        frame = Frame(alternates(around), stylesheet=sheet, scripts=scripts, home=f"/{chosen}")
        chart = partial(chart_of, around.language)
        values |= {"link": linked, "api": api_link, "chart": chart, "chosen": chosen, "pages": PAGES}
        return render(template, around.language, frame=frame, **values).encode()


def api_link(kind: str, name: str, *more: str) -> str:
    """The address of a document of the API."""
    return API + link(kind, name, *more)


@dataclass(frozen=True, slots=True)
class Around:
    """What of a request its page shows.

    Attributes:
        path: raw path.
        query: raw query.
        language: of the page.
        chosen: whether the address names the language.
        following: how the chain is followed.
    """

    path: str
    query: str
    language: Language
    chosen: bool
    following: Following


def language_of(query: str, accept_language: str) -> tuple[Language, bool]:
    """The language of a page, and whether the address names it.

    Raises:
        InputError: it names one that pages are not written in.
    """
    named = dict(parse_qsl(query)).get(LANGUAGE)
    return (language(named), True) if named is not None else (negotiate(accept_language), False)


def understood(query: str, model: Query) -> str:
    """A raw query without what says nothing: parameters that differ from their defaults, the language."""
    said = {name: str(value) for name, value in given(model).items()}
    named = dict(parse_qsl(query)).get(LANGUAGE)
    return urlencode(said | ({} if named is None else {LANGUAGE: named}))


def given(model: Query) -> Mapping[str, object]:
    """The parameters that differ from their defaults."""
    return model.model_dump(exclude_defaults=True, exclude_none=True)


def alternates(around: Around) -> tuple[Alternate, ...]:
    """The same page in every language."""
    rest = [pair for pair in parse_qsl(around.query, keep_blank_values=True) if pair[0] != LANGUAGE]
    return tuple(
        Alternate(each, f"{around.path}?{urlencode([*rest, (LANGUAGE, each.code)])}") for each in LANGUAGES
    )


def twin(path: str, query: str) -> str:
    """The address of a page's document."""
    rest = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != LANGUAGE]
    at = "/index.json" if path == "/" else path + TWIN
    return f"{at}?{urlencode(rest)}" if rest else at
