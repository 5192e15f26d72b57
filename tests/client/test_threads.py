"""One client in many threads: reading waits for nothing, and after closing every use says so."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import pytest

from tests.clients import client_of, new_client, write
from tests.reference.chains import Operation
from tests.rpc_networks import anvil, deployed
from traceledger.client.client import Client
from traceledger.errors import BusyError, ClosedError
from traceledger.model.patience import Patience

READERS = 8
AT = "2026-01-17T06:00:00Z"
FOUNDING: list[Operation] = [
    {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
    {
        "op": "register_participant",
        "participant": "mine",
        "name": "Mine",
        "country": "CD",
        "roles": ["producer"],
    }
    | {"private": True},
    {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "900 t"},
]


def minted(number: int) -> Operation:
    return {
        "op": "mint",
        "as": "mine",
        "batch": f"B-{number}",
        "material": "ore",
        "facility": "pit",
        "mass": "1 t",
        "substances": {"Co": "1 kg"},
        "origin": "mined",
        "at": AT,
    }


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("founded")
    with new_client(folder / "net") as client:
        client.submit(write(folder / "ops.jsonl", [*FOUNDING, minted(0)]), create_keys=True)
        client.sync()
    return folder / "net"


@pytest.fixture
def client(founded: Path, tmp_path: Path) -> Iterator[Client]:
    shutil.copytree(founded, tmp_path / "net")
    with client_of(tmp_path / "net") as found:
        yield found


def test_readers_see_whole_blocks_while_another_thread_syncs(client: Client, tmp_path: Path) -> None:
    """Every snapshot holds what the chain held at its block: batches are minted three a block."""
    stop = threading.Event()
    begun = threading.Barrier(READERS + 1)

    def read() -> set[int]:
        seen = set()
        begun.wait(timeout=60)
        while True:
            last = stop.is_set()
            with client.index.snapshot():
                head, batches = client.index.head_block(), client.index.batches()
                events = [len(client.index.history(batch.id)) for batch in batches]
                assert client.index.head_block() == head
                assert len(client.index.batches()) == len(batches)
            assert events == [1] * len(batches)
            assert len(batches) % 3 == 1, "a block is seen whole or not at all"
            assert client.disclosed.participants()[0].name == "Mine"
            assert client.chain.head().number >= (head or 0)
            seen.add(len(batches))
            if last:
                return seen

    path = write(tmp_path / "ops.jsonl", [*FOUNDING, *(minted(number) for number in range(31))])
    with ThreadPoolExecutor(READERS) as pool:
        reading = [pool.submit(read) for _ in range(READERS)]
        try:
            begun.wait(timeout=60)
            client.submit(path, block_size=3, progress=lambda _done, _of: client.sync() and None)
            client.sync()
        finally:
            stop.set()
        seen = [future.result(timeout=120) for future in as_completed(reading)]
    assert all(31 in each for each in seen), "the last snapshot holds everything"
    assert len(client.index.participants()) == 1


def test_reading_does_not_wait_for_a_writer(client: Client, founded: Path) -> None:
    """Another process holds the writer's lock of the index and of the chain all the time."""
    files = (client.network.index_file, client.network.chain_file)
    assert client.index.batches()
    writers = [sqlite3.connect(path, isolation_level=None) for path in files]
    try:
        for writer in writers:
            writer.execute("BEGIN IMMEDIATE")
        with client_of(client.network.source.parent, patience=Patience(sqlite_busy=0.0)) as hasty:
            assert len(hasty.index.batches()) == 1
            assert hasty.chain.head() == client.chain.head()
    finally:
        for writer in writers:
            writer.close()


def closed_before(client: Client) -> None:
    with client:
        pass


def test_the_last_snapshot_is_read_while_another_process_writes_the_next_block(client: Client) -> None:
    client.sync()
    mint: dict[str, str] = {"material": "ore", "facility": "pit", "mass": "1 t", "origin": "mined", "at": AT}
    client.mint("B-1", act_as="mine", **mint)  # type: ignore[arg-type]
    before = client.index.head_block()
    assert before is not None
    assert before < client.chain.head().number
    writer = sqlite3.connect(client.network.index_file, isolation_level=None)
    folder = client.network.source.parent
    try:
        writer.execute("BEGIN IMMEDIATE")
        with client_of(folder, patience=Patience(catch_up=0.0, sqlite_busy=3600.0)) as reader:
            assert reader.trace("mine/B-0").batches == 1
            assert reader.standing("mine").may_act
            assert reader.refresh() is None
            assert reader.index.head_block() == before
        with (
            client_of(folder, patience=Patience(sqlite_busy=0.0)) as hasty,
            pytest.raises(BusyError, match="another process is writing"),
        ):
            hasty.sync()
    finally:
        writer.close()
    assert client.refresh()
    assert client.trace("mine/B-1").batches == 1


