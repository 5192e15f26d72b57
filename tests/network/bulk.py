"""A big operations file, what an undisturbed run of it yields, and the check that a disturbed one does too.

The file is the same every time: eight mines, four refineries and two makers, each with a key of its own, in
2,000 operations and some. Nothing in it depends on the time or the chain.
"""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.conftest import EXECUTABLE
from tests.clients import write
from traceledger.artifacts.identity import identity_of
from traceledger.client.client import Client, connect
from traceledger.config.networks import write_template
from traceledger.documents.traces import trace as trace_document
from traceledger.interop.reading import source_of
from traceledger.provenance import trace
from traceledger.signing.signers import DEPLOYER

PASSPHRASE = "only a test"
AT = "2026-02-01T00:00:00Z"
MINES, REFINERIES, MAKERS, LOTS = 8, 4, 2, 38
Call = tuple[bytes, str, bytes]
"""Who sent what to which contract."""


def operations() -> Iterator[dict[str, Any]]:
    """The file, line by line."""
    for material in ("ore", "metal", "part"):
        yield {"op": "define_material", "material": material, "name": material, "substances": ["Co"]}
    sites = {f"mine-{n}": ("producer", "mine") for n in range(MINES)}
    sites |= {f"refiner-{n}": ("processor", "refinery") for n in range(REFINERIES)}
    sites |= {f"maker-{n}": ("manufacturer", "plant") for n in range(MAKERS)}
    for slug, (role, kind) in sites.items():
        common = {"name": slug.title(), "country": "FI"}
        yield {"op": "register_participant", "participant": slug, "roles": [role], **common}
        yield {"op": "register_facility", "as": slug, "facility": "site", "kind": kind, "country": "FI"}
    for n in range(MINES):
        yield {"op": "approve_origin", "facility": f"mine-{n}/site", "material": "ore", "at": AT} | {
            "capacity_per_year": "4000 t"
        }
    for n in range(MINES):
        yield from _mined(n)
    for n in range(REFINERIES):
        yield from _refined(n)
    for n in range(MAKERS):
        yield from _made(n)


def _mined(n: int) -> Iterator[dict[str, Any]]:
    mine, refiner = {"as": f"mine-{n}", "at": AT}, f"refiner-{n % REFINERIES}"
    for lot in range(LOTS):
        mass = {"mass": 10**9 + 7 * lot, "substances": {"Co": 10**8 + 3 * lot}, "material": "ore"}
        gases = {"scope1": 10**7 + lot, "primary": 10**6 + lot}
        yield {"op": "mint", "batch": f"L{lot}", "facility": "site", "origin": "mined", **mass, **mine} | {
            "emissions": gases
        }
        yield {"op": "split", "batch": f"L{lot}", "into": [{"batch": f"P{lot}", "mass": 6 * 10**8}], **mine}
        yield {"op": "ship", "shipment": f"S{lot}", "batches": [f"P{lot}"], "to": refiner, **mine} | {
            "emissions": {"scope3": 10**6 + lot}
        }
    for _ in range(2):
        yield {"op": "add_emissions", "batch": "L0", "emissions": {"scope2": 99}, "reason": "storage", **mine}


def _refined(n: int) -> Iterator[dict[str, Any]]:
    refiner, mines = {"as": f"refiner-{n}", "at": AT}, (f"mine-{n}", f"mine-{n + REFINERIES}")
    for lot in range(LOTS):
        for mine in mines:
            arrived = {f"{mine}/P{lot}": 6 * 10**8 - lot}
            yield {"op": "receive", "shipment": f"{mine}/S{lot}", "arrived": arrived, **refiner}
        if lot == 0:
            gases = {"emissions": {"scope2": 5}, "reason": "storage"}
            yield {"op": "add_emissions", "batch": f"{mines[0]}/P0", **gases, **refiner}
        output = {"batch": f"M{lot}", "material": "metal", "mass": 10**8, "substances": {"Co": 9 * 10**7}}
        yield {"op": "transform", "transformation": f"R{lot}", "facility": "site", "process": "refining"} | {
            "inputs": [{"batch": f"{mine}/P{lot}"} for mine in mines],
            **{"outputs": [output], "losses": "balance", "allocation": "mass"},
            **{"emissions": {"scope1": 5 * 10**7 + lot}, **refiner},
        }
        to = f"maker-{n % MAKERS}"
        yield {"op": "ship", "shipment": f"S{lot}", "batches": [f"M{lot}"], "to": to, **refiner}


def _made(n: int) -> Iterator[dict[str, Any]]:
    maker = {"as": f"maker-{n}", "at": AT}
    for refiner in (f"refiner-{n}", f"refiner-{n + MAKERS}"):
        for lot in range(LOTS):
            part = f"{refiner}-{lot}"
            yield {"op": "receive", "shipment": f"{refiner}/S{lot}", **maker}
            output = {"batch": part, "material": "part", "mass": 9 * 10**7, "substances": {"Co": 8 * 10**7}}
            yield {"op": "transform", "transformation": part, "facility": "site", "process": "making"} | {
                "inputs": [{"batch": f"{refiner}/M{lot}", "mass": 95 * 10**6}],
                **{"outputs": [output], "losses": "balance", "allocation": "mass"},
                **{"emissions": {"scope2": 10**7 + lot}, **maker},
            }
            yield {"op": "retire", "batch": part, "reason": "delivered", **maker}


def of_the_ledger(document: Any) -> Any:
    """A document without the blocks, which differ from chain to chain; lists in the order of their text."""
    blocks = {"as_of", "block", "block_hash", "time", "newest_record_at", "chain_id", "genesis_hash"}
    if isinstance(document, dict):
        return {name: of_the_ledger(value) for name, value in document.items() if name not in blocks}
    if isinstance(document, list):
        return sorted(map(of_the_ledger, document), key=str)
    return document


