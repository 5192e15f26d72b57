"""Signing without a network, and sending elsewhere what was signed."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from tests.clients import PASSPHRASE, check_contracts_and_index, write
from tests.rpc_networks import anvil, contracts_of, deployed, light, write_network
from tests.sending.test_faults_of_sending import DEPLOYMENT, FOUNDING, OPS, added, mined, minted, model_of
from traceledger.client.client import Client
from traceledger.errors import InputError, NetworkError
from traceledger.interop.reading import source_of
from traceledger.refusals import Refusal
from traceledger.sending import transaction_file

pytestmark = pytest.mark.real("anvil")

FOUNDED = [op for op in OPS if op["op"] in FOUNDING]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with anvil(tmp_path / "anvil") as found:
        yield found


@pytest.fixture
def no_sockets() -> Iterator[Any]:
    """Call it, and whoever opens a socket from then on fails; call the answer to allow them again."""
    patches: list[pytest.MonkeyPatch] = []

    def deny() -> Any:
        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("a connection was made")

        patch = pytest.MonkeyPatch()
        patches.append(patch)
        patch.setattr(socket, "socket", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        return patch.undo

    yield deny
    for patch in patches:
        patch.undo()


def elsewhere(client: Client, folder: Path) -> Client:
    """A client on a machine that has the keys and networks.toml, and nothing else."""
    keys = shutil.copytree(client.network.keys, folder / "keys")
    table = contracts_of(client.network.source.parent)
    write_network(folder, ["http://127.0.0.1:9"], keys=keys, contracts=table)
    return light(folder)


def test_a_file_is_signed_without_a_network_and_sent_from_another_machine(
    tmp_path: Path, url: str, no_sockets: Any
) -> None:
    batches = [minted("katanga", f"B-{n}") for n in range(8)]
    rest = [*batches, added("katanga", "B-1"), added("katanga", "B-1"), minted("katanga", "B-9")]
    with deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "founding.jsonl", FOUNDED), create_keys=True)
        nonce = client.next_nonce(client.signers.address_of("katanga"))
        away = elsewhere(client, tmp_path / "away")
        allow = no_sockets()
        with away.offline(tmp_path / "tx.jsonl", {"katanga": nonce}) as signing:
            twice = source_of(write(tmp_path / "ops.jsonl", rest), repeats=True)
            jobs = signing.file(twice, create_keys=False)
        away.close()
        allow()
        assert [job.nonce for job in jobs] == list(range(nonce, nonce + len(rest)))
        done = client.send_file(tmp_path / "tx.jsonl")
        assert (done.operations, done.sent, done.skipped) == (len(rest), len(rest), 0)
        check_contracts_and_index(client, model_of([*FOUNDED, *rest]))
        assert mined(client) == [True] * (len(FOUNDED) + len(rest) + DEPLOYMENT)
        again = client.send_file(tmp_path / "tx.jsonl")
        assert (again.sent, again.skipped) == (0, len(rest))


def test_what_the_file_will_do_counts_for_what_follows_from_it(tmp_path: Path, url: str) -> None:
    """Each of these says how many events named the batch, those that the file will make included."""
    held = {"as": "katanga", "batch": "B-1", "at": 1768629600}
    with deployed(tmp_path / "net", [url]) as client:
        client.submit(
            write(tmp_path / "founding.jsonl", [*FOUNDED, minted("katanga", "B-1")]), create_keys=True
        )
        nonce = client.next_nonce(client.signers.address_of("katanga"))
        client.sync()
        with client.offline(tmp_path / "tx.jsonl", {"katanga": nonce}) as signing:
            signing.operation(added("katanga", "B-1"))
            signing.operation({"op": "retire", "how": "disposed", **held})
            with pytest.raises(InputError, match="follows from operations before it"):
                signing.operation({"op": "hold", "reason": "assay", **held})
        assert client.send_file(tmp_path / "tx.jsonl").sent == 2


def test_founding_offline_orders_what_several_keys_sign(tmp_path: Path, url: str) -> None:
    """Mints wait for their participants' registration, though another key signs it."""
    ops = [*FOUNDED, *(minted("katanga", f"B-{n}") for n in range(3))]
    with deployed(tmp_path / "net", [url]) as client:
        keys = {op["participant"] for op in FOUNDED if op["op"] == "register_participant"}
        for key in keys:
            client.create_key(key)
        nonces: dict[str | None, int] = dict.fromkeys(keys, 0) | {"deployer": DEPLOYMENT}
        with (
            elsewhere(client, tmp_path / "away") as away,
            away.offline(tmp_path / "tx.jsonl", nonces) as signing,
        ):
            signing.file(write(tmp_path / "ops.jsonl", ops), create_keys=False)
        client.send_file(tmp_path / "tx.jsonl")
        check_contracts_and_index(client, model_of(ops))
        assert all(mined(client))


