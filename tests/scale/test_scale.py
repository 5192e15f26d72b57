"""Chains that are made fast are those that the real contracts make, and the plain walk is the product's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.clients import new_client, write
from tests.scale import asking
from tests.scale.founding import COMPANIES, CONSORTIUM, found
from tests.scale.ledger import Ledger
from tests.scale.lots import Parties
from tests.scale.making import make
from tests.scale.shapes import SHAPES
from tests.scale.stored import StoredChain, Writer
from traceledger.chain.base import Log
from traceledger.client.client import Client
from traceledger.events import decode
from traceledger.provenance import trace

_SIZES = {"tree": 30, "tank": 24, "comb": 20, "wide": 1}


@pytest.mark.parametrize("shape", SHAPES)
def test_figures_are_those_of_the_plain_walk(shape: str, tmp_path: Path) -> None:
    chain, _ = make(shape, 200)
    with asking.indexed(chain, tmp_path / "index.sqlite") as index:
        for name, batch in asking.asked(chain).items():
            assert asking.told(trace(index, batch)) == asking.expected(chain)[name], name


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with new_client(tmp_path_factory.mktemp("scale") / "network") as client:
        yield client


def parties_of(client: Client) -> Parties:
    """The contracts and participants of a network, with a new key for each that there will be."""
    deployed = client.network.deployed()
    names = ("access_manager", "registry", "ledger", "assurance")
    (first,) = client.chain.blocks(1, 1)
    slugs = {slug: client.create_key(slug).address for slug in COMPANIES}
    slugs[CONSORTIUM] = first.transactions[0].sender
    return Parties({name: getattr(deployed, name) for name in names}, slugs)


def said(logs: list[Log], parties: Parties) -> list[tuple[bytes, tuple[bytes, ...], bytes]]:
    """What ledger and registry said, tags of operations left out, which are not made here."""
    found = []
    for log in logs:
        if log.address in (parties.contracts["ledger"], parties.contracts["registry"]):
            tag = getattr(decode(log), "tag", b"")
            data = log.data.replace(tag, bytes(32)) if tag else log.data
            found.append((log.address, log.topics, data))
    return found


def test_logs_are_those_of_the_contracts(client: Client, tmp_path: Path) -> None:
    parties = parties_of(client)
    ledger = Ledger(Writer(), parties, scripted=True)
    found(ledger)
    for shape, size in _SIZES.items():
        SHAPES[shape](ledger, Random(1), size)
    ledger.chain.finish({})
    assert ledger.script is not None
    first = client.chain.head().number + 1
    client.submit(write(tmp_path / "operations.jsonl", ledger.script))
    real = [log for block in client.chain.blocks(first, client.chain.head().number) for log in block.logs]
    mine = StoredChain(ledger.chain.database)
    made = [log for block in mine.blocks(0, mine.head().number) for log in block.logs]
    for ours, theirs in zip(said(made, parties), said(real, parties), strict=False):
        assert ours == theirs, (decode(Log(*ours, 0, 0)), decode(Log(*theirs, 0, 0)))
    assert len(made) == len(real)
