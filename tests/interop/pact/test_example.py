"""A footprint of every batch of the example: none breaks a rule of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.clients import client_of
from traceledger.client.client import Client
from traceledger.interop.carbon import figures_of
from traceledger.interop.masterdata import parse
from traceledger.interop.pact.catalogue import Catalogue
from traceledger.interop.referee.hearing import Hearing, Node, Weight
from traceledger.interop.referee.pact import footprint
from traceledger.names import Names
from traceledger.provenance import lineage

MASTERDATA = """
participant = "{maker}"
[footprint]
gwp = "AR6"
standards = "ISO14067"
exempted_share = "0.5 %"
[[materials]]
material = "{material}"
fossil_carbon = "3.25 %"
biogenic_carbon = "0.1 %"
"""


@pytest.fixture(scope="module")
def client(example: Path) -> Iterator[Client]:
    with client_of(example) as opened:
        yield opened


def test_every_batch_of_the_example(client: Client) -> None:
    index, names, ids = client.index, Names(client.index), set[str]()
    for batch in index.batches():
        maker, material = names.slug(batch.creator), names.material(batch.material)
        known = parse(MASTERDATA.format(maker=maker, material=material))
        issued = Catalogue(index, known).of_batch(batch.id)
        for each in issued:
            assert each.lacks == ()
            hearing = Hearing()
            footprint(hearing, Node(dict(each.exported.document)))
            assert hearing.of(Weight.FAULT) == ()
            # A share of less than one per cent is one that may be meant otherwise.
            assert {found.rule for found in hearing.of(Weight.DOUBT)} <= {"percent"}
            assert each.id not in ids
            ids.add(each.id)
        if issued and issued[0].is_active:
            figures = figures_of(lineage(index, batch.id), index)
            gate = figures.gate
            told = Decimal(issued[0].exported.document["pcf"]["pcfExcludingBiogenicUptake"])
            # Of what was taken since, a milligram a pool may have been rounded down.
            exact = figures.per_kilogram(gate.total - gate.removals) / 10**6
            assert abs(float(told) - float(exact)) < 1e-6
