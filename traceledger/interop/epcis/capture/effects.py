"""What an operation leaves of the lots that it names, by the ledger's rules, for those planned after it.

Only what later events ask is kept: who holds a lot, what is left of it, by which shipment it travels. What
the contracts would say of an operation is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from traceledger.interop.epcis.capture.verdicts import Operation
from traceledger.interop.epcis.capture.world import Lot, Standing, World
from traceledger.model.arithmetic import take
from traceledger.model.substances import number
from traceledger.model.units import parse_mass


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took and made."""

    taken: tuple[tuple[Lot, int, dict[int, int]], ...]
    made: tuple[Lot, ...]


@dataclass(slots=True)
class Effects:
    """Applies operations to lots, and takes back those of an event that turns out not to be one.

    Attributes:
        world: the lots.
        runs: by full name, what runs of these operations took and made.
    """

    world: World
    runs: dict[str, Run] = field(default_factory=dict)
    _before: list[tuple[Lot, Lot]] = field(default_factory=list)
    _made: list[Lot] = field(default_factory=list)

    def begin(self) -> None:
        """What is applied from now on can be taken back."""
        self._before, self._made = [], []

    def take_back(self) -> None:
        """Undo what was applied since :meth:`begin`."""
        for lot, was in reversed(self._before):
            for name in Lot.__slots__:
                setattr(lot, name, getattr(was, name))
        for lot in self._made:
            self.world.forget(lot)
        self.begin()

    def apply(self, operation: Operation, place: tuple[str, int], keys: Mapping[str, str]) -> None:
        """Apply an operation.

        Args:
            operation: as a line of a file has it, sound by itself.
            place: the event that it comes from.
            keys: what events call the lots that it makes, by their identifiers.
        """
        act = _ACTS.get(operation["op"])
        if act is not None:
            act(self, operation, operation.get("as") or "", place, keys)

    def _keep(self, lot: Lot) -> None:
        self._before.append((lot, replace(lot, substances=dict(lot.substances))))

    def _found(self, name: str, own: str) -> Lot | None:
        lot = self.world.named(f"{own}/{name}") or self.world.named(name)
        if lot is not None:
            self._keep(lot)
        return lot

    def _make(self, lot: Lot, key: str) -> Lot:
        self._made.append(lot)
        self.world.add(lot, key)
        return lot

    def mint(self, it: Operation, own: str, place: tuple[str, int], keys: Mapping[str, str]) -> None:
        """A new lot."""
        self._make(_new(it, own, place), keys.get(it["batch"], ""))

    def split(self, it: Operation, own: str, place: tuple[str, int], keys: Mapping[str, str]) -> None:
        """Children, and what is left of their parent."""
        parent = self._found(it["batch"], own)
        for child in it["into"]:
            mass = parse_mass(child["mass"])
            made = _new({**child, "material": parent.material if parent else ""}, own, place)
            if parent is not None:
                made.substances = parent.share(mass)
                parent.leaves(mass)
            self._make(made, keys.get(child["batch"], ""))

    def transform(self, it: Operation, own: str, place: tuple[str, int], keys: Mapping[str, str]) -> None:
        """Outputs, and what is left of the inputs."""
        taken = []
        for each in it["inputs"]:
            lot = self._found(each["batch"], own)
            if lot is not None:
                mass = parse_mass(each["mass"]) if "mass" in each else lot.mass
                taken.append((lot, mass, lot.share(mass)))
                lot.leaves(mass)
        made = [self._make(_new(each, own, place), keys.get(each["batch"], "")) for each in it["outputs"]]
        self.runs[f"{own}/{it['transformation']}"] = Run(tuple(taken), tuple(made))

    def ship(self, it: Operation, own: str, *_: Any) -> None:
        """Lots on their way."""
        for name in it["batches"]:
            if (lot := self._found(name, own)) is not None:
                lot.standing, lot.receiver = Standing.TRAVELLING, it["to"]
                lot.shipment = f"{own}/{it['shipment']}"

    def receive(self, it: Operation, own: str, *_: Any) -> None:
        """Lots that arrived, or go back."""
        answers = it.get("lots") or {each.name: "received" for each in self._of_shipment(it["shipment"], own)}
        for name, said in answers.items():
            lot = self._found(name, own)
            if lot is None:
                continue
            lot.standing, lot.shipment = Standing.HELD, ""
            if said == "refused":
                continue
            lot.holder = own
            if isinstance(said, Mapping):
                _measure(lot, said)

    def back(self, it: Operation, own: str, *_: Any) -> None:
        """Lots that are their sender's again."""
        names = it.get("lots") or [each.name for each in self._of_shipment(it["shipment"], own)]
        for name in names:
            if (lot := self._found(name, own)) is not None:
                lot.standing, lot.shipment = Standing.HELD, ""

    def _of_shipment(self, name: str, own: str) -> list[Lot]:
        return [lot for lot in self.world.known() if lot.shipment in (name, f"{own}/{name}")]

    def retire(self, it: Operation, own: str, *_: Any) -> None:
        """A lot that ended."""
        if (lot := self._found(it["batch"], own)) is not None:
            delivered = it.get("how") == "delivered"
            lot.standing = Standing.DELIVERED if delivered else Standing.ENDED
            lot.ended = "" if delivered else "retired"

    def hand(self, it: Operation, own: str, *_: Any) -> None:
        """A lot that came back, or was assigned."""
        if (lot := self._found(it["batch"], own)) is not None:
            lot.standing, lot.holder, lot.shipment = Standing.HELD, it.get("to") or own, ""

    def remeasure(self, it: Operation, own: str, *_: Any) -> None:
        """A lot that was measured anew."""
        if (lot := self._found(it["batch"], own)) is not None:
            _measure(lot, {"difference": "measurement", **it})

    def hold(self, it: Operation, own: str, *_: Any) -> None:
        """A lot that is held up, or no more."""
        lot = self._found(it["batch"], own)
        if lot is not None and lot.holder == own:
            lot.on_hold = it["op"] == "hold"
        elif lot is not None:
            lot.recalled = it["op"] == "hold"

    def wrong(self, it: Operation, own: str, *_: Any) -> None:
        """A lot whose record is declared wrong."""
        if (lot := self._found(it["batch"], own)) is not None:
            lot.replaced = True
            lot.frozen = lot.holder == lot.maker

    def reverse(self, it: Operation, own: str, *_: Any) -> None:
        """What was made, and what was taken, as if it had not been."""
        ((kind, name),) = ((each, said) for each, said in it["of"].items() if each != "lots")
        if kind == "transformation":
            self._reverse_run(name if name in self.runs else f"{own}/{name}")
        elif kind == "receive":
            for each in it["of"].get("lots", ()):
                if (lot := self._found(each, own)) is not None:
                    lot.standing, lot.shipment, lot.receiver = Standing.TRAVELLING, name, own
                    lot.holder = name.partition("/")[0]
        elif (lot := self._found(name, own)) is not None:
            if kind == "retire":
                lot.standing, lot.ended = Standing.HELD, ""
            elif kind == "take_back":
                lot.standing = Standing.DELIVERED
            elif kind == "declare_error":
                lot.replaced = lot.frozen = False
            else:
                lot.standing, lot.ended, lot.replaced = Standing.ENDED, "reversed", True

    def _reverse_run(self, name: str) -> None:
        run = self.runs.get(name) or self.world.run(name, Run)
        if run is None:
            return
        for lot in run.made:
            self._keep(lot)
            lot.standing, lot.ended, lot.replaced = Standing.ENDED, "reversed", True
        for lot, mass, substances in run.taken:
            self._keep(lot)
            lot.standing, lot.mass = Standing.HELD, lot.mass + mass
            lot.substances = {
                each: lot.substances.get(each, 0) + substances.get(each, 0)
                for each in {*lot.substances, *substances}
            }


