"""All that a network must stand, on the engine that ``TRACELEDGER_TEST_ENGINE`` names: a real Besu, or geth.

Left out unless the variable holds the path of the program, since a network of Besu takes Java, memory and
some twelve minutes::

    TRACELEDGER_TEST_ENGINE=/opt/besu/bin/besu pytest tests/network/test_whole_table.py

The steps go on where the one before ended: found, up, deploy, the example with equal traces, proof export and
verify, vote a validator in and out, admit and remove an account, kill one of five, stop two of four.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from tests.network.bulk import of_the_ledger
from tests.network.live import LiveNetwork, until
from tests.network.test_engines import PASSPHRASE, command, run_example
from traceledger.config.networks import write_template
from traceledger.network.engine_names import EngineName
from traceledger.network.engines import engine_named
from traceledger.network.lifecycle import Running
from traceledger.signing.keystore import LocalSigner
from traceledger.signing.transaction import UnsignedTransaction, sign

VARIABLE = "TRACELEDGER_TEST_ENGINE"
CHAIN_ID = 20_265
STOPPED_SECONDS = 180.0
UP_SECONDS = "300"
STRANGER = LocalSigner(b"\x07" * 32)

pytestmark = [
    pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} names no engine"),
]


def engine_of(binary: Path) -> EngineName:
    """Which engine the program is."""
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    return "besu-qbft" if "besu" in said.lower() else "geth-clique"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNetwork]:
    """Four validators that run; whoever deploys is allowed to, where the engine has rules for accounts."""
    binary = Path(os.environ[VARIABLE]).resolve()
    home = tmp_path_factory.mktemp("table")
    folder, engine = home / "net", engine_of(binary)
    # The folder of keys that is used at first: all accounts of the example are named when it is founded.
    rules = engine_named(engine).account_rules
    accounts = [part for address in (_accounts(home) if rules else ()) for part in ("--account", address)]
    settings = ["--chain-id", str(CHAIN_ID), "--engine", engine, *accounts]
    assert run_command("network", "found", str(folder), *settings).code == 0
    try:
        done = run_command("network", "up", str(folder), "--binary", str(binary), "--wait", UP_SECONDS)
        assert done.code == 0, done.err
        yield LiveNetwork(folder, binary)
    finally:
        Running(folder).down()


def _embedded(home: Path) -> Path:
    """The example's folder on the embedded chain, where its keys are."""
    folder = home / "embedded"
    if not folder.exists():
        folder.mkdir()
        write_template(folder)
        _printed[home] = run_example(folder)
    return folder


def _accounts(home: Path) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(_embedded(home))
        return [key["address"] for key in command("key", "list")["keys"]]


_printed: dict[Path, dict[str, Any]] = {}


def order(network: LiveNetwork, *arguments: str) -> Any:
    done = run_command("network", *arguments[:2], str(network.folder), *arguments[2:], "--json")
    assert done.code == 0, done.err
    return done.document


def test_the_example_gives_the_same_traces(table: LiveNetwork) -> None:
    home = table.folder.parent
    embedded, site = _embedded(home), home / "site"
    site.mkdir()
    shutil.copy(table.config, site / "networks.toml")
    keys = site / ".traceledger" / "consortium" / "keys"
    shutil.copytree(embedded / ".traceledger" / "local" / "keys", keys)
    printed = run_example(site)
    for what, expected in _printed[home].items():
        assert of_the_ledger(printed[what]) == of_the_ledger(expected), what


def test_a_proof_is_exported_and_verified(table: LiveNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    site = table.folder.parent / "site"
    monkeypatch.chdir(site)
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    command("trust-root", "export", "-o", "root.json")
    command("proof", "export", "oem/VIN-1", "-o", "vin1.tlproof")
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.chdir(site.parent)
        verified = command(
            "proof", "verify", "site/vin1.tlproof", "oem/VIN-1", "--trust-root", "site/root.json"
        )
    assert verified["verified"] is True


def test_a_validator_is_voted_in_and_out(table: LiveNetwork) -> None:
    made = order(table, "node", "create", "fifth")
    order(table, "node", "add", "fifth")
    up = ["network", "up", str(table.folder), "--binary", str(table.binary), "--wait", UP_SECONDS]
    assert run_command(*up).code == 0
    address = bytes.fromhex(made["address"][2:])
    order(table, "validator", "propose", made["address"])
    until(lambda: address in table.control(0).validators(), "voted in", 120)
    order(table, "validator", "discard", made["address"])
    until(lambda: address in table.control(0).recent_sealers(10), "blocks of the fifth", 120)

    table.kill(3)
    table.wait_blocks(10, seconds=120)  # four of five go on
    table.restart(3, wait=False)
    until(lambda: table.head(3) >= table.head() - 2, "the killed one follows", 120)

    order(table, "validator", "propose", made["address"], "--remove", "--yes")
    until(lambda: address not in table.control(0).validators(), "voted out", 120)
    order(table, "validator", "discard", made["address"])
    order(table, "node", "remove", "fifth", "--yes")
    assert run_command("network", "down", str(table.folder), "--only", "fifth").code == 0


def test_an_account_is_admitted_and_removed(table: LiveNetwork) -> None:
    if not table.running.engine.account_rules:
        pytest.skip(f"{table.running.engine.name} has no rules for accounts")
    address = f"0x{STRANGER.address.hex()}"
    raw = sign(UnsignedTransaction(CHAIN_ID, 0, 21_000, bytes(20), b""), STRANGER)
    with pytest.raises(Exception, match=r"not authorized|allowlist"):
        table.ask(0, "eth_sendRawTransaction", f"0x{raw.hex()}")
    order(table, "account", "add", address)
    sent = table.ask(0, "eth_sendRawTransaction", f"0x{raw.hex()}")
    until(lambda: table.ask(1, "eth_getTransactionReceipt", sent) is not None, "receipt", 60)
    order(table, "account", "remove", address, "--yes")
    second = sign(UnsignedTransaction(CHAIN_ID, 1, 21_000, bytes(20), b""), STRANGER)
    with pytest.raises(Exception, match=r"not authorized|allowlist"):
        table.ask(0, "eth_sendRawTransaction", f"0x{second.hex()}")


def test_two_of_four_are_away_for_three_minutes(table: LiveNetwork) -> None:
    for name in ("validator-3", "validator-4"):
        assert run_command("network", "down", str(table.folder), "--only", name).code == 0
    begun = time.monotonic()
    until(lambda: time.monotonic() - begun > STOPPED_SECONDS, "three minutes", STOPPED_SECONDS + 10, 5.0)
    stopped = table.head()
    said = run_command("network", "status", str(table.folder))
    assert "2 of 4 validators run here, 3 must run somewhere; start the missing ones" in said.out
    begun = time.monotonic()
    up = ["network", "up", str(table.folder), "--binary", str(table.binary), "--wait", UP_SECONDS]
    done = run_command(*up)
    assert done.code == 0, done.err
    assert table.head() > stopped
    assert time.monotonic() - begun < 120, done.err
    table.in_agreement()
