"""What follows from the state, over a network: in one file, each line after those it follows from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.test_again import YEAR
from tests.cases.world import BASE, lot
from tests.clients import write
from tests.rpc_networks import anvil, deployed


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with anvil(tmp_path / "anvil") as found:
        yield found


def test_a_year_of_what_follows_from_the_state_runs_over_a_network_once(tmp_path: Path, url: str) -> None:
    ops = [*BASE, lot(), *YEAR]
    path = write(tmp_path / "year.jsonl", ops)
    with deployed(tmp_path / "net", [url]) as client:
        assert client.submit(path, create_keys=True).sent == len(ops)
        assert client.submit(path).sent == 0
        assert all(entry.state == "final" for entry in client.outbox())
