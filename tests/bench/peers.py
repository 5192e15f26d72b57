"""The index beside what people would otherwise write: a loop of web3.py, ponder, asking the node."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.bench.absent import Absent, tool
from tests.bench.figures import ROOT, Figure, Size
from tests.bench.sending import CHAIN_ID, anvil
from tests.scale.founding import COMPANIES, CONSORTIUM, found
from tests.scale.ledger import Ledger
from tests.scale.lots import Lot, Parties
from tests.scale.shapes import tree
from tests.scale.stored import Writer

TITLE = "Beside other ways to read a chain"
ABOUT = """\
A tree of operations on anvil, read into an index of ours, proven block by block; by the obvious loop of
web3.py, which gets blocks and receipts, decodes with `process_log`, and inserts events, batches and edges
into SQLite; and by ponder 0.16.6 (npm), with handlers that insert the same rows. And a trace over our index
beside a walk that asks the node: who made this batch (`eth_getLogs`), by which transaction (its receipt),
of which batches, and so on. Seconds of the clock, as all of them wait for the node; the processor's of our
own side stand besides."""
PROJECT = Path(__file__).parent / "ponder"
INSTALLED = ROOT / ".tools" / "ponder"
ROWS = """\
CREATE TABLE event (block INTEGER, log INTEGER, name TEXT, data TEXT, PRIMARY KEY (block, log));
CREATE TABLE batch (id TEXT PRIMARY KEY, creator TEXT, identifier TEXT, mass INTEGER, block INTEGER);
CREATE TABLE edge (made TEXT, taken TEXT, PRIMARY KEY (made, taken));
"""


@dataclass(frozen=True)
class There:
    """A tree of operations on a node."""

    client: Any
    lot: Lot
    events: int


def measure(size: Size) -> Iterator[Figure]:
    """All of them, over the same chain."""
    # Fewer, and what a trace loads when it is first asked for would be most of what is measured.
    events = 3000 if size is Size.FULL else 1000
    with tempfile.TemporaryDirectory() as name, anvil(Path(name)) as toml:
        there = planted(Path(name), toml, events)
        seconds, worked = our_index(there, Path(name) / "index.sqlite")
        more = {"processor s": worked}
        loop, its = web3_loop(there, Path(name) / "loop.sqlite")
        what = "index, from a node"
        yield Figure(what, there.events, seconds, "s", "web3.py loop", loop, "<= 0.1", more=more)
        more = {"processor s of ours": worked}
        yield Figure(f"{what}, processor", there.events, worked, "s", "web3.py loop", its, "<= 0.1")
        yield from _asking(there, Path(name) / "index.sqlite")
        try:
            ponder = with_ponder(there, Path(name))
        except Absent:
            if size is Size.FULL:
                raise
        else:
            yield Figure(what, there.events, seconds, "s", "ponder", ponder, "<= 1", more=more)
        there.client.close()


def planted(folder: Path, toml: str, events: int) -> There:
    """A new deployment on the node, with a tree of so many operations."""
    from traceledger.client.client import Client, environment_passphrase
    from traceledger.config.networks import load
    from traceledger.signing.keystore import KeyStore

    (folder / "networks.toml").write_text(toml)
    network = load(folder / "networks.toml").get()
    client = Client(network, passphrase=environment_passphrase, keys=KeyStore(network.keys, light=True))
    deployed = client.deploy()
    slugs = {slug: client.create_key(slug).address for slug in COMPANIES}
    contracts = {
        "access_manager": deployed.access_manager,
        "registry": deployed.registry,
        "ledger": deployed.ledger,
        "assurance": deployed.assurance,
    }
    ledger = Ledger(Writer(), Parties(contracts, slugs | {CONSORTIUM: bytes(20)}), scripted=True)
    found(ledger)
    (lot,) = tree(ledger, Random(1), events)
    path = folder / "operations.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in ledger.script or ()))
    client.submit(path)
    return There(client, lot, ledger.events)


def our_index(there: There, path: Path) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    from traceledger.index import Contracts, Index

    follows = Contracts.of(there.client.chain, there.client.network.deployed())
    with Index.open(path, follows) as index:
        begun, worked = time.perf_counter(), time.process_time()
        index.sync(there.client.chain)
        return time.perf_counter() - begun, time.process_time() - worked


def _web3(there: There) -> tuple[Any, Any]:
    from web3 import HTTPProvider, Web3

    from traceledger.artifacts import load

    web3 = Web3(HTTPProvider(there.client.network.urls[0]))
    address = Web3.to_checksum_address(there.client.network.deployed().ledger)
    return web3, web3.eth.contract(address=address, abi=load("BatchLedger").abi)


def _decoders(web3: Any, contract: Any) -> dict[bytes, Any]:
    """What decodes each event, by its first topic."""
    from eth_utils.abi import event_abi_to_log_topic

    events = [each for each in contract.abi if each["type"] == "event"]
    return {bytes(event_abi_to_log_topic(each)): contract.events[each["name"]]() for each in events}


def web3_loop(there: There, path: Path) -> tuple[float, float]:
    """The obvious loop: seconds of the clock and of the processor."""
    web3, contract = _web3(there)
    decoders = _decoders(web3, contract)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + ROWS)
    begun, worked = time.perf_counter(), time.process_time()
    for number in range(web3.eth.block_number + 1):
        block = web3.eth.get_block(number, full_transactions=True)
        database.execute("BEGIN")
        for transaction in block["transactions"]:
            receipt = web3.eth.get_transaction_receipt(transaction["hash"])
            for log in receipt["logs"]:
                if log["address"] == contract.address and (decoder := decoders.get(bytes(log["topics"][0]))):
                    _insert(database, decoder.process_log(log))
        database.execute("COMMIT")
    database.close()
    return time.perf_counter() - begun, time.process_time() - worked


def _insert(database: sqlite3.Connection, event: Any) -> None:
    place, said = (event["blockNumber"], event["logIndex"]), event["args"]
    row = (*place, event["event"], json.dumps(dict(said), default=str))
    database.execute("INSERT INTO event VALUES (?, ?, ?, ?)", row)
    for batch, creator, identifier, mass, inputs in _made(event["event"], said):
        lot = (str(batch), creator, identifier, mass, place[0])
        database.execute("INSERT INTO batch VALUES (?, ?, ?, ?, ?)", lot)
        rows = [(str(batch), str(each)) for each in inputs]
        database.executemany("INSERT OR IGNORE INTO edge VALUES (?, ?)", rows)


def _made(name: str, said: Any) -> Iterator[tuple[int, str, str, int, list[int]]]:
    """What an event made, of what."""
    if name == "BatchMinted":
        yield said["batch"], said["creator"], said["identifier"], said["mass"], []
    elif name == "BatchSplit":
        for child in said["children"]:
            taken = child["taken"]
            yield taken["batch"], said["custodian"], child["identifier"], taken["mass"], [said["parent"]]
    elif name == "Transformed":
        inputs = [taken["batch"] for taken in said["inputs"]]
        for made in said["outputs"]:
            yield made["batch"], said["participant"], made["identifier"], made["mass"], inputs


def _asking(there: There, path: Path) -> Iterator[Figure]:
    """A trace over our index, and a walk that asks the node."""
    from traceledger.index import Contracts, Index
    from traceledger.provenance import trace

    follows = Contracts.of(there.client.chain, there.client.network.deployed())
    with Index.open(path, follows) as index:
        begun = time.perf_counter()
        traced = trace(index, there.lot.id)
        ours = time.perf_counter() - begun
    begun = time.perf_counter()
    found = _walked(there)
    theirs = time.perf_counter() - begun
    if found != traced.batches:
        raise AssertionError(f"the walk found {found} batches, the trace {traced.batches}")
    yield Figure("trace", found, ours, "s", "asking the node", theirs, "<= 0.00333", "batches")


def _walked(there: There) -> int:
    """How many batches are upstream, by asking the node about each."""
    from eth_hash.auto import keccak

    web3, contract = _web3(there)
    decoders = _decoders(web3, contract)
    moved, nobody = "0x" + keccak(b"Transfer(address,address,uint256)").hex(), "0x" + bytes(32).hex()
    found, todo = {there.lot.id}, [there.lot.id]
    while todo:
        batch = todo.pop()
        topics = [moved, nobody, None, f"0x{batch:064x}"]
        asked: Any = {"address": contract.address, "fromBlock": 0, "topics": topics}
        (log,) = web3.eth.get_logs(asked)
        for each in web3.eth.get_transaction_receipt(log["transactionHash"])["logs"]:
            decoder = decoders.get(bytes(each["topics"][0]))
            if each["address"] != contract.address or decoder is None:
                continue
            event = decoder.process_log(each)
            for made, _, _, _, inputs in _made(event["event"], event["args"]):
                new = set(inputs) - found if made == batch else set()
                found |= new
                todo += new
    return len(found)


def with_ponder(there: There, folder: Path) -> float:
    """Seconds from when ponder begins to read the chain until it has indexed all of it."""
    _installed()
    project = folder / "ponder"
    shutil.copytree(PROJECT, project)
    (project / "node_modules").symlink_to(INSTALLED / "node_modules")
    _write_abis(project / "abis.ts")
    deployed, head = there.client.network.deployed(), there.client.chain.head().number
    environment = {
        **os.environ,
        "PEER_URL": there.client.network.urls[0],
        "PEER_CHAIN": str(CHAIN_ID),
        "PEER_LEDGER": f"0x{deployed.ledger.hex()}",
        "PEER_REGISTRY": f"0x{deployed.registry.hex()}",
        "PEER_START": "0",
        "PEER_END": str(head),
        "PEER_DATABASE": str(project / "database"),
        "PONDER_TELEMETRY_DISABLED": "1",
        "DATABASE_SCHEMA": "peer",
    }
    command = [str(INSTALLED / "node_modules" / ".bin" / "ponder"), "start", "--port", "0"]
    command += ["--hostname", "127.0.0.1", "--log-format", "json"]
    process = subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        return _until_indexed(process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _until_indexed(process: subprocess.Popen[str]) -> float:
    begun, said = 0.0, []
    for line in process.stdout or ():
        said.append(line)
        begun = begun or (time.perf_counter() if "backfill" in line.lower() else 0.0)
        if "completed" in line.lower() and "indexing" in line.lower():
            return time.perf_counter() - begun
    raise AssertionError("ponder ended: " + "".join(said[-20:]))


def _installed() -> None:
    """ponder, by its lock; fetched at the first run."""
    npm, lock = tool("npm"), (PROJECT / "package-lock.json").read_text()
    stamp = INSTALLED / "package-lock.json"
    if (INSTALLED / "node_modules" / ".bin" / "ponder").exists() and stamp.read_text() == lock:
        return
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PROJECT / name, INSTALLED / name)
    if subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=INSTALLED, check=False).returncode:
        raise Absent("ponder could not be fetched from npm")


def _write_abis(path: Path) -> None:
    from traceledger.artifacts import load

    abis = {"ledger": load("BatchLedger").abi, "registry": load("ParticipantRegistry").abi}
    lines = [f"export const {name} = {json.dumps(list(abi))} as const;" for name, abi in abis.items()]
    path.write_text("\n".join(lines) + "\n")
