"""A lively network on the real contracts: companies that do at random everything that can be done to lots.

What calls need of the state they take from the index, as operations do: open lots, counts of events, entries
of trails, records. A call that the contracts refuse changes nothing and is let go.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from eth_abi.abi import encode as encode_abi
from eth_hash.auto import keccak
from eth_keys import keys

from tests.encoding import words
from traceledger.artifacts import ContractName
from traceledger.artifacts.calls import encode
from traceledger.chain.base import TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.index import Contracts, Index
from traceledger.model.batches import Batch, BatchState, RecordKind, Shipment, ShipmentState
from traceledger.model.ids import emissions_record_id, facility_id, material_id
from traceledger.replay.trail import MintEntry, ReceiptEntry, SplitEntry, TakeBackEntry, hash_of, struct_of
from traceledger.sending.deployment import deploy
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

COBALT, NICKEL = 27, 28
IN_FULL = 2**64 - 1
FOREVER = 2**64 - 1
FOUNDED = 1_767_225_600
COMPANIES = ("mine", "recycler", "refinery", "maker")
AUDITORS = ("argus", "lynx")
KINDS = {"mine": "mine", "recycler": "recycler", "refinery": "refinery", "maker": "plant"}
MATERIALS = {
    "ore": (False, False, 500, 900),
    "salt": (False, False, 0, 0),
    "slag": (True, False, 0, 0),
    "car": (False, True, 200, 200),
}
"""By slug: waste, product, and tolerances of gross mass and of substances in basis points."""
EVIDENCE = ((b"\x05" * 32, "https://example.org/assay.pdf"),)
_SEALER = key_sealer(keccak(b"authority"))


def label(text: str) -> bytes:
    return text.encode().ljust(32, b"\0")


class Lively:
    """Contracts on an embedded chain, and an index that follows it.

    Args:
        folder: where chain and index are.
        seed: of everything that is at random.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.signers = {name: LocalSigner(keccak(name.encode())) for name in (*COMPANIES, *AUDITORS, "us")}
        self.chain = EmbeddedChain.create(
            folder / "chain.db", chain_id=20_260, authority=_SEALER.address, timestamp=FOUNDED, sealer=_SEALER
        )
        self.contracts = deploy(self.chain, self.signers["us"], delay=1)
        self.clock = self.chain.head().timestamp
        self.index = Index.open(folder / "index.db", Contracts.of(self.chain, self.contracts))
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._names = 0
        self._found()

    def close(self) -> None:
        self.index.close()
        self.chain.close()

    def address(self, name: str) -> bytes:
        return self.signers[name].address

    def name_of(self, address: bytes) -> str:
        return next(name for name, signer in self.signers.items() if signer.address == address)

    def send(self, who: str, contract: ContractName, function: str, *arguments: object) -> None:
        """One transaction in a block of its own, an hour after the last one.

        Raises:
            TransactionRevertedError: the contracts refuse it.
        """
        self.clock += 3_600
        signer, target = self.signers[who], self.contracts.by_name[contract]
        data = encode(contract, function, *arguments)
        nonce = self.chain.nonce(signer.address)
        transaction = UnsignedTransaction(self.chain.chain_id, nonce, 30_000_000, target, data)
        self.chain.send([sign(transaction, signer)], timestamp=self.clock)

    def ledger(self, who: str, function: str, *arguments: object) -> None:
        self.send(who, "BatchLedger", function, *arguments)

    # Who is there.

    def _found(self) -> None:
        for name in (*COMPANIES, *AUDITORS):
            role = label("auditor" if name in AUDITORS else "producer")
            consent = self._consent(self.address(name), name)
            about = (self.address(name), name, name, b"FI", [role], [], FOREVER, consent)
            self.send("us", "ParticipantRegistry", "registerParticipant", *about)
        for slug, (waste, product, mass, substances) in MATERIALS.items():
            terms = (waste, product, mass, substances, [])
            about = (slug, slug, "", [COBALT, NICKEL], terms, [])
            self.send("us", "ParticipantRegistry", "defineMaterial", *about)
        for name, kind in KINDS.items():
            site = (f"{name}-site", name, label(kind), b"CD", False, 0, 0, [])
            self.send(name, "ParticipantRegistry", "registerFacility", *site)
        # Origins by bits: mined 1, post-consumer 2, pre-consumer 4, untraced 8.
        for name, origins in {"mine": 9, "recycler": 14, "refinery": 8, "maker": 8}.items():
            for slug in MATERIALS:
                about = (self.site(name), material_id(slug), origins, 10**15, 0, FOREVER, FOUNDED, [])
                self.send("us", "ParticipantRegistry", "approveOrigin", *about)

    def _consent(self, participant: bytes, operator: str) -> bytes:
        domain = encode_abi(
            ["bytes32", "bytes32", "bytes32", "uint256", "address"],
            [
                keccak(b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                *(keccak(b"TraceLedger"), keccak(b"1"), self.chain.chain_id, self.contracts.registry),
            ],
        )
        kind = keccak(b"Consent(address participant,address operator,uint64 deadline)")
        consent = encode_abi(
            ["bytes32", "address", "address", "uint64"], [kind, participant, self.address(operator), FOREVER]
        )
        digest = keccak(b"\x19\x01" + keccak(domain) + keccak(consent))
        signature = keys.PrivateKey(keccak(operator.encode())).sign_msg_hash(digest).to_bytes()
        return bytes(signature[:64] + bytes([27 + signature[64]]))

    def site(self, name: str) -> int:
        return facility_id(self.address(name), f"{name}-site")

    # What there is.

    def batches(self, *states: BatchState) -> list[Batch]:
        return [batch for batch in self.index.batches() if batch.state in states]

    def one(self, *states: BatchState) -> Batch:
        return self.random.choice(self.batches(*states))

    def holder(self, batch: Batch) -> str:
        return self.name_of(batch.custodian)

    def new(self, kind: str) -> str:
        self._names += 1
        return f"{kind}-{self._names}"

    def emissions(self) -> tuple[int, ...]:
        scopes = [self.random.choice((0, self.random.randint(0, 10**6))) for _ in range(3)]
        parts = [self.random.randint(0, sum(scopes)) for _ in range(4)]
        return words((*scopes, *parts, self.random.randint(0, 9)))

    def someone(self) -> str:
        return self.random.choice(COMPANIES)

    def open_shipment(self) -> Shipment:
        return self.random.choice(self.index.shipments(state=ShipmentState.OFFERED))

    def open_of(self, shipment: Shipment) -> tuple[bytes, list[int]]:
        """What an answer repeats of a shipment."""
        kinds = ["(uint256,uint256)", "uint256[]"]
        scopes = shipment.emissions.words
        return keccak(encode_abi(kinds, [scopes, list(shipment.batches)])), list(shipment.open)

    def reversal(self) -> tuple[Any, ...]:
        return ("a mistake", self.clock, keccak(self.new("tag").encode()), EVIDENCE)

    def author(self, who: bytes) -> str:
        """Who puts something right: mostly whoever recorded it."""
        return self.name_of(who) if self.random.random() < 0.7 else self.random.choice(AUDITORS)

    def step(self, action: str) -> None:
        """Do that, if the contracts let one."""
        self.index.sync(self.chain)
        try:
            getattr(self, action)()
        except TransactionRevertedError:
            self.refused[action] += 1
        except (IndexError, StopIteration):
            pass  # There is nothing to which it could be done.
        else:
            self.done[action] += 1

    def run(self, steps: int) -> None:
        """So many random steps."""
        names, weights = zip(*ACTIONS.items(), strict=True)
        for action in self.random.choices(names, weights, k=steps):
            self.step(action)
        self.index.sync(self.chain)

    def run_until_all_is_done(self, most: int) -> None:
        """Random steps until each action was done once at least; at most so many."""
        while most and (missing := [action for action in ACTIONS if not self.done[action]]):
            self.run(4)
            self.step(self.random.choice(missing))
            most -= 5
        self.index.sync(self.chain)

    # What companies do every day.

    def mint(self) -> None:
        who = self.random.choice(("mine", "mine", "recycler", "refinery"))
        origin = {"mine": (0, 0, 3), "recycler": (1, 2, 3), "refinery": (3,)}[who]
        substances = [
            (number, self.random.choice((0, self.random.randint(1, 400))))
            for number in (COBALT, NICKEL)
            if self.random.random() < 0.8
        ]
        mass = sum(mass for _, mass in substances) + self.random.randint(1, 1_000)
        material = material_id(self.random.choice(tuple(MATERIALS)))
        kind = (mass, self.random.randint(0, 9), substances, self.random.choice(origin))
        lot = (self.new("lot"), material, self.site(who), *kind, self.emissions(), self.clock, EVIDENCE)
        self.ledger(who, "mint", lot)

    def split(self) -> None:
        batch = self.one(BatchState.ACTIVE)
        children, left = [], batch.mass_mg
        for _ in range(self.random.randint(1, 3)):
            mass = self.random.randint(1, max(1, left))
            children.append((self.new("part"), self.random.choice((mass, mass, IN_FULL))))
            left -= mass
        self.ledger(self.holder(batch), "split", batch.id, children, self.clock, [])

    def ship(self) -> None:
        first = self.one(BatchState.ACTIVE)
        lots = [
            b for b in self.index.batches(first.custodian, BatchState.ACTIVE) if not b.frozen and not b.held
        ]
        some = self.random.sample(lots, min(len(lots), self.random.randint(1, 4)))
        owner = self.random.choice((bytes(20), self.address(self.someone())))
        about = ([batch.id for batch in some], self.address(self.someone()), owner, self.emissions())
        self.ledger(self.holder(first), "ship", (self.new("sea"), *about, self.clock, []))

    def receive(self) -> None:
        shipment = self.open_shipment()
        expected = [batch.events for batch in self.index.open_lots(shipment.id)]
        about = (shipment.sender, shipment.identifier, self.open_of(shipment), expected)
        self.ledger(self.name_of(shipment.receiver), "receiveShipment", *about, self.clock, label("t"), [])

    def answer(self) -> None:
        shipment = self.open_shipment()
        answers = [self._answer(b) for b in self.index.open_lots(shipment.id) if self.random.random() < 0.8]
        about = (shipment.sender, shipment.identifier, self.open_of(shipment), answers, "why")
        self.ledger(self.name_of(shipment.receiver), "answerShipment", *about, self.clock, label("t"), [])

    def _answer(self, batch: Batch) -> tuple[Any, ...]:
        way = self.random.choice(("as sent", "refused", "loss", "moisture", "measured", "weighed"))
        mass = batch.mass_mg
        less = self.random.randint(max(1, mass - 30), mass)
        match way:
            case "loss":
                return batch.id, batch.events, False, less, 1, []
            case "moisture":
                return batch.id, batch.events, False, less, 2, []
            case "measured":
                return batch.id, batch.events, False, self.about(mass), 3, self.measured(batch)
            case "weighed":
                return batch.id, batch.events, False, self.about(mass), 3, []
            case _:
                return batch.id, batch.events, way == "refused", IN_FULL, 0, []

    def about(self, mass: int) -> int:
        return max(1, mass + self.random.randint(-mass // 60, mass // 60))

    def measured(self, batch: Batch) -> list[tuple[int, int]]:
        held = batch.substances_mg
        return [(n, self.about(held[n]) if held.get(n) else 0) for n in batch.tracked]

    def reject(self) -> None:
        shipment = self.open_shipment()
        about = (shipment.sender, shipment.identifier, self.open_of(shipment), "no")
        self.ledger(self.name_of(shipment.receiver), "rejectShipment", *about, self.clock, label("t"), [])

    def cancel(self) -> None:
        shipment = self.open_shipment()
        about = (shipment.identifier, shipment.receiver, self.open_of(shipment), "no")
        self.ledger(self.name_of(shipment.sender), "cancelShipment", *about, self.clock, label("t"), [])

    def transform(self) -> None:
        first = self.one(BatchState.ACTIVE)
        who = self.holder(first)
        lots = [
            b
            for b in self.index.batches(first.custodian, BatchState.ACTIVE)
            if not b.frozen and not b.held and (not b.waste or b.arose == self.site(who))
        ]
        some = self.random.sample(lots, min(len(lots), self.random.randint(1, 3)))
        taken = [*some, some[0]] if some[0].mass_mg > 5 and self.random.random() < 0.2 else some
        inputs = [(b.id, max(1, b.mass_mg // 3) if taken.count(b) > 1 else IN_FULL) for b in taken]
        self._run(who, inputs, some, recycling=False)

    def recycle(self) -> None:
        lots = [b for b in self.batches(BatchState.ACTIVE) if b.taken_back or b.waste]
        first = self.random.choice(lots)
        same = [b for b in lots if (b.custodian, b.taken_back) == (first.custodian, first.taken_back)]
        self._run(self.holder(first), [(batch.id, IN_FULL) for batch in same[:2]], same[:2], recycling=True)

    def _run(self, who: str, inputs: list[tuple[int, int]], lots: list[Batch], *, recycling: bool) -> None:
        economic = self.random.random() < 0.3
        outputs = []
        for _ in range(self.random.randint(1, 3)):
            slug = self.random.choice(("salt", "ore", "slag", "car"))
            held = {n: sum(b.substances_mg.get(n, 0) for b in lots) // 12 for n in (COBALT, NICKEL)}
            number = [
                (n, self.random.randint(0, mass)) for n, mass in held.items() if self.random.random() < 0.8
            ]
            mass = sum(mass for _, mass in number) + self.random.randint(1, 300)
            waste = MATERIALS[slug][0] and not recycling
            weight = self.random.randint(1, 9) if economic and not waste else 0
            outputs.append((self.new("made"), material_id(slug), mass, 0, weight, number))
        run = (self.new("run"), self.site(who), "refining", recycling, inputs, outputs, [], True)
        self.ledger(who, "transform", (*run, int(economic), self.emissions(), self.clock, EVIDENCE))

    def add_emissions(self) -> None:
        batch = self.one(BatchState.ACTIVE)
        record = self.random.choice(("", self.new("store")))
        about = (batch.id, self.emissions(), record, "storage", self.clock, [])
        self.ledger(self.holder(batch), "addEmissions", *about)

    def retire(self) -> None:
        batch = self.one(BatchState.ACTIVE)
        how = 2 if batch.material == material_id("car") else self.random.choice((0, 1))
        self.ledger(self.holder(batch), "retire", batch.id, how, batch.events, "sold", self.clock, [])

    # What is rare, and what puts right.

    def return_frozen(self) -> None:
        """What an auditor declares in error goes back to where it came from."""
        lots = [b for b in self.batches(BatchState.ACTIVE) if not b.held and self.index.arrivals(b.id)]
        batch = self.random.choice(lots)
        if not batch.error_by_auditor:
            about = (batch.creator, batch.identifier, 1, [], self.clock, EVIDENCE)
            self.ledger(self.random.choice(AUDITORS), "declareError", *about)
            self.index.sync(self.chain)
        before, entry = self.index.arrivals(batch.id)[-1]
        offer = (self.new("back"), [batch.id], entry.sender, bytes(20), self.emissions(), self.clock, [])
        self.ledger(self.holder(batch), "returnShipment", offer, [(struct_of(entry), before)])

    def take_back(self) -> None:
        batch = self.one(BatchState.DELIVERED)
        about = (batch.creator, batch.identifier, self.site("recycler"), self.clock, EVIDENCE)
        self.ledger("recycler", "takeBack", *about)

    def remeasure(self) -> None:
        batch = self.one(BatchState.ACTIVE)
        auditor = self.random.random() < 0.3
        substances = self.measured(batch)
        if auditor and self.random.random() < 0.5:
            substances = [(n, self.random.randint(0, 99)) for n in (COBALT, NICKEL)]
        if not auditor and self.random.random() < 0.3:
            substances = []
        who = self.random.choice(AUDITORS) if auditor else self.holder(batch)
        mass = max(self.about(batch.mass_mg), sum(mass for _, mass in substances) if auditor else 0)
        self.ledger(who, "remeasure", (batch.id, mass, substances, "assay", self.clock, EVIDENCE))

    def declare_error(self) -> None:
        batch = self.random.choice(self.index.batches())
        about = (batch.creator, batch.identifier, 1, [batch.id, 7], self.clock, EVIDENCE)
        self.ledger(self.author(batch.creator), "declareError", *about)

    def hold(self) -> None:
        batch = self.random.choice(self.index.batches())
        kind = self.random.randint(0, 2)
        who = (self.holder(batch), self.random.choice(AUDITORS), self.name_of(batch.creator))[kind]
        about = (batch.creator, batch.identifier, kind, batch.events, "why", self.clock, [])
        self.ledger(who, "hold", *about)

    def release(self) -> None:
        held = [b for b in self.index.batches() if b.held or b.recalled]
        batch = self.random.choice(held)
        kind = 0 if batch.held_by_custodian else 1 if batch.held_by_auditor else 2
        who = (self.holder(batch), self.random.choice((*AUDITORS, "us")), self.name_of(batch.creator))[kind]
        about = (batch.creator, batch.identifier, kind, batch.events, "why", self.clock, [])
        self.ledger(who, "release", *about)

    def transfer_title(self) -> None:
        batch = self.random.choice(self.index.batches())
        owner = self.name_of(batch.owner or batch.custodian)
        who = owner if self.random.random() < 0.7 else self.someone()
        about = (batch.id, self.address(self.someone()), self.clock, [])
        self.ledger(who, "transferTitle", *about)

    def assign_stock(self) -> None:
        """A custodian is suspended until the consortium has given a lot to somebody else, as announced."""
        batch = self.one(BatchState.ACTIVE)
        others = [name for name in COMPANIES if name != self.holder(batch)]
        why = ("insolvent", self.clock, EVIDENCE)
        about = (batch.id, self.address(self.random.choice(others)), *why)
        data = encode("BatchLedger", "assignStock", *about)
        self.send("us", "ParticipantRegistry", "suspendParticipant", batch.custodian, *why)
        self.send("us", "AccessManager", "schedule", self.contracts.ledger, data, 0)
        try:
            self.ledger("us", "assignStock", *about)
        finally:
            self.send("argus", "ParticipantRegistry", "reinstateParticipant", batch.custodian, *why)

    def restate(self) -> None:
        kind, record = self.random.choice(self.records())
        self._restate(kind, record)

    def records(self) -> list[tuple[RecordKind, int]]:
        found: set[tuple[RecordKind, int]] = set()
        for batch in self.index.batches():
            for item in self.index.history(batch.id)[:4]:
                event = item.event
                match type(event).__name__:
                    case "BatchMinted":
                        found.add((RecordKind.MINT, event.batch))
                    case "Transformed":
                        found.add((RecordKind.TRANSFORMATION, event.transformation))
                    case "ShipmentOffered":
                        found.add((RecordKind.SHIPMENT, event.shipment))
                    case "EmissionsAdded" if event.record:
                        record = emissions_record_id(event.custodian, event.record)
                        found.add((RecordKind.EMISSIONS, record))
        return sorted(found)

    def _restate(self, kind: RecordKind, record: int) -> None:
        at = self.index.record(kind, record)
        if at is None:
            raise IndexError
        event: Any = at.event
        scopes = event.emissions.words
        new = (self.emissions(), "audited", self.clock, EVIDENCE)
        who = self.author(event.author)
        match kind:
            case RecordKind.MINT:
                entry, *later = self.index.trail(record)
                assert isinstance(entry, MintEntry)
                batch = self.index.batch(record)
                about = (batch.creator, batch.identifier, struct_of(entry), [hash_of(e) for e in later])
                self.ledger(who, "restateMint", *about, new)
            case RecordKind.TRANSFORMATION:
                about = (event.participant, event.identifier, scopes, *self._took(event))
                self.ledger(who, "restateTransformation", *about, new)
            case RecordKind.SHIPMENT:
                found = self.index.shipment(record)
                about = (found.sender, found.identifier, found.receiver, scopes)
                self.ledger(who, "restateShipment", *about, list(found.batches), list(found.open), new)
            case RecordKind.EMISSIONS:
                about = (event.custodian, event.record, event.batch, scopes)
                self.ledger(who, "restateAdded", *about, new)

    def _took(self, event: Any) -> tuple[list[Any], list[int]]:
        inputs = [
            (
                each.batch,
                each.mass_mg,
                each.own_mg,
                each.inherited_mg,
                each.primary_mg,
                list(each.substances_mg.items()),
            )
            for each in event.inputs
        ]
        return inputs, [each.batch for each in event.outputs]

    def confirm(self) -> None:
        kind, record = self.random.choice(self.records())
        said, at = self.index.restatement(kind, record), self.index.record(kind, record)
        if said is None or at is None:
            raise IndexError
        scopes = said.emissions.words
        about = (int(kind), record, at.event.author, scopes, list(said.batches), self.clock, EVIDENCE)
        self.ledger(self.random.choice(AUDITORS), "confirmRestatement", *about)

    def reverse_making(self) -> None:
        batch = self.random.choice(self.batches(BatchState.ACTIVE))
        entry, who = self.index.trail(batch.id)[0], self.author(batch.creator)
        if isinstance(entry, MintEntry):
            about = (batch.creator, batch.identifier, struct_of(entry), self.reversal())
            self.ledger(who, "reverseMint", *about)
        elif isinstance(entry, SplitEntry):
            about = (batch.creator, batch.identifier, struct_of(entry), self.reversal())
            self.ledger(who, "reverseSplit", *about)
        else:
            event = self.index.transformation(entry.transformation)
            if event is None:
                raise IndexError
            scopes = event.emissions.words
            about = (event.participant, event.identifier, scopes, *self._took(event), self.reversal())
            self.ledger(who, "reverseTransformation", *about)

    def reverse_receipt(self) -> None:
        received = [s for s in self.index.shipments() if s.received]
        shipment = self.random.choice(received)
        lots = self.random.sample(shipment.received, self.random.randint(1, len(shipment.received)))
        arrivals = [self.index.arrivals(lot)[-1] for lot in lots]
        if not all(isinstance(entry, ReceiptEntry) for _, entry in arrivals):
            raise IndexError
        receipts = [(struct_of(entry), before) for before, entry in arrivals]
        about = (shipment.sender, shipment.identifier, shipment.receiver, self.open_of(shipment))
        who = self.author(shipment.receiver)
        self.ledger(who, "reverseReceipt", *about, lots, receipts, self.reversal())

    def reverse_retirement(self) -> None:
        batch = self.one(BatchState.RETIRED, BatchState.DELIVERED)
        who = self.author(batch.custodian)
        self.ledger(who, "reverseRetirement", batch.id, batch.events, self.reversal())

    def reverse_take_back(self) -> None:
        batch = self.random.choice([b for b in self.index.batches() if b.taken_back])
        before, entry = self.index.arrivals(batch.id)[-1]
        if not isinstance(entry, TakeBackEntry):
            raise IndexError
        about = (batch.creator, batch.identifier, struct_of(entry), before, self.reversal())
        self.ledger(self.author(batch.custodian), "reverseTakeBack", *about)

    def reverse_error(self) -> None:
        batch = self.random.choice([b for b in self.index.batches() if b.disputed or b.error_by_auditor])
        auditor = batch.error_by_auditor
        who = self.random.choice((*AUDITORS, "us")) if auditor else self.author(batch.creator)
        about = (batch.creator, batch.identifier, auditor, batch.events, self.reversal())
        self.ledger(who, "reverseError", *about)


ACTIONS = {
    "mint": 12,
    "split": 8,
    "ship": 16,
    "receive": 8,
    "answer": 14,
    "reject": 1,
    "cancel": 1,
    "transform": 8,
    "recycle": 4,
    "add_emissions": 5,
    "retire": 5,
    "return_frozen": 3,
    "take_back": 4,
    "remeasure": 10,
    "declare_error": 3,
    "hold": 3,
    "release": 5,
    "transfer_title": 3,
    "assign_stock": 1,
    "restate": 5,
    "confirm": 3,
    "reverse_making": 6,
    "reverse_receipt": 8,
    "reverse_retirement": 4,
    "reverse_take_back": 3,
    "reverse_error": 4,
}
"""What is done how often."""
