"""Resources of the industry's standards: their own addresses, methods, headers and errors.

A row of :mod:`traceledger.web.route` is ours: a document, answered as page, twin and API. What a standard
describes (EPCIS, PACT, GS1 Digital Link) is an :class:`Endpoint`: at which path, which methods, what of a
body is taken, and in which style it refuses. Its views are given a request as plain values, and give a reply.

Example:
    >>> job = Method("job", lambda reading, call: Reply(), "A job.")
    >>> row = Endpoint("/capture/{captureID}", Plain(), {"GET": job})
    >>> row.matched("/capture/17"), row.allow
    ({'captureID': '17'}, 'GET, HEAD, OPTIONS')
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from traceledger.web.paths import matched, slots_of
from traceledger.web.problems import MEDIA, Problem
from traceledger.web.reading import Reading

if TYPE_CHECKING:
    from traceledger.web.scopes import Scope
    from traceledger.web.tokens import Token

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an endpoint, as plain values.

    Attributes:
        method: ``GET`` for ``HEAD``, too.
        path: the names in its path, by their slots.
        raw_path: the path as it was asked, percent-encoded.
        query: its parameters in order; one may be given several times.
        headers: by names in small letters; of several of one name the first.
        body: all of it; empty where the method takes none.
        token: by which it is known who asks; ``None``: everybody.
        base: the server's own address as the client called it, ``https://ledger.example``.
    """

    method: str
    path: Mapping[str, str]
    raw_path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    token: Token | None = None
    base: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered.

    Attributes:
        body: as it is sent.
        status: of HTTP.
        media: type of the body.
        headers: besides.
    """

    body: bytes = b""
    status: int = 200
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any, status: int = 200, media: str = JSON, **headers: str) -> Reply:
        """A document as JSON, in ASCII; of headers' names ``_`` stands for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(json.dumps(document, separators=(",", ":")).encode(), status, media, named)


View = Callable[[Reading, Call], Reply]


@dataclass(frozen=True, slots=True)
class Body:
    """What is taken as a body.

    Attributes:
        media: its types; another one is refused (415).
        most: its bytes; more are refused (413).
    """

    media: tuple[str, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Method:
    """What a method of an endpoint does.

    Attributes:
        name: of the operation in OpenAPI; unique.
        view: makes the reply, in a thread of the pool; what it raises is answered in the endpoint's style.
        summary: what it is, as a sentence.
        scope: what a token must allow; ``None``: everybody may ask.
        body: what is taken; ``None``: nothing.
        long: whether the answer may take long to make, as it follows a lineage or looks at everything.
        bearing: whether a token that is shown is one of ``traceledger token``. Not so: the view looks itself
            at the header ``Authorization``.
        access: whether an access token must be shown, which stands for one of ``traceledger token``.
        parameters: of the query, each with what it means.
        media: of the answer.
        answers: statuses besides 200, each with what it means; the first is what is answered as a rule.
    """

    name: str
    view: View
    summary: str
    scope: Scope | None = None
    body: Body | None = None
    long: bool = False
    bearing: bool = True
    access: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON
    answers: Mapping[int, str] = field(default_factory=dict)


class Style(ABC):
    """How the endpoints of a standard answer and refuse."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What every answer says, refusals included."""
        return {}

    @property
    def pages(self) -> bool:
        """Whether a browser is refused with a page, as people come there who scanned a code."""
        return False

    @abstractmethod
    def refused(self, problem: Problem) -> Reply:
        """A refusal in the standard's own words; its headers are added to it."""


class Plain(Style):
    """Refuses as the API does (RFC 9457)."""

    def refused(self, problem: Problem) -> Reply:
        """The problem's own document."""
        return Reply.of(problem.document(), problem.status, MEDIA)


@dataclass(frozen=True)
class Endpoint:
    """A resource at an address.

    Attributes:
        path: with a slot in braces for each name; a slot is one segment of the raw path.
        style: how it answers and refuses.
        methods: what it does, by ``GET``, ``POST``, ``DELETE``; ``HEAD`` and ``OPTIONS`` follow.
        headers: what every answer says here, besides what its style does.
    """

    path: str
    style: Style
    methods: Mapping[str, Method]
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The names of the slots, in order."""
        return slots_of(self.path)

    @property
    def allow(self) -> str:
        """The methods that it takes, as the header ``Allow`` has them."""
        own = [each for name in self.methods for each in ((name, "HEAD") if name == "GET" else (name,))]
        return ", ".join((*own, "OPTIONS"))

    def matched(self, raw_path: str) -> dict[str, str] | None:
        """The names in a raw path of this endpoint; ``None``: it is another's."""
        return matched(self.path, raw_path)


def most_bytes(endpoints: Sequence[Endpoint], method: str, raw_path: str) -> int:
    """So many bytes of a body may be sent with that method to that path; 0: none."""
    for endpoint in endpoints:
        if method in endpoint.methods and endpoint.matched(raw_path) is not None:
            body = endpoint.methods[method].body
            return 0 if body is None else body.most
    return 0
