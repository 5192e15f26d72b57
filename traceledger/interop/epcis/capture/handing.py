"""Where lots change hands: offered, received, refused, taken back by who sent them.

CBV 2.0, 7.1: *shipping* is the whole of staging, loading and departing, and *departing* its last part; so one
consignment that both tell is shipped once. *Arriving* is the first part of *receiving*, *accepting* the
change of possession. The parties are EPCIS' sources and destinations (EPCIS 2.0, 7.3.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from traceledger.errors import InputError
from traceledger.interop import uris
from traceledger.interop.epcis.capture.scene import Scene, Taking, Thing, Told
from traceledger.interop.epcis.capture.underway import not_on_their_way
from traceledger.interop.epcis.capture.verdicts import LeftOutError, RecordedError
from traceledger.interop.epcis.capture.world import Lot, Standing
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.batches import ShipmentState
from traceledger.model.ids import shipment_id
from traceledger.model.units import format_mass, format_time

SHIPPING = ("shipping", "departing", "consigning")
RECEIVING = ("receiving", "arriving", "accepting")
_NAMED_BY = ("desadv", "bol", "po", "inv", "rma", "recadv")
"""Types of papers that name a consignment, the one that belongs to a single consignment first."""


def ship(told: Told, scene: Scene) -> None:
    """Lots are offered to whom they are sent.

    Raises:
        LeftOutError: nothing of it is on this ledger, or it goes to nobody on it.
        RecordedError: it is on its way already.
        InputError: something is missing.
    """
    things = scene.sorted_out(scene.things(told), told)
    event = told.event
    source = scene.party(event.sources, "possessing_party")
    holders = {lot.holder for thing in things for lot in _live(thing, scene)}
    actor = scene.acts(
        told,
        scene.company(source),
        scene.place_holder(told),
        *(holders if len(holders) == 1 else ()),
    )
    things = not_on_their_way(things, actor, told, scene)
    to = _receiver(told, scene)
    if to == actor:
        raise LeftOutError(f"it stays with {actor}: nothing changes hands")
    identifier = _name(told, scene, actor)
    batches: list[str] = []
    for thing in things:
        takings = scene.take(thing, actor, told, batches)
        batches += [_whole(each, told, scene, actor, thing) for each in takings]
    owner_key = scene.party(event.destinations, "owning_party")
    owner = told.said.text("owner") or scene.company(owner_key)
    if owner_key and owner is None:
        told.notes.append(f"its owner {owner_key} is nobody on this ledger")
    scene.emit(
        told,
        {
            "op": "ship",
            "as": actor,
            "shipment": identifier,
            "batches": batches,
            "to": to,
            "owner": owner,
            "return_of": told.said.text("returnOf") or _returns(things, actor, to, scene),
            "emissions": told.said.emissions,
            "at": format_time(event.at),
        },
    )
    scene.steps[f"{actor}/{identifier}"] = told.step


def _live(thing: Thing, scene: Scene) -> list[Lot]:
    return [
        lot for lot in scene.world.lots(thing.key) if lot.standing in (Standing.HELD, Standing.TRAVELLING)
    ]


def _receiver(told: Told, scene: Scene) -> str:
    """To whom it goes: who will possess it, else whose place it goes to, else who will own it."""
    event = told.event
    said = told.said.text("receiver")
    keys = [
        scene.party(event.destinations, each) for each in ("possessing_party", "location", "owning_party")
    ]
    found = said or next((slug for key in keys if (slug := scene.company(key))), None)
    if found is None and any(keys):
        key = next(filter(None, keys))
        raise LeftOutError(f"it goes to {key}, who is nobody on this ledger")
    if found is None:
        raise InputError(
            "it does not say to whom it goes",
            where="destinationList",
            hint="name a destination of type possessing_party",
        )
    if not scene.is_participant(found):
        raise LeftOutError(
            f"it goes to {found}, who is no participant of this ledger{scene.definable('participant', found)}"
        )
    return found


def _name(told: Told, scene: Scene, actor: str) -> str:
    """What the sender calls the shipment: a paper of it, else what can be told from the event again."""
    said = told.said.text("shipment")
    if said:
        return said.removeprefix(f"{actor}/")
    digits = told.event.hash.partition(";")[2].partition("?")[0]
    name = _paper(told, actor)
    if name is None:
        return f"epcis-{digits[:16]}"
    return name if _is_free(name, actor, scene) else f"{name}#{digits[:8]}"


def _paper(told: Told, actor: str) -> str | None:
    """What the paper calls it that belongs to the consignment most closely; ``None``: there is none."""
    papers = sorted(
        (each for each in told.event.transactions if each.type in _NAMED_BY),
        key=lambda each: _NAMED_BY.index(each.type or ""),
    )
    ours = uris.read(papers[0].id) if papers else None
    if ours is not None:
        return ours[1].removeprefix(f"{actor}/")
    return papers[0].id if papers else None


def _is_free(identifier: str, actor: str, scene: Scene) -> bool:
    owner = scene.participant(actor)
    if owner is not None and scene.reader.shipment(shipment_id(owner.address, identifier)) is not None:
        return False
    return f"{actor}/{identifier}" not in scene.shipped.values()


def _whole(taking: Taking, told: Told, scene: Scene, actor: str, thing: Thing) -> str:
    """Full name of a lot that is sent as a whole: of a part of one, what is split off."""
    if taking.mass is None:
        return taking.lot.name
    for name in told.split_off:
        lot = scene.world.named(name)
        if lot is not None and lot.standing is Standing.HELD and lot.mass == taking.mass:
            return name
    identifier = scene.world.fresh(actor, thing.key)
    part = {"batch": identifier, "mass": format_mass(taking.mass)}
    operation = {"op": "split", "as": actor, "batch": taking.lot.name, "into": [part]}
    scene.emit(told, {**operation, "at": format_time(told.event.at)}, {identifier: thing.key})
    return f"{actor}/{identifier}"


def _returns(things: Sequence[Thing], actor: str, to: str, scene: Scene) -> str | None:
    """Of frozen lots that go back, the shipment by which they came from who gets them now."""
    frozen = [lot for thing in things for lot in scene.held(thing.key, actor) if lot.frozen]
    for lot in frozen:
        for recorded in reversed(scene.world.history(lot.number)):
            shipment = scene.reader.shipment(getattr(recorded.event, "shipment", 0))
            if shipment is not None and scene.world.names.slug(shipment.sender) == to:
                return scene.world.names.shipment(shipment.id)
    return None


def receive(told: Told, scene: Scene) -> None:
    """Lots are received, as far as they are on their way to who acts.

    Raises:
        LeftOutError: nothing of it is on this ledger, or it is another's.
        RecordedError: they were received already.
        InputError: they are not on their way, or differ for a reason that nobody says.
    """
    things = scene.things(told)
    if not any(scene.world.lots(thing.key) for thing in things):
        things = _by_papers(told, scene) or things
    things = scene.sorted_out(things, told)
    event = told.event
    party = scene.company(scene.party(event.destinations, "possessing_party"))
    receivers = {lot.receiver for thing in things for lot in _live(thing, scene) if lot.receiver}
    actor = scene.acts(told, party, scene.place_holder(told), *(receivers if len(receivers) == 1 else ()))
    answers: dict[str, dict[str, Any]] = {}
    settled: list[Lot] = []
    for thing in things:
        lots = [
            lot
            for lot in scene.world.lots(thing.key)
            if lot.standing is Standing.TRAVELLING and lot.receiver == actor
            if lot.name not in answers.get(lot.shipment, ())
        ]
        if not lots and any(lot.name in answers.get(lot.shipment, ()) for lot in scene.world.lots(thing.key)):
            raise InputError(
                f"{thing.key} is named for more than is on its way",
                where=thing.field,
                hint="correct the quantities",
            )
        if not lots:
            settled.append(_settled(thing, actor, scene, told))
            continue
        for lot, said in _arrived(thing, lots, told, scene):
            answers.setdefault(lot.shipment, {})[lot.name] = said
    if not answers:
        shipment = scene.handed(settled[0], actor, "received")
        record = None if shipment is None else (shipment, "received")
        raise RecordedError(f"{settled[0].name} is with {actor} already", record)
    told.notes += [f"{lot.name} is with {actor} already" for lot in settled]
    for shipment, lots_of in answers.items():
        operation = {"op": "receive", "as": actor, "shipment": shipment, "lots": lots_of}
        scene.emit(told, {**operation, "at": format_time(event.at)})


def _by_papers(told: Told, scene: Scene) -> list[Thing]:
    """The lots of an open shipment that a paper of the event names, where its objects say nothing here."""
    papers = {name for each in told.event.transactions for name in (each.id, _ours(each.id))}
    found: list[Thing] = []
    slugs = scene.acting or tuple(each.slug for each in scene.reader.participants())
    for slug in slugs:
        participant = scene.participant(slug)
        if participant is None:
            continue
        for shipment in scene.reader.shipments(ShipmentState.OFFERED, receiver=participant.address):
            if {shipment.identifier, scene.world.names.shipment(shipment.id)} & papers:
                for lot in scene.reader.open_lots(shipment.id):
                    found.append(Thing(uris.uri(uris.Thing.BATCH, scene.world.names.batch(lot.id))))
    return found


def _ours(identifier: str) -> str:
    found = uris.read(identifier)
    return identifier if found is None else found[1]


def _settled(thing: Thing, actor: str, scene: Scene, told: Told) -> Lot:
    """A lot that need not be received any more.

    Raises:
        InputError: it is not on its way to who acts.
        LeftOutError: it is on its way to somebody else.
    """
    lots = scene.world.lots(thing.key)
    if held := scene.held(thing.key, actor):
        mass, _ = scene.weighed(thing, held[0].material, told)
        if mass is not None and mass != sum(lot.mass for lot in held):
            raise InputError(
                f"{thing.key} is with {actor} already, with another mass than {format_mass(mass)}",
                where=thing.field,
                hint="record a better measurement, by an event of stock_taking with a reason",
            )
        return held[0]
    if passed := [lot for lot in lots if scene.handed(lot, actor, "received")]:
        return passed[-1]
    travelling = [lot for lot in lots if lot.standing is Standing.TRAVELLING]
    if travelling:
        raise LeftOutError(f"{thing.key} is {travelling[0].how}")
    raise InputError(
        f"{thing.key} is not on its way to {actor}: it is {' and '.join(lot.how for lot in lots)}",
        where=thing.field,
        hint="it is received once its holder has shipped it",
    )


def _arrived(thing: Thing, lots: Sequence[Lot], told: Told, scene: Scene) -> list[tuple[Lot, Any]]:
    """What arrived of the lots that a thing means, as an answer has it."""
    said = told.lot(thing.key)
    mass, _ = scene.weighed(thing, lots[0].material, told)
    sent = sum(lot.mass for lot in lots)
    if mass is not None and mass != sent and len(lots) > 1:
        fitting = [lot for lot in lots if lot.mass == mass]
        if not fitting:
            raise InputError(
                f"{thing.key} travels in {len(lots)} parts, and none of them is {format_mass(mass)}",
                where=thing.field,
                hint=f"say of each what arrived, with {PREFIX}:batch in {PREFIX}:lots",
            )
        return [(fitting[0], "received")]
    if mass is None or mass == sent:
        answer: Any = "received"
        if said.substances:
            answer = {"substances": said.substances, "difference": _difference(thing, told)}
        return [(lot, answer) for lot in lots]
    difference = _difference(thing, told, f"{format_mass(mass)} arrived, and {format_mass(sent)} were sent")
    answer = {"mass": format_mass(mass), "difference": difference}
    if said.substances:
        answer["substances"] = said.substances
    return [(lots[0], answer)]


def _difference(thing: Thing, told: Told, what: str = "its substances differ") -> str:
    said = told.lot(thing.key).terms.get("difference")
    if not isinstance(said, str):
        raise InputError(
            f"{thing.key}: {what}, and nothing says why",
            where=thing.field,
            hint=f"say loss, moisture or measurement, with {PREFIX}:difference in {PREFIX}:lots",
        )
    return said


def send_back(told: Told, scene: Scene) -> bool:
    """Refuse lots on their way to who acts, where an event says that they go back; whether it did."""
    things = [thing for thing in scene.things(told) if scene.world.lots(thing.key)]
    found: dict[str, list[Lot]] = {}
    for thing in things:
        for lot in scene.world.lots(thing.key):
            if lot.standing is Standing.TRAVELLING:
                found.setdefault(lot.shipment, []).append(lot)
    if not found:
        return False
    receivers = {lot.receiver for lots in found.values() for lot in lots}
    actor = scene.acts(told, scene.place_holder(told), *(receivers if len(receivers) == 1 else ()))
    if receivers != {actor} or (told.step in RECEIVING and _comes_back(things, actor, scene)):
        return False
    for shipment, lots in found.items():
        names = [lot.name for lot in lots]
        operation = {"op": "reject", "as": actor, "shipment": shipment, "lots": names}
        reason = told.said.text("reason") or told.event.disposition
        scene.emit(told, {**operation, "reason": reason, "at": format_time(told.event.at)})
    return True


def _comes_back(things: Sequence[Thing], actor: str, scene: Scene) -> bool:
    """Whether somebody gets what it made or sent: what returns is received (CBV 2.0, 7.2)."""
    lots = [lot for thing in things for lot in scene.world.lots(thing.key)]
    return any(lot.maker == actor or scene.handed(lot, actor, "shipped") for lot in lots)


def void(told: Told, scene: Scene) -> None:
    """A shipment that was no shipment is cancelled (CBV 2.0, 7.1: *void_shipping*).

    Raises:
        LeftOutError: nothing of it is on its way.
        InputError: only a part of a shipment is meant.
    """
    things = scene.sorted_out(scene.things(told), told)
    lots = [
        lot for thing in things for lot in scene.world.lots(thing.key) if lot.standing is Standing.TRAVELLING
    ]
    if not lots:
        raise LeftOutError("nothing of it is on its way")
    senders = {lot.holder for lot in lots}
    actor = scene.acts(told, scene.place_holder(told), *(senders if len(senders) == 1 else ()))
    for shipment in dict.fromkeys(lot.shipment for lot in lots):
        named = {lot.name for lot in lots}
        beside = (lot for lot in scene.world.known() if lot.shipment == shipment)
        others = [lot for lot in beside if lot.name not in named]
        others += _open_beside(shipment, named, scene)
        if others:
            raise InputError(
                f"shipment {shipment} holds other lots as well, and is cancelled as a whole",
                where="epcList",
                hint="name all of its lots",
            )
        operation = {"op": "cancel", "as": actor, "shipment": shipment}
        scene.emit(
            told,
            {**operation, "reason": told.said.text("reason") or told.step, "at": format_time(told.event.at)},
        )


def _open_beside(shipment: str, named: set[str], scene: Scene) -> list[Lot]:
    slug, _, identifier = shipment.partition("/")
    owner = scene.participant(slug)
    if owner is None:
        return []
    open_lots = scene.reader.open_lots(shipment_id(owner.address, identifier))
    names = [scene.world.names.batch(each.id) for each in open_lots]
    return [lot for name in names if name not in named and (lot := scene.world.named(name)) is not None]
