"""Proof files: verification beside the hashing and signatures that it needs, size, memory."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Size
from tests.bench.timing import alone, medians

TITLE = "Proofs"
ABOUT = """\
Verifying a proof file, beside nothing but the Keccak hashes and signature recoveries that it needs, each
once; on a real embedded chain with an operation a block (the same with a foreign block between any two),
where the peer is also the node itself, asked for the same over JSON-RPC and believed; and on large
synthetic chains, in a process of its own: of few batches, of which much was split off for others, and of a
tree, of which every event made a batch."""
AT = "2026-02-01T00:00:00Z"
MODULES = ("proved_headers", "seals", "tries", "layout", "verify.state", "checkpoint")
"""Of traceledger.proofs: those that hash."""
LARGE = (1_000, 10_000, 100_000)


def measure(size: Size) -> Iterator[Figure]:
    """On a real chain, then on large ones."""
    operations = 40 if size is Size.QUICK else 200
    for gap in (False, True):
        yield from _real(operations, gap=gap)
    for events in LARGE[:1] if size is Size.QUICK else LARGE:
        if events > size.most:
            break
        yield from _large(events)
        yield from _tree(events)


def bare(verify: Callable[[], Any]) -> Callable[[], None]:
    """The hashes and recoveries alone that one verification needs, as work to be measured.

    These are of the headers, their seals, the trie nodes and the keys of the state, each once, however often
    it is made; SHA-256 of the file is left out. A recovery hashes a public key besides.
    """
    hashed: set[bytes] = set()
    recovered: set[tuple[bytes, bytes]] = set()
    modules: list[Any] = [import_module(f"traceledger.proofs.{name}") for name in MODULES]
    modules = [module for module in modules if hasattr(module, "keccak")]
    seals: Any = import_module("traceledger.proofs.seals")
    from traceledger.model.keccak import keccak

    signer_of = seals.signer_of

    def hashing(data: bytes) -> bytes:
        hashed.add(data)
        return bytes(keccak(data))

    def recovering(digest: bytes, seal: bytes) -> bytes | None:
        recovered.add((digest, seal))
        found: bytes | None = signer_of(digest, seal)
        return found

    for module in modules:
        module.keccak = hashing
    seals.signer_of = recovering
    try:
        verify()
    finally:
        for module in modules:
            module.keccak = keccak
        seals.signer_of = signer_of

    def again() -> None:
        for data in hashed:
            keccak(data)
        for digest, seal in recovered:
            signer_of(digest, seal)

    return again


def _real(operations: int, *, gap: bool) -> Iterator[Figure]:
    from traceledger.proofs import load_trust_root, verify

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        client = _chain(folder, operations, gap=gap)
        proof, root = folder / "proof", folder / "root.json"
        client.export_proof("mine/lot", proof)
        root.write_text(client.trust_root().dumps())
        trusted = load_trust_root(root)
        found = verify(proof, "mine/lot", trusted)
        alike = bare(lambda: verify(proof, "mine/lot", trusted))
        ours, floor = medians(3, lambda: verify(proof, "mine/lot", trusted), alike)
        count = found.measured.events
        kind = "a foreign block between any two" if gap else "block after block"
        size = {"bytes an event": found.measured.stored_bytes / count}
        what = f"verify, embedded chain, {kind}"
        yield Figure(what, count, ours, "s", "hashes and recoveries alone", floor, "<= 3", more=size)
        asking = _by_asking(client, found.preamble.batch, found.preamble.block)
        begun = time.perf_counter()
        verify(proof, "mine/lot", trusted)
        waited = time.perf_counter() - begun
        yield Figure(f"{what}, as long as it takes", count, waited, "s", "asking its node", asking)
        client.close()


def _chain(folder: Path, operations: int, *, gap: bool) -> Any:
    """A client whose chain holds one batch with so many events; with a foreign block between any two."""
    from traceledger.client.client import connect
    from traceledger.config.networks import write_template

    client = connect(config=write_template(folder))
    client.deploy()
    client.create_key("mine")
    client.define_material("ore", name="Cobalt ore", substances=["Co"])
    client.register_participant("mine", name="Mine", country="CD", roles=["producer"])
    client.register_facility("pit", act_as="mine", kind="mine", country="CD")
    client.approve_origin("mine/pit", "ore", capacity_per_year="1000000 t")
    mint = {
        "op": "mint", "as": "mine", "material": "ore", "facility": "pit", "mass": "1000 t", "origin": "mined",
        "substances": {"Co": "300 t"}, "emissions": {"scope1": "3 t", "primary": "1 t"}, "at": AT,
    }  # fmt: skip
    more = {"op": "add_emissions", "as": "mine", "reason": "storage", "at": AT}
    lines: list[dict[str, Any]] = [mint | {"batch": "lot"}, mint | {"batch": "other"}]
    for number in range(operations):
        lines.append(more | {"batch": "lot", "emissions": {"scope2": f"{number + 1} g"}})
        if gap:
            lines.append(more | {"batch": "other", "emissions": {"scope2": f"{number + 1} g"}})
    path = folder / "operations.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    client.submit(path, block_size=1)
    return client


def _by_asking(client: Any, batch: int, block: int) -> float:
    """Seconds to ask its own node over JSON-RPC for the lineage: each receipt, its block, and the batch."""
    from traceledger.artifacts.calls import encode
    from traceledger.chain.embedded import EmbeddedChain
    from traceledger.chain.node import NodeServer
    from traceledger.chain.rpc.transport import JsonRpc

    blocks = sorted({event.block for event in client.index.history(batch, as_of=block)})
    hashes = [
        transaction.hash
        for number in blocks
        for each in client.chain.blocks(number, number)
        for transaction in each.transactions
    ]
    data = encode("BatchLedger", "batchOf", batch)
    target = {"to": f"0x{client.network.deployed().ledger.hex()}", "data": f"0x{data.hex()}"}
    requests: list[tuple[str, tuple[Any, ...]]] = [
        *(("eth_getTransactionReceipt", (f"0x{item.hex()}",)) for item in hashes),
        *(("eth_getBlockByNumber", (hex(number), False)) for number in blocks),
        ("eth_call", (target, hex(block))),
    ]
    with EmbeddedChain.open(client.network.chain_file) as chain:
        node = NodeServer(chain)
        threading.Thread(target=node.serve_forever, daemon=True).start()
        rpc = JsonRpc(node.url, timeout=60)
        begun = time.perf_counter()
        try:
            for method, values in requests:
                rpc.read(method, *values)
            return time.perf_counter() - begun
        finally:
            node.stop()
            node.close()


def _large(events: int) -> Iterator[Figure]:
    """A synthetic chain: exported here, verified in a process of its own."""
    from tests.index.support import DEPLOYED, indexed
    from tests.proofs.synthetic import ProvenChain, busy_world
    from traceledger.proofs.build.builder import Request, export
    from traceledger.provenance import lineage

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world, batch = busy_world(events, batches=max(10, events // 100))
        index = indexed(folder / "index.db", world)
        chain: Any = ProvenChain(world, lineage(index, batch).nodes)
        (folder / "root.json").write_text(chain.trust_root().dumps())
        begun = time.process_time()
        with (folder / "proof").open("wb") as file:
            made = export(file, Request(batch, chain.head()), chain, index, DEPLOYED)
        exporting = time.process_time() - begun
        index.close()
        yield from _verified(folder, "large", made, exporting)


def _tree(events: int) -> Iterator[Figure]:
    """The same of a chain of runs whose product has all batches upstream."""
    from tests.bench import prepared
    from tests.proofs.stored import SealedChain
    from tests.scale import asking
    from tests.scale.stored import StoredChain
    from traceledger.index import Index
    from traceledger.proofs.build.builder import Request, export
    from traceledger.provenance import lineage

    asked = prepared.chain("tree", events)
    stored = StoredChain.open(asked.path)
    with (
        tempfile.TemporaryDirectory() as name,
        Index.open(prepared.indexed(asked), asking.follows(stored)) as index,
    ):
        folder = Path(name)
        chain: Any = SealedChain(stored, lineage(index, asked.batch).replayed)
        (folder / "root.json").write_text(chain.trust_root().dumps())
        begun = time.process_time()
        with (folder / "proof").open("wb") as file:
            made = export(file, Request(asked.batch, chain.head()), chain, index, chain.contracts)
        exporting = time.process_time() - begun
        yield from _verified(folder, "tree", made, exporting)
    stored.close()


def _verified(folder: Path, what: str, made: Any, exporting: float) -> Iterator[Figure]:
    """A file that was exported, verified alone."""
    found = alone("verify", folder)
    more = {"bytes an event": made.stored_bytes / made.events, "memory MB": found["memory_mb"]}
    floor = "hashes and recoveries alone"
    yield Figure(f"verify, {what}", made.events, found["verifying"], "s", floor, found["bare"], more=more)
    yield Figure(f"export, {what}", made.events, exporting, "s", "verifying it", found["verifying"])
