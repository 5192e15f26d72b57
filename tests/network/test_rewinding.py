"""When nodes that stand still have forked: which one gives way, and when none does. Needs no engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from traceledger.errors import NetworkError
from traceledger.network import allowlist
from traceledger.network.engines import engine_named
from traceledger.network.enode import Enode
from traceledger.network.fork_repair import mend_fork, others_to_follow, rewind
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running
from traceledger.network.machine import Machine
from traceledger.network.manifest import Node
from traceledger.network.processes import NodeProcess

NODES = [
    Node(f"validator-{place}", bytes([place]) * 20, bytes([place]) * 64, "127.0.0.1", place, 100 + place)
    for place in range(1, 5)
]


@dataclass
class Standing:
    """Four validators' nodes that stand still, each with a chain: a letter a block."""

    chains: list[str]
    consensus: str = "clique"

    @property
    def engine(self) -> Standing:
        return self

    def least(self, validators: int) -> int:
        return engine_named("geth-clique").least(validators)

    def control(self, node: Node) -> Chain:
        return Chain(self.chains[NODES.index(node)])


@dataclass
class Chain:
    """What one of them answers."""

    blocks: str

    def ask(self, method: str, *params: Any) -> Any:
        if method == "eth_blockNumber":
            return hex(len(self.blocks))
        number = int(params[0], 16)
        return {"hash": self.blocks[:number]} if number <= len(self.blocks) else None

    def validators(self) -> tuple[bytes, ...]:
        return tuple(node.address for node in NODES)


@pytest.mark.parametrize(
    ("chains", "here", "consensus", "gives_way"),
    [
        (["ab", "c", "d", "ab"], 4, "clique", ["validator-2"]),
        (["ab", "ab", "cd", "cd"], 4, "clique", ["validator-1"]),
        (["ab", "ab", "cd", "cd"], 3, "clique", ["validator-1"]),
        (["ab", "ab", "a", "ab"], 4, "clique", []),  # one is only behind
        (["ab", "cd", "ab", "ab"], 2, "clique", []),  # too few are here: the others may go on
        (["ab", "c", "d", "ab"], 4, "qbft", []),
    ],
)
def test_the_shortest_of_several_chains_gives_way(
    chains: list[str], here: int, consensus: str, gives_way: list[str]
) -> None:
    called: list[str] = []
    standing: Any = Standing(chains, consensus)
    mended = mend_fork(standing, NODES[:here], give_way=lambda _, name, **__: called.append(name))
    assert mended == bool(gives_way)
    assert called == gives_way


def test_the_others_are_tried_in_the_order_of_their_blocks(tmp_path: Path) -> None:
    class Alive(Standing):
        folder = tmp_path

        def alive(self) -> list[Node]:
            return NODES[:3]

    allowlist.write_nodes(tmp_path, [node.enode for node in NODES])
    others = others_to_follow(Alive(["a", "b", "cd", "efg"]), NODES[0])  # type: ignore[arg-type]
    assert [enode.node_id for enode in others] == [NODES[place].node_id for place in (2, 1, 3)]


@pytest.mark.parametrize(
    ("ours", "other", "kept"),
    [
        ("abcdef", "abcdeg", ["abcdeg", "abcdegn"]),  # parted at the newest of the forgotten blocks
        ("abcdef", "abcdgh", ["abcdgh", "abcdghn"]),
        ("abcdef", "abcdx", ["abcdx", "abcdxn"]),  # of one block less, which weighs the same
    ],
)
def test_who_gives_way_takes_another_chain_wherever_it_parted(
    ours: str, other: str, kept: list[str], tmp_path: Path
) -> None:
    """A neighbour with the same chain is tried first: its blocks are not what is waited for."""
    allowlist.write_nodes(tmp_path, [node.enode for node in NODES])
    clock = Clock()
    chains = {
        NODES[0].node_id: ours,
        NODES[1].node_id: other,
        NODES[2].node_id: other,
        NODES[3].node_id: ours,
    }
    # What the network makes once all validators see each other again, and not all stand on one side.
    giving = GivingWay(ours, chains, NODES[0].node_id)
    machine = Machine(now=clock.monotonic, sleep=clock.sleep, control=lambda *_: giving)  # type: ignore[return-value]
    found_running = FoundRunning(tmp_path, machine, giving)
    rewind(found_running, NODES[0].name)  # type: ignore[arg-type]
    assert giving.followed == kept


