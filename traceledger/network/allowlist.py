"""Who may join, and whose transactions the engine takes: two JSON arrays in the network's folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from traceledger.errors import InputError, NetworkError
from traceledger.network.enode import Enode
from traceledger.network.files import replace_text

NODES_FILE = "nodes-allowlist.json"
ACCOUNTS_FILE = "accounts-allowlist.json"


def read_nodes(folder: Path) -> tuple[Enode, ...]:
    """The nodes that may connect, those of the network included.

    Raises:
        InputError: the list is damaged.
        NetworkError: it cannot be read.
    """
    return tuple(Enode.parse(text) for text in _read(folder / NODES_FILE))


def write_nodes(folder: Path, nodes: Iterable[Enode]) -> None:
    """Replace the list of nodes."""
    _write(folder / NODES_FILE, [enode.url for enode in nodes])


def write_accounts(folder: Path, accounts: Iterable[bytes]) -> None:
    """Replace the list of accounts (20-byte addresses)."""
    _write(folder / ACCOUNTS_FILE, [f"0x{account.hex()}" for account in accounts])


def _read(path: Path) -> list[str]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NetworkError(f"cannot be read: {error.strerror}", where=str(path)) from None
    except ValueError as error:
        raise InputError(f"not valid JSON: {error}", where=str(path)) from None
    if not isinstance(document, list) or not all(isinstance(item, str) for item in document):
        raise InputError("is not a list of texts", where=str(path))
    return document


def _write(path: Path, items: list[str]) -> None:
    replace_text(path, json.dumps(items, indent=2) + "\n")
