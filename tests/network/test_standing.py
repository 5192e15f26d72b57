"""A network that stands still: what is said, and when its validators are started anew. Needs no engine."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import run_command
from traceledger.errors import InputError, NetworkError
from traceledger.network import manifest
from traceledger.network.engine_names import EngineName
from traceledger.network.engines import engine_named
from traceledger.network.enode import Enode
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.manifest import Manifest
from traceledger.network.membership import Membership
from traceledger.network.processes import NodeProcess
from traceledger.network.standstill import advice, standstill


@dataclass
class World:
    """Four validators, of which those in ``up`` run. Time passes where it is waited for.

    Rounds last as long as no block came, as in QBFT: with enough validators that were started together, or
    that waited long enough, there is a block a second.
    """

    folder: Path
    made: Manifest
    now: float = 1000.0
    head: int = 7
    made_at: float = 1000.0
    up: dict[str, float] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if len(self.up) >= 3:
            # Everybody waits for the end of the round of who runs longest.
            longest = min(self.up.values())
            latest = max(self.up.values())
            if self.now - latest > max(2.0, latest - max(longest, self.made_at)):
                self.head, self.made_at = self.head + 1, self.now

    def running(self) -> Running:
        return Running(
            self.folder,
            Machine(
                now=lambda: self.now,
                clock=lambda: self.now,
                sleep=self.sleep,
                process=lambda folder: Fake(folder, self),
                control=lambda *_: Answers(self),  # type: ignore[return-value]
                is_free=self.is_free,
            ),
        )

    def is_free(self, port: int) -> bool:
        nodes = [node.name for node in self.made.nodes if port in (node.p2p_port, node.rpc_port)]
        return not set(nodes) & set(self.up)

    def start(self, only: Sequence[str] = (), wait: float = 150) -> None:
        self.running().up(self.folder / "engine", only=only, wait=wait, tell=self.told.append)


@dataclass(frozen=True)
class Fake(NodeProcess):
    """A process that is none."""

    world: World

    @property
    def pid(self) -> int | None:
        return 1 if self.folder.name in self.world.up else None

    @property
    def died(self) -> bool:
        return False

    def start(self, variable: str, binary: Path) -> None:
        self.world.up[self.folder.name] = self.world.now

    def stop(self, seconds: float = 0.0) -> bool:
        return self.world.up.pop(self.folder.name, None) is not None


@dataclass
class Answers:
    """What any of the nodes answers."""

    world: World

    def ask(self, method: str, *params: Any) -> Any:
        match method:
            case "eth_blockNumber":
                return hex(self.world.head)
            case "net_peerCount":
                return hex(len(self.world.up) - 1)
            case "eth_getBlockByNumber":
                stamp = hex(int(self.world.made_at))
                return {"number": hex(self.world.head), "hash": "0x00", "timestamp": stamp}
        raise NetworkError(method)

    def validators(self) -> tuple[bytes, ...]:
        return tuple(node.address for node in self.world.made.nodes[:4])

    def recent_sealers(self, blocks: int) -> frozenset[bytes]:
        return frozenset()

    def ready(self) -> None:
        pass

    def admit(self, enode: Enode) -> None:
        pass


def world_of(tmp_path: Path, engine: EngineName = "besu-qbft") -> World:
    folder = tmp_path / "net"
    made = found(folder, Founding("n", engine, 4, 1337))
    binary = folder / "engine"
    binary.write_text("#!/bin/sh\necho 'Version: 1.13.15-stable'\necho besu/v25.4.1/linux\n")
    binary.chmod(0o755)
    return World(folder, made)


def test_long_rounds_are_ended_by_starting_all_validators_together(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    world.start(["validator-1", "validator-2"], wait=0)
    world.sleep(180)
    world.start()
    assert "no block for" in " ".join(world.told)
    assert "all 4 validators here are ended and started together" in " ".join(world.told)
    assert min(world.up.values()) > 1180
    assert world.now < 1180 + 60
    assert standstill(world.running(), world.running().alive()) is None


def test_up_gets_a_network_going_of_which_all_run(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    world.start(["validator-1", "validator-2"], wait=0)
    world.sleep(180)
    world.start(wait=0)
    world.sleep(20)
    assert world.head == 7
    world.start()
    assert world.head > 7
    with pytest.raises(NetworkError, match="already running"):
        world.start()


@pytest.mark.parametrize("present", [2, 4])
def test_a_new_network_and_one_of_too_few_are_not_started_anew(present: int, tmp_path: Path) -> None:
    """A first start takes its time; and of two of four validators none is helped by a new start."""
    world = world_of(tmp_path)
    world.made_at = 0.0
    names = [f"validator-{place}" for place in range(1, present + 1)]
    if present == 4:
        world.start(names)
        assert world.head > 7
    else:
        with pytest.raises(NetworkError, match="two thirds of the validators must run"):
            world.start(names)
    assert "together" not in " ".join(world.told)


@pytest.mark.parametrize(
    ("engine", "up", "words"),
    [
        ("besu-qbft", 2, "2 of 4 validators run here, 3 must run somewhere; start the missing ones"),
        ("besu-qbft", 4, "4 of 4 validators run here, 3 must run somewhere; rounds have grown as long"),
        ("geth-clique", 4, "have they forked, let one give way: traceledger network rewind"),
    ],
)
def test_what_is_to_be_done_is_said(engine: EngineName, up: int, words: str, tmp_path: Path) -> None:
    world = world_of(tmp_path, engine)
    running = world.running()
    world.up = dict.fromkeys([f"validator-{place}" for place in range(1, up + 1)], 1000.0)
    assert standstill(running, running.alive()) is None
    world.now += 31
    seen = standstill(running, running.alive())
    assert seen is not None
    assert (seen.head, seen.seconds, seen.present, seen.validators) == (7, 31, up, 4)
    assert words in advice(running, seen)


def test_how_many_must_run() -> None:
    besu, geth = engine_named("besu-qbft"), engine_named("geth-clique")
    assert [besu.least(count) for count in (1, 2, 3, 4, 5, 6, 7)] == [1, 2, 2, 3, 4, 4, 5]
    assert [geth.least(count) for count in (1, 2, 3, 4, 5, 6, 7)] == [1, 2, 2, 3, 3, 4, 4]


def test_a_removed_node_is_neither_started_nor_waited_for(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    network = Membership(world.running())
    newcomer = network.create("newcomer")
    network.admit(newcomer.enode)
    network.remove(newcomer.enode)
    assert manifest.read(world.folder).node("newcomer").removed
    world.start()
    assert sorted(world.up) == [f"validator-{place}" for place in range(1, 5)]
    Membership(world.running()).admit(newcomer.enode)
    world.start()
    assert "newcomer" in world.up


def test_a_folder_of_which_all_nodes_were_removed_says_so(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    for node in world.made.nodes:
        Membership(world.running()).remove(node.enode)
    with pytest.raises(InputError, match="all nodes here were removed"):
        world.start()


def test_besu_keeps_its_lists_in_a_file_of_its_own(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    lists = world.folder / "validator-2" / "permissions_config.toml"
    lists.chmod(0o444)
    with pytest.raises(NetworkError, match="cannot be written, and the node keeps its lists there"):
        world.start()
    assert not world.up
    lists.chmod(0o644)
    world.start()


def test_besus_environment_opens_nothing(tmp_path: Path) -> None:
    """The container image sets BESU_RPC_HTTP_HOST to 0.0.0.0, which Besu puts before its configuration."""
    made = found(tmp_path / "net", Founding("n", "besu-qbft", 1, 1337))
    besu = tmp_path / "besu"
    besu.write_text('#!/bin/sh\nenv\nprintf "argument %s\\n" "$@"\n')
    besu.chmod(0o755)
    outside = {
        "PATH": "/usr/bin:/bin",
        "BESU": str(besu),
        "BESU_RPC_HTTP_HOST": "0.0.0.0",
        "BESU_RPC_HTTP_API": "ADMIN,DEBUG",
        "BESU_RPC_WS_ENABLED": "true",
        "BESU_OPTS": "a\nBESU_HOST_ALLOWLIST=*",
        "JAVA_OPTS": "-Xmx1g",
    }
    program = tmp_path / "net" / "validator-1" / "start"
    said = subprocess.run([program], env=outside, capture_output=True, text=True, check=True).stdout
    assert [line for line in said.splitlines() if line.startswith("BESU_")] == []
    assert "JAVA_OPTS=-Xmx1g" in said
    arguments = [line.removeprefix("argument ") for line in said.splitlines() if line.startswith("argument ")]
    assert arguments == [
        "--config-file=config.toml",
        "--rpc-http-host=127.0.0.1",
        f"--rpc-http-port={made.nodes[0].rpc_port}",
    ]
    compose = (tmp_path / "net" / "compose.yaml").read_text()
    assert 'entrypoint: ["/bin/sh", "/network/validator-1/start"]' in compose


def test_founding_with_account_rules_says_who_must_be_admitted(tmp_path: Path) -> None:
    arguments = ["network", "found", str(tmp_path / "net"), "--chain-id", "7", "--account", "0x" + "11" * 20]
    made = run_command(*arguments)
    assert made.code == 0
    assert f"traceledger network account add {tmp_path / 'net'} ADDRESS" in made.err
    shown = run_command("network", "status", str(tmp_path / "net"), "--json")
    assert shown.document["standing"] is None
