"""Single questions to a node: over HTTP, or over the socket through which geth is administered."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from traceledger.errors import NetworkError

TIMEOUT = 5.0
"""Seconds to wait for an answer: these questions cost a node nothing."""


def ask(url: str, method: str, *params: object, timeout: float = TIMEOUT) -> Any:
    """A node's answer over HTTP.

    Raises:
        NetworkError: it cannot be reached, does not answer in time, or refuses.
    """
    import requests

    try:
        with requests.Session() as session:
            # A proxy in the environment is for the world outside, and netrc has no password for these nodes.
            session.trust_env = False
            answer = session.post(url, json=_request(method, params), timeout=timeout).json()
    except (requests.RequestException, ValueError) as error:
        what = f"the node at {url} does not answer: {type(error).__name__}"
        raise NetworkError(what, where=method) from None
    return _result(method, answer)


def ask_socket(path: Path, method: str, *params: object, timeout: float = TIMEOUT) -> Any:
    """A node's answer over its Unix socket.

    Raises:
        NetworkError: nobody is there, it does not answer in time, or refuses.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout)
            connection.connect(str(path))
            connection.sendall(json.dumps(_request(method, params)).encode())
            with connection.makefile("rb") as lines:
                # geth keeps the socket open, and ends each answer with a line feed.
                answer = json.loads(lines.readline())
    except (OSError, ValueError) as error:
        raise NetworkError(f"the node does not answer: {error}", where=str(path)) from None
    return _result(method, answer)


def _request(method: str, params: tuple[object, ...]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}


def _result(method: str, answer: Any) -> Any:
    if isinstance(answer, dict) and "result" in answer:
        return answer["result"]
    error = answer.get("error") if isinstance(answer, dict) else None
    said = error.get("message") if isinstance(error, dict) else "no JSON-RPC answer"
    raise NetworkError(f"the node refuses: {said}", where=method)
