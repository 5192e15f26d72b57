"""Receipts and state of an exported file, read by another implementation: @ethereumjs/mpt (contracts/).

What it reads is compared with the receipts and the state that the chain itself has.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import rlp
from eth_hash.auto import keccak

from tests.conftest import NODE_TOOLS, require_tool
from tests.proofs.conftest import World
from tests.proofs.support import Lines, lines_of
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.trie import key_of
from traceledger.proofs import layout
from traceledger.proofs.proved_headers import read_header

pytestmark = pytest.mark.real("node")
SCRIPT = Path(__file__).with_name("other_tries.cjs")
CONTRACTS = NODE_TOOLS.parent.parent


def look_up(requests: list[dict[str, Any]]) -> list[list[str | None]]:
    node = require_tool("node")
    if not (CONTRACTS / "node_modules" / "@ethereumjs" / "mpt").is_dir():
        pytest.skip("@ethereumjs/mpt is not installed (npm install in contracts/ brings it)")
    done = subprocess.run(
        [node, str(SCRIPT), str(CONTRACTS)],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def request(root: bytes, nodes: list[bytes], keys: list[bytes]) -> dict[str, Any]:
    ordered = sorted(nodes, key=lambda node: keccak(node) != root)
    return {"root": root.hex(), "nodes": [n.hex() for n in ordered], "keys": [k.hex() for k in keys]}


def unhexed(texts: list[str]) -> list[bytes]:
    return [bytes.fromhex(text[2:]) for text in texts]


def headers_and_receipts(lines: Lines) -> list[tuple[Any, list[int], list[bytes]]]:
    found: list[tuple[Any, list[int], list[bytes]]] = []
    for line in lines:
        if line["type"] == "header":
            found.append((read_header(bytes.fromhex(line["rlp"][2:]), "plain"), [], []))
        elif line["type"] == "receipts":
            found[-1][1].extend(line["indexes"])
            found[-1][2].extend(unhexed(line["nodes"]))
    return found


def chain_of(client: Any) -> EmbeddedChain:
    assert isinstance(client.chain, EmbeddedChain)
    return client.chain


def test_receipts_are_read_alike(world: World) -> None:
    blocks = [block for block in headers_and_receipts(lines_of(world.proof)) if block[1]]
    answers = look_up(
        [request(header.receipts_root, nodes, [key_of(i) for i in at]) for header, at, nodes in blocks]
    )
    with world.client() as client:
        for (header, indexes, _), values in zip(blocks, answers, strict=True):
            receipts = chain_of(client).receipt_rlps(header.number)
            assert values == [receipts[index].hex() for index in indexes]


def test_state_is_read_alike(world: World) -> None:
    lines = lines_of(world.proof)
    nodes = [node for line in lines if line["type"] == "state" for node in unhexed(line["nodes"])]
    header = headers_and_receipts(lines)[-1][0]
    assert header.number == lines[0]["block"]
    ledger = world.trusted.ledger
    ((account,),) = look_up([request(header.state_root, nodes, [keccak(ledger.address)])])
    assert account is not None
    _, _, storage_root, code_hash = rlp.decode(bytes.fromhex(account))
    assert code_hash == ledger.code_hash
    slots = [layout.state_slot(world.batch), layout.custodian_slot(world.batch)]
    (words,) = look_up([request(storage_root, nodes, [keccak(slot.to_bytes(32, "big")) for slot in slots])])
    with world.client() as client:
        state = chain_of(client).state
        expected = [state.storage(ledger.address, slot, header.number) for slot in slots]
    assert [int.from_bytes(rlp.decode(bytes.fromhex(word or "")), "big") for word in words] == expected
    assert all(expected)


def test_a_forged_node_is_refused_there_too(world: World) -> None:
    header, indexes, nodes = next(block for block in headers_and_receipts(lines_of(world.proof)) if block[1])
    forged = [nodes[0], *nodes[1:-1], nodes[-1][:-1] + bytes([nodes[-1][-1] ^ 1])]
    with pytest.raises(AssertionError, match=r"Missing node|Invalid|expected trie root"):
        look_up([request(header.receipts_root, forged, [key_of(index) for index in indexes])])
