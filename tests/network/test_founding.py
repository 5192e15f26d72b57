"""What founding writes: complete, consistent, secret where it must be; needs no engine."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest
from coincurve import PrivateKey

from tests.cli.conftest import run_command
from tests.storage.disks import tiny_disk
from traceledger.config import networks
from traceledger.errors import NetworkError
from traceledger.network import manifest
from traceledger.network.engine_names import ENGINES, EngineName
from traceledger.network.enode import Enode, address_of, public_key
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.membership import Membership
from traceledger.network.processes import LOG_FILE, PID_FILE
from traceledger.signing.keystore import KeyStore

HOSTS = ("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")


def found_one(folder: Path, engine: EngineName = "geth-clique", **more: object) -> manifest.Manifest:
    return found(folder, Founding("consortium", engine, 4, 20_261, **more))  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_all_files_are_there_and_agree(engine: EngineName, tmp_path: Path) -> None:
    made = found_one(tmp_path / "net", engine)
    assert manifest.read(tmp_path / "net") == made
    written = files(tmp_path / "net")
    for name in (
        "genesis.json",
        "network.json",
        "networks.toml",
        "nodes-allowlist.json",
        "accounts-allowlist.json",
        "compose.yaml",
        "traceledger-node@.service",
    ):
        assert name in written
    enodes = [node.enode.url for node in made.nodes]
    assert json.loads(written["nodes-allowlist.json"]) == enodes
    for node in made.nodes:
        config = tomllib.loads(written[f"{node.name}/config.toml"])
        assert node.name in written["compose.yaml"]
        others = [url for url in enodes if node.node_id.hex() not in url]
        if engine == "geth-clique":
            assert config["Node"]["P2P"]["StaticNodes"] == others
            assert config["Node"]["P2P"]["TrustedNodes"] == others
            assert config["Node"]["HTTPHost"] == "127.0.0.1"
            assert config["Node"]["HTTPPort"] == node.rpc_port
            assert "admin" not in config["Node"]["HTTPModules"]
        else:
            assert json.loads(written[f"{node.name}/static-nodes.json"]) == others
            assert config["rpc-http-host"] == "127.0.0.1"
            assert config["rpc-http-port"] == node.rpc_port
    ports = [port for node in made.nodes for port in (node.p2p_port, node.rpc_port)]
    assert len(set(ports)) == 8


@pytest.mark.parametrize("engine", ENGINES)
def test_secrets_are_for_their_owner_only_and_never_printed(engine: EngineName, tmp_path: Path) -> None:
    shown = run_command(
        "network", "found", str(tmp_path / "net"), "--chain-id", "7", "--engine", engine, "--json"
    )
    assert shown.code == 0
    secret_names = {"nodekey", "password", "account.json", "key"}
    seen = 0
    for path in (tmp_path / "net").rglob("*"):
        if path.name not in secret_names:
            continue
        seen += 1
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        secret = path.read_text().strip().removeprefix("0x")
        for name, text in files(tmp_path / "net").items():
            if name != path.relative_to(tmp_path / "net").as_posix():
                assert secret not in text
        assert secret not in shown.out + shown.err
    assert seen == (12 if engine == "geth-clique" else 4)


def test_keys_belong_to_their_nodes(tmp_path: Path) -> None:
    for node in found_one(tmp_path / "geth").nodes:
        folder = tmp_path / "geth" / node.name
        assert public_key(bytes.fromhex((folder / "nodekey").read_text())) == node.node_id
        password = (folder / "password").read_text().strip()
        assert len(password) == 64
        assert KeyStore(folder / "keystore").load("account", password).address == node.address
    for node in found_one(tmp_path / "besu", "besu-qbft").nodes:
        folder = tmp_path / "besu" / node.name
        secret = bytes.fromhex((folder / "key").read_text().removeprefix("0x"))
        assert public_key(secret) == node.node_id
        assert (folder / "key.pub").read_text() == f"0x{node.node_id.hex()}"
        assert address_of(node.node_id) == node.address


def test_networks_toml_can_be_used_as_it_is(tmp_path: Path) -> None:
    for engine, consensus in (("geth-clique", "clique"), ("besu-qbft", "qbft")):
        made = found_one(tmp_path / engine, engine)  # type: ignore[arg-type]
        read = networks.load(tmp_path / engine / "networks.toml").get()
        assert read.urls == tuple(node.url for node in made.nodes)
        assert (read.chain_id, read.genesis_hash, read.consensus) == (20_261, made.genesis_hash, consensus)
        assert read.fees == networks.Fees()


def test_hosts_of_several_members(tmp_path: Path) -> None:
    made = found_one(tmp_path / "net", hosts=HOSTS)
    assert [node.enode.url.partition("@")[2] for node in made.nodes] == [f"{host}:30303" for host in HOSTS]
    config = tomllib.loads((tmp_path / "net" / "validator-2" / "config.toml").read_text())
    assert config["Node"]["P2P"]["ListenAddr"] == ":30303"
    assert config["Node"]["HTTPHost"] == "127.0.0.1"
    assert "extip:10.0.0.2" in (tmp_path / "net" / "validator-2" / "start").read_text()


def test_besu_on_hosts_of_several_members(tmp_path: Path) -> None:
    found_one(tmp_path / "net", "besu-qbft", hosts=HOSTS)
    config = tomllib.loads((tmp_path / "net" / "validator-3" / "config.toml").read_text())
    assert (config["p2p-host"], config["p2p-interface"], config["p2p-port"]) == ("10.0.0.3", "0.0.0.0", 30303)
    assert (config["rpc-http-host"], config["rpc-http-port"]) == ("127.0.0.1", 8545)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    found_one(tmp_path / "net")
    text = (tmp_path / "net" / "traceledger-node@.service").read_text()
    unit = tmp_path / "traceledger-node@validator-1.service"
    unit.write_text(text.replace("/srv/traceledger/consortium", str(tmp_path / "net")))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ports_are_counted_from_the_base(tmp_path: Path) -> None:
    made = found_one(tmp_path / "net", base_port=31_000)
    assert [(node.p2p_port, node.rpc_port) for node in made.nodes] == [
        (31_000 + place, 31_100 + place) for place in range(4)
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--host", "10.0.0.1"], "hosts given: 1, for 4 validators"),
        (["--host", "mine.example"], "is not an IP address"),
        (["--engine", "geth-clique", "--account", "0x" + "11" * 20], "geth has no account rules"),
        (["--account", "0x11"], "is not an address"),
        (["--name", "../x"], "is not a name"),
        (["--base-port", "65000", "--validators", "64"], ""),
        (["--validators", "0"], ""),
        (["--engine", "other"], ""),
    ],
)
def test_what_cannot_be_founded_leaves_nothing(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    refused = run_command("network", "found", str(tmp_path / "net"), "--chain-id", "7", *arguments)
    if arguments[0] == "--base-port":
        assert refused.code == 0
        return
    assert refused.code == 2
    assert sentence in refused.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    refused = run_command("network", "found", str(tmp_path), "--chain-id", "7")
    assert refused.code == 2
    assert "not empty" in refused.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk", 64) as disk:
        refused = run_command("network", "found", str(disk / "net"), "--chain-id", "7")
        assert refused.code == 7
        assert "the disk is full" in refused.err
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("program", ["geth", "besu"])
def test_a_missing_engine_is_named_in_one_sentence(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_one(tmp_path / "net", "geth-clique" if program == "geth" else "besu-qbft")
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = run_command("network", "up", str(tmp_path / "net"))
    assert refused.code == 7
    assert f"there is no {program} on PATH" in refused.err
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ("Version: 1.14.0-stable", "is geth 1.14.0, but only geth 1.13 seals Clique"),
        ("Version: 1.12.2-stable", "is geth 1.12.2, but only geth 1.13 seals Clique"),
        ("hello", "is not geth"),
    ],
)
def test_an_unfit_geth_is_refused(says: str, sentence: str, tmp_path: Path) -> None:
    found_one(tmp_path / "net")
    other = tmp_path / "geth"
    other.write_text(f"#!/bin/sh\necho '{says}'\n")
    other.chmod(0o755)
    refused = run_command("network", "up", str(tmp_path / "net"), "--binary", str(other))
    assert refused.code == 7
    assert sentence in refused.err


def test_only_forks_are_rewound_and_only_of_nodes_that_run(tmp_path: Path) -> None:
    for engine, code, sentence in (
        ("besu-qbft", 2, "a besu-qbft network does not fork"),
        ("geth-clique", 7, "validator-1 does not run"),
    ):
        found_one(tmp_path / engine, engine)  # type: ignore[arg-type]
        refused = run_command("network", "rewind", str(tmp_path / engine), "validator-1")
        assert refused.code == code
        assert sentence in refused.err


def test_the_status_of_nodes_that_do_not_run_says_what_to_do(tmp_path: Path) -> None:
    found_one(tmp_path / "net")
    shown = run_command("network", "status", str(tmp_path / "net"))
    assert (shown.code, "validator-4" in shown.out) == (0, True)
    assert f"no node runs here; next: traceledger network up {tmp_path / 'net'}" in " ".join(
        shown.err.split()
    )


def test_a_damaged_network_json_is_named(tmp_path: Path) -> None:
    found_one(tmp_path / "net")
    path = tmp_path / "net" / manifest.FILE_NAME
    for text, sentence in (("{", "not JSON"), ("{}", "field required")):
        path.write_text(text)
        refused = run_command("network", "status", str(tmp_path / "net"))
        assert refused.code == 2
        assert "network.json" in refused.err
        assert sentence in refused.err
    path.unlink()
    assert (
        "is not the folder of a founded network"
        in run_command("network", "status", str(tmp_path / "net")).err
    )


def test_an_enode_is_read_as_it_is_written() -> None:
    node_id = public_key(PrivateKey().secret)
    for host in ("127.0.0.1", "2001:db8::1"):
        enode = Enode(node_id, host, 30_303)
        assert Enode.parse(enode.url) == enode
    assert Enode.parse(f"enode://{node_id.hex()}@10.1.2.3:30303?discport=0").host == "10.1.2.3"


@pytest.mark.parametrize(
    ("engine", "file", "text", "says"),
    [
        (
            "geth-clique",
            "nodes-allowlist.json",
            '[\n  "enode://12@1.2.3.4:5"\n]\n',
            ":2: 'enode://12@1.2.3.4:5' is",
        ),
        ("geth-clique", "nodes-allowlist.json", '[\n  "enode', "nodes-allowlist.json:2: not JSON"),
        ("geth-clique", "genesis.json", "{\n\n,}", "genesis.json:3: not JSON"),
        ("geth-clique", "validator-3/config.toml", "[Eth]\nNetworkId = = 1\n", "at line 2"),
        ("geth-clique", "validator-2/start", None, "validator-2/start: cannot be read"),
        ("besu-qbft", "validator-4/static-nodes.json", "[\n]]", "static-nodes.json:2: not JSON"),
        (
            "besu-qbft",
            "validator-1/permissions_config.toml",
            "nodes-allowlist=[\n",
            "permissions_config.toml",
        ),
    ],
)
def test_up_starts_nothing_where_a_file_is_damaged(
    engine: EngineName,
    file: str,
    text: str | None,
    says: str,
    tmp_path: Path,
) -> None:
    found_one(tmp_path / "net", engine)
    damaged = tmp_path / "net" / file
    damaged.unlink() if text is None else damaged.write_text(text)
    binary = tmp_path / "engine"
    binary.write_text("#!/bin/sh\necho 'Version: 1.13.15-stable'\necho besu/v25.4.1\n")
    binary.chmod(0o755)
    refused = run_command("network", "up", str(tmp_path / "net"), "--binary", str(binary))
    assert refused.code == (7 if text is None else 2), refused.err
    assert says in refused.err
    assert "Traceback" not in refused.err
    assert list((tmp_path / "net").glob(f"*/{PID_FILE}")) == []
    assert list((tmp_path / "net").glob(f"*/{LOG_FILE}")) == []


def test_a_node_that_cannot_be_started_takes_the_others_along(tmp_path: Path) -> None:
    found_one(tmp_path / "net")
    # Nobody waits for the ports of programs that only sleep.
    running = Running(tmp_path / "net", Machine(is_free=lambda port: next(free, False)))
    free = iter([True] * 8)
    binary = tmp_path / "engine"
    binary.write_text("#!/bin/sh\n[ $# = 1 ] && echo 'Version: 1.13.15-stable' && exit\nexec sleep 60\n")
    binary.chmod(0o755)
    (tmp_path / "net" / "validator-3" / "node.log").mkdir()
    with pytest.raises(NetworkError, match="cannot be started"):
        running.up(binary, wait=0)
    assert running.alive() == []


def test_no_two_nodes_of_a_host_get_one_port(tmp_path: Path) -> None:
    first = found_one(tmp_path / "net").nodes[0]
    p2p, rpc = str(first.p2p_port), str(first.rpc_port)
    create = ("network", "node", "create", str(tmp_path / "net"), "new")
    for pair, says in (
        (("4000", "4000"), "both 4000"),
        ((p2p, "4001"), f"{p2p} is validator-1's"),
        (("4001", rpc), f"{rpc} is validator-1's"),
        ((rpc, "4001"), f"{rpc} is validator-1's"),
    ):
        refused = run_command(*create, "--p2p-port", pair[0], "--rpc-port", pair[1])
        assert refused.code == 2
        assert says in refused.err
        assert refused.err.count("\n") == 1
        assert not (tmp_path / "net" / "new").exists()
    elsewhere = run_command(*create, "--host", "10.0.0.9", "--p2p-port", p2p, "--rpc-port", rpc)
    assert elsewhere.code == 0


def test_a_new_node_does_not_get_the_port_of_one_that_rests(tmp_path: Path) -> None:
    first = found_one(tmp_path / "net").nodes[0]
    offered = iter([[(first.rpc_port, 4001)], [(4002, 4003)]])
    running = Running(tmp_path / "net", Machine(free_ports=lambda _: next(offered)))
    assert Membership(running).create("new").url.endswith(":4003")
