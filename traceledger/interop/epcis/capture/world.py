"""How lots stand while events become operations: as the ledger has them, then as each operation leaves them.

A lot of EPCIS is one text, in whichever notation; on the ledger each batch has a maker, and a name is used
once. What is a part of a lot (shipped apart), or the lot anew after its record was reversed, is the same text
with a number behind it: ``https://id.gs1.org/01/09521321000018/10/LOT#2``. So one text finds several batches,
of which those count that whoever acts holds, or that are on their way to it.

Example:
    >>> key_of("https://id.gs1.org/01/09521321000018/10/LOT#2"), key_of("urn:x:lot#A")
    ('https://id.gs1.org/01/09521321000018/10/LOT', 'urn:x:lot#A')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.interop import uris
from traceledger.interop.epcis import identifiers
from traceledger.model import gs1
from traceledger.model.arithmetic import take
from traceledger.model.batches import Batch, BatchState, ShipmentState
from traceledger.model.ids import batch_id, transformation_id
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from traceledger.events import RecordedEvent
    from traceledger.index import IndexReader
    from traceledger.interop.directory import Directory

_PART = re.compile(r"#([2-9]|[1-9][0-9]+)$")
_MOST_PARTS = 1000
RETIRED = "retired"


class Standing(Enum):
    """Where a lot stands."""

    HELD = "held"
    TRAVELLING = "travelling"
    DELIVERED = "delivered"
    ENDED = "ended"


@dataclass(slots=True)
class Lot:
    """A batch, as it stands after the operations so far.

    Attributes:
        name: its full name.
        material: short name of what it is of.
        maker: short name of who made it.
        holder: short name of who holds it; of one that travels, of who sent it.
        standing: where it stands.
        mass: mg that are left.
        substances: mg of each that are left, by number.
        pieces: how many it was made as; 0: not counted.
        shipment: full name of the one by which it travels.
        receiver: short name of whom it travels to.
        ended: how it ended, as a word.
        on_hold: on hold by its custodian.
        recalled: by its maker.
        frozen: declared in error so that it is frozen.
        replaced: its record was reversed or declared wrong: its name may be used anew.
        number: its id, where the ledger has it.
        planned: the event that makes it, where one of these does.
    """

    name: str
    material: str
    maker: str
    holder: str
    standing: Standing
    mass: int
    substances: dict[int, int] = field(default_factory=dict)
    pieces: int = 0
    shipment: str = ""
    receiver: str = ""
    ended: str = ""
    on_hold: bool = False
    recalled: bool = False
    frozen: bool = False
    replaced: bool = False
    number: int | None = None
    planned: tuple[str, int] | None = None

    @property
    def how(self) -> str:
        """Where it stands, for people."""
        match self.standing:
            case Standing.HELD:
                return f"held by {self.holder}"
            case Standing.TRAVELLING:
                return f"on its way from {self.holder} to {self.receiver} as shipment {self.shipment}"
            case Standing.DELIVERED:
                return f"delivered by {self.holder}"
            case Standing.ENDED:
                return self.ended

    def leaves(self, mass: int) -> None:
        """A mass is taken of it."""
        if mass >= self.mass:
            self.mass, self.substances = 0, dict.fromkeys(self.substances, 0)
            self.standing, self.ended = Standing.ENDED, "used up"
            return
        self.substances = {
            number: pool - take(pool, part=mass, whole=self.mass) for number, pool in self.substances.items()
        }
        self.mass -= mass

    def share(self, mass: int | None) -> dict[int, int]:
        """The substances that a mass of it takes along (the ledger's rule of taking), mg by number."""
        if mass is None or mass >= self.mass:
            return dict(self.substances)
        return {number: take(pool, part=mass, whole=self.mass) for number, pool in self.substances.items()}


def key_of(identifier: str) -> str:
    """The lot that an identifier is of, or of a part of which it is: canonical, without the part's number."""
    whole = _PART.sub("", identifier) if "://" in identifier or identifier.startswith("urn:") else identifier
    try:
        return identifiers.canonical(whole)
    except InputError:  # what stands on the ledger is taken as it is
        return whole


class World:
    """The lots that events speak of.

    Args:
        reader: the index.
        directory: knows materials, sites and companies by their keys.
        acting: short names of those whose stock is looked through; empty: everybody's.
    """

    def __init__(self, reader: IndexReader, directory: Directory, acting: Sequence[str] = ()) -> None:
        self.reader = reader
        self.directory = directory
        self.names = LedgerNames(reader)
        self._acting = acting
        self._lots: dict[str, list[Lot]] = {}
        self._by_name: dict[str, Lot] = {}
        self._stock: dict[str, list[Batch]] | None = None
        self._makers = {each.slug: each.address for each in reader.participants()}
        self.history: Callable[[int | None], tuple[RecordedEvent, ...]] = cache(self._history)
        """What the ledger has of a batch, by its id; nothing of one that it has not."""

    def prefetch(self, keys: Iterable[str]) -> None:
        """Look many lots up at once."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._lots]
        ids = {batch_id(address, key): key for key in wanted for address in self._makers.values()}
        found: dict[str, list[Batch]] = {key: [] for key in wanted}
        for number, batch in self.reader.many.batches(ids).items():
            found[ids[number]].append(batch)
        parts = self._parts(wanted)
        for key in wanted:
            self._lots[key] = self._known(key, [*found[key], *parts[key]])

    def lots(self, key: str) -> list[Lot]:
        """Every batch that a text means, in the order in which they were made."""
        if key not in self._lots:
            self.prefetch([key])
        return self._lots[key]

    def named(self, name: str) -> Lot | None:
        """The batch of a full name, if there is one."""
        if name not in self._by_name:
            slug, _, identifier = name.partition("/")
            self.lots(key_of(identifier))
            if name not in self._by_name and (address := self._makers.get(slug)) is not None:
                batch = self.reader.batch(batch_id(address, identifier))
                if batch is not None:
                    self._lots[key_of(identifier)].append(self._lot(batch))
        return self._by_name.get(name)

    def fresh(self, maker: str, key: str) -> str:
        """The first identifier for a lot that its maker has not used."""
        mapped = self._mapped(key)
        identifier = mapped.removeprefix(f"{maker}/") if mapped.startswith(f"{maker}/") else key
        names = (identifier, *(f"{identifier}#{each}" for each in range(2, _MOST_PARTS)))
        return next(each for each in names if self.named(f"{maker}/{each}") is None)

    def add(self, lot: Lot, key: str = "") -> None:
        """A lot that an operation makes; ``key``: what events call it."""
        self._by_name[lot.name] = lot
        own = uris.uri(uris.Thing.BATCH, _PART.sub("", lot.name))
        for each in {key, key_of(lot.name.partition("/")[2]), own}:
            if each and lot not in self.lots(each):
                self._lots[each].append(lot)

    def forget(self, lot: Lot) -> None:
        """Take back what :meth:`add` did."""
        self._by_name.pop(lot.name, None)
        for found in self._lots.values():
            if lot in found:
                found.remove(lot)

    def is_product(self, key: str) -> bool:
        """Whether a key names a product, no lot or item of it, nor is it what a lot is called here."""
        found = None if self._mapped(key) else gs1.read(key)
        if found is None or found.primary[0] != "01":
            return False
        return not {"10", "21"} & dict(found.qualifiers).keys()

    def known(self) -> list[Lot]:
        """The lots that were asked for so far."""
        return list(self._by_name.values())

    def run(self, name: str, made: Callable[..., Any]) -> Any:
        """What a run on the ledger took and made, as ``made(taken, made)``; ``None``: there is none."""
        slug, _, identifier = name.partition("/")
        address = self._makers.get(slug)
        number = None if address is None else transformation_id(address, identifier)
        recorded = None if number is None else self.reader.transformation(number)
        if recorded is None:
            return None
        taken = tuple(
            (lot, each.mass_mg, dict(each.substances_mg))
            for each in recorded.inputs
            if (lot := self.named(self.names.batch(each.batch)))
        )
        outputs = (self.named(self.names.batch(each.batch)) for each in recorded.outputs)
        return made(taken, tuple(lot for lot in outputs if lot))

    def _history(self, number: int | None) -> tuple[RecordedEvent, ...]:
        return () if number is None else self.reader.history(number)

    def _mapped(self, key: str) -> str:
        """The full name that master data, or our own notation, give a lot; empty: none."""
        try:
            ours = uris.read(key)
            if ours is not None and ours[0] is uris.Thing.BATCH:
                return ours[1]
            return self.directory.known.batch_by(key) or ""
        except InputError:  # on the ledger it may be called anything
            return ""

    def _known(self, key: str, named: Iterable[Batch]) -> list[Lot]:
        """What the ledger has under a text, with the batches that have it as their name."""
        batches: dict[int, Batch] = {}
        for batch in (*named, *self._by_directory(key)):
            batches.setdefault(batch.id, batch)
        if not batches:
            batches = {batch.id: batch for batch in self._in_stock(key)}
        return [self._as_it_stands(each) for each in batches.values()]

    def _as_it_stands(self, batch: Batch) -> Lot:
        return self._by_name.get(self.names.full(batch.creator, batch.identifier)) or self._lot(batch)

    def _parts(self, keys: Sequence[str]) -> dict[str, list[Batch]]:
        """By key the numbered batches of lots, by whoever made them: numbers follow each other."""
        rows: dict[tuple[str, bytes, str], list[Batch]] = {
            (key, address, name): [] for key in keys for address, name in self._names_of(key)
        }
        further = list(rows)
        for part in range(2, _MOST_PARTS):
            ids = {each: batch_id(each[1], f"{each[2]}#{part}") for each in further}
            batches = self.reader.many.batches(ids.values())
            further = [each for each in further if ids[each] in batches]
            for each in further:
                rows[each].append(batches[ids[each]])
            if not further:
                break
        found: dict[str, list[Batch]] = {key: [] for key in keys}
        for (key, *_), parts in rows.items():
            found[key] += parts
        return found

    def _names_of(self, key: str) -> Iterator[tuple[bytes, str]]:
        """By whom a lot may have been made, and what it is called there."""
        slug, _, identifier = self._mapped(key).partition("/")
        if (address := self._makers.get(slug)) is not None:
            yield address, identifier
        yield from ((address, key) for address in self._makers.values())

    def _by_directory(self, key: str) -> Iterator[Batch]:
        """What master data, or another notation of the same key, call a lot."""
        try:
            found = self.directory.recorded_batch(key)
        except InputError:
            return  # several: those in hand count
        if found is not None:
            yield found

    def _in_stock(self, key: str) -> list[Batch]:
        """Batches in hand or on their way whose identifiers are other notations of a lot."""
        if self._stock is None:
            self._stock = {}
            for batch in self._stocked():
                self._stock.setdefault(key_of(batch.identifier), []).append(batch)
        return self._stock.get(key, [])

    def _stocked(self) -> Iterator[Batch]:
        for slug, address in self._makers.items():
            if self._acting and slug not in self._acting:
                continue
            yield from self.reader.batches(custodian=address)
            for shipment in self.reader.shipments(ShipmentState.OFFERED, receiver=address):
                yield from self.reader.open_lots(shipment.id)

    def _lot(self, batch: Batch) -> Lot:
        names = self.names
        lot = Lot(
            name=names.full(batch.creator, batch.identifier),
            material=names.material(batch.material),
            maker=names.slug(batch.creator),
            holder=names.slug(batch.custodian),
            standing=_STANDINGS[batch.state],
            mass=batch.mass_mg,
            substances=dict(batch.substances_mg),
            pieces=batch.pieces,
            ended=_ENDED.get(batch.state, ""),
            on_hold=batch.held,
            recalled=batch.recalled,
            frozen=batch.frozen,
            replaced=batch.state is BatchState.REVERSED or batch.disputed or batch.frozen,
            number=batch.id,
        )
        if lot.standing is Standing.TRAVELLING:
            for recorded in reversed(self.history(batch.id)):
                number = getattr(recorded.event, "shipment", None)
                shipment = None if number is None else self.reader.shipment(number)
                if shipment is not None and batch.id in shipment.open:
                    lot.shipment = names.shipment(shipment.id)
                    lot.receiver = names.slug(shipment.receiver)
                    break
        self._by_name[lot.name] = lot
        return lot


_STANDINGS = {
    BatchState.ACTIVE: Standing.HELD,
    BatchState.IN_TRANSIT: Standing.TRAVELLING,
    BatchState.RETURNING: Standing.TRAVELLING,
    BatchState.CONSUMED: Standing.ENDED,
    BatchState.RETIRED: Standing.ENDED,
    BatchState.DELIVERED: Standing.DELIVERED,
    BatchState.REVERSED: Standing.ENDED,
}
_ENDED = {
    BatchState.CONSUMED: "used up",
    BatchState.RETIRED: RETIRED,
    BatchState.REVERSED: "reversed",
}
