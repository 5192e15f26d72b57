"""Values as the contracts' functions take them.

Example:
    >>> padded("CD", 2)
    b'CD'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.model.emissions import Emissions
from traceledger.model.evidence import Evidence

if TYPE_CHECKING:
    from traceledger.artifacts import ContractName

IN_FULL = 2**64 - 1
"""The contracts' word for "all that the batch holds"."""


def filled(items: Sequence[object], where: str, hint: str = "name at least one") -> None:
    """Refuse an empty list.

    Raises:
        InputError: it is empty.
    """
    if not items:
        raise InputError("the list is empty", where=where, hint=hint)


def documents(evidence: Sequence[Evidence]) -> list[tuple[bytes, str]]:
    """Evidence as structs."""
    return [(item.sha256, item.uri) for item in evidence]


def shown(evidence: Sequence[Evidence]) -> None:
    """Refuse what no document shows.

    Raises:
        InputError: none is named.
    """
    if not evidence:
        hint = 'add "evidence": [{"uri": "…", "sha256": "…"}]'
        raise InputError("a document must show this", where="evidence", hint=hint)


def scopes(emissions: Emissions) -> tuple[int, int]:
    """Emissions as a struct."""
    return emissions.words


def amounts_of(amounts: Mapping[int, int]) -> list[tuple[int, int]]:
    """Masses by substance as structs, ascending."""
    return sorted(amounts.items())


def announced(
    target: bytes | None, contract: ContractName, function: str, arguments: Sequence[object], *, what: str
) -> tuple[ContractName, str, tuple[Any, ...]]:
    """The call that announces another to the AccessManager (Rule 12): of a contract at ``target``.

    Raises:
        InputError: it is not known where the contract is; ``what`` says so.
    """
    from traceledger.artifacts.calls import encode

    if target is None:
        raise InputError(what, hint="see docs/networks.md")
    return "AccessManager", "schedule", (target, encode(contract, function, *arguments), 0)


def padded(text: str, size: int) -> bytes:
    """Text in ``bytes<size>``."""
    return text.encode().ljust(size, b"\0")
