"""What happens to lots in one hand: held up and released, measured anew, ended, taken back.

Dispositions of CBV 2.0, 7.2, say how things stand: those that keep a lot from being used hold it up, those
that say it is fit release it. What an event only observes changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from traceledger.errors import InputError
from traceledger.interop.epcis.capture.scene import Scene, Thing, Told
from traceledger.interop.epcis.capture.verdicts import LeftOutError, RecordedError
from traceledger.interop.epcis.capture.world import RETIRED, Lot, Standing
from traceledger.interop.epcis.events import Action
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.counting import counted
from traceledger.model.units import format_mass, format_time

HOLDING = frozenset(
    "non_conformant damaged recalled expired needs_replacement non_sellable_other mismatch_class"
    " mismatch_instance mismatch_quantity no_pedigree_match unavailable stolen".split()
)
"""Dispositions that hold a lot up."""
RELEASING = frozenset("conformant available sellable_accessible sellable_not_accessible".split())
"""Dispositions that end a hold of one's own, where the step is one that looks at things."""
LOOKING = ("inspecting", "holding", "repairing", "sampling", "other", "")
COUNTING = ("stock_taking", "cycle_counting")
ENDING = {
    "destroying": "disposed",
    "decommissioning": "consumed_outside",
    "retail_selling": "delivered",
    "dispensing": "delivered",
}
"""How a lot ends, by the business step."""
ENDED = {
    "destroyed": "disposed",
    "disposed": "disposed",
    "retail_sold": "delivered",
    "dispensed": "delivered",
}
"""How a lot ended, by the disposition; it counts before the step."""


def ends(told: Told) -> bool:
    """Whether an event says that its objects are gone."""
    event = told.event
    if told.said.text("retirement") or told.step in ENDING or event.disposition in ENDED:
        return True
    return event.action is Action.DELETE and told.step == ""


def retire(told: Told, scene: Scene) -> None:
    """Each lot of an event is retired.

    Raises:
        LeftOutError: nothing of it is on this ledger.
        RecordedError: all of it ended before.
        InputError: it is another's, or a part of a lot.
    """
    things = scene.sorted_out(scene.things(told), told)
    gone = [thing for thing in things if all(_is_gone(lot) for lot in scene.world.lots(thing.key))]
    if len(gone) == len(things):
        lots = [_ended(thing, told, scene) for thing in gone]
        raise RecordedError(f"{lots[0].name} is {lots[0].how}")
    holders = {lot.holder for thing in things for lot in scene.world.lots(thing.key) if not _is_gone(lot)}
    actor = scene.acts(told, scene.place_holder(told), *(holders if len(holders) == 1 else ()))
    for thing in things:
        if thing in gone:
            continue
        for taking in scene.take(thing, actor, told):
            name = taking.lot.name
            if taking.mass is not None:
                identifier = scene.world.fresh(actor, thing.key)
                part = {"batch": identifier, "mass": format_mass(taking.mass)}
                split = {"op": "split", "as": actor, "batch": name, "into": [part]}
                scene.emit(told, {**split, "at": format_time(told.event.at)}, {identifier: thing.key})
                name = f"{actor}/{identifier}"
            scene.emit(
                told,
                {
                    "op": "retire",
                    "as": actor,
                    "batch": name,
                    "how": _how(told, taking.lot, scene),
                    "reason": told.said.text("reason") or told.step or told.event.disposition,
                    "at": format_time(told.event.at),
                },
            )


def _ended(thing: Thing, told: Told, scene: Scene) -> Lot:
    """The lot whose end an event says again.

    Raises:
        InputError: none of the thing's ended so, or with another mass.
    """
    lots = scene.world.lots(thing.key)
    material = lots[-1].material
    mass, _ = scene.weighed(thing, material, told)
    retired = [lot for lot in lots if lot.standing is Standing.DELIVERED or lot.ended == RETIRED]
    masses = [lot.mass for lot in retired]
    fitting = [lot for lot in retired if mass in (None, lot.mass, sum(masses))]
    if not fitting:
        of = "" if mass is None else f" of which {format_mass(mass)} could end"
        raise InputError(
            f"nothing of {thing.key} is left{of}: it is {' and '.join(dict.fromkeys(x.how for x in lots))}",
            where=thing.field,
            hint="correct the lot or the quantity; or declare in error what used it up",
        )
    return fitting[-1]