def test_commands_offline_through_the_command_line(
    tmp_path: Path, url: str, no_sockets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    file = str(tmp_path / "tx.jsonl")
    mint = "batch mint B-1 --as katanga --material cobalt-hydroxide --facility katanga/pit-4 --origin mined"
    with deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "founding.jsonl", FOUNDED), create_keys=True)
        elsewhere(client, tmp_path / "away").close()
        here, away = (["--config", str(tmp_path / name / "networks.toml")] for name in ("net", "away"))
        asked = run_command(*here, "--json", "tx", "nonce", "katanga")
        allow = no_sockets()
        words = [*mint.split(), "--mass", "1 t", "--substance", "Co=1 kg"]
        nothing = run_command(*away, *words, "--offline", file)
        assert nothing.code == 2
        assert "--nonce katanga=N" in nothing.err
        nonce = f"katanga={asked.document['nonce']}"
        signed = run_command(*away, "--json", *words, "--offline", file, "--nonce", nonce)
        assert signed.code == 0, signed.err
        words = ["batch", "emit", "katanga/B-1", "--as", "katanga", "--scope2", "5 mg", "--reason", "heat"]
        more = run_command(*away, "--json", *words, "--offline", file)
        assert more.code == 0, more.err
        assert more.document["transactions"][0]["nonce"] == asked.document["nonce"] + 1
        shown = run_command(*away, "--json", "tx", "show", file)
        assert [item["calls"] for item in shown.document["transactions"]] == ["mint", "addEmissions"]
        allow()
        sent = run_command(*here, "--json", "tx", "send", file)
        assert sent.code == 0, sent.err
        assert sent.document["sent"] == 2
        client.sync()
        assert client.index.batch(client.batch_id("katanga/B-1"))
        listed = run_command(*here, "--json", "outbox", "list", "--limit", "2")
        states = [(item["operation"], item["state"]) for item in listed.document["transactions"]]
        assert states == [("add_emissions", "final"), ("mint", "final")]
        assert run_command(*here, "outbox", "resume").out.strip() == "nothing was unfinished"
        assert run_command(*here, "outbox", "list").code == 0


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """A network, and the lines of a file for it."""
    folder = tmp_path_factory.mktemp("signed")
    with anvil(folder / "anvil") as url, deployed(folder / "net", [url]) as client:
        client.submit(write(folder / "founding.jsonl", FOUNDED), create_keys=True)
        with client.offline(folder / "tx.jsonl", {"katanga": 3}) as signing:
            signing.file(
                write(folder / "ops.jsonl", [minted("katanga", f"B-{n}") for n in range(3)]),
                create_keys=False,
            )
        lines = [json.loads(line) for line in (folder / "tx.jsonl").read_text().splitlines()]
        yield folder, lines


