"""What every rule of the mapping asks: who acts, where, which lots are meant, how much of them.

A rule raises :class:`~traceledger.interop.epcis.capture.verdicts.LeftOutError` where an event becomes nothing
and is right, and :class:`~traceledger.errors.InputError` where something of it has to be mended.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.events import ShipmentOffered, ShipmentReceived
from traceledger.interop.epcis import units
from traceledger.interop.epcis.capture import amounts
from traceledger.interop.epcis.capture.containers import Containers
from traceledger.interop.epcis.capture.effects import Effects
from traceledger.interop.epcis.capture.naming import Naming
from traceledger.interop.epcis.capture.said import Said, SaidLot
from traceledger.interop.epcis.capture.verdicts import EventPlace, LeftOutError, Operation
from traceledger.interop.epcis.capture.world import Lot, Standing, World, key_of
from traceledger.interop.epcis.events import Event, Party, Quantity
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.units import format_mass
from traceledger.operations.catalogue import parsed

if TYPE_CHECKING:
    from traceledger.index import IndexReader
    from traceledger.interop.directory import Directory


@dataclass(frozen=True, slots=True)
class Thing:
    """What an event names: a lot or an item, and how much of it.

    Attributes:
        key: canonical.
        quantity: as the event says it; ``None``: named by itself.
        field: the event's list that names it.
    """

    key: str
    quantity: Quantity | None = None
    field: str = "epcList"


@dataclass(frozen=True, slots=True)
class Taking:
    """A lot of which something is meant: all of it where ``mass`` is ``None``."""

    lot: Lot
    mass: int | None = None


@dataclass(slots=True)
class Told:
    """An event, with what is asked of it again and again.

    Attributes:
        event: the event.
        said: what it says in our namespace.
        place: where it stands.
        made: the operations that it became so far.
        keys: what events call the lots that these make, by their identifiers.
        notes: what was passed over.
        evidence: further events whose hashes are evidence of the operations.
        facts: what other events say of the lots that this one makes.
        split_off: full names of lots that were split off for it, where only a part of it is recorded yet.
        minted: full names of lots that were minted by it, in the same case.
    """

    event: Event
    said: Said
    place: EventPlace
    made: list[Operation] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    evidence: list[EventPlace] = field(default_factory=list)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    split_off: tuple[str, ...] = ()
    minted: tuple[str, ...] = ()

    @property
    def step(self) -> str:
        """Its business step: a bare word, a private URI, or nothing."""
        return self.event.biz_step or ""

    def lot(self, key: str) -> SaidLot:
        """What is said of a lot, here or in an event that is joined."""
        found = self.said.lot(key)
        return SaidLot(key, found.batch, {**self.facts.get(key, {}), **found.terms})


SSCC = "/00/"
"""In the canonical Digital Link of a logistic unit: a pallet, a box."""


class Scene(Naming):
    """The ledger, names, and what was planned so far.

    Args:
        reader: the index.
        directory: knows companies, sites and materials by their keys.
        acting: short names of those for whom is recorded; empty: for whom the events say.
    """

    def __init__(self, reader: IndexReader, directory: Directory, acting: Sequence[str]) -> None:
        super().__init__(reader, directory)
        self.acting = tuple(acting)
        self.world = World(reader, directory, self.acting)
        self.effects = Effects(self.world)
        self.containers = Containers()
        self.missing: dict[str, EventPlace] = {}
        """Lots that an event would have made which became nothing, by key."""
        self.makers: dict[str, EventPlace] = {}
        """Lots that a run or an assembly of these events makes, by key."""
        self.shipped: dict[tuple[str, str], str] = {}
        """By lot and sender, the shipment by which these events sent it last."""
        self.steps: dict[str, str] = {}
        """The business step with which these events told a shipment, by its full name."""
        self._sent: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self.received: dict[tuple[str, str], str] = {}
        """By lot and receiver, the shipment by which it arrived last."""

    def material(self, key: str, told: Told | None = None) -> str | None:
        """Short name of what a lot is of: as the event says, else by its key."""
        said = "" if told is None else told.lot(key).terms.get("material", "")
        if said:
            if not self.is_material(str(said)):
                raise InputError(
                    f"there is no material {said!r:.80} on the ledger{self.definable('material', str(said))}",
                    where=f"{PREFIX}:material",
                    hint="use the short name that the consortium gave it",
                )
            return str(said)
        return self.kind(key)

    # Who acts.

    def acts(self, told: Told, *candidates: str | None) -> str:
        """Short name of who acts: as the event says, else the first known of some, else who is asked for.

        Raises:
            LeftOutError: it is another's.
            InputError: nobody says who acts, or no such company is on the ledger.
        """
        said = told.said.text("by")
        found = said or next((each for each in candidates if each), None)
        if found is None and len(self.acting) == 1:
            found = self.acting[0]
        if found is None:
            raise InputError(
                "nothing says whose event it is",
                where="readPoint",
                hint="say for whom it is recorded with --as, or name its site in the master data",
            )
        if not self.is_participant(found):
            raise LeftOutError(
                f"{found!r} is no participant of this ledger{self.definable('participant', found)}"
            )
        if self.acting and found not in self.acting:
            raise LeftOutError(
                f"it is {found}'s to record, and this is recorded for {', '.join(self.acting)}"
            )
        return found

    def place_holder(self, told: Told) -> str | None:
        """Short name of whose place an event happens at."""
        event = told.event
        return self.operator(self.site(event.read_point)) or self.operator(self.site(event.biz_location))

    def where(self, told: Told) -> str | None:
        """Full name of the site at which an event happens."""
        said = told.said.text("facility")
        if said:
            if not self.is_site(said):
                raise InputError(
                    f"there is no site {said!r} on the ledger{self.definable('facility', said)}",
                    where=f"{PREFIX}:facility",
                    hint="its full name is participant/identifier",
                )
            return said
        return self.site(told.event.biz_location) or self.site(told.event.read_point)

    def party(self, parties: Iterable[Party], kind: str) -> str | None:
        """The key of the first source or destination of a kind."""
        return next((each.id for each in parties if each.type == kind), None)

    # Things and lots.

    def things(self, told: Told) -> list[Thing]:
        """What an event is about, containers opened as far as it is known what is in them."""
        event = told.event
        found = [Thing(key) for key in event.epcs]
        found += [Thing(each.epc_class, each, "quantityList") for each in event.quantities]
        children = [Thing(key, None, "childEPCs") for key in event.children]
        children += [Thing(each.epc_class, each, "childQuantityList") for each in event.child_quantities]
        if event.parent and not children:
            children = [Thing(event.parent, None, "parentID")]
        return self._opened([*found, *children], told)

    def _opened(self, things: Sequence[Thing], told: Told) -> list[Thing]:
        contents = {thing.key: self.containers.contents(thing.key) for thing in things}
        within = {key for outer in contents for key in self.containers.within(outer)}
        # What the event itself says of a lot counts, and a pallet in a container that it names counts once.
        own = {thing.key for thing in things if not contents[thing.key]}
        found = [thing for thing in things if thing.key in own]
        for key, inside in contents.items():
            if inside:
                seen = self.containers.evidence(key)
                told.evidence += [each for each in seen if each not in told.evidence]
            if key not in within:
                found += [each for each in inside if each.key not in own]
        return found

    def sorted_out(self, things: Sequence[Thing], told: Told) -> list[Thing]:
        """The things that speak of this ledger; what does not is noted.

        Raises:
            LeftOutError: none does.
            InputError: a lot of a material of the ledger is not on it.
        """
        kept = []
        for thing in things:
            if self.world.lots(thing.key):
                kept.append(thing)
            elif thing.key in self.missing:
                raise Needs(self.missing[thing.key], thing.key)
            elif not self.is_ours(thing.key):
                told.notes.append(f"{thing.key} is not on this ledger")
            else:
                kept.append(thing)
        strangers = [thing for thing in kept if not self.world.lots(thing.key)]
        if len(strangers) == len(kept):
            raise LeftOutError(_nothing_here(things))
        if strangers:
            raise InputError(
                f"lot {strangers[0].key} is not on the ledger",
                where=strangers[0].field,
                hint="it must be received or minted first",
            )
        return kept

    def weighed(self, thing: Thing, material: str | None, told: Told) -> tuple[int | None, int]:
        """What an event says that a thing weighs, mg (``None``: it does not say), and in how many pieces.

        Raises:
            InputError: it cannot be told: a unit that is no mass, pieces whose mass nobody knows.
        """
        said = told.lot(thing.key)
        counted = 0
        if thing.quantity is not None and thing.quantity.amount is not None:
            quantity = thing.quantity
            if not units.is_pieces(quantity):
                return amounts.mass(quantity, thing.field), _count(said)
            counted = amounts.pieces(quantity, thing.field)
        pieces = _count(said) or counted
        if said.mass is not None:
            return said.mass, pieces
        each = None if material is None else self.directory.unit_mass_mg(material)
        if counted:
            if each is None:
                raise InputError(
                    f"{counted} pieces of {thing.key} are given, and nobody says what one of them weighs",
                    where=thing.field,
                    hint=f"give the quantity a unit of mass, or {material or 'its material'} a unit_mass in"
                    " the master data",
                )
            return counted * each, pieces
        return None, pieces

    def piece_mass(self, thing: Thing, material: str) -> int:
        """What an item that is named by itself weighs, mg.

        Raises:
            InputError: nobody says it.
        """
        each = self.directory.unit_mass_mg(material)
        if each is None:
            raise InputError(
                f"nobody says what {thing.key} weighs",
                where=thing.field,
                hint=f"say it with {PREFIX}:mass in {PREFIX}:lots, or give {material} a unit_mass in the"
                " master data",
            )
        return each

    def held(self, key: str, holder: str) -> list[Lot]:
        """Batches of a lot that somebody holds."""
        return [lot for lot in self.world.lots(key) if lot.standing is Standing.HELD and lot.holder == holder]

    def take(self, thing: Thing, holder: str, told: Told, besides: Container[str] = ()) -> list[Taking]:
        """Which batches of a lot an event takes of, and how much: of several the one made first comes first.

        Args:
            thing: the lot.
            holder: short name of who holds it.
            told: the event.
            besides: full names of batches that it takes already.

        Raises:
            InputError: somebody else holds it, or less of it is left.
        """
        lots = [lot for lot in self.held(thing.key, holder) if lot.name not in besides]
        if not lots and self.held(thing.key, holder):
            raise InputError(
                f"{thing.key} is named for more than there is of it",
                where=thing.field,
                hint="correct the quantities",
            )
        if not lots:
            raise InputError(
                f"{holder} does not hold {thing.key}: it is {_standing(self.world.lots(thing.key))}",
                where=thing.field,
                hint="capture what happened to it before",
            )
        mass, _ = self.weighed(thing, lots[0].material, told)
        whole = sum(lot.mass for lot in lots)
        if mass is None or mass == whole:
            return [Taking(lot) for lot in lots]
        if mass > whole:
            raise InputError(
                f"{format_mass(mass)} of {thing.key} are more than the {format_mass(whole)} that are left",
                where=thing.field,
                hint="correct the quantity, or record a better measurement of the lot first",
            )
        if len({lot.maker for lot in lots}) > 1:
            names = " and ".join(lot.name for lot in lots)
            raise InputError(
                f"{thing.key} may be {names}",
                where=thing.field,
                hint=f"say which with {PREFIX}:batch in {PREFIX}:lots",
            )
        return _in_order(lots, mass)

    # Operations.

    def emit(self, told: Told, operation: dict[str, Any], keys: Mapping[str, str] | None = None) -> None:
        """Add an operation that an event becomes.

        Args:
            told: the event.
            operation: as a line of an operations file, without evidence.
            keys: what events call the lots that it makes, by their identifiers.

        Raises:
            InputError: it is not sound.
        """
        document = {name: value for name, value in operation.items() if value not in (None, "", [], {})}
        document.setdefault("at", told.event.at)
        evidence = [*document.pop("evidence", []), *told.said.evidence]
        if evidence:
            document["evidence"] = evidence
        found = parsed(document)
        if isinstance(found, list):
            raise found[0]
        self._require(document)
        self.effects.apply(document, told.place, keys or {})
        told.keys.update(keys or {})
        self._remember(document)
        told.made.append(document)

    def _remember(self, document: Operation) -> None:
        own = document.get("as", "")
        if document["op"] == "ship":
            for name in document["batches"]:
                self.shipped[name, own] = f"{own}/{document['shipment']}"
                lot = self.world.named(f"{own}/{name}") or self.world.named(name)
                self._sent.setdefault((name, own), []).append(
                    (self.shipped[name, own], lot.mass if lot else 0)
                )
        elif document["op"] == "receive":
            for name in document.get("lots", ()):
                self.received[name, own] = document["shipment"]

    def handed(self, lot: Lot, by: str, kind: str) -> str | None:
        """Full name of the last shipment by which somebody ``shipped`` or ``received`` a lot."""
        planned = self.shipped if kind == "shipped" else self.received
        if (lot.name, by) in planned:
            return planned[lot.name, by]
        event = ShipmentOffered if kind == "shipped" else ShipmentReceived
        for recorded in reversed(self.world.history(lot.number)):
            handover = recorded.event
            if isinstance(handover, event) and self.world.names.slug(handover.author) == by:
                return self.world.names.shipment(handover.shipment)
        return None

    def sent(self, lot: Lot, by: str) -> list[tuple[str, int]]:
        """Full names of the shipments by which somebody sent a lot, and how many mg were sent of it."""
        found = []
        for recorded in self.world.history(lot.number):
            offer = recorded.event
            if isinstance(offer, ShipmentOffered) and self.world.names.slug(offer.sender) == by:
                name = self.world.names.shipment(offer.shipment)
                found += [(name, each.mass_mg) for each in offer.batches if each.batch == lot.number]
        return found + self._sent.get((lot.name, by), [])

    def _require(self, document: Operation) -> None:
        """That what an operation names is there.

        Raises:
            InputError: it is not.
        """
        own = document.get("as", "")
        for name in _named_lots(document):
            if self.world.named(f"{own}/{name}") is None and self.world.named(name) is None:
                key = key_of(name.partition("/")[2] or name)
                if key in self.missing:
                    raise Needs(self.missing[key], name)
                raise InputError(f"there is no lot {name!r:.200} on the ledger", where="epcList")
        materials = [
            document.get("material"),
            *(each.get("material") for each in document.get("outputs", ())),
        ]
        if strange := [each for each in materials if each and not self.is_material(each)]:
            raise InputError(
                f"there is no material {strange[0]!r:.80} on the ledger",
                where=f"{PREFIX}:material",
                hint="the consortium defines materials",
            )
        site = document.get("facility", "")
        if (
            site
            and document["op"] in ("mint", "transform", "take_back")
            and not (self.is_site(site) or self.is_site(f"{own}/{site}"))
        ):
            raise InputError(f"there is no site {site!r:.200} on the ledger", where=f"{PREFIX}:facility")


class Needs(Exception):  # noqa: N818  (it is no error of its own: the event that is needed has one)
    """An event needs a lot that another would have made, which becomes nothing."""

    def __init__(self, place: EventPlace, key: str) -> None:
        super().__init__(key)
        self.place, self.key = place, key


def _named_lots(document: Operation) -> list[str]:
    """The lots that an operation needs."""
    found = [] if document["op"] in ("mint", "permit_content") else [document.get("batch", "")]
    found += [each["batch"] for each in document.get("inputs", ())]
    found += [*document.get("batches", ()), *document.get("lots", ())]
    return [each for each in found if each]


def _count(said: SaidLot) -> int:
    value = said.terms.get("pieces", 0)
    if isinstance(value, bool) or value != int(value):
        raise InputError(f"{value!r:.40} is no number of pieces", where=f"{PREFIX}:pieces")
    return int(value)


def _in_order(lots: Sequence[Lot], mass: int) -> list[Taking]:
    found = []
    for lot in lots:
        part = min(mass, lot.mass)
        if part:
            found.append(Taking(lot, None if part == lot.mass else part))
        mass -= part
    return found


def _standing(lots: Sequence[Lot]) -> str:
    return " and ".join(dict.fromkeys(lot.how for lot in lots)) or "not on the ledger"


def _nothing_here(things: Sequence[Thing]) -> str:
    if not things:
        return "it names no objects"
    shown = ", ".join(dict.fromkeys(thing.key for thing in things[:2]))
    more = f" and {len(things) - 2} more" if len(things) > 2 else ""
    inside = ""
    if all(SSCC in thing.key for thing in things):
        inside = "; what is in it is told by the events that packed it: capture those along with it"
    return f"nothing that it names is on this ledger: {shown}{more}{inside}"
