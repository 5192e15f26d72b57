"""The node over HTTP: what it answers, what it refuses, and how it stops."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from eth_hash.auto import keccak

from tests.chain import support
from tests.chain.support import ALICE, BOB, CHAIN_ID, deploy, fail, signed, word, write
from traceledger.chain.embedded import EmbeddedChain, Gate
from traceledger.chain.node import NodeServer
from traceledger.errors import NetworkError

JSON = {"Content-Type": "application/json"}


def post(node: NodeServer, body: object, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Status and decoded body of one POST."""
    host = urlsplit(node.url).netloc
    connection = http.client.HTTPConnection(host, timeout=30)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("POST", "/", content, JSON | (headers or {}))
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text


def request(method: str, *params: object, ident: object = 1) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": list(params)}


def ask(node: NodeServer, method: str, *params: object) -> Any:
    status, answer = post(node, request(method, *params))
    assert status == 200
    assert "error" not in answer, answer
    return answer["result"]


def refused(node: NodeServer, method: str, *params: object) -> dict[str, Any]:
    _, answer = post(node, request(method, *params))
    error: dict[str, Any] = answer["error"]
    return error


def hexed(value: bytes) -> str:
    return "0x" + value.hex()


@pytest.fixture
def contract(node: NodeServer, embedded: EmbeddedChain) -> str:
    transaction = ask(node, "eth_sendRawTransaction", hexed(deploy(ALICE)))
    found: str = ask(node, "eth_getTransactionReceipt", transaction)["contractAddress"]
    return found


