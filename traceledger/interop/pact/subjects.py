"""What a footprint is of: one batch, or what a company produced of a material in a reference period.

PACT's own notion is the second: emissions of the period over the quantity produced (Methodology 3.0, 3.2.3).
Produced is what was minted or made in a run; what was split off was produced before, waste and material of
untraced origin were not produced at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from traceledger.errors import InputError, UnknownNameError
from traceledger.events import BatchSplit
from traceledger.index.listing_reader import Choice
from traceledger.index.schema import id_blob
from traceledger.model.batches import Beginning
from traceledger.model.counting import counted

if TYPE_CHECKING:
    from traceledger.index.reading import IndexReader

MOST_BATCHES = 2_000
"""Batches over which one footprint is averaged at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a company produced of a material.

    Attributes:
        participant: slug of who made it.
        material: slug of what it is.
        since: from when on it was made, UTC seconds.
        until: before when.
        country: where it was made; empty: anywhere.
    """

    participant: str
    material: str
    since: int
    until: int
    country: str = ""

    @property
    def key(self) -> str:
        """The same as one text, which is of no other product."""
        return f"{self.participant}/{self.material}/{self.country or '*'}/{self.since}-{self.until}"


def produced(index: IndexReader, product: Product) -> dict[str, tuple[int, ...]]:
    """The batches (ids) that were produced, by country, each in the order of the chain.

    What was reversed is among them, as it counted before.

    Raises:
        UnknownNameError: there is no such company or material.
        InputError: there are too many.
    """
    maker, material = index.participant(product.participant), index.material(product.material)
    if maker is None:
        raise UnknownNameError(f"there is no participant {product.participant!r}")
    if material is None:
        raise UnknownNameError(f"there is no material {product.material!r}")
    choice = Choice(
        material=index.listing.number_of(id_blob(material.id)),
        maker=index.listing.number_of(maker.address),
        waste=False,
        since=product.since,
        until=product.until - 1,
    )
    numbers = list(index.listing.every(choice))
    if len(numbers) > MOST_BATCHES:
        raise InputError(
            f"{product.participant} made {counted(len(numbers), 'batch', 'batches')} of {product.material}"
            " in that period",
            hint=f"average over {MOST_BATCHES} at most: choose a shorter one",
        )
    batches = {each.id: each for each in index.many.batches_numbered(numbers)}
    begun = index.many.beginnings(batches)
    histories = index.histories(list(batches), takes=False)
    found: dict[str, list[int]] = {}
    for number, batch in batches.items():
        is_split = isinstance(histories[number][0].event, BatchSplit)
        if is_split or begun[number][0] is Beginning.UNTRACED:
            continue
        site = index.facility_by_id(batch.facility)
        found.setdefault(site.country if site else "", []).append(number)
    wanted = [product.country] if product.country else sorted(found)
    return {
        country: tuple(sorted(found.get(country, ()), key=lambda one: histories[one][0].position))
        for country in wanted
    }
