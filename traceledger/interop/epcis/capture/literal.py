"""Events that say which operation they were written from (``tl:operation``): each becomes that one again.

The terms are those of docs/epcis.md. Where a name of ours and a key of EPCIS' own fields speak of the same
thing, the name counts, and it is an error if they contradict each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from traceledger.errors import InputError
from traceledger.interop import uris
from traceledger.interop.epcis import units
from traceledger.interop.epcis.capture import amounts
from traceledger.interop.epcis.capture.said import Said, SaidLot, mass
from traceledger.interop.epcis.capture.scene import Scene, Told
from traceledger.interop.epcis.events import Quantity
from traceledger.interop.epcis.extension import PREFIX
from traceledger.model.counting import counted
from traceledger.model.units import format_mass, format_time

_Fields = dict[str, Any]
_NONE = {"scope1": "0 mg"}
"""What is left out is 0."""


def becomes(told: Told, scene: Scene) -> None:
    """The operations that an event says it was written from.

    Raises:
        InputError: it contradicts itself, or there is no such operation.
        LeftOutError: it is another's to record.
    """
    said = Said.of_error(told.event) if told.event.error is not None else told.said
    word = said.operation
    rule = _RULES.get(word)
    if rule is None:
        raise InputError(
            f"there is no operation {word!r:.60}",
            where=f"{PREFIX}:operation",
            hint="docs/epcis.md lists the words",
        )
    actor = None if said.flag("byConsortium") else scene.acts(Told(told.event, said, told.place))
    moment = told.event.error.at if told.event.error is not None else told.event.at
    for fields in rule(_Reading(told, said, scene, actor or "")):
        keys = fields.pop("keys", {})
        operation = {"op": word, **({"as": actor} if actor else {}), **fields}
        if word not in ("amend_material", "transfer_facility"):
            operation["at"] = format_time(moment)
        scene.emit(Told(told.event, said, told.place, told.made, told.keys), operation, keys)


class _Reading:
    """An event's terms as fields of operations."""

    def __init__(self, told: Told, said: Said, scene: Scene, actor: str) -> None:
        self.event, self.said, self.scene, self.actor = told.event, said, scene, actor
        self.quantities = {each.epc_class: each for each in self._quantities()}

    def _quantities(self) -> Iterable[Quantity]:
        event = self.event
        yield from event.quantities
        yield from event.input_quantities
        yield from event.output_quantities
        yield from event.child_quantities

    @property
    def lots(self) -> tuple[SaidLot, ...]:
        """The lots, in the order of the record."""
        found = self.said.lots or Said.of(self.event).lots
        if found:
            return found
        keys = (*self.event.epcs, *self.quantities, *self.event.input_epcs, *self.event.output_epcs)
        return tuple(SaidLot(key) for key in dict.fromkeys(keys))

    def only(self) -> SaidLot:
        """The lot of an event of one."""
        lots = self.lots
        if len(lots) != 1:
            raise InputError(
                f"it names {counted(len(lots), 'lot')}, where one is meant", where=f"{PREFIX}:lots"
            )
        return lots[0]

    def name(self, lot: SaidLot) -> str:
        """The full name of a lot."""
        ours = _of_urn(lot.epc, "batch")
        if lot.batch and ours and lot.batch != ours:
            raise InputError(
                f"{lot.epc} and {lot.batch!r} contradict each other",
                where=f"{PREFIX}:batch",
                hint="leave one of them out",
            )
        if lot.batch or ours:
            return lot.batch or ours
        found = self.scene.world.lots(lot.epc)
        if len(found) == 1:
            return found[0].name
        if not found:
            return self.scene.world.fresh(self.actor, lot.epc)
        raise InputError(
            f"{lot.epc} may be {' or '.join(each.name for each in found)}",
            where=f"{PREFIX}:lots",
            hint=f"say which with {PREFIX}:batch",
        )

    def own(self, lot: SaidLot) -> str:
        """What its maker calls a new lot."""
        name = self.name(lot)
        slug, _, identifier = name.partition("/")
        if slug == self.actor and identifier:
            return identifier
        if _of_urn(lot.epc, "batch") or lot.batch:
            raise InputError(f"{name!r} is not a lot that {self.actor} can make", where=f"{PREFIX}:batch")
        return name

    def mass(self, lot: SaidLot) -> str | None:
        """The mass of a lot; ``None``: not said."""
        said = self.quantities.get(lot.epc)
        if said is not None and said.amount is not None and not units.is_pieces(said):
            return format_mass(amounts.mass(said, "quantityList"))
        return None if lot.mass is None else format_mass(mass(lot.terms["mass"], "mass"))

    def made(self, lot: SaidLot) -> _Fields:
        """A lot that is made, as mint and transform have it."""
        weight, pieces = lot.terms.get("weight"), lot.terms.get("pieces")
        return _given(
            batch=self.own(lot),
            material=lot.terms.get("material") or self.scene.material(lot.epc),
            mass=self.mass(lot),
            substances=lot.substances,
            pieces=None if pieces is None else int(pieces),
            weight=None if weight is None else int(weight),
        )

    def text(self, name: str) -> str | None:
        """A text; ``None``: not said."""
        return self.said.text(name) or None

    def named(self, term: str, urn: str, *keys: str | None) -> str | None:
        """A thing by its full name, or by its key in a field of EPCIS' own."""
        found = self.text(term)
        ours = next((name for key in keys if key and (name := _of_urn(key, urn))), None)
        if found and ours and found != ours:
            raise InputError(f"{found!r} and {ours!r} contradict each other", where=f"{PREFIX}:{term}")
        return found or ours

    def shipment(self) -> str:
        """Full name of the shipment."""
        papers = (each.id for each in self.event.transactions)
        found = self.named("shipment", "shipment", *papers)
        if not found:
            raise InputError("it does not name the shipment", where=f"{PREFIX}:shipment")
        return found

    def facility(self) -> str | None:
        """Full name of the site."""
        return self.named("facility", "facility", self.event.biz_location, self.event.read_point) or (
            self.scene.site(self.event.biz_location) or self.scene.site(self.event.read_point)
        )

    def company(self, term: str, kind: str) -> str | None:
        """Short name of a company that is told by a term, or as a destination."""
        key = self.scene.party(self.event.destinations, kind)
        return self.text(term) or self.scene.company(key)


