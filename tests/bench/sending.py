"""Operations onto a network, beside a loop that waits for each, and beside what the node can do at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.absent import tool
from tests.bench.figures import Figure, Size

TITLE = "Submission"
ABOUT = """\
Mints of four keys, sent with one `submit` until all are final and read back into the index. *The node
alone* is given the same kind of bytes, signed beforehand, in batches of 500 as `submit` sends them, until it
has given the receipts of all: no sender that checks and indexes can be as fast. Both are measured in turn,
each on a new anvil that holds nothing else, and the medians stand here, with the slowest and the fastest:
anvil's automatic mining races with what arrives, and can stall; it is told to mine then, as `submit` tells
it. *web3.py, one by one* builds, signs and sends an operation
and waits until it is mined, as its documentation shows, with its defaults. `anvil` mines at once; *four
validators* are geth's with Clique and a block a second, on this machine. Seconds are the clock's; the
processor's, of our process and of anvil, stand besides: both share this machine."""
CHAIN_ID = 20_261
AT = "2026-02-01T00:00:00Z"
KEYS = tuple(f"mine-{number}" for number in range(4))


STALLED = 2.0
AT_ONCE = 500


@dataclass(frozen=True)
class Rate:
    """Operations a second, and what each took of the processor, ms: of this process, and of the node."""

    rate: float
    cpu_ms: float
    node_ms: float = 0.0


def seconds_of(node: int | None) -> float:
    """What a process has used of the processor, by /proc; nothing where that is not there."""
    path = Path(f"/proc/{node}/stat")
    if node is None or not path.exists():
        return 0.0
    fields = path.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(size: Size) -> Iterator[Figure]:
    """On anvil; and on four validators, if everything is measured."""
    count, rounds = (1000, 3) if size is not Size.FULL else (3000, 5)
    yield from _on_anvil(count, rounds)
    if size is not Size.QUICK:
        yield from _on_validators(1200, 20)


def _on_anvil(count: int, rounds: int) -> Iterator[Figure]:
    operations, alone, ours = mints(count), list[Rate](), list[Rate]()
    for _ in range(rounds):
        with _new_anvil() as (_, node, client):
            alone.append(pushed(client, operations, node))
        with _new_anvil() as (folder, node, client):
            ours.append(submitted(client, folder, operations, node))
    what, unit, fast, most = "submit, anvil", "operations/s", _median(ours), _median(alone)
    more = {"ms of our processor each": fast.cpu_ms, "ms of anvil's each": fast.node_ms}
    more |= {"slowest": min(each.rate for each in ours), "fastest": max(each.rate for each in ours)}
    more["ms of anvil's each, alone"] = most.node_ms
    more |= {"slowest alone": min(each.rate for each in alone), "fastest alone": max(e.rate for e in alone)}
    slow = _one_by_one(operations)
    yield Figure(what, count, fast.rate, unit, "the node alone", most.rate, ">= 0.8", "operations", more)
    yield Figure(what, count, fast.rate, unit, "web3.py, one by one", slow.rate, "", "operations")


def _median(rates: list[Rate]) -> Rate:
    """Each figure's median by itself."""
    return Rate(*(median(getattr(rate, field.name) for rate in rates) for field in fields(Rate)))


def _one_by_one(operations: list[dict[str, Any]], waited: int = 60) -> Rate:
    """The loop, on a new anvil; it makes the batches that a submission makes."""
    with tempfile.TemporaryDirectory() as name, anvil(Path(name)) as toml:
        folder = Path(name)
        ours = founded(folder / "ours", toml, None)
        peer = founded(folder / "peer", toml, ours.network.keys)
        slow = send_and_wait(peer, operations[:waited])
        submitted(ours, folder, operations[:waited])
        if not same(ours, peer, operations[:waited]):
            raise AssertionError("the loop made other batches than the submission")
        ours.close()
        peer.close()
    return slow


@contextmanager
def _new_anvil() -> Iterator[tuple[Path, int, Any]]:
    """A folder, the id of anvil's process, and a client of a new deployment on it, up to date."""
    with tempfile.TemporaryDirectory() as name, anvil(Path(name)) as toml:
        client = founded(Path(name) / "ours", toml, None)
        try:
            yield Path(name), int((Path(name) / "pid").read_text()), client
        finally:
            client.close()


