"""Drives the real contracts beside the reference model: each step must agree, be it allowed or refused.

More examples: ``pytest tests/test_state_machine.py --hypothesis-profile=thorough``.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import eth.vm  # noqa: F401  (raises the recursion limit, which must not change during an example)
import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, precondition, rule

from tests.machine_assurance import DAY, FACILITIES, RARELY, ROLES, SLUGS, AssuranceRules
from tests.real_ledger import RealLedger, expected_batch, id_of
from tests.reference.model import ReferenceLedger
from tests.reference.registry import CONSORTIUM
from tests.reference.values import LARGEST, SYMBOLS, Batch, Name, Refused

MATERIALS = {
    "ore": ["Co", "Ni"],
    "blend": ["Li", "C", "Mn", "Co", "Ni", "Cu", "mica"],
    "cobalt": ["Co"],
    "slag": [],
}
CAPACITY = 10**13
TIMES = (0, 951_782_399, 1_735_689_599, 1_735_689_600, 1_767_225_600)
FUTURE = 253_402_300_799


def founding() -> list[dict[str, Any]]:
    """What every example starts from."""
    ops: list[dict[str, Any]] = [
        {"op": "define_material", "material": slug, "name": slug, "substances": substances}
        for slug, substances in MATERIALS.items()
    ]
    for slug in SLUGS:
        common = {"op": "register_participant", "participant": slug, "name": slug, "country": "FI"}
        ops.append(common | {"roles": [ROLES[slug]]})
    for name, kind in FACILITIES.items():
        slug, _, identifier = name.partition("/")
        ops.append(
            {"op": "register_facility", "as": slug, "facility": identifier, "kind": kind, "country": "FI"}
        )
    for facility, material in (("mine/pit", "ore"), ("mine/pit", "cobalt"), ("smelter/yard", "blend")):
        approval = {"facility": facility, "material": material, "capacity_per_year": CAPACITY}
        ops.append({"op": "approve_origin", **approval})
    return ops


class Template:
    """The founded ledger, made once: each example works on copies of it."""

    ledger: RealLedger | None = None
    model: ReferenceLedger
    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def copies(cls, path: Path) -> tuple[RealLedger, ReferenceLedger]:
        if cls.ledger is None:
            cls.folder = tempfile.TemporaryDirectory()
            cls.ledger, cls.model = RealLedger.deploy(Path(cls.folder.name) / "chain"), ReferenceLedger()
            for op in founding():
                if "participant" in op:
                    op["address"] = cls.ledger.know(op["participant"])
                account = cls.model.account_of(op.get("as"))
                assert cls.ledger.apply(cls.ledger.call_of(op, account, cls.model), account) is None
                cls.model.apply(op, account)
            cls.ledger.close()
        return cls.ledger.copy(path), copy.deepcopy(cls.model)


class LedgerMachine(AssuranceRules):
    """Rules draw operations, mostly sensible ones; the model says what must become of them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.real, self.model = Template.copies(Path(self.folder.name) / "chain")
        for name in (*SLUGS, "stranger", *(f"spare {number}" for number in range(4))):
            self.real.know(name)
        self.count = 0
        self.now = self.real.chain.head().timestamp

    def teardown(self) -> None:
        self.model.now = self.real.chain.head().timestamp
        for slug in SLUGS:
            allowed = True
            try:
                self.model.require_policy(slug)
            except Refused:
                allowed = False
            assert self.real.may_act(self.model.participants[slug].address) == allowed, slug
        for batch in self.model.batches.values():
            self.compare(batch)
        self.real.close()
        self.folder.cleanup()

    def compare(self, batch: Batch) -> None:
        found = self.real.batch(id_of(self.model.participants[batch.name[0]].address, batch.name[1]))
        assert found == expected_batch(batch, self.model), batch.name

    def step(self, op: dict[str, Any], account: str | None = None) -> None:
        """Let both perform the operation."""
        account = account or self.model.account_of(op.get("as"))
        head = self.real.chain.head()
        self.now += 1
        self.model.now = self.now
        call = self.real.call_of(op, account, self.model)
        touched: set[Name] = set()
        expected: Refused | None = None
        try:
            touched = self.model.apply(op, account)
        except Refused as refused:
            expected = refused
        if expected and expected.error == "InputError":
            return  # the client does not even send it
        refusal = self.real.apply(call, account, timestamp=self.now)
        assert (refusal and type(refusal).__name__) == (expected and expected.error), f"{op}: {refusal}"
        if refusal is not None and expected is not None:
            known = {key: refusal.arguments.get(key) for key in expected.arguments}
            assert known == expected.arguments
            assert self.real.chain.head() == head
        for name in touched:
            self.compare(self.model.batches[name])

    # --- drawing ------------------------------------------------------------------------------------

    def batch(self, data: st.DataObject) -> Batch:
        """A batch: as a rule one that can be used."""
        usable = [b for b in self.model.batches.values() if b.state == "active" and not b.frozen]
        anything = data.draw(RARELY) or not usable
        return data.draw(st.sampled_from(list(self.model.batches.values()) if anything else usable))

    def actor(self, data: st.DataObject, slug: str) -> str:
        return data.draw(st.sampled_from(SLUGS)) if data.draw(RARELY) else slug

    def fresh(self, data: st.DataObject, kind: str) -> str:
        """An identifier: new, save for now and then."""
        if data.draw(RARELY):
            return data.draw(st.sampled_from((f"{kind}1", f"{kind}2", "", "x" * 256, "x" * 257, "é" * 129)))
        self.count += 1
        return f"{kind}{self.count}"

    def mass(self, data: st.DataObject, whole: int) -> int:
        """Some part of a mass; now and then nothing, or too much."""
        if data.draw(RARELY):
            return data.draw(st.sampled_from((0, whole + 1, LARGEST, LARGEST + 1)))
        part = data.draw(st.one_of(st.sampled_from((1, whole // 2, whole - 1, whole)), st.integers(1, 10**6)))
        return max(1, part if part <= whole else whole * part // 10**6)

    def emissions(self, data: st.DataObject, typical: int) -> dict[str, int]:
        amount = st.one_of(st.just(0), st.integers(0, typical), st.integers(0, 2**40))
        given = {f"scope{number}": data.draw(amount) for number in (1, 2, 3)}
        total = sum(given.values())
        given["primary"] = total + 1 if data.draw(RARELY) else data.draw(st.integers(0, total))
        if data.draw(RARELY):
            given["scope1"] = data.draw(st.sampled_from((LARGEST, LARGEST + 1)))
        return given

    def at(self, data: st.DataObject) -> int:
        near = st.sampled_from((self.now, self.now + DAY, self.now + DAY + 1, self.now + DAY + 2, FUTURE))
        return data.draw(near if data.draw(RARELY) else st.sampled_from(TIMES))

    # --- rules --------------------------------------------------------------------------------------

    @rule(data=st.data())
    def mint(self, data: st.DataObject) -> None:
        site = data.draw(
            st.sampled_from([("mine/pit", "ore"), ("mine/pit", "cobalt"), ("smelter/yard", "blend")])
        )
        facility, material = site
        if data.draw(RARELY):
            facility = data.draw(st.sampled_from([*FACILITIES, "mine/none"]))
            material = data.draw(st.sampled_from([*MATERIALS, "unknown"]))
        slug = self.actor(data, facility.partition("/")[0])
        mass = self.mass(data, data.draw(st.sampled_from((1, 7, 10**6, 10**12, CAPACITY // 2))))
        listed = MATERIALS["blend" if data.draw(RARELY) else material if material in MATERIALS else "ore"]
        limit, substances = mass + 1 if data.draw(RARELY) else mass, {}
        for name in listed:
            if data.draw(st.booleans()):
                substances[name] = data.draw(st.one_of(st.just(limit), st.integers(0, limit)))
                limit -= substances[name]
        recycled = data.draw(st.sampled_from(("post_consumer", "pre_consumer")))
        mined = FACILITIES.get(facility) == "mine"
        op = {
            "op": "mint",
            "as": slug,
            "batch": self.fresh(data, "L"),
            "material": material,
            "facility": facility,
            "mass": mass,
            "substances": substances,
            "origin": "mined" if mined != data.draw(RARELY) else recycled,
            "emissions": self.emissions(data, mass),
            "at": self.at(data),
        }
        self.step(op)

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        batch = self.batch(data)
        left, into = batch.pools.mass, []
        for _ in range(data.draw(st.integers(0 if data.draw(RARELY) else 1, 3))):
            mass = self.mass(data, left)
            into.append({"batch": self.fresh(data, "L"), "mass": mass})
            left = max(0, left - mass)
        slug = self.actor(data, batch.custodian)
        self.step(
            {"op": "split", "as": slug, "batch": "/".join(batch.name), "into": into, "at": self.at(data)}
        )

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        first = self.batch(data)
        own = [
            b for b in self.model.batches.values() if b.custodian == first.custodian and b.state == "active"
        ]
        more = data.draw(st.lists(st.sampled_from(own), max_size=2, unique_by=id)) if own else []
        batches = [first, *(batch for batch in more if batch is not first or data.draw(RARELY))]
        receivers = ("ghost", *SLUGS) if data.draw(RARELY) else SLUGS
        op = {
            "op": "ship",
            "as": self.actor(data, first.custodian),
            "shipment": self.fresh(data, "S"),
            "batches": [] if data.draw(RARELY) else ["/".join(batch.name) for batch in batches],
            "to": data.draw(st.sampled_from(receivers)),
            "emissions": self.emissions(data, first.pools.mass),
            "at": self.at(data),
        }
        self.step(op)

    @precondition(lambda self: self.model.shipments)
    @rule(data=st.data(), kind=st.sampled_from(("receive", "receive", "receive", "reject", "cancel")))
    def answer(self, data: st.DataObject, kind: str) -> None:
        open_ones = [s for s in self.model.shipments.values() if s.state == "open"]
        anything = data.draw(RARELY) or not open_ones
        shipment = data.draw(st.sampled_from(list(self.model.shipments.values()) if anything else open_ones))
        name = "mine/never" if data.draw(RARELY) else "/".join(shipment.name)
        op = {"op": kind, "shipment": name, "at": self.at(data)}
        if kind == "cancel":
            op["as"] = shipment.name[0]
        else:
            op["as"] = self.actor(data, shipment.receiver)
        if kind == "receive":
            op["arrived"] = {
                "/".join(batch): self.mass(data, self.model.batches[batch].pools.mass)
                for batch in shipment.batches
                if data.draw(st.booleans())
            }
        self.step(op)

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def transform(self, data: st.DataObject) -> None:
        first = self.batch(data)
        usable = [
            b for b in self.model.batches.values() if b.custodian == first.custodian and b.state == "active"
        ]
        more = data.draw(st.lists(st.sampled_from(usable), max_size=2, unique_by=id)) if usable else []
        chosen = [first, *(batch for batch in more if batch is not first or data.draw(RARELY))]
        inputs, gave = [], dict.fromkeys(SYMBOLS, 0)
        for batch in chosen:
            whole = batch.pools.mass
            full = data.draw(st.booleans())
            mass = whole if full else self.mass(data, whole)
            inputs.append({"batch": "/".join(batch.name)} | ({} if full else {"mass": mass}))
            for number, held in batch.pools.substances.items():
                gave[number] += held * min(mass, whole) // whole if whole else 0
        economic = data.draw(st.booleans())
        outputs, left = self.outputs(data, gave, economic=economic)
        if data.draw(RARELY):
            left[data.draw(st.sampled_from(list(left)))] += 1
        op = {
            "op": "transform",
            "as": self.actor(data, first.custodian),
            "transformation": self.fresh(data, "T"),
            "facility": self.site(data, first.custodian),
            "process": "refining",
            "inputs": inputs,
            "outputs": [] if data.draw(RARELY) else outputs,
            "allocation": "economic" if economic else "mass",
            "losses": "balance",
            "emissions": self.emissions(data, first.pools.mass),
            "at": self.at(data),
        }
        if data.draw(st.booleans()):
            op["losses"] = {SYMBOLS[number]: mass for number, mass in left.items() if mass}
        self.step(op)

    def site(self, data: st.DataObject, slug: str) -> str:
        own = [name for name in FACILITIES if name.startswith(f"{slug}/")]
        anywhere = data.draw(RARELY) or not own
        return data.draw(st.sampled_from([*FACILITIES, "mine/none"] if anywhere else own))

    def outputs(
        self, data: st.DataObject, gave: dict[int, int], *, economic: bool
    ) -> tuple[list[dict[str, Any]], dict[int, int]]:
        outputs, left = [], dict(gave)
        for _ in range(data.draw(st.integers(1, 3))):
            material = data.draw(st.sampled_from(["blend", "blend", *MATERIALS]))
            held = {}
            for name in MATERIALS[material]:
                number = next(n for n, symbol in SYMBOLS.items() if symbol == name)
                share = data.draw(st.one_of(st.just(left[number]), st.integers(0, left[number])))
                held[name] = share + 1 if data.draw(RARELY) and data.draw(RARELY) else share
                left[number] -= share
            mass = sum(held.values()) + data.draw(st.integers(-1 if data.draw(RARELY) else 0, 10**6))
            mass = max(mass, 0)
            output: dict[str, Any] = {"batch": self.fresh(data, "L"), "material": material, "mass": mass}
            output["substances"] = held
            if economic != (data.draw(RARELY) and data.draw(RARELY)):
                output["weight"] = data.draw(st.one_of(st.integers(1, 10), st.integers(1, 2**64 - 1)))
            outputs.append(output)
        return outputs, left

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def add_emissions(self, data: st.DataObject) -> None:
        batch = self.batch(data)
        op = {"op": "add_emissions", "as": self.actor(data, batch.custodian), "batch": "/".join(batch.name)}
        emissions = self.emissions(data, batch.pools.mass)
        self.step({**op, "emissions": emissions, "reason": "storage", "at": self.at(data)})

    @precondition(lambda self: len(self.model.batches) > 3)
    @rule(data=st.data())
    def retire(self, data: st.DataObject) -> None:
        batch = self.batch(data)
        op = {"op": "retire", "as": self.actor(data, batch.custodian), "batch": "/".join(batch.name)}
        how = data.draw(st.sampled_from(("consumed_outside", "disposed", "delivered")))
        self.step({**op, "how": how, "at": self.at(data)})

    @precondition(lambda self: len(self.model.batches) > 3)
    @rule(data=st.data())
    def declare_error(self, data: st.DataObject) -> None:
        batch = self.batch(data)
        slug = data.draw(st.sampled_from((batch.name[0], "auditor", *SLUGS, None)))
        name = "mine/never" if data.draw(RARELY) else "/".join(batch.name)
        reason = data.draw(st.sampled_from(("did_not_occur", "incorrect_data")))
        op = {"op": "declare_error", "as": slug, "batch": name, "reason": reason, "at": self.at(data)}
        account = self.real.know("stranger") if data.draw(RARELY) else None
        self.step({key: value for key, value in op.items() if value is not None}, account)

    @rule(
        data=st.data(), kind=st.sampled_from(("suspend", "reinstate", "reinstate", "reinstate", "terminate"))
    )
    def change_standing(self, data: st.DataObject, kind: str) -> None:
        if kind == "terminate" and not data.draw(RARELY):
            kind = "reinstate"
        slug = data.draw(st.sampled_from((*SLUGS, "ghost") if data.draw(RARELY) else SLUGS))
        op = {"op": f"{kind}_participant", "participant": slug, "reason": "finding"}
        signer = data.draw(st.sampled_from((CONSORTIUM, CONSORTIUM, "auditor", "maker", "stranger")))
        self.step(op, signer if signer == CONSORTIUM else self.real.know(signer))

    @rule(data=st.data(), kind=st.sampled_from(("add", "add", "revoke", "rotate")))
    def change_keys(self, data: st.DataObject, kind: str) -> None:
        names = [self.real.know(name) for name in ("mine", "stranger", *(f"spare {n}" for n in range(4)))]
        slug = data.draw(st.sampled_from(("mine", "mine", "maker", "ghost")))
        key = st.sampled_from(names)
        op = {"op": f"{kind}_operator", "participant": slug, "operator": data.draw(key)}
        if kind == "rotate":
            op["successor"] = data.draw(key)
        self.step(op, data.draw(st.sampled_from((CONSORTIUM, self.real.know("mine"), *names))))

    @precondition(lambda self: self.model.batches)
    @rule(data=st.data())
    def act_with_another_key(self, data: st.DataObject) -> None:
        batch = self.batch(data)
        keys = [key for key, (slug, _) in self.model.keys.items() if slug == batch.custodian]
        account = data.draw(st.sampled_from([*keys, self.real.know("stranger")]))
        op = {"op": "add_emissions", "as": batch.custodian, "batch": "/".join(batch.name), "reason": "heat"}
        self.step({**op, "emissions": {"scope2": 1}, "at": 1768629600}, account)

    @invariant()
    def masses_are_conserved(self) -> None:
        """The model itself: no batch holds less than nothing, or more of a substance than was minted."""
        for batch in self.model.batches.values():
            pools = batch.pools
            assert min(pools.mass, pools.own, pools.inherited, pools.primary) >= 0
            assert (pools.mass == 0) == (batch.state == "consumed")
            # Floors of takes can leave a milligram a substance over.
            assert batch.uses or sum(pools.substances.values()) <= pools.mass + len(pools.substances)


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(
    max_examples=max(12, settings().max_examples // 8),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