def _is_gone(lot: Lot) -> bool:
    return lot.standing in (Standing.ENDED, Standing.DELIVERED)


def _how(told: Told, lot: Lot, scene: Scene) -> str:
    """How a lot ended: only what is a product is delivered, all else that is sold is used outside."""
    said = told.said.text("retirement")
    if said:
        return said
    how = ENDED.get(told.event.disposition or "") or ENDING.get(told.step, "consumed_outside")
    if how == "delivered" and not scene.goods(lot.material).product:
        return "consumed_outside"
    return how


def take_back(told: Told, scene: Scene) -> bool:
    """Products that come back are taken back by a recycler; whether any of them is one that was delivered."""
    lots = [
        lot
        for thing in scene.things(told)
        for lot in scene.world.lots(thing.key)
        if lot.standing is Standing.DELIVERED
    ]
    if not lots:
        return False
    actor = scene.acts(
        told,
        scene.company(scene.party(told.event.destinations, "possessing_party")),
        scene.place_holder(told),
    )
    site = scene.where(told)
    if site is None:
        raise InputError(
            "it does not say at which site the product is taken back",
            where="bizLocation",
            hint=f"name it as bizLocation or readPoint, or with {PREFIX}:facility",
        )
    for lot in dict.fromkeys(each.name for each in lots):
        operation = {"op": "take_back", "as": actor, "batch": lot, "facility": site}
        scene.emit(told, {**operation, "at": format_time(told.event.at)})
    return True


def observe(told: Told, scene: Scene) -> None:
    """Whatever an observation changes: holds, releases, emissions of storage, a measurement.

    Raises:
        LeftOutError: it changes nothing.
        InputError: it is another's, or something is missing.
    """
    things = scene.sorted_out(scene.things(told), told)
    before = len(told.made)
    if told.said.emissions is not None:
        _emit_emissions(told, scene)
    if _measures(told):
        _remeasure(told, scene)
    stand(told, scene)
    if len(told.made) > before:
        return
    if told.step in COUNTING:
        _compare(told, scene)
    named = told.step or "an observation"
    raise LeftOutError(f"{named} changes nothing on the ledger for {things[0].key}")


def stand(told: Told, scene: Scene) -> None:
    """Holds and releases that follow from how things stand after an event."""
    event = told.event
    words = [each for each in (event.disposition, *event.persistent.set) if each]
    bad = next((each for each in words if each in HOLDING), None)
    good = next((each for each in words if each in RELEASING), None)
    lifted = next((each for each in event.persistent.unset if each in HOLDING), None)
    looked = told.step in LOOKING or "://" in told.step
    for lot in _lots(told, scene):
        if bad or told.step == "holding":
            _hold(told, scene, lot, bad or told.step)
        elif (lot.on_hold or lot.recalled) and (lifted or (good and looked)):
            actor = scene.acts(told, scene.place_holder(told), lot.holder if lot.on_hold else lot.maker)
            reason = told.said.text("reason") or good or f"no longer {lifted}"
            operation = {"op": "release", "as": actor, "batch": lot.name, "reason": reason}
            scene.emit(told, {**operation, "at": format_time(event.at)})


def _lots(told: Told, scene: Scene) -> Iterable[Lot]:
    found: dict[str, Lot] = {}
    for thing in scene.things(told):
        for lot in scene.world.lots(thing.key):
            if lot.standing in (Standing.HELD, Standing.TRAVELLING):
                found.setdefault(lot.name, lot)
    return found.values()


