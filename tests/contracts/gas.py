"""Gas of whole transactions: the table of contracts/gas-snapshot.md.

Run ``python -m tests.contracts.gas`` to write the table anew; ``test_gas.py`` compares it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.contracts.plain import PLAIN
from tests.contracts.plain import rows as plain_rows
from tests.contracts.rare import Rare
from tests.contracts.world import (
    IN_FULL,
    NO_TERMS,
    NOBODY,
    TAG,
    YEAR_2026,
    Emissions,
    Substances,
    Transaction,
    World,
)
from tests.encoding import words

SNAPSHOT = Path(__file__).resolve().parents[2] / "contracts" / "gas-snapshot.md"

KG = 1_000_000
TONNE = 1_000 * KG
LITHIUM, CARBON, MANGANESE, COBALT, NICKEL = 3, 6, 25, 27, 28
LOSS, MOISTURE, MEASUREMENT = 1, 2, 3
YEAR_2025 = YEAR_2026 - 365 * 86_400
DOCUMENT = [(b"\x5a" * 32, "https://example.org/documents/2026/0117.pdf")]

HEADER = """# Gas of whole transactions

Each figure is all the gas of one transaction in a block of its own: the 21,000 that every
transaction costs, its calldata, and its execution on the committed artifacts (py-evm, Prague).
Unless a row says otherwise: one tracked substance, no evidence, a transport with scope 3 emissions,
and accounts that hold batches already. The act guard is installed, as `traceledger contract deploy`
does, and does not watch the participants.

*Floor* is what any contract would pay that keeps the same slots, tells the same logs and asks the same
contracts: the 21,000, calldata, each slot read once and written once, logs, other contracts called, and
hashing. It is taken from what the EVM does in the same transaction (`tests/contracts/floor.py`), and has
nothing for checking, for sharing out, or for the ABI. Its largest parts stand beside it.
*Memory*, which is not in it, is what no contract avoids besides: what is logged or hashed lies in memory,
each word written once.
*ABI*, measured of the operations of every day: what Solidity takes besides for reading the same arguments
and telling the same event, with nothing in between (`contracts/test/BareLedger.sol`). *Ratio* is gas by
floor, *with ABI* gas by both.

Written by `python -m tests.contracts.gas`; the tests fail when it is stale.

"""

COLUMNS = (
    "| operation | gas | floor | ratio | memory | ABI | with ABI "
    "| calldata | slots | logs | calls | target |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
)

BESIDE = """
## Beside OpenZeppelin's tokens

The same harness, accounts and release of OpenZeppelin. Anybody may mint there, and nothing is checked but
who owns what.

"""

FOOTER = """
What makes a row dearer than its plain sibling:

- *first batch ever*: the custodian's ERC-721 balance goes from zero to one, 17,100 more.
- *first of the year*: so does what the facility minted of the material in that year.
- *a shortfall*: the word of substances is read and written, 5,000, and the losses are logged.
- *open findings*: critical ones that are not due yet, on the mine, the refinery and both facilities. So the
  act guard watches them: it is asked about both parties when shipping, and about the facility when minting
  and transforming. Whom it does not watch pays nothing for it.
- *two mandatory assessments*: of the mine, in its one role; the refinery's role needs none, and nobody has an
  open finding.
- *a role of a hundred*: the act guard begins to watch them, or ends it.
- *evidence*: calldata and log data of the document's digest and address.

Where a row passes what the first edition's gas allows (5 in a hundred more; 8 to receive and to transform;
3,500 in a module), it pays for what that edition did not ask or tell:

- *receive* (13 in a hundred more): whether the network is paused, and whether the sender was terminated
  (2,100 each), the events that the receiver saw, and the tag of the answer (1,400).
- *a shortfall* (29): the same, in a module (3,300), where each lot is answered by itself.
- *reject* and *cancel* (7 and 6): what was offered and the tag, repeated and told (1,400).
- *declare an error* (20): in a module, and who holds the batch now (2,100).
- *define a material* and *register a facility* (13 and 8): waste, product, tolerances and contents;
  whether the network is paused.
