"""Structures that the IDTA submodels share: texts with their language, identifiers of documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from traceledger.interop.passport.batteries import Battery
from traceledger.interop.passport.members import Member
from traceledger.interop.passport.said import Document
from traceledger.interop.passport.sources import Source, number
from traceledger.interop.passport.told import Lacking, Node, Told

UNDETERMINED = "und"
"""BCP 47: where nobody says the language of a text."""


def languages(battery: Battery) -> str:
    """The language of texts that master data or the ledger has."""
    said = battery.said.text("language")
    return UNDETERMINED if isinstance(said, Lacking) else str(said.value)


def in_language(battery: Battery, node: Node) -> Node:
    """A text as the list of texts by language that the schemas want; the samples have a map, and fail."""
    return [{languages(battery): node}] if isinstance(node, Told) else node


def translated(source: Source) -> Source:
    """The same of a source."""
    return lambda battery: in_language(battery, source(battery))


def document_id(document: Document) -> Node:
    """What identifies a document in HandoverDocumentation: its number, else its address."""
    found = document.tell("identifier")
    return found if isinstance(found, Told) else document.tell("url")


def documents(*kinds: str) -> Source:
    """The identifiers of the documents of some kinds."""

    def source(battery: Battery) -> Node:
        found: list[Node] = [document_id(each) for kind in kinds for each in battery.said.of_kind(kind)]
        return found or Lacking(f"master data names no document {' or '.join(kinds)}")

    return source


def measured(
    place: str, value: str, name: str, point: str, takes: Callable[[Any], bool] | None = None
) -> tuple[Member[Battery], ...]:
    """A value of use and when it was measured: ``state.NAME.value`` and ``state.NAME.at``."""
    return (
        Member(f"{place}/{value}", point, number(f"state.{name}.value"), takes),
        Member(f"{place}/LastUpdate", point, lambda battery: battery.said.text(f"state.{name}.at")),
    )