def _mint(it: _Reading) -> list[_Fields]:
    lot = it.only()
    fields = it.made(lot)
    fields |= _given(origin=it.text("origin"), facility=it.facility(), emissions=it.said.emissions)
    return [fields | {"keys": {fields["batch"]: lot.epc}}]


def _split(it: _Reading) -> list[_Fields]:
    parents = [each for each in it.lots if each.role == "input"] or _of_list(
        it, (*it.event.input_epcs, *(each.epc_class for each in it.event.input_quantities))
    )
    children = [each for each in it.lots if each.role == "output"] or _of_list(
        it, (*it.event.output_epcs, *(each.epc_class for each in it.event.output_quantities))
    )
    if len(parents) != 1:
        raise InputError("a split has one lot that it is split off", where=f"{PREFIX}:lots")
    into = [{"batch": it.own(each), "mass": it.mass(each)} for each in children]
    keys = {each["batch"]: lot.epc for each, lot in zip(into, children, strict=True)}
    return [{"batch": it.name(parents[0]), "into": into, "keys": keys}]


def _of_list(it: _Reading, keys: Iterable[str]) -> list[SaidLot]:
    return [it.said.lot(key) for key in keys]


def _transform(it: _Reading) -> list[_Fields]:
    event = it.event
    taken = {*event.input_epcs, *(each.epc_class for each in event.input_quantities)}
    inputs = [
        each for each in it.lots if (each.role or ("input" if each.epc in taken else "output")) == "input"
    ]
    outputs = [each for each in it.lots if each not in inputs]
    name = it.named("transformation", "transformation", event.transformation_id) or event.transformation_id
    own = name.removeprefix(f"{it.actor}/") if name else None
    made = [it.made(each) for each in outputs]
    return [
        _given(
            transformation=own,
            facility=it.facility(),
            process=it.text("process"),
            recycling=it.said.flag("recycling") or None,
            inputs=[_given(batch=it.name(each), mass=it.mass(each)) for each in inputs],
            outputs=made,
            losses=it.said.losses,
            allocation=it.text("allocation"),
            emissions=it.said.emissions,
        )
        | {"keys": {each["batch"]: lot.epc for each, lot in zip(made, outputs, strict=True)}}
    ]


def _ship(it: _Reading) -> list[_Fields]:
    return [
        _given(
            shipment=it.shipment().removeprefix(f"{it.actor}/"),
            batches=[it.name(each) for each in it.lots],
            to=it.company("receiver", "possessing_party"),
            owner=it.company("owner", "owning_party"),
            return_of=it.text("returnOf"),
            emissions=it.said.emissions,
        )
    ]


def _receive(it: _Reading) -> list[_Fields]:
    lots: dict[str, Any] = {}
    for each in it.lots:
        difference = each.terms.get("difference")
        arrived = _given(mass=it.mass(each), substances=each.substances, difference=difference)
        lots[it.name(each)] = arrived if difference else "received"
    return [_given(shipment=it.shipment(), lots=lots)]


def _reject(it: _Reading) -> list[_Fields]:
    lots = [it.name(each) for each in it.lots]
    return [_given(shipment=it.shipment(), lots=lots, reason=it.text("reason"))]


def _cancel(it: _Reading) -> list[_Fields]:
    return [_given(shipment=it.shipment(), reason=it.text("reason"))]


