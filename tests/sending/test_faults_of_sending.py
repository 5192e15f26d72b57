"""Sending to a real node, with every fault there is: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import rpc_networks
from tests.clients import PASSPHRASE, check_contracts_and_index, model_of, write
from tests.disk import no_room
from tests.faulty_endpoint import (
    Exchange,
    FaultyEndpoint,
    Reply,
    dropped,
    garbled,
    in_turn,
    lost_answer,
    none,
    only,
)
from tests.reference.chains import Operation, build
from tests.rpc_networks import CHAIN_ID, anvil, ask, contracts_of, final_after, write_network
from traceledger.chain.rpc.chain import RpcChain
from traceledger.client.client import Client
from traceledger.errors import NetworkError
from traceledger.model.patience import Patience
from traceledger.refusals import Refusal
from traceledger.sending.outbox import Entry, Outbox

pytestmark = pytest.mark.real("anvil")

AT = "2026-01-17T06:00:00Z"
DEPLOYMENT = 9


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with anvil(tmp_path / "anvil") as found:
        yield found


QUICK = Patience(resend=0.3, longest_resend=1.0, suspect=0.1, idle=60.0, longest_pause=0.1)
"""Not to wait for seconds where tenths do."""
deployed = partial(rpc_networks.deployed, patience=QUICK)
light = partial(rpc_networks.light, patience=QUICK)


def entries(client: Client) -> list[Entry]:
    """What the outbox holds; no node is asked."""
    genesis = client.chain.genesis_hash()
    with Outbox.open(
        client.network.outbox_file, chain_id=client.chain.chain_id, genesis_hash=genesis
    ) as outbox:
        return outbox.entries()


def mined(client: Client, since: int = 0) -> list[bool]:
    """Of every transaction on the chain after a block, whether it succeeded."""
    final = client.chain.final().number
    return [item.succeeded for block in client.chain.blocks(since + 1, final) for item in block.transactions]


def check(
    client: Client, ops: Sequence[Operation], *, exactly: bool = True, since: int | None = None
) -> None:
    """That every operation happened once, and nothing else did: since a block, or the deployment's begin."""
    check_contracts_and_index(client, model_of(ops))
    done = mined(client, since or 0)
    assert sum(done) == len(ops) + (DEPLOYMENT if since is None else 0)
    if exactly:
        assert all(done)
    assert not [entry for entry in entries(client) if entry.unfinished]


OPS = build(21, operations=70).ops

KILLED = """
import sys
from pathlib import Path
from tests.dying import die_at
from tests.rpc_networks import light
from traceledger.chain.rpc.chain import RpcChain
from traceledger.sending.outbox import Outbox

folder, path, point, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])

points = {
    "before recording": (Outbox.record, "call"),
    "recorded, not sent": (Outbox.record, "return"),
    "sent, not noted": (RpcChain.submit_raw, "return"),
    "mined, not noted": (Outbox.update, "call"),
    "noted": (Outbox.update, "return"),
}
if point in points:
    die_at(*points[point], count)
with light(folder) as client:
    client.submit(path, create_keys=True)
"""


def submit_and_die(folder: Path, path: Path, point: str, count: int, passphrase: str = PASSPHRASE) -> int:
    """Submit in a process that kills itself at a point; its exit code."""
    command = [sys.executable, "-c", KILLED, str(folder), str(path), point, str(count)]
    environment = os.environ | {"TRACELEDGER_PASSPHRASE": passphrase}
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False).returncode


POINTS = (
    ("before recording", 1),
    ("recorded, not sent", 1),
    ("sent, not noted", 1),
    ("mined, not noted", 1),
    ("noted", 1),
    ("recorded, not sent", 2),
    ("sent, not noted", 2),
)


@pytest.mark.parametrize(
    ("options", "points"),
    [((), POINTS), (("--block-time", "1"), POINTS[1:3])],
    ids=["at once", "each second"],
)
def test_killed_at_every_point(
    tmp_path: Path, options: tuple[str, ...], points: Sequence[tuple[str, int]]
) -> None:
    path = write(tmp_path / "ops.jsonl", OPS)
    with anvil(tmp_path / "anvil", *options) as url:
        deployed(tmp_path / "net", [url]).close()
        for point, count in points:
            assert submit_and_die(tmp_path / "net", path, point, count) == -signal.SIGKILL, point
        with light(tmp_path / "net") as client:
            done = client.submit(path, create_keys=True)
            assert done.skipped > 0
            check(client, OPS)
            assert client.submit(path).sent == 0