@pytest.mark.parametrize(
    ("line", "change", "says"),
    [
        (0, {"format": "other"}, "not a file of signed"),
        (0, {"version": 2}, "another version"),
        (0, {"chain_id": "1"}, r"chain id"),
        (0, {"genesis_hash": "0x" + "11" * 32}, "genesis"),
        (0, {"contracts": None}, "not a file"),
        (1, {"nonce": 9}, "changed"),
        (1, {"hash": "0x" + "11" * 32}, "changed"),
        (1, {"sender": "0x" + "11" * 20}, "changed"),
        (1, {"raw": "0x00"}, "not a signed transaction"),
        (1, {"raw": None}, "not understood"),
        (1, {"needs": [0]}, "needs one"),
        (2, {"needs": [-1]}, "not understood"),
        (2, {"actor": "0x11"}, "not understood"),
        (2, "swap", "comes next"),
        (2, "drop", "comes next"),
        (2, "text", "not a file"),
    ],
)
def test_changed_files_are_refused(
    signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path, line: int, change: Any, says: str
) -> None:
    folder, lines = signed
    texts = [json.dumps(item) for item in lines]
    if change == "swap":
        texts[2], texts[3] = texts[3], texts[2]
    elif change == "drop":
        del texts[2]
    elif change == "text":
        texts[2] = "no JSON"
    else:
        texts[line] = json.dumps(lines[line] | change)
    path = tmp_path / "changed.jsonl"
    path.write_text("\n".join(texts) + "\n")
    outcome = run_command("--config", str(folder / "net" / "networks.toml"), "tx", "send", str(path))
    assert outcome.code == 2, outcome.err
    with light(folder / "net") as client, pytest.raises(InputError, match=says):
        client.send_file(path)