def calls(client: Client, after: int) -> Counter[Call]:
    """What was sent to the contracts after a block, from the chain itself. None of it may have failed.

    The deploying account is another in each run, so that each has contracts of its own; here it is empty.
    """
    chain, contracts = client.chain, client.network.deployed()
    roles = {contracts.registry: "registry", contracts.ledger: "ledger", contracts.assurance: "assurance"}
    deployer = client.signers.deployer()
    found: Counter[Call] = Counter()
    for block in chain.blocks(after + 1, chain.final().number):
        for item in block.transactions:
            if item.to in roles:
                assert item.succeeded, item
                sender = b"" if item.sender == deployer else item.sender
                # A consent is signed anew, with another deadline: what else there is tells a call.
                found[sender, roles[item.to], identity_of(item.input)] += 1
    return found


def traces(client: Client) -> dict[str, Any]:
    """The trace of every batch."""
    client.sync()
    slugs = {item.address: item.slug for item in client.index.participants()}
    with client.index.snapshot():
        return {
            f"{slugs[batch.creator]}/{batch.identifier}": of_the_ledger(
                json.loads(json.dumps(trace_document(trace(client.index, batch.id))))
            )
            for batch in client.index.batches()
        }


def client_in(folder: Path) -> Client:
    """A client of the network of a folder."""
    return connect(config=folder / "networks.toml", passphrase=lambda _: PASSPHRASE)


def set_urls(folder: Path, urls: list[str]) -> None:
    """Let the network of a folder be reached by these endpoints from now on."""
    path = folder / "networks.toml"
    before = path.read_text("utf-8")
    text, done = re.subn(r"urls = \[.*?\]", f"urls = {json.dumps(urls)}", before, flags=re.DOTALL)
    assert done == 1
    path.write_text(text, "utf-8")


@dataclass(frozen=True)
class Bulk:
    """The file, the keys of all who act in it, and what it yields when nothing disturbs it."""

    file: Path
    keys: Path
    count: int
    calls: Counter[Call]
    traces: dict[str, Any]

    @classmethod
    def undisturbed(cls, folder: Path) -> Bulk:
        """Run the file on an embedded chain."""
        ops = list(operations())
        file = write(folder / "bulk.jsonl", ops)
        write_template(folder)
        with client_in(folder) as client:
            client.deploy()
            begun = client.chain.head().number
            assert client.submit(source_of(file, repeats=True), create_keys=True).sent == len(ops)
            sent = calls(client, begun)
            return cls(file, client.network.keys, len(ops), sent, traces(client))

    def save(self, folder: Path) -> None:
        """Keep it for other processes."""
        (folder / "bulk.pickle").write_bytes(pickle.dumps(self))

    @classmethod
    def load(cls, folder: Path) -> Bulk:
        """What was kept."""
        found: Bulk = pickle.loads((folder / "bulk.pickle").read_bytes())
        return found


class Run:
    """The file on a network: contracts of its own, the keys of the undisturbed run.

    Args:
        bulk: the file.
        config: a networks.toml whose default is the network.
        folder: an empty folder.
    """

    def __init__(self, bulk: Bulk, config: Path, folder: Path) -> None:
        self.bulk, self.folder = bulk, folder
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(config, folder / "networks.toml")
        with client_in(folder) as client:
            shutil.copytree(bulk.keys, client.network.keys)
            (client.network.keys / f"{DEPLOYER}.json").unlink()
            self.outbox = client.network.outbox_file
            client.deploy()
            self.begun = client.chain.head().number

    def submit(self) -> subprocess.Popen[str]:
        """``traceledger submit`` as a process of its own."""
        return subprocess.Popen(
            [str(EXECUTABLE), "submit", str(self.bulk.file), "--repeats", "--json", "--quiet"],
            cwd=self.folder,
            env={**os.environ, "TRACELEDGER_PASSPHRASE": PASSPHRASE},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def signed(self) -> int:
        """How many transactions the outbox holds."""
        try:
            connection = sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True, timeout=10)
        except sqlite3.OperationalError:
            return 0
        try:
            return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
        finally:
            connection.close()

    def wait_signed(self, process: subprocess.Popen[str], count: int, seconds: float = 400) -> None:
        """Wait until so many are signed, or the process has ended."""
        deadline = time.monotonic() + seconds
        while self.signed() < count and process.poll() is None:
            assert time.monotonic() < deadline, f"{self.signed()} of {count} signed"
            time.sleep(0.02)

    def finish(self, process: subprocess.Popen[str], again: int = 3) -> None:
        """Wait for the submission; where the network's fault has ended it, run it again, as its hint says."""
        for _ in range(again + 1):
            out, err = process.communicate(timeout=400)
            assert "Traceback" not in err
            if process.returncode == 0:
                assert json.loads(out)["operations"] == self.bulk.count
                return
            assert process.returncode == 7, (process.returncode, err)
            process = self.submit()
        raise AssertionError(err)

    def check(self, open_client: Callable[[Path], Client] = client_in) -> None:
        """Nothing lost, nothing doubled, every trace as in the undisturbed run."""
        with open_client(self.folder) as client:
            sent = calls(client, self.begun)
            assert (sent.total(), self.bulk.calls.total()) == (self.bulk.count, self.bulk.count)
            assert sent == self.bulk.calls
            found = traces(client)
        assert found.keys() == self.bulk.traces.keys()
        for name, expected in self.bulk.traces.items():
            assert found[name] == expected, name
