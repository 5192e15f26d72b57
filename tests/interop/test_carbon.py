"""The CO2e of a batch as formats of the industry ask for it, over the whole example."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.clients import client_of
from traceledger.client.client import Client
from traceledger.interop.carbon import Amounts, CarbonFigures, average, figures_of
from traceledger.provenance import lineage, trace
from traceledger.provenance.per_kilogram import per_kilogram


@pytest.fixture(scope="module")
def client(example: Path) -> Iterator[Client]:
    with client_of(example) as opened:
        yield opened


@pytest.fixture(scope="module")
def figures(client: Client) -> dict[int, CarbonFigures]:
    return {
        batch.id: figures_of(lineage(client.index, batch.id), client.index)
        for batch in client.index.batches()
    }


def test_breakdowns_sum_to_the_whole_and_the_whole_is_what_pages_show(
    client: Client, figures: dict[int, CarbonFigures]
) -> None:
    for number, found in figures.items():
        whole = found.whole.total
        assert sum(found.by_stage.values()) == whole
        assert found.gate.total == whole - found.later.total
        batch = client.index.batch(number)
        assert batch is not None
        shown = per_kilogram(trace(client.index, number), batch)
        assert abs(found.per_kilogram(whole) - shown.mg) <= 1


def test_what_is_left_of_a_topped_up_tank_is_not_its_history(
    client: Client, figures: dict[int, CarbonFigures]
) -> None:
    """HYD-031 was split before it was shipped: the transport is borne by what was left of it only."""
    found = figures[client.batch_id("likasi/HYD-031")]
    assert found.left
    assert found.outbound / found.mass_mg > Fraction(1, 2)


def test_transport_of_the_batch_and_what_others_add_come_after_the_gate(
    client: Client, figures: dict[int, CarbonFigures]
) -> None:
    found = figures[client.batch_id("likasi/HYD-031-A")]
    # Shipped by its maker with 0.24 kg/kg, and on by others with 0.12 kg/kg.
    assert found.outbound == found.mass_mg * Fraction(24, 100)
    assert found.later.total == found.mass_mg * Fraction(36, 100)
    assert found.gate.primary_share > found.whole.primary_share


def test_events_are_the_records_and_the_making(client: Client, figures: dict[int, CarbonFigures]) -> None:
    found = figures[client.batch_id("zambezi/HX-0007")]
    assert found.restated
    assert found.events == tuple(f"{at.block}/{at.log_index}" for at in sorted(found.positions))
    assert len(found.events) >= 3


def test_an_average_counts_each_batch_by_the_mass_it_was_made_with() -> None:
    def of(total: int, mass: int) -> CarbonFigures:
        return CarbonFigures(
            batches=(mass,),
            mass_mg=mass,
            whole=Amounts(total=Fraction(total), primary=Fraction(total, 2)),
            later=Amounts(),
            outbound=Fraction(0),
            by_stage={"distribution": Fraction(total)},
            tells_parts=False,
            restated=False,
            confirmed=True,
            left=True,
            first_at=1,
            last_at=2,
            positions=(),
        )

    # 10 mg of which 5 were made with 1 mg of CO2e each, and 90 mg with 2 each, of which 3 mg are left.
    found = average([of(5, 5), of(6, 3)], [10, 90])
    assert (found.mass_mg, found.whole.total, found.whole.primary_share) == (100, 190, Fraction(1, 2))
    assert found.by_stage == {"distribution": 190}
