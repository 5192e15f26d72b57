"""A ledger without lots, and what events become on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, new_client, write
from tests.interop.epcis import supply
from tests.once import once
from traceledger.client.client import Client
from traceledger.interop import masterdata
from traceledger.interop.epcis.capture import CapturePlan

KNOWN = masterdata.parse(supply.MASTERDATA)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network on which companies, sites and materials are, and no lot."""

    def make(folder: Path) -> None:
        with new_client(folder) as client:
            client.submit(write(folder / "founding.jsonl", supply.FOUNDING), create_keys=True)

    return once(tmp_path_factory, "epcis-founded", make)


@pytest.fixture
def client(founded: Path, tmp_path: Path) -> Iterator[Client]:
    """A client of a copy of it."""
    with client_of(Path(shutil.copytree(founded, tmp_path / "n"))) as opened:
        yield opened


def plan_of(client: Client, *events: object, name: str = "supplier.json", **more: object) -> CapturePlan:
    """What events become, for everybody."""
    folder = client.network.source.parent
    path = supply.written(folder, name, *events)  # type: ignore[arg-type]
    return client.capture(path, masterdata=KNOWN, act_as=tuple(supply.SITE), **more)  # type: ignore[arg-type]


def verdicts(plan: CapturePlan) -> list[str]:
    """The verdict on each event."""
    return [row.verdict.value for row in plan.rows]


def recorded(client: Client, *events: Any) -> CapturePlan:
    """What events became, once it is recorded."""
    plan = plan_of(client, *events)
    assert not plan.refused, plan.rows
    client.submit(plan.source())
    return plan


def one(client: Client, told: Any) -> dict[str, Any]:
    """The only operation that an event becomes."""
    plan = plan_of(client, told)
    assert verdicts(plan) == ["becomes"], plan.rows
    assert len(plan.operations) == 1
    return dict(plan.operations[0])


def refused(client: Client, *events: Any) -> str:
    """Where and why the last of some events is refused, and how to mend it."""
    plan = plan_of(client, *events)
    assert plan.rows[-1].verdict == "refused", plan.rows[-1]
    assert not any(origin == plan.rows[-1].place for origin in plan.origins)
    return str(plan.rows[-1].fault)


def left_out(client: Client, *events: Any) -> str:
    """Why the last of some events is left out."""
    plan = plan_of(client, *events)
    assert plan.rows[-1].verdict == "left_out", plan.rows[-1]
    return plan.rows[-1].why
