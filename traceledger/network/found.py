"""Found a network: keys, block 0, configuration of every node, files for administrators.

Everything is made in a folder beside the one asked for, and moved there when it is complete.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from traceledger.errors import InputError, NetworkError
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import hexed
from traceledger.network import allowlist, manifest, ports
from traceledger.network.deployment import write_deployment
from traceledger.network.engine import Engine, Keys
from traceledger.network.engine_names import EngineName
from traceledger.network.engines import engine_named
from traceledger.network.enode import address_of, public_key
from traceledger.network.files import write_json, write_text
from traceledger.network.manifest import LOOPBACK, Manifest, Node
from traceledger.storage.files import drafting_folder, make_folder

GENESIS_FILE = "genesis.json"
NETWORKS_FILE = "networks.toml"
DEFAULT_GAS_LIMIT = 100_000_000
MOST_VALIDATORS = 64


@dataclass(frozen=True, slots=True)
class Founding:
    """What a network is to be.

    ``hosts`` are IP addresses of the validators' machines, one each; none: all on this machine. On this
    machine ports are counted up from ``base_port``, or free ones are taken; on others they are the usual
    ones. ``accounts`` (20-byte addresses) are those whose transactions the engine takes, if it has such a
    rule; none: all. ``timestamp`` is block 0's time, UTC seconds.
    """

    name: str
    engine: EngineName
    validators: int
    chain_id: int
    hosts: tuple[str, ...] = ()
    base_port: int | None = None
    block_seconds: int = 1
    gas_limit: int = DEFAULT_GAS_LIMIT
    accounts: tuple[bytes, ...] = ()
    timestamp: int = field(default_factory=lambda: int(time.time()))


def found(folder: Path, founding: Founding) -> Manifest:
    """Write all that a new network needs into ``folder``.

    Raises:
        InputError: the folder is not empty, or what is asked does not fit together.
        NetworkError: the files cannot be written.
    """
    _check(folder, founding)
    with drafting_folder(folder, error=NetworkError) as draft:
        return _write(draft, founding)


def _check(folder: Path, founding: Founding) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("exists already and is not empty", where=folder, hint="choose another folder")
    if founding.hosts and len(founding.hosts) != founding.validators:
        raise InputError(
            f"hosts given: {len(founding.hosts)}, for {counted(founding.validators, 'validator')}",
            hint="give one --host for each validator, in their order",
        )
    last = (founding.base_port or 0) + ports.RPC_OFFSET + founding.validators
    if last > 65535 or founding.validators > MOST_VALIDATORS:
        raise InputError("there are not that many ports", hint="choose a lower --base-port")


def _write(folder: Path, founding: Founding) -> Manifest:
    engine = engine_named(founding.engine)
    keys = [engine.new_keys() for _ in range(founding.validators)]
    nodes = _nodes(founding, keys)
    genesis = engine.genesis(
        founding.chain_id,
        [node.address for node in nodes],
        block_seconds=founding.block_seconds,
        gas_limit=founding.gas_limit,
        timestamp=founding.timestamp,
    )
    made = Manifest(
        name=founding.name,
        engine=founding.engine,
        chain_id=founding.chain_id,
        block_seconds=founding.block_seconds,
        gas_limit=founding.gas_limit,
        genesis_hash=genesis.hash,
        accounts=founding.accounts,
        nodes=nodes,
    )
    write_json(folder / GENESIS_FILE, genesis.document)
    manifest.write(folder, made)
    allowlist.write_nodes(folder, [node.enode for node in nodes])
    allowlist.write_accounts(folder, founding.accounts)
    write_text(folder / NETWORKS_FILE, networks_toml(made, engine))
    for node, key in zip(nodes, keys, strict=True):
        write_node(folder, made, node, key)
    write_deployment(folder, made, engine)
    return made


def write_node(folder: Path, network: Manifest, node: Node, keys: Keys) -> None:
    """Write a new node's folder: keys, configuration, start program."""
    engine = engine_named(network.engine)
    place = folder / node.name
    make_folder(place, mode=0o700, error=NetworkError)
    engine.write_keys(place, keys)
    engine.write_config(place, network, node, allowlist.read_nodes(folder))


def new_node(name: str, keys: Keys, host: str, port_pair: ports.Ports) -> Node:
    """What others must know of a node with these keys."""
    return Node(
        name=name,
        address=address_of(public_key(keys.account)),
        node_id=public_key(keys.node),
        host=host,
        p2p_port=port_pair[0],
        rpc_port=port_pair[1],
    )


def _nodes(founding: Founding, keys: Sequence[Keys]) -> tuple[Node, ...]:
    hosts = founding.hosts or (LOOPBACK,) * founding.validators
    local = all(host == LOOPBACK for host in hosts)
    if founding.base_port is not None:
        pairs = ports.ports_from(founding.base_port, founding.validators)
    elif local:
        pairs = ports.free_ports(founding.validators)
    else:
        pairs = [(ports.P2P_PORT, ports.RPC_PORT)] * founding.validators
    return tuple(
        new_node(f"validator-{place}", key, host, pair)
        for place, (key, host, pair) in enumerate(zip(keys, hosts, pairs, strict=True), 1)
    )


def networks_toml(network: Manifest, engine: Engine) -> str:
    """A networks.toml with the network, to be used as it is or copied from."""
    urls = ",\n".join(f'    "{node.url}"' for node in network.nodes)
    known = "" if network.genesis_hash is None else f'genesis_hash = "{hexed(network.genesis_hash)}"\n'
    return f"""\
# The network {network.name}, for whoever uses it. Its index and keys are kept in "path", beside this file.
default = "{network.name}"

[networks.{network.name}]
kind = "rpc"
urls = [
{urls},
]
path = ".traceledger/{network.name}"
chain_id = {network.chain_id}
{known}consensus = "{engine.consensus}"
gas_price = 0
"""
