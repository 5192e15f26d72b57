"""Requests that try to stop a node, and what watches how long its other callers wait meanwhile."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from tests.chain import support
from tests.chain.support import ALICE, BOB, signed, word, write
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.limits import BODY_BYTES, TRANSACTION_GAS

MALLORY = b"\x66" * 32
JSON = {"Content-Type": "application/json"}

LOOP = bytes.fromhex("5b" + "5850" * 100 + "600056")
"""Asks where it is, until its gas is used up: an opcode that takes long for the little gas that it costs."""

FORWARD = bytes.fromhex("602036036020600037" + "5b60006000602036036000600035" + "5afa50600956")
"""Calls the contract named by the first word of its input with the rest, again and again."""

FLOOD = bytes.fromhex("60005b600160006000a1600101806103e811600257" + "00")
"""Emits a thousand logs."""

BLAKE2, MODEXP, PAIRING = 9, 5, 8

SERVE = """
import sys
from pathlib import Path
from tests.chain import support
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import serve
with EmbeddedChain.open(Path(sys.argv[1]), sealer=support.sealer()) as chain:
    serve(chain, 0, ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def initcode(runtime: bytes) -> bytes:
    """What creates a contract with that code."""
    return bytes.fromhex(f"61{len(runtime):04x}600e60003961{len(runtime):04x}6000f3") + runtime


def hexed(value: bytes) -> str:
    return "0x" + value.hex()


def request(method: str, *parameters: object, ident: object = 1) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": list(parameters)}


def blake2_input(rounds: int) -> bytes:
    """Of the precompiled contract 9: so many rounds, each for one gas."""
    return rounds.to_bytes(4, "big") + bytes(208) + b"\x01"


def modexp_input(size: int) -> bytes:
    """Of the precompiled contract 5: all three numbers of that many bytes, as large as they can be."""
    return word(size) * 3 + b"\xff" * size * 3


@dataclass(frozen=True, slots=True)
class Target:
    """A node in a process of its own, and the contracts on its chain."""

    url: str
    process: subprocess.Popen[str]
    store: str
    loop: str
    forward: str

    def post(self, body: object, timeout: float = 120) -> Any:
        """Send a document and decode what comes back."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        with suppress(OSError):  # a refused body may not be taken to its end
            connection.request("POST", "/", body if isinstance(body, bytes) else json.dumps(body), JSON)
        answer = connection.getresponse().read()
        connection.close()
        return json.loads(answer)

    def call(self, to: str, data: bytes = b"", method: str = "eth_call") -> dict[str, object]:
        """A request that runs a contract."""
        return request(method, {"to": to, "data": hexed(data)})

    def forwarded(self, precompiled: int, data: bytes) -> dict[str, object]:
        """A request that calls a precompiled contract again and again."""
        return self.call(self.forward, word(precompiled) + data)

    def bytes_held(self) -> int:
        """Memory of the node and its workers, what they share counted once."""
        total = 0
        node = psutil.Process(self.process.pid)
        for each in (node, *node.children(recursive=True)):
            with suppress(psutil.Error):
                total += each.memory_full_info().pss
        return total


@contextmanager
def target(path: Path, blocks: int = 10) -> Iterator[Target]:
    """A node over a new chain with hostile contracts and ``blocks`` times 200 logs."""
    sealer = support.sealer()
    with EmbeddedChain.create(
        path, chain_id=support.CHAIN_ID, authority=sealer.address, timestamp=support.START, sealer=sealer
    ) as chain:
        codes = (support.RUNTIME, LOOP, FORWARD)
        made = chain.send([signed(ALICE, nonce, None, initcode(code)) for nonce, code in enumerate(codes)])
        store, loop, forward = (hexed(each.contract or b"") for each in made)
        for block in range(blocks):
            first = 3 + 100 * block
            chain.send([write(ALICE, nonce, unhexed(store), nonce, 1) for nonce in range(first, first + 100)])
    command = [sys.executable, "-c", SERVE, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            node = Target(process.stdout.readline().strip(), process, store, loop, forward)
            # Its processes start while it already answers.
            node.post(node.call(store, word(1)))
            mined(node, loop, nonce=99)
            yield node
        finally:
            process.kill()


def unhexed(text: str) -> bytes:
    return bytes.fromhex(text[2:])


class Watch:
    """Other callers, one that reads, one that calls and one that writes, and how long each waited at most.

    Args:
        node: whom they ask.
        nonce: of the first transaction.
    """

    def __init__(self, node: Target, nonce: int = 0) -> None:
        self._node = node
        self._nonce = nonce
        self.read = self.call = self.write = 0.0
        self.memory = 0
        self.writes = 0
        self.refused: list[Any] = []

    def _timed(self, body: object) -> float:
        begin = time.monotonic()
        answer = self._node.post(body)
        if "result" not in answer:
            self.refused.append(answer)
        return time.monotonic() - begin

    def read_one(self) -> None:
        self.read = max(self.read, self._timed(request("eth_getBlockByNumber", "latest", False)))

    def call_one(self) -> None:
        self.call = max(self.call, self._timed(self._node.call(self._node.store, word(1))))

    def write_one(self) -> None:
        raw = write(BOB, self._nonce + self.writes, unhexed(self._node.store), 7, 7)
        self.write = max(self.write, self._timed(request("eth_sendRawTransaction", hexed(raw))))
        self.writes += 1

    def weigh(self) -> None:
        self.memory = max(self.memory, self._node.bytes_held())


@contextmanager
def watching(node: Target, *, nonce: int = 0, pause: float = 0.02) -> Iterator[Watch]:
    """Ask as other callers do, and look at the node's memory, all the time."""
    found = Watch(node, nonce)
    over = threading.Event()

    def repeat(step: Callable[[], None]) -> None:
        while not over.is_set():
            step()
            over.wait(pause)

    steps = (found.read_one, found.call_one, found.write_one, found.weigh)
    threads = [threading.Thread(target=repeat, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        over.set()
        for thread in threads:
            thread.join()


def together(count: int, attack: Callable[[], Any]) -> list[Any]:
    """What several callers get that attack at once."""
    found: list[Any] = []

    def one() -> None:
        try:
            found.append(attack())
        except (OSError, http.client.HTTPException, ValueError) as error:
            found.append(type(error).__name__)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def mined(node: Target, to: str, data: bytes = b"", *, nonce: int = 0) -> Any:
    """What a member gets that sends a transaction with all the gas there is."""
    raw = signed(MALLORY, nonce, unhexed(to), data, gas=TRANSACTION_GAS)
    return node.post(request("eth_sendRawTransaction", hexed(raw)))


def dribble(node: Target, count: int, seconds: float) -> str:
    """Open connections, and send one byte of a request over each from time to time."""
    end = time.monotonic() + seconds
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 10_000
    port = urlsplit(node.url).port or 0
    opened: list[socket.socket] = []
    with suppress(OSError):
        opened += [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
    for position in range(len(head)):
        if time.monotonic() > end:
            break
        for each in opened:
            with suppress(OSError):
                each.send(head[position : position + 1])
        time.sleep(0.2)
    for each in opened:
        each.close()
    return f"{len(opened)} connections"


def unread(node: Target, body: bytes, seconds: float) -> str:
    """Ask for something long, and never read it."""
    with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as raw:
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        raw.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
        time.sleep(seconds)
    return "not read"


def attacks(node: Target, seconds: float) -> dict[str, Callable[[], Any]]:
    """The attacks by name, each at full strength."""
    precompiled = "0x" + "00" * 19 + "09"
    logs = json.dumps([request("eth_getLogs", {"fromBlock": "0x0"})] * 1000).encode()
    slots = [hex(slot) for slot in range(1024)]
    full = b"[" + b"[]," * ((BODY_BYTES - 4) // 3) + b"[]]"
    endless = json.dumps([node.call(node.loop)] * 1000).encode()
    return {
        "a call of BLAKE2 with 50,000,000 rounds": lambda: node.post(
            node.call(precompiled, blake2_input(50_000_000))
        ),
        "8 endless calls at once": lambda: together(8, lambda: node.post(node.call(node.loop))),
        "8 calls that take powers of numbers of 1,024 bytes": lambda: together(
            8, lambda: node.post(node.forwarded(MODEXP, modexp_input(1024)))
        ),
        "a power with an exponent of 2^40 bytes": lambda: node.post(
            node.forwarded(MODEXP, word(0) + word(2**40) + word(0))
        ),
        "8 calls that pair points": lambda: together(
            8, lambda: node.post(node.forwarded(PAIRING, bytes(192 * 40)))
        ),
        "8 endless estimates": lambda: together(
            8, lambda: node.post(node.call(node.loop, method="eth_estimateGas"))
        ),
        "a batch of 1,000 endless calls": lambda: node.post(endless),
        "a member's endless transaction, 4 times": lambda: together(4, lambda: mined(node, node.loop)),
        "32 batches of 1,000 eth_getLogs": lambda: together(32, lambda: node.post(logs)),
        "8 eth_getProof of 1,024 keys": lambda: together(
            8, lambda: node.post(request("eth_getProof", node.store, slots, "latest"))
        ),
        "16 bodies of [],[], as large as they may be": lambda: together(16, lambda: node.post(full)),
        "8 bodies of 32 MiB": lambda: together(8, lambda: node.post(b"[" + b"[]," * 11_184_810 + b"[]]")),
        "8 bodies of 1,000,000 brackets": lambda: together(8, lambda: node.post(b"[" * 1_000_000)),
        "400 connections that send a byte at a time": lambda: dribble(node, 400, seconds),
        "32 long answers that nobody reads": lambda: together(32, lambda: unread(node, logs, seconds)),
    }
