"""Where lots become others: runs, assemblies, and lots that are divided.

TransformationEvent says what went in and what came out (EPCIS 2.0, 7.4.6); several events of one
``transformationID`` are one run. AggregationEvent and AssociationEvent say what was put into what (7.4.3,
7.4.4): where that assembles or installs (CBV 2.0, 7.1), the whole is a new thing on the ledger, and what was
put in is used up by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.errors import InputError
from traceledger.interop import uris
from traceledger.interop.epcis.capture.making import require_lot
from traceledger.interop.epcis.capture.said import SaidLot
from traceledger.interop.epcis.capture.scene import Scene, Taking, Thing, Told
from traceledger.interop.epcis.capture.verdicts import LeftOutError
from traceledger.interop.epcis.capture.world import Lot, Standing
from traceledger.interop.epcis.events import Event
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.ids import transformation_id
from traceledger.model.substances import symbol
from traceledger.model.units import format_mass, format_time, parse_co2e, parse_mass

ASSEMBLING = ("assembling", "installing")
"""Business steps by which an aggregation or association makes a new thing."""


def inputs_of(event: Event) -> list[Thing]:
    """What goes into a transformation."""
    found = [Thing(key, None, "inputEPCList") for key in event.input_epcs]
    return found + [Thing(each.epc_class, each, "inputQuantityList") for each in event.input_quantities]


def outputs_of(event: Event) -> list[Thing]:
    """What comes out of a transformation."""
    found = [Thing(key, None, "outputEPCList") for key in event.output_epcs]
    return found + [Thing(each.epc_class, each, "outputQuantityList") for each in event.output_quantities]


def transform(events: Sequence[Told], scene: Scene) -> None:
    """One run, of one event or of several that are joined: the last of them becomes it.

    Raises:
        LeftOutError: nothing that goes in is on this ledger.
        InputError: something is missing, or is not there to be taken.
    """
    told = events[-1]
    inputs = [thing for each in events for thing in inputs_of(each.event)]
    outputs = [thing for each in events for thing in outputs_of(each.event)]
    if not inputs or not outputs:
        _require_no_part(events, scene)
    if not inputs:
        raise LeftOutError(
            "nothing goes into this run: capture it together with the events of its transformationID that say"
            " what was used"
        )
    taken = scene.sorted_out(_opened(inputs, told, scene), told)
    made = _made_here(outputs, told, scene)
    actor = _actor(events, taken, scene)
    if _divides(events, taken, made, scene):
        divide(told, scene, actor, taken[0], made)
        return
    site = next((found for each in events if (found := scene.where(each))), None)
    if site is None:
        raise InputError(
            "it does not say where this happened",
            where="bizLocation",
            hint=f"name a site of the ledger as bizLocation or readPoint, or with {PREFIX}:facility",
        )
    _record(_Run(events, actor, site, _takings(taken, actor, told, scene), made), scene)


def _require_no_part(events: Sequence[Told], scene: Scene) -> None:
    """That events are no further part of a run that is recorded: what it took and made was said at once.

    Raises:
        InputError: they are.
    """
    places = [slug for each in events if (slug := scene.place_holder(each))]
    for slug in dict.fromkeys([*places, *scene.acting]):
        name, owner = _name(events, slug), scene.participant(slug)
        number = None if owner is None else transformation_id(owner.address, name)
        if number is not None and scene.reader.transformation(number) is not None:
            raise InputError(
                f"run {slug}/{name} is on the ledger already, and nothing can be added to it",
                where="transformationID",
                hint="declare its events in error, and capture all events of the run at once, under another"
                " transformationID",
            )


def _opened(things: list[Thing], told: Told, scene: Scene) -> list[Thing]:
    found = []
    for thing in things:
        inside = scene.containers.contents(thing.key)
        found += inside or [thing]
        told.evidence += scene.containers.evidence(thing.key) if inside else []
    return found


def _made_here(things: list[Thing], told: Told, scene: Scene) -> list[tuple[Thing, str]]:
    """What comes out and has a material of this ledger, with that."""
    found = []
    for thing in things:
        material = scene.material(thing.key, told)
        if material is None:
            told.notes.append(f"{thing.key} is of no material of this ledger")
            continue
        standing = [lot for lot in scene.world.lots(thing.key) if not lot.replaced]
        if standing:
            raise InputError(
                f"{thing.key} is on the ledger already, as {standing[0].name}",
                where=thing.field,
                hint="a name is used once: if the earlier event was wrong, declare it in error",
            )
        require_lot(thing, scene)
        found.append((thing, material))
    if not things:
        raise InputError(
            "nothing comes out of this run",
            where="outputQuantityList",
            hint="capture it together with the events of its transformationID that say what was made",
        )
    if not found:
        raise LeftOutError(f"no material of this ledger has the key of what comes out: {things[0].key}")
    return found


def _actor(events: Sequence[Told], taken: Sequence[Thing], scene: Scene) -> str:
    holders = {
        lot.holder for thing in taken for lot in scene.world.lots(thing.key) if lot.standing is Standing.HELD
    }
    places = [scene.place_holder(each) for each in events]
    return scene.acts(events[-1], *places, *(holders if len(holders) == 1 else ()))


def _takings(taken: Sequence[Thing], actor: str, told: Told, scene: Scene) -> list[Taking]:
    found: list[Taking] = []
    for thing in taken:
        found += scene.take(thing, actor, told)
    return found


def _divides(
    events: Sequence[Told], taken: Sequence[Thing], made: Sequence[tuple[Thing, str]], scene: Scene
) -> bool:
    """Whether a run only gives parts of one lot names of their own: no gram of it is made or lost.

    CBV 2.0, 7.1: repackaging changes the packaging of objects, not what they are.
    """
    if any(each.step != "repackaging" for each in events) or len(taken) != 1:
        return False
    lots = scene.world.lots(taken[0].key)
    return bool(lots) and all(material == lots[0].material for _, material in made)


def divide(
    told: Told, scene: Scene, actor: str, parent: Thing, children: Sequence[tuple[Thing, str]]
) -> None:
    """Split lots off one.

    Raises:
        InputError: more, or less, comes out than goes in.
    """
    takings = scene.take(parent, actor, told)
    if len(takings) != 1:
        raise InputError(f"{parent.key} is several lots", where=parent.field, hint="divide each by itself")
    lot, into, keys = takings[0].lot, [], {}
    for thing, material in children:
        mass, _ = _weight(thing, material, told, scene)
        identifier = scene.world.fresh(actor, thing.key)
        into.append({"batch": identifier, "mass": format_mass(mass)})
        keys[identifier] = thing.key
    whole = takings[0].mass or lot.mass
    given = sum(parse_mass(each["mass"]) for each in into)
    if given > whole or (
        parent.quantity is not None and parent.quantity.amount is not None and given != whole
    ):
        raise InputError(
            f"{format_mass(given)} come out of {format_mass(whole)}",
            where="outputQuantityList",
            hint="repackaging leaves the mass as it is; what changes it is a transformation",
        )
    operation = {
        "op": "split",
        "as": actor,
        "batch": lot.name,
        "into": into,
        "at": format_time(told.event.at),
    }
    scene.emit(told, operation, keys)


def _weight(thing: Thing, material: str, told: Told, scene: Scene) -> tuple[int, int]:
    mass, pieces = scene.weighed(thing, material, told)
    if mass is not None:
        return mass, pieces
    if thing.quantity is not None:
        raise InputError(
            f"the quantity of {thing.key} is missing", where=thing.field, hint="give quantity and uom"
        )
    return scene.piece_mass(thing, material), pieces or 1


def assemble(events: Sequence[Told], scene: Scene) -> None:
    """One assembly, of one event or of several that put things into the same parent.

    Raises:
        LeftOutError: nothing that is put in is on this ledger.
        InputError: something is missing, or is not there to be put in.
    """
    told = events[-1]
    parent = told.event.parent or ""
    things = [thing for each in events for thing in scene.things(each)]
    taken = scene.sorted_out(things, told)
    material = scene.material(parent, told)
    if material is None:
        raise LeftOutError(
            f"no material of this ledger has the key of the whole, {parent or 'which has none'}"
        )
    actor = _actor(events, taken, scene)
    takings = _takings(taken, actor, told, scene)
    whole = Thing(parent, None, "parentID")
    before = [lot for lot in scene.world.lots(parent) if not lot.replaced and lot.standing is Standing.HELD]
    ended = [lot for lot in scene.world.lots(parent) if not lot.replaced and lot not in before]
    if ended and not before:
        raise InputError(
            f"{parent} is {ended[-1].how}", where="parentID", hint="nothing can be put into it any more"
        )
    takings = [*(Taking(lot) for lot in before), *takings]
    site = next((found for each in events if (found := scene.where(each))), None)
    site = site or _where_made(takings, actor, scene)
    _record(_Run(events, actor, site, takings, [(whole, material)], is_assembly=True), scene)


def _where_made(takings: Sequence[Taking], actor: str, scene: Scene) -> str:
    """The only site of whoever acts: where else could it be."""
    owner = scene.participant(actor)
    own = [] if owner is None else scene.reader.facilities(owner.address)
    if len(own) == 1:
        return scene.world.names.facility(own[0].id)
    raise InputError(
        "it does not say where this happened",
        where="bizLocation",
        hint=f"name a site of the ledger as bizLocation or readPoint, or with {PREFIX}:facility",
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run is recorded of.

    Attributes:
        events: those that tell it, the last of which becomes it.
        actor: short name of whose it is.
        site: full name of where it is.
        takings: what goes in.
        made: what comes out, and of which material each is.
        is_assembly: nothing but put together.
    """

    events: Sequence[Told]
    actor: str
    site: str
    takings: Sequence[Taking]
    made: Sequence[tuple[Thing, str]]
    is_assembly: bool = False