- *two mandatory assessments* (10 to 14): bounds, and schemes of their own.

What stands above the floor:

- Operations of one lot, 4 to 15 in a hundred: checks, arithmetic, and the ABI, a sixth to a third of it.
- Finding the function: what the compiler makes of a contract compares selectors one after the other, 22 gas
  each, in their order. `mint` is the 8th of the ledger and asks for the 52nd of the registry: 1,320, a tenth
  of what it pays above its floor. A run asks twice, 1,400; a module's functions stand behind all of the
  ledger's.
- *Runs* and *shipping ten*, 18 to 20; 12 and 13 where Solidity's own ABI coding is counted as well. What is
  done for each lot takes about 2,200 shipped, 1,900 received, 5,200 taken and 9,500 made: lists in memory,
  the balance of each substance, shares of four pools, one event that tells all of it. A run 2 to 1 pays
  34,000, of which 10,000 for the ABI.
- *In modules* (a shortfall, hold, remeasure, reversals), 11 to 26: the way through the fallback, who signs
  and whether that is an auditor, and what is shown again to be put back.
- *Close a critical finding*, 24: five questions to the registry, each coded and decoded.
- *Two mandatory assessments*, up to 22: kinds and bounds, looked up in a loop. *A role of a hundred*, 31 and
  37: one call for each participant.
- *Memory*, which the floor leaves out, is at most 4 in a thousand.

What lies in a word is read, changed and stored as a word, custodians' balances change once an operation,
the balance of substances is a list of words, and the entries of a receipt are hashed where they stand.
The rest would take assembly, which costs more to audit than gas costs where it is free, or inlined code, for
which there is no room: `optimizer_runs` at 1,000 makes the ledger about 1,700 bytes larger and spares at
most 4 in a thousand. Other orders of the optimizer's steps, tried, spare no more.

