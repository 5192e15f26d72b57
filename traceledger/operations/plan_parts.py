"""Parts that the planners share: who acts, names of one's own, and values as Solidity takes them.

Example:
    >>> padded("CD", 2)
    b'CD'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from traceledger.artifacts import ContractName
from traceledger.errors import InputError
from traceledger.model.emissions import Emissions
from traceledger.model.evidence import Evidence
from traceledger.operations.directory import Directory, Kind

Planned = tuple[ContractName, str, tuple[object, ...]]
"""A call: which contract, which function, its arguments."""


def acting(participant: bytes | None) -> bytes:
    """The participant that acts.

    Raises:
        InputError: none does.
    """
    if participant is None:
        raise InputError("no participant acts", where="as", hint='name one, for instance "as": "katanga"')
    return participant


def new_text(name: str, own: bytes, names: Directory, what: Kind) -> str:
    """What its maker, who alone may name it, calls something new: the name without the maker's slug.

    Raises:
        InputError: the name is another participant's.
    """
    if names.recorded(what, own, name) is not None:
        return name
    owner, identifier = names.split_name(name, own, what)
    if owner != own:
        raise InputError(f"{what} {name!r} would be another participant's", hint="leave the slug out")
    return identifier


def own_identifier(name: str, own: bytes, names: Directory, what: Kind) -> str:
    """The identifier on chain of something new.

    Raises:
        InputError: the name is another participant's, or that of something private.
    """
    identifier = new_text(name, own, names, what)
    if not names.holds(what, own, identifier) and names.recorded(what, own, identifier):
        raise InputError(
            f"there is a private {what} {name!r}, whose name this would give away",
            hint='say "private": true, or choose another name',
        )
    return identifier


def named(items: Iterable[Any], what: str) -> None:
    """Refuse an empty list.

    Raises:
        InputError: it is empty.
    """
    if not list(items):
        raise InputError("the list is empty", where=what, hint="name at least one")


def documents(evidence: Sequence[Evidence]) -> list[tuple[bytes, str]]:
    """Evidence as Solidity structs."""
    return [(item.sha256, item.uri) for item in evidence]


def scopes(emissions: Emissions) -> tuple[int, int, int, int]:
    """Emissions as a Solidity struct."""
    return emissions.scope1, emissions.scope2, emissions.scope3, emissions.primary


def amounts_of(amounts: Mapping[int, int]) -> list[tuple[int, int]]:
    """Masses by substance as Solidity structs, ascending."""
    return sorted(amounts.items())


def padded(text: str, size: int) -> bytes:
    """Text in ``bytes<size>``."""
    return text.encode().ljust(size, b"\0")
