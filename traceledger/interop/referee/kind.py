"""A kind of document: what it is called, by what it is known, and what checks it."""

from __future__ import annotations

from collections.abc import Callable

from traceledger.interop.referee.hearing import Hearing, Node
from traceledger.model.frozen import frozen


@frozen
class Kind:
    """A kind of document.

    Attributes:
        name: in options and JSON.
        title: for people: standard, version, what.
        members: names at the top of it by which it is known; the more of them, the likelier.
        check: says what is wrong with one.
        official: by which name its official JSON schema is known to ``traceledger schema``; empty: none is.
    """

    name: str
    title: str
    members: tuple[str, ...]
    check: Callable[[Hearing, Node], None]
    official: str = ""
