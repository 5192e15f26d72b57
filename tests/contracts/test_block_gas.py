"""The longest operations, their answers and their reversals fit into a block of 30,000,000 gas (Rule 13)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.world import IN_FULL, NOBODY, TAG, YEAR_2026, World
from tests.encoding import words

BLOCK = 30_000_000
KG = 1_000_000
TONNE = 1_000 * KG
SUBSTANCES = range(3, 18)
MEASUREMENT = 3
EMISSIONS = words((40 * TONNE, 12 * TONNE, 4 * TONNE, 52 * TONNE, TONNE, TONNE, TONNE, 1))
REVERSAL = ("incorrect_data", YEAR_2026, TAG, [])


def long(name: str) -> str:
    """An identifier of 256 bytes."""
    return name.ljust(256, "x")


def held(mass: int) -> list[tuple[int, int]]:
    return [(substance, mass) for substance in SUBSTANCES]


class Largest:
    """A works with lots of fifteen substances, of a material of bounded content and with tolerances."""

    def __init__(self) -> None:
        self.world = World()
        self.world.install_policy()
        _, self.works, self.buyer = self.world.accounts[:3]
        self.world.register(self.works, "works", "producer")
        self.world.register(self.buyer, "buyer", "refiner")
        self.plant = self.world.add_facility(self.works, "plant", "mine")
        contents = [(substance, 1, 9_999) for substance in SUBSTANCES]
        # Of a product, whose maker is kept of each lot.
        terms = (False, True, 1_000, 1_000, contents)
        self.material = self.world.define("alloy", *SUBSTANCES, terms=terms)
        self.world.approve(self.plant, self.material, 10**6 * TONNE)
        ledger = self.world.ledger.functions
        self.children, self.inputs = ledger.MOST_CHILDREN().call(), ledger.MOST_INPUTS().call()
        self.outputs, self.lots = ledger.MOST_OUTPUTS().call(), ledger.MOST_LOTS().call()

    def send(self, key: str, function: str, *arguments: Any) -> int:
        """The gas of what must fit into a block."""
        gas = self.world.send(key, self.world.ledger, function, *arguments, gas=BLOCK).gas
        assert gas < BLOCK
        return gas

    def batch(self, name: str) -> int:
        return self.world.batch(self.works, long(name))

    def mint(self, name: str) -> None:
        request = (
            long(name),
            self.material,
            self.plant,
            24 * TONNE,
            0,
            held(TONNE),
            0,
            EMISSIONS,
            YEAR_2026,
            [],
        )
        self.send(self.works, "mint", request)

    def split(self, name: str, count: int) -> list[str]:
        names = [f"{name}-{number}-" for number in range(count)]
        children = [(long(child), 10 * KG) for child in names]
        self.send(self.works, "split", self.batch(name), children, YEAR_2026, [])
        return names

    def ship(self, name: str, lots: list[str]) -> tuple[bytes, list[int]]:
        batches = [self.batch(lot) for lot in lots]
        offer = (long(name), batches, self.buyer, NOBODY, EMISSIONS, YEAR_2026, [])
        self.send(self.works, "ship", offer)
        return self.world.offer_hash(EMISSIONS, batches), batches


@pytest.fixture(scope="module")
def largest() -> Largest:
    return Largest()


def test_a_shipment_and_its_answers(largest: Largest) -> None:
    largest.mint("tank")
    lots = largest.split("tank", largest.children)[: largest.lots]
    opened = largest.ship("first", lots)
    refused = (largest.works, long("first"), opened, "wrong grade", YEAR_2026, TAG, [])
    largest.send(largest.buyer, "rejectShipment", *refused)
    opened = largest.ship("second", lots)
    answers = [(batch, 4, False, 9_900_000, MEASUREMENT, held(400_000)) for batch in opened[1]]
    answered = (largest.works, long("second"), opened, answers, "", YEAR_2026, TAG, [])
    largest.send(largest.buyer, "answerShipment", *answered)


def test_a_receipt_of_all_as_sent(largest: Largest) -> None:
    largest.mint("vat")
    lots = largest.split("vat", largest.lots)
    opened = largest.ship("third", lots)
    received = (largest.works, long("third"), opened, [2] * len(lots), YEAR_2026, TAG, [])
    largest.send(largest.buyer, "receiveShipment", *received)


def test_a_run_and_its_reversal(largest: Largest) -> None:
    largest.mint("melt")
    inputs = largest.split("melt", largest.inputs)
    outputs = [
        (long(f"bar-{number}-"), largest.material, 9 * KG, 0, 0, held(100_000))
        for number in range(largest.outputs)
    ]
    taken = [(largest.batch(name), IN_FULL) for name in inputs]
    run = (
        long("run"),
        largest.plant,
        "casting",
        False,
        taken,
        outputs,
        [],
        True,
        0,
        EMISSIONS,
        YEAR_2026,
        [],
    )
    largest.send(largest.works, "transform", run)
    (event,) = largest.world.ledger.events.Transformed().get_logs()
    arguments = event["args"]
    parts = [
        tuple(
            [tuple(pool.values()) for pool in value] if key == "substances" else value
            for key, value in entry.items()
        )
        for entry in arguments["inputs"]
    ]
    made = [entry["batch"] for entry in arguments["outputs"]]
    reverse = (largest.works, long("run"), EMISSIONS, parts, made, REVERSAL)
    largest.send(largest.works, "reverseTransformation", *reverse)
