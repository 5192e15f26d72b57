"""Answer JSON-RPC documents: single requests and batches, reads and transactions."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import time
from collections.abc import Iterator
from typing import Any

from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.embedded.limits import (
    ANSWER_BYTES,
    BATCH_REQUESTS,
    BATCH_SECONDS,
    JSON_VALUES,
    READ_SECONDS,
    READS_AT_ONCE,
)
from traceledger.chain.node import params
from traceledger.chain.node.methods import ReadMethods, is_long
from traceledger.chain.node.params import ApiError
from traceledger.chain.node.processes import Callers
from traceledger.chain.node.turns import BusyError, Holding, Memory, Turns
from traceledger.chain.node.writing import Writer, around
from traceledger.errors import InputError, TraceLedgerError
from traceledger.storage.json_text import loads

_SEND = "eth_sendRawTransaction"
_VERSION = "2.0"
_LOG = logging.getLogger(__name__)
_BUSY = ApiError(params.LIMIT_EXCEEDED, "the node is busy with other requests; ask again later")


class Dispatcher:
    """Answers requests of many threads from one chain file.

    Reads use a connection of their own and wait for nothing; calls and transactions run in other processes.

    Args:
        writer: the chain, opened with the authority's key. The dispatcher opens it once more to read.
    """

    def __init__(self, writer: EmbeddedChain) -> None:
        self._reading = EmbeddedChain.open(writer.path, expected_chain_id=writer.chain_id)
        self._callers = Callers(writer)
        self._writer = Writer(writer)
        self._methods = ReadMethods(self._reading, self._callers)
        self._reads = Turns(READS_AT_ONCE)
        self.memory = Memory()

    def start(self) -> None:
        """Start the processes, so that the first caller does not wait for them."""
        self._writer.start()
        self._callers.start()

    def close(self) -> None:
        """End what runs, a block under way within a second, and close the reading connection."""
        self._callers.close()
        self._writer.close()
        self._reading.close()

    def answer(self, body: bytes, held: Holding | None = None) -> bytes | None:
        """The answer to a JSON-RPC document; ``None`` if it asks for none (notifications).

        Args:
            body: the document.
            held: counts the answer's bytes; by default they are counted for the time of answering only.
        """
        if held is None:
            with self.memory.holding() as own:
                return self.answer(body, own)
        try:
            _check_values(body)
            document = loads(body)
            _check_length(document)
        except InputError as error:
            return _encoded(_error(None, ApiError(params.PARSE_ERROR, error.what)))
        except ApiError as error:
            return _encoded(_error(None, error))
        answers = _Answers(held)
        if not isinstance(document, list):
            self._answer_all([document], answers)
            return answers.parts[0] if answers.parts else None
        self._answer_all(document, answers)
        return b"[" + b",".join(answers.parts) + b"]" if answers.parts else None

    def _answer_all(self, requests: list[Any], answers: _Answers) -> None:
        """Answer requests in order; transactions that follow one another are mined together."""
        end = time.monotonic() + BATCH_SECONDS
        at = 0
        while at < len(requests):
            run = _run_of_transactions(requests, at)
            count = len(run) or 1
            if at and (time.monotonic() > end or answers.full):
                what = "the answer is too large" if answers.full else "the batch takes too long"
                late = ApiError(params.LIMIT_EXCEEDED, f"{what}; ask for less at once")
                outcomes = [late] * count
            else:
                outcomes = self._send(run) if run else [self._one(requests[at])]
            for request, outcome in zip(requests[at : at + count], outcomes, strict=True):
                answers.add(request, outcome)
            at += count

    def _one(self, request: Any) -> Any:
        """The result of one read, or its error."""
        with _caught() as fault:
            method, arguments = _parsed(request)
            with self._reads.turn(READ_SECONDS) if is_long(method, arguments) else contextlib.nullcontext():
                return self._methods.answer(method, arguments)
        return fault[0]

    def _send(self, requests: list[Any]) -> list[Any]:
        """Mine the transactions of some requests; a hash or an error for each."""
        raw: list[bytes] = []
        try:
            for request in requests:
                _, arguments = _parsed(request)
                raw.append(params.data(params.argument(arguments, 0, "transaction"), "transaction"))
        except ApiError as error:
            return around(len(raw), error, requests, mined=0)
        with _caught() as fault:
            return self._writer.send(raw)
        return fault * len(raw)


class _Answers:
    """The encoded answers of one document, as far as there is room for them."""

    def __init__(self, held: Holding) -> None:
        self._held = held
        self._size = 0
        self.parts: list[bytes] = []
        self.full = False

    def add(self, request: Any, outcome: Any) -> None:
        """Answer a request; one without an id wants no answer."""
        if isinstance(request, dict) and "id" not in request and not _is_invalid(outcome):
            return
        answer = _answer(request, outcome)
        if self._size + len(answer) > ANSWER_BYTES:
            self.full = True
            outcome = ApiError(
                params.LIMIT_EXCEEDED, f"an answer has at most {ANSWER_BYTES} bytes; ask for less"
            )
        elif not self._held.add(len(answer)):
            self.full = True
            outcome = _BUSY
        if self.full:
            answer = _answer(request, outcome)
        self._size += len(answer)
        self.parts.append(answer)


@contextlib.contextmanager
def _caught() -> Iterator[list[ApiError]]:
    """What answers the fault in a ``with``, put into a list."""
    fault: list[ApiError] = []
    try:
        yield fault
    except ApiError as error:
        fault.append(error)
    except BusyError:
        fault.append(_BUSY)
    except TraceLedgerError as error:
        fault.append(ApiError(params.REFUSED, str(error)))
    except Exception:  # noqa: BLE001 - a fault of ours must not end the connection
        _LOG.exception("a request failed")
        fault.append(ApiError(params.INTERNAL_ERROR, "internal error; see the node's log"))


def _check_values(body: bytes) -> None:
    """Refuse a document of many tiny values before it is parsed: `[],[],...` would take forty times its size.

    Every value but the first stands after one of these; those within texts count too, and do not matter.
    """
    if sum(body.count(mark) for mark in (b"[", b"{", b",", b":")) > JSON_VALUES:
        raise ApiError(params.LIMIT_EXCEEDED, f"a document has at most {JSON_VALUES} values")


def _check_length(document: Any) -> None:
    """Refuse an empty batch, and one that is too long."""
    if isinstance(document, list) and not 0 < len(document) <= BATCH_REQUESTS:
        raise ApiError(params.INVALID_REQUEST, f"a batch holds 1 to {BATCH_REQUESTS} requests")


def _run_of_transactions(requests: list[Any], start: int) -> list[Any]:
    end = start
    while end < len(requests) and isinstance(requests[end], dict) and requests[end].get("method") == _SEND:
        end += 1
    return requests[start:end]


def _parsed(request: Any) -> tuple[str, list[Any]]:
    """Method and parameters of a request object."""
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise ApiError(params.INVALID_REQUEST, "a request is an object with a method")
    if request.get("jsonrpc", _VERSION) != _VERSION:
        raise ApiError(params.INVALID_REQUEST, f"jsonrpc must be {_VERSION!r}")
    if not _is_id(request.get("id")):
        raise ApiError(params.INVALID_REQUEST, "an id is a string, a number or null")
    arguments = request.get("params", [])
    if arguments is None:
        arguments = []
    if not isinstance(arguments, list):
        raise params.invalid("params must be a list")
    return request["method"], arguments


def _is_id(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)  # 1e999 is JSON, and infinite here
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _is_invalid(outcome: Any) -> bool:
    """Whether what was asked is no request at all, so that it is no notification either."""
    return isinstance(outcome, ApiError) and outcome.code == params.INVALID_REQUEST


def _answer(request: Any, outcome: Any) -> bytes:
    found = request.get("id") if isinstance(request, dict) else None
    request_id = found if _is_id(found) else None
    if isinstance(outcome, ApiError):
        return _encoded(_error(request_id, outcome))
    return _encoded({"jsonrpc": _VERSION, "id": request_id, "result": outcome})


def _error(request_id: Any, error: ApiError) -> dict[str, Any]:
    return {"jsonrpc": _VERSION, "id": request_id, "error": error.as_json()}


def _encoded(answer: Any) -> bytes:
    return json.dumps(answer, separators=(",", ":"), allow_nan=False).encode()
