"""Which batches a list is of, as people name it: commands and the API choose in the same way.

Example:
    >>> Wanted(material="cobalt-sulfate", trouble=("held",)).said
    {'material': 'cobalt-sulfate', 'trouble': 'held'}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from traceledger.index.listing import Trouble
from traceledger.index.listing_reader import Choice
from traceledger.model.batches import BatchState, Beginning
from traceledger.model.frozen import frozen

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.model.batches import Batch
    from traceledger.operations.directory import Directory

ANY_TROUBLE = "any"
_AT_ONCE = 1_000


@frozen
class Wanted:
    """What batches are chosen by; all that is given holds together.

    Attributes:
        material: short name of their material.
        custodian: short name of who holds them.
        maker: short name of who made them.
        facility: full name of the site where they were made.
        state: their state, as documents write it.
        origin: how they came to be.
        year: of making.
        trouble: all of these stand against them; or :data:`ANY_TROUBLE`.
        waste: whether they are waste.
        since: made at that time or later, UTC seconds.
        until: made at that time or earlier.
        shipment: full name of a shipment by which they went.
        beginning: their full name, or their identifier, begins so.
        containing: this stands in their identifier.
    """

    material: str | None = None
    custodian: str | None = None
    maker: str | None = None
    facility: str | None = None
    state: str | None = None
    origin: str | None = None
    year: int | None = None
    trouble: tuple[str, ...] = ()
    waste: bool | None = None
    since: int | None = None
    until: int | None = None
    shipment: str | None = None
    beginning: str = ""
    containing: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What is given, as text by its name."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: " ".join(value) if isinstance(value, tuple) else str(value)
            for name, value in given.items()
            if value is not None and value not in ("", ())
        }


def choice(index: IndexReader, names: Directory, wanted: Wanted) -> Choice:
    """The same by the numbers of the index.

    Raises:
        UnknownNameError: a company, site, material or shipment is named that there is not.
    """
    listing = index.listing

    def company(name: str | None) -> int | None:
        return None if name is None else listing.number_of(names.participant(name))

    def numbered(table: str, number: int) -> int:
        return listing.number_of(number.to_bytes(32, "big"))

    slug, slash, rest = wanted.beginning.partition("/")
    owner = index.participant(slug) if slash and wanted.maker is None else None
    return Choice(
        material=numbered("material", names.material(wanted.material)) if wanted.material else None,
        custodian=company(wanted.custodian),
        maker=company(wanted.maker if owner is None else slug),
        facility=numbered("facility", names.facility(wanted.facility, None)) if wanted.facility else None,
        state=int(BatchState[wanted.state.upper()]) if wanted.state else None,
        origin=int(Beginning[wanted.origin.upper()]) if wanted.origin else None,
        year=wanted.year,
        trouble=_troubles(wanted.trouble),
        waste=wanted.waste,
        since=wanted.since,
        until=wanted.until,
        numbers=_lots(index, names, wanted.shipment) if wanted.shipment else None,
        beginning=wanted.beginning if owner is None else rest,
        containing=wanted.containing,
    )


def numbers(index: IndexReader, chosen: Choice, *, newest: bool = False) -> list[int]:
    """The numbers of all batches that were chosen, in the order in which they were made, or the reverse."""
    found = list(index.listing.every(chosen, newest=newest))
    if not (chosen.beginning or chosen.containing):
        return found
    return list(_named(index, chosen, found))


def each_of(index: IndexReader, found: Sequence[int]) -> Iterator[Batch]:
    """The batches of these numbers in their order, never many of them at once."""
    for start in range(0, len(found), _AT_ONCE):
        yield from index.many.batches_numbered(found[start : start + _AT_ONCE])


def _named(index: IndexReader, chosen: Choice, found: Sequence[int]) -> Iterator[int]:
    """Those whose identifiers, disclosed where the index discloses them, are as chosen."""
    for number, batch in zip(found, each_of(index, found), strict=True):
        if chosen.is_named(batch.identifier):
            yield number


def _troubles(words: tuple[str, ...]) -> int | None:
    if not words:
        return None
    return 0 if ANY_TROUBLE in words else int(sum(Trouble[word.upper()] for word in set(words)))


def _lots(index: IndexReader, names: Directory, shipment: str) -> frozenset[int]:
    from traceledger.errors import UnknownNameError

    found = index.shipment(names.shipment(shipment, None).id)
    if found is None:
        raise UnknownNameError(f"there is no shipment {shipment!r}", hint="see: traceledger shipment list")
    return frozenset(index.many.numbers_of(found.batches))
