"""When nodes that stand still have forked: which one gives way, and when none does. Needs no engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from traceledger.errors import NetworkError
from traceledger.network import allowlist
from traceledger.network.engines import engine_named
from traceledger.network.fork_repair import mend_fork, others_to_follow
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