@dataclass
class GivingWay:
    """A node that takes its neighbour's chain when it lacks blocks, and may seal on another than its own."""

    blocks: str
    chains: dict[bytes, str]
    own: bytes
    lacks: bool = False
    followed: list[str] = field(default_factory=list)

    def ask(self, method: str, *params: Any) -> Any:
        if method == "net_peerCount":
            return "0x3"
        return Chain(self.blocks).ask(method, *params)

    def validators(self) -> tuple[bytes, ...]:
        return tuple(node.address for node in NODES)

    def expel(self, enode: Enode) -> None:
        pass

    def admit(self, enode: Enode) -> None:
        if self.lacks:  # else what a neighbour has weighs no more
            self.blocks, self.lacks = self.chains[enode.node_id], False

    def rewind(self, block: int) -> None:
        self.blocks, self.lacks = self.blocks[:block], True

    def seal(self, *, on: bool) -> None:
        if on and self.blocks != self.chains[self.own]:
            self.followed = [self.blocks, self.blocks + "n"]
            self.blocks += "n" * 2


@dataclass
class FoundRunning:
    """As much of a running network as the node that gives way needs."""

    folder: Path
    machine: Machine
    giving: GivingWay

    @property
    def engine(self) -> Any:
        return engine_named("geth-clique")

    @property
    def manifest(self) -> Any:
        return type("Manifest", (), {"block_seconds": 1})

    def alive(self, only: list[str] | None = None) -> list[Node]:
        return NODES[:1] if only else NODES

    def control(self, node: Node) -> Any:
        return self.giving if node is NODES[0] else Chain(self.giving.chains[node.node_id])


@dataclass
class Clock:
    """Time that passes only where it is waited for."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True)
class Started(NodeProcess):
    """A node that runs as soon as it was started, without a program."""

    running: set[Path]

    @property
    def pid(self) -> int | None:
        return 1 if self.folder in self.running else None

    def start(self, variable: str, binary: Path) -> None:
        self.running.add(self.folder)


@pytest.mark.parametrize("mended", [True, False])
def test_up_looks_again_after_a_fork_was_mended(mended: bool, tmp_path: Path) -> None:
    """Mending can take longer than is waited: it is no failure then that the time is over."""
    clock, blocks = Clock(), ["ab"]

    class Peered(Chain):
        def ask(self, method: str, *params: Any) -> Any:
            return "0x1" if method == "net_peerCount" else super().ask(method, *params)

        def ready(self) -> None:
            clock.sleep(1)

    def mend(*_: object, **__: object) -> bool:
        clock.sleep(200)
        blocks[0] += "c" * mended
        return mended

    found(tmp_path / "net", Founding("n", "geth-clique", 2, 7))
    binary = tmp_path / "geth"
    binary.write_text("#!/bin/sh\necho 'Version: 1.13.15-stable'\n")
    binary.chmod(0o755)
    machine = Machine(
        now=clock.monotonic,
        sleep=clock.sleep,
        process=lambda folder: Started(folder, started),
        control=lambda *_: Peered(blocks[0]),  # type: ignore[return-value]
    )
    started: set[Path] = set()
    running = Running(tmp_path / "net", machine, mend=mend)
    if mended:
        running.up(binary, wait=150)
    else:
        with pytest.raises(NetworkError, match="not ready in time: no new block is made"):
            running.up(binary, wait=150)
    assert clock.now > 200
