"""The batch ledger in plain Python: pools, and what the contracts would emit, as fast as lists go.

Its arithmetic is its own, as are its events' types (``tests/encoding.py``). What it is told to do is taken
as allowed; ``tests/scale/test_scale.py`` does the same on the real contracts and compares the logs. What
happened is kept as tuples for :mod:`tests.scale.figures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from eth_hash.auto import keccak

from tests.encoding import EVENTS
from tests.scale.abi import Event, Function, address, word
from tests.scale.lots import ORIGINS, SYMBOLS, Lot, Parties, Run, Scopes, Shipment, lanes, spread
from tests.scale.stored import Emitted, Writer

Differences = dict[int, tuple[str, int, dict[int, int]]]
"""How lots arrive: by id why (``loss``, ``moisture``, ``measurement``), the mass, substances if measured."""
EMISSIONS, SUBSTANCES, EVIDENCE = "(uint256,uint256)", "(uint16,uint64)[]", "(bytes32,string)[]"
TAKEN = f"(uint256,uint64,uint64,uint64,uint64,{SUBSTANCES})"
MINT = Function(
    f"mint((string,uint256,uint256,uint64,uint64,{SUBSTANCES},uint8,{EMISSIONS},uint64,{EVIDENCE}))"
)
SPLIT = Function(f"split(uint256,(string,uint64)[],uint64,{EVIDENCE})")
SHIP = Function(f"ship((string,uint256[],address,address,{EMISSIONS},uint64,{EVIDENCE}))")
ANSWER = Function(
    "answerShipment(address,string,(bytes32,uint256[]),"
    f"(uint256,uint32,bool,uint64,uint8,{SUBSTANCES})[],string,uint64,bytes32,{EVIDENCE})"
)
TRANSFORM = Function(
    "transform((string,uint256,string,bool,(uint256,uint64)[],"
    f"(string,uint256,uint64,uint64,uint64,{SUBSTANCES})[],{SUBSTANCES},bool,uint8,{EMISSIONS},uint64,{EVIDENCE}))"
)
ADD = Function(f"addEmissions(uint256,{EMISSIONS},string,string,uint64,{EVIDENCE})")
_EVENTS = {name: Event(name, kinds) for name, kinds in EVENTS.items()}
_TRANSFER = bytes(keccak(b"Transfer(address,address,uint256)"))
_NOBODY = bytes(32)
TAG = bytes(32)
_DIFFERENCES = {"": 0, "loss": 1, "moisture": 2, "measurement": 3}


class Ledger:
    """Participants, facilities and lots, and what they do, written onto a chain.

    ``history`` is what :mod:`tests.scale.figures` needs, oldest first; ``script`` the same as lines of an
    operations file, where it is wanted.
    """

    def __init__(self, chain: Writer, parties: Parties, *, scripted: bool = False) -> None:
        self.chain, self.parties = chain, parties
        self.address = parties.participants
        self.ledger = parties.contracts["ledger"]
        self.registry = parties.contracts["registry"]
        self.assurance = parties.contracts["assurance"]
        self.history: list[Any] = []
        self.script: list[dict[str, Any]] | None = [] if scripted else None
        self.substances: dict[str, tuple[int, ...]] = {}
        self.materials: dict[str, int] = {}
        self.wastes: set[str] = set()
        self.facilities: dict[str, int] = {}
        self.events = 0
        self._names = count()

    def name(self, kind: str) -> str:
        """An identifier that is free."""
        return f"{kind}-{next(self._names)}"

    def id_of(self, owner: str, identifier: str) -> int:
        """``keccak256(abi.encode(address, string))``."""
        raw = identifier.encode()
        head = address(self.address[owner]) + word(64) + word(len(raw))
        return int.from_bytes(keccak(head + raw + bytes(-len(raw) % 32)), "big")

    def emit(
        self,
        sender: str,
        name: str,
        indexed: Sequence[Any],
        data: Sequence[Any],
        call: bytes = b"",
        *,
        moved: Sequence[tuple[bytes, bytes, int]] = (),
        contract: bytes | None = None,
        after: tuple[str, Sequence[Any]] | None = None,
    ) -> int:
        """One transaction with its event, behind the ERC-721 transfers that go with it; the event's position.

        ``after``: an event of the registry that follows on it, all of whose parameters are indexed.
        """
        at = contract or self.ledger
        logs: list[Emitted] = [
            (at, (_TRANSFER, origin, receiver, word(batch)), b"") for origin, receiver, batch in moved
        ]
        logs.append((at, *_EVENTS[name].encode(indexed, data)))
        if after is not None:
            logs.append((at, *_EVENTS[after[0]].encode(after[1], ())))
        self.events += 1
        # A block may be full with it, and then the time goes on.
        self._happened = self.now
        return self.chain.transact(self.address[sender], at, call, logs)

    def told(self, actor: str, op: str, **fields: Any) -> None:
        """A line of an operations file, at the time of what was emitted last; what is empty is left out."""
        if self.script is not None:
            filled = {name: value for name, value in fields.items() if value}
            self.script.append({"op": op, "as": actor, "at": self._happened} | filled)

    @property
    def now(self) -> int:
        """When things happen: an hour before their block's time."""
        return self.chain.time - 3600

    # --- what is made -------------------------------------------------------------------------------

    def mint(
        self,
        site: str,
        material: str,
        mass: int,
        held: dict[int, int],
        emissions: Scopes,
        *,
        origin: int = 0,
    ) -> Lot:
        """New material; ``origin`` as in Solidity: mined, post-consumer, pre-consumer, untraced."""
        owner = site.partition("/")[0]
        name = self.name("L")
        lot = Lot(name, self.id_of(owner, name), owner, material, site)
        one, two, three, lot.primary = emissions
        lot.mass, lot.own, lot.substances = mass, one + two + three, held
        lot.made = (lot.own, 0)
        facility, kind, now = self.facilities[site], self.materials[material], self.now
        pairs, words = list(held.items()), lanes(emissions)
        call = MINT.encode((name, kind, facility, mass, 0, pairs, origin, words, now, ()))
        data = (kind, origin, mass, 0, False, now, words, pairs, name, ())
        keys = (lot.id, self.address[owner], facility)
        moved = ((_NOBODY, address(self.address[owner]), lot.id),)
        position = self.emit(owner, "BatchMinted", keys, data, call, moved=moved)
        self.history.append(
            ("mint", position, lot.id, f"{owner}/{name}", site, origin, emissions, tuple(held))
        )
        self.told(
            owner, "mint", batch=name, material=material, facility=site.partition("/")[2], mass=mass,
            substances=self.named(held), origin=ORIGINS[origin], emissions=self._scopes(emissions),
        )  # fmt: skip
        return lot

    def split(self, parent: Lot, masses: Sequence[int]) -> list[Lot]:
        """Split lots off one, one after the other."""
        owner = parent.custodian
        who, children, said, walked = self.address[owner], [], [], []
        for mass in masses:
            name = self.name("P")
            child = Lot(name, self.id_of(owner, name), owner, parent.material, parent.facility)
            before = parent.mass
            taken = parent.take(mass)
            _, child.mass, child.own, child.inherited, child.primary, held = taken
            child.substances, child.made = dict(held), (child.own, child.inherited)
            children.append(child)
            said.append((name, (child.id, *taken[1:])))
            walked.append((child.id, mass, before))
        call = SPLIT.encode(parent.id, [(name, taken[1]) for name, taken in said], self.now, ())
        moved = [(_NOBODY, address(who), child.id) for child in children]
        data = (self.now, said, ())
        position = self.emit(owner, "BatchSplit", (parent.id, who), data, call, moved=moved)
        self.history.append(("split", position, parent.id, walked))
        into = [{"batch": name, "mass": taken[1]} for name, taken in said]
        self.told(owner, "split", batch=self._full(parent), into=into)
        return children

    def run(
        self,
        site: str,
        process: str,
        inputs: Sequence[tuple[Lot, int]],
        outputs: Sequence[tuple[str, int, dict[int, int]]],
        emissions: Scopes,
        *,
        recycling: int = 0,
    ) -> list[Lot]:
        """A run: of masses of lots; of each output material, mass and substances. The rest is lost.

        ``recycling``: 1 of what was taken back, 2 of waste.
        """
        owner = site.partition("/")[0]
        before = [(lot, lot.mass, mass, lot.take(mass)) for lot, mass in inputs]
        weights = self._weights(outputs, recycling=recycling)
        made, said, over = self._made(owner, site, [each[3] for each in before], outputs, weights, emissions)
        name, now, words, who = self.name("R"), self.now, lanes(emissions), self.address[owner]
        run, facility = self.id_of(owner, name), self.facilities[site]
        taken = [each[3] for each in before]
        call = TRANSFORM.encode((
            *(name, facility, process, recycling > 0, [(lot.id, mass) for lot, mass in inputs]),
            *([(s[11], s[1], s[2], 0, 0, s[10]) for s in said], (), True, 0, words, now, ()),
        ))  # fmt: skip
        data = (now, recycling > 0, 0, words, taken, said, over, name, process, ())
        moved = [(_NOBODY, address(who), lot.id) for lot in made]
        position = self.emit(owner, "Transformed", (run, who, facility), data, call, moved=moved)
        self.last = Run(run, name, owner, taken, [lot for lot, _ in inputs], made, emissions, position)
        walked = [
            (lot.id, mass, whole, own, inherited, held)
            for lot, whole, mass, (_, _, own, inherited, _, held) in before
        ]
        out = [
            (lot.id, f"{owner}/{lot.name}", weight[4], tuple(lot.substances))
            for lot, weight in zip(made, said, strict=True)
        ]
        self.history.append(
            ("run", position, run, site, process, recycling, emissions, walked, out, f"{owner}/{name}")
        )
        self.told(
            owner, "transform", transformation=name, facility=site.partition("/")[2], process=process,
            inputs=[{"batch": self._full(lot), "mass": mass} for lot, mass in inputs],
            outputs=[
                {"batch": lot.name, "material": material, "mass": mass, "substances": self.named(held)}
                for lot, (material, mass, held) in zip(made, outputs, strict=True)
            ],
            losses="balance", emissions=self._scopes(emissions), recycling=recycling > 0,
        )  # fmt: skip
        return made

    def _weights(self, outputs: Sequence[Any], *, recycling: int) -> list[int]:
        """By mass; waste bears nothing, as something else is made that takes more of every substance."""
        return [0 if kind in self.wastes and not recycling else mass for kind, mass, _ in outputs]

    def _made(
        self,
        owner: str,
        site: str,
        taken: Sequence[Any],
        outputs: Sequence[Any],
        weights: Sequence[int],
        emissions: Scopes,
    ) -> tuple[list[Lot], list[Any], list[tuple[int, int]]]:
        """Outputs, what an event says of them, and what is lost."""
        inherited = spread(sum([each[2] + each[3] for each in taken]), weights)
        primary = spread(sum([each[4] for each in taken]), weights)
        scopes = [spread(total, weights) for total in emissions]
        left: dict[int, int] = {}
        for each in taken:
            for number, mass in each[5]:
                left[number] = left.get(number, 0) + mass
        made, said = [], []
        for place, (material, mass, held) in enumerate(outputs):
            name = self.name("M")
            lot = Lot(name, self.id_of(owner, name), owner, material, site)
            lot.mass, lot.substances, lot.inherited = mass, held, inherited[place]
            lot.own = scopes[0][place] + scopes[1][place] + scopes[2][place]
            lot.primary, lot.made = primary[place] + scopes[3][place], (lot.own, lot.inherited)
            for number, given in held.items():
                left[number] -= given
            made.append(lot)
            weighed = (mass, 0, weights[place], weights[place] == 0, False)
            pools = (lot.own, lot.inherited, lot.primary)
            said.append((lot.id, self.materials[material], *weighed, *pools, list(held.items()), name))
        return made, said, [(number, mass) for number, mass in sorted(left.items()) if mass]

    # --- custody and emissions ----------------------------------------------------------------------

    def add(self, lot: Lot, emissions: Scopes, reason: str = "storage", record: str = "") -> int:
        """Emissions in custody; returns the position."""
        lot.own += sum(emissions[:3])
        lot.primary += emissions[3]
        owner, words = lot.custodian, lanes(emissions)
        data = (self.now, words, lot.own, record, reason, ())
        call = ADD.encode(lot.id, words, record, reason, self.now, ())
        position = self.emit(owner, "EmissionsAdded", (lot.id, self.address[owner]), data, call)
        there = lot.facility.partition("/")[0] == owner
        place = lot.facility if there else f"{owner} (custody)"
        self.history.append(("add", position, place, reason, emissions, [(lot.id, lot.own, emissions, 1)]))
        self.told(
            owner, "add_emissions", batch=self._full(lot), emissions=self._scopes(emissions),
            reason=reason, record=record,
        )  # fmt: skip
        return position

    def ship(self, lots: Sequence[Lot], receiver: str, emissions: Scopes) -> Shipment:
        """Offer lots; the transport's emissions are shared by mass."""
        sender, name = lots[0].custodian, self.name("S")
        shipment, words = self.id_of(sender, name), lanes(emissions)
        shares = list(zip(*[spread(total, [lot.mass for lot in lots]) for total in emissions], strict=True))
        for lot, share in zip(lots, shares, strict=True):
            lot.own += sum(share[:3])
            lot.primary += share[3]
        keys = (shipment, self.address[sender], self.address[receiver])
        shipped = [(lot.id, lot.mass, lot.own) for lot in lots]
        data = (bytes(20), 0, self.now, words, shipped, name, ())
        ids = [lot.id for lot in lots]
        call = SHIP.encode((name, ids, self.address[receiver], bytes(20), words, self.now, ()))
        position = self.emit(sender, "ShipmentOffered", keys, data, call)
        added = [(lot.id, lot.own, share, lot.mass) for lot, share in zip(lots, shares, strict=True)]
        place = f"{sender} (transport)"
        self.history.append(("add", position, place, "transport", emissions, added))
        self.told(
            sender, "ship", shipment=name, batches=[self._full(lot) for lot in lots], to=receiver,
            emissions=self._scopes(emissions),
        )  # fmt: skip
        return Shipment(shipment, name, sender, receiver, list(lots), position)

    def receive(self, shipment: Shipment, differences: Differences | None = None) -> None:
        """All lots arrive, as sent or different; a loss takes substances in proportion."""
        arrived, moved, lots = [], [], {}
        sender, receiver = (self.address[slug] for slug in (shipment.sender, shipment.receiver))
        for lot in shipment.lots:
            why, mass, held = (differences or {}).get(lot.id, ("", lot.mass, {}))
            arrived.append((lot.id, mass, _DIFFERENCES[why], self._arrive(lot, why, mass, held)))
            moved.append((address(sender), address(receiver), lot.id))
            answer = {"mass": mass, "difference": why} | ({"substances": self.named(held)} if held else {})
            lots[self._full(lot)] = answer if why else "received"
        for lot in shipment.lots:
            lot.custodian = shipment.receiver
        offered = (TAG, [lot.id for lot in shipment.lots])
        answers = [(one[0], 1, False, one[1], one[2], one[3]) for one in arrived]
        call = ANSWER.encode(sender, shipment.name, offered, answers, "", self.now, TAG, ())
        data = (self.now, arrived, TAG, ())
        self.emit(shipment.receiver, "ShipmentReceived", (shipment.id, receiver), data, call, moved=moved)
        name = f"{shipment.sender}/{shipment.name}"
        self.told(shipment.receiver, "receive", shipment=name, lots=lots)

    def _arrive(self, lot: Lot, why: str, mass: int, held: dict[int, int]) -> list[tuple[int, int]]:
        """What arrived is what there is; returns what the event says of substances."""
        missing, whole, said = lot.mass - mass, lot.mass, []
        if why == "loss":
            for number, pool in lot.substances.items():
                said.append((number, pool * missing // whole))
                lot.substances[number] = pool - said[-1][1]
        elif why == "measurement":
            lot.substances = dict(held)
            said = list(held.items())
        lot.mass = mass
        return said

    # --- as operations files write it -----------------------------------------------------------------

    @staticmethod
    def _full(lot: Lot) -> str:
        return f"{lot.creator}/{lot.name}"

    @staticmethod
    def named(held: dict[int, int]) -> dict[str, int]:
        return {SYMBOLS[number]: mass for number, mass in held.items()}

    @staticmethod
    def _scopes(emissions: Scopes) -> dict[str, int]:
        one, two, three, primary = emissions
        return {"scope1": one, "scope2": two, "scope3": three, "primary": primary}