A mint cannot go below four new or changed slots (state, substances, owner, minted in the year) and a
changed balance; a handover not below the shipment's slot, the state, the owner and two balances. Why owner
and first substance do not share one: docs/contracts.md.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``target`` is the most gas allowed, where there is a limit."""

    operation: str
    transaction: Transaction
    target: int | None = None

    def __str__(self) -> str:
        limit = f"{self.target:,}" if self.target else ""
        gas, floor, coding = self.transaction.gas, self.transaction.floor, self.transaction.coding
        coded = " | " if coding is None else f"{coding:,} | {gas / (floor.gas + coding):.2f}"
        parts = " | ".join(f"{part:,}" for part in (floor.calldata, floor.storage, floor.logs, floor.calls))
        cost = f"{gas:,} | {floor.gas:,} | {gas / floor.gas:.2f} | {floor.memory:,} | {coded}"
        return f"| {self.operation} | {cost} | {parts} | {limit} |"


class Scenario:
    """A mine and a refinery that ship cobalt to and fro."""

    def __init__(self) -> None:
        self.world = World()
        self.world.install_policy()
        self._bare = self.world.deploy_peer("BareLedger")
        _, self.mine, self.refinery, self.newcomer, self.auditor = self.world.accounts[:5]
        self._offers: dict[str, tuple[bytes, list[int]]] = {}
        self.world.register(self.mine, "katanga", "producer")
        self.pit = self.world.add_facility(self.mine, "kolwezi-pit-4", "mine")
        self.works = self.world.add_facility(self.mine, "kolwezi-works", "refinery")
        self.world.register(self.refinery, "kokkola", "refiner")
        self.world.register(self.newcomer, "newcomer", "refiner")
        self.ore = self.world.define("cobalt-hydroxide", COBALT, terms=(False, False, 100, 100, []))
        self.salt = self.world.define("cobalt-sulfate", COBALT)
        self.alloy = self.world.define("alloy", LITHIUM, CARBON, MANGANESE, COBALT, NICKEL)
        for material in (self.ore, self.alloy):
            self.world.approve(self.pit, material, 10**6 * TONNE)

    def rows(self) -> Iterator[Row]:
        """All rows, in the order of the table; later ones build on earlier ones."""
        yield from self._mints()
        yield from self._shipments()
        yield from self._transformations()
        yield from self._others()
        for operation, transaction in Rare(self).rows():
            yield Row(operation, transaction)
        yield from self._registry()
        yield from self._findings()
        self.world.require("producer", "saq", "code_of_conduct")
        for kind in ("saq", "code_of_conduct"):
            self.world.assess(self.mine, kind)
        yield from self._watched("two mandatory assessments", 40)
        yield from self._role_of_a_hundred()
        for operation, transaction in plain_rows(self.world):
            yield Row(operation, transaction)

    def _findings(self) -> Iterator[Row]:
        """Raising critical findings, acting while they are open, and closing them."""
        subjects = [(self.mine, self.pit), (self.mine, self.works), (self.refinery, 0), (self.mine, 0)]
        raised = [
            self.world.raise_finding(participant, f"NC-{number}", facility)
            for number, (participant, facility) in enumerate(subjects, 1)
        ]
        yield Row("raise a critical finding", raised[-1])
        yield from self._watched("open findings", 30)
        closed = [
            self.world.close_finding(participant, f"NC-{number}")
            for number, (participant, _) in enumerate(subjects, 1)
        ]
        yield Row("close a critical finding", closed[-1])

    def _role_of_a_hundred(self) -> Iterator[Row]:
        for number in range(100):
            self.world.register(self.world.new_key(10**6 + number), f"supplier-{number}", "supplier")
        watched = self.world.require("supplier", "saq")
        yield Row("make a kind mandatory for a role of a hundred", watched)
        yield Row("make none mandatory for it", self.world.require("supplier"))

    def _watched(self, what: str, first: int) -> Iterator[Row]:
        """The operations with a target, where the act guard is asked who may act."""
        name, other = f"KOL-2026-{first:04}", f"KOL-2026-{first + 1:04}"
        self._mint(f"KOL-2026-{first + 2:04}")
        yield Row(f"mint, {what}", self._mint(name))
        self._mint(other)
        yield Row(f"ship one batch, {what}", self.offer(f"SEA-{first}", [name], self.refinery))
        received = self.receive(self.refinery, f"SEA-{first}", [name])
        yield Row(f"receive one batch, {what}", received)
        inputs = [(other, 10 * TONNE), (f"KOL-2026-{first + 2:04}", 10 * TONNE)]
        yield Row(f"transform 2 to 1, parts, {what}", self.transform(f"RUN-{first}", inputs, 1))

    def _mint(self, name: str, *, at: int = YEAR_2026) -> Transaction:
        emissions = words((40 * TONNE, 12 * TONNE, 4 * TONNE, 52 * TONNE, 0, 0, 0, 0))
        cobalt = [(COBALT, 8_400 * KG)]
        return self._mint_of(name, self.ore, 24 * TONNE, cobalt, emissions=emissions, at=at)

    def _mint_of(self, name: str, material: int, mass: int, held: Substances, **more: Any) -> Transaction:
        request = self.world.mint_of(name, material, self.pit, mass, held, **more)
        return self._daily(self.mine, "mint", request)

    def _daily(self, key: str, function: str, *arguments: Any) -> Transaction:
        """An operation of every day, and what Solidity takes for its arguments and its event."""
        bare = self.world.send(key, self._bare, function, *arguments)
        transaction = self.world.send(key, self.world.ledger, function, *arguments)
        return replace(transaction, coding=bare.gas - bare.floor.gas)

    def _mints(self) -> Iterator[Row]:
        yield Row("mint, a participant's first batch ever", self._mint("KOL-2026-0001"))
        yield Row("mint", self._mint("KOL-2026-0002"), 150_000)
        first = self._mint("KOL-2025-0001", at=YEAR_2025)
        yield Row("mint, the first of the year", first)
        many = [(s, 100 * KG) for s in (LITHIUM, CARBON, MANGANESE, COBALT, NICKEL)]
        self._mint_of("ALLOY-1", self.alloy, TONNE, many)
        five = self._mint_of("ALLOY-2", self.alloy, TONNE, many)
        yield Row("mint, five substances, no emissions", five)

    def offer(self, shipment: str, names: list[str], to: str, evidence: object = ()) -> Transaction:
        batches = [self.world.batch(self.mine, name) for name in names]
        emissions: Emissions = words((0, 0, 3_100 * KG, 0, 0, 0, 0, 0))
        self._offers[shipment] = (self.world.offer_hash(emissions, batches), batches)
        offer = (shipment, batches, to, NOBODY, emissions, YEAR_2026, evidence)
        return self._daily(self.mine, "ship", offer)

    def receive(self, key: str, shipment: str, names: list[str]) -> Transaction:
        expected = [self.world.events(self.mine, name) for name in names]
        arguments = (self.mine, shipment, self._offers[shipment], expected, YEAR_2026, TAG, [])
        return self._daily(key, "receiveShipment", *arguments)

    def _answer(self, shipment: str, name: str, mass: int, difference: int, cobalt: int = 0) -> Transaction:
        substances = [(COBALT, cobalt)] if cobalt else []
        expected = self.world.events(self.mine, name)
        answer = (self.world.batch(self.mine, name), expected, False, mass, difference, substances)
        arguments = (self.mine, shipment, self._offers[shipment], [answer], "", YEAR_2026, TAG, [])
        return self.world.send(self.refinery, self.world.ledger, "answerShipment", *arguments)

    def _shipments(self) -> Iterator[Row]:
        for number in range(3, 16):
            self._mint(f"KOL-2026-{number:04}")
        yield Row("ship one batch", self.offer("SEA-9001", ["KOL-2026-0001"], self.refinery), 80_000)
        first = self.receive(self.refinery, "SEA-9001", ["KOL-2026-0001"])
        yield Row("receive, a participant's first batch ever", first)
        self.offer("SEA-9002", ["KOL-2026-0002"], self.refinery)
        again = self.receive(self.refinery, "SEA-9002", ["KOL-2026-0002"])
        yield Row("receive one batch", again, 80_000)
        self.offer("SEA-9003", ["KOL-2026-0003"], self.refinery)
        short = self._answer("SEA-9003", "KOL-2026-0003", 19_980 * KG, LOSS)
        yield Row("receive one batch, a shortfall", short)
        proof = self.offer("SEA-9004", ["KOL-2026-0004"], self.refinery, DOCUMENT)
        yield Row("ship one batch, one document as evidence", proof)
        yield Row("reject a shipment of one batch", self._reject("SEA-9004"))
        ten = [f"KOL-2026-{number:04}" for number in range(5, 15)]
        yield Row("ship ten batches", self.offer("SEA-9010", ten, self.refinery))
        yield Row("receive ten batches", self.receive(self.refinery, "SEA-9010", ten))
        self.offer("SEA-9011", ["KOL-2026-0015"], self.refinery)
        yield Row("cancel a shipment of one batch", self._cancel("SEA-9011"))

    def _reject(self, shipment: str) -> Transaction:
        arguments = (self.mine, shipment, self._offers[shipment], "wrong grade", YEAR_2026, TAG, [])
        return self.world.send(self.refinery, self.world.ledger, "rejectShipment", *arguments)

    def _cancel(self, shipment: str) -> Transaction:
        arguments = (shipment, self.refinery, self._offers[shipment], "not loaded", YEAR_2026, TAG, [])
        return self.world.send(self.mine, self.world.ledger, "cancelShipment", *arguments)

    def transform(self, name: str, inputs: list[tuple[str, int]], outputs: int) -> Transaction:
        taken = [(self.world.batch(self.mine, batch), mass) for batch, mass in inputs]
        made = [
            (f"{name}-{number}", self.salt, 16 * TONNE, 0, 0, [(COBALT, 3_300 * KG)])
            for number in range(1, outputs + 1)
        ]
        emissions = words((9 * TONNE, 2 * TONNE, 0, 0, 0, 0, 0, 0))
        request = (
            name,
            self.works,
            "refining",
            False,
            taken,
            made,
            [],
            True,
            0,
            emissions,
            YEAR_2026,
            [],
        )
        return self._daily(self.mine, "transform", request)

    def _transformations(self) -> Iterator[Row]:
        for number in range(16, 30):
            self._mint(f"KOL-2026-{number:04}")
        names = [f"KOL-2026-{number:04}" for number in range(16, 30)]
        in_full = [(name, IN_FULL) for name in names]
        parts = [(name, 10 * TONNE) for name in names]
        yield Row("transform 2 to 1, both in full", self.transform("RUN-1", in_full[:2], 1), 230_000)
        yield Row("transform 2 to 1, parts", self.transform("RUN-2", parts[2:4], 1), 230_000)
        yield Row("transform 1 to 1", self.transform("RUN-3", in_full[2:3], 1))
        yield Row("transform 3 to 2", self.transform("RUN-4", in_full[3:6], 2))
        yield Row("transform 8 to 4", self.transform("RUN-5", in_full[6:14], 4))

    def _others(self) -> Iterator[Row]:
        ledger = self.world.ledger
        salt = self.world.batch(self.mine, "RUN-1-1")
        emissions = words((0, 100 * KG, 0, 0, 0, 0, 0, 0))
        child = [("RUN-1-1-A", 10 * TONNE)]
        yield Row("split one off", self._daily(self.mine, "split", salt, child, 0, []))
        added = (salt, emissions, "", "storage", YEAR_2026, [])
        yield Row("add emissions", self.world.send(self.mine, ledger, "addEmissions", *added))
        retired = (salt, 0, self.world.events(self.mine, "RUN-1-1"), "melted", YEAR_2026, [])
        yield Row("retire", self.world.send(self.mine, ledger, "retire", *retired))
        wrong = (self.mine, "KOL-2026-0001", 1, [salt], YEAR_2026, [])
        yield Row("declare an error", self.world.send(self.mine, ledger, "declareError", *wrong))

    def _registry(self) -> Iterator[Row]:
        registry = self.world.registry
        key, spare = self.world.accounts[5:7]
        yield Row("register a participant, one role", self.world.register(key, "carrier", "carrier"))
        yield Row("add an operator", self.world.add_operator(key, spare))
        kind = b"plant".ljust(32, b"\0")
        facility = ("depot", "Depot", kind, b"DE", False, 0, 0, [])
        yield Row("register a facility", self.world.send(key, registry, "registerFacility", *facility))
        material = ("steel", "Steel", "", [26], NO_TERMS, [])
        defined = self.world.send(self.world.consortium, registry, "defineMaterial", *material)
        yield Row("define a material", defined)
        yield Row("approve an origin", self.world.approve(self.pit, self.salt, TONNE))


def table(rows: list[Row]) -> str:
    """The document that is committed."""
    ours = [row for row in rows if not row.operation.startswith(PLAIN)]
    plain = [row for row in rows if row.operation.startswith(PLAIN)]
    return HEADER + _lines(ours) + BESIDE + _lines(plain) + FOOTER


def _lines(rows: list[Row]) -> str:
    return COLUMNS + "".join(f"{row}\n" for row in rows)


def main() -> None:
    """Write the table."""
    text = table(list(Scenario().rows()))
    SNAPSHOT.write_text(text, "utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