def _record(run: _Run, scene: Scene) -> None:
    events, told = run.events, run.events[-1]
    outputs, keys = [], {}
    for thing, material in run.made:
        identifier = scene.world.fresh(run.actor, thing.key)
        keys[identifier] = thing.key
        outputs.append({"batch": identifier} | _output(run, thing, material, scene))
    losses = next((each.said.losses for each in events if each.said.losses is not None), None)
    _require_substances(outputs, losses, run.takings, scene)
    inputs = [_given(batch=each.lot.name, mass=each.mass and format_mass(each.mass)) for each in run.takings]
    scene.emit(
        told,
        {
            "op": "transform",
            "as": run.actor,
            "transformation": _name(events, run.actor),
            "facility": run.site,
            "process": _process(told),
            "recycling": any(each.said.flag("recycling") for each in events) or None,
            "inputs": inputs,
            "outputs": [_given(**each) for each in outputs],
            "losses": losses,
            "allocation": next((word for each in events if (word := each.said.text("allocation"))), None),
            "emissions": _summed(events),
            "at": format_time(told.event.at),
        },
        keys,
    )


def _output(run: _Run, thing: Thing, material: str, scene: Scene) -> dict[str, Any]:
    """What comes out, but for its name."""
    said = _of_lot(run.events, thing.key)
    mass, pieces = _weight_of(run, thing, material, scene)
    held = _all_of(run.takings, scene, material) if run.is_assembly else None
    return {
        "material": material,
        "mass": format_mass(mass),
        "pieces": pieces or None,
        "substances": said.substances or held,
        "weight": said.terms.get("weight"),
    }