class TestReads:
    def test_what_wallets_ask_first(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        assert ask(node, "web3_clientVersion").startswith("traceledger/")
        assert ask(node, "net_version") == str(CHAIN_ID)
        assert ask(node, "eth_chainId") == hex(CHAIN_ID)
        assert ask(node, "eth_syncing") is False
        assert ask(node, "eth_accounts") == []
        assert ask(node, "eth_gasPrice") == "0x0"
        assert ask(node, "eth_maxPriorityFeePerGas") == "0x0"
        assert ask(node, "eth_blockNumber") == "0x0"
        assert ask(node, "eth_getBalance", hexed(embedded.authority), "latest") == "0x0"

    def test_blocks(self, node: NodeServer, embedded: EmbeddedChain, contract: str) -> None:
        block = ask(node, "eth_getBlockByNumber", "latest", True)
        assert block["hash"] == hexed(embedded.head().hash)
        assert block["miner"] == hexed(embedded.authority)
        assert block["baseFeePerGas"] == "0x0"
        assert len(block["extraData"]) == 2 + 2 * 97
        (transaction,) = block["transactions"]
        assert transaction == ask(node, "eth_getTransactionByHash", transaction["hash"])
        assert transaction["from"] == hexed(support.address_of(ALICE))
        assert transaction["to"] is None
        assert transaction["input"] == hexed(support.INITCODE)
        assert int(transaction["v"], 16) in (35 + 2 * CHAIN_ID, 36 + 2 * CHAIN_ID)
        assert ask(node, "eth_getBlockByHash", block["hash"], False) == block | {
            "transactions": [transaction["hash"]]
        }
        assert ask(node, "eth_getBlockByNumber", "0x99", False) is None
        assert ask(node, "eth_getBlockByNumber", hex(2**200), False) is None
        assert ask(node, "eth_getBlockByNumber", "earliest", False)["transactions"] == []

    def test_state(self, node: NodeServer, contract: str) -> None:
        ask(node, "eth_sendRawTransaction", hexed(write(ALICE, 1, bytes.fromhex(contract[2:]), 6, 60)))
        assert ask(node, "eth_getCode", contract, "latest") == hexed(support.RUNTIME)
        assert ask(node, "eth_getCode", contract, "0x0") == "0x"
        assert ask(node, "eth_getStorageAt", contract, "0x6", "latest") == hexed(word(60))
        assert ask(node, "eth_getStorageAt", contract, "0x6", "0x1") == hexed(word(0))
        alice = hexed(support.address_of(ALICE))
        assert ask(node, "eth_getTransactionCount", alice, "latest") == "0x2"
        assert ask(node, "eth_getTransactionCount", alice, {"blockNumber": "0x1"}) == "0x1"
        call = {"to": contract, "data": hexed(word(6))}
        assert ask(node, "eth_call", call, "latest") == hexed(word(60))
        assert ask(node, "eth_call", call, "0x1") == hexed(word(0))
        proof = ask(node, "eth_getProof", contract, ["0x6"], "latest")
        assert proof["storageProof"][0]["value"] == hex(60)

    def test_reverts_answer_like_geth(self, node: NodeServer, contract: str) -> None:
        call = {"to": contract, "data": "0x1234"}
        for method in ("eth_call", "eth_estimateGas"):
            assert refused(node, method, call) == {
                "code": 3,
                "message": "execution reverted",
                "data": "0x1234",
            }

    def test_gas_is_estimated(self, node: NodeServer, contract: str) -> None:
        message = {"to": contract, "data": hexed(word(1) + word(1))}
        gas = int(ask(node, "eth_estimateGas", message), 16)
        raw = write(BOB, 0, bytes.fromhex(contract[2:]), 1, 1, gas=gas)
        found = ask(node, "eth_getTransactionReceipt", ask(node, "eth_sendRawTransaction", hexed(raw)))
        assert int(found["gasUsed"], 16) <= gas

    def test_fee_history(self, node: NodeServer, contract: str) -> None:
        history = ask(node, "eth_feeHistory", "0x5", "latest", [20, 50])
        assert history["oldestBlock"] == "0x0"
        assert history["baseFeePerGas"] == ["0x0"] * 3
        assert history["reward"] == [["0x0", "0x0"]] * 2

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            ({"fromBlock": "0x0"}, 6),
            ({}, 2),
            ({"fromBlock": "0x2", "toBlock": "0x2"}, 2),
            ({"fromBlock": "0x0", "topics": [hexed(support.TOPIC)]}, 3),
            ({"fromBlock": "0x0", "topics": [None, hexed(word(1))]}, 1),
            ({"fromBlock": "0x0", "topics": [None, [hexed(word(1)), hexed(word(2))]]}, 2),
            ({"fromBlock": "0x0", "topics": [hexed(word(1))]}, 0),
            ({"fromBlock": "0x0", "address": "0x" + "00" * 20}, 0),
            ({"fromBlock": "0x9"}, 0),
        ],
    )
    def test_logs(self, node: NodeServer, contract: str, wanted: dict[str, Any], count: int) -> None:
        target = bytes.fromhex(contract[2:])
        for nonce in (1, 2, 3):
            ask(node, "eth_sendRawTransaction", hexed(write(ALICE, nonce, target, nonce, 1)))
        logs = ask(node, "eth_getLogs", wanted)
        assert len(logs) == count
        assert logs == ask(node, "eth_getLogs", {"address": [contract], **wanted})
        for log in logs:
            receipt = ask(node, "eth_getTransactionReceipt", log["transactionHash"])
            assert log in receipt["logs"]
            assert receipt["blockHash"] == log["blockHash"]

    def test_logs_by_block_hash(self, node: NodeServer, contract: str) -> None:
        raw = write(ALICE, 1, bytes.fromhex(contract[2:]), 1, 1)
        receipt = ask(node, "eth_getTransactionReceipt", ask(node, "eth_sendRawTransaction", hexed(raw)))
        assert ask(node, "eth_getLogs", {"blockHash": receipt["blockHash"]}) == receipt["logs"]
        assert refused(node, "eth_getLogs", {"blockHash": hexed(bytes(32))})["code"] == -32000


