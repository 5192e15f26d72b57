"""An HTTP proxy before a JSON-RPC node that answers as badly as it is told to.

Example:

    with FaultyEndpoint(node.url) as endpoint:
        endpoint.fault = slow(2)                     # until it is changed
        endpoint.fault = sometimes(lost_answer, 0.1, seed=7)
        endpoint.fault = only("eth_sendRawTransaction", status(500))
        endpoint.asked                               # methods, in the order they came

A fault is a function of an :class:`Exchange` that returns the reply. It may forward the request or not.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests


@dataclass(frozen=True)
class Reply:
    """What goes back: ``body`` under ``status``, cut off after ``cut`` bytes, or ``pause`` seconds a byte."""

    body: bytes
    status: int = 200
    cut: int | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Exchange:
    """A request: its JSON-RPC requests, and how to have the real node answer."""

    requests: list[dict[str, Any]]
    upstream: str
    stopping: threading.Event

    def answers(self) -> list[dict[str, Any]]:
        """What the real node answers."""
        answer = requests.post(self.upstream, json=self.requests, timeout=60)
        found: list[dict[str, Any]] = answer.json()
        return found

    def results(self, change: Callable[[str, list[Any], Any], Any]) -> Reply:
        """The real answers, each result changed by ``change(method, parameters, result)``."""
        by_id = {item["id"]: item for item in self.requests}
        answers = self.answers()
        for answer in answers:
            asked = by_id[answer["id"]]
            if "result" in answer:
                answer["result"] = change(asked["method"], asked["params"], answer["result"])
        return Reply(json.dumps(answers).encode())


Fault = Callable[[Exchange], Reply]


def none(exchange: Exchange) -> Reply:
    """No fault at all."""
    return Reply(json.dumps(exchange.answers()).encode())


def dropped(exchange: Exchange) -> Reply:
    """The connection is cut before the node gets the request."""
    return Reply(b"", cut=0)


def lost_answer(exchange: Exchange) -> Reply:
    """The node acts, and the connection is cut before the answer."""
    exchange.answers()
    return Reply(b"", cut=0)


def garbled(exchange: Exchange) -> Reply:
    """The node acts, and the answer is no JSON."""
    exchange.answers()
    return Reply(b"<html>gateway</html>")


def truncated(exchange: Exchange) -> Reply:
    """The connection is cut in the midst of the answer."""
    body = none(exchange).body
    return Reply(body, cut=len(body) // 2)


def silent(exchange: Exchange) -> Reply:
    """No answer ever comes."""
    exchange.stopping.wait()
    return Reply(b"", cut=0)


def slow(seconds: float) -> Fault:
    """The right answer comes late."""

    def fault(exchange: Exchange) -> Reply:
        exchange.stopping.wait(seconds)
        return none(exchange)

    return fault


def dripping(seconds: float) -> Fault:
    """The right answer comes byte by byte, ``seconds`` apart."""
    return lambda exchange: Reply(none(exchange).body, pause=seconds)


def status(code: int, body: bytes = b"oops") -> Fault:
    """The answer is an HTTP error."""
    return lambda _: Reply(body, status=code)


def garbage(body: bytes = b"<html>not found</html>") -> Fault:
    """The answer is not JSON-RPC."""
    return lambda _: Reply(body)


def huge(size: int) -> Fault:
    """The answer is JSON, but very long."""
    return lambda _: Reply(b'["' + b"x" * size + b'"]')


def wrong_ids(exchange: Exchange) -> Reply:
    """The answers carry other ids than the requests."""
    return Reply(json.dumps([item | {"id": item["id"] + 1000} for item in exchange.answers()]).encode())


def shuffled(exchange: Exchange) -> Reply:
    """The answers of a batch come in another order, which is allowed."""
    return Reply(json.dumps(exchange.answers()[::-1]).encode())


def refusing(code: int, message: str) -> Fault:
    """Every request is answered with an error."""

    def fault(exchange: Exchange) -> Reply:
        error = {"code": code, "message": message}
        return Reply(
            json.dumps(
                [{"jsonrpc": "2.0", "id": item["id"], "error": error} for item in exchange.requests]
            ).encode()
        )

    return fault


def changed(change: Callable[[str, list[Any], Any], Any]) -> Fault:
    """Results are changed by ``change(method, parameters, result)``."""
    return lambda exchange: exchange.results(change)


def wrong_chain_id(chain_id: int) -> Fault:
    """The node says that it serves another chain."""
    return changed(lambda method, _, result: hex(chain_id) if method == "eth_chainId" else result)


def stale_head(number: int) -> Fault:
    """The node takes block ``number`` for the newest: it has none after it, nor what is in them."""

    def fault(exchange: Exchange) -> Reply:
        for item in exchange.requests:
            item["params"] = [hex(number) if it in ("latest", "pending") else it for it in item["params"]]
        return exchange.results(lambda method, params, result: _at_most(number, method, params, result))

    return fault


def _at_most(number: int, method: str, params: list[Any], result: Any) -> Any:
    if method == "eth_blockNumber":
        return hex(number)
    if isinstance(result, dict) and "blockHash" in result and "transactionHash" in result:
        return None if int(result["blockNumber"], 16) > number else result
    if method == "eth_getBlockByNumber":
        return None if int(params[0], 16) > number else result
    return result


def without_logs(exchange: Exchange) -> Reply:
    """The node leaves out all logs."""
    return exchange.results(_each_receipt(lambda receipt: receipt | {"logs": []}))


def altered_logs(exchange: Exchange) -> Reply:
    """The node changes one byte in the data of every log."""

    def alter(receipt: dict[str, Any]) -> dict[str, Any]:
        return receipt | {"logs": [log | {"data": _flipped(log["data"])} for log in receipt["logs"]]}

    return exchange.results(_each_receipt(alter))


def altered_transactions(exchange: Exchange) -> Reply:
    """The node changes the input of every transaction."""

    def alter(method: str, _: list[Any], result: Any) -> Any:
        if method != "eth_getBlockByNumber" or not result or not result["transactions"]:
            return result
        return result | {
            "transactions": [
                item | {"input": _flipped(item["input"])} if isinstance(item, dict) else item
                for item in result["transactions"]
            ]
        }

    return exchange.results(alter)


def without_transactions(exchange: Exchange) -> Reply:
    """The node says that all blocks are empty."""

    def alter(method: str, _: list[Any], result: Any) -> Any:
        if method == "eth_getBlockReceipts":
            return []
        if method == "eth_getBlockByNumber" and result:
            return result | {"transactions": []}
        return result

    return exchange.results(alter)


def without_block_receipts(exchange: Exchange) -> Reply:
    """The node is of an age that has no eth_getBlockReceipts; no fault, but another way to ask."""
    missing = {item["id"] for item in exchange.requests if item["method"] == "eth_getBlockReceipts"}
    error = {"code": -32601, "message": "the method eth_getBlockReceipts does not exist/is not available"}
    answers = [
        {"jsonrpc": "2.0", "id": item["id"], "error": error} if item["id"] in missing else item
        for item in exchange.answers()
    ]
    return Reply(json.dumps(answers).encode())


def limited(most: int, code: int = -32005, message: str = "query exceeds limit") -> Fault:
    """Batches of more than ``most`` requests are refused."""

    def fault(exchange: Exchange) -> Reply:
        if len(exchange.requests) <= most:
            return none(exchange)
        first = exchange.requests[0]["id"]
        answer = {"jsonrpc": "2.0", "id": first, "error": {"code": code, "message": message}}
        return Reply(json.dumps([answer]).encode())

    return fault


def only(method: str, fault: Fault) -> Fault:
    """The fault, for exchanges in which the method is asked for; none for others."""
    return lambda exchange: (
        fault(exchange) if method in {item["method"] for item in exchange.requests} else none(exchange)
    )


def times(count: int, fault: Fault) -> Fault:
    """The fault, ``count`` times; then none."""
    left = iter(range(count))
    lock = threading.Lock()

    def limited_fault(exchange: Exchange) -> Reply:
        with lock:
            strikes = next(left, None) is not None
        return fault(exchange) if strikes else none(exchange)

    return limited_fault


def in_turn(left: list[Fault]) -> Fault:
    """Each of the faults once, taken from the end of the list; then none."""

    def fault(exchange: Exchange) -> Reply:
        return left.pop()(exchange) if left else none(exchange)

    return fault


def sometimes(fault: Fault, share: float, *, seed: int) -> Fault:
    """The fault, in that share of the exchanges."""
    chance = random.Random(seed)
    return lambda exchange: fault(exchange) if chance.random() < share else none(exchange)


def any_of(choice: Sequence[Fault], share: float, *, seed: int) -> Fault:
    """One of several faults, chosen by chance, in that share of the exchanges."""
    chance = random.Random(seed)

    def fault(exchange: Exchange) -> Reply:
        chosen = chance.choice(choice) if chance.random() < share else none
        return chosen(exchange)

    return fault


def _flipped(data: str) -> str:
    return data if data == "0x" else data[:-1] + ("0" if data[-1] != "0" else "1")


def _each_receipt(alter: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[str, list[Any], Any], Any]:
    def change(method: str, _: list[Any], result: Any) -> Any:
        if method == "eth_getBlockReceipts" and result:
            return [alter(item) for item in result]
        if method == "eth_getTransactionReceipt" and result:
            return alter(result)
        return result

    return change


@dataclass
class FaultyEndpoint:
    """A proxy on a free port of 127.0.0.1. ``fault`` may be changed at any time."""

    upstream: str
    fault: Fault = none
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stopping = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.endpoint = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def reply(self, requests: list[dict[str, Any]]) -> Reply:
        self.asked += [item["method"] for item in requests]
        return self.fault(Exchange(requests, self.upstream, self.stopping))

    def close(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> FaultyEndpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    endpoint: FaultyEndpoint

    def handle_error(self, *_: object) -> None:
        """Clients that went away, and nodes that are down, are what this is about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        single = isinstance(asked, dict)
        reply = self.server.endpoint.reply([asked] if single else asked)
        body = reply.body
        if single and body.startswith(b"[{"):
            body = json.dumps(json.loads(body)[0]).encode()
        self.close_connection = reply.cut is not None
        if reply.cut == 0:
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.pause:
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                self.server.endpoint.stopping.wait(reply.pause)
        else:
            self.wfile.write(body[: reply.cut])

    def log_message(self, *_: object) -> None:
        """Silent."""
