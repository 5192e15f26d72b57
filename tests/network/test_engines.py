"""The same commands on every engine: the example runs, is refused what it should be, gives the same traces.

Engines: the embedded chain, anvil, and the network of four geth validators.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.anvil import anvil
from tests.cli.conftest import run_command
from tests.network.bulk import of_the_ledger
from tests.network.live import LiveNetwork
from tests.test_demo import (
    EXAMPLE,
    OPERATIONS,
    audit_supplier,
    car,
    test_car_is_traced_to_every_origin,
    test_factors_are_those_of_the_sources,
    test_footprints_are_plausible,
    test_grades_are_those_of_the_sources,
    test_measured_supplier_stands_out,
    test_recycled_cobalt_is_what_went_in,
    test_refused_attempts,
)
from traceledger.client.client import Client, connect
from traceledger.config.networks import write_template

__all__ = [
    "car",
    "test_car_is_traced_to_every_origin",
    "test_factors_are_those_of_the_sources",
    "test_footprints_are_plausible",
    "test_grades_are_those_of_the_sources",
    "test_measured_supplier_stands_out",
    "test_recycled_cobalt_is_what_went_in",
    "test_refused_attempts",
]

PASSPHRASE = "only a test"
KEYS = Path(".traceledger") / "local" / "keys"
ANVIL_CHAIN_ID = 31_337
ENGINES = [
    "embedded",
    pytest.param("anvil", marks=pytest.mark.real("anvil")),
    pytest.param("clique", marks=pytest.mark.real("geth")),
]


@dataclass(frozen=True)
class Site:
    """A folder in which the example has run, and what the commands print there."""

    folder: Path
    printed: dict[str, Any]


def command(*arguments: str) -> Any:
    """What the command prints as JSON."""
    done = run_command(*arguments, "--json")
    assert done.code == 0, (arguments, done.err)
    return done.document


def run_example(folder: Path) -> dict[str, Any]:
    """Deploy, run the example, and ask everything, by commands that do not know which engine it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("TRACELEDGER_NETWORKS", raising=False)
        patch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
        command("contract", "deploy")
        done = command("submit", str(EXAMPLE), "--create-keys")
        assert (done["operations"], done["sent"]) == (len(OPERATIONS), len(OPERATIONS))
        again = command("submit", str(EXAMPLE))
        assert (again["sent"], again["skipped"]) == (0, len(OPERATIONS))
        command("network", "check")
        batches = {item["batch"]: item for item in command("batch", "list")["batches"]}
        return {
            "batches": batches,
            "traces": {name: command("trace", name) for name in batches},
            "facilities": command("facility", "list"),
            "declaration": command("declaration", "show", "oem/VIN-1"),
        }


@pytest.fixture(scope="module")
def on_embedded(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("embedded")
    write_template(folder)
    return Site(folder, run_example(folder))


@pytest.fixture(scope="module")
def on_anvil(on_embedded: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("anvil")
    with anvil(folder, ANVIL_CHAIN_ID) as url:
        text = f'default = "anvil"\n[networks.anvil]\nkind = "rpc"\nurl = "{url}"\npath = "data"\n'
        (folder / "networks.toml").write_text(f"{text}chain_id = {ANVIL_CHAIN_ID}\n", "utf-8")
        shutil.copytree(on_embedded.folder / KEYS, folder / "data" / "keys")
        yield Site(folder, run_example(folder))


@pytest.fixture(scope="module")
def on_clique(on_embedded: Site, _live: LiveNetwork, tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("clique")
    shutil.copy(_live.config, folder / "networks.toml")
    with connect(config=folder / "networks.toml") as client:
        shutil.copytree(on_embedded.folder / KEYS, client.network.keys)
    return Site(folder, run_example(folder))


@pytest.fixture(scope="module", params=ENGINES)
def site(request: pytest.FixtureRequest) -> Site:
    """The example on each engine in turn, everyone with the same keys."""
    found: Site = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    with connect(config=site.folder / "networks.toml", passphrase=lambda _: PASSPHRASE) as client:
        yield client


def test_every_command_prints_the_same_as_on_the_embedded_chain(site: Site, on_embedded: Site) -> None:
    assert len(site.printed["traces"]) > 30
    for what, expected in on_embedded.printed.items():
        assert of_the_ledger(site.printed[what]) == of_the_ledger(expected), what


def test_a_supplier_is_audited_blocked_corrected_reinstated(client: Client) -> None:
    audit_supplier(client)
