"""Which private texts a document discloses, said in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def disclosing(document: dict[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The document, with ``disclosed`` where it holds private texts: each by the commitment on chain.

    Args:
        document: what is shown.
        known: by commitment, the private texts that were read while it was made.
    """
    if not known:
        return document
    texts = list(_texts(document))
    shown = {commitment: text for commitment, text in known.items() if any(text in each for each in texts)}
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
