"""What exceeds a limit of the node is refused, says so, and keeps nobody else waiting."""

from __future__ import annotations

import json
import multiprocessing
import re
import select
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.chain import support
from tests.chain.attacks import (
    BLAKE2,
    FLOOD,
    FORWARD,
    LOOP,
    MODEXP,
    Target,
    blake2_input,
    hexed,
    initcode,
    mined,
    modexp_input,
    request,
    target,
    together,
    watching,
)
from tests.chain.support import ALICE, BOB, signed, word, write
from tests.chain.test_node import ask, post, refused
from traceledger.chain.embedded import EmbeddedChain, Gate, limits
from traceledger.chain.node import NodeServer

TOO_MUCH = -32005
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("attacked") / "chain.db", blocks=1) as node:
        yield node


@pytest.fixture
def store(embedded: EmbeddedChain) -> bytes:
    (made,) = embedded.send([signed(ALICE, 0, None, support.INITCODE)])
    assert made.contract is not None
    return made.contract


class TestComputing:
    """Calls, estimates and transactions that would run for minutes."""

    def test_others_do_not_wait(self, attacked: Target) -> None:
        """Neither reads nor calls nor members wait for endless calls; the bounds allow for slow machines."""
        with watching(attacked) as seen:
            found = together(4, lambda: attacked.post(attacked.call(attacked.loop)))
        assert {each["error"]["code"] for each in found} == {TOO_MUCH}
        assert seen.refused == []
        assert seen.writes > 0
        assert seen.read < 10

    @pytest.mark.parametrize(
        ("precompiled", "data"),
        [
            (MODEXP, word(0) + word(2**40) + word(0)),
            (MODEXP, modexp_input(512)),
            (BLAKE2, blake2_input(2**31)),
        ],
        ids=["a long exponent", "large powers", "many rounds"],
    )
    def test_precompiled_contracts(self, attacked: Target, precompiled: int, data: bytes) -> None:
        """Those are one step of the EVM, however long they take: only ending the process stops them."""
        answer = attacked.post(attacked.forwarded(precompiled, data))
        assert "error" in answer
        assert "result" in attacked.post(attacked.call(attacked.store, word(1)))

    def test_blake2_is_quick(self, attacked: Target) -> None:
        answer = attacked.post(attacked.call("0x" + "00" * 19 + "09", blake2_input(1_000_000)))
        assert len(answer["result"]) == 2 + 2 * 64

    def test_an_account_pauses_whose_transaction_is_endless(self, attacked: Target) -> None:
        assert mined(attacked, attacked.loop)["error"]["code"] == TOO_MUCH
        assert "too much computing time" in mined(attacked, attacked.loop)["error"]["message"]

    def test_gas_of_a_call(self, node: NodeServer, store: bytes) -> None:
        call = {"to": hexed(store), "data": hexed(word(1))}
        assert ask(node, "eth_call", call | {"gas": hex(2**63)}) == hexed(word(0))
        assert refused(node, "eth_call", call | {"gas": "0x64"})["code"] == 3

    def test_a_long_batch_is_several_blocks(
        self, node: NodeServer, embedded: EmbeddedChain, store: bytes
    ) -> None:
        count = limits.BLOCK_TRANSACTIONS + 20
        raw = [write(BOB, nonce, store, nonce, 1) for nonce in range(count)]
        batch = [request("eth_sendRawTransaction", hexed(item), ident=at) for at, item in enumerate(raw)]
        wrong = request("eth_sendRawTransaction", hexed(write(BOB, 9999, store, 1, 1)))
        _, answers = post(node, [*batch, wrong])
        assert [each["id"] for each in answers[:count] if "result" in each] == list(
            range(limits.BLOCK_TRANSACTIONS)
        )
        assert "transaction 120 of the batch was refused" in answers[-2]["error"]["message"]
        assert "comes too early" in answers[-1]["error"]["message"]
        assert embedded.head().number == 2
        _, answers = post(node, batch[limits.BLOCK_TRANSACTIONS :])
        assert all("result" in each for each in answers)

    def test_members_create_no_contracts(self, embedded: EmbeddedChain) -> None:
        gate = Gate(creates=lambda account: account == support.address_of(ALICE))
        node = NodeServer(embedded, gate=gate)
        thread = threading.Thread(target=node.serve_forever)
        thread.start()
        try:
            error = refused(node, "eth_sendRawTransaction", hexed(signed(BOB, 0, None, initcode(LOOP))))
            assert "may not create contracts" in error["message"]
            assert ask(node, "eth_sendRawTransaction", hexed(signed(ALICE, 0, None, initcode(FORWARD))))
        finally:
            node.stop()
            thread.join()
            node.close()

    @pytest.mark.parametrize(
        ("fields", "to", "data"),
        [
            ({"gas": limits.TRANSACTION_GAS + 1}, b"\x01" * 20, b""),
            ({"gas": 10**8}, b"\x01" * 20, bytes(limits.TRANSACTION_BYTES)),
            ({}, bytes(19) + b"\x09", blake2_input(1)),
            ({"maxFeePerGas": 0, "maxPriorityFeePerGas": 1}, b"\x01" * 20, b""),
        ],
    )
    def test_transactions(self, node: NodeServer, fields: dict[str, int], to: bytes, data: bytes) -> None:
        raw = signed(ALICE, 0, to, data, **fields)
        assert refused(node, "eth_sendRawTransaction", hexed(raw))["code"] == -32000
        assert ask(node, "eth_blockNumber") == "0x0"