def test_a_snapshot_of_nothing_is_not_read(client: Client) -> None:
    """The other process has begun to make the index: nobody knows yet what it will hold."""
    folder, file = client.network.source.parent, client.network.index_file
    with client_of(folder) as other:
        client.close()
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        assert other.index.head_block() is None
        writer = sqlite3.connect(file, isolation_level=None)
        try:
            writer.execute("BEGIN IMMEDIATE")
            with client_of(folder, patience=Patience(catch_up=0.0)) as reader, pytest.raises(BusyError):
                reader.trace("mine/B-0")
        finally:
            writer.close()


USES: dict[str, Callable[[Client], object]] = {
    "trace": lambda client: client.trace("mine/B-0"),
    "index": lambda client: client.index,
    "chain": lambda client: client.chain,
    "signers": lambda client: client.signers,
    "disclosures": lambda client: client.disclosures,
    "plan": lambda client: client.plan([minted(1)]),
    "mint": lambda client: client.mint(
        "B-1", act_as="mine", material="ore", facility="pit", mass="1 t", origin="mined", at=AT
    ),
    "outbox": lambda client: client.outbox(),
    "submit": lambda client: client.submit("nothing.jsonl"),
    "send_file": lambda client: client.send_file("nothing.tx"),
    "export_disclosures": lambda client: client.export_disclosures("file", everything=True),
    "export_proof": lambda client: client.export_proof("mine/B-0", "file"),
    "deploy": lambda client: client.deploy(),
    "check": lambda client: client.check(),
    "with": closed_before,
}


@pytest.mark.parametrize("use", USES)
def test_after_closing_every_use_says_so(use: str, founded: Path) -> None:
    client = client_of(founded)
    client.check()
    client.close()
    with pytest.raises(ClosedError, match="the client is closed") as refused:
        USES[use](client)
    assert "\n" not in str(refused.value)
    assert "traceledger.connect()" in refused.value.hint


def test_what_a_closed_client_gave_out_is_closed_in_all_threads(client: Client) -> None:
    index, chain, disclosures, disclosed = client.index, client.chain, client.disclosures, client.disclosed
    go_on = threading.Event()
    read = threading.Event()

    def use_twice() -> list[str]:
        assert index.batches()
        assert disclosures.all()
        assert chain.head().number
        read.set()
        assert go_on.wait(timeout=60)
        said = []
        for use in (index.batches, disclosed.facilities, chain.head, disclosures.all):
            with pytest.raises(ClosedError) as refused:
                use()
            said.append(refused.value.what)
        return said

    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(use_twice)
        assert read.wait(timeout=60)
        client.close()
        go_on.set()
        assert said.result(timeout=60) == [
            "the index is closed",
            "the index is closed",
            "the chain is closed",
            "the store of private texts is closed",
        ]


def test_closing_forgets_the_unlocked_keys(client: Client) -> None:
    signers, address = client.signers, client.signers.address_of("mine")
    signer = signers.unlock(address)
    assert len(signer.sign_hash(bytes(32))) == 65
    client.close()
    for use in (lambda: signer.sign_hash(bytes(32)), lambda: signers.unlock(address)):
        with pytest.raises(ClosedError, match="the store of keys is closed"):
            use()


def test_closing_while_others_read_breaks_nothing_off_but_their_reading(founded: Path) -> None:
    for _ in range(10):
        client = client_of(founded)
        begun = threading.Barrier(READERS + 1)

        def read(client: Client = client, begun: threading.Barrier = begun) -> None:
            index = client.index
            begun.wait(timeout=60)
            while True:
                index.batches()
                index.participants()

        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(read) for _ in range(READERS)]
            begun.wait(timeout=60)
            client.close()
            for future in reading:
                with pytest.raises(ClosedError, match="closed"):
                    future.result(timeout=60)


def test_threads_record_one_after_another(client: Client) -> None:
    def mint(number: int) -> int:
        minting = {"material": "ore", "facility": "pit", "mass": "1 t", "origin": "mined", "at": AT}
        return client.mint(f"T-{number}", act_as="mine", **minting).block  # type: ignore[arg-type]

    with ThreadPoolExecutor(4) as pool:
        blocks = list(pool.map(mint, range(8)))
    assert len(set(blocks)) == 8
    client.sync()
    assert len(client.index.batches()) == 9


@pytest.mark.real("anvil")
def test_a_network_is_read_by_many_threads_while_one_records(tmp_path: Path) -> None:
    with anvil(tmp_path / "anvil") as url, deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "founding.jsonl", FOUNDING), create_keys=True)
        stop = threading.Event()

        def read() -> int:
            while not stop.is_set():
                head = client.chain.head()
                assert client.chain.block_ref(head.number) is not None
                client.sync()
                with client.index.snapshot():
                    assert len(client.index.batches()) == len(client.index.batches())
            client.sync()
            return len(client.index.batches())

        with ThreadPoolExecutor(READERS) as pool:
            reading = [pool.submit(read) for _ in range(READERS)]
            try:
                client.submit(write(tmp_path / "ops.jsonl", [minted(number) for number in range(12)]))
            finally:
                stop.set()
            assert [future.result(timeout=120) for future in reading] == [12] * READERS
