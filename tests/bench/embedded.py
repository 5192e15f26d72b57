"""The embedded chain: operations a second beside eth-tester, signatures, decoding, size of the file."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Size
from tests.bench.timing import medians, rates, spent

TITLE = "Embedded chain"
ABOUT = """\
Mints through the client on a new embedded chain: planned, signed, executed by py-evm, sealed and indexed.
The peer is eth-tester, which executes the same calls, planned beforehand, on the same py-evm and keeps
nothing. Operations in a second of the processor."""
AT = "2026-02-01T00:00:00Z"
MINT: dict[str, Any] = {
    "material": "ore",
    "facility": "pit",
    "mass": "1 t",
    "substances": {"Co": "300 kg"},
    "origin": "mined",
    "emissions": {"scope1": "3 t", "primary": "1 t"},
    "at": AT,
}
BY_CONSORTIUM: tuple[dict[str, Any], ...] = (
    {"op": "define_material", "material": "ore", "name": "Cobalt ore", "substances": ["Co"]},
    {"op": "register_participant", "participant": "mine", "name": "Mine", "country": "CD"}
    | {"roles": ["producer"]},
)
SITE: dict[str, Any] = {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine"}
SITE |= {"country": "CD"}
APPROVAL: dict[str, Any] = {"op": "approve_origin", "facility": "mine/pit", "material": "ore"}
APPROVAL |= {"capacity_per_year": "1000000 t"}
BULK = (1_000, 10_000, 100_000)
"""How many operations are on the chain when bulk is measured."""


def measure(size: Size) -> Iterator[Figure]:
    """Each way to record, then what grows with the chain."""
    count, rounds = (60, 3) if size is Size.QUICK else (200, 5)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        client = client_with_mine(folder)
        tester = eth_tester(client, count)
        single, many, peer = rates(rounds, one_a_block(client, count), bulk(client, folder, count), tester)
        yield Figure("one operation a block", 0, single, "operations/s", "eth-tester", peer, ">= 1")
        yield Figure("100 operations a block", 0, many, "operations/s", "eth-tester", peer, ">= 1")
        for what, number, sides, theirs in (
            ("signatures", 300, signing, "eth-account"),
            ("events decoded", 2000, lambda number: decoding(client, number), "web3.py's process_log"),
        ):
            ours, its = medians(rounds, *sides(number))
            yield Figure(what, number, ours, "s", theirs, its, "<= 1", of=what)
        for operations in BULK if size is not Size.QUICK else ():
            if operations > size.most:
                break
            yield from grown(client, folder, operations)
        client.close()


def rate(count: int, work: Callable[[], Any]) -> float:
    """Units that work does in a second of the processor, if it does ``count`` of them."""
    return count / spent(work)


def client_with_mine(folder: Path) -> Any:
    """A client of a new embedded chain on which mine/pit may mint ore."""
    from traceledger.client.client import connect
    from traceledger.config.networks import write_template

    client = connect(config=write_template(folder))
    client.deploy()
    client.create_key("mine")
    path = folder / "begin.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in (*BY_CONSORTIUM, SITE, APPROVAL)))
    client.submit(path)
    client.mint("first", act_as="mine", **MINT)
    return client


def one_a_block(client: Any, count: int) -> Callable[[], float]:
    """Operations through the client, one a block."""
    runs = iter(range(10**6))

    def work() -> float:
        run = next(runs)
        names = [f"single-{run}-{number}" for number in range(count)]
        return rate(count, lambda: [client.mint(name, act_as="mine", **MINT) for name in names])

    return work


def bulk(client: Any, folder: Path, count: int) -> Callable[[], float]:
    """Operations through an operations file, 100 a block."""
    runs = iter(range(10**6))

    def work() -> float:
        run = next(runs)
        path = lines(folder / "bulk.jsonl", f"bulk-{run}", count)
        return rate(count, lambda: client.submit(path))

    return work


def lines(path: Path, kind: str, count: int) -> Path:
    """An operations file of so many mints."""
    with path.open("w") as file:
        for number in range(count):
            line = {"op": "mint", "as": "mine", "batch": f"{kind}-{number}", **MINT}
            file.write(json.dumps(line) + "\n")
    return path


def grown(client: Any, folder: Path, operations: int) -> Iterator[Figure]:
    """So many operations more: how fast, how large the file, how long it takes to open."""
    from traceledger.config.connection import open_embedded

    path = lines(folder / "grown.jsonl", f"grown-{operations}", operations)
    file = client.network.chain_file
    before = held(file)
    seconds = spent(lambda: client.submit(path))
    more = {"bytes an operation": (held(file) - before) / operations}
    more["operations a second"] = operations / seconds
    begun = time.perf_counter()
    with open_embedded(client.network) as chain:
        chain.head()
    more["ms to open"] = (time.perf_counter() - begun) * 1000
    yield Figure("bulk, 100 a block", operations, seconds, "s", of="operations", more=more)


def held(file: Path) -> int:
    """Bytes of pages in a file of SQLite, those that are still in its write-ahead log included."""
    with closing(sqlite3.connect(file)) as database:
        asked = ("page_count", "page_size")
        (pages,), (page,) = (database.execute(f"PRAGMA {of}").fetchone() for of in asked)
    return int(pages * page)


def eth_tester(client: Any, count: int) -> Callable[[], float]:
    """The same operations on eth-tester, which mines each when it is sent."""
    from eth_tester import EthereumTester, PyEVMBackend

    from traceledger.operations.catalogue import parse_operation
    from traceledger.operations.directory import Directory
    from traceledger.operations.plan import plan

    backend = EthereumTester(PyEVMBackend())
    addresses = _deploy_on_tester(backend, backend.get_accounts()[0], client)
    names, runs = Directory(client.index), iter(range(10**6))

    def work() -> float:
        run, calls = next(runs), []
        for number in range(count):
            line = {"op": "mint", "as": "mine", "batch": f"t-{run}-{number}", **MINT}
            calls.append(plan(parse_operation(line), names).data or b"")
        fields = {"from": addresses["mine"], "to": addresses["ledger"], "gas": 600_000}
        sent = [fields | {"data": "0x" + data.hex()} for data in calls]
        return rate(count, lambda: [backend.send_transaction(each) for each in sent])

    return work


def _deploy_on_tester(backend: Any, owner: str, client: Any) -> dict[str, str]:
    """The contracts and the mine of :func:`client_with_mine`, on eth-tester."""
    from eth_account import Account

    from traceledger.artifacts import load
    from traceledger.artifacts.calls import encode
    from traceledger.operations.catalogue import parse_operation
    from traceledger.operations.directory import Directory
    from traceledger.operations.plan import plan
    from traceledger.sending.consent import consenting
    from traceledger.sending.rights import RIGHTS
    from traceledger.signing.keystore import KeyStore

    def send(data: bytes, to: str | None = None, sender: str = owner) -> str:
        fields = {"from": sender, "gas": 12_000_000, "data": "0x" + data.hex()} | ({"to": to} if to else {})
        receipt = backend.get_transaction_receipt(backend.send_transaction(fields))
        if receipt["status"] != 1:
            raise SystemExit("the contracts refused the set-up on eth-tester")
        return str(receipt["contract_address"])

    def word(address: str) -> bytes:
        return bytes.fromhex(address[2:]).rjust(32, b"\0")

    manager = send(load("AccessManager").bytecode + word(owner))
    registry = send(load("ParticipantRegistry").bytecode + word(manager))
    handling = send(load("Handling").bytecode + word(registry))
    corrections = send(load("Corrections").bytecode + word(registry))
    linked = word(registry) + word(manager) + word(handling) + word(corrections)
    ledger = send(load("BatchLedger").bytecode + linked)
    for right in RIGHTS:
        if functions := right.functions.get("ParticipantRegistry"):
            selectors = [each.to_bytes(4, "big") for each in functions.values()]
            send(encode("AccessManager", "setTargetFunctionRole", registry, selectors, right.role), manager)
        send(encode("AccessManager", "grantRole", right.role, owner, 0), manager)
    key = KeyStore(client.network.keys).load("mine", "benchmark")
    secret = Account.decrypt(json.loads((client.network.keys / "mine.json").read_text()), "benchmark")
    mine = backend.add_account("0x" + secret.hex())
    backend.send_transaction({"from": owner, "to": mine, "gas": 21_000, "value": 10**21})
    names = Directory(client.index)
    for operation, sender in (*((each, owner) for each in BY_CONSORTIUM), (SITE, mine), (APPROVAL, owner)):
        address = {"address": mine} if operation["op"] == "register_participant" else {}
        data = plan(parse_operation({**operation, **address}), names).data or b""
        if address:
            bound: dict[str, Any] = {"participant": key.address, "registry": bytes.fromhex(registry[2:])}
            data = consenting(data, key, chain_id=backend.backend.chain.chain_id, **bound)
        send(data, registry, sender)
    return {"ledger": ledger, "mine": mine}


def signing(count: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Our signatures, and eth-account's."""
    from eth_account import Account

    from traceledger.signing.keystore import LocalSigner
    from traceledger.signing.transaction import UnsignedTransaction, sign

    secret, data = bytes(31) + b"\x07", bytes(400)
    signer = LocalSigner(secret)
    ours = [UnsignedTransaction(20260, nonce, 500_000, bytes(20), data) for nonce in range(count)]
    common = {"chainId": 20260, "gas": 500_000, "gasPrice": 0, "to": "0x" + "00" * 20, "value": 0}
    theirs = [common | {"nonce": nonce, "data": data} for nonce in range(count)]
    return (
        lambda: [sign(item, signer) for item in ours],
        lambda: [Account.sign_transaction(item, secret) for item in theirs],
    )


def decoding(client: Any, count: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Our event decoder, and web3's, on the same BatchMinted log."""
    from web3 import Web3

    from traceledger.artifacts import load
    from traceledger.events import decode

    ledger = client.network.deployed().ledger
    logs = [log for block in client.chain.blocks(1, client.chain.head().number) for log in block.logs]
    log = next(
        each for each in logs if each.address == ledger and len(each.topics) == 4 and len(each.data) > 300
    )
    event = Web3().eth.contract(abi=list(load("BatchLedger").abi)).events.BatchMinted()
    numbers = dict.fromkeys(("blockNumber", "transactionIndex", "logIndex"), 0)
    hashes = dict.fromkeys(("transactionHash", "blockHash"), bytes(32))
    theirs: Any = {"address": "0x" + "00" * 20, "topics": list(log.topics), "data": log.data}
    theirs |= numbers | hashes | {"removed": False}
    return (
        lambda: [decode(log) for _ in range(count)],
        lambda: [event.process_log(theirs) for _ in range(count)],
    )
