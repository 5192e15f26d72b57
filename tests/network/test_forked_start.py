"""Validators that made blocks before they saw each other: network up has one of them give way."""

from __future__ import annotations

from functools import partial
from itertools import product
from pathlib import Path

import pytest
from coincurve import PrivateKey

from tests.network.live import LiveNetwork, until
from traceledger.network.enode import Enode
from traceledger.network.found import Founding, found
from traceledger.network.lifecycle import Running

pytestmark = [pytest.mark.real("geth")]


def has_blocks(network: LiveNetwork, place: int, count: int) -> bool:
    return network.head(place) == count


def test_two_halves_of_equal_weight_are_mended(tmp_path: Path, geth: Path) -> None:
    """In each half the first makes block 1 and the second block 2, one of them in turn; then both wait."""
    folder = tmp_path / "net"
    found(folder, Founding("forked", "geth-clique", 4, 20_263))
    running, network = Running(folder), LiveNetwork(folder, geth)
    turns = sorted(network.nodes, key=lambda node: node.address)
    halves = [(turns[1], turns[3]), (turns[0], turns[2])]
    nobody = [
        Enode.parse(f"enode://{PrivateKey().public_key.format(compressed=False)[1:].hex()}@127.0.0.1:1")
        for _ in range(2)  # a node has as many places as its configuration names nodes
    ]
    try:
        for half in halves:
            for made, node in enumerate(half, start=1):
                place, start = network.nodes.index(node), folder / node.name / "start"
                enodes = [*(each.enode for each in half), *nobody]
                running.engine.write_config(folder / node.name, running.manifest, node, enodes)
                text = start.read_text()
                assert "--mine" in text
                start.write_text(text if made == 1 else text.replace("--mine", ""))
                running.up(geth, only=[node.name], wait=0)
                until(partial(has_blocks, network, place, 1), "block 1", 60)
                start.write_text(text)
                if made == 2:
                    running.control(node).seal(on=True)
                    until(partial(has_blocks, network, place, 2), "block 2", 60)
        last = halves[1][1]
        network.kill(network.nodes.index(last))
        everyone = [each.enode for each in turns]
        running.engine.write_config(folder / last.name, running.manifest, last, everyone)
        for one, other in product(halves[0], halves[1][:1]):
            running.control(one).admit(other.enode)
            running.control(other).admit(one.enode)
        for one in halves[0]:
            running.control(one).admit(last.enode)
        told: list[str] = []
        running.up(geth, only=[last.name], tell=told.append)
        assert any("goes back from block 2 to 0" in line for line in told), told
        network.in_agreement()
    finally:
        running.down()