def _on_batch(*fields: str) -> Callable[[_Reading], list[_Fields]]:
    """An operation on one lot, with texts of these names: in our namespace, or there and in operations."""

    def read(it: _Reading) -> list[_Fields]:
        found = {"batch": it.name(it.only())}
        for each in fields:
            term, _, name = each.partition("=")
            found |= _given(**{name or term: it.text(term)})
        return [found]

    return read


def _add_emissions(it: _Reading) -> list[_Fields]:
    record = it.text("record")
    name = record.removeprefix(f"{it.actor}/") if record else None
    emitted = it.said.emissions or _NONE
    return [_given(batch=it.name(it.only()), record=name, emissions=emitted, reason=it.text("reason"))]


def _take_back(it: _Reading) -> list[_Fields]:
    return [_given(batch=it.name(it.only()), facility=it.facility())]


def _remeasure(it: _Reading) -> list[_Fields]:
    lot = it.only()
    fields = _given(
        batch=it.name(lot), mass=it.mass(lot), substances=lot.substances, reason=it.text("reason")
    )
    return [fields]


def _transfer_title(it: _Reading) -> list[_Fields]:
    return [_given(batch=it.name(it.only()), to=it.company("to", "owning_party"))]


def _assign_stock(it: _Reading) -> list[_Fields]:
    to = it.company("to", "possessing_party")
    return [_given(batch=it.name(it.only()), to=to, reason=it.text("reason"))]


def _restate(it: _Reading) -> list[_Fields]:
    return [_given(of=it.said.of_record, emissions=it.said.emissions or _NONE, reason=it.text("reason"))]


def _confirm(it: _Reading) -> list[_Fields]:
    return [{"of": it.said.of_record}]


def _declare_error(it: _Reading) -> list[_Fields]:
    error = it.event.error
    corrective = [_full_name(each) for each in _texts(it.said, "corrective")]
    reason = (error.reason if error else None) or it.text("reason")
    return [_given(batch=it.name(each), reason=reason, corrective=corrective) for each in _meant(it)]


def _meant(it: _Reading) -> list[SaidLot]:
    """The lots of an error: those that its declaration names, else those that the event made."""
    event = it.event
    made = {*event.epcs, *(each.epc_class for each in event.quantities)} or {
        *event.output_epcs,
        *(each.epc_class for each in event.output_quantities),
    }
    whole = {each.epc: each for each in Said.of(event).lots}
    if it.said.lots:
        return [
            SaidLot(each.epc, each.batch or whole.get(each.epc, each).batch, each.terms)
            for each in it.said.lots
        ]
    return [whole.get(key, SaidLot(key)) for key in made]


def _reverse(it: _Reading) -> list[_Fields]:
    of = it.said.of_record
    if "receive" in of:
        of |= {"lots": [it.name(each) for each in _meant(it)]}
    error = it.event.error
    return [_given(of=of, reason=it.text("reason") or (error.reason if error else None))]


def _amend_material(it: _Reading) -> list[_Fields]:
    contents = {
        str(each["substance"]): f"{each['least']} - {each['most']}"
        for each in it.said.terms.get("content", [])
        if isinstance(each, Mapping)
    }
    tolerance = _given(mass=it.text("massTolerance"), substances=it.text("substanceTolerance"))
    tracked = _texts(it.said, "tracked")
    fields = _given(
        material=it.text("material"),
        tolerance=tolerance,
        content=contents,
        substances=tracked,
        reason=it.text("reason"),
    )
    return [fields]


def _transfer_facility(it: _Reading) -> list[_Fields]:
    return [_given(facility=it.facility(), to=it.text("to"))]


def _texts(said: Said, name: str) -> list[str]:
    value = said.terms.get(name, [])
    value = value.get("@list", value) if isinstance(value, Mapping) else value
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise InputError("this must be a list of texts", where=f"{PREFIX}:{name}")
    return found


def _full_name(text: str) -> str:
    return _of_urn(text, "batch") or text


def _of_urn(text: str, kind: str) -> str:
    """The full name that a URI of ours stands for; empty: it is none of that kind."""
    found = uris.read(text)
    return found[1] if found is not None and found[0].value == kind else ""


def _given(**fields: Any) -> _Fields:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


_RULES: Mapping[str, Callable[[_Reading], list[_Fields]]] = {
    "mint": _mint,
    "split": _split,
    "transform": _transform,
    "ship": _ship,
    "receive": _receive,
    "reject": _reject,
    "cancel": _cancel,
    "add_emissions": _add_emissions,
    "retire": _on_batch("retirement=how", "reason"),
    "take_back": _take_back,
    "remeasure": _remeasure,
    "hold": _on_batch("reason"),
    "release": _on_batch("reason"),
    "transfer_title": _transfer_title,
    "assign_stock": _assign_stock,
    "restate_emissions": _restate,
    "confirm_restatement": _confirm,
    "declare_error": _declare_error,
    "reverse": _reverse,
    "amend_material": _amend_material,
    "transfer_facility": _transfer_facility,
}
