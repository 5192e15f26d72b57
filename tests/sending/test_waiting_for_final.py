"""What another account did is built upon once it is final: no reorganisation can then turn the two about."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clients import write
from tests.reference.chains import Operation
from tests.rpc_networks import anvil, ask, contracts_of, deployed, final_after, light, write_network
from traceledger.chain.base import BlockRef
from traceledger.client.client import Client
from traceledger.errors import NetworkError
from traceledger.model.patience import Patience
from traceledger.sending import one as perform
from traceledger.sending.jobs import Course, Job

pytestmark = pytest.mark.real("anvil")
AT = "2026-01-17T06:00:00Z"
BUILT_UPON = 6
"""A block is taken for final once so many stand upon it."""

FOUNDING: list[Operation] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    *(
        {"op": "register_participant", "participant": slug, "name": slug, "country": "FI", "roles": [role]}
        for slug, role in (("mine", "producer"), ("mill", "processor"))
    ),
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "FI"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "9 t", "at": AT},
    {"op": "mint", "as": "mine", "batch": "B", "material": "ore", "facility": "pit", "mass": "1 t"}
    | {"substances": {"Co": "1 kg"}, "origin": "mined", "at": AT},
]
SHIP: Operation = {"op": "ship", "as": "mine", "shipment": "S", "batches": ["B"], "to": "mill", "at": AT}
RECEIVE: Operation = {"op": "receive", "as": "mill", "shipment": "mine/S", "at": AT}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """A client of a network with a mine and a mill, where a batch is ready; from now on a block a second."""
    with anvil(tmp_path / "anvil") as url, deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "founding.jsonl", FOUNDING), create_keys=True)
        ask(url, "evm_setAutomine", False)
        ask(url, "evm_setIntervalMining", 1)
        yield client


def blocks_of(client: Client) -> tuple[int, int]:
    """The blocks in which the batch was shipped, and received; nothing has failed."""
    done = [
        item for block in client.chain.blocks(1, client.chain.head().number) for item in block.transactions
    ]
    assert all(item.succeeded for item in done)
    client.sync()
    (batch,) = client.index.batches()
    history = {event.event.__class__.__name__: event.block for event in client.index.history(batch.id)}
    return history["ShipmentOffered"], history["ShipmentReceived"]


def test_of_a_file(client: Client, tmp_path: Path) -> None:
    with final_after(tmp_path / "net", client.network.urls[0], BUILT_UPON) as late:
        late.submit(write(tmp_path / "ops.jsonl", [SHIP, RECEIVE]))
        shipped, received = blocks_of(late)
    assert received > shipped + BUILT_UPON


@pytest.mark.parametrize("way", ["command", "file"])
def test_of_another_machine(way: str, client: Client, tmp_path: Path) -> None:
    (url,) = client.network.urls
    table = contracts_of(tmp_path / "net")
    write_network(tmp_path / "mill", [url], keys=client.network.keys, contracts=table)
    shipping = threading.Thread(target=ship, args=[tmp_path])
    with final_after(tmp_path / "mill", url, BUILT_UPON) as mill:
        shipping.start()
        deadline = time.monotonic() + 60
        try:
            while not mill.index.shipments():
                assert time.monotonic() < deadline, "nothing was shipped"
                mill.sync()
            assert mill.index.last_change() > mill.chain.final().number
            if way == "file":
                mill.submit(write(tmp_path / "receive.jsonl", [RECEIVE]))
            else:
                mill.receive("mine/S", act_as="mill", at=AT)
            shipped, received = blocks_of(mill)
        finally:
            shipping.join()
    assert received > shipped + BUILT_UPON


def ship(folder: Path) -> None:
    """Ship from the other machine, whose node takes every block for final."""
    with light(folder / "net") as mine:
        mine.submit(write(folder / "ship.jsonl", [SHIP]))


def test_a_network_that_has_stopped_is_said_to_have(client: Client, tmp_path: Path) -> None:
    """Nothing was sent, so nothing is said to be kept."""
    client.sync()
    (url,) = client.network.urls
    never = 10**6
    with (
        final_after(tmp_path / "net", url, never, patience=Patience(idle=0.5)) as stalled,
        pytest.raises(NetworkError, match="no block became final in time") as stopped,
    ):
        stalled.submit(write(tmp_path / "ops.jsonl", [SHIP]))
    assert "kept" not in str(stopped.value)


@dataclass
class TakenBack:
    """What sends, where another machine performs the same first, in a block that is replaced.

    No node can be made to do that at the right moment. ``on_chain`` is how often it has happened, by look.
    """

    on_chain: list[int]
    runs: int = 0

    def run(self, jobs: Sequence[Job], count: Callable[[Job], int]) -> list[Course]:
        self.runs += 1
        (job,) = jobs
        return [Course(job, "done" if count(job) >= job.occurrence else "final")]

    def await_final(self, _number: int) -> bool:
        return True

    def receipt_of(self, course: Course, _since: int) -> str:
        return course.stage

    @property
    def chain(self) -> TakenBack:
        return self

    def final(self) -> BlockRef:
        return BlockRef(0, bytes(32), bytes(32), 0)

    def last_change(self) -> int:
        return 1

    def operation_count(self, *_: bytes) -> int:
        return self.on_chain.pop(0)


@pytest.mark.parametrize(("on_chain", "runs", "stage"), [([0, 1, 0, 0], 2, "final"), ([0, 1, 1], 1, "done")])
def test_what_another_machine_did_counts_only_once_it_is_final(
    on_chain: list[int], runs: int, stage: str
) -> None:
    sending = TakenBack(on_chain)
    job = Job(b"account", b"to", b"data", 21_000, b"actor", 1, "retire", "command")
    found = perform.dispatched(sending, job, sending, lambda: None)  # type: ignore[arg-type]
    assert (found, sending.runs) == (stage, runs)
    assert not sending.on_chain
