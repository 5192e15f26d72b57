"""geth with Clique (EIP-225): genesis, keys, configuration. geth 1.13 is the last release that seals it.

What keeps strangers out: ``DialRatio = 1`` keeps all of ``MaxPeers`` places for nodes that it dials, and
leaves none for callers, unless they are trusted: those are not counted. The trusted nodes are those of the
allowlist; they are also the only ones dialled, because discovery is off.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from traceledger.chain.base import Consensus
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import hexed, quantity
from traceledger.network.engine import DATA, START, Genesis, Keys, version_of
from traceledger.network.engine_names import EngineName
from traceledger.network.enode import Enode
from traceledger.network.files import write_program, write_secret, write_text
from traceledger.network.genesis import GenesisHeader, forks
from traceledger.network.manifest import LOOPBACK, Manifest, Node

EPOCH = 30_000
"""Blocks after which pending votes are dropped (EIP-225's value)."""
VANITY, SEAL = 32, 65
NODE_KEY, KEYSTORE, PASSWORD, CONFIG = "nodekey", "keystore", "password", "config.toml"
IPC = f"{DATA}/geth.ipc"
_FORKS = "homestead eip150 eip155 eip158 byzantium constantinople petersburg istanbul berlin".split()
_VERSION = re.compile(r"^Version:\s*(\d+)\.(\d+)\.(\S+)", re.MULTILINE)

_CONFIG = """\
# A node of the network {network}. Written by traceledger: "network node add" writes it anew.
[Eth]
NetworkId = {chain_id}
SyncMode = "full"
# Archive: every past state stays, so that proofs can be made of any block.
NoPruning = true
TransactionHistory = 0
RPCGasCap = {gas_limit}

[Eth.Miner]
Etherbase = "0x{address}"
GasCeil = {gas_limit}

[Eth.TxPool]
AccountSlots = 16384
GlobalSlots = 65536
AccountQueue = 16384
GlobalQueue = 65536

[Node]
DataDir = "{data}"
KeyStoreDir = "{keystore}"
IPCPath = "geth.ipc"
# JSON-RPC on this machine only. Whoever reaches it can vote with this validator ("clique"), so let a proxy
# that passes "eth", "net" and "web3" only stand before it. Administration is on the IPC socket alone.
HTTPHost = "127.0.0.1"
HTTPPort = {rpc_port}
HTTPModules = ["eth", "net", "web3", "clique"]
AuthPort = 0
InsecureUnlockAllowed = true

[Node.P2P]
# All places are for nodes that this one dials itself: a caller is let in only if it is trusted.
MaxPeers = {places}
DialRatio = 1
NoDiscovery = true
ListenAddr = "{listen}"
StaticNodes = {peers}
TrustedNodes = {peers}
"""

_START = """\
#!/bin/sh
# Runs this node; "traceledger network up", systemd and compose all call it. GETH names another binary.
set -eu
cd "$(dirname "$0")"
geth=${{GETH:-geth}}
[ -d {data}/geth/chaindata ] || "$geth" --verbosity 1 --datadir {data} init ../genesis.json
# geth takes no zero from its configuration: once it runs, it is told that transactions cost nothing.
(
    while kill -0 $$ 2>/dev/null; do
        "$geth" attach --exec 'miner.setGasPrice(0)' {ipc} >/dev/null 2>&1 && exit
        sleep 1
    done
) &
exec "$geth" --config {config} --nodekey {node_key} --nat {nat} --cache 256 \\
    --mine --unlock 0x{address} --password {password}
"""


def extra_data(signers: Sequence[bytes]) -> bytes:
    """The ``extraData`` of block 0: 32 zero bytes, the signers in ascending order, no seal (EIP-225)."""
    return bytes(VANITY) + b"".join(sorted(signers)) + bytes(SEAL)


class GethClique:
    """geth 1.13, sealing with Clique."""

    name: EngineName = "geth-clique"
    consensus: Consensus = "clique"
    account_rules = False
    program = "geth"
    variable = "GETH"
    image = "ethereum/client-go:v1.13.15"
    files: tuple[str, ...] = (CONFIG,)
    written: tuple[str, ...] = ()

    def new_keys(self) -> Keys:
        """Two keys: one names the node, one signs blocks."""
        return Keys(_random_key(), _random_key())

    def genesis(
        self,
        chain_id: int,
        validators: Sequence[bytes],
        *,
        block_seconds: int,
        gas_limit: int,
        timestamp: int,
    ) -> Genesis:
        """Berlin rules (no base fee, so a gas price of zero is a price), sealed by Clique."""
        extra = extra_data(validators)
        document: dict[str, object] = {
            "config": {
                "chainId": chain_id,
                **forks(*_FORKS),
                "clique": {"period": block_seconds, "epoch": EPOCH},
            },
            "timestamp": quantity(timestamp),
            "extraData": hexed(extra),
            "gasLimit": quantity(gas_limit),
            "difficulty": "0x1",
            "alloc": {},
        }
        return Genesis(document, GenesisHeader(gas_limit, timestamp, extra).hash())

    def write_keys(self, folder: Path, keys: Keys) -> None:
        """The node key in plain, as geth reads it; the account's in geth's encrypted format.

        The password is 32 random bytes, so that a slow key derivation would add nothing; it lies beside the
        file because geth must start without anybody typing.
        """
        from traceledger.signing.keystore import KeyStore

        password = secrets.token_hex(32)
        write_secret(folder / NODE_KEY, keys.node.hex())
        write_secret(folder / PASSWORD, f"{password}\n")
        # geth reads scrypt's parameters from the file.
        KeyStore(folder / KEYSTORE, light=True).add("account", keys.account, password)

    def holds_keys(self, folder: Path) -> bool:
        """Whether node key and password are here."""
        return (folder / NODE_KEY).is_file() and (folder / PASSWORD).is_file()

    def write_config(self, folder: Path, manifest: Manifest, node: Node, allowed: Sequence[Enode]) -> None:
        """``config.toml`` and ``start``."""
        peers = [enode.url for enode in allowed if enode.node_id != node.node_id]
        local = node.host == LOOPBACK
        names = {"data": DATA, "keystore": KEYSTORE, "address": node.address.hex()}
        config = _CONFIG.format(
            network=manifest.name,
            chain_id=manifest.chain_id,
            gas_limit=manifest.gas_limit,
            rpc_port=node.rpc_port,
            listen=f"{LOOPBACK if local else ''}:{node.p2p_port}",
            # Where there is no place at all, geth dials nobody, not even who is admitted later.
            places=max(1, len(peers)),
            peers=json.dumps(peers, indent=4),
            **names,
        )
        write_text(folder / CONFIG, config)
        write_program(
            folder / START,
            _START.format(
                ipc=IPC,
                config=CONFIG,
                node_key=NODE_KEY,
                password=PASSWORD,
                nat="none" if local else f"extip:{node.host}",
                **names,
            ),
        )

    def least(self, validators: int) -> int:
        """More than half: nobody signs twice in a row of so many (EIP-225)."""
        return validators // 2 + 1

    def check_binary(self, binary: Path) -> str:
        """Version of a geth that seals Clique.

        Raises:
            NetworkError: it does not run, or is not geth 1.13.
        """
        hint = "install geth 1.13.15, and say where it is with --binary PATH: geth.ethereum.org/downloads"
        # geth 1.14 removed sealing by Clique, and only follows such chains.
        found = version_of(binary, "version", _VERSION, engine="geth", seconds=30, hint=hint)
        version = ".".join(found.groups()).partition("-")[0]
        if (int(found[1]), int(found[2])) != (1, 13):
            raise NetworkError(f"is geth {version}, but only geth 1.13 seals Clique", where=binary, hint=hint)
        return version


def _random_key() -> bytes:
    from coincurve import PrivateKey

    return PrivateKey().secret
