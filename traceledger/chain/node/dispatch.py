"""Answer JSON-RPC documents: single requests and batches, reads and transactions."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

from traceledger.chain.base import InvalidTransactionError, TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import params
from traceledger.chain.node.methods import ReadMethods, reverted
from traceledger.chain.node.params import ApiError
from traceledger.errors import InputError, TraceLedgerError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak
from traceledger.storage.json_text import loads

MOST_REQUESTS = 1000
"""How many requests one batch may hold."""

_SEND = "eth_sendRawTransaction"
_LOG = logging.getLogger(__name__)


class Dispatcher:
    """Answers requests of many threads from one chain file.

    Reads and transactions use connections of their own, so that a read does not wait for a block.

    Args:
        writer: the chain, opened with the authority's key. The dispatcher opens it once more to read.
    """

    def __init__(self, writer: EmbeddedChain) -> None:
        self._writer = writer
        self._write_lock = threading.Lock()
        self._reading = EmbeddedChain.open(writer.path, expected_chain_id=writer.chain_id)
        self._read_lock = threading.Lock()
        self._methods = ReadMethods(self._reading)

    def close(self) -> None:
        """Let requests under way finish, then close the reading connection."""
        with self._write_lock, self._read_lock:
            self._reading.close()

    def answer(self, body: bytes) -> bytes | None:
        """The answer to a JSON-RPC document; ``None`` if it asks for none (notifications)."""
        try:
            document = loads(body)
        except InputError as error:
            return _encoded(_error(None, ApiError(params.PARSE_ERROR, error.what)))
        if not isinstance(document, list):
            answers = self._answers([document])
            return _encoded(answers[0]) if answers else None
        if not 0 < len(document) <= MOST_REQUESTS:
            what = f"a batch holds 1 to {MOST_REQUESTS} requests"
            return _encoded(_error(None, ApiError(params.INVALID_REQUEST, what)))
        answers = self._answers(document)
        return _encoded(answers) if answers else None

    def _answers(self, requests: list[Any]) -> list[Any]:
        """Answer requests in order; a run of transactions that follow one another is one block."""
        outcomes: list[Any] = []
        at = 0
        while at < len(requests):
            run = _run_of_transactions(requests, at)
            if run:
                outcomes += self._send(run)
            else:
                outcomes.append(self._one(requests[at]))
            at += len(run) or 1
        return [
            _error(_id_of(request), outcome)
            if isinstance(outcome, ApiError)
            else {"jsonrpc": "2.0", "id": request["id"], "result": outcome}
            for request, outcome in zip(requests, outcomes, strict=True)
            if not isinstance(request, dict) or "id" in request
        ]

    def _one(self, request: Any) -> Any:
        """The result of one read, or its error."""
        try:
            method, arguments = _parsed(request)
            with self._read_lock:
                return self._methods.answer(method, arguments)
        except ApiError as error:
            return error
        except TraceLedgerError as error:
            return ApiError(params.REFUSED, str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must not end the connection
            _LOG.exception("a request failed")
            return ApiError(params.INTERNAL_ERROR, "internal error; see the node's log")

    def _send(self, requests: list[Any]) -> list[Any]:
        """Mine the transactions of some requests as one block; a hash or an error for each."""
        raw: list[bytes] = []
        try:
            for request in requests:
                _, arguments = _parsed(request)
                raw.append(params.data(params.argument(arguments, 0, "transaction"), "transaction"))
        except ApiError as error:
            return _around(len(raw), error, len(requests), [])
        hashes: list[Any] = [hexed(keccak(item)) for item in raw]
        try:
            with self._write_lock:
                self._writer.send(raw)
        except TransactionRevertedError as refusal:
            return _around(refusal.position, reverted(refusal.data), len(raw), hashes)
        except InvalidTransactionError as refusal:
            return _around(refusal.position, ApiError(params.REFUSED, _reason(refusal)), len(raw), [])
        except TraceLedgerError as fault:
            return [ApiError(params.REFUSED, str(fault))] * len(raw)
        except Exception:  # noqa: BLE001 - a fault of ours must not end the connection
            _LOG.exception("transactions failed")
            return [ApiError(params.INTERNAL_ERROR, "internal error; see the node's log")] * len(raw)
        return hashes


def _around(position: int, error: ApiError, count: int, hashes: list[Any]) -> list[Any]:
    """Outcomes of ``count`` transactions of which the one at ``position`` was refused.

    ``hashes`` are those of the transactions, if the earlier ones were mined; else empty.
    """
    other = ApiError(params.REFUSED, f"not mined, because transaction {position} of the batch was refused")
    mined = hashes[:position] if hashes else [other] * position
    return [*mined, error, *[other] * (count - position - 1)]


def _reason(refusal: InvalidTransactionError) -> str:
    return f"{refusal.what} ({refusal.hint})" if refusal.hint else refusal.what


def _run_of_transactions(requests: list[Any], start: int) -> list[Any]:
    end = start
    while end < len(requests) and isinstance(requests[end], dict) and requests[end].get("method") == _SEND:
        end += 1
    return requests[start:end]


def _parsed(request: Any) -> tuple[str, list[Any]]:
    """Method and parameters of a request object."""
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise ApiError(params.INVALID_REQUEST, "a request is an object with a method")
    arguments = request.get("params", [])
    if arguments is None:
        arguments = []
    if not isinstance(arguments, list):
        raise params.invalid("params must be a list")
    return request["method"], arguments


def _id_of(request: Any) -> Any:
    found = request.get("id") if isinstance(request, dict) else None
    return found if isinstance(found, str | int | float) else None


def _error(request_id: Any, error: ApiError) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": request_id, "error": error.as_json()}


def _encoded(answer: Any) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()
