"""Which block is final under Clique, as the number of signers changes; and what it costs to ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.chain.test_headers import block
from traceledger.chain.rpc.answers import clique_tip
from traceledger.chain.rpc.transport import JsonRpc


@dataclass
class Node:
    """A node of a Clique network. ``signers``: how many there are after the block of a number."""

    head: int
    signers: Callable[[int], int]
    shown: str = "node"
    exchanges: list[list[str]] = field(default_factory=list)

    def exchange(self, body: bytes) -> Any:
        asked = json.loads(body)
        self.exchanges.append([item["method"] for item in asked])
        return [
            {"id": item["id"], "result": self.answer(item["method"], item["params"][0])} for item in asked
        ]

    def answer(self, method: str, at: str) -> Any:
        number = self.head if at == "latest" else int(at, 16)
        if method == "clique_getSigners":
            return [f"0x{signer:040x}" for signer in range(self.signers(number))]
        return block(15, number=hex(number))

    def close(self) -> None:
        """Nothing is open."""


def test_nothing_new_costs_one_question_and_a_new_block_two() -> None:
    node = Node(10, lambda _: 4)
    rpc = JsonRpc(node)
    tip = clique_tip(rpc)
    assert (tip.head.number, tip.final.number) == (10, 7)
    node.exchanges.clear()
    assert clique_tip(rpc, tip) is tip
    assert len(node.exchanges) == 1
    node.head = 11
    assert clique_tip(rpc, tip).final.number == 8
    assert len(node.exchanges) == 3


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("before", "since", "final"),
    [(1, 1, 99), (4, 4, 97), (5, 5, 97), (4, 9, 95), (9, 4, 95), (9, 8, 95), (4, 5, 97)],
)
def test_the_greater_number_of_signers_counts(before: int, since: int, final: int, known: bool) -> None:
    """From block 98 on there are as many as ``since``: whether or not another depth was right before."""
    node = Node(90, lambda number: since if number >= 98 else before)
    rpc = JsonRpc(node)
    earlier = clique_tip(rpc) if known else None
    node.head = 100
    assert clique_tip(rpc, earlier).final.number == final


def test_a_young_chain_has_its_genesis() -> None:
    tip = clique_tip(JsonRpc(Node(2, lambda _: 4)))
    assert (tip.head.number, tip.final.number) == (2, 0)