def _hold(told: Told, scene: Scene, lot: Lot, why: str) -> None:
    """A custodian holds up what it has; a maker recalls what others have (Rule 10)."""
    actor = scene.acts(told, scene.place_holder(told), lot.holder)
    if (lot.on_hold and actor == lot.holder) or (lot.recalled and actor == lot.maker):
        told.notes.append(f"{lot.name} is on hold already")
        return
    if actor not in (lot.holder, lot.maker):
        raise LeftOutError(f"{lot.name} is {lot.how}: {actor} cannot hold it up")
    if actor != lot.holder and why != "recalled":
        raise LeftOutError(f"{lot.name} is {lot.how}: its maker can only recall it")
    operation = {"op": "hold", "as": actor, "batch": lot.name, "reason": told.said.text("reason") or why}
    scene.emit(told, {**operation, "at": format_time(told.event.at)})


def _measures(told: Told) -> bool:
    """Whether an event states a better measurement: it says so, by substances, or by a reason of a count."""
    if any(each.substances is not None for each in told.said.lots) or "substances" in told.said.terms:
        return True
    return told.step in COUNTING and bool(told.said.text("reason"))


def _remeasure(told: Told, scene: Scene) -> None:
    reason = told.said.text("reason")
    for thing in scene.sorted_out(scene.things(told), told):
        said = told.lot(thing.key)
        holders = {lot.holder for lot in scene.world.lots(thing.key) if lot.standing is Standing.HELD}
        actor = scene.acts(told, scene.place_holder(told), *(holders if len(holders) == 1 else ()))
        lots = scene.held(thing.key, actor)
        if len(lots) != 1:
            raise InputError(
                f"{actor} holds {counted(len(lots), 'lot')} of {thing.key}, where one is measured",
                where=thing.field,
                hint=f"say which with {PREFIX}:batch in {PREFIX}:lots",
            )
        mass, _ = scene.weighed(thing, lots[0].material, told)
        if mass == lots[0].mass and said.substances is None:
            told.notes.append(f"{lots[0].name} weighs what the ledger has")
            continue
        operation = {
            "op": "remeasure",
            "as": actor,
            "batch": lots[0].name,
            "mass": format_mass(lots[0].mass if mass is None else mass),
            "substances": said.substances,
            "reason": reason or told.step or "inspecting",
        }
        scene.emit(told, {**operation, "at": format_time(told.event.at)})


def _compare(told: Told, scene: Scene) -> None:
    """What a count finds otherwise than the ledger has it is said, and booked where a reason is given."""
    for thing in scene.things(told):
        lots = [lot for lot in scene.world.lots(thing.key) if lot.standing is Standing.HELD]
        if not lots:
            continue
        mass, _ = scene.weighed(thing, lots[0].material, told)
        whole = sum(lot.mass for lot in lots)
        if mass is not None and mass != whole:
            raise LeftOutError(
                f"it counts {format_mass(mass)} of {thing.key} where the ledger has {format_mass(whole)}:"
                f" with {PREFIX}:reason it is booked as a measurement"
            )


def _emit_emissions(told: Told, scene: Scene) -> None:
    """Emissions of storing or handling a lot (Rule 6)."""
    lots = [lot for lot in _lots(told, scene) if lot.standing is Standing.HELD]
    if len(lots) != 1:
        raise InputError(
            f"emissions are said of {counted(len(lots), 'lot')} together",
            where=f"{PREFIX}:emissions",
            hint="say them of each lot in an event of its own",
        )
    actor = scene.acts(told, scene.place_holder(told), lots[0].holder)
    record = told.said.text("record").removeprefix(f"{actor}/")
    operation = {
        "op": "add_emissions",
        "as": actor,
        "batch": lots[0].name,
        "record": record,
        "emissions": told.said.emissions,
        "reason": told.said.text("reason") or told.step or "handling",
    }
    scene.emit(told, {**operation, "at": format_time(told.event.at)})
