"""A real geth whose blocks are small: what it could never mine is not even signed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import write
from tests.network.conftest import CHAIN_ID, UP_SECONDS
from tests.rpc_networks import light
from tests.sending.test_block_space import CHILDREN, FOUNDING, mint, sent, split
from traceledger.client.client import Client
from traceledger.errors import TooLargeForBlockError
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running

LIMIT = 8_000_000
"""Enough for the contracts, and too little for the largest split of a lot that holds fifteen substances."""
SUBSTANCES = "Li C Mg Al Si P S Ti Mn Fe Co Ni Cu Zn Pb".split()

pytestmark = pytest.mark.real("geth")


@pytest.fixture
def client(geth: Path, tmp_path: Path) -> Iterator[Client]:
    """Of a network of one validator, on which a participant and a batch are."""
    folder = tmp_path / "small"
    found(folder, Founding("small", "geth-clique", 1, CHAIN_ID, gas_limit=LIMIT))
    try:
        material = FOUNDING[0] | {"substances": SUBSTANCES}
        founding = [material, *FOUNDING[1:], rich("A")]
        Running(folder).up(geth, wait=UP_SECONDS)
        with light(folder) as client:
            client.deploy()
            client.submit(write(tmp_path / "founding.jsonl", founding), create_keys=True)
            yield client
    finally:
        Running(folder).down()


def rich(name: str) -> dict[str, Any]:
    return mint(name) | {"substances": dict.fromkeys(SUBSTANCES, "9 t")}


def test_it_is_refused_and_the_company_goes_on(client: Client, tmp_path: Path) -> None:
    before = sent(client)
    path = write(tmp_path / "split.jsonl", [rich("B"), split("A", CHILDREN)])
    with pytest.raises(TooLargeForBlockError) as caught:
        client.submit(path)
    assert caught.value.where == f"{path}:2"
    later = write(tmp_path / "later.jsonl", [rich("B"), split("B", CHILDREN)])
    assert sent(client) == before
    with pytest.raises(TooLargeForBlockError):
        client.submit(later)
    assert sent(client) == before + 1
    fits = int(caught.value.hint.partition("some ")[2].split()[0])
    client.submit(write(tmp_path / "parts.jsonl", [split("A", fits), split("B", fits), mint("C")]))
    assert not [entry for entry in client.outbox() if entry.unfinished]