def _weight_of(run: _Run, thing: Thing, material: str, scene: Scene) -> tuple[int, int]:
    """What is made weighs: as is said, by its master data, or of a whole that grows, what is put in."""
    told = run.events[-1]
    grows = run.is_assembly and any(_is_same(each.lot, thing, scene) for each in run.takings)
    if grows and told.lot(thing.key).mass is None:
        return sum(each.mass or each.lot.mass for each in run.takings), 1
    return _weight(thing, material, told, scene)


def _is_same(lot: Lot, thing: Thing, scene: Scene) -> bool:
    return lot in scene.world.lots(thing.key)


def _of_lot(events: Sequence[Told], key: str) -> SaidLot:
    """What joined events say of a lot."""
    terms: dict[str, Any] = {}
    for each in events:
        terms |= each.lot(key).terms
    return SaidLot(key, "", terms)


def _all_of(takings: Sequence[Taking], scene: Scene, material: str) -> dict[str, str]:
    """An assembly holds what was put into it: nothing is lost by putting things together."""
    found: dict[int, int] = {}
    for each in takings:
        for number, mass in each.lot.share(each.mass).items():
            found[number] = found.get(number, 0) + mass
    tracked = scene.goods(material).substances
    if strangers := [symbol(each) for each, mass in found.items() if mass and each not in tracked]:
        raise InputError(
            f"{', '.join(strangers)} of what is put in is not tracked in {material}",
            where="parentID",
            hint="the consortium has the material track it: material amend",
        )
    return {symbol(number): format_mass(mass) for number, mass in sorted(found.items()) if mass}


def _require_substances(
    outputs: Sequence[dict[str, Any]], losses: Any, takings: Sequence[Taking], scene: Scene
) -> None:
    """What goes in of substances must come out, or be told as lost (Rule 4)."""
    if losses is not None or any(each["substances"] for each in outputs):
        return
    held = sorted({number for each in takings for number, mass in each.lot.share(each.mass).items() if mass})
    if held:
        raise InputError(
            f"{', '.join(map(symbol, held))} goes in, and nothing says how much of it comes out",
            where=f"{PREFIX}:lots",
            hint=f"say it with {PREFIX}:substances of each output, and what is lost with {PREFIX}:losses",
        )


def _name(events: Sequence[Told], actor: str) -> str:
    """What the run is called: its transformationID, else the event's own identifier, else its hash."""
    event = events[-1].event
    said = events[-1].said.text("transformation") or event.transformation_id or ""
    ours = uris.read(said) if said else None
    if ours is not None:
        said = ours[1]
    return said.removeprefix(f"{actor}/") or event.event_id or event.hash


def _process(told: Told) -> str:
    return told.said.text("process") or told.step or "transforming"


def _summed(events: Sequence[Told]) -> dict[str, str] | None:
    """The emissions of joined events together."""
    said = [each.said.emissions for each in events if each.said.emissions]
    if len(said) <= 1:
        return said[0] if said else None
    names = dict.fromkeys(name for each in said for name in each)
    totals = {name: sum(parse_co2e(each[name]) for each in said if name in each) for name in names}
    return {name: format_mass(total) for name, total in totals.items()}


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