def test_killed_while_deploying(tmp_path: Path, url: str) -> None:
    write_network(tmp_path / "net", [url])
    script = KILLED.replace("client.submit(path, create_keys=True)", "client.deploy()")
    environment = os.environ | {"TRACELEDGER_PASSPHRASE": PASSPHRASE}
    for point, count in (("recorded, not sent", 1), ("sent, not noted", 1), ("noted", 1)):
        command = [sys.executable, "-c", script, str(tmp_path / "net"), "-", point, str(count)]
        killed = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
    with light(tmp_path / "net") as client:
        client.deploy()
        assert mined(client) == [True] * DEPLOYMENT


def test_lost_answers_and_lost_requests(tmp_path: Path, url: str) -> None:
    """The node takes a batch and the answer is lost; or it never sees the batch."""
    path = write(tmp_path / "ops.jsonl", OPS)
    with FaultyEndpoint(url) as endpoint, deployed(tmp_path / "net", [endpoint.url]) as client:
        left = [lost_answer, none, garbled, dropped, lost_answer]
        endpoint.fault = only("eth_sendRawTransaction", in_turn(left))
        client.submit(path, create_keys=True)
        assert not left
        check(client, OPS)


def test_an_answer_that_never_comes_leaves_it_to_the_next_run(tmp_path: Path, url: str) -> None:
    with FaultyEndpoint(url) as endpoint, deployed(tmp_path / "net", [endpoint.url]) as client:

        def last_one(exchange: Exchange) -> Reply:
            endpoint.fault = dropped
            return lost_answer(exchange)

        endpoint.fault = only("eth_sendRawTransaction", last_one)
        with pytest.raises(NetworkError):
            client.define_material("ore", name="Ore")
        (entry,) = [entry for entry in entries(client) if entry.unfinished]
        assert entry.operation == "define_material"
        endpoint.fault = none
        before = client.chain.head().number
        again = client.define_material("ore", name="Ore")
        assert again.transaction == entry.hash
        assert client.chain.head().number == before
        client.sync()
        assert client.index.material("ore")


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[list[Exception]]:
    """Work in another thread; its errors."""
    errors: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  (it is asserted that there is none)
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield errors
    finally:
        thread.join(timeout=120)
        assert not thread.is_alive()
        assert not errors, errors


def test_a_dropped_mempool(tmp_path: Path, url: str) -> None:
    """Transactions that a node forgot are sent again, lower nonces first; none of them blocks the others."""
    path = write(tmp_path / "ops.jsonl", OPS)
    with deployed(tmp_path / "net", [url]) as client:
        ask(url, "evm_setAutomine", False)

        def drop() -> None:
            waiting = wait_for_pool(url)
            lowest = min(waiting, key=lambda item: int(item["nonce"], 16))
            ask(url, "anvil_dropTransaction", lowest["hash"])
            time.sleep(0.2)
            for _ in range(3):
                ask(url, "anvil_dropAllTransactions")
                time.sleep(0.3)
            ask(url, "evm_setIntervalMining", 1)

        with meanwhile(drop):
            client.submit(path, create_keys=True)
        ask(url, "evm_setAutomine", True)
        check(client, OPS)


def wait_for_pool(url: str) -> list[dict[str, Any]]:
    for _ in range(1200):
        content = ask(url, "txpool_content")["pending"]
        waiting = [item for account in content.values() for item in account.values()]
        if waiting:
            return waiting
        time.sleep(0.05)
    pytest.fail("nothing was sent")


def test_reorganisations(tmp_path: Path) -> None:
    """Blocks that were not final are taken back, again and again: what was in them is sent again."""
    with anvil(tmp_path / "anvil") as url, deployed(tmp_path / "net", [url]) as client:
        founding = [op for op in OPS if op["op"] in ("define_material", "register_participant")]
        client.submit(write(tmp_path / "founding.jsonl", founding), create_keys=True)
        path = write(tmp_path / "ops.jsonl", OPS)
        ask(url, "evm_setAutomine", False)
        ask(url, "evm_setIntervalMining", 1)
        client.sync()
        base = client.chain.head().number
        ask(url, "anvil_mine", "0x4")
        late = final_after(tmp_path / "net", url, 4, patience=QUICK)
        rolled = highest = 0
        stop = threading.Event()

        def reorganise() -> None:
            nonlocal rolled, highest
            while not stop.wait(1.7):
                height, depth = int(ask(url, "eth_blockNumber"), 16), 1 + rolled % 3
                highest = max(highest, height)
                # Where blocks come slowly, two in a row would take back what was final.
                if base + 8 < height and highest - 4 < height - depth and rolled < 4:
                    ask(url, "anvil_rollback", depth)
                    rolled += 1

        with late, meanwhile(reorganise):
            try:
                late.submit(path, create_keys=True, exclusive_keys=True)
            finally:
                stop.set()
        assert rolled >= 2, rolled
        check(client, OPS, exactly=False)


