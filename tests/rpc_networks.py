"""Networks of anvil nodes, and clients of them."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of
from tests.conftest import require_tool
from traceledger.client import Client

CHAIN_ID = 4711


@contextmanager
def anvil(folder: Path, *options: str, base_fee: int = 0) -> Iterator[str]:
    """A running anvil; its URL."""
    command = [require_tool("anvil"), "--port", "0", "--chain-id", str(CHAIN_ID), "--hardfork", "prague"]
    command += ["--gas-limit", "3000000000", "--gas-price", "0", *options]
    command += ["--block-base-fee-per-gas", str(base_fee)]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "anvil.log"
    with log.open("w+") as sink, subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT) as process:
        try:
            yield f"http://127.0.0.1:{_listening_port(log, process)}"
        finally:
            process.terminate()


def _listening_port(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        found = re.search(r"Listening on 127\.0\.0\.1:(\d+)", log.read_text())
        if found:
            return found[1]
        if process.poll() is not None:
            break
        threading.Event().wait(0.1)
    pytest.fail(f"anvil did not start: {log.read_text()}")


def ask(url: str, method: str, *params: Any) -> Any:
    """The result of one JSON-RPC call."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        document = json.load(answer)
    assert "error" not in document, document
    return document["result"]


def write_network(
    folder: Path, urls: Sequence[str], *, keys: Path | None = None, extra: str = "", contracts: str = ""
) -> Path:
    """A networks.toml with one network over JSON-RPC."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = f'keys = "{keys}"\n' if keys else ""
    text = (
        'default = "net"\n[networks.net]\nkind = "rpc"\n'
        f'urls = {json.dumps(list(urls))}\npath = "net"\nchain_id = {CHAIN_ID}\n{shared}{extra}\n{contracts}'
    )
    path = folder / "networks.toml"
    path.write_text(text)
    return path


def deployed(folder: Path, urls: Sequence[str], *, extra: str = "") -> Client:
    """A client of a network on which the contracts have just been deployed; its keys are quick to unlock."""
    write_network(folder, urls, extra=extra)
    client = client_of(folder)
    client.signers.store.light = True
    client.deploy()
    return client


def light(folder: Path) -> Client:
    """A client of the network in a folder, whose new keys are quick to unlock."""
    client = client_of(folder)
    client.signers.store.light = True
    return client
