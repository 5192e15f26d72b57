"""Named queries: kept in memory, as long as the server runs, and so many of them.

GS1 EPCIS 2.0, 12.6: ``POST /queries`` names a query, ``/queries/{name}/events`` answers it, ``DELETE``
forgets it. Subscriptions are not offered. A query that was named with a token is deleted with that token
only; of those that nobody asked for longest one goes where there are too many.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis.query.asked import Asked, of_query
from traceledger.model.units import format_time
from traceledger.storage.json_text import loads
from traceledger.web.endpoint import JSON, Body, Call, Endpoint, Method, Reply
from traceledger.web.epcis import style
from traceledger.web.epcis.events import PAGING, found
from traceledger.web.epcis.style import LINKED, STYLE, reply
from traceledger.web.paths import segment
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

MOST = 200
"""Named queries of a server."""
MOST_BYTES = 16 * 1024
"""Of one."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Named:
    """A query with a name: as it was given and understood, when, and by which token, if by one."""

    name: str
    query: Mapping[str, Any]
    asked: Asked
    made: int
    owner: str

    def document(self) -> dict[str, Any]:
        """As it is shown."""
        return {"name": self.name, "createdAt": format_time(self.made), "query": dict(self.query)}


class Queries:
    """The named queries of a server; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._named: OrderedDict[str, Named] = OrderedDict()

    def add(self, named: Named) -> bool:
        """Keep a query; false: the name is taken by another one."""
        with self._lock:
            known = self._named.get(named.name)
            if known is not None:
                return known.query == named.query
            self._named[named.name] = named
            while len(self._named) > MOST:
                self._named.popitem(last=False)
            return True

    def get(self, name: str) -> Named:
        """The query of that name.

        Raises:
            ProblemError: there is none.
        """
        with self._lock:
            found = self._named.get(name)
            if found is not None:
                self._named.move_to_end(name)
                return found
        raise refuse(404, "unknown-name", "there is no query of that name", hint="/queries lists them")

    def all(self) -> list[Named]:
        """Them all, by name."""
        with self._lock:
            return sorted(self._named.values(), key=lambda each: each.name)

    def remove(self, named: Named) -> None:
        """Forget a query."""
        with self._lock:
            self._named.pop(named.name, None)


def endpoints() -> tuple[Endpoint, ...]:
    """The rows, over queries of their own."""
    views = _Views(Queries())
    body = Body((JSON, LINKED), MOST_BYTES)
    made = {201: "It is kept.", 409: "Another query has that name."}
    return (
        Endpoint(
            "/queries",
            STYLE,
            {
                "GET": Method("epcis_queries", views.listed, "The named queries."),
                "POST": Method("epcis_query_add", views.add, "Name a query.", body=body, answers=made),
            },
        ),
        Endpoint(
            "/queries/{queryName}",
            STYLE,
            {
                "GET": Method("epcis_query", views.one, "A named query."),
                "DELETE": Method(
                    "epcis_query_remove", views.remove, "Forget a query.", answers={204: "It is forgotten."}
                ),
            },
        ),
        Endpoint(
            "/queries/{queryName}/events",
            STYLE,
            {
                "GET": Method(
                    "epcis_query_events",
                    views.events,
                    "What a named query finds.",
                    long=True,
                    parameters=PAGING,
                )
            },
        ),
    )


class _Views:
    """What is done with the queries of a server."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def listed(self, reading: Reading, call: Call) -> Reply:
        return reply(call, [each.document() for each in self._queries.all()])

    def add(self, reading: Reading, call: Call) -> Reply:
        named = _named(call)
        if not self._queries.add(named):
            raise refuse(409, "name-taken", f"another query is called {named.name!r}", where="name")
        return reply(call, named.document(), 201, Location=f"/queries/{segment(named.name)}")

    def one(self, reading: Reading, call: Call) -> Reply:
        return reply(call, self._queries.get(call.path["queryName"]).document())

    def remove(self, reading: Reading, call: Call) -> Reply:
        named = self._queries.get(call.path["queryName"])
        if named.owner != _owner(call):
            raise refuse(403, "not-yours", "it was named with another token", where="Authorization")
        self._queries.remove(named)
        return Reply(status=204)

    def events(self, reading: Reading, call: Call) -> Reply:
        named = self._queries.get(call.path["queryName"])
        given = dict(call.query)
        unknown = next((name for name in given if name not in PAGING), None)
        if unknown is not None:
            raise refuse(400, "parameter", "a named query takes pages only", where=unknown)
        try:
            paged = of_query(given)
        except InputError as error:
            raise style.of_query(error) from None
        per_page = paged.per_page if "perPage" in given else named.asked.per_page
        asked = replace(named.asked, token=paged.token, per_page=per_page)
        return found(reading, call, (), named.name, asked)


def _named(call: Call) -> Named:
    """The query of a body.

    Raises:
        ProblemError: it is none.
    """
    try:
        document = loads(call.body, where="body", exact=True)
        if not isinstance(document, Mapping) or not isinstance(document.get("query"), Mapping):
            raise InputError("a query is an object with name and query")
        name, unknown = document.get("name"), set(document) - {"name", "query", "@context"}
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InputError("letters, digits, '.', '_' and '-', 64 at most", where="name")
        if unknown:
            raise InputError("there is no such member", where=str(min(map(str, unknown)))[:64])
        asked = of_query(document["query"])
    except InputError as error:
        raise style.of_query(error) from None
    return Named(name, document["query"], asked, int(time.time()), _owner(call))


def _owner(call: Call) -> str:
    return "" if call.token is None else call.token.name