def _new(said: Mapping[str, Any], own: str, place: tuple[str, int]) -> Lot:
    return Lot(
        name=f"{own}/{said['batch']}",
        material=said.get("material", ""),
        maker=own,
        holder=own,
        standing=Standing.HELD,
        mass=parse_mass(said["mass"]),
        substances={number(each): parse_mass(mass) for each, mass in said.get("substances", {}).items()},
        pieces=said.get("pieces", 0),
        planned=place,
    )


def _measure(lot: Lot, said: Mapping[str, Any]) -> None:
    """A lot that arrived otherwise than it was sent, or was measured."""
    mass = parse_mass(said["mass"]) if "mass" in said else lot.mass
    if said.get("difference") == "loss" and mass < lot.mass:
        lost = lot.mass - mass
        lot.substances = {
            each: pool - take(pool, part=lost, whole=lot.mass) for each, pool in lot.substances.items()
        }
    lot.mass = mass
    if said.get("substances"):
        lot.substances = {number(each): parse_mass(pool) for each, pool in said["substances"].items()}


_Act = Callable[..., None]
_ACTS: Mapping[str, _Act] = {
    "mint": Effects.mint,
    "split": Effects.split,
    "transform": Effects.transform,
    "ship": Effects.ship,
    "receive": Effects.receive,
    "reject": Effects.back,
    "cancel": Effects.back,
    "retire": Effects.retire,
    "take_back": Effects.hand,
    "assign_stock": Effects.hand,
    "remeasure": Effects.remeasure,
    "hold": Effects.hold,
    "release": Effects.hold,
    "declare_error": Effects.wrong,
    "reverse": Effects.reverse,
}
"""What of an operation lots show; the others change none that later events ask for."""