RACE = """
import sys
from pathlib import Path
from tests.rpc_networks import light
with light(Path(sys.argv[1])) as client:
    print("ready", flush=True)
    sys.stdin.readline()
    done = client.submit(sys.argv[2])
    print(done.sent, done.skipped)
"""


def race(folders: Sequence[Path], paths: Sequence[Path], passphrase: str = PASSPHRASE) -> list[str]:
    """Submit from several folders at once; what each process printed last."""
    environment = os.environ | {"TRACELEDGER_PASSPHRASE": passphrase}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [
        subprocess.Popen([sys.executable, "-c", RACE, str(folder), str(path)], env=environment, **pipes)
        for folder, path in zip(folders, paths, strict=True)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=400) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    return [output.splitlines()[-1] for output, _ in outputs]


def two_machines(tmp_path: Path, url: str) -> tuple[Client, list[Path]]:
    """A network that is founded, and two folders with the same keys, each with an outbox of its own."""
    client = deployed(tmp_path / "one", [url])
    founding = [op for op in OPS if op["op"] in FOUNDING]
    client.submit(write(tmp_path / "founding.jsonl", founding), create_keys=True)
    table = contracts_of(tmp_path / "one")
    write_network(tmp_path / "two", [url], keys=client.network.keys, contracts=table)
    return client, [tmp_path / "one", tmp_path / "two"]


FOUNDING = ("define_material", "register_participant", "register_facility", "approve_origin")


@pytest.mark.parametrize("options", [(), ("--block-time", "1")], ids=["at once", "each second"])
def test_two_machines_with_the_same_keys_and_file(tmp_path: Path, options: tuple[str, ...]) -> None:
    with anvil(tmp_path / "anvil", *options) as url:
        client, folders = two_machines(tmp_path, url)
        path = write(tmp_path / "ops.jsonl", OPS)
        race(folders, [path, path])
        check(client, OPS, exactly=False)
        client.close()


