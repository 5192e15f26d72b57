"""What a document of the command discloses, said in the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from traceledger.index.disclosed import DisclosedIndex


def disclosing(document: dict[str, Any], index: DisclosedIndex) -> dict[str, Any]:
    """The document, with ``disclosed`` where it holds private texts: each by the commitment on chain."""
    if not index.disclosed:
        return document
    texts = list(_texts(document))
    shown = {
        commitment: text
        for commitment, text in index.disclosed.items()
        if any(text in each for each in texts)
    }
    return document | {"disclosed": shown} if shown else document


def _texts(value: object) -> Iterator[str]:
    """Every string in a document, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
