"""JSON-RPC over a Unix socket: what a node says there, and what goes wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from traceledger.chain.rpc.faults import EndpointError, OversizedAnswerError, WrongAnswerError
from traceledger.chain.rpc.ipc import SocketTransport
from traceledger.chain.rpc.transport import JsonRpc, RpcError


@contextmanager
def node(path: Path, answer: Callable[[list[dict[str, Any]]], bytes]) -> Iterator[JsonRpc]:
    """A node that answers one line per connection, and a client of it."""
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(answer(json.loads(lines.readline())))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield JsonRpc(SocketTransport(path, timeout=20, most_bytes=1000))
        finally:
            thread.join()


def echo(requests: list[dict[str, Any]]) -> bytes:
    found = [{"jsonrpc": "2.0", "id": item["id"], "result": item["params"]} for item in requests]
    return json.dumps(found[::-1]).encode() + b"\n"


def test_answers_in_any_order(tmp_path: Path) -> None:
    with node(tmp_path / "ipc", echo) as rpc:
        assert rpc.read_all([("a", (1, 2)), ("b", ())]) == [[1, 2], []]


def test_a_refusal(tmp_path: Path) -> None:
    def refuse(requests: list[dict[str, Any]]) -> bytes:
        error = {"code": -32601, "message": "no such method"}
        return json.dumps([{"id": requests[0]["id"], "error": error}]).encode() + b"\n"

    with (
        node(tmp_path / "ipc", refuse) as rpc,
        pytest.raises(RpcError, match=r"ipc: the node refused: no such"),
    ):
        rpc.read("admin_nothing")


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (b"", WrongAnswerError, "does not answer JSON-RPC"),
        (b"not JSON\n", WrongAnswerError, "does not answer JSON-RPC"),
        (b'[{"id": 99, "result": 1}]\n', WrongAnswerError, "other ids"),
        (b'"' + b"x" * 2000 + b'"\n', OversizedAnswerError, "longer than 1000 bytes"),
    ],
)
def test_nonsense(tmp_path: Path, answer: bytes, error: type[EndpointError], words: str) -> None:
    with node(tmp_path / "ipc", lambda _: answer) as rpc, pytest.raises(error, match=words):
        rpc.read("eth_chainId")


def test_nobody_there(tmp_path: Path) -> None:
    rpc = JsonRpc(SocketTransport(tmp_path / "ipc", timeout=1, most_bytes=1000))
    with pytest.raises(EndpointError, match="ipc: the node cannot be reached: No such file"):
        rpc.read("eth_chainId")


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "ipc"))
        listening.listen()
        rpc = JsonRpc(SocketTransport(tmp_path / "ipc", timeout=0.1, most_bytes=1000))
        with pytest.raises(EndpointError, match="timed out"):
            rpc.read("eth_chainId")
