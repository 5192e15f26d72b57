"""Where lots begin: new material at an origin, and parts of a lot that get a name of their own.

ObjectEvent ADD is EPCIS' word for objects that exist from now on (EPCIS 2.0, 7.4.2). On the ledger only
material that comes from outside begins so, at a site that the consortium approved as its origin: what is made
of other lots begins with the event that says of which, and a commissioning beside that is joined with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from traceledger.errors import InputError
from traceledger.events import BatchMinted, NewBatch, RecordedEvent
from traceledger.interop import uris
from traceledger.interop.epcis.capture.recorded import comes_from_event
from traceledger.interop.epcis.capture.scene import Scene, Thing, Told
from traceledger.interop.epcis.capture.verdicts import LeftOutError, RecordedError, event_place
from traceledger.interop.epcis.capture.world import Lot
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.arithmetic import allocate
from traceledger.model.batches import Origin
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_time, parse_co2e, parse_mass

STEPS = ("commissioning", "creating_class_instance", "")
"""Business steps with which ADD says that objects are new."""


def mint(told: Told, scene: Scene) -> None:
    """Each lot of an event is minted.

    Raises:
        LeftOutError: none of them is of a material, or comes from a site, of this ledger.
        RecordedError: the ledger has them.
        InputError: something is missing.
    """
    things = _new(told, scene)
    actor = scene.acts(told, scene.place_holder(told), _maker(things, scene))
    site = scene.where(told)
    missing = {thing.key for thing in things}
    things = [*things, *_minted_before(told, scene)]
    materials = [scene.material(thing.key, told) or "" for thing in things]
    site = site or _only_origin(told, scene, actor, materials)
    for thing in things:
        require_lot(thing, scene)
    origins = [_origin(told, scene, site, material) for material in materials]
    masses = [_mass(thing, material, told, scene) for thing, material in zip(things, materials, strict=True)]
    emissions = _shared(told.said.emissions or {}, [mass for mass, _ in masses], parse_co2e)
    for place, thing in enumerate(things):
        if thing.key not in missing:
            continue
        mass, pieces = masses[place]
        identifier = scene.world.fresh(actor, thing.key)
        operation = {
            "op": "mint",
            "as": actor,
            "batch": identifier,
            "material": materials[place],
            "facility": site,
            "mass": format_mass(mass),
            "pieces": pieces or None,
            "substances": _substances(told, thing, things, masses, place),
            "origin": origins[place],
            "emissions": emissions[place],
            "at": format_time(told.event.at),
        }
        scene.emit(told, operation, {identifier: thing.key})
        goods = scene.known_material(materials[place])
        if goods is not None and goods.substances and not operation["substances"]:
            told.notes.append(
                f"nothing says how much {', '.join(map(symbol, goods.substances))} {thing.key} holds: it is"
                f" recorded with none, which only an auditor can raise later; say it with {PREFIX}:substances"
            )
    if len(things) > 1 and told.said.emissions:
        told.notes.append("the emissions are shared by mass among its lots")


def _minted_before(told: Told, scene: Scene) -> list[Thing]:
    """The lots of the event that were minted by it before it came to an end: they have their share."""
    made = set(told.minted)
    return [thing for thing in scene.things(told) if {lot.name for lot in scene.world.lots(thing.key)} & made]


def _maker(things: list[Thing], scene: Scene) -> str | None:
    """Whose lots these are by our own notation of them."""
    ours = [uris.read(thing.key) for thing in things]
    found = {each[1].partition("/")[0] for each in ours if each is not None}
    return next(iter(found)) if len(found) == 1 else None


def _new(told: Told, scene: Scene) -> list[Thing]:
    """The lots that are new; those that the ledger has, or that have no material there, are noted."""
    found, existing = [], []
    for thing in scene.things(told):
        lots = [lot for lot in scene.world.lots(thing.key) if not lot.replaced]
        if thing.key in scene.makers:
            continue  # what makes it says the rest
        if lots:
            existing.append((thing, lots[0]))
        elif scene.material(thing.key, told) is None:
            told.notes.append(f"{thing.key} is of no material of this ledger")
        else:
            found.append(thing)
    for thing, lot in existing:
        _require_same(thing, lot, told, scene)
        if not found:
            raise RecordedError(f"the ledger has it as {lot.name}")
        told.notes.append(f"{thing.key} is on the ledger already, as {lot.name}")
    if not found:
        keys = ", ".join(dict.fromkeys(thing.key for thing in scene.things(told)[:2]))
        raise LeftOutError(
            f"no material of this ledger has the key of {keys}" if keys else "it names no objects"
        )
    return found


def _require_same(thing: Thing, lot: Lot, told: Told, scene: Scene) -> None:
    """That an event only says again what made a lot: more of a lot that is there is another lot.

    Raises:
        InputError: it says something else.
    """
    if lot.planned is not None:
        raise InputError(
            f"{thing.key} is made by {event_place(lot.planned)} already",
            where=thing.field,
            hint="a lot is made once: say all of it in one event, or give each part a lot number of its own",
        )
    mass, _ = scene.weighed(thing, lot.material, told)
    differs = ""
    for recorded, new in _making(lot.number, scene):
        event = recorded.event
        if mass is not None and mass != new.mass_mg:
            differs = f"made with another mass than {format_mass(mass)}"
        elif (
            isinstance(event, BatchMinted) and event.occurred_at != told.event.at and comes_from_event(event)
        ):
            differs = f"made by another event, of {format_time(event.occurred_at)}"
    if differs:
        raise InputError(
            f"{thing.key} is on the ledger as {lot.name}, {differs}",
            where=thing.field,
            hint="declare the earlier event in error, and say what is right in a new one; or give the lot"
            " another number",
        )


def _making(number: int | None, scene: Scene) -> Iterator[tuple[RecordedEvent, NewBatch]]:
    """The record that made a lot of the ledger, and as what."""
    for recorded in scene.world.history(number):
        yield from ((recorded, new) for new in recorded.event.makes if new.batch == number)


def require_lot(thing: Thing, scene: Scene) -> None:
    """That what is made is a lot or an item, which can be told from the next of its product.

    Raises:
        InputError: it is only a product.
    """
    if scene.world.is_product(thing.key):
        raise InputError(
            f"{thing.key} is a product, and not one lot of it: nothing tells what is made now from what is"
            " made next",
            where=thing.field,
            hint="name the lot: urn:epc:class:lgtin:…, or a Digital Link with /10/ and its number",
        )


def _only_origin(told: Told, scene: Scene, actor: str, materials: list[str]) -> str:
    """The site of whoever acts that is an approved origin of these materials, where there is one only."""
    named = told.event.biz_location or told.event.read_point
    if named:
        raise LeftOutError(f"the place {named} is no site of this ledger")
    owner = scene.participant(actor)
    own = [] if owner is None else scene.reader.facilities(owner.address)
    wanted = {scene.goods(material).id for material in materials}
    fit = [each for each in own if wanted <= {one.material for one in scene.reader.approvals(each.id)}]
    if len(fit) == 1:
        return scene.world.names.facility(fit[0].id)
    raise InputError(
        "it does not say where this happened",
        where="bizLocation",
        hint=f"name the site as bizLocation or readPoint, or with {PREFIX}:facility",
    )


def _origin(told: Told, scene: Scene, site: str, material: str) -> str:
    """Where new material comes from: as the event says, else the only origin that is approved there.

    Raises:
        LeftOutError: the site is no origin of the material.
        InputError: several origins are approved there.
    """
    said = told.said.text("origin")
    if said:
        return said
    number = scene.facility_id(site)
    goods = scene.goods(material)
    approved = [] if number is None else scene.reader.approvals(number)
    fit = [
        each for each in approved if each.material == goods.id and each.first <= told.event.at <= each.last
    ]
    if not fit:
        raise LeftOutError(
            f"{site} is no approved origin of {material}, and nothing says of what it was made"
        )
    if len(fit) > 1:
        raise InputError(
            f"{site} is an approved origin of {material} in several ways:"
            f" {', '.join(Origin(each.origin).slug for each in fit)}",
            where=f"{PREFIX}:origin",
            hint=f"say which with {PREFIX}:origin",
        )
    return Origin(fit[0].origin).slug


def _mass(thing: Thing, material: str, told: Told, scene: Scene) -> tuple[int, int]:
    """What a new lot weighs, mg, and in how many pieces."""
    mass, pieces = scene.weighed(thing, material, told)
    if mass is not None:
        return mass, pieces
    if thing.quantity is not None:
        raise InputError(
            f"the quantity of {thing.key} is missing",
            where=thing.field,
            hint="give quantity and uom",
        )
    return scene.piece_mass(thing, material), pieces or 1


def _substances(
    told: Told, thing: Thing, things: list[Thing], masses: list[tuple[int, int]], place: int
) -> dict[str, str] | None:
    """What a lot holds of substances: what is said of it, or its share by mass of what is said of all."""
    own = next((each for each in told.said.lots if each.epc == thing.key), None)
    if own is not None and own.substances is not None:
        return own.substances
    common = told.lot(thing.key).substances
    if common is None or len(things) == 1:
        return common
    return _shared(common, [mass for mass, _ in masses], parse_mass)[place]


def _shared(amounts: dict[str, str], weights: list[int], parse: Any) -> list[dict[str, str]]:
    """Amounts that are said of several lots together, by their masses."""
    if len(weights) == 1:
        return [amounts]
    parts = {name: allocate(parse(said), weights) for name, said in amounts.items()}
    return [
        {name: format_mass(shares[place]) for name, shares in parts.items() if shares[place]}
        for place in range(len(weights))
    ]
