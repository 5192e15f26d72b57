"""What administrators start nodes with on their hosts: a compose file and a systemd unit."""

from __future__ import annotations

from pathlib import Path

from traceledger.network.engine import START, Engine
from traceledger.network.files import write_text
from traceledger.network.manifest import Manifest

COMPOSE_FILE = "compose.yaml"
UNIT_FILE = "traceledger-node@.service"

_COMPOSE_HEAD = """\
# Nodes of the network {network}. On each host start its own: docker compose up -d validator-1
# Host networking: the ports are those of network.json, JSON-RPC on 127.0.0.1 only.
# TRACELEDGER_USER is the owner (uid:gid) of the nodes' folders, which hold keys that only they can read.
name: {network}
services:
"""
_COMPOSE_NODE = """\
  {node}:
    image: {image}
    network_mode: host
    user: "${{TRACELEDGER_USER:-1000:1000}}"
    working_dir: /network/{node}
    entrypoint: ["/bin/sh", "/network/{node}/{start}"]
    volumes:
      - ./genesis.json:/network/genesis.json:ro
      - ./{node}:/network/{node}
    restart: unless-stopped
    stop_grace_period: 2m
"""
_UNIT = """\
# A node of the network {network}. Copy the network's folder to /srv/traceledger/{network}, owned by the user
# "traceledger", and this file to /etc/systemd/system. Then, for the host of validator-1:
#   systemctl enable --now traceledger-node@validator-1
[Unit]
Description=Node %i of the network {network}
After=network-online.target
Wants=network-online.target

[Service]
User=traceledger
Environment={variable}=/usr/local/bin/{program}
WorkingDirectory=/srv/traceledger/{network}/%i
ExecStart=/srv/traceledger/{network}/%i/{start}
Restart=always
RestartSec=5
TimeoutStopSec=120
LimitNOFILE=65536
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=/srv/traceledger/{network}/%i

[Install]
WantedBy=multi-user.target
"""


def write_deployment(folder: Path, network: Manifest, engine: Engine) -> None:
    """Write ``compose.yaml`` and the systemd unit of all the network's nodes.

    Raises:
        NetworkError: they cannot be written.
    """
    services = [
        _COMPOSE_NODE.format(node=node.name, image=engine.image, start=START) for node in network.nodes
    ]
    write_text(folder / COMPOSE_FILE, _COMPOSE_HEAD.format(network=network.name) + "".join(services))
    unit = _UNIT.format(network=network.name, program=engine.program, variable=engine.variable, start=START)
    write_text(folder / UNIT_FILE, unit)
