"""Signing without a network: whom a name means is proved by a directory file, or nothing is signed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from tests.clients import PASSPHRASE, write
from tests.embedded_nodes import embedded_node
from tests.rpc_networks import contracts_of, deployed, light, write_network
from tests.sending.test_proved_names import CHANGES, SHIP, change, founding
from traceledger.client.client import Client
from traceledger.errors import TraceLedgerError, UnknownNameError, VerificationError
from traceledger.proofs import trust
from traceledger.proofs.verify import directory


@dataclass(frozen=True)
class Place:
    """A connected machine, and a folder for one that is not."""

    connected: Client
    away: Path
    nonce: int


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    away = tmp_path / "away"
    with embedded_node(tmp_path / "chain.sqlite") as url:
        with deployed(tmp_path / "net", [url]) as made:
            made.submit(write(tmp_path / "ops.jsonl", founding()), create_keys=True)
            made.sync()
            root = made.trust_root(pinned=[made.chain.final().number])
            keys = shutil.copytree(made.network.keys, away / "keys")
            contracts = contracts_of(tmp_path / "net")
            (away / "net").mkdir()
            made.export_directory(away / "net" / "directory.json", batches=["katanga/A"])
        extra = 'trust_root = "root.json"'
        write_network(away, ["http://127.0.0.1:9"], keys=keys, contracts=contracts, extra=extra)
        (away / "root.json").write_text(root.dumps())
        shutil.copy(tmp_path / "net" / "net" / "index.sqlite", away / "net")
        with light(tmp_path / "net") as made:
            yield Place(made, away, made.next_nonce(made.signers.address_of("katanga")))


def signed(place: Place, operation: dict[str, Any]) -> list[Any]:
    """Sign an operation on the machine without a network."""
    with (
        light(place.away) as client,
        client.offline(place.away / "tx.jsonl", {"katanga": place.nonce}) as signing,
    ):
        return signing.operation(operation)


def test_a_name_goes_by_the_directory_file_and_reaches_the_right_company(place: Place) -> None:
    signed(place, SHIP)
    place.connected.send_file(place.away / "tx.jsonl")
    place.connected.sync()
    assert place.connected.index.shipments()[0].receiver == place.connected.signers.address_of("kokkola")


def test_without_the_file_nobody_else_is_known(place: Place) -> None:
    """Not by the index, and not by a stored key of that name either."""
    (place.away / "net" / "directory.json").unlink()
    with pytest.raises(UnknownNameError, match="'kokkola' cannot be resolved offline"):
        signed(place, SHIP)


def test_an_index_that_says_otherwise_is_refused(place: Place) -> None:
    with light(place.away) as client:
        change(client, *CHANGES["two slugs swapped"])
    with pytest.raises(VerificationError, match="by the directory file"):
        signed(place, SHIP)


def test_a_key_file_of_another_name_sends_nothing_elsewhere(place: Place) -> None:
    keys = place.away / "keys"
    (keys / "kokkola.json").rename(keys / "aside.json")
    (keys / "thief.json").rename(keys / "kokkola.json")
    signed(place, SHIP)
    place.connected.send_file(place.away / "tx.jsonl")
    place.connected.sync()
    assert place.connected.index.shipments()[0].receiver == place.connected.signers.address_of("kokkola")


def _swapped(document: dict[str, Any]) -> None:
    names = document["participants"]
    document["participants"] = ["thief" if name == "kokkola" else name for name in names if name != "thief"]


def _unknown(document: dict[str, Any]) -> None:
    document["participants"].append("nobody")


def _header(document: dict[str, Any]) -> None:
    header = bytearray.fromhex(document["headers"][0][2:])
    header[-40] ^= 1
    document["headers"][0] = "0x" + header.hex()


def _no_nodes(document: dict[str, Any]) -> None:
    document["nodes"] = []


def _another_lot(document: dict[str, Any]) -> None:
    document["batches"] = ["katanga/B"]


def _another_chain(document: dict[str, Any]) -> None:
    document["chain_id"] = "1"


@pytest.mark.parametrize("forge", [_unknown, _header, _no_nodes, _another_lot, _another_chain, _swapped])
def test_a_forged_file_proves_nothing(place: Place, forge: Any) -> None:
    path = place.away / "net" / "directory.json"
    document = json.loads(path.read_text())
    forge(document)
    path.write_text(json.dumps(document))
    with pytest.raises(TraceLedgerError) as refused:
        signed(place, SHIP)
    assert isinstance(refused.value, VerificationError | UnknownNameError)


def test_every_flipped_byte_is_noticed_or_changes_nothing(place: Place) -> None:
    """Bits of the file are flipped one after another: no address ever changes."""
    path = place.away / "net" / "directory.json"
    trusted = trust.load(place.away / "root.json")
    text = path.read_bytes()
    true = directory.verify(directory.loads(text, "file"), trusted, "file")
    passed = 0
    for at in range(0, len(text), 61):
        changed = bytearray(text)
        changed[at] ^= 1
        try:
            found = directory.verify(directory.loads(bytes(changed), "file"), trusted, "file")
        except TraceLedgerError:
            continue
        passed += 1
        assert found == true
    assert passed < len(text) // 61 // 4


def test_what_is_signed_is_shown_first(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    away = ["--config", str(place.away / "networks.toml")]
    words = "batch ship S --as katanga --batch A --batch B --to kokkola --at 2026-01-20T00:00:00Z".split()
    file = place.away / "tx.jsonl"
    done = run_command(*away, *words, "--offline", str(file), "--nonce", f"katanga={place.nonce}")
    assert done.code == 0, done.err
    kokkola = "0x" + place.connected.signers.address_of("kokkola").hex()
    assert f"to: kokkola {kokkola}" in done.err
    assert "katanga/A 0x" in done.err
    assert ": 20 t" in done.err
    assert "katanga/B 0x" in done.err
    assert "20 t, and 1 whose masses are not proved here" in done.err
