"""What an RPC chain does when the node is away, slow, or not what it should be."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests

from tests.chain import support
from tests.chain.support import ALICE, deploy, fail, word, write
from traceledger.chain.base import TransactionRevertedError
from traceledger.chain.jsonrpc import JsonRpc, RpcError
from traceledger.chain.node import NodeServer
from traceledger.chain.rpc import RpcChain, signed_chain_id
from traceledger.errors import NetworkError

Answer = Callable[[Any], Any]


class _Stub(BaseHTTPRequestHandler):
    """Answers each request of a batch with what the server's ``answer`` makes of it."""

    server: _StubServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += [item["method"] for item in body]
        reply = self.server.answer(body)
        if reply is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        content = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Silent."""


class _StubServer(HTTPServer):
    answer: Answer
    asked: list[str]


@pytest.fixture
def stub() -> Iterator[_StubServer]:
    server = _StubServer(("127.0.0.1", 0), _Stub)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url_of(server: _StubServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def results(*values: object) -> Answer:
    """Answers the requests of a batch with these results, whatever they ask."""
    return lambda body: [
        {"jsonrpc": "2.0", "id": item["id"], "result": value}
        for item, value in zip(body, values, strict=True)
    ]


class TestConnecting:
    def test_nobody_there(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            with pytest.raises(NetworkError, match="cannot be reached"):
                RpcChain.connect(url, timeout=2)

    def test_foreign_chain(self, node: NodeServer) -> None:
        with pytest.raises(NetworkError, match="serves chain id 4711, expected 1"):
            RpcChain.connect(node.url, expected_chain_id=1)

    @pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "nonsense", "http://"])
    def test_no_address(self, url: str) -> None:
        with pytest.raises(NetworkError, match="does not answer JSON-RPC"):
            RpcChain.connect(url)

    @pytest.mark.filterwarnings("ignore:Received batch response with missing")
    @pytest.mark.parametrize("reply", [b"<html>", b"[]", b"[7]", b"{}", b"[{}]", b"\xff"])
    def test_something_else_answers(self, stub: _StubServer, reply: bytes) -> None:
        stub.answer = lambda _: reply
        with pytest.raises(NetworkError):
            RpcChain.connect(url_of(stub))

    def test_silence(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(NetworkError, match="did not answer in time"):
                RpcChain.connect(url, timeout=0.1)


class TestRetries:
    def test_reads_are_tried_again(self, stub: _StubServer) -> None:
        answers = iter([None, None])
        good = results("0x1")
        stub.answer = lambda body: next(answers, good(body))
        with RpcChain.connect(url_of(stub)) as chain:
            assert chain.chain_id == 1
        assert stub.asked == ["eth_chainId"] * 3

    def test_writes_are_not(self, stub: _StubServer) -> None:
        stub.answer = results(hex(support.CHAIN_ID))
        with RpcChain.connect(url_of(stub)) as chain:
            stub.answer = lambda _: None
            with pytest.raises(NetworkError, match="cannot be reached"):
                chain.send([deploy(ALICE)])
        assert stub.asked == ["eth_chainId", "eth_sendRawTransaction"]

    def test_transactions_that_nobody_mines(self, stub: _StubServer) -> None:
        stub.answer = results(hex(support.CHAIN_ID))
        with RpcChain.connect(url_of(stub), receipt_seconds=0.3) as chain:
            stub.answer = results(None)
            with pytest.raises(NetworkError, match="1 transactions were sent but not mined"):
                chain.send([deploy(ALICE)])


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "data"),
        [
            ({"code": 3, "message": "execution reverted", "data": "0x0102"}, b"\x01\x02"),
            ({"code": -32000, "message": "Execution reverted", "data": "0x0102"}, b"\x01\x02"),
            ({"code": 3, "message": "reverted", "data": {"data": "0x0102"}}, b"\x01\x02"),
            ({"code": 3, "message": "reverted"}, b""),
            ({"code": 3, "message": "reverted", "data": "0xzz"}, b""),
        ],
    )
    def test_revert_data_in_all_its_places(
        self, stub: _StubServer, error: dict[str, Any], data: bytes
    ) -> None:
        stub.answer = lambda body: [{"jsonrpc": "2.0", "id": item["id"], "error": error} for item in body]
        rpc = JsonRpc(url_of(stub), timeout=5)
        with pytest.raises(RpcError) as caught:
            rpc.read("eth_call")
        assert caught.value.reverted
        assert caught.value.data == data
        rpc.close()

    def test_blocks_that_change_meanwhile(self, stub: _StubServer) -> None:
        stub.answer = results("0x1")
        block = {
            "number": "0x0",
            "hash": "0x01",
            "parentHash": "0x00",
            "timestamp": "0x0",
            "transactions": [],
        }
        stray = {
            "blockHash": "0x02",
            "transactionHash": "0x03",
            "address": "0x",
            "topics": [],
            "data": "0x",
            "transactionIndex": "0x0",
            "logIndex": "0x0",
        }
        with RpcChain.connect(url_of(stub)) as chain:
            stub.answer = results(block, [stray])
            with pytest.raises(NetworkError, match="changed while they were read"):
                list(chain.blocks(0, 0))


class TestChainIds:
    @pytest.mark.parametrize("chain_id", [1, 4711, 2**40])
    def test_legacy_and_typed(self, chain_id: int) -> None:
        assert signed_chain_id(deploy(ALICE, chain_id=chain_id)) == chain_id
        typed = deploy(ALICE, chain_id=chain_id, maxFeePerGas=0, maxPriorityFeePerGas=0)
        assert signed_chain_id(typed) == chain_id

    def test_unbound(self) -> None:
        assert signed_chain_id(deploy(ALICE, chain_id=None)) is None


@pytest.mark.real("anvil")
def test_failed_transactions_of_a_public_kind_of_node(over_anvil: RpcChain) -> None:
    """There a refused transaction is mined as failed, and so are those after it."""
    (receipt,) = over_anvil.send([deploy(ALICE)])
    contract = receipt.contract
    assert contract is not None
    with pytest.raises(TransactionRevertedError) as caught:
        over_anvil.send(
            [write(ALICE, 1, contract, 1, 1), fail(ALICE, 2, contract), write(ALICE, 3, contract, 1, 3)]
        )
    assert (caught.value.position, caught.value.data) == (1, b"no")
    mined = [item for block in over_anvil.blocks(0, over_anvil.head().number) for item in block.transactions]
    assert [item.succeeded for item in mined] == [True, True, False, True]
    assert over_anvil.call(contract, word(1)) == word(3)


@pytest.mark.real("anvil")
def test_stalled_mining_is_nudged(over_anvil: RpcChain, anvil_url: str) -> None:
    stop = {"jsonrpc": "2.0", "id": 1, "method": "evm_setAutomine", "params": [False]}
    requests.post(anvil_url, json=stop, timeout=10)
    (receipt,) = over_anvil.send([deploy(ALICE)])
    assert receipt.succeeded
