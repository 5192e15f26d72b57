"""What a row of the table of routes says, and what a request asks by it.

Example:
    >>> row = Route("/batches/{creator}/{identifier}", "batch", lambda reading, asked: {}, "One batch.")
    >>> row.matched("/batches/oem/a%2Fb")
    {'creator': 'oem', 'identifier': 'a/b'}
    >>> row.matched("/batches/oem/a/b") is None
    True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from traceledger.web.paths import matched, slots_of
from traceledger.web.reading import Reading
from traceledger.web.scopes import Scope

Document = dict[str, Any]


class Query(BaseModel):
    """The parameters of a request; what a route knows none of is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)


Asked_co = TypeVar("Asked_co", bound=Query, covariant=True)


@dataclass(frozen=True, slots=True)
class Asked(Generic[Asked_co]):
    """A request as it was understood.

    Attributes:
        path: the names in its path, by their slots.
        query: its parameters.
        scopes: what its reader may see besides what everybody may.
    """

    path: Mapping[str, str]
    query: Asked_co
    scopes: frozenset[Scope] = frozenset()

    def name(self, owner: str, identifier: str = "identifier") -> str:
        """The full name of which the path has the owner and the identifier."""
        return f"{self.path[owner]}/{self.path[identifier]}"


View = Callable[[Reading, Asked[Any]], Document]


@dataclass(frozen=True)
class Route:
    """A row: an address, and what is answered there.

    Attributes:
        path: with a slot in braces for each name; a slot is one segment of the raw path.
        name: of the operation in OpenAPI, and of the page's element ``main``; unique.
        view: reads what was asked, and gives the document.
        summary: what the document is, as a sentence.
        template: of the page; ``None``: there is no page.
        query: the parameters.
        api: whether it is part of the API.
        timed: whether the document changes with time alone, such as by what is overdue.
        live: whether it is made anew for every request.
        long: whether the answer may take long to make, as it follows a lineage or looks at everything.
        scope: what a token must allow; ``None``: everybody may ask.
        media: of an answer that is no document; then the view gives its ``bytes`` and its ``name``.
        scripts: of the page, by the names of their files.
    """

    path: str
    name: str
    view: View
    summary: str
    template: str | None = None
    query: type[Query] = Query
    api: bool = True
    timed: bool = False
    live: bool = False
    long: bool = False
    scope: Scope | None = None
    media: str | None = None
    scripts: tuple[str, ...] = ()

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots, in order."""
        return slots_of(self.path)

    def matched(self, raw_path: str) -> dict[str, str] | None:
        """The names in a raw path of this route; ``None``: it is another's."""
        return matched(self.path, raw_path)
