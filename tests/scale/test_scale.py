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
from tests.scale.making import SHAPES, make
from tests.scale.odd_shapes import ODD, found_more
from tests.scale.stored import StoredChain, Writer
from traceledger.chain.base import Log
from traceledger.client.client import Client
from traceledger.events import decode
from traceledger.operations.catalogue import parse_operation
from traceledger.provenance import trace

_SIZES = {"tree": 12, "tank": 12, "comb": 8, "wide": 1}
_EXOTIC = {
    *("MintReversed", "SplitReversed", "TransformationReversed", "ReceiptReversed", "EmissionsRestated"),
    *("RestatementConfirmed", "ErrorDeclared", "BatchTakenBack", "BatchRetired", "BatchRemeasured"),
    *("BatchHeld", "BatchReleased", "ShipmentRejected"),
}


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
    assert ledger.script is not None
    found(ledger)
    found_more(ledger)
    for shape, size in _SIZES.items():
        SHAPES[shape](ledger, Random(1), size)
    first, lines = client.chain.head().number + 1, len(ledger.script)
    client.submit(write(tmp_path / "operations.jsonl", ledger.script))
    # What puts right what came just before waits in a file for what does not; so here each goes by itself.
    SHAPES["mixed"](ledger, Random(1), 190)
    # Their suppliers do nothing else than others.
    for shape in sorted(ODD.keys() - {"balance", "suppliers"}):
        ODD[shape](ledger, Random(1), 6)
    for line in ledger.script[lines:]:
        client.perform(parse_operation(line))
    ledger.chain.finish({})
    real = [log for block in client.chain.blocks(first, client.chain.head().number) for log in block.logs]
    mine = StoredChain(ledger.chain.database)
    made = [log for block in mine.blocks(0, mine.head().number) for log in block.logs]
    for ours, theirs in zip(said(made, parties), said(real, parties), strict=False):
        assert ours == theirs, (decode(Log(*ours, 0, 0)), decode(Log(*theirs, 0, 0)))
    assert len(made) == len(real)
    assert {type(decode(log)).__name__ for log in made} >= _EXOTIC