def _on_validators(count: int, waited: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name, clique(Path(name)) as toml:
        folder = Path(name)
        ours = founded(folder / "ours", toml, None)
        peer = founded(folder / "peer", toml, ours.network.keys)
        operations = mints(count)
        slow = send_and_wait(peer, operations[:waited])
        fast = submitted(ours, folder, operations)
        more = {"ms of our processor each": fast.cpu_ms}
        what, unit = "submit until final, four validators", "operations/s"
        yield Figure(what, count, fast.rate, unit, "wanted", 60.0, ">= 1", "operations", more)
        yield Figure(what, count, fast.rate, unit, "web3.py, one by one", slow.rate, "", "operations")
        yield from _waiting(ours, folder)
        for client in (ours, peer):
            client.close()


def _waiting(client: Any, folder: Path) -> Iterator[Figure]:
    """Operations that depend on each other: a lot goes to and fro between two companies."""
    path, turns = folder / "chained.jsonl", 12
    lines = []
    for turn in range(turns):
        sender, receiver = KEYS[turn % 2], KEYS[1 - turn % 2]
        shipment = {"op": "ship", "as": sender, "shipment": f"C-{turn}", "batches": [f"{KEYS[0]}/B-0"]}
        lines.append(shipment | {"to": receiver, "at": AT})
        lines.append({"op": "receive", "as": receiver, "shipment": f"{sender}/C-{turn}", "at": AT})
    path.write_text("\n".join(map(json.dumps, lines)))
    begun, worked = time.perf_counter(), time.process_time()
    client.submit(path)
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    more = {"part of a processor": worked / taken, "s each": taken / len(lines)}
    yield Figure("each depends on the one before", len(lines), taken, "s", of="operations", more=more)


@contextmanager
def anvil(folder: Path, *options: str) -> Iterator[str]:
    """A running anvil: the text of a networks.toml for it."""
    command = [str(tool("anvil")), "--port", "0", "--chain-id", str(CHAIN_ID), "--gas-price", "0"]
    command += ["--gas-limit", "3000000000", "--block-base-fee-per-gas", "0", *options]
    with (folder / "log").open("w+") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        (folder / "pid").write_text(str(process.pid))
        try:
            while not (found := re.search(r"Listening on 127\.0\.0\.1:(\d+)", (folder / "log").read_text())):
                if process.poll() is not None:
                    raise RuntimeError("anvil did not start")
                time.sleep(0.1)
            yield (
                'default = "net"\n[networks.net]\nkind = "rpc"\npath = "net"\n'
                f'chain_id = {CHAIN_ID}\nurl = "http://127.0.0.1:{found[1]}"\n'
            )
        finally:
            process.terminate()


@contextmanager
def clique(folder: Path) -> Iterator[str]:
    """Four geth validators with a block a second: the text of a networks.toml for them."""
    from traceledger.network.found import Founding, found
    from traceledger.network.lifecycle import Running

    geth = tool("geth")
    found(folder / "net", Founding("consortium", "geth-clique", 4, CHAIN_ID))
    try:
        Running(folder / "net").up(geth)
        yield (folder / "net" / "networks.toml").read_text()
    finally:
        Running(folder / "net").down()


def founded(folder: Path, config: str, store: Path | None) -> Any:
    """A client of a new deployment on the network, with a mine for each key."""
    from traceledger.client.client import Client, environment_passphrase
    from traceledger.config.networks import load
    from traceledger.signing.keystore import KeyStore

    folder.mkdir()
    (folder / "networks.toml").write_text(config)
    network = load(folder / "networks.toml").get()
    client = Client(network, passphrase=environment_passphrase, keys=KeyStore(network.keys, light=True))
    if store is not None:
        client.network.keys.mkdir(parents=True, mode=0o700)
        for key in KEYS:
            shutil.copy(store / f"{key}.json", client.network.keys)
    client.deploy()
    lines: list[dict[str, Any]] = [
        {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]}
    ]
    site = {"op": "register_facility", "facility": "pit", "kind": "mine", "country": "CD"}
    approval = {"op": "approve_origin", "material": "ore", "capacity_per_year": "1000000 t"}
    for key in KEYS:
        lines.append({"op": "register_participant", "participant": key, "name": key, "country": "CD"})
        lines += [site | {"as": key}, approval | {"facility": f"{key}/pit"}]
    (folder / "founding.jsonl").write_text("\n".join(map(json.dumps, lines)))
    client.submit(folder / "founding.jsonl", create_keys=True, exclusive_keys=True)
    return client


def mints(count: int) -> list[dict[str, Any]]:
    """Mints by the keys in turn."""
    fields = {"material": "ore", "facility": "pit", "mass": "1 t", "substances": {"Co": "300 kg"}, "at": AT}
    rest = {**fields, "origin": "mined", "emissions": {"scope1": "3 t", "primary": "1 t"}}
    return [
        {"op": "mint", "as": KEYS[number % len(KEYS)], "batch": f"B-{number}", **rest}
        for number in range(count)
    ]


def submitted(client: Any, folder: Path, operations: list[dict[str, Any]], node: int | None = None) -> Rate:
    """One submission, until all are final."""
    path = folder / "mints.jsonl"
    path.write_text("\n".join(map(json.dumps, operations)))
    begun, worked, nodes = time.perf_counter(), time.process_time(), seconds_of(node)
    done = client.submit(path)
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    nodes = seconds_of(node) - nodes
    if done.sent != len(operations):
        raise AssertionError(f"{done.sent} of {len(operations)} operations were sent")
    count = len(operations)
    return Rate(count / taken, worked / count * 1000, nodes / count * 1000)


def planned(client: Any, operations: list[dict[str, Any]]) -> list[tuple[str, bytes]]:
    """Who performs each operation, with which calldata."""
    from traceledger.operations.catalogue import parse_operation
    from traceledger.operations.plan import plan

    names = client.directory()
    return [(each["as"], plan(parse_operation(each), names).data or b"") for each in operations]


