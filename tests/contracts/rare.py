"""Gas of what is rare: the operations of the ledger's modules, and what puts right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.contracts.world import IN_FULL, NOBODY, POST_CONSUMER, TAG, YEAR_2026, Emissions, Transaction
from tests.encoding import words

if TYPE_CHECKING:
    from tests.contracts.gas import Scenario

KG = 1_000_000
TONNE = 1_000 * KG
COBALT = 27
CUSTODIAN, AUDITOR, RECALL = range(3)
MINT, _, _, ADDED = range(4)
DELIVERED = 2
REVERSAL = ("incorrect_data", YEAR_2026, TAG, [])
DOCUMENT = [(b"\x5a" * 32, "https://example.org/documents/2026/0117.pdf")]
MINTED: Emissions = words((40 * TONNE, 12 * TONNE, 4 * TONNE, 52 * TONNE, 0, 0, 0, 0))
LESS: Emissions = words((40 * TONNE, 9 * TONNE, 4 * TONNE, 52 * TONNE, 0, 0, 0, 0))
STORED: Emissions = words((0, 100 * KG, 0, 0, 0, 0, 0, 0))
SHIPPED: Emissions = words((0, 0, 3_100 * KG, 0, 0, 0, 0, 0))


class Rare:
    """What rarely happens to the lots of a :class:`tests.contracts.gas.Scenario`."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario, self._world = scenario, scenario.world
        self._mine, self._refinery = scenario.mine, scenario.refinery
        self._number = 100

    def rows(self) -> Iterator[tuple[str, Transaction]]:
        """What each costs, by operation."""
        yield from self._handling()
        yield from self._restatements()
        yield from self._reversals()
        yield from self._products()
        yield from self._returns()

    def _send(self, function: str, *arguments: Any, key: str | None = None) -> Transaction:
        return self._world.send(key or self._mine, self._world.ledger, function, *arguments)

    def _salt(self) -> bytes:
        """The salt of the entry that the latest block made."""
        return bytes(self._world.w3.eth.get_block("latest")["parentHash"])

    def _minted(self) -> tuple[str, tuple[Any, ...]]:
        """A new lot's name, and the entry of its trail."""
        self._number += 1
        name = f"KOL-2026-{self._number:04}"
        self._world.mint(
            self._mine, name, self._scenario.ore, self._scenario.pit, 24 * TONNE, [(COBALT, 8_400 * KG)],
            emissions=MINTED,
        )  # fmt: skip
        return name, (self._scenario.pit, self._scenario.ore, 0, YEAR_2026, MINTED, self._salt())

    def _batch(self, name: str) -> int:
        return self._world.batch(self._mine, name)

    def _events(self, name: str) -> int:
        return self._world.events(self._mine, name)

    def _handling(self) -> Iterator[tuple[str, Transaction]]:
        name, _ = self._minted()
        hold = (self._mine, name, CUSTODIAN)
        rest = (YEAR_2026, [])
        yield "hold", self._send("hold", *hold, self._events(name), "assay pending", *rest)
        yield "release", self._send("release", *hold, self._events(name), "assay done", *rest)
        measurement = (self._batch(name), 23_900 * KG, [(COBALT, 8_370 * KG)], "umpire_assay", YEAR_2026, [])
        yield "remeasure", self._send("remeasure", measurement)
        yield "transfer title", self._send("transferTitle", self._batch(name), self._refinery, *rest)

    def _restatements(self) -> Iterator[tuple[str, Transaction]]:
        name, entry = self._minted()
        restated = (LESS, "renewable contract audited", YEAR_2026, DOCUMENT)
        yield "restate a mint", self._send("restateMint", self._mine, name, entry, [], restated)
        record = (MINT, self._batch(name), self._mine, LESS, [self._batch(name)], YEAR_2026, DOCUMENT)
        confirmed = self._send("confirmRestatement", *record, key=self._world.consortium)
        yield "confirm a restatement", confirmed
        stored = (self._batch(name), STORED, "STORE-1", "storage", YEAR_2026, [])
        yield "add emissions, with a record", self._send("addEmissions", *stored)
        more = (tuple(2 * amount for amount in STORED), "meter read", YEAR_2026, [])
        added = (self._mine, "STORE-1", self._batch(name), STORED, more)
        yield "restate added emissions", self._send("restateAdded", *added)

    def _reversals(self) -> Iterator[tuple[str, Transaction]]:
        name, entry = self._minted()
        yield "reverse a mint", self._send("reverseMint", self._mine, name, entry, REVERSAL)
        name, _ = self._minted()
        self._send("split", self._batch(name), [(f"{name}-A", TONNE)], YEAR_2026, [])
        child = (self._mine, f"{name}-A", (self._batch(name), self._salt()))
        yield "reverse a split", self._send("reverseSplit", *child, REVERSAL)
        yield "reverse a transformation 2 to 1", self._reversed_run()
        self._send("retire", self._batch(name), 0, self._events(name), "lost", YEAR_2026, [])
        retired = (self._batch(name), self._events(name), REVERSAL)
        yield "reverse a retirement", self._send("reverseRetirement", *retired)
        self._send("declareError", self._mine, name, 1, [], YEAR_2026, [])
        declared = (self._mine, name, False, self._events(name), REVERSAL)
        yield "reverse a declared error", self._send("reverseError", *declared)

    def _reversed_run(self) -> Transaction:
        names = [self._minted()[0] for _ in range(2)]
        self._scenario.transform("RUN-9", [(name, IN_FULL) for name in names], 1)
        (event,) = self._world.ledger.events.Transformed().get_logs()
        taken = [
            (*list(entry.values())[:5], [tuple(pool.values()) for pool in entry["substances"]])
            for entry in event["args"]["inputs"]
        ]
        made = [entry["batch"] for entry in event["args"]["outputs"]]
        run = (self._mine, "RUN-9", event["args"]["emissions"], taken, made, REVERSAL)
        return self._send("reverseTransformation", *run)

    def _products(self) -> Iterator[tuple[str, Transaction]]:
        world = self._world
        car = world.define("car", COBALT, terms=(False, True, 0, 0, []))
        world.approve(self._scenario.pit, car, TONNE)
        yard = world.add_facility(self._refinery, "yard", "recycler")
        world.approve(yard, car, TONNE, POST_CONSUMER)
        for name in ("VIN-0", "VIN-1"):
            world.mint(self._mine, name, car, self._scenario.pit, 100 * KG, [(COBALT, KG)], emissions=MINTED)
            self._send("retire", self._batch(name), DELIVERED, 1, "sold", YEAR_2026, [])
        back = (yard, YEAR_2026, DOCUMENT)
        self._send("takeBack", self._mine, "VIN-0", *back, key=self._refinery)
        yield "take back", self._send("takeBack", self._mine, "VIN-1", *back, key=self._refinery)

    def _received(self, shipment: str, name: str) -> tuple[Any, ...]:
        """Ships a lot; what shows its receipt."""
        self._scenario.offer(shipment, [name], self._refinery)
        before = self._world.ledger.functions.batchOf(self._batch(name)).call()[-1]
        self._scenario.receive(self._refinery, shipment, [name])
        block = self._world.w3.eth.get_block("latest")
        number = self._world.batch(self._mine, shipment)
        mass = 24 * TONNE
        entry = (
            number, self._mine, False, 1, mass, mass, 0, 0, [], [], block["timestamp"], self._salt(),
        )  # fmt: skip
        return entry, before

    def _returns(self) -> Iterator[tuple[str, Transaction]]:
        name, _ = self._minted()
        receipt = self._received("SEA-100", name)
        batches = [self._batch(name)]
        offer = self._world.offer_hash(SHIPPED, batches)
        shown = (self._mine, "SEA-100", self._refinery, (offer, []), batches, [receipt], REVERSAL)
        yield "reverse a receipt", self._send("reverseReceipt", *shown, key=self._refinery)
        name, _ = self._minted()
        receipt = self._received("SEA-101", name)
        wrong = (self._mine, name, 1, [], YEAR_2026, [])
        yield (
            "declare an error, as an auditor",
            self._send("declareError", *wrong, key=self._world.consortium),
        )
        back = ("BACK-1", [self._batch(name)], self._mine, NOBODY, SHIPPED, YEAR_2026, [])
        yield "return a frozen batch", self._send("returnShipment", back, [receipt], key=self._refinery)
        name, _ = self._minted()
        self._received("SEA-102", name)
        suspended = (self._refinery, "insolvency", YEAR_2026, [])
        self._world.send(self._world.consortium, self._world.registry, "suspendParticipant", *suspended)
        assigned = (self._batch(name), self._mine, "insolvency", YEAR_2026, DOCUMENT)
        yield "assign stock", self._send("assignStock", *assigned, key=self._world.consortium)
        self._world.send(self._world.consortium, self._world.registry, "reinstateParticipant", *suspended)
