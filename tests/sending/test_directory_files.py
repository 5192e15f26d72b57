"""Signing without a network: whom a name means is proved by a directory file, or nothing is signed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from traceledger.sending import transaction_file
from traceledger.signing.transaction import UnsignedTransaction, sign


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


def test_everything_that_was_signed_is_shown(place: Place) -> None:
    evidence = [{"uri": "doc:1", "sha256": "11" * 32}]
    signed(place, {**SHIP, "emissions": {"scope3": "3 t"}, "evidence": evidence})
    away = ["--config", str(place.away / "networks.toml")]
    file = str(place.away / "tx.jsonl")
    (shown,) = run_command(*away, "--json", "tx", "show", file).document["transactions"]
    kokkola = "0x" + place.connected.signers.address_of("kokkola").hex()
    arguments = {each["name"]: (each["value"], each["means"]) for each in shown["arguments"]}
    assert shown["calls"] == "ship"
    assert shown["sender_name"] == "katanga"
    assert (shown["nonce"], shown["chain_id"], shown["contract_name"]) == (place.nonce, "4711", "BatchLedger")
    assert arguments["offer.to"] == (kokkola, "kokkola")
    assert arguments["offer.owner"] == ("0x" + "00" * 20, "nobody")
    assert arguments["offer.batches[0]"][1] == "katanga/A"
    assert arguments["offer.identifier"] == ("S", None)
    assert arguments["offer.emissions.scope3"] == ("3000000000", "3 t CO2e")
    assert arguments["offer.occurredAt"][1] == "2026-01-20T00:00:00Z"
    assert arguments["offer.evidence[0].uri"] == ("doc:1", None)
    assert arguments["offer.evidence[0].digest"][0] == "0x" + "11" * 32
    assert (shown["trailing_bytes"], shown["unknown_data"], shown["irregular"]) == (None, None, False)
    text = run_command(*away, "tx", "show", file).out
    assert f"offer.to: {kokkola} (kokkola)" in text
    assert f"gas {shown['gas']}, gas_price 0 wei" in text


def resigned(place: Place, data: bytes) -> list[str]:
    """What is shown of a transaction with this calldata, signed by the mine."""
    with light(place.away) as client:
        unsigned = UnsignedTransaction(4711, place.nonce, 10**6, client.network.deployed().ledger, data)
        raw = sign(unsigned, client.signers.unlock(client.signers.address_of("katanga")))
        file = transaction_file.read(place.away / "tx.jsonl")
        job = replace(file.jobs[0], raw=raw, data=data)
        transaction_file.write(place.away / "odd.jsonl", replace(file, jobs=(job,)))
    away = ["--config", str(place.away / "networks.toml")]
    done = run_command(*away, "tx", "show", str(place.away / "odd.jsonl"))
    assert done.code == 0, done.err
    return done.out.splitlines()


def test_nothing_is_hidden_in_calldata(place: Place) -> None:
    (job,) = signed(place, SHIP)
    unknown = resigned(place, b"\x12\x34\x56\x78 pay the thief")
    assert unknown[0].startswith("unknown call 0x12345678 of BatchLedger")
    assert "  data: 0x12345678" + b" pay the thief".hex() in unknown
    behind = resigned(place, job.data + b"more")
    assert f"  AFTER the arguments, which the contract ignores: 0x{b'more'.hex()}" in behind
    # The offset of the offer points 32 bytes further, and what stands between is read by nobody.
    between = job.data[:4] + (64).to_bytes(32, "big") + b"hidden between".ljust(32) + job.data[36:]
    odd = resigned(place, between)
    assert any("encoded otherwise than usual" in line for line in odd)
    assert f"  data: 0x{between.hex()}" in odd


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