class TestTransactions:
    def test_batch_is_one_block(self, node: NodeServer, embedded: EmbeddedChain, contract: str) -> None:
        target = bytes.fromhex(contract[2:])
        raw = [write(ALICE, 1 + i, target, i, i) for i in range(5)]
        batch = [request("eth_sendRawTransaction", hexed(item), ident=i) for i, item in enumerate(raw)]
        _, answers = post(node, [request("eth_blockNumber", ident="before"), *batch])
        assert answers[0] == {"jsonrpc": "2.0", "id": "before", "result": "0x1"}
        assert answers[1:] == [
            {"jsonrpc": "2.0", "id": i, "result": hexed(keccak(item))} for i, item in enumerate(raw)
        ]
        assert embedded.head().number == 2
        (block,) = embedded.blocks(2, 2)
        assert [item.hash for item in block.transactions] == [keccak(item) for item in raw]

    def test_reverted_is_not_mined(self, node: NodeServer, embedded: EmbeddedChain, contract: str) -> None:
        raw = hexed(fail(ALICE, 1, bytes.fromhex(contract[2:]), b"\xab\xcd"))
        error = refused(node, "eth_sendRawTransaction", raw)
        assert error == {"code": 3, "message": "execution reverted", "data": "0xabcd"}
        assert embedded.head().number == 1

    def test_batch_stops_at_the_reverted(
        self, node: NodeServer, embedded: EmbeddedChain, contract: str
    ) -> None:
        target = bytes.fromhex(contract[2:])
        raw = [write(ALICE, 1, target, 1, 1), fail(ALICE, 2, target), write(BOB, 0, target, 1, 2)]
        _, answers = post(node, [request("eth_sendRawTransaction", hexed(item)) for item in raw])
        assert answers[0]["result"] == hexed(keccak(raw[0]))
        assert answers[1]["error"]["code"] == 3
        assert "transaction 1 of the batch was refused" in answers[2]["error"]["message"]
        assert embedded.call(target, word(1)) == word(1)

    def test_invalid_one_keeps_the_batch_out(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        raw = [deploy(ALICE), deploy(BOB, nonce=7)]
        _, answers = post(node, [request("eth_sendRawTransaction", hexed(item)) for item in raw])
        assert "transaction 1 of the batch was refused" in answers[0]["error"]["message"]
        assert "comes too early" in answers[1]["error"]["message"]
        assert embedded.head().number == 0

    def test_only_admitted_accounts(self, embedded: EmbeddedChain) -> None:
        node = NodeServer(embedded, gate=Gate(lambda account: account == support.address_of(ALICE)))
        thread = threading.Thread(target=node.serve_forever)
        thread.start()
        try:
            error = refused(node, "eth_sendRawTransaction", hexed(deploy(BOB)))
            assert error["code"] == -32000
            assert f"account {hexed(support.address_of(BOB))} is not admitted" in error["message"]
            assert ask(node, "eth_sendRawTransaction", hexed(deploy(ALICE)))
        finally:
            node.stop()
            thread.join()
            node.close()

    @pytest.mark.parametrize("method", ["eth_sendTransaction", "eth_sign", "personal_unlockAccount"])
    def test_no_keys_here(self, node: NodeServer, method: str) -> None:
        error = refused(node, method, {})
        assert error["code"] == -32601
        assert "holds no keys" in error["message"]

    def test_clients_at_once(self, node: NodeServer, embedded: EmbeddedChain, contract: str) -> None:
        target = bytes.fromhex(contract[2:])
        failures: list[object] = []

        def work(key: bytes, first: int) -> None:
            for nonce in range(first, first + 15):
                _, answer = post(
                    node, request("eth_sendRawTransaction", hexed(write(key, nonce, target, nonce, 1)))
                )
                if "error" in answer:
                    failures.append(answer)

        threads = [threading.Thread(target=work, args=item) for item in ((ALICE, 1), (BOB, 0))]
        for thread in threads:
            thread.start()
        for _ in range(40):
            assert ask(node, "eth_getBlockByNumber", "latest", True)["number"]
        for thread in threads:
            thread.join()
        assert failures == []
        assert embedded.head().number == 31


class TestBadRequests:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"{", -32700),
            (b"\xff\xfe", -32700),
            (b"[" * 100_000, -32700),
            (b"[]", -32600),
            (b"7", -32600),
            (b'{"id": 1}', -32600),
            (b'{"id": 1, "method": 5}', -32600),
            (b'{"id": 1, "method": "eth_none"}', -32601),
            (b'{"id": 1, "method": "eth_chainId", "params": {"a": 1}}', -32602),
            (b'{"id": 1, "method": "eth_getCode"}', -32602),
            (b'{"id": 1, "method": "eth_getCode", "params": ["0x12"]}', -32602),
            (b'{"id": 1, "method": "eth_getCode", "params": ["0xzz"]}', -32602),
            (b'{"id": 1, "method": "eth_getCode", "params": [7]}', -32602),
            (b'{"id": 1, "method": "eth_call", "params": ["x"]}', -32602),
            (b'{"id": 1, "method": "eth_call", "params": [{}]}', -32602),
            (b'{"id": 1, "method": "eth_getLogs", "params": [{"topics": "x"}]}', -32602),
            (b'{"id": 1, "method": "eth_getLogs", "params": [{"fromBlock": []}]}', -32602),
            (b'{"id": 1, "method": "eth_getBlockByNumber", "params": ["new"]}', -32602),
            (b'{"id": 1, "method": "eth_sendRawTransaction", "params": []}', -32602),
            (b'{"id": 1, "method": "eth_sendRawTransaction", "params": ["0x"]}', -32000),
        ],
    )
    def test_errors_have_codes(self, node: NodeServer, body: bytes, code: int) -> None:
        status, answer = post(node, body)
        assert status == 200
        assert answer["error"]["code"] == code
        assert answer["error"]["message"]

    def test_notification_gets_no_answer(self, node: NodeServer) -> None:
        assert post(node, {"jsonrpc": "2.0", "method": "eth_chainId"}) == (204, b"")

    def test_batch_of_good_and_bad(self, node: NodeServer) -> None:
        _, answers = post(node, [request("eth_chainId", ident=7), 5, request("eth_none", ident=8)])
        assert [answer["id"] for answer in answers] == [7, None, 8]
        assert answers[0]["result"] == hex(CHAIN_ID)

    def test_batch_has_a_limit(self, node: NodeServer) -> None:
        _, answer = post(node, [request("eth_chainId")] * 1001)
        assert answer["error"]["code"] == -32600

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8545", ""])
    def test_foreign_host_is_refused(self, node: NodeServer, host: str) -> None:
        assert post(node, request("eth_chainId"), {"Host": host})[0] == 403

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1234", "127.0.0.1:80"])
    def test_local_host_is_taken(self, node: NodeServer, host: str) -> None:
        assert post(node, request("eth_chainId"), {"Host": host})[0] == 200

    def test_forms_are_refused(self, node: NodeServer) -> None:
        assert post(node, request("eth_chainId"), {"Content-Type": "text/plain"})[0] == 415

    def test_large_body_is_not_read(self, node: NodeServer) -> None:
        with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as raw:
            raw.sendall(
                b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 99999999999\r\n\r\n"
            )
            assert b" 413 " in raw.recv(200)

    def test_body_without_length(self, node: NodeServer) -> None:
        with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as raw:
            raw.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n")
            assert b" 411 " in raw.recv(200)

    def test_get_says_what_to_do(self, node: NodeServer) -> None:
        connection = http.client.HTTPConnection(urlsplit(node.url).netloc, timeout=30)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (405, b"this is a JSON-RPC endpoint: use POST\n")
        connection.close()

    def test_taken_port(self, node: NodeServer, embedded: EmbeddedChain) -> None:
        with pytest.raises(NetworkError, match="is taken"):
            NodeServer(embedded, port=urlsplit(node.url).port or 0)


SERVE = """
import sys
from tests.chain import support
from traceledger.chain.embedded import EmbeddedChain, Gate
from traceledger.chain.node import serve
with EmbeddedChain.open(sys.argv[1], sealer=support.sealer()) as chain:
    serve(chain, 0, ready=lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it_cleanly(embedded: EmbeddedChain, chain_path: Path, number: int) -> None:
    embedded.send([signed(ALICE, 0, None, support.INITCODE)])
    embedded.close()
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(chain_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as process:
        assert process.stdout is not None
        netloc = urlsplit(process.stdout.readline().strip()).netloc
        connection = http.client.HTTPConnection(netloc, timeout=30)
        connection.request("POST", "/", json.dumps(request("eth_blockNumber")), JSON)
        assert json.loads(connection.getresponse().read())["result"] == "0x1"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        connection.close()
    assert (process.returncode, out, err) == (0, "stopped\n", "")
