"""Who may join, and whose transactions the engine takes: two JSON arrays in the network's folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed
from traceledger.network.enode import Enode
from traceledger.network.files import read_document, write_json
from traceledger.storage.files import text_of

NODES_FILE = "nodes-allowlist.json"
ACCOUNTS_FILE = "accounts-allowlist.json"
_HINT = "mend it, or take another member's copy"


def read_nodes(folder: Path) -> tuple[Enode, ...]:
    """The nodes that may connect, those of the network included.

    Raises:
        InputError: the list is damaged, naming the line.
        NetworkError: it cannot be read.
    """
    path = folder / NODES_FILE
    document = read_document(path)
    if not isinstance(document, list) or not all(isinstance(item, str) for item in document):
        raise InputError("is not a list of texts", where=path, hint=_HINT)
    return tuple(_enode(path, item) for item in document)


def _enode(path: Path, text: str) -> Enode:
    try:
        return Enode.parse(text)
    except InputError as error:
        lines = enumerate(text_of(path, "utf-8").splitlines(), start=1)
        line = next((number for number, line in lines if text in line), None)
        place = str(path) if line is None else f"{path}:{line}"
        raise InputError(error.what, where=place, hint=_HINT) from None


def write_nodes(folder: Path, nodes: Iterable[Enode]) -> None:
    """Replace the list of nodes."""
    _write(folder / NODES_FILE, [enode.url for enode in nodes])


def write_accounts(folder: Path, accounts: Iterable[bytes]) -> None:
    """Replace the list of accounts (20-byte addresses)."""
    _write(folder / ACCOUNTS_FILE, [hexed(account) for account in accounts])


def _write(path: Path, items: list[str]) -> None:
    write_json(path, items)
