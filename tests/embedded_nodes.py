"""The embedded chain behind its own JSON-RPC node."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rpc_networks import CHAIN_ID
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.chain.node import NodeServer


@contextmanager
def embedded_node(path: Path) -> Iterator[str]:
    """A node over a new embedded chain; its URL."""
    sealer = key_sealer(b"\x11" * 32)
    with EmbeddedChain.create(
        path, chain_id=CHAIN_ID, authority=sealer.address, timestamp=1_767_225_600, sealer=sealer
    ) as chain:
        server = NodeServer(chain)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.url
        finally:
            server.stop()
            thread.join()
            server.close()