def send_and_wait(client: Any, operations: list[dict[str, Any]]) -> Rate:
    """web3.py and eth-account: each mined before the next is sent. The first does not count."""
    from eth_account import Account
    from web3 import HTTPProvider, Web3
    from web3.middleware import ExtraDataToPOAMiddleware

    from traceledger.artifacts import load

    web3 = Web3(HTTPProvider(client.network.urls[0]))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    address = Web3.to_checksum_address(client.network.deployed().ledger)
    ledger = web3.eth.contract(address=address, abi=load("BatchLedger").abi)
    requests = [
        (slug, ledger.decode_function_input(data)[1]["request"]) for slug, data in planned(client, operations)
    ]
    stored = {slug: (client.network.keys / f"{slug}.json").read_text() for slug, _ in requests}
    keys = {slug: Account.decrypt(json.loads(text), "benchmark") for slug, text in stored.items()}
    nonces = {slug: client.next_nonce(client.signers.address_of(slug)) for slug in keys}
    begun = worked = 0.0
    for slug, request in requests:
        transaction = {"chainId": CHAIN_ID, "nonce": nonces[slug], "gas": 1_500_000, "gasPrice": 0}
        call = ledger.functions.mint(request).build_transaction(transaction)  # type: ignore[arg-type]
        signed = Account.sign_transaction(call, keys[slug])
        nonces[slug] += 1
        digest = web3.eth.send_raw_transaction(signed.raw_transaction)
        if web3.eth.wait_for_transaction_receipt(digest)["status"] != 1:
            raise AssertionError("the contracts refused a mint")
        begun, worked = begun or time.perf_counter(), worked or time.process_time()
    count = len(requests) - 1
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    return Rate(count / taken, worked / count * 1000)


def pushed(client: Any, operations: list[dict[str, Any]], node: int | None = None) -> Rate:
    """A node that is handed signed bytes, and asked for their receipts once the keys' nonces are used."""
    from web3 import HTTPProvider

    from traceledger.model.keccak import keccak
    from traceledger.signing.keystore import KeyStore
    from traceledger.signing.transaction import UnsignedTransaction, sign

    ledger, raws, nonces = client.network.deployed().ledger, [], dict[bytes, int]()
    store = KeyStore(client.network.keys)
    signers = {slug: store.load(slug, "benchmark") for slug in {each["as"] for each in operations}}
    for slug, data in planned(client, operations):
        address = signers[slug].address
        nonce = nonces.get(address) or client.next_nonce(address)
        raws.append(sign(UnsignedTransaction(CHAIN_ID, nonce, 1_500_000, ledger, data), signers[slug]))
        nonces[address] = nonce + 1
    provider = HTTPProvider(client.network.urls[0], request_kwargs={"timeout": 120})
    begun, worked, nodes = time.perf_counter(), time.process_time(), seconds_of(node)
    for at in range(0, len(raws), AT_ONCE):
        requests: Any = [("eth_sendRawTransaction", [f"0x{raw.hex()}"]) for raw in raws[at : at + AT_ONCE]]
        answers: Any = provider.make_batch_request(requests)
        if not all("result" in answer for answer in answers):
            raise AssertionError(f"anvil refused what was signed: {answers}")
    _await(client, nonces)
    for at in range(0, len(raws), AT_ONCE):
        wanted: Any = [
            ("eth_getTransactionReceipt", [f"0x{keccak(raw).hex()}"]) for raw in raws[at : at + AT_ONCE]
        ]
        if not all(int(answer["result"]["status"], 16) for answer in provider.make_batch_request(wanted)):
            raise AssertionError("the contracts refused a mint")
    taken, worked = time.perf_counter() - begun, time.process_time() - worked
    nodes, count = seconds_of(node) - nodes, len(raws)
    return Rate(count / taken, worked / count * 1000, nodes / count * 1000)


def _await(client: Any, nonces: dict[bytes, int]) -> None:
    """Until the accounts have used all nonces before these."""
    left = since = (sum(nonces.values()), time.perf_counter())
    while left[0]:
        left = (sum(nonces.values()) - sum(map(client.chain.nonce, nonces)), time.perf_counter())
        if left[0] != since[0]:
            since = left
        elif left[1] - since[1] > STALLED:
            client.chain.ask("evm_mine", [])
            since = left
        time.sleep(0.005)


def same(left: Any, right: Any, operations: list[dict[str, Any]]) -> bool:
    """Whether both deployments hold the same batches of these operations."""
    for client in (left, right):
        client.sync()
    names = [f"{operation['as']}/{operation['batch']}" for operation in operations]
    return all(_batch(left, name) == _batch(right, name) for name in names)


def _batch(client: Any, name: str) -> Any:
    """What the contracts hold of a batch, but for its trail, which says by which block it came."""
    from traceledger.artifacts.calls import decode_result, encode

    call = encode("BatchLedger", "batchOf", client.batch_id(name))
    answer = client.chain.call(client.network.deployed().ledger, call)
    ((*found, _),) = decode_result("BatchLedger", "batchOf", answer)
    return found
