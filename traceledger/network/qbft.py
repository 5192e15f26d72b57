"""Besu with QBFT: genesis, keys, configuration, in the format that Besu's documentation gives.

Sources: besu.hyperledger.org, "QBFT", "Free gas networks", "Use local permissioning", "Static nodes".
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from traceledger.chain.base import Consensus
from traceledger.chain.headers import BFT_MIX_HASH
from traceledger.model.hexadecimal import hexed, quantity
from traceledger.network.engine import DATA, START, Genesis, Keys, version_of
from traceledger.network.engine_names import EngineName
from traceledger.network.enode import Enode, public_key
from traceledger.network.files import write_json, write_program, write_secret, write_text
from traceledger.network.genesis import GenesisHeader
from traceledger.network.manifest import LOOPBACK, Manifest, Node

EPOCH = 30_000
"""Blocks after which pending votes are dropped (Besu's example)."""
REQUEST_TIMEOUT_FACTOR = 2
"""A round times out after so many block times, as Besu advises."""
KEY, PUBLIC_KEY = "key", "key.pub"
CONFIG, STATIC_NODES, PERMISSIONS = "config.toml", "static-nodes.json", "permissions_config.toml"
_VERSION = re.compile(r"besu/v?([0-9][^/\s]*)")

_CONFIG = """\
# A node of the network {network}. Written by traceledger: "network node add" writes it anew.
data-path = "{data}"
genesis-file = "../genesis.json"
node-private-key-file = "{key}"
sync-mode = "FULL"
# Every past state stays, so that proofs can be made of any block.
data-storage-format = "FOREST"
min-gas-price = 0

# As whom it is known to others, and where it listens.
p2p-host = "{host}"
p2p-interface = "{interface}"
p2p-port = {p2p_port}
nat-method = "NONE"
discovery-enabled = false
static-nodes-file = "{static_nodes}"

# JSON-RPC on this machine only. Whoever reaches it can vote with this validator and change its allowlists,
# so let a proxy that passes "eth", "net" and "web3" only stand before it.
rpc-http-enabled = true
rpc-http-host = "127.0.0.1"
rpc-http-port = {rpc_port}
rpc-http-api = ["ETH", "NET", "WEB3", "QBFT", "PERM", "ADMIN"]
host-allowlist = ["localhost", "127.0.0.1"]

permissions-nodes-config-file-enabled = true
permissions-nodes-config-file = "{permissions}"
permissions-accounts-config-file-enabled = {account_rules}
permissions-accounts-config-file = "{permissions}"
"""

_START = """\
#!/bin/sh
# Runs this node; "traceledger network up", systemd and compose all call it. BESU names another binary.
set -eu
cd "$(dirname "$0")"
# Besu puts its environment before its configuration, and its container image sets BESU_RPC_HTTP_HOST to
# 0.0.0.0: JSON-RPC, with votes and allowlists, would be open to everybody. JAVA_OPTS is for the memory.
for name in $(env | sed -n 's/^\\(BESU_[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
# Before all comes the command line.
exec "${{BESU:-besu}}" --config-file={config} --rpc-http-host={loopback} --rpc-http-port={rpc_port}
"""


def extra_data(validators: Sequence[bytes]) -> bytes:
    """The ``extraData`` of block 0: RLP of vanity, validators as given, no vote, round 0, no seals."""
    import rlp

    encoded: bytes = rlp.encode([bytes(32), list(validators), [], 0, []])
    return encoded


class BesuQbft:
    """Hyperledger Besu, with QBFT."""

    name: EngineName = "besu-qbft"
    consensus: Consensus = "qbft"
    account_rules = True
    program = "besu"
    variable = "BESU"
    image = "hyperledger/besu:25.4.1"
    files: tuple[str, ...] = (CONFIG, STATIC_NODES, PERMISSIONS)
    written: tuple[str, ...] = (PERMISSIONS,)

    def new_keys(self) -> Keys:
        """One key: a Besu validator signs blocks with the key that names its node."""
        from coincurve import PrivateKey

        secret = PrivateKey().secret
        return Keys(secret, secret)

    def genesis(
        self,
        chain_id: int,
        validators: Sequence[bytes],
        *,
        block_seconds: int,
        gas_limit: int,
        timestamp: int,
    ) -> Genesis:
        """London rules with a base fee of zero: enough for the paris EVM, and transactions cost nothing."""
        extra = extra_data(sorted(validators))
        document: dict[str, object] = {
            "config": {
                "chainId": chain_id,
                "berlinBlock": 0,
                "londonBlock": 0,
                "zeroBaseFee": True,
                "qbft": {
                    "blockperiodseconds": block_seconds,
                    "epochlength": EPOCH,
                    "requesttimeoutseconds": REQUEST_TIMEOUT_FACTOR * block_seconds,
                },
            },
            "nonce": "0x0",
            "timestamp": quantity(timestamp),
            "extraData": hexed(extra),
            "gasLimit": quantity(gas_limit),
            "difficulty": "0x1",
            # As Besu's documentation asks; readers tell blocks of QBFT by it.
            "mixHash": hexed(BFT_MIX_HASH),
            "coinbase": hexed(bytes(20)),
            "baseFeePerGas": "0x0",
            "alloc": {},
        }
        header = GenesisHeader(gas_limit, timestamp, extra, mix_hash=BFT_MIX_HASH, base_fee=0)
        return Genesis(document, header.hash())

    def write_keys(self, folder: Path, keys: Keys) -> None:
        """``key`` and ``key.pub``: 0x and hexadecimal digits, as Besu makes them."""
        write_secret(folder / KEY, hexed(keys.node))
        write_text(folder / PUBLIC_KEY, hexed(public_key(keys.node)))

    def holds_keys(self, folder: Path) -> bool:
        """Whether the node's key is here."""
        return (folder / KEY).is_file()

    def write_config(self, folder: Path, manifest: Manifest, node: Node, allowed: Sequence[Enode]) -> None:
        """``config.toml``, ``static-nodes.json``, ``permissions_config.toml`` and ``start``."""
        config = _CONFIG.format(
            network=manifest.name,
            data=DATA,
            key=KEY,
            host=node.host,
            interface=LOOPBACK if node.host == LOOPBACK else "0.0.0.0",  # noqa: S104  (permissioned peers only)
            p2p_port=node.p2p_port,
            rpc_port=node.rpc_port,
            static_nodes=STATIC_NODES,
            permissions=PERMISSIONS,
            account_rules=str(bool(manifest.accounts)).lower(),
        )
        urls = [enode.url for enode in allowed]
        others = [enode.url for enode in allowed if enode.node_id != node.node_id]
        accounts = [hexed(account) for account in manifest.accounts]
        write_text(folder / CONFIG, config)
        write_json(folder / STATIC_NODES, others)
        write_text(
            folder / PERMISSIONS,
            f"nodes-allowlist={json.dumps(urls)}\naccounts-allowlist={json.dumps(accounts)}\n",
        )
        start = _START.format(config=CONFIG, loopback=LOOPBACK, rpc_port=node.rpc_port)
        write_program(folder / START, start)

    def least(self, validators: int) -> int:
        """Two thirds, rounded up: so many must sign a block."""
        from traceledger.proofs.seals import quorum

        return quorum(validators)

    def check_binary(self, binary: Path) -> str:
        """Version of Besu.

        Raises:
            NetworkError: it does not run, or is not Besu.
        """
        hint = "install Besu and Java: besu.hyperledger.org"
        return version_of(binary, "--version", _VERSION, engine="Besu", seconds=60, hint=hint)[1]