@pytest.mark.parametrize("options", [(), ("--block-time", "1")], ids=["at once", "each second"])
def test_two_machines_with_the_same_keys_and_other_files(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Each has nonces taken away by the other; what can happen twice is in both files, and happens once."""
    with anvil(tmp_path / "anvil", *options) as url:
        client, folders = two_machines(tmp_path, url)
        founding = [op for op in OPS if op["op"] in FOUNDING]
        shared = [minted("katanga", f"S-{n}") for n in range(6)]
        shared += [added("katanga", f"S-{n}") for n in range(6)]
        files = [[minted("katanga", f"{m}-{n}") for n in range(25)] for m in ("A", "B")]
        client.submit(write(tmp_path / "minted.jsonl", shared[:6]))
        mixed = [files[0][:10] + shared[6:] + files[0][10:], files[1][:5] + shared[6:][::-1] + files[1][5:]]
        paths = [write(tmp_path / f"{n}.jsonl", lines) for n, lines in enumerate(mixed)]
        race(folders, paths)
        check(client, [*founding, *shared, *files[0], *files[1]], exactly=False)
        client.close()


def minted(by: str, batch: str) -> Operation:
    fields = {
        "material": "cobalt-hydroxide",
        "facility": "pit-4",
        "mass": "1 t",
        "substances": {"Co": "1 kg"},
    }
    return {"op": "mint", "as": by, "batch": batch, **fields, "origin": "mined", "at": AT}


def added(by: str, batch: str) -> Operation:
    fields = {"emissions": {"scope2": 5}, "reason": "heat", "at": AT}
    return {"op": "add_emissions", "as": by, "batch": batch, **fields}


def test_a_refused_line_in_the_middle(tmp_path: Path, url: str) -> None:
    """The line is named; those that need it fail with it, and a corrected file goes on from there."""
    founding = [op for op in OPS if op["op"] in FOUNDING]
    lines = [minted("katanga", f"B-{n}") for n in range(30)]
    excess = minted("katanga", "B-x") | {"mass": "900000 t"}
    follower = {"op": "retire", "as": "katanga", "batch": "B-x", "reason": "lost", "at": AT}
    with deployed(tmp_path / "net", [url]) as client:
        path = write(tmp_path / "ops.jsonl", [*founding, *lines[:20], excess, follower, *lines[20:]])
        with pytest.raises(Refusal, match="capacity") as refused:
            client.submit(path, create_keys=True)
        assert refused.value.where == f"{path}:{len(founding) + 21}"
        assert not [entry for entry in entries(client) if entry.unfinished]
        with pytest.raises(Refusal, match="capacity"):
            client.submit(path)
        mended = [*founding, *lines[:20], minted("katanga", "B-x"), follower, *lines[20:]]
        client.submit(write(tmp_path / "mended.jsonl", mended))
        check(client, mended, exactly=False)


class Interrupted(RpcChain):
    """A network while waiting for which somebody loses patience."""

    def nudge(self) -> None:
        raise KeyboardInterrupt


def test_an_interruption_says_what_is_left(tmp_path: Path, url: str) -> None:
    with deployed(tmp_path / "net", [url]) as client:
        ask(url, "evm_setAutomine", False)
        chain = Interrupted.connect(url, expected_chain_id=CHAIN_ID)
        stalled = replace(QUICK, stalled=0.0)
        with (
            light(tmp_path / "net", chain=chain, patience=stalled) as interrupted,
            pytest.raises(KeyboardInterrupt) as stopped,
        ):
            interrupted.define_material("ore", name="Ore")
        assert stopped.value.__notes__ == ["1 transaction kept; run: traceledger outbox resume"]
        ask(url, "evm_setAutomine", True)
        ask(url, "evm_mine")
        assert [entry.state for entry in client.resume()] == ["final"]
        with pytest.raises(Refusal, match="ore"):
            client.define_material("ore", name="Ore")


def test_a_command_that_is_refused(tmp_path: Path, url: str) -> None:
    with deployed(tmp_path / "net", [url]) as client:
        client.define_material("ore", name="Ore")
        with pytest.raises(Refusal, match="ore"):
            client.define_material("ore", name="Ore")
        assert [entry.state for entry in entries(client)][-2:] == ["final", "failed"]


def test_a_full_disk_sends_nothing(tmp_path: Path, url: str) -> None:
    with deployed(tmp_path / "net", [url]) as client:
        head = client.chain.head().number
        client.sync()
        with no_room(), pytest.raises(NetworkError, match=r"outbox.*nothing more was sent"):
            client.define_material("ore", name="Ore")
        assert client.chain.head().number == head


def test_fees_of_a_network(tmp_path: Path) -> None:
    """A network with a base fee: legacy and EIP-1559 transactions both pay it."""
    for extra, kind in (
        ("gas_price = 3000000000\n", "0x0"),
        ("max_fee_per_gas = 3000000000\nmax_priority_fee_per_gas = 1000000000\n", "0x2"),
    ):
        with anvil(tmp_path / kind, base_fee=10**9) as url:
            folder = tmp_path / f"net-{kind}"
            write_network(folder, [url], extra=extra)
            with light(folder) as client:
                address = client.signers.create("deployer").address
                ask(url, "anvil_setBalance", "0x" + address.hex(), hex(10**20))
                client.deploy()
                recorded = client.define_material("ore", name="Ore")
                found = ask(url, "eth_getTransactionByHash", "0x" + recorded.transaction.hex())
                assert found["type"] == kind


def test_without_the_money_it_says_so_and_keeps_it(tmp_path: Path) -> None:
    quick = Patience(resend=0.2, longest_resend=0.3, suspect=0.1, refused=0.8)
    with anvil(tmp_path / "anvil", base_fee=10**9) as url:
        write_network(tmp_path / "net", [url], extra="gas_price = 3000000000\n")
        with light(tmp_path / "net", patience=quick) as client:
            address = client.signers.create("deployer").address
            with pytest.raises(NetworkError, match=r"refuses the transaction .*outbox resume"):
                client.deploy()
            ask(url, "anvil_setBalance", "0x" + address.hex(), hex(10**20))
            client.deploy()
            assert mined(client) == [True] * DEPLOYMENT


def test_over_the_embedded_chains_own_node(tmp_path: Path) -> None:
    """A node that runs what it is given at once, and keeps nothing that is refused."""
    from tests.embedded_nodes import embedded_node

    founding = [op for op in OPS if op["op"] in FOUNDING]
    lines = [minted("katanga", f"B-{n}") for n in range(12)]
    excess = minted("katanga", "B-x") | {"mass": "900000 t"}
    with embedded_node(tmp_path / "chain.sqlite") as url, deployed(tmp_path / "net", [url]) as client:
        path = write(tmp_path / "ops.jsonl", [*founding, *lines[:6], excess, *lines[6:]])
        with pytest.raises(Refusal, match="capacity") as refused:
            client.submit(path, create_keys=True)
        assert refused.value.where == f"{path}:{len(founding) + 7}"
        with pytest.raises(Refusal, match="capacity"):
            client.submit(path)  # the same line at the same nonce: the same bytes
        client.submit(write(tmp_path / "mended.jsonl", [*founding, *lines]))
        check(client, [*founding, *lines])