def test_any_changed_byte_of_what_was_signed_is_refused(
    signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    _, lines = signed
    raw = bytes.fromhex(lines[1]["raw"][2:])
    for place in range(0, len(raw), 7):
        changed = bytearray(raw)
        changed[place] ^= 1
        path = tmp_path / "changed.jsonl"
        path.write_text(
            "\n".join(map(json.dumps, [lines[0], lines[1] | {"raw": "0x" + changed.hex()}, *lines[2:]]))
        )
        with pytest.raises(InputError):
            transaction_file.read(path)


def test_nonces_that_do_not_fit(signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    folder, _ = signed
    with light(folder / "net") as client:
        first = client.next_nonce(client.signers.address_of("katanga"))
        for nonce, says in ((first + 5, "next nonce"), (0, "used by another")):
            path = tmp_path / f"{nonce}.jsonl"
            with client.offline(path, {"katanga": nonce}) as signing:
                signing.file(write(tmp_path / "ops.jsonl", [minted("katanga", "C")]), create_keys=False)
            with pytest.raises(InputError, match=says):
                client.send_file(path)


def test_a_refused_transaction_names_its_line(
    signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    folder, _ = signed
    with light(folder / "net") as client:
        nonce = client.next_nonce(client.signers.address_of("katanga"))
        ops = [minted("katanga", "D-1"), minted("katanga", "D-2") | {"mass": "900000 t"}]
        with client.offline(tmp_path / "tx.jsonl", {None: nonce}) as signing:
            signing.file(write(tmp_path / "ops.jsonl", ops), create_keys=False)
        for _ in range(2):
            with pytest.raises(Refusal, match="capacity") as refused:
                client.send_file(tmp_path / "tx.jsonl")
            assert refused.value.where == f"{tmp_path / 'tx.jsonl'}:3 ({tmp_path / 'ops.jsonl'}:2)"


@pytest.mark.parametrize("nonce", [2**64 - 1, 2**64, int("9" * 30)])
def test_a_nonce_that_no_transaction_can_have(
    nonce: int,
    signed: tuple[Path, list[dict[str, Any]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACELEDGER_PASSPHRASE", PASSPHRASE)
    config, file = str(signed[0] / "net" / "networks.toml"), tmp_path / "tx.jsonl"
    command = ["--config", config, "material", "add", "ore", "--name", "Ore", "--offline", str(file)]
    refused = run_command(*command, "--nonce", str(nonce))
    assert refused.code == 2
    assert f"{nonce}' is no nonce" in refused.err or f"{nonce} is no nonce" in refused.err
    assert not file.exists()
    assert run_command(*command, "--nonce", str(2**64 - 2)).code == 0
    assert "is no nonce" in run_command(*command).err


def test_two_processes_sign_into_one_file(signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    """What one has read is not old when it writes: between that it signs, which takes its time."""
    path, together = tmp_path / "tx.jsonl", threading.Barrier(3)

    def sign(which: int) -> None:
        ops = [define(f"ore-{which}-{n}") for n in range(20)]
        with light(signed[0] / "net") as client, client.offline(path, {None: 7}) as signing:
            for part in range(4):
                file = write(tmp_path / f"ops-{which}-{part}.jsonl", ops[5 * part : 5 * part + 5])
                together.wait()
                signing.file(file, create_keys=False)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(sign, range(3)))
    jobs = transaction_file.read(path).jobs
    assert [job.nonce for job in jobs] == list(range(7, 67))
    assert len({job.data for job in jobs}) == 60


def test_no_nonce_is_sent_before_the_lower_ones(tmp_path: Path, url: str) -> None:
    """What one key is refused leaves no gap in another's nonces, which would hold back all that follows."""
    ops = [
        define("first"),
        {"op": "register_facility", "as": "katanga", "facility": "pit-4", "kind": "port", "country": "CD"},
        {
            "op": "approve_origin",
            "facility": "katanga/pit-4",
            "material": "first",
            "capacity_per_year": "1 t",
        },
        define("second"),
    ]
    with deployed(tmp_path / "net", [url]) as client:
        client.submit(write(tmp_path / "founding.jsonl", FOUNDED), create_keys=True)
        nonces: dict[str | None, int] = {
            key: client.next_nonce(client.signers.address_of(key)) for key in ("katanga", "deployer")
        }
        with client.offline(tmp_path / "tx.jsonl", nonces) as signing:
            signing.file(write(tmp_path / "ops.jsonl", ops), create_keys=False)
        with pytest.raises(Refusal, match="exists"):
            client.send_file(tmp_path / "tx.jsonl")
        assert [entry for entry in client.outbox() if entry.unfinished] == []
        assert client.submit(write(tmp_path / "after.jsonl", [define("third")])).sent == 1


def define(material: str) -> dict[str, Any]:
    return {"op": "define_material", "material": material, "name": material, "substances": ["Co"]}


def test_what_cannot_be_resolved_offline(signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    folder, _ = signed
    away_folder = tmp_path / "away"
    with light(folder / "net") as client, elsewhere(client, away_folder) as away:
        (away.network.keys / "sorowako.json").unlink()
        with away.offline(tmp_path / "tx.jsonl", {None: 0}) as signing:
            for op, says in (
                ({"op": "receive", "as": "kokkola", "shipment": "katanga/S", "at": 1768629600}, "shipment"),
                ({**added("katanga", "B"), "batch": "sorowako/B"}, "sorowako"),
                ({"op": "suspend_participant", "participant": "sorowako", "reason": "x"}, "sorowako"),
            ):
                with pytest.raises(InputError, match=f"{says}.* offline"):
                    signing.file(write(tmp_path / "ops.jsonl", [op]), create_keys=False)
        with pytest.raises(NetworkError, match="reached"):
            away.sync()
        assert not (tmp_path / "tx.jsonl").exists()
        away.network.folder.mkdir()
        with (
            sqlite3.connect(client.network.index_file) as here,
            sqlite3.connect(away.network.index_file) as there,
        ):
            here.backup(there)
        here.close()
        there.close()
        # An index alone says of nobody else who that is: that takes a directory file.
        with away.offline(tmp_path / "tx.jsonl", {None: 0}) as signing:
            op = {"op": "suspend_participant", "participant": "sorowako", "reason": "x"}
            with pytest.raises(InputError, match=r"sorowako.* offline"):
                signing.file(write(tmp_path / "ops.jsonl", [op]), create_keys=False)
            assert signing.file(write(tmp_path / "ops.jsonl", [define("tin")]), create_keys=False)


def test_two_keys_need_two_nonces(signed: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    folder, _ = signed
    ops = [minted("katanga", "E"), define("tin")]
    with (
        light(folder / "net") as client,
        client.offline(tmp_path / "tx.jsonl", {None: 4}) as signing,
        pytest.raises(InputError, match="--nonce deployer=N"),
    ):
        signing.file(write(tmp_path / "ops.jsonl", ops), create_keys=False)


def test_embedded_networks_have_no_offline(tmp_path: Path) -> None:
    from tests.clients import new_client

    with (
        new_client(tmp_path / "net") as client,
        pytest.raises(InputError, match="embedded"),
        client.offline(tmp_path / "tx.jsonl", {}),
    ):
        pass
