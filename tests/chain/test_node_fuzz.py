"""Anything at all may be sent to a node: it answers as JSON-RPC and HTTP say, and goes on.

``scripts/attack-node`` sends what is heavy; this sends what is odd.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chain import support
from tests.chain.test_limits import head, raw_answer
from tests.chain.test_node import ask, post, refused
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.chain.node.dispatch import Dispatcher

ADDRESS = "0x" + "12" * 20
BODY = b'{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}'
READS = """
eth_getBlockByNumber eth_getBlockByHash eth_getBlockReceipts eth_getTransactionByHash
eth_getTransactionReceipt eth_getTransactionCount eth_getBalance eth_getCode eth_getLogs
eth_getStorageAt eth_getProof eth_feeHistory
eth_chainId eth_sendRawTransaction x
""".split()


@pytest.fixture(scope="module")
def dispatcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dispatcher]:
    sealer = support.sealer()
    path = tmp_path_factory.mktemp("fuzz") / "chain.db"
    with EmbeddedChain.create(
        path, chain_id=support.CHAIN_ID, authority=sealer.address, timestamp=support.START, sealer=sealer
    ) as chain:
        chain.send([support.deploy(support.ALICE)])
        found = Dispatcher(chain)
        yield found
        found.close()


odd = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["latest", "earliest", "pending", "0x", "0x0", "0x00", "0x-1", "0x1_0", "0x 1", "1", ADDRESS]
    )
    | st.sampled_from(
        ["0x" + "ff" * 32, "0x" + "0" * 64, "0x" + "f" * 65, "0X1", "0x\u0661", "\ud800", "\x00"]
    )
    | st.text(max_size=20)
)
names = st.sampled_from(
    ["address", "topics", "fromBlock", "toBlock", "blockHash", "blockNumber", "to", "data"]
)
values = st.recursive(
    odd, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4)
)
requests = st.fixed_dictionaries(
    {"method": st.sampled_from(READS) | odd},
    optional={"id": values, "jsonrpc": st.just("2.0") | odd, "params": st.lists(values, max_size=4) | values},
)


def check(answer: bytes | None) -> None:
    """An answer must be one that JSON-RPC allows; a fault of ours is none."""
    if answer is None:
        return
    document = json.loads(answer, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    for each in document if isinstance(document, list) else [document]:
        assert each["jsonrpc"] == "2.0"
        assert ("result" in each) != ("error" in each)
        assert each["id"] is None or isinstance(each["id"], str | int | float)
        if "error" in each:
            assert isinstance(each["error"]["message"], str)
            assert each["error"]["code"] != -32603, each


@given(st.lists(requests | values, max_size=5) | requests | values)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_documents(dispatcher: Dispatcher, document: Any) -> None:
    check(dispatcher.answer(json.dumps(document).encode()))


@given(st.binary(max_size=60), st.integers(0, len(BODY)), st.integers(0, 5))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_bytes(dispatcher: Dispatcher, put_in: bytes, at: int, left_out: int) -> None:
    check(dispatcher.answer(BODY[:at] + put_in + BODY[at + left_out :]))


@given(st.binary(max_size=60), st.integers(0, 150), st.integers(0, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_http(node: NodeServer, put_in: bytes, at: int, left_out: int) -> None:
    said = head(f"Content-Length: {len(BODY)}") + BODY
    with socket.create_connection(("127.0.0.1", urlsplit(node.url).port or 0), timeout=30) as raw:
        raw.sendall(said[:at] + put_in + said[at + left_out :])
        raw.shutdown(socket.SHUT_WR)
        found = raw.recv(65536)
    assert not found or found.startswith(b"HTTP/1.1 ")
    assert ask(node, "eth_chainId") == hex(support.CHAIN_ID)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (head("Content-Length: 3", "Transfer-Encoding: chunked") + b"0\r\n\r\n", 400),
        (head("Content-Length: 3", "Content-Length: 4") + b"[]  ", 400),
        (head("Content-Length: -1"), 400),
        (head("Content-Length: +3") + b"[] ", 400),
        (head("Content-Length: 0x3") + b"[] ", 400),
        (head("Content-Length: " + "9" * 5000), 400),
        (head("Transfer-Encoding: gzip"), 501),
        (head("Transfer-Encoding: chunked") + b"-1\r\n\r\n", 400),
        (head("Transfer-Encoding: chunked") + b"zz\r\n\r\n", 400),
        (head("Content-Length : 3") + b"[] ", 400),
        (head("Host: localhost", "Content-Length: 2") + b"[]", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]", 400),
        (b"POST / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n[]", 405),
        (b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ],
)
def test_http_as_rfc_9112_says(node: NodeServer, said: bytes, status: int) -> None:
    answer = raw_answer(node, said)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer
    assert answer.count(b"HTTP/1.1 ") == 1  # what follows a refused request is not taken for another one
    assert ask(node, "eth_chainId") == hex(support.CHAIN_ID)


def test_requests_one_after_the_other(node: NodeServer) -> None:
    """Pipelined ones are answered in order (RFC 9112, 9.3.2)."""
    bodies = [BODY.replace(b"1,", b"%d," % number, 1) for number in range(3)]
    said = b"".join(head(f"Content-Length: {len(body)}") + body for body in bodies[:2])
    answer = raw_answer(
        node, said + head(f"Content-Length: {len(bodies[2])}", "Connection: close") + bodies[2]
    )
    assert [answer.index(b'"id":%d' % number) for number in range(3)] == sorted(
        answer.index(b'"id":%d' % number) for number in range(3)
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"id":NaN,"method":"eth_chainId"}', -32700),
        (b'{"id":Infinity,"method":"eth_chainId"}', -32700),
        (b'{"id":1e999,"method":"eth_chainId"}', -32600),
        (b'{"id":1,"id":2,"method":"eth_chainId"}', -32700),
        (b'{"id":1,"method":"eth_\xff"}', -32700),
        (b'{"id":1,"method":"eth_\xed\xa0\x80"}', -32700),
        (b'\xef\xbb\xbf{"id":1,"method":"eth_chainId"}', -32700),
        (b'{"id":1,"method":"eth_chainId","params":' + b"[" * 500 + b"]" * 500 + b"}", -32700),
        (b'{"id":' + b"9" * 5000 + b',"method":"eth_chainId"}', -32700),
        (b'{"id":{},"method":"eth_chainId"}', -32600),
        (b'{"id":true,"method":"eth_chainId"}', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}', -32600),
    ],
)
def test_json_as_its_specifications_say(node: NodeServer, body: bytes, code: int) -> None:
    assert post(node, body)[1]["error"]["code"] == code


@pytest.mark.parametrize(
    "wrong", ["0x", "0x01", "1", "0X1", "0x-1", "-0x1", "0x+1", "0x1_0", "0x 1", "0x" + "f" * 65]
)
def test_quantities_as_execution_apis_say(node: NodeServer, wrong: str) -> None:
    assert refused(node, "eth_getBlockByNumber", wrong, False)["code"] == -32602
    assert refused(node, "eth_getCode", ADDRESS, {"blockNumber": wrong})["code"] == -32602
    assert refused(node, "eth_getLogs", {"fromBlock": wrong})["code"] == -32602
    assert refused(node, "eth_feeHistory", wrong, "latest", [])["code"] == -32602
    for name in ("gas", "gasPrice", "value", "maxFeePerGas"):
        assert refused(node, "eth_call", {"to": ADDRESS, name: wrong})["code"] == -32602


@pytest.mark.parametrize("wrong", ["0x1", "0x 1", "0x12 34", "12", "0xgg", 12, ["0x"]])
def test_data_as_execution_apis_say(node: NodeServer, wrong: object) -> None:
    assert refused(node, "eth_call", {"to": ADDRESS, "data": wrong})["code"] == -32602
    assert refused(node, "eth_sendRawTransaction", wrong)["code"] == -32602


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"maxFeePerGas": "0x1", "maxPriorityFeePerGas": "0x2"}, -32602),
        ({"gasPrice": "0x0", "maxFeePerGas": "0x0"}, -32602),
        ({"value": "0x1"}, -32000),
    ],
)
def test_what_calls_offer(node: NodeServer, fields: dict[str, str], code: int) -> None:
    for method in ("eth_call", "eth_estimateGas"):
        assert refused(node, method, {"to": ADDRESS, **fields})["code"] == code


def test_slots_are_data(node: NodeServer) -> None:
    """A slot may have leading zeros, as it is data and no quantity."""
    assert ask(node, "eth_getStorageAt", ADDRESS, "0x" + "00" * 32, "latest") == "0x" + "00" * 32
    assert ask(node, "eth_getProof", ADDRESS, ["0x00"], "latest")["storageProof"][0]["key"]
