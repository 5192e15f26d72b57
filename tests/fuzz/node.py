"""The node: every request is answered as HTTP and JSON-RPC say, and without a fault of ours."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.embedded_nodes import embedded_node
from tests.fuzz.changes import changed_document, few_changes, text_of

_ZERO = "0x" + "00" * 20
_CALL = {"from": _ZERO, "to": "0x" + "00" * 19 + "04", "data": "0x1234", "gas": "0xffff", "value": "0x0"}
_REQUESTS: tuple[tuple[str, list[Any]], ...] = (
    ("eth_blockNumber", []),
    ("eth_chainId", []),
    ("net_version", []),
    ("web3_clientVersion", []),
    ("eth_getBlockByNumber", ["latest", True]),
    ("eth_getBlockByHash", ["0x" + "11" * 32, False]),
    ("eth_getBalance", [_ZERO, "latest"]),
    ("eth_getTransactionCount", [_ZERO, "0x0"]),
    ("eth_getCode", [_ZERO, "latest"]),
    ("eth_getStorageAt", [_ZERO, "0x0", "latest"]),
    ("eth_getProof", [_ZERO, ["0x0", "0x1"], "latest"]),
    ("eth_call", [_CALL, "latest"]),
    ("eth_estimateGas", [_CALL]),
    (
        "eth_getLogs",
        [{"fromBlock": "0x0", "toBlock": "latest", "address": _ZERO, "topics": [None, ["0x" + "22" * 32]]}],
    ),
    ("eth_getTransactionReceipt", ["0x" + "11" * 32]),
    ("eth_sendRawTransaction", ["0xf86c"]),
    ("eth_feeHistory", ["0x1", "latest", [25.0]]),
)
_INTERNAL_ERROR = -32603


class Node:
    """Changes requests, sends them, and asks after each whether the node still answers."""

    suffix = ".http"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.port is not None
        self._address = ("127.0.0.1", parts.port)
        self._asked = self._request(json.dumps(_document("eth_blockNumber", [])).encode())

    def inputs(self) -> dict[str, bytes]:
        """One request of each method, and a batch of all."""
        every = [_document(*request) for request in _REQUESTS]
        single = {each["method"]: self._request(json.dumps(each).encode()) for each in every}
        return {**single, "batch": self._request(json.dumps(every).encode())}

    def changed(self, random: Random) -> bytes:
        """The JSON changed, or the bytes of the request with its headers."""
        document: Any = _document(*random.choice(_REQUESTS))
        if random.random() < 0.2:
            document = [
                _document(*request) for request in random.choices(_REQUESTS, k=random.randrange(1, 6))
            ]
        for _ in range(random.choice((0, 1, 1, 2))):
            document = changed_document(random, document)
        body = text_of(random, document)
        if random.random() < 0.2:
            body = few_changes(random, body)
        request = self._request(body)
        return few_changes(random, request) if random.random() < 0.2 else request

    def outcome(self, data: bytes) -> str:
        """The status of the answer, ``closed`` where there is none, or the sort of JSON-RPC's answer."""
        answer = self._exchange(data)
        assert _judged(self._exchange(self._asked)) == "result", "the node does not answer any more"
        return _judged(answer)

    def _request(self, body: bytes) -> bytes:
        head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{self._address[1]}\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body

    def _exchange(self, data: bytes) -> bytes:
        """All that the node says to this, on a connection of its own, which is then at its end."""
        found = b""
        connection = socket.create_connection(self._address, timeout=30)
        with connection, contextlib.suppress(ConnectionError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(65_536):
                found += more
        return found


def _document(method: str, arguments: list[Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": arguments}


def _judged(answer: bytes) -> str:
    if not answer:
        return "closed"
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/"):
        # What a line is that is no request is answered as HTTP 0.9 would: by text alone.
        return "no HTTP"
    status = head.split(b" ", 2)[1].decode()
    assert status[:1] != "5" or status in ("501", "503", "505"), head
    if status != "200":
        return status
    # What follows answers what was left of a damaged request on the same connection.
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    assert length is not None
    document = json.loads(body[: int(length[1])])
    for each in document if isinstance(document, list) else [document]:
        assert each["jsonrpc"] == "2.0"
        assert ("error" in each) != ("result" in each)
        assert each.get("error", {}).get("code") != _INTERNAL_ERROR, each
    return "batch" if isinstance(document, list) else "error" if "error" in document else "result"


@contextmanager
def opened(folder: Path) -> Iterator[Node]:
    """The target: a node over a new chain in the folder."""
    (folder / "chain.sqlite").unlink(missing_ok=True)
    with embedded_node(folder / "chain.sqlite") as url:
        node = Node(url)
        # The first call and transaction start processes that load the EVM, which is not an input's fault.
        for first in ("eth_call", "eth_estimateGas"):
            node.outcome(node.inputs()[first])
        yield node
