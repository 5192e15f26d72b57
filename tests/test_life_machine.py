"""Drives the client beside the reference model through what is rare: both take a step, or both refuse it.

Answers by lot, measurements, holds, second lives, reversals, restatements; they must leave the same batches.
The operations of every day, and registry and assurance, are drawn by ``tests/test_state_machine.py``.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import eth.vm  # noqa: F401  (raises the recursion limit, which must not change during an example)
import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.clients import check_contracts_and_index, client_of, new_client, write
from tests.contract_batch import as_contract, batch_of
from tests.real_ledger import expected_batch, id_of, in_short
from tests.reference import chains, rarer
from tests.reference.chains import Builder, Operation
from tests.reference.values import Name, Refused
from traceledger.client.client import Client
from traceledger.errors import TraceLedgerError
from traceledger.refusals import Refusal

RANDOM = st.randoms(use_true_random=False)
UNSENT = ("InputError", "UnknownNameError")
"""What the client itself refuses, by whatever name."""


class Template:
    """A network in the middle of its life, made once: each example goes on with a copy of it."""

    ops: list[Operation] | None = None
    folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def copy(cls, to: Path) -> list[Operation]:
        if cls.ops is None:
            cls.folder = tempfile.TemporaryDirectory()
            home = Path(cls.folder.name) / "home"
            builder = rarer.build(11, operations=170)
            with new_client(home) as client:
                client.submit(write(home / "operations.jsonl", builder.ops), create_keys=True)
            cls.ops = builder.ops
        shutil.copytree(Path(cls.folder.name) / "home", to)
        return cls.ops


class Both(Builder):
    """Lets model and client take each operation, and compares."""

    def __init__(self, ops: list[Operation], client: Client, folder: Path) -> None:
        self.client = None
        super().__init__(Random(0), ops)
        self.client, self.file = client, folder / "step.jsonl"
        # Identifiers that the founding has not used.
        self._count = 1000

    def add(self, op: Operation) -> None:
        if self.client is None:
            super().add(op)
            return
        self.try_add(op)

    def try_add(self, op: Operation) -> bool:
        expected: Refused | None = None
        touched: set[Name] = set()
        try:
            touched = self.ledger.apply(op)
        except Refused as refused:
            expected = refused
        refusal = self.sent(op)
        assert (refusal is None) == (expected is None), f"{op}: model {expected}, client {refusal}"
        if isinstance(refusal, Refusal) and expected is not None and expected.error not in UNSENT:
            assert type(refusal).__name__ == expected.error, f"{op}: {refusal}"
        if expected is None:
            self.ops.append(op)
            self.compare(touched)
        return expected is None

    def compare(self, touched: set[Name]) -> None:
        """That contracts and index have these batches as the model does."""
        assert self.client is not None
        self.client.sync()
        ledger, addresses = self.client.network.deployed().ledger, {}
        for participant in self.client.index.participants():
            addresses[participant.slug] = "0x" + participant.address.hex()
        for name in touched:
            batch_id, batch = id_of(addresses[name[0]], name[1]), self.ledger.batches[name]
            on_chain, indexed = (
                batch_of(self.client.chain, ledger, batch_id),
                self.client.index.batch(batch_id),
            )
            expected = expected_batch(batch, self.ledger) | {"custodian": addresses[batch.custodian]}
            assert in_short(on_chain) == expected, name
            assert indexed is not None
            assert as_contract(indexed) == on_chain

    def sent(self, op: Operation) -> TraceLedgerError | None:
        assert self.client is not None
        head = self.client.chain.head()
        try:
            self.client.submit(write(self.file, [op]))
        except TraceLedgerError as error:
            assert self.client.chain.head() == head, f"{op}: refused, and yet recorded: {error}"
            return error
        return None


class LifeMachine(RuleBasedStateMachine):
    """Rules let one of the random chains' steps draw an operation, mostly a sensible one."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        folder = Path(self.home.name) / "home"
        ops = Template.copy(folder)
        self.client = client_of(folder)
        self.both = Both(ops, self.client, folder)

    def teardown(self) -> None:
        check_contracts_and_index(self.client, self.both.ledger)
        self.client.close()
        self.home.cleanup()

    def step(self, rng: Random, *steps: Any) -> None:
        self.both.rng = rng
        for _ in range(2):
            rng.choice(steps)(self.both)

    @rule(rng=RANDOM)
    def make(self, rng: Random) -> None:
        self.step(rng, chains.mint, rarer.mint_untraced, rarer.make_product, chains.transform, chains.split)

    @rule(rng=RANDOM)
    def move(self, rng: Random) -> None:
        self.step(rng, chains.ship, chains.ship, rarer.send_waste, rarer.send_back)

    @rule(rng=RANDOM)
    def answer(self, rng: Random) -> None:
        self.step(rng, rarer.answer_by_lot, rarer.answer_by_lot, chains.answer)

    @rule(rng=RANDOM)
    def remeasure(self, rng: Random) -> None:
        self.step(rng, rarer.remeasure)

    @rule(rng=RANDOM)
    def mark(self, rng: Random) -> None:
        self.step(rng, rarer.hold_or_release, rarer.hold_or_release, chains.declare_error)

    @rule(rng=RANDOM)
    def live_again(self, rng: Random) -> None:
        self.step(rng, rarer.deliver, rarer.take_back, rarer.recycle)

    @rule(rng=RANDOM)
    def put_right(self, rng: Random) -> None:
        self.step(rng, rarer.reverse, rarer.reverse, rarer.restate, rarer.add_record)


TestLife = LifeMachine.TestCase
TestLife.settings = settings(
    max_examples=5 if settings().max_examples < 1000 else settings().max_examples // 8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
