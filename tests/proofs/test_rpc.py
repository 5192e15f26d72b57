"""Proof files made over JSON-RPC: the same history, and final by a pinned block where seals say nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.proofs.conftest import BATCH, World
from tests.proofs.support import about, check, file_of, lines_of
from traceledger.chain.embedded import EmbeddedChain
from traceledger.chain.node import NodeServer
from traceledger.client.client import Client, connect
from traceledger.errors import InputError, VerificationError
from traceledger.proofs.trust import loads


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[Client]:
    """A client of the world's chain, which reaches it through a node only."""
    with world.client() as owner:
        contracts = owner.network.deployed()
        chain_file = owner.network.chain_file
    with EmbeddedChain.open(chain_file) as chain:
        node = NodeServer(chain)
        thread = threading.Thread(target=node.serve_forever)
        thread.start()
        lines = [
            'default = "far"',
            "[networks.far]",
            f'kind = "rpc"\nurl = "{node.url}"\npath = "far"\nchain_id = {chain.chain_id}',
            "[networks.far.contracts]",
        ]
        for field in fields(contracts):
            lines.append(f'{field.name} = "0x{getattr(contracts, field.name).hex()}"')
        (tmp_path / "networks.toml").write_text("\n".join(lines))
        try:
            with connect(config=tmp_path / "networks.toml") as far:
                yield far
        finally:
            node.stop()
            thread.join()
            node.close()


def test_over_json_rpc_the_proof_is_the_same(world: World, client: Client, tmp_path: Path) -> None:
    client.export_proof(BATCH, tmp_path / "p", linked=False)
    assert lines_of(tmp_path / "p") == lines_of(world.proof)


def test_a_pinned_block_proves_its_ancestors(world: World, client: Client, tmp_path: Path) -> None:
    exported = client.export_proof(BATCH, tmp_path / "p")
    with pytest.raises(InputError, match="nobody's seal makes blocks of network 'far' final"):
        client.trust_root()
    trusted = loads(client.trust_root(pinned=[exported.block]).dumps())
    assert trusted.sealing == "none"
    verified = about(tmp_path / "p", trusted)
    counts = verified.finality
    assert (counts.sealed, counts.pinned, counts.linked) == (0, 1, counts.blocks - 1)
    assert verified.trace == about(world.proof, world.trusted).trace
    assert "pins a block" in " ".join(verified.trust)

    lines = lines_of(tmp_path / "p")
    headers = [place for place, line in enumerate(lines) if line["type"] == "header"]
    unused = next(place for place in headers if lines[place + 1]["type"] == "header")
    with pytest.raises(VerificationError, match="is not final"):
        check(file_of([*lines[:unused], *lines[unused + 1 :]]), trusted)
    wrong = replace(trusted, pinned=(replace(trusted.pinned[0], hash=bytes(32)),))
    with pytest.raises(VerificationError, match="is not the one that the trust root pins"):
        about(tmp_path / "p", wrong)
    early = client.trust_root(pinned=[exported.block - 1])
    with pytest.raises(VerificationError, match=f"block {exported.block} is not final"):
        about(tmp_path / "p", early)
