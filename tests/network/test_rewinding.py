"""When nodes that stand still have forked: which one gives way, and when none does. Needs no engine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from traceledger.network import rewinding
from traceledger.network.manifest import Node
from traceledger.network.rewinding import mend_fork

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
    chains: list[str], here: int, consensus: str, gives_way: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(rewinding, "rewind", lambda _, name, **__: called.append(name))
    mend_fork(Standing(chains, consensus), NODES[:here])  # type: ignore[arg-type]
    assert called == gives_way


def test_the_others_are_tried_in_the_order_of_their_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Alive(Standing):
        folder = tmp_path

        def alive(self) -> list[Node]:
            return NODES[:3]

    monkeypatch.setattr(rewinding.allowlist, "read_nodes", lambda _: [node.enode for node in NODES])
    others = rewinding._others(Alive(["a", "b", "cd", "efg"]), NODES[0])  # type: ignore[arg-type]
    assert [enode.node_id for enode in others] == [NODES[place].node_id for place in (2, 1, 3)]