class TestReading:
    def test_keys_of_a_proof(self, node: NodeServer, store: bytes) -> None:
        keys = [hex(key) for key in range(limits.PROOF_KEYS)]
        assert len(ask(node, "eth_getProof", hexed(store), keys, "latest")["storageProof"]) == len(keys)
        assert refused(node, "eth_getProof", hexed(store), [*keys, "0x1"], "latest")["code"] == TOO_MUCH

    def test_logs(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        (made,) = embedded.send([signed(ALICE, 0, None, initcode(FLOOD))])
        for nonce in range(limits.LOGS // 1000):
            embedded.send([signed(BOB, nonce, made.contract, b"")])
        assert len(ask(node, "eth_getLogs", {"fromBlock": "0x0"})) == limits.LOGS
        embedded.send([signed(ALICE, 1, made.contract, b"")])
        for topics in ([], [None]):
            wanted = {"fromBlock": "0x0", "topics": topics}
            assert refused(node, "eth_getLogs", wanted)["code"] == TOO_MUCH
        assert len(ask(node, "eth_getLogs", {"fromBlock": "0x1", "toBlock": "0xb"})) == limits.LOGS
        # An answer has its limit too: what is left of the batch is not even begun.
        _, answers = post(node, [request("eth_getLogs", {"fromBlock": "0x1", "toBlock": "0xb"})] * 30)
        codes = [each.get("error", {}).get("code") for each in answers]
        assert codes[0] is None
        assert codes[-1] == TOO_MUCH
        assert len(json.dumps(answers)) < 2 * limits.ANSWER_BYTES

    def test_fees(self, node: NodeServer) -> None:
        assert len(ask(node, "eth_feeHistory", "0xffffff", "latest", [])["gasUsedRatio"]) == 1
        for wrong in ([1] * (limits.FEE_PERCENTILES + 1), [50, 20], [-1], [101], ["1"], [True], "x"):
            assert refused(node, "eth_feeHistory", "0x1", "latest", wrong)["code"] == -32602

    def test_choices(self, node: NodeServer) -> None:
        many = ["0x" + "00" * 20] * (limits.FILTER_CHOICES + 1)
        assert refused(node, "eth_getLogs", {"address": many})["code"] == -32602


class TestDocuments:
    def test_body(self, node: NodeServer) -> None:
        full = b'{"id":1,"method":"eth_chainId"}'.ljust(limits.BODY_BYTES)
        assert post(node, full)[1]["result"] == hex(support.CHAIN_ID)
        answer = raw_answer(node, head(f"Content-Length: {limits.BODY_BYTES + 1}"))
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == TOO_MUCH

    def test_chunked_body(self, node: NodeServer) -> None:
        body = b'{"id":1,"method":"eth_chainId"}'
        chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        assert b'"result":' in raw_answer(
            node, head("Transfer-Encoding: chunked", "Connection: close") + chunks
        )
        piece = b"%x\r\n%s\r\n" % (2**16, b" " * 2**16)
        answer = raw_answer(
            node, head("Transfer-Encoding: chunked") + piece * (limits.BODY_BYTES // 2**16 + 1)
        )
        assert answer.startswith(b"HTTP/1.1 413 ")

    @pytest.mark.parametrize("part", [b"[],", b"{},", b"0,", b'{"a":0},'])
    def test_values(self, node: NodeServer, part: bytes) -> None:
        body = b"[" + part * (limits.JSON_VALUES + 1) + b"0]"
        assert post(node, body)[1]["error"]["code"] == TOO_MUCH

    def test_header(self, node: NodeServer) -> None:
        answer = raw_answer(node, head("X: " + "a" * limits.HEADER_BYTES))
        assert answer.startswith(b"HTTP/1.1 431 ")

    def test_connections(self, node: NodeServer) -> None:
        """A further one takes the place of the one that has been silent the longest."""
        port = urlsplit(node.url).port or 0
        opened = [
            socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(limits.CONNECTIONS)
        ]
        try:
            closed = list[socket.socket]()
            for _ in range(5):  # Connections of tests before may not be gone yet, and were silent for longer.
                assert ask(node, "eth_chainId")
                closed, _, _ = select.select(opened, [], [], 2)
                if closed:
                    break
            assert closed[0] is opened[0]
            assert closed[0].recv(1) == b""
        finally:
            for each in opened:
                each.close()

    def test_a_slow_request(self, node: NodeServer) -> None:
        with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as slow:
            slow.sendall(b"POST / HTTP/1.1\r\n")
            begin = time.monotonic()
            assert ask(node, "eth_chainId")
            assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
            assert limits.REQUEST_SECONDS - 1 < time.monotonic() - begin < limits.REQUEST_SECONDS + 10


def head(*fields: str) -> bytes:
    """The head of a request."""
    lines = ["POST / HTTP/1.1", "Host: localhost", "Content-Type: application/json", *fields]
    return "\r\n".join([*lines, "", ""]).encode()


def raw_answer(node: NodeServer, said: bytes) -> bytes:
    """All that comes back over a connection of its own, until the node ends it."""
    with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as raw:
        raw.sendall(said)
        found = b""
        while piece := raw.recv(65536):
            found += piece
    return found


def test_it_stops_in_two_seconds(tmp_path: Path) -> None:
    """Whatever it runs: endless calls, an endless transaction, connections that are open."""
    with target(tmp_path / "chain.db", blocks=0) as node:
        busy: list[Any] = [
            lambda: node.post([node.call(node.loop)] * 100),
            lambda: node.post(node.call(node.loop, method="eth_estimateGas")),
            lambda: node.post(request("eth_sendRawTransaction", hexed(endless(node)))),
        ]
        threads = [threading.Thread(target=together, args=(1, each), daemon=True) for each in busy]
        for thread in threads:
            thread.start()
        time.sleep(1)
        begin = time.monotonic()
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(30) == 0
        # Two on a machine of its own; scripts/attack-node measures it.
        assert time.monotonic() - begin < 8
        for thread in threads:
            thread.join()


def endless(node: Target) -> bytes:
    return signed(BOB, 0, bytes.fromhex(node.loop[2:]), b"", gas=limits.TRANSACTION_GAS)


def test_a_killed_worker_is_replaced(node: NodeServer, embedded: EmbeddedChain, store: bytes) -> None:
    """Whoever ends the processes, nothing is lost or doubled, and the next caller gets an answer."""
    before = set(multiprocessing.active_children())
    target_slot = 5
    ask(node, "eth_sendRawTransaction", hexed(write(BOB, 0, store, target_slot, 1)))
    ask(node, "eth_call", {"to": hexed(store), "data": hexed(word(target_slot))})
    for process in set(multiprocessing.active_children()) - before:
        process.kill()
        process.join()
    ask(node, "eth_sendRawTransaction", hexed(write(BOB, 1, store, target_slot, 2)))
    assert ask(node, "eth_call", {"to": hexed(store), "data": hexed(word(target_slot))}) == hexed(word(2))
    assert embedded.nonce(support.address_of(BOB)) == 2


def test_the_limits_are_documented() -> None:
    """docs/operating.md names each constant with its value."""
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| ([\d,.]+)", text, re.MULTILINE))
    units = {"KIB", "MIB"}
    constants = {name: getattr(limits, name) for name in dir(limits) if name.isupper() and name not in units}
    assert {name: float(value.replace(",", "")) for name, value in told.items()} == constants
